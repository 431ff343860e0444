"""The state machine of people at work, on SQLite."""

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from labelwidgets.store import lease
from labelwidgets.store.sqlite import SqliteStore

from .machine import Machine

RUNS = int(os.environ.get("LABELWIDGETS_TEST_RUNS", "60"))
QUIET = {"deadline": None, "stateful_step_count": 40, "suppress_health_check": list(HealthCheck)}


class InMemory(Machine):
    def open(self):
        return SqliteStore(None)


class InFile(Machine):
    def open(self):
        self.folder = tempfile.TemporaryDirectory()
        return SqliteStore(Path(self.folder.name) / "labels.db")

    def teardown(self):
        super().teardown()
        if hasattr(self, "folder"):
            self.folder.cleanup()


def test_people_at_work_in_memory():
    run_state_machine_as_test(InMemory, settings=settings(max_examples=RUNS, **QUIET))


def test_people_at_work_in_a_file():
    run_state_machine_as_test(InFile, settings=settings(max_examples=max(RUNS // 6, 1), **QUIET))


@pytest.mark.parametrize(("returned", "forgotten"), [(1, 10_000), (500, 3), (0, 0)])
def test_people_at_work_when_cursors_are_soon_dropped(monkeypatch, returned, forgotten):
    monkeypatch.setattr(lease, "RETURNED", returned)
    monkeypatch.setattr(lease, "FORGOTTEN", forgotten)
    run_state_machine_as_test(InMemory, settings=settings(max_examples=max(RUNS // 3, 1), **QUIET))
