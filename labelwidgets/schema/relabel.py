"""Changes a field's labels while every other label stays where it is; flat labels are paths of one name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..errors import SchemaError, did_you_mean, shown
from .tree import Path, joined, path_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .label import Label


class Relabelling:
    """Labels being changed: each change costs what it touches, so that 10,000 of them are quick.

    Parameters
    ----------
    labels : sequence of Label
        As they were.
    tree : bool
        Whether they have parents.
    """

    def __init__(self, labels: Sequence[Label], *, tree: bool) -> None:
        self._tree = tree
        self._labels: dict[Path, Label] = {}
        self._order: dict[Path, float] = {}
        self._below: dict[Path, dict[Path, None]] = {}
        for number, label in enumerate(labels):
            self._keep(path_of(label), label, number)

    def labels(self) -> list[Label]:
        """Return the labels as they are now, in order."""
        return [self._labels[path] for path in sorted(self._order, key=self._order.__getitem__)]

    def add(self, label: Label, position: int | None) -> None:
        """Take one more label, at the end or at a position among all."""
        path = path_of(label)
        if path in self._labels:
            raise SchemaError(f"there is a label {joined(path)!r} already")
        if self._tree and len(path) > 1:
            self._find(path[:-1])
        self._keep(path, label, self._place(position))

    def rename(self, old: str | Path, new: str) -> None:
        """Call a label otherwise; those below it follow."""
        path = self._find(old)
        moved = (*path[:-1], new)
        if moved == path:
            return
        if moved in self._labels:
            raise SchemaError(
                f"{joined(path)!r} can't be renamed to {joined(moved)!r}, which is there already; merge them by MergeLabels"
            )
        self._move(path, moved)

    def merge(self, olds: Iterable[str | Path], into: str | Path) -> None:
        """Drop labels whose answers pass to another; those below them go below it."""
        target, paths = self._find(into), [self._find(old) for old in olds]
        for path in paths:
            if target[: len(path)] == path:
                raise SchemaError(
                    f"{joined(path)!r} can't be merged into {joined(target)!r}, which is the same label or lies below it"
                )
        for path in paths:
            self._move(path, target)

    def remove(self, old: str | Path) -> None:
        """Drop a label and those below it."""
        for path in self._with_below(self._find(old)):
            self._drop(path)

    def _find(self, given: str | Path) -> Path:
        if isinstance(given, str) is self._tree:
            expected = (
                'a path from the root as a tuple, such as ("animal", "cat")' if self._tree else "a name"
            )
            raise SchemaError(f"a label of this field is given as {expected}, found {shown(given)}")
        path = (given,) if isinstance(given, str) else tuple(given)
        if path not in self._labels:
            near = did_you_mean(joined(path), map(joined, self._labels))
            raise SchemaError(f"there is no label {joined(path)!r}. {near}".rstrip())
        return path

    def _place(self, position: int | None) -> float:
        places = sorted(self._order.values())
        if position is None or position >= len(places):
            return places[-1] + 1 if places else 0.0
        before = places[position - 1] if position > 0 else places[0] - 2
        return (before + places[position]) / 2

    def _keep(self, path: Path, label: Label, place: float) -> None:
        self._labels[path] = label
        self._order[path] = place
        self._below.setdefault(path[:-1], {})[path] = None

    def _drop(self, path: Path) -> tuple[Label, float]:
        self._below[path[:-1]].pop(path)
        return self._labels.pop(path), self._order.pop(path)

    def _with_below(self, path: Path) -> list[Path]:
        found = [path]
        for above in found:
            found += self._below.get(above, ())
        return found

    def _move(self, old: Path, new: Path) -> None:
        """Put a label and those below it elsewhere; where there is one already, that one stays."""
        if old not in self._labels:
            return  # Went along with a label above it.
        for path in self._with_below(old):
            label, place = self._drop(path)
            moved = new + path[len(old) :]
            if moved not in self._labels:
                self._keep(moved, replace(label, name=moved[-1], parent=joined(moved[:-1]) or None), place)
