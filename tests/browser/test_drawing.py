"""Everything done to boxes by mouse, fingers and keys on a real picture, seen in what the store has afterwards."""

import pandas as pd
import pytest

import labelwidgets as lw

from .hands import photos

WIDTH, HEIGHT, MARGIN = 400, 300, 12
A = {"label": "car", "x": 100, "y": 100, "width": 80, "height": 60, "angle": 0, "attributes": {}}
B = {"label": "sign", "x": 250, "y": 100, "width": 40, "height": 40, "angle": 0, "attributes": {}}


class Canvas:
    """A widget with one picture of 400 x 300 px, and hands on its pixels."""

    def __init__(self, host, session):
        self.host, self.session, self.page = host, session, host.page
        host.show(lw.BoundingBoxWidget(session))
        self.stage = host.page.locator(".lw-stage [role=application]")
        self.stage.wait_for()
        self.page.wait_for_function(
            "() => document.querySelector('.lw-stage [role=application]').clientWidth > 0"
        )
        host.settle()

    def at(self, x, y):
        """Where a pixel of the picture is in the page while all of it is shown."""
        box = self.stage.bounding_box()
        scale = min((box["width"] - 2 * MARGIN) / WIDTH, (box["height"] - 2 * MARGIN) / HEIGHT)
        return (
            box["x"] + box["width"] / 2 + (x - WIDTH / 2) * scale,
            box["y"] + box["height"] / 2 + (y - HEIGHT / 2) * scale,
        )

    def click(self, x, y, *modifiers):
        for key in modifiers:
            self.page.keyboard.down(key)
        self.page.mouse.click(*self.at(x, y))
        for key in modifiers:
            self.page.keyboard.up(key)

    def drag(self, start, end, *modifiers, drop=True):
        for key in modifiers:
            self.page.keyboard.down(key)
        self.page.mouse.move(*self.at(*start))
        self.page.mouse.down()
        self.page.mouse.move(*self.at(*end), steps=6)
        if drop:
            self.page.mouse.up()
        for key in modifiers:
            self.page.keyboard.up(key)

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def submitted(self):
        """Submit; what the store has of this item."""
        task = self.page.locator(".lw-side").get_by_text(".png").inner_text()
        self.press("Enter")
        self.host.settle()
        table = self.session.regions()
        return [row for row in table.to_dict("records") if row["key"].endswith(task)] or table.to_dict(
            "records"
        )


@pytest.fixture
def opened(host, tmp_path):
    """A function that opens the widget on pictures, the first with these boxes drawn or suggested."""
    sessions = []

    def opened(*boxes, suggested=()):
        schema = lw.Schema(lw.Boxes("objects", ["car", "person", "sign"], required=False))
        session = lw.Session(
            tmp_path / "s.db",
            data=photos(tmp_path / "p", 3),
            item="image",
            key="image",
            schema=schema,
            user="ann",
        )
        sessions.append(session)
        if suggested:
            session.add_predictions(
                lambda task: (
                    {"objects": [{**box, "score": 0.9} for box in suggested]} if task.id == 1 else None
                ),
                model="detector",
                version="1",
            )
        canvas = Canvas(host, session)
        for box in boxes:
            canvas.press({"car": "1", "person": "2", "sign": "3"}[box["label"]])
            corner = (box["x"] + box["width"], box["y"] + box["height"])
            canvas.page.keyboard.press("Escape")
            canvas.drag((box["x"], box["y"]), corner)
        if boxes:
            canvas.press("Escape")
        return canvas

    yield opened
    for session in sessions:
        session.close()


def near(row, **expected):
    return {name: row[name] for name in expected} == pytest.approx(expected, abs=1.5)


def test_boxes_are_selected_moved_resized_and_relabeled(opened):
    canvas = opened(A, B)
    canvas.click(140, 130)
    canvas.drag((140, 130), (160, 140))
    canvas.drag((200, 170), (220, 190))
    canvas.press("2")
    first, second = canvas.submitted()
    assert near(first, x=120, y=110, width=100, height=80)
    assert (first["label"], second["label"]) == ("person", "sign")
    assert near(second, x=250, y=100, width=40, height=40)


def test_a_drag_inside_another_box_draws_and_a_click_goes_deeper(opened):
    canvas = opened(A)
    canvas.drag((110, 110), (150, 150))
    canvas.press("Escape")
    for _ in range(2):
        canvas.click(130, 130)
    canvas.press("Delete")
    (left,) = canvas.submitted()
    assert near(left, x=110, y=110, width=40, height=40)


def test_boxes_are_turned_and_stay_inside_the_picture(opened):
    canvas = opened(A)
    canvas.click(140, 130)
    canvas.drag((140, 100), (140, 100))
    scale = canvas.at(101, 0)[0] - canvas.at(100, 0)[0]
    top = 100 - 26 / scale
    canvas.drag((140, top), (140 + 130 - top, 130))
    (row,) = canvas.submitted()
    assert row["angle"] == pytest.approx(90, abs=2)
    assert near(row, x=100, y=100, width=80, height=60)


def test_a_box_drawn_past_the_edge_ends_there(opened):
    canvas = opened()
    canvas.drag((380, 280), (399.5, 299.5))
    canvas.press("Escape")
    box = canvas.stage.bounding_box()
    canvas.page.mouse.move(*canvas.at(300, 200))
    canvas.page.mouse.down()
    canvas.page.mouse.move(box["x"] + box["width"] + 200, box["y"] + box["height"] + 200, steps=4)
    canvas.page.mouse.up()
    rows = canvas.submitted()
    assert near(rows[-1], x=300, y=200, width=100, height=100)


