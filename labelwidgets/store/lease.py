"""Who works on what: tasks are leased in order, come back when a lease ends without an answer, and are asked again."""
# ruff: noqa: S608 - statements are put together of names in this package; values are always bound

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import StoreError
from . import reading
from .clock import micros

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import timedelta

    from sqlalchemy import Row

    from ..records import Task
    from .clock import Clock
    from .writing import Write

FORGOTTEN = 10_000
"""Events after which the cursor of somebody who leased nothing is dropped instead of being told what came back."""

RETURNED = 500
"""Tasks that may have come back to one person before looking through the whole queue is less work."""

SWEEP = 1_000
"""Expired leases that one call ends; the rest waits for the next."""

ASSIGNMENT = (
    "task_id",
    "annotator",
    "round",
    "session_id",
    "state",
    "before",
    "task_version",
    "leased",
    "lease_until",
)

HELD = """
SELECT a.task_id, a.round, a.annotator, a.session_id, a.before FROM assignment a
WHERE a.annotator = :annotator AND a.state = 'leased' AND a.session_id = :session"""

EXPIRED = """
SELECT a.task_id, a.round, a.annotator, a.session_id, a.before FROM assignment a
WHERE a.state = 'leased' AND a.lease_until <= :tick
AND NOT (a.annotator = :annotator AND a.session_id = :session AND a.round = :round)
ORDER BY a.lease_until LIMIT :most"""

AHEAD = """
SELECT q.task_id, q.rank, q.position FROM queue q
WHERE q.session_id = :session AND q.round = :round AND q.slots > 0
AND (q.rank, q.position, q.task_id) > (:rank, :position, :task)
AND NOT EXISTS (SELECT 1 FROM assignment a WHERE a.task_id = q.task_id AND a.annotator = :annotator AND a.round = q.round)
ORDER BY q.rank, q.position, q.task_id LIMIT :n """

CAME_BACK = """
SELECT r.task_id, q.rank, q.position,
q.slots > 0 AND NOT EXISTS (SELECT 1 FROM assignment a
WHERE a.task_id = r.task_id AND a.annotator = r.annotator AND a.round = r.round) AS free
FROM returned r JOIN queue q ON q.task_id = r.task_id AND q.round = r.round
WHERE r.session_id = :session AND r.round = :round AND r.annotator = :annotator LIMIT :most"""

TELL = """
INSERT INTO returned (session_id, round, annotator, task_id)
SELECT c.session_id, c.round, c.annotator, q.task_id
FROM queue q JOIN cursor c ON c.session_id = q.session_id AND c.round = q.round
WHERE q.task_id = :task AND q.round = :round
AND (q.rank, q.position, q.task_id) <= (c.rank, c.position, c.task_id)
ON CONFLICT DO NOTHING"""

MOVE = """
INSERT INTO cursor (session_id, round, annotator, rank, position, task_id, moved, scopes)
VALUES (:session, :round, :annotator, :rank, :position, :task, :moved, :scopes)
ON CONFLICT (session_id, round, annotator) DO UPDATE
SET rank = excluded.rank, position = excluded.position, task_id = excluded.task_id, moved = excluded.moved,
scopes = excluded.scopes"""

# The same for people who are given only the tasks of some scopes. One with several is asked for once per scope.

AHEAD_IN = """
SELECT q.task_id, q.rank, q.position FROM share s JOIN queue q ON q.task_id = s.task_id AND q.round = :round
WHERE s.scope_id = :scope AND q.slots > 0 AND (s.rank, s.position, s.task_id) > (:rank, :position, :task)
AND NOT EXISTS (SELECT 1 FROM assignment a WHERE a.task_id = q.task_id AND a.annotator = :annotator AND a.round = q.round)
ORDER BY s.rank, s.position, s.task_id LIMIT :n """

LAST_IN = """
SELECT s.rank, s.position, s.task_id FROM share s WHERE s.scope_id = :scope
ORDER BY s.rank DESC, s.position DESC, s.task_id DESC LIMIT 1"""

