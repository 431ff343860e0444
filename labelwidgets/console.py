"""What the commands share: they open a store that is there, say what came of it, and name what went wrong."""

from __future__ import annotations

import errno
import json
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .errors import LabelwidgetsError, StoreError, listed
from .places import named

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .records import Json
    from .session import Session
    from .store import Store

TICK_S = 0.2


class Commands(click.Group):
    """Says what went wrong in one sentence instead of a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except LabelwidgetsError as error:
            raise click.ClickException(str(error)) from error
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise
            raise click.ClickException(str(error)) from error


def say(text: str, told: Json, *, as_json: bool) -> None:
    """Print what came of a command, for people or for programs."""
    click.echo(json.dumps(told, ensure_ascii=False, indent=2) if as_json else text)


def exists(store: str) -> bool:
    """Whether a store is there; of a database behind a URL only opening it can tell."""
    path = store.removeprefix("sqlite:///")
    return "://" in path or Path(path).exists()


def existing(store: str) -> str:
    """Return the store's path or URL when it is there.

    Raises
    ------
    StoreError
        It is not, and opening it would make a new one.
    """
    if not exists(store):
        raise StoreError(
            f"There is no store {named(store)}: check the path, or make one with `labelwidgets init {named(store)} ...`."
        )
    if "://" in store and not store.startswith("sqlite"):
        from .store import open_store

        open_store(store, read_only=True).close()  # it says so when there is none
    return store


@contextmanager
def opened_store(store: str) -> Iterator[Store]:
    """Open a store without any of its sessions."""
    from .store import open_store

    found = open_store(store)
    try:
        yield found
    finally:
        found.close()


@contextmanager
def opened(store: str, name: str | None, user: str | None = None) -> Iterator[Session]:
    """Open a session that is there; a mistyped path makes no new store."""
    from .session import Session

    with opened_store(existing(store)) as found:
        session_name = chosen(store, [row.name for row in found.sessions()], name)
    with left(Session(store, name=session_name, user=user)) as session:
        yield session


def chosen(store: str, names: Sequence[str], name: str | None) -> str:
    """Return the session that is meant: the one named, else the only one, else "default"."""
    if name is None and len(names) == 1:
        return names[0]
    wanted = name or "default"
    if wanted not in names:
        there = (
            f"it holds {listed(names)}: name one with --session"
            if names
            else "it holds none: make one with `labelwidgets init`"
        )
        if name is None and names:
            raise StoreError(
                f"{named(store)} holds several sessions, {listed(names)}: name one with --session."
            )
        raise StoreError(f"There is no session {wanted!r} in {named(store)}; {there}.")
    return wanted


@contextmanager
def left(session: Session) -> Iterator[Session]:
    """Let go of the store but of no task: the same person may be labeling in a page meanwhile."""
    try:
        yield session
    finally:
        if not session.closed:
            session.store.close()


@contextmanager
def working(what: str, *, quiet: bool = False) -> Iterator[None]:
    """Show on a terminal that work goes on, and for how long."""
    from tqdm import tqdm

    done = threading.Event()
    hidden = quiet or not sys.stderr.isatty()
    with tqdm(
        desc=what, bar_format="{desc} … {elapsed}", leave=False, disable=hidden, file=sys.stderr
    ) as bar:

        def tick() -> None:
            while not done.wait(TICK_S):
                bar.refresh()

        ticking = threading.Thread(target=tick, daemon=True)
        if not hidden:
            ticking.start()
        try:
            yield
        finally:
            done.set()
            if not hidden:
                ticking.join()
