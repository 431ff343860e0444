"""A gallery without a browser: what it shows, what it draws, what it opens, and what it refuses to believe."""

import json
import struct
import uuid

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ipycanvas import canvas as ipycanvas
from PIL import Image

import labelwidgets as lw
from labelwidgets.review.answers import NOTHING, Answers, labels_in
from labelwidgets.review.painting import CAPTION, GAP, LARGEST, LONGEST, MARGIN, Grid, halo
from labelwidgets.schema import RemoveField
from tests.browser.host import HostComm, bare_comms

CAR, PERSON = "#1f77b4", "#d55e00"
XSS = "<img src=x onerror=alert(1)>"


class Drawn:
    """What ipycanvas sent: one list of (command, arguments) for each message."""

    def __init__(self):
        self.messages = []

    def send(self, content, buffers=None):
        commands = json.loads(bytes(buffers[0]))
        commands = commands if isinstance(commands[0], list) else [commands]
        rest = list(buffers[1:])
        self.messages.append([self._read(command, rest) for command in commands])

    @staticmethod
    def _read(command, rest):
        number, arguments, *several = command
        mine = [rest.pop(0) for _ in range(several[0])] if several else []
        read = [
            np.frombuffer(mine[arg["idx"]], arg["dtype"]).reshape(arg["shape"])
            if isinstance(arg, dict)
            else arg
            for arg in arguments
        ]
        name = ipycanvas._CMD_LIST[number]
        return name, read if name != "putImageData" else [*read, len(mine[0])]

    def all(self, name):
        return [arguments for message in self.messages for command, arguments in message if command == name]

    def strokes(self):
        """Stroked shapes by colour: rows of x, y, width, height, or polygons of (4, 2) points."""
        found, color = {}, None
        for command, arguments in [each for message in self.messages for each in message]:
            if command == "set" and arguments[0] == 1:
                color = arguments[1]
            elif command == "strokeRects":
                found.setdefault(color, []).extend(np.stack(arguments, 1).tolist())
            elif command == "strokePolygons":
                found.setdefault(color, []).extend(arguments[1].reshape(-1, 4, 2).tolist())
        return found


@pytest.fixture(autouse=True)
def comms():
    with bare_comms():
        if ipycanvas._CANVAS_MANAGER.comm is None:  # the end of another test has closed it
            ipycanvas._CANVAS_MANAGER.open()
        yield


@pytest.fixture
def drawn(monkeypatch):
    drawn = Drawn()
    monkeypatch.setattr(ipycanvas._CANVAS_MANAGER, "send", drawn.send)
    return drawn


@pytest.fixture
def schema():
    return lw.Schema(
        lw.Boxes("objects", [lw.Label("car", color=CAR), lw.Label("person", color=PERSON)]),
        lw.Choice("weather", ["sun", "rain"], required=False),
        confidence=True,
    )


@pytest.fixture
def store(tmp_path):
    return tmp_path / "s.db"


@pytest.fixture
def session(store, photos, schema):
    """Twelve photos of 160 x 120 px; ann answered five and skipped one, ben answered the first two."""
    with lw.Session(store, data=photos, item="image", schema=schema, overlap=2, user="ben") as ben:
        for task in ben.next(2):
            ben.submit(task, {"objects": [lw.Box(80, 60, 40, 30, label="person")], "weather": "rain"})
    with lw.Session(store, user="ann") as session:
        said = [
            {"objects": [lw.Box(16, 12, 32, 24, label="car")], "weather": "sun"},
            {"objects": [lw.Box(40, 40, 20, 20, 45, label="car"), lw.Box(0, 0, 160, 120, label="person")]},
            {"objects": []},
            {"objects": [], "weather": "rain"},
            {"objects": [lw.Box(1, 1, 9, 9, label="person")], "weather": "sun"},
        ]
        for n, values in enumerate(said):
            (task,) = session.next()
            session.submit(task, values, confidence="unsure" if n == 3 else "sure")
        session.skip(session.next()[0], "Unclear")
        yield session


@pytest.fixture
def gallery(session, drawn):
    return measured(lw.Gallery(session))


def measured(gallery, width=1000, ratio=1.0):
    gallery._painter.patience = float("inf")
    say(gallery._sheet, kind="size", width=width, ratio=ratio, blank=True)
    return gallery


