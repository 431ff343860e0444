"""What a widget says and does over the wire, and what it refuses; without a browser."""

import json
import struct
import uuid

import pandas as pd
import pytest

import labelwidgets as lw
from labelwidgets.messages import LARGEST_MESSAGE, MESSAGES, checked
from labelwidgets.session import GRACE
from labelwidgets.widget import STATIC, Bundle
from tests.browser.host import HostComm, bare_comms

from .store.builders import TestClock

pytestmark = pytest.mark.skipif(not (STATIC / "shim.js").is_file(), reason="run `make bundles` first")


@pytest.fixture(autouse=True)
def comms():
    with bare_comms():
        yield


@pytest.fixture
def session(tmp_path, texts, mood):
    with lw.Session(tmp_path / "s.db", data=texts, item="text", schema=mood, user="ann") as session:
        yield session


@pytest.fixture
def widget(session):
    return lw.label(session)


def say(widget, **act):
    """Send an act; the answer to it, and what else was said."""
    act.setdefault("id", uuid.uuid4().hex)
    HostComm.sent = []
    widget.comm.handle_msg({"content": {"data": {"method": "custom", "content": act}}, "buffers": []})
    said = [m["data"]["content"] for m in HostComm.sent if m["data"]["method"] == "custom"]
    answers = [m for m in said if m.get("id") == act["id"]]
    assert len(answers) == 1, f"{len(answers)} answers to {act}"
    return answers[0], [m for m in said if m not in answers]


def submit(widget, task=1, values=None, **fields):
    return say(
        widget, kind="submit", task=task, round=1, values=values or {"mood": "glad"}, schema=1, **fields
    )


def unpacked(first):
    (length,) = struct.unpack("<I", first[:4])
    return json.loads(first[4 : 4 + length]), first[4 + length :]


class TestState:
    def test_the_first_task_is_there_before_any_message(self, widget):
        push, rest = unpacked(widget.get_state()["first"])
        assert push["kind"] == "push"
        assert push["tasks"][0]["data"] == {"text": "message 0"}
        assert rest == b""

    def test_a_picture_travels_with_it(self, photos, street):
        widget = lw.label(lw.Session(None, data=photos, item="image", schema=street))
        push, rest = unpacked(widget.get_state()["first"])
        media = push["tasks"][0]["media"]
        assert (media["width"], media["height"], media["type"]) == (160, 120, "image/png")
        assert rest.startswith(b"\x89PNG")
        assert push["tasks"][0]["data"] == {}

    def test_first_is_empty_once_a_page_has_it(self, widget):
        HostComm.sent = []
        widget.comm.handle_msg(
            {
                "content": {
                    "data": {"method": "custom", "content": {"kind": "hello", "id": "h", "page": "p"}}
                },
                "buffers": [],
            }
        )
        updates = [m for m in HostComm.sent if m["data"]["method"] == "update"]
        assert any(m["buffers"] == [b""] for m in updates)

    def test_no_column_but_the_item_travels_unless_named(self, session):
        assert "n" not in json.dumps(unpacked(lw.label(session).get_state()["first"])[0]["tasks"][0]["data"])
        named = lw.label(session, columns=["n"])
        assert unpacked(named.get_state()["first"])[0]["tasks"][0]["data"] == {"n": 0, "text": "message 0"}

    @pytest.mark.parametrize("trait", ["_esm", "_css", "_bundle", "state", "first", "_view_module"])
    def test_a_page_writes_no_trait(self, widget, trait):
        before = widget.get_state()[trait] if trait not in ("first", "state") else getattr(widget, trait)
        data = {"method": "update", "state": {trait: "alert(1)"}, "buffer_paths": []}
        HostComm.sent = []
        widget.comm.handle_msg({"content": {"data": data}, "buffers": []})
        after = widget.get_state()[trait] if trait not in ("first", "state") else getattr(widget, trait)
        assert after == before
        assert HostComm.sent == []

    def test_a_page_does_not_replace_the_bundle(self, widget):
        model = Bundle.of("choice")
        data = {"method": "update", "state": {"source": "alert(1)"}, "buffer_paths": []}
        model.comm.handle_msg({"content": {"data": data}, "buffers": []})
        assert "alert(1)" not in model.source[:20]

    def test_parts_come_from_models_that_hold_them(self, widget):
        models = {part["name"]: part["model"] for part in widget._bundle["parts"] + widget._bundle["later"]}
        assert list(models) == ["frame", "choice", "more"]
        for name, model in models.items():
            assert Bundle.of(name).model_id == model
            assert Bundle.of(name).source == (STATIC / f"{name}.js").read_text()
        assert ".lw-root" in Bundle.of("frame").style
        assert widget._css == ""

    def test_two_widgets_share_one_bundle(self, session):
        one, two = lw.label(session), lw.label(session)
        assert one._bundle == two._bundle

    def test_a_schema_change_reaches_open_widgets(self, session, widget):
        session.migrate(lw.AddLabel("mood", "angry"))
        names = [o["name"] for o in widget.state["schema"]["fields"][0]["options"]]
        assert names == ["glad", "sad", "angry"]

    def test_a_widget_is_not_kept_alive_by_its_session(self, session):
        import gc
        import weakref

        widget = lw.label(session)
        gone = weakref.ref(widget)
        widget.close()
        del widget
        gc.collect()
        assert gone() is None
        session.migrate(lw.AddLabel("mood", "angry"))


