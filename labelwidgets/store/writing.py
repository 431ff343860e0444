"""One transaction of a store: what runs in it, and the events that it leaves."""
# ruff: noqa: S608 - statements are put together of names in this package; values are always bound

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from .chain import Head, Journal, digest, dump, new_salt

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from sqlalchemy import Connection, CursorResult, Row, TextClause

    from ..records import Json

MANY = 500
"""Values in one IN list."""

MARKS = {"qmark": "?", "pyformat": "%s", "format": "%s"}
"""How drivers write the place of a value."""


@lru_cache(maxsize=512)
def statement(sql: str, lists: tuple[str, ...] = ()) -> TextClause:
    """SQL text with `:named` values, made once; `lists` names those that stand for several."""
    from sqlalchemy import bindparam

    return text(sql).bindparams(*(bindparam(name, expanding=True) for name in lists))


def fetch_in(
    connection: Connection, sql: str, name: str, values: Collection[Any], **others: Any
) -> list[Row[Any]]:
    """Rows of a statement with `IN :name`, asked in pieces that every engine takes."""
    every = list(values)
    found: list[Row[Any]] = []
    for start in range(0, len(every), MANY):
        piece = every[start : start + MANY]
        found += connection.execute(statement(sql, (name,)), {name: piece, **others}).all()
    return found


class Write:
    """A transaction that changes the store.

    Attributes
    ----------
    connection : Connection
        In a transaction that excludes other writers where the engine needs that.
    now : int
        Time for records, microseconds since 1970 UTC.
    tick : int
        Time for leases, in microseconds that no change of the clock moves.
    take, lock : str
        What a SELECT ends with to leave out rows that another transaction is taking, or to keep others from
        changing them; "" where writers come one at a time.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        now: int,
        tick: int,
        take: str = "",
        lock: str = "",
        journal: Callable[[Write, Head], Journal] = Journal,
        head: Head,
    ) -> None:
        self.connection, self.now, self.tick, self.take, self.lock = connection, now, tick, take, lock
        self._journal = journal(self, head)

    def refuses(self, text: str) -> str:  # noqa: ARG002
        """Why the engine can't keep a text, "" when it can."""
        return ""

    def hold(self, *what: object, shared: bool = False, wait: bool = True) -> bool:  # noqa: ARG002
        """Keep others from something until the transaction ends, but for those who hold it `shared` too.

        Returns whether it is held: without `wait` it may be another's. Whoever holds several takes them in this
        order: "adding", ("session", id), ("person", id, annotator). Where writers come one at a time, all is held.
        """
        return True

    def run(self, sql: str, **values: Any) -> CursorResult[Any]:
        """Execute one statement."""
        return self.connection.execute(statement(sql), values)

    def run_many(self, sql: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Execute one statement for each row."""
        if rows:
            self.connection.execute(statement(sql), rows)

    def one(self, sql: str, **values: Any) -> Row[Any] | None:
        """Return the only row, or None."""
        return self.run(sql, **values).one_or_none()

    def all_in(self, sql: str, name: str, values: Collection[Any], **others: Any) -> list[Row[Any]]:
        """Rows of a statement with `IN :name`."""
        return fetch_in(self.connection, sql, name, values, **others)

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert rows as they are: the driver's own way, since a row at a time through the toolkit takes twice as long."""
        if rows:
            mark = MARKS[self.connection.dialect.paramstyle]
            places = ", ".join([mark] * len(columns))
            self.connection.exec_driver_sql(
                f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", list(rows)
            )

    def log(
        self,
        kind: str,
        actor: str,
        session_id: int | None,
        *,
        task_id: int | None = None,
        ref: str | None = None,
        payload: Mapping[str, Json] | None = None,
        sealed: bytes | None = None,
    ) -> int:
        """Leave an event; returns its number.

        Parameters
        ----------
        ref : str, optional
            A fact that stays when the content is erased, such as an id or a digest.
        payload : dict, optional
            Its content, which can be erased.
        sealed : bytes, optional
            Digest of its content, where that lies in a table of its own.
        """
        if payload is not None:
            salt, body = new_salt(), dump(payload)
            sealed = digest(salt, body)
        facts = {
            "session_id": session_id,
            "at": self.now,
            "actor": actor,
            "kind": kind,
            "task_id": task_id,
            "ref": ref,
            "digest": sealed,
        }
        number = self._journal.log(facts)
        if payload is not None:
            self.insert("payload", ("event", "salt", "body"), [(number, salt, body)])
        return number

    def finish(self) -> None:
        """Write the events; nothing may follow."""
        self._journal.flush()
