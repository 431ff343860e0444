"""A gallery in a page: the sheet of captions on the bare host, the whole of it with its pixels through Voila."""

import json
import re
import socket
import sys
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from PIL import Image

import labelwidgets as lw
from tests.servers import environment, running

from .hands import Hands, photos
from .test_hostile_text import PAYLOADS

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
RULES = {"rules": {"page-has-heading-one": {"enabled": False}, "region": {"enabled": False}}}
"""What a page of its own must have, and a widget in somebody's page must not."""


def answered(data, schema, values, user="ann"):
    session = lw.Session(None, data=data, item=data.columns[0], schema=schema, user=user)
    for said in values:
        session.submit(session.next()[0], said)
    return session


@pytest.fixture
def gallery(comms):
    from ipycanvas import canvas

    if canvas._CANVAS_MANAGER.comm is None:  # the end of another test has closed it
        canvas._CANVAS_MANAGER.open()
    data = pd.DataFrame({"text": [f"message {n}" for n in range(23)]})
    mood = lw.Schema(lw.Choice("mood", ["glad", "sad"]))
    return lw.Gallery(answered(data, mood, [{"mood": "glad"}] * 23))


@pytest.fixture
def sheet(host, gallery):
    host.gallery = gallery
    host.show(gallery._sheet)
    host.page.locator(".lw-sheet-tile").nth(22).wait_for()
    host.settle()
    host.page.locator(".lw-sheet-tiles").focus()
    return host


def active(host):
    """Number of the tile that keys act on, from 0."""
    return host.page.evaluate(
        """() => {
          const list = document.querySelector('.lw-sheet-tiles');
          const active = document.getElementById(list.getAttribute('aria-activedescendant'));
          return [...list.children].indexOf(active);
        }"""
    )


class TestKeys:
    def test_arrows_go_through_rows_and_columns(self, sheet):
        across = sheet.gallery._grid.columns
        assert across == 9
        seen = []
        for key in (
            "ArrowRight",
            "ArrowDown",
            "ArrowLeft",
            "ArrowUp",
            "ArrowUp",
            "End",
            "ArrowDown",
            "Home",
            "ArrowLeft",
        ):
            sheet.page.keyboard.press(key)
            seen.append(active(sheet))
        assert seen == [1, 10, 9, 0, 0, 22, 22, 0, 0]

    @pytest.mark.parametrize("key", ["Enter", "Space"])
    def test_it_opens_where_it_is(self, sheet, key):
        sheet.page.keyboard.press("ArrowRight")
        sheet.page.keyboard.press(key)
        sheet.settle()
        assert sheet.gallery.item is not None
        chosen = sheet.page.locator(".lw-sheet-tile[aria-selected=true]")
        assert chosen.get_attribute("title").startswith("item 2\n")
        assert sheet.page.get_by_role("status").inner_text() == "Opened item 2, answered by ann."
        assert active(sheet) == 1

    def test_a_click_does_the_same(self, sheet):
        sheet.page.locator(".lw-sheet-tile").nth(4).click()
        sheet.settle()
        assert sheet.gallery._opened == (5, 1, "ann")

    def test_the_focus_is_seen(self, sheet):
        sheet.page.keyboard.press("ArrowRight")
        sheet.page.wait_for_function(
            "() => getComputedStyle(document.querySelector('.lw-active')).outlineStyle === 'solid'"
        )

    def test_a_notebook_hears_no_key_that_it_could_misread(self, sheet):
        sheet.page.evaluate(
            "() => { window.heard = []; document.addEventListener('keydown', (e) => heard.push(e.key)); }"
        )
        for key in ("ArrowRight", "Enter", "b", "Control+s", "Tab"):
            sheet.page.keyboard.press(key)
        heard = sheet.page.evaluate("() => heard.filter((key) => key !== 'Control')")
        assert heard == ["s", "Tab"]
        assert sheet.page.evaluate("() => document.activeElement.className") != "lw-sheet-tiles"


