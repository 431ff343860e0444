"""The embedded store: one SQLite file on a local disk, or memory; many processes and threads, one writer at a time."""
# ruff: noqa: D102 - the methods are documented by the protocol

from __future__ import annotations

import os
import sqlite3
import uuid
import weakref
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sqlalchemy import URL, create_engine, event, make_url
from sqlalchemy.pool import QueuePool, StaticPool

from ..errors import StoreDamaged, StoreError, StoreTooNew
from . import care, disk, erasure, migrations
from .clock import Clock
from .faults import translated
from .lock import PATIENCE_S, WriterLock
from .sql import SqlStore
from .writing import Write, statement

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection, Engine, Row

    from ..records import Damage

CHECKED_WHOLE = 2 * 2**20
"""Bytes up to which every record is checked on opening; of a larger store the last events are, and the pages they lie on."""

WRITES = {"labelwidgets_writes": True}
"""Option of connections that begin as writers."""

FETCHED = 5_000
"""Rows that a stream holds in memory."""

PRAGMAS = (
    "PRAGMA synchronous = FULL",  # NORMAL can lose acknowledged answers when the power fails
    "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -16000",
    "PRAGMA secure_delete = FAST",
    # 16 MB of log: moving it into the file is left to fewer than one in a hundred writes.
    "PRAGMA wal_autocheckpoint = 4000",
    "PRAGMA journal_size_limit = 67108864",
)

_stores: weakref.WeakSet[SqliteStore] = weakref.WeakSet()
_inherited: list[object] = []


