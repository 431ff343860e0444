"""Proves, by asking like a stranger, that a server gives nothing away without credentials."""

from __future__ import annotations

import base64
import secrets
import uuid
from dataclasses import dataclass, replace
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..errors import LabelwidgetsError

if TYPE_CHECKING:
    from collections.abc import Sequence

TIMEOUT_S = 10


@dataclass(frozen=True, slots=True)
class Door:
    """One way in.

    Attributes
    ----------
    path : str
        From the root of the server.
    method : str
        Of HTTP.
    websocket : bool
        Ask to change to a websocket.
    """

    path: str
    method: str = "GET"
    websocket: bool = False

    def __str__(self) -> str:
        """Return it as a person would write it."""
        return f"{'WEBSOCKET' if self.websocket else self.method} {self.path}"


PAGES = (
    "",
    "?token=",
    "favicon.ico",
    "metrics",
    "static/logo.png",
    "label/x",
    "label/..%2fx",
    "work",
    "manage",
    "about",
)
VOILA = ("files", "render", "tree", "query", "api", "api/contents", "api/themes", "execution", "snapshot")
JUPYTER = ("files", "view", "nbconvert/html", "notebooks", "edit", "lab", "tree", "terminals", "nbextensions")
API = (
    "",
    "/kernels",
    "/contents",
    "/sessions",
    "/kernelspecs",
    "/terminals",
    "/config/notebook",
    "/status",
    "/me",
    "/spec.yaml",
)
WAYS_IN = ("open", "invite", "oidc", "oauth2")
SETTINGS = ("..%2fsettings.json", "../settings.json", "%2e%2e/settings.json", "..%5csettings.json")


def doors(notebook: str, base: str = "/") -> list[Door]:
    """Return all that a Jupyter or Voila server might answer to a stranger, its static assets and sign-in excepted.

    Parameters
    ----------
    notebook : str
        File name of the page's notebook.
    base : str
        Below which the app is; what lies above is tried as well.
    """
    kernel, word = str(uuid.uuid4()), secrets.token_hex(4)
    ways = [*_paths(notebook, kernel, word), *_sockets(kernel), *_acts(notebook, kernel)]
    above = [] if base == "/" else ["/", f"/{word}", "/voila/files/", "/api/kernels", "/tree"]
    return [replace(door, path=base + door.path) for door in ways] + [Door(path) for path in above]


def _paths(notebook: str, kernel: str, word: str) -> list[Door]:
    files = (notebook, "image.png", f"{word}.PNG", "publication.json", *SETTINGS)
    paths = [
        *PAGES,
        f"?token={word}",
        notebook,
        word,
        "settings.json",
        *(f"{way}/{word}" for way in WAYS_IN),
        *(f"voila/{place}{more}" for place in VOILA for more in ("", f"/{notebook}", f"/{kernel}")),
        *(f"voila/files/{name}" for name in files),
        *(f"{place}/{notebook}" for place in JUPYTER),
        *(f"api{place}" for place in API),
        f"api/contents/{notebook}",
        f"api/kernels/{kernel}",
        f"voila/api/shutdown/{kernel}",
        "ticket",
    ]
    return [Door(path) for path in paths] + [Door("", "HEAD"), Door("", "OPTIONS"), Door("work", "HEAD")]


def _sockets(kernel: str) -> list[Door]:
    paths = (
        f"api/kernels/{kernel}/channels",
        f"api/kernels/{kernel}/restart",
        f"voila/query/{kernel}",
        f"voila/execution/{kernel}",
        "api/events/subscribe",
        "terminals/websocket/1",
    )
    return [Door(path, websocket=True) for path in paths]


def _acts(notebook: str, kernel: str) -> list[Door]:
    return [
        Door(f"api/kernels/{kernel}", "DELETE"),
        Door(f"api/kernels/{kernel}/interrupt", "POST"),
        Door("api/kernels", "POST"),
        Door(f"voila/api/shutdown/{kernel}", "POST"),
        Door("api/shutdown", "POST"),
        Door("ticket", "POST"),
        Door("login", "POST"),
        Door("logout", "POST"),
        Door(f"invite/{kernel}", "POST"),
        Door("", "POST"),
        Door(f"api/contents/{notebook}", "PUT"),
    ]


def prove(url: str, notebook: str) -> int:
    """Try every door of a running server without credentials and return how many there are.

    A refusal is a way to the sign-in page or "not allowed"; even "not found" is none, since it may mean "found
    if you guess better".

    Parameters
    ----------
    url : str
        Of the server, without credentials.
    notebook : str
        File name of the page's notebook.

    Raises
    ------
    LabelwidgetsError
        Naming each door that is open.
    """
    tried = doors(notebook, urlsplit(url).path or "/")
    answers = [(door, ask(url, door)) for door in tried]
    opened = [f"{door} answered {answer}" for door, answer in answers if not answer.refused]
    if opened:
        raise LabelwidgetsError(_alarm(opened))
    return len(tried)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server said to a stranger: its status, and where it sent him."""

    status: int
    location: str = ""

    @property
    def refused(self) -> bool:
        """Whether it kept him out."""
        if self.status in (301, 302, 303, 307):
            return urlsplit(self.location).path.rstrip("/").endswith("/login")
        return self.status in (401, 403)

    def __str__(self) -> str:
        """Return it in short."""
        return f"{self.status} to {self.location}" if self.location else str(self.status)


def ask(url: str, door: Door) -> Reply:
    """Knock once, without credentials.

    Raises
    ------
    LabelwidgetsError
        The server says nothing, so that nothing is known of the door.
    """
    place = urlsplit(url)
    connection = HTTPConnection(place.hostname or "127.0.0.1", place.port, timeout=TIMEOUT_S)
    try:
        connection.request(door.method, door.path, headers=_upgrade() if door.websocket else {})
        answer = connection.getresponse()
        return Reply(answer.status, answer.headers.get("Location", ""))
    except (OSError, HTTPException) as error:
        raise LabelwidgetsError(
            f"The app stopped, since its security could not be checked: {door} was answered by {error!r}, expected a "
            "refusal. Try again; if it stays so, tell us (see CONTRIBUTING)."
        ) from error
    finally:
        connection.close()


def _upgrade() -> dict[str, str]:
    return {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Protocol": "v1.kernel.websocket.jupyter.org",
        "Sec-WebSocket-Key": base64.b64encode(secrets.token_bytes(16)).decode(),
    }


def _alarm(opened: Sequence[str]) -> str:
    shown = "; ".join(opened[:5]) + (f"; and {len(opened) - 5} more" if len(opened) > 5 else "")  # noqa: PLR2004
    return (
        f"The app stopped, since it would have answered strangers: {shown}. Expected a refusal (the sign-in page, or 401 "
        "or 403) without a token. A newer voila or jupyter-server may have changed; go back to the version that worked."
    )
