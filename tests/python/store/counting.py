"""What every store counts: its sessions side by side, each person's work, who has been here."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from statistics import median

import pytest

from labelwidgets.records import Presence, Times, Worked

from .builders import OVER, TTL, StoreContract, answer, session

DAY = timedelta(days=1)


def history(store, session_id, seed, acts=120):
    """Let four people answer, skip, take back and reject in an order that the seed gives."""
    chance = random.Random(seed)
    tasks = [task.id for task in store.tasks(session_id)]
    for _ in range(acts):
        who = chance.choice(["ann", "ben", "cy", "dee"])
        task = chance.choice(tasks)
        status = chance.choices(["submitted", "skipped", "withdrawn", "rejected"], [6, 2, 2, 1])[0]
        if chance.random() < 0.5 and status != "withdrawn":
            store.lease(session_id, who, 1, ttl=TTL)
        seconds = chance.choice([None, 0.0, 0.5, round(chance.uniform(0, 40), 3), 7.0, 1e7])
        store.submit(session_id, answer(task, who, status, times=Times(seconds=seconds)))
    store.release(session_id, "cy")


def recount(store, session_id, *, since=None, today=None, name=lambda who: who):
    """Count in Python, from the answers themselves."""
    every = list(store.annotations(session_id, current=False))
    standing = {one.id for one in store.annotations(session_id)}
    found = {}
    for who in {name(one.annotator) for one in every}:
        mine = [
            one for one in every if name(one.annotator) == who and (since is None or one.created_at >= since)
        ]
        stands = [one for one in mine if one.id in standing]
        given = [one for one in stands if one.status == "submitted"]
        timed = [one.times.seconds for one in given if one.times.seconds is not None]
        found[who] = Worked(
            answered=len(given),
            rejected=sum(one.status == "rejected" for one in stands),
            skipped=sum(one.status == "skipped" for one in stands),
            withdrawn=sum(one.status == "withdrawn" for one in mine),
            today=sum(today is None or one.created_at >= today for one in given),
            seconds=sum(one.times.seconds or 0.0 for one in mine),
            timed=len(timed),
            timed_seconds=sum(timed),
            median_seconds=median(timed) if timed else None,
            last_at=max((one.created_at for one in mine), default=None),
        )
    return {who: worked for who, worked in found.items() if worked.last_at is not None}


def same(found, expected):
    """Whether counts are equal, sums of floats nearly so; leases are counted elsewhere."""
    assert found.keys() >= expected.keys()
    for who, worked in found.items():
        wanted = expected.get(who, Worked())
        assert worked.last_at == wanted.last_at
        for field in Worked.__dataclass_fields__.keys() - {"leases", "last_at"}:
            assert getattr(worked, field) == pytest.approx(getattr(wanted, field), rel=1e-9), (who, field)


class WorkedContract(StoreContract):
    @pytest.mark.parametrize("seed", range(6))
    def test_work_is_what_the_answers_say(self, store, seed):
        s = session(store, 12, overlap=2)
        history(store, s, seed)
        same(store.work(s, today=datetime.fromtimestamp(0, UTC)), recount(store, s))

    @pytest.mark.parametrize("seed", range(2))
    def test_work_of_several_is_counted_together(self, store, seed):
        s = session(store, 12, overlap=2)
        history(store, s, seed)
        team = {"ann": "in", "ben": "out", "cy": "out", "dee": "in"}.get
        same(
            store.work(s, together=team, today=datetime.fromtimestamp(0, UTC)),
            recount(store, s, name=team),
        )

    def test_work_since_some_time(self, store):
        s = session(store, 12, overlap=2)
        history(store, s, seed=1, acts=60)
        moments = [one.created_at for one in store.annotations(s, current=False)]
        since, today = moments[20], moments[40]
        same(store.work(s, since=since, today=today), recount(store, s, since=since, today=today))

    def test_work_of_one(self, store):
        s = session(store, 12, overlap=2)
        history(store, s, seed=2)
        assert store.work(s, annotator="ben") == {"ben": store.work(s)["ben"]}
        assert store.work(s, annotator="eve") == {}

    def test_work_of_one_session_is_not_that_of_another(self, store):
        one, other = session(store, 3), session(store, 3, name="other")
        store.submit(one, answer(self.first(store, one).id))
        assert store.work(other) == {}
        assert store.work(one)["ann"].answered == 1

    def test_the_day_begins_at_midnight_utc_unless_told(self, store):
        s = session(store, 1)
        store.submit(s, answer(self.first(store, s).id))
        assert store.work(s)["ann"].today == 1
        assert store.work(s, today=datetime.now(UTC) + DAY)["ann"].today == 0

    def test_leases_that_run_are_counted(self, store):
        s = session(store, 6)
        self.lease(store, s, "ann", 2)
        self.lease(store, s, "ben", 1, ttl=OVER)
        assert store.work(s) == {"ann": Worked(leases=2)}

    def test_sessions_side_by_side(self, store):
        first, second = session(store, 4), session(store, 2, name="second", overlap=2)
        tasks = [task.id for task in store.tasks(first)]
        store.submit(first, answer(tasks[0], "ann"))
        store.submit(first, answer(tasks[1], "ben", "skipped"))
        store.submit(second, answer(self.first(store, second).id, "ann"))
        self.lease(store, first, "ben")
        one, two = store.overview("ann")
        assert (one.session_id, one.total, one.done, one.skipped, one.mine, one.people) == (
            first,
            4,
            1,
            1,
            1,
            1,
        )
        assert (two.session_id, two.total, two.done, two.skipped, two.mine, two.people) == (
            second,
            2,
            0,
            0,
            1,
            0,
        )
        assert [each.mine for each in store.overview()] == [0, 0]
        events = list(store.events(first))
        assert one.last_at == events[-1].at
        assert one.created_at == events[0].at

    def test_the_overview_counts_as_each_session_does(self, store):
        for n, name in enumerate("abc"):
            history(store, session(store, 8, name=name, overlap=n + 1), seed=n, acts=40)
        for row, seen in zip(store.sessions(), store.overview("ben"), strict=True):
            counts = store.counts(row.id, "ben")
            told = (counts.total, counts.done, counts.skipped, counts.mine, counts.people)
            assert told == (seen.total, seen.done, seen.skipped, seen.mine, seen.people)

    def test_who_has_been_here(self, store):
        s = session(store, 2)
        for who in ("ann", "ben", "cy", "dee"):
            store.save_member(who)
        store.submit(s, answer(self.first(store, s).id, "ann"))
        store.save_invite(b"1" * 32, "ben", ttl=DAY, actor="boss")
        store.save_invite(b"2" * 32, "cy", ttl=OVER, actor="boss")
        store.save_secret("cy", "hash", actor="cy")
        store.save_sign_in(b"3" * 32, "cy", ttl=DAY)
        seen = store.presence()
        assert seen.keys() == {"ann", "ben", "cy"}
        assert seen["ann"] == Presence(next(store.annotations(s)).created_at)
        assert seen["ben"].last_at is None
        assert not seen["ben"].password
        assert timedelta(0) < seen["ben"].invited_until - datetime.now(UTC) <= DAY
        assert seen["cy"].password
        assert seen["cy"].invited_until is None
        assert seen["cy"].last_at is not None

    def test_an_invitation_that_was_used_is_none(self, store):
        store.save_member("ben")
        store.save_invite(b"1" * 32, "ben", ttl=DAY, actor="boss")
        store.redeem_invite(b"1" * 32)
        assert store.presence() == {}
