"""Sessions of stored members: rights that are asked for at each act, shares of the tasks, and answers nobody else sees."""

import inspect
import json
import uuid
from datetime import timedelta

import pandas as pd
import pytest

import labelwidgets as lw
from labelwidgets.identity import CAPABILITIES, ROLES
from labelwidgets.messages import MESSAGES
from labelwidgets.records import Member, Membership
from labelwidgets.session import GRACE, Session
from labelwidgets.store import open_store
from labelwidgets.widget import STATIC
from tests.browser.host import HostComm, bare_comms

from .store.builders import TestClock

CITIES = ["Bern", "Rome", "Bern", "Oslo", "Rome", "Bern"]


@pytest.fixture
def store(tmp_path):
    """A store with a session of six tasks, each asked of two people, and a clock that the tests set."""
    path = tmp_path / "s.db"
    data = pd.DataFrame({"text": [f"text {n}" for n in range(6)], "city": CITIES, "year": range(2000, 2006)})
    schema = lw.Schema(lw.Choice("mood", ["glad", "sad"]), lw.Text("why", required=False))
    lw.Session(path, data=data, item="text", schema=schema, user="boss", overlap=2).close()
    store = open_store(path)
    store.clock = TestClock(boot=store.clock.boot)
    yield store
    assert store.verify() == []
    store.close()


@pytest.fixture
def add(store):
    def add(user_id, role="annotator", *, own=None, **options):
        """Let somebody work on the session; returns their session."""
        store.save_member(user_id, name=user_id.title(), role=own)
        if role:
            store.save_membership(1, Membership(user_id, role, **options), actor="boss")
        return Session.of_member(store, user_id)

    return add


def given(session, n=9):
    return [task.data["city"] for task in session.next(n)]


class TestOpening:
    def test_a_member_has_the_role_of_the_membership(self, store, add):
        session = add("ann", "reviewer")
        assert session.user == lw.User("ann", "Ann", "reviewer")
        assert store.member("ann").role == "annotator"
        assert session.item == "text"
        assert "data" not in [e.kind for e in store.events()]

    def test_by_path_too(self, store, add, tmp_path):
        add("ann")
        with Session.of_member(tmp_path / "s.db", "ann") as session:
            assert given(session, 1) == ["Bern"]

    def test_a_store_that_was_given_open_stays_open(self, store, add):
        add("ann").close()
        assert store.session("default") is not None

    @pytest.mark.parametrize(
        ("prepare", "why"),
        [
            (lambda store: None, "Nobody in this store has the id 'ann'.*invitation"),
            (lambda store: store.save_member("ann"), "ann has no part in 'default'.*assigned"),
            (lambda store: store.save_member("ann", role="reviewer"), "has no part in"),
            (lambda store: store.save_member("ann", role="admin", active=False), "access of .*ann has ended"),
        ],
    )
    def test_nobody_else_comes_in(self, store, prepare, why):
        prepare(store)
        with pytest.raises(lw.RightsError, match=why) as caught:
            Session.of_member(store, "ann")
        assert caught.value.ended
        assert caught.value.user == "ann"

    def test_no_more_is_said_of_a_session_that_is_not_there(self, store):
        with pytest.raises(lw.RightsError, match="no session 'secret' that eve may open"):
            Session.of_member(store, "eve", name="secret")

    def test_no_store_is_made(self, tmp_path):
        with pytest.raises(lw.StoreError, match="There is no store at"):
            Session.of_member(tmp_path / "none.db", "ann")
        assert list(tmp_path.glob("*")) == [] or not (tmp_path / "none.db").exists()

    def test_roles_of_person_and_groups_join(self, store, add):
        store.save_membership(1, Membership("team", "data-engineer", group=True), actor="boss")
        session = add("ann")
        store.save_member("ann", groups=["team"])
        session.check_access()
        assert session.user.role == lw.Role.named("annotator+data-engineer")

    def test_a_manager_of_the_store_opens_every_session(self, add):
        session = add("mia", None, own="manager")
        assert session.user.role.name == "manager"
        assert len(session.next(6)) == 6

    def test_a_trusted_session_raises_nobody(self, store, add, tmp_path):
        add("ann")
        with lw.Session(tmp_path / "s.db", user="ann") as trusted:
            assert trusted.user.role.name == "admin"
        assert store.member("ann") == Member("ann", "Ann", "annotator")
        lw.Session(tmp_path / "s.db", user=lw.User("ann", "Ann A.", "reviewer")).close()
        assert store.member("ann") == Member("ann", "Ann A.", "reviewer")

    def test_nor_does_one_bring_somebody_back_who_left(self, store, add, tmp_path):
        add("ann")
        store.save_member("ann", active=False)
        lw.Session(tmp_path / "s.db", user=lw.User("ann", "Ann", "reviewer")).close()
        assert store.member("ann").active is False

    def test_opening_writes_nothing(self, store, add):
        add("ann")
        before = [e.number for e in store.events()]
        store.save_member("ann", name="", actor="boss")
        assert Session.of_member(store, "ann").user.name == "ann"
        assert [e.number for e in store.events()][: len(before)] == before
        assert store.member("ann").name == ""


