"""Places that belong to this package: its folders, the port where a store is labeled, and how a store is named."""

from __future__ import annotations

import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST_PORT, PORTS = 20_000, 10_000
"""Below what systems hand out by themselves, so that a store's port is rarely taken by chance."""

TRIES = 50

HIDDEN = r"(?<=[?&])(ssl)?password=[^&]*&?"
"""What of a URL's query is nobody's business."""


def data_home() -> Path:
    """Folder for what a person may want to keep, such as the demo's photos and answers."""
    return _home("XDG_DATA_HOME", "")


def state_home() -> Path:
    """Folder for what makes the next run go on like the last one."""
    return _home("XDG_STATE_HOME", "state")


def ports(store: str) -> Iterator[int]:
    """Ports to try for a store, by its UUID: the one it had first, then one computed from the UUID and its neighbours.

    Browsers keep unsent answers per scheme, host and port, so a store should be found at the same place again.
    """
    home = _remembered(store)
    if home is not None:
        yield home
    first = int(store.replace("-", "")[:8], 16) % PORTS
    for step in range(TRIES):
        yield FIRST_PORT + (first + step) % PORTS


def remember(store: str, port: int) -> None:
    """Keep the first port of a store for all times; a machine that keeps nothing computes it again.

    A port that had to be another one once, such as for a second page at the same time, does not replace it.
    """
    if _remembered(store) is not None:
        return
    with suppress(OSError):
        path = _note(store)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{port}\n", encoding="ascii")


def _remembered(store: str) -> int | None:
    try:
        port = int(_note(store).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
    return port if 1024 <= port < 65_536 else None  # noqa: PLR2004 - what anybody may listen on


def _note(store: str) -> Path:
    return state_home() / "ports" / store


def _home(variable: str, inside: str) -> Path:
    """Where XDG says, else ~/.labelwidgets, else (no home, or one that takes nothing) a private temporary folder."""
    said = os.environ.get(variable, "")
    if Path(said).is_absolute():
        return Path(said) / "labelwidgets"
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - Path.home raises where there is no home
    if home.is_absolute() and os.access(home, os.W_OK):
        return home / ".labelwidgets" / inside
    return Path(tempfile.gettempdir()) / f"labelwidgets-{_owner()}" / inside


def _owner() -> str:
    return str(os.getuid()) if hasattr(os, "getuid") else "here"


def named(store: object) -> str:
    """Name a store for people: its path, or its URL without what is secret in it."""
    scheme, separator, rest = str(store).partition("://")
    if not separator:
        return str(store)
    server, slash, place = rest.partition("/")
    user, at, host = server.rpartition("@")
    return f"{scheme}://{user.partition(':')[0]}{at}{host}{slash}{re.sub(HIDDEN, '', place)}"
