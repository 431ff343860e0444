"""The front end comes in parts: what is there first suffices to label, the rest comes by itself."""

import pandas as pd
import pytest

import labelwidgets as lw

MOODS = [f"mood {n}" for n in range(20)]


@pytest.fixture
def session(tmp_path):
    data = pd.DataFrame({"text": [f"message {n}" for n in range(9)]})
    schema = lw.Schema(lw.Choice("mood", ["glad", "sad"]), instructions="# Be fair")
    with lw.Session(tmp_path / "s.db", data=data, item="text", schema=schema, user="ann") as session:
        yield session


def answers(session):
    table = session.annotations()
    return dict(zip(table["task_id"], table["mood"], strict=True))


def test_labeling_does_not_wait_for_the_later_part(host, session):
    host.show(lw.label(session), script="lwHost.delays = {more: 60}")
    host.page.get_by_text("message 0", exact=True).wait_for()
    host.page.get_by_role("status").filter(has_text="Loading").first.wait_for()
    host.page.locator(".lw-root").focus()
    for key in "12":
        host.page.keyboard.press(key)
    host.page.get_by_text("message 2", exact=True).wait_for()
    host.settle()
    assert answers(session) == {1: "glad", 2: "sad"}


def test_what_was_asked_for_too_early_comes_with_it(host, session):
    host.show(lw.label(session), script="lwHost.delays = {more: 1.5}")
    host.page.get_by_text("message 0", exact=True).wait_for()
    host.page.locator(".lw-root").focus()
    host.page.keyboard.press("?")
    assert host.page.get_by_role("dialog").count() == 0
    host.page.get_by_role("dialog", name="Keyboard shortcuts").wait_for()


def test_it_needs_no_kernel_once_the_page_is_there(host, session):
    host.dead = True
    host.show(lw.label(session))
    host.page.get_by_role("heading", name="Be fair").wait_for()


def test_a_later_part_that_fails_is_asked_for_again(host, session):
    script = "lwHost.delays = {more: 0.5}; setTimeout(() => { lwHost.bundleFails = 1; }, 400)"
    host.show(lw.label(session), script=script)
    host.page.get_by_role("button", name="Try again").first.click()
    host.page.get_by_role("heading", name="Be fair").wait_for()
    host.errors.clear()


def test_a_host_without_models_gets_the_parts_by_message(host, session):
    host.show(lw.label(session), script="lwHost.noManager = true")
    host.page.get_by_role("heading", name="Be fair").wait_for()
    assert sorted(act["name"] for act in host.acts if act["kind"] == "bundle") == [
        "choice",
        "frame",
        "more",
    ]
    assert host.page.locator("style[id^=lw-style]").count() == 1
    host.page.locator(".lw-root").focus()
    host.page.keyboard.press("2")
    host.settle()
    assert answers(session) == {1: "sad"}


@pytest.mark.parametrize("script", ["", "lwHost.noManager = true"])
def test_relations_share_the_part_of_texts_with_those_that_have_none(host, tmp_path, script):
    data = pd.DataFrame({"text": ["Ann works for Acme"]})
    spans = lw.Spans("entities", ["PER", "ORG"])
    plain = lw.Session(tmp_path / "p.db", data=data, item="text", schema=lw.Schema(spans), user="ann")
    schema = lw.Schema(spans, lw.Relations("relations", ["works for"], between="entities"))
    joined = lw.Session(tmp_path / "r.db", data=data, item="text", schema=schema, user="ann")
    host.show(lw.label(plain), lw.label(joined), script=script)
    host.page.get_by_role("button", name="relations", exact=True).click()
    host.page.get_by_role("button", name="works for").wait_for()
    host.page.get_by_text("Loading…").first.wait_for(state="detached")
    # The frame, texts, relations, and what comes later.
    assert host.page.evaluate("globalThis.__labelwidgets.size") == 4
    plain.close()
    joined.close()


def test_twenty_widgets_bring_each_part_and_sheet_once(host, session):
    host.show(*[lw.label(session) for _ in range(20)])
    host.page.locator(".lw-root").nth(19).wait_for()
    assert host.page.evaluate("globalThis.__labelwidgets.size") in {2, 3}
    assert host.page.locator("style[id^=lw-style]").count() == 1


def test_a_grid_and_a_long_list_of_options(host, tmp_path):
    data = pd.DataFrame({"text": [f"message {n}" for n in range(9)]})
    schema = lw.Schema(lw.Choice("mood", MOODS))
    session = lw.Session(tmp_path / "g.db", data=data, item="text", schema=schema, user="ann")
    host.show(lw.ClassificationWidget(session, grid=True))
    host.page.get_by_role("option", name="message 0").click()
    host.page.get_by_role("combobox").fill("mood 17")
    host.page.keyboard.press("Enter")
    host.page.locator(".lw-grid").focus()
    host.page.keyboard.press("Enter")
    host.settle()
    assert answers(session) == {1: "mood 17"}
    session.close()
