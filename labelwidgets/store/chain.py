"""The history: every write leaves an event, and every event seals the ones before it by a hash."""

from __future__ import annotations

import json
import os
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import StoreDamaged, StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..records import Json
    from .writing import Write

START = bytes(32)
"""What the first event follows."""

EVENT = ("number", "session_id", "at", "actor", "kind", "task_id", "ref", "digest", "hash")
"""Columns of an event."""

ANNOTATION = (
    "id", "session_id", "task_id", "annotator", "round", "version", "status", "answer", "confidence", "shown_at",
    "first_act_at", "submitted_at", "seconds", "reason", "model", "schema_version", "instructions_version",
    "task_version", "late", "created_at",
)  # fmt: skip
"""Columns of an annotation that its event seals."""

COMMENT = ("id", "session_id", "task_id", "author", "body", "region", "created_at")
"""Columns of a comment that its event seals."""


_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)
_ASCII = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), allow_nan=False)


class Head(NamedTuple):
    """The newest event: its number and its hash."""

    number: int
    hash: bytes


def dump(value: Json) -> str:
    """JSON text as it is stored and sealed.

    Raises
    ------
    StoreError
        It holds what JSON can't say.
    """
    try:
        text = _JSON.encode(value)
    except (TypeError, ValueError) as error:
        raise StoreError(
            f"Only JSON values can be stored: {error}. Turn the value into text, numbers, lists or dicts."
        ) from error
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:  # half a character, as in file names that are no valid text
        return _ASCII.encode(value)
    return text


def load(text: str) -> Json:
    """Return the value that `dump` wrote.

    Raises
    ------
    StoreDamaged
        The text was changed since.
    """
    try:
        return json.loads(text)
    except (TypeError, ValueError) as error:
        raise StoreDamaged(
            f"A record is damaged ({error}): {str(text)[:60]!r}. `labelwidgets verify` names it; restore the last backup."
        ) from error


def new_salt() -> bytes:
    """Random bytes that keep a digest from telling what was erased."""
    return os.urandom(16)


def digest(salt: bytes, text: str) -> bytes:
    """Digest of a content: 32 bytes that tell nothing without the salt."""
    return sha256(salt + text.encode("utf-8", "surrogatepass")).digest()


def content(row: Mapping[str, Any], columns: Sequence[str]) -> str:
    """Text under the digest of an annotation or a comment."""
    return dump(
        [bool(row[name]) if name == "late" else row[name] for name in columns]
    )  # engines read it as 0 or False


def row_content(key: str, item: str, data: str) -> str:
    """Text under the digest of a source row; the second and later rows of a task have their data only."""
    return f"{key}\n{item}\n{data}"


def link(before: bytes, event: Sequence[Any]) -> bytes:
    """Hash of an event (in the order of `EVENT`, its own hash left out) that follows `before`."""
    *facts, sealed = event
    line = _ASCII.encode([*facts, None if sealed is None else sealed.hex()])
    return sha256(before + line.encode()).digest()


class Journal:
    """Events of one transaction, chained where writers come one at a time.

    An engine whose writers come at once numbers its events by the database and chains them afterwards: another
    class with these two methods.
    """

    def __init__(self, write: Write, head: Head) -> None:
        self._write = write
        self._head = head
        self._events: list[tuple[Any, ...]] = []

    def log(self, facts: Mapping[str, Any]) -> int:
        """Add an event (all of `EVENT` but number and hash); returns its number."""
        number = self._head.number + 1
        event = (number, *(facts[name] for name in EVENT[1:-1]))
        self._head = Head(number, link(self._head.hash, event))
        self._events.append((*event, self._head.hash))
        return number

    def flush(self) -> None:
        """Write the events; the last act of a transaction."""
        self._write.insert("event", EVENT, self._events)
        self._events = []
