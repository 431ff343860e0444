"""Sign-in with a password that the person chose themselves, by an invite."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from jupyter_server.auth.decorator import allow_unauthenticated

from ...errors import AccountError
from ..web import Handler
from .provider import Provider

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_CHECKING = ThreadPoolExecutor(2, thread_name_prefix="passwords")


async def apart(work: Callable[..., T], *arguments: Any, **options: Any) -> T:
    """Do what hashes a password in threads of its own: those who wait for it hold nobody up who is signed in."""
    return await asyncio.get_running_loop().run_in_executor(_CHECKING, partial(work, *arguments, **options))


class SignIn(Handler):
    """Asks for name and password."""

    @allow_unauthenticated
    async def get(self) -> None:
        """Ask, or go on when that is done already."""
        if self.person is not None:
            self.redirect(self.next)
        else:
            self.page("sign-in.html", name="", message="")

    @allow_unauthenticated
    async def post(self) -> None:
        """Let somebody in."""
        name = self.get_body_argument("name", "").strip()
        password = self.get_body_argument("password", "", strip=False)
        check = self.site.accounts.check
        try:
            user_id = await apart(check, name, password, address=self.address)
        except AccountError as error:
            self._refuse(429, name, str(error))
            return
        if user_id is None:
            self._refuse(401, name, "Name and password don't belong together. Passwords tell A from a.")
            return
        await self.provider.welcome(self, user_id, self.next)

    def _refuse(self, status: int, name: str, message: str) -> None:
        self.site.journal.say("refused", what="sign-in", by="accounts", address=self.address)
        self.page("sign-in.html", status, name=name, message=message)


class Invite(Handler):
    """Lets somebody who was invited choose a password."""

    @allow_unauthenticated
    async def get(self, word: str) -> None:
        """Ask for one; looking at an invite does not use it up."""
        member = await asyncio.to_thread(self.site.accounts.invited, word)
        if member is None:
            self._no_good()
        else:
            self.page("invite.html", member=member, word=word, message="")

    @allow_unauthenticated
    async def post(self, word: str) -> None:
        """Keep it, and let them in."""
        accounts = self.site.accounts
        member = await asyncio.to_thread(accounts.invited, word)
        if member is None:
            self._no_good()
            return
        password = self.get_body_argument("password", "", strip=False)
        try:
            if password != self.get_body_argument("again", "", strip=False):
                raise AccountError("The two are not the same: type the password again.")
            user_id = await apart(accounts.accept, word, password)
        except AccountError as error:
            self.page("invite.html", 400, member=member, word=word, message=str(error))
            return
        self.site.journal.say("password chosen", user=user_id, address=self.address)
        self.settings["kernel_manager"].end_of("another password", user=user_id)
        await self.provider.welcome(self, user_id, self.base_url)

    def _no_good(self) -> None:
        text = (
            "It was used already, was replaced by a newer one, or is too old. If you have chosen a password, sign in "
            "with it; otherwise ask whoever sent the link for a new one."
        )
        refused_invite = "This invite is no good any more"
        self.site.journal.say("refused", what="invite", address=self.address)
        self.notice(403, refused_invite, text, "Sign in", self.at("login"))


class Accounts(Provider):
    """People with a password in the store."""

    kind = "accounts"
    doors = ((r"/login", SignIn), (r"/invite/([\w-]+)", Invite))
