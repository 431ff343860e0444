"""Several people at work on one store in any order, against a model small enough to be seen through."""

from __future__ import annotations

from dataclasses import dataclass, field

import hypothesis.strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from labelwidgets.errors import StoreError
from labelwidgets.records import Membership

from .builders import OVER, TTL, answer, new_task

PEOPLE = ("ann", "ben", "cem")
OVERLAP = 2
people = st.sampled_from(PEOPLE)
numbers = st.integers(0, 11)
SHADES = ("red", "green", "blue")
shares = st.one_of(
    st.sampled_from(["none", None]), st.lists(st.sampled_from(SHADES), min_size=1, max_size=2, unique=True)
)
"""No membership, one for all tasks, one for those of some shades."""


@dataclass
class Item:
    """A task as the model knows it."""

    id: int
    number: int
    rank: float
    position: float
    version: int = 1
    shade: str = "red"

    def place(self):
        return self.rank, self.position, self.id


@dataclass
class Hold:
    """What one person has to do with one task."""

    stood: str | None = None
    leased: bool = False
    over: bool = False
    order: int = 0
    version: int = 1


@dataclass
class Given:
    """An answer that was acknowledged."""

    id: str
    status: str
    version: int


@dataclass
class Model:
    items: dict[int, Item] = field(default_factory=dict)
    holds: dict[tuple[int, str], Hold] = field(default_factory=dict)
    given: dict[tuple[int, str], list[Given]] = field(default_factory=dict)
    clock: int = 0
    own: dict[str, object] = field(default_factory=dict)
    team: object = "none"

    def may_have(self, who, item):
        """Whether somebody may be given a task, by the words of the contract: all fits that any membership says."""
        said = [shades for shades in (self.own.get(who, "none"), self.team) if shades != "none"]
        return not said or None in said or any(item.shade in shades for shades in said)

    def taken(self, task_id):
        return sum(h.leased or h.stood == "done" for (t, _), h in self.holds.items() if t == task_id)

    def end(self, task_id, who):
        hold = self.holds[task_id, who]
        hold.leased = hold.over = False
        if hold.stood is None:
            del self.holds[task_id, who]

    def lease(self, who, n):
        for (task_id, person), hold in list(self.holds.items()):
            if hold.leased and hold.over and person != who:
                self.end(task_id, person)
        for (task_id, person), hold in list(self.holds.items()):
            if person == who and hold.leased and not self.may_have(who, self.items[task_id]):
                self.end(task_id, who)
        mine = [(h.order, t) for (t, person), h in self.holds.items() if person == who and h.leased]
        ids = [t for _, t in sorted(mine)][:n]
        free = [
            i
            for i in self.items.values()
            if self.taken(i.id) < OVERLAP and (i.id, who) not in self.holds and self.may_have(who, i)
        ]
        for item in sorted(free, key=Item.place)[: n - len(ids)]:
            self.clock += 1
            self.holds[item.id, who] = Hold(leased=True, order=self.clock, version=item.version)
            ids.append(item.id)
        for task_id in ids:
            self.holds[task_id, who].over = False
        return ids

    def answer(self, task_id, who, status, *, id, hold):
        item, held = self.items[task_id], self.holds.get((task_id, who))
        seen = held.version if held is not None and held.leased else item.version
        self.given.setdefault((task_id, who), []).append(Given(id, status, seen))
        if status == "withdrawn":
            self.withdraw(task_id, who, held, seen, hold=hold)
        elif seen < item.version:
            self.end(task_id, who)
        else:
            held = held or self.holds.setdefault((task_id, who), Hold())
            held.stood = "done" if status != "skipped" else held.stood or "skipped"
            held.leased = held.over = False
            held.version = seen

    def withdraw(self, task_id, who, held, seen, *, hold):
        if held is None:
            return
        held.stood, held.over, held.version = None, False, seen
        held.leased = hold
        if not hold:
            del self.holds[task_id, who]

    def current(self, task_id, who):
        """The answer that counts, by the words of the contract."""
        given = self.given.get((task_id, who), [])
        taken_back = max((n for n, g in enumerate(given) if g.status == "withdrawn"), default=-1)
        standing = [g for g in given[taken_back + 1 :] if g.status in ("submitted", "rejected")]
        if standing:
            return standing[-1]
        return given[-1] if given and given[-1].status == "skipped" else None


