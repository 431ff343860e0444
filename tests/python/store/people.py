"""What every store does for people: who they are, what they may work on, how they come in."""

from __future__ import annotations

import hashlib
import threading
from datetime import timedelta

import pytest

from labelwidgets.errors import StoreError, UserError
from labelwidgets.records import Member, Membership
from labelwidgets.store import shares

from .builders import OVER, StoreContract, answer, new_task, session

HOUR = timedelta(hours=1)
BERN = {"city": "Bern"}


def digest(word):
    return hashlib.sha256(word.encode()).digest()


def cities(store, *names, overlap=1, name="default", start=0):
    """Make a session (or add to it) with a task in each city."""
    row = store.create_session(
        name,
        settings={"overlap": overlap, "columns": {"text": "str", "city": "str", "year": "int"}},
        schema={},
        actor="boss",
    )
    tasks = [new_task(start + n, city=city, year=2000 + n) for n, city in enumerate(names)]
    store.add_tasks(row.id, tasks, batch="b", overlap=overlap, actor="boss")
    return row.id


def assign(store, session_id, user_id="ann", where=BERN, **options):
    """Let somebody work on some tasks; returns the scopes of what they may be given."""
    if store.member(user_id) is None:
        store.save_member(user_id)
    store.save_membership(session_id, Membership(user_id, where=where, **options), actor="boss")
    return store.standing(session_id, user_id).scopes


class WhoContract(StoreContract):
    def test_somebody_new_has_the_least_that_there_is(self, store):
        store.save_member("u1")
        assert store.member("u1") == Member("u1", "u1", "annotator", "internal", (), active=True)
        assert store.member("u2") is None
        assert store.members() == {"u1": store.member("u1")}

    def test_only_what_is_given_changes(self, store):
        store.save_member(
            "u1", name="Ann", role="annotator", team="external", groups=["b", "a", "b"], actor="boss"
        )
        assert store.member("u1") == Member("u1", "Ann", "annotator", "external", ("a", "b"))
        store.save_member("u1", role="manager")
        store.save_member("u1", groups=["c"])
        store.save_member("u1", active=False)
        assert store.member("u1") == Member("u1", "Ann", "manager", "external", ("c",), active=False)
        store.save_member("u1", groups=(), name="")
        assert store.members()["u1"] == Member("u1", "", "manager", "external", (), active=False)

    def test_history_knows_who_changed_what(self, store):
        store.save_member("u1", name="Ann", role="annotator", actor="boss")
        store.save_member("u1", role="manager", actor="boss")
        store.save_member("u1", role="manager", actor="boss")
        first, second = store.events()
        assert (first.kind, first.actor, first.payload["after"]["name"]) == ("member", "boss", "Ann")
        assert second.payload == {"before": {"role": "annotator"}, "after": {"role": "manager"}}

    def test_whoever_leaves_gives_back_what_they_hold_and_comes_in_no_more(self, store):
        a, b = cities(store, "Bern", name="a"), cities(store, "Bern", name="b", start=5)
        store.save_member("ann")
        held = [*self.lease(store, a), *self.lease(store, b)]
        assert [task.key for task in held] == ["0", "5"]
        store.save_sign_in(digest("s"), "ann", ttl=HOUR)
        store.save_invite(digest("i"), "ann", ttl=HOUR, actor="boss")
        store.save_ticket(digest("t"), "ann", "kernel", ttl=HOUR)
        store.save_secret("ann", "hash", actor="ann")
        store.save_member("ann", active=False, actor="boss")
        assert self.keys(store, a, "ben") == ["0"]
        assert self.keys(store, b, "ben") == ["5"]
        store.save_member("ann", active=True, actor="boss")
        assert store.signed_in(digest("s")) is None
        assert store.redeem_invite(digest("i")) is None
        assert store.redeem_ticket(digest("t"), "kernel") is None
        assert store.secret("ann") == "hash"

    def test_a_session_is_put_away_and_taken_up_again(self, store):
        s = session(store)
        store.set_archived(s, archived=True, actor="boss")
        assert store.session("default").archived is store.is_archived(s) is True
        store.set_archived(s, archived=True, actor="boss")
        store.set_archived(s, archived=False, actor="boss")
        assert store.session("default").archived is store.is_archived(s) is False
        assert [e.kind for e in store.events(s)] == ["session", "archive", "archive"]


