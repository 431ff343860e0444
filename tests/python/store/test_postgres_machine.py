"""The state machine of people at work, on PostgreSQL."""

import os
from contextlib import ExitStack

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from labelwidgets.store import open_store
from tests import postgres

from .machine import Machine

RUNS = int(os.environ.get("LABELWIDGETS_TEST_RUNS", "60"))
QUIET = {"deadline": None, "stateful_step_count": 40, "suppress_health_check": list(HealthCheck)}


class OnServer(Machine):
    def open(self):
        self.kept = ExitStack()
        return open_store(self.kept.enter_context(postgres.place()))

    def teardown(self):
        super().teardown()
        if hasattr(self, "kept"):
            self.kept.close()


def test_people_at_work():
    run_state_machine_as_test(OnServer, settings=settings(max_examples=max(RUNS // 4, 1), **QUIET))
