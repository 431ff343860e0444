"""Checks of the words a schema is made of: names, titles, prose, colours, flags."""

from __future__ import annotations

import re
import unicodedata

from ..errors import SchemaError, shown

LONGEST_NAME = 200
LONGEST_PROSE = 10_000
HOTKEYS = "1234567890abcdefghijklmnopqrstuvwxyz"
"""In the order in which they are given out."""
_COLOR = re.compile(r"#[0-9a-fA-F]{6}", re.ASCII)
_UNFIT = ("Cc", "Cs", "Zl", "Zp")
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Overrides of the writing direction: they make a name look like another."""


def checked_name(name: object, what: str) -> str:
    """Return a name: one line of text with no blanks around it, at most 200 characters."""
    if not isinstance(name, str):
        raise SchemaError(f"{what} must be text, found {shown(name)}")
    if not name or len(name) > LONGEST_NAME or name != name.strip():
        raise SchemaError(f"{what} must be 1 to {LONGEST_NAME} characters without blanks around them, found {shown(name)}")
    if not name.isprintable() and unfit(name):
        raise SchemaError(f"{what} may hold no {unfit(name)}, found {shown(name)}")
    return str(name)


def checked_prose(text: object, what: str, longest: int = LONGEST_PROSE) -> str:
    """Return a text of any lines."""
    if not isinstance(text, str):
        raise SchemaError(f"{what} must be text, found {shown(text)}")
    if len(text) > longest:
        raise SchemaError(f"{what} must be at most {longest:,} characters, found {len(text):,}")
    found = unfit(text, also="\n\t\r")
    if found:
        raise SchemaError(f"{what} may hold no {found}, found {shown(text)}")
    return str(text)


def checked_color(color: object) -> str:
    """Return a colour "#rrggbb" in lower case; every other CSS form is refused, since it ends in a style."""
    if not isinstance(color, str) or not _COLOR.fullmatch(color):
        raise SchemaError(f"a colour must be written #rrggbb, such as #1f77b4; found {shown(color)}")
    return color.lower()


def checked_hotkey(key: object) -> str:
    """Return a hotkey: one digit, or one letter a-z, the only keys that no command uses on any keyboard."""
    if isinstance(key, str) and len(key) == 1 and key in HOTKEYS:
        return key
    why = "commands use the other keys, and letters beyond a-z are not on every keyboard"
    raise SchemaError(f"a hotkey must be one digit or one lower-case letter a-z ({why}); found {shown(key)}")


def checked_flag(value: object, what: str) -> bool:
    """Return True or False; numbers and words are neither."""
    if not isinstance(value, bool):
        raise SchemaError(f"{what} must be True or False, found {shown(value)}")
    return value


def unfit(text: str, also: str = "") -> str:
    """Name the first kind of character that no database, file or screen takes well ("" when all are fine)."""
    if text.isprintable():
        return ""
    for char in text:
        if char in _BIDI:
            return "writing-direction override"
        if char not in also and unicodedata.category(char) in _UNFIT:
            return "unpaired surrogate" if unicodedata.category(char) == "Cs" else "control character or line separator"
    return ""
