"""Schema: the fields to fill, with everything a session and a page need to know of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from ..errors import LabelError, SchemaError, did_you_mean, listed, shown
from ..labels import Extent
from .field import Field, Json
from .instructions import Instructions
from .label import Label
from .looks import colored, keyed
from .names import checked_flag, checked_name

SKIP_REASONS = ("Unclear", "Unreadable", "Not my subject")


@dataclass(frozen=True, init=False)
class Schema:
    """The fields to fill for each task.

    Parameters
    ----------
    *fields : Field
        At least one; names are unique.
    instructions : str or Instructions
        Markdown for the labelers.
    confidence : bool
        Whether an answer also says "sure" or "unsure".
    skip_reasons : sequence of str
        Offered when a task is skipped.
    keys : dict
        Command of the keymap to another key.

    Raises
    ------
    SchemaError
        When names or keys clash.
    """

    fields: tuple[Field, ...]
    instructions: Instructions
    confidence: bool
    skip_reasons: tuple[str, ...]
    keys: Mapping[str, str]

    def __init__(
        self,
        *fields: Field,
        instructions: str | Instructions = "",
        confidence: bool = False,
        skip_reasons: Sequence[str] = SKIP_REASONS,
        keys: Mapping[str, str] | None = None,
    ) -> None:
        put = {
            "fields": _distinct(fields),
            "instructions": instructions if isinstance(instructions, Instructions) else Instructions(instructions),
            "confidence": checked_flag(confidence, "confidence"),
            "skip_reasons": tuple(checked_name(reason, "a reason to skip") for reason in skip_reasons),
            "keys": dict(keys or {}),
        }
        for name, value in put.items():
            object.__setattr__(self, name, value)
        self.hotkeys()

    def __getitem__(self, name: str) -> Field:
        """Return the field of that name."""
        for field in self.fields:
            if field.name == name:
                return field
        names = [field.name for field in self.fields]
        raise KeyError(f"no field {name!r}; the schema has {listed(names)}. {did_you_mean(name, names)}".rstrip())

    def __contains__(self, name: object) -> bool:
        """Whether there is a field of that name."""
        return any(field.name == name for field in self.fields)

    def __iter__(self) -> Iterator[Field]:
        """Go through the fields in order."""
        return iter(self.fields)

    def __len__(self) -> int:
        """Count the fields."""
        return len(self.fields)

    @property
    def region_fields(self) -> tuple[Field, ...]:
        """The fields whose values are regions."""
        return tuple(field for field in self.fields if field.regions)

    @property
    def item_fields(self) -> tuple[Field, ...]:
        """The fields about the item as a whole."""
        return tuple(field for field in self.fields if not field.regions)

    def hotkeys(self) -> dict[tuple[str, str], str]:
        """Return (field, label) to key: region labels first, then options, while keys last."""
        order = (*self.region_fields, *self.item_fields)
        return keyed((field.name, field.labelled) for field in order)

    def labels(self, name: str) -> tuple[Label, ...]:
        """Return a field's labels as people see them, with colour and hotkey."""
        keys = self.hotkeys()
        return tuple(replace(label, hotkey=keys.get((name, label.name))) for label in colored(self[name].labelled))

    def check(self, values: Mapping[str, object], extent: Extent = Extent()) -> dict[str, Any]:  # noqa: B008 - frozen
        """Return an answer in canonical form, every field in it.

        Parameters
        ----------
        values : dict
            Field name to Python value or its JSON form.
        extent : Extent
            Size of the item, as far as known.

        Raises
        ------
        LabelError
            Naming the field, the value, what is allowed and what to do.
        """
        if not isinstance(values, Mapping):
            raise LabelError.refused("", values, "a dict of field names to values")
        names = [field.name for field in self.fields]
        for name in values:
            if name not in names:
                raise LabelError.refused(name if isinstance(name, str) else "", name, f"the fields {listed(names)}", did_you_mean(name, names))
        return {field.name: field.check(values.get(field.name), extent) for field in self.fields}

    def encode(self, values: Mapping[str, Any]) -> dict[str, Json]:
        """Return a checked answer as JSON."""
        return {field.name: field.encode(values.get(field.name)) for field in self.fields}

    def decode(self, json: Mapping[str, Json]) -> dict[str, Any]:
        """Return the answer that `encode` gave as JSON; fields it lacks are None."""
        return {field.name: field.decode(json.get(field.name)) for field in self.fields}

    def wire(self, version: int = 1) -> dict[str, Json]:
        """Return `SchemaJson` of the wire."""
        return {"fields": [field.wire(self.labels(field.name)) for field in self.fields], "version": version}

    def to_json(self) -> dict[str, Json]:
        """Return everything `from_json` needs."""
        return {
            "fields": [field.to_json() for field in self.fields],
            "instructions": self.instructions.to_json(),
            "confidence": self.confidence,
            "skip_reasons": list(self.skip_reasons),
            "keys": dict(self.keys),
        }

    @classmethod
    def from_json(cls, json: Mapping[str, Json]) -> Self:
        """Read what `to_json` wrote.

        Raises
        ------
        SchemaError
            For what is no schema.
        """
        if not isinstance(json, Mapping) or "fields" not in json:
            raise SchemaError(f"a schema is a dict with fields, found {shown(json)}")
        rest = {key: value for key, value in json.items() if key not in ("fields", "instructions")}
        instructions = Instructions.from_json(json.get("instructions", {}))
        return cls(*(Field.from_json(item) for item in json["fields"]), instructions=instructions, **rest)


def _distinct(fields: Sequence[object]) -> tuple[Field, ...]:
    kept = [field for field in fields if isinstance(field, Field)]
    if len(kept) < len(fields) or not kept:
        raise SchemaError(f"a schema is made of fields, as in Schema(Boxes('objects', ['car'])); found {shown(fields)}")
    twice = [name for name, count in Counter(field.name for field in kept).items() if count > 1]
    if twice:
        raise SchemaError(f"two fields are named {listed(twice)}; each field has its own name")
    return tuple(kept)
