"""The widget in the real JupyterLab: labeled while cells run, through reloads and a killed kernel."""

import json
import os
import re
import signal

import psutil
import pytest

import labelwidgets as lw

from .hands import LABELING_KEYS, Hands, photos
from .jupyter import WATCH, Notebook, jupyter, notebook

SHOW = """import labelwidgets as lw
session = lw.Session("{store}", data="photos", schema=lw.Schema(
    lw.Boxes("objects", ["car", "person", "bike"]), lw.Choice("weather", ["sun", "rain"])))
lw.BoundingBoxWidget(session)"""

LOOK = """said = session.frame()[["label_status", "weather"]].dropna()
print(said.to_json(orient="records"), session.regions()["label"].tolist())"""

LOOP = """import time
until = time.monotonic() + 40
while time.monotonic() < until and not (session.frame()["label_status"] == "submitted").any():
    time.sleep(0.2)
print("seen while running:", session.frame()["weather"].dropna().tolist())"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    with jupyter("lab", tmp_path_factory.mktemp("lab")) as server:
        photos(server.folder / "photos", 8)
        yield server


@pytest.fixture
def opened(lab, page, request):
    """A notebook of its own, with its own store, its widget on show."""
    store = re.sub(r"\W", "_", request.node.name)[:40] + ".db"
    made = Notebook(page, lab, notebook(lab.folder, SHOW.format(store=store), LOOK, LOOP), lab=True)
    made.store = lab.folder / store
    made.run(0)
    return made


def said(opened):
    rows, labels = opened.run(1).split("] [")
    return json.loads(rows + "]"), labels.strip("]\n").replace("'", "").split(", ")


def kernel_of(opened):
    """The process of the notebook's kernel."""
    running = opened.page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.id")
    started = psutil.Process(opened.server.process.pid).children(recursive=True)
    (kernel,) = [p for p in started if running in " ".join(p.cmdline())]
    return kernel


def test_an_answer_by_mouse_and_keyboard_is_in_the_next_cell(opened):
    hands = Hands(opened.page)
    hands.draw()
    hands.press("2", "5", "Enter")
    hands.saved(1)
    assert said(opened) == ([{"label_status": "submitted", "weather": "rain"}], ["person"])
    with lw.Session(opened.store, user="reader") as session:
        assert session.annotations()["annotator"].tolist() == ["ann"]


def test_labeling_keys_are_the_widgets_alone(opened):
    page, before = opened.page, opened.cells
    hands = Hands(page)
    hands.draw()
    page.evaluate(WATCH)
    for key in LABELING_KEYS:
        hands.press_inside(key)
    assert page.evaluate("window.__commands") == []
    assert opened.cells == before


def test_a_reload_goes_on_where_it_was(opened):
    hands = Hands(opened.page)
    hands.draw()
    hands.press("4", "Enter")
    hands.saved(1)
    item = hands.item
    opened.save()
    opened.open()
    hands = Hands(opened.page)
    assert (hands.done, hands.item) == (1, item)
    hands.draw()
    hands.press("5", "Enter")
    hands.saved(2)
    assert [row["weather"] for row in said(opened)[0]] == ["sun", "rain"]


def test_a_reloaded_page_answers_while_a_cell_runs(opened):
    opened.save()
    opened.open()
    hands = Hands(opened.page)
    opened.settled()
    opened.start(2)
    hands.draw()
    hands.press("5", "Enter")
    hands.saved(1)
    opened.page.wait_for_function(
        "window.jupyterapp.shell.currentWidget.content.widgets[2].model.outputs.length > 0"
    )
    assert opened.output(2) == "seen while running: ['rain']\n"


def test_a_killed_kernel_costs_no_answer_and_the_page_says_so(opened):
    page = opened.page
    hands = Hands(page)
    hands.draw()
    os.kill(kernel_of(opened).pid, signal.SIGKILL)
    hands.press("4", "Enter")
    assert "run the cell again" in hands.not_saved()
    with lw.Session(opened.store, user="reader") as session:
        assert len(session.annotations()) == 0
    page.wait_for_function(
        "window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle'"
    )
    for button in page.locator(".jp-Dialog button.jp-mod-accept").all():
        button.click()
    opened.run(0)
    Hands(page).saved(1)
    assert said(opened) == ([{"label_status": "submitted", "weather": "sun"}], ["car"])
