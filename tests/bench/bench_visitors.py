"""Twenty visitors of one published app at once, on SQLite and on PostgreSQL: answers, waiting, memory, and what went wrong."""

from __future__ import annotations

import os
import re
import statistics
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

import labelwidgets as lw
from labelwidgets.accounts import Accounts
from labelwidgets.app.publishing import publish
from labelwidgets.store import open_store
from tests import postgres
from tests.python.app.conftest import PASSWORD
from tests.servers import LABELWIDGETS, environment, running
from tests.visitor import Visitor, Wire

from .bench_store import p99
from .rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.visitor import Desk

VISITORS, OVERLAP, TASKS = 20, 2, 20_000
SECONDS = float(os.environ.get("LABELWIDGETS_BENCH_SECONDS", "20"))
"""How long they answer as fast as they can, on each engine; then half as long at the pace of people."""

PACE_S = 2.0
"""Seconds that a quick person takes for an answer."""

OTHERS = "Label Studio, published: 8 clients, SQLite"
OTHERS_ANSWERS, OTHERS_TWICE = 3.8, 16
"""Label Studio, as published: 2.6 to 3.8 answers/s; 16 of 100 tasks were labelled by two people where one should."""


@dataclass
class Crowd:
    """What was measured on one engine."""

    opened: list[float] = field(default_factory=list)
    rushed: list[float] = field(default_factory=list)
    paced: list[float] = field(default_factory=list)
    seconds: float = 1.0
    pss: list[float] = field(default_factory=list)
    uss: list[float] = field(default_factory=list)
    server: float = 0.0
    lost: int = 0
    beyond: int = 0


def rows(scale: float = 1.0) -> list[Row]:
    """Measure both engines; `scale` below 1 takes less time."""
    lite = measured(SECONDS * scale)
    with postgres.place() as url:
        large = measured(SECONDS * scale, url)
    return [
        Row(
            f"{VISITORS} visitors at once, answers",
            len(lite.rushed) / lite.seconds,
            "answers/s",
            OTHERS_ANSWERS,
            OTHERS_ANSWERS,
            OTHERS,
        ),
        Row("the same on PostgreSQL", len(large.rushed) / large.seconds, "answers/s", OTHERS_ANSWERS),
        *(
            both(f"an answer acknowledged, {said}, {what}", "ms", *(1e3 * of(each) for each in pair))
            for said, pair in (
                ("as fast as they can", (lite.rushed, large.rushed)),
                (f"one in {PACE_S:g} s each", (lite.paced, large.paced)),
            )
            for what, of in (("p50", statistics.median), ("p99", p99))
        ),
        both(
            "page opened, one after the other, p50", "s", *map(statistics.median, (lite.opened, large.opened))
        ),
        both("memory of a visitor's kernel, PSS", "MB", *map(statistics.mean, (lite.pss, large.pss))),
        both("the same, its own alone (USS)", "MB", *map(statistics.mean, (lite.uss, large.uss))),
        both("memory of the server, USS", "MB", lite.server, large.server),
        Row("tasks answered by more people than asked", lite.beyond, "", 0, OTHERS_TWICE, OTHERS),
        Row("the same on PostgreSQL", large.beyond, "", 0),
        Row("answers acknowledged and not in the store", lite.lost, "", 0, large.lost, "PostgreSQL"),
    ]


def both(name: str, unit: str, lite: float, large: float) -> Row:
    return Row(name, lite, unit, None, large, "PostgreSQL")


def measured(seconds: float, url: str | None = None) -> Crowd:
    """Let them in, let them work, and read what the store says."""
    crowd = Crowd()
    with tempfile.TemporaryDirectory() as name, serving(Path(name), url) as (app, process, place):
        desks = [desk_of(app, f"u{n}", crowd) for n in range(VISITORS)]
        crowd.rushed = together(desks, seconds, 0.0)
        crowd.seconds = seconds
        crowd.paced = together(desks, seconds / 2, PACE_S)
        weigh(process, crowd)
        judge(place, crowd)
        Wire.close_all()
    return crowd


@contextmanager
def serving(home: Path, url: str | None) -> Iterator[tuple[str, psutil.Process, str]]:
    """Serve a store with passwords for all."""
    place, folder = url or str(home / "s.db"), home / "s-app"
    data = [{"text": f"message {n}"} for n in range(TASKS)]
    schema = lw.Schema(lw.Choice("mood", ["glad", "sad"]))
    lw.Session(place, data=data, item="text", schema=schema, overlap=OVERLAP, user="owner").close()
    store = open_store(place)
    sizes = {"pool": 2, "most": VISITORS + 5}
    _, invited = publish(store, folder, people=[f"u{n}" for n in range(VISITORS)], sizes=sizes)
    for each in invited:
        Accounts(store).accept(each.link.rpartition("/")[2], PASSWORD)
    store.close()
    command = [*LABELWIDGETS, "serve", str(folder), "--no-browser", "--log-file", str(home / "app.log")]
    env = environment(home / "home", LABELWIDGETS_STORE=place)
    with running(command, cwd=home, env=env, ready="Ctrl+C") as server:
        yield re.search(r"http\S+", server.output)[0], psutil.Process(server.process.pid), place


def desk_of(app: str, name: str, crowd: Crowd) -> Desk:
    """Sign somebody in and open their page."""
    visitor = Visitor(app)
    visitor.sign_in(name, PASSWORD)
    start = time.perf_counter()
    desk = visitor.open("label/default").label()
    desk.hello()
    desk.tasks = [task["id"] for task in desk.pushed()]
    crowd.opened.append(time.perf_counter() - start)
    return desk


def together(desks: list[Desk], seconds: float, pace: float) -> list[float]:
    """Let all answer at once; returns how long each answer took until it was acknowledged."""
    taken: list[float] = []
    end = time.perf_counter() + seconds
    threads = [threading.Thread(target=work, args=(desk, end, pace, taken)) for desk in desks]
    for thread in threads:
        thread.start()
        time.sleep(pace / len(threads))
    for thread in threads:
        thread.join()
    return taken


def work(desk: Desk, end: float, pace: float, taken: list[float]) -> None:
    while time.perf_counter() < end:
        while not desk.tasks:
            desk.tasks += [task["id"] for task in desk.pushed()]
        start = time.perf_counter()
        submit(desk, desk.tasks.pop(0))
        taken.append(time.perf_counter() - start)
        time.sleep(max(0.0, pace - (time.perf_counter() - start)))


def submit(desk: Desk, task: int) -> None:
    said = {"times": None, "confidence": None, "prediction": None, "schema": 1}
    answer = desk.act("submit", task=task, round=1, values={"mood": "glad"}, **said)
    assert answer["kind"] == "ack", answer


def weigh(server: psutil.Process, crowd: Crowd) -> None:
    kernels = [p for p in server.children(recursive=True) if "ipykernel_launcher" in p.cmdline()]
    weights = [p.memory_full_info() for p in kernels]
    crowd.pss, crowd.uss = [w.pss / 1e6 for w in weights], [w.uss / 1e6 for w in weights]
    crowd.server = server.memory_full_info().uss / 1e6


def judge(place: str, crowd: Crowd) -> None:
    """Count what went wrong, by the answers themselves."""
    with lw.Session(place, user="reader") as session:
        kept = session.annotations()
    people = kept.groupby("task_id")["annotator"].agg(["size", "nunique"])
    crowd.beyond = int(((people["size"] > OVERLAP) | (people["size"] != people["nunique"])).sum())
    crowd.lost = max(0, len(crowd.rushed) + len(crowd.paced) - len(kept))
