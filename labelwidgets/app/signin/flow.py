"""The way to another server that vouches for people, and back: OAuth's authorization code, bound to the browser."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from abc import abstractmethod
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest

from ...errors import AccountError, LabelwidgetsError
from ..web import Handler
from .provider import Provider, refused

if TYPE_CHECKING:
    from collections.abc import Mapping

FLOW_S = 600.0
FLOWS = 1_000
TIMEOUT_S = 10.0
LONGEST_ANSWER = 1_000_000


@dataclass(frozen=True, slots=True)
class Flow:
    """One visitor on the way.

    Attributes
    ----------
    browser : str
        A word that only their browser has.
    nonce, verifier : str
        Said to the other server, and expected back; kept from it until the end.
    next : str
        Where the visitor wanted to go.
    until : float
        When it is too late.
    """

    next: str
    until: float
    browser: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48), repr=False)

    @property
    def challenge(self) -> str:
        """The verifier's digest, which may be seen by anybody (PKCE, S256)."""
        made = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


class Flows:
    """Visitors on the way; each comes back at most once, within ten minutes."""

    def __init__(self) -> None:
        self._open: OrderedDict[str, Flow] = OrderedDict()

    def begin(self, to: str) -> tuple[str, Flow]:
        """Return a new state and its flow."""
        state, flow = secrets.token_urlsafe(24), Flow(to, time.monotonic() + FLOW_S)
        self._open[state] = flow
        while len(self._open) > FLOWS:
            self._open.popitem(last=False)
        return state, flow

    def end(self, state: str, browser: str) -> Flow:
        """Return the flow of a visitor who comes back.

        Raises
        ------
        AccountError
            They never left, were back before, took too long, or are another browser.
        """
        flow = self._open.pop(state, None)
        good = flow is not None and time.monotonic() < flow.until
        if flow is None or not good or not hmac.compare_digest(flow.browser.encode(), browser.encode()):
            raise AccountError("This sign-in was begun elsewhere, or took too long: begin it again.")
        return flow


class Vouched(Provider):
    """People for whom another server vouches by OAuth; a kind says where that is and how it names them."""

    ttl = timedelta(hours=12)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.flows = Flows()

    @property
    def flow_cookie(self) -> str:
        """Name of the cookie that binds a flow to its browser."""
        return f"labelwidgets-flow-{self.site.store.uuid[:8]}"

    @abstractmethod
    async def departure(self, state: str, flow: Flow) -> tuple[str, Mapping[str, str]]:
        """Address of the other server, and what it is asked."""

    @abstractmethod
    async def arrival(self, handler: Handler, flow: Flow) -> tuple[str, str]:
        """Id and name of the person who comes back.

        Raises
        ------
        AccountError
            The other server does not vouch for them, or what it says can't be trusted.
        """


class Leave(Handler):
    """Sends somebody to the server that vouches for people."""

    @allow_unauthenticated
    async def get(self) -> None:
        """Send them, or go on when they are signed in."""
        if self.person is not None:
            self.redirect(self.next)
            return
        provider = self.provider
        assert isinstance(provider, Vouched)
        state, flow = provider.flows.begin(self.next)
        try:
            place, asked = await provider.departure(state, flow)
        except AccountError as error:
            refused(self, error, 502)
            return
        secure = self.site.secure or self.request.protocol == "https"
        self.set_cookie(
            provider.flow_cookie,
            flow.browser,
            path=self.base_url,
            max_age=int(FLOW_S),
            httponly=True,
            samesite="Lax",
            secure=secure,
        )
        self.redirect(f"{place}{'&' if '?' in place else '?'}{urlencode(asked)}")


class Return(Handler):
    """Takes in whom the other server sends back."""

    @allow_unauthenticated
    async def get(self) -> None:
        """Sign them in when it vouches for them and they may work here."""
        provider = self.provider
        assert isinstance(provider, Vouched)
        browser = self.get_cookie(provider.flow_cookie) or ""
        self.clear_cookie(provider.flow_cookie, path=self.base_url)
        try:
            flow = provider.flows.end(self.get_query_argument("state", ""), browser)
            if self.get_query_argument("error", ""):
                raise AccountError("The other side refused, or you did not agree.")
            user_id, name = await provider.arrival(self, flow)
            if await provider.known(self, user_id, name):
                await provider.welcome(self, user_id, flow.next)
        except AccountError as error:
            refused(self, error, 403)


async def fetch(url: str, *, form: Mapping[str, str] | None = None, **headers: str) -> dict[str, Any]:
    """Ask another server for JSON, or send it a form.

    Raises
    ------
    AccountError
        It can't be reached, refuses, or answers something else.
    """
    request = HTTPRequest(
        url,
        method="GET" if form is None else "POST",
        body=None if form is None else urlencode(form),
        headers={"Accept": "application/json"} | headers,
        follow_redirects=False,
        connect_timeout=TIMEOUT_S,
        request_timeout=TIMEOUT_S,
    )
    client = AsyncHTTPClient(force_instance=True, max_body_size=LONGEST_ANSWER)
    try:
        answer = await client.fetch(request, raise_error=False)
        said = json.loads(answer.body or b"") if answer.code == 200 else None  # noqa: PLR2004
    except (OSError, ValueError, HTTPClientError) as error:
        raise AccountError(_unheard(url)) from error
    finally:
        client.close()
    if not isinstance(said, dict):
        raise AccountError(_unheard(url))
    return said


def _unheard(url: str) -> str:
    return (
        f"{urlsplit(url).hostname} did not say who you are: try again in a minute. If it stays so, tell whoever runs "
        "this page."
    )


def trusted(url: object) -> str:
    """Return the address of another server when nobody on the way can change what it says: https, or this machine.

    Raises
    ------
    LabelwidgetsError
        It is another one.
    """
    place = urlsplit(url) if isinstance(url, str) else urlsplit("")
    near = place.hostname in ("127.0.0.1", "::1", "localhost")
    if (
        not isinstance(url, str)
        or not place.hostname
        or not (place.scheme == "https" or (near and place.scheme == "http"))
    ):
        raise LabelwidgetsError(f"Who vouches for people must be asked by https, found {url!r}.")
    return url
