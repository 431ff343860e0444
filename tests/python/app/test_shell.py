"""The app's own widget: who is let in, what each page is told, what managers do, and what it refuses."""

import json
import uuid

import pytest

import labelwidgets as lw
from labelwidgets.accounts import Accounts
from labelwidgets.app import answers, pages
from labelwidgets.messages import APP_MESSAGES
from labelwidgets.report import Report
from labelwidgets.store import open_store
from labelwidgets.widget import STATIC, LabelWidget
from labelwidgets.workspace import Template, Workspace
from tests.browser.host import HostComm, bare_comms
from tests.browser.team import answer, app_of, store_of_a_team

pytestmark = pytest.mark.skipif(not (STATIC / "app.js").is_file(), reason="run `make bundles` first")

SEEN = {"objects": [lw.Box(1, 1, 20, 20, label="car"), lw.Box(30, 1, 20, 20, label="car")], "weather": "sun"}


@pytest.fixture(autouse=True)
def comms():
    with bare_comms():
        yield


@pytest.fixture
def path(tmp_path):
    return store_of_a_team(tmp_path)


@pytest.fixture
def app(path):
    app = app_of(path, a="ann", m="mia", b="ben", r="rea")
    yield app
    app.close()


def say(app, kind, **fields):
    """Send an act; returns the answer to it, with its buffers as `buffers`."""
    act = {"kind": kind, "id": uuid.uuid4().hex} | fields
    HostComm.sent = []
    app.comm.handle_msg({"content": {"data": {"method": "custom", "content": act}}, "buffers": []})
    said = [m for m in HostComm.sent if m["data"].get("method") == "custom"]
    (message,) = [m for m in said if m["data"]["content"].get("id") == act["id"]]
    return message["data"]["content"] | {"buffers": message["buffers"]}


def entered(app, ticket="a", page="projects", project=None):
    reply = say(app, "enter", ticket=ticket, page=page, project=project)
    assert reply["kind"] == "ack", reply
    return reply


def opened(app, page, project=None):
    reply = say(app, "open", page=page, project=project)
    assert reply["kind"] == "ack", reply
    return reply["data"]


