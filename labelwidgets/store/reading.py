"""What a session holds, read: tasks, source rows, counts and history."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ..labels import Extent
from ..records import Event, Progress, Task
from .chain import load
from .clock import EPOCH, MICROSECOND
from .writing import fetch_in, statement

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from ..records import Json

Stream = Callable[[str, Mapping[str, Any]], Iterator["Row[Any]"]]
"""Gives the rows of a statement one by one, all as of the first."""

TASK = """
SELECT t.id, t.key, t.number, t.version, t.data, t.extent, t.flagged, q.rank, q.position, q.round
FROM task t JOIN queue q ON q.task_id = t.id """

ROWS = """
SELECT number, id AS task_id, data FROM task WHERE session_id = :session
UNION ALL SELECT number, task_id, data FROM copy WHERE session_id = :session ORDER BY number"""

EVENTS = """
SELECT e.number, e.at, e.actor, e.kind, e.task_id, e.digest, p.body, a.id AS answer_id, a.answer, a.version, a.status,
a.round, a.late, a.reason, a.confidence, c.id AS comment_id, c.body AS comment, c.region
FROM event e LEFT JOIN payload p ON p.event = e.number LEFT JOIN annotation a ON a.event = e.number
LEFT JOIN comment c ON c.event = e.number WHERE """

TALLY = """
SELECT COALESCE(SUM(done), 0), COALESCE(SUM(passed), 0),
COALESCE(SUM(CASE WHEN annotator = :annotator THEN answered END), 0),
COALESCE(SUM(CASE WHEN annotator = :annotator THEN skipped END), 0)
FROM tally WHERE session_id = :session AND round = 1"""

HOLDERS = """
SELECT COUNT(DISTINCT task_id), COUNT(DISTINCT annotator) FROM assignment
WHERE state = 'leased' AND session_id = :session AND lease_until > :tick"""

SCOPE = """
SELECT COALESCE(SUM(task_count), 0), COALESCE(SUM(done), 0), COALESCE(SUM(passed), 0) FROM scope WHERE id IN :scopes"""

SCOPES = """
SELECT COUNT(*), COALESCE(SUM(CASE WHEN q.answers >= q.overlap THEN 1 END), 0),
COALESCE(SUM(CASE WHEN q.skips > 0 AND q.answers = 0 THEN 1 END), 0) FROM queue q
WHERE q.round = 1 AND q.task_id IN (SELECT s.task_id FROM share s WHERE s.scope_id IN :scopes)"""

HOLDERS_IN = """
SELECT COUNT(DISTINCT task_id), COUNT(DISTINCT annotator) FROM assignment
WHERE state = 'leased' AND session_id = :session AND lease_until > :tick
AND EXISTS (SELECT 1 FROM share s WHERE s.task_id = assignment.task_id AND s.scope_id IN :scopes)"""

GIVEN = """
SELECT 1 FROM event WHERE task_id = :task AND actor = :annotator AND session_id + 0 = :session
AND kind IN ('lease', 'reopen', 'submit', 'skip', 'withdraw', 'reject') LIMIT 1"""

PACE = """
SELECT seconds FROM annotation WHERE session_id = :session AND annotator = :annotator AND status = 'submitted'
AND seconds > 0 ORDER BY event DESC LIMIT 200"""

HOUR_S = 3600.0


def tasks_in_order(
    connection: Connection, session_id: int, ids: Collection[int], round: int = 1
) -> list[Task]:
    """Tasks in the order of their ids given, as they stand in a round; unknown ids are left out."""
    sql = TASK + "WHERE t.session_id = :session AND q.round = :round AND t.id IN :ids"
    found = {row.id: row for row in fetch_in(connection, sql, "ids", ids, session=session_id, round=round)}
    return [task(found[i]) for i in ids if i in found]


def all_tasks(stream: Stream, session_id: int) -> Iterator[Task]:
    """All tasks in row order."""
    sql = TASK + "WHERE t.session_id = :session AND q.round = 1 ORDER BY t.number"
    for row in stream(sql, {"session": session_id}):
        yield task(row)


def task_by_key(connection: Connection, session_id: int, key: str) -> Task | None:
    """Return the task of that key."""
    sql = TASK + "WHERE t.session_id = :session AND q.round = 1 AND t.key = :key"
    row = connection.execute(statement(sql), {"session": session_id, "key": key}).one_or_none()
    return None if row is None else task(row)


def task(row: Row[Any]) -> Task:
    """Make a task of a row of `TASK`."""
    return Task(
        id=row.id,
        key=row.key,
        data={} if row.data is None else load(row.data),
        extent=Extent() if row.extent is None else Extent.from_json(load(row.extent)),
        version=row.version,
        round=row.round,
        number=row.number,
        priority=-row.rank or 0.0,  # not -0.0
        position=row.position,
        flagged=bool(row.flagged),
    )


def rows(stream: Stream, session_id: int) -> Iterator[tuple[int, int, Mapping[str, Json]]]:
    """Source rows in source order: number, task id, columns ({} once erased)."""
    for row in stream(ROWS, {"session": session_id}):
        yield row.number, row.task_id, {} if row.data is None else load(row.data)


def counts(
    connection: Connection, session_id: int, annotator: str | None, tick: int, scopes: Collection[int] | None
) -> Progress:
    """Counts by state: sums over people, scopes and open leases, never over tasks."""
    who = {"session": session_id, "annotator": annotator or "", "tick": tick}
    (total,) = _numbers(
        connection, "SELECT COALESCE(MAX(task_count), 0) FROM session WHERE id = :session", who
    )
    done, passed, mine, mine_skipped = _numbers(connection, TALLY, who)
    leased, people = _numbers(connection, HOLDERS, who)
    if scopes is not None:
        total, done, passed, leased, people = _counts_in(connection, who, scopes)
    return Progress(
        total=total,
        done=done,
        open=total - done,
        leased=leased,
        people=people,
        skipped=passed,
        mine=mine,
        mine_skipped=mine_skipped,
        per_hour=_pace(connection, who) if annotator else 0.0,
    )


def _counts_in(
    connection: Connection, who: Mapping[str, Any], scopes: Collection[int]
) -> tuple[int, int, int, int, int]:
    """Tasks, finished, passed over, held and holders, of the tasks of scopes; those of one are counted already."""
    ids = sorted(scopes)
    totals = statement(SCOPE if len(ids) == 1 else SCOPES, ("scopes",))
    total, done, passed = map(int, connection.execute(totals, {"scopes": ids}).one())
    held = connection.execute(statement(HOLDERS_IN, ("scopes",)), {**who, "scopes": ids}).one()
    return total, done, passed, int(held[0]), int(held[1])


def _numbers(connection: Connection, sql: str, values: Mapping[str, Any]) -> list[int]:
    """Return the numbers of the one row of a statement; some engines give sums as decimals."""
    return [int(number) for number in connection.execute(statement(sql), values).one()]


def was_given(connection: Connection, session_id: int, annotator: str, task_id: int) -> bool:
    """Whether somebody ever held, answered or skipped a task: the history knows, when the lease is long gone."""
    who = {"task": task_id, "annotator": annotator, "session": session_id}
    return connection.execute(statement(GIVEN), who).first() is not None


def _pace(connection: Connection, who: Mapping[str, Any]) -> float:
    """Answers per hour of work, over the last hour that was worked."""
    worked, answers = 0.0, 0
    for seconds in connection.execute(statement(PACE), who).scalars():
        worked, answers = worked + seconds, answers + 1
        if worked >= HOUR_S:
            break
    return answers / worked * HOUR_S if answers else 0.0


def events(stream: Stream, session_id: int | None, task_id: int | None) -> Iterator[Event]:
    """Return the history, oldest first."""
    wanted = {"e.session_id = :session": session_id, "e.task_id = :task": task_id}
    where = " AND ".join(condition for condition, value in wanted.items() if value is not None) or "1 = 1"
    for row in stream(f"{EVENTS}{where} ORDER BY e.number", {"session": session_id, "task": task_id}):
        yield Event(row.number, EPOCH + row.at * MICROSECOND, row.actor, row.kind, row.task_id, _payload(row))


def _payload(row: Row[Any]) -> dict[str, Json] | None:
    if row.digest is None:
        return {}
    if row.body is not None:
        return dict(load(row.body))
    if row.answer is not None:
        facts = {
            "annotation": row.answer_id,
            "version": row.version,
            "status": row.status,
            "round": row.round,
        }
        optional = {"reason": row.reason, "confidence": row.confidence, "late": bool(row.late) or None}
        return facts | {k: v for k, v in optional.items() if v is not None} | {"values": load(row.answer)}
    if row.comment is not None:
        return {"comment": row.comment_id, "text": row.comment, "region": row.region}
    return None
