"""Care for what is kept: checking every record against the history, and removing content for good."""
# ruff: noqa: S608 - statements are put together of names in this package; values are always bound

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from ..errors import StoreError
from ..records import Damage
from .chain import ANNOTATION, COMMENT, EVENT, START, Head, content, digest, dump, link, row_content
from .writing import statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sqlalchemy import Connection, Row

    from ..records import Json
    from .reading import Stream
    from .writing import Write

HISTORY = f"""
SELECT {", ".join(f"e.{name}" for name in EVENT)}, p.salt, p.body, COALESCE(p.event, a.event, c.event) AS beside
FROM event e LEFT JOIN payload p ON p.event = e.number LEFT JOIN annotation a ON a.event = e.number
LEFT JOIN comment c ON c.event = e.number WHERE e.number > :after ORDER BY e.number"""

SEALED = {
    table: f"SELECT e.number, e.digest, x.salt, {', '.join(f'x.{name}' for name in columns)} FROM event e "
    f"JOIN {table} x ON x.event = e.number WHERE e.number > :after ORDER BY e.number"
    for table, columns in (("annotation", ANNOTATION), ("comment", COMMENT))
}

UNSEALED = {
    table: f"SELECT x.id FROM {table} x WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.number = x.event AND e.ref = x.id)"
    for table in SEALED
}

ROWS = """
SELECT session_id, number, id AS task_id, 0 AS nth, key, item, data, salt, digest FROM task UNION ALL
SELECT session_id, number, task_id, nth, '' AS key, '' AS item, data, salt, digest FROM copy ORDER BY session_id, number"""

SCHEMAS = """
SELECT s.session_id, s.version, s.schema, s.migration, p.body FROM event e JOIN payload p ON p.event = e.number
JOIN schema_version s ON s.session_id = e.session_id AND s.version = CASE e.kind WHEN 'session' THEN 1 ELSE CAST(e.ref AS INTEGER) END
WHERE e.kind IN ('session', 'schema') ORDER BY e.number"""

SETTINGS = """
SELECT s.id, s.settings, p.body FROM session s JOIN event e ON e.number =
(SELECT MAX(number) FROM event WHERE session_id = s.id AND kind IN ('session', 'settings'))
JOIN payload p ON p.event = e.number"""

QUEUE = """
SELECT q.task_id, q.round, q.overlap - q.slots AS taken, q.answers, q.skips,
COALESCE(SUM(CASE WHEN a.state IN ('leased', 'done') THEN 1 END), 0) AS real_taken,
COALESCE(SUM(CASE WHEN a.state = 'done' OR a.before = 'done' THEN 1 END), 0) AS real_answers,
COALESCE(SUM(CASE WHEN a.state = 'skipped' OR a.before = 'skipped' THEN 1 END), 0) AS real_skips
FROM queue q LEFT JOIN assignment a ON a.task_id = q.task_id AND a.round = q.round
GROUP BY q.task_id, q.round, q.overlap, q.slots, q.answers, q.skips
HAVING q.overlap - q.slots <> COALESCE(SUM(CASE WHEN a.state IN ('leased', 'done') THEN 1 END), 0)
OR q.answers <> COALESCE(SUM(CASE WHEN a.state = 'done' OR a.before = 'done' THEN 1 END), 0)
OR q.skips <> COALESCE(SUM(CASE WHEN a.state = 'skipped' OR a.before = 'skipped' THEN 1 END), 0)"""

TALLY = """
SELECT q.session_id, q.round, q.done, q.passed, t.done AS counted_done, t.passed AS counted_passed FROM
(SELECT session_id, round, SUM(CASE WHEN answers >= overlap THEN 1 ELSE 0 END) AS done,
SUM(CASE WHEN skips > 0 AND answers = 0 THEN 1 ELSE 0 END) AS passed FROM queue GROUP BY session_id, round) q
LEFT JOIN (SELECT session_id, round, SUM(done) AS done, SUM(passed) AS passed FROM tally GROUP BY session_id, round) t
ON t.session_id = q.session_id AND t.round = q.round
WHERE q.done <> COALESCE(t.done, 0) OR q.passed <> COALESCE(t.passed, 0)"""


FIRST = Head(0, START)
"""What the first event follows."""


@dataclass(slots=True)
class _Told:
    """What the history says of contents: which were erased, and which digests source rows had."""

    erased_events: set[int] = field(default_factory=set)
    erased_tasks: set[int] = field(default_factory=set)
    first: dict[tuple[int, int], bytes] = field(default_factory=dict)
    last: dict[tuple[int, int], bytes] = field(default_factory=dict)
    batches: list[tuple[int, int, int, str, int]] = field(default_factory=list)