def test_escape_takes_back_what_is_being_drawn(opened):
    canvas = opened(A)
    canvas.drag((250, 150), (300, 200), drop=False)
    canvas.press("Escape")
    canvas.page.mouse.move(*canvas.at(320, 220))
    canvas.page.mouse.up()
    assert len(canvas.submitted()) == 1


def test_a_click_is_no_box(opened):
    canvas = opened()
    canvas.click(150, 150)
    canvas.click(250, 150)
    canvas.press("Enter")
    canvas.host.settle()
    assert canvas.session.regions().empty
    assert len(canvas.session.annotations()) == 1


def test_several_are_lassoed_and_moved_together_and_one_undo_takes_it_back(opened):
    canvas = opened(A, B)
    canvas.drag((90, 90), (300, 180), "Shift")
    canvas.drag((140, 130), (150, 140))
    canvas.press("Control+z", "Control+Shift+z")
    first, second = canvas.submitted()
    assert near(first, x=110, y=110)
    assert near(second, x=260, y=110)


def test_a_whole_box_by_keys_alone(opened):
    canvas = opened()
    canvas.stage.focus()
    canvas.press(
        "3",
        "Shift+N",
        "Shift+ArrowLeft",
        "ArrowUp",
        "Alt+Shift+ArrowRight",
        "Shift+R",
        "Control+d",
        "Shift+K",
    )
    canvas.press("Delete")
    (row,) = canvas.submitted()
    assert (row["label"], row["angle"]) == ("sign", 1)
    assert row["width"] - row["height"] == pytest.approx(10, abs=0.1)


def test_a_held_key_is_one_step_of_undo(opened):
    canvas = opened(A)
    canvas.click(140, 130)
    for _ in range(8):
        canvas.page.keyboard.down("ArrowRight")
    canvas.page.keyboard.up("ArrowRight")
    canvas.press("Control+z")
    (row,) = canvas.submitted()
    assert near(row, x=100, y=100)


def test_copies_go_to_the_next_picture(opened):
    canvas = opened(A)
    canvas.click(140, 130)
    canvas.press("Control+c")
    canvas.submitted()
    canvas.press("Control+v", "Enter")
    canvas.host.settle()
    rows = canvas.session.regions().to_dict("records")
    assert len(rows) == 2
    assert rows[0]["task_id"] != rows[1]["task_id"]
    assert near(rows[1], x=rows[0]["x"], y=rows[0]["y"], width=80, height=60)


def test_suggestions_are_accepted_corrected_and_rejected_one_by_one(opened):
    third = {**B, "x": 20, "y": 220, "width": 50, "height": 50}
    canvas = opened(suggested=[A, B, third])
    canvas.click(270, 120)
    canvas.press(".")
    canvas.click(140, 130)
    canvas.drag((140, 130), (150, 140))
    canvas.click(45, 245)
    canvas.press(",")
    rows = {row["label"]: row for row in canvas.submitted()}
    assert set(rows) == {"car", "sign"}
    assert near(rows["sign"], x=250, y=100, score=0.9)
    assert near(rows["car"], x=110, y=110)
    # What a person has moved is no longer as sure as the model said.
    assert pd.isna(rows["car"]["score"])


def test_the_wheel_scrolls_the_page_until_the_widget_has_the_focus(opened):
    canvas = opened()
    page = canvas.page
    page.evaluate("() => { document.body.style.height = '4000px'; document.activeElement.blur(); }")
    page.mouse.move(*canvas.at(200, 150))
    page.mouse.wheel(0, 120)
    page.wait_for_function("() => scrollY > 0")
    canvas.stage.focus()
    before = page.evaluate("() => scrollY")
    page.mouse.wheel(0, -120)
    page.wait_for_timeout(200)
    assert page.evaluate("() => scrollY") == before


def test_what_is_drawn_zoomed_in_and_panned_lies_where_it_was_drawn(opened):
    canvas = opened()
    page = canvas.page
    x, y = canvas.at(200, 150)
    page.mouse.move(x, y)
    page.keyboard.down("Control")
    for _ in range(5):
        page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    canvas.stage.focus()
    page.keyboard.down("Space")
    page.mouse.down()
    page.mouse.move(x - 100, y - 50, steps=3)
    page.mouse.up()
    page.keyboard.up("Space")
    # The pixel (200, 150) is under the pointer now, whatever the zoom.
    page.mouse.down()
    page.mouse.move(x - 40, y + 10, steps=4)
    page.mouse.up()
    (row,) = canvas.submitted()
    assert near(row, x=200, y=150)
    assert row["width"] == pytest.approx(row["height"], abs=0.5)
    assert row["width"] < 60


def test_one_finger_draws_and_two_zoom(opened):
    canvas = opened()
    wire = canvas.page.context.new_cdp_session(canvas.page)

    def touch(kind, *points):
        where = [{"x": x, "y": y, "id": n} for n, (x, y) in enumerate(points)]
        wire.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": where})

    start, end = canvas.at(250, 50), canvas.at(330, 120)
    touch("touchStart", start)
    for share in (0.3, 0.7, 1):
        touch("touchMove", [a + (b - a) * share for a, b in zip(start, end, strict=True)])
    touch("touchEnd")
    x, y = canvas.at(120, 200)
    touch("touchStart", (x - 20, y))
    touch("touchStart", (x - 20, y), (x + 20, y))
    for step in range(1, 8):
        touch("touchMove", (x - 20 - 10 * step, y), (x + 20 + 10 * step, y))
    touch("touchEnd")
    (row,) = canvas.submitted()
    assert near(row, x=250, y=50, width=80, height=70)
