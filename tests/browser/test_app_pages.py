"""The pages of a published app, in a real browser: every page by keyboard, at 360 px, told the truth, hostile words as text."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest

import labelwidgets as lw
from labelwidgets.accounts import Accounts
from labelwidgets.store import open_store
from labelwidgets.workspace import Workspace

from .team import CONFIG, LETTERS, answer, app_of, store_of_a_team
from .test_hostile_text import PAYLOADS

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"

SEEN = {"objects": [lw.Box(1, 1, 20, 20, label="car")], "weather": "sun"}

FILL = """() => { document.body.style.padding = '0'; document.documentElement.style.setProperty('--lw-height', '100vh'); }"""

PAGES = {
    "projects": "",
    "label": "label/street",
    "work": "work/street",
    "manage": "manage/street",
    "about": "about",
}


class Visit:
    """Somebody at the app's page, and the store behind it."""

    def __init__(self, host, path):
        self.host, self.page, self.path = host, host.page, path
        self.ticket, self.kernel = {"status": 200, "json": {"ticket": "t"}}, {"status": 200, "json": {}}
        self.asked = []
        host.page.route("http://widgets.test/ticket", self._give)
        host.page.route("http://widgets.test/api/kernels/**", lambda route: route.fulfill(**self.kernel))

    def _give(self, route):
        self.asked.append(route.request.post_data_json)
        route.fulfill(**self.ticket)

    def at(self, path, who="ann"):
        self.app = app_of(self.path, t=who)
        self.host.show(self.app, path=path, config=CONFIG, script=FILL)
        self.page.locator(".lw-a-page h1, .lw-root, .lw-state h2").first.wait_for()
        self.host.settle()
        return self

    def link(self, name):
        return self.page.locator(".lw-a-nav a", has_text=name)

    def heading(self, text):
        self.page.locator("h1", has_text=text).wait_for()
        self.host.settle()

    def go(self, name, heading):
        self.link(name).click()
        self.heading(heading)

    @property
    def place(self):
        return self.page.evaluate("() => location.pathname")

    def workspace(self, **who):
        return Workspace(self.path, **(who or {"user": "owner"}))


@pytest.fixture
def visit(host, tmp_path):
    path = store_of_a_team(tmp_path)
    answer(path, "ann", "street", 3, SEEN)
    answer(path, "ann", "street", 1, SEEN, confidence="unsure")
    answer(path, "ben", "street", 2, SEEN)
    return Visit(host, path)


class TestComingIn:
    def test_the_ticket_is_asked_for_with_the_kernel_and_the_project_stands_there(self, visit):
        visit.at("label/street")
        visit.page.locator(".lw-root .lw-stage canvas").first.wait_for()
        assert visit.asked == [{"kernel": "k1"}]
        assert visit.page.title() == "Label · street · City survey"
        visit.page.locator(".lw-progress", has_text="6 of 12").wait_for()

    def test_whoever_has_one_project_stands_before_a_task(self, visit):
        visit.at("", who="ben")
        visit.page.locator(".lw-root .lw-stage canvas").first.wait_for()
        assert visit.place == "/label/street"

    def test_who_is_signed_out_is_told_and_led_to_the_door_and_back(self, visit):
        visit.ticket = {"status": 401, "json": {}}
        visit.at("work/street")
        visit.page.get_by_role("heading", name="You are signed out").wait_for()
        link = visit.page.get_by_role("link", name="Sign in")
        assert link.get_attribute("href") == "/login?next=%2Fwork%2Fstreet"
        assert "street" not in visit.page.locator(".lw-app").inner_text()
        visit.host.errors.clear()  # the browser writes down the 401

    def test_a_page_of_somebody_else_is_not_shown(self, visit):
        visit.ticket = {"status": 403, "json": {"reason": "This kernel is not yours."}}
        visit.at("label/street")
        visit.page.get_by_text("This kernel is not yours.").wait_for()
        visit.host.errors.clear()

    def test_a_forged_ticket_opens_nothing(self, visit):
        visit.ticket = {"status": 200, "json": {"ticket": "forged"}}
        visit.at("label/street")
        visit.page.get_by_text("could not show who you are").wait_for()
        assert visit.page.locator(".lw-root").count() == 0

    def test_without_a_network_it_says_so_and_tries_again(self, visit):
        visit.page.route("http://widgets.test/ticket", lambda route: route.abort())
        visit.at("")
        visit.page.get_by_role("heading", name="The server can't be reached").wait_for()
        visit.page.unroute("http://widgets.test/ticket")
        visit.page.route("http://widgets.test/ticket", visit._give)
        visit.page.get_by_role("button", name="Try now").click()
        visit.heading("Projects")
        visit.host.errors.clear()

    def test_nobody_with_no_project_is_left_alone(self, visit):
        with visit.workspace() as workspace:
            workspace.invite("new", name="Newcomer")
        visit.at("", who="new")
        visit.page.get_by_text("Ask whoever invited you").wait_for()


