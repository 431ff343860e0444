"""Number: a measure, a count, a score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ..errors import LabelError, SchemaError
from ..labels import number
from .checks import LARGEST_NUMBER, checked_number, checked_prose
from .field import Field, register

if TYPE_CHECKING:
    from ..labels import Extent

LONGEST_UNIT = 40


@register
@dataclass(frozen=True, init=False)
class Number(Field):
    """A finite number; values are floats.

    Parameters
    ----------
    min, max : float or None
        Smallest and largest value.
    step : float or None
        Values are whole steps away from `min` (from 0 without it).
    unit : str
        Shown beside the number, such as "mm".
    """

    kind: ClassVar[str] = "number"

    min: float | None
    max: float | None
    step: float | None
    unit: str

    def __init__(
        self,
        name: str,
        min: float | None = None,
        max: float | None = None,
        step: float | None = None,
        unit: str = "",
        *,
        required: bool = True,
        title: str = "",
        help: str = "",
    ) -> None:
        super().__init__(name, title=title, help=help, required=required)
        self._put(
            min=None if min is None else checked_number(min, f"min of field {name!r}"),
            max=None if max is None else checked_number(max, f"max of field {name!r}"),
            step=None if step is None else checked_number(step, f"step of field {name!r}", above=0),
            unit=checked_prose(unit, f"unit of field {name!r}", LONGEST_UNIT),
        )
        if self.min is not None and self.max is not None and self.min > self.max:
            raise SchemaError(f"min of field {name!r} ({self.min:g}) is larger than its max ({self.max:g})")

    @property
    def dtype(self) -> str:
        """A nullable float."""
        return "Float64"

    def remedy(self) -> str:
        """Say how to answer."""
        return f"Give a number{self._allowed()}."

    def _allowed(self) -> str:
        unit = f" {self.unit}" if self.unit else ""
        bounds = [
            f"{word} {limit:.12g}{unit}"
            for word, limit in (("from", self.min), ("to", self.max))
            if limit is not None
        ]
        return "".join(f" {bound}" for bound in bounds) + (
            f" in steps of {self.step:.12g}" if self.step else ""
        )

    def _check(self, value: object, extent: Extent) -> float:
        del extent
        measure = number(self.name, value, -LARGEST_NUMBER, LARGEST_NUMBER)
        low, high = self.min, self.max
        outside = (low is not None and measure < low) or (high is not None and measure > high)
        if outside or not self._on_step(measure):
            raise LabelError.refused(self.name, value, f"a number{self._allowed()}", self.remedy())
        return measure

    def _on_step(self, measure: float) -> bool:
        if self.step is None:
            return True
        steps = (measure - (self.min or 0.0)) / self.step
        return abs(steps - round(steps)) <= 1e-9 * (1.0 + abs(steps))
