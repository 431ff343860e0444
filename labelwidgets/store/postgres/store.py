"""The store on a server: connections, the fate of a commit, opening, checks and copies."""
# ruff: noqa: D102 - the methods are documented by the protocol

from __future__ import annotations

import os
import time
import uuid
import weakref
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from ...errors import StoreDamaged, StoreError
from .. import care, disk, erasure
from ..sql import SqlStore
from ..writing import statement
from . import opening, space
from .acting import TRIES, again, each_again
from .address import parse
from .clock import ServerClock
from .copying import copy_into
from .faults import TakenBack, lost, translated
from .sealing import Sealer
from .writing import ServerWrite

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from sqlalchemy import Connection, Engine, Row
    from sqlalchemy.engine import ExceptionContext

    from ...records import Added, Damage, NewTask, Task
    from ..reading import Stream

FETCHED = 5_000
"""Rows that a stream holds in memory."""

WAITS_S = (0.0, 0.1, 0.3, 0.6, 1.0, 1.5)
"""How long to wait before each time that the fate of a commit is asked."""

HIDDEN_S = (0.01, 0.02, 0.05, 0.1)
"""How long to wait before looking again for tasks that others were taking."""

ANALYZED = 1_000
"""Rows from which on the server is told to count anew, so that it finds the next task by the index."""

REVISION = """
SELECT COALESCE((SELECT events FROM sealed WHERE session_id = :session), 0) + (SELECT COUNT(*) FROM event
WHERE session_id = :session AND number > COALESCE((SELECT number FROM sealed WHERE session_id = :session), 0))"""

NOW = "SELECT CAST(EXTRACT(epoch FROM clock_timestamp()) * 1000000 AS bigint)"

LEFT = """
SELECT 1 FROM queue q WHERE q.session_id = :session AND q.round = :round AND q.slots > 0
AND NOT EXISTS (SELECT 1 FROM assignment a WHERE a.task_id = q.task_id AND a.annotator = :annotator AND a.round = q.round)"""

LEFT_IN = " AND EXISTS (SELECT 1 FROM share s WHERE s.task_id = q.task_id AND s.scope_id IN :scopes)"

ONE = " ORDER BY q.rank, q.position, q.task_id LIMIT 1"

_stores: weakref.WeakSet[PostgresStore] = weakref.WeakSet()
_inherited: list[object] = []


