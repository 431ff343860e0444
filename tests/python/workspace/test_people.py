"""People: invited, changed, let go, taken back, assigned; and that their access follows at once."""

import json
from datetime import UTC, datetime, timedelta

import pytest

import labelwidgets as lw
from labelwidgets.accounts import Accounts

from .conftest import answer

PASSWORD = "a few words in a row"


class TestInvited:
    def test_the_word_lets_in_once(self, boss):
        invitation = boss.invite("ben", name="Ben B.", team="external", groups=["raters"], projects=["mail"])
        accounts = Accounts(boss.store)
        assert invitation.path == f"/invite/{invitation.word}"
        assert timedelta(days=6.9) < invitation.until - datetime.now(UTC) <= timedelta(days=7)
        assert accounts.accept(invitation.word, PASSWORD) == "ben"
        with pytest.raises(lw.AccountError, match="used already"):
            accounts.accept(invitation.word, PASSWORD)
        assert accounts.check("ben", PASSWORD) == "ben"
        person = boss.person("ben")
        assert (person.name, person.role, person.team, person.groups) == (
            "Ben B.", "annotator", "external", ("raters",)
        )  # fmt: skip
        assert [(each.project, each.role) for each in person.projects] == [("mail", "annotator")]

    def test_the_word_is_kept_nowhere(self, boss, place):
        word = boss.invite("ben").word
        assert word.encode() not in b"".join(each.read_bytes() for each in place.parent.glob("team.db*"))

    def test_the_word_is_not_shown_by_the_way(self, boss):
        invitation = boss.invite("ben")
        assert invitation.word not in repr(invitation)

    def test_another_ends_the_first(self, boss):
        first, second = boss.invite("ben"), boss.invite("ben")
        accounts = Accounts(boss.store)
        assert accounts.invited(first.word) is None
        assert accounts.invited(second.word).id == "ben"

    def test_an_expired_one_lets_nobody_in(self, boss, monkeypatch):
        word = boss.invite("ben", ttl=timedelta(hours=1)).word
        accounts, now = Accounts(boss.store), boss.store.clock.now
        assert accounts.invited(word).id == "ben"
        monkeypatch.setattr(boss.store.clock, "now", lambda: now() + 3_600_000_000)
        assert accounts.invited(word) is None
        assert boss.person("ben").state == "new"
        with pytest.raises(lw.AccountError, match="too old"):
            accounts.accept(word, PASSWORD)

    def test_how_long_one_may_be_good(self, boss):
        for ttl in (timedelta(0), timedelta(seconds=-1), timedelta(days=91)):
            with pytest.raises(lw.UserError, match="good for up to 90 days"):
                boss.invite("ben", ttl=ttl)

    def test_again_changes_only_what_is_given(self, boss):
        boss.invite("ben", name="Ben B.", role="reviewer", team="external", projects=["mail"], goal=9)
        boss.invite("ben")
        person = boss.person("ben")
        assert (person.name, person.role, person.team) == ("Ben B.", "reviewer", "external")
        assert person.projects[0].goal == 9
        boss.invite("ben", groups=["a"])
        assert boss.person("ben").groups == ("a",)

    def test_a_managing_role_with_projects_holds_in_these_only(self, of, boss):
        pia = of("pia", "manager", projects=["mail"])
        assert [each.name for each in pia.projects()] == ["mail"]
        assert boss.person("pia").role == "annotator"
        mia = of("mia", "manager")
        assert [each.name for each in mia.projects()] == ["mail", "chat"]

    def test_with_tasks_and_goal(self, of):
        ben = of("ben", projects=["mail", "chat"], where={"city": "Rome"}, goal=2)
        assert [(each.name, each.total, each.goal) for each in ben.projects()] == [
            ("mail", 2, 2),
            ("chat", 1, 2),
        ]

    @pytest.mark.parametrize(
        ("given", "why"),
        [
            ({"role": "king"}, "unknown role 'king'"),
            ({"projects": ["male"]}, "no project 'male'"),
            ({"projects": ["mail"], "where": {"town": 1}}, "where asks for column 'town'"),
            ({"team": ""}, "a team must be 1 to 200 printable characters"),
            ({"groups": "raters"}, "groups are a list of names"),
            ({"groups": ["a\n"]}, "a group must be"),
            ({"name": "a\nb"}, "a user's name must be"),
            ({"projects": ["mail"], "goal": -1}, "a goal is a number of answers"),
        ],
    )
    def test_what_can_not_be_changes_nothing(self, boss, given, why):
        events = len(list(boss.store.events()))
        with pytest.raises((lw.UserError, lw.StoreError), match=why):
            boss.invite("ben", **given)
        assert len(list(boss.store.events())) == events
        with pytest.raises(lw.UserError, match="a user's id must be"):
            boss.invite("a\nb")

    def test_who_left_is_taken_back_first(self, boss):
        boss.invite("ben")
        boss.remove("ben")
        events = len(list(boss.store.events()))
        with pytest.raises(lw.UserError, match="ben has left: `restore` takes them back"):
            boss.invite("ben", role="reviewer", projects=["mail"])
        assert len(list(boss.store.events())) == events

    def test_ids_may_be_long(self, boss):
        boss.invite("x" * 200, role="reviewer", projects=["mail"])
        with lw.Workspace(boss.store, user="x" * 200) as workspace:
            assert workspace.invite("x" * 200, role="annotator").person.role == "annotator"

    def test_as_json(self, boss):
        said = json.loads(json.dumps(boss.invite("ben", projects=["mail"]).to_json()))
        assert said["path"] == f"/invite/{said['word']}"
        assert said["person"]["projects"][0]["project"] == "mail"


