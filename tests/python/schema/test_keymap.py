"""The table of commands is that of the page, and a remapping that clashes is refused when the schema is made."""

import re
from pathlib import Path

import pytest

from labelwidgets.errors import SchemaError
from labelwidgets.schema import Schema, Text
from labelwidgets.schema.keymap import COMMANDS, checked_keys, chord

TABLE = Path(__file__).parents[3] / "labelwidgets/js/core/commands.ts"


def test_the_commands_are_those_of_the_page():
    rows = re.findall(r'^    "?([\w-]+)"?: "([^"]*)",$', TABLE.read_text(), re.MULTILINE)
    assert {command: tuple(keys.split()) for command, keys in rows} == COMMANDS


def test_no_command_has_a_key_of_labels():
    for keys in COMMANDS.values():
        for key in keys:
            assert not re.fullmatch(r"[0-9a-z]", chord(key))


@pytest.mark.parametrize(
    ("written", "one"),
    [
        ("ctrl+shift+Z", "Mod+Shift+z"),
        ("Shift+Mod+z", "Mod+Shift+z"),
        ("Cmd+Z", "Mod+z"),
        ("A", "Shift+a"),
        ("+", "+"),
        ("Ctrl++", "Mod++"),
        ("Alt+Shift+ArrowUp", "Alt+Shift+ArrowUp"),
        ("F2", "F2"),
        (".", "."),
    ],
)
def test_a_key_has_one_spelling(written, one):
    assert chord(written) == one


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"skip": "F2"},
        {"skip": ""},
        {"skip": "F2 Shift+F2"},
        {"skip": "Shift+B", "back": "Shift+S"},
        {"zoom-in": "Mod++"},
        {"undo": "Ctrl+Z"},
        {"caret-left": "F2", "left": "F2"},
    ],
)
def test_a_remapping_is_kept_as_given(keys):
    assert Schema(Text("a"), keys=keys).keys == keys


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"skpi": "F2"}, r"there is no command 'skpi'; .* Did you mean 'skip'"),
        ({"skip": "s"}, r"the key 's' of command 'skip' belongs to labels, .* 'Shift\+s'"),
        ({"skip": "7"}, "belongs to labels"),
        ({"skip": "ж"}, "belongs to labels"),
        ({"skip": "Shift+B"}, "the key 'Shift\\+b' belongs to both commands 'skip' and 'back'"),
        ({"skip": "F2", "back": "F2"}, "the key 'F2' belongs to both commands 'skip' and 'back'"),
        ({"caret-left": "F2", "word-left": "F2"}, "belongs to both commands 'caret-left' and 'word-left'"),
        ({"skip": "F2", "grow": "F2"}, "belongs to both commands 'skip' and 'grow'"),
        ({"skip": "F2 F2"}, "belongs to both commands 'skip' and 'skip'"),
        ({"skip": "B"}, "belongs to both commands"),
        (
            {"skip": "Hyper+B"},
            "a key is written like 'Enter', 'Shift\\+F', 'Mod\\+Z' or '.'; found 'Hyper\\+B'",
        ),
        ({"skip": "enter"}, "is written like"),
        ({"skip": "Shift+"}, "is written like"),
        ({"skip": "<img>"}, "is written like"),
        ({"skip": None}, "must be text such as 'F2'"),
        ({"skip": ["F2"]}, "must be text such as 'F2'"),
        ({3: "F2"}, "there is no command 3"),
        ("F2", "keys must be a dict"),
    ],
)
def test_a_remapping_that_clashes_is_refused(keys, words):
    with pytest.raises(SchemaError, match=words):
        checked_keys(keys)
