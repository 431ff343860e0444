"""A label: one of the names that a field offers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import KW_ONLY, dataclass
from functools import partial
from typing import Any, ClassVar, Self

from ..errors import SchemaError, listed, shown
from .checks import checked_color, checked_hotkey, checked_name, checked_prose

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

    keys: ClassVar[tuple[str, ...]] = (
        "name",
        "title",
        "color",
        "hotkey",
        "description",
        "aliases",
        "parent",
    )
    """What it says, in JSON."""

    name: str
    _: KW_ONLY
    title: str = ""
    color: str | None = None
    hotkey: str | None = None
    description: str = ""
    aliases: tuple[str, ...] = ()
    parent: str | None = None

    def __post_init__(self) -> None:
        """Check the words; those left at their defaults need none (a taxonomy has 10,000 labels)."""
        put = partial(object.__setattr__, self)
        put("name", checked_name(self.name, "a label's name"))
        if self.title != "":
            put("title", checked_prose(self.title, f"title of label {self.name!r}"))
        if self.description != "":
            put("description", checked_prose(self.description, f"description of label {self.name!r}"))
        if self.color is not None:
            put("color", checked_color(self.color))
        if self.hotkey is not None:
            put("hotkey", checked_hotkey(self.hotkey))
        if self.aliases != ():
            put("aliases", _aliases(self.aliases, self.name))
        if self.parent is not None and (not isinstance(self.parent, str) or not self.parent):
            raise SchemaError(
                f"parent of label {self.name!r} must be the parent's name or path, found {shown(self.parent)}"
            )

    def to_json(self) -> dict[str, Json]:
        """Return what differs from a label with nothing but a name."""
        values = {name: getattr(self, name) for name in Label.keys}
        return {name: list(value) if name == "aliases" else value for name, value in values.items() if value}

    @classmethod
    def from_json(cls, json: Mapping[str, Json]) -> Self:
        """Read what `to_json` wrote; on `Label` itself the keys decide the class.

        Raises
        ------
        SchemaError
            For unknown keys, besides what a label refuses at birth.
        """
        kinds: tuple[type[Any], ...] = (cls, *LABELS)
        made = next((kind for kind in kinds if issubclass(kind, cls) and _fits(kind, json)), None)
        if made is None:
            keys = listed(map(str, json)) if isinstance(json, Mapping) else shown(json)
            raise SchemaError(
                f"a label is a dict with a name and any of {listed(cls.keys[1:])}; found {keys}"
            )
        return made(**json)

    def wire(self, id: str | None = None) -> dict[str, Json]:
        """Return the label as `LabelJson` of the wire; `id` is unique in its field, the name unless given."""
        return {
            "id": self.name if id is None else id,
            "name": self.name,
            "title": self.title or self.name,
            "color": self.color,
            "hotkey": self.hotkey,
            "description": self.description,
            "aliases": list(self.aliases),
            "parent": self.parent,
        }


LABELS: list[type[Label]] = []
"""Kinds of labels that say more than others."""


def _fits(made: type[Label], json: object) -> bool:
    return (
        isinstance(json, Mapping)
        and "name" in json
        and json.keys() <= _KEYS.setdefault(made, frozenset(made.keys))
    )


_KEYS: dict[type[Label], frozenset[str]] = {}


def as_labels(items: object, what: str) -> tuple[Label, ...]:
    """Make labels of names, for a field whose labels have no parents.

    Raises
    ------
    SchemaError
        For names given twice, parents, and what is neither a name nor a label.
    """
    if isinstance(items, (str, Mapping)) or not isinstance(items, Iterable):
        raise SchemaError(f"{what} needs a list of names or Labels, found {shown(items)}")
    labels = tuple(item if isinstance(item, Label) else Label(item) for item in items)
    twice = [name for name, count in Counter(label.name for label in labels).items() if count > 1]
    if twice:
        raise SchemaError(f"{what} has {listed(twice)} more than once; each label needs its own name")
    child = next((label for label in labels if label.parent is not None), None)
    if child:
        raise SchemaError(
            f"{what} has no tree, but label {child.name!r} has the parent {child.parent!r}; use Taxonomy"
        )
    return labels


def labels_from_json(json: object) -> list[Label]:
    """Read a list of labels, each as `Label.to_json` wrote it."""
    if not isinstance(json, list):
        raise SchemaError(f"labels must be a list of dicts, found {shown(json)}")
    return [Label.from_json(item) for item in json]


def _aliases(aliases: object, name: str) -> tuple[str, ...]:
    if isinstance(aliases, str) or not isinstance(aliases, Iterable):
        raise SchemaError(f"aliases of label {name!r} must be a list of words, found {shown(aliases)}")
    return tuple(checked_name(alias, f"an alias of label {name!r}") for alias in aliases)