class TestState:
    def test_from_invited_to_left_and_back(self, boss, of):
        def state():
            return boss.person("ben").state

        boss.store.save_member("ben")
        assert state() == "new"
        invitation = boss.invite("ben", projects=["mail"])
        assert state() == invitation.person.state == "invited"
        accounts = Accounts(boss.store)
        accounts.accept(invitation.word, PASSWORD)
        assert state() == "active"
        assert boss.person("ben").last_at is None
        accounts.sign_in("ben")
        signed_in = boss.person("ben").last_at
        assert signed_in is not None
        answer(lw.Workspace(boss.store, member="ben"), "mail")
        assert boss.person("ben").last_at > signed_in
        assert boss.remove("ben").state == "left"
        assert boss.restore("ben").state == "active"


class TestLetGo:
    def test_everything_that_is_theirs_ends(self, boss):
        invitation = boss.invite("ben", projects=["mail"])
        accounts = Accounts(boss.store)
        accounts.accept(invitation.word, PASSWORD)
        word, second = accounts.sign_in("ben"), boss.invite("ben").word
        workspace = lw.Workspace(boss.store, member="ben")
        session = workspace.open("mail")
        session.next(2)
        assert boss.project("mail").people == 1
        person = boss.remove("ben")
        assert (person.active, person.state) == (False, "left")
        assert accounts.whose(word) is None
        assert accounts.invited(second) is None
        assert accounts.check("ben", PASSWORD) is None
        assert boss.project("mail").people == 0
        for act in (session.next, workspace.projects, lambda: workspace.mine("mail")):
            with pytest.raises(lw.RightsError, match="has ended"):
                act()

    def test_history_stays(self, boss, of):
        answer(of("ben", projects=["mail"]), "mail", 2)
        boss.remove("ben")
        (work,) = [each for each in boss.team("mail") if each.id == "ben"]
        assert (work.answered, work.active) == (2, False)
        with boss.open("mail") as session:
            assert session.annotations()["annotator"].tolist() == ["ben", "ben"]

    def test_back_as_they_were(self, boss):
        accounts = Accounts(boss.store)
        accounts.accept(boss.invite("ben", role="reviewer", projects=["mail"], goal=3).word, PASSWORD)
        word = accounts.sign_in("ben")
        boss.remove("ben")
        person = boss.restore("ben")
        assert (person.role, person.projects[0].goal) == ("reviewer", 3)
        assert accounts.whose(word) is None
        assert accounts.check("ben", PASSWORD) == "ben"
        assert lw.Workspace(boss.store, member="ben").projects()[0].goal == 3

    def test_nobody_is_nobody(self, boss):
        for act in (boss.remove, boss.restore, boss.change, boss.person):
            with pytest.raises(lw.UserError, match="nobody 'who' in this store; there are 'boss'"):
                act("who")

    def test_the_history_says_who_did_it(self, boss, of):
        mia = of("mia", "manager")
        of("ben", projects=["mail"])
        mia.remove("ben")
        last = [event for event in boss.store.events() if event.kind == "member"][-1]
        assert (last.actor, last.payload["after"]) == ("mia", {"active": False})


