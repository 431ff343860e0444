"""Numbers of people and teams are those that the answers themselves give."""

import json
import random
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

import labelwidgets as lw
from labelwidgets.report import Report
from labelwidgets.workspace.numbers import day_began

from .conftest import answer


@pytest.fixture
def busy(boss, place, items):
    """A project that four people work on for a while, in an order by chance."""
    schema = lw.Schema(lw.Choice("mood", ["glad", "sad"]))
    lw.Session(place, data=items, item="text", schema=schema, name="busy", user="boss", overlap=3).close()
    boss.invite("ann", projects=["busy"], goal=4)
    boss.invite("ben", projects=["busy"], team="external", groups=["raters"])
    boss.invite("cy", team="external", groups=["raters"])
    boss.assign("busy", group="raters", goal=2)
    chance = random.Random(7)
    sessions = [lw.Workspace(boss.store, member=who).open("busy") for who in ("ann", "ben", "cy")]
    sessions.append(boss.open("busy"))
    for _ in range(60):
        session = chance.choice(sessions)
        tasks = session.next()
        act = chance.random()
        if act < 0.25:
            session.undo()
        elif not tasks:
            continue
        elif act < 0.4:
            session.skip(tasks[0])
        else:
            session.submit(
                tasks[0], {"mood": "glad"}, seconds=chance.choice([None, round(chance.uniform(0, 30), 3)])
            )
    yield "busy"
    sessions[-1].close()


def recomputed(session, who):
    """Numbers out of the answers as frames."""
    every, stands = session.annotations(all_versions=True), session.annotations()
    every, stands = every[every["annotator"].isin(who)], stands[stands["annotator"].isin(who)]
    given = stands[stands["status"] == "submitted"]
    timed = given["seconds"].dropna().astype(float)
    return {
        "answered": len(given),
        "rejected": int((stands["status"] == "rejected").sum()),
        "skipped": int((stands["status"] == "skipped").sum()),
        "withdrawn": int((every["status"] == "withdrawn").sum()),
        "today": int((given["created_at"] >= pd.Timestamp(day_began())).sum()),
        "seconds": pytest.approx(round(every["seconds"].dropna().astype(float).sum(), 3)),
        "median_seconds": pytest.approx(timed.median(), abs=0.0051) if len(timed) else None,
        "per_hour": pytest.approx(len(timed) * 3600 / timed.sum(), abs=0.051) if timed.sum() else None,
        "last_at": every["created_at"].max().to_pydatetime() if len(every) else None,
    }


def told(work):
    return {name: getattr(work, name) for name in (
        "answered", "rejected", "skipped", "withdrawn", "today", "seconds", "median_seconds", "per_hour", "last_at"
    )}  # fmt: skip


class TestTeam:
    def test_each_person_is_what_their_answers_say(self, boss, busy):
        with boss.open(busy) as session:
            found = boss.team(busy)
            assert {work.id for work in found} == {"ann", "ben", "cy", "boss"}
            for work in found:
                assert told(work) == recomputed(session, [work.id]), work.id
            assert [work.answered for work in found] == sorted((w.answered for w in found), reverse=True)

    def test_teams_and_all_are_what_their_people_say(self, boss, busy):
        with boss.open(busy) as session:
            teams = {work.team: work for work in boss.team(busy, by="team")}
            assert told(teams["internal"]) == recomputed(session, ["ann", "boss"])
            assert told(teams["external"]) == recomputed(session, ["ben", "cy"])
            (everybody,) = boss.team(busy, by="all")
            assert told(everybody) == recomputed(session, ["ann", "boss", "ben", "cy"])
        assert (teams["internal"].people, teams["external"].people, everybody.people) == (2, 2, 4)
        assert (teams["internal"].goal, teams["external"].goal, everybody.goal) == (4, 4, 8)
        assert teams["external"].leases + teams["internal"].leases == everybody.leases > 0

    def test_pace_is_that_of_the_report(self, boss, busy):
        with boss.open(busy) as session:
            people = {pace.annotator: pace for pace in Report.of(session).people}
        for work in boss.team(busy):
            pace = people[work.id]
            assert (work.answered, work.skipped, work.median_seconds, work.per_hour) == (
                (pace.answers, pace.skipped, pace.seconds, pace.per_hour)
            )

    def test_goals_and_shares(self, boss, busy):
        found = {work.id: work for work in boss.team(busy)}
        assert {who: work.goal for who, work in found.items()} == {"ann": 4, "ben": 2, "cy": 2, "boss": None}
        for work in found.values():
            expected = None if work.goal is None else min(1.0, round(work.answered / work.goal, 4))
            assert work.share == expected

    def test_mine_is_my_row(self, boss, busy):
        rows = {work.id: work for work in boss.team(busy)}
        for who in ("ann", "ben", "cy"):
            assert lw.Workspace(boss.store, member=who).mine(busy) == rows[who]
        assert boss.mine(busy) == rows["boss"]

    def test_since(self, boss, busy):
        with boss.open(busy) as session:
            moment = (
                session.annotations(all_versions=True)["created_at"].sort_values().iloc[30].to_pydatetime()
            )
        assert boss.team(busy, since=moment, by="all")[0].answered < boss.team(busy, by="all")[0].answered
        assert boss.team(busy, since=datetime.now(UTC) + timedelta(days=1), by="all")[0].answered == 0

    def test_who_has_not_begun_is_there(self, boss):
        boss.invite("ann", name="Ann", projects=["mail"], goal=5)
        boss.invite("rae", role="mlops", projects=["mail"])  # does not label
        (work,) = boss.team("mail")
        assert (work.id, work.name, work.answered, work.goal, work.share, work.last_at) == (
            "ann",
            "Ann",
            0,
            5,
            0.0,
            None,
        )
        boss.remove("ann")
        assert boss.team("mail") == []

    def test_nobody_has_done_anything(self, boss):
        assert boss.team("mail") == boss.team("mail", by="team") == boss.team("mail", by="all") == []
        assert boss.mine("mail").answered == 0

    def test_as_json(self, boss, busy):
        said = json.loads(json.dumps([work.to_json() for work in boss.team(busy)]))
        assert {each["team"] for each in said} == {"internal", "external"}

    def test_by_what_else(self, boss):
        with pytest.raises(lw.StoreError, match="'person', 'team' or 'all', found 'day'"):
            boss.team("mail", by="day")

    def test_the_day_begins_at_midnight_here(self, boss):
        answer(boss, "mail")
        began = day_began()
        assert (began.hour, began.minute, began.second, began.microsecond) == (0, 0, 0, 0)
        assert began.tzinfo is not None
        assert timedelta(0) <= datetime.now(UTC) - began < timedelta(hours=26)
