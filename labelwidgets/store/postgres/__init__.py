"""A store in PostgreSQL: many machines, many writers at once, one server."""

from .store import PostgresStore, open_url

__all__ = ["PostgresStore", "open_url"]