class TestPage:
    def test_another_width_is_told_and_laid_out(self, sheet):
        sheet.page.set_viewport_size({"width": 700, "height": 860})
        sheet.page.wait_for_function(
            "() => document.querySelector('.lw-sheet-tiles').style.getPropertyValue('--lw-columns') < 9 || lwHost.busy()"
        )
        sheet.settle()
        widths = [act["width"] for act in sheet.acts if act["kind"] == "size"]
        assert widths == [1264, 684]
        assert sheet.gallery._grid.columns == 4
        assert sheet.page.evaluate("() => document.documentElement.scrollWidth") <= 700

    def test_a_page_that_comes_again_has_its_captions_at_once_and_asks_for_pixels(self, sheet):
        sheet.reload()
        sheet.page.locator(".lw-sheet-tile").nth(22).wait_for()
        sheet.settle()
        assert [act["blank"] for act in sheet.acts if act["kind"] == "size"] == [True, True]

    def test_what_did_not_change_keeps_its_place_and_node(self, sheet):
        sheet.page.keyboard.press("ArrowRight")
        sheet.page.evaluate("() => { window.node = document.querySelectorAll('.lw-sheet-tile')[1]; }")
        sheet.gallery.session.submit(5, {"mood": "sad"})
        sheet.gallery.refresh()
        sheet.settle()
        assert sheet.page.evaluate("() => node === document.querySelectorAll('.lw-sheet-tile')[1]")
        assert sheet.page.locator(".lw-sheet-tile").nth(4).inner_text().split() == [
            "item",
            "5",
            "message",
            "4",
            "sad",
            "ann",
        ]
        assert active(sheet) == 1

    def test_nothing_to_show_says_so(self, sheet):
        sheet.gallery.filter(label="sad")
        sheet.settle()
        assert sheet.page.get_by_role("heading", name="No answer matches").is_visible()
        assert sheet.page.locator(".lw-sheet-tiles").is_hidden()

    @pytest.mark.parametrize("theme", ["light", "dark"])
    def test_it_is_accessible(self, sheet, theme):
        sheet.theme = theme
        sheet.reload()
        sheet.page.locator(".lw-sheet-tile").nth(22).wait_for()
        sheet.page.add_script_tag(path=AXE)
        found = sheet.page.evaluate("(rules) => axe.run(document.body, rules)", RULES)
        assert [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]] == []


def test_everything_said_is_text(host, gallery, tmp_path):
    files = []
    for n, payload in enumerate(PAYLOADS[:20]):
        files.append(str(tmp_path / (payload.replace("/", "_")[:80] + f"{n}.png")))
        Image.new("RGB", (60, 40), "gray").save(files[-1])
    labels = [lw.Label(f"l{n}", title=payload) for n, payload in enumerate(PAYLOADS)]
    schema = lw.Schema(
        lw.Choice("many", labels, multiple=True, title=PAYLOADS[0]), lw.Text("note", title=PAYLOADS[3])
    )
    said = [{"many": [f"l{n}", f"l{n + 20}"], "note": PAYLOADS[-1 - n]} for n in range(20)]
    session = answered(pd.DataFrame({"image": files}), schema, said, user="<img src=x onerror=pwn()>")
    host.page.add_init_script("window.pwn = () => { window.pwned = 1; };")
    other = lw.Gallery(session, size=256)
    host.show(other._sheet)
    host.page.locator(".lw-sheet-tile").nth(19).wait_for()
    host.settle()
    assert host.page.evaluate("() => window.pwned") is None
    assert (
        host.page.evaluate(
            "() => document.querySelectorAll('.lw-sheet :is(img, script, svg, iframe, a, b)').length"
        )
        == 0
    )
    assert PAYLOADS[0] in host.page.locator(".lw-sheet-tile").first.inner_text()


# -- through Voila: pixels, wheel, and the item's own widget --

NOTEBOOK = """
import labelwidgets as lw
session = lw.Session("s.db", user="ann")
gallery = lw.Gallery(session)
gallery
"""


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    home = tmp_path_factory.mktemp("gallery")
    schema = lw.Schema(
        lw.Boxes("objects", [lw.Label("car", color="#1f77b4"), lw.Label("person", color="#d55e00")]),
        lw.Choice("weather", ["sun", "rain"], required=False),
    )
    with lw.Session(
        home / "s.db", data=photos(home / "photos", 40), item="image", schema=schema, user="ann"
    ) as session:
        while task := next(iter(session.next()), None):
            session.submit(task, {"objects": [lw.Box(100, 60, 80, 80, label="car")], "weather": "sun"})
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(NOTEBOOK)])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, home / "g.ipynb")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "voila",
        "g.ipynb",
        "--no-browser",
        "--Voila.ip=127.0.0.1",
        f"--port={port}",
    ]
    with running(command, cwd=home, env=environment(home / "home"), ready="is running at") as server:
        server.store, server.url = home / "s.db", f"http://127.0.0.1:{port}/"
        yield server