class TestADamagedStore:
    WHY = "row 0 of session 1 is damaged; `labelwidgets verify` says what else is"

    @pytest.mark.parametrize(
        ("role", "whole"), [("annotator", False), ("reviewer", False), ("mlops", True), ("manager", True)]
    )
    def test_what_is_to_be_done_is_told_to_those_who_can(self, store, add, monkeypatch, role, whole):
        session = add("ann", role)
        assert session.read_only == ""
        monkeypatch.setattr(store, "read_only", self.WHY)
        plain = "nothing can be saved right now; tell whoever invited you."
        assert session.read_only == (self.WHY if whole else plain)

    def test_sessions_by_code_are_told_all(self, store, monkeypatch):
        session = Session(store, user=lw.User("ann", "Ann", "annotator"))
        monkeypatch.setattr(store, "read_only", self.WHY)
        assert session.read_only == self.WHY


ACTS = {
    "next": lambda s: s.next(),
    "submit": lambda s: s.submit(1, {"mood": "sad"}),
    "skip": lambda s: s.skip(1, "no"),
    "undo": lambda s: s.undo(),
    "renew": lambda s: s.renew([1]),
    "leave": lambda s: s.leave(1),
    "comment": lambda s: s.comment(1, "hm"),
    "flag": lambda s: s.flag(1),
    "save_draft": lambda s: s.save_draft(1, {}),
    "draft": lambda s: s.draft(1),
    "task": lambda s: s.task(1),
    "tasks": lambda s: s.tasks([1]),
    "annotations": lambda s: s.annotations(),
    "regions": lambda s: s.regions(),
    "frame": lambda s: s.frame(),
    "keys": lambda s: s.keys,
    "history": lambda s: s.history(1),
    "events": lambda s: s.events(),
    "recent": lambda s: s.recent(),
    "answer": lambda s: s.answer(1),
    "predictions": lambda s: s.predictions(1),
    "comments": lambda s: s.comments(1),
    "add": lambda s: s.add([{"text": "new"}]),
    "prioritize": lambda s: s.prioritize({1: 2.0}),
    "correct": lambda s: s.correct(),
    "add_predictions": lambda s: s.add_predictions(pd.DataFrame({"key": [], "mood": []}), model="m"),
    "migrate": lambda s: s.migrate(),
    "check_access": lambda s: s.check_access(),
    "require": lambda s: s.require("label"),
}
"""Everything that a session does for its user or tells of others."""

QUIET = {
    "close", "release",  # giving back is nobody's harm
    "of_member", "watch",
    "refresh", "since", "fits", "lookahead", "item_value", "sight", "was_given",  # of the schema, of a value, of oneself
    "user", "name", "schema", "schema_version", "added", "item", "columns", "shown", "modality", "overlap", "media", "progress",
    "revision", "instructions_version", "store", "title", "read_only", "closed",
}  # fmt: skip
"""Everything else."""


