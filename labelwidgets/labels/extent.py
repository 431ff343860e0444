"""How large an item is, and what of it a check may look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Extent:
    """How large an item is; what is None is not known or makes no sense for it.

    Attributes
    ----------
    width, height : int or None
        Pixels of the upright image (EXIF orientation applied).
    length : int or None
        Unicode code points of a text.
    duration : float or None
        Seconds.
    """

    width: int | None = None
    height: int | None = None
    length: int | None = None
    duration: float | None = None

    def to_json(self) -> dict[str, Any]:
        """Return what is known as JSON."""
        pairs = {"width": self.width, "height": self.height, "length": self.length, "duration": self.duration}
        return {name: value for name, value in pairs.items() if value is not None}

    @classmethod
    def from_json(cls, json: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        return cls(json.get("width"), json.get("height"), json.get("length"), json.get("duration"))


@dataclass(frozen=True, slots=True)
class Item(Extent):
    """An item as a check sees it: its extent, and what answers refer to.

    Attributes
    ----------
    text : str or None
        The text that offsets count in, exactly as given.
    turns : tuple of (int, int)
        Where each turn of a dialogue lies in the text, code points, half open.
    speakers : tuple of str
        Who speaks in each turn; () when that is not known.
    data : dict
        The row's columns.
    """

    text: str | None = None
    turns: tuple[tuple[int, int], ...] = ()
    speakers: tuple[str, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @classmethod
    def of(cls, extent: Extent) -> Item:
        """Return what is known of an item as an Item."""
        if isinstance(extent, Item):
            return extent
        return Item(extent.width, extent.height, extent.length, extent.duration)
