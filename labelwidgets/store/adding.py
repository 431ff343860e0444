"""Source rows on their way into the store: new ones become tasks, known ones change nothing, changed ones a version."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from ..errors import StoreError
from ..records import Added, Rejected
from . import shares
from .chain import digest, dump, new_salt, row_content
from .lease import come_back, settle

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Row

    from ..records import NewTask
    from .writing import Write

TASK = ("id", "session_id", "number", "key", "item", "version", "data", "salt", "digest", "flagged", "batch")
COPY = ("task_id", "nth", "session_id", "number", "data", "salt", "digest")
QUEUE = ("task_id", "round", "session_id", "rank", "position", "overlap", "slots", "answers", "skips")

PIECE = 20_000
"""Rows that wait in memory."""


@dataclass(slots=True)
class _Batch:
    """One call's rows as they are sorted into new, known and changed."""

    session_id: int
    name: str
    overlap: int
    actor: str
    rounds: int
    number: int
    next_id: int
    new_tasks: int = 0
    tasks: list[tuple[Any, ...]] = field(default_factory=list)
    copies: list[tuple[Any, ...]] = field(default_factory=list)
    queue: list[tuple[Any, ...]] = field(default_factory=list)
    place: tuple[float, float, int] | None = None
    scopes: list[shares.Scope] = field(default_factory=list)
    shares: list[tuple[Any, ...]] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)
    known: int = 0
    changed: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    seal: Any = field(default_factory=sha256)


@dataclass(slots=True)
class _Known:
    """A task that the store has, or that this call just made: its rows so far."""

    id: int
    rows: list[Row[Any] | None]


def add_tasks(
    write: Write, session_id: int, rows: Sequence[NewTask], *, batch: str, overlap: int, actor: str
) -> Added:
    """Add source rows; see `Store.add_tasks`."""
    write.hold("adding")
    session = write.one("SELECT rounds, task_count, row_count FROM session WHERE id = :id", id=session_id)
    if session is None:
        raise StoreError(f"There is no session number {session_id} in this store.")
    first_id = 1 + int(write.run("SELECT COALESCE(MAX(id), 0) FROM task").scalar_one())
    work = _Batch(session_id, batch, overlap, actor, session.rounds, session.row_count, first_id)
    work.scopes = shares.of_session(write, session_id)
    known = _known(write, session_id, {row.key for row in rows}) if session.task_count else {}
    seen: Counter[str] = Counter()
    for row in rows:
        reason = write.refuses(row.key)
        if reason:
            work.rejected.append(Rejected(row.key, f"its key {reason}"))
            continue
        _sort(write, work, row, known, seen[row.key])
        seen[row.key] += 1
        if len(work.queue) >= PIECE:
            _insert(write, work)
    _insert(write, work)
    _rewind(write, work)
    shares.recount(write, work.touched)
    added = work.number - session.row_count
    if added or work.changed:
        _leave_event(write, work, session.row_count, added)
    return Added(added, work.known, work.changed, tuple(work.rejected), batch)


def _known(write: Write, session_id: int, keys: set[str]) -> dict[str, _Known]:
    """Tasks of the session by key, with all their rows."""
    sql = "SELECT id, key, item, version, data IS NULL AS erased, salt, digest FROM task WHERE session_id = :session AND key IN :keys"
    tasks = write.all_in(sql, "keys", keys, session=session_id)
    found = {task.key: _Known(task.id, [task]) for task in tasks}
    by_id = {known.id: known for known in found.values()}
    sql = "SELECT task_id, nth, data IS NULL AS erased, salt, digest FROM copy WHERE task_id IN :ids ORDER BY task_id, nth"
    for copy in write.all_in(sql, "ids", by_id):
        by_id[copy.task_id].rows.append(copy)
    return found


def _sort(write: Write, work: _Batch, row: NewTask, known: dict[str, _Known], nth: int) -> None:
    """Put a row, the `nth` of its key in this call, where it belongs."""
    text = dump(row.data)
    task = known.get(row.key)
    if task is None:
        known[row.key] = _Known(_new_task(work, row, text), [None])
    elif nth >= len(task.rows):
        _new_copy(work, task, text)
    elif _same(task.rows[nth], _content(row, nth, text)):
        work.known += 1
    else:
        work.changed += 1
        _change(write, work, row, task, nth=nth, text=text)


def _content(row: NewTask, nth: int, text: str) -> str:
    return row_content("", "", text) if nth else row_content(row.key, row.item, text)


def _same(stored: Row[Any] | None, content: str) -> bool:
    """Whether the store has exactly this row; an erased one is known, and stays erased."""
    return stored is None or bool(stored.erased) or digest(stored.salt, content) == stored.digest


def _new_task(work: _Batch, row: NewTask, text: str) -> int:
    task_id, salt = work.next_id, new_salt()
    sealed = digest(salt, _content(row, 0, text))
    work.seal.update(sealed)
    work.tasks.append(
        (task_id, work.session_id, work.number, row.key, row.item, 1, text, salt, sealed, False, work.name)
    )
    place = (-float(row.priority), float(row.position))
    if work.place is None or (*place, task_id) < work.place:
        work.place = (*place, task_id)
    for turn in range(1, work.rounds + 1):
        work.queue.append((task_id, turn, work.session_id, *place, work.overlap, work.overlap, 0, 0))
    fitting = [scope.id for scope in work.scopes if shares.fits(scope, row.data)]
    work.shares += [(scope, *place, task_id) for scope in fitting]
    work.touched.update(fitting)
    work.next_id += 1
    work.number += 1
    return task_id


