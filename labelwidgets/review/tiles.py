"""One answer as a tile of the sheet: item, caption, state and shapes, as values that can be compared."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..passages import told
from ..schema.tree import joined, path_of
from .answers import is_missing, labels_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from ..records import Json, Task
    from ..schema import Field, Schema
    from ..session import Session

LONGEST = 60
"""Characters of one caption word."""

LINES = 400
"""Characters of a text item that its tile shows."""

MOST_CHIPS = 6
"""Labels that a caption names before it counts the rest."""

NEUTRAL = "#757575"
"""Colour of regions whose label the schema does not have (any more)."""

NEEDED = ("annotation_id", "task_id", "round", "annotator", "status", "confidence", "reason", "stale")
"""Columns of `Session.annotations()` that a tile takes besides its fields."""

Turned = tuple[float, float, float, float, float]
"""x, y, width, height in pixels of the item, angle in degrees."""


@dataclass(frozen=True, slots=True)
class Shapes:
    """Boxes of one colour, in pixels of the item."""

    color: str
    boxes: tuple[Turned, ...]


@dataclass(frozen=True, slots=True)
class Chip:
    """A word of a caption, with its label's colour ("" when it is no label)."""

    text: str
    color: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """One answer, ready to be drawn and captioned.

    Attributes
    ----------
    key : str
        Id of the annotation.
    place : tuple
        Task, round and annotator: what stays when the answer is corrected.
    task : Task
        The item.
    name : str
        The item's name for people.
    text : str
        First lines of an item that is no picture.
    annotator : str
        Who answered.
    chips : tuple of Chip
        What was said.
    marks : tuple of str
        What else is to be known: "skipped", "stale", "unsure".
    state : str
        Decides about the frame: "submitted", "skipped", "rejected" or "stale".
    shapes : tuple of Shapes
        Boxes to draw over the picture.
    """

    key: str
    place: tuple[int, int, str]
    task: Task
    name: str
    text: str
    annotator: str
    chips: tuple[Chip, ...]
    marks: tuple[str, ...]
    state: str
    shapes: tuple[Shapes, ...]

    def to_json(self, missing: str = "", reason: str = "") -> dict[str, Json]:
        """Return the tile as the sheet's front end takes it; all of it is plain text there.

        Parameters
        ----------
        missing, reason : str
            What stands in the picture's place when there is none, and why.
        """
        return {
            "key": self.key,
            "name": self.name,
            "who": self.annotator,
            "chips": [{"text": chip.text, "color": chip.color} for chip in self.chips],
            "marks": list(self.marks),
            "state": self.state,
            "text": self.text,
            "missing": missing,
            "reason": reason,
        }


def tiles_of(session: Session, table: pd.DataFrame, field: str | None) -> list[Tile]:
    """Make the tiles of some answers.

    Parameters
    ----------
    session : Session
        Where the items come from.
    table : DataFrame
        Rows of `session.annotations()`.
    field : str or None
        Show only what was said in this field.
    """
    tasks = {task.id: task for task in session.tasks(table["task_id"].unique().tolist())}
    looks = Looks(session.schema, field)
    names = [*NEEDED, *(each.name for each in looks.fields)]
    columns = zip(*(table[name].tolist() for name in names), strict=True)
    rows = [dict(zip(names, cells, strict=True)) for cells in columns]
    return [_tile(session, tasks[row["task_id"]], row, looks) for row in rows]