class TestActs:
    def test_hello_pushes_the_look_ahead(self, widget):
        ack, rest = say(widget, kind="hello", page="p")
        assert ack["kind"] == "ack"
        (push,) = rest
        assert [t["id"] for t in push["tasks"]] == [1, 2, 3]
        assert push["left"] == 7

    def test_submit_is_durable_then_acknowledged_then_the_next_is_pushed(self, widget, session):
        say(widget, kind="hello", page="p")
        ack, (push,) = submit(widget)
        assert ack["kind"] == "ack"
        assert ack["progress"]["done"] == 1
        assert [t["id"] for t in push["tasks"]] == [4]
        assert session.annotations()["mood"].tolist() == ["glad"]

    def test_where_several_answer_each_item_everybody_counts_their_own(self, tmp_path, texts, mood):
        given = {"data": texts, "item": "text", "schema": mood, "overlap": 2}
        with lw.Session(tmp_path / "two.db", user="ann", **given) as session:
            widget = lw.label(session)
            say(widget, kind="hello", page="p")
            ack, _ = submit(widget)
            assert (ack["progress"]["place"], ack["progress"]["done"]) == (1, 0)

    def test_where_one_answers_each_item_all_count_together(self, tmp_path, session, texts):
        with lw.Session(tmp_path / "s.db", user="ben") as other:
            other.submit(other.next()[0], {"mood": "sad"})
        ack, _ = say(lw.label(session), kind="hello", page="p")
        assert (ack["progress"]["place"], ack["progress"]["mine"]) == (1, 0)

    def test_a_repeat_is_acknowledged_and_kept_once(self, widget, session):
        for _ in range(3):
            ack, _ = submit(widget, id="once")
            assert ack["kind"] == "ack"
        assert len(session.annotations(all_versions=True)) == 1

    def test_skip_undo_goto(self, widget, session):
        say(widget, kind="hello", page="p")
        ack, _ = say(widget, kind="skip", task=1, round=1, reason="dark", times={})
        assert ack["kind"] == "ack"
        skipped = session.annotations().iloc[0]
        assert (skipped["status"], skipped["reason"]) == ("skipped", "dark")
        submit(widget, task=2, id="second")
        ack, _ = say(widget, kind="undo", answer="second")
        assert ack["task"] == 2
        submit(widget, task=2, id="third")
        ack, (push,) = say(widget, kind="goto", task=2)
        assert push["tasks"][0]["answer"]["values"] == {"mood": "glad"}

    def test_times_are_kept(self, widget, session):
        times = {
            "shown_at": "2026-01-01T10:00:00.500Z",
            "first_act_at": None,
            "submitted_at": "2026-01-01T12:00:09+02:00",
            "seconds": 8.5,
        }
        submit(widget, times=times, confidence="unsure")
        row = session.annotations().iloc[0]
        assert row["shown_at"] == pd.Timestamp("2026-01-01T10:00:00.5Z")
        assert row["submitted_at"] == pd.Timestamp("2026-01-01T10:00:09Z")
        assert (row["seconds"], row["confidence"]) == (8.5, "unsure")
        assert pd.isna(row["first_act_at"])

    @pytest.mark.parametrize(
        "times", [{"seconds": -1}, {"seconds": "x"}, {"shown_at": "yesterday"}, {"shown_at": 7}, None]
    )
    def test_senseless_times_cost_no_answer(self, widget, session, times):
        ack, _ = submit(widget, times=times)
        assert ack["kind"] == "ack"
        assert pd.isna(session.annotations().iloc[0]["shown_at"])

    def test_draft_comment_flag_beat_leave(self, widget, session):
        say(widget, kind="hello", page="p")
        assert say(widget, kind="draft", task=1, values={"mood": "sad"})[0]["kind"] == "ack"
        assert session.draft(1) == {"mood": "sad"}
        assert say(widget, kind="comment", task=1, text="hm", region=None)[0]["author"] == "ann"
        assert say(widget, kind="flag", task=1, flagged=True)[0]["kind"] == "ack"
        ack, _ = say(widget, kind="beat", tasks=[1, 2])
        assert ack["held"] == [1, 2]
        clock = session.store.clock = TestClock(boot=session.store.clock.boot)
        say(widget, kind="beat", tasks=[1, 2, 3])
        say(widget, kind="leave", tasks=[1, 2, 3])
        assert session.progress.leased == 3
        clock.pass_time(GRACE)
        assert session.progress.leased == 0

    def test_a_page_with_nothing_to_do_is_given_what_others_gave_back(self, tmp_path, mood):
        place, given = tmp_path / "two.db", {"item": "text", "schema": mood}
        with (
            lw.Session(place, data=[{"text": "one"}], user="ann", **given) as ann,
            lw.Session(place, user="ben") as ben,
        ):
            assert len(ben.next(1)) == 1
            widget = lw.label(ann)
            _, more = say(widget, kind="hello", page="p")
            assert [push["tasks"] for push in more] == [[]]
            ben.release()
            _, more = say(widget, kind="beat", tasks=[])
            assert [[task["id"] for task in push["tasks"]] for push in more] == [[1]]
            assert say(widget, kind="beat", tasks=[1])[1] == []

    @pytest.mark.parametrize("name", ["frame", "choice", "more"])
    def test_the_parts_by_message_where_a_host_has_no_models(self, widget, name):
        ack, _ = say(widget, kind="bundle", name=name)
        parts = widget._bundle["parts"] + widget._bundle["later"]
        assert ack["digest"] == {part["name"]: part["digest"] for part in parts}[name]
        (sent,) = [m["buffers"] for m in HostComm.sent if m["data"]["content"].get("id") == ack["id"]]
        style = (STATIC / "frame.css").read_bytes() if name == "frame" else b""
        assert sent == [(STATIC / f"{name}.js").read_bytes(), style]

    def test_an_answer_from_before_a_migration_is_read_through_it(self, widget, session):
        session.migrate(lw.RenameLabel("mood", "glad", "happy"))
        ack, _ = submit(widget, values={"mood": "glad"})
        assert ack["kind"] == "ack"
        assert session.annotations()["mood"].tolist() == ["happy"]

    def test_a_late_answer_is_kept(self, widget, session, tmp_path):
        say(widget, kind="hello", page="p")
        session.release()
        with lw.Session(tmp_path / "s.db", user="ben") as ben:
            ben.submit(ben.next()[0], {"mood": "sad"})
        ack, _ = submit(widget)
        assert ack["kind"] == "ack"
        assert len(session.annotations()) == 2

    def test_an_answer_to_an_item_that_changed_meanwhile_is_stale(self, tmp_path, mood):
        data = pd.DataFrame({"id": ["a"], "text": ["as shown"]})
        session = lw.Session(tmp_path / "v.db", data=data, item="text", key="id", schema=mood, user="ann")
        widget = lw.label(session)
        say(widget, kind="hello", page="p")
        with lw.Session(tmp_path / "v.db", user="boss") as boss:
            boss.add(pd.DataFrame({"id": ["a"], "text": ["as it is now"]}))
        ack, _ = submit(widget)
        assert ack["kind"] == "ack"
        assert session.annotations()["stale"].tolist() == [True]
        assert session.next()[0].key == "a"

    def test_a_store_that_is_gone_refuses_and_says_so(self, widget, session):
        session.close()
        refuse, _ = submit(widget)
        assert (refuse["kind"], refuse["code"]) == ("refuse", "store")
        assert "closed" in refuse["reason"]


