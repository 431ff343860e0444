"""Sign-in by JupyterHub: the app is one of its services, or somebody's single-user server that others may open."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ...errors import AccountError, LabelwidgetsError
from .flow import Leave, Return, Vouched, fetch

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping

    from ..web import Handler
    from .flow import Flow

CALLBACK = "oauth_callback"

NEEDED = ("JUPYTERHUB_API_TOKEN", "JUPYTERHUB_API_URL", "JUPYTERHUB_CLIENT_ID", "JUPYTERHUB_SERVICE_PREFIX")
"""Variables that JupyterHub gives to each of its services and single-user servers."""


def told(environment: MutableMapping[str, str]) -> dict[str, Any]:
    """Take what JupyterHub tells its services out of an environment; the token is removed from it.

    Returns
    -------
    dict
        `api`, `client_id`, `prefix`, `authorize`, `sign_out_url`, `scopes`, `port`, and `token`.

    Raises
    ------
    LabelwidgetsError
        Something is missing: JupyterHub has not started this process.
    """
    missing = [name for name in NEEDED if not environment.get(name)]
    if missing:
        raise LabelwidgetsError(
            f"Sign-in by hub needs {missing[0]}, which JupyterHub gives to the services that it starts: let it start "
            "`labelwidgets serve` (see docs/deploying.md)."
        )
    host, base = environment.get("JUPYTERHUB_HOST", ""), environment.get("JUPYTERHUB_BASE_URL", "/")
    place = urlsplit(environment.get("JUPYTERHUB_SERVICE_URL", ""))
    return {
        "token": environment.pop("JUPYTERHUB_API_TOKEN"),
        "api": environment["JUPYTERHUB_API_URL"].rstrip("/"),
        "client_id": environment["JUPYTERHUB_CLIENT_ID"],
        "prefix": environment["JUPYTERHUB_SERVICE_PREFIX"],
        "authorize": f"{host}{base}hub/api/oauth2/authorize",
        "sign_out_url": f"{host}{base}hub/logout",
        "callback": environment.get("JUPYTERHUB_OAUTH_CALLBACK_URL", ""),
        "scopes": _scopes(environment),
        "ip": place.hostname or "127.0.0.1",
        "port": place.port,
    }


def _scopes(environment: Mapping[str, str]) -> list[str]:
    """One of these somebody must have, by the Hub's own rules, to open this app."""
    for name in ("JUPYTERHUB_OAUTH_ACCESS_SCOPES", "JUPYTERHUB_OAUTH_SCOPES"):
        if environment.get(name):
            return [str(scope) for scope in json.loads(environment[name])]
    service = environment.get("JUPYTERHUB_SERVICE_NAME")
    if service:
        return ["access:services", f"access:services!service={service}"]
    owner = environment.get("JUPYTERHUB_USER", "")
    return ["access:servers", f"access:servers!user={owner}"]


class Hub(Vouched):
    """People of a JupyterHub whom it lets open this app."""

    kind = "hub"
    doors = ((r"/login", Leave), (rf"/{CALLBACK}", Return))

    @property
    def callback(self) -> str:
        """Where the Hub sends people back to, as it knows it."""
        given: str = self.settings["callback"]
        return given or f"{self.settings['prefix']}{CALLBACK}"

    async def departure(self, state: str, flow: Flow) -> tuple[str, Mapping[str, str]]:
        """Address of the Hub's page, and what it is asked."""
        asked = {
            "response_type": "code",
            "client_id": self.settings["client_id"],
            "redirect_uri": self.callback,
            "state": state,
            "code_challenge": flow.challenge,
            "code_challenge_method": "S256",
        }
        return self.settings["authorize"], asked

    async def arrival(self, handler: Handler, flow: Flow) -> tuple[str, str]:
        """Exchange the code, and ask the Hub who it is and whether they may open this."""
        api = self.settings["api"]
        form = {
            "client_id": self.settings["client_id"],
            "client_secret": self.secret,
            "grant_type": "authorization_code",
            "code": handler.get_query_argument("code", ""),
            "redirect_uri": self.callback,
            "code_verifier": flow.verifier,
        }
        token = await fetch(
            f"{api}/oauth2/token", form=form, **{"Content-Type": "application/x-www-form-urlencoded"}
        )
        said = await fetch(f"{api}/user", Authorization=f"Bearer {token.get('access_token')}")
        name = said.get("name")
        if said.get("kind", "user") != "user" or not isinstance(name, str) or not name.strip():
            raise AccountError("JupyterHub does not say who you are: begin again.")
        if not allows(said.get("scopes", []), self.settings["scopes"]):
            raise AccountError(
                f"JupyterHub does not let {name} open this page: ask whoever runs it for the access."
            )
        return name, name


def allows(given: object, needed: list[str]) -> bool:
    """Whether scopes that somebody has hold one that opens the app; "access:services" holds that of each service."""
    have = {scope for scope in given if isinstance(scope, str)} if isinstance(given, list) else set()
    wide = {scope.partition("!")[0] for scope in needed}
    return bool(have & (set(needed) | wide))
