"""Relations: what holds between regions of another field."""

from __future__ import annotations

import json as jsonlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from ..errors import LabelError
from .region import LONGEST_ID, Region

MOST_MEMBERS = 10_000
"""Members of one chain."""

PAIR = 2


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Relation(Region):
    """Something that holds between two regions, or joins a chain of them.

    Parameters
    ----------
    source, target : str or Region
        The two regions, or their ids; a region must have an id.
    members : sequence of str or Region
        Instead of the two: all that are joined, two or more, each once.

    Raises
    ------
    LabelError
        For members that are not ids, come twice or are fewer than two, or a score outside 0..1.

    Examples
    --------
    >>> ann, acme = Span(0, 3, label="PER", id="a"), Span(13, 17, label="ORG", id="b")
    >>> Relation(ann, acme, label="works for").members
    ('a', 'b')
    >>> Relation(members=["a", "b", "c"], label="same").target is None
    True
    """

    kind: ClassVar[str] = "relation"
    dtypes: ClassVar[Mapping[str, str]] = {"members": "string", "source": "string", "target": "string"}

    members: tuple[str, ...] = ()

    def __init__(
        self,
        source: str | Region | None = None,
        target: str | Region | None = None,
        *,
        members: Iterable[str | Region] | None = None,
        label: str | None = None,
        id: str | None = None,
        score: float | None = None,
        attributes: Mapping[str, Any] | None = None,
    ) -> None:
        if (source is None) != (target is None) or (source is None) == (members is None):
            raise LabelError.refused("members", members, "either a source and a target, or members")
        self._put("members", _members((source, target) if members is None else members))
        self._put_shared(label, id, score, attributes)

    @property
    def source(self) -> str | None:
        """Id of the first of two members; None for a chain of more."""
        return self.members[0] if len(self.members) == PAIR else None

    @property
    def target(self) -> str | None:
        """Id of the second of two members; None for a chain of more."""
        return self.members[1] if len(self.members) == PAIR else None

    def __repr__(self) -> str:
        """Return the call that makes the relation."""
        pair = [repr(member) for member in self.members]
        ends = pair if len(pair) == PAIR else [f"members=[{', '.join(pair)}]"]
        return f"Relation({', '.join(ends + self._told())})"

    def to_json(self) -> dict[str, Any]:
        """Return the relation as `RelationJson` of the wire."""
        return self.said() | {"members": list(self.members)}

    @classmethod
    def from_json(cls, json: Any) -> Self:
        """Read a `RelationJson`; all but `members` may be absent.

        Raises
        ------
        LabelError
            For missing or unknown keys, besides what a relation refuses at birth.
        """
        cls.check_keys(json, "a relation", ("members",))
        return cls(**json)

    @classmethod
    def tidy(cls, json: Mapping[str, Any]) -> dict[str, Any]:
        """Return the shape's own cells of `regions()`; members as JSON text, source and target of two."""
        members = json.get("members") or []
        source, target = members if len(members) == PAIR else (None, None)
        return {"members": jsonlib.dumps(members, ensure_ascii=False), "source": source, "target": target}


def _members(given: object) -> tuple[str, ...]:
    if isinstance(given, (str, Mapping)) or not isinstance(given, Iterable):
        raise LabelError.refused("members", given, "a list of ids of regions")
    members = tuple(_member(member) for member in given)
    if not PAIR <= len(members) <= MOST_MEMBERS:
        raise LabelError.refused("members", members, f"{PAIR} to {MOST_MEMBERS:,} members")
    if len(set(members)) < len(members):
        raise LabelError.refused("members", members, "each member once")
    return members


def _member(given: object) -> str:
    name = given.id if isinstance(given, Region) else given
    if not isinstance(name, str) or not 0 < len(name) <= LONGEST_ID:
        remedy = "Give the region an id, as in Span(0, 3, id='a')." if isinstance(given, Region) else ""
        raise LabelError.refused("members", given, "ids of regions", remedy)
    return name
