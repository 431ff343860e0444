"""What the notebook of an app shows, and the settings that reach its kernel by a file for its owner only."""

from __future__ import annotations

import atexit
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self

from ..errors import LabelwidgetsError, RightsError, listed
from ..identity import User

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..session import Session
    from ..workspace import Workspace

NOTEBOOK = Path(__file__).parent.parent / "pages" / "app.ipynb"
SETTINGS = "settings.json"


@dataclass(frozen=True, slots=True)
class Page:
    """What the pages of an app show.

    Attributes
    ----------
    store : str
        Absolute path, or URL, of the store.
    title : str
        What the app is called.
    columns : mapping
        Name of a session to the columns of its source that are shown beside each item.
    session : str
        The only session, of an app for one person; "" in one for a team.
    user, name, role : str
        That person.
    logo : str
        A picture as a `data:` URL, or "".
    theme : str
        "light", "dark" or "system".
    """

    store: str
    title: str
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    session: str = ""
    user: str = ""
    name: str = ""
    role: str = ""
    logo: str = ""
    theme: str = "system"

    @classmethod
    def of(cls, session: Session, store: str, columns: Sequence[str] = ()) -> Self:
        """Describe the page of an open session, for its user alone.

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
            located(session.store.url, store),
            session.title,
            {session.name: list(columns)},
            session.name,
            who.id,
            who.name,
            who.role.name,
        )

    def write(self, folder: Path, notebook: Path = NOTEBOOK) -> Path:
        """Write the page: `page/` with nothing but its notebook, and the settings beside it, for its owner only.

        Returns
        -------
        Path
            The notebook.
        """
        inside = folder / "page"
        inside.mkdir(mode=0o700)
        thin = json.loads(notebook.read_text(encoding="utf-8"))
        thin["metadata"] |= {"title": self.title, "theme": self.theme, "tickets": not self.session}
        path = inside / notebook.name
        path.write_text(json.dumps(thin), encoding="utf-8")
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
            return cls(**said)
        except (OSError, ValueError, TypeError) as error:
            raise LabelwidgetsError(
                f"The page's settings can't be read from {folder / SETTINGS}: {error}. Start it again with `labelwidgets label STORE`."
            ) from error


def show() -> None:
    """Show the widget of this page; its notebook's one cell calls it, in the folder that `Page.write` made."""
    from IPython.display import HTML, display

    try:
        page = Page.read(Path.cwd().parent)
        display(_one(page) if page.session else _team(page))
    except LabelwidgetsError as error:
        display(HTML(_notice(str(error))))


def _one(page: Page) -> object:
    """The widget itself: one person needs no pages around it."""
    from ..choose import label
    from ..console import existing
    from ..session import Session

    session = Session(existing(page.store), name=page.session, user=User(page.user, page.name, page.role))
    atexit.register(session.close)
    return label(session, columns=page.columns.get(page.session, ()))


def _team(page: Page) -> object:
    """The widget of a kernel that knows nobody yet: whoever has a ticket for this very kernel is let in."""
    from ..accounts import Accounts
    from ..console import existing
    from ..store import open_store
    from ..workspace import Workspace
    from .kernel import this_kernel
    from .shell import AppWidget

    accounts = Accounts(open_store(existing(page.store)))

    def admit(ticket: str) -> Workspace:
        user_id = accounts.redeem(ticket, this_kernel())
        if user_id is None:
            raise RightsError("This page could not show who you are. Load it again.")
        return Workspace(page.store, member=user_id)

    app = AppWidget(admit=admit, title=page.title, logo=page.logo, columns=page.columns)
    atexit.register(app.close)
    return app


def _notice(reason: str) -> str:
    from html import escape

    title = "This page can't be shown"
    return f'<div class="lw-page-note" role="alert"><h1>{title}</h1><p>{escape(reason)}</p></div>'


def located(absolute: str, given: str) -> str:
    """Return where a store is, seen from any folder: kernels run in another one.

    Parameters
    ----------
    absolute : str
        The store's own URL, without password.
    given : str
        Path or URL that it was opened with.
    """
    return absolute if absolute.startswith("sqlite") else given
