"""The table of acts in Python and the one in TypeScript say the same."""

import re
from pathlib import Path

from labelwidgets.messages import APP_MESSAGES, MESSAGES, REPLIES

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
