"""What SQLite's errors mean for the one who wanted something kept, and what to do about them."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from ..errors import StoreDamaged, StoreError, StoreLocked

if TYPE_CHECKING:
    from collections.abc import Iterator

DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
LOCKED = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})


@contextmanager
def translated(url: str) -> Iterator[None]:
    """Turn what the database raises within the block into a `StoreError` that names the remedy."""
    try:
        yield
    except DBAPIError as error:
        raise meaning(error.orig, url) from error
    except sqlite3.Error as error:
        raise meaning(error, url) from error
    except UnicodeDecodeError as error:  # text that is none: even the message of SQLite quotes it
        raise damaged(error, url) from error
    except OverflowError as error:
        raise StoreError(
            f"A number is too large for {url}: {error}. Nothing of this write was kept."
        ) from error
    except UnicodeEncodeError as error:
        raise StoreError(
            f"Text with half a character can't be stored: {error}. Nothing of this write was kept."
        ) from error


def damaged(error: BaseException | None, url: str) -> StoreDamaged:
    """Return the error to raise for pages or text that can't be read."""
    return StoreDamaged(
        f"{url} is damaged ({error}). What was read before is right; `labelwidgets verify` says what else is. "
        "Restore the last backup, or copy what is readable with `labelwidgets export`."
    )


def meaning(error: BaseException | None, url: str) -> StoreError:
    """Return the error to raise for one of SQLite's."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in DAMAGED or str(error).startswith("Could not decode"):
        return damaged(error, url)
    if code in LOCKED:
        return StoreLocked(
            f"Another program holds {url} ({error}); nothing of this write was kept. Close database browsers that have it open, "
            "then try again."
        )
    if code == sqlite3.SQLITE_FULL:
        return StoreError(
            f"The disk of {url} is full: nothing of this write was kept, all before it is safe. Free some space, then try again."
        )
    if code == sqlite3.SQLITE_IOERR:
        return StoreError(
            f"The disk of {url} failed ({error}): nothing of this write was kept. Check the disk and its free space, then try again."
        )
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN):
        return StoreError(
            f"{url} can't be opened for this ({error}). Check that the file and its folder may be written."
        )
    return StoreError(f"{url} refused a write or a question: {error}. Nothing of it was kept.")