class Machine(RuleBasedStateMachine):
    """Runs store and model side by side; a subclass opens the store."""

    def open(self):
        raise AssertionError("a subclass says how to open its store")

    @initialize(n=st.integers(1, 5))
    def begin(self, n):
        self.store, self.model, self.count, self.edits, self.gone = self.open(), Model(), 0, 0, set()
        settings = {"columns": {"text": "str", "shade": "str"}}
        self.session = self.store.create_session("s", settings=settings, schema={}, actor="boss").id
        for who in PEOPLE:
            self.store.save_member(who, groups=["team"])
        self.texts, self.shades = {}, {}
        self.add([(number, float(number)) for number in range(n)])

    def add(self, places):
        rows = [
            new_task(
                number,
                text=self.texts.setdefault(number, f"t{number}"),
                position=p,
                shade=self.shades.setdefault(number, SHADES[number % 3]),
            )
            for number, p in places
        ]
        self.store.add_tasks(self.session, rows, batch="b", overlap=OVERLAP, actor="boss")
        for number, position in places:
            task = self.store.task_by_key(self.session, str(number))
            item = Item(task.id, number, 0.0, position, shade=self.shades[number])
            self.model.items.setdefault(task.id, item)

    def task(self, number):
        ids = sorted(self.model.items)
        return ids[number % len(ids)]

    def own(self, who, number):
        """A task that somebody had to do with, or any where there is none."""
        ids = sorted({t for t, person in (*self.model.holds, *self.model.given) if person == who})
        return ids[number % len(ids)] if ids else self.task(number)

    def next_id(self):
        self.count += 1
        return f"a{self.count}"

    @rule(position=st.integers(-3, 12))
    def add_one(self, position):
        if len(self.model.items) < 8:
            self.add([(100 + len(self.model.items), float(position))])

    @rule(who=people, n=st.integers(1, 4))
    def lease(self, who, n):
        scopes = self.store.standing(self.session, who).scopes
        tasks = self.store.lease(self.session, who, n, ttl=TTL, scopes=scopes)
        assert [task.id for task in tasks] == self.model.lease(who, n)
        assert [task.version for task in tasks] == [self.model.items[task.id].version for task in tasks]

    @rule(
        who=people, number=numbers, status=st.sampled_from(["submitted", "submitted", "skipped", "rejected"])
    )
    def answer_any(self, who, number, status):
        self.submit(self.task(number), who, status, hold=False)

    @rule(who=people, number=numbers, status=st.sampled_from(["submitted", "submitted", "skipped"]))
    def answer_held(self, who, number, status):
        held = sorted(t for (t, person), h in self.model.holds.items() if person == who and h.leased)
        if held:
            self.submit(held[number % len(held)], who, status, hold=False)

    @rule(who=people, number=numbers, hold=st.booleans())
    def undo(self, who, number, hold):
        answered = sorted(t for (t, person) in self.model.given if person == who)
        if answered:
            self.submit(answered[number % len(answered)], who, "withdrawn", hold=hold)

    def submit(self, task_id, who, status, *, hold):
        given = answer(task_id, who, status, id=self.next_id())
        late = (task_id, who) not in self.model.holds and status != "withdrawn"
        kept = self.store.submit(self.session, given, hold=TTL if hold else None)
        self.model.answer(task_id, who, status, id=given.id, hold=hold)
        assert kept.version == len(self.model.given[task_id, who])
        assert kept.late == late
        assert kept.task_version == self.model.given[task_id, who][-1].version
        self.last = given, kept

    @precondition(lambda self: hasattr(self, "last"))
    @rule()
    def send_again(self):
        given, kept = self.last
        assert self.store.submit(self.session, given, hold=TTL) == kept

    @rule(who=people, number=numbers, all_of_them=st.booleans())
    def release(self, who, number, all_of_them):
        task_ids = None if all_of_them else [self.own(who, number)]
        self.store.release(self.session, who, task_ids)
        for (task_id, person), hold in list(self.model.holds.items()):
            if person == who and hold.leased and (task_ids is None or task_id in task_ids):
                self.model.end(task_id, who)

    @rule(who=people, number=numbers, over=st.booleans())
    def renew(self, who, number, over):
        task_id = self.own(who, number)
        held = self.model.holds.get((task_id, who))
        kept = self.store.renew(self.session, who, [task_id], ttl=OVER if over else TTL)
        assert kept == ([task_id] if held is not None and held.leased else [])
        if kept:
            held.over = over

    @rule(who=people, number=numbers, own=st.sampled_from([True, True, True, False]))
    def reopen(self, who, number, own):
        task_id = self.own(who, number) if own else self.task(number)
        held = self.model.holds.get((task_id, who))
        if held is None and (task_id, who) not in self.model.given:
            try:
                self.store.reopen(self.session, who, task_id, ttl=TTL)
            except StoreError:
                return
            raise AssertionError("a task was reopened for somebody who never had it")
        self.store.reopen(self.session, who, task_id, ttl=TTL)
        held = held or self.model.holds.setdefault((task_id, who), Hold())
        if not held.leased:
            self.model.clock += 1
            held.leased, held.order, held.version = True, self.model.clock, self.model.items[task_id].version
        held.over = False

    @rule(number=numbers)
    def change_item(self, number):
        item = self.model.items[self.task(number)]
        self.edits += 1
        self.texts[item.number] = f"t{item.number} edit {self.edits}"
        self.add([(item.number, item.position)])
        item.version += 1
        item.rank = 0.0
        for (task_id, who), hold in list(self.model.holds.items()):
            if task_id == item.id:
                hold.stood = None
                if not hold.leased:
                    del self.model.holds[task_id, who]

    @rule(who=people, shades=shares)
    def limit(self, who, shades):
        self.model.own[who] = shades
        self.assign(who, shades, group=False)

    @rule(shades=shares)
    def limit_all(self, shades):
        self.model.team = shades
        self.assign("team", shades, group=True)

    def assign(self, subject, shades, *, group):
        if shades == "none":
            self.store.remove_membership(self.session, subject, group=group, actor="boss")
        else:
            where = None if shades is None else {"shade": shades}
            self.store.save_membership(
                self.session, Membership(subject, group=group, where=where), actor="boss"
            )

    @rule(number=numbers, shade=st.sampled_from(SHADES))
    def repaint(self, number, shade):
        """Another column of the row changes: the item is the same, and whose it is may be another."""
        item = self.model.items[self.task(number)]
        if item.shade != shade:
            item.shade = self.shades[item.number] = shade
            self.add([(item.number, item.position)])
            item.rank = 0.0

    @rule(who=people, back=st.booleans())
    def depart(self, who, back):
        self.store.save_member(who, active=False)
        if back:
            self.store.save_member(who, active=True)
        for (task_id, person), hold in list(self.model.holds.items()):
            if person == who and hold.leased and who not in self.gone:
                self.model.end(task_id, who)
        self.gone = self.gone - {who} if back else self.gone | {who}

    @rule(number=numbers, priority=st.integers(-2, 2))
    def prioritize(self, number, priority):
        item = self.model.items[self.task(number)]
        self.store.set_priority(self.session, {item.id: float(priority)}, actor="boss")
        item.rank = -float(priority)

    @rule(number=numbers, position=st.integers(-3, 12))
    def move(self, number, position):
        item = self.model.items[self.task(number)]
        self.store.set_positions(self.session, {item.id: float(position)}, actor="boss")
        item.position = float(position)

    @invariant()
    def counts_agree(self):
        if not hasattr(self, "model"):
            return
        model = self.model
        stood = {t: [h.stood for (task, _), h in model.holds.items() if task == t] for t in model.items}
        done = sum(states.count("done") >= OVERLAP for states in stood.values())
        live = [(t, who) for (t, who), h in model.holds.items() if h.leased and not h.over]
        for who in PEOPLE:
            counts = self.store.counts(self.session, who)
            mine = [h.stood for (_, person), h in model.holds.items() if person == who]
            assert (counts.mine, counts.mine_skipped) == (mine.count("done"), mine.count("skipped"))
        assert (counts.total, counts.done, counts.open) == (len(stood), done, len(stood) - done)
        assert counts.skipped == sum(
            "skipped" in states and "done" not in states for states in stood.values()
        )
        assert (counts.leased, counts.people) == (len({t for t, _ in live}), len({who for _, who in live}))

    @invariant()
    def shares_are_counted(self):
        if not hasattr(self, "model"):
            return
        for who in PEOPLE:
            scopes = self.store.standing(self.session, who).scopes
            if scopes is None:
                continue
            mine = {i.id for i in self.model.items.values() if self.model.may_have(who, i)}
            stood = [[h.stood for (t, _), h in self.model.holds.items() if t == task] for task in mine]
            live = {t for (t, _), h in self.model.holds.items() if h.leased and not h.over} & mine
            counts = self.store.counts(self.session, who, scopes=scopes)
            done = sum(states.count("done") >= OVERLAP for states in stood)
            assert (counts.total, counts.done, counts.leased) == (len(mine), done, len(live))
            assert counts.skipped == sum("skipped" in s and "done" not in s for s in stood)

    @invariant()
    def nothing_acknowledged_is_lost(self):
        if not hasattr(self, "model"):
            return
        current = {a.id for a in self.store.annotations(self.session)}
        kept = [self.model.current(*place) for place in self.model.given]
        assert current == {given.id for given in kept if given is not None}

    def teardown(self):
        if hasattr(self, "model"):
            ids = {a.id for a in self.store.annotations(self.session, current=False)}
            assert ids == {given.id for answers in self.model.given.values() for given in answers}
            assert self.store.verify() == []
            self.store.close()