class TestEveryAct:
    def test_none_is_forgotten_here(self):
        public = {name for name, _ in inspect.getmembers(Session) if not name.startswith("_")}
        assert public - QUIET == ACTS.keys()

    @pytest.mark.parametrize("act", ACTS)
    @pytest.mark.parametrize("how", ["left", "removed"])
    def test_the_first_one_after_the_end_is_refused(self, store, add, act, how):
        session = add("ann", "admin")
        session.next(2)
        session.submit(2, {"mood": "glad"})
        if how == "left":
            store.save_member("ann", active=False, actor="boss")
        else:
            store.remove_membership(1, "ann", actor="boss")
        before = len(list(store.annotations(1, current=False)))
        with pytest.raises(lw.RightsError) as caught:
            ACTS[act](session)
        assert caught.value.ended
        assert len(list(store.annotations(1, current=False))) == before
        assert store.counts(1).leased == 0
        assert session.progress.total == 0

    def test_a_role_that_shrinks_is_felt_at_once_and_ends_nothing(self, store, add):
        session = add("ann", "reviewer")
        assert len(session.events()) > 0
        store.save_membership(1, Membership("ann", "annotator"), actor="boss")
        with pytest.raises(lw.RightsError, match="may not read everybody's answers") as caught:
            session.events()
        assert not caught.value.ended
        assert session.user.role.name == "annotator"
        assert given(session, 1) == ["Bern"]

    def test_a_role_that_grows_too(self, store, add):
        session = add("ann")
        with pytest.raises(lw.RightsError):
            session.require("export")
        store.save_membership(1, Membership("ann", "manager"), actor="boss")
        session.require("export")

    def test_whoever_comes_back_goes_on(self, store, add):
        session = add("ann")
        session.next()
        store.save_member("ann", active=False)
        for _ in range(2):
            with pytest.raises(lw.RightsError):
                session.next()
        store.save_member("ann", active=True)
        assert given(session, 1) == ["Bern"]

    @pytest.mark.parametrize("role", ROLES)
    def test_each_act_asks_for_its_capability(self, add, role):
        session = add("ann", role)
        may = session.user.role.capabilities
        needs = {
            "next": "label", "submit": "label", "comment": "comment", "flag": "comment", "events": "read",
            "add": "add", "prioritize": "manage", "migrate": "migrate", "correct": "manage",
        }  # fmt: skip
        assert set(needs.values()) <= CAPABILITIES.keys()
        for act, capability in needs.items():
            if capability in may:
                ACTS[act](session)
            else:
                with pytest.raises(lw.RightsError) as caught:
                    ACTS[act](session)
                assert caught.value.capability == capability


class TestShares:
    def test_only_their_tasks_are_given(self, add):
        assert given(add("ann", where={"city": "Bern"})) == ["Bern"] * 3
        assert given(add("ben", where={"city": ["Rome", "Oslo"], "year": {"from": 2003}})) == ["Oslo", "Rome"]
        assert len(given(add("cem"))) == 6

    def test_progress_is_that_of_the_share(self, add):
        session = add("ann", where={"city": "Bern"})
        assert (session.progress.total, session.progress.open) == (3, 3)
        (task,) = session.next()
        session.submit(task, {"mood": "glad"})
        assert (session.progress.total, session.progress.mine, session.progress.done) == (3, 1, 0)
        other = add("ben")
        for task in other.next(6):
            other.submit(task, {"mood": "sad"})
        assert (session.progress.done, other.progress.done, other.progress.total) == (1, 1, 6)

    def test_another_share_takes_back_what_is_held(self, store, add):
        session = add("ann", where={"city": "Bern"})
        assert given(session, 2) == ["Bern", "Bern"]
        store.save_membership(1, Membership("ann", where={"city": "Oslo"}), actor="boss")
        assert given(session) == ["Oslo"]
        assert store.counts(1).leased == 1
        store.save_membership(1, Membership("ann"), actor="boss")
        assert len(given(session)) == 6

    def test_a_persons_trusted_session_is_not_limited_and_takes_nothing_from_the_other(self, add, tmp_path):
        limited = add("ann", where={"city": "Rome"})
        assert given(limited, 1) == ["Rome"]
        with lw.Session(tmp_path / "s.db", user="ann") as trusted:
            assert len(trusted.next(6)) == 6
        assert given(limited) == ["Rome", "Rome"]


