"""What labelers read before they start: Markdown made safe, examples, and how long reading takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

Json = Any


@dataclass(frozen=True, slots=True)
class Example:
    """An item with its right answer, shown read-only in the instructions.

    Attributes
    ----------
    data : dict
        Columns of the item, as a task's data.
    values : dict
        Field name to value, in JSON form.
    caption : str
        What is to be learned from it.
    """

    data: Mapping[str, Json]
    values: Mapping[str, Json]
    caption: str = ""

    def to_json(self) -> dict[str, Json]:
        """Return everything `from_json` needs."""
        return {"data": dict(self.data), "values": dict(self.values), "caption": self.caption}


@dataclass(frozen=True, slots=True)
class Instructions:
    """Markdown for the labelers, with examples.

    Attributes
    ----------
    text : str
        Markdown.
    examples : sequence of Example
        Items with their right answers.
    """

    text: str = ""
    examples: Sequence[Example] = ()

    def to_json(self) -> dict[str, Json]:
        """Return everything `from_json` needs."""
        return {"text": self.text, "examples": [example.to_json() for example in self.examples]}

    @classmethod
    def from_json(cls, json: Mapping[str, Json]) -> Self:
        """Read what `to_json` wrote."""
        return cls(json.get("text", ""), tuple(Example(**item) for item in json.get("examples", ())))
