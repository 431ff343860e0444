"""The page of one person on this machine, known by a token."""

from __future__ import annotations

import secrets
import shutil
import tempfile
import webbrowser
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ..accounts import Accounts
from ..errors import LabelwidgetsError, StoreError
from ..places import named, ports, remember
from .journal import Journal
from .page import Page
from .site import Site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import ModuleType

    from ..session import Session


def serve(
    session: Session,
    store: str,
    *,
    columns: Sequence[str] = (),
    port: int | None = None,
    open_browser: bool = True,
    ready: Callable[[str], bool | None] = print,
) -> None:
    """Serve a session's page on this machine, to whoever has its token, until Ctrl+C.

    Before anybody is told its address, the server is asked for everything it might give to a stranger; if it gives
    anything, it ends.

    Parameters
    ----------
    session : Session
        Its store is closed here in the end; the page's kernel opens its own.
    store : str
        Path or URL it was opened with.
    columns : sequence of str
        Columns of the source shown beside each item; none by default, since a column may hold the right answer.
    port : int, optional
        Where to listen, 0 for any free one; by default where this store was served before, since the browser keeps
        unsent answers under that address.
    open_browser : bool
        Open the page in the default browser.
    ready : callable
        Called in a thread with the URL, token included, once the page can be opened; True ends the server.

    Raises
    ------
    LabelwidgetsError
        Voila is not installed, no port is free, the store takes no writes, or a door is open.
    """
    server = voila_server()
    from .kernels import Sizes
    from .signin.token import Token

    if session.store.read_only:
        raise StoreError(
            f"{named(store)} takes no answers, so there is no page to label it: {session.store.read_only}"
        )
    page, known = Page.of(session, store, columns), session.store.uuid
    sockets = server.bound(ports(known), port)
    with served_folder() as folder:
        notebook = page.write(folder)
        token = secrets.token_urlsafe(32)
        site = Site(session.store, Accounts(session.store), Journal(quiet=True), page.title)
        voila = server.Server(
            notebook,
            sockets,
            site,
            Token,
            sign_in={"user": page.user},
            secret=token,
            sizes=Sizes(pool=0),
            image_hosts=image_hosts(session),
        )

        def announce() -> bool:
            from .proof import prove

            prove(voila.address, notebook.name)
            if port != 0:
                remember(known, sockets[0].getsockname()[1])
            ended = ready(f"{voila.address}?token={token}") is True
            if open_browser and not ended:
                webbrowser.open(f"{voila.address}open/{voila.tickets.issue()}")
            return ended

        try:
            server.run(voila, announce)
        finally:
            site.accounts.end(page.user)
            session.store.close()  # not the session: what the same person holds in another page stays theirs


def image_hosts(session: Session) -> tuple[str, ...]:
    """Hosts from which a session lets the browser load pictures."""
    row = session.store.session(session.name)
    return tuple(row.settings.get("allow_hosts", ())) if row else ()


def voila_server() -> ModuleType:
    """Return the module that needs Voila.

    Raises
    ------
    LabelwidgetsError
        It is not installed.
    """
    try:
        from . import server
    except ImportError as error:
        raise LabelwidgetsError(
            f"A page of its own needs Voila, and {error.name or 'a part of it'} is not installed: "
            "run `pip install 'labelwidgets[app]'`."
        ) from error
    return server


@contextmanager
def served_folder() -> Iterator[Path]:
    """A folder that goes with the server."""
    folder = Path(tempfile.mkdtemp(prefix="labelwidgets-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
