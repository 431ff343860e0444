"""Pairwise: which of two is better."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from ..errors import LabelError, SchemaError, did_you_mean, listed, shown
from .checks import checked_prose, checked_source
from .field import Field, Json, register
from .label import Label, as_labels, labels_from_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..labels import Extent, Item

SIDES = 2

VERDICTS = (
    Label("a", title="A is better"),
    Label("b", title="B is better"),
    Label("tie", title="Equally good"),
    Label("bad", title="Both bad"),
)
"""What can be said of two sides unless the schema says otherwise."""


@register
@dataclass(frozen=True, init=False)
class Pairwise(Field):
    """Which of two is better; values are an option's name, in JSON the same.

    Parameters
    ----------
    columns : (str, str), optional
        Columns of the data that hold the two sides of each row.
    texts : (str, str), optional
        Instead of them the two sides themselves, when they are the same for all rows.
    options : sequence of str or Label
        The first two are the sides in order, the others say neither; default a, b, tie and bad (both bad).

    Raises
    ------
    SchemaError
        When neither or both of columns and texts are given, or there are fewer than two options.
    """

    kind: ClassVar[str] = "pairwise"
    labels_in: ClassVar[str] = "options"

    columns: tuple[str, str] | None
    texts: tuple[str, str] | None
    options: tuple[Label, ...]

    def __init__(
        self,
        name: str,
        columns: Sequence[str] | None = None,
        *,
        texts: Sequence[str] | None = None,
        options: Sequence[str | Label] = VERDICTS,
        required: bool = True,
        title: str = "",
        help: str = "",
    ) -> None:
        super().__init__(name, title=title, help=help, required=required)
        if (columns is None) is (texts is None):
            raise SchemaError(
                f"field {name!r} compares either two columns, as in Pairwise({name!r}, ['answer_a', 'answer_b']), or two "
                f"texts, as in Pairwise({name!r}, texts=['left', 'right'])"
            )
        self._put(
            columns=_two(columns, f"columns of field {name!r}", checked_source),
            texts=_two(texts, f"texts of field {name!r}", checked_prose),
            options=as_labels(options, f"field {name!r}"),
        )
        if len(self.options) < SIDES:
            raise SchemaError(
                f"field {name!r} has {len(self.options)} options; give at least two options, the sides in order, as in "
                "options=['a', 'b', 'tie']"
            )

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(option.name for option in self.options)

    @property
    def sources(self) -> tuple[str, ...]:
        """The columns with the two sides."""
        return self.columns or ()

    def remedy(self) -> str:
        """Say how to answer."""
        return f"Give one of {listed(option.name for option in self.options)}."

    def _check(self, value: object, extent: Extent) -> str:
        del extent
        if isinstance(value, str) and value in self._names:
            return str(value)
        names = [option.name for option in self.options]
        raise LabelError.refused(self.name, value, f"one of {listed(names)}", did_you_mean(value, names))

    def check_item(self, item: Item) -> None:
        """Refuse a row that lacks one of the two sides."""
        for column in self.columns or ():
            if item.data.get(column) is None:
                raise LabelError.refused(f"column {column!r}", None, f"a side to compare by {self.name!r}")

    @classmethod
    def arguments(cls, json: dict[str, Json]) -> dict[str, Any]:
        """Turn the JSON's values into arguments of the constructor."""
        return json | {"options": labels_from_json(json["options"])}

    def wire(self, labels: Sequence[Label] = ()) -> dict[str, Json]:
        """Return `PairwiseJson`."""
        return super().wire() | {"options": [label.wire() for label in labels or self.colored()]}


def _two(given: Any, what: str, check: Any) -> tuple[str, str] | None:
    if given is None:
        return None
    if not isinstance(given, (list, tuple)) or len(given) != SIDES or None in given:
        raise SchemaError(f"{what} must be two texts, found {shown(given)}")
    first, second = (check(each, what) for each in given)
    return first, second