class TestChanged:
    def test_only_what_is_given(self, boss):
        boss.invite("ben", name="Ben", groups=["a"])
        person = boss.change("ben", team="external", groups=["b", "a", "b"])
        assert (person.name, person.role, person.team, person.groups) == (
            "Ben",
            "annotator",
            "external",
            ("a", "b"),
        )
        assert boss.change("ben", groups=[], role="reviewer").groups == ()
        assert boss.change("ben", name="Benno").name == "Benno"

    def test_an_erased_name_shows_as_the_id(self, boss):
        boss.invite("ben", name="Ben")
        boss.store.erase(None, annotator="ben", actor="boss")
        assert boss.person("ben").name == "ben"


class TestAssigned:
    def test_the_queue_honours_it(self, of, boss):
        ben = of("ben")
        assert ben.projects() == []
        boss.assign("mail", person="ben", where={"city": ["Rome", "Oslo"]})
        with ben.open("mail") as session:
            assert {task.data["city"] for task in session.next(9)} == {"Rome", "Oslo"}
            assert len(session.next(9)) == 3

    def test_what_is_left_out_stays(self, boss):
        boss.invite("ben", role="reviewer")
        made = boss.assign("mail", person="ben", where={"city": "Bern"}, goal=5)
        assert (made.role, made.where, made.goal) == ("reviewer", {"city": "Bern"}, 5)
        assert boss.assign("mail", person="ben", goal=7).where == {"city": "Bern"}
        assert boss.assign("mail", person="ben", role="annotator").goal == 7
        made = boss.assign("mail", person="ben", where={}, goal=0)
        assert (made.role, made.where, made.goal) == ("annotator", None, None)

    def test_a_role_that_manages_is_not_given_by_the_way(self, boss):
        boss.invite("mia", role="manager")
        assert boss.assign("mail", person="mia").role == "annotator"

    def test_a_group_is_whoever_is_in_it(self, of, boss):
        boss.assign("mail", group="raters", goal=5)
        ben = of("ben", groups=["raters"])
        cy = of("cy")
        assert [each.name for each in ben.projects()] == ["mail"]
        assert cy.projects() == []
        boss.change("cy", groups=["raters"])
        assert cy.project("mail").goal == 5
        assert [each.subject for each in boss.person("cy").projects] == ["raters"]
        assert boss.unassign("mail", group="raters") is True
        assert ben.projects() == cy.projects() == []

    def test_unassigned_only_what_was(self, boss):
        boss.invite("ben", projects=["mail"])
        assert boss.unassign("chat", person="ben") is False
        assert boss.unassign("mail", person="ben") is True
        assert boss.unassign("mail", person="ben") is False
        assert boss.assignments() == []

    def test_assignments_of_one_and_of_all(self, boss):
        boss.invite("ben", projects=["mail", "chat"])
        boss.assign("mail", group="raters")
        told = {(each.project, each.subject, each.group) for each in boss.assignments()}
        assert told == {("mail", "ben", False), ("chat", "ben", False), ("mail", "raters", True)}
        assert {each.subject for each in boss.assignments("mail")} == {"ben", "raters"}

    @pytest.mark.parametrize(
        ("given", "why"),
        [
            ({}, "Say who: person= with an id, or group="),
            ({"person": "ben", "group": "g"}, "Say who"),
            ({"person": "who"}, "nobody 'who'"),
            ({"group": " "}, "a group must be"),
            ({"person": "ben", "role": "king"}, "unknown role"),
            ({"person": "ben", "where": {"town": 1}}, "where asks for column"),
            ({"person": "ben", "where": {"year": {"over": 3}}}, "a range is"),
            ({"person": "ben", "goal": -3}, "a goal is"),
        ],
    )
    def test_what_can_not_be(self, boss, given, why):
        boss.invite("ben")
        with pytest.raises(lw.UserError, match=why):
            boss.assign("mail", **given)
        assert boss.assignments() == []

    def test_another_invitation_widens_nothing(self, boss):
        boss.invite("ben", role="reviewer", projects=["mail"], where={"city": "Bern"}, goal=4)
        (kept,) = boss.invite("ben", projects=["mail"]).person.projects
        assert (kept.role, kept.where, kept.goal) == ("reviewer", {"city": "Bern"}, 4)
