"""Projects as people see them: what is listed, opened, compared, made urgent."""

import json
from datetime import UTC, datetime

import pandas as pd
import pytest

import labelwidgets as lw
from labelwidgets.store import open_store

from .conftest import answer


class TestListed:
    def test_with_counts(self, boss, of):
        ann = of("ann", projects=["mail"], goal=4)
        answer(ann, "mail", 2)
        with ann.open("mail") as session:
            session.skip(session.next()[0])
            session.next()
            (seen,) = ann.projects()
            assert (seen.name, seen.item, seen.fields, seen.overlap) == ("mail", "text", ("mood", "why"), 1)
            assert (seen.total, seen.done, seen.open, seen.skipped, seen.people) == (6, 2, 4, 1, 1)
            assert (seen.mine, seen.goal, seen.may, seen.role) == (2, 4, ("label", "comment"), "annotator")
            assert (seen.created_at, seen.last_at) == (session_born(boss), last(boss))
        assert [(each.name, each.mine, each.goal) for each in boss.projects()] == [
            ("mail", 0, None),
            ("chat", 0, None),
        ]

    def test_counts_are_those_of_the_session(self, boss):
        answer(boss, "mail", 3)
        for project in boss.projects():
            with boss.open(project.name) as session:
                counts = session.progress
            assert (project.total, project.done, project.open, project.skipped, project.mine) == (
                (counts.total, counts.done, counts.open, counts.skipped, counts.mine)
            )

    def test_who_works_on_some_tasks_finds_these_counted(self, of, boss):
        ann = of("ann", projects=["mail"], where={"city": "Bern"})
        answer(ann, "mail", 1)
        answer(boss, "mail", 3)  # Rome, Bern, Oslo
        seen = ann.project("mail")
        assert (seen.total, seen.done, seen.open, seen.mine) == (3, 2, 1, 1)
        with ann.open("mail") as session:
            assert (session.progress.total, session.progress.done) == (seen.total, seen.done)
        assert boss.project("mail").total == 6

    def test_roles_of_person_and_groups_are_joined(self, of, boss):
        ann = of("ann", projects=["mail"], groups=["checkers"])
        boss.assign("mail", group="checkers", role="reviewer", goal=7)
        boss.assign("chat", group="checkers", role="mlops")
        seen = {each.name: each for each in ann.projects()}
        assert seen["mail"].role == "annotator+reviewer"
        assert "review" in seen["mail"].may
        assert seen["mail"].goal == 7
        assert seen["chat"].may == ("read", "read_gold", "export", "add", "backup")

    def test_as_json(self, boss):
        said = json.loads(json.dumps([each.to_json() for each in boss.projects()]))
        assert said[0]["name"] == "mail"
        assert said[0]["fields"] == ["mood", "why"]
        assert datetime.fromisoformat(said[0]["last_at"]).tzinfo is not None

    def test_a_schema_that_grew_shows(self, boss):
        assert boss.project("mail").fields == ("mood", "why")
        with boss.open("mail") as session:
            session.migrate(lw.AddField(lw.Rating("stars", required=False)))
        assert boss.project("mail").fields == ("mood", "why", "stars")

    def test_an_unknown_one(self, boss, tmp_path):
        with pytest.raises(lw.StoreError, match="no project 'male' in this store; there are 'mail', 'chat'"):
            boss.project("male")
        with pytest.raises(lw.StoreError, match="no project 'male'"):
            boss.open("male")


def session_born(boss):
    return next(iter(boss.store.events(1))).at


def last(boss):
    return list(boss.store.events(1))[-1].at


class TestOpened:
    def test_bound_as_the_workspace_is(self, of, boss):
        with of("ann", "reviewer", projects=["mail"]).open("mail") as session:
            assert session.user == lw.User("ann", "ann", "reviewer")
            boss.assign("mail", person="ann", role="annotator")
            with pytest.raises(lw.RightsError):
                session.events()
        with boss.open("mail") as session:
            assert session.user.id == "boss"
            assert session.events()

    def test_a_session_closed_leaves_the_workspace_open(self, boss):
        boss.open("mail").close()
        assert boss.projects()

    def test_who_is_trusted_keeps_the_role_that_the_store_knows(self, boss, place):
        """Whoever runs the code may do all in it, and is no admin of the published app by that."""
        boss.invite("ann", name="Ann", projects=["mail"])
        with lw.Workspace(place, user="ann") as workspace:
            workspace.open("mail").close()
            workspace.clone("mail", "copy")
        assert (boss.person("ann").role, boss.person("ann").name) == ("annotator", "Ann")

    def test_an_erased_name_stays_erased(self, boss, of):
        mia = of("mia", "manager", name="Mia M.")
        boss.store.erase(None, annotator="mia", actor="boss")
        mia.clone("mail", "copy", tasks=True)
        assert boss.store.member("mia").name == ""

    def test_of_an_open_store(self, place):
        store = open_store(place)
        with lw.Workspace(store, user="boss") as workspace:
            workspace.invite("ann", projects=["mail"])
            answer(workspace, "mail")
            workspace.clone("mail", "copy", tasks=True)
        with lw.Workspace(store, member="ann") as workspace:
            answer(workspace, "mail")
        assert store.session("mail") is not None
        store.close()

    def test_no_store_is_made(self, tmp_path):
        with pytest.raises(lw.StoreError, match="There is no store .*none.db: check the path"):
            lw.Workspace(tmp_path / "none.db")
        assert list(tmp_path.iterdir()) == []

    def test_who_asks_is_one(self, place):
        with pytest.raises(lw.UserError, match="found both"):
            lw.Workspace(place, user="a", member="b")