FORGED = {
    "no dict": "boo",
    "a list": [1, 2],
    "no kind": {"id": "x"},
    "unknown kind": {"kind": "export", "id": "x"},
    "kind of another type": {"kind": ["submit"], "id": "x"},
    "no id": {"kind": "submit"},
    "long id": {"kind": "submit", "id": "x" * 65},
    "id with markup": {"kind": "submit", "id": "<b>"},
    "unknown field": {"kind": "beat", "id": "x", "tasks": [], "role": "admin"},
    "user": {"kind": "submit", "id": "x", "task": 1, "values": {"mood": "sad"}, "user": "boss"},
    "annotator": {"kind": "draft", "id": "x", "task": 1, "values": {}, "annotator": "ben"},
    "task as text": {"kind": "submit", "id": "x", "task": "1", "values": {"mood": "sad"}},
    "task as float": {"kind": "submit", "id": "x", "task": 1.5, "values": {"mood": "sad"}},
    "task as bool": {"kind": "submit", "id": "x", "task": True, "values": {"mood": "sad"}},
    "no task": {"kind": "submit", "id": "x", "values": {"mood": "sad"}},
    "never given": {"kind": "submit", "id": "x", "task": 9, "values": {"mood": "sad"}},
    "no such task": {"kind": "submit", "id": "x", "task": 12345, "values": {"mood": "sad"}},
    "negative task": {"kind": "submit", "id": "x", "task": -1, "values": {"mood": "sad"}},
    "values as list": {"kind": "submit", "id": "x", "task": 1, "values": ["mood"]},
    "unknown label": {"kind": "submit", "id": "x", "task": 1, "values": {"mood": "angry"}},
    "unknown schema field": {"kind": "submit", "id": "x", "task": 1, "values": {"mood": "sad", "gold": 1}},
    "values missing": {"kind": "submit", "id": "x", "task": 1},
    "wrong round": {"kind": "submit", "id": "x", "task": 1, "round": 0, "values": {"mood": "sad"}},
    "confidence": {"kind": "submit", "id": "x", "task": 1, "values": {"mood": "sad"}, "confidence": "very"},
    "50 MB value": {"kind": "submit", "id": "x", "task": 1, "values": {"mood": "x" * 50_000_000}},
    "50 MB draft": {"kind": "draft", "id": "x", "task": 1, "values": {"mood": "x" * 50_000_000}},
    "50 MB comment": {"kind": "comment", "id": "x", "task": 1, "text": "x" * 50_000_000},
    "long comment": {"kind": "comment", "id": "x", "task": 1, "text": "x" * 20_001},
    "somebody's answer": {"kind": "undo", "id": "x", "answer": "bens"},
    "no such answer": {"kind": "undo", "id": "x", "answer": "nothing"},
    "draft of a task never given": {"kind": "draft", "id": "x", "task": 9, "values": {}},
    "flag of a task never given": {"kind": "flag", "id": "x", "task": 9, "flagged": True},
    "goto a task never given": {"kind": "goto", "id": "x", "task": 9},
    "media of a task never given": {"kind": "media", "id": "x", "task": 9, "what": "full"},
    "media of no example": {"kind": "media", "id": "x", "task": -5, "what": "full"},
    "media by path": {"kind": "media", "id": "x", "task": 1, "what": "/etc/passwd"},
    "flag as text": {"kind": "flag", "id": "x", "task": 1, "flagged": "yes"},
    "a million tiles": {"kind": "tiles", "id": "x", "n": 1_000_000},
    "a million beats": {"kind": "beat", "id": "x", "tasks": list(range(1000))},
    "another widget's part": {"kind": "bundle", "id": "x", "name": "image"},
    "no part": {"kind": "bundle", "id": "x", "name": "../../etc/passwd"},
    "deep": {
        "kind": "draft",
        "id": "x",
        "task": 1,
        "values": {"mood": [[[[]]]] * 10, "x": {"y": {"z": float("nan")}}},
    },
}


