"""What every handler of a served app needs to know of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..errors import LabelwidgetsError, shown

if TYPE_CHECKING:
    from ..accounts import Accounts
    from ..store import Store
    from .journal import Journal


@dataclass(frozen=True, slots=True)
class Site:
    """One app.

    Attributes
    ----------
    store : Store
        Where people and their sign-ins are kept.
    accounts : Accounts
        Of that store.
    journal : Journal
        Where events go.
    title : str
        What the app is called.
    logo : str
        A picture as a `data:` URL, or "".
    theme : str
        "light", "dark" or "system".
    url : str
        Where people reach it, when that is another address than the one it listens on; "" otherwise.
    """

    store: Store
    accounts: Accounts
    journal: Journal
    title: str = "labelwidgets"
    logo: str = ""
    theme: str = "system"
    url: str = ""

    @property
    def secure(self) -> bool:
        """Whether people reach it by https."""
        return self.url.startswith("https:")

    @property
    def origin(self) -> str:
        """Scheme, host and port of `url`, as a browser sends them; "" without one."""
        place = urlsplit(self.url)
        return f"{place.scheme}://{place.netloc}".lower() if self.url else ""

    @property
    def host(self) -> str:
        """Host name of `url`; "" without one."""
        return urlsplit(self.url).hostname or ""


def public_url(url: str) -> str:
    """Return a URL of an app as it is kept: without query, ending with a slash.

    Raises
    ------
    LabelwidgetsError
        It is none by http(s), or holds a password.
    """
    try:
        place = urlsplit(url)
        good = place.scheme in ("http", "https") and bool(place.hostname) and (place.port or 1) > 0
    except ValueError:
        good = False
    if not good or place.username or place.query or place.fragment or "\\" in url or not url.isprintable():
        raise LabelwidgetsError(
            f"The address of an app is like https://label.example.org/street/, found {shown(url)}."
        )
    return f"{place.scheme}://{place.netloc}{based(place.path)}"


def based(path: str) -> str:
    """Return a base URL as it is kept: "/" or "/x/".

    Raises
    ------
    LabelwidgetsError
        It is no path of plain words.
    """
    words = [word for word in path.split("/") if word]
    if any(
        not word.replace("-", "").replace("_", "").replace(".", "").replace("~", "").isalnum()
        for word in words
    ):
        raise LabelwidgetsError(f"A base URL is a path like /street/, found {shown(path)}.")
    return "/" + "".join(f"{word}/" for word in words)
