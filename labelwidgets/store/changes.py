"""What is said of tasks themselves: size, priority, place in the order, flag."""
# ruff: noqa: S608 - statements are put together of names in this package; values are always bound

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from ..errors import StoreError
from . import shares
from .chain import dump
from .lease import come_back

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..labels import Extent
    from ..records import Json
    from .writing import Write

FEW = 1_000
"""Tasks up to which a change is written into history one by one, and told to each cursor instead of starting it anew."""


def set_extent(write: Write, session_id: int, task_id: int, extent: Extent) -> None:
    """Remember an item's size; no event, since it says nothing that the item does not."""
    sql = "UPDATE task SET extent = :extent WHERE id = :task AND session_id = :session"
    write.run(sql, extent=dump(extent.to_json()), task=task_id, session=session_id)


def set_flag(write: Write, session_id: int, task_id: int, *, flagged: bool, actor: str) -> None:
    """Ask for, or end asking for, attention to a task."""
    row = write.one(
        f"SELECT flagged FROM task WHERE id = :task AND session_id = :session{write.lock}",
        task=task_id,
        session=session_id,
    )
    if row is None:
        raise StoreError(f"There is no task {task_id} in this session to flag.")
    if bool(row.flagged) != flagged:
        write.run("UPDATE task SET flagged = :flagged WHERE id = :task", flagged=flagged, task=task_id)
        write.log(
            "flag", actor, session_id, task_id=task_id, payload={"before": not flagged, "after": flagged}
        )


def set_priority(write: Write, session_id: int, priorities: Mapping[int, float], actor: str) -> None:
    """Give tasks another priority, in all rounds."""
    ranks = {task_id: -_finite("priority", p) for task_id, p in priorities.items()}
    _move(write, session_id, column="rank", places=ranks, kind="priority", actor=actor, sign=-1)


def set_positions(write: Write, session_id: int, positions: Mapping[int, float], actor: str) -> None:
    """Give tasks another place in the order, in all rounds."""
    places = {task_id: _finite("position", p) for task_id, p in positions.items()}
    _move(write, session_id, column="position", places=places, kind="position", actor=actor)


def _move(
    write: Write,
    session_id: int,
    *,
    column: str,
    places: Mapping[int, float],
    kind: str,
    actor: str,
    sign: int = 1,
) -> None:
    """Write new places; history gets the values (`sign` times those of the column) before and after."""
    write.hold("session", session_id)
    sql = (
        f"SELECT task_id, round, {column} AS place FROM queue WHERE session_id = :session AND task_id IN :ids"
    )
    before = write.all_in(sql, "ids", places, session=session_id)
    moved = [row for row in before if row.place != places[row.task_id]]
    if not moved:
        return
    write.run_many(
        f"UPDATE queue SET {column} = :place WHERE task_id = :task AND round = :round",
        [{"place": places[row.task_id], "task": row.task_id, "round": row.round} for row in moved],
    )
    first = [row for row in moved if row.round == 1]
    shares.follow(
        write, session_id, column, [{"task": row.task_id, "place": places[row.task_id]} for row in first]
    )
    payload: dict[str, Json] = {"tasks": len(first)}
    if len(moved) <= FEW:
        come_back(write, session_id, [(row.task_id, row.round) for row in moved])
        payload["changes"] = {
            str(row.task_id): [sign * row.place, sign * places[row.task_id]] for row in first
        }
    else:
        for table in ("cursor", "returned"):
            write.run(f"DELETE FROM {table} WHERE session_id = :session", session=session_id)
    write.log(kind, actor, session_id, payload=payload)


def _finite(name: str, value: float) -> float:
    if not isfinite(value):
        raise StoreError(f"A task's {name} is a finite number; found {value!r}.")
    return float(value)
