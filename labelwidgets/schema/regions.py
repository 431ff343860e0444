"""Fields whose values are lists of regions: what boxes have in common with the shapes to come."""

from __future__ import annotations

import json as jsonlib
from abc import abstractmethod
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self
from uuid import uuid4

from ..errors import LabelError, SchemaError, did_you_mean, listed, shown
from .checks import COLUMNS, checked_column, checked_count
from .field import Field, Json
from .label import Label, as_labels, labels_from_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..labels import Extent, Region

MOST_REGIONS = 100_000
"""Regions in one answer; more is no person's work."""
REGION_COLUMNS = COLUMNS.union(
    ("field", "region_id", "label", "score", "x", "y", "width", "height", "angle"),
    ("start", "end", "text", "parts", "link", "turn", "members", "source", "target", "points", "counts"),
)
"""Columns of `regions()` that are there whatever the attributes."""


@dataclass(frozen=True, init=False)
class RegionField(Field):
    """Regions of the item; an empty list says that there is nothing.

    Values are lists of regions, each with an id of its own; in JSON lists of `RegionJson`.

    Parameters
    ----------
    labels : sequence of str or Label
        What a region can be; [] where regions have no label.
    attributes : sequence of Field
        What else to say of each region: fields about it, none with regions.
    min_count, max_count : int, int or None
        How many regions an answer has.
    """

    regions: ClassVar[bool] = True
    region_type: ClassVar[type[Region]]
    """Class of the regions."""
    labels_in: ClassVar[str] = "labels"

    labels: tuple[Label, ...]
    attributes: tuple[Field, ...]
    min_count: int
    max_count: int | None

    def __init__(
        self,
        name: str,
        labels: Sequence[str | Label],
        *,
        attributes: Sequence[Field] = (),
        min_count: int = 0,
        max_count: int | None = None,
        required: bool = True,
        title: str = "",
        help: str = "",
    ) -> None:
        super().__init__(name, title=title, help=help, required=required)
        self._put(
            labels=as_labels(labels, f"field {name!r}"),
            attributes=_attributes(attributes, name),
            min_count=checked_count(min_count, f"min_count of field {name!r}", 0, MOST_REGIONS),
        )
        least = max(self.min_count, 1)
        self._put(
            max_count=None
            if max_count is None
            else checked_count(max_count, f"max_count of field {name!r}", least, MOST_REGIONS)
        )

    @cached_property
    def _names(self) -> frozenset[str | None]:
        return frozenset(label.name for label in self.labels) if self.labels else frozenset({None})

    @cached_property
    def _parts(self) -> dict[str, Field]:
        return {field.name: field for field in self.attributes}

    def relaxed(self) -> Self:
        """Return the field with nothing required, of its regions neither."""
        return self.changed(
            required=False, min_count=0, attributes=[field.relaxed() for field in self.attributes]
        )

    def remedy(self) -> str:
        """Say how to answer."""
        return f"Give a list of {self.kind}, [] when there is nothing."

    def _check(self, value: object, extent: Extent) -> list[Any]:
        if not isinstance(value, (list, tuple)):
            raise LabelError.refused(self.name, value, f"a list of {self.kind}", self.remedy())
        self._check_count(len(value))
        regions = [self._region(item, extent, f"{self.name}[{place}]") for place, item in enumerate(value)]
        self._check_ids(regions)
        self.check_geometry(regions, extent)
        return self.settled(regions, extent)

    def settled(self, regions: list[Any], extent: Extent) -> list[Any]:
        """Return checked regions with what only the item says of them."""
        del extent
        return regions

    @abstractmethod
    def check_region(self, region: Any) -> None:
        """Refuse a region that breaks the field's rules for its shape.

        Raises
        ------
        LabelError
            Naming what of the region.
        """

    @abstractmethod
    def check_geometry(self, regions: Sequence[Any], extent: Extent) -> None:
        """Refuse regions that reach outside the item.

        Raises
        ------
        LabelError
            Naming the field and the region.
        """

    def _check_count(self, count: int) -> None:
        most = MOST_REGIONS if self.max_count is None else self.max_count
        if self.min_count <= count <= most:
            return
        expected = (
            f"at most {most:,} {self.kind}" if count > most else f"at least {self.min_count:,} {self.kind}"
        )
        remedy = "Remove some." if count > most else "Add what is missing, or skip the task."
        raise LabelError(
            f"expected {expected}, found {count:,}. {remedy}", field=self.name, found=count, expected=expected
        )

    def _check_ids(self, regions: Iterable[Region]) -> None:
        repeated = [name for name, count in Counter(region.id for region in regions).items() if count > 1]
        if repeated:
            remedy = "Leave ids out to have them made."
            raise LabelError.refused(self.name, repeated[0], "an id of its own for each region", remedy)

    def _region(self, value: object, extent: Extent, place: str) -> Region:
        try:
            region = value if isinstance(value, self.region_type) else self.region_type.from_json(value)
            self._check_label(region.label)
            self.check_region(region)
            said = self._check_attributes(region.attributes, extent)
        except LabelError as error:
            raise error.within(place) from None
        return replace(region, id=region.id or uuid4().hex, attributes=said)

    def _check_label(self, label: str | None) -> None:
        if label not in self._names:
            names = [label.name for label in self.labels]
            expected = f"one of {listed(names)}" if names else "no label"
            raise LabelError.refused("label", label, expected, did_you_mean(label, names))

    def _check_attributes(self, values: Mapping[str, Any], extent: Extent) -> dict[str, Any]:
        for name in values:
            if name not in self._parts:
                expected = f"the attributes {listed(self._parts)}" if self._parts else "no attributes"
                raise LabelError.refused("attributes", name, expected, did_you_mean(name, self._parts))
        try:
            return {name: field.check(values.get(name), extent) for name, field in self._parts.items()}
        except LabelError as error:
            raise error.within("attributes") from None

    def encode(self, value: Any) -> Json:
        """Return regions as a list of `RegionJson`."""
        if value is None:
            return None
        coded = {name: field.encode for name, field in self._parts.items()}
        return [region.to_json() | {"attributes": _each(coded, region.attributes)} for region in value]

    def decode(self, json: Json) -> Any:
        """Return the regions of a list of `RegionJson`."""
        if json is None:
            return None
        coded = {name: field.decode for name, field in self._parts.items()}
        return [
            self.region_type.from_json(item | {"attributes": _each(coded, item["attributes"])})
            for item in json
        ]

    def cell(self, json: Json) -> object:
        """Return the regions as JSON text; `regions()` has them as rows."""
        return None if json is None else jsonlib.dumps(json, ensure_ascii=False)

    @classmethod
    def arguments(cls, json: dict[str, Json]) -> dict[str, Any]:
        """Turn the JSON's values into arguments of the constructor."""
        attributes = json.get("attributes", [])
        if not isinstance(attributes, list):
            raise SchemaError(f"attributes must be a list of fields, found {shown(attributes)}")
        return json | {
            "labels": labels_from_json(json["labels"]),
            "attributes": [Field.from_json(item) for item in attributes],
        }

    def wire(self, labels: Sequence[Label] = ()) -> dict[str, Json]:
        """Return the field as its `FieldJson`."""
        return super().wire() | {
            "labels": [label.wire() for label in labels or self.colored()],
            "attributes": [field.wire() for field in self.attributes],
        }


