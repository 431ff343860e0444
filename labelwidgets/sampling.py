"""Which task comes next: an order gives every row its position when it is added."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from math import isfinite
from numbers import Real
from typing import Any, ClassVar, Self

from .errors import SourceError, did_you_mean, listed, shown

LAST = 1e300
"""Position of rows that have no value to be ordered by; finite, so that it is a number in JSON too."""


@dataclass(frozen=True, slots=True)
class Order:
    """The way through the tasks of a session; larger priority goes before any of it.

    Attributes
    ----------
    kind : str
        "given", "random" or "by".
    seed : int
        Of a random order.
    column : str
        Of an order by column.
    descending : bool
        Whether the largest value comes first.
    """

    kinds: ClassVar[tuple[str, ...]] = ("given", "random", "by")

    kind: str = "given"
    seed: int = 0
    column: str = ""
    descending: bool = False

    def __post_init__(self) -> None:
        """Refuse orders that there are not."""
        if self.kind not in self.kinds:
            raise SourceError(
                f"unknown order {shown(self.kind)}; orders are {listed(self.kinds)}. {did_you_mean(self.kind, self.kinds)}".rstrip()
            )
        if isinstance(self.seed, bool) or not isinstance(self.seed, int):
            raise SourceError(f"the seed of an order must be an integer, found {shown(self.seed)}")
        if self.kind == "by" and not (isinstance(self.column, str) and self.column):
            raise SourceError(
                f"an order by column needs the column's name, as in by('score'); found {shown(self.column)}"
            )

    def position(self, number: int, key: str, data: Mapping[str, Any]) -> float:
        """Place of a row: smaller comes first.

        Parameters
        ----------
        number : int
            Row number in the source.
        key : str
            The task's key: a random order depends on nothing else, so rows added later leave the others in place.
        data : dict
            The row's columns.

        Raises
        ------
        SourceError
            When the row has no such column, or neither a number nor a date in it.
        """
        if self.kind == "random":
            digest = sha256(f"{self.seed}:{key}".encode("utf-8", "surrogatepass")).digest()
            return int.from_bytes(digest[:8]) / 2**64
        return float(number) if self.kind == "given" else self._ranked(data)

    def _ranked(self, data: Mapping[str, Any]) -> float:
        if self.column not in data:
            raise SourceError(
                f"no column {self.column!r} to order by; there are {listed(map(str, data))}. {did_you_mean(self.column, map(str, data))}".rstrip()
            )
        value = _number(data[self.column], self.column)
        if value is None:
            return LAST
        return -value if self.descending else value

    def to_json(self) -> dict[str, Any]:
        """Return everything `from_json` needs."""
        if self.kind == "random":
            return {"kind": self.kind, "seed": self.seed}
        if self.kind == "by":
            return {"kind": self.kind, "column": self.column, "descending": self.descending}
        return {"kind": self.kind}

    @classmethod
    def from_json(cls, json: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote.

        Raises
        ------
        SourceError
            For what is no order.
        """
        if not isinstance(json, Mapping) or not json.keys() <= {"kind", "seed", "column", "descending"}:
            raise SourceError(f"an order is a dict with kind and seed or column, found {shown(json)}")
        return cls(**json)


def given() -> Order:
    """Go through the rows as the source gives them."""
    return Order()


def random(seed: int = 0) -> Order:
    """Go through the rows in an order that only the seed and each row's key decide."""
    return Order("random", seed=seed)


def by(column: str, *, descending: bool = False) -> Order:
    """Go through the rows by the numbers or dates of a column, smallest first; rows without a value come last."""
    return Order("by", column=column, descending=descending)


def as_order(value: Order | str | None) -> Order:
    """Return an order as it is, the given one for None, or "given" or "random" by name.

    Raises
    ------
    SourceError
        For anything else.
    """
    if value is None or isinstance(value, Order):
        return value or given()
    names = {"given": given, "random": random}
    if isinstance(value, str) and value in names:
        return names[value]()
    raise SourceError(
        f"order must be 'given', 'random' or an order such as sampling.by('score'), found {shown(value)}"
    )


def _number(value: object, column: str) -> float | None:
    if value is None or value != value:  # noqa: PLR0124 - NaN and NaT are unequal to themselves
        return None
    try:
        if isinstance(value, Real):
            result = float(value)
        else:
            when = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
            result = (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        raise SourceError(
            f"column {column!r} can't be ordered by: expected a number or a date, found {shown(value)}"
        ) from None
    return result if isfinite(result) and abs(result) < LAST else None
