"""The commands about projects: list, begin again, put away, compare, count."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from ..console import chosen, say, working
from ..places import named
from .words import AS_JSON, STORE, ago, asked, lasting, moment, table

if TYPE_CHECKING:
    from ..workspace import Project, Template, Work, Workspace

SESSION = click.option("--session", "name", help="Name of the project, where a store holds several.")


@click.command()
@STORE
@click.option("--archived", is_flag=True, help="List archived ones, too.")
@AS_JSON
def projects(store: str, *, archived: bool, as_json: bool) -> None:
    """List the projects of a store: how far each is, who works on it, when something last happened."""
    with asked(store) as workspace:
        found = workspace.projects(archived=archived)
        hidden = 0 if archived else len(workspace.projects(archived=True)) - len(found)
    lines = [table([_row(project) for project in found])] if found else ["There are no projects."]
    lines += [f"{hidden} archived: --archived lists them, too."] if hidden else []
    say("\n".join(lines), [project.to_json() for project in found], as_json=as_json)


def _row(project: Project) -> dict[str, Any]:
    share = f"{100 * project.done / project.total:.0f} %" if project.total else "-"
    return {
        "project": project.name + (" (archived)" if project.archived else ""),
        "tasks": project.total,
        "done": project.done,
        "": share,
        "open": project.open,
        "skipped": project.skipped,
        "working": project.people,
        "last": ago(project.last_at),
    }


@click.command()
@STORE
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@SESSION
@AS_JSON
def template(store: str, out: Path, name: str | None, *, as_json: bool) -> None:
    """Write what it takes to begin a project's work again to OUT, as JSON: no people, data, answers or folders."""
    with asked(store) as workspace:
        project = _chosen(workspace, store, name)
        made = workspace.template(project)
    made.write(out)
    say(
        f"{out} holds the template of {project}; begin with it by `labelwidgets init STORE --from {out} --data ...`.",
        {"path": str(out), "project": project},
        as_json=as_json,
    )


def _chosen(workspace: Workspace, store: str, name: str | None) -> str:
    return chosen(store, [row.name for row in workspace.store.sessions()], name)


@click.command()
@STORE
@click.argument("source")
@click.argument("name")
@click.option(
    "--data", metavar="PATH", help="The items: a table, a folder, a glob or a URL; they may be added later."
)
@click.option("--tasks", is_flag=True, help="Copy the items of the project.")
@AS_JSON
def clone(store: str, source: str, name: str, data: str | None, *, tasks: bool, as_json: bool) -> None:
    """Begin project NAME like SOURCE: a project of the store, or a template in a .json file."""
    with asked(store) as workspace, working(f"Making {name}", quiet=as_json):
        made = workspace.clone(_source(source), name, data=data, tasks=tasks)
    add = "" if made.total else f" Add some with `labelwidgets add {named(store)} DATA --session {name}`."
    say(f"{name} is like {source}, with {made.total:,} tasks.{add}", made.to_json(), as_json=as_json)


def _source(source: str) -> Template | str:
    from ..workspace import Template

    return Template.read(source) if source.endswith(".json") else source


@click.command()
@STORE
@click.argument("name")
@click.option("--undo", is_flag=True, help="Bring it back.")
@AS_JSON
def archive(store: str, name: str, *, undo: bool, as_json: bool) -> None:
    """Put project NAME away: it is no longer offered, and opens for reading only."""
    with asked(store) as workspace:
        made = workspace.archive(name, not undo)
    told = (
        f"{name} is back: people find it where it was."
        if undo
        else f"{name} is archived: it can be read and not changed. `labelwidgets archive {named(store)} {name} --undo` brings it back."
    )
    say(told, made.to_json(), as_json=as_json)


@click.command()
@STORE
@click.argument("a")
@click.argument("b")
@AS_JSON
def compare(store: str, a: str, b: str, *, as_json: bool) -> None:
    """Put projects A and B side by side: what they ask, how far they are, what was said, how fast."""
    with asked(store) as workspace, working("Counting", quiet=as_json):
        made = workspace.compare(a, b)
    say(made.to_text(), made.to_json(), as_json=as_json)


@click.command()
@STORE
@click.option(
    "--by",
    type=click.Choice(["person", "team", "all"]),
    default="person",
    show_default=True,
    help="Whose work is counted together.",
)
@click.option("--since", metavar="DAY", help="Only what was done since then, such as 2026-11-24.")
@SESSION
@AS_JSON
def team(
    store: str, by: Literal["person", "team", "all"], since: str | None, name: str | None, *, as_json: bool
) -> None:
    """Say what each person did in a project: answers, time, pace, goal."""
    with asked(store) as workspace:
        found = workspace.team(_chosen(workspace, store, name), since=moment(since), by=by)
    text = (
        table([_work(work, by) for work in found])
        if found
        else "Nobody has answered yet, and nobody is assigned."
    )
    say(text, [work.to_json() for work in found], as_json=as_json)


def _work(work: Work, by: str) -> dict[str, Any]:
    who = {"person": work.id, "team": work.team, "all": "all"}[by]
    beside = {"team": work.team} if by == "person" else {"people": work.people}
    return {
        by: who + ("" if work.active else " (left)"),
        **beside,
        "answers": work.answered,
        "today": work.today,
        "skipped": work.skipped,
        "withdrawn": work.withdrawn,
        "hours": lasting(work.seconds),
        "median s": work.median_seconds,
        "per hour": work.per_hour,
        "goal": work.goal,
        "": None if work.share is None else f"{100 * work.share:.0f} %",
        "holds": work.leases,
        "last": ago(work.last_at),
    }
