"""The ways into a published app and out of it, in a real browser: invite, password, signing out, hostile names."""

import re

import pytest

import labelwidgets as lw
from labelwidgets.app.publishing import publish
from labelwidgets.store import open_store
from tests.python.app.conftest import PASSWORD, as_app, made_store, serving

HOSTILE = "<img src=x onerror='window.hurt=1'>\"><script>window.hurt=1</script>"


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    home = tmp_path_factory.mktemp("published")
    made_store(home)
    store = open_store(home / "s.db")
    _, invited = publish(store, home / "s-app", people=["ann", "ben"], managers=["mia"], title=HOSTILE)
    store.save_member("ben", name=HOSTILE, actor="mia")
    store.close()
    with serving(home) as server:
        made = as_app(home, server)
        made.links = {each.id: each.link for each in invited}
        yield made


@pytest.fixture
def page(page):
    page.set_default_timeout(45_000)
    yield page
    assert page.evaluate("window.hurt") is None, "a name ran as code"


def choose(page, link, password=PASSWORD):
    page.goto(link)
    page.get_by_label("Password").fill(password)
    page.get_by_label("The same again").fill(password)
    page.keyboard.press("Enter")


def test_an_invite_leads_to_work_and_a_password_back_to_it(app, context, page):
    choose(page, app.links["ann"], "short one that is long")
    page.locator(".lw-app, .lw-root").first.wait_for()
    page.goto(f"{app.url}logout")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="You are signed out").wait_for()
    page.goto(f"{app.url}label/default")
    assert page.url == f"{app.url}login?next=%2Flabel%2Fdefault"
    page.keyboard.type("ann")
    page.keyboard.press("Tab")
    page.keyboard.type("wrong words here")
    page.keyboard.press("Enter")
    page.get_by_role("alert").filter(has_text="don't belong together").wait_for()
    page.keyboard.type("short one that is long")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{app.url}label/default")
    page.get_by_role("radio", name="glad").click()
    page.keyboard.press("Enter")
    page.locator(".lw-saving", has_text=re.compile("^Saved")).wait_for()
    with lw.Session(app.store, user="reader") as session:
        kept = session.annotations()
    assert kept.loc[kept["annotator"] == "ann", "mood"].tolist() == ["glad"]


def test_a_link_works_once(app, page):
    page.goto(app.links["ben"])
    page.get_by_role("heading", name="Welcome").wait_for()
    choose(page, app.links["ben"])
    page.locator(".lw-app, .lw-root").first.wait_for()
    page.goto(app.links["ben"])
    page.get_by_role("heading", name="no good any more").wait_for()
    page.get_by_role("link", name="Sign in").click()
    page.wait_for_url(app.url)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_ways_in_fit_a_phone_in_light_and_dark(app, browser, scheme):
    context = browser.new_context(viewport={"width": 360, "height": 640}, color_scheme=scheme)
    page = context.new_page()
    for path in ("login", app.links["mia"].removeprefix(app.url), "invite/x", "logout"):
        page.goto(app.url + path)
        assert page.evaluate("document.scrollingElement.scrollWidth") == 360, path
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (sum(map(int, ground[4:-1].split(","))) > 600) == (scheme == "light")
        for button in page.locator("button, .button").all():
            assert button.bounding_box()["height"] >= 44
    assert page.evaluate("window.hurt") is None
    context.close()


def test_two_people_in_two_browsers_are_two_people(app, browser):
    contexts = [browser.new_context() for _ in range(2)]
    pages = [context.new_page() for context in contexts]
    store = open_store(app.store)
    _, invited = publish(store, app.home / "s-app", people=["cem", "dee"])
    store.close()
    for page, each in zip(pages, invited, strict=True):
        page.set_default_timeout(45_000)
        choose(page, each.link, f"words of {each.id} only")
        page.locator(".lw-app, .lw-root").first.wait_for()
        page.goto(f"{app.url}label/default")
        page.get_by_role("radio", name="sad").click()
        page.keyboard.press("Enter")
        page.locator(".lw-saving", has_text=re.compile("^Saved")).wait_for()
    with lw.Session(app.store, user="reader") as session:
        kept = session.annotations()
    mine = kept[kept["annotator"].isin(["cem", "dee"])]
    assert set(mine["annotator"]) == {"cem", "dee"}
    assert mine["task_id"].is_unique
    for context in contexts:
        context.close()
