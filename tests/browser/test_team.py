"""A day of a team and the next: three people label at once, their manager looks on, one is let go, the server ends."""

import json
import re
import signal
import subprocess
import time
from collections import defaultdict
from dataclasses import dataclass, field

import pytest

import labelwidgets as lw
from tests.servers import LABELWIDGETS, environment, running

from .person import Person

PEOPLE = ("ann", "ben", "cleo")
TASKS, OVERLAP = 30, 2
FIRST_DAY = 13
"""Answers of each before one of them is let go."""

PATIENCE_S = 60


class App:
    """Published and served as people do it, by two commands."""

    def __init__(self, home):
        self.home, self.env = home, environment(home / "home")
        texts = [{"text": f"message {n}"} for n in range(TASKS)]
        schema = lw.Schema(lw.Text("reply"), instructions="# Who are you\n\nSay **who** you are.")
        lw.Session(home / "street.db", data=texts, item="text", schema=schema, overlap=OVERLAP).close()
        told = json.loads(
            self._run("publish", "street.db", "--people", ",".join(PEOPLE), "--managers", "mia")
        )
        self.url = told["url"]
        self.links = {each["id"]: each["link"] for each in told["people"]}

    def _run(self, *words):
        command = [*LABELWIDGETS, *words, "--json"]
        done = subprocess.run(
            command, cwd=self.home, env=self.env, capture_output=True, text=True, check=True
        )
        return done.stdout

    def served(self):
        log = str(self.home / "app.log")
        command = [*LABELWIDGETS, "serve", "street.db", "--no-browser", "--log-file", log]
        return running(command, cwd=self.home, env=self.env, ready="Ctrl+C")

    @property
    def is_done(self):
        with lw.Session(self.home / "street.db", user="reader") as session:
            return session.progress.done == TASKS

    @property
    def answers(self):
        with lw.Session(self.home / "street.db", user="reader") as session:
            return session.annotations()


class Labeler(Person):
    """Writes into each task who they are, by the keyboard alone."""

    def __init__(self, browser, app, name):
        super().__init__(browser, app.url, name)
        self.seen, self.given = [], []
        self.accept(app.links[name])
        self.page.get_by_role("button", name="Start labeling").wait_for()
        self.page.keyboard.press("Enter")  # the instructions are read
        self.page.locator(".lw-drawer").wait_for(state="detached")

    @property
    def box(self):
        return self.page.locator(".lw-root").get_by_role("textbox", name="reply")

    def look(self):
        """The task on the desk, noted; None when there is none for this person."""
        self.page.locator(".lw-root .lw-progress").wait_for()
        ready = self.box.or_(self.page.get_by_text("Nothing left")).first
        ready.wait_for()
        item = self.item()
        if item is not None and self.seen[-1:] != [item]:
            self.seen.append(item)
        return item

    def type(self):
        """Write an answer that nobody else writes."""
        word = f"only-{self.name}-wrote-{len(self.given)}"
        self.box.focus()
        self.page.keyboard.type(word)
        return word

    def answer(self):
        """Answer the task on the desk, without waiting for anything; False when there is none."""
        if self.look() is None:
            return False
        self.given.append(self.type())
        self.page.keyboard.press("Enter")
        return True


@dataclass
class Day:
    """What was seen, for the tests to judge.

    Attributes
    ----------
    people : dict
        Name to Labeler.
    manager : Person
    counted : list of tuple
        What the manager's page showed and what the answers in the store say: id to number of answers, tasks done.
    """

    app: App
    people: dict
    manager: Person
    counted: list = field(default_factory=list)
    refused: tuple = ()
    unsent: str = ""
    draft: tuple = ()
    found: dict = field(default_factory=dict)


@pytest.fixture(scope="module")
def day(tmp_path_factory, browser):
    app = App(tmp_path_factory.mktemp("team"))
    with app.served() as server:
        people = {name: Labeler(browser, app, name) for name in PEOPLE}
        manager = Person(browser, app.url, "mia")
        manager.accept(app.links["mia"])
        day = Day(app, people, manager)
        try:
            label_together(day)
            let_go(day, "cleo")
            leave_in_the_middle(day, server)
            with app.served():
                the_next_day(day)
                yield day
        finally:
            for each in (*people.values(), manager):
                each.close()


def label_together(day):
    """All three at once: nobody waits for an answer of the kernel, nor for the others."""
    for _ in range(FIRST_DAY):
        for person in day.people.values():
            assert person.answer()
    for person in day.people.values():
        person.says("Saved")
    count(day)


