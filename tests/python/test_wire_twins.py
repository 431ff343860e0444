"""The table of acts in Python and the one in TypeScript say the same."""

import json
import random
import re
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import get_args

import pytest

import labelwidgets as lw
from labelwidgets.messages import APP_MESSAGES, MESSAGES, REPLIES
from labelwidgets.passages import Turn, in_word
from labelwidgets.schema.spans import GRANULARITIES
from labelwidgets.source.items import Modality

ROOT = Path(__file__).parents[2]
JS = ROOT / "labelwidgets" / "js"
PROTOCOL = JS / "core" / "protocol.ts"


def table(name, file=PROTOCOL):
    body = re.search(rf"export const {name} = \{{(.*?)\n\}} as const;", file.read_text(), re.DOTALL)[1]
    rows = re.findall(r"^  (\w+): \[(.*?)\],$", body, re.MULTILINE)
    return {kind: tuple(re.findall(r'"(\w+)"', fields)) for kind, fields in rows}


def test_acts_are_the_same_on_both_sides():
    assert table("ACTS") == dict(MESSAGES)


def test_acts_of_the_app_are_the_same_on_both_sides():
    assert table("APP_ACTS", JS / "app" / "acts.ts") == dict(APP_MESSAGES)


def test_replies_are_the_same_on_both_sides():
    assert table("REPLIES") == dict(REPLIES)


def keys(interface):
    body = re.search(rf"interface {interface} [^{{]*{{(.*?)\n}}", PROTOCOL.read_text(), re.DOTALL)[1]
    return set(re.findall(r"^  (\w+)\??:", body, re.MULTILINE))


@pytest.mark.parametrize(
    ("interface", "region"),
    [
        ("BoxJson", lw.Box(0, 0, 1, 1)),
        ("SpanJson", lw.Span(0, 1)),
        ("RelationJson", lw.Relation("a", "b")),
        ("TurnLabelJson", lw.Turn(0)),
    ],
)
def test_regions_say_the_same_on_both_sides(interface, region):
    assert set(region.to_json()) == keys("RegionJson") | keys(interface)


def test_turns_say_the_same_on_both_sides():
    assert set(Turn("ann", 0, 1).to_json()) == keys("TurnJson")


def test_modalities_and_granularities_are_the_same_on_both_sides():
    kinds = re.search(r"interface MediaPush \{\n  kind: (.*?);", PROTOCOL.read_text())[1]
    assert set(re.findall(r'"(\w+)"', kinds)) == set(get_args(Modality))
    edges = re.search(r"^  granularity: (.*?);", PROTOCOL.read_text(), re.MULTILINE)[1]
    assert re.findall(r'"(\w+)"', edges) == list(GRANULARITIES)


SEGMENT = """
let sent = "";
process.stdin.on("data", (part) => (sent += part)).on("end", () => {
  const words = new Intl.Segmenter(undefined, { granularity: "word" });
  const starts = (text) => [...words.segment(text)].map(({ index }) => [...text.slice(0, index)].length);
  process.stdout.write(JSON.stringify(JSON.parse(sent).map(starts)));
});
"""


def test_no_word_of_a_page_is_cut_for_the_kernel():
    """Where Intl.Segmenter ends a word, in any writing, a span of granularity "word" may end."""
    random.seed(11)
    texts = [any_writing() for _ in range(1500)]
    ran = subprocess.run(
        ["tools/with-node", "node", "-e", SEGMENT],
        cwd=ROOT,
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
    )
    starts = json.loads(ran.stdout)
    assert sum(map(len, starts)) > 5000
    cut = [
        (text, at) for text, places in zip(texts, starts, strict=True) for at in places if in_word(text, at)
    ]
    assert cut == []


def any_writing():
    """Runs of letters, marks and digits of random writings, with what stands between words, or nothing."""
    said = []
    for _ in range(random.randint(1, 6)):
        at = random.choice(LETTERS)
        near = [chr(point) for point in range(max(0, at - 40), at + 40) if is_letter(chr(point))]
        said += [*random.choices(near, k=random.randint(1, 5)), random.choice(BETWEEN)]
    return "".join(said)


def is_letter(char):
    return unicodedata.category(char)[0] in "LMN"


BETWEEN = ["", " ", "-", "'", ".", "\u200d", "\ufe0f", "1", "a", "\u0301"]
LETTERS = [point for point in range(sys.maxunicode - 40) if is_letter(chr(point))]
