"""The projects half of a workspace: what there is, begun again from a template, put away, compared, counted."""

from __future__ import annotations

import json
import warnings
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal

from .. import conditions
from ..errors import StoreError, shown
from ..identity import require, require_to_give
from ..session import Session
from . import numbers
from .rights import Rights, in_order
from .rows import Project, Work
from .template import Template, begin

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    import pandas as pd

    from ..identity import Role
    from ..records import Json, Overview, SessionRow, Standing
    from .comparison import Comparison

By = Literal["person", "team", "all"]


class Projects(Rights):
    """The sessions of a store, as somebody sees them."""

    # -- what there is -------------------------------------------------------------------------------------

    def projects(self, *, archived: bool = False) -> list[Project]:
        """Return the projects that the asker may open, oldest first.

        Parameters
        ----------
        archived : bool
            Those that were put away, too.
        """
        asker = self.user
        seen = {each.session_id: each for each in self._store.overview(asker.id)}
        rows = [row for row in self._store.sessions() if row.id in seen and (archived or not row.archived)]
        told = [self._project(row, seen[row.id]) for row in rows]
        return [project for project in told if project is not None]

    def project(self, name: str) -> Project:
        """Return one project.

        Raises
        ------
        StoreError, RightsError
            There is none of that name that the asker may open.
        """
        row = self._row(name)
        seen = next(each for each in self._store.overview(self.user.id) if each.session_id == row.id)
        found = self._project(row, seen)
        assert found is not None
        return found

    def _project(self, row: SessionRow, seen: Overview) -> Project | None:
        standing = self._standing(row)
        role = self._role(row, standing)
        if role is None:
            return None
        total, done, skipped = self._counts(row, seen, role, standing)
        return Project(
            name=row.name,
            item=str(row.settings.get("modality", "")),
            fields=self._fields(row),
            total=total,
            done=done,
            open=total - done,
            skipped=skipped,
            overlap=row.settings["overlap"],
            people=seen.people,
            created_at=seen.created_at,
            last_at=seen.last_at,
            archived=row.archived,
            may=in_order(role.capabilities),
            role=role.name,
            mine=seen.mine,
            goal=None if standing is None else numbers.goal(standing.memberships),
        )

    def _counts(
        self, row: SessionRow, seen: Overview, role: Role, standing: Standing | None
    ) -> tuple[int, int, int]:
        """Return tasks, those done and those skipped; of somebody who labels only some of them, of those."""
        if (
            self._trusted is not None
            or standing is None
            or standing.scopes is None
            or "manage" in role.capabilities
        ):
            return seen.total, seen.done, seen.skipped
        own = self._store.counts(row.id, standing.member.id, scopes=standing.scopes)
        return own.total, own.done, own.skipped

    def _fields(self, row: SessionRow) -> tuple[str, ...]:
        """Return the names of a project's fields; a schema is read once, since it never changes under its number."""
        known = self._names.get((row.id, row.schema_version))
        if known is None:
            known = tuple(field["name"] for field in self._schema(row)["fields"])
            self._names[row.id, row.schema_version] = known
        return known

    def _schema(self, row: SessionRow) -> Mapping[str, Json]:
        return self._store.schemas(row.id)[-1].schema

    def open(self, name: str) -> Session:
        """Open a project to work on it; the session has the asker's rights, and is theirs to close.

        One that is archived opens for reading only.
        """
        row = self._row(name)
        if self._trusted is None:
            return Session.of_member(self._place, str(self._member), name=row.name)
        return Session(self._place, user=self._given, name=row.name)

    # -- begun again, put away -----------------------------------------------------------------------------

    def template(self, name: str) -> Template:
        """Return what it takes to begin a project's work again: no people, data, answers or folders."""
        row = self._row(name)
        self._in(row, "manage")
        return self._template(row)

    def _template(self, row: SessionRow) -> Template:
        access = [given for _, given in self._store.memberships(row.id)]
        return Template.of(row, self._schema(row), access)

    def clone(self, template: Template | str, name: str, *, data: Any = None, tasks: bool = False) -> Project:
        """Begin a new project like another.

        Schema, settings and the access of groups are taken over; answers, people and, unless asked for, items are not.

        Parameters
        ----------
        template : Template or str
            What `template` gave, or the name of a project of this store.
        name : str
            Of the new project.
        data : DataFrame, path, glob, URL or iterable of dict, optional
            Its items, as for `Session`; they may be added later.
        tasks : bool
            Copy the items of the project that is named.

        Raises
        ------
        StoreError
            There is a project of that name already.
        """
        asker = self._require()
        self._refuse_taken(name)
        row = None if isinstance(template, Template) else self._row(template)
        roots = None
        if tasks:
            if row is None or data is not None:
                raise StoreError("tasks=True copies the items of a project: name it, and give no data.")
            data, roots = self._items(row), row.settings["roots"]
        made = template if isinstance(template, Template) else self._template(self._row(template))
        for given in made.access:
            require_to_give(asker, given.role, "")
        user = self._given if self._trusted is not None else asker.id
        with begin(made, self._place, name, data=data, roots=roots, user=user) as session:
            _warn(session)
        return self.project(name)

    def _refuse_taken(self, name: str) -> None:
        if not isinstance(name, str) or not name.strip() or not name.isprintable() or "/" in name:
            raise StoreError(f"A project's name is printable characters without /, found {shown(name)}.")
        if self._store.session(name) is not None:
            raise StoreError(f"There is a project {name!r} in this store already: choose another name.")

    def _items(self, row: SessionRow) -> pd.DataFrame:
        """Return a project's rows as a table; erased ones are left out."""
        from ..media import MediaLibrary
        from ..source import rebuild

        said = row.settings
        rows = [data for _, _, data in self._store.rows(row.id) if data]
        table = rebuild(rows, said.get("columns", {}), said.get("index"))
        if said.get("modality") == "image" and said.get("item") in table:
            library = MediaLibrary(said["roots"], said["allow_hosts"])
            table[said["item"]] = table[said["item"]].map(library.restore)
        return table

    def archive(self, name: str, archived: bool = True) -> Project:  # noqa: FBT001, FBT002 - one word, as people say it
        """Put a project away, or take it up again; away, it is not offered and opens for reading only."""
        row = self._row(name)
        asker = self._in(row, "manage")
        self._store.set_archived(row.id, archived=archived, actor=asker.id)
        return self.project(name)

    def prioritize(self, project: str, where: Mapping[str, Json] | None, priority: float) -> int:
        """Let tasks come sooner: larger priorities come first, 0 is usual.

        Parameters
        ----------
        where : dict or None
            Which tasks: column to value, list of values, or {"from": x, "to": y}; None or {} for all.

        Returns
        -------
        int
            How many tasks are meant.
        """
        row = self._row(project)
        asker = self._in(row, "manage")
        if row.archived:
            raise StoreError(
                f"{project!r} is archived: bring it back first, by `archive({project!r}, False)`."
            )
        meant = self._meant(row, where)
        self._store.set_priority(row.id, dict.fromkeys(meant, float(priority)), actor=asker.id)
        return len(meant)

    def matching(self, project: str, where: Mapping[str, Json] | None) -> int:
        """How many tasks `where` means, as in `prioritize`; changes nothing."""
        row = self._row(project)
        self._in(row, "manage")
        return len(self._meant(row, where))

    def _meant(self, row: SessionRow, where: Mapping[str, Json] | None) -> list[int]:
        if where:
            conditions.checked(where, row.settings.get("columns", ()))
        return [task.id for task in self._store.tasks(row.id) if conditions.matches(where or {}, task.data)]

    # -- looked at -----------------------------------------------------------------------------------------

    def compare(self, a: str, b: str) -> Comparison:
        """Put two projects side by side: fields and labels, states, how often each label was given, pace."""
        from .comparison import Comparison

        for name in (a, b):
            self._in(self._row(name), "manage")
        with self.open(a) as one, self.open(b) as other:
            return Comparison.of(one, other)

    def fingerprint(self, name: str) -> str:
        """Return a digest of what defines a project: schema, settings, keys of its tasks, access of groups.

        Two projects begun from one template with the same data have the same; names, people and answers count for
        nothing.
        """
        row = self._row(name)
        self._in(row, "manage")
        said = self._template(row).to_json()
        del said["columns"]  # how data were read, which depends on what they were read from
        seal = sha256(json.dumps(said, sort_keys=True).encode())
        for key in sorted(self._store.task_keys(row.id).values()):
            seal.update(f"\0{key}".encode())
        return seal.hexdigest()

    def team(self, project: str, *, since: datetime | None = None, by: By = "person") -> list[Work]:
        """Return what each person, or each team, did in a project; most answers first.

        Parameters
        ----------
        since : datetime, optional
            Only what was kept from then on.
        by : {"person", "team", "all"}
            Whose work is counted together.
        """
        row = self._row(project)
        require(self._in(row), "read")
        if by not in ("person", "team", "all"):
            raise StoreError(f"Work is counted by 'person', 'team' or 'all', found {shown(by)}.")
        people = self._store.members()
        asked = numbers.goals(people, [given for _, given in self._store.memberships(row.id)])
        today = numbers.day_began()
        if by == "person":
            return numbers.by_person(self._store.work(row.id, since=since, today=today), people, asked)
        return numbers.together(
            self._store, row.id, people, asked, teams=by == "team", since=since, today=today
        )

    def mine(self, project: str) -> Work:
        """Return what the asker did in a project."""
        row, asker = self._row(project), self.user
        standing = self._standing(row)
        worked = self._store.work(row.id, today=numbers.day_began(), annotator=asker.id)
        member = None if standing is None else standing.member
        goal = None if standing is None else numbers.goal(standing.memberships)
        named = Work(asker.id, asker.name, numbers.TEAM if member is None else member.team)
        return numbers.told(named, worked.get(asker.id), goal)


def _warn(session: Session) -> None:
    """Say which rows of the data were not taken."""
    rejected = () if session.added is None else session.added.rejected
    if rejected:
        first = rejected[0]
        warnings.warn(
            f"{len(rejected):,} rows of the data were not taken; row {first.row}: {first.reason}",
            stacklevel=3,
        )
