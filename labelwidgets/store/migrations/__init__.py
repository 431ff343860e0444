"""Versions of the tables, oldest first: each has its script in `versions`, run when an older store is opened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

REVISIONS: tuple[str, ...] = ("0001", "0002", "0003")
"""All that this code knows; known without loading Alembic, since opening a store that is current counts."""

HEAD = REVISIONS[-1]

VERSION_TABLE = "alembic_version"
"""Alembic's own table."""


def current(connection: Connection) -> str:
    """Version of the tables that are there."""
    return str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one())


def upgrade(connection: Connection) -> None:
    """Bring the tables to the newest version, in the transaction that the connection is in."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def create(connection: Connection) -> None:
    """Make all tables as they are now, in the transaction that the connection is in."""
    from sqlalchemy import text

    from ..tables import metadata

    metadata.create_all(connection, checkfirst=False)
    connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
    connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD})
