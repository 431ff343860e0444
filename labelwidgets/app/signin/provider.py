"""What all ways to sign in share: a random word in one cookie, looked up in the store at each request."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import tornado.web
from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.auth.identity import IdentityProvider, User

from ...accounts import SIGN_IN_TTL
from ...errors import AccountError, LabelwidgetsError
from ..web import Handler

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

    from ...records import Member
    from ..kernels import Kernels
    from ..site import Site


@dataclass
class Person(User):
    """A member who is signed in.

    Attributes
    ----------
    role : str
        As the store has it.
    word : str
        That of their sign-in.
    """

    role: str = ""
    word: str = field(default="", repr=False)

    @classmethod
    def of(cls, member: Member, word: str) -> Person:
        """Return a member as the server's own kind of user."""
        name = member.name or member.id
        return cls(member.id, name, name, role=member.role, word=word)


class Provider(IdentityProvider):
    """Knows people by the word in their cookie.

    A kind of sign-in adds what stands at `/login`, and calls `welcome` for whom it let in.
    """

    kind: ClassVar[str] = ""
    ttl: ClassVar[timedelta] = SIGN_IN_TTL
    doors: ClassVar[tuple[tuple[str, Any], ...]] = ()
    """Addresses where people come in, from the base URL; `/login` is one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs | {"token": ""})  # Jupyter's own token opens nothing here
        server: Any = self.parent
        self.site: Site = server.site
        self.settings: Mapping[str, Any] = server.sign_in
        self.secret: str = server.secret

    # -- who asks --------------------------------------------------------------------------------------------

    async def get_user(self, handler: Any) -> Person | None:
        """Return the person whose cookie it is."""
        known: Person | None = getattr(handler, "_jupyter_current_user", None)
        if known is not None:
            return known
        word = handler.get_cookie(self.get_cookie_name(handler)) or ""
        if not word:
            return None
        try:
            member = await asyncio.to_thread(self.site.accounts.whose, word)
        except LabelwidgetsError as error:
            if getattr(handler, "without_store", False):
                return None
            raise tornado.web.HTTPError(503) from error
        return Person.of(member, word) if member else None

    def get_cookie_name(self, handler: Any) -> str:
        """Name of the cookie: cookies know no ports, so two apps on one host need two."""
        del handler
        return f"labelwidgets-{self.site.store.uuid[:8]}"

    def is_token_authenticated(self, handler: Any) -> bool:
        """Nobody is spared the checks of origin and of forged forms."""
        del handler
        return False

    def should_check_origin(self, handler: Any) -> bool:
        """Pages of other sites ask in vain, whoever is at them."""
        del handler
        return True

    # -- coming and going ------------------------------------------------------------------------------------

    async def welcome(self, handler: Handler, user_id: str, address: str) -> None:
        """Sign somebody in who has shown who they are, and send them on.

        Raises
        ------
        AccountError
            They are no member, or their access has ended.
        """
        await self.begin(handler, user_id)
        handler.redirect(address)

    async def begin(self, handler: Any, user_id: str) -> Person:
        """Make a sign-in, and give its word to the browser."""
        accounts = self.site.accounts
        word = await asyncio.to_thread(accounts.sign_in, user_id, ttl=self.ttl)
        member = await asyncio.to_thread(accounts.whose, word)
        if member is None:
            raise AccountError(f"The access of {user_id!r} has ended.")
        handler.set_cookie(
            self.get_cookie_name(handler),
            word,
            path=handler.base_url,
            max_age=int(self.ttl.total_seconds()),
            httponly=True,
            samesite="Lax",
            secure=self.site.secure or handler.request.protocol == "https",
        )
        self.site.journal.say("sign-in", user=user_id, by=self.kind, address=handler.request.remote_ip)
        return Person.of(member, word)

    async def end(self, handler: Handler) -> None:
        """End the sign-in of a request, and the kernels that it opened."""
        person = handler.person
        handler.clear_cookie(self.get_cookie_name(handler), path=handler.base_url)
        if person is None:
            return
        await asyncio.to_thread(self.site.accounts.sign_out, person.word)
        kernels: Kernels = handler.settings["kernel_manager"]
        kernels.end_of("signed out", word=person.word)
        self.site.journal.say("sign-out", user=person.username)

    async def known(self, handler: Handler, user_id: str, name: str = "") -> bool:
        """Whether somebody that another server vouches for may come in; a stranger is told whom to ask.

        Where the app is set to introduce people, a stranger becomes a member, who may open nothing yet.
        """
        member = await asyncio.to_thread(self.site.store.member, user_id)
        if member is None and self.settings.get("introduce"):
            save = self.site.store.save_member
            await asyncio.to_thread(save, user_id, name=name or user_id, role="annotator", actor=user_id)
            self.site.journal.say("introduced", user=user_id, by=self.kind)
            return True
        if member is not None and member.active:
            return True
        self.site.journal.say("refused", what="sign-in", by=self.kind, address=handler.address)
        ask = self.settings.get("ask") or "whoever sent you the address"
        handler.notice(
            403,
            "You are not on the list",
            f"You are signed in as {user_id}, and nobody of that name may work here. Ask {ask}.",
            "Sign in as somebody else",
            handler.at("logout"),
        )
        return False

    def get_handlers(self) -> list[tuple[str, Any]]:
        """Addresses of this way to sign in, from the base URL."""
        return [*self.doors, (r"/logout", SignOut)]


class SignOut(Handler):
    """Ends a sign-in."""

    @allow_unauthenticated
    async def get(self) -> None:
        """Ask first: a page of another site can lead a browser here."""
        if self.person is None:
            self._done()
        else:
            self.page("sign-out.html", person=self.person)

    @allow_unauthenticated
    async def post(self) -> None:
        """Sign out."""
        await self.provider.end(self)
        self._done()

    def _done(self) -> None:
        """Say so, and lead to where somebody else keeps them signed in."""
        title, elsewhere = "You are signed out", self.provider.settings.get("sign_out_url")
        if elsewhere:
            text = "What you sent is saved. JupyterHub still knows you: sign out there too on a machine that others use."
            self.notice(200, title, text, "Sign out of JupyterHub", elsewhere)
        else:
            self.notice(200, title, "What you sent is saved.", "Sign in", self.at("login"))


def refused(handler: Handler, error: AccountError, status: int = 401) -> None:
    """Note that somebody did not come in, and say why."""
    handler.site.journal.say("refused", what="sign-in", by=handler.provider.kind, address=handler.address)
    handler.notice(status, "That did not work", str(error), "Try again", handler.at("login"))
