"""Boxes: rectangles in an image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from .. import geometry
from ..errors import LabelError
from .region import LARGEST, Region, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray


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
    dtypes: ClassVar[Mapping[str, str]] = dict.fromkeys(columns, "float64")

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
        self._put_shared(label, id, score, attributes)

    def __repr__(self) -> str:
        """Return the call that makes the box, without what it leaves at its default."""
        numbers = [f"{getattr(self, name):.12g}" for name in self.columns if name != "angle" or self.angle]
        return f"Box({', '.join(numbers + self._told())})"

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
        cls.check_keys(json, "a box", cls.columns[:4], cls.columns[4:])
        return cls(**json)
