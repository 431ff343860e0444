"""Voila cut down to the pages of one app: signed-in people, kernels of their own, and nothing else that answers."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import signal
from contextlib import contextmanager, suppress
from pathlib import Path
from socket import AF_INET, SO_REUSEADDR, SOCK_STREAM, SOL_SOCKET, socket
from typing import TYPE_CHECKING, Any

import jinja2
import zmq
from jupyter_server import DEFAULT_STATIC_FILES_PATH, DEFAULT_TEMPLATE_PATH_LIST
from jupyter_server.log import log_request
from jupyter_server.services.kernels.handlers import KernelHandler
from traitlets.config import Config
from voila.app import Voila

from ..errors import LabelwidgetsError, MediaError
from ..media.addresses import allowed_host
from .front import LARGEST_BODY, Front
from .handlers import End, Health, Nothing, Page, Ticket
from .journal import listen
from .kernels import Gate, Kernels, Sizes, ThisPython
from .pool import Pool
from .signin.token import Tickets
from .wire import ALLOWED, Socket, Wire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from .signin.provider import Provider
    from .site import Site

LOOPBACK = "127.0.0.1"
TEMPLATE = Path(__file__).parent.parent / "pages" / "template"

KEPT = (
    "/voila/static/",
    "/voila/templates/",
    "/voila/labextensions/",
)
"""What of Voila's server stays. Not /voila/files, which serves files to anybody, nor what a later version adds."""

PAGES = (r"/", r"/(?:label|work|manage)(?:/([^/]+))?", r"/about")
"""Addresses of the app's pages: all are the same notebook, whose widget goes from one to the other by itself."""

KERNEL = r"(?P<kernel_id>[\w-]+)"

EXTENSIONS = ("anywidget", "@voila-dashboards/widgets-manager8", "@jupyter-widgets/jupyterlab-manager")
"""Front-end extensions the page loads, of all that are installed for JupyterLab."""

SWEEP_S = 15.0
"""How often kernels are looked for whose sign-in has ended elsewhere."""

CULL_S = 30


class Server(Voila):
    """One notebook as the pages of an app, on sockets that are bound already.

    Parameters
    ----------
    notebook : Path
        Its folder holds nothing else.
    sockets : sequence of socket
        Where to listen.
    site : Site
        The app.
    provider : type of Provider
        How people sign in.
    sign_in : mapping
        Settings of that.
    secret : str
        What only this server, and who vouches for people, know.
    base_url : str
        Below which the app is.
    sizes : Sizes
        How much it may take.
    image_hosts : sequence of str
        Hosts from which the pages may load pictures by http(s).
    environment : set of str
        Further variables that kernels get.
    template : Path, optional
        A folder whose templates come before ours.
    silent : bool
        Let kernels write nothing to the terminal: it might quote what people label.
    """

    def __init__(
        self,
        notebook: Path,
        sockets: Sequence[socket],
        site: Site,
        provider: type[Provider],
        *,
        sign_in: Mapping[str, Any] | None = None,
        secret: str = "",
        base_url: str = "/",
        sizes: Sizes | None = None,
        image_hosts: Sequence[str] = (),
        environment: frozenset[str] = frozenset(),
        template: Path | None = None,
        silent: bool = False,
    ) -> None:
        self.site, self.sign_in, self.secret = site, dict(sign_in or {}), secret
        self.sizes = sizes or Sizes()
        self.tickets = Tickets()
        self._sockets, self._environment, self._silent = sockets, environment, silent
        self._templates = [str(folder) for folder in (template, TEMPLATE) if folder is not None]
        super().__init__(
            config=_configuration(self.sizes),
            config_file_paths=[],  # what is configured for other Voila pages is not meant for this one
            notebook_path=str(notebook),
            base_url=base_url,
            identity_provider_class=provider,
            authorizer_class=Gate,
            kernel_websocket_connection_class=Wire,
            ip=LOOPBACK,
            open_browser=False,
            log_level=logging.ERROR,
            tornado_settings=self._settings(image_hosts),
        )

    def _settings(self, image_hosts: Sequence[str]) -> dict[str, Any]:
        return {
            "site": self.site,
            "allow_remote_access": False,
            "local_hostnames": ["localhost", *filter(None, [self.site.host])],
            "allow_origin": self.site.origin,
            "headers": {"Content-Security-Policy": policy(image_hosts), "Referrer-Policy": "same-origin"},
            "log_function": log_request,  # leaves tokens out
            "static_path": DEFAULT_STATIC_FILES_PATH,  # Jupyter's pages for errors ask for it
            "static_url_prefix": "/voila/static/",
        }

    @property
    def address(self) -> str:
        """URL of the app on this machine, without credentials."""
        host, port = self._sockets[0].getsockname()[:2]
        return f"http://{LOOPBACK if host == '0.0.0.0' else host}:{port}{self.base_url}"  # noqa: S104 - compared

    def setup_template_dirs(self) -> None:
        """Put our own templates before Voila's."""
        super().setup_template_dirs()
        self.template_paths[:0] = self._templates

    def init_settings(self) -> dict[str, Any]:
        """Tell the kernels what they may do, and error pages how they look."""
        settings: dict[str, Any] = super().init_settings()
        kernels: Kernels = self.kernel_manager
        kernels.allowed_message_types = list(ALLOWED)
        kernels.more_environment, kernels.silent = self._environment, self._silent
        loader = jinja2.FileSystemLoader([*self._templates, *DEFAULT_TEMPLATE_PATH_LIST])
        settings["jinja2_env"].loader = loader
        cookie = {"path": self.base_url, "samesite": "Lax", "secure": self.site.secure}
        return settings | {"xsrf_cookie_kwargs": cookie}

    def init_handlers(self) -> list[Any]:
        """Keep what the pages need, add the pages and the ways in, close the rest."""
        root = self.server_url.rstrip("/")
        kept = [each for each in super().init_handlers() if str(each[0]).removeprefix(root).startswith(KEPT)]
        self.pool = Pool(self, self.sizes.pool)
        shown = {"pool": self.pool, "sizes": self.sizes}
        ours = [*self.identity_provider.get_handlers(), (r"/ticket", Ticket), (r"/healthz", Health)]
        return [
            *kept,
            (rf"{root}/api/kernels/{KERNEL}", KernelHandler),
            (rf"{root}/api/kernels/{KERNEL}/channels", Socket),
            (rf"{root}/voila/api/shutdown/{KERNEL}", End),
            *((f"{root}{path}", handler) for path, handler in ours),
            *((f"{root}{path}", Page, shown) for path in PAGES),
            (r"/(.*)", Nothing),
        ]

    def listen(self) -> None:
        """Answer on the sockets; Voila's own way would choose a port and block."""
        # Behind a proxy every visitor would have the proxy's address, and all be slowed down for one.
        self.http = Front(self.app, xheaders=bool(self.site.url), max_body_size=LARGEST_BODY)
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
            sweeping = asyncio.ensure_future(self._sweep())
            try:
                if not await self._proved(ready):
                    self.pool.fill()
                    await ended.wait()
            finally:
                sweeping.cancel()
                self.http.stop()
                await self.pool.close()
                await self.kernel_manager.end_all()
                shutil.rmtree(self.connection_dir, ignore_errors=True)

    async def _proved(self, ready: Callable[[], bool]) -> bool:
        return await asyncio.to_thread(ready)

    async def _sweep(self) -> None:
        """End kernels of people who signed out elsewhere or may not come any more; fill up what is ready."""
        while True:
            await asyncio.sleep(SWEEP_S)
            with suppress(LabelwidgetsError):
                await self.end_left()
            self.pool.fill()

    async def end_left(self) -> None:
        """End the kernels whose sign-in has ended."""
        kernels: Kernels = self.kernel_manager
        owned = kernels.owned()
        words = {owner.word for owner in owned.values()}
        gone = {word for word in words if await asyncio.to_thread(self.site.accounts.whose, word) is None}
        for kernel_id, owner in owned.items():
            if owner.word in gone:
                kernels.end_soon(kernel_id, "sign-in ended")