def count(day):
    """Compare what the manager's page shows with what the answers say."""
    page = day.manager.page
    page.goto(f"{day.app.url}manage/default")
    answers = day.app.answers
    by_person = answers.groupby("annotator").size().to_dict() | {"All": len(answers)}
    by_task = answers.groupby("task_id")["annotator"].nunique()
    done = int((by_task >= OVERLAP).sum())
    table = page.get_by_role("table", name="Team").locator("tbody tr")
    table.first.wait_for()
    rows = [[cell.inner_text() for cell in row.locator("th, td").all()] for row in table.all()]
    shown = {cells[0].split()[0]: int(cells[1]) for cells in rows if int(cells[1])}
    figure = page.locator(".lw-a-figures .lw-a-fact", has_text="Done").locator("dd").inner_text()
    day.counted.append(((shown, int(figure)), (by_person, done)))


def let_go(day, name):
    """The manager removes somebody by the page, who has just begun an answer; it is not taken."""
    page, gone = day.manager.page, day.people[name]
    assert gone.look() is not None
    word = gone.type()
    page.get_by_role("tab", name="People").click()
    row = page.get_by_role("table", name="People").locator("tr", has_text=name)
    row.get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
    page.get_by_role("dialog").wait_for(state="detached")
    gone.page.keyboard.press("Enter")
    told = gone.page.get_by_role("heading", name=re.compile("^(Your access has ended|You are signed out)"))
    told.wait_for()
    day.refused = (word, gone.page.locator("body").inner_text())
    row.get_by_text("left").wait_for()


def leave_in_the_middle(day, server):
    """Ann has begun an answer, ben gives one that the server hears no more; both close their pages and go home."""
    ann, ben = day.people["ann"], day.people["ben"]
    ann.look()
    day.draft = (ann.seen[-1], ann.type())
    ben.look()
    server.process.send_signal(signal.SIGSTOP)
    ben.given.append(ben.type())
    ben.page.keyboard.press("Enter")
    ben.says("Saving 1")
    day.unsent = ben.given[-1]
    for person in (ann, ben):
        person.page.close()
    day.manager.page.goto("about:blank")
    server.process.kill()


def the_next_day(day):
    """Both come back by the address alone, and go on until nothing is left."""
    ann, ben = day.people["ann"], day.people["ben"]
    for person in (ann, ben):
        person.page = person.open()
        person.page.goto(day.app.url)
        person.look()
    day.found = {"draft": (ann.item(), ann.box.input_value()), "pages": (ann.page.url, ben.page.url)}
    ben.says("Saved")
    day.found["unsent"] = day.app.answers["reply"].tolist().count(day.unsent)
    ann.given.append(ann.box.input_value())
    ann.page.keyboard.press("Control+Enter")
    end = time.monotonic() + PATIENCE_S
    while not day.app.is_done and time.monotonic() < end:
        if not any([ann.answer(), ben.answer()]):
            ann.page.wait_for_timeout(200)  # what the other gives back comes with the next sign of life
    for person in (ann, ben):
        person.says("Saved")
    count(day)


def test_each_task_has_two_answers_of_two_people(day):
    answers = day.app.answers
    by_task = answers.groupby("task_id")["annotator"].agg(list)
    assert len(by_task) == TASKS
    assert {len(names) for names in by_task} == {OVERLAP}
    assert {len(set(names)) for names in by_task} == {OVERLAP}
    assert not answers["late"].any()


def test_every_answer_is_in_the_store_once_under_the_name_of_who_gave_it(day):
    kept = defaultdict(list)
    for annotator, reply in day.app.answers[["annotator", "reply"]].to_numpy().tolist():
        kept[annotator].append(reply)
    assert {name: sorted(words) for name, words in kept.items()} == {
        name: sorted(person.given) for name, person in day.people.items()
    }


def test_nobody_saw_a_task_twice(day):
    for person in day.people.values():
        assert len(person.seen) == len(set(person.seen)), person.name


def test_no_page_was_ever_sent_what_somebody_else_wrote(day):
    marks = {name: f"only-{name}-wrote-" for name in PEOPLE}
    for name, person in day.people.items():
        assert len(person.heard) > 50, "nothing was listened to"
        assert any(b"message " in each for each in person.heard), "frames of the kernel were not heard"
        others = [mark for who, mark in marks.items() if who != name]
        assert person.knows(others) == [], name


def test_the_manager_sees_the_numbers_of_the_store(day):
    assert len(day.counted) == 2
    for shown, kept in day.counted:
        assert shown == kept
    assert day.counted[-1][0][1] == TASKS


def test_who_was_let_go_is_told_and_their_answer_is_not_taken(day):
    word, text = day.refused
    assert re.search("not (yet )?(saved|taken)", text)
    assert "kept in this browser" in text
    assert word not in day.app.answers["reply"].tolist()
    cleo = day.people["cleo"]
    cleo.page.goto(day.app.url)
    assert "/login" in cleo.page.url


def test_the_next_day_everything_is_as_it_was(day):
    assert all("/label/" in url for url in day.found["pages"]), "somebody had to sign in again"
    assert day.found["draft"] == day.draft
    assert day.found["unsent"] == 1