class MembershipContract(StoreContract):
    def test_a_membership_comes_back_as_it_was_given(self, store):
        s, other = cities(store, "Bern"), cities(store, "Rome", name="other", start=5)
        store.save_member("ann")
        own = Membership("ann", "reviewer", where={"city": ["Bern", "Rome"], "year": {"from": 2000}}, goal=50)
        team = Membership("externals", group=True)
        store.save_membership(s, own, actor="boss")
        store.save_membership(s, team, actor="boss")
        store.save_membership(other, Membership("ann"), actor="boss")
        assert store.memberships(s) == [(s, team), (s, own)]
        assert store.memberships() == [(s, team), (s, own), (other, Membership("ann"))]
        assert [e.payload for e in store.events(s) if e.kind == "membership"] == [
            {"before": None, "after": own.to_json()},
            {"before": None, "after": team.to_json()},
        ]

    def test_a_membership_is_changed_and_ended(self, store):
        s = cities(store, "Bern")
        store.save_member("ann")
        store.save_membership(s, Membership("ann", where=BERN), actor="boss")
        store.save_membership(s, Membership("ann", "reviewer"), actor="boss")
        store.save_membership(s, Membership("ann", "reviewer"), actor="boss")
        assert store.memberships() == [(s, Membership("ann", "reviewer"))]
        assert store.remove_membership(s, "ann", group=True, actor="boss") is False
        assert store.remove_membership(s, "ann", actor="boss") is True
        assert store.remove_membership(s, "ann", actor="boss") is False
        assert store.memberships() == []
        assert len([e for e in store.events(s) if e.kind == "membership"]) == 3

    def test_nobody_unknown_is_given_one(self, store):
        s = cities(store, "Bern")
        with pytest.raises(StoreError, match="nobody 'ann'"):
            store.save_membership(s, Membership("ann"), actor="boss")
        with pytest.raises(StoreError, match="no session number 77"):
            store.save_membership(77, Membership("all", group=True, where=BERN), actor="boss")
        assert store.memberships() == []

    @pytest.mark.parametrize(
        "where",
        [
            {"colour": "red"},
            {},
            {"city": {"like": "%"}},
            {"city": [["x"]]},
            {"city' OR 1=1 --": 1},
            "city = 1",
        ],
    )
    def test_a_condition_of_another_form_is_refused(self, store, where):
        s = cities(store, "Bern")
        store.save_member("ann")
        with pytest.raises(UserError, match="where"):
            store.save_membership(s, Membership("ann", where=where), actor="boss")
        assert store.memberships() == []

    def test_where_somebody_stands(self, store):
        s = cities(store, "Bern", "Rome")
        assert store.standing(s, "ann") is None
        store.save_member("ann", name="Ann", role="manager", groups=["one", "two"])
        assert store.standing(s, "ann").memberships == ()
        assert store.standing(s, "ann").scopes is None
        assert store.standing(s, "ann").member == Member("ann", "Ann", "manager")
        group = Membership("one", where=BERN, group=True)
        store.save_membership(s, group, actor="boss")
        store.save_membership(s, Membership("three", group=True), actor="boss")
        now = store.standing(s, "ann")
        assert (now.memberships, len(now.scopes)) == ((group,), 1)
        own = Membership("ann", "reviewer", where={"city": "Rome"})
        store.save_membership(s, own, actor="boss")
        now = store.standing(s, "ann")
        assert ([m.role for m in now.memberships], len(now.scopes)) == (["reviewer", "annotator"], 2)
        store.save_membership(s, Membership("two", group=True), actor="boss")
        assert store.standing(s, "ann").scopes is None
        store.save_member("ann", active=False)
        assert store.standing(s, "ann").member.active is False


