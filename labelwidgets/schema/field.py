"""What every field is, and the registry by kind: a new field is one file with one registration."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from ..errors import LabelError, SchemaError, did_you_mean, listed, shown
from ..labels import Extent
from .checks import checked_column, checked_flag, checked_prose
from .looks import colored

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..labels import Item
    from .label import Label

Json = Any
"""A JSON value: None, bool, int, float, str, list or dict of these."""

F = TypeVar("F", bound="Field")

FIELDS: dict[str, type[Field]] = {}
"""Field classes by kind."""

UNKNOWN_EXTENT = Extent()


@dataclass(frozen=True, init=False)
class Field(ABC):
    """One thing to say of a task.

    The parameters of a field class are its dataclass fields and the keys of its JSON.

    Parameters
    ----------
    name : str
        Unique in its schema; heads the column in `frame()`.
    title : str
        What people read; the name when empty.
    help : str
        A sentence shown beside the field.
    required : bool
        Whether an answer without it is refused.
    """

    kind: ClassVar[str]
    """Name in JSON, in `FIELDS` and in the front end."""
    regions: ClassVar[bool] = False
    """Whether values are lists of regions of the item."""
    hotkeyed: ClassVar[bool] = True
    """Whether the field's labels get hotkeys."""
    labels_in: ClassVar[str] = ""
    """Parameter that holds the labels to choose from; "" for fields without."""
    needs: ClassVar[tuple[str, ...]] = ()
    """Parameters besides name and labels without which there is no such field."""

    name: str
    title: str
    help: str
    required: bool

    def __init__(self, name: str, *, title: str = "", help: str = "", required: bool = True) -> None:
        self._put(
            name=checked_column(name, "a field's name"),
            title=checked_prose(title, f"title of field {name!r}"),
            help=checked_prose(help, f"help of field {name!r}"),
            required=checked_flag(required, f"required of field {name!r}"),
        )

    def _put(self, **values: object) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def changed(self, **changes: object) -> Self:
        """Return the field made again with other parameters."""
        return type(self)(**{item.name: getattr(self, item.name) for item in fields(self)} | changes)

    def relaxed(self) -> Self:
        """Return the field with nothing required: examples need not say everything."""
        return self.changed(required=False)

    @property
    def dtype(self) -> str:
        """Name of the pandas dtype of the field's column in `frame()` and `annotations()`."""
        return "string"

    @property
    def sources(self) -> tuple[str, ...]:
        """Columns of the data that the page needs to ask for the field."""
        return ()

    @property
    def in_json(self) -> bool:
        """Whether a cell of the field's column holds JSON text."""
        return self.regions or bool(getattr(self, "multiple", False))

    @property
    def labelled(self) -> tuple[Label, ...]:
        """The labels a person chooses from, in order; () for fields without."""
        return getattr(self, self.labels_in) if self.labels_in else ()

    @property
    def digits(self) -> tuple[str, ...]:
        """Digits that the field answers to by itself, in order; () for most fields."""
        return ()

    def colored(self, start: int = 0) -> tuple[Label, ...]:
        """Return the labels with a colour each, `start` colours of the palette being taken."""
        return colored(self.labelled, start)

    def with_labels(self, labels: Sequence[Label]) -> Self:
        """Return the field with other labels.

        Raises
        ------
        SchemaError
            When the field has no labels to choose from.
        """
        if not self.labels_in:
            raise SchemaError(f"field {self.name!r} ({self.kind}) has no labels")
        return self.changed(**{self.labels_in: labels})

    def check(self, value: object, extent: Extent = UNKNOWN_EXTENT) -> Any:
        """Return the value in canonical form.

        Parameters
        ----------
        value : object
            A Python value or its JSON form; None means not answered.
        extent : Extent
            Size of the item, as far as known.

        Raises
        ------
        LabelError
            Naming the field, the value, what is allowed and what to do.
        """
        checked = None if value is None else self._check(value, extent)
        if checked is None and self.required:
            raise LabelError.refused(self.name, value, "an answer (the field is required)", self.remedy())
        return checked

    @abstractmethod
    def _check(self, value: object, extent: Extent) -> Any:
        """Return the canonical form of a value that is not None; None when it says nothing."""

    # -- beside the schema's other fields ------------------------------------------------------------------

    def check_beside(self, fields: Mapping[str, Field]) -> None:
        """Refuse a schema, as its fields by name, in which this one makes no sense.

        Raises
        ------
        SchemaError
            Naming the field and what it lacks.
        """
        del fields

    def check_item(self, item: Item) -> None:
        """Refuse an item of which the field can't be said, such as one without the column that it looks at.

        Raises
        ------
        LabelError
            Saying what the row lacks.
        """
        del item

    def check_with(self, value: Any, values: Mapping[str, Any]) -> Any:
        """Return a checked value that fits the checked values of the answer's other fields.

        Raises
        ------
        LabelError
            As `check`.
        """
        del values
        return value

    def followed(self, read: Callable[[Mapping[str, Json]], Mapping[str, Json]]) -> Field:
        """Return the field as it is after other fields changed; `read` reads an answer from before in JSON."""
        del read
        return self

    def kept(self, value: Json, values: Mapping[str, Json]) -> Json:
        """Return what is left of a value in JSON after regions of other fields, `values`, were dropped."""
        del values
        return value

    @abstractmethod
    def remedy(self) -> str:
        """Say how to answer the field."""

    def encode(self, value: Any) -> Json:
        """Return a canonical value as JSON."""
        return value

    def decode(self, json: Json) -> Any:
        """Return the canonical value that `encode` gave as JSON; not checked again."""
        return json

    def cell(self, json: Json) -> object:
        """Return what stands in the field's column for an encoded value."""
        return json

    def to_json(self) -> dict[str, Json]:
        """Return everything `from_json` needs."""
        return {"kind": self.kind} | {item.name: _plain(getattr(self, item.name)) for item in fields(self)}

    @classmethod
    def from_json(cls, json: Mapping[str, Json]) -> Self:
        """Make the field that `to_json` wrote; on `Field` itself the kind decides the class.

        Raises
        ------
        SchemaError
            For an unknown kind or key, besides what the field's constructor refuses.
        """
        kind = json.get("kind") if isinstance(json, Mapping) else None
        made = FIELDS.get(kind) if isinstance(kind, str) else None
        if made is None or not issubclass(made, cls):
            raise SchemaError(
                f"unknown kind of field {shown(kind)}; known are {listed(FIELDS)}. {did_you_mean(kind, FIELDS)}".rstrip()
            )
        return made(**made.arguments(_known(made, json)))

    @classmethod
    def arguments(cls, json: dict[str, Json]) -> dict[str, Any]:
        """Turn the JSON's values into arguments of the constructor."""
        return json

    def wire(self, labels: Sequence[Label] = ()) -> dict[str, Json]:
        """Return the field as `FieldJson` of the wire.

        Parameters
        ----------
        labels : sequence of Label
            The field's own, with the colours and hotkeys that the schema gave them.
        """
        del labels
        return self.to_json() | {"title": self.title or self.name}


def register(cls: type[F]) -> type[F]:
    """Enter a field class under its kind."""
    FIELDS[cls.kind] = cls
    return cls


def _known(made: type[Field], json: Mapping[str, Json]) -> dict[str, Json]:
    names = [item.name for item in fields(made)]
    given = {key: value for key, value in json.items() if key != "kind"}
    for key in given:
        if key not in names:
            raise SchemaError(
                f"a {made.kind} field has no {shown(key)}; it has {listed(names, 12)}. {did_you_mean(key, names)}".rstrip()
            )
    required = [name for name in ("name", made.labels_in, *made.needs) if name and name not in given]
    if required:
        raise SchemaError(f"a {made.kind} field needs {listed(required)}")
    return given


def _plain(value: object) -> Json:
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    return value.to_json() if hasattr(value, "to_json") else value
