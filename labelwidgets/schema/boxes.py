"""Boxes: rectangles in an image, each with a label and attributes."""

from __future__ import annotations

import json as jsonlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import uuid4

from ..errors import LabelError, SchemaError, did_you_mean, listed
from ..labels import Box
from .field import Field, Json, register
from .label import Label, as_labels
from .looks import colored
from .names import checked_flag

if TYPE_CHECKING:
    from ..labels import Extent

TOLERANCE = 0.01
"""Pixels by which a corner may lie outside the image: what rounding in a page costs."""
MOST = 100_000
"""Regions in one answer; more is not the work of a person."""


@register
@dataclass(frozen=True, init=False)
class Boxes(Field):
    """Boxes in an image; an empty list says that there is nothing.

    Values are lists of `Box`; in JSON lists of `BoxJson`.

    Parameters
    ----------
    labels : list of str or Label
        What a box can be; [] where boxes have no label.
    attributes : sequence of Field
        What else to say of each box: fields without regions.
    rotatable : bool
        Whether boxes may be turned.
    min_count, max_count : int, int or None
        How many boxes an answer has.
    min_size : float
        Shortest side in pixels.
    """

    kind: ClassVar[str] = "boxes"
    regions: ClassVar[bool] = True

    labels: tuple[Label, ...]
    attributes: tuple[Field, ...]
    rotatable: bool
    min_count: int
    max_count: int | None
    min_size: float

    def __init__(  # noqa: PLR0913
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
        super().__init__(name, title=title, help=help, required=required)
        self._put(labels=as_labels(labels, f"field {name!r}"), attributes=tuple(attributes))
        self._put(rotatable=checked_flag(rotatable, f"rotatable of {name!r}"))
        self._put(min_count=min_count, max_count=max_count, min_size=float(min_size))

    @property
    def labelled(self) -> tuple[Label, ...]:
        """The labels."""
        return self.labels

    def remedy(self) -> str:
        """Say how to answer."""
        return "Give a list of boxes, [] when there is nothing."

    def _check(self, value: object, extent: Extent) -> list[Box]:
        if not isinstance(value, (list, tuple)):
            raise LabelError.refused(self.name, value, "a list of boxes", self.remedy())
        self._counted(value)
        boxes = [self._box(item, extent, f"{self.name}[{index}]") for index, item in enumerate(value)]
        ids = {box.id for box in boxes}
        if len(ids) < len(boxes):
            raise LabelError.refused(self.name, value, "boxes with an id each of their own", "Leave ids out to have them made.")
        return boxes

    def _counted(self, value: Sequence[object]) -> None:
        most = MOST if self.max_count is None else self.max_count
        if not self.min_count <= len(value) <= most:
            raise LabelError.refused(self.name, value, f"{self.min_count} to {most} boxes", "Add or remove boxes.")

    def _box(self, value: object, extent: Extent, place: str) -> Box:
        try:
            box = value if isinstance(value, Box) else Box.from_json(value)  # type: ignore[arg-type]
            self._labelled(box)
            self._sized(box)
            self._inside(box, extent)
            attributes = self._said(box.attributes, extent)
        except LabelError as error:
            raise error.within(place) from None
        return replace_box(box, attributes)

    def _labelled(self, box: Box) -> None:
        names = [label.name for label in self.labels]
        if box.label not in (names or [None]):
            expected = f"one of {listed(names)}" if names else "no label"
            raise LabelError.refused("label", box.label, expected, did_you_mean(box.label, names))

    def _sized(self, box: Box) -> None:
        if min(box.width, box.height) < self.min_size - 1e-9:
            raise LabelError.refused("size", f"{box.width:g} x {box.height:g} px", f"sides of at least {self.min_size:g} px")
        if box.angle and not self.rotatable:
            raise LabelError.refused("angle", box.angle, "0 (boxes of this field can't be turned)")

    def _inside(self, box: Box, extent: Extent) -> None:
        if extent.width is None or extent.height is None:
            return
        low, high = box.corners().min(axis=0), box.corners().max(axis=0)
        for axis, lowest, highest, size in (("x", low[0], high[0], extent.width), ("y", low[1], high[1], extent.height)):
            if lowest < -TOLERANCE or highest > size + TOLERANCE:
                found = f"{lowest:.6g} to {highest:.6g}"
                raise LabelError(
                    f"{axis}: expected within 0 to {size} (the image's {'width' if axis == 'x' else 'height'}), found {found}. "
                    "Move the box into the image or make it smaller.",
                    field=axis, found=found, expected=f"0 to {size}",
                )  # fmt: skip

    def _said(self, values: Mapping[str, Any], extent: Extent) -> dict[str, Any]:
        names = [field.name for field in self.attributes]
        for name in values:
            if name not in names:
                raise LabelError.refused("attributes", name, f"the attributes {listed(names)}" if names else "no attributes", did_you_mean(name, names))
        return {field.name: field.check(values.get(field.name), extent) for field in self.attributes}

    def encode(self, value: Any) -> Json:
        """Return boxes as a list of `BoxJson`."""
        return None if value is None else [box.to_json() for box in value]

    def decode(self, json: Json) -> Any:
        """Return the boxes of a list of `BoxJson`."""
        return None if json is None else [Box.from_json(item) for item in json]

    def cell(self, json: Json) -> object:
        """Return the boxes as JSON text; `regions()` has them as rows."""
        return None if json is None else jsonlib.dumps(json, ensure_ascii=False)

    @classmethod
    def _arguments(cls, json: dict[str, Json]) -> dict[str, Any]:
        return json | {
            "labels": [Label.from_json(item) for item in json.get("labels", ())],
            "attributes": [Field.from_json(item) for item in json.get("attributes", ())],
        }

    def wire(self, labels: Sequence[Label] | None = None) -> dict[str, Json]:
        """Return `BoxesJson`."""
        shown = labels or colored(self.labels)
        return self.to_json() | {
            "labels": [label.wire() for label in shown],
            "attributes": [field.wire() for field in self.attributes],
        }


def replace_box(box: Box, attributes: Mapping[str, Any]) -> Box:
    """Return the box with checked attributes and an id."""
    return Box(
        box.x, box.y, box.width, box.height, box.angle,
        label=box.label, id=box.id or uuid4().hex, score=box.score, attributes=attributes,
    )  # fmt: skip
