"""Pages of stored members: access that ends while one works, and a page that is closed beside another."""

from datetime import timedelta

import pandas as pd
import pytest

import labelwidgets as lw
from labelwidgets.records import Membership
from labelwidgets.session import GRACE, Session
from labelwidgets.store import open_store
from tests.python.store.builders import TestClock


@pytest.fixture
def store(tmp_path):
    data = pd.DataFrame({"text": [f"message {n}" for n in range(8)]})
    schema = lw.Schema(lw.Choice("mood", ["glad", "sad"]))
    lw.Session(tmp_path / "s.db", data=data, item="text", schema=schema, user="boss").close()
    store = open_store(tmp_path / "s.db")
    store.clock = TestClock(boot=store.clock.boot)
    for who in ("ann", "ben"):
        store.save_member(who, name=who.title())
        store.save_membership(1, Membership(who), actor="boss")
    yield store
    store.close()


def ready(host, text="message 0"):
    host.page.get_by_text(text, exact=True).first.wait_for()
    host.page.locator(".lw-root").first.focus()
    return host


def answered(store):
    return [(a.annotator, a.values["mood"]) for a in store.annotations(1)]


def test_whoever_left_is_told_what_was_not_taken_and_it_is_kept_until_they_are_back(host, store):
    ready(host.show(lw.label(Session.of_member(store, "ann")))).settle()
    host.page.keyboard.press("1")
    host.settle()
    store.save_member("ann", active=False, actor="boss")
    host.page.keyboard.press("2")
    told = host.page.get_by_text("The access of Ann has ended")
    told.wait_for()
    host.settle()
    assert "1 answer was not taken; it is kept in this browser." in told.inner_text()
    assert not host.page.get_by_text("Saved", exact=True).count()
    assert answered(store) == [("ann", "glad")]
    sent = len(host.acts)
    host.page.keyboard.press("1")
    host.settle()
    assert len(host.acts) == sent

    host.reload().settle()
    told.wait_for()
    assert "1 answer was not taken" in told.inner_text()
    assert store.counts(1).leased == 0

    store.save_member("ann", active=True, actor="boss")
    ready(host.reload(), "message 2").settle()
    assert answered(store) == [("ann", "glad"), ("ann", "sad")]
    assert host.page.get_by_text("Saved", exact=True).count()


def test_a_closed_page_leaves_another_page_of_the_person_its_task(host, store):
    first, second = Session.of_member(store, "ann"), Session.of_member(store, "ann")
    other = Session.of_member(store, "ben")
    ready(host.show(lw.label(first))).settle()
    kept, *others = held = [task.id for task in second.next(3)]
    host.page.evaluate("() => dispatchEvent(new PageTransitionEvent('pagehide'))")
    host.settle()
    assert host.acts[-1]["kind"] == "leave"
    assert host.acts[-1]["tasks"] == held
    store.clock.pass_time(timedelta(seconds=20))
    assert second.renew([kept]) == [kept]
    store.clock.pass_time(GRACE)
    offered = {task.id for task in other.next(8)}
    assert kept not in offered
    assert set(others) <= offered