def say(widget, **content):
    """What a page says to a widget."""
    widget.comm.handle_msg({"content": {"data": {"method": "custom", "content": content}}, "buffers": []})


def act(widget, kind, **fields):
    said = {"kind": kind, "id": uuid.uuid4().hex} | fields
    HostComm.sent = []
    say(widget, **said)
    return [
        m["data"]["content"]
        for m in HostComm.sent
        if m["data"]["method"] == "custom" and m["comm"] == widget.comm.comm_id
    ]


def submit(widget, task, values):
    return act(widget, "submit", task=task, round=1, values=values, schema=1)


def tiles(gallery):
    return gallery._sheet.sheet["tiles"]


def opened(gallery):
    key = gallery._sheet.sheet["opened"]
    return next(((tile["name"], tile["who"]) for tile in tiles(gallery) if tile["key"] == key), None)


def choose(gallery, name, words):
    """Pick an option as a page does: by its place in the list."""
    chosen = gallery._bar._lists[name]
    place = next(n for n, (label, _) in enumerate(chosen.options) if label == words)
    chosen.set_state({"index": place})


def words(gallery):
    return {name: [label for label, _ in each.options] for name, each in gallery._bar._lists.items()}


class TestGrid:
    @given(
        count=st.integers(0, 1000),
        width=st.integers(1, 4000),
        size=st.integers(32, 512),
        columns=st.none() | st.integers(1, 60),
        ratio=st.floats(0.25, 4),
    )
    def test_tiles_lie_apart_and_within_a_canvas_that_browsers_allow(
        self, count, width, size, columns, ratio
    ):
        whole = Grid.fitted(count, width=width, size=size, columns=columns, ratio=ratio)
        count = min(count, whole.capacity)
        grid = Grid.fitted(count, width=width, size=size, columns=columns, ratio=ratio)
        right, lower = round(grid.width * grid.ratio), round(grid.height * grid.ratio)
        assert right * lower <= LARGEST * 1.02
        assert max(right, lower) <= LONGEST * 1.5
        corners = [grid.corner(index) for index in range(count)]
        assert len(set(corners)) == count
        for x, y in corners:
            assert 0 <= x <= x + grid.side <= right + 1
            assert 0 <= y <= y + grid.side <= lower + 1

    def test_the_width_is_filled(self):
        grid = Grid.fitted(50, width=700, size=128, columns=None, ratio=1)
        assert grid.columns == 5
        assert grid.cell >= 128
        assert 700 - grid.columns <= grid.width <= 700

    def test_columns_may_be_given_and_tiles_shrink_to_fit(self):
        assert Grid.fitted(9, width=2000, size=128, columns=3, ratio=1).cell == 128
        narrow = Grid.fitted(9, width=240, size=128, columns=3, ratio=1)
        assert (narrow.columns, narrow.cell) == (3, (240 - 2 * MARGIN + GAP) // 3 - GAP)

    def test_a_sharp_screen_gets_sharp_pixels_while_the_canvas_stays_in_bounds(self):
        assert Grid.fitted(60, width=1000, size=128, columns=None, ratio=2).ratio == 2
        assert Grid.fitted(1000, width=1600, size=128, columns=None, ratio=2).ratio < 2

    def test_halos_stand_out_from_their_colour(self):
        assert halo("#000000") == halo("#1f77b4") == "rgba(255, 255, 255, 0.75)"
        assert halo("#fff") == halo("#ffee00") == "rgba(0, 0, 0, 0.6)"


class TestDrawing:
    def test_all_of_it_is_one_message(self, gallery, drawn):
        assert len(drawn.messages) == 1
        assert len(tiles(gallery)) == 8
        # eight tiles of seven photos in one row: one strip of pixels
        assert len(drawn.all("putImageData")) == 2

    def test_nothing_is_drawn_before_a_page_has_said_how_wide_it_is(self, session, drawn):
        gallery = lw.Gallery(session)
        assert drawn.messages == []
        assert tiles(gallery) == []
        assert len(gallery.shown) == 8

    def test_boxes_lie_on_their_pictures(self, gallery, drawn):
        grid = gallery._grid
        scale = grid.side / 160
        x, y = grid.corner(0)
        top = y + (grid.side - round(120 * scale)) // 2
        left, upper, width, height = drawn.strokes()[CAR][0]
        edges = [x + 16 * scale, top + 12 * scale, x + 48 * scale, top + 36 * scale]
        assert np.allclose([left, upper, left + width, upper + height], edges, atol=0.51)
        assert len(drawn.strokes()[PERSON]) == 4

    def test_turned_boxes_are_drawn_turned(self, gallery, drawn):
        grid = gallery._grid
        scale = grid.side / 160
        (corners,) = [np.array(shape) for shape in drawn.strokes()[CAR] if np.ndim(shape) == 2]
        index = [tile["name"] for tile in tiles(gallery)].index("1.png")
        x, y = grid.corner(index)
        top = y + (grid.side - round(120 * scale)) // 2
        expected = lw.Box(40, 40, 20, 20, 45).corners() * scale + [x, top]
        assert np.allclose(corners, expected, atol=0.51)

    def test_each_box_has_a_halo_below_it(self, gallery, drawn):
        strokes = drawn.strokes()
        assert len(strokes["rgba(255, 255, 255, 0.75)"]) == len(strokes[CAR]) + len(strokes[PERSON])

    def test_pixels_fall_on_pictures_only(self, gallery, drawn):
        commands = [name for name, _ in drawn.messages[0]]
        modes = [arguments[1] for name, arguments in drawn.messages[0] if name == "set" and arguments[0] == 7]
        assert modes == ["source-atop", "destination-over", "source-over"]
        assert commands.index("fillRects") < commands.index("putImageData")
        _, _, width, height = drawn.all("fillRects")[0]
        side = gallery._grid.side
        assert (width == side).all()
        assert (height == round(side * 120 / 160)).all()

    def test_states_have_frames(self, gallery, drawn):
        assert len(drawn.strokes()["#8a8f98"]) == 1
        skipped = next(tile for tile in tiles(gallery) if tile["state"] == "skipped")
        assert (skipped["marks"], skipped["chips"]) == (["skipped"], [{"text": "Unclear", "color": ""}])

    def test_a_field_shows_its_own_regions_only(self, gallery, drawn):
        drawn.messages.clear()
        gallery.filter(field="weather")
        assert CAR not in drawn.strokes()
        assert {chip["text"] for tile in tiles(gallery) for chip in tile["chips"]} == {"sun", "rain"}

    def test_a_corrected_answer_redraws_its_tile_alone(self, gallery, session, drawn):
        places = [tile["who"] + tile["name"] for tile in tiles(gallery)]
        drawn.messages.clear()
        session.submit(1, {"objects": [lw.Box(0, 0, 10, 10, label="person")]})
        gallery._catch_up()
        assert [tile["who"] + tile["name"] for tile in tiles(gallery)] == places
        assert len(drawn.messages) == 1
        assert len(drawn.all("clearRect")) == len(drawn.all("putImageData")) == 1
        assert len(drawn.strokes()[PERSON]) == 1

    def test_nothing_new_draws_nothing(self, gallery, drawn):
        drawn.messages.clear()
        gallery._catch_up()
        assert drawn.messages == []

    def test_a_page_that_comes_anew_gets_everything(self, gallery, drawn):
        drawn.messages.clear()
        say(gallery._sheet, kind="size", width=1000, ratio=1, blank=True)
        assert sum(width.size for _, _, width, _ in drawn.all("fillRects")[:1]) == 8

    def test_another_width_lays_out_anew_and_the_same_one_does_not(self, gallery, drawn):
        drawn.messages.clear()
        say(gallery._sheet, kind="size", width=1000, ratio=1, blank=False)
        assert drawn.messages == []
        say(gallery._sheet, kind="size", width=420, ratio=2, blank=False)
        assert gallery._grid.columns == 3
        assert gallery._painter.canvas.width == gallery._grid.width * 2
        assert gallery._painter.canvas.layout.width == f"{gallery._grid.width}px"

    def test_slow_pictures_come_row_by_row(self, session, drawn):
        gallery = lw.Gallery(session)
        gallery._painter.patience = -1.0
        say(gallery._sheet, kind="size", width=420, ratio=1, blank=True)
        assert len(drawn.messages) == 3
        assert [len(message) > 0 for message in drawn.messages] == [True] * 3

    def test_a_broken_picture_is_shown_as_such(self, session, drawn, photos):
        with open(photos["image"][0], "wb") as file:
            file.write(b"no picture")
        gallery = measured(lw.Gallery(session))
        broken = [tile for tile in tiles(gallery) if tile["missing"]]
        assert {tile["name"] for tile in broken} == {"0.png"}
        assert broken[0]["missing"] == "Can't be shown"
        assert broken[0]["reason"]
        assert len(drawn.all("fillRects")[0][0]) == 6

    def test_a_picture_that_came_back_is_there_after_a_refresh(self, session, drawn, photos):
        path = photos["image"][0]
        with open(path, "rb") as file:
            whole = file.read()
        with open(path, "wb") as file:
            file.write(b"")
        gallery = measured(lw.Gallery(session))
        assert any(tile["missing"] for tile in tiles(gallery))
        with open(path, "wb") as file:
            file.write(whole)
        gallery.refresh()
        assert not any(tile["missing"] for tile in tiles(gallery))

    def test_large_small_and_odd_pictures_fit(self, tmp_path, drawn):
        sizes = {"wide": (900, 3), "tall": (3, 900), "dot": (1, 1)}
        for name, size in sizes.items():
            Image.new("RGB", size, "red").save(tmp_path / f"{name}.png")
        data = pd.DataFrame({"image": [str(tmp_path / f"{name}.png") for name in sizes]})
        session = lw.Session(
            None, data=data, item="image", schema=lw.Schema(lw.Choice("y", ["a"])), user="ann"
        )
        while task := next(iter(session.next()), None):
            session.submit(task, {"y": "a"})
        gallery = measured(lw.Gallery(session))
        side = gallery._grid.side
        _, _, width, height = drawn.all("fillRects")[0]
        assert width.tolist() == [side, 1, side]
        assert height.tolist() == [1, side, side]

    def test_no_answers_is_a_designed_state(self, photos, schema, drawn):
        session = lw.Session(None, data=photos, item="image", schema=schema, user="ann")
        gallery = measured(lw.Gallery(session))
        assert gallery.shown.empty
        assert list(gallery.shown.columns) == list(session.annotations().columns)
        assert gallery._sheet.sheet["empty"]["says"] == "Nothing labeled yet"
        assert drawn.messages == []

    def test_nothing_that_matches_is_another(self, gallery):
        gallery.filter(annotator="nobody")
        assert gallery._sheet.sheet["empty"]["says"] == "No answer matches"
        assert tiles(gallery) == []


class TestFilter:
    @pytest.mark.parametrize(
        ("asked", "count"),
        [
            ({}, 8),
            ({"label": "car"}, 2),
            ({"label": "person"}, 4),
            ({"label": "rain"}, 3),
            ({"label": "rain", "field": "weather"}, 3),
            ({"field": "weather"}, 5),
            ({"label": "", "field": "objects"}, 2),
            ({"label": ""}, 1),
            ({"annotator": "ben"}, 2),
            ({"annotator": "ann", "label": "rain"}, 1),
            ({"status": "skipped"}, 1),
            ({"status": "submitted"}, 7),
            ({"status": "unsure"}, 1),
            ({"status": "stale"}, 0),
            ({"status": "rejected"}, 0),
        ],
    )
    def test_what_passes(self, gallery, asked, count):
        gallery.filter(**asked)
        assert len(gallery.shown) == len(tiles(gallery)) == count

    def test_it_asks_for_exactly_what_is_said(self, gallery):
        gallery.filter(label="car")
        gallery.filter(annotator="ben")
        assert len(gallery.shown) == 2

    @pytest.mark.parametrize(
        "asked",
        [{"field": "object"}, {"label": "caar"}, {"status": "done"}, {"field": "weather", "label": "car"}],
    )
    def test_names_that_are_none_are_refused_and_change_nothing(self, gallery, asked):
        gallery.filter(label="car")
        with pytest.raises(lw.LabelError, match=next(reversed(asked.values()))):
            gallery.filter(**asked)
        assert len(gallery.shown) == 2

    def test_it_can_be_given_at_birth(self, session, drawn):
        assert len(lw.Gallery(session, label="car").shown) == 2
        with pytest.raises(lw.LabelError, match="Did you mean 'objects'"):
            lw.Gallery(session, field="objets")

    def test_shown_is_a_copy_as_annotations_gives_it(self, gallery, session):
        gallery.filter(annotator="ann")
        shown = gallery.shown
        table = session.annotations()
        mine = table[table["annotator"] == "ann"].reset_index(drop=True)
        pd.testing.assert_frame_equal(shown, mine)
        shown["annotator"] = "x"
        assert set(gallery.shown["annotator"]) == {"ann"}

    def test_the_lists_do_the_same(self, gallery):
        choose(gallery, "field", "objects")
        choose(gallery, "label", "car (2)")
        assert len(gallery.shown) == 2
        choose(gallery, "annotator", "ben (2)")
        assert len(gallery.shown) == 0
        choose(gallery, "label", "All labels")
        assert len(gallery.shown) == 2
        choose(gallery, "status", "skipped")
        assert len(gallery.shown) == 0

    def test_the_lists_follow_python(self, gallery):
        gallery.filter(field="objects", label="car", annotator="ann", status="submitted")
        chosen = {name: each.label for name, each in gallery._bar._lists.items()}
        assert chosen == {
            "field": "objects",
            "label": "car (2)",
            "annotator": "ann (6)",
            "status": "submitted",
        }

    def test_labels_are_a_fields_own_and_in_its_order(self, gallery):
        assert words(gallery)["label"] == [
            "All labels",
            "car (2)",
            "person (4)",
            "sun (2)",
            "rain (3)",
            "no label (1)",
        ]
        gallery.filter(field="objects", label="car")
        choose(gallery, "field", "weather")
        assert gallery._bar._lists["label"].label == "All labels"
        assert words(gallery)["label"] == ["All labels", "sun (2)", "rain (3)", "no label (2)"]

    def test_what_is_chosen_stays_offered_when_nothing_has_it(self, gallery, session):
        gallery.filter(annotator="cat")
        assert gallery._bar._lists["annotator"].label == "cat (0)"
        gallery.filter()
        assert "cat (0)" not in words(gallery)["annotator"]

    def test_counts_are_said(self, gallery):
        assert "8 answers" in gallery._bar._count.value
        gallery.filter(label="car")
        assert "2 of 8 answers" in gallery._bar._count.value

    def test_every_kind_of_field_names_its_labels(self):
        schema = lw.Schema(
            lw.Choice("many", ["a", "b", "c"], multiple=True),
            lw.Taxonomy("kind", {"animal": ["cat", "dog"]}),
            lw.Taxonomy("kinds", {"plant": ["oak"]}, multiple=True, required=False),
            lw.Rating("stars", 5),
            lw.Number("weight", unit="kg"),
            lw.Text("note", required=False),
        )
        session = lw.Session(None, data=pd.DataFrame({"text": ["x"]}), schema=schema, user="ann")
        (task,) = session.next()
        values = {
            "many": ["a", "c"],
            "kind": "animal > cat",
            "kinds": [["plant", "oak"]],
            "stars": 4,
            "weight": 2.5,
            "note": XSS,
        }
        session.submit(task, values)
        row = session.annotations().iloc[0]
        named = {field.name: labels_in(field, row[field.name]) for field in schema}
        assert named == {
            "many": ("a", "c"),
            "kind": ("animal > cat",),
            "kinds": ("plant > oak",),
            "stars": ("4",),
            "weight": ("2.5",),
            "note": (),
        }
        gallery = measured(lw.Gallery(session))
        for label in ("a", "animal > cat", "plant > oak", "4", "2.5"):
            gallery.filter(label=label)
            assert len(gallery.shown) == 1, label
        gallery.filter()
        texts = [chip["text"] for chip in tiles(gallery)[0]["chips"]]
        assert texts == ["a", "c", "cat", "oak", "stars: 4", "weight: 2.5", "+1"]

    def test_what_was_worked_out_is_kept_and_told_apart(self, session, schema):
        first = Answers(session.annotations(), schema)
        before = first.named
        session.submit(1, {"objects": []})
        second = Answers(session.annotations(), schema, first)
        assert second.named[2:] == before[2:]
        assert second.labels("objects") == {"car": 1, "person": 4, NOTHING: 3}
        assert first.labels("objects") == {"car": 2, "person": 4, NOTHING: 2}


class TestPages:
    def test_they_hold_no_more_than_asked_for(self, session, drawn):
        gallery = measured(lw.Gallery(session, per_page=3))
        assert len(tiles(gallery)) == 3
        assert len(gallery.shown) == 8
        gallery._pager._on.click()
        assert [tile["name"] for tile in tiles(gallery)] == ["1.png", "2.png", "3.png"]
        assert "4–6 of 8" in gallery._pager._words.value
        gallery.turn_to(99)
        assert len(tiles(gallery)) == 2
        assert gallery._pager._on.disabled

    def test_another_filter_begins_at_the_first(self, session, drawn):
        gallery = measured(lw.Gallery(session, per_page=3))
        gallery.turn_to(2)
        gallery.filter(status="submitted")
        assert gallery._pager._back.disabled

    def test_the_pager_is_there_when_it_is_needed(self, gallery):
        assert gallery._pager.layout.display == "none"

    def test_a_page_that_vanished_gives_the_last(self, session, drawn):
        gallery = measured(lw.Gallery(session, per_page=1))
        gallery.turn_to(7)
        session.undo()
        gallery.refresh()
        assert len(tiles(gallery)) == 1

    @pytest.mark.parametrize(
        "options", [{"size": 8}, {"size": "large"}, {"columns": 0}, {"per_page": 5000}, {"per_page": True}]
    )
    def test_numbers_out_of_range_are_refused(self, session, options):
        with pytest.raises(lw.LabelError, match=f"{next(iter(options))} is a whole number"):
            lw.Gallery(session, **options)


class TestOpening:
    def test_a_click_opens_the_item_in_its_widget(self, gallery):
        say(gallery._sheet, kind="open", key=tiles(gallery)[0]["key"])
        assert isinstance(gallery.item, lw.BoundingBoxWidget)
        assert opened(gallery) == ("0.png", "ann")
        assert gallery.item in gallery._slot.children
        assert "your answer" in gallery._head._words.value

    def test_one_s_own_answer_is_shown_to_be_changed(self, gallery):
        push = first_of(gallery.show(1))
        assert push["tasks"][0]["answer"]["values"]["objects"][0]["label"] == "car"
        assert push["tasks"][0]["draft"] is None
        assert push["left"] == 0

    def test_the_answer_of_another_is_where_one_starts(self, gallery, session):
        before = session.history(1)
        push = first_of(gallery.show(1, "ben"))
        assert push["tasks"][0]["draft"]["objects"][0]["label"] == "person"
        assert "ben" in gallery._head._words.value
        submit(gallery.item, 1, {"objects": [], "weather": "rain"})
        after = session.history(1)
        assert len(after) == len(before) + 1
        assert after.iloc[-1]["annotator"] == "ann"
        assert after[after["annotator"] == "ben"].equals(before[before["annotator"] == "ben"])
        assert first_of(gallery.item)["tasks"][0]["draft"] is None
        assert opened(gallery) == ("0.png", "ann")
        assert "your answer" in gallery._head._words.value

    def test_a_submitted_correction_is_on_the_sheet(self, gallery, drawn):
        gallery.show(1)
        drawn.messages.clear()
        replies = submit(gallery.item, 1, {"objects": [], "weather": "rain"})
        assert [reply["kind"] for reply in replies] == ["ack", "push"]
        assert replies[1]["tasks"][0]["answer"]["values"]["weather"] == "rain"
        assert [chip["text"] for chip in tiles(gallery)[0]["chips"]] == ["rain"]
        assert len(drawn.messages) == 1
        assert gallery.shown.iloc[0]["weather"] == "rain"

    def test_a_correction_that_no_longer_matches_leaves_the_sheet_and_stays_open(self, gallery):
        gallery.filter(label="sun")
        gallery.show(1)
        submit(gallery.item, 1, {"objects": [], "weather": "rain"})
        assert [tile["name"] for tile in tiles(gallery)] == ["4.png"]
        assert gallery.item is not None
        assert opened(gallery) is None

    def test_what_is_refused_changes_nothing(self, gallery):
        gallery.show(1)
        (refusal,) = submit(gallery.item, 1, {"objects": [], "weather": "snow"})
        assert refusal["kind"] == "refuse"
        assert [chip["text"] for chip in tiles(gallery)[0]["chips"]] == ["car", "sun"]

    def test_steps_go_to_the_neighbours_and_end(self, gallery):
        gallery.show(1)
        assert gallery._head._back.disabled
        gallery._head._on.click()
        assert opened(gallery) == ("0.png", "ben")
        gallery._head._back.click()
        assert opened(gallery) == ("0.png", "ann")
        gallery.show(6)
        assert gallery._head._on.disabled

    def test_put_away(self, gallery):
        gallery.show(1)
        gallery.put_away()
        assert gallery.item is None
        assert gallery._slot.children == ()
        assert opened(gallery) is None

    def test_widgets_that_were_replaced_are_closed(self, gallery):
        first = gallery.show(1)
        second = gallery.show(2)
        assert first.comm is not None, "its page may still have something to say"
        gallery.show(3)
        assert first.comm is None
        assert second.comm is not None

    def test_opening_takes_no_task_from_the_queue(self, gallery, session):
        leased = session.progress.leased
        gallery.show(1)
        act(gallery.item, "hello", page="p")
        assert session.progress.leased == leased

    def test_what_nobody_answered_can_t_be_opened(self, gallery):
        with pytest.raises(lw.LabelError, match="no answer of anybody to task 12"):
            gallery.show(12)
        with pytest.raises(lw.LabelError, match="no answer of ben to task 3"):
            gallery.show(3, "ben")

    def test_a_skipped_and_a_broken_item_open_too(self, gallery, session, photos):
        with open(photos["image"][5], "wb") as file:
            file.write(b"")
        push = first_of(gallery.show(6))
        assert push["tasks"][0]["media"]["broken"]


class TestOneTask:
    """`LabelWidget(session, task=...)`, which the gallery opens items with."""

    def test_a_page_that_comes_gets_that_task_and_no_other(self, session):
        widget = lw.label(session, task=session.task(2))
        (ack, push) = act(widget, "hello", page="p")
        assert ack["kind"] == "ack"
        assert [task["id"] for task in push["tasks"]] == [2]

    def test_it_is_answered_again_and_again(self, session):
        widget = lw.label(session, task=session.task(2))
        for version in (2, 3):
            ack, push = submit(widget, 2, {"objects": []})
            assert ack["version"] == version
            assert [task["id"] for task in push["tasks"]] == [2]

    def test_it_can_be_looked_at_in_a_store_that_can_t_be_written(self, store, session, monkeypatch):
        monkeypatch.setattr(type(session), "read_only", property(lambda _: "it is damaged"))
        widget = lw.label(session, task=session.task(2))
        assert [task["id"] for task in first_of(widget)["tasks"]] == [2]
        assert len(act(widget, "hello", page="p")) == 2


class TestStrangers:
    @pytest.mark.parametrize(
        "content",
        [
            {"kind": "open", "key": "nowhere"},
            {"kind": "open", "key": ["a"]},
            {"kind": "open", "key": "x" * 10_000},
            {"kind": "open"},
            {"kind": "size", "width": 10**9, "ratio": 1, "blank": True},
            {"kind": "size", "width": -5, "ratio": 1, "blank": True},
            {"kind": "size", "width": 1.5, "ratio": 1, "blank": True},
            {"kind": "size", "width": True, "ratio": 1, "blank": True},
            {"kind": "size", "width": 800, "ratio": float("nan"), "blank": True},
            {"kind": "size", "width": 800, "ratio": "2", "blank": True},
            {"kind": "size", "width": 800, "ratio": 1, "blank": "yes"},
            {"kind": "eval", "code": "1"},
            {},
        ],
    )
    def test_what_is_nothing_does_nothing(self, gallery, drawn, content):
        before = gallery._grid, gallery.item, gallery._sheet.sheet
        drawn.messages.clear()
        say(gallery._sheet, **content)
        assert (gallery._grid, gallery.item, gallery._sheet.sheet) == before
        assert drawn.messages == []

    def test_content_that_is_no_dict(self, gallery):
        gallery._sheet.comm.handle_msg(
            {"content": {"data": {"method": "custom", "content": [1]}}, "buffers": []}
        )

    def test_traits_are_the_kernels(self, gallery):
        before = gallery._sheet.sheet
        gallery._sheet.set_state({"sheet": {"tiles": []}, "_esm": "export default {}"})
        assert gallery._sheet.sheet == before
        assert gallery._sheet._esm != "export default {}"

    def test_a_tile_of_another_page_can_t_be_opened(self, session, drawn):
        gallery = measured(lw.Gallery(session, per_page=1))
        key = tiles(gallery)[0]["key"]
        gallery.turn_to(1)
        say(gallery._sheet, kind="open", key=key)
        assert gallery.item is None

    def test_who_may_not_read_others_gets_no_gallery(self, store, session):
        with (
            lw.Session(store, user=lw.User("eve", role="annotator")) as eve,
            pytest.raises(lw.RightsError, match="eve"),
        ):
            lw.Gallery(eve)

    def test_names_are_text(self, tmp_path, drawn):
        Image.new("RGB", (9, 9)).save(tmp_path / "<b>x.png")
        schema = lw.Schema(lw.Choice("y", [lw.Label("a", title=XSS)], title=XSS))
        data = pd.DataFrame({"image": [str(tmp_path / "<b>x.png")]})
        session = lw.Session(None, data=data, item="image", schema=schema, user=XSS)
        session.submit(session.next()[0], {"y": "a"})
        gallery = measured(lw.Gallery(session))
        gallery.show(1)
        for html in (gallery._head._words, gallery._bar._count, gallery._pager._words):
            assert "<img" not in html.value
            assert "<b>x" not in html.value
        assert "&lt;b&gt;x.png" in gallery._head._words.value
        assert tiles(gallery)[0]["who"] == XSS

    def test_captions_are_short_whatever_is_said(self, drawn):
        schema = lw.Schema(lw.Text("note", max_length=50_000, multiline=True))
        session = lw.Session(None, data=pd.DataFrame({"text": ["y" * 100_000]}), schema=schema, user="ann")
        session.submit(session.next()[0], {"note": "x\n" * 10_000})
        gallery = measured(lw.Gallery(session))
        assert len(json.dumps(tiles(gallery))) < 1500


class TestOtherItems:
    def test_texts_show_their_first_lines(self, texts, mood, drawn):
        session = lw.Session(None, data=texts, item="text", schema=mood, user="ann")
        session.submit(session.next()[0], {"mood": "glad"})
        gallery = measured(lw.Gallery(session))
        (tile,) = tiles(gallery)
        assert (tile["text"], tile["missing"]) == ("message 0", "")
        assert drawn.all("putImageData") == []
        assert isinstance(gallery.show(1), lw.ClassificationWidget)

    def test_rows_show_their_columns(self, mood, drawn):
        data = pd.DataFrame({"id": ["a", "b"], "price": [1.5, 2.5], "size": [1, 2]})
        session = lw.Session(None, data=data, schema=mood, user="ann", key="id")
        session.submit(session.next()[0], {"mood": "glad"})
        gallery = measured(lw.Gallery(session))
        assert "price: 1.5" in tiles(gallery)[0]["text"]

    def test_a_picture_that_the_browser_loads_is_named_as_such(self, drawn):
        data = pd.DataFrame({"image": ["https://pictures.example/a.jpg"]})
        schema = lw.Schema(lw.Choice("y", ["a"]))
        session = lw.Session(
            None, data=data, item="image", schema=schema, user="ann", allow_hosts=["pictures.example"]
        )
        session.skip(session.next()[0])
        gallery = measured(lw.Gallery(session))
        assert tiles(gallery)[0]["missing"] == "Open it to see it"


class TestChanges:
    def test_a_renamed_label_is_on_the_sheet_at_once(self, gallery, session):
        session.migrate(lw.RenameLabel("objects", "car", "vehicle"))
        assert tiles(gallery)[0]["chips"][0]["text"] == "vehicle"
        gallery.filter(label="vehicle")
        assert len(gallery.shown) == 2

    def test_a_field_that_is_gone_is_asked_for_no_more(self, gallery, session):
        gallery.filter(field="weather", label="rain")
        session.migrate(RemoveField("weather"))
        assert len(gallery.shown) == 8

    def test_answers_of_another_process_come_with_a_refresh(self, gallery, store):
        with lw.Session(store, user="cat") as cat:
            cat.submit(cat.next()[0], {"objects": []})
        assert len(gallery.shown) == 8
        gallery._bar.children[-1].click()
        assert len(gallery.shown) == 9

    def test_a_closed_session_does_no_harm(self, gallery, session):
        session.close()
        gallery._catch_up()


def first_of(widget):
    first = widget.get_state()["first"]
    (length,) = struct.unpack("<I", first[:4])
    return json.loads(first[4 : 4 + length])


def test_captions_leave_room_for_two_lines():
    assert CAPTION >= 2 * 18 + 4