INSIDE = "SELECT DISTINCT s.task_id FROM share s WHERE s.task_id IN :ids AND s.scope_id = :scope"

PLACED = """
SELECT session_id, overlap, answers, skips,
EXISTS (SELECT 1 FROM share s WHERE s.task_id = queue.task_id AND queue.round = 1) AS shared
FROM queue WHERE task_id = :task AND round = :round"""

COUNT_IN = """
UPDATE scope SET done = done + :done, passed = passed + :passed
WHERE id IN (SELECT s.scope_id FROM share s WHERE s.task_id = :task)"""

COUNT = """
INSERT INTO tally (session_id, round, annotator, answered, skipped, done, passed)
VALUES (:session, :round, :annotator, :answered, :skipped, :done, :passed)
ON CONFLICT (session_id, round, annotator) DO UPDATE
SET answered = tally.answered + excluded.answered, skipped = tally.skipped + excluded.skipped,
done = tally.done + excluded.done, passed = tally.passed + excluded.passed"""

ASK_ALL = """
INSERT INTO queue (task_id, round, session_id, rank, position, overlap, slots, answers, skips)
SELECT task_id, :round, session_id, rank, position, wanted, wanted, 0, 0 FROM (
SELECT q.task_id, q.session_id, q.rank, q.position, CASE WHEN t.data IS NULL THEN 0 ELSE q.overlap END AS wanted
FROM queue q JOIN task t ON t.id = q.task_id WHERE q.session_id = :session AND q.round = 1) AS asked"""

ASKED_OF_NONE = "SELECT COUNT(*) FROM queue WHERE session_id = :session AND round = :round AND overlap = 0"

PLACE = (float("-inf"), float("-inf"), 0)
"""Before all places of a queue: rank, position, task."""


def lease(
    write: Write,
    clock: Clock,
    session_id: int,
    annotator: str,
    n: int,
    *,
    ttl: timedelta,
    round: int,
    scopes: Collection[int] | None,
) -> list[Task]:
    """Up to `n` tasks in somebody's hands; see `Store.lease`."""
    until = write.tick + micros(ttl)
    _meet_boot(write, clock, until)
    if n > 0:
        _open_round(write, session_id, annotator, round)
    enter(write, session_id, annotator)
    if scopes is not None:
        _give_back_outside(write, session_id, annotator, scopes)
    # One's own first: two people who both come back late would otherwise wait for each other.
    held = [
        row.task_id
        for row in write.run(
            f"{HELD} AND a.round = :round ORDER BY a.leased, a.task_id LIMIT :n{write.lock}",
            session=session_id,
            annotator=annotator,
            round=round,
            n=max(n, 0),
        )
    ]
    if held:
        _lengthen(write, session_id, annotator, held, until)
    _end_expired(write, session_id, annotator, round)
    if len(held) < n:
        taken = _take(write, session_id, annotator, n - len(held), until=until, round=round, scopes=scopes)
        if not taken and not held and write.take:  # what others were taking as the cursor passed may be free
            forget_cursor(write, session_id, annotator, round)
            taken = _take(write, session_id, annotator, n, until=until, round=round, scopes=scopes)
        held += taken
    return reading.tasks_in_order(write.connection, session_id, held, round)


def renew(
    write: Write, session_id: int, annotator: str, task_ids: Collection[int], ttl: timedelta
) -> list[int]:
    """Lengthen leases; returns the ids that are still the annotator's."""
    enter(write, session_id, annotator)
    mine = {row.task_id for row in write.run(HELD + write.lock, session=session_id, annotator=annotator)}
    kept = [task_id for task_id in task_ids if task_id in mine]
    _lengthen(write, session_id, annotator, kept, write.tick + micros(ttl))
    return kept


def release(write: Write, session_id: int, annotator: str, task_ids: Collection[int] | None) -> None:
    """Give tasks back unanswered."""
    enter(write, session_id, annotator)
    mine = write.run(HELD + write.lock, session=session_id, annotator=annotator).all()
    wanted = None if task_ids is None else set(task_ids)
    end(write, [row for row in mine if wanted is None or row.task_id in wanted], "release")


