"""Boxes: rectangles in an image, upright or turned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from .. import geometry
from ..errors import LabelError
from ..labels import Box, Region
from .checks import checked_flag, checked_number
from .field import Field, register
from .regions import RegionField

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..labels import Extent
    from .label import Label

TOLERANCE = 0.01
"""Pixels by which a corner may lie outside the image: more than rounding in a page costs, less than anybody sees."""


@register
@dataclass(frozen=True, init=False)
class Boxes(RegionField):
    """Boxes in an image; an empty list says that there is nothing.

    Values are lists of `Box`, each with an id of its own; in JSON lists of `BoxJson`.

    Parameters
    ----------
    labels : sequence of str or Label
        What a box can be; [] where boxes have no label.
    attributes : sequence of Field
        What else to say of each box: fields about it, none with regions.
    rotatable : bool
        Whether boxes may be turned.
    min_count, max_count : int, int or None
        How many boxes an answer has.
    min_size : float
        Shortest side in pixels.
    """

    kind: ClassVar[str] = "boxes"
    region_type: ClassVar[type[Region]] = Box

    rotatable: bool
    min_size: float

    def __init__(
        self,
        name: str,
        labels: Sequence[str | Label],
        *,
        attributes: Sequence[Field] = (),
        rotatable: bool = True,
        min_count: int = 0,
        max_count: int | None = None,
        min_size: float = 1.0,
        required: bool = True,
        title: str = "",
        help: str = "",
    ) -> None:
        super().__init__(
            name,
            labels,
            attributes=attributes,
            min_count=min_count,
            max_count=max_count,
            required=required,
            title=title,
            help=help,
        )
        self._put(rotatable=checked_flag(rotatable, f"rotatable of field {name!r}"))
        self._put(min_size=checked_number(min_size, f"min_size of field {name!r}", above=0))

    def check_region(self, region: Box) -> None:
        """Refuse a box that is too small, or turned where boxes may not be."""
        if min(region.width, region.height) < self.min_size:
            expected, found = (
                f"sides of at least {self.min_size:g} px",
                f"{region.width:.6g} x {region.height:.6g}",
            )
            raise LabelError(
                f"expected {expected}, found {found}. Draw the box larger or remove it.",
                field="size",
                found=found,
                expected=expected,
            )
        if region.angle and not self.rotatable:
            raise LabelError.refused("angle", region.angle, "0, since boxes of this field can't be turned")

    def check_geometry(self, regions: Sequence[Box], extent: Extent) -> None:
        """Refuse boxes with a corner outside the image."""
        if extent.width is None or extent.height is None or not regions:
            return
        around = geometry.bounds([list(box.row().values()) for box in regions])
        for axis, side, size in ((0, "width", extent.width), (1, "height", extent.height)):
            low, high = around[:, axis], around[:, axis] + around[:, axis + 2]
            outside = (low < -TOLERANCE) | (high > size + TOLERANCE)
            if outside.any():
                place = int(outside.argmax())
                found, expected = (
                    f"{low[place]:.6g} to {high[place]:.6g}",
                    f"within 0 to {size} (the image's {side})",
                )
                raise LabelError(
                    f"expected {expected}, found {found}. Move the box into the image or make it smaller.",
                    field=f"{self.name}[{place}].{'xy'[axis]}",
                    found=found,
                    expected=expected,
                )
