"""Gives colours and hotkeys to the labels that were made without."""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle, islice
from typing import TYPE_CHECKING

from ..errors import SchemaError
from .checks import HOTKEYS
from .palette import PALETTE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .label import Label


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


def keyed(fields: Iterable[tuple[str, Sequence[Label], Sequence[str]]]) -> dict[tuple[str, str], str]:
    """Return the hotkeys of all labels of a schema.

    Those asked for come first; the other labels take digits 1-9, 0, then a-z, in order, while keys last. Where a field has
    more labels than there are keys, they take digits only: its labels are found by typing, and letters begin that.
    A field that answers to digits of its own (a rating) has all of them, or none where one is taken already.

    Parameters
    ----------
    fields : triples of field name, labels and own digits
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
    given = list(fields)
    every = [(field, label) for field, labels, _ in given for label in labels]
    taken: dict[str, tuple[str, str]] = {}
    for field, label in every:
        if label.hotkey:
            _claim(taken, label.hotkey, (field, label.name))
    free = [key for key in HOTKEYS if key not in taken]
    keys = {owner: key for key, owner in taken.items()}
    for field, labels, digits in given:
        if set(digits) <= set(free):
            free = [key for key in free if key not in digits]
            keys |= {(field, digit): digit for digit in digits}
        typed = len(labels) > len(HOTKEYS)
        for label in labels:
            fits = [key for key in free[:1] if not (typed and key.isalpha())]
            if not label.hotkey and fits:
                keys[field, label.name] = free.pop(0)
    return keys


def _claim(taken: dict[str, tuple[str, str]], key: str, owner: tuple[str, str]) -> None:
    if key in taken:
        (one, first), (two, second) = taken[key], owner
        raise SchemaError(
            f"hotkey {key!r} is asked for by both {first!r} (field {one!r}) and {second!r} (field {two!r}); "
            "give one of them another"
        )
    taken[key] = owner
