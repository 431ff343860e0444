"""The answers of a session as a gallery sees them: which labels each names, and which of them pass a filter."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from ..errors import LabelError, did_you_mean, listed
from ..schema.tree import joined, path_of

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from ..schema import Field, Schema

Named = Mapping[str, Sequence[str]]
"""Labels that one answer names, by field."""

NOTHING = ""
"""Stands among the labels for an answer that names none: an empty list of boxes, a field left out."""

STATUSES: Mapping[str, Callable[[pd.DataFrame], pd.Series[bool]]] = {
    "submitted": lambda table: (table["status"] == "submitted").fillna(value=False),
    "skipped": lambda table: (table["status"] == "skipped").fillna(value=False),
    "rejected": lambda table: (table["status"] == "rejected").fillna(value=False),
    "stale": lambda table: table["stale"],
    "unsure": lambda table: (table["confidence"] == "unsure").fillna(value=False),
}
"""What can be asked of an answer's state, each as a mask over `Session.annotations()`."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which answers a gallery shows; None asks for nothing.

    Attributes
    ----------
    field : str or None
        Only what was said in this field: answers that fill it, its labels, its regions.
    label : str or None
        Answers that name this label, or with "" those that name none.
    annotator : str or None
        Answers of this person.
    status : str or None
        One of `STATUSES`.
    """

    field: str | None = None
    label: str | None = None
    annotator: str | None = None
    status: str | None = None

    def checked(self, answers: Answers) -> Filter:
        """Return the filter when all that it names can be.

        Raises
        ------
        LabelError
            For a field or label that the schema does not have, or an unknown status.
        """
        schema = answers.schema
        _known("field", self.field, schema.names)
        _known("status", self.status, STATUSES)
        if self.label not in (None, NOTHING):
            offered = [
                name for each in schema if self.field in (None, each.name) for name in known_labels(each)
            ]
            _known("label", self.label, dict.fromkeys([*offered, *answers.labels(self.field)]))
        return self


def _known(what: str, found: str | None, names: Sequence[str] | Mapping[str, object]) -> None:
    if found is not None and found not in names:
        hint = did_you_mean(found, names)
        raise LabelError(
            f"There is no {what} {found!r}; known are {listed(names)}. {hint}".rstrip(), found=found
        )


class Answers:
    """The current answers of a session, read once and filtered many times.

    Parameters
    ----------
    table : DataFrame
        As `Session.annotations()` gives it.
    schema : Schema
        The schema in which it was read.
    before : Answers, optional
        An earlier reading: what it knows of unchanged answers is not worked out again.
    """

    def __init__(self, table: pd.DataFrame, schema: Schema, before: Answers | None = None) -> None:
        order = ["task_id", "round", "annotator"]  # a corrected answer stays where it was
        self.table = table.sort_values(order, kind="stable", ignore_index=True)
        self.schema = schema
        same = before is not None and before.schema == schema
        self._known: dict[Hashable, Named] = dict(before._known) if before and same else {}  # noqa: SLF001 - its own kind

    @cached_property
    def named(self) -> list[Named]:
        """Labels that each answer names, by field, in the order of `table`; a skip is no answer and has no fields."""
        keys = self.table["annotation_id"].tolist()
        fresh = self.table.loc[pd.Series([key not in self._known for key in keys], dtype=bool)]
        columns = {field: fresh[field.name].tolist() for field in self.schema}
        skipped = (fresh["status"] == "skipped").tolist()
        for row, key in enumerate(fresh["annotation_id"].tolist()):
            said = {field.name: labels_in(field, cells[row]) for field, cells in columns.items()}
            self._known[key] = {} if skipped[row] else said
        return [self._known[key] for key in keys]

    def matching(self, chosen: Filter) -> pd.DataFrame:
        """Rows of `table` that pass the filter, in its order."""
        keep = pd.Series(data=True, index=self.table.index)
        if chosen.annotator is not None:
            keep &= (self.table["annotator"] == chosen.annotator).fillna(value=False)
        if chosen.status is not None:
            keep &= STATUSES[chosen.status](self.table)
        if chosen.field is not None:
            keep &= self.table[chosen.field].notna()
        if chosen.label is not None:
            named = [chosen.label in _labels(labels, chosen.field) for labels in self.named]
            keep &= pd.Series(named, index=keep.index, dtype=bool)
        return self.table[keep].reset_index(drop=True)

    def annotators(self) -> dict[str, int]:
        """Who answered, and how many answers each gave."""
        return {str(who): int(n) for who, n in self.table["annotator"].value_counts().sort_index().items()}

    def labels(self, field: str | None) -> dict[str, int]:
        """Labels in use in a field, or in all, and how many answers name each; in the order of the schema."""
        counts = Counter(label for labels in self.named for label in _labels(labels, field))
        order = [label for each in self.schema if field in (None, each.name) for label in known_labels(each)]
        place = {label: n for n, label in reversed(list(enumerate(order)))}
        found = sorted(counts, key=lambda label: (place.get(label, len(order)), label))
        return {label: counts[label] for label in found}


def _labels(labels: Named, field: str | None) -> set[str]:
    """Return what an answer names in a field, or in any; `NOTHING` when it names nothing there."""
    found = {label for name, several in labels.items() if field in (None, name) for label in several}
    return found or ({NOTHING} if labels else set())


def known_labels(field: Field) -> tuple[str, ...]:
    """Return the labels a field offers, as `labels_in` says them."""
    return tuple(joined(path_of(label)) for label in field.labelled)


def labels_in(field: Field, cell: object) -> tuple[str, ...]:
    """Return the labels that a cell of `annotations()` names: one a region, of an order the first, numbers as text."""
    if is_missing(cell):
        return ()
    if field.regions:
        return tuple(region.get("label") or NOTHING for region in json.loads(str(cell)))
    if field.kind == "ranking":
        return tuple(json.loads(str(cell))[:1])
    if getattr(field, "multiple", False):
        return tuple(json.loads(str(cell)))
    if field.labelled:
        return (str(cell),)
    return (f"{cell:g}",) if field.dtype != "string" else ()


def is_missing(cell: object) -> bool:
    """Whether a cell of a table says nothing."""
    return cell is None or cell is pd.NA or cell != cell  # noqa: PLR0124 - NaN
