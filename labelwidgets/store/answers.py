"""Answers: each is kept as a next version and never changed; which one is current is asked, not stored."""
# ruff: noqa: S608 - statements are put together of names in this package; values are always bound

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import StoreError
from ..records import Annotation, Times
from .chain import ANNOTATION, content, digest, dump, load, new_salt
from .clock import micros, to_datetime, to_micros
from .lease import come_back, drop, enter, held_by, move_slots, put, settle
from .writing import statement

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import timedelta

    from sqlalchemy import Connection, Row

    from ..records import NewAnnotation
    from .reading import Stream
    from .writing import Write

EVENT_KINDS = {"submitted": "submit", "skipped": "skip", "withdrawn": "withdraw", "rejected": "reject"}
"""Kind of the event that keeps an answer of a status."""

COLUMNS = (
    "a.id, a.task_id, t.key, a.annotator, a.round, a.version, a.status, a.answer, a.confidence, a.shown_at, "
    "a.first_act_at, a.submitted_at, a.seconds, a.reason, a.model, a.schema_version, a.instructions_version, "
    "a.task_version, a.late, a.created_at"
)

NAMES = tuple(column.split(".")[1].replace("answer", "values") for column in COLUMNS.split(", "))

FROM = f"SELECT {COLUMNS} FROM annotation a JOIN task t ON t.id = a.task_id WHERE "

SAME = "{0}.task_id = a.task_id AND {0}.annotator = a.annotator AND {0}.round = a.round"

CURRENT = f"""
AND a.status <> 'withdrawn' AND NOT EXISTS (
    SELECT 1 FROM annotation b WHERE {SAME.format("b")} AND b.version > a.version
    AND (b.status <> 'skipped' OR a.status = 'skipped'))
AND (a.status <> 'skipped' OR NOT EXISTS (
    SELECT 1 FROM annotation c WHERE {SAME.format("c")} AND c.version < a.version AND c.status IN ('submitted', 'rejected')
    AND NOT EXISTS (
        SELECT 1 FROM annotation w WHERE {SAME.format("w")} AND w.version > c.version AND w.status = 'withdrawn')))"""
"""An answer with no later answer or withdrawal, or a skip with nothing later and no answer that stands before it."""


def submit(write: Write, session_id: int, answer: NewAnnotation, hold: timedelta | None) -> Annotation:
    """Keep an answer; see `Store.submit`."""
    enter(write, session_id, answer.annotator)
    known = _known(write, session_id, answer)
    if known is not None:
        return known
    task = write.one(
        "SELECT t.key, t.version FROM task t JOIN queue q ON q.task_id = t.id "
        "WHERE t.id = :task AND t.session_id = :session AND q.round = :round",
        task=answer.task_id, session=session_id, round=answer.round,
    )  # fmt: skip
    if task is None:
        raise StoreError(
            f"There is no task {answer.task_id} with a round {answer.round} in this session; nothing was kept."
        )
    held = held_by(write, answer.task_id, answer.annotator, answer.round)
    leased = held.task_version if held is not None and held.state == "leased" else task.version
    seen = min(answer.task_version or leased, task.version)
    row = _row(write, session_id, answer, seen, late=held is None and answer.status != "withdrawn")
    _insert(write, row)
    who = {"task": answer.task_id, "annotator": answer.annotator, "round": answer.round}
    _take_effect(_Effect(write, session_id, who, held, seen), answer.status, hold, stale=seen < task.version)
    if answer.status != "withdrawn":
        write.run(
            "DELETE FROM draft WHERE task_id = :task AND annotator = :annotator",
            task=answer.task_id,
            annotator=answer.annotator,
        )
    return annotation({**row, "key": task.key, "values": row["answer"]})


def _known(write: Write, session_id: int, answer: NewAnnotation) -> Annotation | None:
    """Return the answer that this id brought the first time."""
    row = write.one("SELECT session_id, task_id, annotator FROM annotation WHERE id = :id", id=answer.id)
    if row is None:
        return None
    if tuple(row) != (session_id, answer.task_id, answer.annotator):
        raise StoreError(
            f"The id {answer.id!r} belongs to another answer; nothing was kept. Make a new id for each answer."
        )
    return annotation(dict(zip(NAMES, write.run(f"{FROM} a.id = :id", id=answer.id).one(), strict=True)))


def _row(write: Write, session_id: int, answer: NewAnnotation, seen: int, *, late: bool) -> dict[str, Any]:
    """Make a row of the table, all but salt and event."""
    versions = "SELECT COALESCE(MAX(version), 0) FROM annotation WHERE task_id = :task AND annotator = :annotator AND round = :round"
    before = write.run(
        versions, task=answer.task_id, annotator=answer.annotator, round=answer.round
    ).scalar_one()
    times = answer.times
    return {
        "id": answer.id,
        "session_id": session_id,
        "task_id": answer.task_id,
        "annotator": answer.annotator,
        "round": answer.round,
        "version": before + 1,
        "status": answer.status,
        "answer": dump(dict(answer.values)),
        "confidence": answer.confidence,
        "shown_at": to_micros(times.shown_at),
        "first_act_at": to_micros(times.first_act_at),
        "submitted_at": to_micros(times.submitted_at),
        "seconds": None if times.seconds is None else float(times.seconds),
        "reason": answer.reason,
        "model": answer.model,
        "schema_version": answer.schema_version,
        "instructions_version": answer.instructions_version,
        "task_version": seen,
        "late": late,
        "created_at": write.now,
    }


