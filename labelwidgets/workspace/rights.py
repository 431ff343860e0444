"""Who asks a workspace, and what the store lets them do; read anew at each call when they are a member of it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Self

from ..errors import RightsError, StoreError, UserError, listed
from ..identity import CAPABILITIES, ROLES, Role, User, require, role_in
from ..places import named
from ..store import open_store
from ..upkeep import is_new

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..records import SessionRow, Standing
    from ..store import Store

NOTHING: frozenset[str] = frozenset()


class Rights:
    """The store behind a workspace, and what whoever asks may do with it."""

    def __init__(
        self,
        store: str | os.PathLike[str] | Store,
        *,
        user: str | User | None = None,
        member: str | None = None,
    ) -> None:
        if user is not None and member is not None:
            raise UserError(
                "Give user=, who is trusted, or member=, whose rights the store knows; found both."
            )
        self._member, self._given = member, user
        self._trusted = None if member is not None else User.of(user)
        self._shares_store = not isinstance(store, (str, os.PathLike))
        if not self._shares_store and is_new(store):
            raise StoreError(
                f"There is no store {named(store)}: check the path, or make one with Session(...)."
            )
        self._place = store
        self._names: dict[
            tuple[int, int], tuple[str, ...]
        ] = {}  # fields, by session and version of its schema
        self._store: Store = open_store(store) if isinstance(store, (str, os.PathLike)) else store

    def close(self) -> None:
        """Let go of the store, unless it was given open."""
        if not self._shares_store:
            self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    # -- who asks ------------------------------------------------------------------------------------------

    @property
    def store(self) -> Store:
        """Where everything is kept."""
        return self._store

    @property
    def user(self) -> User:
        """Who asks; the role says what they may do in all projects, and is that of this moment.

        Raises
        ------
        RightsError
            Their access has ended.
        """
        if self._trusted is not None:
            return self._trusted
        found = self._store.member(str(self._member))
        if found is None or not found.active:
            raise RightsError(
                f"The access of {self._member} has ended. Whoever manages the store can restore it.",
                user=str(self._member),
                ended=True,
            )
        own = Role.known(found.role)
        everywhere = own.capabilities if "manage" in own.capabilities else NOTHING
        return User(found.id, found.name or found.id, Role(found.role, everywhere))

    @property
    def may(self) -> tuple[str, ...]:
        """What the asker may do in all projects, in the order of `identity.CAPABILITIES`."""
        return in_order(self.user.role.capabilities)

    def roles(self, project: str | None = None) -> tuple[str, ...]:
        """Return the presets that the asker may give to others, in all projects or in one."""
        asker = self.user if project is None else self._in(self._row(project))
        if "manage" not in asker.role.capabilities:
            return ()
        return tuple(name for name, role in ROLES.items() if role.capabilities <= asker.role.capabilities)

    # -- what they may do ----------------------------------------------------------------------------------

    def _require(self, capability: str = "manage") -> User:
        """Return the asker, who must be allowed it in all projects."""
        asker = self.user
        require(asker, capability)
        return asker

    def _row(self, name: str) -> SessionRow:
        """Return a project that the asker may open."""
        row = self._store.session(name)
        if row is not None and self._role(row) is not None:
            return row
        if self._trusted is None:
            _ = self.user  # who left hears of that first
            raise RightsError(
                f"There is no project {name!r} that {self._member} may open. Ask whoever manages it for access.",
                user=str(self._member),
                ended=True,
            )
        names = [each.name for each in self._store.sessions()]
        there = f"there are {listed(names, 20)}" if names else "there are none yet"
        raise StoreError(f"There is no project {name!r} in this store; {there}.")

    def _in(self, row: SessionRow, capability: str | None = None) -> User:
        """Return the asker with their role in a project, where they must be allowed what is named."""
        asker, role = self.user, self._role(row)
        there = User(asker.id, asker.name, role or Role("nobody", NOTHING))
        if capability is not None:
            require(there, capability)
        return there

    def _role(self, row: SessionRow, standing: Standing | None = None) -> Role | None:
        """Return the asker's role in a project; None when it is closed to them."""
        if self._trusted is not None:
            return self._trusted.role
        known = standing or self._standing(row)
        return None if known is None else role_in(known)

    def _standing(self, row: SessionRow) -> Standing | None:
        """Return what the store knows of the asker in a project."""
        asker = self._member if self._trusted is None else self._trusted.id
        return self._store.standing(row.id, str(asker))


def in_order(capabilities: Iterable[str]) -> tuple[str, ...]:
    """Put capabilities in the order in which they are told."""
    held = frozenset(capabilities)
    return tuple(name for name in CAPABILITIES if name in held)
