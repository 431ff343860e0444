"""Changes of a field's labels that keep every other label where it is; flat labels are paths of one name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..errors import SchemaError, did_you_mean
from .label import Label
from .tree import Path, joined, path_of

Labels = Sequence[Label]


def added(labels: Labels, label: Label, position: int | None = None) -> list[Label]:
    """Return the labels with one more, at the end or at a position among all."""
    if path_of(label) in _by_path(labels):
        message = f"there is a label {joined(path_of(label))!r} already"
        raise SchemaError(message)
    if label.parent:
        found(labels, path_of(label)[:-1])
    kept = list(labels)
    kept.insert(len(kept) if position is None else position, label)
    return kept


def renamed(labels: Labels, old: Path, new: str) -> list[Label]:
    """Return the labels with one called otherwise; those below it follow."""
    found(labels, old)
    path = (*old[:-1], new)
    if path != old and path in _by_path(labels):
        message = f"{joined(old)!r} can't be renamed to {joined(path)!r}, which is there already; merge them by MergeLabels"
        raise SchemaError(message)
    return [_moved(label, old, path) for label in labels]


def merged(labels: Labels, olds: Sequence[Path], into: Path) -> list[Label]:
    """Return the labels without some, whose answers pass to another; those below them go below it."""
    found(labels, into)
    for old in olds:
        found(labels, old)
        if into[: len(old)] == old:
            message = f"{joined(old)!r} can't be merged into {joined(into)!r}, which is the same label or lies below it"
            raise SchemaError(message)
    kept = {path_of(label): label for label in labels}
    for old in olds:
        moved = [(path, _moved(label, old, into)) for path, label in kept.items()]
        kept = {path: label for path, label in kept.items() if path[: len(old)] != old}
        for path, label in moved:
            if path[: len(old)] == old and path != old:
                kept.setdefault(path_of(label), label)
    return list(kept.values())


def removed(labels: Labels, old: Path) -> list[Label]:
    """Return the labels without one and those below it."""
    found(labels, old)
    return [label for label in labels if path_of(label)[: len(old)] != old]


def found(labels: Labels, path: Path) -> Label:
    """Return the label of a path.

    Raises
    ------
    SchemaError
        When there is none.
    """
    by_path = _by_path(labels)
    if path not in by_path:
        message = f"there is no label {joined(path)!r}. {did_you_mean(joined(path), map(joined, by_path))}"
        raise SchemaError(message.rstrip())
    return by_path[path]


def _by_path(labels: Labels) -> Mapping[Path, Label]:
    return {path_of(label): label for label in labels}


def _moved(label: Label, old: Path, new: Path) -> Label:
    path = path_of(label)
    if path[: len(old)] != old:
        return label
    path = new + path[len(old) :]
    return replace(label, name=path[-1], parent=joined(path[:-1]) or None)
