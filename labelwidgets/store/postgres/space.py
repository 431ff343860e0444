"""What is told to the server outside of transactions: to count rows anew, and to let go of what was erased."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from ..writing import statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

ERASED = ("member", "draft", "payload", "task", "copy", "annotation", "prediction", "comment")
"""Tables of which something may have been erased."""

REWRITTEN = 64 * 2**20
"""Bytes of a table up to which it is written anew after an erasure, which keeps others waiting for a second or so."""

SIZE = "SELECT pg_table_size(CAST(:name AS regclass))"


def count_anew(engine: Engine) -> None:
    """Let the server count the rows of a queue that grew, so that it finds the next task by the index."""
    with _outside(engine) as connection:
        connection.execute(statement("ANALYZE task, queue"))


def let_go(engine: Engine) -> None:
    """Take what was erased out of the tables' files, where rows lie on as they were until their place is used again."""
    with _outside(engine) as connection:
        connection.execute(statement("SET lock_timeout = '2s'"))
        for table in ERASED:
            small = connection.execute(statement(SIZE), {"name": table}).scalar_one() <= REWRITTEN
            with suppress(DBAPIError):  # somebody reads it just now
                connection.execute(statement(f"VACUUM {'FULL ' if small else ''}{table}"))
        connection.execute(statement("RESET lock_timeout"))


@contextmanager
def _outside(engine: Engine) -> Iterator[Connection]:
    """Give a connection without transactions, for what may fail, such as for a role that does not own the tables."""
    with suppress(DBAPIError), engine.connect() as connection:
        yield connection.execution_options(isolation_level="AUTOCOMMIT")
