"""The same work on PostgreSQL and on SQLite, side by side in one run; and what is left after everything was killed."""

from __future__ import annotations

import os
import random
import statistics
import tempfile
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from labelwidgets.records import NewAnnotation, Times
from labelwidgets.store import open_store
from tests import postgres
from tests.python.store.test_postgres_storm import storm_of

from .bench_store import TTL, fork, new_tasks, p99, timed
from .rows import Row

if TYPE_CHECKING:
    from labelwidgets.store import Store

ROWS, ANSWERS, PROCESSES, SECONDS = 100_000, 900, 8, 6.0
KILLS, SERVER_KILLS = 60, 3


def rows(scale: float = 1.0) -> list[Row]:
    """Measure everything; `scale` below 1 takes fewer rows."""
    server = postgres.Server(durable=True, shared_buffers="256MB")
    try:
        with tempfile.TemporaryDirectory() as name:
            places = {"postgres": server.dsn("postgres"), "sqlite": f"{name}/labels.db"}
            return [
                *adding(places, int(ROWS * scale)),
                *answering(places, int(ANSWERS * scale)),
                *crowding(places, SECONDS * scale),
                *killing(server, Path(name), max(int(KILLS * scale), 4)),
            ]
    finally:
        server.stop()


def row(what: str, unit: str, figures: dict[str, float], bar: float | str | None = None) -> Row:
    return Row(what, round(figures["postgres"], 3), unit, bar, round(figures["sqlite"], 3), "SQLite")


def adding(places: dict[str, str], n: int) -> list[Row]:
    tasks, took = new_tasks(0, n), {}
    for name, place in places.items():
        store = open_store(place)
        store.create_session("default", settings={}, schema={}, actor="boss")
        took[name] = timed(lambda store=store: store.add_tasks(1, tasks, batch="b", overlap=1, actor="boss"))
        store.close()
    return [row(f"add {n:,} rows", "rows/s", {name: n / seconds for name, seconds in took.items()}, 20_000)]


def answering(places: dict[str, str], n: int) -> list[Row]:
    """One person, both engines in turn, so that what else the machine does falls on both."""
    stores = {name: open_store(place) for name, place in places.items()}
    took: dict[str, dict[str, list[float]]] = {
        what: {name: [] for name in stores} for what in ("next", "submit")
    }
    for _ in range(n):
        for name, store in stores.items():
            label(store, "single", took["next"][name], took["submit"][name])
    for store in stores.values():
        store.close()
    return [
        row(f"{what} {called}", "ms", {name: of(times) * 1e3 for name, times in both.items()})
        for what, both in took.items()
        for called, of in (("p50", statistics.median), ("p99", p99))
    ]


def label(store: Store, who: str, nexts: list[float], submits: list[float]) -> None:
    start = time.perf_counter()
    (task,) = store.lease(1, who, 1, ttl=TTL)
    nexts.append(time.perf_counter() - start)
    given = NewAnnotation(str(uuid.uuid4()), task.id, who, "submitted", {"y": "a"}, times=Times(seconds=2.0))
    submits.append(timed(lambda: store.submit(1, given)))


def crowding(places: dict[str, str], seconds: float) -> list[Row]:
    """Eight processes that label as fast as they can."""
    answers, nexts, submits = {}, {}, {}
    for name, place in places.items():
        nexts[name], submits[name] = crowd(place, seconds)
        answers[name] = len(submits[name]) / seconds
    return [
        row(f"{PROCESSES} processes, answers", "1/s", answers, "more"),
        *(
            row(
                f"{PROCESSES} processes, {what} {called}",
                "ms",
                {name: of(t) * 1e3 for name, t in took.items()},
            )
            for what, took in (("next", nexts), ("submit", submits))
            for called, of in (("p50", statistics.median), ("p99", p99))
        ),
    ]


def crowd(place: str, seconds: float) -> tuple[list[float], list[float]]:
    with tempfile.TemporaryDirectory() as name:
        notes = [Path(name) / f"crowd{number}" for number in range(PROCESSES)]
        begin = time.time() + 2.0
        pids = [fork(lambda note=note: compete(place, note, begin, seconds)) for note in notes]
        for pid in pids:
            os.waitpid(pid, 0)
        pairs = [tuple(map(float, line.split())) for note in notes for line in note.read_text().splitlines()]
    nexts, submits = zip(*pairs, strict=True)
    return list(nexts), list(submits)


def compete(place: str, note: Path, begin: float, seconds: float) -> None:
    store = open_store(place)
    random.seed(note.stem)
    nexts: list[float] = []
    submits: list[float] = []
    time.sleep(max(begin - time.time(), 0))
    while time.time() < begin + seconds:
        label(store, note.stem, nexts, submits)
    note.write_text("\n".join(f"{a} {b}" for a, b in zip(nexts, submits, strict=True)))


def killing(server: postgres.Server, folder: Path, kills: int) -> list[Row]:
    """What was acknowledged, and what of it is lost, double or not sound after clients and server were killed."""
    notes = folder / "notes"
    notes.mkdir()
    after = storm_of(server, notes, ttl=600.0, kills=kills, server_kills=SERVER_KILLS)
    said = f"{kills} kills of clients, {SERVER_KILLS} of the server"
    return [
        Row(f"answers acknowledged during {said}", after.acknowledged, "", None),
        Row("of them lost", len(after.lost), "", 0),
        Row("tasks given to two", len(after.double), "", 0),
        Row("records, counts or seals that do not fit", len(after.damage), "", 0),
    ]
