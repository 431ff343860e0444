"""Sign-in by a proxy in front, which says in a signed header who asks."""

from __future__ import annotations

import hashlib
import hmac
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from jupyter_server.auth.decorator import allow_unauthenticated

from ...errors import AccountError, LabelwidgetsError
from ..web import Handler
from .provider import Person, Provider

if TYPE_CHECKING:
    from collections.abc import Mapping

HEADER = "X-Labelwidgets-User"
TOLERANCE_S = 60
SHORTEST_SECRET = 32


def signature(secret: str, user_id: str, at: int) -> str:
    """HMAC-SHA256 of `user|seconds since 1970`, in hex, as the proxy computes it too."""
    return hmac.new(secret.encode(), f"{user_id}|{at}".encode(), hashlib.sha256).hexdigest()


def vouched(secret: str, header: str, *, now: float, tolerance: float = TOLERANCE_S) -> str | None:
    """Return whom a header `user|time|signature` names; None when it is forged, too old, or from the future.

    Parameters
    ----------
    secret : str
        Shared with the proxy.
    header : str
        As it came.
    now : float
        Seconds since 1970.
    tolerance : float
        Seconds that the two clocks may differ, the way included.
    """
    parts = header.rsplit("|", 2)
    if len(parts) != 3:  # noqa: PLR2004 - user, time, signature
        return None
    user_id, said, given = parts
    if not user_id or not user_id.isprintable():
        return None
    if not (said.isascii() and said.isdigit() and len(said) <= 12):  # noqa: PLR2004 - until the year 33658
        return None
    good = hmac.compare_digest(
        signature(secret, user_id, int(said)).encode(), given.encode("utf-8", "replace")
    )
    return user_id if good and abs(now - int(said)) <= tolerance else None


class SignIn(Handler):
    """Where those end who could not be taken in."""

    @allow_unauthenticated
    async def get(self) -> None:
        """Take in whom the proxy names when they may work here; say what is missing otherwise."""
        if self.person is not None:
            self.redirect(self.next)
            return
        provider = self.provider
        assert isinstance(provider, Proxy)
        user_id = provider.named(self)
        if user_id is None:
            self.site.journal.say("refused", what="sign-in", by="proxy", address=self.address)
            text = "This page is reached through a gateway that says who you are, and it did not. Ask whoever sent you here for the right address."
            self.notice(403, "The gateway did not say who you are", text)
        elif await provider.known(self, user_id):
            await provider.welcome(self, user_id, self.next)


class Proxy(Provider):
    """People whom a proxy has signed in.

    The header is asked for at each request, the cookie beside it: a request that came past the proxy opens nothing.
    Settings: `header`, `tolerance`.
    """

    kind = "proxy"
    ttl = timedelta(hours=12)
    doors = ((r"/login", SignIn),)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if len(self.secret) < SHORTEST_SECRET:
            raise LabelwidgetsError(
                f"Sign-in by proxy needs a secret that it shares with the proxy, {SHORTEST_SECRET} characters or more, in "
                "the variable LABELWIDGETS_SECRET or a file named by --secret-file."
            )

    def named(self, handler: Any) -> str | None:
        """Whom the proxy names."""
        said = handler.request.headers.get_list(self.settings.get("header", HEADER))
        if len(said) != 1:
            return None
        # HTTP's headers are Latin-1 by law and UTF-8 by habit.
        header = said[0].encode("latin-1", "replace").decode("utf-8", "replace")
        tolerance = self.settings.get("tolerance", TOLERANCE_S)
        return vouched(self.secret, header, now=time.time(), tolerance=tolerance)

    async def get_user(self, handler: Any) -> Person | None:
        """Return whom the proxy names, with a sign-in of their own."""
        known: Person | None = getattr(handler, "_jupyter_current_user", None)
        user_id = self.named(handler)
        if known is not None or user_id is None:
            return known
        person = await super().get_user(handler)
        if person is not None and person.username == user_id:
            return person
        if not isinstance(handler, Handler):
            return None  # a page comes first, and brings the cookie
        try:
            return await self.begin(handler, user_id)
        except AccountError:
            return None


def settings(*, header: str = "", tolerance: int = 0) -> Mapping[str, Any]:
    """Return the settings of this kind."""
    given = {"header": header, "tolerance": tolerance}
    return {name: value for name, value in given.items() if value}