def come(browser, app, **options):
    page = browser.new_context(**options).new_page()
    page.set_default_timeout(60_000)
    page.goto(app.url)
    page.locator(".lw-sheet-tile").nth(39).wait_for()
    page.wait_for_function(
        """() => {
          const canvas = document.querySelector('.lw-gallery-stage canvas');
          const { width, height } = canvas;
          return canvas.inert && height > 200 && canvas.getContext('2d').getImageData(width / 20, 20, 1, 1).data[3] > 0;
        }"""
    )
    return page


def pixel(page, tile, x, y):
    """Colour at the place of the sheet's canvas where a point of a photo (400 x 300 px) is shown."""
    return page.evaluate(
        """([tile, x, y]) => {
          const canvas = document.querySelector('.lw-gallery-stage canvas');
          const face = document.querySelectorAll('.lw-sheet-face')[tile].getBoundingClientRect();
          const at = canvas.getBoundingClientRect();
          const ratio = canvas.width / at.width;
          const left = face.left - at.left + x / 400 * face.width;
          const top = face.top - at.top + face.height / 8 + y / 300 * face.height * 0.75;
          return [...canvas.getContext('2d').getImageData(Math.round(left * ratio), Math.round(top * ratio), 1, 1).data];
        }""",
        [tile, x, y],
    )


def near(found, color, by=40):
    wanted = [int(part, 16) for part in re.findall("..", color[1:])]
    return found[3] == 255 and all(abs(a - b) <= by for a, b in zip(found, wanted, strict=False))


def test_an_answer_is_seen_opened_corrected_and_seen_again(app, browser):
    page = come(browser, app, viewport={"width": 1280, "height": 1000})
    assert near(pixel(page, 7, 100, 100), "#1f77b4"), "the box's left edge lies on the square's"
    assert near(pixel(page, 7, 140, 100), "#e6e6e6"), "inside it is the photo's bright square"
    assert near(pixel(page, 7, 300, 250), "#363636"), "outside it the photo's dark ground"
    assert pixel(page, 7, 200, -20)[3] < 255, "beside the photo the page shows through"
    page.locator(".lw-sheet-tile").nth(7).click()
    hands = Hands(page)
    assert hands.item == "7.png"
    assert hands.boxes.count() == 1
    hands.root.focus()
    hands.press("4")
    hands.root.get_by_role("button", name="Save the change").click()
    page.locator(".lw-sheet-tile").nth(7).locator(".lw-sheet-words", has_text="rain").wait_for()
    with lw.Session(app.store, user="reader") as reader:
        assert reader.history(8)["weather"].tolist() == ["sun", "rain"]
    assert near(pixel(page, 7, 100, 100), "#1f77b4")
    assert page.locator(".lw-sheet-tile[aria-selected=true]").get_attribute("title").startswith("7.png\n")
    page.get_by_role("button", name="Close").click()
    page.locator(".lw-root").wait_for(state="detached")
    page.context.close()


def test_filters_wheel_and_tab_work_on_a_narrow_sharp_dark_page(app, browser):
    page = come(
        browser, app, viewport={"width": 700, "height": 700}, device_scale_factor=2, color_scheme="dark"
    )
    canvas = json.loads(
        page.evaluate(
            "() => { const c = document.querySelector('.lw-gallery-stage canvas'); return JSON.stringify([c.width, c.getBoundingClientRect().width]); }"
        )
    )
    assert canvas[0] == 2 * canvas[1]
    assert near(pixel(page, 5, 100, 100), "#1f77b4")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 700
    tiles = page.locator(".lw-sheet-tiles")
    box = page.locator(".lw-gallery-scroll").bounding_box()
    page.mouse.move(box["x"] + 100, box["y"] + 100)
    page.mouse.wheel(0, 300)
    page.wait_for_function("() => document.querySelector('.lw-gallery-scroll').scrollTop > 200")
    tiles.focus()
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.closest('.lw-gallery-stage')") is None
    page.get_by_label("Status").select_option(label="skipped")
    page.get_by_role("heading", name="No answer matches").wait_for()
    page.context.close()