class TestGoingAround:
    def test_pages_have_addresses_that_go_back_and_forward(self, visit):
        visit.at("")
        visit.heading("Projects")
        visit.page.get_by_role("link", name="Go on with street").click()
        visit.page.locator(".lw-root .lw-stage canvas").first.wait_for()
        visit.go("My work", "My work")
        visit.go("About", "About")
        seen = [visit.place]
        for _ in range(3):
            visit.page.go_back()
            visit.host.settle()
            seen.append(visit.place)
        assert seen == ["/about", "/work/street", "/label/street", "/"]
        visit.page.go_forward()
        visit.page.locator(".lw-root .lw-stage canvas").first.wait_for()
        assert visit.place == "/label/street"

    def test_the_current_page_is_said_and_gets_the_focus(self, visit):
        visit.at("label/street")
        visit.go("My work", "My work")
        assert visit.link("My work").get_attribute("aria-current") == "page"
        assert visit.link("Label").get_attribute("aria-current") is None
        assert visit.page.evaluate("() => document.activeElement.tagName") == "H1"
        visit.page.locator(".lw-app > [role=status]", has_text="My work · street").wait_for(state="attached")
        assert visit.page.title() == "My work · street · City survey"
        visit.link("Label").click()
        visit.page.locator(".lw-root .lw-stage canvas").first.wait_for()
        visit.page.wait_for_function("() => document.activeElement.classList.contains('lw-root')")

    def test_one_key_opens_any_page_or_project(self, visit):
        visit.at("label/street")
        root = visit.page.locator(".lw-root")
        root.focus()
        visit.page.keyboard.press("?")
        visit.page.get_by_text("Open a page or a project of the app").wait_for()
        visit.page.keyboard.press("Escape")
        root.focus()
        visit.page.keyboard.press("Shift+O")
        visit.page.get_by_role("dialog", name="Go to").wait_for()
        visit.page.keyboard.type("lett")
        visit.page.keyboard.press("Enter")
        visit.page.get_by_text("Letter 0: we are not amused.").first.wait_for()
        assert visit.place == "/label/letters"
        visit.go("About", "About")
        visit.page.keyboard.press("Shift+O")
        visit.page.keyboard.type("my")
        visit.page.keyboard.press("Enter")
        visit.heading("My work")
        assert visit.place == "/work/letters"

    def test_a_capital_letter_in_a_field_is_a_letter(self, visit):
        visit.at("manage/street", who="mia")
        visit.page.get_by_role("tab", name="People").click()
        visit.page.get_by_role("button", name="Invite somebody").click()
        visit.page.get_by_label("Id").press("Shift+O")
        assert visit.page.get_by_label("Id").input_value() == "O"
        assert visit.page.get_by_role("dialog", name="Go to").count() == 0

    def test_no_page_is_offered_that_is_not_for_somebody(self, visit):
        visit.at("")
        assert visit.link("Manage").count() == 0
        visit.at("manage/street")
        visit.page.get_by_text("You may not read everybody's answers").wait_for()
        visit.at("label/secret")
        visit.page.get_by_text("There is no project 'secret' for you").wait_for()

    def test_a_click_with_a_modifier_is_the_browsers(self, visit):
        visit.at("about")
        visit.heading("About")
        with visit.page.context.expect_page() as opened:
            visit.link("My work").click(modifiers=["Control"])
        assert visit.place == "/about"
        opened.value.close()


