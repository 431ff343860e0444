"""Changes of a schema as small facts that are kept beside it; answers are read through them and never rewritten."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from ..errors import SchemaError, listed, shown
from .field import Field, Json
from .label import Label
from .regions import RegionField
from .relabel import Relabelling
from .tree import Path
from .upgrade import Upgrade

if TYPE_CHECKING:
    from .schema import Schema

LabelName = str | Path
"""A label as a change names it: its name, in a taxonomy its path from the root as a tuple."""

Made = TypeVar("Made", bound="Operation")

OPERATIONS: dict[str, type[Operation]] = {}
"""Operation classes by the name they have in JSON."""


@dataclass(frozen=True)
class Operation(ABC):
    """One change of a schema.

    Fields are named as in errors: "objects", or "objects.color" for the attribute color of the boxes in objects.
    """

    name: ClassVar[str]

    @abstractmethod
    def apply(self, schema: Schema) -> Schema:
        """Return the schema after the change.

        Raises
        ------
        SchemaError
            When the schema does not have what is to be changed, or has what is to be added.
        """

    @abstractmethod
    def teach(self, upgrade: Upgrade) -> None:
        """Teach an upgrade how answers from before the change are read."""

    def to_json(self) -> dict[str, Json]:
        """Return everything `operation_from_json` needs."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        return {"operation": self.name} | {key: _plain(value) for key, value in values.items()}

    @classmethod
    def read(cls, values: dict[str, Json]) -> Self:
        """Make the operation of its values in JSON."""
        return cls(**values)


def register(cls: type[Made]) -> type[Made]:
    """Enter an operation class under its name."""
    OPERATIONS[cls.name] = cls
    return cls


def operation_from_json(json: Mapping[str, Json]) -> Operation:
    """Make the operation that `to_json` wrote.

    Raises
    ------
    SchemaError
        For an operation this version does not know: going on would show answers as what they are not.
    """
    name = json.get("operation") if isinstance(json, Mapping) else None
    made = OPERATIONS.get(name) if isinstance(name, str) else None
    if made is None:
        raise SchemaError(
            f"unknown operation {shown(name)}; known are {listed(OPERATIONS)}. Use the version that wrote it, or a newer one."
        )
    values = {key: value for key, value in json.items() if key != "operation"}
    expected = [item.name for item in fields(made)]
    if set(values) != set(expected):
        raise SchemaError(f"the operation {name} needs {listed(expected)}, found {listed(values)}")
    return made.read(values)


@register
@dataclass(frozen=True)
class AddField(Operation):
    """A new field; answers from before have None in it.

    Parameters
    ----------
    field : Field
        The field.
    within : str
        Boxes field whose attribute it is; "" for a field of the schema.
    position : int or None
        Place among the fields; None is the end.
    """

    name: ClassVar[str] = "add_field"

    field: Field
    within: str = ""
    position: int | None = None

    def apply(self, schema: Schema) -> Schema:
        """Return the schema with the field."""
        return _with_fields(schema, self.within, self._insert, self)

    def _insert(self, kept: list[Field]) -> list[Field]:
        place = len(kept) if self.position is None else self.position
        return [*kept[:place], self.field, *kept[place:]]

    def teach(self, upgrade: Upgrade) -> None:
        """Begin the field, whatever a removed one of the same name held."""
        upgrade.add(_place(self.within, self.field.name))

    @classmethod
    def read(cls, values: dict[str, Json]) -> Self:
        """Make the operation of its values in JSON."""
        return cls(Field.from_json(values["field"]), values["within"], values["position"])


@register
@dataclass(frozen=True)
class RenameField(Operation):
    """A field called otherwise; `old` may lead to an attribute, `new` is the bare name."""

    name: ClassVar[str] = "rename_field"

    old: str
    new: str

    def apply(self, schema: Schema) -> Schema:
        """Return the schema with the field renamed."""
        field, within = _find(schema, self.old)
        renamed = field.changed(name=self.new)
        return _with_fields(
            schema, within, lambda kept: [renamed if item is field else item for item in kept], self
        )

    def teach(self, upgrade: Upgrade) -> None:
        """Find the field's answers under the old name."""
        upgrade.rename(self.old, self.new)


