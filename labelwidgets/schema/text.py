"""Text: words typed by a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from .checks import checked_count, checked_flag, checked_text
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
    """

    kind: ClassVar[str] = "text"

    multiline: bool
    max_length: int

    def __init__(
        self,
        name: str,
        *,
        multiline: bool = False,
        max_length: int = 10_000,
        required: bool = True,
        title: str = "",
        help: str = "",
    ) -> None:
        super().__init__(name, title=title, help=help, required=required)
        self._put(multiline=checked_flag(multiline, f"multiline of field {name!r}"))
        self._put(max_length=checked_count(max_length, f"max_length of field {name!r}", 1, LONGEST_TEXT))

    def remedy(self) -> str:
        """Say how to answer."""
        return f"Give {'text' if self.multiline else 'a line of text'} of at most {self.max_length:,} characters."

    def _check(self, value: object, extent: Extent) -> str | None:
        del extent
        text = checked_text(value, self.name, self.max_length, lines=self.multiline)
        return text if text.strip() else None