class TestLeaving:
    def test_another_page_keeps_what_a_closed_one_held(self, store, add):
        session, other = add("ann"), add("ben")
        first = session.next()[0].id
        session.leave(first)
        store.clock.pass_time(timedelta(seconds=20))
        assert session.renew([first]) == [first]
        store.clock.pass_time(timedelta(minutes=9))
        other.next(6)
        assert store.counts(1, "ann").people == 2

    def test_a_kernel_that_ends_leaves_a_grace_to_other_pages(self, store, add):
        session, page = add("ann"), lw.Session.of_member(store, "ann")
        (task,) = session.next()
        assert [each.id for each in page.next()] == [task.id]
        page.close()
        store.clock.pass_time(GRACE / 2)
        assert session.renew([task.id]) == [task.id]
        store.clock.pass_time(2 * GRACE)
        assert session.renew([task.id]) == [task.id]

    def test_a_kernel_that_ends_alone_gives_back_after_the_grace(self, store, add):
        page = add("ann")
        page.next()
        page.close()
        assert store.counts(1).leased == 1
        store.clock.pass_time(GRACE)
        assert store.counts(1).leased == 0

    def test_nobody_gets_it_within_the_grace_and_anybody_after(self, store, tmp_path):
        path = tmp_path / "one.db"
        lw.Session(path, data=["a"], schema=lw.Schema(lw.Rating("stars")), user="ann").close()
        mine = lw.Session(path, user="ann")
        mine.store.clock = clock = TestClock(boot=mine.store.clock.boot)
        other = lw.Session(path, user="ben")
        other.store.clock = clock
        (task,) = mine.next()
        mine.leave(task)
        clock.pass_time(GRACE / 2)
        assert other.next() == []
        clock.pass_time(GRACE / 2)
        assert [t.id for t in other.next()] == [task.id]
        assert mine.renew([task.id]) == []
        mine.close()
        other.close()

    def test_a_task_that_is_somebody_elses_is_not_shortened(self, store, add):
        session, other = add("ann"), add("ben")
        (task,) = other.next()
        session.leave(task)
        store.clock.pass_time(2 * GRACE)
        assert store.counts(1).leased == 1


# -- what nobody else may see --------------------------------------------------------------------------------

MARK = "SECRET-OF-BEN"


@pytest.fixture
def blind(store, add):
    """Ann's session on a task that Ben has answered, drafted and remarked upon, in every text there is."""
    ben, ann = add("ben"), add("ann")
    for task in ben.next(3):
        ben.submit(task, {"mood": "glad", "why": MARK})
        ben.comment(task, MARK, id=uuid.uuid4().hex)
    (open_one,) = ben.next()
    ben.save_draft(open_one, {"why": MARK})
    ben.skip(ben.next(2)[1], MARK)
    assert len(store.comments(1)) == 3
    return ann


def everything(session):
    """All that a session's public methods and properties give for every task, as one text."""
    said = []
    for name in ACTS.keys() - {"submit", "skip", "undo"}:
        act = ACTS[name]
        for task in range(1, 7):
            try:
                found = act(session) if task == 1 else {
                    "history": session.history, "answer": session.answer, "comments": session.comments,
                    "draft": session.draft, "task": session.task, "predictions": session.predictions,
                }.get(name, lambda _: None)(task)  # fmt: skip
            except lw.LabelwidgetsError as error:
                found = str(error)
            said.append(found.to_csv() if isinstance(found, pd.DataFrame) else repr(found))
    said += [
        session.annotations(all_versions=True).to_csv(),
        repr(session.comments()),
        repr(session.progress),
    ]
    for other in ("ben", "boss"):
        with pytest.raises(lw.RightsError, match="read everybody's answers"):
            session.answer(1, annotator=other)
    said += [
        repr(getattr(session, name))
        for name in QUIET
        if not callable(getattr(session, name)) and name != "store"
    ]
    return "\n".join(said)


class TestBlind:
    def test_no_method_tells_of_anothers_answer(self, blind):
        assert MARK not in everything(blind)

    def test_nor_after_one_has_answered_but_for_remarks_on_what_one_answered(self, blind):
        for task in blind.next(2):
            blind.submit(task, {"mood": "sad"})
        told = everything(blind)
        assert told.count(MARK) == told.count(f"author='ben', text='{MARK}'") > 0
        seen = {comment.task_id for comment in blind.comments()}
        assert seen == {a.task_id for a in blind.recent()}

    def test_a_skip_opens_no_remarks(self, blind):
        (task,) = blind.next()
        blind.skip(task, "peeking")
        assert blind.comments(task) == []

    def test_a_reviewer_sees_all(self, blind, store):
        store.save_membership(1, Membership("ann", "reviewer"), actor="boss")
        assert MARK in blind.annotations().to_csv()
        assert len(blind.comments()) == 3
        assert blind.answer(1, annotator="ben").values["why"] == MARK

    def test_where_one_answer_is_asked_for_remarks_are_for_everybody(self, tmp_path):
        with lw.Session(tmp_path / "o.db", data=["a"], schema=lw.Schema(lw.Rating("r")), user="boss") as boss:
            boss.comment(1, "look")
            boss.store.save_member("ann")
            boss.store.save_membership(1, Membership("ann"), actor="boss")
            assert [c.text for c in Session.of_member(boss.store, "ann").comments(1)] == ["look"]

    def test_three_people_label_blind_and_nobody_twice(self, store, add):
        people = [add(name) for name in ("ann", "ben", "cem")]
        done = set()
        while tasks := [(s, t) for s in people for t in s.next(2)]:
            for session, task in tasks:
                assert (session.user.id, task.id) not in done
                if (session.user.id, task.id) in {(s.user.id, t.id) for s, t in tasks}:
                    session.submit(task, {"mood": "glad", "why": f"mark of {session.user.id}"})
                    done.add((session.user.id, task.id))
        by_task = pd.DataFrame(
            [(a.task_id, a.annotator) for a in store.annotations(1)], columns=["task", "who"]
        )
        assert by_task.groupby("task")["who"].nunique().tolist() == [2] * 6
        assert len(by_task) == 12
        for session in people:
            table = session.annotations()
            assert set(table["annotator"]) <= {session.user.id}
            others = {f"mark of {s.user.id}" for s in people} - {f"mark of {session.user.id}"}
            assert not any(mark in session.frame().to_csv() for mark in others)


