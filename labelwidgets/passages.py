"""How a text is cut: into the turns of a dialogue, given tokens, words. Offsets are code points, half open."""

from __future__ import annotations

import json as jsonlib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from .errors import LabelError, listed, shown

Stretch = tuple[int, int]

SPEAKERS = ("speaker", "role", "from", "author", "name")
"""Keys that may say who speaks, the first that is there."""

SAYINGS = ("text", "content", "value", "utterance")
"""Keys that may hold what is said, the first that is there."""

BETWEEN = "\n"
"""What stands between two turns in the text of a dialogue."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker says in a dialogue.

    Attributes
    ----------
    speaker : str
        "" when nobody says who it is.
    start, end : int
        Where it lies in the dialogue's text.
    """

    speaker: str
    start: int
    end: int

    def to_json(self) -> dict[str, Any]:
        """Return the turn as `TurnJson` of the wire."""
        return {"speaker": self.speaker, "start": self.start, "end": self.end}


def unpacked(value: object) -> object:
    """Return turns that are written as JSON text as the list they are; anything else as it is."""
    if not isinstance(value, str) or not value.lstrip().startswith("["):
        return value
    try:
        return jsonlib.loads(value)
    except ValueError:
        return value


def fault_of(value: object) -> str:
    """Say why a value is no dialogue, "" when it is one."""
    how = "a dialogue is a list of turns, such as [{'speaker': 'ann', 'text': 'Hello'}]"
    if not isinstance(value, (list, tuple)):
        return f"holds {shown(value)}, and {how}"
    for place, turn in enumerate(value):
        if not isinstance(turn, Mapping):
            return f"has {shown(turn)} as turn {place}, and {how}"
        if not isinstance(_said(turn), str):
            keys = listed(map(str, turn)) or "nothing"
            return (
                f"has no text in turn {place} (it holds {keys}); what is said stands under {listed(SAYINGS)}"
            )
    return "" if is_dialogue(value) else f"names no speaker; who speaks stands under {listed(SPEAKERS, 5)}"


def is_dialogue(value: object) -> bool:
    """Whether a value is a list of turns: dicts that hold what is said as text, at least one of them its speaker."""
    if not isinstance(value, (list, tuple)) or not value:
        return False
    turns = [turn for turn in value if isinstance(turn, Mapping) and isinstance(_said(turn), str)]
    return len(turns) == len(value) and any(_speaker(turn) for turn in turns)


def text_of(value: object) -> str | None:
    """Return the text that offsets count in: of a dialogue its turns joined by line feeds; None for what has no text."""
    if isinstance(value, str):
        return value
    return BETWEEN.join(str(_said(turn)) for turn in value) if _turned(value) else None  # type: ignore[attr-defined]


def turns_of(value: object) -> tuple[Turn, ...]:
    """Return the turns of a dialogue; () for anything else."""
    if not _turned(value):
        return ()
    sayings = [(_speaker(turn), str(_said(turn))) for turn in value]  # type: ignore[attr-defined]
    starts = accumulate((len(said) + len(BETWEEN) for _, said in sayings), initial=0)
    return tuple(Turn(who, at, at + len(said)) for (who, said), at in zip(sayings, starts, strict=False))


def told(value: object) -> str:
    """Return a dialogue as people write it down: who says what, a line each."""
    text = text_of(value) or ""
    turns = turns_of(value)
    return "\n".join(f"{turn.speaker}: {text[turn.start : turn.end]}" for turn in turns)


def _turned(value: object) -> bool:
    return isinstance(value, (list, tuple)) and is_dialogue(value)


def _speaker(turn: Mapping[str, Any]) -> str:
    return next((str(turn[key]) for key in SPEAKERS if turn.get(key) not in (None, "")), "")


def _said(turn: Mapping[str, Any]) -> Any:
    return next((turn[key] for key in SAYINGS if key in turn), None)


