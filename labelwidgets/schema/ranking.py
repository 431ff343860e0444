"""Ranking: an order of options, or of texts that each row brings along, best first."""

from __future__ import annotations

import json as jsonlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from ..errors import LabelError, SchemaError, did_you_mean, listed
from ..labels import Item
from .checks import checked_count, checked_source
from .field import Field, Json, register
from .label import Label, as_labels, labels_from_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..labels import Extent

LEAST = 2
"""Things of which there is an order."""
MOST_RANKED = 1000
LONGEST_ID = 200


@register
@dataclass(frozen=True, init=False)
class Ranking(Field):
    """An order, best first; values are lists of ids, in JSON the same.

    Parameters
    ----------
    options : sequence of str or Label
        What is ranked; left out when each row brings its own.
    column : str, optional
        Column of the data with a list of what is ranked: texts, or dicts with `id` and `text`. A text without an id
        has its place in the list as id: "0", "1", ...
    top : int, optional
        How many are ranked; all when left out, or when there are not as many.

    Raises
    ------
    SchemaError
        When neither or both of options and column are given.
    """

    kind: ClassVar[str] = "ranking"
    labels_in: ClassVar[str] = "options"

    options: tuple[Label, ...]
    column: str | None
    top: int | None

    def __init__(
        self,
        name: str,
        options: Sequence[str | Label] = (),
        *,
        column: str | None = None,
        top: int | None = None,
        required: bool = True,
        title: str = "",
        help: str = "",
    ) -> None:
        super().__init__(name, title=title, help=help, required=required)
        self._put(
            options=as_labels(options, f"field {name!r}"),
            column=checked_source(column, f"column of field {name!r}"),
            top=None if top is None else checked_count(top, f"top of field {name!r}", 1, MOST_RANKED),
        )
        if bool(self.options) is (column is not None):
            raise SchemaError(
                f"field {name!r} ranks either options, as in Ranking({name!r}, ['a', 'b']), or what each row brings "
                f"along, as in Ranking({name!r}, column='answers')"
            )

    @property
    def in_json(self) -> bool:
        """Whether a cell of the field's column holds JSON text: a list of ids."""
        return True

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(option.name for option in self.options)

    @property
    def sources(self) -> tuple[str, ...]:
        """The column with what is ranked."""
        return () if self.column is None else (self.column,)

    def remedy(self) -> str:
        """Say how to answer."""
        what = listed(self._names) if self.options else f"the ids of column {self.column!r}"
        return f"Give a list of {what}, best first."

    def _check(self, value: object, extent: Extent) -> list[str] | None:
        if not isinstance(value, (list, tuple)) or not all(isinstance(each, str) for each in value):
            raise LabelError.refused(self.name, value, "a list of ids, best first", self.remedy())
        ranked = [str(each) for each in value]
        if not ranked and not self.required:
            return None
        known = self._offered(extent)
        self._check_names(ranked, known)
        self._check_count(ranked, known)
        return ranked

    def check_item(self, item: Item) -> None:
        """Refuse a row that brings nothing along to be ranked, or one id twice."""
        if self.column is None:
            return
        ids = offered(item.data.get(self.column))
        if len(ids) < LEAST or len(set(ids)) < len(ids):
            expected = f"a list of at least {LEAST} texts, or of dicts with text and an id of their own"
            raise LabelError.refused(f"column {self.column!r}", item.data.get(self.column), expected)

    def _offered(self, extent: Extent) -> tuple[str, ...] | None:
        """Ids that can be ranked; None where the row is not known."""
        if self.column is None:
            return self._names
        data = Item.of(extent).data
        return offered(data.get(self.column)) if self.column in data else None

    def _check_names(self, ranked: list[str], known: tuple[str, ...] | None) -> None:
        if len(set(ranked)) < len(ranked):
            raise LabelError.refused(self.name, ranked, "each id once", "Remove the repeats.")
        strange = [
            name for name in ranked if (known is not None and name not in known) or len(name) > LONGEST_ID
        ]
        if strange:
            near = did_you_mean(strange[0], known or ())
            expected = f"ids of {listed(known)}" if known else "ids of what the row brings along"
            raise LabelError.refused(self.name, strange[0], expected, near)

    def _check_count(self, ranked: list[str], known: tuple[str, ...] | None) -> None:
        least = 1 if known is None else min(len(known), self.top or len(known))
        most = self.top or (MOST_RANKED if known is None else len(known))
        if not min(least, most) <= len(ranked) <= most:
            expected = f"{most:,} ranked" if least >= most else f"{least:,} to {most:,} ranked"
            raise LabelError(
                f"expected {expected}, found {len(ranked):,}. {self.remedy()}",
                field=self.name,
                found=ranked,
                expected=expected,
            )

    def cell(self, json: Json) -> object:
        """Return the ids as JSON text."""
        return None if json is None else jsonlib.dumps(json, ensure_ascii=False)

    @classmethod
    def arguments(cls, json: dict[str, Json]) -> dict[str, Any]:
        """Turn the JSON's values into arguments of the constructor."""
        return json | {"options": labels_from_json(json["options"])}

    def wire(self, labels: Sequence[Label] = ()) -> dict[str, Json]:
        """Return `RankingJson`."""
        return super().wire() | {"options": [label.wire() for label in labels or self.colored()]}


def offered(given: object) -> tuple[str, ...]:
    """Return the ids of what a row brings along to be ranked; () for what is no list."""
    if not isinstance(given, (list, tuple)):
        return ()
    named = [each.get("id") if isinstance(each, Mapping) else None for each in given]
    return tuple(str(place if name is None else name) for place, name in enumerate(named))