@pytest.mark.parametrize("name", FORGED)
def test_forged_acts_are_refused_and_change_nothing(name, session, widget, tmp_path):
    with lw.Session(tmp_path / "s.db", user="ben") as ben:
        (task,) = ben.next()
        ben.submit(task, {"mood": "sad"}, id="bens")
    say(widget, kind="hello", page="p")
    before = session.revision
    HostComm.sent = []
    widget.comm.handle_msg(
        {"content": {"data": {"method": "custom", "content": FORGED[name]}}, "buffers": []}
    )
    (answer,) = [m["data"]["content"] for m in HostComm.sent if m["data"]["method"] == "custom"]
    if (
        name == "deep"
    ):  # a draft is not checked until it is submitted, but it must be JSON that a page can read
        assert answer["kind"] in {"ack", "refuse"}
        return
    assert answer["kind"] == "refuse", answer
    assert len(answer["reason"]) > 10
    assert len(answer["reason"]) < 1000
    assert session.revision == before
    assert session.draft(1) is None


def test_every_act_has_a_handler_and_every_field_a_check(widget):
    for kind in MESSAGES:
        assert callable(getattr(widget, f"_on_{kind}"))


def test_the_largest_act_is_accepted():
    checked({"kind": "draft", "id": "x", "task": 1, "values": {"t": "x" * (LARGEST_MESSAGE - 200)}})