class TestLabeling:
    def test_answers_reach_the_store_and_the_pages(self, visit):
        visit.at("label/letters")
        root = visit.page.locator(".lw-root")
        root.focus()
        for key in ("1", "2", "3"):
            visit.page.keyboard.press(key)
        visit.host.settle()
        visit.page.locator(".lw-saving", has_text=re.compile("^Saved")).wait_for()
        visit.go("My work", "My work")
        assert visit.page.locator(".lw-a-answer").count() == 3
        visit.page.get_by_text("cross", exact=True).wait_for()
        with lw.Session(visit.path, name="letters", user="owner") as session:
            assert session.annotations()["mood"].tolist() == ["glad", "calm", "cross"]

    def test_an_answer_is_opened_again_and_changed(self, visit):
        answer(visit.path, "ann", "letters", 3, {"mood": "glad"})
        visit.at("work/letters")
        visit.page.locator(".lw-a-answer").last.click()
        visit.page.locator(".lw-root").get_by_text("Letter 0: we are not amused.").wait_for()
        visit.page.wait_for_function("() => document.activeElement.closest('.lw-root')")
        visit.page.keyboard.press("3")
        visit.host.settle()
        with lw.Session(visit.path, name="letters", user="owner") as session:
            first = int(session.annotations()["task_id"].min())
            assert session.history(first)["mood"].tolist() == ["glad", "cross"]

    def test_leaving_the_page_and_coming_back_goes_on_where_one_was(self, visit):
        visit.at("label/street")
        visit.page.locator(".lw-root .lw-side").get_by_text(".png").wait_for()
        before = visit.page.locator(".lw-root .lw-side").get_by_text(".png").inner_text()
        visit.go("About", "About")
        visit.link("Label").click()
        visit.page.locator(".lw-root .lw-side").get_by_text(before).wait_for()

    def test_instructions_come_before_the_first_task_and_one_key_begins(self, visit):
        visit.at("label/street", who="rea")
        visit.page.get_by_role("heading", name="What to draw").wait_for()
        widget, drawer = (visit.page.locator(each).bounding_box() for each in (".lw-root", ".lw-drawer"))
        assert all(abs(drawer[side] - widget[side]) <= 1 for side in widget)  # nothing of the task is seen
        visit.page.wait_for_function("() => document.activeElement.closest('.lw-drawer')")
        visit.page.keyboard.press("4")  # answers nothing
        visit.page.keyboard.press("Enter")
        visit.page.locator(".lw-drawer").wait_for(state="detached")
        assert visit.page.locator(".lw-label.lw-on", has_text="sun").count() == 0
        visit.page.keyboard.press("4")
        visit.page.locator(".lw-label.lw-on", has_text="sun").wait_for()


class TestTruth:
    def silent(self, visit, status, then=31_000):
        visit.host.page.clock.install()
        visit.at("work/street")
        visit.heading("My work")
        visit.kernel = {"status": status, "json": {}}
        visit.host.dead = True
        visit.page.clock.run_for(then)

    def test_a_kernel_that_was_ended_is_said_to_be_and_one_key_goes_on(self, visit):
        self.silent(visit, 404)
        visit.page.get_by_role("dialog", name="This page fell asleep").wait_for()
        visit.host.dead = False
        with visit.page.expect_navigation():
            visit.page.keyboard.press("Enter")
        visit.host.errors.clear()

    def test_a_server_that_is_away_is_waited_for(self, visit):
        self.silent(visit, 502)
        visit.page.get_by_text("This page tries again by itself").wait_for()
        visit.heading("My work")  # what was there stays
        visit.host.dead = False
        visit.page.clock.run_for(25_000)
        visit.host.settle()
        visit.page.get_by_text("This page tries again by itself").wait_for(state="detached")
        visit.host.errors.clear()

    def test_whoever_signed_out_elsewhere_is_told(self, visit):
        self.silent(visit, 401)
        visit.page.get_by_role("heading", name="You are signed out").wait_for()
        visit.host.errors.clear()

    def test_whoever_left_is_told_at_the_next_act(self, visit):
        visit.at("work/street")
        with visit.workspace() as workspace:
            workspace.remove("ann")
        visit.link("About").click()
        visit.page.get_by_role("heading", name="Your access has ended").wait_for()
        assert "car" not in visit.page.locator(".lw-app").inner_text()


