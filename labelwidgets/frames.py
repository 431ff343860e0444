"""Annotations as tables: one row an answer, one row a region, or the source's own rows with their labels."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from .schema.text import Text, edits

if TYPE_CHECKING:
    from .records import Json
    from .schema import Field, RegionField, Schema

Columns = Mapping[str, Sequence[Any]]
"""Annotations as columns of equal length, as `Store.annotation_columns` gives them."""

TEXT = "string"
WHEN = "datetime64[us, UTC]"
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

FRAME_DTYPES: dict[str, str] = {"label_status": TEXT, "annotator": TEXT, "labeled_at": WHEN}
"""Columns of `frame()` after those of the source and of the fields."""


def annotation_table(answers: Columns, schema: Schema, versions: Mapping[int, int]) -> pd.DataFrame:
    """One row per annotation, one column per field.

    Parameters
    ----------
    answers : Columns
        As `Store.annotation_columns` gives them, values in the form of `schema`.
    versions : mapping
        Task id to version, of the tasks whose item changed since they were added.
    """
    given = {**answers, "annotation_id": answers["id"], "stale": _stale(answers, versions)}
    table = {name: _series(given[name], dtype) for name, dtype in ANNOTATION_DTYPES.items()}
    for field in schema.fields:
        table[field.name] = _series([_cell(field, values) for values in answers["values"]], field.dtype)
    return pd.DataFrame(table)


def region_table(answers: Columns, fields: Sequence[RegionField]) -> pd.DataFrame:
    """One tidy row per region of the submitted answers: who, what, where, and a column per attribute."""
    dtypes = dict(REGION_DTYPES)
    for field in fields:
        dtypes |= field.region_type.dtypes
        dtypes |= {attribute.name: attribute.dtype for attribute in field.attributes}
    columns: dict[str, list[Any]] = {name: [] for name in dtypes}
    who = zip(
        answers["task_id"],
        answers["key"],
        answers["annotator"],
        answers["values"],
        answers["status"],
        strict=True,
    )
    for task_id, key, annotator, values, status in who:
        if status != "submitted":
            continue
        for field in fields:
            common = {"task_id": task_id, "key": key, "annotator": annotator, "field": field.name}
            for region in values.get(field.name) or ():
                shared = {
                    "region_id": region.get("id"),
                    "label": region.get("label"),
                    "score": region.get("score"),
                }
                said = common | shared | field.region_type.tidy(region) | _cells(field, region)
                for name, column in columns.items():
                    column.append(said.get(name))
    return pd.DataFrame({name: _series(columns[name], dtype) for name, dtype in dtypes.items()})


def with_turns(table: pd.DataFrame, starts: Mapping[int, Sequence[int]]) -> pd.DataFrame:
    """Add to a table of regions the turn in which each span begins.

    Parameters
    ----------
    starts : mapping
        Task id to where its turns begin, code points of the dialogue's text.
    """
    places = zip(table["task_id"], table["start"].astype("object"), strict=True)
    turns = _series(
        [None if pd.isna(start) else bisect_right(starts[task], start) - 1 for task, start in places], "Int64"
    )
    turns.index = table.index
    if "turn" in table:
        return table.assign(turn=table["turn"].fillna(turns))
    table.insert(list(table.columns).index("start"), "turn", turns)
    return table


def labeled_frame(
    source: pd.DataFrame,
    keys: Sequence[str | None],
    answers: Columns,
    schema: Schema,
    versions: Mapping[int, int],
    *,
    corrects: bool = False,
) -> pd.DataFrame:
    """Rows of `source` with one column per field, `label_status`, `annotator` and `labeled_at`.

    Several annotators' answers to an item-level field become the most frequent one (of equally frequent ones the
    earliest given); of regions the newest answer stands.

    Parameters
    ----------
    keys : sequence of str or None, one per row
        The task each row belongs to; None for a row that was rejected.
    corrects : bool
        A source column of a field's name takes the field's answers over, where there are any.
    """
    by_key: dict[str, list[int]] = {}
    for row, key in enumerate(answers["key"]):
        by_key.setdefault(key, []).append(row)
    stale = _stale(answers, versions)
    settled = {key: _settled(answers, rows, schema, stale) for key, rows in by_key.items()}
    nothing = {"label_status": "open"}
    refused = {"label_status": "rejected"}
    rows = [refused if key is None else settled.get(key, nothing) for key in keys]
    result = source.copy()
    for name, dtype in ({field.name: field.dtype for field in schema.fields} | FRAME_DTYPES).items():
        column = _series([row.get(name) for row in rows], dtype)
        column.index = result.index
        if corrects and name in schema.names and name in source.columns:
            result[name] = _corrected(source[name], column)
        else:
            result[_free(name, source.columns)] = column
    for field in schema.fields:
        if isinstance(field, Text) and field.begin in source.columns:
            said = [row.get(field.name) for row in rows]
            result[_free(f"{field.name}_edits", source.columns)] = _edits(source[field.begin], said)
    return result


def _edits(begun: pd.Series[Any], said: Sequence[Any]) -> pd.Series[Any]:
    """How many code points an answer differs in from the text it started from."""
    pairs = zip(begun, said, strict=True)
    counts = [
        edits(before if isinstance(before, str) else "", after) if isinstance(after, str) else None
        for before, after in pairs
    ]
    made = _series(counts, "Int64")
    made.index = begun.index
    return made


def _corrected(given: pd.Series[Any], answers: pd.Series[Any]) -> pd.Series[Any]:
    """A column with answers in place of what stood there, of the same dtype where that can hold them."""
    known = {str(value): value for value in given.dropna().unique()}
    said: Any = answers.astype("object").map(lambda answer: known.get(answer, answer), na_action="ignore")
    corrected: pd.Series[Any] = given.astype("object").where(answers.isna(), said)
    dtype: Any = given.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        new = [value for value in corrected.dropna().unique() if value not in dtype.categories]
        dtype = pd.CategoricalDtype([*dtype.categories, *new], ordered=dtype.ordered)
    try:
        return corrected.astype(dtype)
    except (TypeError, ValueError):
        return corrected.infer_objects()


def _settled(answers: Columns, rows: Sequence[int], schema: Schema, stale: Sequence[bool]) -> dict[str, Any]:
    """What several people's answers to one task come to; `rows` are theirs, in the order they were kept."""
    given = [row for row in rows if answers["status"][row] == "submitted"]
    people = ", ".join(dict.fromkeys(answers["annotator"][row] for row in given or rows))
    if not given:
        return {"label_status": answers["status"][rows[-1]], "annotator": people}
    values = [answers["values"][row] for row in given]
    status = "stale" if all(stale[row] for row in given) else "submitted"
    return {field.name: _agreed(field, values) for field in schema.fields} | {
        "label_status": status,
        "annotator": people,
        "labeled_at": answers["created_at"][given[-1]],
    }