class TestChoosing:
    def test_label_picks_by_schema(self, session, photos, street):
        assert isinstance(lw.label(session), lw.ClassificationWidget)
        assert isinstance(
            lw.label(lw.Session(None, data=photos, item="image", schema=street)), lw.BoundingBoxWidget
        )

    def test_a_box_widget_needs_boxes(self, session):
        with pytest.raises(lw.SchemaError, match=r"mood \(choice\)"):
            lw.BoundingBoxWidget(session)

    def test_a_classification_widget_takes_no_regions(self, photos, street):
        with pytest.raises(lw.SchemaError, match="objects"):
            lw.ClassificationWidget(lw.Session(None, data=photos, item="image", schema=street))

    def test_classification_of_images_takes_the_image_bundle(self, photos):
        schema = lw.Schema(lw.Choice("weather", ["sun", "rain"]))
        session = lw.Session(None, data=photos, item="image", schema=schema)
        assert lw.ClassificationWidget(session).bundle == "image"
        assert lw.ClassificationWidget(session, grid=True).bundle == "grid"

    def test_grid_mode_gives_many_with_thumbnails(self, photos):
        schema = lw.Schema(lw.Choice("weather", ["sun", "rain"]))
        widget = lw.ClassificationWidget(
            lw.Session(None, data=photos, item="image", schema=schema), grid=True
        )
        _, (push,) = say(widget, kind="tiles", n=12)
        assert len(push["tasks"]) == 12
        assert {t["media"]["type"] for t in push["tasks"]} == {"image/jpeg"}


def test_a_broken_item_is_shown_as_such_and_can_only_be_skipped(tmp_path, street):
    (tmp_path / "empty.png").write_bytes(b"")
    (tmp_path / "text.jpg").write_text("no picture")
    data = pd.DataFrame({"image": [str(tmp_path / "empty.png"), str(tmp_path / "text.jpg")]})
    session = lw.Session(None, data=data, item="image", schema=street, user="ann")
    widget = lw.label(session)
    _, (push,) = say(widget, kind="hello", page="p")
    assert all(t["media"]["broken"] for t in push["tasks"])
    refuse, _ = say(
        widget, kind="submit", task=1, round=1, values={"objects": [], "weather": "sun"}, schema=1
    )
    assert refuse["kind"] == "refuse"
    ack, _ = say(widget, kind="skip", task=1, round=1, reason="broken")
    assert ack["kind"] == "ack"