def _insert(write: Write, row: dict[str, Any]) -> None:
    salt = new_salt()
    sealed = digest(salt, content(row, ANNOTATION))
    kind = EVENT_KINDS[row["status"]]
    number = write.log(
        kind, row["annotator"], row["session_id"], task_id=row["task_id"], ref=row["id"], sealed=sealed
    )
    write.insert(
        "annotation", ("event", "salt", *ANNOTATION), [(number, salt, *(row[name] for name in ANNOTATION))]
    )


# -- what an answer does to its task -------------------------------------------------------------------------


class _Effect:
    """Moves one person's assignment of one task from how it stood to how it stands after an answer.

    `stood` is what stands apart from a lease: an answer ("done"), a skip ("skipped") or nothing (None).
    """

    def __init__(
        self, write: Write, session_id: int, who: dict[str, Any], held: Row[Any] | None, version: int
    ) -> None:
        self.write, self.session_id, self.who, self.held, self.version = write, session_id, who, held, version
        self.leased = held is not None and held.state == "leased"
        self.stood: str | None = None if held is None else held.before if self.leased else held.state

    @property
    def _took_slot(self) -> bool:
        return self.leased or self.stood == "done"

    def become(self, stands: str | None, *, until: int | None = None) -> None:
        """End with `stands`; leased as well when `until` is given."""
        takes_slot = until is not None or stands == "done"
        task_id, turn = self.who["task"], self.who["round"]
        if stands is None and until is None:
            drop(self.write, self.who)
        else:
            state, before = (str(stands), None) if until is None else ("leased", stands)
            leased = 0 if self.held is None else self.held.leased
            put(
                self.write,
                self.session_id,
                self.who,
                state=state,
                before=before,
                version=self.version,
                until=until or 0,
                leased=leased,
            )
        if takes_slot != self._took_slot:
            move_slots(self.write, task_id, turn, -1 if takes_slot else 1)
        answers = (stands == "done") - (self.stood == "done")
        skips = (stands == "skipped") - (self.stood == "skipped")
        if answers or skips:
            settle(self.write, task_id, turn, self.who["annotator"], answers=answers, skips=skips)
        freed = self._took_slot and not takes_slot
        if freed or (stands is None and until is None):
            come_back(self.write, self.session_id, [(task_id, turn)])


def _take_effect(effect: _Effect, status: str, hold: timedelta | None, *, stale: bool) -> None:
    if status == "withdrawn":
        if effect.held is not None:
            effect.become(None, until=None if hold is None else effect.write.tick + micros(hold))
    elif stale:
        if effect.leased:
            effect.become(effect.stood)
    elif status == "skipped":
        effect.become(effect.stood or "skipped")
    else:
        effect.become("done")


# -- reading -------------------------------------------------------------------------------------------------


def given(
    stream: Stream,
    session_id: int,
    *,
    current: bool,
    task_id: int | None,
    annotator: str | None,
    id: str | None,
) -> Iterator[Annotation]:
    """Annotations in the order they were kept; see `Store.annotations`."""
    wanted = {"a.task_id = :task": task_id, "a.annotator = :annotator": annotator, "a.id = :id": id}
    where = "".join(f" AND {condition}" for condition, value in wanted.items() if value is not None)
    values = {"session": session_id, "task": task_id, "annotator": annotator, "id": id}
    few = task_id is not None or id is not None
    for row in stream(_query(where, current=current, few=few), values):
        yield annotation(dict(zip(NAMES, row, strict=True)))


def columns(
    stream: Stream, session_id: int, *, current: bool, annotator: str | None = None
) -> dict[str, list[Any]]:
    """Annotations as columns; see `Store.annotation_columns`."""
    where = "" if annotator is None else " AND a.annotator = :annotator"
    who = {"session": session_id} | ({} if annotator is None else {"annotator": annotator})
    table = list(zip(*stream(_query(where, current=current), who), strict=True)) or [()] * len(NAMES)
    named = {name: list(column) for name, column in zip(NAMES, table, strict=True)}
    named["values"] = load(f"[{','.join(answer or '{}' for answer in named['values'])}]")
    named["late"] = [bool(late) for late in named["late"]]
    return named


def _query(where: str, *, current: bool, few: bool = False) -> str:
    """`few`: start from the other conditions, since the session's own index would read all of its answers."""
    session = "a.session_id + 0" if few else "a.session_id"
    return f"{FROM} {session} = :session{where}{CURRENT if current else ''} ORDER BY a.event"


def recent(connection: Connection, session_id: int, annotator: str, n: int) -> list[Annotation]:
    """Somebody's last `n` current answers and skips, newest first."""
    sql = (
        f"{FROM} a.session_id = :session AND a.annotator = :annotator{CURRENT} ORDER BY a.event DESC LIMIT :n"
    )
    rows = connection.execute(statement(sql), {"session": session_id, "annotator": annotator, "n": n})
    return [annotation(dict(zip(NAMES, row, strict=True))) for row in rows]


def annotation(row: Mapping[str, Any]) -> Annotation:
    """Make a record of a row with the columns `NAMES`."""
    created = to_datetime(row["created_at"])
    assert created is not None
    values = row["values"]
    return Annotation(
        id=row["id"],
        task_id=row["task_id"],
        key=row["key"],
        annotator=row["annotator"],
        round=row["round"],
        version=row["version"],
        status=row["status"],
        values={} if values is None else load(values),
        confidence=row["confidence"],
        times=Times(
            to_datetime(row["shown_at"]),
            to_datetime(row["first_act_at"]),
            to_datetime(row["submitted_at"]),
            row["seconds"],
        ),
        reason=row["reason"],
        model=row["model"],
        schema_version=row["schema_version"],
        instructions_version=row["instructions_version"],
        task_version=row["task_version"],
        late=bool(row["late"]),
        created_at=created,
    )
