"""Checks of the words and numbers a schema is made of, and of the texts that answers hold."""

from __future__ import annotations

import re
import unicodedata

from ..errors import LabelError, SchemaError, shown
from ..labels import number

LONGEST_NAME = 200
LONGEST_PROSE = 10_000
LARGEST_NUMBER = 1e300
"""Larger ones are near the end of what a float can say."""
HOTKEYS = "1234567890abcdefghijklmnopqrstuvwxyz"
"""In the order in which they are given out."""
COLUMNS = frozenset(
    [
        "annotation_id",
        "task_id",
        "key",
        "annotator",
        "round",
        "status",
        "version",
        "confidence",
        "shown_at",
        "first_act_at",
        "submitted_at",
        "seconds",
        "model",
        "instructions_version",
        "label_status",
        "labeled_at",
        "created_at",
        "late",
        "reason",
        "stale",
    ],
)
"""Columns of `annotations()` and `frame()` that are there whatever the schema."""

_COLOR = re.compile(r"#[0-9a-fA-F]{6}", re.ASCII)
_BREAKING = ("Cc", "Zl", "Zp")
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def checked_name(name: object, what: str) -> str:
    """Return a name: one line of text with no blanks around it, at most 200 characters."""
    if not isinstance(name, str):
        raise SchemaError(f"{what} must be text, found {shown(name)}")
    if not name or len(name) > LONGEST_NAME or name != name.strip():
        raise SchemaError(
            f"{what} must be 1 to {LONGEST_NAME} characters without blanks around them, found {shown(name)}"
        )
    fault = "" if name.isprintable() else unfit(name, name=True)
    if fault:
        raise SchemaError(f"{what} may hold no {fault}, found {shown(name)}")
    return str(name)


def checked_column(name: object, what: str, taken: frozenset[str] = COLUMNS) -> str:
    """Return a name that can head a column: not one of the columns that are always there, no "." or "["."""
    column = checked_name(name, what)
    if column in taken:
        raise SchemaError(
            f"{what} can't be {column!r}: a column of that name is there already; take another, such as 'my_{column}'"
        )
    if "." in column or "[" in column:
        raise SchemaError(
            f"{what} may hold neither '.' nor '[', which lead to attributes and regions ('objects[0].color'); found {column!r}"
        )
    return column


def checked_source(name: object, what: str) -> str | None:
    """Return the name of a column of the data, or None: whatever the data calls its columns."""
    if name is None or (isinstance(name, str) and 0 < len(name) <= LONGEST_NAME):
        return name
    raise SchemaError(f"{what} must be the name of a column, found {shown(name)}")


def checked_prose(text: object, what: str, longest: int = LONGEST_PROSE) -> str:
    """Return a text of any lines."""
    if not isinstance(text, str):
        raise SchemaError(f"{what} must be text, found {shown(text)}")
    if len(text) > longest:
        raise SchemaError(f"{what} must be at most {longest:,} characters, found {len(text):,}")
    if unfit(text):
        raise SchemaError(f"{what} may hold no {unfit(text)}, found {shown(text)}")
    return str(text)


def checked_color(color: object) -> str:
    """Return a colour "#rrggbb" in lower case; other CSS forms are refused, since colours end in styles."""
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


def checked_count(value: object, what: str, low: int, high: int) -> int:
    """Return a whole number in [low, high]."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise SchemaError(f"{what} must be a whole number from {low:,} to {high:,}, found {shown(value)}")
    return value


def checked_number(value: object, what: str, *, above: float | None = None) -> float:
    """Return a finite number, larger than `above`."""
    try:
        made = number(what, value, -LARGEST_NUMBER, LARGEST_NUMBER)
    except LabelError as error:
        raise SchemaError(str(error)) from None
    if above is not None and made <= above:
        raise SchemaError(f"{what} must be larger than {above:g}, found {made:g}")
    return made


def checked_text(text: object, field: str, longest: int, *, lines: bool) -> str:
    """Return the text of an answer.

    Raises
    ------
    LabelError
        For what is no text, is too long, has lines where there is one, or characters that no file keeps.
    """
    if not isinstance(text, str):
        raise LabelError.refused(field, text, "text")
    if len(text) > longest:
        raise LabelError.refused(field, text, f"at most {longest:,} characters", "Shorten the text.")
    if unfit(text):
        raise LabelError.refused(field, text, f"text without any {unfit(text)}", "Remove it.")
    if not lines and ("\n" in text or "\r" in text):
        raise LabelError.refused(field, text, "one line of text", "Remove the line breaks.")
    return str(text)


def unfit(text: str, *, name: bool = False) -> str:
    """Name the first kind of character that no database, file or screen takes well ("" when all are fine).

    A name may also hold no line breaks and no overrides of the writing direction, which make it look like another.
    """
    if text.isprintable():
        return ""
    for char in text:
        kind = unicodedata.category(char)
        if kind == "Cs":
            return "unpaired surrogate"
        if char in _BIDI and name:
            return "writing-direction override"
        if kind in _BREAKING and (name or (kind == "Cc" and char not in "\n\t\r")):
            return "control character" if kind == "Cc" else "line separator"
    return ""
