"""The people half of a workspace: who there is, invited, changed, let go, and assigned to projects."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from .. import conditions
from ..errors import RightsError, UserError
from ..identity import CAPABILITIES, ROLES, Role, User, require_to_give
from ..records import Member, Membership, Presence
from . import roster
from .numbers import fits
from .rights import Rights
from .rows import Assignment, Invitation, Person

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..records import Json, SessionRow

LINKING = ROLES["manager"].capabilities
"""What everybody may do at least who may make links for others."""

WEEK = timedelta(days=7)
"""How long an invitation is good unless told otherwise."""


class People(Rights):
    """The people of a store, as far as the asker may know and change them."""

    # -- who there is --------------------------------------------------------------------------------------

    def people(self) -> list[Person]:
        """Return everybody, by id; to those who manage some projects only, the people of these."""
        projects = self._managed()
        asker = self.user
        everywhere = "manage" in asker.role.capabilities
        told = self._told(asker, projects)
        return [person for person in told if everywhere or person.projects or person.id == asker.id]

    def person(self, id: str) -> Person:
        """Return one of `people`."""
        people = self.people()
        found = next((person for person in people if person.id == id), None)
        if found is None:
            raise roster.nobody(id, (each.id for each in people))
        return found

    def _told(self, asker: User, projects: Mapping[int, str], only: str | None = None) -> list[Person]:
        """Tell of everybody, or of one, what a manager of these projects may know."""
        members = self._store.members()
        given = self._store.memberships()
        seen = self._store.presence()
        some = members.values() if only is None else [members[only]]
        return [roster.person(each, given, projects, seen.get(each.id, Presence()), asker) for each in some]

    def _after(self, asker: User, id: str) -> Person:
        """Tell of somebody whom the asker, who manages everything, just changed."""
        (person,) = self._told(asker, {row.id: row.name for row in self._store.sessions()}, only=id)
        return person

    def assignments(self, project: str | None = None) -> list[Assignment]:
        """Return what people and groups are assigned to: in one project, or in all that the asker manages."""
        projects = self._managed()
        if project is not None:
            row = self._row(project)
            self._in(row, "manage")
            projects = {row.id: row.name}
        return [
            roster.assignment(projects[number], each)
            for number, each in self._store.memberships()
            if number in projects
        ]

    def _managed(self) -> dict[int, str]:
        """Return number and name of the projects that the asker manages.

        Raises
        ------
        RightsError
            There is none, and they may not manage anyway.
        """
        rows = self._store.sessions()
        found = {row.id: row.name for row in rows if "manage" in self._in(row).role.capabilities}
        if not found:
            self._require("manage")
        return found

    # -- coming and going ----------------------------------------------------------------------------------

    def invite(
        self,
        id: str,
        *,
        name: str = "",
        role: str | None = None,
        team: str | None = None,
        groups: Sequence[str] | None = None,
        projects: Sequence[str] = (),
        where: Mapping[str, Json] | None = None,
        goal: int | None = None,
        ttl: timedelta = WEEK,
    ) -> Invitation:
        """Let somebody in: a link by which they choose a password, once.

        For somebody who is known already only what is given changes; earlier links of theirs end.

        Parameters
        ----------
        id : str
            Stands in every answer; where names must one day be erased, not a name.
        name : str
            What people read.
        role : str, optional
            Presets, several joined by "+"; "annotator" for somebody new. With `projects` it holds in these; without, a
            role that can manage holds in all.
        team : str, optional
            "internal" (for somebody new), "external", or a word of your own.
        groups : sequence of str, optional
            Groups they are in.
        projects : sequence of str
            Names of projects to assign them to.
        where, goal
            As for `assign`.
        ttl : timedelta
            How long the link is good, at most 90 days.

        Raises
        ------
        RightsError
            The asker lacks something that the role, a group, or the person has.
        """
        asker = self._require()
        roster.check_ttl(ttl)
        member = self._changed(asker, id, name=name or None, team=team, groups=groups)
        if not member.active:
            raise UserError(f"{id} has left: `restore` takes them back, then they can be invited.")
        if role is not None:
            given = self._give(asker, role, id)
            if not (projects and "manage" in given.capabilities):
                member = replace(member, role=given.name)
            self._keep_an_admin(id, member)
        rows = [self._row(project) for project in projects]
        works = [self._wanted(row, (id, False), member, role=role, where=where, goal=goal) for row in rows]
        self._save(member, asker)
        for row, work in zip(rows, works, strict=True):
            self._assign(row, work)
        return self._invitation(id, ttl, asker)

    def _invitation(self, id: str, ttl: timedelta, asker: User) -> Invitation:
        from ..accounts import Accounts

        word = Accounts(self._store).invite(id, ttl=ttl, actor=asker.id)
        until = self._store.presence()[id].invited_until
        assert until is not None
        return Invitation(self._after(asker, id), word, until)

    def change(
        self,
        id: str,
        *,
        role: str | None = None,
        team: str | None = None,
        groups: Sequence[str] | None = None,
        name: str | None = None,
    ) -> Person:
        """Change who somebody is; what is left out stays.

        Nobody changes their own role, gives what they lack, or changes somebody who may do what they may not.
        """
        asker = self._require()
        held = self._held(self._known(id))
        member = self._changed(asker, id, name=name, team=team, groups=groups)
        if role is not None:
            member = replace(member, role=self._give(asker, role, id).name)
            self._keep_an_admin(id, member)
        self._save(member, asker)
        self._end_links(asker, member, held)
        return self._after(asker, id)

    def remove(self, id: str) -> Person:
        """Let somebody go: nothing that is theirs opens anything, from their next act on; history stays.

        Their sign-ins and invitations end, and the tasks in their hands are given back.
        """
        asker = self._require()
        member = self._known(id)
        self._refuse_above(asker, member)
        self._keep_an_admin(id, replace(member, active=False))
        self._store.save_member(id, active=False, actor=asker.id)
        return self._after(asker, id)

    def restore(self, id: str) -> Person:
        """Take somebody back, with the role and the projects they had; they sign in anew."""
        asker = self._require()
        self._refuse_above(asker, self._known(id))
        self._store.save_member(id, active=True, actor=asker.id)
        return self._after(asker, id)

    def _known(self, id: str) -> Member:
        found = self._store.member(id)
        if found is None:
            raise roster.nobody(id, (each.id for each in self.people()))  # names of their own projects only
        return found

    def _changed(
        self, asker: User, id: str, *, name: str | None, team: str | None, groups: Sequence[str] | None
    ) -> Member:
        """Return a person, new or known, with what is given; none of it may be more than the asker has."""
        known = self._store.member(id)
        if known is None:
            User(id)  # refuses what no id may be
            known = Member(id, id, "annotator")
        else:
            self._refuse_above(asker, known)
        changes: dict[str, object] = {}
        if name is not None:
            changes["name"] = User(id, name).name
        if team is not None:
            changes["team"] = roster.word("team", team)
        if groups is not None:
            changes["groups"] = tuple(sorted({roster.word("group", group) for group in roster.words(groups)}))
        member = replace(known, **changes)  # type: ignore[arg-type]
        for group in set(member.groups) - set(known.groups):
            self._refuse_group(asker, id, group)
        return member

    def _save(self, member: Member, asker: User) -> None:
        self._store.save_member(
            member.id,
            name=member.name,
            role=member.role,
            team=member.team,
            groups=member.groups,
            actor=asker.id,
        )

    # -- what holds them back ------------------------------------------------------------------------------

    def _give(self, asker: User, role: str, id: str) -> Role:
        """Return a role that may be given to somebody; who is trusted by code may give themselves one."""
        return require_to_give(asker, role, id if self._trusted is None else "")

    def _refuse_above(self, asker: User, member: Member) -> None:
        """Refuse to change somebody who may do what the asker may not."""
        self._refuse_beyond(
            asker, self._held(member), f"{member.name or member.id} may {{}}, which {asker.name} may not"
        )

    def _held(self, member: Member) -> frozenset[str]:
        return roster.held(member, [each for _, each in self._store.memberships() if fits(each, member)])

    def _end_links(self, asker: User, member: Member, held: frozenset[str]) -> None:
        """End the links of somebody who gained what managers lack: one of these may have made a link, and have it still."""
        gained = self._held(member) - held - LINKING
        if gained and self._store.presence().get(member.id, Presence()).invited_until is not None:
            nobodys, at_once = (
                secrets.token_bytes(32),
                timedelta(microseconds=1),
            )  # it takes the place of the others
            self._store.save_invite(nobodys, member.id, ttl=at_once, actor=asker.id)

    def _refuse_group(self, asker: User, id: str, group: str) -> None:
        """Refuse to put somebody into a group that may do what the asker may not."""
        roles = [
            Role.known(each.role)
            for _, each in self._store.memberships()
            if each.group and each.subject == group
        ]
        held = frozenset[str]().union(*(role.capabilities for role in roles))
        if self._trusted is None and id == asker.id and held:
            raise RightsError(
                f"{asker.name} may not put themselves into group {group!r}. Ask another manager.",
                user=asker.id,
                capability="manage",
            )
        self._refuse_beyond(asker, held, f"Group {group!r} may {{}}, which {asker.name} may not")

    def _refuse_beyond(self, asker: User, held: frozenset[str], why: str) -> None:
        beyond = [name for name in CAPABILITIES if name in held - asker.role.capabilities]
        if beyond:
            raise RightsError(
                f"{why.format(CAPABILITIES[beyond[0]])}. Ask somebody whose role may.",
                user=asker.id,
                capability=beyond[0],
            )

    def _keep_an_admin(self, id: str, after: Member) -> None:
        """Refuse a change that would leave nobody with all rights."""
        members = self._store.members()
        admins = {each.id for each in members.values() if roster.is_admin(each)}
        if admins == {id} and not roster.is_admin(after):
            raise RightsError(
                f"{id} is the last admin, and without one nobody could do everything: make somebody else admin first.",
                user=id,
                capability="manage",
            )

    # -- who works on what ---------------------------------------------------------------------------------

    def assign(
        self,
        project: str,
        *,
        person: str | None = None,
        group: str | None = None,
        role: str | None = None,
        where: Mapping[str, Json] | None = None,
        goal: int | None = None,
    ) -> Assignment:
        """Let a person, or everybody of a group, work on a project, or change how; what is left out stays.

        Parameters
        ----------
        project : str
            Its name.
        person, group : str
            One of them: the id of a person, or a group's name.
        role : str, optional
            What they may do there; of a new assignment the person's own role if that can't manage, else "annotator".
        where : dict, optional
            Which tasks, by the columns of the data: column to value, list of values, or {"from": x, "to": y}; all that
            are named must hold. {} for all tasks.
        goal : int, optional
            How many answers each is to give; 0 for none.

        Raises
        ------
        RightsError
            The asker does not manage the project, or lacks something that the role, or the person there, has.
        UserError
            `where` asks for what is no column, or in no form that there is.
        """
        row = self._row(project)
        asker = self._in(row, "manage")
        subject, is_group = roster.subject(person, group)
        known = None if is_group else self._known(subject)
        given = self._wanted(row, (subject, is_group), known, role=role, where=where, goal=goal)
        if not is_group and self._trusted is None and subject == asker.id:
            require_to_give(asker, given.role, subject)  # says why not
        self._assign(row, given)
        return roster.assignment(row.name, given)

    def _assign(self, row: SessionRow, given: Membership) -> None:
        asker = self._in(row, "manage")
        before = self._before(row, given.subject, group=given.group)
        if before is not None:
            self._refuse_demotion(asker, before)
        self._give(asker, given.role, "" if given.group else given.subject)
        members = self._store.members().values() if Role.known(given.role).capabilities - LINKING else ()
        meant = [(each, self._held(each)) for each in members if fits(given, each)]
        self._store.save_membership(row.id, given, actor=asker.id)
        for member, held in meant:
            self._end_links(asker, member, held)

    def unassign(self, project: str, *, person: str | None = None, group: str | None = None) -> bool:
        """End an assignment; returns whether there was one. What they hold in the project goes back at their next act."""
        row = self._row(project)
        asker = self._in(row, "manage")
        subject, is_group = roster.subject(person, group)
        before = self._before(row, subject, group=is_group)
        if before is None:
            return False
        self._refuse_demotion(asker, before)
        return self._store.remove_membership(row.id, subject, group=is_group, actor=asker.id)

    def _before(self, row: SessionRow, subject: str, *, group: bool) -> Membership | None:
        found = (
            each
            for _, each in self._store.memberships(row.id)
            if (each.subject, each.group) == (subject, group)
        )
        return next(found, None)

    def _wanted(
        self,
        row: SessionRow,
        who: tuple[str, bool],
        member: Member | None,
        *,
        role: str | None,
        where: Mapping[str, Json] | None,
        goal: int | None,
    ) -> Membership:
        """Return an assignment with what is given; the rest as it is, or as it is usual for a person (not a group)."""
        subject, is_group = who
        kept = self._before(row, subject, group=is_group) or Membership(
            subject, roster.usual(member), is_group
        )
        if where:
            conditions.checked(where, row.settings.get("columns", ()))
        return Membership(
            subject,
            kept.role if role is None else role,
            is_group,
            kept.where if where is None else dict(where) or None,
            kept.goal if goal is None else goal or None,
        )

    def _refuse_demotion(self, asker: User, before: Membership) -> None:
        held = Role.known(before.role).capabilities
        who = f"group {before.subject!r}" if before.group else before.subject
        self._refuse_beyond(asker, held, f"There {who} may {{}}, which {asker.name} may not")
