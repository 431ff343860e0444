"""1-D maths on arrays of intervals: overlap, union, gaps, snapping; serves texts, audio, series and video.

Intervals are rows `start, end`, half open, of one unit: code points of a text, seconds, samples or frames. Whole numbers
stay whole numbers. An interval whose end is not after its start is empty: it has a length of 0 and overlaps nothing.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]
"""Of int64 where all that went in are whole numbers, else of float64."""


def lengths(rows: ArrayLike) -> Array:
    """Lengths of intervals, 0 for empty ones: (n, 2) to (n,), in their unit."""
    start, end = _rows(rows).T
    return np.asarray(np.maximum(end - start, 0))


def overlap(a: ArrayLike, b: ArrayLike) -> Array:
    """Length that each interval shares with each other.

    Parameters
    ----------
    a, b : (n, 2) and (m, 2) arrays
        Intervals of one unit.

    Returns
    -------
    (n, m) array
        In that unit, 0 where they share nothing.
    """
    one, two = _rows(a)[:, None], _rows(b)[None]
    shared = np.minimum(one[..., 1], two[..., 1]) - np.maximum(one[..., 0], two[..., 0])
    return np.asarray(np.maximum(shared, 0))


def iou(a: ArrayLike, b: ArrayLike) -> NDArray[np.float64]:
    """Intersection over union of each interval with each other, in 0..1.

    Parameters
    ----------
    a, b : (n, 2) and (m, 2) arrays
        Intervals of one unit.

    Returns
    -------
    (n, m) array
        0 where both are empty. The measure is Jaccard's index of the two sets of points.
    """
    shared = overlap(a, b).astype(float)
    union = lengths(a)[:, None] + lengths(b)[None] - shared
    return np.asarray(np.divide(shared, union, out=np.zeros_like(shared), where=union > 0).clip(0, 1))


def clip(rows: ArrayLike, low: float, high: float) -> Array:
    """Parts of intervals that lie in [low, high): (n, 2) to (n, 2); those wholly outside become empty."""
    return np.asarray(np.clip(_rows(rows), low, high))


def merge(rows: ArrayLike, gap: float = 0) -> Array:
    """Union of intervals as the fewest that say the same.

    Parameters
    ----------
    rows : (n, 2) array
        In any order; empty ones say nothing.
    gap : float
        Intervals with no more than this between them become one; with 0 those that touch.

    Returns
    -------
    (k, 2) array
        In order, none touching the next; k <= n.
    """
    kept = _solid(rows)
    kept = kept[np.argsort(kept[:, 0], kind="stable")]
    if not len(kept):
        return kept
    reach = np.maximum.accumulate(kept[:, 1])
    first = np.append(True, kept[1:, 0] > reach[:-1] + gap)
    last = np.append(np.flatnonzero(first)[1:] - 1, len(kept) - 1)
    return np.stack([kept[first, 0], reach[last]], 1)


def covered(rows: ArrayLike) -> Any:
    """Length that intervals cover together, what several cover counted once: (n, 2) to a number of their unit."""
    return lengths(merge(rows)).sum()


def depth(rows: ArrayLike, points: ArrayLike) -> NDArray[np.int64]:
    """How many intervals cover each point: (n, 2) and (m,) to (m,)."""
    kept, at = _solid(rows), np.asarray(points)
    begun = np.searchsorted(np.sort(kept[:, 0]), at, side="right")
    return begun - np.searchsorted(np.sort(kept[:, 1]), at, side="right")


def gaps(rows: ArrayLike, low: float, high: float) -> Array:
    """What no interval covers of [low, high).

    Parameters
    ----------
    rows : (n, 2) array
        In any order; what reaches beyond low or high is left out of account.
    low, high : float
        The whole, in the same unit.

    Returns
    -------
    (k, 2) array
        In order, none empty; k <= n + 1.
    """
    whole = merge(clip(rows, low, high))
    edges = np.concatenate([[low], whole.ravel(), [high]]).reshape(-1, 2)
    return _solid(edges)


def nearest(points: ArrayLike, edges: ArrayLike) -> Array:
    """Nearest edge of each point.

    Parameters
    ----------
    points : (n,) array
    edges : (m,) array
        In order, at least one.

    Returns
    -------
    (n,) array
        The edges themselves; of two as near the lower.

    Raises
    ------
    ValueError
        When there is no edge.
    """
    at, known = np.asarray(points), np.asarray(edges)
    if not known.size:
        raise ValueError("expected at least one edge to snap to, found none")
    after = np.clip(np.searchsorted(known, at), 0, len(known) - 1)
    before = np.maximum(after - 1, 0)
    return np.asarray(known[np.where(at - known[before] <= known[after] - at, before, after)])


def snap(rows: ArrayLike, starts: ArrayLike, ends: ArrayLike | None = None) -> Array:
    """Intervals with their ends moved to the nearest edges, none of them empty thereby.

    Parameters
    ----------
    rows : (n, 2) array
        Intervals.
    starts, ends : (m,) and (k,) arrays
        Where intervals may begin and end, in order; the same edges when `ends` is left out. The last start lies
        before the last end.

    Returns
    -------
    (n, 2) array
        Where the nearest end is not after the nearest start, the first end after that start.

    Raises
    ------
    ValueError
        When no end lies after some start.
    """
    given, known = _rows(rows), np.asarray(starts if ends is None else ends)
    firsts = np.asarray(starts)[: -1 if ends is None else None]
    if (
        (firsts.size and not known.size)
        or (firsts.size and known[-1] <= firsts[-1])
        or (len(given) and not firsts.size)
    ):
        raise ValueError("expected an end after every start to snap to")
    if not len(given):
        return given
    start, end = nearest(given[:, 0], firsts), nearest(given[:, 1], known)
    least = known[np.searchsorted(known, start, side="right")]
    return np.stack([start, np.maximum(end, least)], 1)


def contained(rows: ArrayLike) -> tuple[int, int] | None:
    """Return the places of an interval and of one that it lies in (equal ones too), or None: O(n log n)."""
    given = _rows(rows)
    order = np.lexsort([-given[:, 1], given[:, 0]])
    widest = -1
    for place in order.tolist():
        if widest >= 0 and given[place, 1] <= given[widest, 1]:
            return place, widest
        widest = place  # reaches further than all before, else it would lie in one
    return None


def crossing(rows: ArrayLike) -> tuple[int, int] | None:
    """Return the places of two intervals that share a part while each has another of its own, or None: O(n log n)."""
    given = _rows(rows)
    order = np.lexsort([-given[:, 1], given[:, 0]])
    around: list[int] = []
    for place in order.tolist():
        while around and given[around[-1], 1] <= given[place, 0]:
            around.pop()
        if around and given[around[-1], 1] < given[place, 1]:
            return around[-1], place
        around.append(place)
    return None


def _rows(rows: ArrayLike) -> Array:
    given = np.asarray(rows)
    if given.size == 0:
        return np.zeros((0, 2), given.dtype if given.dtype.kind == "i" else np.int64)
    if given.shape != (len(given), 2):
        raise ValueError(f"expected intervals as an array of shape (n, 2), found shape {given.shape}")
    return given.astype(np.int64 if given.dtype.kind in "iub" else np.float64)


def _solid(rows: ArrayLike) -> Array:
    given = _rows(rows)
    return given[given[:, 1] > given[:, 0]]
