"""People and assignments as they are told, and the words in which they are asked for, checked."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ..errors import UserError, listed, shown
from ..identity import CAPABILITIES, Role
from .numbers import fits
from .rows import Assignment, Person

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..identity import User
    from ..records import Member, Membership, Presence

LONGEST_TTL = timedelta(days=90)

LONGEST = 200
"""Characters of a team's or group's name."""


def usual(member: Member | None) -> str:
    """Return the role of an assignment that names none: never one that manages."""
    if member is None or "manage" in Role.known(member.role).capabilities:
        return "annotator"
    return member.role


def state(member: Member, presence: Presence) -> str:
    """Return the state of a person, as `Person` says it."""
    if not member.active:
        return "left"
    if presence.last_at is not None or presence.password:
        return "active"
    return "invited" if presence.invited_until is not None else "new"


def person(
    member: Member,
    given: Iterable[tuple[int, Membership]],
    projects: Mapping[int, str],
    presence: Presence,
    asker: User,
) -> Person:
    """Tell of somebody what a manager of these projects may know."""
    mine = [(number, each) for number, each in given if fits(each, member)]
    return Person(
        id=member.id,
        name=member.name or member.id,
        role=member.role,
        team=member.team,
        groups=member.groups,
        active=member.active,
        state=state(member, presence),
        last_at=presence.last_at,
        projects=tuple(assignment(projects[number], each) for number, each in mine if number in projects),
        above=not held(member, [each for _, each in mine]) <= asker.role.capabilities,
    )


def assignment(project: str, given: Membership) -> Assignment:
    """Tell of what somebody is assigned to."""
    where = None if given.where is None else dict(given.where)
    return Assignment(project, given.subject, given.group, given.role, where, given.goal)


def held(member: Member, fitting: Iterable[Membership]) -> frozenset[str]:
    """Return all that somebody may do anywhere."""
    own = Role.known(member.role).capabilities
    return own.union(*(Role.known(each.role).capabilities for each in fitting))


def is_admin(member: Member) -> bool:
    """Whether somebody may do everything."""
    return member.active and CAPABILITIES.keys() <= Role.known(member.role).capabilities


def nobody(id: str, known: Iterable[str]) -> UserError:
    """Error about somebody who is not there."""
    names = list(known)
    there = f"there are {listed(names, 20)}" if names else "there is nobody yet"
    return UserError(f"There is nobody {shown(id)} in this store; {there}. `invite` lets somebody in.")


def subject(person: str | None, group: str | None) -> tuple[str, bool]:
    """Return who is meant, and whether that is a group."""
    if (person is None) == (group is None):
        raise UserError("Say who: person= with an id, or group= with a group's name.")
    return (person, False) if person is not None else (word("group", group), True)


def word(what: str, value: object) -> str:
    """Refuse what is no name of a team or group."""
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST or not value.isprintable():
        raise UserError(f"a {what} must be 1 to 200 printable characters, found {shown(value)}")
    return value


def words(groups: object) -> Sequence[str]:
    """Refuse what are no names."""
    if isinstance(groups, str) or not isinstance(groups, (list, tuple, set, frozenset)):
        raise UserError(f"groups are a list of names, found {shown(groups)}")
    return list(groups)


def check_ttl(ttl: timedelta) -> None:
    """Refuse a time for which no invitation may be good."""
    if not timedelta(0) < ttl <= LONGEST_TTL:
        raise UserError(f"an invitation is good for up to {LONGEST_TTL.days} days, found {ttl}")