def tokens_of(given: object, text: str) -> list[Stretch]:
    """Return where given tokens lie in a text.

    Parameters
    ----------
    given : list of str, or of (int, int)
        The tokens in order, with nothing but blanks between them; or their starts and ends.
    text : str
        The text they are of.

    Raises
    ------
    LabelError
        Naming the token that is not found, is empty, or lies before the one before it.
    """
    if isinstance(given, (str, Mapping)) or not isinstance(given, Sequence):
        raise LabelError.refused("", given, "tokens as a list of texts or of [start, end]")
    found: list[Stretch] = []
    at = 0
    for number, token in enumerate(given):
        start, at = _found(token, text, at) if isinstance(token, str) else _edges(token, text, at, number)
        if start < 0:
            raise LabelError(
                f"expected token {number} {shown(token)} next, found {shown(text[at : at + len(str(token)) + 20])} "
                f"at {at:,} of the text. Tokens are the text's own, in order.",
                found=token,
            )
        found.append((start, at))
    return found


def _found(token: str, text: str, at: int) -> Stretch:
    """Return start and end of the token when it comes next, -1 and where it should be when it does not."""
    while not text.startswith(token, at) and at < len(text) and text[at].isspace():
        at += 1
    return (at, at + len(token)) if token and text.startswith(token, at) else (-1, at)


def _edges(token: object, text: str, at: int, number: int) -> Stretch:
    ends = list(token) if isinstance(token, (list, tuple)) else []
    whole = len(ends) == 2 and all(isinstance(end, int) and not isinstance(end, bool) for end in ends)  # noqa: PLR2004 - start and end
    if not whole or not at <= ends[0] < ends[1] <= len(text):
        raise LabelError.refused(
            "", token, f"token {number} as a text or [start, end] from {at:,} to {len(text):,}, not empty"
        )
    return ends[0], ends[1]


def in_word(text: str, place: int) -> bool:
    """Whether a place lies inside a word: between two letters, digits or marks of writing that parts words by blanks.

    Writing without blanks between words, or in which particles are joined to them (Han, kana, Hangul, Thai, Lao, Khmer,
    Burmese ...), may be cut anywhere but before a mark: where its words end is a matter of dictionaries.
    """
    if not 0 < place < len(text):
        return False
    if is_mark(text[place]):
        return not text[place - 1].isspace()
    before = place - 1
    while before and is_mark(text[before]):
        before -= 1
    return is_letter(text[before]) and is_letter(text[place])


def is_mark(char: str) -> bool:
    """Whether a character belongs to the one before it, as accents do."""
    return not char.isascii() and unicodedata.category(char)[0] == "M"


def is_letter(char: str) -> bool:
    """Whether a character joins its like to a word: a letter or digit of writing that parts words by blanks."""
    if char.isascii():
        return char.isalnum()
    kind = unicodedata.category(char)
    return (kind[0] == "L" or kind in {"Nd", "Nl"}) and not any(
        low <= ord(char) <= high for low, high in UNBROKEN
    )


UNBROKEN = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Burmese
    (0x1100, 0x11FF),  # Hangul, to which particles are joined
    (0x1780, 0x17FF),  # Khmer
    (0x1950, 0x1AAF),  # Tai Le, New Tai Lue, Khmer symbols, Buginese, Tai Tham
    (0x2E80, 0xA4CF),  # Han radicals, kana, bopomofo, Han, Yi
    (0xA960, 0xA97F),  # Hangul extended
    (0xA9E0, 0xA9FF),  # Burmese extended
    (0xAA60, 0xAADF),  # Burmese extended, Tai Viet
    (0xAC00, 0xD7FF),  # Hangul
    (0xF900, 0xFAFF),  # Han compatibility
    (0xFF00, 0xFFEF),  # halfwidth and fullwidth forms
    (0x11700, 0x1173F),  # Ahom
    (0x16FE0, 0x1B2FF),  # Tangut, Khitan, kana extensions
    (0x20000, 0x3FFFF),  # Han extensions
)
"""Ranges of code points whose words are not parted by blanks alone."""


def words_of(text: str, place: int) -> Stretch:
    """Return the nearest places before and after one inside a word that are not inside it."""
    before = after = place
    while in_word(text, before):
        before -= 1
    while in_word(text, after):
        after += 1
    return before, after
