"""Publishing an app: its folder is written, and people are let in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..accounts import Accounts
from ..errors import LabelwidgetsError, StoreError, listed
from ..identity import Role, User, current_id
from ..records import Membership
from .publication import PUBLICATION, Publication, close_to_others, keep_logo, port_of, seen_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..records import Json, Member, SessionRow
    from ..store import Store


@dataclass(frozen=True, slots=True)
class Invited:
    """What became of one person.

    Attributes
    ----------
    id : str
        Who.
    link : str
        Opens once, for choosing a password; "" for those who have one, or sign in elsewhere.
    """

    id: str
    link: str

    def to_json(self) -> dict[str, Json]:
        """Return it as JSON."""
        return {"id": self.id, "link": self.link}


def publish(
    store: Store,
    folder: Path,
    *,
    people: Sequence[str] = (),
    managers: Sequence[str] = (),
    role: str = "annotator",
    sessions: Sequence[str] = (),
    logo: Path | None = None,
    columns: Sequence[str] | None = None,
    **given: Any,
) -> tuple[Publication, list[Invited]]:
    """Write the folder of an app, and let people in; again, it keeps what was and adds.

    Parameters
    ----------
    store : Store
        Open.
    folder : Path
        Made when it is not there.
    people : sequence of str
        Ids of those who work in it, in `role`, on `sessions` (all when empty).
    managers : sequence of str
        Ids of those who also see and change everything.
    role : str
        Of `people` in these sessions.
    sessions : sequence of str
        Names.
    logo : Path, optional
        A picture.
    columns : sequence of str, optional
        Columns shown beside items, where a session has them.
    **given
        Further fields of `Publication`; None keeps what was.

    Raises
    ------
    LabelwidgetsError
        Something can't be; nothing has changed then but for people before the one that is named.
    """
    rows = _chosen(store, sessions)
    before = _before(store, folder)
    shown = None if columns is None else _columns(rows, columns)
    made = before.changed(store=seen_from(folder, store), columns=shown, **given)
    if logo is not None:
        keep_logo(folder, logo)
    made.write(folder)
    close_to_others(store)
    Role.named(role)
    invited = [_let_in(store, each, rows, role, made) for each in dict.fromkeys(people)]
    return made, invited + [_let_in(store, each, (), "manager", made) for each in dict.fromkeys(managers)]


def _before(store: Store, folder: Path) -> Publication:
    try:
        return Publication.read(folder)
    except LabelwidgetsError:
        if (folder / PUBLICATION).exists():
            raise
    title = next((row.name for row in store.sessions() if row.name != "default"), "")
    stem = Path(store.url.rpartition("/")[2]).stem
    return Publication(seen_from(folder, store), title or stem or "labelwidgets", port=port_of(store))


def _chosen(store: Store, names: Sequence[str]) -> list[SessionRow]:
    rows = store.sessions()
    unknown = [name for name in names if name not in {row.name for row in rows}]
    if unknown or not rows:
        there = (
            f"it holds {listed(row.name for row in rows)}" if rows else "make one with `labelwidgets init`"
        )
        raise StoreError(f"There is no session {(unknown or ['default'])[0]!r} in the store; {there}.")
    return [row for row in rows if not names or row.name in names]


def _columns(rows: Iterable[SessionRow], wanted: Sequence[str]) -> dict[str, list[str]]:
    found = {row.name: [name for name in wanted if name in row.settings.get("columns", {})] for row in rows}
    missing = [name for name in wanted if not any(name in has for has in found.values())]
    if missing:
        raise LabelwidgetsError(f"No session has a column {missing[0]!r} to show.")
    return found


def _let_in(store: Store, user_id: str, rows: Iterable[SessionRow], role: str, made: Publication) -> Invited:
    who, actor = User(user_id.strip()), current_id()
    known = store.member(who.id)
    if known is not None and not known.active:
        raise LabelwidgetsError(
            f"The access of {who.id} has ended: give it back first with `labelwidgets restore STORE {who.id}`."
        )
    _introduce(store, who, known, role, actor)
    for row in rows:
        store.save_membership(row.id, Membership(who.id, role), actor=actor)
    if made.sign_in["kind"] != "accounts" or store.secret(who.id) is not None:
        return Invited(who.id, "")
    word = Accounts(store).invite(who.id, actor=actor)
    return Invited(who.id, f"{made.address}invite/{word}")


def _introduce(store: Store, who: User, known: Member | None, role: str, actor: str) -> None:
    manages = "manage" in Role.named(role).capabilities
    if known is None:
        store.save_member(who.id, name=who.name, role=role if manages else "annotator", actor=actor)
    elif manages and "manage" not in Role.named(known.role).capabilities:
        store.save_member(who.id, role=f"{known.role}+{role}", actor=actor)


def sign_in_settings(kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a kind of sign-in, checked.

    Raises
    ------
    LabelwidgetsError
        One is missing, or can't be.
    """
    common = {name: given[name] for name in ("introduce", "ask") if given.get(name)}
    own: Mapping[str, Any] = {}
    if kind == "oidc":
        from .signin.oidc import settings as oidc

        names = ("issuer", "client_id", "claim", "scope")
        own = oidc(**{name: given.get(name) or "" for name in names})
    if kind == "proxy":
        from .signin.proxy import settings as proxy

        own = proxy(header=given.get("header") or "")
    return {"kind": kind} | common | dict(own)
