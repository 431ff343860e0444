"""Schema: the fields to fill, with everything a session and a page need to know of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from ..errors import LabelError, SchemaError, did_you_mean, listed, shown
from .checks import checked_flag, checked_name
from .field import UNKNOWN_EXTENT, Field, Json
from .instructions import Example, Instructions
from .keymap import checked_keys
from .looks import keyed
from .regions import RegionField

if TYPE_CHECKING:
    from ..labels import Extent, Item
    from .label import Label

SKIP_REASONS = ("Unclear", "Can't be seen or read", "Not my subject")


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
        Command of the keymap to the key it shall have, such as {"undo": "F4"}.

    Raises
    ------
    SchemaError
        When names or keys clash, or an example in the instructions breaks the rules.

    Examples
    --------
    >>> schema = Schema(Boxes("objects", ["car", "person"]), Choice("weather", ["sun", "rain"]))
    >>> schema.check({"objects": [], "weather": "sun"})
    {'objects': [], 'weather': 'sun'}
    """

    fields: tuple[Field, ...]
    instructions: Instructions
    confidence: bool
    skip_reasons: tuple[str, ...]
    keys: Mapping[str, str] = field(hash=False)

    def __init__(
        self,
        *fields: Field,
        instructions: str | Instructions = "",
        confidence: bool = False,
        skip_reasons: Sequence[str] = SKIP_REASONS,
        keys: Mapping[str, str] | None = None,
    ) -> None:
        if not isinstance(instructions, (str, Instructions)):
            raise SchemaError(
                f"instructions must be Markdown text or Instructions, found {shown(instructions)}"
            )
        put = {
            "fields": _distinct(fields),
            "instructions": Instructions(instructions) if isinstance(instructions, str) else instructions,
            "confidence": checked_flag(confidence, "confidence"),
            "skip_reasons": _reasons(skip_reasons),
            "keys": checked_keys({} if keys is None else keys),
        }
        for name, value in put.items():
            object.__setattr__(self, name, value)
        for item in self.fields:
            item.check_beside({beside.name: beside for beside in self.fields})
        _ = self.hotkeys
        object.__setattr__(self, "instructions", self._with_checked_examples())

    def changed(self, **changes: Any) -> Self:
        """Return the schema made again with other fields or settings."""
        parts = {item.name: getattr(self, item.name) for item in fields(self)} | changes
        return type(self)(*parts.pop("fields"), **parts)

    def with_instructions(self, instructions: str | Instructions) -> Self:
        """Return the schema with other instructions."""
        return self.changed(instructions=instructions)

    def __getitem__(self, name: str) -> Field:
        """Return the field of that name; "objects.color" is the attribute color of the boxes in objects."""
        if name not in self._places:
            raise KeyError(
                f"no field {shown(name)}; the schema has {listed(self._places)}. {did_you_mean(name, self._places)}".rstrip()
            )
        return self._places[name]

    def __contains__(self, name: object) -> bool:
        """Whether there is a field, or attribute, of that name."""
        return name in self._places

    def __iter__(self) -> Iterator[Field]:
        """Go through the fields in order."""
        return iter(self.fields)

    def __len__(self) -> int:
        """Count the fields."""
        return len(self.fields)

    @cached_property
    def _places(self) -> dict[str, Field]:
        own = {field.name: field for field in self.fields}
        return own | {
            f"{field.name}.{part.name}": part for field in self.region_fields for part in field.attributes
        }

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the fields, in order."""
        return tuple(field.name for field in self.fields)

    @property
    def region_fields(self) -> tuple[RegionField, ...]:
        """The fields whose values are regions."""
        return tuple(field for field in self.fields if isinstance(field, RegionField))

    @property
    def item_fields(self) -> tuple[Field, ...]:
        """The fields about the item as a whole."""
        return tuple(field for field in self.fields if not field.regions)

    @cached_property
    def hotkeys(self) -> dict[tuple[str, str], str]:
        """(Field, label or star) to key: region labels first, then options and ratings in order, while keys last."""
        order = [field for field in (*self.region_fields, *self.item_fields) if field.hotkeyed]
        return keyed((field.name, field.labelled, field.digits) for field in order)

    def labels(self, name: str) -> tuple[Label, ...]:
        """Return a field's labels as people see them, with colour and hotkey; region fields share one palette."""
        found = self[name]
        before = (
            self.region_fields[: self.region_fields.index(found)] if isinstance(found, RegionField) else ()
        )
        dressed = found.colored(sum(len(field.labelled) for field in before))
        if not found.hotkeyed:
            return dressed
        return tuple(replace(label, hotkey=self.hotkeys.get((name, label.name))) for label in dressed)

    def check(self, values: Mapping[str, object], extent: Extent = UNKNOWN_EXTENT) -> dict[str, Any]:
        """Return an answer in canonical form, with every field in it.

        Parameters
        ----------
        values : dict
            Field name to Python value or its JSON form.
        extent : Extent
            Size of the item, as far as known; as `Item` with its text and its row.

        Raises
        ------
        LabelError
            Naming the field, the value, what is allowed and what to do.
        """
        self._check_names(values)
        checked = {field.name: field.check(values.get(field.name), extent) for field in self.fields}
        return {field.name: field.check_with(checked[field.name], checked) for field in self.fields}

    def check_given(self, values: Mapping[str, object], extent: Extent = UNKNOWN_EXTENT) -> dict[str, Any]:
        """Return some fields' values in canonical form, as `check` does of all.

        Raises
        ------
        LabelError
            As `check`, but not for fields that are left out.
        """
        self._check_names(values)
        checked = {name: self[name].check(value, extent) for name, value in values.items()}
        return {name: self[name].check_with(value, checked) for name, value in checked.items()}

    @cached_property
    def _choosy(self) -> tuple[Field, ...]:
        return tuple(item for item in self.fields if type(item).check_item is not Field.check_item)

    @property
    def choosy(self) -> bool:
        """Whether there are items of which not all fields can be said."""
        return bool(self._choosy)

    def check_item(self, item: Item) -> None:
        """Refuse an item of which not all fields can be said.

        Raises
        ------
        LabelError
            Saying what its row lacks.
        """
        for one in self._choosy:
            one.check_item(item)

    def _check_names(self, values: object) -> None:
        if not isinstance(values, Mapping):
            raise LabelError.refused("", values, "a dict of field names to values")
        for name in values:
            if name not in self.names:
                remedy = did_you_mean(name, self.names, "Leave it out, or add the field to the schema.")
                raise LabelError.refused("", name, f"only the fields {listed(self.names)}", remedy)

    def _with_checked_examples(self) -> Instructions:
        examples = self.instructions.examples
        return replace(
            self.instructions,
            examples=[self._example(place, given) for place, given in enumerate(examples, 1)],
        )

    def _example(self, place: int, example: Example) -> Example:
        """Return an example with its values in the one form that JSON has for them."""
        try:
            self._check_names(example.values)
            fields = {name: self[name].relaxed() for name in example.values}
            checked = {name: field.check(example.values[name]) for name, field in fields.items()}
            said = {name: field.check_with(checked[name], checked) for name, field in fields.items()}
            values = {name: field.encode(said[name]) for name, field in fields.items()}
        except LabelError as error:
            raise SchemaError(f"example {place} of the instructions: {error}") from error
        return replace(example, values=values)

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
        """Read what `to_json` wrote; all but the fields may be absent.

        Raises
        ------
        SchemaError
            For unknown keys, and all that a schema refuses at birth.
        """
        known = {item.name for item in fields(cls)}
        if (
            not isinstance(json, Mapping)
            or not isinstance(json.get("fields"), list)
            or not json.keys() <= known
        ):
            keys = listed(map(str, json)) if isinstance(json, Mapping) else shown(json)
            raise SchemaError(
                f"a schema is a dict with a list of fields and any of {listed(known - {'fields'})}; found {keys}"
            )
        rest = {key: value for key, value in json.items() if key not in ("fields", "instructions")}
        instructions = Instructions.from_json(json.get("instructions", {}))
        return cls(*map(Field.from_json, json["fields"]), instructions=instructions, **rest)


def _reasons(reasons: object) -> tuple[str, ...]:
    if isinstance(reasons, str) or not isinstance(reasons, Iterable):
        raise SchemaError(f"skip_reasons must be a list of words, found {shown(reasons)}")
    return tuple(checked_name(reason, "a reason to skip") for reason in reasons)


def _distinct(given: Sequence[object]) -> tuple[Field, ...]:
    strange = [item for item in given if not isinstance(item, Field)]
    if strange or not given:
        found = shown(strange[0]) if strange else "none"
        raise SchemaError(
            f"a schema is made of fields, as in Schema(Boxes('objects', ['car']), Choice('weather', ['sun'])); found {found}"
        )
    made = tuple(item for item in given if isinstance(item, Field))
    twice = [name for name, count in Counter(field.name for field in made).items() if count > 1]
    if twice:
        raise SchemaError(f"two fields are named {listed(twice)}; each needs its own name")
    return made