class TestManaging:
    def test_the_numbers_are_the_stores_and_stay_so(self, visit):
        visit.at("manage/street", who="mia")
        row = visit.page.locator(".lw-a-table tbody tr", has_text="Ann Lee")
        assert row.locator("td").first.inner_text() == "4 of 8"
        answer(visit.path, "ann", "street", 2, SEEN)
        visit.page.locator("tr", has_text="Ann Lee").get_by_text("6 of 8").wait_for()
        with visit.workspace() as workspace:
            (work,) = [each for each in workspace.team("street") if each.id == "ann"]
        assert (work.answered, work.goal) == (6, 8)

    def test_a_table_is_sorted_by_its_headings_and_by_keyboard(self, visit):
        visit.at("manage/street", who="mia")
        names = visit.page.locator(".lw-a-table tbody tr:not(.lw-a-total) th")
        assert names.all_inner_texts()[0].startswith("Ann")
        heading = visit.page.get_by_role("columnheader", name="Who")
        heading.get_by_role("button").focus()
        visit.page.keyboard.press("Enter")
        visit.page.keyboard.press("Enter")
        assert heading.get_attribute("aria-sort") == "descending"
        assert names.all_inner_texts()[0].startswith("Réa")

    def test_an_invitation_becomes_a_link_that_works(self, visit):
        visit.at("manage/street", who="mia")
        visit.page.get_by_role("tab", name="People").click()
        visit.page.get_by_role("button", name="Invite somebody").click()
        visit.page.get_by_label("Id").fill("eve")
        visit.page.get_by_label("Name", exact=True).fill("Eve")
        visit.page.get_by_role("button", name="Only some").click()
        visit.page.get_by_label("Column").select_option("city")
        visit.page.get_by_label("Value").fill("Ulm")
        visit.page.get_by_label("Goal").fill("5")
        visit.page.get_by_role("button", name="Make a link").click()
        link = visit.page.get_by_label("Link").input_value()
        word = re.fullmatch(r"http://widgets\.test/invite/(\S+)", link)[1]
        store = open_store(visit.path)
        assert Accounts(store).accept(word, "four plain words") == "eve"
        store.close()
        with visit.workspace() as workspace:
            (given,) = workspace.person("eve").projects
        assert (given.project, given.where, given.goal) == ("street", {"city": "Ulm"}, 5)
        visit.page.get_by_role("button", name="Close").click()
        visit.page.locator(".lw-a-table").get_by_text("Eve").first.wait_for()

    def test_removing_somebody_says_what_it_means_first(self, visit):
        visit.at("manage/street", who="mia")
        visit.page.get_by_role("tab", name="People").click()
        row = visit.page.locator("tr", has_text="Ben Okafor")
        row.get_by_role("button", name="Remove").click()
        dialog = visit.page.get_by_role("dialog", name="Remove Ben Okafor?")
        assert "Their 2 answers here" in dialog.inner_text()
        visit.page.keyboard.press("Escape")
        dialog.wait_for(state="detached")
        with visit.workspace() as workspace:
            assert workspace.person("ben").active
        row.get_by_role("button", name="Remove").click()
        dialog.get_by_role("button", name="Remove").click()
        row.get_by_role("button", name="Restore").wait_for()
        with visit.workspace() as workspace:
            assert not workspace.person("ben").active

    def test_what_is_refused_says_why_and_changes_nothing(self, visit):
        with visit.workspace() as workspace:
            workspace.invite("root", name="Root", role="admin")
        visit.at("manage/street", who="mia")
        visit.page.get_by_role("tab", name="People").click()
        assert visit.page.locator("tr", has_text="Root").get_by_role("button").count() == 0
        visit.page.get_by_role("button", name="Invite somebody").click()
        visit.page.get_by_label("Id").fill("root")
        visit.page.get_by_role("button", name="Make a link").click()
        visit.page.get_by_role("alert").get_by_text("may").first.wait_for()

    def test_access_order_and_archive(self, visit):
        visit.at("manage/street", who="mia")
        visit.page.get_by_role("tab", name="People").click()
        visit.page.locator(".lw-a-assigned li", has_text="night").get_by_role("button", name="Change").click()
        assert visit.page.get_by_label("Value").input_value() == "Bonn"
        visit.page.get_by_label("Goal").fill("3")
        visit.page.get_by_role("dialog").get_by_role("button", name="Change").click()
        visit.page.get_by_text("city is Bonn · goal 3").wait_for()
        visit.page.get_by_role("tab", name="Order").click()
        visit.page.get_by_role("button", name="Only some").click()
        visit.page.get_by_label("Column").select_option("city")
        visit.page.get_by_role("button", name="Set the order").click()  # not all tasks by a slip
        assert visit.page.get_by_label("Value").evaluate("field => field.matches(':focus:invalid')")
        visit.page.get_by_label("Value").fill("Kiel")
        visit.page.get_by_role("button", name="Count them").click()
        visit.page.get_by_text("4 tasks meant: city is Kiel.").wait_for()
        visit.page.get_by_role("button", name="And").click()
        second = visit.page.get_by_label("Column").nth(1)
        second.select_option("city")
        visit.page.get_by_label("Value").nth(1).fill("Bonn")
        visit.page.get_by_role("alert").get_by_text("“city” has a condition above").wait_for()
        visit.page.get_by_role("button", name="Set the order").click()  # one alone would count
        assert second.evaluate("field => field.matches(':focus:invalid')")
        visit.page.get_by_role("button", name="Remove this condition").nth(1).click()
        visit.page.get_by_role("button", name="Set the order").click()
        visit.page.get_by_text("4 tasks changed: city is Kiel.").wait_for()
        visit.page.get_by_role("tab", name="Project").click()
        visit.page.get_by_role("button", name="Archive").click()
        visit.page.get_by_role("dialog").get_by_role("button", name="Archive").click()
        visit.page.get_by_text("This project is archived").wait_for()
        assert visit.link("Label").count() == 0
        visit.page.get_by_role("button", name="Take it back").click()
        visit.link("Label").wait_for()

    def test_the_template_is_a_file(self, visit):
        visit.at("manage/street", who="mia")
        visit.page.get_by_role("tab", name="Project").click()
        with visit.page.expect_download() as loaded:
            visit.page.get_by_role("button", name="Download").click()
        assert loaded.value.suggested_filename == "street.template.json"
        with visit.workspace() as workspace:
            made = workspace.template("street").to_json()
        assert json.loads(Path(loaded.value.path()).read_text()) == json.loads(json.dumps(made))