class TestTheDoor:
    def test_nothing_of_the_store_is_in_a_trait(self, app):
        told = json.dumps(app.get_state(), default=str)
        for word in ("street", "letters", "Ann", "mia", "Bonn"):
            assert word not in told

    @pytest.mark.parametrize("kind", [k for k in APP_MESSAGES if k not in ("enter", "bundle")])
    def test_nobody_does_anything_before_they_have_entered(self, app, kind):
        fields = {
            "page": "label",
            "project": "street",
            "person": "ann",
            "name": "x",
            "role": "admin",
            "only": "all",
            "skip": 0,
        }
        fields |= {"tasks": [1], "archived": True, "items": False, "priority": 1}
        given = {name: fields[name] for name in APP_MESSAGES[kind] if name in fields}
        reply = say(app, kind, **given)
        assert (reply["kind"], reply["code"]) == ("refuse", "rights")

    def test_a_wrong_ticket_opens_nothing(self, app):
        assert say(app, "enter", ticket="forged", page="projects")["code"] == "rights"
        assert say(app, "open", page="projects")["kind"] == "refuse"

    def test_a_ticket_opens_what_is_the_persons(self, app):
        reply = entered(app)
        assert reply["me"] == {"id": "ann", "name": "Ann Lee", "role": "annotator", "may": []}
        assert {project["name"] for project in reply["projects"]} == {"street", "letters"}
        assert all(project["may"] == ["label", "comment"] for project in reply["projects"])

    def test_the_page_of_the_address_comes_with_it(self, app):
        from ipywidgets.widgets import widget as ipw

        told = entered(app, page="label", project="street")["opened"]
        assert (told["page"], told["project"]) == ("label", "street")
        widget = ipw._instances[told["data"]["model"]]
        assert isinstance(widget, LabelWidget)
        assert widget.session.user.id == "ann"
        assert say(app, "open", page="label", project="street")["data"]["model"] == widget.model_id

    def test_a_widget_that_is_shown_again_knows_what_was_done(self, app):
        from ipywidgets.widgets import widget as ipw

        entered(app, page="label", project="street")
        widget = ipw._instances[opened(app, "label", "street")["model"]]
        assert widget.state["progress"]["mine"] == 0
        widget.session.submit(widget.session.next()[0], {"objects": [], "weather": "rain"})
        opened(app, "about")
        opened(app, "label", "street")
        assert widget.state["progress"]["mine"] == 1

    def test_somebody_with_one_project_is_led_to_it(self, app):
        told = entered(app, ticket="b")["opened"]
        assert (told["page"], told["project"]) == ("label", "street")

    @pytest.mark.parametrize(
        ("ticket", "page"), [("a", "label"), ("a", "work"), ("r", "manage"), ("m", "manage")]
    )
    def test_a_page_without_a_project_is_that_of_the_last_one_that_has_it(self, app, ticket, page):
        reply = entered(app, ticket=ticket, page=page)
        told = reply["opened"]
        assert (told["page"], told["project"]) == (page, reply["projects"][0]["name"])
        assert "reason" not in told

    def test_who_has_the_page_nowhere_comes_to_the_projects(self, app):
        assert entered(app, page="manage")["opened"]["page"] == "projects"

    def test_a_second_person_does_not_get_in(self, app):
        entered(app, ticket="a")
        assert say(app, "enter", ticket="m", page="projects")["code"] == "rights"
        assert opened(app, "about")["projects"] == 2

    def test_what_is_not_theirs_is_as_if_it_were_not_there(self, app):
        entered(app, ticket="b")
        closed, missing = (say(app, "open", page="label", project=name) for name in ("letters", "nowhere"))
        assert closed["code"] == missing["code"] == "gone"
        assert closed["reason"].replace("letters", "") == missing["reason"].replace("nowhere", "")

    def test_whoever_left_is_refused_at_the_next_act(self, app, path):
        entered(app, page="label", project="street")
        with Workspace(path, user="owner") as workspace:
            workspace.remove("ann")
        for act in (
            {"kind": "open", "page": "projects"},
            {"kind": "fresh", "page": "work"},
            {"kind": "personal"},
        ):
            assert say(app, **act)["code"] == "ended"

    def test_a_manager_who_is_none_any_more_manages_nothing(self, app, path):
        entered(app, ticket="m")
        opened(app, "manage", "street")
        with Workspace(path, user="owner") as workspace:
            workspace.change("mia", role="annotator")
        assert say(app, "remove", person="ann")["kind"] == "refuse"
        assert say(app, "open", page="manage", project="street")["kind"] == "refuse"


