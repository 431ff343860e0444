"""Clients and servers killed at any moment lose nothing that was acknowledged, and give no task to two people."""

import os

import pytest

from labelwidgets.store import open_store
from tests import postgres

from .builders import session
from .test_kill_storm import most_at_once, storm, survived

KILLS = int(os.environ.get("LABELWIDGETS_TEST_KILLS", "60")) // 4
SERVER_KILLS = 3


@pytest.fixture
def server():
    server = postgres.Server(durable=True)
    yield server
    server.stop()


def killing(server, kills, times):
    """Let the server die some times among the deaths of its clients."""
    moments = {kills * (n + 1) // (times + 1) for n in range(times)}

    def at_kill(number):
        if number in moments:
            server.kill()
            server.start()

    return at_kill


@pytest.mark.parametrize(
    ("ttl", "share"), [(600.0, 1.0), (0.3, 0.5)], ids=["long leases", "leases that run out"]
)
def test_nothing_acknowledged_is_lost_and_nothing_given_twice(server, tmp_path, ttl, share):
    kills = max(int(KILLS * share), SERVER_KILLS + 1)
    url = server.dsn("postgres")
    store = open_store(url)
    s = session(store, 20_000)
    store.close()
    acknowledged = storm(url, tmp_path, ttl=ttl, kills=kills, at_kill=killing(server, kills, SERVER_KILLS))
    store = open_store(url)
    assert store.read_only == ""
    assert len(acknowledged) >= kills
    kept = survived(store, s, acknowledged)
    events = list(store.events(s))
    assert store.revision(s) == len(events)
    late = {
        a.task_id for a in kept.values() if a.late
    }  # an answer that comes late may be one more than asked for
    assert most_at_once([event for event in events if event.task_id not in late], overlap=1) == []
    assert not late or ttl < 1
    store.close()
