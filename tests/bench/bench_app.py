"""A published app as a visitor feels it: a page cold and ready, the first task, an answer, and what each page costs."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

import psutil

from tests.python.app.conftest import App, as_app, made_store, published, serving

from .rows import Row

OPENED = 5
ANSWERS = 40


def rows() -> list[Row]:
    """Open pages one after the other, without a pool and with one, then answer in one of them."""
    cold, _ = _opened(pool=0)
    ready, more = _opened(pool=2)
    return [
        Row("page open, preheated, p50", ready["open"], "s", 0.2, cold["open"], "cold"),
        Row("then first task by ticket, p50", ready["enter"], "s", 0.5, cold["enter"], "cold"),
        *more,
    ]


def _opened(pool: int) -> tuple[dict[str, float], list[Row]]:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        made_store(home, 1_000)
        published(home, sizes={"pool": pool, "per_person": OPENED + 1})
        with serving(home) as server:
            app = as_app(home, server)
            return _measured(app, pool)


def _measured(app: App, pool: int) -> tuple[dict[str, float], list[Row]]:
    visitor, taken = app.signed_in("ann"), {"open": [], "enter": []}
    for _ in range(OPENED):
        _wait_for(visitor, pool)
        start = time.perf_counter()
        page = visitor.open("label/default")
        opened = time.perf_counter()
        desk = page.label()
        desk.hello()
        tasks = desk.pushed()
        taken["open"].append(opened - start)
        taken["enter"].append(time.perf_counter() - opened)
    answered = _answer(desk, [task["id"] for task in tasks])
    kernels = [p for p in psutil.Process(app.pid).children(recursive=True) if "ipykernel" in str(p.cmdline())]
    own = [p.memory_full_info().uss / 1e6 for p in kernels]
    more = [
        Row("answer, through websocket, kernel and store, p50", statistics.median(answered) * 1e3, "ms", 50),
        Row("answer, p95", statistics.quantiles(answered, n=20)[-1] * 1e3, "ms"),
        Row("memory of a page's kernel alone (USS), mean", statistics.mean(own), "MB", 120),
        Row("memory of the server", psutil.Process(app.pid).memory_full_info().uss / 1e6, "MB"),
    ]
    return {name: statistics.median(values) for name, values in taken.items()}, more


def _wait_for(visitor, pool: int) -> None:
    """Until as many pages are ready as there should be."""
    until = time.monotonic() + 60
    while visitor.ask("healthz").json["ready"] < pool and time.monotonic() < until:
        time.sleep(0.2)
    if pool:
        time.sleep(3)  # a kernel that has started has yet to run its notebook


def _answer(desk, tasks: list[int]) -> list[float]:
    taken = []
    for _ in range(ANSWERS):
        start = time.perf_counter()
        answer = desk.act(
            "submit",
            task=tasks.pop(0),
            round=1,
            values={"mood": "glad"},
            times=None,
            confidence=None,
            prediction=None,
            schema=1,
        )
        taken.append(time.perf_counter() - start)
        assert answer["kind"] == "ack", answer
        if not tasks:
            tasks += [task["id"] for task in desk.pushed()]
    return taken