def _agreed(field: Field, values: Sequence[Mapping[str, Json]]) -> object:
    if field.regions or len(values) == 1:
        return _cell(field, values[-1])
    counts = Counter(cell for cell in (_cell(field, said) for said in values) if cell is not None)
    return counts.most_common(1)[0][0] if counts else None


def _stale(answers: Columns, versions: Mapping[int, int]) -> list[bool]:
    """Whether the item changed after each answer."""
    if not versions:
        return [False] * len(answers["id"])
    pairs = zip(answers["task_id"], answers["task_version"], strict=True)
    return [seen < versions.get(task_id, 1) for task_id, seen in pairs]


def _cells(field: RegionField, region: Mapping[str, Json]) -> dict[str, object]:
    attributes = region.get("attributes") or {}
    return {attribute.name: _cell(attribute, attributes) for attribute in field.attributes}


def _cell(field: Field, values: Mapping[str, Json]) -> object:
    json = values.get(field.name)
    return None if json is None else field.cell(json)


def _free(name: str, taken: Collection[str]) -> str:
    """Name for a label column beside the source's own: "weather", or "weather_label" where that is taken."""
    while name in taken:
        name = f"{name}_label"
    return name


def _series(values: Sequence[Any], dtype: str) -> pd.Series[Any]:
    if dtype == WHEN:  # microseconds since 1970
        when: Any = pd.to_datetime(pd.Series(values, dtype="Int64"), unit="us", utc=True)
        return when.astype(WHEN)  # type: ignore[no-any-return]
    made: Any = pd.Series
    return made(values, dtype=dtype)  # type: ignore[no-any-return]


def unseen(
    table: pd.DataFrame, keys: Sequence[str | None], seen: Sequence[str | None]
) -> tuple[pd.DataFrame, list[str | None]]:
    """Rows of an added table that the session did not have: the n-th row of a key is the same row every time."""
    had, now, fresh = Counter(seen), Counter[str | None](), []
    for key in keys:
        now[key] += 1
        fresh.append(now[key] > had[key])
    return table[fresh], [key for key, new in zip(keys, fresh, strict=True) if new]
