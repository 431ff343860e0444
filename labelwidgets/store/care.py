"""Checks of what is kept: every record against the history that sealed it, the first broken one first."""
# ruff: noqa: S608 - statements are put together of names in this package; values are always bound

from __future__ import annotations

import json
from bisect import bisect_right
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from ..errors import StoreError
from ..records import Damage
from . import shares
from .chain import ANNOTATION, COMMENT, EVENT, START, Head, content, digest, dump, link, row_content
from .writing import statement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import Connection, Row

    from .reading import Stream

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
JOIN schema_version s ON s.session_id = e.session_id AND s.version = CASE e.kind WHEN 'session' THEN 1 WHEN 'schema' THEN CAST(e.ref AS INTEGER) END
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


UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, StoreError)
"""What reading a record raises whose bytes were changed."""

CHECKED_EVENTS = 200
"""How many of the last events are checked on opening a large store."""

REPORTED = 100
"""Damages after which a check has seen enough."""

FIRST = Head(0, START)
"""What the first event follows."""


@dataclass(slots=True)
class _Batch:
    """Rows that one event added, as they are met again in their order."""

    first: int
    count: int
    seal: str
    event: int
    met: int = 0
    digest: Any = field(default_factory=sha256)


@dataclass(slots=True)
class _Told:
    """What the history says of contents: which were erased, and which digests source rows had."""

    erased_events: set[int] = field(default_factory=set)
    erased_tasks: set[int] = field(default_factory=set)
    first: dict[tuple[int, int], bytes] = field(default_factory=dict)
    last: dict[tuple[int, int], bytes] = field(default_factory=dict)
    batches: dict[int, list[_Batch]] = field(default_factory=lambda: defaultdict(list))


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
    yield from shares.verify(stream)


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
            elif not _is(row.digest, _digest_of, row, columns):
                found.append((row.number, Damage(where, f"it is not what event {row.number} kept")))
    yield from (damage for _, damage in sorted(found, key=lambda pair: pair[0]))


def _chain(stream: Stream, told: _Told, start: Head) -> Iterator[tuple[int, Damage]]:
    number, before, unsealed = *start, 0
    for row in stream(HISTORY, {"after": start.number}):
        where, follows = f"event {row.number}", _link(before, row)
        if row.hash is None:
            unsealed = unsealed or row.number
        elif unsealed:
            yield unsealed, Damage(f"event {unsealed}", "its seal is gone, and events after it have theirs")
            unsealed = 0
        elif row.hash != follows:
            yield row.number, Damage(where, _break(number, row))
        number, before = row.number, row.hash or follows
        yield from ((row.number, Damage(where, what)) for what in _content_faults(row, told))


def _link(before: bytes, row: Row[Any]) -> bytes:
    """Hash that an event should have; flipped bytes can turn what it says into something of which none can be made."""
    try:
        return link(before, row[: len(EVENT) - 1])
    except UNREADABLE:
        return b""


def _break(number: int, row: Row[Any]) -> str:
    """Say why a hash does not follow; numbers alone may be left out, by a transaction that did not come to its end."""
    if row.number != number + 1:
        return f"events {number + 1} to {row.number - 1} before it are missing, or it was changed"
    return "it was changed, or an event before it was: its hash does not follow from them"


def _is(kept: object, make: Callable[..., bytes], *arguments: Any) -> bool:
    """Whether a digest made anew is the kept one; flipped bytes can turn bytes into text, of which none can be made."""
    try:
        return bool(make(*arguments) == kept)
    except UNREADABLE:
        return False


def _digest_of(row: Row[Any], columns: Sequence[str]) -> bytes:
    return digest(row.salt, content(row._asdict(), columns))


def _content_faults(row: Row[Any], told: _Told) -> Iterator[str]:
    """What is wrong with what lies beside an event; `history` checks annotations and comments."""
    if row.body is not None and not _is(row.digest, digest, row.salt, row.body):
        yield "its payload was changed"
    if row.digest is not None and row.beside is None and row.number not in told.erased_events:
        yield "what it kept is gone, and no erasure is in the history"


