"""The commands about projects and people, on a real store: what they do and say, for people and for programs."""

import json
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest
from click import UsageError
from click.testing import CliRunner

import labelwidgets as lw
from labelwidgets import cli
from labelwidgets.commands import words


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LABELWIDGETS_USER", "boss")
    monkeypatch.delenv("JUPYTERHUB_USER", raising=False)
    return tmp_path


def run(*given, code=0):
    """Run a command and return what it printed; with --json as JSON."""
    result = CliRunner().invoke(cli.main, [str(word) for word in given])
    assert result.exit_code == code, (result.output, result.exception)
    return json.loads(result.stdout) if "--json" in given else result.output


@pytest.fixture
def made(here):
    table = {"text": ["a", "b", "c", "d"], "city": ["Bern", "Rome", "Bern", "Oslo"], "year": [1, 2, 3, 4]}
    pd.DataFrame(table).to_csv("d.csv", index=False)
    run("init", "t.db", "--data", "d.csv", "--item", "text", "--choice", "mood=glad,sad", "--session", "mail")
    return lw.Workspace("t.db", user="boss")


class TestProjects:
    def test_listed(self, made):
        run("clone", "t.db", "mail", "night")
        with made.open("mail") as session:
            session.submit(session.next()[0], {"mood": "glad"})
        lines = run("projects", "t.db").splitlines()
        assert lines[0].split() == ["project", "tasks", "done", "open", "skipped", "working", "last"]
        assert lines[1].split() == ["mail", "4", "1", "25", "%", "3", "0", "0", "now"]
        assert lines[2].split() == ["night", "0", "0", "-", "0", "0", "0", "now"]
        assert [each["name"] for each in run("projects", "t.db", "--json")] == ["mail", "night"]

    def test_put_away_and_brought_back(self, made):
        assert "`labelwidgets archive t.db mail --undo` brings it back" in run("archive", "t.db", "mail")
        assert run("projects", "t.db") == "There are no projects.\n1 archived: --archived lists them, too.\n"
        assert "mail (archived)" in run("projects", "t.db", "--archived")
        said = run("add", "t.db", "d.csv", code=1)
        assert "archived" in said
        assert "--undo" in said
        assert run("archive", "t.db", "mail", "--undo", "--json")["archived"] is False

    def test_begun_from_a_template(self, made):
        assert "init STORE --from mail.json" in run("template", "t.db", "mail.json")
        for store in ("one.db", "two.db"):
            assert "holds 4 tasks" in run(
                "init", store, "--from", "mail.json", "--data", "d.csv", "--session", "x"
            )
        first, second = (lw.Workspace(store, user="boss").fingerprint("x") for store in ("one.db", "two.db"))
        assert first == second == made.fingerprint("mail")

    def test_a_template_stands_alone(self, made):
        run("template", "t.db", "mail.json", "--json")
        said = run("init", "n.db", "--from", "mail.json", "--data", "d.csv", "--choice", "a=b", code=2)
        assert "--from takes all but the data" in said
        assert "can't be read: No such file" in run(
            "init", "n.db", "--from", "no.json", "--data", "d.csv", code=1
        )

    def test_cloned(self, made):
        run("template", "t.db", "mail.json")
        assert "with 4 tasks." in run("clone", "t.db", "mail", "twice", "--tasks")
        assert "with 4 tasks." in run("clone", "t.db", "mail.json", "again", "--data", "d.csv")
        assert "Add some with `labelwidgets add t.db DATA --session later`" in run(
            "clone", "t.db", "mail", "later"
        )
        assert "choose another name" in run("clone", "t.db", "mail", "twice", code=1)

    def test_compared(self, made):
        run("clone", "t.db", "mail", "twice", "--tasks")
        assert run("compare", "t.db", "mail", "twice").startswith("mail and twice ask for the same.")
        assert run("compare", "t.db", "mail", "twice", "--json")["states"]["total"] == [4, 4]

    def test_a_mistyped_store_makes_none(self, here):
        for command in (["projects"], ["people"], ["invite", "ben"], ["team"]):
            assert "There is no store no.db" in run(command[0], "no.db", *command[1:], code=1)
        assert not (here / "no.db").exists()


class TestTeam:
    def test_in_columns(self, made):
        run("invite", "t.db", "ben", "--project", "mail", "--team", "external", "--goal", 4)
        with lw.Workspace("t.db", member="ben").open("mail") as session:
            session.submit(session.next()[0], {"mood": "glad"}, seconds=90)
        head, row = run("team", "t.db").splitlines()
        assert head.split() == [
            *[
                "person",
                "team",
                "answers",
                "today",
                "skipped",
                "withdrawn",
                "hours",
                "median",
                "s",
                "per",
                "hour",
            ],
            *["goal", "holds", "last"],
        ]
        assert row.split() == "ben external 1 1 0 0 0:02 90 40 4 25 % 0 now".split()
        assert run("team", "t.db", "--by", "team").splitlines()[1].split()[:3] == ["external", "1", "1"]
        assert run("team", "t.db", "--by", "all", "--json")[0]["answered"] == 1
        assert run("team", "t.db", "--since", "2100-01-01", "--json")[0]["answered"] == 0
        assert "--since takes a day" in run("team", "t.db", "--since", "soon", code=2)

    def test_nobody(self, made):
        assert run("team", "t.db") == "Nobody has answered yet, and nobody is assigned.\n"


