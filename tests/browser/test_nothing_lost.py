"""Every answer the page called saved is in the store; every other one is kept and sent again."""

import pandas as pd
import pytest

import labelwidgets as lw


@pytest.fixture
def make(tmp_path):
    """A function that opens the session anew, as a restarted kernel does."""
    data = pd.DataFrame({"text": [f"message {n}" for n in range(220)]})
    schema = lw.Schema(lw.Choice("mood", ["glad", "sad"]))
    opened = []

    def make(user="ann"):
        opened.append(lw.Session(tmp_path / "s.db", data=data, item="text", schema=schema, user=user))
        return opened[-1]

    yield make
    for session in opened:
        session.close()


def shown_text(page):
    return page.locator(".lw-root").inner_text()


def ready(host, text="message 0"):
    host.page.get_by_text(text, exact=True).first.wait_for()
    host.page.locator(".lw-root").first.focus()
    return host


def saved(host):
    return host.page.locator(".lw-root").get_by_text("Saved", exact=True).count() > 0


def moods(session):
    table = session.annotations()
    return dict(zip(table["task_id"], table["mood"], strict=True))


def test_200_answers_as_fast_as_the_browser_can(host, make):
    session = make()
    ready(host.show(lw.label(session)))
    for n in range(200):
        host.page.get_by_text(f"message {n}", exact=True).first.wait_for()  # a slow kernel has sent none yet
        host.page.keyboard.press("12"[n % 2])
        if n % 20 == 19:
            host.settle()
    host.settle()
    table = session.annotations(all_versions=True)
    assert table["task_id"].tolist() == list(range(1, 201))
    assert table["mood"].tolist() == ["glad", "sad"] * 100
    assert saved(host)


def test_the_next_task_is_painted_without_the_kernel(host, make):
    ready(host.show(lw.label(make()))).settle()
    host.dead = True
    host.page.keyboard.press("1")
    host.page.get_by_text("message 1", exact=True).first.wait_for()
    host.page.keyboard.press("2")
    host.page.get_by_text("message 2", exact=True).first.wait_for()
    assert not saved(host)


def test_the_first_task_needs_no_message_at_all(host, make):
    host.dead = True
    ready(host.show(lw.label(make())))


def test_a_lost_act_is_sent_again(host, make):
    session = make()
    ready(host.show(lw.label(session))).settle()
    lost = []
    host.deaf_to = lambda act: act["kind"] == "submit" and not lost.append(act)
    host.page.keyboard.press("1")
    host.page.wait_for_timeout(100)
    assert lost
    assert moods(session) == {}
    host.deaf_to = None
    ready(host.reload(), "message 1").settle()
    assert moods(session) == {1: "glad"}
    assert saved(host)


def test_a_lost_ack_makes_no_second_answer(host, make):
    session = make()
    ready(host.show(lw.label(session))).settle()
    host.loses = lambda reply: reply["kind"] == "ack"
    host.page.keyboard.press("1")
    host.page.wait_for_timeout(150)
    assert not saved(host)
    host.loses = None
    ready(host.reload(), "message 1").settle()
    assert len(session.annotations(all_versions=True)) == 1
    assert saved(host)


def test_a_killed_kernel_loses_nothing(host, make):
    session = make()
    ready(host.show(lw.label(session))).settle()
    host.page.keyboard.press("1")
    host.settle()
    host.dead = True
    for key in "221":
        host.page.keyboard.press(key)
        host.page.wait_for_timeout(30)
    host.page.wait_for_timeout(200)
    session.close()
    assert moods(make("other")) == {1: "glad"}
    host.dead = False
    again = make()
    host.show(lw.label(again))
    host.page.locator(".lw-root").first.wait_for()
    host.settle()
    assert moods(again) == {1: "glad", 2: "sad", 3: "sad"} | ({4: "glad"} if len(moods(again)) == 4 else {})
    assert saved(host)


def test_a_bundle_that_takes_five_seconds_still_works(host, make):
    session = make()
    host.show(lw.label(session), delay_bundle=5.0)
    ready(host)
    host.page.keyboard.press("1")
    host.settle()
    assert moods(session) == {1: "glad"}


