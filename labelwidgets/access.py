"""Whose session it is, and what they may do at this moment: the part of a session that every act passes."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from .errors import RightsError, StoreError
from .identity import User, allowed, require, role_in

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator

    from .records import Standing
    from .store import Store


WRITING = frozenset({"label", "comment", "review", "add", "manage", "migrate"})
"""Capabilities whose acts change a session."""


class Access:
    """Who uses a `Session`, and whether they may.

    A session made by code trusts its user. One of a stored member (`Session.of_member`) asks the store at each act,
    so that whoever left, was given another role or other tasks finds it at the next one.
    """

    user: User
    """Whose session it is; of a stored member with the role that they have in it."""
    name: str
    """Name of the session in its store."""

    _lock: threading.RLock
    _store: Store
    _id: int
    _closed: bool
    _bound: bool  # to a stored member
    _depth: int  # acts that are under way, one within the other
    _scopes: tuple[int, ...] | None
    _ended: bool

    def _begin(self, user: User, *, bound: bool = False) -> None:
        self.user, self._bound = user, bound
        self._depth, self._scopes, self._ended = 0, None, False

    def check_access(self) -> None:
        """Find out what the user may do now.

        Raises
        ------
        RightsError
            A stored member's access has ended (`ended` says so); what they held was given back.
        """
        with self._lock:
            if self._bound and not self._depth:
                self._take_standing()

    def require(self, capability: str) -> None:
        """Refuse what the user's role does not allow now.

        Raises
        ------
        RightsError
            Naming who, what, and who may.
        """
        self.check_access()
        require(self.user, capability)

    @contextmanager
    def _acting(self, capability: str | None = None) -> Iterator[None]:
        """Hold the session for one act of its user, who must be allowed it; acts within it ask no more."""
        with self._lock:
            if self._closed:
                raise StoreError("This session is closed; open it again with Session(...).")
            self.check_access()
            if capability is not None:
                require(self.user, capability)
                if capability in WRITING and not self._depth:
                    self._refuse_archived()
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1

    def _archived(self) -> str:
        """Why an archived session takes no changes, "" when it is none."""
        if not self._store.is_archived(self._id):
            return ""
        return (
            f"{self.name!r} is archived: it can be read and not changed. "
            f"A manager brings it back with `labelwidgets archive STORE {self.name} --undo`."
        )

    def _told(self, why: str) -> str:
        """Why nothing can be written, for who reads it: what is to be done about it is for those who keep the store."""
        if not why or not self._bound or allowed(self.user, "manage") or allowed(self.user, "backup"):
            return why
        return "nothing can be saved right now; tell whoever invited you."

    def _refuse_archived(self) -> None:
        if why := self._archived():
            raise StoreError(why)

    def _only(self) -> str | None:
        """Return whose answers the user may read: their own (the id), or everybody's (None)."""
        return None if allowed(self.user, "read") else self.user.id

    def _offered(self) -> tuple[int, ...] | None:
        """Scopes of the tasks that the user may be given now, None for all; none at all when their access has ended."""
        try:
            self.check_access()
        except RightsError:
            return ()
        return self._scopes

    def _take_standing(self) -> None:
        standing = self._store.standing(self._id, self.user.id)
        role = None if standing is None else role_in(standing)
        if standing is None or role is None:
            self._end()
            raise _ended(self.user, self.name, standing)
        self.user = User(self.user.id, standing.member.name or self.user.id, role)
        self._scopes, self._ended = standing.scopes, False

    def _end(self) -> None:
        """Give back what is held, once: from now on nothing else is done for this user."""
        if not self._ended and not self._store.read_only:
            self._store.release(self._id, self.user.id)
        self._ended = True


def _ended(user: User, name: str, standing: Standing | None) -> RightsError:
    if standing is None:
        why = f"Nobody in this store has the id {user.id!r}. Ask whoever manages it for an invitation."
    elif not standing.member.active:
        why = f"The access of {user.name} has ended. Ask whoever manages the store, if it should not have."
    else:
        why = f"{user.name} has no part in {name!r}. Ask whoever manages it to be assigned to it."
    return RightsError(why, user=user.id, ended=True)