class TestPeople:
    def test_invited(self, made):
        said = run(
            "invite", "t.db", "ben", "--name", "Ben B.", "--project", "mail", "--url", "https://x.example/l/"
        )
        assert said.startswith("ben (annotator in mail) comes in by this link, once, until ")
        assert "\nhttps://x.example/l/invite/" in said
        said = run("invite", "t.db", "ben", "--days", 2)
        assert "\n/invite/" in said
        assert "Put the address of the published app before it, or give --url" in said
        told = run("invite", "t.db", "cy", "--role", "reviewer", "--group", "a", "--group", "b", "--json")
        assert told["link"] == told["path"] == f"/invite/{told['word']}"
        assert told["person"]["groups"] == ["a", "b"]

    def test_to_the_address_that_was_published(self, made):
        run("publish", "t.db", "--url", "https://label.example/")
        assert "\nhttps://label.example/invite/" in run("invite", "t.db", "ben")

    def test_who_may_open_nothing_yet_is_told(self, made):
        assert "`labelwidgets assign t.db PROJECT --person ben`" in run("invite", "t.db", "ben")
        assert "assign" not in run("invite", "t.db", "mia", "--role", "manager")

    def test_listed(self, made):
        run("invite", "t.db", "ben", "--name", "Ben B.", "--project", "mail")
        head, ben, boss = run("people", "t.db").splitlines()
        assert head.split() == ["id", "name", "role", "team", "state", "projects"]
        assert ben.split() == ["ben", "Ben", "B.", "annotator", "internal", "invited", "mail"]
        assert boss.split() == ["boss", "admin", "internal", "new"]
        assert run("people", "t.db", "--json")[0]["id"] == "ben"

    def test_let_go_and_taken_back(self, made):
        run("invite", "t.db", "ben", "--project", "mail")
        assert "`labelwidgets restore t.db ben` takes them back" in run("remove", "t.db", "ben")
        assert run("people", "t.db", "--json")[0]["state"] == "left"
        assert "labelwidgets invite t.db ben" in run("restore", "t.db", "ben")
        assert "there are 'ben', 'boss'" in run("remove", "t.db", "bem", code=1)
        assert "make somebody else admin first" in run("remove", "t.db", "boss", code=1)

    def test_assigned(self, made):
        run("invite", "t.db", "ben")
        given = ["--where", "city=Bern,Rome", "--where", "year=2..", "--goal", 9]
        assert run("assign", "t.db", "mail", "--person", "ben", *given) == (
            "ben works on mail as annotator, on tasks with city=Bern,Rome year=2.., goal 9.\n"
        )
        assert made.person("ben").projects[0].where == {"city": ["Bern", "Rome"], "year": {"from": 2}}
        assert lw.Workspace("t.db", member="ben").project("mail").total == 2
        assert "on all tasks, goal 9." in run("assign", "t.db", "mail", "--person", "ben", "--where", "all")
        said = run("assign", "t.db", "mail", "--group", "raters", "--role", "reviewer", "--json")
        assert (said["subject"], said["group"], said["role"]) == ("raters", True, "reviewer")
        assert run("unassign", "t.db", "mail", "--person", "ben") == "ben no longer works on mail.\n"
        assert "nothing changed" in run("unassign", "t.db", "mail", "--person", "ben")
        assert "Say who" in run("assign", "t.db", "mail", code=1)
        assert "where asks for column 'town'" in run(
            "assign", "t.db", "mail", "--person", "ben", "--where", "town=x", code=1
        )


class TestWords:
    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            ((), None),
            (("all",), {}),
            (("city=Bern",), {"city": "Bern"}),
            (("city=Bern,Rome",), {"city": ["Bern", "Rome"]}),
            (("code=007",), {"code": "007"}),
            (("year=2001",), {"year": 2001}),
            (("year=2001,x",), {"year": [2001, "x"]}),
            (
                ("year=2001..2005", "city=a..c"),
                {"year": {"from": 2001, "to": 2005}, "city": {"from": "a", "to": "c"}},
            ),
            (("year=..2005",), {"year": {"to": 2005}}),
            (("ok=true",), {"ok": True}),
            (("url=a=b",), {"url": "a=b"}),
        ],
    )
    def test_conditions(self, given, expected):
        columns = {"city": "str", "code": "object", "year": "int64", "ok": "boolean", "url": "str"}
        assert words.where(given, columns) == expected

    @pytest.mark.parametrize("given", ["city", "city=", "all"])
    def test_no_condition(self, given):
        with pytest.raises(UsageError, match="--where takes COLUMN=VALUE"):
            words.where(("year=1", given), {})

    def test_how_long_ago(self):
        now = datetime(2026, 1, 2, tzinfo=UTC)
        spans = {
            "now": 59,
            "1 min": 60,
            "59 min": 3599,
            "1 h": 3600,
            "23 h": 86_399,
            "1 d": 86_400,
            "40 d": 3_456_000,
        }
        assert [words.ago(now - timedelta(seconds=span), now) for span in spans.values()] == list(spans)
        assert words.ago(None) == "-"
        assert words.ago(now + timedelta(hours=1), now) == "now"

    def test_a_table(self):
        rows = [{"a": "x", "n": 1234, "gone": None}, {"a": "y" * 50, "n": None, "gone": ""}]
        assert words.table(rows).splitlines() == [
            f"a{' ' * 39}      n",
            f"x{' ' * 39}  1,234",
            f"{'y' * 39}…      -",
        ]
