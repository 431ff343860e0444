"""The acts a page may send, and the checks that each passes before anything is done: a page is a stranger."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from .errors import MessageError
from .records import Times

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MESSAGES: Mapping[str, tuple[str, ...]] = {
    "hello": ("page",),
    "submit": ("task", "round", "values", "times", "confidence", "prediction", "schema"),
    "skip": ("task", "round", "reason", "times"),
    "undo": ("answer",),
    "goto": ("task",),
    "draft": ("task", "values"),
    "media": ("task", "what", "level", "column", "row"),
    "beat": ("tasks",),
    "leave": ("tasks",),
    "comment": ("task", "text", "region"),
    "flag": ("task", "flagged"),
    "tiles": ("n",),
    "bundle": ("name",),
}
"""Acts of the page and the fields each may carry besides `kind` and `id`; `core/protocol.ts` is the twin."""

APP_MESSAGES: Mapping[str, tuple[str, ...]] = {
    "enter": ("ticket", "page", "project"),
    "open": ("page", "project"),
    "fresh": ("page", "project", "since"),
    "answers": ("project", "only", "skip"),
    "thumbs": ("project", "tasks"),
    "personal": (),
    "invite": ("person", "name", "role", "team", "groups", "project", "where", "goal"),
    "change": ("person", "name", "role", "team", "groups"),
    "remove": ("person",),
    "restore": ("person",),
    "assign": ("project", "person", "group", "role", "where", "goal"),
    "unassign": ("project", "person", "group"),
    "prioritize": ("project", "where", "priority"),
    "count": ("project", "where"),
    "archive": ("project", "archived"),
    "clone": ("project", "name", "items"),
    "template": ("project",),
    "bundle": ("name",),
}
"""Acts of the published app's own page; `app/acts.ts` is the twin."""

REPLIES: Mapping[str, tuple[str, ...]] = {
    "ack": ("id",),
    "refuse": ("id", "code", "reason"),
    "push": ("tasks", "left"),
}
"""What the kernel sends: the two answers to an act, and tasks unasked."""

LARGEST_MESSAGE = 5_000_000
"""Characters of JSON that one act may have; a page that sends more is broken or hostile."""

LONGEST_TEXT = 20_000
"""Characters of a comment or a reason."""

LONGEST_TASK = 86_400
"""Seconds that a task may have taken; beyond it a clock was wrong."""

MOST_TILES = 500
"""Items that grid mode may ask for at once."""

LONGEST_WORD = 200
"""Characters of a name, a role, a ticket."""

MOST_WORDS = 100
"""Groups that one person may be in."""

MOST_PRIORITY = 1e9
"""Further from 0 no priority is."""

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def act_id(content: object) -> str:
    """Return the id of an act, to answer it by; "" when it has none that may be repeated."""
    said = content.get("id") if isinstance(content, dict) else None
    return said if isinstance(said, str) and _ID.fullmatch(said) else ""


def checked(content: object, acts: Mapping[str, tuple[str, ...]] = MESSAGES) -> dict[str, Any]:
    """Return an act whose kind, fields, types and sizes are as a table of acts says; absent fields are None.

    Raises
    ------
    MessageError
        Saying what was found and what was expected.
    """
    if not isinstance(content, dict):
        raise MessageError(f"An act is a dict, found {type(content).__name__}.")
    kind, act_id = content.get("kind"), content.get("id")
    if not isinstance(kind, str) or kind not in acts:
        raise MessageError(f"Unknown act {str(kind)[:40]!r}; known are {', '.join(acts)}.")
    if not isinstance(act_id, str) or not _ID.fullmatch(act_id):
        raise MessageError("An act has an id of 1 to 64 letters, digits, - and _.")
    size = _size(content)
    if size > LARGEST_MESSAGE:
        raise MessageError(
            f"An act of {size:,} characters is too large; {LARGEST_MESSAGE:,} is the most.", code="size"
        )
    unknown = sorted(map(str, content.keys() - {"kind", "id", *acts[kind]}))
    if unknown:
        raise MessageError(f"{kind} has no {unknown[0][:40]!r}; it has {', '.join(acts[kind])}.")
    return {"kind": kind, "id": act_id} | {name: _TYPES[name](name, content.get(name)) for name in acts[kind]}


def _size(content: object) -> int:
    try:
        return len(json.dumps(content))
    except (TypeError, ValueError, RecursionError):
        raise MessageError("An act is plain JSON.") from None