class TestUrgent:
    @pytest.mark.parametrize(
        ("where", "n", "first"),
        [
            ({"city": "Oslo"}, 1, {"Oslo"}),
            ({"city": ["Oslo", "Rome"], "year": {"from": 2004}}, 1, {"Rome"}),
            ({}, 6, {"Bern"}),
            (None, 6, {"Bern"}),
            ({"city": "Nowhere"}, 0, {"Bern"}),
        ],
    )
    def test_tasks_come_sooner(self, boss, where, n, first):
        with boss.open("mail") as session:
            usual = {task.data["city"] for task in session.next(1)}
        assert boss.matching("mail", where) == n
        with boss.open("mail") as session:
            assert {task.data["city"] for task in session.next(1)} == usual
        assert boss.prioritize("mail", where, 5) == n
        with boss.open("mail") as session:
            assert {task.data["city"] for task in session.next(1)} == first

    def test_a_column_that_is_none(self, boss):
        with pytest.raises(lw.UserError, match="where asks for column 'town'"):
            boss.prioritize("mail", {"town": "Bern"}, 5)
        with pytest.raises(lw.UserError, match="where asks for column 'town'"):
            boss.matching("mail", {"town": "Bern"})


class TestCompared:
    @pytest.fixture
    def other(self, boss, place, items):
        schema = lw.Schema(
            lw.Choice("mood", ["glad", "angry"], required=False), lw.Rating("why"), lw.Number("age")
        )
        lw.Session(place, data=items, item="text", schema=schema, name="other", user="boss").close()
        answer(boss, "mail", 2, "glad", seconds=2.0)
        answer(boss, "mail", 1, "sad", seconds=4.0)
        with boss.open("other") as session:
            session.submit(session.next()[0], {"mood": "angry", "why": 1, "age": 3}, seconds=9.0)
            session.skip(session.next()[0])

    def test_what_differs(self, boss, other):
        made = boss.compare("mail", "other")
        fields = {each.name: each for each in made.fields}
        assert (fields["mood"].there, fields["mood"].settings) == ("both", ("required",))
        assert (fields["mood"].only_a, fields["mood"].only_b) == (("sad",), ("angry",))
        assert fields["why"].kind == "text/rating"
        assert fields["age"].there == "b"
        assert made.states == {
            "total": (6, 6), "done": (3, 1), "open": (3, 5), "leased": (0, 0), "skipped": (0, 1),
        }  # fmt: skip
        assert made.labels == {"mood": {"glad": (2, 0), "sad": (1, None), "angry": (None, 1)}}
        assert made.pace["answers"] == (3, 1)
        assert made.pace["seconds"] == (2.0, 9.0)
        assert made.pace["per_hour"] == (1350.0, 400.0)

    def test_in_words(self, boss, other):
        text = boss.compare("mail", "other").to_text()
        for line in (
            "mood: required set otherwise.",
            "mood: only in mail: sad.",
            "mood: only in other: angry.",
            "why is text in mail, rating in other.",
            "age (number) is only in other.",
        ):
            assert line in text.splitlines()
        assert "  glad                           2             0" in text.splitlines()

    def test_as_frame_and_json(self, boss, other):
        made = boss.compare("mail", "other")
        frame = made.frame()
        assert frame.dtypes.astype(str).tolist() == ["string", "string", "string", "float64", "float64"]
        row = frame[(frame["what"] == "labels") & (frame["name"] == "sad")].iloc[0]
        assert (row["field"], row["a"], pd.isna(row["b"])) == ("mood", 1.0, True)
        said = json.loads(json.dumps(made.to_json()))
        assert said["labels"]["mood"]["glad"] == [2, 0]
        assert said["fields"][0]["only_b"] == ["angry"]

    def test_with_itself_there_is_nothing_to_say(self, boss):
        assert boss.compare("mail", "chat").to_text().startswith("mail and chat ask for the same.")

    def test_numbers_are_those_of_the_report(self, boss, other):
        from labelwidgets.report import Report

        made = boss.compare("mail", "other")
        with boss.open("mail") as session:
            told = Report.of(session)
        assert {name: pair[0] for name, pair in made.states.items()} == told.states
        assert made.pace["per_hour"][0] == told.pace.per_hour


def test_moments_are_utc(boss):
    assert boss.project("mail").created_at.tzinfo is UTC
