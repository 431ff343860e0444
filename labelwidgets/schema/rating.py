"""Rating: a whole number of stars."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ..errors import LabelError
from ..labels import number
from .checks import checked_count
from .field import Field, register

if TYPE_CHECKING:
    from ..labels import Extent

MOST_STARS = 10


@register
@dataclass(frozen=True, init=False)
class Rating(Field):
    """A whole number from 1 to `max`; values are ints.

    Parameters
    ----------
    max : int
        The best rating, 2 to 10.
    """

    kind: ClassVar[str] = "rating"

    max: int

    def __init__(
        self, name: str, max: int = 5, *, required: bool = True, title: str = "", help: str = ""
    ) -> None:
        super().__init__(name, title=title, help=help, required=required)
        self._put(max=checked_count(max, f"max of field {name!r}", 2, MOST_STARS))

    @property
    def dtype(self) -> str:
        """A nullable integer."""
        return "Int64"

    @property
    def digits(self) -> tuple[str, ...]:
        """One key per star, up to 9."""
        return tuple(map(str, range(1, min(self.max, 9) + 1)))

    def remedy(self) -> str:
        """Say how to answer."""
        return f"Give a whole number from 1 to {self.max}."

    def _check(self, value: object, extent: Extent) -> int:
        del extent
        stars = number(self.name, value, 1, self.max)
        if stars != int(stars):
            raise LabelError.refused(self.name, value, f"a whole number from 1 to {self.max}", self.remedy())
        return int(stars)