class TestMyWork:
    def test_filters_and_older_ones(self, host, tmp_path):
        path = store_of_a_team(tmp_path, items=60)
        answer(path, "ann", "letters", 58, {"mood": "calm"})
        answer(path, "ann", "letters", 2, {"mood": "cross"}, confidence="unsure")
        visit = Visit(host, path).at("work/letters")
        rows = visit.page.locator(".lw-a-answer")
        assert rows.count() == 50
        visit.page.get_by_role("button", name="Show older ones").click()
        visit.page.get_by_role("button", name="Show older ones").wait_for(state="detached")
        assert rows.count() == 60
        visit.page.get_by_role("button", name="Unsure", exact=True).click()
        visit.page.wait_for_function("() => document.querySelectorAll('.lw-a-answer').length === 2")
        visit.page.get_by_role("button", name="Skipped", exact=True).click()
        visit.page.get_by_text("None of your answers is.").wait_for()

    def test_pictures_comments_and_the_goal(self, visit):
        with visit.workspace(member="rea") as workspace, workspace.open("street") as session:
            session.comment(1, "Too wide, I think.")
        visit.at("work/street")
        visit.page.wait_for_function("() => document.querySelectorAll('.lw-a-thumb img').length === 4")
        assert visit.page.locator(".lw-a-fact", has_text="Your goal").inner_text().split("\n")[-1] == "4 of 8"
        visit.page.get_by_role("button", name="Too wide, I think.").click()
        visit.page.locator(".lw-root .lw-side").get_by_text("Too wide, I think.").wait_for()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(page, comms, visit, name, theme):
    if not AXE.is_file():
        pytest.skip("run `make bundles` first: axe-core comes with the front end's tools")
    page.emulate_media(reduced_motion="reduce")
    visit.host.theme = theme
    visit.at(PAGES[name], who="mia")
    page.locator(".lw-a-page h1, .lw-root").first.wait_for()
    page.add_script_tag(path=AXE)
    tabs = ("Overview", "People", "Order", "Project") if name == "manage" else ("",)
    for tab in tabs:
        if tab:
            page.get_by_role("tab", name=tab).click()
        found = page.evaluate("() => axe.run('.lw-app')")
        told = [
            f"{v['id']}: {v['help']} {[n['html'][:160] for n in v['nodes'][:3]]}" for v in found["violations"]
        ]
        assert told == [], tab


