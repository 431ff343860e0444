"""The table of acts in Python and the one in TypeScript say the same."""

import re
from pathlib import Path
from typing import get_args

import pytest

import labelwidgets as lw
from labelwidgets.messages import APP_MESSAGES, MESSAGES, REPLIES
from labelwidgets.passages import Turn
from labelwidgets.schema.spans import GRANULARITIES
from labelwidgets.source.items import Modality

JS = Path(__file__).parents[2] / "labelwidgets" / "js"
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
