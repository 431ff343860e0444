"""Reads answers that were given under an older schema as the present one says them; what is stored stays as it is."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .field import Field
    from .tree import Path

Json = Any


class Upgrade:
    """A way to read old answers, built up by the changes that came after them; call it with an answer in JSON.

    Fields are named as the changes name them, "objects.color" being the attribute color of the boxes in objects.

    Parameters
    ----------
    fields : iterable of Field
        Those of the present schema that refer to others.
    """

    def __init__(self, fields: Iterable[Field] = ()) -> None:
        self._fields = _Level()
        self._now = tuple(fields)

    def __call__(self, values: Mapping[str, Json]) -> dict[str, Json]:
        """Return an answer in the present schema."""
        read = self._fields.read(values)
        for field in self._now:
            if field.name in read:
                read[field.name] = field.kept(read[field.name], read)
        return read

    def add(self, place: str) -> None:
        """Begin a field that no older answer has."""
        level, name = self._level(place)
        level.now[name] = _Track(name)

    def rename(self, place: str, new: str) -> None:
        """Find a field's answers under the old name."""
        level, name = self._level(place)
        track = level.track(name)
        del level.now[name]
        track.name = new
        level.now[new] = track

    def remove(self, place: str) -> None:
        """Pass over a field's answers."""
        level, name = self._level(place)
        level.track(name).name = None
        del level.now[name]

    def relabel(self, place: str, old: str | Path, new: Path | None) -> None:
        """Read a label, and those below it, as another; None passes over answers with it."""
        level, name = self._level(place)
        level.track(name).relabel(old, new)

    def _level(self, place: str) -> tuple[_Level, str]:
        within, _, name = place.rpartition(".")
        return (self._fields.track(within).attributes if within else self._fields), name


class _Level:
    """What became of the fields of a schema, or of the attributes of one field's regions.

    Attributes
    ----------
    now, before : dict
        Fields by the name they have now, and by the one they had in old answers.
    """

    def __init__(self) -> None:
        self.now: dict[str, _Track] = {}
        self.before: dict[str, _Track] = {}

    def track(self, name: str) -> _Track:
        """Return the field that has the name now; one that no change spoke of had it always."""
        if name not in self.now:
            self.now[name] = self.before[name] = _Track(name)
        return self.now[name]

    def read(self, values: Mapping[str, Json]) -> dict[str, Json]:
        """Return old values under the names, and in the words, of now."""
        read: dict[str, Json] = {}
        for name, value in values.items():
            track = self.before.get(name)
            if track is None:
                read[name] = value
            elif track.name is not None:
                read[track.name] = track.read(value)
        return read


class _Track:
    """What became of one field.

    Attributes
    ----------
    name : str or None
        Its name now; None when it was removed.
    attributes : _Level
        What became of the attributes of its regions.
    """

    def __init__(self, name: str) -> None:
        self.name: str | None = name
        self.attributes = _Level()
        self._tree = False
        self._changes: list[tuple[Path, Path | None]] = []
        self._numbers: dict[Path, list[int]] = {}
        self._known: dict[Path, Path | None] = {}

    def relabel(self, old: str | Path, new: Path | None) -> None:
        self._tree = not isinstance(old, str)
        path = (old,) if isinstance(old, str) else tuple(old)
        self._numbers.setdefault(path, []).append(len(self._changes))
        self._changes.append((path, new))
        self._known.clear()

    def read(self, value: Json) -> Json:
        """Return a field's value, of whatever kind, in the present schema."""
        if isinstance(value, list) and value and isinstance(value[0], dict):
            return [region for region in map(self._region, value) if region is not None]
        if not value or not self._changes:
            return value
        if isinstance(value, str):
            return self._name(value)
        if self._tree and isinstance(value[0], str):
            path = self._path(tuple(value))
            return None if path is None else list(path)
        return self._several(value)

    def _several(self, values: Sequence[Json]) -> list[Json] | None:
        """Return the labels that are left, each once; None when none is."""
        paths = [self._path(tuple(value) if self._tree else (value,)) for value in values]
        left = [path for path in dict.fromkeys(paths) if path is not None]
        return [list(path) if self._tree else path[0] for path in left] or None

    def _region(self, region: Mapping[str, Json]) -> dict[str, Json] | None:
        label = region.get("label")
        now = self._name(label) if label is not None and self._changes else label
        if now is None and label is not None:
            return None
        return {**region, "label": now, "attributes": self.attributes.read(region.get("attributes") or {})}

    def _name(self, name: str) -> str | None:
        path = self._path((name,))
        return None if path is None else path[0]

    def _path(self, path: Path) -> Path | None:
        if path not in self._known:
            self._known[path] = self._followed(path)
        return self._known[path]

    def _followed(self, path: Path) -> Path | None:
        """Apply the changes in order, looking only at those that touch the path or what lies above it."""
        after = 0
        while True:
            touching = [self._next(path[:depth], after) for depth in range(1, len(path) + 1)]
            number = min(touching)
            if number == len(self._changes):
                return path
            old, new = self._changes[number]
            if new is None:
                return None
            path, after = new + path[len(old) :], number + 1

    def _next(self, path: Path, after: int) -> int:
        numbers = self._numbers.get(path, [])
        place = bisect_left(numbers, after)
        return numbers[place] if place < len(numbers) else len(self._changes)