class TestRefusals:
    ACTS = (
        ("invite", {"person": "eve", "role": "admin"}),
        ("change", {"person": "ben", "role": "admin"}),
        ("remove", {"person": "mia"}),
        ("restore", {"person": "mia"}),
        ("assign", {"project": "street", "person": "ann", "role": "manager"}),
        ("unassign", {"project": "street", "person": "ann"}),
        ("prioritize", {"project": "street", "priority": 3}),
        ("count", {"project": "street"}),
        ("archive", {"project": "street", "archived": True}),
        ("clone", {"project": "street", "name": "mine", "items": True}),
        ("template", {"project": "street"}),
        ("open", {"page": "manage", "project": "street"}),
    )

    @pytest.mark.parametrize(("kind", "fields"), ACTS)
    def test_an_annotator_manages_nothing(self, app, path, kind, fields):
        entered(app)
        store = open_store(path)
        before = len(list(store.events()))
        assert say(app, kind, **fields)["code"] == "rights"
        assert len(list(store.events())) == before
        store.close()

    def test_a_reviewer_reads_the_numbers_and_changes_nothing(self, app):
        entered(app, ticket="r")
        assert opened(app, "manage", "street")["people"] is None
        for kind, fields in self.ACTS[:-1]:
            assert say(app, kind, **fields)["kind"] == "refuse", kind

    @pytest.mark.parametrize(
        "act",
        [
            {"kind": "eval"},
            {"kind": "enter", "ticket": 7},
            {"kind": "open", "page": "settings"},
            {"kind": "open", "page": "label", "project": ["street"]},
            {"kind": "answers", "project": "street", "only": "theirs", "skip": 0},
            {"kind": "answers", "project": "street", "only": "all", "skip": -1},
            {"kind": "thumbs", "project": "street", "tasks": "all"},
            {"kind": "assign", "project": "street", "person": "ann", "where": "1 = 1"},
            {"kind": "assign", "project": "street", "person": "ann", "where": {"city": {"sql": "1"}}},
            {"kind": "assign", "project": "street", "person": "ann", "goal": -1},
            {"kind": "prioritize", "project": "street", "priority": float("nan")},
            {"kind": "archive", "project": "street", "archived": "yes"},
            {"kind": "invite", "person": "x" * 5_000},
            {"kind": "invite"},
            {"kind": "bundle", "name": "../../secrets"},
        ],
    )
    def test_what_is_no_act_does_nothing(self, app, act):
        entered(app, ticket="m")
        assert say(app, **act)["kind"] == "refuse"

    def test_what_a_page_writes_is_not_believed(self, app):
        before = app.get_state()
        app.comm.handle_msg(
            {
                "content": {"data": {"method": "update", "state": {"state": {"title": "x"}, "_esm": "x"}}},
                "buffers": [],
            }
        )
        assert app.get_state() == before

    def test_a_logo_is_a_picture_and_no_address(self):
        from labelwidgets.app.shell import AppWidget

        for logo, kept in (
            ("javascript:pwn()", ""),
            ("https://x.org/a.png", ""),
            ("data:image/png;base64,AA", 1),
        ):
            assert bool(AppWidget(admit=lambda _: None, logo=logo).state["logo"]) == bool(kept)


class TestMyWork:
    def test_my_answers_are_listed_newest_first(self, app, path):
        answer(path, "ann", "street", 2, SEEN)
        answer(path, "ann", "street", 1, {"objects": [], "weather": "rain"}, confidence="unsure")
        answer(path, "ben", "street", 1, SEEN)
        entered(app)
        told = opened(app, "work", "street")
        assert [each["says"] for each in told["answers"]] == [
            "Objects: nothing there · Weather: rain",
            *["Objects: 2 car · Weather: sun"] * 2,
        ]
        assert told["mine"]["answered"] == 3
        assert told["mine"]["goal"] == 8
        assert not told["more"]

    def test_a_filter_finds_what_is_meant(self, app, path):
        answer(path, "ann", "street", 2, SEEN)
        answer(path, "ann", "street", 1, SEEN, confidence="unsure")
        with Workspace(path, member="ann") as workspace, workspace.open("street") as session:
            (task,) = session.next()
            session.skip(task, "Not my subject")
            last = session.recent(4)
            session.flag(last[2].task_id)
            session.comment(last[3].task_id, "why?")
        entered(app)

        def tasks(only):
            reply = say(app, "answers", project="street", only=only, skip=0)
            return [each["task"] for each in reply["answers"]]

        assert tasks("all") == [each.task_id for each in last]
        assert tasks("skipped") == [last[0].task_id]
        assert tasks("unsure") == [last[1].task_id]
        assert tasks("flagged") == [last[2].task_id]
        assert tasks("commented") == [last[3].task_id]
        assert (
            say(app, "answers", project="street", only="skipped", skip=0)["answers"][0]["says"]
            == "Not my subject"
        )

    def test_many_answers_come_page_by_page(self, app, tmp_path):
        path = store_of_a_team(tmp_path / "more", items=answers.PAGE + 7)
        app = app_of(path, a="ann")
        answer(path, "ann", "letters", answers.PAGE + 7, {"mood": "cross"})
        entered(app)
        first = opened(app, "work", "letters")
        assert (len(first["answers"]), first["more"]) == (answers.PAGE, True)
        rest = say(app, "answers", project="letters", only="all", skip=answers.PAGE)
        assert (len(rest["answers"]), rest["more"]) == (7, False)
        assert len({each["id"] for each in first["answers"] + rest["answers"]}) == answers.PAGE + 7
        app.close()

    def test_what_others_wrote_on_my_tasks_is_for_me(self, app, path):
        answer(path, "ann", "street", 1, SEEN)
        with Workspace(path, member="rea") as workspace, workspace.open("street") as session:
            session.comment(1, "Too wide, I think.")
            session.comment(5, "@ben please look")
        with Workspace(path, member="ann") as workspace, workspace.open("street") as session:
            session.comment(1, "Mine.")
        entered(app)
        (heard,) = opened(app, "work", "street")["comments"]
        assert (heard["author"], heard["text"], heard["task"]) == ("Réa Weiß", "Too wide, I think.", 1)

    def test_pictures_are_of_tasks_that_were_given(self, app, path):
        answer(path, "ann", "street", 1, SEEN)
        entered(app)
        reply = say(app, "thumbs", project="street", tasks=[1, 9])
        assert reply["tasks"] == [1]
        assert reply["buffers"][0][:2] == b"\xff\xd8"

    def test_everything_kept_about_somebody_is_theirs(self, app, path):
        answer(path, "ann", "street", 1, SEEN)
        entered(app)
        kept = json.loads(say(app, "personal")["buffers"][0])
        assert len(kept["answers"]) == 1
        assert opened(app, "about")["answers"] == 1


