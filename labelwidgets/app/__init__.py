"""A session as a page of its own: writes the page, serves it to one person on this machine, shows the widget in it."""

from __future__ import annotations

import atexit
import json
import os
import secrets
import shutil
import tempfile
import webbrowser
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from ..errors import LabelwidgetsError, listed
from ..identity import User
from ..places import ports, remember
from .proof import prove

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import ModuleType

    from ..session import Session

NOTEBOOK = Path(__file__).parent.parent / "pages" / "label.ipynb"
SETTINGS = "settings.json"


@dataclass(frozen=True, slots=True)
class Page:
    """What a page shows, and to whom.

    Attributes
    ----------
    store : str
        Absolute path, or URL, of the store.
    session : str
        Name of the session in it.
    user, name, role : str
        Who labels: id, name for people, role.
    title : str
        Title of the page.
    columns : tuple of str
        Columns of the source shown beside each item.
    """

    store: str
    session: str
    user: str
    name: str
    role: str
    title: str
    columns: tuple[str, ...] = ()

    @classmethod
    def of(cls, session: Session, store: str, columns: Sequence[str] = ()) -> Self:
        """Describe the page of an open session.

        Parameters
        ----------
        session : Session
            Only read; the page's kernel opens its own.
        store : str
            Path or URL it was opened with; the store itself does not know its password.
        columns : sequence of str
            Columns of the source shown beside each item.

        Raises
        ------
        LabelwidgetsError
            The source has no such column.
        """
        who = session.user
        missing = [name for name in columns if name not in session.columns]
        if missing:
            raise LabelwidgetsError(
                f"There is no column {missing[0]!r} to show; there are {listed(session.columns)}."
            )
        return cls(
            _located(session, store),
            session.name,
            who.id,
            who.name,
            who.role.name,
            session.title,
            tuple(columns),
        )

    def write(self, folder: Path) -> Path:
        """Write the page: `page/` with nothing but its notebook, and the settings beside it, for its owner only.

        Returns
        -------
        Path
            The notebook.
        """
        inside = folder / "page"
        inside.mkdir(mode=0o700)
        notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
        notebook["metadata"]["title"] = self.title
        path = inside / NOTEBOOK.name
        path.write_text(json.dumps(notebook), encoding="utf-8")
        # Not by the environment, which every process of the kernel inherits: a URL may hold a password.
        handle = os.open(folder / SETTINGS, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as settings:
            json.dump(asdict(self), settings)
        return path

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read what `write` wrote.

        Raises
        ------
        LabelwidgetsError
            The settings are not there or not whole.
        """
        try:
            said = json.loads((folder / SETTINGS).read_text(encoding="utf-8"))
            return cls(**said | {"columns": tuple(said["columns"])})
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise LabelwidgetsError(
                f"The page's settings can't be read from {folder / SETTINGS}: {error}. Start it again with `labelwidgets label STORE`."
            ) from error


def show() -> None:
    """Show the widget of this page; its notebook's one cell calls it, in the folder that `Page.write` made."""
    from IPython.display import HTML, display

    try:
        display(_widget(Page.read(Path.cwd().parent)))  # type: ignore[no-untyped-call]
    except LabelwidgetsError as error:
        display(HTML(_notice(str(error))))  # type: ignore[no-untyped-call]


def _widget(page: Page) -> object:
    from ..choose import label
    from ..console import existing
    from ..session import Session

    session = Session(existing(page.store), name=page.session, user=User(page.user, page.name, page.role))
    atexit.register(session.close)
    return label(session, columns=page.columns)


def _notice(reason: str) -> str:
    from html import escape

    title = "This page can't be shown"
    return f'<div class="lw-page-note" role="alert"><h1>{title}</h1><p>{escape(reason)}</p></div>'


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
        Its store is closed here: the page's kernel opens its own.
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
        Voila is not installed, no port is free, or a door is open.
    """
    server = _server()
    page, hosts, known = Page.of(session, store, columns), _image_hosts(session), session.store.uuid
    session.store.close()  # not the session: what the same person holds in another page stays theirs
    sockets = server.bound(ports(known), port)
    with _folder() as folder:
        notebook = page.write(folder)
        token = secrets.token_urlsafe(32)
        voila = server.Server(notebook, sockets, token, hosts)

        def announce() -> bool:
            prove(voila.address, notebook.name)
            if port != 0:
                remember(known, sockets[0].getsockname()[1])
            ended = ready(f"{voila.address}?token={token}") is True
            if open_browser and not ended:
                webbrowser.open(f"{voila.address}open/{voila.tickets.issue()}")
            return ended

        server.run(voila, announce)


def _located(session: Session, store: str) -> str:
    """Return where the store is, seen from any folder: the page's kernel runs in another one."""
    absolute = session.store.url
    return absolute if absolute.startswith("sqlite") else store


def _image_hosts(session: Session) -> tuple[str, ...]:
    row = session.store.session(session.name)
    return tuple(row.settings.get("allow_hosts", ())) if row else ()


def _server() -> ModuleType:
    try:
        from . import server
    except ImportError as error:
        raise LabelwidgetsError(
            f"A page of its own needs Voila, and {error.name or 'a part of it'} is not installed: "
            "run `pip install 'labelwidgets[app]'`."
        ) from error
    return server


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="labelwidgets-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
