"""A store copied into one file: every table as of one moment, chained to its end."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, insert

from .. import migrations
from ..care import FIRST
from ..chain import EVENT, link
from ..tables import event, metadata
from ..writing import statement

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

    from ..reading import Stream

PIECE = 5_000
"""Rows that wait in memory."""

UNSEALED = f"SELECT {', '.join(EVENT)} FROM event WHERE number > :after ORDER BY number"  # noqa: S608

SEALED = "SELECT COALESCE(MAX(number), 0) FROM event WHERE hash IS NOT NULL"


def copy_into(path: Path, stream: Stream) -> None:
    """Write all tables that `stream` reads into a new SQLite store at `path`."""
    engine = create_engine(f"sqlite:///{path}")
    try:
        with engine.begin() as connection:
            migrations.create(connection)
            for table in metadata.sorted_tables:
                _copy(connection, table.name, stream)
            _seal_end(connection)
    finally:
        engine.dispose()
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _copy(connection: Connection, name: str, stream: Stream) -> None:
    table = metadata.tables[name]
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    piece: list[dict[str, object]] = []
    for row in stream(f"SELECT {columns} FROM {name}", {}):  # noqa: S608
        piece.append(row._asdict())
        if len(piece) >= PIECE:
            connection.execute(insert(table), piece)
            piece = []
    if piece:
        connection.execute(insert(table), piece)


def _seal_end(connection: Connection) -> None:
    """Chain the events that were not chained yet: in a file each follows the one before."""
    after = connection.execute(statement(SEALED)).scalar_one()
    head = connection.execute(statement("SELECT hash FROM event WHERE number = :after"), {"after": after})
    before = bytes(head.scalar_one_or_none() or FIRST.hash)
    for row in connection.execute(statement(UNSEALED), {"after": after}).all():
        before = link(before, tuple(row)[:-1])
        connection.execute(event.update().where(event.c.number == row.number).values(hash=before))
