"""Voila cut down to one page for one person: loopback, a token, and nothing else that answers."""

from __future__ import annotations

import asyncio
import hmac
import logging
import os
import secrets
import shutil
import signal
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from socket import AF_INET, SO_REUSEADDR, SOCK_STREAM, SOL_SOCKET, socket
from typing import TYPE_CHECKING, Any

import tornado.web
import zmq
from ipykernel.kernelspec import RESOURCES, get_kernel_dict
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_server import DEFAULT_STATIC_FILES_PATH
from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.auth.identity import IdentityProvider, User
from jupyter_server.auth.login import LoginFormHandler
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.log import log_request
from jupyter_server.utils import url_path_join
from tornado.httpserver import HTTPServer
from traitlets.config import Config
from voila.app import Voila
from voila.tornado.handler import TornadoVoilaHandler

from ..errors import LabelwidgetsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

LOOPBACK = "127.0.0.1"
TEMPLATE = Path(__file__).parent.parent / "pages" / "template"

KEPT = (
    "/api/kernels/",  # the page's own kernel and its websocket; asks for credentials
    "/voila/api/shutdown/",  # the page ends its kernel when it is left; asks for credentials
    "/voila/static/",
    "/voila/templates/",
    "/voila/labextensions/",
    "/logout",
)
"""What of Voila's server stays. Not /voila/files, which serves files to anybody, nor what a later version adds."""

EXTENSIONS = ("anywidget", "@voila-dashboards/widgets-manager8", "@jupyter-widgets/jupyterlab-manager")
"""Front-end extensions the page loads, of all that are installed for JupyterLab."""

FORGOTTEN_S = 3600
"""After how long a kernel whose page has gone without a word is ended."""

TICKET_S = 60


class Tickets:
    """Words that open the page once each, for handing it to a browser on a command line that others may read."""

    def __init__(self) -> None:
        self._open: dict[str, float] = {}

    def issue(self) -> str:
        """Return a new word, good for a minute."""
        word = secrets.token_urlsafe(24)
        self._open[word] = time.monotonic() + TICKET_S
        return word

    def redeem(self, word: str) -> bool:
        """Use a word up; returns whether it was good."""
        known = [ticket for ticket in self._open if hmac.compare_digest(ticket.encode(), word.encode())]
        return any(time.monotonic() < self._open.pop(ticket) for ticket in known)


class ThisPython(KernelSpecManager):
    """Kernels of the Python that runs the server, whatever kernels are installed elsewhere under the same name."""

    def find_kernel_specs(self) -> dict[str, str]:
        """Return the one kernel there is."""
        return {"python3": RESOURCES}

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return how to start it."""
        return KernelSpec(resource_dir=RESOURCES, name=kernel_name, **get_kernel_dict())


class Owner(IdentityProvider):
    """One person: whoever has the token, or the address it stands in."""

    def process_login_form(self, handler: tornado.web.RequestHandler) -> User | None:
        """Return the person when the token, or the whole address, was typed in."""
        typed = handler.get_argument("token", default="").strip().rpartition("token=")[2]
        good = hmac.compare_digest(typed.encode(), self.token.encode())
        return self.generate_anonymous_user(handler) if good else None


class SignIn(LoginFormHandler):
    """Asks for the token; no kernel is started for it."""

    def get_template(self, name: str) -> Any:
        """Return our own form."""
        del name
        return self.settings["voila_jinja2_env"].get_template("sign-in.html")


class Page(TornadoVoilaHandler):
    """The page; its kernel is told nothing of the request, since a visitor writes what stands there."""

    @tornado.web.authenticated
    async def get(self, path: str | None = None) -> None:
        """Start a kernel and show the page; a token in the address becomes a cookie first."""
        if self.request.query:
            self.redirect(self.request.path)
            return
        await super().get(path)


class Entrance(JupyterHandler):
    """Takes a ticket and hands out the cookie."""

    def initialize(self, tickets: Tickets) -> None:
        """Take the tickets that are good."""
        self.tickets = tickets

    @allow_unauthenticated
    def get(self, word: str) -> None:
        """Sign in with a ticket, else go to the sign-in page."""
        if self.tickets.redeem(word):
            provider = self.identity_provider
            provider.set_login_cookie(self, provider.generate_anonymous_user(self))
            self.redirect(self.base_url)
        else:
            self.redirect(self.get_login_url())


class Nothing(JupyterHandler):
    """Every other address: strangers are not even told that nothing is there."""

    @tornado.web.authenticated
    def get(self, _path: str = "") -> None:
        """Say that there is nothing, to those who may know."""
        raise tornado.web.HTTPError(404)

    head = post = put = patch = delete = options = get


class Server(Voila):
    """One notebook as one page on sockets that are bound already.

    Parameters
    ----------
    notebook : Path
        Its folder holds nothing else.
    sockets : sequence of socket
        Bound to loopback.
    token : str
        Opens the page.
    image_hosts : sequence of str
        Hosts from which the page may load pictures by http(s).
    """

    def __init__(
        self, notebook: Path, sockets: Sequence[socket], token: str, image_hosts: Sequence[str] = ()
    ) -> None:
        super().__init__(
            config=_configuration(),
            config_file_paths=[],  # what is configured for other Voila pages is not meant for this one
            notebook_path=str(notebook),
            token=token,
            identity_provider_class=Owner,
            ip=LOOPBACK,
            open_browser=False,
            log_level=logging.ERROR,
            tornado_settings={
                "allow_remote_access": False,
                "headers": {"Content-Security-Policy": policy(image_hosts), "Referrer-Policy": "same-origin"},
                "log_function": log_request,  # leaves tokens out
                "static_path": DEFAULT_STATIC_FILES_PATH,  # Jupyter's pages for errors and sign-in ask for it
                "static_url_prefix": "/voila/static/",
            },
        )
        self._sockets = sockets
        self.tickets = Tickets()

    @property
    def address(self) -> str:
        """URL of the page, without credentials."""
        return f"http://{LOOPBACK}:{self._sockets[0].getsockname()[1]}{self.base_url}"

    def setup_template_dirs(self) -> None:
        """Put our own page template before Voila's."""
        super().setup_template_dirs()
        self.template_paths.insert(0, str(TEMPLATE))

    def init_handlers(self) -> list[Any]:
        """Keep what the page needs, add the page, close the rest."""
        root = self.server_url.rstrip("/")
        given = super().init_handlers()
        kept = [handler for handler in given if str(handler[0]).removeprefix(root).startswith(KEPT)]
        page = next(handler for handler in given if handler[1] is TornadoVoilaHandler)
        return [
            *kept,
            (f"{root}/login", SignIn),
            (url_path_join(self.server_url, r"/open/([\w-]+)"), Entrance, {"tickets": self.tickets}),
            (f"{root}/", Page, page[2]),
            (r"/(.*)", Nothing),
        ]

    def listen(self) -> None:
        """Answer on the sockets; Voila's own way would choose a port and block."""
        self.http = HTTPServer(self.app)
        self.http.add_sockets(self._sockets)

    async def stay(self, ready: Callable[[], bool]) -> None:
        """Serve until the process is told to end.

        Parameters
        ----------
        ready : callable
            Called once, in a thread, when requests are answered; True ends the server, and so does what it raises.
        """
        ended = asyncio.Event()
        with _told(ended):
            self.start()
            try:
                if not await asyncio.to_thread(ready):
                    await ended.wait()
            finally:
                self.http.stop()
                await self.kernel_manager.shutdown_all()
                shutil.rmtree(self.connection_dir, ignore_errors=True)


