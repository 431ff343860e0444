"""A whole session from a script: adding, leasing, answering, taking back, reading, changing the schema."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest

import labelwidgets as lw


@pytest.fixture
def store(tmp_path):
    return tmp_path / "s.db"


@pytest.fixture
def session(store, texts, mood):
    with lw.Session(store, data=texts, item="text", schema=mood, user="ann") as session:
        yield session


def answer(session, mood="glad", n=1):
    for _ in range(n):
        (task,) = session.next()
        session.submit(task, {"mood": mood})


class TestOpening:
    def test_a_new_session_needs_a_schema(self, store):
        with pytest.raises(lw.SchemaError, match="needs a schema"):
            lw.Session(store)

    def test_reopening_needs_nothing_else(self, store, session):
        answer(session, n=3)
        session.close()
        again = lw.Session(store, user="ann")
        assert again.schema == session.schema
        assert len(again.annotations()) == 3
        assert again.item == "text"

    def test_two_sessions_live_in_one_store(self, store, session, texts):
        other = lw.Session(store, name="other", data=texts, schema=lw.Schema(lw.Rating("stars")), user="ann")
        answer(session)
        assert len(other.annotations()) == 0
        assert other.progress.total == 10

    def test_overlap_is_fixed_when_made(self, store, session):
        with pytest.raises(lw.StoreError, match="overlap=1, found overlap=2"):
            lw.Session(store, overlap=2)

    @pytest.mark.parametrize("overlap", [0, -1, True, 1.5])
    def test_overlap_is_one_or_more(self, mood, overlap):
        with pytest.raises(lw.StoreError, match="overlap"):
            lw.Session(None, schema=mood, overlap=overlap)

    def test_a_closed_session_says_so(self, session):
        session.close()
        with pytest.raises(lw.StoreError, match="closed"):
            session.next()

    def test_in_memory(self, texts, mood):
        session = lw.Session(None, data=texts, schema=mood, item="text")
        answer(session, n=10)
        assert session.next() == []
        assert session.frame()["mood"].tolist() == ["glad"] * 10

    def test_repr_counts(self, session):
        answer(session)
        assert "1 of 10 done" in repr(session)


class TestAdding:
    def test_the_same_rows_add_nothing(self, session, texts):
        added = session.add(texts)
        assert (added.added, added.known, added.changed, added.rejected) == (0, 10, 0, ())
        assert len(session.frame()) == 10

    def test_new_rows_join_the_frame(self, session, texts):
        added = session.add(pd.DataFrame({"text": ["message 3", "new"], "n": [3, 99]}))
        assert (added.added, added.known) == (1, 1)
        assert session.frame()["text"].tolist() == [*texts["text"], "new"]

    def test_another_column_changes_the_row_only(self, session):
        answer(session)
        added = session.add(pd.DataFrame({"text": ["message 0"], "n": [500]}))
        assert added.changed == 1
        assert session.annotations()["stale"].tolist() == [False]

    def test_an_item_that_changed_is_stale_and_asked_again(self, store, mood):
        data = pd.DataFrame({"id": ["a", "b"], "text": ["one", "two"]})
        session = lw.Session(store, data=data, item="text", key="id", schema=mood, user="ann")
        answer(session, n=2)
        session.add(pd.DataFrame({"id": ["a"], "text": ["one, but else"]}))
        assert session.annotations().set_index("key")["stale"].to_dict() == {"a": True, "b": False}
        (task,) = session.next()
        assert task.key == "a"
        session.submit(task, {"mood": "sad"})
        assert session.annotations().set_index("key")["mood"].to_dict() == {"a": "sad", "b": "glad"}

    def test_duplicate_rows_share_a_task_and_each_gets_its_label(self, mood):
        data = pd.DataFrame({"text": ["x", "y", "x"], "from": ["p", "q", "r"]})
        session = lw.Session(None, data=data, item="text", schema=mood)
        assert session.progress.total == 2
        answer(session)
        assert session.frame()["mood"].tolist()[0::2] == ["glad", "glad"]
        assert session.frame()["from"].tolist() == ["p", "q", "r"]

    def test_nothing_rejected_is_silent(self, session):
        added = session.add(pd.DataFrame({"text": ["ok", None, ""], "n": [1, 2, 3]}, index=["p", "q", "r"]))
        assert added.added == 1
        assert [r.row for r in added.rejected] == ["q", "r"]
        assert all(len(r.reason) > 10 for r in added.rejected)

    def test_a_missing_column_names_those_there(self, session):
        with pytest.raises(lw.SourceError, match="text"):
            session.add(pd.DataFrame({"txt": ["a"]}))

    def test_an_empty_frame_is_fine(self, session):
        assert session.add(pd.DataFrame({"text": []})).added == 0


class TestOrder:
    def test_given(self, session):
        assert [t.data["n"] for t in session.next(3)] == [0, 1, 2]

    def test_random_is_the_same_for_the_same_seed(self, texts, mood):
        def first(seed):
            session = lw.Session(
                None, data=texts, item="text", schema=mood, order=lw.Order("random", seed=seed)
            )
            return [t.data["n"] for t in session.next(10)]

        assert first(1) == first(1) != list(range(10))
        assert first(1) != first(2)

    def test_by_a_column(self, texts, mood):
        order = lw.Order("by", column="n", descending=True)
        session = lw.Session(None, data=texts, item="text", schema=mood, order=order)
        assert [t.data["n"] for t in session.next(3)] == [9, 8, 7]

    def test_another_order_on_reopening(self, store, session):
        session.close()
        again = lw.Session(store, order=lw.Order("by", column="n", descending=True), user="ann")
        assert again.next()[0].data["n"] == 9

    def test_priority_goes_before_order_at_once(self, session):
        key = session.task(8).key
        session.prioritize({key: 5.0})
        assert session.next()[0].id == 8


class TestAnswering:
    def test_asking_again_gives_the_same_tasks(self, session):
        assert [t.id for t in session.next(2)] == [t.id for t in session.next(2)]

    def test_an_id_makes_it_idempotent(self, session):
        (task,) = session.next()
        one = str(uuid.uuid4())
        first = session.submit(task, {"mood": "glad"}, id=one)
        again = session.submit(task, {"mood": "sad"}, id=one)
        assert again == first
        assert session.annotations()["mood"].tolist() == ["glad"]

    def test_a_second_answer_is_a_new_version(self, session):
        (task,) = session.next()
        session.submit(task, {"mood": "glad"})
        assert session.submit(task, {"mood": "sad"}).version == 2
        assert session.annotations()["mood"].tolist() == ["sad"]
        assert session.history(task)["mood"].tolist() == ["glad", "sad"]

    @pytest.mark.parametrize(
        ("values", "said"),
        [
            ({"mood": "angry"}, "angry"),
            ({}, "mood"),
            ({"mood": None}, "required"),
            ({"mood": "glad", "x": 1}, "'x'"),
        ],
    )
    def test_what_the_schema_forbids_changes_nothing(self, session, values, said):
        (task,) = session.next()
        before = session.revision
        with pytest.raises(lw.LabelError, match=said):
            session.submit(task, values)
        assert session.revision == before

    def test_boxes_stay_in_the_image(self, photos, street):
        session = lw.Session(None, data=photos, item="image", schema=street)
        (task,) = session.next()
        assert (task.extent.width, task.extent.height) == (160, 120)
        with pytest.raises(lw.LabelError, match=r"objects.*160"):
            session.submit(task, {"objects": [lw.Box(150, 100, 50, 50, label="car")], "weather": "sun"})

    def test_a_skipped_task_goes_to_others_only(self, store, session):
        (task,) = session.next()
        session.skip(task, "unclear")
        assert session.next()[0].id != task.id
        with lw.Session(store, user="ben") as ben:
            assert ben.next()[0].id == task.id

    def test_undo_opens_the_task_again(self, session):
        answer(session, n=2)
        task = session.undo()
        assert task.id == 2
        assert session.next()[0].id == 2
        assert session.history(2)["status"].tolist() == ["submitted", "withdrawn"]
        assert len(session.annotations()) == 1

    def test_undo_of_a_skip(self, session):
        (task,) = session.next()
        session.skip(task)
        session.undo()
        assert session.next()[0].id == task.id

    def test_undo_with_nothing_done(self, session):
        assert session.undo() is None

    def test_nobody_takes_back_the_answer_of_another(self, store, session):
        answer(session)
        theirs = session.annotations()["annotation_id"][0]
        with lw.Session(store, user="ben") as ben, pytest.raises(lw.LabelError, match="ben"):
            ben.undo(theirs)

    def test_overlap_asks_two_people_and_never_one_twice(self, store, texts, mood):
        ann = lw.Session(store, data=texts, item="text", schema=mood, overlap=2, user="ann")
        ben, cat = (lw.Session(store, user=who) for who in ("ben", "cat"))
        for who in (ann, ben, cat):
            while task := next(iter(who.next()), None):
                who.submit(task, {"mood": "glad"})
        counts = ann.annotations().groupby("task_id")["annotator"].agg(["count", "nunique"])
        assert (counts["count"] == 2).all()
        assert (counts["nunique"] == 2).all()

    def test_released_tasks_go_to_others(self, store, session):
        (task,) = session.next()
        session.release(task)
        with lw.Session(store, user="ben") as ben:
            assert ben.next()[0].id == task.id

    def test_closing_gives_back_what_this_session_took_only(self, store, session):
        (elsewhere,) = session.next()
        with lw.Session(store, user="ann") as second:
            assert second.progress.leased == 1
        assert session.progress.leased == 1
        assert not session.submit(elsewhere, {"mood": "glad"}).late

    def test_nothing_left(self, session):
        answer(session, n=10)
        assert session.next() == []
        assert session.progress.done == 10

    def test_an_annotator_may_not_change_the_schema(self, store, session):
        ben = lw.Session(store, user=lw.User("ben", role="annotator"))
        with pytest.raises(lw.RightsError, match="ben"):
            ben.migrate(lw.RenameLabel("mood", "glad", "happy"))
        with pytest.raises(lw.RightsError):
            ben.add(pd.DataFrame({"text": ["z"]}))


class TestReading:
    def test_frame_keeps_index_and_dtypes(self, mood):
        data = pd.DataFrame(
            {"text": ["a", "b"], "n": np.array([1, 2], dtype="int16"), "c": pd.Categorical(["u", "v"])},
            index=pd.Index(["r1", "r2"], name="row"),
        )
        session = lw.Session(None, data=data, item="text", schema=mood)
        answer(session)
        frame = session.frame()
        pd.testing.assert_frame_equal(frame[data.columns], data)
        assert frame["label_status"].tolist() == ["submitted", "open"]
        assert frame.loc["r1", "annotator"] == session.user.id

    def test_frame_is_rebuilt_on_reopening(self, store, mood):
        data = pd.DataFrame(
            {
                "text": ["a", "b"],
                "n": np.array([1, 2], dtype="int16"),
                "when": pd.to_datetime(["2026-01-01", None], utc=True),
                "flag": [True, False],
                "x": [0.5, np.nan],
            },
            index=pd.Index(["r1", "r2"], name="row"),
        )
        lw.Session(store, data=data, item="text", schema=mood, user="ann").close()
        frame = lw.Session(store, user="ann").frame()
        pd.testing.assert_frame_equal(frame[data.columns], data)

    def test_tables_survive_parquet(self, tmp_path, photos, street):
        session = lw.Session(None, data=photos, item="image", schema=street)
        for _ in range(3):
            (task,) = session.next()
            boxes = [lw.Box(1, 2, 3.5, 4, label="car"), lw.Box(10, 10, 20, 20, 30, label="person")]
            session.submit(task, {"objects": boxes, "weather": "sun"}, seconds=1.5, confidence="sure")
        for table in (session.regions(), session.annotations(), session.frame()):
            table.to_parquet(tmp_path / "t.parquet")
            pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "t.parquet"), table)

    def test_regions_are_tidy(self, photos):
        schema = lw.Schema(
            lw.Boxes("objects", ["car"], attributes=[lw.Choice("hidden", ["no", "yes"], required=False)])
        )
        session = lw.Session(None, data=photos, item="image", schema=schema, user="ann")
        (task,) = session.next()
        session.submit(task, {"objects": [lw.Box(1, 2, 3, 4, label="car", attributes={"hidden": "yes"})]})
        (row,) = session.regions("objects").to_dict("records")
        assert (row["x"], row["y"], row["width"], row["height"], row["angle"]) == (1, 2, 3, 4, 0)
        assert (row["label"], row["hidden"], row["annotator"], row["task_id"]) == (
            "car",
            "yes",
            "ann",
            task.id,
        )

    def test_regions_of_a_field_without_them(self, session):
        with pytest.raises(lw.SchemaError, match="holds no regions"):
            session.regions("mood")

    def test_the_most_frequent_answer_stands_in_frame(self, store, mood):
        data = pd.DataFrame({"text": ["a"]})
        for who, said in (("ann", "sad"), ("ben", "glad"), ("cat", "glad")):
            session = lw.Session(store, data=data, schema=mood, overlap=3, user=who)
            answer(session, said)
        assert session.frame()["mood"].tolist() == ["glad"]
        assert session.frame()["annotator"].tolist() == ["ann, ben, cat"]

    def test_a_source_column_named_like_a_field_stays(self, mood):
        data = pd.DataFrame({"text": ["a"], "mood": ["old"]})
        session = lw.Session(None, data=data, item="text", schema=mood)
        answer(session)
        frame = session.frame()
        assert frame["mood"].tolist() == ["old"]
        assert frame["mood_label"].tolist() == ["glad"]


class TestSchemaChanges:
    def test_added_labels_are_taken_over_silently(self, store, session):
        session.close()
        again = lw.Session(store, schema=lw.Schema(lw.Choice("mood", ["glad", "sad", "angry"])), user="ann")
        answer(again, "angry")
        assert again.schema_version == 2

    def test_anything_else_needs_migrate(self, store, session):
        session.close()
        with pytest.raises(lw.SchemaError, match="migrate"):
            lw.Session(store, schema=lw.Schema(lw.Choice("mood", ["happy", "sad"])))

    def test_a_renamed_label_is_read_under_its_new_name_and_kept_under_the_old(self, store, session):
        answer(session, n=3)
        session.migrate(lw.RenameLabel("mood", "glad", "happy"))
        assert session.annotations()["mood"].tolist() == ["happy"] * 3
        stored = {tuple(a.values.items()) for a in session.store.annotations(1)}
        assert stored == {(("mood", "glad"),)}
        answer(session, "happy")
        assert lw.Session(store, user="x").annotations()["mood"].tolist() == ["happy"] * 4

    def test_merged_and_removed_labels(self, session):
        answer(session, "glad")
        answer(session, "sad")
        session.migrate(lw.MergeLabels("mood", ["sad"], "glad"))
        assert session.annotations()["mood"].tolist() == ["glad", "glad"]
        session.migrate(lw.AddLabel("mood", "angry"), lw.RemoveLabel("mood", "glad"))
        assert session.annotations()["mood"].isna().all()
        assert session.history(1)["status"].tolist() == ["submitted"]

    def test_watchers_hear_of_it(self, session):
        heard = []
        end = session.watch(lambda: heard.append(session.schema_version))
        session.migrate(lw.AddLabel("mood", "angry"))
        assert heard == [2]
        end()
        session.migrate(lw.AddLabel("mood", "calm"))
        assert heard == [2]
        end()

    def test_a_watcher_may_end_watching_while_it_is_called(self, session):
        heard = []
        ends = [session.watch(lambda: (heard.append(1), ends[0]())), session.watch(lambda: heard.append(2))]
        session.migrate(lw.AddLabel("mood", "angry"))
        session.migrate(lw.AddLabel("mood", "calm"))
        assert heard == [1, 2, 2]

    def test_another_process_takes_it_over(self, store, session):
        other = lw.Session(store, user="ben")
        session.migrate(lw.RenameLabel("mood", "glad", "happy"))
        assert other.refresh()
        answer(other, "happy")


class TestPredictions:
    def test_from_a_frame(self, session, texts):
        table = pd.DataFrame(
            {"text": texts["text"][:4], "mood": ["glad", "sad", None, "glad"], "score": [0.9, 0.8, np.nan, 1]}
        )
        assert session.add_predictions(table, model="m", version="1") == 4
        first = session.predictions(1)[0]
        assert (first.values, first.score, first.model) == ({"mood": "glad"}, 0.9, "m")

    def test_from_a_function(self, session):
        added = session.add_predictions(
            lambda t: {"mood": "sad", "score": 0.5} if t.data["n"] % 2 else None, model="m"
        )
        assert added == 5

    @pytest.mark.parametrize("bad", [{"mood": ["angry"]}, {"mood": ["glad"], "score": [2.0]}])
    def test_bad_ones_add_nothing(self, session, texts, bad):
        with pytest.raises(lw.LabelError):
            session.add_predictions(pd.DataFrame({"text": texts["text"][:1]} | bad), model="m")
        assert session.predictions() == []

    def test_of_unknown_items(self, session):
        with pytest.raises(lw.LabelError, match="no task has"):
            session.add_predictions(pd.DataFrame({"text": ["?"], "mood": ["glad"]}), model="m")


class TestBeside:
    def test_comments_flags_drafts(self, session):
        (task,) = session.next()
        session.comment(task, "what is this?")
        session.flag(task)
        session.save_draft(task, {"mood": "sad"})
        assert [c.text for c in session.comments(task)] == ["what is this?"]
        assert session.task(task.id).flagged
        assert session.draft(task) == {"mood": "sad"}
        session.submit(task, {"mood": "sad"})
        assert session.draft(task) is None

    def test_history_is_complete(self, session):
        answer(session)
        session.undo()
        kinds = [e.kind for e in session.events()]
        assert len(kinds) >= 5
        assert session.store.verify() == []

    def test_many_threads_at_once(self, store, mood):
        data = pd.DataFrame({"text": [f"t{n}" for n in range(200)]})
        session = lw.Session(store, data=data, schema=mood, user="ann")
        lock = threading.Lock()

        def work(_):
            with lock:
                (task,) = session.next()
                one = session.submit(task, {"mood": "glad"})
            session.frame()
            session.annotations()
            return one.id

        with ThreadPoolExecutor(8) as pool:
            ids = list(pool.map(work, range(60)))
        assert sorted(ids) == sorted(session.annotations()["annotation_id"])
