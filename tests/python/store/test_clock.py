"""Leases go by ticks that no clock on the wall can move."""

from datetime import UTC, datetime, timedelta

import pytest

from labelwidgets.store.clock import Clock, to_datetime, to_micros
from labelwidgets.store.sqlite import SqliteStore

from .builders import TTL, TestClock, answer, session

HOUR = timedelta(hours=1)


@pytest.fixture
def two(tmp_path):
    """Two processes' views of one store, each with its own clock."""
    clocks = TestClock(), TestClock()
    stores = [SqliteStore(tmp_path / "labels.db", clock=clock) for clock in clocks]
    session(stores[0], 1)
    yield stores, clocks
    for store in stores:
        store.close()


@pytest.mark.parametrize("step", [HOUR, -HOUR, timedelta(days=400), -timedelta(days=20000)])
def test_a_clock_that_is_wrong_takes_no_lease(two, step):
    (ann, ben), (_, clock) = two
    (task,) = ann.lease(1, "ann", 1, ttl=TTL)
    clock.set_wall(step)
    assert ben.lease(1, "ben", 1, ttl=TTL) == []
    assert ben.counts(1).leased == 1
    assert not ann.submit(1, answer(task.id)).late


def test_a_clock_that_is_set_back_while_working_changes_nothing(two):
    (ann, ben), clocks = two
    (task,) = ann.lease(1, "ann", 1, ttl=TTL)
    for clock in clocks:
        clock.set_wall(-HOUR)
    assert ann.lease(1, "ann", 1, ttl=TTL) == [task]
    for clock in clocks:
        clock.pass_time(TTL)
    assert ben.lease(1, "ben", 1, ttl=TTL) == [task]


def test_leases_end_when_their_time_has_passed(two):
    (ann, ben), clocks = two
    ann.lease(1, "ann", 1, ttl=TTL)
    for clock in clocks:
        clock.pass_time(TTL - timedelta(seconds=1))
    assert ben.lease(1, "ben", 1, ttl=TTL) == []
    for clock in clocks:
        clock.pass_time(timedelta(seconds=1))
    assert len(ben.lease(1, "ben", 1, ttl=TTL)) == 1


def test_a_restart_of_the_machine_leaves_everybody_one_more_term(two):
    (ann, ben), clocks = two
    (task,) = ann.lease(1, "ann", 1, ttl=TTL)
    for clock in clocks:
        clock.restart()
    assert ben.lease(1, "ben", 1, ttl=TTL) == []
    for clock in clocks:
        clock.pass_time(TTL / 2)
    assert ben.lease(1, "ben", 1, ttl=TTL) == []
    for clock in clocks:
        clock.pass_time(TTL / 2)
    assert ben.lease(1, "ben", 1, ttl=TTL) == [task]


def test_ticks_go_on_while_the_wall_clock_is_real():
    clock = Clock()
    first, second = clock.tick(), clock.tick()
    assert 0 < first <= second
    assert abs(clock.now() - datetime.now(UTC).timestamp() * 1e6) < 60e6
    assert clock.same_boot(Clock().boot)
    assert not clock.same_boot("another run of the machine")


def test_where_the_system_has_no_id_for_its_run_starts_that_are_near_are_one():
    clock = TestClock(boot="1700000000")
    assert clock.same_boot("1700000300")
    assert not clock.same_boot("1700004000")


def test_moments_are_kept_to_the_microsecond():
    moment = datetime(9998, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
    assert to_datetime(to_micros(moment)) == moment
    assert to_datetime(to_micros(datetime(2026, 1, 1))) == datetime(2026, 1, 1, tzinfo=UTC)
    assert to_micros(None) is to_datetime(None) is None
