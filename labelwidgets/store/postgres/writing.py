"""One transaction among others: what it holds, the numbers of its events, and many rows at once."""
# ruff: noqa: S608 - statements are put together of names in this package; values are always bound

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from ..chain import EVENT, Head, Journal
from ..writing import Write, statement

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, CursorResult

COPIED = 100
"""Rows from which on they are streamed into a table instead of being inserted."""

NUMBERS = 2**63
"""Whole numbers are below, and not below its negative."""

BEGIN = """
SELECT txid_current() AS xact, CAST(EXTRACT(epoch FROM clock_timestamp()) * 1000000 AS bigint) AS now,
set_config('idle_in_transaction_session_timeout', '60s', true)"""
"""Begins a write: takes the transaction's number before it takes any for events, and the server's time.

Whoever stops in the middle lets go of what it holds after a minute.
"""

KEEP = f"""
INSERT INTO event ({", ".join(EVENT[:-1])}) VALUES (nextval('event_number'), {", ".join(f":{name}" for name in EVENT[1:-1])})
RETURNING number"""

NONE = Head(0, b"")


def lock_key(schema: str, *what: object) -> int:
    """Number of what is held, for the server's own locks, which are those of a whole database."""
    return int.from_bytes(sha256(repr((schema, *what)).encode()).digest()[:8], "big", signed=True)


class Numbered(Journal):
    """Events of one transaction, numbered by the database; the sealer chains them afterwards."""

    def log(self, facts: Mapping[str, Any]) -> int:
        """Write an event (all of `EVENT` but number and hash); returns its number."""
        return int(self._write.run(KEEP, **facts).scalar_one())

    def flush(self) -> None:
        """Do nothing: they are written."""


class ServerWrite(Write):
    """A transaction that changes the store while others do.

    Attributes
    ----------
    xact : int
        The server's number of it, by which its fate can be asked.
    """

    def __init__(self, connection: Connection, schema: str) -> None:
        begun = connection.execute(statement(BEGIN)).one()
        lock = " FOR NO KEY UPDATE"
        super().__init__(
            connection,
            now=begun.now,
            tick=begun.now,
            take=f"{lock} SKIP LOCKED",
            lock=lock,
            journal=Numbered,
            head=NONE,
        )
        self.xact: int = begun.xact
        self._schema = schema

    def refuses(self, text: str) -> str:
        """Say why the server can't keep a text."""
        return "holds a NUL character, which PostgreSQL can't keep" if "\0" in text else ""

    def hold(self, *what: object, shared: bool = False, wait: bool = True) -> bool:
        """Keep others from something until the transaction ends; see `Write.hold`."""
        act = f"pg_{'' if wait else 'try_'}advisory_xact_lock{'_shared' if shared else ''}"
        held = self.run(f"SELECT {act}(:key)", key=lock_key(self._schema, *what)).scalar_one()
        return wait or bool(held)

    def run(self, sql: str, **values: Any) -> CursorResult[Any]:
        """Execute one statement."""
        for value in values.values():
            if isinstance(value, int) and not -NUMBERS <= value < NUMBERS:
                raise OverflowError(f"{value} has more than 64 bits")
        return super().run(sql, **values)

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert rows as they are; many are streamed."""
        if len(rows) < COPIED:
            super().insert(table, columns, rows)
            return
        driver: Any = self.connection.connection
        with (
            driver.cursor() as cursor,
            cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy,
        ):
            for row in rows:
                copy.write_row(row)
