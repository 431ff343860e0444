"""The pages and their kernels, the ticket by which a kernel learns who is there, and how the app is."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import tornado.web
from jupyter_server.auth.decorator import allow_unauthenticated, authorized
from jupyter_server.base.handlers import APIHandler
from tornado.iostream import StreamClosedError

from .. import __version__
from ..errors import LabelwidgetsError
from .kernels import Full, Owner
from .web import Handler

if TYPE_CHECKING:
    from .kernels import Kernels, Sizes
    from .pool import Pool
    from .site import Site

LONGEST_BODY = 1_000


class Page(Handler):
    """Any page of the app: one notebook, shown by a kernel that is told nothing of the request."""

    def initialize(self, pool: Pool, sizes: Sizes) -> None:
        """Take the pages that are ready."""
        self.pool, self.sizes = pool, sizes

    @tornado.web.authenticated
    async def get(self, _project: str | None = None) -> None:
        """Show the page, with a kernel of its own that is this person's from now on."""
        if self.request.query:  # a token in an address has become a cookie; nothing else is asked for
            self.redirect(self.request.path)
            return
        person, kernels = self.person, self.settings["kernel_manager"]
        assert person is not None
        try:
            kernels.make_room(person.username, self.sizes)
        except Full:
            self._full(kernels)
            return
        rendering = self.pool.take()
        kernels.give(rendering.kernel_id, Owner(person.username, person.word))
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.xsrf_token  # noqa: B018 - the page sends it back, so it needs the cookie
        try:
            async for part in rendering.parts():
                self.write(part)
                await self.flush()
        except StreamClosedError:
            kernels.end_soon(rendering.kernel_id, "left while opening")
        except Exception:
            kernels.end_soon(rendering.kernel_id, "did not open")
            raise

    def _full(self, kernels: Kernels) -> None:
        self.site.journal.say("refused", what="page: full", kernels=len(kernels.owned()))
        self.set_header("Retry-After", "60")
        self.notice(
            503,
            "Everybody is here",
            f"{kernels.people()} people are at work, and there is no room for one more page. Yours opens when somebody "
            "leaves: try again in a few minutes, or close other tabs of yours.",
            "Try again",
            self.request.path,
        )


class Api(APIHandler):
    """Answers programs."""

    @property
    def site(self) -> Site:
        """The app."""
        site: Site = self.settings["site"]
        return site

    def set_default_headers(self) -> None:
        """Let nobody keep an answer."""
        super().set_default_headers()
        self.set_header("Cache-Control", "no-store")


class Ticket(Api):
    """Gives a page the word by which its kernel learns who is there."""

    @allow_unauthenticated
    async def post(self) -> None:
        """Give a ticket for one of the person's own kernels: 401 when signed out, 403 for a kernel of others."""
        person = self.current_user
        if person is None:
            raise tornado.web.HTTPError(401, reason="Sign in first.")
        kernel_id, kernels = self._kernel(), self.settings["kernel_manager"]
        if not kernels.is_of(kernel_id, person.username):
            self.site.journal.say("refused", user=person.username, what="ticket for another's kernel")
            raise tornado.web.HTTPError(403, reason="This page is somebody else's.")
        word = await asyncio.to_thread(self.site.accounts.ticket, person.username, kernel_id)
        self.finish({"ticket": word})

    def _kernel(self) -> str:
        try:
            said = json.loads(self.request.body) if len(self.request.body) <= LONGEST_BODY else {}
            kernel_id = said["kernel"]
        except (ValueError, KeyError, TypeError):
            kernel_id = None
        if not isinstance(kernel_id, str):
            raise tornado.web.HTTPError(400, reason='Send {"kernel": "its id"}.')
        return kernel_id


class End(Api):
    """Ends a page's kernel when the page is left."""

    auth_resource = "kernels"

    @tornado.web.authenticated
    @authorized
    async def post(self, kernel_id: str) -> None:
        """End it; one that has ended already has."""
        self.settings["kernel_manager"].end_soon(kernel_id, "left")
        self.set_status(204)
        await self.finish()


class Health(Api):
    """Says whether the app works, for whatever watches over it."""

    without_store = True

    def check_host(self) -> bool:
        """Let it be asked by any name: a watcher knows the machine, not the site."""
        return True

    @allow_unauthenticated
    async def get(self) -> None:
        """Say whether the store answers; to those who are signed in also how many are here."""
        ok = await self._reachable()
        kernels: Kernels = self.settings["kernel_manager"]
        told: dict[str, Any] = {"ok": ok}
        if self.current_user is not None:
            told |= {
                "store": ok,
                "kernels": len(kernels.owned()),
                "ready": max(0, len(kernels) - len(kernels.owned())),
                "people": kernels.people(),
                "version": __version__,
            }
        self.set_status(200 if ok else 503)
        await self.finish(told)

    async def _reachable(self) -> bool:
        try:
            await asyncio.wait_for(asyncio.to_thread(self.site.store.sessions), 5)
        except (LabelwidgetsError, OSError, TimeoutError, RuntimeError):
            return False
        return True


class Nothing(Handler):
    """Every other address: strangers are not even told that nothing is there."""

    @tornado.web.authenticated
    def get(self, _path: str = "") -> None:
        """Say that there is nothing, to those who may know."""
        raise tornado.web.HTTPError(404)

    head = post = put = patch = delete = options = get
