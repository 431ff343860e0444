"""Sign-in of one person: whoever has the token, or the address it stands in."""

from __future__ import annotations

import hmac
import secrets
import time
from typing import TYPE_CHECKING, Any

from jupyter_server.auth.decorator import allow_unauthenticated

from ..web import Handler
from .provider import Provider

if TYPE_CHECKING:
    from .provider import Person

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


class SignIn(Handler):
    """Asks for the token; no kernel is started for it."""

    @allow_unauthenticated
    async def get(self) -> None:
        """Ask, or go on when that is done already."""
        if self.person is not None:
            self.redirect(self.next)
        else:
            self.page("token.html", message="")

    @allow_unauthenticated
    async def post(self) -> None:
        """Let the person in when the token, or the whole address, was typed in."""
        provider = self.provider
        assert isinstance(provider, Token)
        typed = self.get_body_argument("token", "").strip().rpartition("token=")[2]
        if provider.is_token(typed):
            await provider.welcome(self, provider.user_id, self.next)
        else:
            self.page(
                "token.html",
                401,
                message="That was not it. The address changes each time the page is started.",
            )


class Entrance(Handler):
    """Takes a word that opens once."""

    @allow_unauthenticated
    async def get(self, word: str) -> None:
        """Sign in with it, else go to the sign-in page."""
        provider = self.provider
        assert isinstance(provider, Token)
        if provider.tickets.redeem(word):
            await provider.welcome(self, provider.user_id, self.base_url)
        else:
            self.redirect(self.at("login"))


class Token(Provider):
    """One person, known by the token that the server was started with."""

    kind = "token"
    doors = ((r"/login", SignIn), (r"/open/([\w-]+)", Entrance))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        server: Any = self.parent
        self.tickets: Tickets = server.tickets
        self.user_id: str = self.settings["user"]

    def is_token(self, typed: str) -> bool:
        """Whether it is the one."""
        return hmac.compare_digest(typed.encode("utf-8", "replace"), self.secret.encode())

    async def get_user(self, handler: Any) -> Person | None:
        """Return the person, by the token in an address or a header too."""
        person = await super().get_user(handler)
        given = self.get_token(handler) or ""
        if person is None and given and self.is_token(given):
            return await self.begin(handler, self.user_id)
        return person
