"""The projects and people of one store, in one object."""

from __future__ import annotations

from .people import People
from .projects import Projects


class Workspace(Projects, People):
    """The projects and people of one store: Python, the command line and the manage page all go through it.

    Parameters
    ----------
    store : path or URL
        Where the projects are: a path (SQLite) or a SQLAlchemy URL. It must be there.
    user : str or User, optional
        Who asks, trusted as for `Session`; by default whoever runs this, as admin.
    member : str, optional
        Id of somebody whom the store knows: then it says what they may do, and is asked anew at each call.

    Raises
    ------
    StoreError
        There is no such store, or it can't be opened.

    Examples
    --------
    >>> import tempfile
    >>> import labelwidgets as lw
    >>> store = tempfile.mkdtemp() + "/team.db"
    >>> schema = lw.Schema(lw.Choice("mood", ["glad", "sad"]))
    >>> lw.Session(store, data=[{"text": "so good"}], schema=schema, name="mail", user="boss").close()
    >>> with lw.Workspace(store, user="boss") as workspace:
    ...     invitation = workspace.invite("ben", projects=["mail"], goal=100)
    ...     [(work.id, work.answered, work.goal) for work in workspace.team("mail")]
    [('ben', 0, 100)]
    """
