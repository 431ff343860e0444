"""How quick the store is, and that its quickness does not depend on how much it holds; ours beside a plain way."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labelwidgets.records import Membership, NewAnnotation, NewTask, Times
from labelwidgets.store.lease import forget_cursor
from labelwidgets.store.lock import WriterLock
from labelwidgets.store.sqlite import SqliteStore

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

TTL = timedelta(minutes=10)
MILLION, THOUSAND, ANSWERS = 1_000_000, 1_000, 300_000
FILLER = "a line of text as long as those that people label, give or take; " * 2


def rows(scale: float = 1.0) -> list[dict[str, Any]]:
    """Measure everything; `scale` below 1 takes fewer rows."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        million = build(folder / "million.db", int(MILLION * scale), overlap=2)
        return [
            *adding(folder, million, int(100_000 * scale)),
            *opening(million),
            *submitting(folder, million),
            *leasing(million, [int(n * scale) for n in (1_000, 10_000, 50_000)]),
            *sharing(million, int(MILLION * scale)),
            *reading(folder, int(ANSWERS * scale)),
            *crowding(folder),
        ]


def row(name: str, ours: float, baseline: float | None, unit: str, bar: str) -> dict[str, Any]:
    return {
        "name": name,
        "ours": round(ours, 3),
        "baseline": None if baseline is None else round(baseline, 3),
        "unit": unit,
        "bar": bar,
    }


def new_tasks(first: int, n: int) -> list[NewTask]:
    made = []
    for number in range(first, first + n):
        text = f"{number} {FILLER}"
        key = sha256(text.encode()).hexdigest()
        made.append(NewTask(key, key, {"text": text, "n": number}, position=float(number)))
    return made


def build(path: Path, n: int, overlap: int = 1) -> Path:
    """Make a store of `n` tasks, in pieces."""
    store = SqliteStore(path)
    session = store.create_session("default", settings={}, schema={}, actor="boss").id
    for first in range(0, n, 100_000):
        tasks = new_tasks(first, min(100_000, n - first))
        store.add_tasks(session, tasks, batch="b", overlap=overlap, actor="boss")
    store.close()
    return path


