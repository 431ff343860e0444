"""What can go wrong, each error saying what was found, what was expected and what to do."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

SHOWN = 60
"""Characters of a value that an error message quotes."""
MANY = 500
"""Names among which the nearest is sought by comparing with each."""
NEAR = 3
"""Characters by which the length of a near name differs, among more names than that."""


class LabelwidgetsError(Exception):
    """Parent of every error that this package raises on purpose."""


class LabelError(LabelwidgetsError, ValueError):
    """A value that the schema, or the item, does not allow; nothing was stored.

    Attributes
    ----------
    field : str
        Where it stands, such as "weather" or "objects[2].attributes.color"; "" when no field is known.
    found : object
        The value that was refused.
    expected : str
        What is allowed.
    """

    def __init__(self, message: str, *, field: str = "", found: object = None, expected: str = "") -> None:
        super().__init__(message)
        self.field, self.found, self.expected = field, found, expected

    def __str__(self) -> str:
        """Return the message, led by the field."""
        return f"{self.field}: {self.args[0]}" if self.field else str(self.args[0])

    @classmethod
    def refused(cls, field: str, found: object, expected: str, remedy: str = "") -> LabelError:
        """Error whose message names the field, what is allowed, the value found, and what to do."""
        message = f"expected {expected}, found {shown(found)}. {remedy}"
        return cls(message.rstrip(), field=field, found=found, expected=expected)

    def within(self, place: str) -> LabelError:
        """Return the same error, said of a value that lies in `place` ("objects[2]")."""
        field = f"{place}.{self.field}" if self.field else place
        return type(self)(self.args[0], field=field, found=self.found, expected=self.expected)


class SchemaError(LabelwidgetsError, ValueError):
    """A schema that can't be: names or keys that clash, a colour that is none, a change that loses answers."""


class SourceError(LabelwidgetsError, ValueError):
    """Data that can't be made into tasks: a missing file or column, an unknown format."""


class MediaError(LabelwidgetsError, OSError):
    """An item that can't be read or shown, or lies where this session may not look.

    Attributes
    ----------
    reason : str
        One word for programs: "missing", "empty", "broken", "denied", "too large", "unknown".
    """

    def __init__(self, message: str, *, reason: str = "broken") -> None:
        super().__init__(message)
        self.reason = reason


class StoreError(LabelwidgetsError, RuntimeError):
    """The store could not do what was asked; what it had acknowledged is safe."""


class StoreDamaged(StoreError):  # noqa: N818 - a state of the store
    """The store fails its checks; it opens read-only."""


class StoreTooNew(StoreError):  # noqa: N818 - as above
    """The store was written by a newer version of this package."""


class StoreLocked(StoreError):  # noqa: N818 - as above
    """Another process holds the store and did not let go in time."""


class RightsError(LabelwidgetsError, PermissionError):
    """Somebody asked for what their role does not allow.

    Attributes
    ----------
    user, capability : str
        Who asked, and for what.
    ended : bool
        Their access has ended, or never began: nothing is allowed, not this alone.
    """

    def __init__(self, message: str, *, user: str = "", capability: str = "", ended: bool = False) -> None:
        super().__init__(message)
        self.user, self.capability, self.ended = user, capability, ended


class UserError(LabelwidgetsError, ValueError):
    """A user, role, membership or condition that can't be: an empty id, a name that is no role's."""


class AccountError(LabelwidgetsError, ValueError):
    """An invite, a password or a sign-in that won't do; the message is for whoever tried."""


class MessageError(LabelwidgetsError, ValueError):
    """A message from a page that is ill-formed, forged or too large; nothing was done.

    Attributes
    ----------
    code : str
        "label", "rights", "gone", "size", "message", "store" or "media", as `refuse` sends it.
    field : str
        The field of the schema it is about, or "".
    """

    def __init__(self, message: str, *, code: str = "message", field: str = "") -> None:
        super().__init__(message)
        self.code, self.field = code, field


def shown(value: object) -> str:
    """Quote a value for a message: short, on one line, whatever its size."""
    if isinstance(value, (str, bytes)):
        text = repr(value[:SHOWN])
        return text if len(value) <= SHOWN else f"{text}... ({len(value):,} long)"
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 4 * SHOWN:
        return f"an integer of {value.bit_length():,} bits"
    if isinstance(value, (list, tuple, set, frozenset, dict)):
        return f"a {type(value).__name__} of {len(value):,}" if value else repr(value)
    text = repr(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."


def listed(names: Iterable[str], most: int = 8) -> str:
    """Join names for a message, the first few of many."""
    every = list(names)
    more = f" and {len(every) - most:,} more" if len(every) > most else ""
    return ", ".join(shown(name) for name in every[:most]) + more


def did_you_mean(found: object, names: Iterable[str], otherwise: str = "") -> str:
    """Suggest the nearest of the allowed names, or say `otherwise`."""
    if not isinstance(found, str) or len(found) > 2 * SHOWN:
        return otherwise
    sought = found.strip().casefold()
    folded = {name.casefold(): name for name in names}
    if len(folded) > MANY:  # comparing with 10,000 names takes half a second
        folded = {
            key: name
            for key, name in folded.items()
            if key[:1] == sought[:1] and abs(len(key) - len(sought)) < NEAR
        }
    near = get_close_matches(sought, list(folded)[:MANY], n=1)
    return f"Did you mean {folded[near[0]]!r}?" if near else otherwise
