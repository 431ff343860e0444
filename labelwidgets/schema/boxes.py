"""Boxes: rectangles in an image, each with a label and attributes."""

from __future__ import annotations

import json as jsonlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import uuid4

from .. import geometry
from ..errors import LabelError, SchemaError, did_you_mean, listed, shown
from ..labels import Box
from .checks import COLUMNS, checked_column, checked_count, checked_flag, checked_number
from .field import Field, Json, register
from .label import Label, as_labels, labels_from_json

if TYPE_CHECKING:
    from ..labels import Extent

TOLERANCE = 0.01
"""Pixels by which a corner may lie outside the image: more than rounding in a page costs, less than anybody sees."""
MOST_REGIONS = 100_000
"""Regions in one answer; more is no person's work."""
REGION_COLUMNS = COLUMNS | set("field region_id label score x y width height angle start end text points counts".split())
"""Columns of `regions()` that are there whatever the attributes."""


@register
@dataclass(frozen=True, init=False)
class Boxes(Field):
    """Boxes in an image; an empty list says that there is nothing.

    Values are lists of `Box`, each with an id; in JSON lists of `BoxJson`.

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
    regions: ClassVar[bool] = True
    labels_in: ClassVar[str] = "labels"

    labels: tuple[Label, ...]
    attributes: tuple[Field, ...]
    rotatable: bool
    min_count: int
    max_count: int | None
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
        super().__init__(name, title=title, help=help, required=required)
        self._put(
            labels=as_labels(labels, f"field {name!r}"),
            attributes=_attributes(attributes, name),
            rotatable=checked_flag(rotatable, f"rotatable of field {name!r}"),
            min_count=checked_count(min_count, f"min_count of field {name!r}", 0, MOST_REGIONS),
            min_size=checked_number(min_size, f"min_size of field {name!r}", above=0),
        )
        what = f"max_count of field {name!r}"
        self._put(max_count=None if max_count is None else checked_count(max_count, what, max(self.min_count, 1), MOST_REGIONS))

    @cached_property
    def _names(self) -> dict[str | None, int]:
        """Allowed labels."""
        return {name: place for place, name in enumerate([label.name for label in self.labels] or [None])}

    @cached_property
    def _said(self) -> dict[str, Field]:
        """Attributes by name."""
        return {field.name: field for field in self.attributes}

    def remedy(self) -> str:
        """Say how to answer."""
        return "Give a list of boxes, [] when there is nothing."

    def _check(self, value: object, extent: Extent) -> list[Box]:
        if not isinstance(value, (list, tuple)):
            raise LabelError.refused(self.name, value, "a list of boxes", self.remedy())
        self._counted(value)
        boxes = [self._box(item, extent, f"{self.name}[{place}]") for place, item in enumerate(value)]
        repeated = [id for id, count in Counter(box.id for box in boxes).items() if count > 1]
        if repeated:
            raise LabelError.refused(self.name, repeated[0], "an id of its own for each box", "Leave ids out to have them made.")
        self._inside(boxes, extent)
        return boxes

    def _counted(self, value: Sequence[object]) -> None:
        most = MOST_REGIONS if self.max_count is None else self.max_count
        if not self.min_count <= len(value) <= most:
            expected = f"at most {most:,} boxes" if len(value) > most else f"at least {self.min_count:,} boxes"
            remedy = "Remove some." if len(value) > most else "Add the missing ones, or skip the task."
            raise LabelError(f"expected {expected}, found {len(value):,}. {remedy}", field=self.name, found=len(value), expected=expected)

    def _box(self, value: object, extent: Extent, place: str) -> Box:
        try:
            box = value if isinstance(value, Box) else Box.from_json(value)  # type: ignore[arg-type]
            self._ruled(box)
            attributes = self._attributes(box.attributes, extent)
        except LabelError as error:
            raise error.within(place) from None
        return Box(**box.row(), label=box.label, id=box.id or uuid4().hex, score=box.score, attributes=attributes)

    def _ruled(self, box: Box) -> None:
        if box.label not in self._names:
            expected = f"one of {listed(label.name for label in self.labels)}" if self.labels else "no label"
            raise LabelError.refused("label", box.label, expected, did_you_mean(box.label, (label.name for label in self.labels)))
        if min(box.width, box.height) < self.min_size:
            expected = f"sides of at least {self.min_size:g} px"
            raise LabelError(
                f"expected {expected}, found {box.width:.6g} x {box.height:.6g}. Draw the box larger or remove it.",
                field="size", found=(box.width, box.height), expected=expected,
            )  # fmt: skip
        if box.angle and not self.rotatable:
            raise LabelError.refused("angle", box.angle, "0 (boxes of this field can't be turned)")

    def _attributes(self, values: Mapping[str, Any], extent: Extent) -> dict[str, Any]:
        for name in values:
            if name not in self._said:
                expected = f"the attributes {listed(self._said)}" if self._said else "no attributes"
                raise LabelError.refused("attributes", name, expected, did_you_mean(name, self._said))
        try:
            return {name: field.check(values.get(name), extent) for name, field in self._said.items()}
        except LabelError as error:
            raise error.within("attributes") from None

    def _inside(self, boxes: Sequence[Box], extent: Extent) -> None:
        if extent.width is None or extent.height is None or not boxes:
            return
        around = geometry.bounds([list(box.row().values()) for box in boxes])
        for axis, side, size in ((0, "width", extent.width), (1, "height", extent.height)):
            low, high = around[:, axis], around[:, axis] + around[:, axis + 2]
            outside = (low < -TOLERANCE) | (high > size + TOLERANCE)
            if outside.any():
                place = int(outside.argmax())
                found, expected = f"{low[place]:.6g} to {high[place]:.6g}", f"within 0 to {size} (the image's {side})"
                message = f"expected {expected}, found {found}. Move the box into the image or make it smaller."
                raise LabelError(message, field=f"{self.name}[{place}].{'xy'[axis]}", found=found, expected=expected)

    def encode(self, value: Any) -> Json:
        """Return boxes as a list of `BoxJson`."""
        return None if value is None else [self._coded(box.to_json(), Field.encode.__name__) for box in value]

    def decode(self, json: Json) -> Any:
        """Return the boxes of a list of `BoxJson`."""
        return None if json is None else [Box.from_json(self._coded(item, Field.decode.__name__)) for item in json]

    def _coded(self, box: Mapping[str, Json], way: str) -> dict[str, Json]:
        said = {name: getattr(self._said[name], way)(value) if name in self._said else value for name, value in box["attributes"].items()}
        return {**box, "attributes": said}

    def cell(self, json: Json) -> object:
        """Return the boxes as JSON text; `regions()` has them as rows."""
        return None if json is None else jsonlib.dumps(json, ensure_ascii=False)

    @classmethod
    def _arguments(cls, json: dict[str, Json]) -> dict[str, Any]:
        attributes = json.get("attributes", [])
        if not isinstance(attributes, list):
            message = f"attributes must be a list of fields, found {shown(attributes)}"
            raise SchemaError(message)
        return json | {"labels": labels_from_json(json["labels"]), "attributes": [Field.from_json(item) for item in attributes]}

    def wire(self, labels: Sequence[Label] = ()) -> dict[str, Json]:
        """Return `BoxesJson`."""
        return super().wire() | {
            "labels": [label.wire() for label in labels or self.colored()],
            "attributes": [field.wire() for field in self.attributes],
        }


def _attributes(fields: object, owner: str) -> tuple[Field, ...]:
    """Check what is to be said of each box of a field."""
    if not isinstance(fields, (list, tuple)):
        message = f"attributes of field {owner!r} must be a list of fields, found {shown(fields)}"
        raise SchemaError(message)
    for field in fields:
        if not isinstance(field, Field) or field.regions:
            what = f"the {field.kind} field {field.name!r}" if isinstance(field, Field) else shown(field)
            message = f"attributes of field {owner!r} must be fields without regions, such as Choice or Number; found {what}"
            raise SchemaError(message)
        checked_column(field.name, f"an attribute of field {owner!r}", REGION_COLUMNS)
    repeated = [name for name, count in Counter(field.name for field in fields).items() if count > 1]
    if repeated:
        message = f"two attributes of field {owner!r} are named {listed(repeated)}; each needs its own name"
        raise SchemaError(message)
    return tuple(fields)
