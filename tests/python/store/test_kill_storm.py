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


def storm(db, folder, *, ttl, kills=KILLS, at_kill=None):
    """Label and kill; returns what was acknowledged. `at_kill` is called after each kill with its number."""
    script = Path(__file__).with_name("storm.py")
    options = {"kills": kills, "processes": 8, "ttl": ttl}
    arguments = [str(word) for name, value in options.items() for word in (f"--{name}", value)]
    command = [sys.executable, str(script), str(db), str(folder), *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            if at_kill:
                at_kill(int(line))
        assert process.wait(60) == 0
    assert [path.read_text() for path in folder.glob("error*")] == []
    return [line.split() for path in folder.glob("notes*") for line in path.read_text().splitlines()]


def survived(store, s, acknowledged):
    """Check that all that was acknowledged is kept as it was given, and the store sound; returns what is kept."""
    kept = {a.id: a for a in store.annotations(s, current=False)}
    assert store.verify() == []
    lost = [line for line in acknowledged if line[0] not in kept]
    assert lost == []
    wrong = [
        line
        for line in acknowledged
        if (str(kept[line[0]].task_id), kept[line[0]].status) != (line[1], line[2])
    ]
    assert wrong == []
    print(f"{len(acknowledged)} acknowledged, {len(kept)} kept, {sum(a.late for a in kept.values())} late")
    return kept


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
    assert store.read_only == ""
    assert len(acknowledged) >= KILLS * share
    kept = survived(store, s, acknowledged)
    assert most_at_once(store.events(s), overlap=1) == []
    if ttl > 1:
        assert not any(a.late for a in kept.values())
    store.close()