def run(server: Server, ready: Callable[[], bool]) -> None:
    """Serve until Ctrl+C or a signal to end, then end the kernels; see `Server.stay`."""
    server.initialize([])
    listen(server.site.journal, "tornado", "asyncio", "traitlets", server.log.name)
    with suppress(KeyboardInterrupt):
        asyncio.run(server.stay(ready))


def bound(ports: Iterator[int], wanted: int | None = None, ip: str = LOOPBACK) -> list[socket]:
    """Bind to an address of this machine, on the first of the ports that is free.

    Raises
    ------
    LabelwidgetsError
        None of them is.
    """
    tried = list(ports) if wanted is None else [wanted]
    for port in tried:
        with suppress(OSError):
            return [_listening(port, ip)]
    taken = f"port {tried[0]}" if len(tried) == 1 else f"all of the {len(tried)} ports from {tried[0]} on"
    raise LabelwidgetsError(
        f"Another program listens on {taken}, maybe this very app, served already: choose a free one with --port."
    )


def _listening(port: int, ip: str) -> socket:
    opened = socket(AF_INET, SOCK_STREAM)
    try:
        if os.name == "posix":  # elsewhere the option lets two programs have one port
            opened.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        opened.setblocking(False)
        opened.bind((ip, port))
        opened.listen(128)
    except OSError:
        opened.close()
        raise
    return opened


def policy(image_hosts: Sequence[str]) -> str:
    """Content-Security-Policy of the page: everything from here, pictures also from the hosts a session allows."""
    pictures = " ".join(f"https://{host} http://{host}" for host in _hosts(image_hosts))
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


def _hosts(given: Sequence[str]) -> Iterator[str]:
    """Those of a store's hosts that are some: what is none could say more in the policy than a host."""
    for host in given:
        with suppress(MediaError):
            yield allowed_host(host)


def _configuration(sizes: Sizes) -> Config:
    settings = Config()
    page = settings.VoilaConfiguration
    page.template, page.theme = "lab", "light"
    page.allow_template_override = page.allow_theme_override = "NO"
    page.file_allowlist = []
    page.extension_allowlist = list(EXTENSIONS)
    page.kernel_spec_manager_class = ThisPython
    page.multi_kernel_manager_class = Kernels
    settings.MappingKernelManager.cull_idle_timeout = sizes.idle_s
    settings.MappingKernelManager.cull_interval = min(CULL_S, sizes.idle_s)
    settings.MappingKernelManager.cull_connected = True  # a page that is asleep stays connected
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