class ShareContract(StoreContract):
    def offered(self, store, s, annotator="ann", n=9, **options):
        standing = store.standing(s, annotator)
        return self.keys(store, s, annotator, n, scopes=standing.scopes, **options)

    def test_only_the_tasks_of_a_condition_are_offered(self, store):
        s = cities(store, "Rome", "Bern", "Oslo", "Bern")
        assign(store, s)
        assert self.offered(store, s) == ["1", "3"]
        assert self.keys(store, s, "ben", 9) == ["0", "2"]

    def test_the_tasks_of_several_memberships_are_offered_in_order(self, store):
        s = cities(store, "Rome", "Bern", "Oslo", "Bern", "Rome", overlap=2)
        store.save_member("ann", groups=["south"])
        assign(store, s)
        store.save_membership(
            s,
            Membership("south", where={"city": ["Rome", "Bern"], "year": {"to": 2003}}, group=True),
            actor="boss",
        )
        assert self.offered(store, s, n=1) == ["0"]
        assert self.offered(store, s) == ["0", "1", "3"]

    def test_new_and_changed_tasks_find_their_way(self, store):
        s = cities(store, "Rome", "Bern", "Bern")
        assign(store, s)
        assert self.offered(store, s) == ["1", "2"]
        cities(store, "Bern", "Rome", start=10)
        assert self.offered(store, s) == ["1", "2", "10"]
        store.add_tasks(
            s, [new_task(0, city="Bern"), new_task(2, city="Rome")], batch="c", overlap=1, actor="boss"
        )
        assert self.offered(store, s) == ["1", "10", "0"]
        assert self.keys(store, s, "ben", 9) == ["2", "11"]

    def test_what_changes_while_the_tasks_are_looked_through_is_not_missed(self, store, monkeypatch):
        s = cities(store, "Rome", "Bern", "Bern", "Rome")
        look = shares.look_through

        def slow(*arguments):
            found = look(*arguments)
            changed = [
                new_task(0, city="Bern"),
                new_task(1, city="Rome"),
                new_task(8, city="Bern"),
                new_task(9, city="Rome"),
            ]
            store.add_tasks(s, changed, batch="c", overlap=1, actor="boss")
            store.set_priority(s, {store.task_by_key(s, "2").id: 3.0}, actor="boss")
            return found

        monkeypatch.setattr(shares, "look_through", slow)
        assign(store, s)
        assert self.offered(store, s) == ["2", "0", "8"]

    def test_another_condition_begins_anew(self, store):
        s = cities(store, "Rome", "Bern", "Rome", "Bern", overlap=2)
        assign(store, s)
        assert self.offered(store, s) == ["1", "3"]
        assign(store, s, where={"city": "Rome"})
        assert self.offered(store, s) == ["0", "2"]
        assign(store, s, where=None)
        assert self.offered(store, s) == ["0", "2", "1", "3"]
        store.release(s, "ann")
        assign(store, s)
        assert self.offered(store, s) == ["1", "3"]

    def test_priorities_hold_within_a_share(self, store):
        s = cities(store, "Bern", "Rome", "Bern", "Bern")
        assign(store, s)
        third = store.task_by_key(s, "3")
        store.set_priority(s, {third.id: 5.0}, actor="boss")
        assert self.offered(store, s, n=2) == ["3", "0"]
        store.set_positions(s, {store.task_by_key(s, "2").id: -1.0}, actor="boss")
        store.release(s, "ann")
        assert self.offered(store, s) == ["3", "2", "0"]

    def test_what_comes_back_to_a_finished_share_is_offered(self, store):
        s = cities(store, "Rome", "Bern", "Bern")
        scopes = assign(store, s)
        assign(store, s, "ben")
        mine = self.lease(store, s, "ben", 9, scopes=scopes)
        assert self.offered(store, s) == self.offered(store, s) == []
        store.release(s, "ben", [mine[1].id])
        assert self.offered(store, s) == ["2"]
        store.submit(s, answer(mine[0].id, "ben"))
        assert self.offered(store, s) == ["2"]
        store.submit(s, answer(mine[0].id, "ben", "withdrawn"))
        assert self.offered(store, s) == ["2", "1"]

    def test_counts_of_a_share(self, store):
        s = cities(store, "Rome", "Bern", "Bern", "Bern", "Rome")
        scopes = assign(store, s)
        rome = assign(store, s, "ben", {"city": ["Rome", "Bern"], "year": {"from": 2003}})
        one, two, _ = self.lease(store, s, "ann", 3, scopes=scopes)
        store.submit(s, answer(one.id))
        store.submit(s, answer(two.id, status="skipped"))
        self.lease(store, s, "ben", 2, scopes=rome)
        own, both, every = (
            store.counts(s, "ann", scopes=asked) for asked in (scopes, (*scopes, *rome), None)
        )
        assert (own.total, own.done, own.open, own.skipped, own.mine) == (3, 1, 2, 1, 1)
        assert (own.leased, own.people) == (1, 1)
        assert (both.total, both.done, both.skipped, both.leased, both.people) == (4, 1, 1, 2, 2)
        assert (every.total, every.done, every.leased) == (5, 1, 2)
        assert store.counts(s, "ann", scopes=()).total == 0
        cities(store, "Bern", start=20)
        assert store.counts(s, "ann", scopes=scopes).total == 4
        store.erase(s, task_id=one.id, actor="boss")
        assert (store.counts(s, scopes=scopes).total, store.counts(s, scopes=scopes).done) == (3, 0)

    def test_a_condition_that_nobody_has_leaves_nothing_behind(self, store):
        s = cities(store, "Bern")
        (first,) = assign(store, s)
        assign(store, s, "ben")
        store.remove_membership(s, "ann", actor="boss")
        assert store.standing(s, "ben").scopes == (first,)
        store.remove_membership(s, "ben", actor="boss")
        assert store.counts(s, scopes=(first,)).total == 0

    def test_an_erased_item_belongs_to_no_share(self, store):
        s = cities(store, "Bern", "Bern")
        assign(store, s)
        store.erase(s, task_id=store.task_by_key(s, "0").id, actor="boss")
        assign(store, s, "ben", {"city": ["Bern", None]})
        assert self.offered(store, s) == ["1"]
        assert self.offered(store, s, "ben") == []

    def test_a_share_is_offered_again_in_a_later_round(self, store):
        s = cities(store, "Rome", "Bern")
        assign(store, s)
        (task,) = self.lease(store, s, scopes=store.standing(s, "ann").scopes)
        store.submit(s, answer(task.id))
        assert self.offered(store, s) == []
        assert self.offered(store, s, round=2) == ["1"]


