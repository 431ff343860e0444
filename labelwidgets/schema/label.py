"""A label: one of the names that a field offers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import KW_ONLY, dataclass
from functools import partial
from typing import Any, Self

from ..errors import SchemaError, listed, shown
from .names import checked_color, checked_hotkey, checked_name, checked_prose

Json = Any


@dataclass(frozen=True, slots=True)
class Label:
    """A name that a field offers, and how it looks.

    Parameters
    ----------
    name : str
        What answers say; renaming it is a migration.
    title : str, keyword
        What people read; the name when empty.
    color : str or None
        "#rrggbb"; None takes the next of the palette.
    hotkey : str or None
        One digit or lower-case letter a-z; None takes the next one free.
    description : str
        What belongs under the label and what does not.
    aliases : tuple of str
        Other words that find it by typing.
    parent : str or None
        In a taxonomy the parent's path ("animal > mammal", or its name where that is unique).
    """

    name: str
    _: KW_ONLY
    title: str = ""
    color: str | None = None
    hotkey: str | None = None
    description: str = ""
    aliases: tuple[str, ...] = ()
    parent: str | None = None

    def __post_init__(self) -> None:
        """Check the words."""
        put = partial(object.__setattr__, self)
        put("name", checked_name(self.name, "a label's name"))
        put("title", checked_prose(self.title, f"the title of label {self.name!r}"))
        put("description", checked_prose(self.description, f"the description of label {self.name!r}"))
        put("color", None if self.color is None else checked_color(self.color))
        put("hotkey", None if self.hotkey is None else checked_hotkey(self.hotkey))
        put("aliases", _aliases(self.aliases, self.name))

    def to_json(self) -> dict[str, Json]:
        """Return what differs from a label with nothing but a name."""
        values = {name: getattr(self, name) for name in ATTRIBUTES}
        return {name: list(value) if name == "aliases" else value for name, value in values.items() if value}

    @classmethod
    def from_json(cls, json: Mapping[str, Json]) -> Self:
        """Read what `to_json` wrote.

        Raises
        ------
        SchemaError
            For unknown keys, besides what a label refuses at birth.
        """
        if not isinstance(json, Mapping) or not json.keys() <= ATTRIBUTES_SET or "name" not in json:
            raise SchemaError(f"a label is a dict with name and any of {listed(ATTRIBUTES)}; found {shown(json)}")
        return cls(**json)

    def wire(self, id: str | None = None, parent: str | None = None) -> dict[str, Json]:
        """Return the label as `LabelJson` of the wire."""
        return {
            "id": id or self.name,
            "name": self.name,
            "title": self.title,
            "color": self.color,
            "hotkey": self.hotkey,
            "description": self.description,
            "aliases": list(self.aliases),
            "parent": parent,
        }


ATTRIBUTES = ("name", "title", "color", "hotkey", "description", "aliases", "parent")
ATTRIBUTES_SET = frozenset(ATTRIBUTES)


def as_labels(items: Iterable[str | Label], what: str) -> tuple[Label, ...]:
    """Make labels of names; each name once.

    Raises
    ------
    SchemaError
        For names given twice and what is neither a name nor a label.
    """
    if isinstance(items, (str, Mapping)):
        raise SchemaError(f"{what} must be a list of names or Labels, found {shown(items)}")
    labels = tuple(item if isinstance(item, Label) else Label(item) for item in items)
    counts = Counter(label.name for label in labels)
    twice = [name for name, count in counts.items() if count > 1]
    if twice:
        raise SchemaError(f"{what} names {listed(twice)} more than once; each label has its own name")
    return labels


def _aliases(aliases: object, name: str) -> tuple[str, ...]:
    if isinstance(aliases, str) or not isinstance(aliases, Iterable):
        raise SchemaError(f"aliases of label {name!r} must be a list of words, found {shown(aliases)}")
    return tuple(checked_name(alias, f"an alias of label {name!r}") for alias in aliases)
