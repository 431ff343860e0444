"""The commands about people: who there is, invite, let go, take back, assign to projects."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from ..console import say
from ..identity import Role
from ..places import named
from .words import AS_JSON, STORE, WHERE, ago, asked, said_where, table, where

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..records import Json
    from ..workspace import Assignment, Invitation, Person, Workspace

ROLE = click.option("--role", help="What they may do: presets, several joined by +.")
GOAL = click.option("--goal", type=click.IntRange(0), help="How many answers each is to give; 0 for no goal.")
PERSON = click.option("--person", metavar="ID", help="Who.")
GROUP = click.option("--group", metavar="NAME", help="Or everybody of a group.")


@click.command()
@STORE
@AS_JSON
def people(store: str, *, as_json: bool) -> None:
    """List the people of a store: role, team, groups, whether they have been here, what they work on."""
    with asked(store) as workspace:
        found = workspace.people()
    text = (
        table([_row(person) for person in found]) if found else "There is nobody yet: `labelwidgets invite`."
    )
    say(text, [person.to_json() for person in found], as_json=as_json)


def _row(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name if person.name != person.id else "",
        "role": person.role,
        "team": person.team,
        "groups": ", ".join(person.groups),
        "state": person.state,
        "last": ago(person.last_at),
        "projects": ", ".join(dict.fromkeys(each.project for each in person.projects)),
    }


@click.command()
@STORE
@click.argument("id")
@click.option("--name", default="", help="What people read; the id when left out.")
@ROLE
@click.option("--team", help="internal, external, or a word of your own.")
@click.option(
    "--group", "groups", multiple=True, metavar="NAME", help="A group they are in; may be repeated."
)
@click.option(
    "--project", "projects", multiple=True, metavar="NAME", help="A project they work on; may be repeated."
)
@WHERE
@GOAL
@click.option(
    "--days", type=click.IntRange(1, 90), default=7, show_default=True, help="How long the link is good."
)
@click.option("--url", metavar="URL", help="Address of the published app; by default as it was published.")
@AS_JSON
def invite(
    store: str,
    id: str,
    *,
    projects: Sequence[str],
    groups: Sequence[str],
    conditions: Sequence[str],
    days: int,
    url: str | None,
    as_json: bool,
    **given: Any,
) -> None:
    """Let somebody in: print a link by which they choose a password, once.

    For somebody who is known already only what is given changes, and earlier links end.
    """
    with asked(store) as workspace:
        columns = _columns(workspace, projects[0]) if projects else {}
        invitation = workspace.invite(
            id,
            projects=projects,
            groups=groups or None,
            where=where(conditions, columns) or None,
            ttl=timedelta(days=days),
            **given,
        )
    address = url or _published(store)
    link = f"{address.rstrip('/')}{invitation.path}" if address else invitation.path
    say(
        _invited(named(store), invitation, link, whole=bool(address)),
        invitation.to_json() | {"link": link},
        as_json=as_json,
    )


def _columns(workspace: Workspace, project: str) -> dict[str, Json]:
    row = workspace.store.session(workspace.project(project).name)
    return {} if row is None else dict(row.settings.get("columns", {}))


def _published(store: str) -> str:
    """Return the address of the store's app; "" when it has none."""
    from ..app.publication import Publication, folder_of
    from ..errors import LabelwidgetsError

    try:
        return Publication.read(folder_of(store)).address
    except LabelwidgetsError:
        return ""


def _invited(store: str, invitation: Invitation, link: str, *, whole: bool) -> str:
    person = invitation.person
    works = ", ".join(f"{each.role} in {each.project}" for each in person.projects)
    until = invitation.until.astimezone().strftime("%Y-%m-%d %H:%M")
    lines = [f"{person.id} ({works or person.role}) comes in by this link, once, until {until}:", link]
    if not whole:
        lines.append(
            "Put the address of the published app before it, or give --url; `labelwidgets publish` makes one."
        )
    if not works and "manage" not in Role.known(person.role).capabilities:
        lines.append(
            f"They may open nothing yet: `labelwidgets assign {store} PROJECT --person {person.id}`."
        )
    return "\n".join(lines)


@click.command()
@STORE
@click.argument("id")
@AS_JSON
def remove(store: str, id: str, *, as_json: bool) -> None:
    """Let somebody go: nothing opens for them from their next act on; what they did stays."""
    with asked(store) as workspace:
        person = workspace.remove(id)
    say(
        f"{id} is out: sign-ins and invitations ended, tasks were given back. `labelwidgets restore {named(store)} {id}` takes them back.",
        person.to_json(),
        as_json=as_json,
    )


@click.command()
@STORE
@click.argument("id")
@AS_JSON
def restore(store: str, id: str, *, as_json: bool) -> None:
    """Take somebody back, with the role and the projects they had."""
    with asked(store) as workspace:
        person = workspace.restore(id)
    say(
        f"{id} is back and signs in as before; a new link: `labelwidgets invite {named(store)} {id}`.",
        person.to_json(),
        as_json=as_json,
    )


@click.command()
@STORE
@click.argument("project")
@PERSON
@GROUP
@ROLE
@WHERE
@GOAL
@AS_JSON
def assign(
    store: str,
    project: str,
    *,
    person: str | None,
    group: str | None,
    role: str | None,
    conditions: Sequence[str],
    goal: int | None,
    as_json: bool,
) -> None:
    """Let a person, or everybody of a group, work on PROJECT; what is left out stays as it was."""
    with asked(store) as workspace:
        made = workspace.assign(
            project,
            person=person,
            group=group,
            role=role,
            where=where(conditions, _columns(workspace, project)),
            goal=goal,
        )
    say(_assigned(made), made.to_json(), as_json=as_json)


def _assigned(made: Assignment) -> str:
    who = f"Everybody of group {made.subject}" if made.group else made.subject
    tasks = said_where(made)
    goal = "" if made.goal is None else f", goal {made.goal:,}"
    return f"{who} works on {made.project} as {made.role}, on {f'tasks with {tasks}' if tasks else 'all tasks'}{goal}."


@click.command()
@STORE
@click.argument("project")
@PERSON
@GROUP
@AS_JSON
def unassign(store: str, project: str, *, person: str | None, group: str | None, as_json: bool) -> None:
    """End an assignment to PROJECT; answers stay."""
    with asked(store) as workspace:
        ended = workspace.unassign(project, person=person, group=group)
    who = f"group {group}" if group else person
    text = (
        f"{who} no longer works on {project}."
        if ended
        else f"{who} was not assigned to {project}: nothing changed."
    )
    say(text, {"project": project, "ended": ended}, as_json=as_json)