def report(connection: Connection, found: Sequence[Damage]) -> str:
    """Say what is damaged and what is safe."""
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    broken = {damage.where for damage in found}
    kept = connection.execute(statement("SELECT COUNT(*) FROM annotation")).scalar_one()
    safe = kept - sum(where.startswith("annotation") for where in broken)
    return (
        f"it is damaged: {found[0].where}: {found[0].what}{more}. {safe} of {kept} annotations are as they were kept. "
        "Restore a backup, or export what is there; `labelwidgets verify` lists all"
    )


def _told(stream: Stream) -> _Told:
    """Read the events that speak of contents: additions, changes, erasures."""
    told = _Told()
    sql = (
        "SELECT e.number, e.session_id, e.kind, e.task_id, e.ref, p.body FROM event e LEFT JOIN payload p ON p.event = e.number "
        "WHERE e.kind IN ('add', 'change', 'erase') ORDER BY e.number"
    )
    for row in stream(sql, {}):
        with suppress(*UNREADABLE):  # not to be read: the chain will name the event
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
        told.batches[row.session_id].append(_Batch(int(first), int(count), seal, row.number))


def _rows(stream: Stream, told: _Told) -> Iterator[Damage]:
    """Check source rows against their digests, and the digests against the seals of their batches."""
    for row in stream(ROWS, {}):
        fault = _row_fault(row, told)
        if fault:
            yield Damage(f"row {row.number} of session {row.session_id} (task {row.task_id})", fault)
        _meet(row, told)
    for session_id, batches in told.batches.items():
        for batch in batches:
            if batch.met != batch.count or batch.digest.hexdigest() != batch.seal:
                yield Damage(
                    f"rows {batch.first} to {batch.first + batch.count - 1} of session {session_id}",
                    f"they are not the rows that event {batch.event} added",
                )


def _row_fault(row: Row[Any], told: _Told) -> str:
    if row.data is None:
        return (
            "" if row.task_id in told.erased_tasks else "its data are gone, and no erasure is in the history"
        )
    if not _is(row.digest, digest, row.salt, row_content(row.key, row.item, row.data)):
        return "its data are not what was added"
    if told.last.get((row.task_id, row.nth), row.digest) != row.digest:
        return "it was exchanged: the history has another digest"
    return ""


def _meet(row: Row[Any], told: _Told) -> None:
    """Put a row under the seal of its batch, with the digest that it came with."""
    batches = told.batches[row.session_id]
    index = bisect_right(batches, row.number, key=lambda batch: batch.first) - 1
    if index >= 0 and row.number < batches[index].first + batches[index].count:
        batches[index].met += 1
        batches[index].digest.update(told.first.get((row.task_id, row.nth), row.digest))


def _sessions(stream: Stream) -> Iterator[Damage]:
    """Check settings and schemas against what history says of them."""
    for row in stream(SCHEMAS, {}):
        if not _is(dump([row.schema, row.migration]).encode(), _kept_schema, row.body):
            yield Damage(f"schema {row.version} of session {row.session_id}", "it is not what was kept")
    for row in stream(SETTINGS, {}):
        if not _is(str(row.settings).encode(), _kept_settings, row.body):
            yield Damage(f"settings of session {row.id}", "they are not what was kept")


def _kept_schema(body: str) -> bytes:
    kept = json.loads(body)
    return dump([dump(kept["schema"]), dump(kept.get("migration", []))]).encode()


def _kept_settings(body: str) -> bytes:
    kept = json.loads(body)
    return dump(kept["after"] if "after" in kept else kept["settings"]).encode()


def newest(connection: Connection, back: int = 0) -> Head:
    """Return the newest event but `back`, or the start where there are fewer."""
    sql = "SELECT number, hash FROM event ORDER BY number DESC LIMIT 1 OFFSET :back"
    row = connection.execute(statement(sql), {"back": back}).one_or_none()
    return FIRST if row is None else Head(row.number, row.hash or b"")
