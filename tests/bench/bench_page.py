"""What a person waits for, in a real browser: the next task, the first one, a search, a grid.

The baseline is the widget one would write first: the whole list of answers in a synced trait, the next task in
another, set by the kernel.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

import anywidget
import numpy as np
import pandas as pd
import traitlets as t
from PIL import Image
from playwright.sync_api import sync_playwright

import labelwidgets as lw
from tests.browser.conftest import FLAGS, installed
from tests.browser.host import Host, bare_comms

from .rows import Row

KERNEL_MS = 40
"""Latency each way that stands for a kernel behind a hub; on one machine it is about half."""

WATCH = """() => {
  window.waits = [];
  addEventListener('keydown', () => {
    const start = performance.now();
    const text = () => document.querySelector('main').innerText.match(/message \\d+/)?.[0];
    const before = text();
    const look = () => {
      if (text() !== before) {
        // a task in the next frame's callback: the frame with the new text has been painted
        requestAnimationFrame(() => setTimeout(() => waits.push(performance.now() - start)));
      } else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, true);
}"""


class Naive(anywidget.AnyWidget):
    """The first version of a labeling widget: everything in traits, the kernel decides what comes next."""

    _esm = """
    function render({ model, el }) {
      const item = document.createElement('p');
      el.tabIndex = 0; el.className = 'naive'; el.append(item);
      const draw = () => { item.textContent = model.get('item'); };
      model.on('change:item', draw); draw();
      el.addEventListener('keydown', (e) => {
        model.set('answers', [...model.get('answers'), { item: model.get('item'), label: e.key }]);
        model.save_changes();
      });
    }
    export default { render };
    """
    item = t.Unicode("message 0").tag(sync=True)
    answers = t.List().tag(sync=True)

    @t.observe("answers")
    def _next(self, change):
        self.item = f"message {len(change['new'])}"


def session(rows: int = 300) -> lw.Session:
    data = pd.DataFrame({"text": [f"message {n}" for n in range(rows)]})
    folder = tempfile.mkdtemp()
    schema = lw.Schema(lw.Choice("mood", ["glad", "sad"]))
    return lw.Session(Path(folder) / "s.db", data=data, item="text", schema=schema, user="ann")


def waits(host: Host, selector: str, keys: int = 60) -> list[float]:
    page = host.page
    page.evaluate(WATCH)
    page.locator(selector).first.focus()
    for n in range(keys):
        page.keyboard.press("12"[n % 2])
        page.wait_for_function(f"() => waits.length > {n}", timeout=10_000)
        page.wait_for_timeout(2 * KERNEL_MS + 20)  # a person reads; the look-ahead refills
    return page.evaluate("() => waits")


def next_task(context) -> list[Row]:
    ours, naive = [], []
    for latency in (0, KERNEL_MS):
        host = Host(context.new_page())
        host.show(lw.label(session()))
        host.page.get_by_text("message 0", exact=True).first.wait_for()
        host.settle()
        host.page.evaluate(f"() => {{ lwHost.latency = {latency}; }}")
        ours.append(waits(host, ".lw-root"))
        plain = Host(context.new_page())
        plain.show(Naive())
        plain.page.get_by_text("message 0", exact=True).first.wait_for()
        plain.page.evaluate(f"() => {{ lwHost.latency = {latency}; }}")
        naive.append(waits(plain, ".naive"))
    return [
        Row(
            f"key to painted next task, kernel {2 * ms} ms away",
            statistics.median(mine),
            "ms",
            32,
            statistics.median(base),
            "trait-synced widget",
        )
        for ms, mine, base in zip((0, KERNEL_MS), ours, naive, strict=True)
    ]


def page_open(context) -> list[Row]:
    opened = []
    host = Host(context.new_page())
    for _ in range(5):
        host.show(lw.label(session(20)))
        opened.append(
            host.page.evaluate(
                """async () => { while (!document.querySelector('main').innerText.includes('message 0'))
                   await new Promise(requestAnimationFrame);
                   return performance.now() - performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd; }"""
            )
        )
    return [Row("page loaded to first task shown (bare host)", statistics.median(opened), "ms")]


def taxonomy(context) -> list[Row]:
    nodes = [
        (f"group {a}", f"kind {a}.{b}", f"thing {a}.{b}.{c}")
        for a in range(20)
        for b in range(20)
        for c in range(25)
    ]
    schema = lw.Schema(lw.Taxonomy("topic", nodes))
    host = Host(context.new_page())
    host.show(lw.label(lw.Session(None, data=["a", "b"], item="item", schema=schema, user="ann")))
    box = host.page.get_by_role("combobox").or_(host.page.get_by_role("searchbox")).first
    box.wait_for()
    box.focus()
    host.page.evaluate(
        """() => { window.typed = []; addEventListener('keydown', () => { const start = performance.now();
           requestAnimationFrame(() => setTimeout(() => typed.push(performance.now() - start))); }, true); }"""
    )
    for key in "thing 1.1":
        host.page.keyboard.press("Space" if key == " " else key)
        host.page.wait_for_timeout(60)
    return [
        Row(
            "type-ahead in 10,420 nodes, key to painted",
            statistics.median(host.page.evaluate("() => typed")),
            "ms",
            50,
        )
    ]


def grid(context) -> list[Row]:
    folder = Path(tempfile.mkdtemp())
    for n in range(200):
        pixels = np.random.default_rng(n).integers(0, 255, (8, 10, 3), dtype=np.uint8)
        Image.fromarray(pixels).resize((640, 480)).save(folder / f"{n}.jpg", quality=80)
    schema = lw.Schema(lw.Choice("kind", ["a", "b"]))
    host = Host(context.new_page())
    made = lw.Session(None, data=folder, schema=schema, user="ann")
    for task in made.next(200):  # thumbnails are cached by the kernel: what is measured is the page
        made.media.thumbnail(made.item_value(task))
    host.show(lw.ClassificationWidget(made, grid=True))
    took = host.page.evaluate(
        """async () => { let start = null;
           const tiles = () => document.querySelectorAll('.lw-root [role=gridcell], .lw-root [role=option]').length;
           while (true) {
             if (start === null && tiles()) start = performance.now();
             const drawn = [...document.querySelectorAll('.lw-root img, .lw-root canvas')].filter((e) => e.tagName === 'CANVAS' || (e.complete && e.naturalWidth)).length;
             if (start !== null && tiles() >= 12 && drawn >= 12) return performance.now() - start;
             await new Promise(requestAnimationFrame);
           } }"""
    )
    return [Row("grid of 200: tiles there to thumbnails painted", took, "ms", 500)]


def rows() -> list[Row]:
    with sync_playwright() as playwright, bare_comms():
        browser = playwright.chromium.launch(executable_path=installed(), args=FLAGS)
        context = browser.new_context(viewport={"width": 1280, "height": 860})
        made = [row for part in (next_task, page_open, taxonomy, grid) for row in part(context)]
        browser.close()
    return made