class TestManage:
    def test_the_numbers_are_those_of_the_store(self, app, path):
        answer(path, "ann", "street", 3, SEEN)
        answer(path, "ben", "street", 2, {"objects": [], "weather": "rain"})
        entered(app, ticket="m")
        told = opened(app, "manage", "street")
        with lw.Session(path, name="street", user="owner") as session:
            kept = session.annotations()
            for work in told["team"]:
                mine = kept[(kept["annotator"] == work["id"]) & (kept["status"] == "submitted")]
                assert work["answered"] == len(mine)
                assert work["seconds"] == mine["seconds"].sum()
            assert sum(work["answered"] for work in told["team"]) == len(kept) == told["total"][0]["answered"]
            assert {work["name"]: work["answered"] for work in told["teams"]} == {
                "internal": 3,
                "external": 2,
            }
            assert told["progress"]["done"] == session.progress.done == 5
            report = Report.of(session)
        counts = {
            each["field"]: {label["title"]: label["n"] for label in each["labels"]} for each in told["labels"]
        }
        assert counts == report.labels

    def test_it_is_told_anew_only_when_something_has_happened(self, app, path):
        entered(app, ticket="m")
        revision = opened(app, "manage", "street")["revision"]
        assert "data" not in say(app, "fresh", page="manage", project="street", since=revision)
        answer(path, "ann", "street", 1, SEEN)
        fresh = say(app, "fresh", page="manage", project="street", since=revision)
        assert fresh["data"]["progress"]["done"] == 1

    def test_counting_labels_is_not_done_twice_for_nothing(self, path):
        moments = iter([0.0, 1.0, 2.0, 100.0, 100.1])
        tally = pages.Tally(now=lambda: next(moments))
        with lw.Session(path, name="street", user="owner") as session:
            first = tally.of(session)
            answer(path, "ann", "street", 1, SEEN)
            assert tally.of(session) is first  # it took a second, and was asked a second ago
            assert tally.of(session) is not first

    def test_an_invitation_lets_somebody_in(self, app, path):
        entered(app, ticket="m")
        reply = say(
            app, "invite", person="eve", name="Eve", team="external", project="street", role="annotator",
            where={"city": ["Ulm", "Kiel"]}, goal=4,
        )  # fmt: skip
        store = open_store(path)
        assert Accounts(store).accept(reply["invitation"]["word"], "four plain words") == "eve"
        store.close()
        told = opened(app, "manage", "street")
        (given,) = [each for each in told["assignments"] if each["subject"] == "eve"]
        assert (given["role"], given["where"], given["goal"]) == ("annotator", {"city": ["Ulm", "Kiel"]}, 4)

    def test_access_is_given_changed_and_ended(self, app, path):
        entered(app, ticket="m")
        assert (
            say(app, "assign", project="letters", group="night", role="annotator", where={}, goal=9)["kind"]
            == "ack"
        )
        assert (
            say(app, "assign", project="letters", group="night", where={"text": "x"}, goal=0)["kind"] == "ack"
        )
        with Workspace(path, user="owner") as workspace:
            (given,) = [each for each in workspace.assignments("letters") if each.group]
            assert (given.subject, given.where, given.goal) == ("night", {"text": "x"}, None)
        assert say(app, "unassign", project="letters", group="night")["kind"] == "ack"
        assert [each["subject"] for each in opened(app, "manage", "letters")["assignments"]] == ["ann"]

    def test_who_is_removed_comes_back_when_restored(self, app, path):
        entered(app, ticket="m")
        say(app, "remove", person="ben")
        states = {each["id"]: each["state"] for each in opened(app, "manage", "street")["people"]}
        assert states["ben"] == "left"
        say(app, "restore", person="ben")
        with Workspace(path, member="ben") as workspace:
            assert [project.name for project in workspace.projects()] == ["street"]

    def test_what_comes_first_is_told_by_columns(self, app, path):
        entered(app, ticket="m")
        assert say(app, "count", project="street", where={"city": "Kiel"})["n"] == 4
        assert say(app, "prioritize", project="street", where={"city": "Kiel"}, priority=100)["n"] == 4
        with Workspace(path, member="ann") as workspace, workspace.open("street") as session:
            assert {task.data["city"] for task in session.next(4)} == {"Kiel"}
        assert [each["name"] for each in opened(app, "manage", "street")["columns"]] == ["city", "year"]

    def test_a_project_is_put_away_and_begun_again(self, app):
        entered(app, ticket="m")
        archived = say(app, "archive", project="street", archived=True)
        assert {each["name"]: each["archived"] for each in archived["projects"]} == {
            "street": True,
            "letters": False,
        }
        assert say(app, "archive", project="street", archived=False)["kind"] == "ack"
        made = say(app, "clone", project="street", name="street 2", items=True)
        (clone,) = [each for each in made["projects"] if each["name"] == made["project"]]
        assert (clone["total"], clone["done"], clone["fields"]) == (12, 0, ["objects", "weather"])
        template = json.loads(say(app, "template", project="street")["buffers"][0])
        assert Template.from_json(template).to_json() == template


