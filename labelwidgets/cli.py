"""The command line: make a session, label it, see how it stands, take it out, keep it safe."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from . import __version__
from .app.commands import publish, serve
from .commands import COMMANDS
from .console import Commands, existing, exists, left, opened, opened_store, say, working
from .errors import LabelwidgetsError, StoreError
from .places import named

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .records import Added, Json
    from .schema import Field, Schema
    from .session import Session

STORE = click.argument("store")
SESSION = click.option("--session", "name", help="Name of the session, where a store holds several.")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
PORT = click.option(
    "--port", type=click.IntRange(1, 65_535), help="Where to listen; by default the same each time."
)
NO_BROWSER = click.option("--no-browser", is_flag=True, help="Only print the address.")


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="labelwidgets")
def main() -> None:
    """Label data where you work, with nothing lost.

    STORE is a file, or the URL of a database.
    """


for command in (publish, serve, *COMMANDS):
    main.add_command(command)


# -- making and filling --------------------------------------------------------------------------------------


@main.command()
@STORE
@click.option(
    "--schema",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Schema as JSON, as Schema.to_json() gives it.",
)
@click.option("--boxes", multiple=True, metavar="NAME=car,person", help="Boxes to draw, with their labels.")
@click.option("--spans", multiple=True, metavar="NAME=person,place", help="Spans to mark, with their labels.")
@click.option("--choice", multiple=True, metavar="NAME=a,b", help="One of several options.")
@click.option("--multi", multiple=True, metavar="NAME=a,b", help="Any of several options.")
@click.option("--rating", multiple=True, metavar="NAME=5", help="A rating from 1 to the number.")
@click.option("--number", multiple=True, metavar="NAME", help="A number.")
@click.option("--text", multiple=True, metavar="NAME", help="A text.")
@click.option(
    "--instructions",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Markdown file for the labelers.",
)
@click.option(
    "--from",
    "template",
    type=click.Path(path_type=Path),
    help="A template, as `labelwidgets template` writes it, in place of a schema or fields.",
)
@click.option("--data", required=True, metavar="PATH", help="The items: a table, a folder, a glob or a URL.")
@click.option("--item", metavar="COLUMN", help="The column that is labeled.")
@click.option("--key", metavar="COLUMN", help="A column with a unique id per item.")
@click.option("--order", type=click.Choice(["given", "random"]), help="In which order items come.")
@click.option("--overlap", type=click.IntRange(1), help="How many people answer each item.")
@click.option(
    "--allow-host",
    "hosts",
    multiple=True,
    metavar="HOST",
    help="A host that the browser may load pictures from.",
)
@click.option("--session", "name", default="default", show_default=True, help="Name of the new session.")
@AS_JSON
def init(
    store: str,
    *,
    file: Path | None,
    instructions: Path | None,
    template: Path | None,
    order: str | None,
    overlap: int | None,
    hosts: Sequence[str],
    data: str,
    name: str,
    as_json: bool,
    item: str | None,
    key: str | None,
    **fields: Sequence[str],
) -> None:
    """Make a session from data and a schema, or from data and a template."""
    from .sampling import as_order
    from .workspace import Template, begin

    if template is None:
        schema = _schema(file, fields, instructions)
        begun = Template(schema, as_order(order), overlap or 1, allow_hosts=tuple(hosts))
    elif any((file, instructions, order, overlap, hosts, *fields.values())):
        raise click.UsageError("--from takes all but the data, --item and --key from the template.")
    else:
        begun = Template.read(template)
    if exists(store):
        with opened_store(store) as found:
            if found.session(name) is not None:
                raise StoreError(
                    f"{named(store)} holds a session {name!r} already: add items with `labelwidgets add`, or name another one."
                )
    with working(f"Reading {data}", quiet=as_json):
        made = begin(begun, store, name, data=data, item=item, key=key)
    with left(made):
        total = made.progress.total
        fields_made = [field.name for field in made.schema]
        say(
            f"{named(store)} holds {total:,} tasks; label them with `labelwidgets label {named(store)}`.",
            {"store": named(store), "session": name, "tasks": total, "fields": fields_made},
            as_json=as_json,
        )


@main.command()
@STORE
@click.argument("data")
@click.option("--batch", help="Name of this addition in the history.")
@SESSION
@AS_JSON
def add(store: str, data: str, batch: str | None, name: str | None, *, as_json: bool) -> None:
    """Add items to a session; the same ones again change nothing."""
    with opened(store, name) as session:
        with working(f"Adding {data}", quiet=as_json):
            added = session.add(data, batch=batch)
        say(_told(added), _added(added), as_json=as_json)


def _told(added: Added) -> str:
    lines = [
        f"{added.added:,} added, {added.known:,} known, {added.changed:,} changed, {len(added.rejected):,} rejected"
    ]
    lines += [f"  row {row.row}: {row.reason}" for row in added.rejected[:20]]
    more = len(added.rejected) - 20
    return "\n".join([*lines, f"  and {more:,} more; --json lists all"] if more > 0 else lines)


def _added(added: Added) -> dict[str, Json]:
    rejected = [{"row": str(row.row), "reason": row.reason} for row in added.rejected]
    counts = {"added": added.added, "known": added.known, "changed": added.changed}
    return counts | {"rejected": rejected, "batch": added.batch}


# -- labeling ------------------------------------------------------------------------------------------------


@main.command()
@STORE
@click.option("--user", help="Who labels; by default you.")
@click.option("--column", "columns", multiple=True, help="A column of the data to show beside each item.")
@SESSION
@PORT
@NO_BROWSER
def label(
    store: str,
    *,
    user: str | None,
    columns: Sequence[str],
    name: str | None,
    port: int | None,
    no_browser: bool,
) -> None:
    """Open a page where the session is labeled, on this machine only, until Ctrl+C."""
    _label(store, name=name, user=user, columns=columns, port=port, browser=not no_browser)


@main.command()
@click.option(
    "--check", is_flag=True, help="Let a browser without a window answer one task, and say what was seen."
)
@click.option(
    "--team", is_flag=True, help="Serve two projects to an invented team, with a link for each person."
)
@PORT
@NO_BROWSER
def demo(*, check: bool, team: bool, port: int | None, no_browser: bool) -> None:
    """Label real photographs: what the tool is like, in one command."""
    from . import demo as demonstration

    if check:
        with working("A browser answers one photograph"):
            seen = demonstration.check(port=port)
        click.echo(seen)
        return
    if team:
        _team(port=port, browser=not no_browser)
        return
    with working("Preparing photographs"):
        store = demonstration.prepare()
    click.echo(f"Photographs and answers are kept in {store.parent}.")
    _label(str(store), columns=["about"], port=port, browser=not no_browser)


def _team(*, port: int | None, browser: bool) -> None:
    from . import demo as demonstration
    from .app.team import serve

    with working("Preparing photographs and messages"):
        path, folder, invited = demonstration.team()

    def ready(address: str) -> None:
        click.echo(f"Serving {address} to {', '.join(each.id for each in invited)}.")
        for each in invited:
            click.echo(f"  {each.id}: {each.link or 'has a password'}")
        click.echo(
            f"Open each link in a browser, or a private window, of its own; {demonstration.MANAGER} manages. Ctrl+C ends it; "
            f"all answers are in {path}."
        )

    with opened_store(str(path)) as store:
        log = path.with_name("team.log")
        serve(folder, store, str(path), port=port, log=log, open_browser=browser, ready=ready)


def _label(
    store: str,
    *,
    columns: Sequence[str],
    port: int | None,
    browser: bool,
    name: str | None = None,
    user: str | None = None,
) -> None:
    from .app import serve

    def ready(url: str) -> None:
        click.echo(
            f"Label at {url}\nCtrl+C ends the page; every answer it called saved is in {named(store)}."
        )

    with opened(store, name, user) as session:
        serve(session, store, columns=columns, port=port, open_browser=browser, ready=ready)


# -- looking and taking out ----------------------------------------------------------------------------------


@main.command()
@STORE
@SESSION
@AS_JSON
def report(store: str, name: str | None, *, as_json: bool) -> None:
    """Say how a session stands: states, labels, pace."""
    from .report import Report

    with opened(store, name) as session:
        with working("Counting", quiet=as_json):
            made = Report.of(session)
        say(made.to_text(), made.to_json(), as_json=as_json)


@main.command()
@STORE
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--table",
    type=click.Choice(["frame", "annotations", "regions"]),
    default="frame",
    show_default=True,
    help="Rows with labels, answers, or regions.",
)
@SESSION
@AS_JSON
def export(store: str, out: Path, table: str, name: str | None, *, as_json: bool) -> None:
    """Write labels to OUT: .csv, .parquet or .jsonl."""
    from .export import export as write

    with opened(store, name) as session:
        with working(f"Writing {out}", quiet=as_json):
            written = write(session, out, table=table)
        say(
            f"{written.rows:,} rows and {written.columns} columns of {table} in {out}.",
            {"path": str(out), "table": table, "rows": written.rows, "columns": written.columns},
            as_json=as_json,
        )


# -- care ----------------------------------------------------------------------------------------------------


@main.command()
@STORE
@AS_JSON
@click.pass_context
def verify(ctx: click.Context, store: str, *, as_json: bool) -> None:
    """Check every record and the chain of the history; the first broken one comes first."""
    with opened_store(existing(store)) as found, working(f"Checking {named(store)}", quiet=as_json):
        damages = found.verify()
        reason = found.read_only
    broken = [{"where": damage.where, "what": damage.what} for damage in damages]
    lines = [f"{each['where']}: {each['what']}" for each in broken]
    verdict = (
        f"{named(store)} is damaged in {len(broken)} {'place' if len(broken) == 1 else 'places'}."
        if broken
        else f"{named(store)} is sound: every record is what it was."
    )
    say(
        "\n".join([verdict, *lines, *([reason] if reason else [])]),
        {"sound": not broken, "damage": broken, "read_only": reason},
        as_json=as_json,
    )
    ctx.exit(1 if broken else 0)


@main.command()
@STORE
@click.argument("out", type=click.Path(path_type=Path))
@AS_JSON
def backup(store: str, out: Path, *, as_json: bool) -> None:
    """Write a checked copy of the store to OUT, while people label."""
    if out.exists():
        raise StoreError(
            f"{out} is there already: name a file that is not, so that no backup is overwritten."
        )
    with opened_store(existing(store)) as found, working(f"Copying {named(store)}", quiet=as_json):
        found.backup(out)
    size = out.stat().st_size
    say(
        f"{out} is a checked copy of {named(store)} ({size:,} bytes).",
        {"path": str(out), "bytes": size},
        as_json=as_json,
    )


@main.command()
@STORE
@click.option("--annotator", help="The id of a person whose name goes.")
@click.option("--task", help="The number or key of an item that goes, with all that was said of it.")
@click.option("--comment", help="The id of a comment whose text goes.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@SESSION
@AS_JSON
def erase(
    store: str,
    *,
    annotator: str | None,
    task: str | None,
    comment: str | None,
    yes: bool,
    name: str | None,
    as_json: bool,
) -> None:
    """Remove a person's name, an item or a comment for good; the history still verifies."""
    given = {
        what: value
        for what, value in (("annotator", annotator), ("task", task), ("comment", comment))
        if value
    }
    if len(given) != 1:
        raise click.UsageError("Name one of --annotator, --task and --comment.")
    ((what, value),) = given.items()
    if not yes:
        click.confirm(
            f"Erase {what} {value} from {named(store)}? This can't be undone.", abort=True, err=True
        )
    with opened(store, name) as session:
        emptied = _erase(session, what, value)
    if not emptied:
        raise StoreError(
            f"Nothing was erased: {named(store)} holds nothing of {what} {value!r}, or no longer."
        )
    say(
        f"{emptied:,} rows of {what} {value} were emptied for good.",
        {"erased": what, "rows": emptied},
        as_json=as_json,
    )


