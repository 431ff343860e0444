"""Geometry against hand-computed figures, symmetries, and an area counted point by point."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelwidgets import geometry

side = st.floats(0.5, 200)
place = st.floats(-300, 300)
angle = st.floats(0, 360)
turned = st.tuples(place, place, side, side, angle)
upright = st.tuples(place, place, side, side)


def test_corners_go_clockwise_from_the_top_left():
    np.testing.assert_allclose(
        geometry.corners([[10, 20, 30, 40, 0]])[0], [[10, 20], [40, 20], [40, 60], [10, 60]]
    )


def test_a_quarter_turn_is_exact_and_clockwise_on_the_screen():
    corners = geometry.corners([[0, 0, 20, 10, 90]])[0]
    assert corners.tolist() == [[15, -5], [15, 15], [5, 15], [5, -5]]


@given(turned)
def test_a_turn_keeps_centre_and_sides(box):
    corners = geometry.corners([box])[0]
    x, y, width, height, _ = box
    np.testing.assert_allclose(corners.mean(axis=0), [x + width / 2, y + height / 2], atol=1e-9)
    sides = np.linalg.norm(corners - np.roll(corners, -1, axis=0), axis=1)
    np.testing.assert_allclose(sides, [width, height, width, height], atol=1e-9)


@given(turned)
def test_bounds_hold_all_corners_and_touch_four(box):
    x, y, width, height = geometry.bounds([box])[0]
    corners = geometry.corners([box])[0]
    np.testing.assert_allclose(corners.min(axis=0), [x, y], atol=1e-9)
    np.testing.assert_allclose(corners.max(axis=0), [x + width, y + height], atol=1e-9)


def test_areas_take_upright_and_turned_boxes():
    assert geometry.areas([[0, 0, 3, 4]]).tolist() == [12]
    assert geometry.areas([[0, 0, 3, 4, 77], [5, 5, 1, 1, 3]]).tolist() == [12, 1]


def test_clip_cuts_at_the_edge_and_leaves_nothing_outside():
    boxes = [[-5, -5, 20, 20], [90, 40, 20, 20], [10, 10, 5, 5], [200, 10, 5, 5], [-9, 10, 5, 5]]
    expected = [[0, 0, 15, 15], [90, 40, 10, 10], [10, 10, 5, 5], [100, 10, 0, 5], [0, 10, 0, 5]]
    assert geometry.clip(boxes, 100, 50).tolist() == expected


def test_iou_of_known_boxes():
    a = [[0, 0, 10, 10], [0, 0, 4, 4]]
    b = [[5, 0, 10, 10], [0, 0, 10, 10], [10, 0, 5, 5]]
    np.testing.assert_allclose(geometry.iou(a, b), [[1 / 3, 1, 0], [0, 0.16, 0]])


@pytest.mark.parametrize("iou", [geometry.iou, geometry.iou_rotated])
def test_iou_of_no_boxes_is_empty(iou):
    columns = 4 if iou is geometry.iou else 5
    some = np.ones((3, columns))
    assert iou([], some).shape == (0, 3)
    assert iou(some, np.zeros((0, columns))).shape == (3, 0)


def test_boxes_without_area_overlap_nothing():
    assert geometry.iou([[0, 0, 0, 0]], [[0, 0, 0, 0]]).tolist() == [[0]]
    assert geometry.iou_rotated([[0, 0, 0, 5, 30]], [[0, 0, 0, 5, 30]]).tolist() == [[0]]


def test_iou_of_a_square_and_itself_turned_by_45_degrees():
    # The common octagon of two unit squares has the area 2 * sqrt(2) - 2.
    common = 2 * 2**0.5 - 2
    found = geometry.iou_rotated([[0, 0, 1, 1, 0]], [[0, 0, 1, 1, 45]])[0, 0]
    assert found == pytest.approx(common / (2 - common))


@given(st.lists(upright, min_size=1, max_size=5), st.lists(upright, min_size=1, max_size=5))
def test_rotated_iou_of_upright_boxes_is_the_upright_one(a, b):
    with_angle = [[(*box, 0.0) for box in boxes] for boxes in (a, b)]
    np.testing.assert_allclose(geometry.iou_rotated(*with_angle), geometry.iou(a, b), atol=1e-9)


@given(turned, turned, place, place)
def test_rotated_iou_is_symmetric_bounded_and_moves_along(a, b, dx, dy):
    found = geometry.iou_rotated([a], [b])[0, 0]
    assert 0 <= found <= 1
    assert geometry.iou_rotated([b], [a])[0, 0] == pytest.approx(found, abs=1e-9)
    moved = [[x + dx, y + dy, width, height, at] for x, y, width, height, at in (a, b)]
    assert geometry.iou_rotated(moved[:1], moved[1:])[0, 0] == pytest.approx(found, abs=1e-6)
    x, y, width, height, at = a
    assert geometry.iou_rotated([a], [a])[0, 0] == pytest.approx(1)
    around = [x + width / 2 - height / 2, y + height / 2 - width / 2, height, width, at + 90]
    assert geometry.iou_rotated([a], [around])[0, 0] == pytest.approx(1), (
        "a box is itself with its sides exchanged"
    )


def test_rotated_overlap_agrees_with_counting_points():
    rng = np.random.default_rng(3)
    points = rng.uniform(0, 100, (200_000, 2))
    for _ in range(10):
        pair = np.column_stack(
            [rng.uniform(10, 40, (2, 2)), rng.uniform(20, 50, (2, 2)), rng.uniform(0, 360, 2)]
        )
        inside = [_inside(points, geometry.corners([box])[0]) for box in pair]
        counted = (inside[0] & inside[1]).sum() / max((inside[0] | inside[1]).sum(), 1)
        assert geometry.iou_rotated(pair[:1], pair[1:])[0, 0] == pytest.approx(counted, abs=0.01)


@pytest.mark.parametrize("boxes", [[1, 2, 3, 4], [[1, 2, 3]], [[[1, 2, 3, 4]]]])
def test_another_shape_is_refused_with_both_shapes(boxes):
    with pytest.raises(ValueError, match=r"shape \(n, 4\), found shape"):
        geometry.iou(boxes, [[0, 0, 1, 1]])


def _inside(points, corners):
    ends = np.roll(corners, -1, axis=0)
    return np.all(
        [
            (end[0] - start[0]) * (points[:, 1] - start[1]) >= (end[1] - start[1]) * (points[:, 0] - start[0])
            for start, end in zip(corners, ends, strict=True)
        ],
        axis=0,
    )
