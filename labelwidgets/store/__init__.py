"""Where everything is kept: sessions, tasks, answers and their history, on SQLite or PostgreSQL; an engine registers here."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import StoreError
from .protocol import Store

if TYPE_CHECKING:
    from .sql import SqlStore

__all__ = ["ENGINES", "Store", "open_store"]

ENGINES: dict[str, str] = {
    "sqlite": "labelwidgets.store.sqlite:open_url",
    "postgresql": "labelwidgets.store.postgres:open_url",
}
"""Scheme of a URL to the function (module:name) that opens it, loaded on use; called with the URL and `read_only`."""


def open_store(store: str | os.PathLike[str] | None = None, *, read_only: bool = False) -> Store:
    """Open a store, making it when it is not there yet.

    Parameters
    ----------
    store : path, URL or None
        A path (SQLite), a URL such as "sqlite:///labels.db" or "postgresql://ann@server/labels", or None (in memory,
        gone with the process).
    read_only : bool
        Change nothing.

    Raises
    ------
    StoreError
        The kind of store is not known, or it can't be opened there.
    StoreTooNew
        A newer version of this package wrote it.
    """
    scheme, separator, _ = ("sqlite", "", "") if store is None else str(os.fspath(store)).partition("://")
    if not separator:
        from .sqlite import SqliteStore

        return SqliteStore(None if store is None else Path(store), read_only=read_only)
    engine = ENGINES.get(scheme.partition("+")[0])
    if engine is None:
        known = ", ".join(ENGINES)
        raise StoreError(
            f"There are no stores of kind {scheme!r}; known are {known}. Give a path, or a URL such as sqlite:///labels.db."
        )
    module, _, name = engine.partition(":")
    opened: SqlStore = getattr(import_module(module), name)(str(store), read_only=read_only)
    return opened