@register
@dataclass(frozen=True)
class RemoveField(Operation):
    """A field no longer asked for; its answers stay in the store and are no longer read."""

    name: ClassVar[str] = "remove_field"

    field: str

    def apply(self, schema: Schema) -> Schema:
        """Return the schema without the field."""
        field, within = _find(schema, self.field)
        return _with_fields(schema, within, lambda kept: [item for item in kept if item is not field], self)

    def teach(self, upgrade: Upgrade) -> None:
        """Pass over the field's answers."""
        upgrade.remove(self.field)


@dataclass(frozen=True)
class LabelOperation(Operation):
    """A change of one field's labels.

    Labels are names, in a taxonomy paths from the root as tuples: ("animal", "cat").
    """

    field: str

    @abstractmethod
    def change(self, labels: Relabelling) -> None:
        """Carry out the change."""

    def apply(self, schema: Schema) -> Schema:
        """Return the schema with the field's labels changed."""
        return _relabelled(schema, self.field, [self])


@register
@dataclass(frozen=True)
class AddLabel(LabelOperation):
    """A new label, at the end or at a position among all of the field."""

    name: ClassVar[str] = "add_label"

    label: Label | str
    position: int | None = None

    def __post_init__(self) -> None:
        """Take a bare name for a label."""
        if isinstance(self.label, str):
            object.__setattr__(self, "label", Label(self.label))

    def change(self, labels: Relabelling) -> None:
        """Take the label in."""
        assert isinstance(self.label, Label)
        labels.add(self.label, self.position)

    def teach(self, upgrade: Upgrade) -> None:
        """No older answer has the label."""

    @classmethod
    def read(cls, values: dict[str, Json]) -> Self:
        """Make the operation of its values in JSON."""
        return cls(values["field"], Label.from_json(values["label"]), values["position"])


@register
@dataclass(frozen=True)
class RenameLabel(LabelOperation):
    """A label called otherwise, its answers too; labels below it follow. `new` is the bare name."""

    name: ClassVar[str] = "rename_label"

    old: LabelName
    new: str

    def change(self, labels: Relabelling) -> None:
        """Give the label its new name."""
        labels.rename(self.old, self.new)

    def teach(self, upgrade: Upgrade) -> None:
        """Read the old name as the new one."""
        above = () if isinstance(self.old, str) else self.old[:-1]
        upgrade.relabel(self.field, self.old, (*above, self.new))

    @classmethod
    def read(cls, values: dict[str, Json]) -> Self:
        """Make the operation of its values in JSON."""
        return cls(values["field"], _label_name(values["old"]), values["new"])


@register
@dataclass(frozen=True)
class MergeLabels(LabelOperation):
    """Labels that are one from now on: their answers pass to `into`, which stays; labels below them go below it."""

    name: ClassVar[str] = "merge_labels"

    labels: Sequence[LabelName]
    into: LabelName

    def __post_init__(self) -> None:
        """Keep the labels as a tuple."""
        object.__setattr__(self, "labels", tuple(self.labels))

    def change(self, labels: Relabelling) -> None:
        """Drop the labels that pass to another."""
        labels.merge(self.labels, self.into)

    def teach(self, upgrade: Upgrade) -> None:
        """Read each merged label as the one that stays."""
        into = (self.into,) if isinstance(self.into, str) else self.into
        for label in self.labels:
            upgrade.relabel(self.field, label, into)

    @classmethod
    def read(cls, values: dict[str, Json]) -> Self:
        """Make the operation of its values in JSON."""
        return cls(
            values["field"], [_label_name(label) for label in values["labels"]], _label_name(values["into"])
        )


