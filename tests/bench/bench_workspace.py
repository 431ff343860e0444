"""How quickly a manager sees how things stand: 50 projects beside opening each, 300,000 answers beside a frame of them."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import labelwidgets as lw

from .bench_store import build, opened, pretend_answered
from .rows import Row

if TYPE_CHECKING:
    from collections.abc import Callable

PROJECTS, ITEMS, ANSWERS, PEOPLE = 50, 200, 300_000, 30


def rows(scale: float = 1.0) -> list[Row]:
    """Measure both; `scale` below 1 takes fewer answers."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        return [*listing(folder), *counting(folder, int(ANSWERS * scale))]


def best(act: Callable[[], Any], times: int = 5) -> float:
    """Seconds of the quickest of several runs."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        found.append(time.perf_counter() - start)
    return min(found)


def listing(folder: Path) -> list[Row]:
    place = folder / "projects.db"
    schema = lw.Schema(lw.Choice("mood", ["glad", "sad"]))
    for n in range(PROJECTS):
        data = [{"text": f"text {number}"} for number in range(ITEMS)]
        lw.Session(place, data=data, item="text", schema=schema, name=f"project {n}", user="boss").close()
    with lw.Workspace(place, user="boss") as workspace:
        names = [project.name for project in workspace.projects()]
        for n in range(PEOPLE):
            workspace.invite(f"u{n}", projects=names, goal=100)

        def open_each() -> None:
            for name in names:
                with lw.Session(place, name=name, user="boss") as session:
                    assert session.progress.total == ITEMS

        boss = Row(
            f"{PROJECTS} projects of a store listed",
            1000 * best(workspace.projects),
            "ms",
            300.0,
            1000 * best(open_each, 2),
            "each session opened",
        )
        people = Row(f"{PEOPLE} people with {PROJECTS} assignments each", 1000 * best(workspace.people), "ms")
    with lw.Workspace(place, member="u3") as workspace:
        member = Row(f"{PROJECTS} projects listed for a member", 1000 * best(workspace.projects), "ms", 300.0)
    return [boss, member, people]


def counting(folder: Path, n: int) -> list[Row]:
    place = build(folder / "answers.db", n)
    with opened(place) as store:
        pretend_answered(store)
        store.save_settings(1, {"order": {"kind": "given"}, "overlap": 1}, actor="boss")

        def recompute() -> None:
            columns = store.annotation_columns(1)
            assert len(columns["id"]) == n

        seconds = best(lambda: store.work(1), 3)
        one = best(lambda: store.work(1, annotator="u3"), 3)
        return [
            Row(
                f"what each of 20 people did, {n:,} answers",
                seconds,
                "s",
                1.0,
                best(recompute, 2),
                "all answers read",
            ),
            Row("what one of them did", 1000 * one, "ms"),
        ]
