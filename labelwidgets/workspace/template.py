"""A project without its people, data and answers: what it takes to begin the same work again, as a JSON file."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from .. import conditions
from ..errors import MediaError, SchemaError, SourceError, UserError, did_you_mean, listed, shown
from ..identity import Role, User
from ..records import Membership
from ..sampling import Order
from ..schema import Schema
from ..session import Session
from ..store import open_store
from ..upkeep import as_source
from .rows import Told

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..records import Json, SessionRow
    from ..source import Source
    from ..store import Store

KIND, VERSION = "labelwidgets template", 1
"""What the file says it is."""

ACCESS = ("group", "role", "where", "goal")
"""What a template says of each group."""


@dataclass(frozen=True, slots=True)
class Template(Told):
    """A project to begin anew: what is asked, how the work is given out, and to which groups.

    It holds no people, no data, no answers, and no folders of pictures.

    Attributes
    ----------
    schema : Schema
        Fields, labels, instructions with examples, reasons to skip, keys.
    order : Order
        In which order items come.
    overlap : int
        How many people answer each item.
    item, key : str or None
        Columns with what is labeled and with a unique id, which data must have; None where it is found in the data.
    allow_hosts : tuple of str
        Hosts that a browser may load pictures from.
    shown : tuple of str
        Columns shown beside each item.
    corrects : bool
        Whether answers correct the source (see `Session.correct`).
    columns : dict
        Type of each column that access asks for, so that a project without data can be begun.
    access : tuple of Membership
        Groups, with role, tasks and goal of each.
    """

    schema: Schema
    order: Order = field(default_factory=Order)
    overlap: int = 1
    item: str | None = None
    key: str | None = None
    allow_hosts: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    corrects: bool = False
    columns: Mapping[str, Json] = field(default_factory=dict)
    access: tuple[Membership, ...] = ()

    @classmethod
    def of(cls, row: SessionRow, schema: Mapping[str, Json], access: Iterable[Membership]) -> Self:
        """Take a template of a session: its row, the newest version of its schema, who may work on it."""
        said = row.settings
        groups = sorted((each for each in access if each.group), key=lambda each: each.subject)
        asked = sorted({column for each in groups for column in each.where or ()})
        types = said.get("columns", {})
        return cls(
            Schema.from_json(schema),
            Order.from_json(said["order"]),
            said["overlap"],
            said.get("item"),
            said.get("key"),
            tuple(said.get("allow_hosts", ())),
            tuple(said.get("shown", ())),
            bool(said.get("corrects")),
            {column: types[column] for column in asked if column in types},
            tuple(groups),
        )

    def settings(self, *, item: str | None, key: str | None, columns: Mapping[str, Json]) -> dict[str, Json]:
        """Return the settings of a session to be made."""
        return {
            "order": self.order.to_json(),
            "overlap": self.overlap,
            "roots": [],
            "allow_hosts": list(self.allow_hosts),
            "instructions_version": 1,
            "item": item,
            "key": key,
            "shown": list(self.shown),
            "corrects": self.corrects,
            "columns": dict(columns),
        }

    def to_json(self) -> dict[str, Json]:
        """Return everything as JSON."""
        access = [
            {"group": each.subject, "role": each.role, "where": each.where, "goal": each.goal}
            for each in self.access
        ]
        return {
            "kind": KIND,
            "version": VERSION,
            "schema": self.schema.to_json(),
            "order": self.order.to_json(),
            "overlap": self.overlap,
            "item": self.item,
            "key": self.key,
            "allow_hosts": list(self.allow_hosts),
            "shown": list(self.shown),
            "corrects": self.corrects,
            "columns": dict(self.columns),
            "access": access,
        }

    @classmethod
    def from_json(cls, said: Any) -> Self:
        """Read what `to_json` gave.

        Raises
        ------
        SchemaError
            Something in it is not known, missing, or not what it has to be; it is named.
        """
        _check_kind(said)
        known = {"kind", "version", *cls.__dataclass_fields__}
        for name in said:
            _know(name, known, "a template")
        if "schema" not in said:
            raise SchemaError("A template needs a schema, found none: take one with `labelwidgets template`.")
        parts: dict[str, Any] = {"schema": Schema.from_json(said["schema"])}
        if "order" in said:
            parts["order"] = Order.from_json(said["order"])
        parts |= {name: check(name, said[name]) for name, check in _CHECKS.items() if name in said}
        return cls(**parts)

    def write(self, path: str | os.PathLike[str]) -> Path:
        """Write a JSON file, replacing what is there; returns its path."""
        target = Path(path)
        target.write_text(json.dumps(self.to_json(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        return target

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> Self:
        """Read a file that `write` wrote.

        Raises
        ------
        SchemaError
            As `from_json`; or the file is not there, or no JSON.
        """
        try:
            said = json.loads(Path(path).read_text(encoding="utf-8"))
        except OSError as error:
            raise SchemaError(
                f"The template {path} can't be read: {error.strerror}. Check the path."
            ) from error
        except (ValueError, RecursionError) as error:
            raise SchemaError(f"The template {path} is no JSON: {error}") from error
        return cls.from_json(said)


def _check_kind(said: Any) -> None:
    if not isinstance(said, dict) or said.get("kind") != KIND:
        raise SchemaError(
            f'This is no template: expected a JSON object with "kind": "{KIND}", found {shown(said)}. '
            "Take one of a project with `labelwidgets template`."
        )
    if said.get("version") != VERSION:
        raise SchemaError(
            f"This template is of version {shown(said.get('version'))}, this labelwidgets reads {VERSION}: "
            "update labelwidgets, or take the template anew."
        )


def _know(name: object, known: Iterable[str], where: str) -> None:
    names = sorted(known)
    if name not in names:
        raise SchemaError(
            f"{shown(name)} is nothing that {where} says; it says {listed(names, 20)}. {did_you_mean(name, names)}".rstrip()
        )


def _wrong(name: str, expected: str, found: object) -> SchemaError:
    return SchemaError(f"{name} in a template is {expected}, found {shown(found)}.")


def _count(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise _wrong(name, "a whole number from 1", value)
    return value


def _word(name: str, value: Any) -> str | None:
    if value is not None and not isinstance(value, str):
        raise _wrong(name, "the name of a column, or null", value)
    return value


def _words(name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise _wrong(name, "a list of words", value)
    return tuple(value)


def _hosts(name: str, value: Any) -> tuple[str, ...]:
    """They end up in the policy of a published page: a template from elsewhere is not to write it."""
    from ..media.addresses import allowed_host

    words = _words(name, value)
    try:
        for word in words:
            allowed_host(word)
    except MediaError as error:
        raise SchemaError(f"In a template {error}") from error
    return words


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _wrong(name, "true or false", value)
    return value


def _types(name: str, value: Any) -> dict[str, Json]:
    if not isinstance(value, dict) or not all(isinstance(each, (str, dict)) for each in value.values()):
        raise _wrong(name, "an object with the type of each column", value)
    return value


def _groups(name: str, value: Any) -> tuple[Membership, ...]:
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise _wrong(name, "a list of objects, one for each group", value)
    groups = tuple(_group(each) for each in value)
    if len({each.subject for each in groups}) < len(groups):
        raise _wrong(name, "a list with each group once", [each.subject for each in groups])
    return groups


def _group(said: Mapping[str, Any]) -> Membership:
    for name in said:
        _know(name, ACCESS, "access to a group in a template")
    where = said.get("where")
    try:
        if where is not None:
            conditions.checked(where, where if isinstance(where, dict) else ())
        Role.named(said.get("role", "annotator"))
        return Membership(said.get("group"), said.get("role", "annotator"), True, where, said.get("goal"))  # type: ignore[arg-type]
    except UserError as error:
        raise SchemaError(f"access in a template: {error}") from error


_CHECKS = {
    "overlap": _count,
    "item": _word,
    "key": _word,
    "allow_hosts": _hosts,
    "shown": _words,
    "corrects": _flag,
    "columns": _types,
    "access": _groups,
}


def begin(
    template: Template,
    store: str | os.PathLike[str] | Store,
    name: str,
    *,
    data: Any = None,
    item: str | None = None,
    key: str | None = None,
    roots: Iterable[str] | None = None,
    user: User | str | None = None,
) -> Session:
    """Make a session of a template, open for its maker; the store is made when it is not there yet.

    Parameters
    ----------
    data : as for `Session`, optional
        Its items; what can't be taken of them is in the session's `added`.
    item, key : str, optional
        Columns of the data, where they are called otherwise than in the template.
    roots : iterable of str, optional
        Folders that pictures may be read from, as `media_roots` of a session.

    Raises
    ------
    SourceError, UserError
        The data lack a column that the template asks for, or can't be read; nothing is made.
    """
    item, key = item or template.item, key or template.key
    source = None if data is None else as_source(data, item, key, {})
    columns = template.columns if source is None else source.columns
    _check_columns(template, columns, source)
    settings = template.settings(item=item, key=key, columns=columns)
    made = open_store(store) if isinstance(store, (str, os.PathLike)) else store
    try:
        actor = User.of(user).id
        row = made.create_session(name, settings=settings, schema=template.schema.to_json(), actor=actor)
        for given in template.access:
            made.save_membership(row.id, given, actor=actor)
    finally:
        if made is not store:
            made.close()
    return Session(
        store, data=source, name=name, user=user, media_roots=None if roots is None else list(roots)
    )


def _check_columns(template: Template, columns: Mapping[str, Json], source: Source | None) -> None:
    """Refuse data that the template can't be used with, before anything is made of them."""
    from ..source import modality

    if source is None:
        return
    modality(source, template.schema)
    for column in filter(None, [template.order.column, *template.shown]):
        if column not in columns:
            raise SourceError(
                f"The template asks for column {column!r}; the data have {listed(columns, 20)}. Rename one of them."
            )
    for given in template.access:
        if given.where is not None:
            conditions.checked(given.where, columns)
