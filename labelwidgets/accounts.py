"""Passwords, invites, sign-ins and tickets: how somebody who asks from afar shows who they are."""

from __future__ import annotations

import hashlib
import math
import secrets
import threading
import time
import unicodedata
from datetime import timedelta
from typing import TYPE_CHECKING

from .errors import AccountError, LabelwidgetsError

if TYPE_CHECKING:
    from collections.abc import Callable

    from argon2 import PasswordHasher

    from .records import Member
    from .store import Store

INVITE_TTL = timedelta(days=7)
SIGN_IN_TTL = timedelta(days=14)
TICKET_TTL = timedelta(seconds=60)

SHORTEST, LONGEST = 10, 1_000
"""Characters of a password; the upper bound only keeps hashing cheap."""

LONGEST_WORD = 200
LONGEST_ID = 200


def digest(word: str) -> bytes:
    """SHA-256 of a random word, which is all that a store keeps of it."""
    return hashlib.sha256(word.encode("utf-8", "replace")).digest()


class Patience:
    """Lets each key fail a few times, then makes it wait, twice as long each time.

    Parameters
    ----------
    free : int
        Failures before the first wait.
    longest : float
        Seconds that a wait grows to. Of a person it must stay short: anybody can fail in their name.
    window : float
        Seconds without a failure after which all is forgotten.
    clock : callable
        Seconds; never goes backwards.
    """

    KEYS = 10_000

    def __init__(
        self,
        free: int,
        longest: float,
        window: float = 900.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._free, self._longest, self._window, self._clock = free, longest, window, clock
        self._failed: dict[str, tuple[int, float]] = {}
        self._lock = threading.Lock()

    def wait(self, key: str) -> float:
        """Seconds until the key may try again, 0 when it may now."""
        with self._lock:
            count, last = self._known(key)
            over = count - self._free
            pause = min(self._longest, 2.0 ** min(over, 60)) if over >= 0 else 0.0
            return max(0.0, last + pause - self._clock())

    def failed(self, key: str) -> None:
        """Count a failure."""
        with self._lock:
            count, _ = self._known(key)
            self._failed.pop(key, None)
            self._failed[key] = (count + 1, self._clock())
            while len(self._failed) > self.KEYS:
                del self._failed[next(iter(self._failed))]

    def undo(self, key: str) -> None:
        """Take one failure back."""
        with self._lock:
            count, last = self._known(key)
            self._failed[key] = (max(0, count - 1), last)

    def forget(self, key: str) -> None:
        """Forget a key's failures."""
        with self._lock:
            self._failed.pop(key, None)

    def _known(self, key: str) -> tuple[int, float]:
        count, last = self._failed.get(key, (0, -math.inf))
        return (count, last) if self._clock() - last < self._window else (0, -math.inf)


class Accounts:
    """The accounts of one store.

    Words (of invites, sign-ins, tickets) are random; the store keeps their digests only, and tells time by its own
    clock. Passwords are kept as argon2id. Nobody has a password that they did not choose.

    Parameters
    ----------
    store : Store
        Stays open.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._hasher_: PasswordHasher | None = None
        self._nobody = ""
        self._people, self._addresses = Patience(5, 60.0), Patience(20, 900.0)
        self._hashing = threading.BoundedSemaphore(2)  # each takes 64 MB and a core for a while

    # -- passwords and invites -------------------------------------------------------------------------------

    def invite(self, user_id: str, *, ttl: timedelta = INVITE_TTL, actor: str) -> str:
        """Make a word by which a member may choose a password, once; earlier ones of the same person end.

        Parameters
        ----------
        user_id : str
            A member of the store.
        ttl : timedelta
            How long it is good.
        actor : str
            Who invites.

        Returns
        -------
        str
            The word, which is kept nowhere.

        Raises
        ------
        AccountError
            There is no such member, or their access has ended.
        """
        self._member(user_id)
        word = _word()
        self._store.save_invite(digest(word), user_id, ttl=ttl, actor=actor)
        return word

    def invited(self, word: str) -> Member | None:
        """Whose invite it is, without using it up; None when it is no good (any more)."""
        user_id = self._store.invite_of(digest(word)) if _may_be(word) else None
        return self._active(user_id)

    def accept(self, word: str, password: str) -> str:
        """Use an invite up: the person has this password from now on, and is signed out everywhere.

        Returns
        -------
        str
            Id of the person.

        Raises
        ------
        AccountError
            The invite is used or too old, or the password won't do; nothing has changed then.
        """
        member = self.invited(word)
        if member is None:
            raise _no_invite()
        kept = self._hash(_chosen(password, member))
        if self._store.redeem_invite(digest(word)) != member.id:
            raise _no_invite()
        self._store.save_secret(member.id, kept, actor=member.id)
        self._store.end_sign_ins(user_id=member.id)
        self._people.forget(member.id)
        return member.id

    def check(self, user_id: str, password: str, *, address: str = "") -> str | None:
        """Whether it is the person's password; takes the same time for people that are not there.

        Parameters
        ----------
        user_id, password : str
            As typed.
        address : str
            Where it was typed, for slowing down whoever tries many people.

        Returns
        -------
        str or None
            Id of the person when it is.

        Raises
        ------
        AccountError
            After too many failures: says how long to wait.
        """
        user_id = user_id[: LONGEST_ID + 1]  # it is remembered; nobody's is that long
        self._refuse_hasty(user_id, address)
        # Counted before the hash, which takes its time: many at once are many, too.
        self._people.failed(user_id)
        self._addresses.failed(address)
        if not self._is_password(user_id, password):
            return None
        self._people.forget(user_id)
        self._addresses.undo(address)
        return user_id

    def _refuse_hasty(self, user_id: str, address: str) -> None:
        wait = max(self._people.wait(user_id), self._addresses.wait(address) if address else 0.0)
        if wait > 0:
            raise AccountError(
                f"Too many wrong passwords: wait {_seconds(wait)}, then try again. "
                "Whoever runs this page can send a new invite."
            )

    def _is_password(self, user_id: str, password: str) -> bool:
        from argon2.exceptions import InvalidHashError, VerificationError

        hasher, typed = self._hasher, _normal(password)
        known = user_id if user_id.isprintable() and 0 < len(user_id) <= LONGEST_ID else None
        member = self._active(known)
        kept = self._store.secret(member.id) if member else None
        try:
            with self._hashing:
                hasher.verify(kept or self._nobody, typed[:LONGEST])
        except (VerificationError, InvalidHashError):
            return False
        if member is None or kept is None or len(typed) > LONGEST:
            return False
        if hasher.check_needs_rehash(kept):
            self._store.save_secret(member.id, self._hash(typed), actor=member.id)
        return True

    # -- being signed in -------------------------------------------------------------------------------------

    def sign_in(self, user_id: str, *, ttl: timedelta = SIGN_IN_TTL) -> str:
        """Make a word that shows who somebody is, until it ends.

        Raises
        ------
        AccountError
            There is no such member, or their access has ended.
        """
        self._member(user_id)
        word = _word()
        self._store.save_sign_in(digest(word), user_id, ttl=ttl)
        return word

    def whose(self, word: str) -> Member | None:
        """Who signed in with a word; None once they signed out, it has expired, or their access has ended."""
        return self._active(self._store.signed_in(digest(word))) if _may_be(word) else None

    def sign_out(self, word: str) -> None:
        """End one sign-in."""
        if _may_be(word):
            self._store.end_sign_ins(digest=digest(word))

    def end(self, user_id: str) -> int:
        """End all sign-ins of a person; returns how many there were."""
        return self._store.end_sign_ins(user_id=user_id)

    def ticket(self, user_id: str, kernel_id: str) -> str:
        """Make a word by which that very kernel learns, once and within a minute, who is at its page."""
        word = _word()
        self._store.save_ticket(digest(word), user_id, kernel_id, ttl=TICKET_TTL)
        return word

    def redeem(self, word: str, kernel_id: str) -> str | None:
        """Use a ticket up; returns the person's id, None when it is no good or another kernel's."""
        return self._store.redeem_ticket(digest(word), kernel_id) if _may_be(word) else None

    # -- inner -----------------------------------------------------------------------------------------------

    def _active(self, user_id: str | None) -> Member | None:
        member = self._store.member(user_id) if user_id is not None else None
        return member if member is not None and member.active else None

    def _member(self, user_id: str) -> Member:
        member = self._active(user_id)
        if member is None:
            raise AccountError(
                f"{user_id!r} is no member of this store, or their access has ended: add them with "
                f"`labelwidgets publish STORE --people {user_id}`, or restore them."
            )
        return member

    @property
    def _hasher(self) -> PasswordHasher:
        if self._hasher_ is None:
            try:
                from argon2 import PasswordHasher
            except ImportError as error:
                raise LabelwidgetsError(
                    "Passwords need argon2-cffi: run `pip install 'labelwidgets[app]'`."
                ) from error
            hasher = PasswordHasher()
            self._nobody = hasher.hash(_word())
            self._hasher_ = hasher
        return self._hasher_

    def _hash(self, password: str) -> str:
        hasher = self._hasher
        with self._hashing:
            return hasher.hash(_normal(password))


def _word() -> str:
    return secrets.token_urlsafe(32)


def _may_be(word: str) -> bool:
    """Whether a text from afar can be one of our words at all."""
    return 0 < len(word) <= LONGEST_WORD


def _normal(password: str) -> str:
    """One spelling for letters that keyboards compose differently."""
    return unicodedata.normalize("NFKC", password)


def _chosen(password: str, member: Member) -> str:
    plain = _normal(password)
    if not SHORTEST <= len(plain) <= LONGEST:
        raise AccountError(
            f"A password has at least {SHORTEST} characters, yours has {len(plain):,}: a few words in a row are easy to keep."
        )
    if plain.strip().casefold() in {member.id.casefold(), member.name.casefold()}:
        raise AccountError("Your own name is what others try first: choose something else.")
    if len(set(plain)) < SHORTEST // 2:
        raise AccountError("That is nearly one letter over and over: choose something longer to guess.")
    return plain


def _seconds(wait: float) -> str:
    whole = math.ceil(wait)
    return f"{whole} second" if whole == 1 else f"{whole} seconds"


def _no_invite() -> AccountError:
    return AccountError(
        "This invite was used already, was replaced by a newer one, or is too old: ask whoever sent it for a new one."
    )
