"""How people come in: passwords, invitations, sign-ins and tickets, each kept as a digest; the words are never stored."""
# ruff: noqa: S608 - statements are put together of names in this package; values are always bound

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import StoreError
from .clock import micros
from .writing import statement

if TYPE_CHECKING:
    from datetime import timedelta

    from sqlalchemy import Connection

    from .writing import Write

REDEEM = """
UPDATE {table} SET redeemed_at = :now WHERE digest = :digest AND redeemed_at IS NULL AND expires_at > :now{more}
AND EXISTS (SELECT 1 FROM member m WHERE m.id = {table}.user_id AND m.active)"""
"""One statement, so that of two who bring the same word one comes in."""

INVITED = """
SELECT i.user_id FROM invite i JOIN member m ON m.id = i.user_id
WHERE i.digest = :digest AND i.redeemed_at IS NULL AND i.expires_at > :now AND m.active"""

SIGNED_IN = """
SELECT s.user_id FROM sign_in s JOIN member m ON m.id = s.user_id
WHERE s.digest = :digest AND s.expires_at > :now AND m.active"""


def save_secret(write: Write, user_id: str, secret: str | None, actor: str) -> None:
    """Keep the hash of somebody's password, or forget it."""
    _require(write, user_id)
    if secret is None:
        write.run("DELETE FROM secret WHERE user_id = :user", user=user_id)
    else:
        write.run(
            "INSERT INTO secret (user_id, body, changed_at) VALUES (:user, :body, :now) ON CONFLICT (user_id) "
            "DO UPDATE SET body = excluded.body, changed_at = excluded.changed_at",
            user=user_id, body=secret, now=write.now,
        )  # fmt: skip
    write.log("secret", actor, None, ref=user_id, payload={"set": secret is not None})


def secret(connection: Connection, user_id: str) -> str | None:
    """Return the hash of somebody's password."""
    sql = "SELECT body FROM secret WHERE user_id = :user"
    found: str | None = connection.execute(statement(sql), {"user": user_id}).scalar_one_or_none()
    return found


def save_invite(write: Write, digest: bytes, user_id: str, ttl: timedelta, actor: str) -> None:
    """Let a word admit somebody once; words they were given before admit nobody any more."""
    _require(write, user_id)
    write.hold("member", user_id)  # of two invitations at once the later stays
    write.run("DELETE FROM invite WHERE user_id = :user", user=user_id)
    write.run(
        "INSERT INTO invite (digest, user_id, made_at, expires_at) VALUES (:digest, :user, :now, :over)",
        digest=digest, user=user_id, now=write.now, over=write.now + micros(ttl),
    )  # fmt: skip
    write.log("invite", actor, None, ref=user_id, payload={"seconds": ttl.total_seconds()})


def redeem_invite(write: Write, digest: bytes) -> str | None:
    """Use an invitation up; returns whose it was, None when it admits nobody."""
    if not write.run(REDEEM.format(table="invite", more=""), digest=digest, now=write.now).rowcount:
        return None
    user = str(write.run("SELECT user_id FROM invite WHERE digest = :digest", digest=digest).scalar_one())
    write.log("accept", user, None, ref=user)
    return user


def invite_of(connection: Connection, digest: bytes, now: int) -> str | None:
    """Return whom an invitation would admit."""
    return _whose(connection, INVITED, digest, now)


def save_sign_in(write: Write, digest: bytes, user_id: str, ttl: timedelta) -> None:
    """Let a word speak for somebody for a while."""
    _require(write, user_id)
    write.run("DELETE FROM sign_in WHERE user_id = :user AND expires_at <= :now", user=user_id, now=write.now)
    write.run(
        "INSERT INTO sign_in (digest, user_id, made_at, expires_at) VALUES (:digest, :user, :now, :over)",
        digest=digest, user=user_id, now=write.now, over=write.now + micros(ttl),
    )  # fmt: skip
    write.log("sign_in", user_id, None, ref=user_id)


def signed_in(connection: Connection, digest: bytes, now: int) -> str | None:
    """Return for whom a word speaks."""
    return _whose(connection, SIGNED_IN, digest, now)


def end_sign_ins(write: Write, digest: bytes | None, user_id: str | None) -> int:
    """End one sign-in, or all of somebody; returns how many there were."""
    if (digest is None) == (user_id is None):
        raise StoreError("Name what ends: one sign-in by digest=, or all of a person by user_id=.")
    where, value = ("digest = :value", digest) if user_id is None else ("user_id = :value", user_id)
    rows = write.run(f"SELECT digest, user_id FROM sign_in WHERE {where}", value=value).all()
    write.run(f"DELETE FROM sign_in WHERE {where}", value=value)
    for user in sorted({row.user_id for row in rows}):
        write.log("sign_out", user, None, ref=user)
    return len(rows)


def save_ticket(write: Write, digest: bytes, user_id: str, kernel_id: str, ttl: timedelta) -> None:
    """Let a word tell one kernel, once, whose page it serves."""
    _require(write, user_id)
    write.run("DELETE FROM ticket WHERE user_id = :user AND expires_at <= :now", user=user_id, now=write.now)
    write.run(
        "INSERT INTO ticket (digest, user_id, kernel_id, expires_at) VALUES (:digest, :user, :kernel, :over)",
        digest=digest, user=user_id, kernel=kernel_id, over=write.now + micros(ttl),
    )  # fmt: skip
    write.log("ticket", user_id, None, ref=user_id)


def redeem_ticket(write: Write, digest: bytes, kernel_id: str) -> str | None:
    """Use a ticket up in its kernel; returns whose it was, None when it is none."""
    sql = REDEEM.format(table="ticket", more=" AND kernel_id = :kernel")
    if not write.run(sql, digest=digest, kernel=kernel_id, now=write.now).rowcount:
        return None
    user = str(write.run("SELECT user_id FROM ticket WHERE digest = :digest", digest=digest).scalar_one())
    write.log("enter", user, None, ref=user)
    return user


def forget(write: Write, user_id: str, *, secret: bool = False) -> int:
    """End all that could still admit somebody; with `secret` their password goes too. Returns how many rows went."""
    tables = ("invite", "sign_in", "ticket", *(("secret",) if secret else ()))
    return sum(
        write.run(f"DELETE FROM {table} WHERE user_id = :user", user=user_id).rowcount for table in tables
    )


def _whose(connection: Connection, sql: str, digest: bytes, now: int) -> str | None:
    found: str | None = connection.execute(
        statement(sql), {"digest": digest, "now": now}
    ).scalar_one_or_none()
    return found


def _require(write: Write, user_id: str) -> None:
    if write.one("SELECT 1 FROM member WHERE id = :user", user=user_id) is None:
        raise StoreError(f"There is nobody {user_id!r} in this store; save_member makes them known first.")
