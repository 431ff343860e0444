"""A project that was put away: read, never changed, and brought back as it was."""

import pandas as pd
import pytest

import labelwidgets as lw
from labelwidgets import export

from .conftest import answer

WHY = "archived: it can be read and not changed.*labelwidgets archive STORE mail --undo"


@pytest.fixture
def away(boss):
    answer(boss, "mail", 2)
    with boss.open("mail") as session:
        boss.archive("mail")
        yield session


def test_it_is_not_offered(away, boss, of):
    assert [each.name for each in boss.projects()] == ["chat"]
    assert [(each.name, each.archived) for each in boss.projects(archived=True)] == [
        ("mail", True),
        ("chat", False),
    ]
    assert [each.name for each in of("ann", projects=["mail"]).projects()] == []


@pytest.mark.parametrize(
    "act",
    [
        lambda s: s.next(),
        lambda s: s.submit(1, {"mood": "glad"}),
        lambda s: s.skip(1),
        lambda s: s.undo(),
        lambda s: s.comment(1, "hm"),
        lambda s: s.flag(1),
        lambda s: s.add([{"text": "new"}]),
        lambda s: s.prioritize({1: 2.0}),
        lambda s: s.migrate(lw.AddLabel("mood", "meh")),
        lambda s: s.add_predictions(lambda task: {"mood": "glad"}, model="m"),
        lambda s: s.correct(),
    ],
)
def test_no_act_changes_it(away, act):
    with pytest.raises(lw.StoreError, match=WHY):
        act(away)


def test_it_is_read_and_taken_out(away, tmp_path):
    assert len(away.annotations()) == 2
    assert away.frame()["mood"].notna().sum() == 2
    assert export.export(away, tmp_path / "out.csv").rows == 6
    assert away.events()[-1].kind == "export"


def test_it_says_that_it_is_for_reading(away, boss):
    assert "archived" in away.read_only
    boss.archive("mail", False)
    assert away.read_only == ""


def test_it_opens_for_members(away, of):
    with of("ann", projects=["mail"]).open("mail") as session:
        assert "archived" in session.read_only
        with pytest.raises(lw.StoreError, match=WHY):
            session.next()


def test_it_takes_no_new_data_or_schema_when_it_is_opened(away, place, schema):
    wider = lw.Schema(*schema, lw.Rating("stars"))
    with pytest.raises(lw.StoreError, match=WHY):
        lw.Session(place, name="mail", data=pd.DataFrame({"text": ["new"]}), user="boss")
    with pytest.raises(lw.StoreError, match=WHY):
        lw.Session(place, name="mail", schema=wider, user="boss")
    with pytest.raises(lw.StoreError, match=WHY):
        lw.Session(place, name="mail", order="random", user="boss")
    assert away.progress.total == 6


def test_it_comes_back_as_it_was(away, boss):
    before = boss.fingerprint("mail")
    assert boss.archive("mail", False).archived is False
    assert boss.fingerprint("mail") == before
    answer(boss, "mail")
    assert boss.project("mail").done == 3


def test_no_task_of_it_becomes_urgent(away, boss):
    with pytest.raises(lw.StoreError, match="archived: bring it back first"):
        boss.prioritize("mail", {}, 1)


def test_the_history_says_who(away, boss):
    boss.archive("mail")
    boss.archive("mail", False)
    told = [(e.actor, e.payload) for e in away.events() if e.kind == "archive"]
    assert told == [("boss", {"before": False, "after": True}), ("boss", {"before": True, "after": False})]
