"""Turns: what is said of a turn of a dialogue as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from .region import Region, whole

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_TURNS = 1_000_000
"""Turns of a dialogue; no number lies beyond."""


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Turn(Region):
    """Something said of one turn of a dialogue.

    Parameters
    ----------
    turn : int
        Its place in the dialogue, from 0: `dialogue[turn]` is the turn.

    Raises
    ------
    LabelError
        For a place that is no whole number from 0, or a score outside 0..1.

    Examples
    --------
    >>> Turn(2, label="question")
    Turn(2, label='question')
    """

    kind: ClassVar[str] = "turn"
    dtypes: ClassVar[Mapping[str, str]] = {"turn": "Int64"}

    turn: int = 0

    def __init__(
        self,
        turn: int,
        *,
        label: str | None = None,
        id: str | None = None,
        score: float | None = None,
        attributes: Mapping[str, Any] | None = None,
    ) -> None:
        self._put("turn", whole("turn", turn, 0, MOST_TURNS))
        self._put_shared(label, id, score, attributes)

    def __repr__(self) -> str:
        """Return the call that makes it."""
        return f"Turn({', '.join([str(self.turn), *self._told()])})"

    def to_json(self) -> dict[str, Any]:
        """Return it as `TurnLabelJson` of the wire."""
        return self.said() | {"turn": self.turn}

    @classmethod
    def from_json(cls, json: Any) -> Self:
        """Read a `TurnLabelJson`; all but `turn` may be absent.

        Raises
        ------
        LabelError
            For missing or unknown keys, besides what it refuses at birth.
        """
        cls.check_keys(json, "a turn", ("turn",))
        return cls(**json)
