"""A program, not a test: processes that label one store and are killed at any moment; each notes what was acknowledged.

`python storm.py STORE FOLDER --kills 60 --processes 8 --ttl 600`; each kill is said on a line of its own.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import time
import uuid
from datetime import timedelta
from pathlib import Path

from labelwidgets.errors import StoreError
from labelwidgets.records import NewAnnotation
from labelwidgets.store import open_store

PATIENCE_S = 2.0
DOWN_S = 120.0


class Patient:
    """A store whose server may be down for a while: each act is repeated until it is acknowledged, as a page does."""

    def __init__(self, url: str) -> None:
        self._store = insist(lambda: open_store(url))

    def __getattr__(self, name: str):
        act = getattr(self._store, name)
        return lambda *args, **options: insist(lambda: act(*args, **options))


def insist(act):
    until = time.monotonic() + DOWN_S
    while True:
        try:
            return act()
        except StoreError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def work(db: str, who: str, notes: str, ttl: timedelta) -> None:
    """Label until killed; an answer is noted once `submit` has returned."""
    store, session = Patient(db) if "://" in db else open_store(db), 1
    out = os.open(notes, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    while tasks := store.lease(session, who, random.choice((1, 1, 1, 3)), ttl=ttl):
        for task in tasks:
            chance = random.random()
            status = "skipped" if chance < 0.1 else "submitted"
            given = NewAnnotation(str(uuid.uuid4()), task.id, who, status, {"y": "a"})
            store.submit(session, given)
            os.write(out, f"{given.id} {task.id} {status}\n".encode())
            if chance > 0.95 and status == "submitted":
                back = NewAnnotation(str(uuid.uuid4()), task.id, who, "withdrawn", {})
                store.submit(session, back, hold=ttl)
                os.write(out, f"{back.id} {task.id} withdrawn\n".encode())
            if chance > 0.97:
                store.release(session, who)
                break


def start(options: argparse.Namespace, number: int) -> int:
    """Fork a worker: a new interpreter for each would take longer than the storm."""
    pid = os.fork()
    if pid:
        return pid
    random.seed()
    try:
        notes = Path(options.folder) / f"notes{number}"
        work(options.db, f"u{number}", str(notes), timedelta(seconds=options.ttl))
    except BaseException as error:  # noqa: BLE001
        (Path(options.folder) / f"error{number}").write_text(repr(error))
    os._exit(0)


def warm_up(db: str) -> None:
    """Load what a worker needs once, before it is forked."""
    if "://" in db:
        import labelwidgets.store.postgres  # noqa: F401
    store = open_store(None)
    store.create_session("warm", settings={}, schema={}, actor="boss")
    store.lease(1, "boss", 1, ttl=timedelta(seconds=1))
    store.close()


def wait_for_work(folder: Path) -> None:
    """Let some answers be given, and some time pass that has nothing to do with them."""
    wanted, until = noted(folder) + random.randint(2, 8) * 50, time.monotonic() + PATIENCE_S
    while noted(folder) < wanted and time.monotonic() < until:
        time.sleep(0.01)
    time.sleep(random.random() * 0.01)


def noted(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob("notes*"))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("db")
    parser.add_argument("folder")
    for name, kind in (("kills", int), ("processes", int), ("ttl", float)):
        parser.add_argument(f"--{name}", type=kind, required=True)
    options = parser.parse_args()
    warm_up(options.db)
    workers = {number: start(options, number) for number in range(options.processes)}
    for kill in range(options.kills):
        wait_for_work(Path(options.folder))
        number = random.choice(list(workers))
        os.kill(workers[number], signal.SIGKILL)
        os.waitpid(workers[number], 0)
        workers[number] = start(options, number)
        print(kill, flush=True)
    wait_for_work(Path(options.folder))
    for pid in workers.values():
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


if __name__ == "__main__":
    sys.exit(main())
