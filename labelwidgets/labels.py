"""The value types: what can be said to lie in an item, as frozen objects that are valid from birth."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, ClassVar, Self

from . import geometry
from .errors import LabelError, did_you_mean

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LARGEST = 1e9
"""Coordinates beyond this are refused: float32 on the screen would have lost the pixel long before."""

LONGEST_ID = 200
"""Characters of a region's id."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Region(ABC):
    """One thing found in an item.

    Attributes
    ----------
    label : str or None
        Name of a label of its field; None where the field has no labels.
    id : str or None
        Unique in its answer; a field's `check` gives one to regions that have none.
    score : float or None
        How sure the model is that made it, in 0..1; None when a person made it.
    attributes : dict
        Attribute name to value.
    """

    kind: ClassVar[str]
    columns: ClassVar[tuple[str, ...]]
    """Columns of `regions()` that are the shape's own."""

    label: str | None = None
    id: str | None = None
    score: float | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        """Refuse what no region may be."""
        _text("label", self.label)
        _text("id", self.id)
        if self.id is not None and not (0 < len(self.id) <= LONGEST_ID and self.id.isprintable()):
            raise LabelError.refused(
                "id", self.id, f"1 to {LONGEST_ID} printable characters", "Leave it out to have one made."
            )
        if self.score is not None:
            self._put("score", number("score", self.score, 0.0, 1.0))
        if not isinstance(self.attributes, Mapping):
            raise LabelError.refused("attributes", self.attributes, "a dict of attribute names to values")
        self._put("attributes", dict(self.attributes))

    def _put(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    @classmethod
    @abstractmethod
    def from_json(cls, json: Any) -> Self:
        """Read a `RegionJson` of the wire; LabelError when it is none."""

    @abstractmethod
    def to_json(self) -> dict[str, Any]:
        """Return the region as `RegionJson` of the wire."""

    def said(self) -> dict[str, Any]:
        """Return the part of the JSON that all regions share."""
        return {"id": self.id, "label": self.label, "score": self.score, "attributes": dict(self.attributes)}


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Box(Region):
    """A rectangle in an image, upright or turned about its centre.

    Parameters
    ----------
    x, y : float
        Top left corner before rotation, in pixels; the first pixel covers [0, 1) x [0, 1).
    width, height : float
        Sides in pixels, larger than 0.
    angle : float
        Degrees clockwise about the centre, kept in [0, 360).

    Raises
    ------
    LabelError
        For a number that is not finite, a side that is not positive, or a score outside 0..1.
    """

    kind: ClassVar[str] = "box"
    columns: ClassVar[tuple[str, ...]] = ("x", "y", "width", "height", "angle")

    x: float = 0.0
    y: float = 0.0
    width: float = 0.0
    height: float = 0.0
    angle: float = 0.0

    def __init__(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        angle: float = 0.0,
        *,
        label: str | None = None,
        id: str | None = None,
        score: float | None = None,
        attributes: Mapping[str, Any] | None = None,
    ) -> None:
        for name, value in zip(self.columns, (x, y, width, height, angle), strict=True):
            self._put(name, number(name, value, -LARGEST, LARGEST))
        for name in ("width", "height"):
            if getattr(self, name) <= 0:
                raise LabelError.refused(name, getattr(self, name), "a side longer than 0 px")
        self._put("angle", self.angle % 360.0 % 360.0)  # -1e-20 % 360 is 360.0
        self._put("label", label)
        self._put("id", id)
        self._put("score", score)
        self._put("attributes", {} if attributes is None else attributes)
        Region.__post_init__(self)

    def __repr__(self) -> str:
        """Return the call that makes the box, without what it leaves at its default."""
        numbers = [f"{getattr(self, name):.12g}" for name in self.columns if name != "angle" or self.angle]
        said = [f"{name}={value!r}" for name, value in self.said().items() if value not in (None, {})]
        return f"Box({', '.join(numbers + said)})"

    def corners(self) -> NDArray[np.float64]:
        """Corners clockwise from the top left one before rotation, (4, 2), pixels."""
        around: NDArray[np.float64] = geometry.corners(
            [[self.x, self.y, self.width, self.height, self.angle]]
        )[0]
        return around

    def row(self) -> dict[str, float]:
        """Return the tidy columns of `regions()` that are a box's own."""
        return {name: getattr(self, name) for name in self.columns}

    def to_json(self) -> dict[str, Any]:
        """Return the box as `BoxJson` of the wire."""
        return self.said() | self.row()

    @classmethod
    def from_json(cls, json: Any) -> Self:
        """Read a `BoxJson`; `angle`, `label`, `id`, `score` and `attributes` may be absent.

        Raises
        ------
        LabelError
            For missing or unknown keys, besides what a box refuses at birth.
        """
        if not isinstance(json, Mapping):
            raise LabelError.refused(
                "", json, "a box as a dict", "Give a Box or {x, y, width, height, label}."
            )
        known = (*cls.columns, "label", "id", "score", "attributes")
        for key in json:
            if key not in known:
                raise LabelError.refused("", key, f"the keys {', '.join(known)}", did_you_mean(key, known))
        missing = [key for key in known[:4] if key not in json]
        if missing:
            expected = "x, y, width and height"
            raise LabelError(
                f"a box needs {expected}; {' and '.join(missing)} missing",
                found=dict(json),
                expected=expected,
            )
        return cls(**json)


def number(name: str, value: object, low: float, high: float) -> float:
    """Return a finite number in [low, high] as float; bool and text are none."""
    if isinstance(value, bool) or not isinstance(value, (Real, Integral)):
        raise LabelError.refused(name, value, "a number")
    expected = f"a finite number from {low:,.12g} to {high:,.12g}"
    try:
        result = float(value)
    except OverflowError:
        raise LabelError.refused(name, value, expected) from None
    if not isfinite(result) or not low <= result <= high:
        raise LabelError.refused(name, value, expected)
    return result


def _text(name: str, value: object) -> None:
    if value is not None and not isinstance(value, str):
        raise LabelError.refused(name, value, "text or None")
