"""The kinds of sign-in by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .provider import Provider

KINDS = ("accounts", "oidc", "proxy", "hub")
"""Those that a team can use; "token" is for one person."""


def provider(kind: str) -> type[Provider]:
    """Return the provider of a kind."""
    from .accounts import Accounts
    from .hub import Hub
    from .oidc import Oidc
    from .proxy import Proxy
    from .token import Token

    return {each.kind: each for each in (Accounts, Oidc, Proxy, Hub, Token)}[kind]