def _whole(low: int, high: int) -> Callable[[str, Any], int]:
    def check(name: str, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise MessageError(f"{name} is a whole number from {low} to {high}, found {str(value)[:40]!r}.")
        return value

    return check


def _text(longest: int, *, absent: str | None = None) -> Callable[[str, Any], str | None]:
    def check(name: str, value: Any) -> str | None:
        if value is None and absent is None and name in _OPTIONAL:
            return None
        value = absent if value is None else value
        if not isinstance(value, str):
            raise MessageError(f"{name} is text, found {type(value).__name__}.")
        if len(value) > longest:
            raise MessageError(f"{name} has {len(value):,} characters; {longest:,} is the most.", code="size")
        return value

    return check


def _optional(check: Callable[[str, Any], Any]) -> Callable[[str, Any], Any]:
    return lambda name, value: None if value is None else check(name, value)


def _mapping(name: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise MessageError(f"{name} is a dict, found {type(value).__name__}.")
    return value


def _numbers(name: str, value: Any) -> list[int]:
    if not isinstance(value, list) or len(value) > MOST_TILES:
        raise MessageError(f"{name} is a list of at most {MOST_TILES} task ids.")
    return [_whole(0, 2**53)(name, number) for number in value]


def _one_of(*words: str) -> Callable[[str, Any], str]:
    def check(name: str, value: Any) -> str:
        if value not in words:
            raise MessageError(f"{name} is {' or '.join(words)}, found {str(value)[:40]!r}.")
        return str(value)

    return check


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise MessageError(f"{name} is true or false, found {str(value)[:40]!r}.")
    return value


def _words(name: str, value: Any) -> list[str]:
    if not isinstance(value, list) or len(value) > MOST_WORDS:
        raise MessageError(f"{name} is a list of at most {MOST_WORDS} words.")
    return [str(_text(LONGEST_WORD)(name, "" if word is None else word)) for word in value]


def _number(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) <= MOST_PRIORITY:
        raise MessageError(f"{name} is a number, found {str(value)[:40]!r}.")
    return float(value)


_OPTIONAL = ("region", "prediction", "person", "group", "project", "role", "team", "name", "ticket")

_TYPES: Mapping[str, Callable[[str, Any], Any]] = {
    "page": _text(64),
    "task": _whole(-1000, 2**53),
    "round": _optional(_whole(1, 1000)),
    "values": _optional(_mapping),
    "times": _optional(_mapping),
    "confidence": _optional(_one_of("sure", "unsure")),
    "prediction": _text(400),
    "schema": _optional(_whole(1, 2**31)),
    "reason": _text(LONGEST_TEXT, absent=""),
    "answer": _text(64),
    "what": _one_of("full", "tile"),
    "level": _optional(_whole(0, 30)),
    "column": _optional(_whole(0, 2**20)),
    "row": _optional(_whole(0, 2**20)),
    "tasks": _numbers,
    "text": _text(LONGEST_TEXT),
    "region": _text(64),
    "flagged": _flag,
    "n": _whole(1, MOST_TILES),
    "name": _text(LONGEST_WORD),
    "ticket": _text(LONGEST_WORD),
    "project": _text(LONGEST_WORD),
    "since": _optional(_whole(0, 2**53)),
    "only": _one_of("all", "flagged", "commented", "unsure", "skipped"),
    "skip": _whole(0, 2**31),
    "person": _text(LONGEST_WORD),
    "group": _text(LONGEST_WORD),
    "role": _text(LONGEST_WORD),
    "team": _text(LONGEST_WORD),
    "groups": _optional(_words),
    "where": _optional(_mapping),
    "goal": _optional(_whole(0, 2**31)),
    "priority": _number,
    "archived": _flag,
    "items": _flag,
}


def times(said: Mapping[str, Any] | None) -> Times:
    """Read the page's times; what makes no sense is left out, since an answer is worth more than its time."""
    said = said or {}
    seconds = said.get("seconds")
    usable = (
        isinstance(seconds, (int, float)) and not isinstance(seconds, bool) and 0 <= seconds <= LONGEST_TASK
    )
    return Times(
        shown_at=_moment(said.get("shown_at")),
        first_act_at=_moment(said.get("first_act_at")),
        submitted_at=_moment(said.get("submitted_at")),
        seconds=float(seconds) if usable and seconds is not None else None,
    )


def _moment(said: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(said)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (TypeError, ValueError, OverflowError):  # the last: beyond the years there are
        return None
