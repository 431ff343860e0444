"""Labels in a tree, where the path from the root is a label's identity: building the tree from what people have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ..errors import SchemaError, did_you_mean, listed, shown
from .label import Label

SEPARATOR = " > "
"""Joins a path where it stands as text; no name in a tree holds it."""
DEEPEST = 32
"""Levels of a tree."""

Path = tuple[str, ...]


def path_of(label: Label) -> Path:
    """Path of a label from the root, itself last."""
    return (*label.parent.split(SEPARATOR), label.name) if label.parent else (label.name,)


def joined(path: Iterable[str]) -> str:
    """Path as text: "animal > mammal > cat"."""
    return SEPARATOR.join(path)


def tree_of(nodes: object, what: str) -> tuple[Label, ...]:
    """Make the labels of a tree, depth first, each with its parent's path.

    Parameters
    ----------
    nodes : nested dict, list, or both
        `{"animal": ["cat", "dog"]}`, or a list of names, of paths (tuples, or "animal > cat"), or of Labels whose
        parents are paths or names that are unique.
    what : str
        Whose nodes they are, for messages.

    Raises
    ------
    SchemaError
        For a path given twice, a parent that is missing, ambiguous or below its child, and too deep a tree.
    """
    collected = _Collector(what)
    collected.walk(nodes, ())
    if not collected.labels:
        raise SchemaError(f"{what} has no nodes; give at least one, as in {{'animal': ['cat', 'dog']}}")
    return collected.sorted()


class _Collector:
    """Gathers labels by their path as given, then finds each one's parent.

    Attributes
    ----------
    labels : dict
        Path as given ("parent as given > name") to label, in order of appearance.
    given : set
        Paths that were given, not only implied by a path below them.
    """

    def __init__(self, what: str) -> None:
        self.what = what
        self.labels: dict[str, Label] = {}
        self.given: set[str] = set()

    def walk(self, nodes: object, above: Path) -> None:
        """Take a dict or list of nodes below a path."""
        if len(above) >= DEEPEST:
            raise SchemaError(
                f"{self.what} is deeper than {DEEPEST} levels, at {joined(above[:3])} ...; does it hold itself?"
            )
        if isinstance(nodes, Mapping):
            for name, below in nodes.items():
                self._take(name, above)
                if below is not None:
                    self.walk(below, (*above, name.name if isinstance(name, Label) else name))
        elif isinstance(nodes, str) or not isinstance(nodes, Iterable):
            place = f" below {joined(above)!r}" if above else ""
            raise SchemaError(f"{self.what}: expected a dict or list of nodes{place}, found {shown(nodes)}")
        else:
            for node in nodes:
                self._take(node, above)

    def _take(self, node: object, above: Path) -> None:
        if isinstance(node, Mapping):
            self.walk(node, above)
        elif isinstance(node, Label):
            parent = joined((*above, node.parent) if node.parent else above)
            self._add(replace(node, parent=parent) if above else node)
        else:
            self._add_path((*above, *self._parts(node)))

    def _parts(self, node: object) -> Path:
        parts = node.split(SEPARATOR) if isinstance(node, str) else node
        if isinstance(parts, (tuple, list)) and parts and all(isinstance(part, str) for part in parts):
            for part in parts:
                self._check_name(part)
            return tuple(parts)
        raise SchemaError(
            f"{self.what}: expected a name, a path of names, a dict or a Label as a node, found {shown(node)}"
        )

    def _add_path(self, path: Path) -> None:
        if len(path) > DEEPEST:
            raise SchemaError(f"{self.what}: a path has at most {DEEPEST} names, found {len(path)}")
        for depth in range(1, len(path)):
            if joined(path[:depth]) not in self.labels:
                self.labels[joined(path[:depth])] = Label(
                    path[depth - 1], parent=joined(path[: depth - 1]) or None
                )
        self._add(Label(path[-1], parent=joined(path[:-1]) or None))

    def _check_name(self, name: str) -> None:
        if SEPARATOR in name:
            raise SchemaError(
                f"{self.what}: a node's name may not hold {SEPARATOR!r}, which separates the names of a path; found {name!r}"
            )

    def _add(self, label: Label) -> None:
        self._check_name(label.name)
        path = f"{label.parent}{SEPARATOR}{label.name}" if label.parent else label.name
        if path in self.given:
            raise SchemaError(
                f"{self.what} has {path!r} more than once; names may repeat only under different parents"
            )
        self.given.add(path)
        self.labels[path] = label

    def sorted(self) -> tuple[Label, ...]:
        """Return the labels depth first, each with its parent's whole path."""
        below = self._children()
        found: dict[str, Label] = {}
        waiting = [(path, "") for path in reversed(below.get(None, []))]
        while waiting:
            path, parent = waiting.pop()
            label = self.labels[path]
            whole = f"{parent}{SEPARATOR}{label.name}" if parent else label.name
            if whole in found:
                raise SchemaError(
                    f"{self.what} has {whole!r} more than once; names may repeat only under different parents"
                )
            found[whole] = label if (label.parent or "") == parent else replace(label, parent=parent)
            waiting += [(child, whole) for child in reversed(below.get(path, []))]
        if len(found) < len(self.labels):
            self._refuse_cycle(below)
        return tuple(found.values())

    def _children(self) -> dict[str | None, list[str]]:
        named: dict[str, list[str]] = {}
        for path, label in self.labels.items():
            named.setdefault(label.name, []).append(path)
        below: dict[str | None, list[str]] = {}
        for path, label in self.labels.items():
            below.setdefault(self._parent(label, named), []).append(path)
        return below

    def _parent(self, label: Label, named: Mapping[str, list[str]]) -> str | None:
        if label.parent is None or label.parent in self.labels:
            return label.parent
        candidates = named.get(label.parent, [])
        if len(candidates) == 1:
            return candidates[0]
        if candidates:
            message = f"{self.what}: the parent {label.parent!r} of {label.name!r} is one of {listed(candidates)}; give its path"
        else:
            hint = did_you_mean(label.parent, named, "Add it to the nodes.")
            message = f"{self.what}: the parent {label.parent!r} of {label.name!r} is missing. {hint}"
        raise SchemaError(message)

    def _refuse_cycle(self, below: Mapping[str | None, list[str]]) -> None:
        above = {child: parent for parent, children in below.items() for child in children}
        reached: set[str | None] = set()
        for path in self.labels:
            trail: dict[str | None, None] = {}
            step: str | None = path
            while step is not None and step not in trail and step not in reached:
                trail[step] = None
                step = above[step]
            if step in trail:
                names = [self.labels[place].name for place in trail if place is not None]
                raise SchemaError(
                    f"{self.what}: {listed(names)} are each other's ancestors; a tree has no cycles"
                )
            reached |= trail.keys()
