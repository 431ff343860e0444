"""What each page of the app shows, out of the workspace of the person who asks; rights are the workspace's to check."""

from __future__ import annotations

import time
from itertools import islice
from typing import TYPE_CHECKING, Any

from ..errors import MessageError, RightsError, StoreError
from ..identity import CAPABILITIES
from ..workspace.rows import as_json
from .answers import comments_for, listed_answers, title_of, titles_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ..records import Json
    from ..session import Session
    from ..workspace import Project, Workspace

PAGES = ("projects", "label", "work", "manage", "about")
"""By the name that stands in the address; "projects" is the address itself."""

STATES = ("total", "done", "open", "leased", "people", "skipped")
"""Counts of a project's tasks, and of the people at work, out of `Progress`."""

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
    return {"id": who.id, "name": who.name, "role": who.role.name, "may": list(workspace.may)}


def projects(workspace: Workspace) -> list[dict[str, Json]]:
    """Say which projects this person may open, the last one worked on first; archived ones only to who manages them."""
    found = [
        project
        for project in workspace.projects(archived=True)
        if not project.archived or "manage" in project.may
    ]
    moments = {project.name: project.last_at.timestamp() if project.last_at else 0.0 for project in found}
    found.sort(key=lambda project: (project.archived, -moments[project.name], project.name))
    return [project.to_json() | {"kind": KINDS.get(project.item, project.item)} for project in found]


def project_of(workspace: Workspace, name: str) -> Project:
    """Return one of the projects that this person may open.

    Raises
    ------
    MessageError
        There is none of that name, or it is not for this person: nobody learns which.
    RightsError
        Their access has ended altogether.
    """
    workspace.user  # noqa: B018 - whose access has ended is to hear that
    try:
        return workspace.project(name)
    except (RightsError, StoreError):
        raise MessageError(
            f"There is no project {name[:80]!r} for you. If there should be, ask whoever invited you.",
            code="gone",
        ) from None


def may(project: Project, capability: str) -> None:
    """Refuse a page whose capability the person lacks in a project."""
    if capability not in project.may:
        raise RightsError(
            f"You may not {CAPABILITIES[capability]} in {project.name}. Ask a manager of the project for the role.",
            capability=capability,
        )


def work(
    workspace: Workspace, project: Project, session: Session, shown: Sequence[str] | None = None
) -> dict[str, Json]:
    """What "My work" shows of a project: goal, pace, answers, comments."""
    return {
        "project": project.to_json(),
        "mine": workspace.mine(project.name).to_json(),
        "comments": comments_for(session, shown),
        "image": session.modality == "image",
    } | listed_answers(session, shown=shown)


def manage(workspace: Workspace, project: Project, session: Session, tally: Tally) -> dict[str, Json]:
    """What "Manage" shows of a project: numbers to those who may read, people and acts to those who manage."""
    progress, name = session.progress, project.name
    told: dict[str, Json] = {
        "project": project.to_json(),
        "progress": {each: getattr(progress, each) for each in STATES},
        "team": as_json(workspace.team(name)),
        "teams": as_json(workspace.team(name, by="team")),
        "total": as_json(workspace.team(name, by="all")[:1]),
        "labels": tally.of(session),
    }
    return told | (_managed(workspace, project, session) if "manage" in project.may else {"people": None})


def _managed(workspace: Workspace, project: Project, session: Session) -> dict[str, Json]:
    return {
        "people": as_json(workspace.people()),
        "assignments": as_json(workspace.assignments(project.name)),
        "columns": columns(session),
        "roles": list(workspace.roles(project.name)),
        "roles_everywhere": list(workspace.roles()),
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
    places = {name: place for place, name in enumerate(known)}
    rows = [
        {
            "title": title_of(field, name),
            "color": known.get(name, {}).get("color", ""),
            "place": places.get(name, 0),
            "n": n,
        }
        for name, n in counts.items()
    ]
    is_labels = field["kind"] not in ("number", "text")
    return {"field": field["name"], "title": field["title"], "labels" if is_labels else "facts": rows}
