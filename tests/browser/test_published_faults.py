"""What may happen to a published page while somebody labels: nothing is lost, nothing double, and the page says the truth."""

import json
import os
import re
import time

import psutil
import pytest

import labelwidgets as lw
from tests.python.app.conftest import as_app, made_store, published, serving
from tests.relay import Relay

from .person import Person

PEOPLE = ("ann", "ben", "cem", "dee", "eve", "fay", "gus")
OUTAGE_S = float(os.environ.get("LABELWIDGETS_TEST_OUTAGE_S", "12"))
"""How long the network is away: longer than the page takes to notice."""

CLOCK = """(() => { const Real = Date; window.lwShift = %d;
  window.Date = class extends Real {
    constructor(...given) { if (given.length) super(...given); else super(Real.now() + window.lwShift); }
    static now() { return Real.now() + window.lwShift; }
  };
})()"""
"""A clock that goes right and shows the wrong time."""

MOODS = {"1": "glad", "2": "sad"}


class World:
    """A published app that can be killed and started again, and the way to it."""

    def __init__(self, home):
        self.home = home
        made_store(home, 400)
        made, _ = published(home, people=PEOPLE, sizes={"pool": 1, "per_person": 3})
        self.relay = Relay(made.port)
        self.url = f"http://127.0.0.1:{self.relay.port}/"
        made.changed(url=self.url).write(home / "s-app")
        self.start()

    def start(self):
        self._running = serving(self.home)
        self.server = self._running.__enter__()
        self.app = as_app(self.home, self.server)

    def kill(self):
        self.server.process.kill()
        self._running.__exit__(None, None, None)

    def close(self):
        self._running.__exit__(None, None, None)
        self.relay.close()

    def answers_of(self, name):
        with lw.Session(self.home / "s.db", user="reader") as session:
            kept = session.annotations(all_versions=True)
        return kept[kept["annotator"] == name].sort_values("task_id")


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    world = World(tmp_path_factory.mktemp("faults"))
    yield world
    world.close()


class Labeler(Person):
    """Answers by one key each, and remembers what was pressed for which item."""

    def __init__(self, browser, world, name, script=""):
        super().__init__(browser, world.url, name)
        self.world, self.given, self._n = world, {}, 0
        if script:
            self.context.add_init_script(script)
        self.sign_in("label/default")
        self.ready()

    def ready(self, page=None):
        page = page or self.page
        page.get_by_role("radio", name="glad").wait_for()
        page.locator(".lw-root").focus()
        return page

    def press(self, n=1, page=None):
        """Answer as many tasks, each as soon as it is there."""
        page = page or self.page
        for _ in range(n):
            self._n += 1
            page.get_by_text(re.compile(r"^secret message \d+$")).first.wait_for()
            item, key = self.item(page), "12"[self._n % 2]
            assert item not in self.given, "a task came twice"
            self.given[item] = MOODS[key]
            page.keyboard.press(key)

    def reload(self):
        self.page.reload()
        self.ready()

    def all_kept(self):
        """Whether the store has each answer once, as it was given."""
        kept = self.world.answers_of(self.name)
        assert kept["task_id"].is_unique, "an answer is there twice"
        with lw.Session(self.world.home / "s.db", user="reader") as session:
            shown = [int(task.data["text"].rpartition(" ")[2]) for task in session.tasks(kept["task_id"])]
        assert dict(zip(shown, kept["mood"], strict=True)) == self.given
        return True


@pytest.fixture
def labeler(browser, world):
    made = []

    def make(name, **options):
        made.append(Labeler(browser, world, name, **options))
        return made[-1]

    yield make
    for each in made:
        each.close()


def kernel_of(person):
    """The process behind a page."""
    kernel = json.loads(person.page.locator("#jupyter-config-data").text_content())["kernelId"]
    started = psutil.Process(person.world.app.pid).children(recursive=True)
    return next(p for p in started if kernel in " ".join(p.cmdline()) and "ipykernel_launcher" in p.cmdline())


def test_the_kernel_is_killed(labeler):
    ann = labeler("ann")
    ann.press(3)
    ann.says("Saved")
    kernel_of(ann).kill()
    ann.press(2)
    assert ann.mark() != "Saved"
    ann.says("Not saved")
    assert len(ann.world.answers_of("ann")) == 3
    go_on(ann)
    ann.says("Saved")
    ann.press(1)
    ann.says("Saved")
    assert ann.all_kept()


def go_on(person):
    """Do what the page offers for going on: a new page at the same place."""
    offer = person.page.get_by_role("button", name=re.compile("^(Go on|Reload|Load it again)"))
    offer.first.wait_for()
    with person.page.expect_navigation():
        offer.first.click()
    person.ready()


def test_the_server_is_killed_and_started_again(world, labeler):
    ben = labeler("ben")
    ben.press(3)
    ben.says("Saved")
    world.kill()
    ben.press(2)
    ben.says("Not saved")
    ben.page.get_by_text("The server can't be reached").first.wait_for()
    world.start()
    go_on(ben)
    ben.says("Saved")
    assert "/login" not in ben.page.url, "a sign-in is good for longer than a server lives"
    ben.press(1)
    ben.says("Saved")
    assert ben.all_kept()


def test_the_network_is_away_for_a_while(world, labeler):
    cem = labeler("cem")
    cem.press(2)
    cem.says("Saved")
    cem.context.set_offline(True)
    world.relay.cut()
    cem.press(2)
    assert cem.mark() != "Saved"
    cem.says("Not saved")
    cem.page.wait_for_timeout(1000 * OUTAGE_S - 10_000)
    assert len(world.answers_of("cem")) == 2
    world.relay.mend()
    cem.context.set_offline(False)
    cem.says("Saved")
    cem.press(1)
    cem.says("Saved")
    assert cem.all_kept()


def test_the_lid_is_closed_and_opened(labeler):
    dee = labeler("dee")
    dee.press(2)
    life = dee.context.new_cdp_session(dee.page)
    life.send("Page.setWebLifecycleState", {"state": "frozen"})
    time.sleep(4)
    life.send("Page.setWebLifecycleState", {"state": "active"})
    dee.says("Saved")
    dee.press(2)
    dee.says("Saved")
    assert dee.all_kept()


def test_two_tabs_of_one_person(labeler):
    eve = labeler("eve")
    other = eve.open()
    other.goto(f"{eve.url}label/default")
    eve.ready(other)
    for _ in range(3):
        for page in (eve.page, other):
            page.bring_to_front()
            eve.press(1, page)
            eve.says("Saved", page)
    other.close()
    eve.page.bring_to_front()
    eve.press(2)
    eve.says("Saved")
    assert eve.all_kept()
    assert not eve.world.answers_of("eve")["late"].any(), "one tab took the other's tasks away"


@pytest.mark.parametrize(("name", "hours"), [("fay", 1), ("gus", -1)])
def test_the_browsers_clock_is_an_hour_off(labeler, name, hours):
    person = labeler(name, script=CLOCK % (hours * 3_600_000))
    begun = time.time()
    person.press(2)
    person.says("Saved")
    person.page.evaluate("hours => { window.lwShift -= hours * 3_600_000; }", hours)  # it is put right
    person.press(2)
    person.says("Saved")
    assert person.all_kept()
    kept = person.world.answers_of(name)
    at = kept["created_at"].map(lambda when: when.timestamp())
    assert at.between(begun - 5, time.time() + 5).all(), "the page's clock was believed"
    assert kept["seconds"].between(0, 60).all()
