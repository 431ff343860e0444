"""Annotations as tables: one row an answer, one row a region, or the source's own rows with their labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from .errors import LabelError
from .labels import number

if TYPE_CHECKING:
    from .records import Annotation, Json, Task
    from .schema import Field, Schema

TEXT = "string"
WHEN = "datetime64[us, UTC]"
WHOLE = "Int64"
REAL = "Float64"

ANNOTATION_DTYPES: Mapping[str, str] = {
    "annotation_id": TEXT,
    "task_id": "int64",
    "key": TEXT,
    "annotator": TEXT,
    "round": "int64",
    "status": TEXT,
    "version": "int64",
    "confidence": TEXT,
    "shown_at": WHEN,
    "first_act_at": WHEN,
    "submitted_at": WHEN,
    "seconds": REAL,
    "reason": TEXT,
    "model": TEXT,
    "instructions_version": "int64",
    "stale": "bool",
    "late": "bool",
    "created_at": WHEN,
}
"""Columns of `annotations()` before those of the fields."""

REGION_DTYPES: Mapping[str, str] = {
    "task_id": "int64",
    "key": TEXT,
    "annotator": TEXT,
    "field": TEXT,
    "region_id": TEXT,
    "label": TEXT,
    "score": REAL,
}
"""Columns of `regions()` before those of the shape and of the attributes."""

FRAME_DTYPES: Mapping[str, str] = {"label_status": TEXT, "annotator": TEXT, "labeled_at": WHEN}
"""Columns of `frame()` after those of the source and of the fields."""


def annotation_table(answers: Sequence[Annotation], schema: Schema, stale: Collection[str]) -> pd.DataFrame:
    """One row per annotation, one column per field.

    Parameters
    ----------
    answers : sequence of Annotation
        With values in the form of `schema`.
    stale : collection of str
        Ids of annotations whose task changed afterwards.
    """
    columns: dict[str, Any] = {
        "annotation_id": [a.id for a in answers],
        "task_id": [a.task_id for a in answers],
        "key": [a.key for a in answers],
        "annotator": [a.annotator for a in answers],
        "round": [a.round for a in answers],
        "status": [a.status for a in answers],
        "version": [a.version for a in answers],
        "confidence": [a.confidence for a in answers],
        "shown_at": [a.times.shown_at for a in answers],
        "first_act_at": [a.times.first_act_at for a in answers],
        "submitted_at": [a.times.submitted_at for a in answers],
        "seconds": [a.times.seconds for a in answers],
        "reason": [a.reason for a in answers],
        "model": [a.model for a in answers],
        "instructions_version": [a.instructions_version for a in answers],
        "stale": [a.id in stale for a in answers],
        "late": [a.late for a in answers],
        "created_at": [a.created_at for a in answers],
    }
    table = {name: _series(columns[name], dtype) for name, dtype in ANNOTATION_DTYPES.items()}
    for field in schema.fields:
        table[field.name] = _series([_cell(field, a.values) for a in answers], field.dtype)
    return pd.DataFrame(table)


def region_table(answers: Sequence[Annotation], fields: Sequence[Field]) -> pd.DataFrame:
    """One tidy row per region of the given region fields: who, what, where, and a column per attribute."""
    rows: list[dict[str, Any]] = []
    for answer in answers:
        for field in fields:
            for region in field.decode(answer.values.get(field.name) or []):
                rows.append(
                    {
                        "task_id": answer.task_id,
                        "key": answer.key,
                        "annotator": answer.annotator,
                        "field": field.name,
                        "region_id": region.id,
                        "label": region.label,
                        "score": region.score,
                    }
                    | region.row()
                    | {attribute.name: _cell(attribute, region.attributes) for attribute in field.attributes}
                )
    dtypes = dict(REGION_DTYPES)
    for field in fields:
        dtypes |= dict.fromkeys(field.region_type.columns, "float64")
        dtypes |= {attribute.name: attribute.dtype for attribute in field.attributes}
    return pd.DataFrame({name: _series([row.get(name) for row in rows], dtype) for name, dtype in dtypes.items()})


def labeled_frame(
    source: pd.DataFrame, keys: Sequence[str | None], answers: Sequence[Annotation], schema: Schema, stale: Collection[str]
) -> pd.DataFrame:
    """Rows of `source` with one column per field, `label_status`, `annotator` and `labeled_at`.

    Several annotators' answers to an item-level field become the most frequent one (of equally frequent ones the
    earliest given); of regions the newest answer stands.

    Parameters
    ----------
    keys : sequence of str or None, one per row
        The task each row belongs to; None for a row that was rejected.
    """
    by_key: dict[str, list[Annotation]] = {}
    for answer in answers:
        by_key.setdefault(answer.key, []).append(answer)
    settled = {key: _settled(given, schema, stale) for key, given in by_key.items()}
    nothing = {"label_status": "open"}
    refused = {"label_status": "rejected"}
    rows = [refused if key is None else settled.get(key, nothing) for key in keys]
    labels = {field.name: field.dtype for field in schema.fields} | dict(FRAME_DTYPES)
    result = source.copy()
    for name, dtype in labels.items():
        column = _series([row.get(name) for row in rows], dtype)
        column.index = result.index
        result[_free(name, source.columns)] = column
    return result


def _settled(answers: Sequence[Annotation], schema: Schema, stale: Collection[str]) -> dict[str, Any]:
    given = [a for a in answers if a.status == "submitted"]
    if not given:
        return {"label_status": answers[-1].status, "annotator": _people(answers)}
    values = {field.name: _agreed(field, given) for field in schema.fields}
    status = "stale" if all(a.id in stale for a in given) else "submitted"
    return values | {"label_status": status, "annotator": _people(given), "labeled_at": given[-1].created_at}


def _agreed(field: Field, given: Sequence[Annotation]) -> object:
    if field.regions or len(given) == 1:
        return _cell(field, given[-1].values)
    counts = Counter(cell for cell in (_cell(field, a.values) for a in given) if cell is not None)
    return counts.most_common(1)[0][0] if counts else None


def _people(answers: Iterable[Annotation]) -> str:
    return ", ".join(dict.fromkeys(a.annotator for a in answers))


def _cell(field: Field, values: Mapping[str, Json]) -> object:
    json = values.get(field.name)
    return None if json is None else field.cell(json)


def _free(name: str, taken: Collection[str]) -> str:
    """Name for a label column beside the source's own: "weather", or "weather_label" where that is taken."""
    while name in taken:
        name = f"{name}_label"
    return name


