"""Words and regular expressions in many texts, and what checking many spans costs, without a page."""

from __future__ import annotations

import random
import re
import time
from typing import TYPE_CHECKING, Any

import labelwidgets as lw
from labelwidgets import models
from labelwidgets.labels import Item

from .rows import Row

if TYPE_CHECKING:
    from collections.abc import Callable

TEXTS, WORDS, LETTERS = 100_000, 1_000, "abcdefghijklmnopqrstuvwxyz"
SPANS, LENGTH = 5_000, 100_000


def rows(texts: int = TEXTS) -> list[Row]:
    """Measure, and return what the table of `make bench` shows."""
    random.seed(7)
    vocabulary = ["".join(random.choices(LETTERS, k=random.randint(3, 9))) for _ in range(20 * WORDS)]
    words = sorted(set(vocabulary[:WORDS]))
    given = [" ".join(random.choices(vocabulary, k=15)) for _ in range(texts)]
    ours = models.patterns({"W": words}, field="e")
    plain = re.compile(rf"\b(?:{'|'.join(words)})\b")
    expression = re.compile(r"\bq\w+")
    apart = models.patterns({"W": expression}, field="e")
    for made in (ours, apart):
        made.matches("warm up")
    return [
        Row(
            f"{WORDS:,} words in {texts:,} texts",
            timed(lambda: [ours.matches(text) for text in given]),
            "s",
            None,
            timed(lambda: [list(plain.finditer(text)) for text in given]),
            "one alternation of re, no marks",
        ),
        Row(
            f"a regular expression in {texts:,} texts",
            timed(lambda: [apart.matches(text) for text in given]),
            "s",
            None,
            timed(lambda: [list(expression.finditer(text)) for text in given]),
            "re in this process, without a limit",
        ),
        *checks(),
    ]


def checks() -> list[Row]:
    """What a session does with 5,000 spans that come from a page."""
    text = "".join(random.choices("abcdefgh    ", k=LENGTH))
    step = LENGTH // SPANS
    sent = [{"start": n * step, "end": n * step + step // 2, "label": "P"} for n in range(SPANS)]
    tokens = [[match.start(), match.end()] for match in re.finditer(r"\S+", text)]
    item = Item(length=LENGTH, text=text, data={"t": tokens})
    at = [{"start": start, "end": end, "label": "P"} for start, end in random.sample(tokens, SPANS)]
    free, apart, strict = (
        lw.Spans("e", ["P"]),
        lw.Spans("e", ["P"], overlapping=False, nested=False),
        lw.Spans("e", ["P"], tokens="t"),
    )
    entries = [lw.Label(f"Q{n}", title=f"Thing {n}") for n in range(10_000)]
    schema = lw.Schema(lw.Spans("e", ["P"], entries=entries))
    return [
        Row(
            f"check {SPANS:,} spans of {LENGTH:,} characters",
            1e3 * timed(lambda: free.check(sent, item)),
            "ms",
        ),
        Row("  none over another", 1e3 * timed(lambda: apart.check(sent, item)), "ms"),
        Row(f"  on the edges of {len(tokens):,} tokens", 1e3 * timed(lambda: strict.check(at, item)), "ms"),
        Row("a schema with 10,000 entries for a page", 1e3 * timed(schema.wire), "ms"),
    ]


def timed(act: Callable[[], Any]) -> float:
    start = time.process_time()
    act()
    return time.process_time() - start
