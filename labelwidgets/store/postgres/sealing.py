"""The sealer: chains events by their hashes after they are committed, in the order of their numbers."""

from __future__ import annotations

import threading
import time
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from ...errors import StoreError
from ..care import FIRST
from ..chain import EVENT, Head, link
from ..writing import statement
from .faults import translated
from .writing import lock_key

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from sqlalchemy import Connection, Engine, Row

EVERY_S = 2.0
"""Least time between two sealings of one process."""

PATIENCE_S = 1.0
"""How long a sealing waits for acts that began before it."""

PIECE = 5_000
"""Events sealed in one transaction."""

LAST = "SELECT last_value FROM event_number"

BEGUN = "SELECT txid_current()"

OPEN = "SELECT txid_snapshot_xmin(txid_current_snapshot())"

HEAD = "SELECT number, hash FROM event WHERE hash IS NOT NULL ORDER BY number DESC LIMIT 1"

UNSEALED = f"""
SELECT {", ".join(EVENT[:-1])} FROM event WHERE number > :after AND number <= :upto ORDER BY number LIMIT :most"""  # noqa: S608

SEAL = """
UPDATE event SET hash = sealed.hash
FROM unnest(CAST(:numbers AS bigint[]), CAST(:hashes AS bytea[])) AS sealed (number, hash) WHERE event.number = sealed.number"""

COUNT = """
INSERT INTO sealed (session_id, number, events) VALUES (:session, :upto, :n)
ON CONFLICT (session_id) DO UPDATE SET number = excluded.number, events = sealed.events + excluded.events"""


class _Mark(NamedTuple):
    """A place in the history up to which nothing can come any more once all transactions before `begun` have ended.

    Each act has its transaction's number before it takes any for events. `begun` is a transaction's number taken after
    `upto` was read, so all events up to there belong to transactions below it.
    """

    upto: int
    begun: int


class Sealer:
    """Seals what is committed: never within an act, one process at a time, and never beyond an act that is still open.

    Parameters
    ----------
    engine : Engine
        Gives connections.
    schema, url : str
        The store's place.
    """

    def __init__(self, engine: Engine, schema: str, url: str) -> None:
        self._engine, self._key, self._url = engine, lock_key(schema, "sealing"), url
        self._guard = threading.Lock()
        self._thread: threading.Thread | None = None
        self._mark: _Mark | None = None
        self._next = 0.0

    def wake(self) -> None:
        """Seal soon, in a thread of its own; most calls find that it was done a moment ago."""
        now = time.monotonic()
        if now < self._next:
            return
        with self._guard:
            if now >= self._next and (self._thread is None or not self._thread.is_alive()):
                self._next = now + EVERY_S
                self._thread = threading.Thread(target=self._try, name="labelwidgets-sealer", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """Seal what is left, as far as that takes no time."""
        with self._guard:
            thread, self._next = self._thread, float("inf")
        if thread is not None:
            thread.join()
            self._try(patience_s=0.0)

    def seal(self, patience_s: float = PATIENCE_S) -> None:
        """Seal all that is committed now, but for what acts that are still open may come before."""
        with translated(self._url):
            safe = self._safe(patience_s)
            while safe and self._seal_piece(safe):
                pass

    def _try(self, patience_s: float = PATIENCE_S) -> None:
        with suppress(StoreError):  # the next one does it
            self.seal(patience_s)

    def _safe(self, patience_s: float) -> int:
        """Number up to which the history is complete, 0 when that is not known."""
        until = time.monotonic() + patience_s
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            mark = _mark(connection)
            while True:
                ended = connection.execute(statement(OPEN)).scalar_one()
                reached = [m.upto for m in (mark, self._mark) if m is not None and m.begun <= ended]
                if mark.begun <= ended or time.monotonic() >= until:
                    break
                time.sleep(0.005)
        if self._mark is None or reached:
            self._mark = None if mark.begun <= ended else mark
        return max(reached, default=0)

    def _seal_piece(self, upto: int) -> bool:
        """Seal some events; returns whether there may be more."""
        with self._engine.begin() as connection:
            # Not waiting for the disk: what is lost when the server dies is sealed again, the same way.
            act = "SELECT pg_try_advisory_xact_lock(:key), set_config('synchronous_commit', 'off', true)"
            if not connection.execute(statement(act), {"key": self._key}).one()[0]:
                return False
            head = _head(connection)
            values = {"after": head.number, "upto": upto, "most": PIECE}
            rows = connection.execute(statement(UNSEALED), values).all()
            if rows:
                _keep(connection, head, rows)
        return len(rows) == PIECE


def _mark(connection: Connection) -> _Mark:
    upto = connection.execute(statement(LAST)).scalar_one()
    return _Mark(upto, connection.execute(statement(BEGUN)).scalar_one())


def _head(connection: Connection) -> Head:
    row = connection.execute(statement(HEAD)).one_or_none()
    return FIRST if row is None else Head(row.number, row.hash)


def _keep(connection: Connection, head: Head, rows: Sequence[Row[Any]]) -> None:
    before, hashes = head.hash, []
    for row in rows:
        before = link(before, tuple(row))
        hashes.append(before)
    numbers = [row.number for row in rows]
    connection.execute(statement(SEAL), {"numbers": numbers, "hashes": hashes})
    sessions = Counter(row.session_id for row in rows if row.session_id is not None)
    counted = [{"session": session, "upto": numbers[-1], "n": n} for session, n in sorted(sessions.items())]
    if counted:
        connection.execute(statement(COUNT), counted)