def verify(stream: Stream) -> Iterator[Damage]:
    """Give every record that is not as the history says it was kept, the first one first."""
    told = _told(stream)
    yield from history(stream, told)
    for kind, sql in UNSEALED.items():
        for (name,) in stream(sql, {}):
            yield Damage(f"{kind} {name}", "no event of the history brought it")
    yield from _sessions(stream)
    yield from _rows(stream, told)
    for row in stream(QUEUE, {}):
        yield Damage(
            f"queue of task {row.task_id}, round {row.round}",
            f"{row.taken} places taken, {row.answers} answers, {row.skips} skips are noted; "
            f"{row.real_taken}, {row.real_answers}, {row.real_skips} are there",
        )
    for row in stream(TALLY, {}):
        yield Damage(
            f"counts of session {row.session_id}, round {row.round}",
            f"{row.counted_done} done and {row.counted_passed} skipped are noted; {row.done} and {row.passed} are there",
        )


def history(stream: Stream, told: _Told | None = None, *, start: Head = FIRST) -> Iterator[Damage]:
    """Check the chain of events after `start`, and the contents that they seal."""
    told = told or _told(stream)
    found = [*_chain(stream, told, start)]
    for kind, sql in SEALED.items():
        columns = ANNOTATION if kind == "annotation" else COMMENT
        for row in stream(sql, {"after": start.number}):
            where = f"{kind} {row.id}"
            if row.salt is None:
                if row.number not in told.erased_events:
                    found.append(
                        (row.number, Damage(where, "its content is gone, and no erasure is in the history"))
                    )
            elif row.digest != digest(row.salt, content(row._asdict(), columns)):
                found.append((row.number, Damage(where, f"it is not what event {row.number} kept")))
    yield from (damage for _, damage in sorted(found, key=lambda pair: pair[0]))


def _chain(stream: Stream, told: _Told, start: Head) -> Iterator[tuple[int, Damage]]:
    number, before = start
    for row in stream(HISTORY, {"after": start.number}):
        where = f"event {row.number}"
        if row.number != number + 1:
            yield row.number, Damage(where, f"events {number + 1} to {row.number - 1} before it are missing")
        elif row.hash is not None and row.hash != link(before, row[: len(EVENT) - 1]):
            yield (
                row.number,
                Damage(
                    where, "it was changed, or an event before it was: its hash does not follow from them"
                ),
            )
        number, before = row.number, row.hash or b""
        yield from ((row.number, Damage(where, what)) for what in _content_faults(row, told))


def _content_faults(row: Row[Any], told: _Told) -> Iterator[str]:
    """What is wrong with what lies beside an event; `history` checks annotations and comments."""
    if row.body is not None and row.digest != digest(row.salt, row.body):
        yield "its payload was changed"
    if row.digest is not None and row.beside is None and row.number not in told.erased_events:
        yield "what it kept is gone, and no erasure is in the history"


def _told(stream: Stream) -> _Told:
    """Read the events that speak of contents: additions, changes, erasures."""
    told = _Told()
    sql = (
        "SELECT e.number, e.session_id, e.kind, e.task_id, e.ref, p.body FROM event e LEFT JOIN payload p ON p.event = e.number "
        "WHERE e.kind IN ('add', 'change', 'erase') ORDER BY e.number"
    )
    for row in stream(sql, {}):
        with suppress(ValueError, KeyError, TypeError):  # not to be read: the chain will name the event
            _tell(told, row)
    return told


def _tell(told: _Told, row: Row[Any]) -> None:
    if row.kind == "erase" and row.body is not None:
        erased = json.loads(row.body)
        told.erased_events.update(erased["events"])
        told.erased_tasks.update([] if erased["task"] is None else [erased["task"]])
    elif row.kind == "change":
        nth, before, after = row.ref.split(":")
        told.first.setdefault((row.task_id, int(nth)), bytes.fromhex(before))
        told.last[row.task_id, int(nth)] = bytes.fromhex(after)
    elif row.kind == "add":
        span, _, seal = row.ref.partition(":")
        first, _, count = span.partition("+")
        told.batches.append((row.session_id, int(first), int(count), seal, row.number))


def _rows(stream: Stream, told: _Told) -> Iterator[Damage]:
    """Check source rows against their digests, and the digests against the seals of their batches."""
    digests: dict[int, list[bytes]] = {}
    for row in stream(ROWS, {}):
        place = (row.task_id, row.nth)
        where = f"row {row.number} of session {row.session_id} (task {row.task_id})"
        if row.data is None:
            if row.task_id not in told.erased_tasks:
                yield Damage(where, "its data are gone, and no erasure is in the history")
        elif row.digest != digest(row.salt, row_content(row.key, row.item, row.data)):
            yield Damage(where, "its data are not what was added")
        elif told.last.get(place, row.digest) != row.digest:
            yield Damage(where, "it was exchanged: the history has another digest")
        digests.setdefault(row.session_id, []).append(told.first.get(place, row.digest))
    for session_id, first, count, seal, number in told.batches:
        batch = digests.get(session_id, [])[first : first + count]
        if len(batch) < count or sha256(b"".join(batch)).hexdigest() != seal:
            yield Damage(
                f"rows {first} to {first + count - 1} of session {session_id}",
                f"they are not the rows that event {number} added",
            )


