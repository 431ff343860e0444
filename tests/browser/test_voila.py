"""The page that `labelwidgets label` opens, through the real Voila and a real kernel."""

import json
import os
import re
import signal
import subprocess
import sys

import psutil
import pytest

import labelwidgets as lw
from tests.servers import LABELWIDGETS, environment, running

from .hands import Hands, photos


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    home = tmp_path_factory.mktemp("voila")
    schema = lw.Schema(lw.Boxes("objects", ["car", "person"]), lw.Choice("weather", ["sun", "rain"]))
    made = lw.Session(
        home / "s.db", data=photos(home / "photos", 40), item="image", schema=schema, user="ann"
    )
    made.close()
    command = [*LABELWIDGETS, "label", "s.db", "--no-browser"]
    with running(command, cwd=home, env=environment(home / "home"), ready="Ctrl+C") as server:
        server.store = home / "s.db"
        server.url = re.search(r"http://\S+", server.line("token="))[0]
        yield server


@pytest.fixture
def page(page):
    page.set_default_timeout(45_000)
    return page


def answers(app):
    with lw.Session(app.store, user="reader") as session:
        return session.annotations(), session.regions()


def kernel_of(page, app):
    """The process behind a page."""
    config = json.loads(page.locator("#jupyter-config-data").text_content())
    started = psutil.Process(app.process.pid).children(recursive=True)
    (kernel,) = [
        p
        for p in started
        if config["kernelId"] in " ".join(p.cmdline()) and "ipykernel_launcher" in p.cmdline()
    ]
    return kernel


def brightness(color):
    """Sum of red, green and blue of a CSS colour."""
    return sum(map(int, re.findall(r"\d+", color)[:3]))


def test_an_answer_is_in_the_store_and_a_reload_goes_on_from_there(app, page):
    elsewhere = []
    page.on(
        "request", lambda request: elsewhere.append(request.url) if request.url.startswith("http") else None
    )
    page.goto(app.url)
    hands = Hands(page)
    before, first = hands.done, hands.item
    assert page.url.endswith("/"), "the token stays in the address"
    assert page.title() == "s.db"
    hands.press("2")
    hands.draw()
    hands.press("4", "Enter")
    hands.saved(before + 1)
    given, boxes = answers(app)
    last = given.iloc[-1]
    assert (last["annotator"], last["status"], last["weather"]) == ("ann", "submitted", "rain")
    box = boxes[boxes["task_id"] == last["task_id"]].iloc[0]
    assert box["label"] == "person"
    assert 0 < box["x"] < box["x"] + box["width"] < 400
    second = hands.item
    assert second != first
    page.reload()
    hands = Hands(page)
    assert (hands.done, hands.item) == (before + 1, second)
    hands.press("3", "Enter")
    hands.saved(before + 2)
    assert not answers(app)[0]["late"].any(), "the page that was left took the new one's tasks away"
    assert {re.match(r"http://127\.0\.0\.1:\d+/", url) is not None for url in elsewhere} == {True}


def test_unfinished_work_is_there_after_a_reload(app, page):
    page.goto(app.url)
    hands = Hands(page)
    hands.draw()
    page.reload()
    hands = Hands(page)
    hands.boxes.first.wait_for()
    assert hands.boxes.count() == 1
    hands.press("3", "Enter")
    hands.root.locator(".lw-saving", has_text=re.compile("^Saved")).wait_for()


def test_a_killed_kernel_costs_no_answer_and_the_page_says_so(app, page):
    page.goto(app.url)
    hands = Hands(page)
    before, item = hands.done, hands.item
    kernel = kernel_of(page, app)
    os.kill(kernel.pid, signal.SIGKILL)
    hands.press("3", "Enter")
    hands.not_saved()
    assert len(answers(app)[0]) == before
    page.get_by_role("button", name="Reload").click()
    page.wait_for_load_state()
    hands = Hands(page)
    hands.saved(before + 1)
    given, _ = answers(app)
    assert given.iloc[-1]["weather"] == "sun"
    assert hands.item != item


def test_the_page_fits_a_phone_and_follows_light_and_dark(app, browser):
    context = browser.new_context(viewport={"width": 360, "height": 740}, color_scheme="light")
    page = context.new_page()
    page.set_default_timeout(45_000)
    page.goto(app.url)
    Hands(page)
    assert page.evaluate("document.scrollingElement.scrollWidth") == 360
    submit = page.get_by_role("button", name="Submit").bounding_box()
    assert 0 <= submit["x"] < submit["x"] + submit["width"] <= 360
    assert submit["y"] + submit["height"] <= 740
    tone = "() => getComputedStyle(document.querySelector('.lw-root')).backgroundColor"
    light = page.evaluate(tone)
    page.emulate_media(color_scheme="dark")
    page.locator("body[data-jp-theme-light=false]").wait_for()
    dark = page.evaluate(tone)
    assert brightness(light) > 600
    assert brightness(dark) < 200
    context.close()


def test_the_demonstration_checks_itself(tmp_path):
    done = subprocess.run(
        [*LABELWIDGETS, "demo", "--check"],
        cwd=tmp_path,
        env=environment(tmp_path / "home"),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "read     the same from the store" in done.stdout
    assert "the mark says Saved" in done.stdout
    assert not (tmp_path / "home/.labelwidgets/demo").exists(), "the person's own demonstration was touched"
    assert sys.executable == LABELWIDGETS[0]
