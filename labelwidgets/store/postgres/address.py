"""Where a store lies on a server: the URL that people give, what the driver needs of it, and what may be shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from ...errors import StoreError, shown

if TYPE_CHECKING:
    from sqlalchemy import URL

SCHEMA = "labelwidgets"
"""Schema of the database that holds the tables, unless the URL names another (`?schema=name`)."""

PATIENCE_S = 30
"""How long a write waits for others before it says so."""

SECRETS = frozenset({"password", "sslpassword", "passfile"})
"""What is never shown of a URL's query."""

SETTINGS = {
    "lock_timeout": f"{PATIENCE_S}s",
    "timezone": "UTC",
    "jit": "off",  # compiling takes longer than the largest of our statements
    # A machine that went away lets go of what it held after two minutes, not after two hours.
    "tcp_keepalives_idle": "60",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "6",
}
"""What each connection asks of the server."""


@dataclass(frozen=True, slots=True)
class Address:
    """A store's place.

    Attributes
    ----------
    url : sqlalchemy.URL
        What the driver connects by, password and all.
    schema : str
        Schema of the database that holds the tables.
    shown : str
        URL without secrets, that opens the same store for those who need no password in it.
    """

    url: URL
    schema: str
    shown: str

    @property
    def arguments(self) -> dict[str, str]:
        """What the driver is told beyond the URL, which goes first."""
        own = {"connect_timeout": "10", "application_name": "labelwidgets"}
        given = {name: value for name, value in own.items() if name not in self.url.query}
        return {**given, "client_encoding": "utf8", "options": self.options}

    @property
    def options(self) -> str:
        """What libpq sends along: settings of the session."""
        own = {"search_path": self.schema, **SETTINGS}
        given = self.url.query.get("options", "")
        theirs = given if isinstance(given, str) else " ".join(given)
        return " ".join([*(f"-c {name}={value}" for name, value in own.items()), theirs]).strip()


def parse(text: str) -> Address:
    """Read a URL.

    Raises
    ------
    StoreError
        It is none, or its schema has no name that can be one.
    """
    try:
        given = make_url(text)
    except (ArgumentError, ValueError) as error:
        raise StoreError(
            "That is no URL of a database; give one such as postgresql://user@host/database."
        ) from error
    schema = given.query.get("schema", SCHEMA)
    if (
        not isinstance(schema, str)
        or not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", schema)
        or schema.startswith("pg_")
    ):
        raise StoreError(
            f"A schema's name is of small letters, digits and _; found {shown(schema)}. Change `schema=` in the URL."
        )
    plain = given.difference_update_query(["schema"])
    query = {name: value for name, value in given.query.items() if name not in SECRETS}
    bare = given.set(drivername="postgresql+psycopg", query=query)._replace(password=None)
    return Address(
        plain.set(drivername="postgresql+psycopg"), schema, bare.render_as_string(hide_password=False)
    )
