"""Clients and servers killed at any moment lose nothing that was acknowledged, and give no task to two people."""

import os
from typing import NamedTuple

import pytest

from labelwidgets.store import open_store
from tests import postgres

from .builders import session
from .test_kill_storm import most_at_once, storm

KILLS = int(os.environ.get("LABELWIDGETS_TEST_KILLS", "60")) // 4
SERVER_KILLS = 3


class After(NamedTuple):
    """What there is after a storm."""

    acknowledged: int
    lost: list
    double: list
    damage: list
    late: int


def storm_of(server, folder, *, ttl, kills, server_kills):
    """Let eight processes label on a server, kill them and it, and look."""
    url = f"{server.dsn('postgres')}&schema=storm"
    store = open_store(url)
    s = session(store, 20_000)
    store.close()
    moments = {kills * (n + 1) // (server_kills + 1) for n in range(server_kills)}

    def at_kill(number):
        if number in moments:
            server.kill()
            server.start()

    given = storm(url, folder, ttl=ttl, kills=kills, at_kill=at_kill)
    store = open_store(url)
    damage = [store.read_only] if store.read_only else store.verify()
    kept = {a.id: (str(a.task_id), a.status) for a in store.annotations(s, current=False)}
    late = {a.task_id for a in store.annotations(s, current=False) if a.late}
    events = list(store.events(s))
    assert store.revision(s) == len(events)
    store.close()
    lost = [line for line in given if kept.get(line[0]) != (line[1], line[2])]
    # An answer that comes late may be one more than asked for.
    double = most_at_once([event for event in events if event.task_id not in late], overlap=1)
    return After(len(given), lost, double, damage, len(late))


@pytest.fixture
def server():
    server = postgres.Server(durable=True)
    yield server
    server.stop()


@pytest.mark.parametrize(
    ("ttl", "share"), [(600.0, 1.0), (0.3, 0.5)], ids=["long leases", "leases that run out"]
)
def test_nothing_acknowledged_is_lost_and_nothing_given_twice(server, tmp_path, ttl, share):
    kills = max(int(KILLS * share), SERVER_KILLS + 1)
    after = storm_of(server, tmp_path, ttl=ttl, kills=kills, server_kills=SERVER_KILLS)
    print(after)
    assert after.acknowledged >= kills
    assert (after.lost, after.double, after.damage) == ([], [], [])
    assert not after.late or ttl < 1
