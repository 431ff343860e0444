"""Sign-in by OpenID Connect: authorization code with PKCE, state and nonce; the id token is checked here."""

from __future__ import annotations

import base64
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ...errors import AccountError, LabelwidgetsError
from .flow import Leave, Return, Vouched, fetch, trusted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..web import Handler
    from .flow import Flow

CALLBACK = "oidc/callback"

ALGORITHMS = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
    "Ed25519",
)
"""With a public key only: "none" is none, and HS256 would take the key that everybody may read for a secret."""

LEEWAY_S = 60
REMEMBERED_S = 3600.0


class Oidc(Vouched):
    """People of an OpenID provider.

    Settings: `issuer`, `client_id`, `claim` (what of the id token is the member's id; "preferred_username" when left
    out), `scope`.
    """

    kind = "oidc"
    doors = ((r"/login", Leave), (rf"/{CALLBACK}", Return))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.issuer = trusted(self.settings.get("issuer"))
        self._found: tuple[float, dict[str, Any]] | None = None
        self._keys: Any = None

    @property
    def callback(self) -> str:
        """Where the provider sends people back to; it has to be registered there."""
        server: Any = self.parent
        here = self.site.url or server.address
        return f"{here}{CALLBACK}"

    async def departure(self, state: str, flow: Flow) -> tuple[str, Mapping[str, str]]:
        """Address of the provider's sign-in, and what it is asked."""
        found = await self._metadata()
        asked = {
            "response_type": "code",
            "client_id": self.settings["client_id"],
            "redirect_uri": self.callback,
            "scope": self.settings.get("scope", "openid profile email"),
            "state": state,
            "nonce": flow.nonce,
            "code_challenge": flow.challenge,
            "code_challenge_method": "S256",
        }
        return found["authorization_endpoint"], asked

    async def arrival(self, handler: Handler, flow: Flow) -> tuple[str, str]:
        """Exchange the code, check the id token, and return who it is."""
        said_by = handler.get_query_argument("iss", self.issuer)
        if said_by != self.issuer:
            raise AccountError("Another server answered than the one that was asked: begin again.")
        token = await self._token(handler.get_query_argument("code", ""), flow)
        claims = await self._claims(token, flow)
        user_id = claims.get(self.settings.get("claim", "preferred_username"))
        if not isinstance(user_id, str) or not user_id.strip() or not user_id.isprintable():
            raise AccountError(
                "The provider does not say what you are called here: tell whoever runs this page."
            )
        if self.settings.get("claim") == "email" and claims.get("email_verified") is not True:
            raise AccountError("The provider has not checked that the e-mail address is yours.")
        name = claims.get("name")
        return user_id, name if isinstance(name, str) else ""

    async def _token(self, code: str, flow: Flow) -> dict[str, Any]:
        found = await self._metadata()
        client = self.settings["client_id"]
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.callback,
            "client_id": client,
            "code_verifier": flow.verifier,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if self.secret:
            pair = f"{quote(client, safe='')}:{quote(self.secret, safe='')}".encode()
            headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
        return await fetch(found["token_endpoint"], form=form, **headers)

    async def _claims(self, token: Mapping[str, Any], flow: Flow) -> Mapping[str, Any]:
        """Check signature, issuer, audience, times, nonce and binding to the access token."""
        from authlib.oidc.core import CodeIDToken
        from joserfc import jwt
        from joserfc.errors import JoseError

        algorithms = await self._algorithms()
        word = token.get("id_token")
        try:
            if not isinstance(word, str):
                raise AccountError("The provider sent no id token.")
            keys = await self._key_set(word)
            read = jwt.decode(word, keys, algorithms=algorithms)
            expected = {"nonce": flow.nonce, "client_id": self.settings["client_id"]}
            if isinstance(token.get("access_token"), str):
                expected["access_token"] = token["access_token"]
            options = {"iss": {"essential": True, "values": [self.issuer]}}
            claims = CodeIDToken(read.claims, read.header, options, expected)
            claims.validate(leeway=LEEWAY_S)
        except (JoseError, ValueError, TypeError, KeyError, _authlib_error()) as error:
            if isinstance(error, AccountError):
                raise
            raise AccountError("What the provider says of you could not be checked: begin again.") from error
        return dict(read.claims)

    async def _algorithms(self) -> list[str]:
        offered = (await self._metadata()).get("id_token_signing_alg_values_supported") or ["RS256"]
        return [name for name in ALGORITHMS if name in offered]

    async def _key_set(self, word: str) -> Any:
        """The provider's keys, asked for anew when the token names one that is not among them."""
        from joserfc.jwk import KeySet

        named = _header(word).get("kid")
        known = {key.get("kid") for key in (self._keys or {}).get("keys", [])}
        if self._keys is None or (named is not None and named not in known):
            self._keys = await fetch((await self._metadata())["jwks_uri"])
        return KeySet.import_key_set(self._keys)

    async def _metadata(self) -> dict[str, Any]:
        """What the provider says of itself, kept for an hour."""
        if self._found is not None and time.monotonic() < self._found[0]:
            return self._found[1]
        found = await fetch(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != self.issuer:
            raise AccountError(f"{self.issuer} calls itself otherwise: tell whoever runs this page.")
        try:
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                trusted(found.get(name))
        except LabelwidgetsError as error:
            raise AccountError(str(error)) from error
        self._found = (time.monotonic() + REMEMBERED_S, found)
        return found


def _header(word: str) -> dict[str, Any]:
    import json

    part = word.partition(".")[0]
    said = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    if not isinstance(said, dict):
        raise TypeError("no header")
    return said


def _authlib_error() -> type[Exception]:
    from authlib.common.errors import AuthlibBaseError

    kind: type[Exception] = AuthlibBaseError
    return kind


def settings(issuer: str, client_id: str, *, claim: str = "", scope: str = "") -> dict[str, str]:
    """Return the settings of this kind, checked.

    Raises
    ------
    LabelwidgetsError
        One is missing, or the issuer is not asked by https.
    """
    if not issuer or not client_id:
        raise LabelwidgetsError("Sign-in by oidc needs --issuer and --client-id.")
    given = {"issuer": trusted(issuer), "client_id": client_id, "claim": claim, "scope": scope}
    return {name: value for name, value in given.items() if value}