def test_axe_finds_nothing_in_what_opens(page, visit):
    page.emulate_media(reduced_motion="reduce")
    visit.at("manage/street", who="mia")
    page.get_by_role("tab", name="People").click()
    page.add_script_tag(path=AXE)
    openers = {
        "Invite somebody": lambda: page.get_by_role("button", name="Invite somebody").click(),
        "Remove": lambda: page.locator("tr", has_text="Ben").get_by_role("button", name="Remove").click(),
        "New link": lambda: page.get_by_role("button", name="New link").first.click(),
        "Go to": lambda: page.keyboard.press("Shift+O"),
    }
    for name, opens in openers.items():
        opens()
        page.locator("dialog").wait_for()
        found = page.evaluate("() => axe.run('.lw-app')")
        assert [v["id"] for v in found["violations"]] == [], name
        page.keyboard.press("Escape")
        page.locator("dialog").wait_for(state="detached")
    page.get_by_role("button", name=re.compile("^You:")).click()
    found = page.evaluate("() => axe.run('.lw-app')")
    assert [v["id"] for v in found["violations"]] == []


@pytest.mark.parametrize("width", [360, 700, 1600])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_sticks_out(visit, name, width):
    visit.page.set_viewport_size({"width": width, "height": 780})
    visit.at(PAGES[name], who="mia")
    visit.page.locator(".lw-a-page h1, .lw-root").first.wait_for()
    tabs = ("Overview", "People", "Order", "Project") if name == "manage" else ("",)
    for tab in tabs:
        if tab:
            visit.page.get_by_role("tab", name=tab).click()
        out = visit.page.evaluate(
            """() => [...document.querySelectorAll('.lw-app *')]
              .filter((e) => e.checkVisibility?.({ checkOpacity: true, checkVisibilityCSS: true }) && !e.closest('.lw-a-tabs, [aria-hidden=true], .lw-unseen, .lw-long'))
              .filter((e) => { const r = e.getBoundingClientRect(); return r.width > 1 && (r.right > innerWidth + 1 || r.left < -1); })
              .map((e) => e.outerHTML.slice(0, 100))"""
        )
        assert out == [], tab
    assert visit.page.locator(".lw-a-head").bounding_box()["height"] <= 41


def test_a_phone_reaches_every_page(visit):
    visit.page.set_viewport_size({"width": 360, "height": 780})
    visit.at("label/street", who="mia")
    visit.page.locator(".lw-root .lw-stage canvas").first.wait_for()
    stage = visit.page.locator(".lw-root").bounding_box()
    assert stage["height"] >= 780 - 41
    for name in ("My work", "Manage", "About", "Projects", "Label"):
        visit.page.get_by_role("button", name="Menu").click()
        visit.page.locator(".lw-a-drop").get_by_role("link", name=name, exact=True).click()
        visit.host.settle()
        assert visit.page.locator(".lw-a-drop").count() == 0
    visit.page.locator(".lw-root .lw-stage canvas").first.wait_for()


