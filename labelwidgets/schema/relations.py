"""Relations: what holds between the regions of another field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import KW_ONLY, dataclass, replace
from functools import cached_property, partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar

from ..errors import LabelError, SchemaError, did_you_mean, listed, shown
from ..labels import Region, Relation
from .checks import checked_column, checked_flag, checked_name
from .field import Field, Json, register
from .label import LABELS, Label
from .regions import RegionField

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..labels import Extent

Pair = tuple[str, str]

MOST_PAIRS = 10_000
"""Pairs of labels that one type may join."""


@dataclass(frozen=True, slots=True)
class RelationType(Label):
    """A label of relations, and what it may join.

    Parameters
    ----------
    directed : bool, keyword
        Whether source and target are told apart.
    chain : bool
        Whether it joins two or more members, as coreference does, instead of two; chains have no direction.
    pairs : sequence of (str, str)
        (Label of the source, label of the target) that it may join, undirected both ways; () = any. All members of a
        chain must be such pairs.
    """

    keys: ClassVar[tuple[str, ...]] = (*Label.keys, "directed", "chain", "pairs")

    _: KW_ONLY
    directed: bool = True
    chain: bool = False
    pairs: tuple[Pair, ...] = ()

    def __post_init__(self) -> None:
        """Check the words, as of any label, and the pairs."""
        Label.__post_init__(self)
        put, what = partial(object.__setattr__, self), f"of relation {self.name!r}"
        put("chain", checked_flag(self.chain, f"chain {what}"))
        put("directed", checked_flag(self.directed, f"directed {what}") and not self.chain)
        put("pairs", _pairs(self.pairs, what))

    def joins(self, one: str | None, other: str | None) -> bool:
        """Whether a relation may lead from a region with one label to one with another."""
        if not self.pairs or (one, other) in self.pairs:
            return True
        return not self.directed and (other, one) in self.pairs

    def to_json(self) -> dict[str, Json]:
        """Return what differs from a label, and all that makes it one of relations."""
        rules = {"directed": self.directed, "chain": self.chain, "pairs": [list(pair) for pair in self.pairs]}
        return Label.to_json(self) | rules

    def wire(self, id: str | None = None) -> dict[str, Json]:
        """Return the label as `RelationTypeJson` of the wire."""
        rules = {"directed": self.directed, "chain": self.chain, "pairs": [list(pair) for pair in self.pairs]}
        return Label.wire(self, id) | rules


LABELS.append(RelationType)


@register
@dataclass(frozen=True, init=False)
class Relations(RegionField):
    """Relations between the regions of another field, and chains of them.

    Values are lists of `Relation`, whose members are ids of regions in the same answer; in JSON lists of
    `RelationJson`.

    Parameters
    ----------
    labels : sequence of str, Label or RelationType
        What relations there are; a bare name is directed and joins anything.
    between : str
        Name of the field whose regions are joined.
    attributes : sequence of Field
        What else to say of each relation.
    min_count, max_count : int, int or None
        How many relations an answer has.

    Raises
    ------
    SchemaError
        For a field without labels, besides what any field refuses.
    """

    kind: ClassVar[str] = "relations"
    region_type: ClassVar[type[Region]] = Relation
    needs: ClassVar[tuple[str, ...]] = ("between",)

    labels: tuple[RelationType, ...]
    between: str

    def __init__(
        self,
        name: str,
        labels: Sequence[str | Label],
        *,
        between: str,
        attributes: Sequence[Field] = (),
        min_count: int = 0,
        max_count: int | None = None,
        required: bool = True,
        title: str = "",
        help: str = "",
    ) -> None:
        super().__init__(
            name,
            labels,
            attributes=attributes,
            min_count=min_count,
            max_count=max_count,
            required=required,
            title=title,
            help=help,
        )
        self._put(
            labels=tuple(map(_typed, self.labels)),
            between=checked_column(between, f"between of field {name!r}"),
        )
        if not self.labels:
            raise SchemaError(
                f"field {name!r} has no labels; give at least one, as in Relations({name!r}, ['works for'], between='entities')"
            )

    @cached_property
    def _types(self) -> dict[str | None, RelationType]:
        return {label.name: label for label in self.labels}

    # -- in its schema -------------------------------------------------------------------------------------

    def check_beside(self, fields: Mapping[str, Field]) -> None:
        """Refuse a schema in which there is nothing to join, or pairs name labels that there are not."""
        joined = fields.get(self.between)
        if not isinstance(joined, RegionField) or isinstance(joined, Relations):
            known = [name for name, field in fields.items() if field.regions and name != self.name]
            near = did_you_mean(self.between, known)
            raise SchemaError(
                f"field {self.name!r} joins regions of {self.between!r}, which is no field with regions; there are "
                f"{listed(known) or 'none'}. {near}".rstrip()
            )
        names = [label.name for label in joined.labels]
        for label in self.labels:
            for name in (name for pair in label.pairs for name in pair):
                if name not in names:
                    raise SchemaError(
                        f"relation {label.name!r} of field {self.name!r} joins {name!r}, which is no label of field "
                        f"{self.between!r}; it has {listed(names)}. {did_you_mean(name, names)}".rstrip()
                    )

    def followed(self, read: Callable[[Mapping[str, Json]], Mapping[str, Json]]) -> Field:
        """Return the field after the one it joins, or its labels, changed."""
        moved = read({self.between: [{"label": None, "attributes": {}}]})
        if not moved:
            raise SchemaError(
                f"field {self.name!r} joins the regions of {self.between!r}: remove {self.name!r} first"
            )
        between = next(iter(moved))
        return self.changed(between=between, labels=[self._led(label, read) for label in self.labels])

    def _led(
        self, label: RelationType, read: Callable[[Mapping[str, Json]], Mapping[str, Json]]
    ) -> RelationType:
        """Return a type whose pairs name the labels of now; pairs of a removed label are gone."""
        pairs = [(self._now(one, read), self._now(other, read)) for one, other in label.pairs]
        kept = tuple(
            dict.fromkeys((one, other) for one, other in pairs if one is not None and other is not None)
        )
        if label.pairs and not kept:
            raise SchemaError(
                f"relation {label.name!r} of field {self.name!r} would have nothing left to join: remove it first"
            )
        return label if kept == label.pairs else replace(label, pairs=kept)

    def _now(self, name: str, read: Callable[[Mapping[str, Json]], Mapping[str, Json]]) -> str | None:
        left = next(iter(read({self.between: [{"label": name, "attributes": {}}]}).values()))
        return left[0]["label"] if left else None

    def kept(self, value: Json, values: Mapping[str, Json]) -> Json:
        """Return relations in JSON without members that are gone; those with fewer than two members drop."""
        there = {region.get("id") for region in values.get(self.between) or ()}
        left = [
            item | {"members": [member for member in item["members"] if member in there]}
            for item in value or ()
        ]
        whole = [new for new, old in zip(left, value or (), strict=True) if self._survives(new, old)]
        return None if value is None else whole

    def _survives(self, new: Mapping[str, Json], old: Mapping[str, Json]) -> bool:
        label = self._types.get(new.get("label"))
        least = 2 if label is not None and label.chain else len(old["members"])
        return len(new["members"]) >= least

    # -- values --------------------------------------------------------------------------------------------

    def check_region(self, region: Relation) -> None:
        """Refuse more than two members of what is no chain."""
        label = self._types[region.label]
        if not label.chain and region.source is None:
            expected = f"two members, since {label.name!r} is no chain"
            raise LabelError.refused("members", region.members, expected)

    def check_geometry(self, regions: Sequence[Relation], extent: Extent) -> None:
        """Refuse what is said twice."""
        del extent
        said: dict[object, int] = {}
        for place, region in enumerate(regions):
            told = self._types[region.label].directed
            meant = (region.label, region.members if told else frozenset(region.members))
            if meant in said:
                raise LabelError(
                    f"expected each relation once, found it at {self.name}[{said[meant]}] too. Remove one of them.",
                    field=f"{self.name}[{place}]",
                    found=region,
                    expected="each relation once",
                )
            said[meant] = place

    def check_with(self, value: Any, values: Mapping[str, Any]) -> Any:
        """Refuse members that are no regions of the other field, and pairs that may not be joined."""
        labels = {region.id: region.label for region in values.get(self.between) or ()}
        for place, relation in enumerate(value or ()):
            try:
                self._check_members(relation, labels)
            except LabelError as error:
                raise error.within(f"{self.name}[{place}]") from None
        return value

    def _check_members(self, relation: Relation, labels: Mapping[str, str | None]) -> None:
        for member in relation.members:
            if member not in labels:
                expected = f"ids of regions in {self.between!r}"
                raise LabelError.refused(
                    "members", member, expected, "Give the region an id and name it here."
                )
        label = self._types[relation.label]
        ends = [labels[member] for member in relation.members]
        steps = set(pairwise(ends))
        wrong = next((step for step in steps if not label.joins(*step)), None)
        if wrong:
            expected = f"{label.name!r} to join {_written(label)}"
            found = " and ".join(map(shown, wrong)) if not label.directed else " to ".join(map(shown, wrong))
            raise LabelError(
                f"expected {expected}, found {found}.", field="members", found=found, expected=expected
            )


def _typed(label: Label) -> RelationType:
    if isinstance(label, RelationType):
        return label
    return RelationType(**{key: getattr(label, key) for key in Label.keys})


def _written(label: RelationType) -> str:
    sign = " to " if label.directed else " and "
    return " or ".join(sign.join(map(repr, pair)) for pair in label.pairs[:8])


def _pairs(given: object, what: str) -> tuple[Pair, ...]:
    if isinstance(given, (str, Mapping)) or not isinstance(given, Iterable):
        raise SchemaError(f"pairs {what} must be a list of (source, target), found {shown(given)}")
    pairs = tuple(_pair(pair, what) for pair in given)
    if len(pairs) > MOST_PAIRS:
        raise SchemaError(f"pairs {what} are {len(pairs):,}; {MOST_PAIRS:,} are the most")
    return tuple(dict.fromkeys(pairs))


def _pair(given: object, what: str) -> Pair:
    if isinstance(given, str) or not isinstance(given, (list, tuple)) or len(given) != 2:  # noqa: PLR2004 - source and target
        raise SchemaError(
            f"a pair {what} is (label of the source, label of the target), found {shown(given)}"
        )
    return checked_name(given[0], f"a pair {what}"), checked_name(given[1], f"a pair {what}")
