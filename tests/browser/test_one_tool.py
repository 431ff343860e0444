"""Every widget is the same tool: one frame, one keymap, all of it by keyboard, nothing that axe-core objects to."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import labelwidgets as lw

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture
def photos(tmp_path):
    for n in range(4):
        pixels = np.full((300, 400, 3), 60 + 20 * n, dtype=np.uint8)
        pixels[60:140, 100:180] = 230
        Image.fromarray(pixels).save(tmp_path / f"{n}.png")
    return pd.DataFrame({"image": [str(tmp_path / f"{n}.png") for n in range(4)], "place": list("abcd")})


def boxes(photos):
    schema = lw.Schema(
        lw.Boxes(
            "objects", ["car", "person"], attributes=[lw.Choice("hidden", ["no", "yes"], required=False)]
        ),
        lw.Choice("weather", ["sun", "rain"]),
        lw.Rating("quality", required=False),
        instructions="# Draw\n\nDraw **tight** boxes.",
        confidence=True,
    )
    return lw.BoundingBoxWidget(
        lw.Session(None, data=photos, item="image", schema=schema, user="ann"), columns=["place"]
    )


def pictures(photos):
    schema = lw.Schema(lw.Choice("weather", ["sun", "rain"]), lw.Text("note", required=False))
    return lw.ClassificationWidget(lw.Session(None, data=photos, item="image", schema=schema, user="ann"))


def texts(_photos):
    tree = [("animal", "cat"), ("animal", "dog"), ("plant",)]
    schema = lw.Schema(
        lw.Choice("mood", ["glad", "sad"]),
        lw.Taxonomy("topic", tree, required=False),
        lw.Number("price", required=False),
    )
    data = pd.DataFrame({"text": ["one thing", "another", "a third", "a fourth"]})
    return lw.ClassificationWidget(lw.Session(None, data=data, item="text", schema=schema, user="ann"))


def rows(photos):
    schema = lw.Schema(lw.Choice("keep", ["yes", "no"], multiple=True))
    data = pd.DataFrame({"name": ["a", "b", "c"], "size": [1, 2, 3]})
    return lw.ClassificationWidget(lw.Session(None, data=data, item="*", schema=schema, user="ann"))


def grid(photos):
    schema = lw.Schema(lw.Choice("weather", ["sun", "rain"]))
    return lw.ClassificationWidget(
        lw.Session(None, data=photos, item="image", schema=schema, user="ann"), grid=True
    )


def talks(_photos):
    schema = lw.Schema(
        lw.Turns("acts", ["asks", "tells"], attributes=[lw.Rating("kind", required=False)], multiple=True),
        lw.Spans("places", ["PLACE"]),
    )
    rows = [{"talk": [{"speaker": who, "text": f"{who} says {n}"} for who in "abca"]} for n in range(4)]
    session = lw.Session(None, data=rows, item="talk", schema=schema, user="ann")
    turns = [lw.Turn(0, label="asks", score=0.5), lw.Turn(3, label="tells")]
    session.add_predictions(lambda task: {"acts": turns} if task.id == 4 else None, model="m")
    session.save_draft(
        1, session.schema.encode({"acts": turns[:1], "places": [lw.Span(7, 8, label="PLACE")]})
    )
    return lw.DialogueWidget(session)


def answers(_photos):
    schema = lw.Schema(
        lw.Pairwise("better", ["left", "right"]),
        lw.Ranking("order", column="all", required=False),
        lw.Text("mended", begin="left", multiline=True),
    )
    rows = [
        {"ask": f"q{n}", "left": f"l{n}", "right": "r " * 900, "all": ["a", "b " * 900]} for n in range(4)
    ]
    session = lw.Session(None, data=rows, item="ask", schema=schema, user="ann")
    session.save_draft(1, {"better": "a", "order": ["1"], "mended": "l0 and more"})
    return lw.ClassificationWidget(session)


def spans(_photos):
    schema = lw.Schema(
        lw.Spans(
            "names",
            ["person", "place"],
            attributes=[lw.Choice("sure", ["yes", "no"], required=False)],
            entries=[f"Q{n}" for n in range(40)],
            palette=["ʁ", "ɑ̃"],
            required=False,
        ),
        lw.Relations(
            "ties", [lw.RelationType("knows"), lw.RelationType("same", chain=True)], between="names"
        ),
    )
    data = [f"Ann met Bob in Rome, and {n} others." for n in range(4)]
    session = lw.Session(None, data=data, schema=schema, user="ann")
    found = [
        lw.Span(0, 3, label="person", text="Ann", id="a", link="Q3"),
        lw.Span(8, 11, label="person", text="Bob", id="b"),
        lw.Span(8, 19, label="place", text="Bob in Rome", id="c"),
    ]
    ties = [lw.Relation("a", "b", label="knows", id="x")]
    session.save_draft(1, session.schema.encode({"names": found, "ties": ties}))
    return lw.label(session)


WIDGETS = {make.__name__: make for make in (boxes, pictures, texts, rows, grid, talks, answers, spans)}
SINGLE = [name for name in WIDGETS if name != "grid"]


@pytest.fixture(params=WIDGETS)
def shown(request, host, photos):
    return show(host, request.param, photos)


def show(host, name, photos):
    host.widget = WIDGETS[name](photos)
    host.session = host.widget.session
    host.name = name
    host.show(host.widget)
    host.page.locator(".lw-root").first.wait_for()
    host.page.get_by_role("button", name="Submit").first.wait_for()
    host.settle()
    close = host.page.get_by_role("button", name="Start labeling")
    if close.count():
        close.click()
    host.page.locator(".lw-root").first.focus()
    return host


def test_the_frame_is_the_same(shown):
    page = shown.page
    assert page.get_by_role("button", name="Submit").count() == 1
    assert page.get_by_text("of 4" if shown.name != "rows" else "of 3").first.is_visible()
    assert page.get_by_text("Saved", exact=True).first.is_visible()
    assert page.get_by_text("ann").first.is_visible()
    page.keyboard.press("?")
    help_overlay = page.get_by_role("dialog").first
    help_overlay.wait_for()
    for word in ("Submit", "Skip", "Undo"):
        assert word.lower() in help_overlay.inner_text().lower()
    page.keyboard.press("Escape")
    help_overlay.wait_for(state="hidden")


@pytest.mark.parametrize("name", SINGLE)
def test_skip_back_flag_undo_are_the_same_keys(host, photos, name):
    show(host, name, photos)
    page, session = host.page, host.session
    page.keyboard.press("Shift+F")
    host.settle()
    assert session.task(1).flagged
    page.keyboard.press("Shift+S")
    page.get_by_role("menu").or_(page.get_by_role("dialog")).first.wait_for()
    page.wait_for_function("() => document.activeElement.closest('[role=menu], [role=dialog]')")
    page.keyboard.press("Enter")
    host.settle()
    assert session.annotations()["status"].tolist() == ["skipped"]
    page.locator(".lw-root").first.focus()
    page.keyboard.press("Control+z")
    host.settle()
    assert session.history(1)["status"].tolist() == ["skipped", "withdrawn"]


def test_unhandled_keys_pass_to_the_notebook(shown):
    page = shown.page
    page.evaluate(
        """() => { window.passed = []; addEventListener('keydown', (e) => { if (!e.defaultPrevented) passed.push(e.key); e.preventDefault(); }); }"""
    )
    for key in ("Control+s", "F5", "Control+Shift+c", "b", "x"):
        page.keyboard.press(key)
    passed = page.evaluate("() => passed")
    assert {"s", "F5"} <= set(passed)


def test_handled_keys_never_reach_the_notebook(shown):
    page = shown.page
    page.evaluate("() => { window.seen = []; addEventListener('keydown', (e) => seen.push(e.key)); }")
    for key in ("1", "?", "Escape", "Enter", "Shift+F"):
        page.keyboard.press(key)
        page.wait_for_timeout(30)
    assert set(page.evaluate("() => seen")) & {"1", "?", "Enter", "F"} == set()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(shown, theme):
    if not AXE.is_file():
        pytest.skip("run `make bundles` first: axe-core comes with the front end's tools")
    page = shown.page
    page.emulate_media(reduced_motion="reduce")  # a colour on its way to another has neither's contrast
    page.evaluate("theme => document.body.dataset.jpThemeLight = String(theme === 'light')", theme)
    page.add_script_tag(path=AXE)
    for scene in ("plain", "help"):
        if scene == "help":
            page.locator(".lw-root").first.focus()
            page.keyboard.press("?")
            page.get_by_role("dialog").first.wait_for()
        found = page.evaluate("() => axe.run('.lw-root')")
        told = [
            f"{v['id']}: {v['help']} {[n['html'][:120] for n in v['nodes'][:3]]}" for v in found["violations"]
        ]
        assert told == [], scene


@pytest.mark.parametrize("width", [360, 700, 1600])
def test_nothing_sticks_out(shown, width):
    shown.page.set_viewport_size({"width": width, "height": 900})
    shown.page.wait_for_timeout(150)
    out = shown.page.evaluate(
        """() => { const root = document.querySelector('.lw-root').getBoundingClientRect();
          return [...document.querySelectorAll('.lw-root button, .lw-root input, .lw-root canvas')]
            .filter((e) => e.checkVisibility?.({ checkOpacity: true, checkVisibilityCSS: true }) && e.getBoundingClientRect().width > 0)
            .filter((e) => !e.closest('[aria-hidden=true]'))
            .map((e) => [e.getBoundingClientRect(), e.outerHTML.slice(0, 100)])
            .filter(([r]) => r.right > root.right + 1 || r.left < root.left - 1).map(([, html]) => html); }"""
    )
    assert out == []
    assert shown.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_a_whole_session_of_boxes_by_keyboard_only(host, photos):
    show(host, "boxes", photos)
    page, session = host.page, host.session
    for n in range(4):
        page.keyboard.press("12"[n % 2])  # what is drawn next
        page.keyboard.press("Shift+N")  # a box in the middle
        for key in ("ArrowRight", "ArrowDown", "Alt+ArrowRight", "Shift+R"):
            page.keyboard.press(key)
        page.keyboard.press("3")
        page.keyboard.press("Enter")
        host.settle()
        page.locator(".lw-root").first.focus()
    regions = session.regions()
    assert len(regions) == 4
    assert regions["label"].tolist() == ["car", "person"] * 2
    assert (regions["angle"] > 0).all()
    assert session.annotations()["weather"].tolist() == ["sun"] * 4
    assert session.progress.done == 4
    page.get_by_text("4 of 4").first.wait_for()


def test_a_whole_session_of_texts_by_keyboard_only(host, photos):
    show(host, "texts", photos)
    page, session = host.page, host.session
    for _ in range(4):
        page.keyboard.press("2")
        page.keyboard.press("Enter")
        host.settle()
    assert session.annotations()["mood"].tolist() == ["sad"] * 4


def test_a_whole_grid_by_keyboard_only(host, photos):
    show(host, "grid", photos)
    page, session = host.page, host.session
    page.get_by_role("gridcell").or_(page.get_by_role("option")).first.wait_for()
    page.keyboard.press("Control+a")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    host.settle()
    assert session.annotations()["weather"].tolist() == ["sun"] * 4