class Looks:
    """Titles and colours of the labels of some fields.

    Parameters
    ----------
    schema : Schema
        Where they come from.
    field : str or None
        The one field that is looked at, or all.
    """

    def __init__(self, schema: Schema, field: str | None) -> None:
        self.fields = [each for each in schema if field in (None, each.name)]
        self._labels = {each.name: _by_name(schema, each) for each in self.fields}
        self._plain = not any(each.regions for each in self.fields)  # else a swatch says which box it is

    def titles(self) -> dict[str, str]:
        """Return what people read for each label."""
        return {label: title for known in self._labels.values() for label, (title, _) in known.items()}

    def chips(self, row: Mapping[str, Any]) -> tuple[Chip, ...]:
        """Return the words of an answer's caption."""
        chips = [chip for field in self.fields for chip in self._said(field, row[field.name])]
        more = len(chips) - MOST_CHIPS
        return (*chips[:MOST_CHIPS], Chip(f"+{more}")) if more > 0 else tuple(chips)

    def _said(self, field: Field, cell: object) -> list[Chip]:
        if field.labelled or field.regions:
            known = self._labels[field.name]
            counts = Counter(labels_in(field, cell))
            looks = [(*known.get(label, (label, NEUTRAL)), n) for label, n in counts.items()]
            swatch = field.regions or self._plain
            return [_chip(title, color if swatch else "", n) for title, color, n in looks]
        if is_missing(cell):
            return []
        return [Chip(_cut(f"{field.title or field.name}: {cell}"))]

    def shapes(self, row: Mapping[str, Any]) -> tuple[Shapes, ...]:
        """Return an answer's boxes by colour, in the order in which the colours appear."""
        boxes: dict[str, list[Turned]] = {}
        for field in self.fields:
            for region in _regions(field, row[field.name]):
                _, color = self._labels[field.name].get(region.get("label") or "", ("", NEUTRAL))
                boxes.setdefault(color, []).append(_turned(region))
        return tuple(Shapes(color, tuple(several)) for color, several in boxes.items())


def _by_name(schema: Schema, field: Field) -> dict[str, tuple[str, str]]:
    """Title and colour by what `labels_in` says."""
    labels = schema.labels(field.name) if field.labelled else ()
    return {joined(path_of(label)): (label.title or label.name, label.color or NEUTRAL) for label in labels}


def _regions(field: Field, cell: object) -> list[dict[str, Any]]:
    if not field.regions or not isinstance(cell, str):
        return []
    return [region for region in json.loads(cell) if "width" in region]


def _turned(region: Mapping[str, Any]) -> Turned:
    x, y, width, height, angle = (
        float(region.get(name) or 0) for name in ("x", "y", "width", "height", "angle")
    )
    return x, y, width, height, angle


def _chip(title: str, color: str, count: int) -> Chip:
    words = _cut(title or "no label")
    return Chip(f"{words} \N{MULTIPLICATION SIGN}{count}" if count > 1 else words, color)


def _tile(session: Session, task: Task, row: Mapping[str, Any], looks: Looks) -> Tile:
    value = session.item_value(task)
    picture = session.modality == "image"
    answered = row["status"] == "submitted"
    return Tile(
        key=row["annotation_id"],
        place=(task.id, int(row["round"]), row["annotator"]),
        task=task,
        name=name_of(session, task),
        text="" if picture else _lines(told(value) if session.modality == "dialogue" else value),
        annotator=row["annotator"],
        chips=looks.chips(row) if answered else (Chip(_cut(_text(row["reason"]))),),
        marks=_marks(row, task),
        state="stale" if answered and row["stale"] else row["status"],
        shapes=looks.shapes(row) if answered and picture else (),
    )


def name_of(session: Session, task: Task) -> str:
    """Return what people call an item: its file's name, or its number."""
    if session.modality != "image":
        return f"item {task.id}"
    return _cut(str(session.item_value(task)).rpartition("/")[2], 120)


def _marks(row: Mapping[str, Any], task: Task) -> tuple[str, ...]:
    said = {
        row["status"]: row["status"] != "submitted",
        "stale": bool(row["stale"]),
        "unsure": _text(row["confidence"]) == "unsure",
        "flagged": task.flagged,
    }
    return tuple(mark for mark, holds in said.items() if holds)


def _lines(value: object) -> str:
    """Return the first lines of a text, or a row's columns one below the other."""
    if isinstance(value, dict):
        return "\n".join(f"{name}: {_cut(str(cell))}" for name, cell in value.items())[:LINES]
    return str(value)[:LINES]


def _text(cell: object) -> str:
    return cell if isinstance(cell, str) else ""


def _cut(words: str, longest: int = LONGEST) -> str:
    flat = " ".join(words.split())
    return flat if len(flat) <= longest else f"{flat[: longest - 1]}…"


def captions(tiles: Sequence[Tile], missing: Mapping[str, tuple[str, str]]) -> list[dict[str, Json]]:
    """Return tiles for the front end; `missing` says, by key, what stands for a picture that there is not, and why."""
    return [tile.to_json(*missing.get(tile.key, ("", ""))) for tile in tiles]
