"""Real labeled texts as rows, schema and right answers, for tests that load, edit and read them back.

They lie beside the checkout (`../shared/data`, see its SOURCES.md) and are no part of the project; a test that asks for
them where they are not is skipped.
"""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import labelwidgets as lw
from labelwidgets.formats import conllu

DATA = Path(__file__).parents[2] / "shared" / "data"


@dataclass(frozen=True)
class Gold:
    """Rows to label, what is to be said of them, and what is right: one answer a row."""

    rows: list[dict[str, Any]]
    schema: lw.Schema
    answers: list[dict[str, Any]]

    def session(self, **options: Any) -> lw.Session:
        """Return a session in memory in which `gold` has answered everything."""
        session = lw.Session(
            None, data=self.rows, item="text", key="id", schema=self.schema, user="gold", **options
        )
        for row, answer in zip(self.rows, self.answers, strict=True):
            session.submit(session.task(str(row["id"])), answer)
        return session


def file(*parts: str) -> Path:
    """Return a file of the data; a test that asks for one that is not there is skipped."""
    path = DATA.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"{path} is not there: real labeled data lies beside the checkout")
    return path


def wnut(most: int | None = None) -> Gold:
    """Named entities of short messages (WNUT 2017, dev): tokens with B-, I- and O tags, sentences parted by blank lines."""
    blocks = file("wnut17", "emerging.dev.conll").read_text(encoding="utf-8").split("\n\t\n")
    blocks = [part for block in blocks for part in block.split("\n\n")]
    rows, answers, labels = [], [], set()
    for block in blocks[:most]:
        pairs = [line.split("\t") for line in block.split("\n") if line.strip()]
        if not pairs:
            continue
        words, tags = [word for word, *_ in pairs], [tag for _, tag in pairs]
        rows.append({"id": len(rows), "text": " ".join(words), "words": words})
        answers.append({"entities": _spans(words, tags)})
        labels |= {tag[2:] for tag in tags if tag != "O"}
    return Gold(rows, lw.Schema(lw.Spans("entities", sorted(labels), tokens="words")), answers)


def _spans(words: list[str], tags: list[str]) -> list[lw.Span]:
    """Return spans of words joined by blanks, of their tags."""
    spans: list[lw.Span] = []
    at = 0
    for word, tag in zip(words, tags, strict=True):
        end = at + len(word)
        if tag.startswith("I-") and spans and spans[-1].end == at - 1:
            spans[-1] = lw.Span(spans[-1].start, end, label=tag[2:])
        elif tag != "O":
            spans.append(lw.Span(at, end, label=tag[2:]))
        at = end + 1
    return spans


def pud(most: int | None = None) -> Gold:
    """Part of speech and dependencies of sentences (UD English PUD): CoNLL-U."""
    rows = conllu.read(file("ud-english-pud", "en_pud-ud-test.conllu").read_text(encoding="utf-8"))[:most]
    return Gold(rows, conllu.schema(rows), [conllu.answer(row) for row in rows])


def slots(most: int | None = None) -> Gold:
    """Slots of what guests say when they book a table (Restaurant-8k, test)."""
    given = json.loads(file("restaurant8k", "test.json").read_text(encoding="utf-8"))[:most]
    rows, answers = [], []
    for number, turn in enumerate(given):
        spans = [
            (label["valueSpan"].get("startIndex", 0), label["valueSpan"]["endIndex"], label["slot"])
            for label in turn.get("labels", ())
        ]
        asked = turn.get("context", {}).get("requestedSlots", [])
        rows.append({"id": number, "text": turn["userInput"]["text"], "asked": ", ".join(asked)})
        answers.append({"slots": [lw.Span(start, end, label=slot) for start, end, slot in spans]})
    names = sorted({span.label for answer in answers for span in answer["slots"]})
    return Gold(rows, lw.Schema(lw.Spans("slots", names)), answers)


def intents(each: int = 1, most: int | None = None) -> Gold:
    """What people want of an assistant (CLINC, small): so many messages of each of the 150 intents, or the first `most`."""
    given = json.loads(file("clinc-oos", "data_small.json").read_text(encoding="utf-8"))["test"]
    names = list(dict.fromkeys(intent for _, intent in given))[:most]
    seen: Counter[str] = Counter()
    rows, answers = [], []
    for text, intent in given:
        if intent in names and seen[intent] < each:
            seen[intent] += 1
            rows.append({"id": len(rows), "text": text})
            answers.append({"intent": intent})
    return Gold(rows, lw.Schema(lw.Choice("intent", names)), answers)