def reopen(
    write: Write, session_id: int, annotator: str, task_id: int, *, ttl: timedelta, round: int
) -> None:
    """Lease that very task to somebody who worked on it before."""
    who = {"task": task_id, "annotator": annotator, "round": round}
    until = write.tick + micros(ttl)
    enter(write, session_id, annotator)
    held = held_by(write, task_id, annotator, round)
    if held is not None and held.state == "leased":
        _lengthen(write, session_id, annotator, [task_id], until)
        return
    asked = write.one(
        "SELECT version FROM task WHERE id = :task AND session_id = :session",
        task=task_id,
        session=session_id,
    )
    worked = (
        "SELECT 1 FROM annotation WHERE task_id = :task AND annotator = :annotator AND round = :round LIMIT 1"
    )
    if asked is None or (held is None and write.one(worked, **who) is None):
        raise StoreError(
            f"{annotator!r} never worked on task {task_id} in round {round}; take new tasks by lease."
        )
    was = None if held is None else held.state
    put(
        write,
        session_id,
        who,
        state="leased",
        before=was,
        version=asked.version,
        until=until,
        leased=write.log("reopen", annotator, session_id, task_id=task_id),
    )
    if was != "done":
        move_slots(write, task_id, round, -1)


# -- what other acts need ------------------------------------------------------------------------------------


def enter(write: Write, session_id: int, annotator: str) -> None:
    """Begin one person's act: others work at the same time, the same person does not, and nobody changes the order."""
    write.hold("session", session_id, shared=True)
    write.hold("person", session_id, annotator)


def held_by(write: Write, task_id: int, annotator: str, round: int) -> Row[Any] | None:
    """Return what somebody has to do with a task: state, state before, version leased."""
    sql = (
        "SELECT state, before, task_version, leased, lease_until FROM assignment "
        f"WHERE task_id = :task AND annotator = :annotator AND round = :round{write.lock}"
    )
    return write.one(sql, task=task_id, annotator=annotator, round=round)


def put(
    write: Write,
    session_id: int,
    who: dict[str, Any],
    *,
    state: str,
    before: str | None,
    version: int,
    until: int,
    leased: int,
) -> None:
    """Write what somebody has to do with a task (`who`: task, annotator, round)."""
    write.run(
        "INSERT INTO assignment (task_id, annotator, round, session_id, state, before, task_version, leased, lease_until) "
        "VALUES (:task, :annotator, :round, :session, :state, :before, :version, :leased, :until) "
        "ON CONFLICT (task_id, annotator, round) DO UPDATE SET state = excluded.state, before = excluded.before, "
        "task_version = excluded.task_version, leased = excluded.leased, lease_until = excluded.lease_until",
        **who, session=session_id, state=state, before=before, version=version, until=until, leased=leased,
    )  # fmt: skip


def drop(write: Write, who: dict[str, Any]) -> None:
    """Forget that somebody had to do with a task."""
    write.run(
        "DELETE FROM assignment WHERE task_id = :task AND annotator = :annotator AND round = :round", **who
    )


def move_slots(write: Write, task_id: int, round: int, by: int) -> None:
    """Take or free places for answers to a task."""
    write.run(
        "UPDATE queue SET slots = slots + :by WHERE task_id = :task AND round = :round",
        by=by,
        task=task_id,
        round=round,
    )


