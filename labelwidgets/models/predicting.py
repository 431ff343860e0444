"""What a predictor, whatever it is, says of tasks: checked row by row."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..errors import LabelError, shown
from ..labels import number
from ..records import Prediction, Rejected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ..labels import Item
    from ..records import Task
    from ..schema import Field, Schema

    Values = Mapping[str, Any]
    Predictor = Callable[[Task], Values | None]
    """Takes a task and returns field names to values, and "score" if it likes; None when it has nothing to say."""
    Telling = Callable[[], tuple[Task, Values] | None]
    """Says which task is meant and what is said of it; raises LabelError for what can't be."""


def predicted(
    predictor: pd.DataFrame | Predictor,
    tasks: Iterable[Task],
    schema: Schema,
    *,
    item: str | None,
    model: str,
    version: str,
    sight: Callable[[Task], Item],
) -> tuple[list[Prediction], list[Rejected]]:
    """Turn what a predictor says of tasks into predictions, each value checked against the schema.

    Parameters
    ----------
    predictor : DataFrame or callable
        A frame names its tasks by `task_id`, `key` or the item's column. A callable with a method `bound` is asked
        first for the one that fits the session: `predictor.bound(schema, item)`.
    item : str or None
        The column that is labeled.
    sight : callable
        What a check may see of a task.

    Returns
    -------
    predictions : list of Prediction
        What is allowed.
    rejected : list of Rejected
        What is not: by the frame's row label, of a callable by the task's row number, with the reason.

    Raises
    ------
    LabelError
        A frame does not say which tasks it is of.
    """
    made: list[Prediction] = []
    rejected: list[Rejected] = []
    for row, tell in _told(predictor, tasks, schema, item):
        try:
            told = tell()
            if told is not None:
                task, values = told
                said = _checked(values, schema, sight(task))
                made.append(Prediction(task_id=task.id, model=model, version=version, **said))
        except LabelError as error:
            rejected.append(Rejected(row, str(error)))
    return made, rejected


def _told(
    predictor: pd.DataFrame | Predictor, tasks: Iterable[Task], schema: Schema, item: str | None
) -> Iterator[tuple[Any, Telling]]:
    if not callable(predictor):
        return _of_table(predictor, tasks, item)
    bind = getattr(predictor, "bound", None)
    asked = predictor if bind is None else bind(schema, item)
    return ((task.number, partial(_asked, asked, task)) for task in tasks)


def _asked(predictor: Predictor, task: Task) -> tuple[Task, Values] | None:
    values = predictor(task)
    return None if values is None else (task, values)


def _of_table(table: pd.DataFrame, tasks: Iterable[Task], item: str | None) -> Iterator[tuple[Any, Telling]]:
    by: dict[str, Callable[[Task], object]] = {"task_id": lambda t: t.id, "key": lambda t: t.key}
    if item is not None:
        by[item] = lambda t: _name(t.data.get(item))
    column = next((name for name in by if name in table.columns), None)
    if column is None:
        raise LabelError(
            f"Predictions must say which tasks they are of: expected a column {' or '.join(by)}, "
            f"found {', '.join(map(str, table.columns))}."
        )
    found = {by[column](task): task for task in tasks}
    rows = zip(table.index.tolist(), table.to_dict("records"), strict=True)
    return ((label, partial(_found, found, column, row)) for label, row in rows)


def _found(found: Mapping[object, Task], column: str, row: Mapping[Any, Any]) -> tuple[Task, Values]:
    task = found.get(_name(row[column]))
    if task is None:
        raise LabelError(
            f"A prediction has a {column} that no task has, {shown(row[column])}; add its item first."
        )
    return task, {str(name): value for name, value in row.items() if name != column}


def _name(value: object) -> object:
    """Return what tells an item from others: itself, of a list of turns its JSON."""
    plain = value.tolist() if isinstance(value, np.ndarray) else value
    return json.dumps(plain, sort_keys=True) if isinstance(plain, (list, dict)) else plain


def _checked(said: Values, schema: Schema, item: Item) -> dict[str, Any]:
    """Return values and score of a prediction, each allowed."""
    given = {
        field.name: _plain(said[field.name], field)
        for field in schema
        if field.name in said and _is_given(said[field.name])
    }
    checked = schema.check_given(given, item)
    score = said.get("score")
    return {
        "values": {name: schema[name].encode(value) for name, value in checked.items()},
        "score": number("score", score, 0.0, 1.0) if _is_given(score) else None,
    }


def _plain(value: Any, field: Field) -> Any:
    """Return a list as Parquet gives it back as a list, and one that is JSON text, as in `frame()`, read."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if field.in_json and isinstance(value, str) and value.lstrip().startswith("["):
        try:
            return json.loads(value)
        except (ValueError, RecursionError) as error:
            raise LabelError.refused(
                field.name, value, "a list, or a list as JSON text", str(error)
            ) from None
    return value


def _is_given(value: Any) -> bool:
    """Whether a cell says something: not None, NaN, NaT or NA."""
    return value is not None and (isinstance(value, (list, tuple, dict, np.ndarray)) or not pd.isna(value))