class SqliteStore(SqlStore):
    """A store in one file, or in memory.

    Parameters
    ----------
    path : Path or None
        The file, made when missing; None keeps everything in memory.
    read_only : bool
        Change nothing.
    clock : Clock, optional
        Another one, for tests.
    patience_s : float
        How long a write waits for its turn.

    Raises
    ------
    StoreError
        The place can't hold a store: a network filesystem, a missing folder, another program's database.
    StoreTooNew
        A newer version of this package wrote it.
    StoreDamaged
        It is so damaged that nothing can be read.
    """

    def __init__(
        self,
        path: Path | None,
        *,
        read_only: bool = False,
        clock: Clock | None = None,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self.path = None if path is None else Path(os.path.realpath(path))
        self.clock = clock or Clock()
        self.url = URL.create(
            "sqlite", database=None if self.path is None else str(self.path)
        ).render_as_string()
        self.read_only = self._place(read_only=read_only)
        self._closed = False
        self._lock = WriterLock(
            None if self.path is None else self.path.with_name(f"{self.path.name}.lock"), patience_s
        )
        self._connect_anew()
        try:
            self._open()
        except BaseException:
            self.close()
            raise
        _stores.add(self)

    def _place(self, *, read_only: bool) -> str:
        """Check where the file lies; returns why it can only be read, or ""."""
        if self.path is None:
            return ""
        if not self.path.parent.is_dir():
            raise StoreError(
                f"The folder {self.path.parent} does not exist; make it, or give another path for the store."
            )
        if self.path.is_dir():
            raise StoreError(
                f"{self.path} is a folder; give the path of a file for the store, such as {self.path / 'labels.db'}."
            )
        disk.require_local(self.path)
        reason = "it was opened for reading only" if read_only else disk.unwritable(self.path)
        if reason and not self.path.exists():
            raise StoreError(f"There is no store at {self.path}, and none can be made: {reason}.")
        return reason

    # -- connections -----------------------------------------------------------------------------------------

    def _connect_anew(self) -> None:
        self._engine = self._new_engine()
        self._writer = self._engine.execution_options(**WRITES)

    def _new_engine(self) -> Engine:
        pool: dict[str, Any] = {"poolclass": StaticPool}
        if self.path is not None:  # as many as there are threads at work at one time
            pool = {"poolclass": QueuePool, "pool_size": 8, "max_overflow": -1, "pool_use_lifo": True}
        engine = create_engine("sqlite://", creator=self._connect, **pool)
        event.listen(engine, "begin", _begin)
        return engine

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._address(),
            uri=True,
            timeout=self._lock.patience_s,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            for pragma in () if self.read_only else PRAGMAS:
                connection.execute(pragma)
        except BaseException:
            connection.close()
            raise
        return connection

    def _address(self) -> str:
        if self.path is None:
            return ":memory:"
        mode = "rwc" if not self.read_only else "ro"
        if self.read_only and disk.unwritable(self.path) and not _size(_log(self.path)):
            mode = "ro&immutable=1"  # SQLite would want to make files beside it
        return f"file:{quote(str(self.path))}?mode={mode}"

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        self._require_open()
        with self._alone(), self._translated(), self._engine.connect() as connection:
            yield connection

    def _stream(self, sql: str, values: Mapping[str, Any]) -> Iterator[Row[Any]]:
        if self.path is None:  # one connection for all: nothing may stay open on it
            with self._read() as connection:
                rows = connection.execute(statement(sql), values).all()
            yield from rows
            return
        with self._read() as connection:
            for part in connection.execute(statement(sql), values).partitions(FETCHED):
                yield from part

    @contextmanager
    def _write(self) -> Iterator[Write]:
        self._require_open()
        if self.read_only:
            raise StoreError(f"{self.url} takes no writes: {self.read_only}.")
        with self._lock, self._translated(), self._writer.begin() as connection:
            write = Write(
                connection, now=self.clock.now(), tick=self.clock.tick(), head=care.newest(connection)
            )
            yield write
            write.finish()

    def _alone(self) -> Any:
        """In memory, readers too wait for their turn."""
        return self._lock if self.path is None else nullcontext()

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

    # -- opening ---------------------------------------------------------------------------------------------

    def _open(self) -> None:
        version = self._version()
        if version is not None and version not in migrations.REVISIONS:
            raise StoreTooNew(
                f"{self.url} was written by a newer version of labelwidgets (tables {version}, this one knows up to "
                f"{migrations.HEAD}). Update it: pip install --upgrade labelwidgets."
            )
        if version is not None and not self.read_only:
            self._check(current=version == migrations.HEAD)
        if version != migrations.HEAD:
            self._prepare()
        with self._read() as connection:
            self.uuid = connection.execute(statement("SELECT uuid FROM store")).scalar_one()

    def _version(self) -> str | None:
        """Version of the tables, None where there are none yet."""
        with self._read() as connection:
            names = _tables(connection)
            if {"store", migrations.VERSION_TABLE} <= names:
                return migrations.current(connection)
        if names:
            raise StoreError(
                f"{self.url} is a database of another program (tables {', '.join(sorted(names)[:5])}); give another path."
            )
        return None

    def _prepare(self) -> None:
        """Make the tables, or bring them up to date, in one transaction."""
        if self.read_only:
            raise StoreError(
                f"{self.url} has tables of another version and can't be brought up to date: {self.read_only}."
            )
        with self._lock, self._translated(), self._engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            if self.path is not None and driver.execute("PRAGMA journal_mode = WAL").fetchone() != ("wal",):
                raise StoreError(
                    f"The disk of {self.url} can't keep SQLite's write-ahead log; put the store on another disk."
                )
            with connection.execution_options(**WRITES).begin():
                self._prepare_in(connection)
        if self.path is not None:
            disk.sync_folder(self.path.parent)

    def _prepare_in(self, connection: Connection) -> None:
        if _tables(connection):  # older, or made by another process meanwhile
            migrations.upgrade(connection)
            return
        migrations.create(connection)
        row = {"id": 1, "uuid": str(uuid.uuid4()), "now": self.clock.now(), "boot": self.clock.boot}
        connection.execute(
            statement("INSERT INTO store (id, uuid, created_at, boot) VALUES (:id, :uuid, :now, :boot)"), row
        )

    def _check(self, *, current: bool) -> None:
        """Look for damage, as far as opening may take; a damaged store is read, and says why it takes no writes."""
        try:
            found = self._damage(current=current)
            if found:
                self.read_only = self._report(found)
        except StoreDamaged as damage:
            self.read_only = str(damage)

    def _damage(self, *, current: bool) -> list[Damage]:
        if not current:  # the records of an older version are not laid out as this one checks them
            return self._page_damage()
        return self.verify() if self._size() <= CHECKED_WHOLE else self._check_end()

    def _check_end(self) -> list[Damage]:
        with self._read() as connection:
            start = care.newest(connection, care.CHECKED_EVENTS)
        return list(care.history(self._stream, start=start))

    def _report(self, found: list[Damage]) -> str:
        with self._read() as connection:
            return care.report(connection, found)

    def _size(self) -> int:
        return 0 if self.path is None else _size(self.path) + _size(_log(self.path))

    # -- care ------------------------------------------------------------------------------------------------

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._engine.dispose()
            self._lock.close()

    def verify(self) -> list[Damage]:
        found = self._page_damage()
        try:
            for damage in care.verify(self._stream):
                found.append(damage)
                if len(found) >= care.REPORTED:
                    break
        except care.UNREADABLE as error:  # what can't be read, or is no JSON any more
            found.append(_damage("pages", str(error)))
        return found

    def _page_damage(self) -> list[Damage]:
        with self._read() as connection:
            lines = connection.execute(statement(f"PRAGMA integrity_check({care.REPORTED})")).scalars().all()
        return [] if lines == ["ok"] else [_damage("pages", line) for line in lines]

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
            write.run("PRAGMA secure_delete = ON")
            emptied = erasure.erase(
                write, session_id, annotator=annotator, task_id=task_id, comment=comment, actor=actor
            )
        with self._lock, self._engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the log still held what was erased
            driver.execute("PRAGMA secure_delete = FAST")
        return emptied

    def backup(self, path: Path) -> None:
        path = Path(os.path.realpath(path))
        if path == self.path:
            raise StoreError(f"{path} is the store itself; give the backup another path.")
        part = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
        try:
            self._copy(part)
            require_sound(part)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        disk.sync_folder(path.parent)

    def _copy(self, part: Path) -> None:
        """Write all that is committed now into a new file; writers go on meanwhile."""
        with self._alone(), self._translated(), self._engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute("VACUUM INTO ?", (str(part),))
        with part.open("rb+") as file:
            os.fsync(file.fileno())

    def after_fork(self) -> None:
        """In a forked child: connections and lock of the parent are not ours to use or to close."""
        self._lock.forget_inherited()
        if self.path is None:  # a copy of the parent's memory, which is its own
            return
        _inherited.append(self._engine.pool)
        self._connect_anew()


def open_url(url: str, *, read_only: bool = False) -> SqliteStore:
    """Open "sqlite:///path", or "sqlite://" in memory."""
    database = make_url(url).database
    return SqliteStore(Path(database) if database and database != ":memory:" else None, read_only=read_only)


def _begin(connection: Connection) -> None:
    """Start a transaction by hand: the driver would not before DDL, and a writer must not begin as a reader."""
    writes = WRITES.items() <= connection.get_execution_options().items()
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def require_sound(part: Path) -> None:
    """Check a backup before it is put in its place.

    Raises
    ------
    StoreDamaged
        Something in it is not as it was kept.
    """
    copy = SqliteStore(part, read_only=True)
    try:
        found = copy.verify()
    finally:
        copy.close()
    if found:
        raise StoreDamaged(
            f"No backup was written: {found[0].where}: {found[0].what}. Restore an older one, or export what is readable."
        )


def _tables(connection: Connection) -> set[str]:
    return set(connection.execute(statement("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars())


def _log(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _damage(where: str, what: str) -> Damage:
    from ..records import Damage

    return Damage(where, what)


def _forget_inherited() -> None:
    for store in list(_stores):
        store.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_inherited)
