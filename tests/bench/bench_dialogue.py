"""A dialogue of 5,000 turns in a real browser, and how many keys one of 150 intents takes.

The baseline is the conversation one would write first: every turn an element, all of them laid out.
"""

from __future__ import annotations

import statistics

from playwright.sync_api import sync_playwright

import labelwidgets as lw
from tests.browser.conftest import FLAGS, installed
from tests.browser.host import Host, bare_comms
from tests.browser.test_dialogue import own_intents, shortest

from .rows import Row

TURNS = 5000

PRESS = """async (key) => {
  const start = performance.now();
  const code = /^\\d$/.test(key) ? `Digit${key}` : key;
  document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, code, bubbles: true, cancelable: true }));
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - start;
}"""

PLAIN = """async ([count, key]) => {
  const host = document.createElement('div');
  host.style.cssText = 'height:500px;overflow:auto';
  document.body.append(host);
  const fill = () => host.replaceChildren(...Array.from({ length: count }, (_, n) => {
    const turn = document.createElement('p');
    const who = document.createElement('b');
    who.textContent = 'ab'[n % 2];
    turn.append(who, document.createTextNode(` turn ${n} says a word or two, and some more, as people do`));
    return turn;
  }));
  fill();
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const start = performance.now();
  if (key) host.children[10].append('label'); else fill();
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  host.remove();
  return performance.now() - start;
}"""


def talk(first: int) -> list[dict]:
    said = "says a word or two, and some more, as people do"
    return [{"speaker": "ab"[n % 2], "text": f"turn {n} {said}"} for n in range(first, first + TURNS)]


def conversation(page) -> list[Row]:
    host = Host(page)
    rows = [{"talk": talk(n)} for n in range(4)]
    schema = lw.Schema(lw.Turns("acts", ["asks", "tells"]), lw.Spans("words", ["w"]))
    session = lw.Session(None, data=rows, item="talk", schema=schema, user="ann")
    host.show(lw.label(session))
    page.locator(".lw-turn").first.wait_for()
    host.settle()
    page.locator(".lw-turn").first.focus()
    labels = [page.evaluate(PRESS, "12"[n % 2]) for n in range(20)]
    tasks = [page.evaluate(PRESS, "Enter") for _ in range(3)]
    plain = [[page.evaluate(PLAIN, [TURNS, key]) for _ in range(3)] for key in (True, False)]
    against = "every turn laid out"
    return [
        Row("a turn of 5,000 labeled, to painted", middle(labels), "ms", 32, middle(plain[0]), against),
        Row(
            "submitted, to the next 5,000 turns painted", middle(tasks), "ms", 150, middle(plain[1]), against
        ),
    ]


def intents() -> list[Row]:
    names = sorted({intent for _, intent in own_intents()})
    typed = [len(shortest(name, names)) + 1 for name in names]
    whole = [len(name) + 1 for name in names]
    name = "keys for one of 150 intents"
    return [Row(name, statistics.mean(typed), "keys", None, statistics.mean(whole), "the name typed whole")]


def middle(times: list[float]) -> float:
    return statistics.median(times)


def rows() -> list[Row]:
    with sync_playwright() as playwright, bare_comms():
        browser = playwright.chromium.launch(executable_path=installed(), args=FLAGS)
        made = conversation(browser.new_page(viewport={"width": 1280, "height": 860}))
        browser.close()
    return [*made, *intents()]