def _erase(session: Session, what: str, value: str) -> int:
    session.require("erase")
    row = session.store.session(session.name)
    actor = session.user.id
    if what == "annotator":
        return session.store.erase(None, annotator=value, actor=actor)
    if what == "comment":
        return session.store.erase(row.id if row else None, comment=value, actor=actor)
    task = session.task(int(value) if value.isdecimal() else value)
    return session.store.erase(row.id if row else None, task_id=task.id, actor=actor)


# -- words of a schema ---------------------------------------------------------------------------------------


def _schema(file: Path | None, fields: dict[str, Sequence[str]], instructions: Path | None) -> Schema:
    from .schema import Schema

    made = [_field(kind, text) for kind, texts in fields.items() for text in texts]
    if (file is None) == (not made):
        raise click.UsageError(
            "Say what is to be labeled: either --schema FILE, or fields such as --boxes objects=car,person."
        )
    schema = Schema(*made) if file is None else Schema.from_json(_read_json(file))
    return (
        schema if instructions is None else schema.with_instructions(instructions.read_text(encoding="utf-8"))
    )


def _read_json(file: Path) -> Json:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise LabelwidgetsError(f"{file} is no JSON: {error}") from error


def _field(kind: str, text: str) -> Field:
    from .schema import Boxes, Choice, Number, Rating, Spans, Text

    name, _, rest = (part.strip() for part in text.partition("="))
    words = [word.strip() for word in rest.split(",") if word.strip()]
    makers: dict[str, Callable[[], Field]] = {
        "boxes": lambda: Boxes(name, words),
        "spans": lambda: Spans(name, words),
        "choice": lambda: Choice(name, words),
        "multi": lambda: Choice(name, words, multiple=True),
        "rating": lambda: Rating(name, *_whole(rest, name)),
        "number": lambda: Number(name),
        "text": lambda: Text(name),
    }
    return makers[kind]()


def _whole(text: str, name: str) -> list[int]:
    if text and not text.isdecimal():
        raise click.UsageError(f"--rating {name}= takes the highest rating, such as 5, found {text!r}.")
    return [int(text)] if text else []