def _each(coded: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: coded[name](value) if name in coded else value for name, value in values.items()}


def _attributes(fields: object, owner: str) -> tuple[Field, ...]:
    """Check what is to be said of each region of a field."""
    if not isinstance(fields, (list, tuple)):
        raise SchemaError(f"attributes of field {owner!r} must be a list of fields, found {shown(fields)}")
    for field in fields:
        if not isinstance(field, Field) or field.regions:
            what = f"the {field.kind} field {field.name!r}" if isinstance(field, Field) else shown(field)
            raise SchemaError(
                f"attributes of field {owner!r} must be fields without regions, such as Choice or Number; found {what}"
            )
        checked_column(field.name, f"an attribute of field {owner!r}", REGION_COLUMNS)
        keyed = next((label for label in field.labelled if label.hotkey), None)
        if keyed:
            raise SchemaError(
                f"label {keyed.name!r} of attribute {field.name!r} (field {owner!r}) asks for the hotkey {keyed.hotkey!r}; "
                "keys belong to the labels of regions and to options about the item"
            )
    repeated = [name for name, count in Counter(field.name for field in fields).items() if count > 1]
    if repeated:
        raise SchemaError(
            f"two attributes of field {owner!r} are named {listed(repeated)}; each needs its own name"
        )
    return tuple(fields)