@pytest.mark.skipif(not (STATIC / "shim.js").is_file(), reason="run `make bundles` first")
class TestOnTheWire:
    @pytest.fixture(autouse=True)
    def comms(self):
        with bare_comms():
            yield

    def say(self, widget, **act):
        act.setdefault("id", uuid.uuid4().hex)
        widget.comm.handle_msg({"content": {"data": {"method": "custom", "content": act}}, "buffers": []})

    def heard(self):
        return [m["data"]["content"] for m in HostComm.sent if m["data"].get("method") == "custom"]

    FIELDS = {
        "page": "p", "round": 1, "values": {"mood": "sad"}, "times": None, "confidence": None, "prediction": None,
        "schema": 1, "reason": "no", "what": "full", "text": "hm", "region": None, "flagged": True, "n": 9,
        "name": "frame",
    }  # fmt: skip

    def act(self, kind, task):
        fields = {"task": task, "tasks": [task], "answer": "a1", **self.FIELDS}
        return {"kind": kind} | {name: fields.get(name) for name in MESSAGES[kind]}

    def test_no_act_brings_anothers_answer_into_the_page(self, blind, store):
        HostComm.sent = []
        widget = lw.label(blind, columns=["city", "year"])
        answers = [a.id for a in store.annotations(1, current=False)]
        for kind in MESSAGES:
            for task in range(7):
                self.say(widget, **self.act(kind, task))
        for answer in answers:
            self.say(widget, kind="undo", answer=answer)
        kinds = {reply["kind"] for reply in self.heard()}
        assert kinds == {"ack", "refuse", "push"}
        pushed = {
            task["id"] for reply in self.heard() for task in reply.get("tasks", []) if isinstance(task, dict)
        }
        assert pushed == set(range(1, 7))
        early = [m for m in HostComm.sent if "comments" not in json.dumps(m["data"], default=repr)]
        assert MARK not in repr(early) + repr(widget.get_state())
        mine = {a.task_id for a in store.annotations(1) if a.annotator == "ann" and a.status == "submitted"}
        for reply in self.heard():
            for task in [each for each in reply.get("tasks", []) if isinstance(each, dict)]:
                remarks = task.pop("comments")
                assert MARK not in repr(task)
                assert task["id"] in mine or MARK not in repr(remarks)
            assert MARK not in repr({**reply, "tasks": None})

    @pytest.mark.parametrize("kind", [kind for kind in MESSAGES if kind != "bundle"])
    def test_each_act_is_refused_once_access_has_ended(self, store, add, kind):
        session = add("ann")
        widget = lw.label(session)
        self.say(widget, kind="hello", page="p")
        assert store.counts(1).leased > 0
        store.save_member("ann", active=False)
        HostComm.sent = []
        self.say(widget, **self.act(kind, 1))
        (reply,) = self.heard()
        assert (reply["kind"], reply["code"]) == ("refuse", "ended")
        assert "has ended" in reply["reason"]
        assert store.counts(1).leased == 0
        assert widget.get_state()["first"] == b""

    def test_without_the_capability_alone_the_code_is_another(self, store, add):
        session = add("ann", "mlops")
        widget = lw.label(session)
        HostComm.sent = []
        self.say(widget, kind="hello", page="p")
        self.say(widget, kind="comment", task=1, text="hm", region=None)
        assert [(r["kind"], r["code"]) for r in self.heard()] == [("refuse", "rights")] * 2