def _sessions(stream: Stream) -> Iterator[Damage]:
    """Check settings and schemas against what history says of them."""
    for row in stream(SCHEMAS, {}):
        kept = json.loads(row.body)
        if (row.schema, row.migration) != (dump(kept["schema"]), dump(kept.get("migration", []))):
            yield Damage(f"schema {row.version} of session {row.session_id}", "it is not what was kept")
    for row in stream(SETTINGS, {}):
        kept = json.loads(row.body)
        if row.settings != dump(kept.get("after", kept.get("settings"))):
            yield Damage(f"settings of session {row.id}", "they are not what was kept")


def newest(connection: Connection, back: int = 0) -> Head:
    """Return the newest event but `back`, or the start where there are fewer."""
    sql = "SELECT number, hash FROM event ORDER BY number DESC LIMIT 1 OFFSET :back"
    row = connection.execute(statement(sql), {"back": back}).one_or_none()
    return FIRST if row is None else Head(row.number, row.hash or b"")


# -- erasure -------------------------------------------------------------------------------------------------


def erase(
    write: Write,
    session_id: int | None,
    *,
    annotator: str | None,
    task_id: int | None,
    comment: str | None,
    actor: str,
) -> int:
    """Remove content for good; see `Store.erase`."""
    if sum(target is not None for target in (annotator, task_id, comment)) != 1:
        raise StoreError("Name one thing to erase: annotator=, task_id= or comment=.")
    session = session_id
    if annotator is not None:
        emptied, events = _erase_person(write, annotator)
    elif comment is not None:
        emptied, events = _erase_comments(write, "id = :id", {"id": comment})
    else:
        emptied, events = _erase_task(write, task_id, actor)
        session = write.run("SELECT session_id FROM task WHERE id = :task", task=task_id).scalar_one_or_none()
    if emptied:
        payload = {"annotator": annotator, "task": task_id, "comment": comment, "events": sorted(events)}
        write.log("erase", actor, session, task_id=task_id, payload=payload)
    return emptied


def _erase_person(write: Write, annotator: str) -> tuple[int, list[int]]:
    emptied = write.run("UPDATE member SET name = '' WHERE id = :id AND name <> ''", id=annotator).rowcount
    emptied += write.run("DELETE FROM draft WHERE annotator = :id", id=annotator).rowcount
    told = _erase_payloads(write, "e.kind = 'member' AND e.ref = :id", {"id": annotator})
    return emptied + len(told), told


def _erase_task(write: Write, task_id: int | None, actor: str) -> tuple[int, list[int]]:
    who = {"task": task_id}
    emptied = write.run(
        "UPDATE task SET data = NULL, salt = NULL, item = '', extent = NULL WHERE id = :task AND data IS NOT NULL",
        **who,
    ).rowcount
    emptied += write.run(
        "UPDATE copy SET data = NULL, salt = NULL WHERE task_id = :task AND data IS NOT NULL", **who
    ).rowcount
    answers = (
        write.run("SELECT event FROM annotation WHERE task_id = :task AND answer IS NOT NULL", **who)
        .scalars()
        .all()
    )
    emptied += write.run(
        "UPDATE annotation SET answer = NULL, reason = NULL, salt = NULL WHERE task_id = :task AND answer IS NOT NULL",
        **who,
    ).rowcount
    for table in ("prediction", "draft"):
        emptied += write.run(f"DELETE FROM {table} WHERE task_id = :task", **who).rowcount
    said, remarks = _erase_comments(write, "task_id = :task", who)
    told = _erase_payloads(write, "e.task_id = :task AND e.kind <> 'erase'", who)
    if emptied:
        _want_no_more(write, task_id, actor)
    return emptied + said + len(told), [*answers, *remarks, *told]


def _erase_comments(write: Write, where: str, values: Mapping[str, Json]) -> tuple[int, list[int]]:
    events = (
        write.run(f"SELECT event FROM comment WHERE {where} AND body IS NOT NULL", **values).scalars().all()
    )
    write.run(f"UPDATE comment SET body = NULL, salt = NULL WHERE {where}", **values)
    return len(events), list(events)


def _erase_payloads(write: Write, where: str, values: Mapping[str, Json]) -> list[int]:
    events: Iterable[int] = (
        write.run(f"SELECT p.event FROM payload p JOIN event e ON e.number = p.event WHERE {where}", **values)
        .scalars()
        .all()
    )
    found = list(events)
    write.run_many("DELETE FROM payload WHERE event = :event", [{"event": number} for number in found])
    return found


def _want_no_more(write: Write, task_id: int | None, actor: str) -> None:
    """Give nobody an item that is gone: it wants as many answers as it has or somebody works on."""
    from .lease import COUNT

    for place in write.run(
        "SELECT session_id, round, overlap, slots, answers FROM queue WHERE task_id = :task", task=task_id
    ).all():
        taken = place.overlap - place.slots
        write.run(
            "UPDATE queue SET overlap = :taken, slots = 0 WHERE task_id = :task AND round = :round",
            taken=taken,
            task=task_id,
            round=place.round,
        )
        done = (place.answers >= taken) - (place.answers >= place.overlap)
        write.run(
            COUNT,
            session=place.session_id,
            round=place.round,
            annotator=actor,
            answered=0,
            skipped=0,
            done=done,
            passed=0,
        )
