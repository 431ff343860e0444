"""What each page of the app shows, out of the workspace of the person who asks; rights are the workspace's to check."""

from __future__ import annotations

import time
from itertools import islice
from typing import TYPE_CHECKING, Any

from ..errors import MessageError, RightsError
from ..identity import CAPABILITIES, ROLES
from .answers import comments_for, listed_answers, title_of, titles_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..records import Json
    from ..session import Session
    from ..workspace import Project, Workspace

PAGES = ("projects", "label", "work", "manage", "about")
"""By the name that stands in the address; "projects" is the address itself."""

LONG_S = 0.2
"""Seconds; what takes longer to count is counted again at most once in `PATIENCE_S`."""

PATIENCE_S = 60.0

SAMPLE = 200
"""Tasks that are looked at for what stands in a column."""

MOST_VALUES = 30
"""Values of a column that are told as examples."""

LONGEST_VALUE = 60
"""Characters of a value that may be one."""

KINDS = {"image": "Images", "text": "Texts", "row": "Rows of a table", "": "No items yet"}
"""What a project's items are called."""


def me(workspace: Workspace) -> dict[str, Json]:
    """Say who is here: id, name, role, and what they may do in all projects."""
    who = workspace.user
    may = [name for name in CAPABILITIES if name in who.role.capabilities]
    return {"id": who.id, "name": who.name, "role": who.role.name, "may": may}


def projects(workspace: Workspace) -> list[dict[str, Json]]:
    """Say which projects this person may open, the last one worked on first; archived ones only to managers."""
    archived = "manage" in workspace.user.role.capabilities
    found = workspace.projects(archived=archived)
    moments = {project.name: project.last_at.timestamp() if project.last_at else 0.0 for project in found}
    found = sorted(found, key=lambda project: (project.archived, -moments[project.name], project.name))
    return [project.to_json() | {"kind": KINDS.get(project.item, project.item)} for project in found]


def project_of(workspace: Workspace, name: str) -> Project:
    """Return one of the projects that this person may open.

    Raises
    ------
    MessageError
        There is none of that name, or it is not for this person: nobody learns which.
    """
    for project in workspace.projects(archived=True):
        if project.name == name:
            return project
    raise MessageError(
        f"There is no project {name!r} for you. If there should be, ask whoever invited you.", code="gone"
    )


def may(project: Project, capability: str) -> None:
    """Refuse a page whose capability the person lacks in a project."""
    if capability not in project.may:
        raise RightsError(
            f"You may not {CAPABILITIES[capability]} in {project.name}. Ask a manager of the project for the role.",
            user="",
            capability=capability,
        )


def work(workspace: Workspace, project: Project, session: Session) -> dict[str, Json]:
    """What "My work" shows of a project: goal, pace, answers, comments."""
    return {
        "project": project.to_json(),
        "mine": workspace.mine(project.name).to_json(),
        "comments": comments_for(session),
        "image": session.modality == "image",
    } | listed_answers(session)


def manage(workspace: Workspace, project: Project, session: Session, tally: Tally) -> dict[str, Json]:
    """What "Manage" shows of a project: numbers to those who may read, people and acts to those who manage."""
    manages = "manage" in project.may
    progress = session.progress
    return {
        "project": project.to_json(),
        "progress": {
            name: getattr(progress, name) for name in ("total", "done", "open", "leased", "people", "skipped")
        },
        "team": [each.to_json() for each in workspace.team(project.name)],
        "labels": tally.of(session),
        "people": [person.to_json() for person in workspace.people()] if manages else None,
        "columns": columns(session),
        "roles": grantable(workspace, project),
    }


def columns(session: Session) -> list[dict[str, Json]]:
    """Say which columns tasks can be told by, of which kind they are, and values that stand in the first tasks."""
    row = session.store.session(session.name)
    tasks = islice(session.store.tasks(row.id), SAMPLE) if row else iter(())
    rows = [task.data for task in tasks]
    names = [
        name for name in session.columns if name != session.item
    ]  # nobody chooses items by what they are
    return [_column(name, [data[name] for data in rows if data.get(name) is not None]) for name in names]


def _column(name: str, values: list[Json]) -> dict[str, Json]:
    plain = [value for value in values if isinstance(value, (bool, int, float, str))]
    kinds = {"bool" if isinstance(v, bool) else "text" if isinstance(v, str) else "number" for v in plain}
    known = dict.fromkeys(str(value) for value in plain if len(str(value)) <= LONGEST_VALUE)
    return {
        "name": name,
        "kind": kinds.pop() if len(kinds) == 1 else "text",
        "values": list(known)[:MOST_VALUES],
    }


def grantable(workspace: Workspace, project: Project) -> list[str]:
    """Return the roles that this person may give to others here: none with capabilities that they lack."""
    own = set(project.may) | workspace.user.role.capabilities
    return [name for name, role in ROLES.items() if role.capabilities <= own]


def about(workspace: Workspace) -> dict[str, Json]:
    """What is kept about this person, counted; the whole of it is theirs to download."""
    from .. import __version__

    found = workspace.projects(archived=True)
    return {
        "version": __version__,
        "answers": sum(project.mine for project in found),
        "projects": len(found),
    }


class Tally:
    """How often each label was given in a project; counted anew when something was said, and not too often."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._revision, self._took, self._at = -1, 0.0, 0.0
        self._counted: list[dict[str, Json]] = []

    def of(self, session: Session) -> list[dict[str, Json]]:
        """Return, by field with labels, how many answers there are and how often each label was given."""
        begun, revision = self._now(), session.revision
        is_soon = self._took > LONG_S and begun - self._at < PATIENCE_S
        if revision == self._revision or (is_soon and self._counted):
            return self._counted
        self._counted = counted(session)
        self._revision, self._took, self._at = revision, self._now() - begun, begun
        return self._counted


def counted(session: Session) -> list[dict[str, Json]]:
    """Count labels in the answers that stand, by field, as `labelwidgets report` does, with what people call them."""
    from ..report import Report

    labels = Report.of(session).labels
    fields = session.schema.wire(session.schema_version)["fields"]
    return [_of_field(field, labels.get(field["name"], {})) for field in fields]


def _of_field(field: Mapping[str, Any], counts: Mapping[str, float]) -> dict[str, Json]:
    known = titles_of(field)
    rows = [
        {"title": title_of(field, name), "color": known.get(name, {}).get("color", ""), "n": n}
        for name, n in counts.items()
    ]
    is_labels = field["kind"] not in ("number", "text")
    return {"field": field["name"], "title": field["title"], "labels" if is_labels else "facts": rows}
