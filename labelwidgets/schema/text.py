"""Text: words typed by a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from .checks import checked_count, checked_flag, checked_source, checked_text
from .field import Field, register

if TYPE_CHECKING:
    from ..labels import Extent

LONGEST_TEXT = 1_000_000


@register
@dataclass(frozen=True, init=False)
class Text(Field):
    """Words typed by a person; values are str, kept as typed. Blank text says nothing.

    Parameters
    ----------
    multiline : bool
        Whether it may have several lines.
    max_length : int
        Longest text in Unicode code points, up to 1,000,000.
    begin : str, optional
        Column of the data with the text that the answer starts from, to be corrected. `frame()` then says in a column
        `<name>_edits` how many code points were inserted, deleted or replaced.
    """

    kind: ClassVar[str] = "text"

    multiline: bool
    max_length: int
    begin: str | None

    def __init__(
        self,
        name: str,
        *,
        multiline: bool = False,
        max_length: int = 10_000,
        begin: str | None = None,
        required: bool = True,
        title: str = "",
        help: str = "",
    ) -> None:
        super().__init__(name, title=title, help=help, required=required)
        self._put(multiline=checked_flag(multiline, f"multiline of field {name!r}"))
        self._put(max_length=checked_count(max_length, f"max_length of field {name!r}", 1, LONGEST_TEXT))
        self._put(begin=checked_source(begin, f"begin of field {name!r}"))

    @property
    def sources(self) -> tuple[str, ...]:
        """The column that the answer starts from."""
        return () if self.begin is None else (self.begin,)

    def remedy(self) -> str:
        """Say how to answer."""
        return f"Give {'text' if self.multiline else 'a line of text'} of at most {self.max_length:,} characters."

    def _check(self, value: object, extent: Extent) -> str | None:
        del extent
        text = checked_text(value, self.name, self.max_length, lines=self.multiline)
        return text if text.strip() else None


def edits(before: str, after: str) -> int:
    """Return how many code points must be inserted, deleted or replaced to make one text of another.

    The bit-parallel way of Myers (J. ACM 46, 1999) as Hyyroe put it: whole rows of the table at once, as bits of Python's
    integers.
    """
    if not before or not after:
        return len(before) + len(after)
    match: dict[str, int] = {}
    for place, char in enumerate(before):
        match[char] = match.get(char, 0) | 1 << place
    every = (1 << len(before)) - 1
    last = 1 << len(before) - 1
    up, down, distance = every, 0, len(before)
    for char in after:
        same = match.get(char, 0)
        across = ((same & up) + up ^ up) | same | down
        more, less = down | ~(across | up) & every, up & across
        distance += bool(more & last) - bool(less & last)
        more, less = more << 1 | 1, less << 1
        up, down = (less | ~((same | down) | more)) & every, more & (same | down) & every
    return distance