def settle(
    write: Write, task_id: int, round: int, annotator: str, *, answers: int = 0, skips: int = 0
) -> None:
    """Count an answer or a skip of somebody, or that it no longer stands (-1), at the task, the person and the session."""
    place = write.one(PLACED + write.lock, task=task_id, round=round)
    assert place is not None
    now_answers, now_skips = place.answers + answers, place.skips + skips
    write.run(
        "UPDATE queue SET answers = :answers, skips = :skips WHERE task_id = :task AND round = :round",
        answers=now_answers, skips=now_skips, task=task_id, round=round,
    )  # fmt: skip
    done = (now_answers >= place.overlap) - (place.answers >= place.overlap)
    passed = _passed(now_skips, now_answers) - _passed(place.skips, place.answers)
    write.run(
        COUNT,
        session=place.session_id,
        round=round,
        annotator=annotator,
        answered=answers,
        skipped=skips,
        done=done,
        passed=passed,
    )
    if place.shared and (done or passed):
        write.run(COUNT_IN, task=task_id, done=done, passed=passed)


def _passed(skips: int, answers: int) -> bool:
    return skips > 0 and answers == 0


def come_back(write: Write, session_id: int, places: Iterable[tuple[int, int]]) -> None:
    """Tell everybody whose cursor has passed them that tasks (id and round) may be had again."""
    newest = write.run("SELECT COALESCE(MAX(number), 0) FROM event").scalar_one()
    gone = write.run(
        "SELECT annotator, round FROM cursor WHERE session_id = :session AND moved < :old",
        session=session_id,
        old=newest - FORGOTTEN,
    ).all()
    for person in gone:
        forget_cursor(write, session_id, person.annotator, person.round)
    write.run_many(TELL, [{"task": task_id, "round": turn} for task_id, turn in places])


def forget_cursor(write: Write, session_id: int, annotator: str, round: int) -> None:
    """Let somebody look through the whole queue again."""
    for table in ("cursor", "returned"):
        write.run(
            f"DELETE FROM {table} WHERE session_id = :session AND annotator = :annotator AND round = :round",
            session=session_id, annotator=annotator, round=round,
        )  # fmt: skip


def end(write: Write, leases: Sequence[Row[Any]], kind: str) -> None:
    """End leases without an answer: nothing, or what was before, is left of them."""
    leases = sorted(
        leases, key=lambda row: (row.task_id, row.round)
    )  # the same order for all who do so at once
    rows = [
        {"task": row.task_id, "annotator": row.annotator, "round": row.round, "before": row.before}
        for row in leases
    ]
    who = "WHERE task_id = :task AND annotator = :annotator AND round = :round"
    write.run_many(f"DELETE FROM assignment {who}", [row for row in rows if row["before"] is None])
    write.run_many(
        f"UPDATE assignment SET state = :before, before = NULL {who}", [row for row in rows if row["before"]]
    )
    freed = [row for row in leases if row.before != "done"]
    write.run_many(
        "UPDATE queue SET slots = slots + 1 WHERE task_id = :task AND round = :round",
        [{"task": row.task_id, "round": row.round} for row in freed],
    )
    for session_id in {row.session_id for row in freed}:
        come_back(
            write, session_id, [(row.task_id, row.round) for row in freed if row.session_id == session_id]
        )
    for row in leases:
        write.log(kind, row.annotator, row.session_id, task_id=row.task_id)


# -- the parts of a lease ------------------------------------------------------------------------------------


def _meet_boot(write: Write, clock: Clock, until: int) -> None:
    """After a restart of the machine old ticks mean nothing: everybody keeps what they hold for one more term."""
    boot = write.run("SELECT boot FROM store").scalar_one()
    if not clock.same_boot(boot):
        write.run("UPDATE assignment SET lease_until = :until WHERE state = 'leased'", until=until)
        write.run("UPDATE store SET boot = :boot", boot=clock.boot)


def _end_expired(write: Write, session_id: int, annotator: str, round: int) -> None:
    """End everybody's expired leases but those of the one who asks: they are about to be renewed."""
    over = write.run(
        EXPIRED + _of(write.take, "a"),
        tick=write.tick,
        annotator=annotator,
        session=session_id,
        round=round,
        most=SWEEP,
    ).all()
    elsewhere = {row.session_id for row in over} - {session_id}
    busy = {other for other in elsewhere if not write.hold("session", other, shared=True, wait=False)}
    free = [row for row in over if row.session_id not in busy]
    if free:
        end(write, free, "expire")