class AdmissionContract(StoreContract):
    @pytest.fixture
    def ann(self, store):
        store.save_member("ann")
        return "ann"

    def test_a_password_is_kept_as_its_hash(self, store, ann):
        assert store.secret(ann) is None
        store.save_secret(ann, "hash-1", actor=ann)
        store.save_secret(ann, "hash-2", actor=ann)
        assert store.secret(ann) == "hash-2"
        store.save_secret(ann, None, actor="boss")
        assert store.secret(ann) is None
        assert "hash" not in repr(list(store.events()))

    def test_an_invitation_admits_once(self, store, ann):
        store.save_invite(digest("w"), ann, ttl=HOUR, actor="boss")
        assert store.invite_of(digest("w")) == store.invite_of(digest("w")) == ann
        assert store.invite_of(digest("other")) is None
        assert store.redeem_invite(digest("w")) == ann
        assert store.redeem_invite(digest("w")) is None
        assert store.invite_of(digest("w")) is None

    def test_an_invitation_ends_by_time_by_the_next_and_by_leaving(self, store, ann):
        store.save_invite(digest("old"), ann, ttl=OVER, actor="boss")
        assert store.invite_of(digest("old")) is store.redeem_invite(digest("old")) is None
        store.save_invite(digest("one"), ann, ttl=HOUR, actor="boss")
        store.save_invite(digest("two"), ann, ttl=HOUR, actor="boss")
        assert store.redeem_invite(digest("one")) is None
        store.save_member(ann, active=False)
        store.save_invite(digest("three"), ann, ttl=HOUR, actor="boss")
        assert store.invite_of(digest("three")) is store.redeem_invite(digest("three")) is None
        store.save_member(ann, active=True)
        assert store.redeem_invite(digest("three")) == ann

    def test_two_who_bring_one_invitation(self, store, ann):
        store.save_invite(digest("w"), ann, ttl=HOUR, actor="boss")
        came = []
        threads = [
            threading.Thread(target=lambda: came.append(store.redeem_invite(digest("w")))) for _ in range(6)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert (came.count("ann"), came.count(None)) == (1, 5)

    def test_a_sign_in_lasts_until_it_ends(self, store, ann):
        store.save_sign_in(digest("a"), ann, ttl=HOUR)
        store.save_sign_in(digest("b"), ann, ttl=HOUR)
        store.save_sign_in(digest("over"), ann, ttl=OVER)
        assert store.signed_in(digest("a")) == store.signed_in(digest("b")) == ann
        assert store.signed_in(digest("over")) is store.signed_in(digest("none")) is None
        assert store.end_sign_ins(digest=digest("a")) == 1
        assert store.end_sign_ins(digest=digest("a")) == 0
        assert (store.signed_in(digest("a")), store.signed_in(digest("b"))) == (None, ann)
        assert store.end_sign_ins(user_id=ann) >= 1
        assert store.signed_in(digest("b")) is None
        with pytest.raises(StoreError, match="Name what ends"):
            store.end_sign_ins()

    def test_a_ticket_is_for_one_kernel_once(self, store, ann):
        store.save_ticket(digest("t"), ann, "kernel-1", ttl=HOUR)
        assert store.redeem_ticket(digest("t"), "kernel-2") is None
        assert store.redeem_ticket(digest("t"), "kernel-1") == ann
        assert store.redeem_ticket(digest("t"), "kernel-1") is None
        store.save_ticket(digest("late"), ann, "kernel-1", ttl=OVER)
        assert store.redeem_ticket(digest("late"), "kernel-1") is None
        store.save_ticket(digest("left"), ann, "kernel-1", ttl=HOUR)
        store.save_member(ann, active=False)
        assert store.redeem_ticket(digest("left"), "kernel-1") is None

    def test_nobody_unknown_comes_in(self, store):
        for attempt in (
            lambda: store.save_secret("eve", "hash", actor="eve"),
            lambda: store.save_invite(digest("w"), "eve", ttl=HOUR, actor="eve"),
            lambda: store.save_sign_in(digest("w"), "eve", ttl=HOUR),
            lambda: store.save_ticket(digest("w"), "eve", "kernel", ttl=HOUR),
        ):
            with pytest.raises(StoreError, match="nobody 'eve'"):
                attempt()
        assert list(store.events()) == []

    def test_history_tells_of_comings_and_goings_without_their_words(self, store, ann):
        store.save_invite(digest("w"), ann, ttl=HOUR, actor="boss")
        store.redeem_invite(digest("w"))
        store.save_secret(ann, "hash", actor=ann)
        store.save_sign_in(digest("s"), ann, ttl=HOUR)
        store.save_ticket(digest("t"), ann, "k", ttl=HOUR)
        store.redeem_ticket(digest("t"), "k")
        store.end_sign_ins(user_id=ann)
        told = list(store.events())
        assert [(e.kind, e.actor) for e in told] == [
            ("member", "ann"), ("invite", "boss"), ("accept", "ann"), ("secret", "ann"), ("sign_in", "ann"),
            ("ticket", "ann"), ("enter", "ann"), ("sign_out", "ann"),
        ]  # fmt: skip

    def test_an_erased_person_comes_in_no_more(self, store, ann):
        store.save_secret(ann, "hash", actor=ann)
        store.save_sign_in(digest("s"), ann, ttl=HOUR)
        assert store.person(ann)["sign_ins"][0].keys() == {"made_at", "expires_at"}
        store.erase(None, annotator=ann, actor="boss")
        assert store.secret(ann) is store.signed_in(digest("s")) is None
        assert store.person(ann)["sign_ins"] == []

    def test_a_person_can_have_their_memberships(self, store):
        s = cities(store, "Bern")
        store.save_member("ann", groups=["g"], team="external")
        store.save_membership(s, Membership("g", group=True, goal=3), actor="boss")
        store.save_membership(s, Membership("other", group=True), actor="boss")
        kept = store.person("ann")
        assert kept["member"] == {
            "id": "ann", "name": "ann", "role": "annotator", "team": "external", "groups": ["g"], "active": True,
        }  # fmt: skip
        assert kept["memberships"] == [
            {
                "session": "default",
                "subject": "g",
                "role": "annotator",
                "group": True,
                "where": None,
                "goal": 3,
            }
        ]


class PeopleContract(WhoContract, MembershipContract, ShareContract, AdmissionContract):
    """All of it."""
