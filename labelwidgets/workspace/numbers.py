"""What people and teams did in a project: the store's counts, with names, goals and pace."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from ..identity import Role
from .rows import Work

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..records import Member, Membership, Worked
    from ..store import Store

Goals = dict[str, int | None]
"""Who is asked to label, and how many answers they are to give."""

HOUR_S = 3600.0
TEAM = "internal"
"""Of annotators whom the store does not know as people."""


def day_began() -> datetime:
    """Return the last midnight where this runs."""
    return datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)


def goals(people: Mapping[str, Member], memberships: Iterable[Membership]) -> Goals:
    """Return who is asked to label: everybody who is here and assigned with a role that labels.

    A person's own goal counts before those of their groups, of which the largest does.
    """
    labeling = [each for each in memberships if "label" in Role.known(each.role).capabilities]
    found: Goals = {}
    for one in people.values():
        fitting = [each for each in labeling if fits(each, one)]
        if fitting and one.active:
            found[one.id] = goal(fitting)
    return found


def fits(membership: Membership, member: Member) -> bool:
    """Whether a membership is this person's, by themselves or by a group."""
    return membership.subject in member.groups if membership.group else membership.subject == member.id


def goal(fitting: Iterable[Membership]) -> int | None:
    """Return the goal of a person to whom these memberships fit."""
    told = [(each.group, each.goal) for each in fitting if each.goal is not None]
    own = [goal for group, goal in told if not group]
    return max(own or [goal for _, goal in told], default=None)


def by_person(worked: Mapping[str, Worked], people: Mapping[str, Member], asked: Goals) -> list[Work]:
    """Tell the work of each who is asked to or who did some; most answers first."""
    found = [
        told(_named(who, people.get(who)), worked.get(who), asked.get(who)) for who in {**asked, **worked}
    ]
    return sorted(found, key=lambda work: (-work.answered, work.id))


def _named(who: str, member: Member | None) -> Work:
    if member is None:
        return Work(who, who, TEAM)
    return Work(who, member.name or who, member.team, active=member.active)


def together(
    store: Store,
    session_id: int,
    people: Mapping[str, Member],
    asked: Goals,
    *,
    teams: bool,
    since: datetime | None,
    today: datetime,
) -> list[Work]:
    """Tell the work of each team, or of all; most answers first."""
    whose: dict[str, set[str]] = defaultdict(set)

    def name(who: str) -> str:
        """Return the team of an annotator, who is noted as one of it."""
        member = people.get(who)
        team = "" if not teams else TEAM if member is None else member.team
        whose[team].add(who)
        return team

    for who in asked:
        name(who)
    worked = store.work(session_id, since=since, today=today, together=name)
    found = [
        told(Work("", team, team, people=len(some)), worked.get(team), _sum(asked.get(who) for who in some))
        for team, some in whose.items()
    ]
    return sorted(found, key=lambda work: (-work.answered, work.team))


def _sum(goals: Iterable[int | None]) -> int | None:
    known = [goal for goal in goals if goal is not None]
    return sum(known) if known else None


def told(named: Work, worked: Worked | None, goal: int | None) -> Work:
    """Put counts into a record that says whose they are."""
    if worked is None:
        return replace(named, goal=goal, share=None if goal is None else 0.0)
    middle, timed = worked.median_seconds, worked.timed_seconds
    return replace(
        named,
        answered=worked.answered,
        rejected=worked.rejected,
        skipped=worked.skipped,
        withdrawn=worked.withdrawn,
        today=worked.today,
        seconds=round(worked.seconds, 3),
        median_seconds=None if middle is None else round(middle, 2),
        per_hour=round(worked.timed * HOUR_S / timed, 1) if timed > 0 else None,
        last_at=worked.last_at,
        leases=worked.leases,
        goal=goal,
        share=None if goal is None else round(min(1.0, worked.answered / goal), 4),
    )