def _of(take: str, table: str) -> str:
    return take.replace(" SKIP", f" OF {table} SKIP")


def _lengthen(write: Write, session_id: int, annotator: str, task_ids: Collection[int], until: int) -> None:
    write.run_many(
        "UPDATE assignment SET lease_until = :until WHERE task_id = :task AND annotator = :annotator "
        "AND session_id = :session AND state = 'leased'",
        [
            {"until": until, "task": task_id, "annotator": annotator, "session": session_id}
            for task_id in task_ids
        ],
    )


def _open_round(write: Write, session_id: int, annotator: str, round: int) -> None:
    """Queue all tasks once more but those whose item was erased, when somebody asks for a round that nobody asked for before."""
    session = write.one("SELECT rounds FROM session WHERE id = :id", id=session_id)
    if session is None:
        raise StoreError(f"There is no session number {session_id} in this store.")
    if session.rounds >= round:
        return
    write.hold("adding")
    write.hold("session", session_id)
    now = write.run("SELECT rounds FROM session WHERE id = :id", id=session_id).scalar_one()
    for later in range(now + 1, round + 1):
        turn = {"session": session_id, "round": later}
        write.run(ASK_ALL, **turn)
        gone = write.run(ASKED_OF_NONE, **turn).scalar_one()
        if gone:
            write.run(COUNT, **turn, annotator=annotator, answered=0, skipped=0, done=gone, passed=0)
        write.run("UPDATE session SET rounds = :round WHERE id = :session", round=later, session=session_id)


def _take(
    write: Write,
    session_id: int,
    annotator: str,
    n: int,
    *,
    until: int,
    round: int,
    scopes: Collection[int] | None,
) -> list[int]:
    """Lease up to `n` tasks that the annotator has not had in this round, in order."""
    who = {"session": session_id, "annotator": annotator, "round": round}
    back = _free(write, _came_back(write, who, scopes), round, n)
    ahead = _ahead(write, who, n, scopes)
    taken = sorted({*back, *ahead})[:n]
    if not taken:
        return []
    ids = [task_id for *_, task_id in taken]
    versions = {
        row.id: row.version
        for row in write.all_in("SELECT id, version FROM task WHERE id IN :ids", "ids", ids)
    }
    numbers = {task_id: write.log("lease", annotator, session_id, task_id=task_id) for task_id in ids}
    leased = [(i, annotator, round, session_id, "leased", None, versions[i], numbers[i], until) for i in ids]
    write.insert("assignment", ASSIGNMENT, leased)
    write.run_many(
        "UPDATE queue SET slots = slots - 1 WHERE task_id = :task AND round = :round",
        [{"task": i, "round": round} for i in ids],
    )
    _forget_returned(write, who, [task_id for *_, task_id in back if task_id in numbers])
    passed = [place for place in ahead if place in taken]
    if passed:
        rank, position, task_id = passed[-1]
        write.run(
            MOVE,
            **who,
            rank=rank,
            position=position,
            task=task_id,
            moved=numbers[task_id],
            scopes=_as_text(scopes),
        )
    return ids


def _came_back(
    write: Write, who: dict[str, Any], scopes: Collection[int] | None
) -> list[tuple[float, float, int]]:
    """Places before the cursor that may be had again."""
    rows = write.run(CAME_BACK, **who, most=RETURNED + 1).all()
    if len(rows) > RETURNED:
        forget_cursor(write, who["session"], who["annotator"], who["round"])
        return []
    free = [row for row in rows if row.free]
    if scopes is not None:
        inside = _inside(write, [row.task_id for row in free], scopes)
        free = [row for row in free if row.task_id in inside]
    kept = {row.task_id for row in free}
    _forget_returned(write, who, [row.task_id for row in rows if row.task_id not in kept])
    return [(row.rank, row.position, row.task_id) for row in free]