def test_a_bundle_that_fails_offers_a_retry(host, make):
    session = make()
    host.show(lw.label(session), script="lwHost.bundleFails = 1")
    host.page.get_by_role("button", name="again").click()
    ready(host)
    host.errors.clear()
    host.page.keyboard.press("1")
    host.settle()
    assert moods(session) == {1: "glad"}


BLOCKED = {
    "open throws": "Object.defineProperty(window, 'indexedDB', {get() { throw new DOMException('no', 'SecurityError'); }})",
    "there is none": "Object.defineProperty(window, 'indexedDB', {value: undefined})",
    "open ends in an error": """indexedDB.open = () => {
        const request = new EventTarget();
        setTimeout(() => { request.error = new DOMException('no', 'UnknownError');
          const event = new Event('error'); request.onerror?.(event); request.dispatchEvent(event); });
        return request; }""",
}


@pytest.mark.parametrize("how", BLOCKED)
def test_where_storage_is_blocked_the_notice_says_so(host, make, how):
    session = make()
    ready(host.show(lw.label(session), script=BLOCKED[how]))
    host.dead = True
    host.page.keyboard.press("1")
    host.page.get_by_text("while this tab is open").first.wait_for()
    host.dead = False
    host.page.keyboard.press("2")
    host.settle()
    assert moods(session)[2] == "sad"


def test_unsubmitted_work_is_a_draft(host, tmp_path):
    schema = lw.Schema(lw.Choice("mood", ["glad", "sad"]), lw.Text("why", required=False))
    session = lw.Session(tmp_path / "d.db", data=["one", "two"], item="item", schema=schema, user="ann")
    ready(host.show(lw.label(session)), "one")
    host.page.keyboard.press("2")
    host.settle()
    host.reload()
    host.page.get_by_role("radio", name="sad", checked=True).wait_for()
    host.settle()
    assert session.annotations().empty
    host.page.locator(".lw-root").first.focus()
    host.page.keyboard.press("Enter")
    host.settle()
    assert session.annotations()["mood"].tolist() == ["sad"]


def test_a_refused_answer_is_kept_and_can_be_mended(host, make):
    session = make()
    widget = lw.label(session)
    ready(host.show(widget)).settle()
    session._watchers.clear()  # the page has not heard of it yet
    session.migrate(lw.RemoveLabel("mood", "sad"))
    host.page.keyboard.press("2")
    host.settle()
    assert moods(session) == {}
    host.page.get_by_text("not accepted").first.wait_for()
    host.reload()
    host.page.get_by_text("not accepted").first.wait_for()
    host.page.get_by_role("button", name="Fix it").first.click()
    host.page.locator(".lw-root").first.focus()
    host.page.keyboard.press("1")
    host.settle()
    assert moods(session)[1] == "glad"
    assert host.page.get_by_text("not accepted").count() == 0


def test_two_pages_of_one_person_answer_each_task_once(host, make, context):
    session = make()
    ready(host.show(lw.label(session), lw.label(session)))
    first, second = host.page.locator(".lw-root").all()
    for n in range(4):
        root = (first, second)[n % 2]
        root.focus()
        host.page.keyboard.press("1")
        host.settle()
    answered = session.annotations(all_versions=True)
    assert answered.groupby("task_id").size().max() <= 2
    assert len(session.annotations()) >= 2
    assert host.errors == []


def test_undo_reaches_back_over_the_last_answers(host, make):
    session = make()
    ready(host.show(lw.label(session))).settle()
    for key in "112":
        host.page.keyboard.press(key)
    host.settle()
    assert len(session.annotations()) == 3
    for _ in range(2):
        host.page.keyboard.press("Control+z")
        host.settle()
    assert moods(session) == {1: "glad"}
    host.page.keyboard.press("2")
    host.settle()
    assert moods(session)[2] == "sad"


def test_the_widget_goes_on_where_it_was(host, make):
    session = make()
    ready(host.show(lw.label(session)))
    for key in "121":
        host.page.keyboard.press(key)
    host.settle()
    ready(host.reload(), "message 3")
    session.close()
    again = make()
    ready(host.show(lw.label(again)), "message 3")