def _new_copy(work: _Batch, task: _Known, text: str) -> None:
    salt = new_salt()
    sealed = digest(salt, row_content("", "", text))
    work.seal.update(sealed)
    work.copies.append((task.id, len(task.rows), work.session_id, work.number, text, salt, sealed))
    task.rows.append(None)
    work.number += 1


def _insert(write: Write, work: _Batch) -> None:
    write.insert("task", TASK, work.tasks)
    write.insert("copy", COPY, work.copies)
    write.insert("queue", QUEUE, work.queue)
    write.insert("share", shares.SHARE, work.shares)
    work.new_tasks += len(work.tasks)
    work.tasks, work.copies, work.queue, work.shares = [], [], [], []


def _rewind(write: Write, work: _Batch) -> None:
    """Let whoever is already beyond the first of the new places look through the queue again."""
    if work.place is not None:
        write.hold("session", work.session_id)
        rank, position, task_id = work.place
        write.run(
            "DELETE FROM cursor WHERE session_id = :session AND (rank, position, task_id) >= (:rank, :position, :task)",
            session=work.session_id, rank=rank, position=position, task=task_id,
        )  # fmt: skip


def _leave_event(write: Write, work: _Batch, first: int, added: int) -> None:
    write.run(
        "UPDATE session SET task_count = task_count + :tasks, row_count = row_count + :rows WHERE id = :id",
        tasks=work.new_tasks, rows=added, id=work.session_id,
    )  # fmt: skip
    facts = {
        "batch": work.name,
        "added": added,
        "tasks": work.new_tasks,
        "known": work.known,
        "changed": work.changed,
    }
    # The digests of all rows, in order, under one seal: `verify` finds a row that was exchanged together with its digest.
    ref = f"{first}+{added}:{work.seal.hexdigest()}"
    write.log("add", work.actor, work.session_id, ref=ref, payload={**facts, "overlap": work.overlap})


# -- rows that changed ---------------------------------------------------------------------------------------


def _change(write: Write, work: _Batch, row: NewTask, task: _Known, *, nth: int, text: str) -> None:
    write.hold("session", work.session_id)
    salt = new_salt()
    sealed, stored = digest(salt, _content(row, nth, text)), task.rows[nth]
    assert stored is not None
    other_item = nth == 0 and row.item != stored.item
    values = {"task": task.id, "nth": nth, "data": text, "salt": salt, "digest": sealed}
    if nth:
        before = write.run(
            "SELECT data FROM copy WHERE task_id = :task AND nth = :nth", task=task.id, nth=nth
        ).scalar_one()
        write.run(
            "UPDATE copy SET data = :data, salt = :salt, digest = :digest WHERE task_id = :task AND nth = :nth",
            **values,
        )
    else:
        before = write.run("SELECT data FROM task WHERE id = :task", task=task.id).scalar_one()
        sql = "UPDATE task SET data = :data, salt = :salt, digest = :digest, item = :item, version = version + :step WHERE id = :task"
        write.run(sql, item=row.item, step=int(other_item), **{k: v for k, v in values.items() if k != "nth"})
    # The digest before stays when the content is erased: the seal of the batch that brought the row needs it.
    ref = f"{nth}:{bytes(stored.digest).hex()}:{sealed.hex()}"
    write.log(
        "change",
        work.actor,
        work.session_id,
        task_id=task.id,
        ref=ref,
        payload={"before": before, "new_item": other_item},
    )
    if nth == 0:
        _reprioritize(write, work, task.id, -float(row.priority))
        if work.scopes:
            work.touched |= shares.sort_anew(write, work.session_id, work.scopes, task.id, row.data)
    if other_item:
        _ask_again(write, work, task.id)


def _reprioritize(write: Write, work: _Batch, task_id: int, rank: float) -> None:
    sql = "UPDATE queue SET rank = :rank WHERE task_id = :task AND rank <> :rank"
    if write.run(sql, rank=rank, task=task_id).rowcount:
        shares.follow(write, work.session_id, "rank", [{"task": task_id, "place": rank}])
        come_back(write, work.session_id, _turns(work, task_id))


def _turns(work: _Batch, task_id: int) -> Iterable[tuple[int, int]]:
    return [(task_id, turn) for turn in range(1, work.rounds + 1)]


def _ask_again(write: Write, work: _Batch, task_id: int) -> None:
    """Forget who answered and skipped the item that was; the answers stay, and leases run on."""
    write.run("UPDATE task SET extent = NULL WHERE id = :task", task=task_id)
    ended = write.run(
        "SELECT annotator, round, CASE WHEN state = 'leased' THEN before ELSE state END AS was FROM assignment WHERE task_id = :task",
        task=task_id,
    ).all()
    for person in ended:
        if person.was is not None:
            settle(
                write,
                task_id,
                person.round,
                person.annotator,
                answers=-(person.was == "done"),
                skips=-(person.was == "skipped"),
            )
    write.run(
        "UPDATE queue SET slots = slots + (SELECT COUNT(*) FROM assignment a WHERE a.task_id = queue.task_id "
        "AND a.round = queue.round AND a.state = 'done') WHERE task_id = :task",
        task=task_id,
    )
    write.run("DELETE FROM assignment WHERE task_id = :task AND state <> 'leased'", task=task_id)
    write.run("UPDATE assignment SET before = NULL WHERE task_id = :task", task=task_id)
    come_back(write, work.session_id, _turns(work, task_id))
