"""2-D maths on arrays of boxes: corners, bounds, areas, clipping, overlap.

Upright boxes are rows `x, y, width, height`, turned ones have the angle as a fifth number: degrees clockwise (y points
down) about the centre, `x, y` being the top left corner before the turn. All lengths are pixels.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Point = tuple[float, float]


def corners(boxes: ArrayLike) -> Array:
    """Corners of turned boxes.

    Parameters
    ----------
    boxes : (n, 5) array
        x, y, width, height in pixels, angle in degrees.

    Returns
    -------
    (n, 4, 2) array
        x, y in pixels, clockwise on the screen from the corner that is top left before the turn.
    """
    x, y, width, height, angle = _rows(boxes, 5).T
    half = np.stack([width, height], 1)[:, None] / 2 * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])
    cos, sin = _turn(angle)
    turn = np.stack([cos, sin, -sin, cos], 1).reshape(-1, 2, 2)
    return np.asarray(half @ turn + np.stack([x + width / 2, y + height / 2], 1)[:, None])


def bounds(boxes: ArrayLike) -> Array:
    """Smallest upright boxes around turned ones: (n, 5) to (n, 4), pixels."""
    around = corners(boxes)
    low, high = around.min(axis=1), around.max(axis=1)
    return np.hstack([low, high - low])


def areas(boxes: ArrayLike) -> Array:
    """Areas of boxes, upright or turned: (n, 4) or (n, 5) to (n,), square pixels."""
    rows = np.asarray(boxes, float)
    return np.asarray(rows[:, 2] * rows[:, 3])


def clip(boxes: ArrayLike, width: float, height: float) -> Array:
    """Parts of upright boxes that lie in the image [0, width) x [0, height).

    Parameters
    ----------
    boxes : (n, 4) array
        x, y, width, height in pixels.
    width, height : float
        Size of the image in pixels.

    Returns
    -------
    (n, 4) array
        The same boxes cut at the image's edge; a box wholly outside gets sides of 0.
    """
    rows = _rows(boxes, 4)
    size = np.array([width, height], float)
    low = np.clip(rows[:, :2], 0, size)
    high = np.clip(rows[:, :2] + rows[:, 2:], 0, size)
    return np.hstack([low, high - low])


def iou(a: ArrayLike, b: ArrayLike) -> Array:
    """Intersection over union of each upright box with each other, in 0..1.

    Parameters
    ----------
    a, b : (n, 4) and (m, 4) arrays
        x, y, width, height in pixels.

    Returns
    -------
    (n, m) array
        0 where boxes do not overlap or have no area. The measure is Jaccard's index of the two sets of points.
    """
    one, two = _rows(a, 4)[:, None], _rows(b, 4)[None]
    low = np.maximum(one[..., :2], two[..., :2])
    high = np.minimum(one[..., :2] + one[..., 2:], two[..., :2] + two[..., 2:])
    shared = np.clip(high - low, 0, None).prod(axis=-1)
    return _ratio(shared, one[..., 2:].prod(axis=-1) + two[..., 2:].prod(axis=-1))


def iou_rotated(a: ArrayLike, b: ArrayLike) -> Array:
    """Intersection over union of each turned box with each other, in 0..1.

    The overlap of two boxes is their common polygon, cut edge by edge (Sutherland and Hodgman, "Reentrant polygon
    clipping", CACM 17, 1974) and measured by the shoelace formula. Pairs whose upright bounds are apart are not cut.

    Parameters
    ----------
    a, b : (n, 5) and (m, 5) arrays
        x, y, width, height in pixels, angle in degrees.

    Returns
    -------
    (n, m) array
        0 where boxes do not overlap or have no area.
    """
    one, two = _rows(a, 5), _rows(b, 5)
    shared = np.zeros((len(one), len(two)))
    first, second = corners(one).tolist(), corners(two).tolist()
    for i, j in np.argwhere(iou(bounds(one), bounds(two)) > 0).tolist():
        shared[i, j] = _area(_common(first[i], second[j]))
    return _ratio(shared, areas(one)[:, None] + areas(two)[None])


def _rows(boxes: ArrayLike, columns: int) -> Array:
    rows = np.asarray(boxes, float)
    if rows.size == 0:
        return np.zeros((0, columns))
    if rows.shape != (len(rows), columns):
        raise ValueError(f"expected boxes as an array of shape (n, {columns}), found shape {rows.shape}")
    return rows


def _turn(angle: Array) -> tuple[Array, Array]:
    """Cosine and sine of degrees, rounded so that those of quarter turns are exact."""
    radians = np.radians(angle)
    cos: Array = np.cos(radians)
    sin: Array = np.sin(radians)
    return cos.round(15), sin.round(15)


def _ratio(shared: Array, both: Array) -> Array:
    union = both - shared
    return np.divide(shared, union, out=np.zeros_like(shared), where=union > 0).clip(0, 1)


def _common(polygon: list[Point], around: list[Point]) -> list[Point]:
    """Cut a convex polygon by the edges of another; both clockwise on the screen."""
    for start, end in zip(around, around[1:] + around[:1], strict=True):
        polygon = _cut(polygon, start, end)
    return polygon


def _cut(polygon: list[Point], start: Point, end: Point) -> list[Point]:
    kept: list[Point] = []
    sides = [_side(point, start, end) for point in polygon]
    for index, point in enumerate(polygon):
        before, here = sides[index - 1], sides[index]
        if (before < 0) != (here < 0):
            part = before / (before - here)
            (x0, y0), (x1, y1) = polygon[index - 1], point
            kept.append((x0 + part * (x1 - x0), y0 + part * (y1 - y0)))
        if here >= 0:
            kept.append(point)
    return kept


def _side(point: Point, start: Point, end: Point) -> float:
    """Positive where the point lies right of the edge on a screen (y down), that is inside."""
    return (end[0] - start[0]) * (point[1] - start[1]) - (end[1] - start[1]) * (point[0] - start[0])


def _area(polygon: list[Point]) -> float:
    turned = polygon[1:] + polygon[:1]
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(polygon, turned, strict=True))) / 2