@register
@dataclass(frozen=True)
class RemoveLabel(LabelOperation):
    """A label no longer offered, with those below it; its regions are no longer read, a choice of it is None."""

    name: ClassVar[str] = "remove_label"

    label: LabelName

    def change(self, labels: Relabelling) -> None:
        """Drop the label."""
        labels.remove(self.label)

    def teach(self, upgrade: Upgrade) -> None:
        """Pass over answers with the label."""
        upgrade.relabel(self.field, self.label, None)

    @classmethod
    def read(cls, values: dict[str, Json]) -> Self:
        """Make the operation of its values in JSON."""
        return cls(values["field"], _label_name(values["label"]))


def migrated(schema: Schema, operations: Iterable[Operation]) -> Schema:
    """Return the schema after the changes, one after the other; examples in the instructions follow.

    Raises
    ------
    SchemaError
        When a change does not fit the schema.
    """
    for field, run in groupby(
        operations, key=lambda op: op.field if isinstance(op, LabelOperation) else None
    ):
        if field is not None:
            schema = _relabelled(schema, field, [op for op in run if isinstance(op, LabelOperation)])
        else:
            for op in run:
                schema = op.apply(schema)
    return schema


def upgrade(values: Mapping[str, Json], operations: Iterable[Operation]) -> dict[str, Json]:
    """Return an answer in JSON as the schema after the changes says it; for many answers make one `upgrade_of`."""
    return upgrade_of(operations)(values)


def upgrade_of(operations: Iterable[Operation], fields: Iterable[Field] = ()) -> Upgrade:
    """Return the way to read answers from before the changes: call it with an answer in JSON.

    An answer costs the same whether there are ten changes or ten thousand.

    Parameters
    ----------
    operations : iterable of Operation
        In the order in which they were made.
    fields : iterable of Field
        Those of the schema after the changes: what joins regions that a change drops is dropped too.
    """
    made = Upgrade(fields)
    for op in operations:
        op.teach(made)
    return made


def _find(schema: Schema, place: str) -> tuple[Field, str]:
    """Return a field and the name of the field whose attribute it is, or ""."""
    try:
        return schema[place], place.rpartition(".")[0]
    except KeyError as error:
        raise SchemaError(error.args[0]) from None


def _place(within: str, name: str) -> str:
    return f"{within}.{name}" if within else name


def _with_fields(
    schema: Schema, within: str, change: Callable[[list[Field]], list[Field]], *operations: Operation
) -> Schema:
    """Return the schema with its fields, or the attributes of one, changed."""
    if not within:
        return _remade(schema, change(list(schema.fields)), operations)
    owner, _ = _find(schema, within)
    if not isinstance(owner, RegionField):
        raise SchemaError(f"field {within!r} has no attributes: only fields with regions have")
    changed = owner.changed(attributes=change(list(owner.attributes)))
    return _remade(schema, [changed if item is owner else item for item in schema.fields], operations)


def _relabelled(schema: Schema, place: str, operations: Sequence[LabelOperation]) -> Schema:
    field, within = _find(schema, place)
    labels = Relabelling(field.labelled, tree=not field.hotkeyed)
    for op in operations:
        op.change(labels)
    changed = field.with_labels(labels.labels())
    return _with_fields(
        schema, within, lambda kept: [changed if item is field else item for item in kept], *operations
    )


def _remade(schema: Schema, made: Sequence[Field], operations: Sequence[Operation]) -> Schema:
    told, reading = schema.instructions, upgrade_of(operations)
    led = [field.followed(reading) for field in made]
    reading = upgrade_of(operations, led)
    examples = [replace(example, values=reading(example.values)) for example in told.examples]
    return schema.changed(fields=led, instructions=replace(told, examples=examples))


def _label_name(json: Json) -> LabelName:
    return json if isinstance(json, str) else tuple(json)


def _plain(value: Any) -> Json:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value.to_json() if hasattr(value, "to_json") else value