class TestTexts:
    """Spans and relations over the wire: what a page makes up is refused with the place, and nothing is kept."""

    SCHEMA = lw.Schema(
        lw.Spans("e", ["P"], overlapping=False, entries=["Q1"]),
        lw.Relations("r", ["knows"], between="e"),
    )

    @pytest.fixture
    def talk(self, tmp_path):
        with lw.Session(
            tmp_path / "t.db", data=["👩‍👩‍👧 met Zoe\u0308", "b"], schema=self.SCHEMA, user="ann"
        ) as session:
            yield session

    def span(self, **said):
        base = {
            "id": "a",
            "label": "P",
            "score": None,
            "attributes": {},
            "text": "",
            "parts": [],
            "link": None,
        }
        return base | {"start": 0, "end": 5} | said

    def test_offsets_of_code_points_are_kept_with_their_text(self, talk):
        values = {"e": [self.span(start=10, end=14)], "r": []}
        ack, _ = submit(lw.label(talk), values=values)
        assert ack["kind"] == "ack"
        assert talk.regions("e")["text"].tolist() == ["Zoe\u0308"]

    @pytest.mark.parametrize(
        ("spans", "relations", "place"),
        [
            ([{"start": 0, "end": 99}], [], "e[0].end"),
            ([{"start": -1}], [], "e[0].start"),
            ([{"start": 3, "end": 3}], [], "e[0].end"),
            ([{"start": 0.5}], [], "e[0].start"),
            ([{"text": "\ud83d"}], [], "e[0].text"),
            ([{"text": "other"}], [], "e[0].text"),
            ([{"link": "Q2"}], [], "e[0].link"),
            ([{"link": ["Q1"]}], [], "e[0].link"),
            ([{"parts": [[0, 1], [3, 5]]}], [], "e[0].parts"),
            ([{"parts": "x" * 1000}], [], "e[0].parts"),
            ([{"label": "<script>"}], [], "e[0].label"),
            ([{"id": "a"}, {"id": "a"}], [], "e"),
            ([{"id": "a"}, {"id": "b", "start": 2, "end": 8}], [], "e[0]"),
            ([{}], [{"members": ["a", "zz"]}], "r[0].members"),
            ([{}], [{"members": ["a", "a"]}], "r[0].members"),
            ([{}], [{"members": [{}, []]}], "r[0].members"),
            ([{}], [{"members": "aa"}], "r[0].members"),
        ],
    )
    def test_what_a_page_makes_up_is_refused(self, talk, spans, relations, place):
        told = [{"id": f"r{n}", "label": "knows", **said} for n, said in enumerate(relations)]
        values = {"e": [self.span(**said) for said in spans], "r": told}
        refuse, _ = submit(lw.label(talk), values=values)
        assert (refuse["kind"], refuse["code"]) == ("refuse", "label")
        assert refuse["field"].startswith(place)
        assert talk.annotations().empty

    def test_a_suggestion_that_is_no_longer_of_the_text_is_not_shown(self, tmp_path):
        data = pd.DataFrame({"id": ["k"], "text": ["Ann is here"]})
        schema = lw.Schema(lw.Spans("e", ["P"]))
        with lw.Session(
            tmp_path / "c.db", data=data, item="text", key="id", schema=schema, user="ann"
        ) as session:
            session.add_predictions(lambda _: {"e": [lw.Span(0, 3, label="P")]}, model="m")
            (task,) = unpacked(lw.label(session).get_state()["first"])[0]["tasks"]
            assert task["predictions"][0]["values"]["e"][0]["text"] == "Ann"
            session.add(data.assign(text="She is here"))
            (task,) = unpacked(lw.label(session).get_state()["first"])[0]["tasks"]
            assert task["predictions"] == []
