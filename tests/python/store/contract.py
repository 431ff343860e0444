"""What every store does; an engine's test file inherits the class and says how to open one."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from labelwidgets.errors import StoreError
from labelwidgets.labels import Extent
from labelwidgets.records import Comment, NewTask, Prediction, Times

from .builders import OVER, TTL, StoreContract, answer, new_task, new_tasks, session, sha
from .counting import WorkedContract
from .people import PeopleContract


class SessionContract(StoreContract):
    def test_a_new_store_has_an_identity_and_no_sessions(self, store):
        assert len(store.uuid) == 36
        assert store.sessions() == []
        assert store.session("default") is None
        assert store.read_only == ""

    def test_a_session_is_made_once(self, store):
        made = store.create_session(
            "a", settings={"x": [1, None, "ä"]}, schema={"fields": ["f"]}, actor="boss"
        )
        again = store.create_session("a", settings={"x": 2}, schema={}, actor="other")
        assert again == made == store.session("a")
        assert made.settings == {"x": [1, None, "ä"]}
        other = store.create_session("b", settings={}, schema={}, actor="boss")
        assert [s.name for s in store.sessions()] == ["a", "b"]
        assert other.id != made.id

    def test_settings_are_replaced_and_history_keeps_both(self, store):
        s = session(store)
        store.save_settings(s, {"new": True}, actor="boss")
        assert store.session("default").settings == {"new": True}
        *_, event = store.events(s)
        assert (event.kind, event.actor) == ("settings", "boss")
        assert event.payload == {"before": {"overlap": 1}, "after": {"new": True}}

    def test_schemas_are_versions(self, store):
        s = session(store)
        version = store.save_schema(s, {"fields": ["g"]}, migration=[{"op": "add"}], actor="boss", expected=1)
        assert version == 2
        first, second = store.schemas(s)
        assert (first.version, first.schema, first.migration) == (1, {"fields": []}, ())
        assert (second.version, second.schema, second.migration, second.actor) == (
            2,
            {"fields": ["g"]},
            ({"op": "add"},),
            "boss",
        )
        assert second.created_at.tzinfo is UTC
        assert store.session("default").schema_version == 2

    def test_two_changes_of_one_schema_do_not_overwrite_each_other(self, store):
        s = session(store)
        store.save_schema(s, {"fields": ["g"]}, migration=[], actor="ann", expected=1)
        with pytest.raises(StoreError, match="expected version 1, found 2"):
            store.save_schema(s, {"fields": ["h"]}, migration=[], actor="ben", expected=1)
        assert len(store.schemas(s)) == 2

    def test_an_unknown_session_is_refused(self, store):
        with pytest.raises(StoreError, match="no session number 77"):
            store.add_tasks(77, new_tasks(1), batch="b", overlap=1, actor="boss")
        with pytest.raises(StoreError, match="no session number 77"):
            store.save_settings(77, {}, actor="boss")
        with pytest.raises(StoreError, match="no session number 77"):
            self.lease(store, 77)

    def test_numbers_and_texts_that_no_engine_takes_are_refused(self, store):
        s = session(store, 1)
        with pytest.raises(StoreError, match="too large"):
            store.submit(s, answer(2**70))
        with pytest.raises(StoreError, match="half a character"):
            store.save_member("u\udc80", name="n", role="r")
        with pytest.raises(StoreError, match="Only JSON"):
            store.submit(s, answer(self.first(store, s).id, times=Times(seconds=float("inf"))))
        with pytest.raises(StoreError):
            store.record(4711, "export", {}, actor="boss")
        assert list(store.annotations(s, current=False)) == []

    def test_what_is_no_json_is_refused(self, store):
        s = session(store)
        with pytest.raises(StoreError, match="Only JSON"):
            store.save_settings(s, {"x": float("nan")}, actor="boss")
        with pytest.raises(StoreError, match="Only JSON"):
            store.save_settings(s, {"x": object()}, actor="boss")

    def test_revision_grows_with_every_write_of_that_session_only(self, store):
        a, b = session(store, 3, name="a"), session(store, 3, name="b")
        before, other = store.revision(a), store.revision(b)
        (task,) = self.lease(store, a)
        leased = store.revision(a)
        store.submit(a, answer(task.id))
        assert before < leased < store.revision(a)
        assert store.revision(b) == other

    def test_a_closed_store_says_so(self, place):
        store = place()
        store.close()
        store.close()
        with pytest.raises(StoreError, match="closed"):
            store.sessions()


class TaskContract(StoreContract):
    def test_adding_again_changes_nothing(self, store):
        s = session(store)
        added = store.add_tasks(s, new_tasks(5), batch="one", overlap=1, actor="boss")
        assert (added.added, added.known, added.changed, added.batch) == (5, 0, 0, "one")
        revision = store.revision(s)
        again = store.add_tasks(s, new_tasks(5), batch="two", overlap=1, actor="boss")
        assert (again.added, again.known, again.changed) == (0, 5, 0)
        assert store.revision(s) == revision
        more = store.add_tasks(s, new_tasks(7), batch="three", overlap=1, actor="boss")
        assert (more.added, more.known) == (2, 5)
        assert [task.number for task in store.tasks(s)] == list(range(7))

    def test_one_event_for_a_batch(self, store):
        s = session(store)
        before = len(list(store.events(s)))
        store.add_tasks(s, new_tasks(50), batch="b", overlap=1, actor="boss")
        events = list(store.events(s))
        assert len(events) == before + 1
        assert events[-1].kind == "add"
        assert events[-1].payload["added"] == 50

    def test_a_task_comes_back_as_it_was_added(self, store):
        s = session(store)
        data = {"text": "für 😀 \u0000 \udc80", "n": 1, "x": 0.1, "none": None, "deep": {"a": [True]}}
        store.add_tasks(
            s, [NewTask("k", sha("k"), data, position=2.5, priority=3.0)], batch="b", overlap=1, actor="boss"
        )
        (task,) = store.tasks(s)
        assert task.data == data
        assert (task.key, task.position, task.priority, task.version, task.number) == ("k", 2.5, 3.0, 1, 0)
        assert store.task_by_key(s, "k") == task
        assert store.task_by_key(s, "nope") is None
        assert list(store.tasks(s, [task.id, 999])) == [task]

    def test_sessions_do_not_see_each_others_tasks(self, store):
        a, b = session(store, 2, name="a"), session(store, 3, name="b")
        ids = [task.id for task in store.tasks(a)]
        assert list(store.tasks(b, ids)) == []
        assert store.task_keys(b).keys().isdisjoint(ids)
        with pytest.raises(StoreError, match="no task"):
            store.submit(b, answer(ids[0]))
        with pytest.raises(StoreError, match="no task"):
            store.save_draft(b, "ann", ids[0], {})
        with pytest.raises(StoreError, match="no task"):
            store.set_flag(b, ids[0], flagged=True, actor="ann")

    def test_duplicate_rows_are_rows_of_one_task(self, store):
        s = session(store)
        rows = [
            new_task("a", position=0),
            new_task("b", position=1),
            new_task("a", position=2, text="text of a", camera=2),
        ]
        added = store.add_tasks(s, rows, batch="b", overlap=1, actor="boss")
        assert added.added == 3
        assert store.add_tasks(s, rows, batch="b", overlap=1, actor="boss").known == 3
        a, b = store.tasks(s)
        assert [(n, t) for n, t, _ in store.rows(s)] == [(0, a.id), (1, b.id), (2, a.id)]
        assert [row.get("camera") for *_, row in store.rows(s)] == [None, None, 2]
        assert store.task_keys(s) == {a.id: "a", b.id: "b"}
        third = store.add_tasks(s, [*rows, rows[0]], batch="b", overlap=1, actor="boss")
        assert (third.added, third.known) == (1, 3)
        assert store.counts(s).total == 2

    def test_other_columns_of_a_known_row_replace_its_data(self, store):
        s = session(store)
        store.add_tasks(s, [new_task("a", position=0, camera=1)], batch="b", overlap=1, actor="boss")
        changed = store.add_tasks(
            s, [new_task("a", position=0, camera=2)], batch="b", overlap=1, actor="boss"
        )
        assert (changed.added, changed.known, changed.changed) == (0, 0, 1)
        (task,) = store.tasks(s)
        assert (task.data["camera"], task.version) == (2, 1)
        assert store.task_versions(s) == {}
        event = next(e for e in store.events(s) if e.kind == "change")
        assert event.task_id == task.id
        assert '"camera":1' in event.payload["before"]

    def test_a_changed_duplicate_row(self, store):
        s = session(store)
        rows = [new_task("a", position=0), new_task("a", position=1, camera=1)]
        store.add_tasks(s, rows, batch="b", overlap=1, actor="boss")
        rows[1] = new_task("a", position=1, camera=2)
        assert store.add_tasks(s, rows, batch="b", overlap=1, actor="boss").changed == 1
        assert [row.get("camera") for *_, row in store.rows(s)] == [None, 2]

    def test_another_item_is_a_new_version_and_asked_again(self, store):
        s = session(store)
        store.add_tasks(s, [new_task("a", position=0)], batch="b", overlap=1, actor="boss")
        (task,) = self.lease(store, s)
        store.set_extent(s, task.id, Extent(length=9))
        store.submit(s, answer(task.id))
        assert self.lease(store, s) == []
        store.add_tasks(s, [new_task("a", text="other", position=0)], batch="c", overlap=1, actor="boss")
        assert store.task_versions(s) == {task.id: 2}
        assert store.counts(s, "ann").done == 0
        (again,) = self.lease(store, s)
        assert (again.id, again.version, again.data["text"], again.extent) == (task.id, 2, "other", Extent())
        (old,) = store.annotations(s)
        assert old.task_version == 1
        store.submit(s, answer(task.id))
        (new,) = store.annotations(s)
        assert (new.task_version, new.version) == (2, 2)

    def test_an_answer_to_the_item_before_is_kept_as_that(self, store):
        s = session(store)
        store.add_tasks(s, [new_task("a", position=0)], batch="b", overlap=1, actor="boss")
        (task,) = self.lease(store, s)
        store.add_tasks(s, [new_task("a", text="other", position=0)], batch="c", overlap=1, actor="boss")
        kept = store.submit(s, answer(task.id))
        assert kept.task_version == 1
        assert store.counts(s).done == 0
        assert [t.version for t in self.lease(store, s)] == [2]
        told = store.submit(s, answer(task.id, task_version=1))
        assert told.task_version == 1

    def test_extent_flag_priority_position(self, store):
        s = session(store, 3)
        a, b, c = store.tasks(s)
        store.set_extent(s, b.id, Extent(width=640, height=480))
        store.set_flag(s, b.id, flagged=True, actor="ann")
        store.set_priority(s, {b.id: 2.0}, actor="boss")
        store.set_positions(s, {b.id: 9.5}, actor="boss")
        (task,) = store.tasks(s, [b.id])
        assert task == replace(
            b, extent=Extent(width=640, height=480), flagged=True, priority=2.0, position=9.5
        )
        kinds = {e.kind: e.payload for e in store.events(s)}
        assert kinds["priority"]["changes"] == {str(b.id): [0, 2.0]}
        assert kinds["position"]["changes"] == {str(b.id): [1.0, 9.5]}
        assert [t.id for t in self.lease(store, s, n=3)] == [b.id, a.id, c.id]

    def test_numbers_that_are_none_are_refused(self, store):
        s = session(store, 1)
        (task,) = store.tasks(s)
        for value in (float("nan"), float("inf")):
            with pytest.raises(StoreError, match="finite"):
                store.set_priority(s, {task.id: value}, actor="boss")
            with pytest.raises(StoreError, match="finite"):
                store.set_positions(s, {task.id: value}, actor="boss")

    def test_many_priorities_at_once(self, store):
        s = session(store, 1500)
        (first,) = self.lease(store, s)
        store.release(s, "ann")
        store.set_priority(s, {task.id: float(task.number) for task in store.tasks(s)}, actor="boss")
        assert self.keys(store, s) == ["1499"]
        assert first.key == "0"

    def test_an_iterator_sees_one_moment(self, store):
        s = session(store, 3)
        rows = store.rows(s)
        assert next(rows)[0] == 0
        store.add_tasks(s, new_tasks(9), batch="b", overlap=1, actor="boss")
        assert len(list(rows)) == 2
        assert len(list(store.rows(s))) == 9


class WorkContract(StoreContract):
    def test_tasks_come_by_priority_then_position_then_age(self, store):
        s = session(store)
        rows = [
            new_task("late", position=2),
            new_task("early", position=1),
            new_task("urgent", position=9, priority=1),
            new_task("same", position=1),
        ]
        store.add_tasks(s, rows, batch="b", overlap=1, actor="boss")
        assert self.keys(store, s, n=9) == ["urgent", "early", "same", "late"]

    def test_whoever_asks_twice_gets_the_same(self, store):
        s = session(store, 9)
        first = self.lease(store, s, n=2)
        assert self.lease(store, s, n=2) == first
        assert self.lease(store, s, n=3)[:2] == first
        assert self.lease(store, s, n=1) == first[:1]
        assert self.lease(store, s, n=0) == []

    def test_no_task_to_more_people_than_asked_for(self, store):
        s = session(store, 2, overlap=2)
        assert self.keys(store, s, "ann", 9) == ["0", "1"]
        assert self.keys(store, s, "ben", 9) == ["0", "1"]
        assert self.keys(store, s, "cem", 9) == []
        store.release(s, "ann")
        assert self.keys(store, s, "cem", 9) == ["0", "1"]

    def test_nobody_gets_what_they_answered_or_skipped(self, store):
        s = session(store, 3, overlap=2)
        a, b, _ = self.lease(store, s, n=3)
        store.submit(s, answer(a.id))
        store.submit(s, answer(b.id, status="skipped", reason="blurred"))
        store.release(s, "ann")
        assert self.keys(store, s, n=9) == ["2"]
        assert self.keys(store, s, "ben", n=9) == ["0", "1", "2"]

    def test_a_skip_frees_its_slot(self, store):
        s = session(store, 1)
        (task,) = self.lease(store, s)
        assert self.lease(store, s, "ben") == []
        store.submit(s, answer(task.id, status="skipped"))
        assert [t.id for t in self.lease(store, s, "ben")] == [task.id]

    def test_what_comes_back_is_offered_again_before_what_follows(self, store):
        s = session(store, 20)
        self.lease(store, s, "ben", 3)
        self.lease(store, s, "ann", 3)
        store.release(s, "ben")
        held = self.keys(store, s, "ann", 6)
        assert held == ["3", "4", "5", "0", "1", "2"]

    def test_release_of_some(self, store):
        s = session(store, 5)
        a, b, c = self.lease(store, s, n=3)
        store.release(s, "ann", [b.id, 999])
        store.release(s, "ben", [a.id])
        assert [t.id for t in self.lease(store, s, "ann", 2)] == [a.id, c.id]

    def test_an_expired_lease_goes_to_the_next_and_its_answer_is_kept(self, store):
        s = session(store, 1)
        (task,) = self.lease(store, s, ttl=OVER)
        assert [t.id for t in self.lease(store, s, "ben")] == [task.id]
        late = store.submit(s, answer(task.id, "ann"))
        assert (late.late, late.version) == (True, 1)
        kept = store.submit(s, answer(task.id, "ben"))
        assert not kept.late
        assert len(list(store.annotations(s))) == 2
        assert store.counts(s).done == 1

    def test_an_expired_lease_that_nobody_took_is_still_the_annotators(self, store):
        s = session(store, 2)
        (task,) = self.lease(store, s, ttl=OVER)
        assert self.lease(store, s) == [task]
        store.renew(s, "ann", [task.id], ttl=OVER)
        assert not store.submit(s, answer(task.id)).late

    def test_renewed_leases_last(self, store):
        s = session(store, 3)
        a, b = self.lease(store, s, n=2, ttl=OVER)
        assert store.renew(s, "ann", [a.id, 999], ttl=TTL) == [a.id]
        assert store.renew(s, "ben", [a.id], ttl=TTL) == []
        assert [t.id for t in self.lease(store, s, "ben", 9)] == [b.id, b.id + 1]

    def test_reopen_is_for_those_who_worked_on_it(self, store):
        s = session(store, 2)
        (task,) = self.lease(store, s)
        store.submit(s, answer(task.id))
        with pytest.raises(StoreError, match="never worked on"):
            store.reopen(s, "ben", task.id, ttl=TTL)
        with pytest.raises(StoreError, match="never worked on"):
            store.reopen(s, "ann", task.id + 1, ttl=TTL)
        store.reopen(s, "ann", task.id, ttl=TTL)
        assert self.keys(store, s) == ["0"]
        assert store.counts(s, "ann").mine == 1

    def test_a_reopened_answer_stands_until_there_is_another(self, store):
        s = session(store, 1)
        (task,) = self.lease(store, s)
        store.submit(s, answer(task.id, values={"y": "a"}))
        store.reopen(s, "ann", task.id, ttl=OVER)
        assert self.lease(store, s, "ben") == []
        assert [a.values for a in store.annotations(s)] == [{"y": "a"}]
        store.submit(s, answer(task.id, values={"y": "b"}))
        assert [(a.values, a.version, a.late) for a in store.annotations(s)] == [({"y": "b"}, 2, False)]

    def test_undo_opens_the_task_for_the_same_person(self, store):
        s = session(store, 2)
        (task,) = self.lease(store, s)
        store.submit(s, answer(task.id))
        taken_back = store.submit(s, answer(task.id, status="withdrawn"), hold=TTL)
        assert (taken_back.status, taken_back.version, taken_back.late) == ("withdrawn", 2, False)
        assert list(store.annotations(s)) == []
        assert self.keys(store, s) == ["0"]
        assert self.keys(store, s, "ben") == ["1"]
        assert (store.counts(s, "ann").mine, store.counts(s).done) == (0, 0)

    def test_undo_without_a_hold_gives_the_task_back(self, store):
        s = session(store, 1)
        (task,) = self.lease(store, s)
        store.submit(s, answer(task.id))
        store.submit(s, answer(task.id, status="withdrawn"))
        assert self.keys(store, s, "ben") == ["0"]

    def test_undo_of_a_skip(self, store):
        s = session(store, 1)
        (task,) = self.lease(store, s)
        store.submit(s, answer(task.id, status="skipped"))
        assert store.counts(s, "ann").mine_skipped == 1
        store.submit(s, answer(task.id, status="withdrawn"), hold=TTL)
        assert self.lease(store, s, "ben") == []
        assert self.keys(store, s) == ["0"]
        counts = store.counts(s, "ann")
        assert (counts.mine_skipped, counts.skipped) == (0, 0)

    def test_undo_of_a_skip_without_a_hold_offers_the_task_again(self, store):
        s = session(store, 2)
        (task,) = self.lease(store, s)
        store.submit(s, answer(task.id, status="skipped"))
        (other,) = self.lease(store, s)
        store.submit(s, answer(task.id, status="withdrawn"))
        store.submit(s, answer(other.id))
        assert [t.id for t in self.lease(store, s)] == [task.id]

    def test_a_change_of_the_item_takes_the_answer_of_whoever_has_it_open_again(self, store):
        s = session(store)
        store.add_tasks(s, [new_task("a", position=0)], batch="b", overlap=1, actor="boss")
        (task,) = self.lease(store, s)
        store.submit(s, answer(task.id))
        store.reopen(s, "ann", task.id, ttl=TTL)
        store.add_tasks(s, [new_task("a", text="other", position=0)], batch="c", overlap=1, actor="boss")
        store.release(s, "ann")
        assert store.counts(s, "ann").mine == 0
        assert [t.version for t in self.lease(store, s, "ben")] == [2]

    def test_a_later_round_asks_again_blind(self, store):
        s = session(store, 2)
        for task in self.lease(store, s, n=2):
            store.submit(s, answer(task.id, values={"y": "a"}))
        assert self.lease(store, s) == []
        first, second = self.lease(store, s, n=2, round=2)
        assert (first.round, first.key) == (2, "0")
        kept = store.submit(s, answer(first.id, round=2, values={"y": "b"}))
        assert (kept.round, kept.version) == (2, 1)
        assert len(list(store.annotations(s))) == 3
        assert [t.id for t in self.lease(store, s, round=2)] == [second.id]
        assert store.counts(s, "ann").mine == 2
        store.add_tasks(s, new_tasks(3), batch="b", overlap=1, actor="boss")
        assert self.keys(store, s, "ben", 9, round=2) == ["2"]
        with pytest.raises(StoreError, match="round 3"):
            store.submit(s, answer(first.id, round=3))

    def test_was_given(self, store):
        s = session(store, 2)
        (task,) = self.lease(store, s)
        assert store.was_given(s, "ann", task.id)
        store.release(s, "ann")
        assert store.was_given(s, "ann", task.id)
        assert not store.was_given(s, "ben", task.id)
        assert not store.was_given(s + 1, "ann", task.id)

    def test_counts(self, store):
        s = session(store, 5, overlap=2)
        a, b, c = self.lease(store, s, "ann", 3)
        store.submit(s, answer(a.id, "ann", times=Times(seconds=30.0)))
        store.submit(s, answer(b.id, "ann", "skipped"))
        self.lease(store, s, "ben", 2)
        store.submit(s, answer(a.id, "ben", times=Times(seconds=60.0)))
        counts = store.counts(s, "ann")
        assert (counts.total, counts.done, counts.open) == (5, 1, 4)
        assert (counts.leased, counts.people, counts.skipped) == (2, 2, 1)
        assert (counts.mine, counts.mine_skipped, counts.per_hour) == (1, 1, 120.0)
        assert store.counts(s, "ben").per_hour == 60.0
        assert (store.counts(s).mine, store.counts(s, "new").mine) == (0, 0)
        assert c.key == "2"

    def test_pace_is_that_of_the_last_hour_of_work(self, store):
        s = session(store, 4)
        for task, seconds in zip(self.lease(store, s, n=4), (3600.0, 1800.0, 1800.0, None), strict=True):
            store.submit(s, answer(task.id, times=Times(seconds=seconds)))
        assert store.counts(s, "ann").per_hour == 2.0


class AnswerContract(StoreContract):
    def test_an_answer_is_kept_as_it_was_given(self, store):
        s = session(store, 1)
        (task,) = self.lease(store, s)
        shown = datetime(2026, 3, 29, 1, 59, 59, 999999, tzinfo=UTC)
        zone = shown.astimezone(datetime.fromisoformat("2026-03-29T03:00:00+02:00").tzinfo)
        times = Times(shown, shown + timedelta(seconds=1), zone, 12.25)
        given = answer(
            task.id,
            values={"objects": [], "note": "ä\udc80"},
            confidence="unsure",
            times=times,
            model="m:1",
            schema_version=1,
            instructions_version=3,
        )
        kept = store.submit(s, given)
        assert kept == next(store.annotations(s))
        assert kept.times == replace(times, submitted_at=shown)
        assert (kept.id, kept.key, kept.annotator, kept.values) == (given.id, "0", "ann", given.values)
        assert (kept.confidence, kept.model, kept.instructions_version) == ("unsure", "m:1", 3)
        assert (kept.version, kept.round, kept.task_version, kept.late) == (1, 1, 1, False)
        assert abs(datetime.now(UTC) - kept.created_at) < timedelta(minutes=5)

    def test_the_same_id_again_is_one_answer(self, store):
        s = session(store, 2)
        (task,) = self.lease(store, s)
        given = answer(task.id)
        first = store.submit(s, given)
        revision = store.revision(s)
        assert store.submit(s, replace(given, values={"y": "forged"})) == first
        assert store.revision(s) == revision
        assert len(list(store.annotations(s, current=False))) == 1

    def test_an_id_of_somebody_else_tells_nothing(self, store):
        s, other = session(store, 2), session(store, 1, name="other")
        a, b = self.lease(store, s, n=2)
        given = answer(a.id)
        store.submit(s, given)
        (elsewhere,) = store.tasks(other)
        for forged in (replace(given, annotator="eve"), replace(given, task_id=b.id)):
            with pytest.raises(StoreError, match="belongs to another answer"):
                store.submit(s, forged)
        with pytest.raises(StoreError, match="belongs to another answer"):
            store.submit(other, replace(given, task_id=elsewhere.id))

    def test_a_second_answer_is_a_second_version(self, store):
        s = session(store, 1)
        (task,) = self.lease(store, s)
        store.submit(s, answer(task.id, values={"y": "a"}))
        second = store.submit(s, answer(task.id, values={"y": "b"}))
        assert (second.version, second.late) == (2, False)
        assert [a.values["y"] for a in store.annotations(s)] == ["b"]
        assert [a.values["y"] for a in store.annotations(s, current=False)] == ["a", "b"]
        assert store.counts(s, "ann").mine == 1

    @pytest.mark.parametrize(
        ("statuses", "current"),
        [
            (["submitted"], 1),
            (["submitted", "submitted"], 2),
            (["skipped"], 1),
            (["skipped", "skipped"], 2),
            (["submitted", "skipped"], 1),
            (["skipped", "submitted"], 2),
            (["submitted", "withdrawn"], None),
            (["skipped", "withdrawn"], None),
            (["submitted", "withdrawn", "submitted"], 3),
            (["submitted", "submitted", "withdrawn"], None),
            (["submitted", "withdrawn", "skipped"], 3),
            (["submitted", "withdrawn", "skipped", "withdrawn"], None),
            (["submitted", "rejected"], 2),
            (["submitted", "rejected", "submitted"], 3),
            (["submitted", "skipped", "withdrawn"], None),
        ],
    )
    def test_which_answer_is_current(self, store, statuses, current):
        s = session(store, 1)
        self.lease(store, s)
        task = self.first(store, s)
        for status in statuses:
            store.submit(s, answer(task.id, status=status), hold=TTL)
        expected = [] if current is None else [(current, statuses[current - 1])]
        assert [(a.version, a.status) for a in store.annotations(s)] == expected
        assert [
            (a.version, a.status) for a in store.annotations(s, task_id=task.id, annotator="ann")
        ] == expected
        assert [(a.version, a.status) for a in store.recent(s, "ann", 5)] == expected

    def test_an_answer_without_a_lease_is_late(self, store):
        s = session(store, 1)
        task = self.first(store, s)
        assert store.submit(s, answer(task.id)).late
        assert self.lease(store, s, "ben") == []
        assert store.counts(s).done == 1

    def test_nothing_is_kept_of_what_is_refused(self, store):
        s = session(store, 1)
        revision = store.revision(s)
        with pytest.raises(StoreError, match="no task 4711"):
            store.submit(s, answer(4711))
        assert store.revision(s) == revision
        assert list(store.annotations(s, current=False)) == []

    def test_finding_annotations(self, store):
        s = session(store, 3, overlap=2)
        for who in ("ann", "ben"):
            for task in self.lease(store, s, who, 3):
                store.submit(s, answer(task.id, who, id=f"{who}-{task.key}"))
        task = self.first(store, s)
        assert [a.id for a in store.annotations(s, task_id=task.id)] == ["ann-0", "ben-0"]
        assert [a.id for a in store.annotations(s, annotator="ben")] == ["ben-0", "ben-1", "ben-2"]
        assert [a.id for a in store.annotations(s, id="ann-1")] == ["ann-1"]
        assert [a.id for a in store.recent(s, "ann", 2)] == ["ann-2", "ann-1"]
        assert list(store.annotations(s + 1)) == []

    def test_columns_are_the_annotations(self, store):
        s = session(store, 4)
        for number, task in enumerate(self.lease(store, s, n=4)):
            shown = datetime(2026, 1, 1, tzinfo=UTC) if number else None
            store.submit(s, answer(task.id, values={"n": number}, times=Times(shown, None, None, number / 3)))
        store.submit(s, answer(self.first(store, s).id, status="withdrawn"))
        for current in (True, False):
            columns = store.annotation_columns(s, current=current)
            kept = list(store.annotations(s, current=current))
            assert len(kept) == (3 if current else 5)
            for name in (
                "id",
                "task_id",
                "key",
                "annotator",
                "round",
                "version",
                "status",
                "values",
                "confidence",
                "late",
            ):
                assert columns[name] == [getattr(a, name) for a in kept], name
            micros = [
                None if a.times.shown_at is None else int(a.times.shown_at.timestamp()) * 10**6 for a in kept
            ]
            assert columns["shown_at"] == micros
            assert columns["seconds"] == [a.times.seconds for a in kept]
        assert {len(column) for column in store.annotation_columns(s + 1).values()} == {0}


class BesideContract(StoreContract):
    def test_predictions_are_kept_per_model_and_version(self, store):
        s = session(store, 2)
        a, b = store.tasks(s)
        said = [Prediction(b.id, "m", "1", {"y": "b"}, 0.25), Prediction(a.id, "m", "1", {"y": "a"}, None)]
        assert store.add_predictions(s, said, actor="boss") == 2
        assert store.add_predictions(s, [Prediction(a.id, "m", "1", {"y": "z"}, 1)], actor="boss") == 0
        assert store.add_predictions(s, [Prediction(a.id, "m", "2", {"y": "c"}, 0.5)], actor="boss") == 1
        expected = [
            Prediction(a.id, "m", "2", {"y": "c"}, 0.5),
            Prediction(a.id, "m", "1", {"y": "z"}, 1.0),
            Prediction(b.id, "m", "1", {"y": "b"}, 0.25),
        ]
        assert list(store.predictions(s)) == expected
        assert list(store.predictions(s, [b.id])) == expected[2:]
        assert list(store.predictions(s + 1)) == []

    def test_predictions_of_unknown_tasks_are_refused_whole(self, store):
        s = session(store, 1)
        task = self.first(store, s)
        with pytest.raises(StoreError, match="no task 99"):
            store.add_predictions(
                s, [Prediction(task.id, "m", "1", {}), Prediction(99, "m", "1", {})], actor="b"
            )
        assert list(store.predictions(s)) == []

    def test_a_draft_lives_until_the_answer(self, store):
        s = session(store, 2)
        a, b = self.lease(store, s, n=2)
        revision = store.revision(s)
        for task in (a, b):
            store.save_draft(s, "ann", task.id, {"y": "half"})
            store.save_draft(s, "ann", task.id, {"y": "more"})
        assert store.revision(s) == revision
        assert store.draft(s, "ann", a.id) == {"y": "more"}
        assert store.draft(s, "ben", a.id) is None
        store.submit(s, answer(a.id))
        assert store.draft(s, "ann", a.id) is None
        store.save_draft(s, "ann", b.id, None)
        assert store.draft(s, "ann", b.id) is None

    def test_comments(self, store):
        s = session(store, 2)
        a, b = store.tasks(s)
        at = datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC)
        first, second = (
            Comment("c1", a.id, "ann", "blurred?", "r1", at),
            Comment("c2", b.id, "ben", "no", None, at),
        )
        for comment in (first, second, replace(first, text="again")):
            store.add_comment(s, comment)
        assert store.comments(s) == [first, second]
        assert store.comments(s, b.id) == [second]
        with pytest.raises(StoreError, match="no task"):
            store.add_comment(s, Comment("c3", 99, "ann", "x", None, at))


class HistoryContract(StoreContract):
    def test_history_tells_who_did_what(self, store):
        s = session(store, 2)
        (task,) = self.lease(store, s)
        store.submit(s, answer(task.id, id="a1", values={"y": "b"}))
        store.add_comment(s, Comment("c1", task.id, "ben", "why?", None, datetime.now(UTC)))
        store.record(s, "export", {"rows": 1}, actor="boss")
        events = list(store.events(s))
        assert [(e.kind, e.actor) for e in events] == [
            ("session", "boss"), ("add", "boss"), ("lease", "ann"), ("submit", "ann"), ("comment", "ben"), ("export", "boss"),
        ]  # fmt: skip
        assert [e.number for e in events] == sorted(e.number for e in events)
        submitted = events[3].payload
        assert (submitted["annotation"], submitted["values"], submitted["version"]) == ("a1", {"y": "b"}, 1)
        assert events[4].payload["text"] == "why?"
        assert events[5].payload == {"rows": 1}
        assert [e.kind for e in store.events(s, task_id=task.id)] == ["lease", "submit", "comment"]
        assert [e.kind for e in store.events()][:2] == ["session", "add"]

    def test_the_stores_own_kinds_of_event_are_not_for_others(self, store):
        s = session(store, 1)
        for kind in ("erase", "submit", "add"):
            with pytest.raises(StoreError, match="choose another name"):
                store.record(s, kind, {}, actor="eve")

    def test_erasing_an_item_leaves_nothing_of_it_and_a_sound_chain(self, store):
        s = session(store)
        row = new_task("k", text="secret-item", position=0)
        store.add_tasks(
            s, [row, new_task("k", text="secret-item", position=1, n=2)], batch="b", overlap=2, actor="boss"
        )
        store.add_tasks(
            s,
            [new_task("k", text="secret-item", position=0, note="secret-note")],
            batch="c",
            overlap=2,
            actor="boss",
        )
        (task,) = self.lease(store, s)
        store.submit(s, answer(task.id, values={"text": "secret-answer"}))
        store.save_draft(s, "ben", task.id, {"text": "secret-draft"})
        store.add_predictions(s, [Prediction(task.id, "m", "1", {"text": "secret-guess"})], actor="boss")
        store.add_comment(s, Comment("c", task.id, "ann", "secret-comment", None, datetime.now(UTC)))
        assert store.erase(s, task_id=task.id, actor="boss") > 5
        (gone,) = store.tasks(s)
        assert (gone.key, gone.data) == ("k", {})
        assert [row for *_, row in store.rows(s)] == [{}, {}]
        assert [a.values for a in store.annotations(s)] == [{}]
        assert list(store.predictions(s)) == store.comments(s) == []
        assert store.draft(s, "ben", task.id) is None
        assert "secret" not in repr(list(store.events()))
        assert store.verify() == []
        assert store.erase(s, task_id=task.id, actor="boss") == 0
        assert self.lease(store, s, "ben") == []

    def test_an_erased_item_is_not_asked_for_in_a_later_round(self, store):
        s = session(store, 3)
        for task in self.lease(store, s, n=2):
            store.submit(s, answer(task.id))
        for number in (0, 2):
            store.erase(s, task_id=store.task_by_key(s, str(number)).id, actor="boss")
        assert self.keys(store, s, n=9, round=2) == ["1"]
        assert store.verify() == []

    def test_an_erased_item_stays_erased_when_the_data_come_again(self, store):
        s = session(store, 2)
        task = self.first(store, s)
        store.erase(s, task_id=task.id, actor="boss")
        assert store.add_tasks(s, new_tasks(2), batch="again", overlap=1, actor="boss").known == 2
        assert self.first(store, s).data == {}

    def test_erasing_a_person_takes_the_name_and_leaves_the_work(self, store):
        s = session(store, 1)
        store.save_member("u1", name="Ann Example", role="annotator")
        (task,) = self.lease(store, s, "u1")
        store.submit(s, answer(task.id, "u1"))
        assert store.erase(None, annotator="u1", actor="boss") == 2
        assert store.member("u1").name == ""
        assert "Example" not in repr(list(store.events()))
        assert [a.annotator for a in store.annotations(s)] == ["u1"]
        assert [e.payload for e in store.events() if e.kind == "member"] == [None]

    def test_a_person_can_have_all_that_is_kept_about_them(self, store):
        s = session(store, 2)
        store.save_member("u1", name="Ann Example", role="annotator")
        a, b = self.lease(store, s, "u1", 2)
        store.submit(s, answer(a.id, "u1", id="a1", values={"y": "b"}))
        store.save_draft(s, "u1", b.id, {"y": "half"})
        store.add_comment(s, Comment("c1", a.id, "u1", "hm", None, datetime(2026, 1, 1, tzinfo=UTC)))
        kept = store.person("u1")
        assert kept["member"]["name"] == "Ann Example"
        assert [(row["id"], row["key"], row["values"]) for row in kept["answers"]] == [
            ("a1", "0", {"y": "b"})
        ]
        assert [row["values"] for row in kept["drafts"]] == [{"y": "half"}]
        assert [(row["text"], row["created_at"]) for row in kept["comments"]] == [
            ("hm", "2026-01-01T00:00:00+00:00")
        ]
        assert [row["kind"] for row in kept["events"]] == ["member", "lease", "lease", "submit", "comment"]
        assert json.loads(json.dumps(kept)) == kept
        assert store.person("nobody")["answers"] == []

    def test_erasing_a_comment(self, store):
        s = session(store, 1)
        task = self.first(store, s)
        for name in ("c1", "c2"):
            store.add_comment(s, Comment(name, task.id, "ann", f"text {name}", None, datetime.now(UTC)))
        assert store.erase(s, comment="c1", actor="boss") == 1
        assert [c.id for c in store.comments(s)] == ["c2"]
        assert store.erase(s, comment="c1", actor="boss") == 0

    def test_erasure_names_one_thing(self, store):
        with pytest.raises(StoreError, match="one thing"):
            store.erase(None, actor="boss")
        with pytest.raises(StoreError, match="one thing"):
            store.erase(None, annotator="a", comment="c", actor="boss")

    def test_threads_share_a_store(self, store):
        s = session(store, 400)
        errors, seen = [], {}

        def work(who):
            try:
                while tasks := self.lease(store, s, who, 2):
                    for task in tasks:
                        seen.setdefault(task.id, set()).add(who)
                        store.submit(s, answer(task.id, who))
            except Exception as error:  # noqa: BLE001 - shown below
                errors.append(error)

        def read():
            try:
                while len(list(store.annotations(s))) < 400 and not errors:
                    assert len(store.annotation_columns(s)["id"]) <= 400
                    assert len(list(store.tasks(s))) == 400
            except Exception as error:  # noqa: BLE001
                errors.append(error)

        threads = [threading.Thread(target=work, args=(f"u{n}",)) for n in range(4)] + [
            threading.Thread(target=read)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert errors == []
        assert len(seen) == 400
        assert all(len(people) == 1 for people in seen.values())
        assert store.counts(s).done == 400

    def test_a_backup_is_whole_while_people_label(self, store, tmp_path):
        s = session(store, 300)
        stop, acknowledged = threading.Event(), []

        def work():
            while not stop.is_set() and (tasks := self.lease(store, s)):
                acknowledged.append(store.submit(s, answer(tasks[0].id)).id)

        thread = threading.Thread(target=work)
        thread.start()
        while len(acknowledged) < 5:
            time.sleep(0.001)
        sure = list(acknowledged)
        store.backup(tmp_path / "copy.db")
        stop.set()
        thread.join(60)
        copy = self.open_backup(tmp_path / "copy.db")
        assert copy.verify() == []
        assert copy.uuid == store.uuid
        assert {a.id for a in copy.annotations(s)} >= set(sure)
        copy.close()
        assert (
            [path.name for path in tmp_path.glob("*.part")]
            == [path.name for path in tmp_path.glob(".*")]
            == []
        )

    def open_backup(self, path):
        from labelwidgets.store import open_store

        return open_store(path)


class EveryStore(
    SessionContract,
    PeopleContract,
    TaskContract,
    WorkContract,
    WorkedContract,
    AnswerContract,
    BesideContract,
    HistoryContract,
):
    """All of the contract."""
