"""Serving a published app to a team."""

from __future__ import annotations

import os
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

from ..accounts import Accounts
from ..errors import LabelwidgetsError
from ..identity import Role
from ..places import remember
from .journal import Journal
from .one import served_folder, voila_server
from .page import NOTEBOOK, Page, located
from .publication import PUBLICATION, TEMPLATE, Publication, folder_of, identity_of, logo_of
from .site import Site, based

if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping

    from ..store import Store

SECRET = "LABELWIDGETS_SECRET"  # noqa: S105 - the name of a variable
STORE = "LABELWIDGETS_STORE"
LOOPBACK = "127.0.0.1"


def find(place: str, folder: Path | None, given: str | None) -> tuple[Path, str]:
    """Return folder and store of what is to be served.

    Parameters
    ----------
    place : str
        A store, or the folder of an app.
    folder : Path, optional
        The folder, where `place` is the store.
    given : str, optional
        The store, where `place` is the folder; by default the variable LABELWIDGETS_STORE, then what the app keeps.

    Raises
    ------
    LabelwidgetsError
        There is no app, or its store is a database whose password nobody said.
    """
    if not (Path(place) / PUBLICATION).exists():
        return folder or folder_of(place), place
    where, said = Path(place), given or os.environ.pop(STORE, None)
    kept = Publication.read(where).store
    if said:
        return where, said
    if "://" in kept:
        raise LabelwidgetsError(
            f"The store of {where} is {kept}: say it whole, with its password, in the variable {STORE} or by --store."
        )
    return where, str((where.resolve() / kept).resolve())


def serve(
    folder: Path,
    store: Store,
    given: str,
    *,
    port: int | None = None,
    ip: str = LOOPBACK,
    insecure: bool = False,
    base_url: str | None = None,
    secret: str = "",
    log: Path | None = None,
    debug: bool = False,
    open_browser: bool = False,
    ready: Callable[[str], bool | None] = print,
    environment: MutableMapping[str, str] | None = None,
) -> None:
    """Serve a published app until told to end.

    Before anybody is told its address, the server is asked for everything it might give to a stranger; if it gives
    anything, it ends.

    Parameters
    ----------
    folder : Path
        As `publish` wrote it.
    store, given : Store, str
        Open, and the path or URL it was opened with; kernels open their own.
    port : int, optional
        Where to listen, when not where the app always does.
    ip : str
        Address to listen on. Another one than loopback needs an https address of the app, since passwords and
        cookies would pass in the clear; or `insecure`.
    insecure : bool
        Serve to the network by http all the same.
    base_url : str, optional
        Another one than the app keeps.
    secret : str
        Shared with who vouches for people: OIDC's client secret, the proxy's key.
    log : Path, optional
        Where events are written; by default stderr.
    debug : bool
        Let kernels write to the terminal; it may quote what people label.
    open_browser : bool
        Open the app in the default browser.
    ready : callable
        Called in a thread with the app's address, once it can be opened; True ends the server.
    environment : mutable mapping, optional
        For tests; by default that of this process.

    Raises
    ------
    LabelwidgetsError
        Voila is not installed, the port is not free, nobody could sign in, or a door is open.
    """
    server = voila_server()
    from .kernels import Sizes, refuse_unknown
    from .signin.kinds import provider

    made = Publication.read(folder).changed(base_url=based(base_url) if base_url else None)
    sign_in = dict(made.sign_in)
    if sign_in["kind"] == "hub":
        from .signin.hub import told

        sign_in |= told(os.environ if environment is None else environment)
        secret, ip, port = sign_in.pop("token"), sign_in["ip"], port or sign_in["port"]
        made = made.changed(base_url=based(sign_in["prefix"]))
    refuse_open(made, ip, insecure=insecure)
    refuse_empty(store, made)
    refuse_unknown(frozenset(made.kernel_env))
    sockets = server.bound(iter([port or made.port]), ip=ip)
    with served_folder() as running:
        logo = logo_of(folder)
        page = Page(located(store.url, given), made.title, made.columns, logo=logo, theme=made.theme)
        notebook = page.write(running, _notebook(folder))
        journal = Journal(log)
        site = Site(store, Accounts(store), journal, made.title, logo, made.theme, made.url)
        app = server.Server(
            notebook,
            sockets,
            site,
            provider(sign_in["kind"]),
            sign_in=sign_in,
            secret=secret,
            base_url=made.base_url,
            sizes=Sizes(**made.sizes),
            image_hosts=_image_hosts(store),
            environment=frozenset(made.kernel_env),
            template=_template(folder),
            silent=not debug,
        )

        def announce() -> bool:
            from .proof import prove

            prove(app.address, notebook.name)
            if port is None:
                remember(identity_of(store), made.port)
            journal.say("serving", address=app.address, people=len(store.members()))
            address = made.url or app.address
            ended = ready(address) is True
            if open_browser and not ended:
                webbrowser.open(address)
            return ended

        try:
            server.run(app, announce)
        finally:
            journal.say("ended")
            journal.close()


def refuse_open(made: Publication, ip: str, *, insecure: bool) -> None:
    """Refuse to serve passwords in the clear.

    Raises
    ------
    LabelwidgetsError
        The app would be on a network without https.
    """
    if ip in (LOOPBACK, "::1", "localhost") or made.url.startswith("https:") or insecure:
        return
    if made.sign_in["kind"] == "hub":  # the Hub's own proxy stands before it
        return
    raise LabelwidgetsError(
        f"On {ip} others could read passwords and cookies on their way: put a proxy with https before the app and "
        "publish with --url https://..., or say --insecure-http when the network itself is safe."
    )


def refuse_empty(store: Store, made: Publication) -> None:
    """Refuse to serve an app that nobody can use.

    Raises
    ------
    LabelwidgetsError
        There is nobody who may work in it.
    """
    if made.sign_in.get("introduce"):
        return
    members = store.members()
    subjects = {(each.group, each.subject) for _, each in store.memberships()}
    for who in members.values():
        assigned = (False, who.id) in subjects or any((True, group) in subjects for group in who.groups)
        manages = "manage" in Role.named(who.role).capabilities
        passed = made.sign_in["kind"] != "accounts" or store.secret(who.id) is not None
        if who.active and (assigned or (manages and passed)):
            return
    raise LabelwidgetsError(
        "Nobody may work in this app yet: add people with `labelwidgets publish STORE --people ann,ben --managers mia`."
    )


def taken_secret(file: Path | None, environment: MutableMapping[str, str]) -> str:
    """Read the secret from a file, else from the variable, which is removed so that no kernel inherits it."""
    said = environment.pop(SECRET, "")
    if file is None:
        return said
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise LabelwidgetsError(f"The secret can't be read from {file}: {error}.") from error


def _notebook(folder: Path) -> Path:
    path = folder / NOTEBOOK.name
    return path if path.exists() else NOTEBOOK


def _template(folder: Path) -> Path | None:
    path = folder / TEMPLATE
    return path if path.is_dir() else None


def _image_hosts(store: Store) -> tuple[str, ...]:
    hosts = [host for row in store.sessions() for host in row.settings.get("allow_hosts", ())]
    return tuple(dict.fromkeys(hosts))
