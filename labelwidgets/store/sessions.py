"""Sessions of a store, and the versions of their schemas."""
# ruff: noqa: S608 - statements are put together of names in this package; values are always bound

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from ..errors import StoreError
from ..records import SchemaVersion, SessionRow
from . import tables
from .chain import dump, load
from .clock import to_datetime
from .writing import statement

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, Row

    from ..records import Json
    from .writing import Write


def listed(connection: Connection) -> list[SessionRow]:
    """All sessions, oldest first."""
    return [_session(row) for row in connection.execute(select(tables.session).order_by(tables.session.c.id))]


def named(connection: Connection, name: str) -> SessionRow | None:
    """Return the session of that name."""
    row = connection.execute(select(tables.session).where(tables.session.c.name == name)).one_or_none()
    return None if row is None else _session(row)


def create(
    write: Write, name: str, settings: Mapping[str, Json], schema: Mapping[str, Json], actor: str
) -> SessionRow:
    """Make a session with the first version of its schema, or return the one of that name."""
    if named(write.connection, name) is None:
        write.hold("sessions")  # another may be making it just now
    known = named(write.connection, name)
    if known is not None:
        return known
    fresh = {
        "task_count": 0,
        "row_count": 0,
        "rounds": 1,
        "archived": False,
        "schema_version": 1,
        "created_at": write.now,
    }
    made = write.connection.execute(
        insert(tables.session).values(name=name, settings=dump(settings), **fresh)
    )
    key = made.inserted_primary_key
    assert key is not None
    session_id = int(key[0])
    _insert_schema(write, session_id, 1, schema, migration=(), actor=actor)
    write.log("session", actor, session_id, ref=name, payload={"settings": settings, "schema": schema})
    return SessionRow(session_id, name, dict(settings), 1)


def save_settings(write: Write, session_id: int, settings: Mapping[str, Json], actor: str) -> None:
    """Replace the settings of a session."""
    table = tables.session
    before = load(_required(write, session_id).settings)
    write.connection.execute(update(table).where(table.c.id == session_id).values(settings=dump(settings)))
    write.log("settings", actor, session_id, payload={"before": before, "after": settings})


def set_archived(write: Write, session_id: int, *, archived: bool, actor: str) -> None:
    """Put a session away, or take it up again."""
    before = bool(_required(write, session_id).archived)
    if before != archived:
        write.run("UPDATE session SET archived = :archived WHERE id = :id", archived=archived, id=session_id)
        write.log("archive", actor, session_id, payload={"before": before, "after": archived})


def is_archived(connection: Connection, session_id: int) -> bool:
    """Whether a session was put away."""
    sql = "SELECT archived FROM session WHERE id = :id"
    return bool(connection.execute(statement(sql), {"id": session_id}).scalar_one_or_none())


def schemas(connection: Connection, session_id: int) -> list[SchemaVersion]:
    """All versions of a session's schema, oldest first."""
    table = tables.schema_version
    query = select(table).where(table.c.session_id == session_id).order_by(table.c.version)
    return [_schema(row) for row in connection.execute(query)]


def save_schema(
    write: Write,
    session_id: int,
    schema: Mapping[str, Json],
    *,
    migration: Sequence[Mapping[str, Json]],
    actor: str,
    expected: int,
) -> int:
    """Write the next version of a schema."""
    current = int(_required(write, session_id).schema_version)
    if current != expected:
        raise StoreError(
            f"The schema was changed meanwhile: expected version {expected}, found {current}. "
            "Open the session again and repeat the change."
        )
    version = current + 1
    _insert_schema(write, session_id, version, schema, migration=migration, actor=actor)
    table = tables.session
    write.connection.execute(update(table).where(table.c.id == session_id).values(schema_version=version))
    write.log(
        "schema",
        actor,
        session_id,
        ref=str(version),
        payload={"schema": schema, "migration": list(migration)},
    )
    return version


def _required(write: Write, session_id: int) -> Row[Any]:
    row = write.one("SELECT * FROM session WHERE id = :id" + write.lock, id=session_id)
    if row is None:
        raise StoreError(f"There is no session number {session_id} in this store.")
    return row


def _insert_schema(
    write: Write,
    session_id: int,
    version: int,
    schema: Mapping[str, Json],
    *,
    migration: Sequence[Mapping[str, Json]],
    actor: str,
) -> None:
    values = {
        "session_id": session_id,
        "version": version,
        "schema": dump(schema),
        "migration": dump(list(migration)),
    }
    write.connection.execute(
        insert(tables.schema_version).values(**values, actor=actor, created_at=write.now)
    )


def _session(row: Row[Any]) -> SessionRow:
    return SessionRow(row.id, row.name, load(row.settings), row.schema_version, bool(row.archived))


def _schema(row: Row[Any]) -> SchemaVersion:
    moment = to_datetime(row.created_at)
    assert moment is not None
    return SchemaVersion(row.version, load(row.schema), tuple(load(row.migration)), moment, row.actor)