def _series(values: Sequence[object], dtype: str) -> pd.Series[Any]:
    convert: Callable[..., pd.Series[Any]] = pd.Series
    if dtype == WHEN:
        return pd.to_datetime(convert(values, dtype="object"), utc=True).astype(WHEN)
    return convert(values, dtype=dtype)


def task_finder(table: pd.DataFrame, tasks: Iterable[Task], item: str | None) -> Callable[[Mapping[str, Any]], Task]:
    """Return a function from a row of predictions to the task it speaks of.

    Parameters
    ----------
    table : DataFrame
        Has `task_id`, `key`, or the column of the item.
    item : str or None
        Name of the item's column.

    Raises
    ------
    LabelError
        The table names no tasks; the returned function raises it for a row that belongs to none.
    """
    by: dict[str, Callable[[Task], object]] = {"task_id": lambda t: t.id, "key": lambda t: t.key}
    if item is not None:
        by[item] = lambda t: t.data.get(item)
    column = next((name for name in by if name in table.columns), None)
    if column is None:
        raise LabelError(
            f"Predictions must say which tasks they are of: expected a column {' or '.join(by)}, "
            f"found {', '.join(map(str, table.columns))}."
        )
    found = {by[column](task): task for task in tasks}

    def find(row: Mapping[str, Any]) -> Task:
        task = found.get(row[column])
        if task is None:
            raise LabelError(f"A prediction's {column} is {row[column]!r}, which no task has; add the item first.")
        return task

    return find


def is_given(value: object) -> bool:
    """Whether a cell says something: not None, NaN, NaT or NA."""
    return value is not None and (isinstance(value, (list, tuple, dict)) or not pd.isna(value))


def score(value: object) -> float | None:
    """Return a prediction's score, in 0..1."""
    if not is_given(value):
        return None
    return number("score", value, 0.0, 1.0)
