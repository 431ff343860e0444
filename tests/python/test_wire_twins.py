"""The table of acts in Python and the one in TypeScript say the same."""

import re
from pathlib import Path

from labelwidgets.messages import MESSAGES, REPLIES

PROTOCOL = Path(__file__).parents[2] / "labelwidgets" / "js" / "core" / "protocol.ts"


def table(name):
    body = re.search(rf"export const {name} = \{{(.*?)\n\}} as const;", PROTOCOL.read_text(), re.DOTALL)[1]
    rows = re.findall(r"^  (\w+): \[(.*?)\],$", body, re.MULTILINE)
    return {kind: tuple(re.findall(r'"(\w+)"', fields)) for kind, fields in rows}


def test_acts_are_the_same_on_both_sides():
    assert table("ACTS") == dict(MESSAGES)


def test_replies_are_the_same_on_both_sides():
    assert table("REPLIES") == dict(REPLIES)
