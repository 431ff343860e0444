"""What every region is: one thing found in an item, valid from birth."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from numbers import Integral, Real
from typing import Any, ClassVar, Self

from ..errors import LabelError, did_you_mean

LARGEST = 1e9
"""Coordinates beyond this are refused: float32 on the screen would have lost the pixel long before."""

LONGEST_ID = 200
"""Characters of a region's id."""

SHARED = ("label", "id", "score", "attributes")
"""Keys of the JSON of every region."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Region(ABC):
    """One thing found in an item.

    Attributes
    ----------
    label : str or None
        Name of a label of its field; None where the field has no labels.
    id : str or None
        Unique in its answer; a field's `check` gives one to regions that have none.
    score : float or None
        How sure the model is that made it, in 0..1; None when a person made it.
    attributes : dict
        Attribute name to value.
    """

    kind: ClassVar[str]
    dtypes: ClassVar[Mapping[str, str]]
    """Columns of `regions()` that are the shape's own, with their pandas dtypes."""

    label: str | None = None
    id: str | None = None
    score: float | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def _put_shared(
        self, label: str | None, id: str | None, score: float | None, attributes: Mapping[str, Any] | None
    ) -> None:
        self._put("label", label)
        self._put("id", id)
        self._put("score", score)
        self._put("attributes", {} if attributes is None else attributes)
        Region.__post_init__(self)

    def __post_init__(self) -> None:
        """Refuse what no region may be."""
        _text("label", self.label)
        _text("id", self.id)
        if self.id is not None and not (0 < len(self.id) <= LONGEST_ID and self.id.isprintable()):
            raise LabelError.refused(
                "id", self.id, f"1 to {LONGEST_ID} printable characters", "Leave it out to have one made."
            )
        if self.score is not None:
            self._put("score", number("score", self.score, 0.0, 1.0))
        if not isinstance(self.attributes, Mapping):
            raise LabelError.refused("attributes", self.attributes, "a dict of attribute names to values")
        self._put("attributes", dict(self.attributes))

    def _put(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    @classmethod
    @abstractmethod
    def from_json(cls, json: Any) -> Self:
        """Read a `RegionJson` of the wire; LabelError when it is none."""

    @abstractmethod
    def to_json(self) -> dict[str, Any]:
        """Return the region as `RegionJson` of the wire."""

    @classmethod
    def tidy(cls, json: Mapping[str, Any]) -> dict[str, Any]:
        """Return the shape's own cells of `regions()` for a region in JSON."""
        return {name: json[name] for name in cls.dtypes}

    @staticmethod
    def check_keys(json: Any, what: str, needed: Sequence[str], others: Sequence[str] = ()) -> None:
        """Refuse JSON that is no region of a kind.

        Parameters
        ----------
        json : object
            What was given.
        what : str
            The kind, with its article.
        needed, others : sequence of str
            The shape's own keys, those that must be there and those that may.

        Raises
        ------
        LabelError
            For what is no dict, and for keys that are unknown or missing.
        """
        if not isinstance(json, Mapping):
            raise LabelError.refused(
                "",
                json,
                f"{what} as a dict",
                f"Give a {what.rpartition(' ')[2].title()} or {{{', '.join(needed)}, label}}.",
            )
        known = (*needed, *others, *SHARED)
        for key in json:
            if key not in known:
                raise LabelError.refused("", key, f"the keys {', '.join(known)}", did_you_mean(key, known))
        missing = [key for key in needed if key not in json]
        if missing:
            expected = " and ".join([", ".join(needed[:-1]), needed[-1]] if len(needed) > 1 else needed)
            raise LabelError(
                f"{what} needs {expected}; {' and '.join(missing)} missing",
                found=dict(json),
                expected=expected,
            )

    def _told(self) -> list[str]:
        """Keywords that make the region's shared part again, for its repr."""
        return [f"{name}={value!r}" for name, value in self.said().items() if value not in (None, {})]

    def said(self) -> dict[str, Any]:
        """Return the part of the JSON that all regions share."""
        return {"id": self.id, "label": self.label, "score": self.score, "attributes": dict(self.attributes)}


def number(name: str, value: object, low: float, high: float) -> float:
    """Return a finite number in [low, high] as float; bool and text are none."""
    if isinstance(value, bool) or not isinstance(value, (Real, Integral)):
        raise LabelError.refused(name, value, "a number")
    expected = f"a finite number from {low:,.12g} to {high:,.12g}"
    try:
        result = float(value)
    except OverflowError:
        raise LabelError.refused(name, value, expected) from None
    if not isfinite(result) or not low <= result <= high:
        raise LabelError.refused(name, value, expected)
    return result


def whole(name: str, value: object, low: int, high: int) -> int:
    """Return a whole number in [low, high] as int; bool, float and text are none."""
    if isinstance(value, bool) or not isinstance(value, Integral) or not low <= int(value) <= high:
        raise LabelError.refused(name, value, f"a whole number from {low:,} to {high:,}")
    return int(value)


def _text(name: str, value: object) -> None:
    if value is not None and not isinstance(value, str):
        raise LabelError.refused(name, value, "text or None")