def run(server: Server, ready: Callable[[], bool]) -> None:
    """Serve until Ctrl+C or a signal to end, then end the kernels; see `Server.stay`."""
    logging.getLogger("tornado").setLevel(logging.ERROR)
    server.initialize([])
    with suppress(KeyboardInterrupt):
        asyncio.run(server.stay(ready))


def bound(ports: Iterator[int], wanted: int | None = None) -> list[socket]:
    """Bind to loopback, on the first of the ports that is free.

    Raises
    ------
    LabelwidgetsError
        None of them is.
    """
    tried = list(ports) if wanted is None else [wanted]
    for port in tried:
        with suppress(OSError):
            return [_listening(port)]
    taken = f"port {wanted}" if wanted is not None else f"any of the {len(tried)} ports from {tried[0]} on"
    raise LabelwidgetsError(f"Another program listens on {taken}: choose a free one with --port.")


def _listening(port: int) -> socket:
    opened = socket(AF_INET, SOCK_STREAM)
    try:
        if os.name == "posix":  # elsewhere the option lets two programs have one port
            opened.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        opened.setblocking(False)
        opened.bind((LOOPBACK, port))
        opened.listen(128)
    except OSError:
        opened.close()
        raise
    return opened


def policy(image_hosts: Sequence[str]) -> str:
    """Content-Security-Policy of the page: everything from here, pictures also from the hosts a session allows."""
    pictures = " ".join(f"https://{host} http://{host}" for host in image_hosts)
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' 'unsafe-inline' blob:",
            "style-src 'self' 'unsafe-inline'",
            "worker-src 'self' blob:",
            "font-src 'self' data:",
            f"img-src 'self' data: blob: {pictures}".rstrip(),
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        )
    )


def _configuration() -> Config:
    settings = Config()
    page = settings.VoilaConfiguration
    page.template, page.theme = "lab", "light"
    page.allow_template_override = page.allow_theme_override = "NO"
    page.file_allowlist = []
    page.extension_allowlist = list(EXTENSIONS)
    page.kernel_spec_manager_class = ThisPython
    settings.IdentityProvider.cookie_options = {"samesite": "Lax"}
    settings.MappingKernelManager.cull_idle_timeout = FORGOTTEN_S
    # Other people of this machine can reach its loopback ports too.
    settings.MappingKernelManager.transport_encryption = "auto" if zmq.has("curve") else "disabled"
    return settings


@contextmanager
def _told(ended: asyncio.Event) -> Iterator[None]:
    """Hear the signals to end while the block runs; where a loop can't, Ctrl+C interrupts it."""
    loop = asyncio.get_running_loop()
    signals = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    with suppress(NotImplementedError):
        for number in signals:
            loop.add_signal_handler(number, ended.set)
    try:
        yield
    finally:
        with suppress(NotImplementedError):
            for number in signals:
                loop.remove_signal_handler(number)
