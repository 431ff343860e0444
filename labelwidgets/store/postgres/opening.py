"""What lies at a place of a server: whether a store can be there, is there, and is of this version; making its tables."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from ...errors import StoreError, StoreTooNew
from .. import migrations
from ..writing import statement
from .writing import lock_key

if TYPE_CHECKING:
    from sqlalchemy import Connection

OLDEST = 120_000
"""Number of the oldest version of the server that is supported: 12."""

FACTS = """
SELECT CAST(current_setting('server_version_num') AS integer) AS version, current_setting('server_version') AS called,
current_setting('server_encoding') AS encoding, pg_is_in_recovery() AS standby, current_user AS role"""

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = :schema"

MAY_WRITE = (
    "SELECT has_schema_privilege(:schema, 'USAGE') AND has_table_privilege(CAST(:event AS text), 'INSERT')"
)

MAY_READ = (
    "SELECT has_schema_privilege(:schema, 'USAGE') AND has_table_privilege(CAST(:event AS text), 'SELECT')"
)

OWN = (
    "CREATE SEQUENCE event_number OWNED BY event.number",
    # Up to which event a session is sealed, and how many it has up to there.
    "CREATE TABLE sealed (session_id bigint PRIMARY KEY, number bigint NOT NULL, events bigint NOT NULL)",
    "ALTER TABLE event SET (fillfactor = 85)",  # room for the hash, so that sealing moves no row
)
"""What the tables have here beyond what they have everywhere."""


class Place(NamedTuple):
    """Where a store is: URL to show, and schema."""

    url: str
    schema: str


@dataclass(frozen=True, slots=True)
class Found:
    """What is at a place: version of the tables (None: there are none), and why they can only be read ("": they can be written)."""

    version: str | None
    read_only: str

    @property
    def current(self) -> bool:
        """Whether the tables are those of this code."""
        return self.version == migrations.HEAD


def require_driver() -> None:
    """Check that the driver is installed."""
    try:
        import psycopg  # noqa: F401
    except ImportError as error:
        raise StoreError(
            f"A store in PostgreSQL needs psycopg, which can't be loaded ({error}): run `pip install 'labelwidgets[postgres]'`."
        ) from error


def look(connection: Connection, place: Place) -> Found:
    """Say what is at a place.

    Raises
    ------
    StoreError
        The server is too old or keeps text in another encoding, or the schema holds something else.
    StoreTooNew
        A newer version of this package made the tables.
    """
    facts = connection.execute(statement(FACTS)).one()
    if facts.version < OLDEST:
        raise StoreError(
            f"{place.url} is PostgreSQL {facts.called}; it must be {OLDEST // 10_000} or newer. Update the server."
        )
    if facts.encoding != "UTF8":
        raise StoreError(
            f"{place.url} keeps text as {facts.encoding}; make a database with `createdb --encoding UTF8 --template template0`."
        )
    ours = _ours(connection, place)
    if ours and not _may(connection, MAY_READ, place):
        raise StoreError(
            f"The role {facts.role} may not read the tables in schema {place.schema} of {place.url}; have that granted."
        )
    version = _version(connection, place) if ours else None
    why = f"the server of {place.url} is a standby, which takes no writes" if facts.standby else ""
    if not why and version is not None and not _may(connection, MAY_WRITE, place):
        why = f"the role {facts.role} may not write there"
    return Found(version, why)


def unprepared(place: Place, found: Found, why: str) -> StoreError:
    """Return the error of a place that needs tables and can't be given any."""
    if found.version is None:
        return StoreError(f"There is no store at {place.url}, and none can be made: {why}.")
    return StoreError(f"{place.url} has tables of another version and can't be brought up to date: {why}.")


def prepare(connection: Connection, place: Place) -> None:
    """Make the tables, or bring them up to date, in the transaction that the connection is in; others wait."""
    connection.execute(statement("SELECT set_config('lock_timeout', '600s', true)"))
    connection.execute(
        statement("SELECT pg_advisory_xact_lock(:key)"), {"key": lock_key(place.schema, "opening")}
    )
    if not _ours(connection, place):
        _make(connection, place)
    elif _version(connection, place) != migrations.HEAD:  # older; another process may have come first
        migrations.upgrade(connection)


def _make(connection: Connection, place: Place) -> None:
    if (
        connection.execute(statement("SELECT to_regnamespace(:schema)"), {"schema": place.schema}).scalar()
        is None
    ):
        connection.exec_driver_sql(f"CREATE SCHEMA {place.schema}")
    migrations.create(connection)
    for sql in OWN:
        connection.exec_driver_sql(sql)
    row = {"id": 1, "uuid": str(uuid.uuid4()), "now": time.time_ns() // 1000, "boot": "server"}
    connection.execute(
        statement("INSERT INTO store (id, uuid, created_at, boot) VALUES (:id, :uuid, :now, :boot)"), row
    )


def _ours(connection: Connection, place: Place) -> bool:
    """Whether the tables are there; others in their place are an error."""
    names = set(connection.execute(statement(TABLES), {"schema": place.schema}).scalars())
    if names and not {"store", migrations.VERSION_TABLE} <= names:
        raise StoreError(
            f"The schema {place.schema} of {place.url} holds another program's tables ({', '.join(sorted(names)[:5])}); "
            "name another one in the URL: ?schema=name."
        )
    return bool(names)


def _may(connection: Connection, sql: str, place: Place) -> bool:
    values = {"schema": place.schema, "event": f"{place.schema}.event"}
    return bool(connection.execute(statement(sql), values).scalar_one())


def _version(connection: Connection, place: Place) -> str:
    version = migrations.current(connection)
    if version not in migrations.REVISIONS:
        raise StoreTooNew(
            f"{place.url} was written by a newer version of labelwidgets (tables {version}, this one knows up to "
            f"{migrations.HEAD}). Update it: pip install --upgrade labelwidgets."
        )
    return version
