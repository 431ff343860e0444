"""What every field is, and the registry by kind: a new field is one file with one registration."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from ..errors import LabelError, SchemaError, did_you_mean, listed
from ..labels import Extent
from .names import checked_flag, checked_name, checked_prose

if TYPE_CHECKING:
    from .label import Label

Json = Any
"""A JSON value: None, bool, int, float, str, list or dict of these."""

F = TypeVar("F", bound="Field")

FIELDS: dict[str, type[Field]] = {}
"""Field classes by kind."""


@dataclass(frozen=True, init=False)
class Field(ABC):
    """One thing to say of a task.

    Parameters
    ----------
    name : str
        Unique in its schema; the name of the column in `frame()`.
    title : str
        What people read; the name when empty.
    help : str
        A sentence shown beside the field.
    required : bool
        Whether an answer without it is refused.
    """

    kind: ClassVar[str]
    """Name in JSON, `FIELDS` and the front end."""
    regions: ClassVar[bool] = False
    """Whether values are lists of regions of the item."""

    name: str
    title: str
    help: str
    required: bool

    def __init__(self, name: str, *, title: str = "", help: str = "", required: bool = True) -> None:
        self._put(
            name=checked_name(name, "a field's name"),
            title=checked_prose(title, "a title"),
            help=checked_prose(help, "help"),
            required=checked_flag(required, f"required of field {name!r}"),
        )

    def _put(self, **values: object) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @property
    def dtype(self) -> str:
        """Name of the pandas dtype of the field's column in `frame()` and `annotations()`."""
        return "string"

    @property
    def labelled(self) -> tuple[Label, ...]:
        """The labels a person chooses from, in order; () for fields without."""
        return ()

    def check(self, value: object, extent: Extent = Extent()) -> Any:  # noqa: B008 - frozen
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
        if value is None:
            return self._unanswered()
        return self._check(value, extent)

    def _unanswered(self) -> None:
        if self.required:
            raise LabelError.refused(self.name, None, "an answer (the field is required)", self.remedy())

    @abstractmethod
    def _check(self, value: object, extent: Extent) -> Any:
        """Return the canonical form of a value that is not None."""

    def remedy(self) -> str:
        """Say how to answer the field."""
        return f"Give {self.name!r} a value."

    def encode(self, value: Any) -> Json:
        """Return a canonical value as JSON."""
        return value

    def decode(self, json: Json) -> Any:
        """Return the canonical value that `encode` gave as JSON; no check against the schema."""
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
            raise SchemaError(f"unknown kind of field {kind!r}; known are {listed(FIELDS)}")
        return made(**made._arguments(_known(made, json)))

    @classmethod
    def _arguments(cls, json: dict[str, Json]) -> dict[str, Any]:
        """Turn the JSON's values into arguments of the constructor."""
        return json

    def wire(self, labels: Sequence[Label] | None = None) -> dict[str, Json]:
        """Return the field as `FieldJson` of the wire; `labels` are its own with colours and hotkeys given."""
        del labels
        return self.to_json()


def register(cls: type[F]) -> type[F]:
    """Enter a field class under its kind."""
    FIELDS[cls.kind] = cls
    return cls


def _known(made: type[Field], json: Mapping[str, Json]) -> dict[str, Json]:
    names = [item.name for item in fields(made)]
    for key in json:
        if key != "kind" and key not in names:
            raise SchemaError(f"a {made.kind} field has no {key!r}; it has {listed(names)}. {did_you_mean(key, names)}".rstrip())
    return {key: value for key, value in json.items() if key != "kind"}


def _plain(value: object) -> Json:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    to_json: Callable[[], Json] | None = getattr(value, "to_json", None)
    return to_json() if to_json else value
