"""Taxonomy: a place in a tree of labels, found by typing."""

from __future__ import annotations

import json as jsonlib
import unicodedata
from dataclasses import dataclass, replace
from functools import cached_property
from heapq import nsmallest
from typing import TYPE_CHECKING, Any, ClassVar

from ..errors import LabelError, SchemaError, did_you_mean, listed
from .checks import checked_flag
from .field import Field, Json, register
from .label import Label, labels_from_json
from .looks import colored
from .tree import SEPARATOR, Path, joined, path_of, tree_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..labels import Extent


@register
@dataclass(frozen=True, init=False)
class Taxonomy(Field):
    """A node of a tree, or several.

    Values are paths from the root as tuples of names, with `multiple` lists of paths; in JSON lists of names. A path
    may also be given as text ("animal > cat"), or as a name that only one node has.

    Parameters
    ----------
    nodes : nested dict, or sequence of names, paths or Labels
        `{"animal": ["cat", "dog"]}`, `[("animal", "cat"), "plant"]`, `[Label("cat", parent="animal"), ...]`.
    multiple : bool
        Whether several nodes may hold at once.
    partial : bool
        Whether an inner node may be the answer.
    """

    kind: ClassVar[str] = "taxonomy"
    hotkeyed: ClassVar[bool] = False
    labels_in: ClassVar[str] = "nodes"

    nodes: tuple[Label, ...]
    multiple: bool
    partial: bool

    def __init__(
        self,
        name: str,
        nodes: Any,
        *,
        multiple: bool = False,
        partial: bool = True,
        required: bool = True,
        title: str = "",
        help: str = "",
    ) -> None:
        super().__init__(name, title=title, help=help, required=required)
        self._put(
            nodes=tree_of(nodes, f"field {name!r}"),
            multiple=checked_flag(multiple, f"multiple of field {name!r}"),
            partial=checked_flag(partial, f"partial of field {name!r}"),
        )
        keyed = next((label for label in self.nodes if label.hotkey), None)
        if keyed:
            raise SchemaError(
                f"node {keyed.name!r} of field {name!r} asks for the hotkey {keyed.hotkey!r}; nodes have none, they are found by typing"
            )

    @cached_property
    def _places(self) -> dict[str, int]:
        """Path as text to its place among the nodes."""
        return {joined(path_of(label)): place for place, label in enumerate(self.nodes)}

    @cached_property
    def _inner(self) -> frozenset[str]:
        return frozenset(label.parent for label in self.nodes if label.parent)

    @cached_property
    def _named(self) -> dict[str, list[str]]:
        """Name or alias to the paths, as text, of the nodes that have it."""
        named: dict[str, list[str]] = {}
        for path, label in zip(self._places, self.nodes, strict=True):
            for name in {label.name, *label.aliases}:
                named.setdefault(name, []).append(path)
        return named

    @cached_property
    def _folded(self) -> list[tuple[str, str, str]]:
        """For each node what typing finds it by: its own words, each word led by a blank, the whole path."""
        own = [_fold(" ".join((label.name, label.title, *label.aliases))) for label in self.nodes]
        return [(words, f" {words}", _fold(path)) for words, path in zip(own, self._places, strict=True)]

    def paths(self) -> list[Path]:
        """All paths, depth first."""
        return [path_of(label) for label in self.nodes]

    def search(self, text: str, n: int = 20) -> list[Path]:
        """Nodes that typing finds, the best first.

        Each word must stand in the node's path, title or aliases; case and accents do not count. Names that are the
        text come first, then those that begin with it, then those with a word that begins with it, then the rest; among
        equals the shallower node, then the order of the tree.

        Parameters
        ----------
        text : str
            What was typed; "" finds the first nodes.
        n : int
            Most results.
        """
        typed = _fold(text)
        words = typed.split()
        ranked = (
            (_rank(typed, own, led), path.count(SEPARATOR), place)
            for place, (own, led, path) in enumerate(self._folded)
            if all(word in path or word in own for word in words)
        )
        return [path_of(self.nodes[place]) for _, _, place in nsmallest(n, ranked)]

    def colored(self, start: int = 0) -> tuple[Label, ...]:
        """Return the nodes with a colour each: their own, else their parent's; roots take those of the palette."""
        roots = iter(colored([label for label in self.nodes if not label.parent], start))
        shown: dict[str, Label] = {}
        for path, label in zip(self._places, self.nodes, strict=True):
            if not label.parent:
                shown[path] = next(roots)
            else:
                shown[path] = label if label.color else replace(label, color=shown[label.parent].color)
        return tuple(shown.values())

    def remedy(self) -> str:
        """Say how to answer."""
        example = path_of(
            next(label for label in reversed(self.nodes) if joined(path_of(label)) not in self._inner)
        )
        return f"Give {f'a list of paths such as {[example]}' if self.multiple else f'a path such as {example}'}."

    def _check(self, value: object, extent: Extent) -> Path | list[Path]:
        del extent
        if not self.multiple:
            return self._node(value)
        if not isinstance(value, (list, tuple, set, frozenset)):
            raise LabelError.refused(self.name, value, "a list of paths", self.remedy())
        if not value and self.required:
            raise LabelError.refused(
                self.name, value, "at least one path (the field is required)", self.remedy()
            )
        if len(value) > len(self.nodes):
            raise LabelError.refused(
                self.name, value, f"at most {len(self.nodes):,} paths", "Remove the repeats."
            )
        chosen = {self._node(node) for node in value}
        if len(chosen) < len(value):
            raise LabelError.refused(self.name, value, "each path at most once", "Remove the repeats.")
        return sorted(chosen, key=lambda path: self._places[joined(path)])

    def _node(self, value: object) -> Path:
        text = self._text(value)
        if text not in self._places:
            paths = self._named.get(text, [])
            if len(paths) != 1:
                self._refuse(value, text, paths)
            text = paths[0]
        if not self.partial and text in self._inner:
            raise LabelError.refused(
                self.name, text, "a node with none below it", "Go on to one of the nodes below."
            )
        return path_of(self.nodes[self._places[text]])

    def _text(self, value: object) -> str:
        if isinstance(value, str):
            return value
        if isinstance(value, (list, tuple)) and value and all(isinstance(name, str) for name in value):
            # A name that holds the separator would read as two nodes.
            return "" if any(SEPARATOR in name for name in value) else joined(value)
        raise LabelError.refused(self.name, value, "a path of names", self.remedy())

    def _refuse(self, value: object, text: str, paths: Sequence[str]) -> None:
        if paths:
            raise LabelError.refused(
                self.name, value, f"one of {listed(paths)}", "Several nodes have that name: give the path."
            )
        shown = text or value
        near = did_you_mean(text, self._named if SEPARATOR not in text else self._places, self.remedy())
        raise LabelError.refused(self.name, shown, f"the path of one of the {len(self.nodes):,} nodes", near)

    def encode(self, value: Any) -> Json:
        """Return a path as a list of names, with `multiple` a list of those."""
        if value is None:
            return None
        return [list(path) for path in value] if self.multiple else list(value)

    def decode(self, json: Json) -> Any:
        """Return the path, or paths, that `encode` gave."""
        if json is None:
            return None
        return [tuple(path) for path in json] if self.multiple else tuple(json)

    def cell(self, json: Json) -> object:
        """Return the path as text, with `multiple` such texts as a JSON list."""
        if json is None:
            return None
        return (
            jsonlib.dumps([joined(path) for path in json], ensure_ascii=False)
            if self.multiple
            else joined(json)
        )

    @classmethod
    def arguments(cls, json: dict[str, Json]) -> dict[str, Any]:
        """Turn the JSON's values into arguments of the constructor."""
        return json | {"nodes": labels_from_json(json["nodes"])}

    def wire(self, labels: Sequence[Label] = ()) -> dict[str, Json]:
        """Return `TaxonomyJson`: nodes depth first; ids are paths as text."""
        shown = zip(self._places, labels or self.colored(), strict=True)
        return super().wire() | {"nodes": [label.wire(path) for path, label in shown]}


def _rank(typed: str, own: str, led: str) -> int:
    if own == typed:
        return 0
    if own.startswith(typed):
        return 1
    return 2 if f" {typed}" in led else 3


def _fold(text: str) -> str:
    """Fold case and drop accents: what people type."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if not unicodedata.combining(char))
