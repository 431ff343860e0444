"""Spans: stretches of a text."""

from __future__ import annotations

import json as jsonlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from ..errors import LabelError
from .region import Region, whole

LONGEST_TEXT = 10_000_000
"""Code points of a text; no offset lies beyond."""

MOST_PARTS = 1000
"""Parts of one span."""

Part = tuple[int, int]


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Span(Region):
    """A stretch of a text, or several stretches that are one thing.

    Parameters
    ----------
    start, end : int
        Unicode code points of the text as given, half open: `text[start:end]` is the span. Of a span with parts
        their hull.
    text : str
        The text from start to end; filled and checked by a session, which knows the whole text.
    parts : sequence of (int, int)
        Stretches of a discontinuous span, in order and apart; () of a span in one piece. Parts that touch become one.
    link : str or None
        Id of the knowledge entry that is meant.

    Raises
    ------
    LabelError
        For offsets that are not whole numbers, a span without characters, parts that overlap or do not reach from
        start to end, or a score outside 0..1.
    """

    kind: ClassVar[str] = "span"
    dtypes: ClassVar[Mapping[str, str]] = {
        "start": "Int64",
        "end": "Int64",
        "text": "string",
        "parts": "string",
        "link": "string",
    }

    start: int = 0
    end: int = 0
    text: str = ""
    parts: tuple[Part, ...] = ()
    link: str | None = None

    def __init__(
        self,
        start: int,
        end: int,
        *,
        label: str | None = None,
        text: str = "",
        parts: Iterable[Iterable[int]] = (),
        link: str | None = None,
        id: str | None = None,
        score: float | None = None,
        attributes: Mapping[str, Any] | None = None,
    ) -> None:
        self._put("start", whole("start", start, 0, LONGEST_TEXT))
        self._put("end", whole("end", end, 0, LONGEST_TEXT))
        if self.start >= self.end:
            raise LabelError.refused("end", self.end, f"an end after the start at {self.start:,}")
        if not isinstance(text, str):
            raise LabelError.refused("text", text, "the span's text")
        if link is not None and not isinstance(link, str):
            raise LabelError.refused("link", link, "the id of an entry as text, or None")
        self._put("text", text)
        self._put("parts", _parts(parts, self.start, self.end))
        self._put("link", link)
        self._put_shared(label, id, score, attributes)

    def __repr__(self) -> str:
        """Return the call that makes the span, without what it leaves at its default."""
        own = {"text": self.text, "parts": self.parts, "link": self.link}
        said = [f"{name}={value!r}" for name, value in own.items() if value]
        return f"Span({', '.join([str(self.start), str(self.end), *self._told(), *said])})"

    def stretches(self) -> tuple[Part, ...]:
        """Return its parts, of a span in one piece the whole."""
        return self.parts or ((self.start, self.end),)

    def to_json(self) -> dict[str, Any]:
        """Return the span as `SpanJson` of the wire."""
        own = {"start": self.start, "end": self.end, "text": self.text, "link": self.link}
        return self.said() | own | {"parts": [list(part) for part in self.parts]}

    @classmethod
    def from_json(cls, json: Any) -> Self:
        """Read a `SpanJson`; all but `start` and `end` may be absent.

        Raises
        ------
        LabelError
            For missing or unknown keys, besides what a span refuses at birth.
        """
        cls.check_keys(json, "a span", ("start", "end"), ("text", "parts", "link"))
        return cls(**json)

    @classmethod
    def tidy(cls, json: Mapping[str, Any]) -> dict[str, Any]:
        """Return the shape's own cells of `regions()`; parts as JSON text, None when there is one piece."""
        said = {name: json.get(name) for name in cls.dtypes}
        return said | {"parts": _written(json.get("parts"))}


def _parts(given: object, start: int, end: int) -> tuple[Part, ...]:
    """Return parts in order, those that touch made one; () when that leaves one piece."""
    if isinstance(given, (str, Mapping)) or not isinstance(given, Iterable):
        raise LabelError.refused("parts", given, "a list of [start, end]")
    made = sorted(_part(part) for part in given)
    if len(made) > MOST_PARTS:
        raise LabelError.refused("parts", made, f"at most {MOST_PARTS:,} parts")
    joined: list[Part] = []
    for first, last in made:
        if joined and first < joined[-1][1]:
            raise LabelError.refused("parts", [first, last], f"parts apart; one reaches to {joined[-1][1]:,}")
        joined[-1:] = (
            [(joined[-1][0], last)] if joined and first == joined[-1][1] else [*joined[-1:], (first, last)]
        )
    if joined and (joined[0][0], joined[-1][1]) != (start, end):
        found = f"{joined[0][0]:,} to {joined[-1][1]:,}"
        raise LabelError(
            f"expected parts from start {start:,} to end {end:,}, found {found}. Give their hull as start and end.",
            field="parts",
            found=found,
            expected=f"{start:,} to {end:,}",
        )
    return tuple(joined) if len(joined) > 1 else ()


def _part(given: object) -> Part:
    if isinstance(given, (str, Mapping)) or not isinstance(given, Iterable):
        raise LabelError.refused("parts", given, "[start, end]")
    ends = tuple(given)
    if len(ends) != 2:  # noqa: PLR2004 - start and end
        raise LabelError.refused("parts", ends, "[start, end]")
    first = whole("parts", ends[0], 0, LONGEST_TEXT)
    return first, whole("parts", ends[1], first + 1, LONGEST_TEXT)


def _written(parts: Any) -> str | None:
    return jsonlib.dumps(parts) if parts else None
