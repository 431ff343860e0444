"""Whether spans lie in each other's way: one in another, or two across each other; of spans in parts their characters count."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from .. import intervals
from ..errors import LabelError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..labels import Span

MOST_PAIRS = 500_000
"""Pairs of spans in parts that may lie over each other where a rule speaks of them: more is no person's work."""


def pair_of(regions: Sequence[Span], *, nested: bool) -> tuple[int, int] | None:
    """Return the places of two spans that are in each other's way, None when there are none.

    Parameters
    ----------
    regions : sequence of Span
        Of one text.
    nested : bool
        Whether a span that lies in another is sought, its place first (equal spans too), or two that share characters while
        each has others of its own.

    Raises
    ------
    LabelError
        Spans in parts lie over each other too often to be compared.
    """
    if not any(span.parts for span in regions):
        rows = [(span.start, span.end) for span in regions]
        return intervals.contained(rows) if nested else intervals.crossing(rows)
    sizes = [sum(end - start for start, end in span.stretches()) for span in regions]
    for (one, other), shared in _shared(regions).items():
        if (shared in (sizes[one], sizes[other])) is nested:
            return (one, other) if shared == sizes[one] else (other, one)
    return None


def _shared(regions: Sequence[Span]) -> dict[tuple[int, int], int]:
    """How many characters spans share, by the places of the two; only those that share any."""
    pieces = sorted(
        (start, end, place) for place, span in enumerate(regions) for start, end in span.stretches()
    )
    shared: Counter[tuple[int, int]] = Counter()
    reaching: list[tuple[int, int]] = []
    for start, end, place in pieces:
        reaching = [(last, other) for last, other in reaching if last > start]
        for last, other in reaching:
            shared[min(other, place), max(other, place)] += min(last, end) - start
        reaching.append((end, place))
        if len(shared) > MOST_PAIRS:
            raise LabelError(
                f"expected fewer than {MOST_PAIRS:,} pairs of spans over each other, found more. Remove some.",
                found=len(shared),
                expected=f"fewer than {MOST_PAIRS:,} pairs",
            )
    return shared