def test_hostile_words_are_words_on_every_page(host, tmp_path):
    """Names of projects, people, groups, labels, columns, items, comments."""
    path, owner = store_of_a_team(tmp_path), lw.User("owner")
    printable = [each for each in PAYLOADS if each.isprintable()]
    names = [each.replace("/", "|") for each in printable]
    data = pd.DataFrame({"text": printable, names[0][:60]: printable})
    labels = [lw.Label(f"l{n}", title=each) for n, each in enumerate(printable[:12])]
    schema = lw.Schema(lw.Choice("mood", labels, title=printable[3]), lw.Text("note", required=False))
    lw.Session(path, data=data, item="text", schema=schema, user=owner, name=names[3]).close()
    with Workspace(path, user=owner) as workspace:
        for n, each in enumerate(printable[:12]):
            workspace.invite(f"p{n}", name=each, team=each[:60], groups=[printable[n + 12][:60]])
            workspace.assign(names[3], person=f"p{n}")
        workspace.assign(names[3], group=printable[12][:60], where={names[0][:60]: printable[:3]})
        workspace.assign(names[3], person="mia")
    answer(path, "mia", names[3], 5, {"mood": "l0", "note": printable[7]})
    with Workspace(path, member="mia") as workspace, workspace.open(names[3]) as session:
        answered = session.recent(1)[0].task_id
    with Workspace(path, member="p3") as workspace, workspace.open(names[3]) as session:
        session.comment(answered, printable[10])
    host.page.add_init_script("window.pwn = () => { window.pwned = (window.pwned ?? 0) + 1; };")
    host.page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
    visit = Visit(host, path).at("", who="mia")
    seen = """() => ({ ran: window.pwned ?? 0,
      markup: document.querySelectorAll('.lw-app :is(script, iframe, object, embed, marquee, math, video, audio)').length,
      handlers: [...document.querySelectorAll('.lw-app *')].flatMap((e) => [...e.attributes])
        .filter((a) => /^on/.test(a.name) || /^\\s*javascript:/i.test(a.value)).map((a) => a.name + '=' + a.value) })"""

    def calm():
        visit.page.wait_for_timeout(100)
        assert visit.page.evaluate(seen) == {"ran": 0, "markup": 0, "handlers": []}

    visit.page.locator("h2", has_text=names[3]).first.wait_for()
    calm()
    visit.page.keyboard.press("Shift+O")
    visit.page.get_by_role("dialog").get_by_text(names[3]).first.wait_for()
    calm()
    visit.page.keyboard.press("Escape")
    visit.page.get_by_role("link", name=f"Go on with {names[3]}").click()
    visit.page.locator(".lw-root").wait_for()
    visit.host.settle()
    calm()
    visit.go("My work", "My work")
    visit.page.get_by_text(printable[10]).first.wait_for()
    calm()
    visit.go("Manage", "Manage")
    calm()
    for tab in ("People", "Order", "Project"):
        visit.page.get_by_role("tab", name=tab).click()
        calm()
    assert visit.page.title().startswith("Manage · ")


def test_fifty_projects_are_found_by_typing(host, tmp_path):
    path, owner = store_of_a_team(tmp_path), lw.User("owner")
    for n in range(48):
        lw.Session(path, data=["a"], item="item", schema=LETTERS, user=owner, name=f"area {n}").close()
    visit = Visit(host, path).at("", who="mia")
    assert visit.page.locator(".lw-a-card").count() == 50
    visit.page.get_by_label("Find a project").fill("area 47")
    assert visit.page.locator(".lw-a-card").count() == 1
    visit.page.get_by_label("Find a project").fill("nothing like it")
    visit.page.get_by_text("No project has").wait_for()


def test_in_a_notebook_a_manager_needs_no_ticket(host, tmp_path):
    from labelwidgets.app.shell import AppWidget

    path = store_of_a_team(tmp_path)
    with Workspace(path, user=lw.User("owner")) as workspace:
        app = AppWidget(workspace)
        host.show(app)
        host.page.locator("h1", has_text="Projects").wait_for()
        host.page.locator(".lw-a-card", has_text="street").get_by_role("link", name="Manage").click()
        host.page.locator("h1", has_text="Manage").wait_for()
        assert host.page.evaluate("() => location.pathname") == "/"
        app.close()


def test_what_it_takes_stays_small():
    from labelwidgets.widget import STATIC

    assert (STATIC / "app.js").stat().st_size <= 40_000
    assert (STATIC / "manage.js").stat().st_size <= 40_000