def _free(
    write: Write, places: list[tuple[float, float, int]], round: int, n: int
) -> list[tuple[float, float, int]]:
    """Of places that may be had again, those that nobody is taking just now."""
    first = sorted(places)[:n]
    if not first or not write.take:
        return first
    sql = f"SELECT task_id FROM queue WHERE task_id IN :ids AND round = :round AND slots > 0 ORDER BY task_id{write.take}"
    mine = {row.task_id for row in write.all_in(sql, "ids", [task_id for *_, task_id in first], round=round)}
    return [place for place in first if place[-1] in mine]


def _forget_returned(write: Write, who: dict[str, Any], task_ids: Iterable[int]) -> None:
    sql = "DELETE FROM returned WHERE session_id = :session AND round = :round AND annotator = :annotator AND task_id = :task"
    write.run_many(sql, [{**who, "task": task_id} for task_id in task_ids])


def _ahead(
    write: Write, who: dict[str, Any], n: int, scopes: Collection[int] | None
) -> list[tuple[float, float, int]]:
    """Places after the cursor."""
    found = write.one(
        "SELECT rank, position, task_id, scopes FROM cursor "
        "WHERE session_id = :session AND round = :round AND annotator = :annotator",
        **who,
    )
    if found is not None and found.scopes != _as_text(scopes):
        forget_cursor(write, who["session"], who["annotator"], who["round"])
        found = None
    cursor = PLACE if found is None else (found.rank, found.position, found.task_id)
    rank, position, task_id = cursor
    place = {"rank": rank, "position": position, "task": task_id}
    if scopes is not None:
        return _ahead_in(write, who, n, scopes, place)
    rows = write.run(AHEAD + write.take, **who, **place, n=n)
    return [(row.rank, row.position, row.task_id) for row in rows]


# -- for those who are given some tasks only -----------------------------------------------------------------


def _ahead_in(
    write: Write, who: dict[str, Any], n: int, scopes: Collection[int], place: dict[str, Any]
) -> list[tuple[float, float, int]]:
    """Places after the cursor within some scopes."""
    asked = {"annotator": who["annotator"], "round": who["round"], **place, "n": n}
    found = {
        (row.rank, row.position, row.task_id)
        for scope in scopes
        for row in write.run(AHEAD_IN + _of(write.take, "q"), **asked, scope=scope)
    }
    if not found and not write.take:  # where others write meanwhile, what they hold just now may come back
        _go_to_end(write, who, scopes, place)
    return sorted(found)[:n]


def _go_to_end(write: Write, who: dict[str, Any], scopes: Collection[int], place: dict[str, Any]) -> None:
    """Put the cursor behind the last task: nobody is to look through a finished share at every question again."""
    lasts = [row for scope in scopes for row in write.run(LAST_IN, scope=scope)]
    end = max(((row.rank, row.position, row.task_id) for row in lasts), default=PLACE)
    if end > (place["rank"], place["position"], place["task"]):
        rank, position, task_id = end
        newest = write.run("SELECT COALESCE(MAX(number), 0) FROM event").scalar_one()
        write.run(
            MOVE,
            **who,
            rank=rank,
            position=position,
            task=task_id,
            moved=newest,
            scopes=_as_text(scopes),
        )


def _give_back_outside(write: Write, session_id: int, annotator: str, scopes: Collection[int]) -> None:
    """End leases of tasks that were somebody's and, since a scope changed, are not any more."""
    held = write.run(HELD + write.lock, session=session_id, annotator=annotator).all()
    inside = _inside(write, [row.task_id for row in held], scopes)
    outside = [row for row in held if row.task_id not in inside]
    if outside:
        end(write, outside, "release")


def _inside(write: Write, task_ids: Collection[int], scopes: Collection[int]) -> set[int]:
    """Those of the tasks that lie in one of the scopes."""
    return {row.task_id for scope in scopes for row in write.all_in(INSIDE, "ids", task_ids, scope=scope)}


def _as_text(scopes: Collection[int] | None) -> str:
    return "" if scopes is None else ",".join(map(str, sorted(scopes))) or "-"
