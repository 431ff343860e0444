"""Predictors, whatever they are, as rows of what a model says of tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from .errors import LabelError
from .labels import number
from .records import Prediction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from .records import Task
    from .schema import Schema


def predicted(
    predictor: pd.DataFrame | Callable[[Task], Mapping[str, Any] | None],
    tasks: Iterable[Task],
    schema: Schema,
    *,
    item: str | None,
    model: str,
    version: str,
) -> list[Prediction]:
    """Turn what a predictor says of tasks into predictions, each value checked against the schema.

    Parameters
    ----------
    predictor : DataFrame or callable
        A frame names its tasks by `task_id`, `key` or the item's column.
    item : str or None
        The column that is labeled.

    Raises
    ------
    LabelError
        A value is not allowed, or a row belongs to no task.
    """
    said = _called(predictor, tasks) if callable(predictor) else _told(predictor, tasks, item)
    return [_prediction(task, values, schema, model, version) for task, values in said]


def _called(
    predictor: Callable[[Task], Mapping[str, Any] | None], tasks: Iterable[Task]
) -> Iterator[tuple[Task, Mapping[str, Any]]]:
    for task in tasks:
        values = predictor(task)
        if values is not None:
            yield task, values


def _told(
    table: pd.DataFrame, tasks: Iterable[Task], item: str | None
) -> Iterator[tuple[Task, Mapping[str, Any]]]:
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
    for row in table.to_dict("records"):
        task = found.get(row.pop(column))
        if task is None:
            raise LabelError(f"A prediction has a {column} that no task has; add its item first: {row}.")
        yield task, {str(name): value for name, value in row.items()}


def _prediction(task: Task, said: Mapping[str, Any], schema: Schema, model: str, version: str) -> Prediction:
    values = {
        field.name: field.encode(field.check(said[field.name], task.extent))
        for field in schema
        if field.name in said and _is_given(said[field.name])
    }
    score = said.get("score")
    return Prediction(
        task_id=task.id,
        model=model,
        version=version,
        values=values,
        score=number("score", score, 0.0, 1.0) if _is_given(score) else None,
    )


def _is_given(value: object) -> bool:
    """Whether a cell says something: not None, NaN, NaT or NA."""
    return value is not None and (isinstance(value, (list, tuple, dict)) or not pd.isna(value))  # type: ignore[call-overload]
