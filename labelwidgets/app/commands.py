"""The commands that publish an app and serve it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..console import existing, opened_store, say, working
from ..errors import LabelwidgetsError
from ..places import named
from .publication import PUBLICATION, THEMES, Publication, folder_of
from .signin.kinds import KINDS
from .site import based, public_url

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..store import Store
    from .publishing import Invited

OWN_PORT = click.IntRange(1, 65_535)


def _ids(text: str | None) -> list[str]:
    return [word.strip() for word in (text or "").split(",") if word.strip()]


@click.command()
@click.argument("store")
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--people", metavar="ann,ben", help="Who works in the app.")
@click.option("--managers", metavar="mia", help="Who also sees all answers, and invites and removes people.")
@click.option("--role", default="annotator", show_default=True, help="Role of --people.")
@click.option(
    "--session", "sessions", multiple=True, metavar="NAME", help="A session for --people; by default all."
)
@click.option("--title", help="What the app is called.")
@click.option("--logo", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A picture.")
@click.option("--theme", type=click.Choice(THEMES), help="Look; by default that of each person's system.")
@click.option("--column", "columns", multiple=True, metavar="NAME", help="A column to show beside each item.")
@click.option(
    "--sign-in", "kind", type=click.Choice(KINDS), help="How people sign in; by default by accounts."
)
@click.option("--issuer", metavar="URL", help="oidc: who vouches for people.")
@click.option("--client-id", metavar="ID", help="oidc: what this app is called there.")
@click.option(
    "--claim", metavar="NAME", help="oidc: what of the id token is a person's id; preferred_username."
)
@click.option("--scope", metavar="WORDS", help="oidc: what is asked for; openid profile email.")
@click.option("--header", metavar="NAME", help="proxy: the header; X-Labelwidgets-User.")
@click.option(
    "--introduce/--no-introduce", default=None, help="Take in unknown people, who may open nothing yet."
)
@click.option("--ask", metavar="WHOM", help="Whom those are told to ask who may not come in.")
@click.option("--url", metavar="URL", help="Where people reach the app, behind a proxy.")
@click.option("--base-url", metavar="/x/", help="Below which path it is; by default that of --url.")
@click.option("--port", type=OWN_PORT, help="Where it listens; by default a port of this store's own.")
@click.option("--pool", type=click.IntRange(0, 20), help="Pages kept ready; 2.")
@click.option("--per-person", type=click.IntRange(1, 20), help="Pages that one person may have open; 4.")
@click.option("--most", type=click.IntRange(1, 1000), help="Pages that all people may have open; 50.")
@click.option(
    "--idle", type=click.IntRange(1, 1440), metavar="MINUTES", help="When a forgotten page ends; 20."
)
@click.option("--kernel-env", multiple=True, metavar="NAME", help="A variable that the pages' kernels get.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def publish(
    store: str,
    folder: Path | None,
    *,
    people: str | None,
    managers: str | None,
    role: str,
    sessions: Sequence[str],
    title: str | None,
    logo: Path | None,
    theme: str | None,
    columns: Sequence[str],
    as_json: bool,
    **more: Any,
) -> None:
    """Write the folder of an app for a team, and invite people; again, it keeps what was."""
    from .publishing import publish as write

    where = folder or folder_of(store)
    with opened_store(existing(store)) as found, working("Publishing", quiet=as_json):
        made, invited = write(
            found,
            where,
            people=_ids(people),
            managers=_ids(managers),
            role=role,
            sessions=sessions,
            logo=logo,
            columns=list(columns) or None,
            title=title,
            theme=theme,
            **_fields(where, more),
        )
        managed = _is_managed(found, made, invited)
    told = {"folder": str(where), "url": made.address, "people": [each.to_json() for each in invited]}
    say(_told(store, where, made, invited, managed=managed), told, as_json=as_json)


def _fields(folder: Path, more: dict[str, Any]) -> dict[str, Any]:
    """Options as fields of a publication; those that were not given are None or left out."""
    from .publishing import sign_in_settings

    before = Publication.read(folder) if (folder / PUBLICATION).exists() else None
    sizes = {name: more[name] for name in ("pool", "per_person", "most") if more[name] is not None}
    sizes |= {"idle_s": more["idle"] * 60} if more["idle"] else {}
    url = public_url(more["url"]) if more["url"] else None
    base = more["base_url"] or (f"/{url.split('/', 3)[3]}" if url else None)
    kind = more["kind"] or (before.sign_in["kind"] if before else "accounts")
    same = before is not None and kind == before.sign_in["kind"]
    given = {name: value for name, value in more.items() if value is not None}
    kept = dict(before.sign_in) if before is not None and same else {}
    return {
        "sign_in": sign_in_settings(kind, kept | given),
        "url": url,
        "base_url": based(base) if base else None,
        "port": more["port"],
        "sizes": ({} if before is None else dict(before.sizes)) | sizes or None,
        "kernel_env": sorted(set(more["kernel_env"])) or None,
    }


def _is_managed(store: Store, made: Publication, invited: Sequence[Invited]) -> bool:
    """Whether anybody who may manage everything can come in, or has a link that lets them."""
    from ..identity import Role

    linked = {each.id for each in invited if each.link}
    return any(
        "manage" in Role.known(who.role).capabilities
        and (made.sign_in["kind"] != "accounts" or who.id in linked or store.secret(who.id) is not None)
        for who in store.members().values()
        if who.active
    )


def _told(store: str, folder: Path, made: Publication, invited: Sequence[Invited], *, managed: bool) -> str:
    lines = [f"{made.title} is in {folder}; serve it with `labelwidgets serve {named(store)}`."]
    links = [each for each in invited if each.link]
    if links:
        lines.append("Send each their link; it is good for seven days, once:")
        lines += [f"  {each.id}: {each.link}" for each in links]
    others = [each.id for each in invited if not each.link]
    if others:
        lines.append(f"They sign in at {made.address}: {', '.join(others)}")
    if not managed:
        again = f"labelwidgets publish {named(store)} --managers YOUR-ID"
        lines.append(f"Nobody manages it in the browser yet; `{again}` makes a link for you.")
    return "\n".join(lines)


@click.command()
@click.argument("place")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="The app's folder; by default beside the store.",
)
@click.option(
    "--store", "given", metavar="URL", help="The store, where PLACE is the folder; or LABELWIDGETS_STORE."
)
@click.option("--port", type=OWN_PORT, help="Where to listen; by default always the same.")
@click.option("--ip", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--insecure-http", "insecure", is_flag=True, help="Serve a network without https all the same.")
@click.option("--base-url", metavar="/x/", help="Below which path, this time.")
@click.option(
    "--secret-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Holds what is shared with who vouches for people; or LABELWIDGETS_SECRET.",
)
@click.option(
    "--log-file", type=click.Path(dir_okay=False, path_type=Path), help="Where events go; by default stderr."
)
@click.option("--debug", is_flag=True, help="Show what kernels write; it may quote what people label.")
@click.option("--no-browser", is_flag=True, help="Only print the address.")
def serve(
    place: str,
    *,
    folder: Path | None,
    given: str | None,
    port: int | None,
    ip: str,
    insecure: bool,
    base_url: str | None,
    secret_file: Path | None,
    log_file: Path | None,
    debug: bool,
    no_browser: bool,
) -> None:
    """Serve a published app to its team, until Ctrl+C. PLACE is its store or its folder."""
    from .team import find, taken_secret
    from .team import serve as serve_team

    where, store = find(place, folder, given)
    if not (where / PUBLICATION).exists():
        raise LabelwidgetsError(f"There is no app in {where}: make one with `labelwidgets publish {place}`.")

    def ready(address: str) -> None:
        click.echo(
            f"Serving {address}\nCtrl+C ends it; every answer that a page called saved is in the store."
        )

    with opened_store(existing(store)) as found:
        serve_team(
            where,
            found,
            store,
            port=port,
            ip=ip,
            insecure=insecure,
            base_url=base_url,
            secret=taken_secret(secret_file, os.environ),
            log=log_file,
            debug=debug,
            open_browser=not no_browser and sys.stdout.isatty(),
            ready=ready,
        )