@each_again
class PostgresStore(SqlStore):
    """A store in a schema of a PostgreSQL database.

    Parameters
    ----------
    url : str
        postgresql://role:password@host:port/database, with `?schema=name` for another schema than "labelwidgets".
        What is left out comes from PGHOST, PGUSER, PGPASSFILE and the like.
    read_only : bool
        Change nothing.

    Raises
    ------
    StoreError
        The server can't be reached, refuses, is too old, or holds something else there; psycopg is not installed.
    StoreTooNew
        A newer version of this package wrote it.
    """

    clock: ServerClock

    def __init__(self, url: str, *, read_only: bool = False) -> None:
        self._address = parse(url)
        self.url = self._address.shown
        self.clock: ServerClock = ServerClock()
        self.read_only = "it was opened for reading only" if read_only else ""
        self._closed = False
        opening.require_driver()
        self._connect_anew()
        try:
            self._open()
        except BaseException:
            self.close()
            raise
        _stores.add(self)

    # -- connections -----------------------------------------------------------------------------------------

    def _connect_anew(self) -> None:
        self._engine = self._new_engine()
        self._reader = self._engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        self._sealer = Sealer(self._engine, self._address.schema, self.url)
        self._dispose = weakref.finalize(self, self._engine.dispose)

    def _new_engine(self) -> Engine:
        # Few are kept: a server has a hundred for all kernels. More may be open at once: who reads a stream may write.
        engine = create_engine(
            self._address.url,
            poolclass=QueuePool,
            pool_size=2,
            max_overflow=-1,
            pool_use_lifo=True,
            use_native_hstore=False,
            connect_args=self._address.arguments,
            hide_parameters=True,  # what people said is no business of a log
        )
        event.listen(engine, "connect", _durable)
        event.listen(engine, "handle_error", _let_go)
        return engine

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        self._require_open()
        with self._translated(), self._reader.connect() as connection:
            yield connection

    def _stream(self, sql: str, values: Mapping[str, Any]) -> Iterator[Row[Any]]:
        for left in range(TRIES - 1, -1, -1):
            begun = False
            try:
                with self._snapshot() as stream:
                    for row in stream(sql, values):
                        begun = True
                        yield row
            except TakenBack as back:
                if begun or not left:
                    raise
                time.sleep(back.wait_s)
            else:
                return

    @contextmanager
    def _snapshot(self) -> Iterator[Stream]:
        """Give a way to ask many things as of one moment."""
        with self._read() as connection:
            options = {"stream_results": True, "max_row_buffer": FETCHED}

            def stream(sql: str, values: Mapping[str, Any]) -> Iterator[Row[Any]]:
                with connection.execute(statement(sql), values, execution_options=options) as found:
                    for part in found.partitions(FETCHED):
                        yield from part

            yield stream

    @contextmanager
    def _write(self) -> Iterator[ServerWrite]:
        self._require_open()
        if self.read_only:
            raise StoreError(f"{self.url} takes no writes: {self.read_only}.")
        with self._translated(), self._engine.connect() as connection:
            write = ServerWrite(connection, self._address.schema)
            self.clock.meet(write.now)
            yield write
            write.finish()
            self._commit(connection, write.xact)
        self._sealer.wake()

    def _commit(self, connection: Connection, xact: int) -> None:
        """Commit; where the connection is lost meanwhile, ask the server what came of it."""
        try:
            connection.commit()
        except DBAPIError as error:
            if not lost(error):
                raise
            fate = self._fate(xact)
            if fate == "committed":
                return
            if fate == "aborted":
                raise TakenBack(
                    f"The connection to {self.url} was lost; nothing of this was kept. Repeat it."
                ) from error
            raise StoreError(
                f"The connection to {self.url} was lost while something was being kept: it is in doubt whether it was. "
                "Repeat it as soon as the server is there: what was kept is not kept twice."
            ) from error

    def _fate(self, xact: int) -> str | None:
        """What came of a transaction: "committed", "aborted", or None where the server does not say."""
        for wait_s in WAITS_S:
            time.sleep(wait_s)
            with suppress(StoreError), translated(self.url), self._engine.connect() as connection:
                fate = connection.execute(statement("SELECT txid_status(:xact)"), {"xact": xact}).scalar_one()
                if fate != "in progress":
                    return None if fate is None else str(fate)
        return None

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            with translated(self.url):
                yield
        except StoreDamaged as damage:
            self.read_only = self.read_only or str(damage)
            raise

    def _require_open(self) -> None:
        if self._closed:
            raise StoreError(f"{self.url} is closed; open it again.")

    def _now(self, connection: Connection) -> int:
        now = int(connection.execute(statement(NOW)).scalar_one())
        self.clock.meet(now)
        return now

    _tick = _now

    # -- opening ---------------------------------------------------------------------------------------------

    @again
    def _open(self) -> None:
        place = opening.Place(self.url, self._address.schema)
        with self._read() as connection:
            found = opening.look(connection, place)
        self.read_only = self.read_only or found.read_only
        if not found.current:
            if self.read_only:
                raise opening.unprepared(place, found, self.read_only)
            with self._translated(), self._engine.begin() as connection:
                opening.prepare(connection, place)
        with self._read() as connection:
            self.uuid = connection.execute(statement("SELECT uuid FROM store")).scalar_one()
        if found.current and not self.read_only:
            self._check_end()
            self._sealer.wake()

    def _check_end(self) -> None:
        """Look at the end of the history; a damaged store is read, and says why it takes no writes."""
        with self._snapshot() as stream, self._read() as connection:
            start = care.newest(connection, care.CHECKED_EVENTS)
            found = list(care.history(stream, start=start))
            if found:
                self.read_only = care.report(connection, found)

    # -- what is quicker or surer here -----------------------------------------------------------------------

    def revision(self, session_id: int) -> int:
        with self._read() as connection:
            return int(connection.execute(statement(REVISION), {"session": session_id}).scalar_one())

    def add_tasks(
        self, session_id: int, tasks: Sequence[NewTask], *, batch: str, overlap: int, actor: str
    ) -> Added:
        added = super().add_tasks(session_id, tasks, batch=batch, overlap=overlap, actor=actor)
        if added.added >= ANALYZED:
            space.count_anew(self._engine)
        return added

    def lease(self, session_id: int, annotator: str, n: int, **options: Any) -> list[Task]:
        for wait_s in HIDDEN_S:
            tasks = super().lease(session_id, annotator, n, **options)
            if tasks or n <= 0 or not self._any_left(session_id, annotator, **options):
                return tasks
            time.sleep(wait_s)  # somebody was taking what is left, and may not keep it
        return super().lease(session_id, annotator, n, **options)

    def _any_left(
        self,
        session_id: int,
        annotator: str,
        *,
        round: int = 1,
        scopes: Collection[int] | None = None,
        **_: object,
    ) -> bool:
        who = {"session": session_id, "annotator": annotator, "round": round}
        sql, lists, values = f"{LEFT}{ONE}", tuple[str, ...](), {**who}
        if scopes is not None:
            sql, lists, values = (f"{LEFT}{LEFT_IN}{ONE}", ("scopes",), {**who, "scopes": list(scopes)})
        with self._read() as connection:
            return connection.execute(statement(sql, lists), values).one_or_none() is not None

    # -- care ------------------------------------------------------------------------------------------------

    def close(self) -> None:
        if not self._closed:
            self._sealer.stop()
            self._closed = True
            self._dispose()

    def seal(self) -> None:
        """Chain all events that are committed; done by itself now and then, and before each check."""
        self._require_open()
        self._sealer.seal()

    def verify(self) -> list[Damage]:
        if not self.read_only:
            self.seal()
        found: list[Damage] = []
        with self._snapshot() as stream:
            for damage in care.verify(stream):
                found.append(damage)
                if len(found) >= care.REPORTED:
                    break
        return found

    def erase(
        self,
        session_id: int | None,
        *,
        annotator: str | None = None,
        task_id: int | None = None,
        comment: str | None = None,
        actor: str,
    ) -> int:
        with self._write() as write:
            emptied = erasure.erase(
                write, session_id, annotator=annotator, task_id=task_id, comment=comment, actor=actor
            )
        if emptied:
            space.let_go(self._engine)
        return emptied

    def backup(self, path: Path) -> None:
        path = path.resolve()
        part = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
        try:
            with self._snapshot() as stream:
                copy_into(part, stream)
            _require_sound(part)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        disk.sync_folder(path.parent)

    def after_fork(self) -> None:
        """In a forked child: connections of the parent are not ours to use or to close."""
        _inherited.extend((self._engine, self._engine.pool))
        self._dispose.detach()
        self._connect_anew()


def open_url(url: str, *, read_only: bool = False) -> PostgresStore:
    """Open "postgresql://role@host/database"."""
    return PostgresStore(url, read_only=read_only)


def _durable(connection: Any, _record: object) -> None:
    """Wait for the disk at each commit, even where the server's own setting does not."""
    connection.execute(
        "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
    )
    connection.commit()


def _let_go(context: ExceptionContext) -> None:
    """Close a cursor whose connection is gone; the toolkit leaves it, and the driver complains."""
    cursor = getattr(context.execution_context, "cursor", None)
    if context.is_disconnect and cursor is not None:
        cursor.close()


def _require_sound(part: Path) -> None:
    from ..sqlite import require_sound

    require_sound(part)


def _forget_inherited() -> None:
    for store in list(_stores):
        store.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_inherited)