class TestWords:
    FIELDS = {
        "choice": {"kind": "choice", "options": [{"id": "a", "name": "a", "title": "Alpha"}]},
        "ranking": {"kind": "ranking", "options": [{"id": "a", "name": "a", "title": "Alpha"}]},
        "taxonomy": {"kind": "taxonomy", "nodes": []},
        "rating": {"kind": "rating", "max": 5},
        "number": {"kind": "number", "unit": "kg"},
        "text": {"kind": "text"},
        "spans": {"kind": "spans", "labels": [{"id": "p", "name": "p", "title": "Person"}]},
    }

    @pytest.mark.parametrize(
        ("kind", "value", "words"),
        [
            ("choice", "a", "Alpha"),
            ("choice", ["a", "b"], "Alpha, b"),
            ("choice", None, ""),
            ("taxonomy", ["order", "late"], "order > late"),
            ("taxonomy", [["order", "late"], ["other"]], "order > late, other"),
            ("taxonomy", [], ""),
            ("choice", [], ""),
            ("ranking", ["b", "a"], "b > Alpha"),
            ("rating", 4, "4 of 5"),
            ("number", 2.0, "2 kg"),
            ("number", 2.5, "2.5 kg"),
            ("text", "so  it\nis", "so it is"),
            ("text", "x" * 500, "x" * 159 + "…"),
            ("spans", [], "nothing there"),
            ("spans", [{"label": "p"}, {"label": "p"}, {"label": None}], "2 Person, 1 region"),
        ],
    )
    def test_a_value_in_words(self, kind, value, words):
        assert answers.in_words(self.FIELDS[kind], value) == words
