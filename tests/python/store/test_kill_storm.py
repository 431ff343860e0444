"""Processes killed at any moment lose nothing that was acknowledged, and give no task to two people."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from labelwidgets.store.sqlite import SqliteStore

from .builders import session

KILLS = int(os.environ.get("LABELWIDGETS_TEST_KILLS", "60"))
ANSWERS = {"submit", "reject"}


def storm(db, folder, *, ttl, kills=KILLS):
    script = Path(__file__).with_name("storm.py")
    options = {"kills": kills, "processes": 8, "ttl": ttl}
    arguments = [str(word) for name, value in options.items() for word in (f"--{name}", value)]
    subprocess.run(
        [sys.executable, str(script), str(db), str(folder), *arguments], check=True, timeout=60 + kills * 5
    )
    assert [path.read_text() for path in folder.glob("error*")] == []
    return [line.split() for path in folder.glob("notes*") for line in path.read_text().splitlines()]


def most_at_once(events, overlap):
    """Replay the history; returns leases given although as many people as asked for already held or had answered."""
    working, answered, double = {}, {}, []
    for event in events:
        task, who = event.task_id, event.actor
        if task is None:
            continue
        holders, done = working.setdefault(task, set()), answered.setdefault(task, set())
        if event.kind == "lease":
            if len((holders | done) - {who}) >= overlap or who in holders | done:
                double.append(event)
            holders.add(who)
        elif event.kind in ANSWERS:
            holders.discard(who)
            done.add(who)
        elif event.kind == "withdraw":
            done.discard(who)
            holders.add(who)
        else:
            holders.discard(who)
    return double


@pytest.mark.parametrize(
    ("ttl", "share"), [(600.0, 1.0), (0.3, 0.25)], ids=["long leases", "leases that run out"]
)
def test_nothing_acknowledged_is_lost_and_nothing_given_twice(tmp_path, ttl, share):
    db, folder = tmp_path / "labels.db", tmp_path / "notes"
    folder.mkdir()
    store = SqliteStore(db)
    s = session(store, 20_000)
    store.close()
    acknowledged = storm(db, folder, ttl=ttl, kills=max(int(KILLS * share), 1))
    store = SqliteStore(db)
    kept = {a.id: a for a in store.annotations(s, current=False)}
    assert store.read_only == ""
    assert store.verify() == []
    assert len(acknowledged) >= KILLS * share
    lost = [line for line in acknowledged if line[0] not in kept]
    assert lost == []
    wrong = [
        line
        for line in acknowledged
        if (str(kept[line[0]].task_id), kept[line[0]].status) != (line[1], line[2])
    ]
    assert wrong == []
    assert most_at_once(store.events(s), overlap=1) == []
    if ttl > 1:
        assert not any(a.late for a in kept.values())
    print(f"{len(acknowledged)} acknowledged, {len(kept)} kept, {sum(a.late for a in kept.values())} late")
    store.close()
