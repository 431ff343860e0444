"""2-D maths on arrays of boxes: corners, bounds, areas, overlap, clipping."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def corners(boxes: ArrayLike) -> Array:
    """Corners of rotated boxes.

    Parameters
    ----------
    boxes : (n, 5) array
        x, y, width, height in pixels (before rotation) and angle in degrees clockwise about the centre.

    Returns
    -------
    (n, 4, 2) array
        Clockwise on a screen (y down), from the corner that is top left before rotation.
    """
    x, y, width, height, angle = np.asarray(boxes, float).reshape(-1, 5).T
    half = np.stack([width, height], 1)[:, None] / 2 * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])
    cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    turn = np.stack([cos, sin, -sin, cos], 1).reshape(-1, 2, 2)
    return np.asarray(half @ turn + np.stack([x + width / 2, y + height / 2], 1)[:, None])
