"""What lies beside the answers: models' predictions, unsubmitted drafts, comments."""
# ruff: noqa: S608 - statements are put together of names in this package; values are always bound

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ..errors import StoreError
from ..records import Comment, Prediction
from .chain import COMMENT, content, digest, dump, load, new_salt
from .clock import EPOCH, MICROSECOND, to_micros
from .writing import fetch_in, statement

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from typing import Any

    from sqlalchemy import Connection

    from ..records import Json
    from .reading import Stream
    from .writing import Write

PREDICTION = (
    "SELECT task_id, model, version, answer, score, event FROM prediction WHERE session_id = :session"
)

KEEP = """
INSERT INTO prediction (task_id, model, version, session_id, answer, score, event)
VALUES (:task, :model, :version, :session, :answer, :score, :event)
ON CONFLICT (task_id, model, version) DO UPDATE SET answer = excluded.answer, score = excluded.score"""

DRAFT = """
INSERT INTO draft (task_id, annotator, session_id, answer, saved_at) VALUES (:task, :annotator, :session, :answer, :now)
ON CONFLICT (task_id, annotator) DO UPDATE SET answer = excluded.answer, saved_at = excluded.saved_at"""


def add_predictions(write: Write, session_id: int, predictions: Sequence[Prediction], actor: str) -> int:
    """Keep models' answers; returns how many were new."""
    ids = {p.task_id for p in predictions}
    there = {
        row.id
        for row in write.all_in(
            "SELECT id FROM task WHERE session_id = :session AND id IN :ids", "ids", ids, session=session_id
        )
    }
    missing = ids - there
    if missing:
        raise StoreError(f"There is no task {min(missing)} in this session to predict; nothing was kept.")
    old = {
        (row.task_id, row.model, row.version)
        for row in write.all_in(f"{PREDICTION} AND task_id IN :ids", "ids", ids, session=session_id)
    }
    new = {(p.task_id, p.model, p.version) for p in predictions} - old
    made = Counter((p.model, p.version) for p in predictions)
    numbers = {
        named: write.log(
            "predict",
            actor,
            session_id,
            ref=":".join(named),
            payload={"model": named[0], "version": named[1], "tasks": n},
        )
        for named, n in made.items()
    }
    write.run_many(KEEP, [_prediction_row(session_id, p, numbers[p.model, p.version]) for p in predictions])
    return len(new)


def _prediction_row(session_id: int, p: Prediction, event: int) -> dict[str, Any]:
    facts = {"task": p.task_id, "model": p.model, "version": p.version, "session": session_id, "event": event}
    return {**facts, "answer": dump(dict(p.values)), "score": None if p.score is None else float(p.score)}


def all_predictions(stream: Stream, session_id: int) -> Iterator[Prediction]:
    """All models' answers, in the order of tasks, newest model version first."""
    for row in stream(f"{PREDICTION} ORDER BY task_id, event DESC, model, version", {"session": session_id}):
        yield Prediction(row.task_id, row.model, row.version, load(row.answer), row.score)


def predictions(connection: Connection, session_id: int, task_ids: Collection[int]) -> list[Prediction]:
    """Models' answers on some tasks, in the same order."""
    rows = fetch_in(connection, f"{PREDICTION} AND task_id IN :ids", "ids", task_ids, session=session_id)
    rows.sort(key=lambda row: (row.task_id, -row.event, row.model, row.version))
    return [Prediction(row.task_id, row.model, row.version, load(row.answer), row.score) for row in rows]


def save_draft(
    write: Write, session_id: int, annotator: str, task_id: int, values: Mapping[str, Json] | None
) -> None:
    """Keep unsubmitted work, or forget it; no event, since nothing was said yet."""
    who = {"task": task_id, "annotator": annotator}
    if values is None:
        write.run("DELETE FROM draft WHERE task_id = :task AND annotator = :annotator", **who)
    elif (
        write.one(
            "SELECT 1 FROM task WHERE id = :task AND session_id = :session", task=task_id, session=session_id
        )
        is None
    ):
        raise StoreError(f"There is no task {task_id} in this session; the draft was not kept.")
    else:
        write.run(DRAFT, **who, session=session_id, answer=dump(dict(values)), now=write.now)


def draft(connection: Connection, session_id: int, annotator: str, task_id: int) -> Mapping[str, Json] | None:
    """Return unsubmitted work."""
    sql = (
        "SELECT answer FROM draft WHERE task_id = :task AND annotator = :annotator AND session_id = :session"
    )
    answer = connection.execute(
        statement(sql), {"task": task_id, "annotator": annotator, "session": session_id}
    ).scalar_one_or_none()
    return None if answer is None else dict(load(answer))


def add_comment(write: Write, session_id: int, comment: Comment) -> None:
    """Keep a remark; the same id again changes nothing."""
    if write.one("SELECT 1 FROM comment WHERE id = :id", id=comment.id) is not None:
        return
    if (
        write.one(
            "SELECT 1 FROM task WHERE id = :task AND session_id = :session",
            task=comment.task_id,
            session=session_id,
        )
        is None
    ):
        raise StoreError(f"There is no task {comment.task_id} in this session; the comment was not kept.")
    row = {
        "id": comment.id,
        "session_id": session_id,
        "task_id": comment.task_id,
        "author": comment.author,
        "body": comment.text,
        "region": comment.region,
        "created_at": to_micros(comment.created_at),
    }
    salt = new_salt()
    sealed = digest(salt, content(row, COMMENT))
    number = write.log(
        "comment", comment.author, session_id, task_id=comment.task_id, ref=comment.id, sealed=sealed
    )
    write.insert("comment", ("event", "salt", *COMMENT), [(number, salt, *(row[name] for name in COMMENT))])


def comments(connection: Connection, session_id: int, task_id: int | None) -> list[Comment]:
    """Remarks, oldest first; an erased one is gone."""
    where = "" if task_id is None else " AND task_id = :task"
    sql = f"SELECT {', '.join(COMMENT)} FROM comment WHERE session_id = :session AND body IS NOT NULL{where} ORDER BY event"
    rows = connection.execute(statement(sql), {"session": session_id, "task": task_id})
    return [
        Comment(r.id, r.task_id, r.author, r.body, r.region, EPOCH + r.created_at * MICROSECOND) for r in rows
    ]
