"""The people of a store: who they are, in which groups, and what they may work on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..errors import StoreError
from ..records import Member, Membership, Standing
from . import admission, lease, shares
from .chain import load
from .writing import statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection, Row

    from ..records import Json
    from .writing import Write

MEMBERS = "SELECT id, name, role, team, active FROM member"

GROUPS = "SELECT user_id, name FROM member_group"

MEMBERSHIPS = """
SELECT p.session_id, p.kind, p.subject, p.role, p.goal, p.scope_id, s.body
FROM membership p LEFT JOIN scope s ON s.id = p.scope_id"""

STANDING = """
SELECT m.name, m.role AS own, m.team, m.active, p.kind, p.subject, p.role, p.goal, p.scope_id, s.body
FROM member m LEFT JOIN membership p ON p.session_id = :session AND p.kind = 'person' AND p.subject = m.id
LEFT JOIN scope s ON s.id = p.scope_id WHERE m.id = :user
UNION ALL
SELECT m.name, m.role AS own, m.team, m.active, p.kind, p.subject, p.role, p.goal, p.scope_id, s.body
FROM member_group g JOIN member m ON m.id = g.user_id
JOIN membership p ON p.session_id = :session AND p.kind = 'group' AND p.subject = g.name
LEFT JOIN scope s ON s.id = p.scope_id WHERE g.user_id = :user"""
"""Asked before each act of a member, so every part is a look-up by key."""

HOLDS = "SELECT a.session_id FROM assignment a WHERE a.annotator = :user AND a.state = 'leased'"


# -- who -----------------------------------------------------------------------------------------------------


def save_member(write: Write, user_id: str, changes: Mapping[str, Any], actor: str | None) -> None:
    """Insert a person, or change what is given; see `Store.save_member`."""
    write.hold("member", user_id)
    given = {name: value for name, value in changes.items() if value is not None}
    if "groups" in given:
        given["groups"] = tuple(sorted(set(given["groups"])))
    before = member(write.connection, user_id)
    after = replace(before or Member(user_id, user_id, "annotator"), **given)
    if after == before:
        return
    _put(write, after)
    if before is None or after.groups != before.groups:
        write.run("DELETE FROM member_group WHERE user_id = :user", user=user_id)
        write.insert("member_group", ("user_id", "name"), [(user_id, group) for group in after.groups])
    if before is not None and before.active and not after.active:
        _leave(write, user_id)
    was = {} if before is None else before.to_json()
    now = after.to_json()
    changed = [name for name in now if name != "id" and (before is None or now[name] != was[name])]
    payload: dict[str, Json] = {"after": {name: now[name] for name in changed}}
    if before is not None:
        payload["before"] = {name: was[name] for name in changed}
    write.log("member", actor or user_id, None, ref=user_id, payload=payload)


def _put(write: Write, one: Member) -> None:
    write.run(
        "INSERT INTO member (id, name, role, team, active) VALUES (:id, :name, :role, :team, :active) "
        "ON CONFLICT (id) DO UPDATE SET name = excluded.name, role = excluded.role, team = excluded.team, "
        "active = excluded.active",
        id=one.id, name=one.name, role=one.role, team=one.team, active=one.active,
    )  # fmt: skip


def _leave(write: Write, user_id: str) -> None:
    """End what somebody who left could still open, and give back what they hold."""
    admission.forget(write, user_id)
    sessions = sorted({row.session_id for row in write.run(HOLDS, user=user_id)})
    for session_id in sessions:
        lease.release(write, session_id, user_id, None)


def member(connection: Connection, user_id: str) -> Member | None:
    """Return the person of that id."""
    who = {"user": user_id}
    row = connection.execute(statement(f"{MEMBERS} WHERE id = :user"), who).one_or_none()
    if row is None:
        return None
    groups = connection.execute(statement(f"{GROUPS} WHERE user_id = :user ORDER BY name"), who)
    return _member(row, [group.name for group in groups])


def members(connection: Connection) -> dict[str, Member]:
    """All people by id."""
    groups: dict[str, list[str]] = {}
    for row in connection.execute(statement(f"{GROUPS} ORDER BY name")):
        groups.setdefault(row.user_id, []).append(row.name)
    rows = connection.execute(statement(f"{MEMBERS} ORDER BY id"))
    return {row.id: _member(row, groups.get(row.id, ())) for row in rows}


def _member(row: Row[Any], groups: Iterable[str]) -> Member:
    return Member(row.id, row.name, row.role, row.team, tuple(groups), bool(row.active))


# -- what they may work on -----------------------------------------------------------------------------------


def save_membership(
    write: Write, session_id: int, given: Membership, actor: str, looked: shares.Looked | None = None
) -> None:
    """Let a person or a group work on a session, or change how; see `Store.save_membership`."""
    if not given.group and member(write.connection, given.subject) is None:
        raise StoreError(
            f"There is nobody {given.subject!r} in this store; save_member makes them known first."
        )
    write.hold("adding")
    write.hold("session", session_id)  # nobody answers while the tasks of a condition are counted
    before = _one(write, session_id, given.subject, group=given.group)
    if before == given:
        return
    scope = None if given.where is None else shares.find_or_make(write, session_id, given.where, looked)
    write.run(
        "INSERT INTO membership (session_id, kind, subject, role, scope_id, goal) "
        "VALUES (:session, :kind, :subject, :role, :scope, :goal) ON CONFLICT (session_id, kind, subject) DO UPDATE "
        "SET role = excluded.role, scope_id = excluded.scope_id, goal = excluded.goal",
        session=session_id, kind=_kind(given.group), subject=given.subject, role=given.role, scope=scope,
        goal=given.goal,
    )  # fmt: skip
    shares.drop_unused(write, session_id)
    was = None if before is None else before.to_json()
    payload: dict[str, Json] = {"before": was, "after": given.to_json()}
    write.log("membership", actor, session_id, ref=given.subject, payload=payload)


def remove_membership(write: Write, session_id: int, subject: str, *, group: bool, actor: str) -> bool:
    """End a membership; returns whether there was one."""
    write.hold("adding")
    write.hold("session", session_id)
    before = _one(write, session_id, subject, group=group)
    if before is None:
        return False
    write.run(
        "DELETE FROM membership WHERE session_id = :session AND kind = :kind AND subject = :subject",
        session=session_id, kind=_kind(group), subject=subject,
    )  # fmt: skip
    shares.drop_unused(write, session_id)
    payload: dict[str, Json] = {"before": before.to_json(), "after": None}
    write.log("membership", actor, session_id, ref=subject, payload=payload)
    return True


def memberships(connection: Connection, session_id: int | None) -> list[tuple[int, Membership]]:
    """All memberships, of one session or of all."""
    where = "" if session_id is None else " WHERE p.session_id = :session"
    sql = f"{MEMBERSHIPS}{where} ORDER BY p.session_id, p.kind, p.subject"
    rows = connection.execute(statement(sql), {} if session_id is None else {"session": session_id})
    return [(row.session_id, _membership(row)) for row in rows]


def standing(connection: Connection, session_id: int, user_id: str) -> Standing | None:
    """Return what somebody has to do with a session now; see `Store.standing`."""
    rows = connection.execute(statement(STANDING), {"session": session_id, "user": user_id}).all()
    if not rows:
        return None
    first, fitting = rows[0], [row for row in rows if row.kind is not None]
    who = Member(user_id, first.name, first.own, first.team, (), bool(first.active))
    scopes = {row.scope_id for row in fitting}
    limited = bool(scopes) and None not in scopes
    return Standing(who, tuple(map(_membership, fitting)), tuple(sorted(scopes)) if limited else None)


def _one(write: Write, session_id: int, subject: str, *, group: bool) -> Membership | None:
    sql = f"{MEMBERSHIPS} WHERE p.session_id = :session AND p.kind = :kind AND p.subject = :subject"
    row = write.one(sql, session=session_id, kind=_kind(group), subject=subject)
    return None if row is None else _membership(row)


def _membership(row: Row[Any]) -> Membership:
    where = None if row.body is None else load(row.body)
    return Membership(row.subject, row.role, row.kind == "group", where, row.goal)


def _kind(group: bool) -> str:  # noqa: FBT001 - as the record says it
    return "group" if group else "person"
