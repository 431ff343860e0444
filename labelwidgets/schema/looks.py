"""Gives colours and hotkeys to the labels that were made without, and keeps commands off the labels' keys."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import cycle, islice
from typing import TYPE_CHECKING

from ..errors import SchemaError, shown
from .checks import HOTKEYS, checked_name
from .palette import PALETTE

if TYPE_CHECKING:
    from .label import Label

_KEY = re.compile(r"(?P<modifiers>((Ctrl|Shift|Alt|Meta|Mod)\+)*)(?P<key>[A-Z][A-Za-z0-9]{1,20}|\S)")
"""Modifiers and a key's name: "Enter", "F2", or one character."""


def colored(labels: Sequence[Label], start: int = 0) -> tuple[Label, ...]:
    """Return the labels with a colour each: their own, else the next of the palette that none of them has.

    Parameters
    ----------
    labels : sequence of Label
        In order.
    start : int
        How many colours of the palette others beside them have taken.
    """
    own = {label.color for label in labels}
    free = cycle([color for color in PALETTE if color not in own] or PALETTE)
    rest = islice(free, start, None)
    return tuple(label if label.color else replace(label, color=next(rest)) for label in labels)


def keyed(fields: Iterable[tuple[str, Sequence[Label]]]) -> dict[tuple[str, str], str]:
    """Return the hotkeys of all labels of a schema.

    Those asked for come first; the other labels take digits 1-9, 0, then a-z, in order, while keys last.

    Parameters
    ----------
    fields : pairs of field name and labels
        In the order in which keys are given out.

    Returns
    -------
    dict
        (field, label) to key.

    Raises
    ------
    SchemaError
        When two labels ask for the same key.
    """
    every = [(field, label) for field, labels in fields for label in labels]
    taken: dict[str, tuple[str, str]] = {}
    for field, label in every:
        if label.hotkey:
            _claim(taken, label.hotkey, (field, label.name))
    free = iter([key for key in HOTKEYS if key not in taken])
    keys = {owner: key for key, owner in taken.items()}
    for field, label in every:
        if not label.hotkey and (key := next(free, None)):
            keys[field, label.name] = key
    return keys


def checked_keys(keys: object) -> dict[str, str]:
    """Return remapped keys of commands, as the keymap writes them: "Ctrl+Z", "Shift+1", "F2".

    Raises
    ------
    SchemaError
        For keys that belong to labels, that no keyboard has, or that two commands ask for.
    """
    if not isinstance(keys, Mapping):
        message = f"keys must be a dict of command to key, such as {{'undo': 'Ctrl+Z'}}; found {shown(keys)}"
        raise SchemaError(message)
    owners: dict[str, str] = {}
    for command, key in keys.items():
        checked_name(command, "a command")
        _check_key(command, key)
        if key in owners:
            message = f"the key {key!r} is asked for by two commands, {owners[key]!r} and {command!r}; give one of them another"
            raise SchemaError(message)
        owners[key] = command
    return dict(keys)


def _check_key(command: str, key: object) -> None:
    match = _KEY.fullmatch(key) if isinstance(key, str) else None
    if match is None:
        message = f"the key of command {command!r} must be written like 'Ctrl+Z', 'Shift+1' or 'F2'; found {shown(key)}"
        raise SchemaError(message)
    if match["key"].isalnum() and len(match["key"]) == 1 and not match["modifiers"]:
        message = f"the key {key!r} of command {command!r} belongs to labels, as all digits and letters do; add a modifier, as in 'Shift+{key}'"
        raise SchemaError(message)


def _claim(taken: dict[str, tuple[str, str]], key: str, owner: tuple[str, str]) -> None:
    if key in taken:
        (one, first), (two, second) = taken[key], owner
        message = (
            f"hotkey {key!r} is asked for by both {first!r} (field {one!r}) and {second!r} (field {two!r}); "
            "give one of them another"
        )
        raise SchemaError(message)
    taken[key] = owner