@contextmanager
def opened(path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(path)
    try:
        yield store
    finally:
        store.close()


def timed(act: Callable[[], Any]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def p99(times: Sequence[float]) -> float:
    return sorted(times)[int(len(times) * 0.99)]


# -- adding ------------------------------------------------------------------------------------------------


def adding(folder: Path, million: Path, n: int) -> list[dict[str, Any]]:
    tasks = new_tasks(0, n)
    with opened(build(folder / "adding.db", 0)) as store:
        ours = timed(lambda: store.add_tasks(1, tasks, batch="b", overlap=1, actor="boss"))
        again = timed(lambda: store.add_tasks(1, tasks, batch="b", overlap=1, actor="boss"))
        more, beyond = new_tasks(10**7, n // 10), new_tasks(2 * 10**7, n // 10)
        few = timed(lambda: store.add_tasks(1, more, batch="c", overlap=1, actor="boss"))
    with opened(million) as store:
        many = timed(lambda: store.add_tasks(1, beyond, batch="c", overlap=1, actor="boss"))
    bare = timed(lambda: bare_insert(folder / "bare.db", tasks))
    return [
        row(
            f"add {n:,} rows (beside: bare executemany, 2 indexes)", n / ours, n / bare, "rows/s", ">= 20,000"
        ),
        row("the same rows again", n / again, None, "rows/s", "changes nothing"),
        row(
            f"add {n // 10:,} to 1M tasks (beside: to {n:,})",
            n / 10 / many,
            n / 10 / few,
            "rows/s",
            "like the other",
        ),
    ]


def bare_insert(path: Path, tasks: list[NewTask]) -> None:
    connection = sqlite3.connect(path)
    connection.executescript(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE task (id INTEGER PRIMARY KEY, key TEXT UNIQUE, "
        "data TEXT, priority REAL, position REAL); CREATE INDEX task_order ON task (priority, position, id);"
    )
    with connection:
        connection.executemany(
            "INSERT INTO task (key, data, priority, position) VALUES (?, ?, ?, ?)",
            [(task.key, json.dumps(task.data), task.priority, task.position) for task in tasks],
        )
    connection.close()


# -- opening, leasing, submitting --------------------------------------------------------------------------

OPEN = """
import sys, time
start = time.perf_counter()
from datetime import timedelta
from labelwidgets.store import open_store
store = open_store(sys.argv[1])
(task,) = store.lease(1, "opener", 1, ttl=timedelta(minutes=1))
print(time.perf_counter() - start)
store.release(1, "opener")
"""


def opening(million: Path) -> list[dict[str, Any]]:
    def once() -> float:
        ran = subprocess.run(
            [sys.executable, "-c", OPEN, str(million)], capture_output=True, text=True, check=True
        )
        return float(ran.stdout)

    times = [once() for _ in range(3)]
    return [
        row(
            "open 1M tasks and lease the first, imports included", statistics.median(times), None, "s", "<= 2"
        )
    ]


def submitting(folder: Path, million: Path, n: int = 900) -> list[dict[str, Any]]:
    """Both sizes in turn, so that what else the machine does falls on both."""
    times: dict[str, list[float]] = {"small": [], "large": []}
    with opened(build(folder / "thousand.db", THOUSAND)) as small, opened(million) as large:
        for _ in range(n):
            for name, store in (("small", small), ("large", large)):
                (task,) = store.lease(1, "submitter", 1, ttl=TTL)
                given = NewAnnotation(
                    str(uuid.uuid4()), task.id, "submitter", "submitted", {"y": "a"}, times=Times(seconds=2.0)
                )
                times[name].append(timed(lambda store=store, given=given: store.submit(1, given)))
    ratio = p99(times["large"]) / p99(times["small"])
    return [
        row(
            "submit p50 at 1M tasks (beside: at 1,000)",
            *(statistics.median(times[k]) * 1e3 for k in ("large", "small")),
            "ms",
            "",
        ),
        row(
            "submit p99 at 1M tasks (beside: at 1,000)",
            *(p99(times[k]) * 1e3 for k in ("large", "small")),
            "ms",
            "ratio <= 1.5",
        ),
        row("the ratio of the two", ratio, None, "x", "<= 1.5"),
    ]


def leasing(million: Path, labeled: list[int]) -> list[dict[str, Any]]:
    found = []
    for n in labeled:
        with opened(million) as store:
            pretend_labeled(store, "veteran", n)
            ours = [next_of(store, "veteran") for _ in range(30)]
            plain = [next_of(store, "veteran", forgetful=True) for _ in range(7)]
        name = f"next after {n:,} own answers (beside: without a cursor)"
        found.append(
            row(name, statistics.median(ours) * 1e3, statistics.median(plain) * 1e3, "ms", "does not grow")
        )
    return found


def sharing(million: Path, n: int) -> list[dict[str, Any]]:
    """Somebody who is given the last hundredth only, beside somebody who is given everything."""
    with opened(million) as store:
        store.save_settings(1, {"columns": {"text": "str", "n": "int"}}, actor="boss")
        store.save_member("limited")
        given = Membership("limited", where={"n": {"from": n - n // 100, "to": n}})
        looked = timed(lambda: store.save_membership(1, given, actor="boss"))
        standing = store.standing(1, "limited")
        assert standing is not None
        ours = [next_of(store, "limited", scopes=standing.scopes) for _ in range(30)]
        plain = [next_of(store, "unlimited") for _ in range(30)]
        counts = [timed(lambda: store.counts(1, "limited", scopes=standing.scopes)) for _ in range(30)]
        every = [timed(lambda: store.counts(1, "unlimited")) for _ in range(30)]
    return [
        row("lay out a share of 1M tasks", looked, None, "s", ""),
        row("next within a share (beside: of all tasks)", *_in_ms(ours, plain), "ms", "no slower"),
        row("counts of a share (beside: of all tasks)", *_in_ms(counts, every), "ms", "no slower"),
    ]


def _in_ms(*times: list[float]) -> list[float]:
    return [statistics.median(each) * 1e3 for each in times]


def next_of(
    store: SqliteStore, who: str, *, forgetful: bool = False, scopes: Collection[int] | None = None
) -> float:
    """Seconds that the next task takes, which is then given back."""
    if forgetful:
        with store._write() as write:
            forget_cursor(write, 1, who, 1)
    taken = timed(lambda: store.lease(1, who, 1, ttl=TTL, scopes=scopes))
    store.release(1, who)
    return taken


def pretend_labeled(store: SqliteStore, who: str, n: int) -> None:
    """Let somebody have answered the first `n` tasks, without the answers."""
    with store._write() as write:
        places = "SELECT task_id FROM queue WHERE session_id = 1 AND round = 1 ORDER BY rank, position, task_id LIMIT :n"
        write.run(
            "INSERT INTO assignment (task_id, annotator, round, session_id, state, task_version, leased, lease_until) "
            f"SELECT task_id, :who, 1, 1, 'done', 1, 0, 0 FROM ({places}) WHERE true ON CONFLICT DO NOTHING",
            who=who, n=n,
        )  # fmt: skip
        write.run(
            "INSERT INTO cursor (session_id, round, annotator, rank, position, task_id, moved) SELECT 1, 1, :who, rank, position, task_id, "
            "(SELECT MAX(number) FROM event) FROM queue WHERE session_id = 1 AND round = 1 ORDER BY rank, position, task_id LIMIT 1 OFFSET :n "
            "ON CONFLICT (session_id, round, annotator) DO UPDATE SET rank = excluded.rank, position = excluded.position, task_id = excluded.task_id",
            who=who, n=n - 1,
        )  # fmt: skip


# -- reading -----------------------------------------------------------------------------------------------


def reading(folder: Path, n: int) -> list[dict[str, Any]]:
    import pandas as pd

    import labelwidgets as lw

    path = str(folder / "answers.db")
    data = pd.DataFrame({"text": [f"{number} {FILLER}" for number in range(n)]})
    session = lw.Session(
        path, data=data, item="text", schema=lw.Schema(lw.Choice("y", ["a", "b"])), user="boss"
    )
    pretend_answered(session.store)
    session.close()
    with opened(Path(path)) as store:
        records = timed(lambda: list(store.annotations(1)))
        columns = timed(lambda: store.annotation_columns(1))
        session = lw.Session(path, user="boss")
        frame = timed(session.annotations)
        session.close()
    bare = timed(lambda: pd.read_sql("SELECT * FROM annotation", sqlite3.connect(path)))
    return [
        row(
            f"annotations() of {n:,} as a frame (beside: read_sql of the bare table)",
            frame,
            bare,
            "s",
            "<= 5",
        ),
        row(f"annotation_columns of {n:,} (beside: as records)", columns, records, "s", ""),
    ]


def pretend_answered(store: Any) -> None:
    """Let every task have an answer that no history tells of."""
    with store._write() as write:
        write.run(
            "INSERT INTO annotation (event, id, session_id, task_id, annotator, round, version, status, answer, confidence, shown_at, "
            "first_act_at, submitted_at, seconds, schema_version, instructions_version, task_version, late, created_at, salt) "
            "SELECT 1000000 + id, 'a0000000-0000-4000-8000-' || printf('%012d', id), 1, id, 'u' || (id % 20), 1, 1, 'submitted', "
            'CASE id % 2 WHEN 0 THEN \'{"y":"a"}\' ELSE \'{"y":"b"}\' END, \'sure\', 1700000000000000 + id, 1700000000000000 + id, '
            "1700000000000000 + id, 2.5, 1, 1, 1, 0, 1700000000000000 + id, x'00' FROM task"
        )


# -- many processes ----------------------------------------------------------------------------------------


def crowding(folder: Path, seconds: float = 6.0) -> list[dict[str, Any]]:
    """Eight processes that label as fast as they can: our turns, beside SQLite's own waiting."""
    ours, plain = (
        crowd(folder, name, seconds, turns=turns) for name, turns in (("turns", True), ("plain", False))
    )
    return [
        row(
            "8 processes, answers (beside: SQLite's busy timeout)",
            len(ours) / seconds,
            len(plain) / seconds,
            "1/s",
            "more",
        ),
        row(
            "8 processes, next p99 (beside: SQLite's busy timeout)",
            p99(ours) * 1e3,
            p99(plain) * 1e3,
            "ms",
            "less",
        ),
        row(
            "8 processes, next at worst (beside: SQLite's busy timeout)",
            max(ours) * 1e3,
            max(plain) * 1e3,
            "ms",
            "less",
        ),
    ]


def crowd(folder: Path, name: str, seconds: float, *, turns: bool) -> list[float]:
    path = build(folder / f"{name}.db", 20_000)
    notes = [folder / f"{name}{number}.txt" for number in range(8)]
    begin = time.time() + 1.5
    pids = [fork(lambda n=n: compete(path, n, begin, seconds, turns=turns)) for n in notes]
    for pid in pids:
        os.waitpid(pid, 0)
    return [float(line) for note in notes for line in note.read_text().splitlines()]


def fork(work: Callable[[], None]) -> int:
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os.kill(os.getpid(), signal.SIGKILL)  # nothing of the parent's is to be tidied up here
    return pid


def compete(path: Path, note: Path, begin: float, seconds: float, *, turns: bool) -> None:
    store, who = SqliteStore(path), note.stem
    if not turns:
        store._lock = WriterLock(None)
    random.seed(who)
    time.sleep(max(begin - time.time(), 0))
    times = []
    while time.time() < begin + seconds:
        start = time.perf_counter()
        (task,) = store.lease(1, who, 1, ttl=TTL)
        times.append(time.perf_counter() - start)
        store.submit(1, NewAnnotation(str(uuid.uuid4()), task.id, who, "submitted", {"y": "a"}))
    note.write_text("\n".join(map(str, times)))


def main() -> None:
    """Print the table."""
    start = time.perf_counter()
    for each in rows(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0):
        baseline = "" if each["baseline"] is None else f"{each['baseline']:>14,}"
        print(
            f"{each['name']:<78} {each['ours']:>14,} {baseline:>14} {each['unit']:<7} {each['bar']}",
            flush=True,
        )
    print(f"took {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
