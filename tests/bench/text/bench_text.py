"""The text surface against nested marks of the same text: CPU of the browser's process tree, in one run.

``python -m tests.bench text`` prints the table; nothing here fails by time.
"""

from __future__ import annotations

import statistics

from playwright.sync_api import sync_playwright

from tests.browser.conftest import FLAGS, installed

from ..canvas.bench_canvas import Bench
from ..rows import Row

ENTRY = "tests/bench/text/page.ts"
LENGTH, SPANS = 100_000, 5_000
BOOK = 1_000_000
FRAMES, TIMES = 60, 20


def first(bench: Bench, length: int, spans: int, baseline: bool = True) -> tuple[float, float | None]:
    """Milliseconds until a text is painted, here and as nested marks: the medians."""
    ours, plain = [], []
    for _ in range(5):
        bench.open({})
        ours.append(bench.call("first", length, spans))
    for _ in range(3 if baseline else 0):
        bench.open({})
        plain.append(bench.call("plainFirst", length, spans))
    return statistics.median(ours), statistics.median(plain) if plain else None


def labeling(bench: Bench) -> list[Row]:
    """What a person does with 5,000 spans in 100,000 characters."""
    bench.open({})
    bench.call("mount", LENGTH, SPANS)
    bench.call("rest", 2000)
    add = bench.cpu(TIMES, "add", TIMES)
    caret = bench.cpu(FRAMES, "caret", FRAMES)
    scroll = bench.cpu(FRAMES, "scroll", FRAMES)
    nodes = bench.call("nodes")
    bench.call("plainFirst", LENGTH, SPANS)
    bench.call("rest", 1000)
    plain_add = bench.cpu(3, "plainAdd", 3)
    plain_scroll = bench.cpu(FRAMES, "scroll", FRAMES)
    text = f"{LENGTH:,} characters, {SPANS:,} spans"
    return [
        Row(f"{text}: add a span", add, "CPU ms", 30, plain_add, "nested marks"),
        Row(f"{text}: scroll", scroll, "CPU ms/frame", 10, plain_scroll, "nested marks"),
        Row(f"{text}: select by a key", caret, "CPU ms/frame", 10),
        Row(f"{text}: elements in the page", nodes, "", None, bench.call("nodes"), "nested marks"),
    ]


def rows() -> list[Row]:
    """Run everything."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.on("pageerror", lambda error: print("page:", error))
        bench = Bench(page, ENTRY)
        ours, plain = first(bench, LENGTH, SPANS)
        book, plain_book = first(bench, BOOK, SPANS)
        found = [
            Row(f"{LENGTH:,} characters, {SPANS:,} spans: first", ours, "ms", 150, plain, "nested marks"),
            Row(f"{BOOK:,} characters, {SPANS:,} spans: first", book, "ms", 1000, plain_book, "nested marks"),
            *labeling(bench),
        ]
        bench.call("mount", BOOK, SPANS)
        bench.call("rest", 1000)
        found.append(Row(f"{BOOK:,} characters: to the middle", bench.call("jump"), "ms"))
        browser.close()
    return found
