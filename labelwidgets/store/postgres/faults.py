"""What PostgreSQL's errors mean for the one who wanted something kept, and what to do about them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from ...errors import StoreDamaged, StoreError, StoreLocked
from .address import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import Iterator

TAKEN_BACK = {
    "40P01": "it and another one waited for each other",
    "40001": "another one came before it",
    "23505": "another one made the same at the same time",
}
"""States of acts that the server took back and that may work when repeated."""

DAMAGED = frozenset({"XX001", "XX002"})

GONE = ("57P01", "57P02", "57P03", "25P03", "08")
"""How the states begin of a connection that is lost."""

SAID = (
    ("password", "The server refused the role or its password: check both in the URL, or in PGPASSFILE."),
    ("authentication", "The server refused the role: check it in the URL, and the server's pg_hba.conf."),
    ("pg_hba.conf", "The server takes no such connection from here: check its pg_hba.conf."),
    ("role", "Check the role in the URL, or have it made."),
    (
        "database",
        "Make the database first (`createdb`), with the encoding UTF8, or check its name in the URL.",
    ),
    ("too many", "The server has no connection left: raise its max_connections, or close what is not used."),
    (
        "connection slots",
        "The server has no connection left: raise its max_connections, or close what is not used.",
    ),
)
"""What to do about a connection that the server refused, by its words."""

STARTING = ("starting up", "shutting down", "recovery mode", "not yet accepting", "not accepting")
"""What a server says that will soon be there."""


class TakenBack(StoreError):  # noqa: N818 - what happened to an act
    """An act of which nothing was kept for a passing reason; the store repeats it by itself some times.

    Attributes
    ----------
    wait_s : float
        How long to wait before.
    """

    def __init__(self, message: str, *, wait_s: float = 0.0) -> None:
        super().__init__(message)
        self.wait_s = wait_s


@contextmanager
def translated(url: str) -> Iterator[None]:
    """Turn what the driver raises within the block into a `StoreError` that names the remedy."""
    from psycopg import Error

    try:
        yield
    except DBAPIError as error:
        raise meaning(error, url) from error
    except Error as error:  # where the driver is used without the toolkit
        raise _state_meaning(error, url) from error
    except OverflowError as error:
        raise StoreError(
            f"A number is too large for {url}: {error}. Nothing of this write was kept."
        ) from error
    except UnicodeEncodeError as error:
        raise StoreError(
            f"Text with half a character can't be stored: {error}. Nothing of this write was kept."
        ) from error


def meaning(error: DBAPIError, url: str) -> StoreError:
    """Return the error to raise for one of the driver's."""
    if error.orig is None or (error.statement is None and not _state(error.orig) and not lost(error)):
        return _unreachable(str(error.orig), url)
    return _cut(error.orig, url) if lost(error) else _state_meaning(error.orig, url)


def lost(error: DBAPIError) -> bool:
    """Whether the connection is gone."""
    return error.connection_invalidated or _state(error.orig).startswith(GONE)


def _state(error: BaseException | None) -> str:
    return str(getattr(error, "sqlstate", None) or "")


def _line(error: BaseException | None) -> str:
    return str(error).strip().partition("\n")[0]


def _unreachable(text: str, url: str) -> StoreError:
    said = " ".join(text.split())
    if any(word in said for word in STARTING):
        return TakenBack(f"The server of {url} is not ready ({said}). Try again in a moment.", wait_s=0.5)
    for word, remedy in SAID:
        if word in said and "onnection refused" not in said:
            return StoreError(f"{url} can't be opened: {said}. {remedy}")
    return StoreError(
        f"{url} can't be reached: {said}. Check host and port in the URL, and that the server runs. "
        "Nothing was kept of what was asked; all before it is safe."
    )


def _cut(error: BaseException, url: str) -> TakenBack:
    return TakenBack(
        f"The connection to {url} was lost ({_line(error)}); nothing of this was kept. Repeat it."
    )


def _state_meaning(error: BaseException, url: str) -> StoreError:
    from psycopg import OperationalError

    state, said = _state(error), _line(error)
    if state.startswith(GONE) or (not state and isinstance(error, OperationalError)):
        return _cut(error, url)
    if state in TAKEN_BACK:
        return TakenBack(
            f"{url} took an act back, since {TAKEN_BACK[state]} ({said}). Repeat it.", wait_s=0.01
        )
    if state == "55P03":
        return StoreLocked(
            f"Another act has held {url} for {PATIENCE_S} s; nothing of this write was kept. See who in pg_stat_activity, then "
            "try again."
        )
    if state in DAMAGED:
        return StoreDamaged(
            f"{url} is damaged ({said}). What was read before is right; `labelwidgets verify` says what else is. "
            "Restore the last backup, or copy what is readable with `labelwidgets export`."
        )
    if "NUL" in said:
        return StoreError(
            f"Text with a NUL character can't be kept in PostgreSQL: {said}. Nothing of this write was kept; leave the character out."
        )
    return StoreError(_refusal(state, said, url))


def _refusal(state: str, said: str, url: str) -> str:
    if state == "42501":
        return f"The role may not do this in {url} ({said}). Have it granted, or open the store for reading only."
    if state == "25006":
        return f"The server of {url} takes no writes ({said}): it is a standby. Give the address of the first server."
    if state in ("53100", "58030"):
        return f"The disk of {url} is full or failed ({said}): nothing of this write was kept, all before it is safe."
    if state == "22003":
        return f"A number is too large for {url}: {said}. Nothing of this write was kept."
    return f"{url} refused a write or a question: {said}. Nothing of it was kept."
