"""1-D maths on intervals against the plainest way to do it: sets of whole points."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelwidgets import intervals

LOW, HIGH = 0, 24
points = st.integers(LOW, HIGH)
rows = st.lists(st.tuples(points, points), max_size=8)
solid = st.lists(st.tuples(points, points).filter(lambda row: row[0] < row[1]), max_size=8)
edges = st.lists(st.integers(-5, 30), min_size=1, max_size=8, unique=True).map(sorted)


def held(row):
    return set(range(*row))


def union(several):
    return set().union(*map(held, several))


@given(rows)
def test_lengths(given):
    assert intervals.lengths(given).tolist() == [len(held(row)) for row in given]


@given(rows, rows)
def test_overlap(a, b):
    found = intervals.overlap(a, b)
    assert found.shape == (len(a), len(b))
    assert found.tolist() == [[len(held(one) & held(two)) for two in b] for one in a]


@given(rows, rows)
def test_iou(a, b):
    found = intervals.iou(a, b)
    assert found.shape == (len(a), len(b))
    for i, one in enumerate(map(held, a)):
        for j, two in enumerate(map(held, b)):
            assert found[i, j] == pytest.approx(len(one & two) / len(one | two) if one | two else 0)


@given(rows, st.integers(0, 5))
def test_merge_says_the_same_with_fewer(given, gap):
    merged = intervals.merge(given, gap).tolist()
    assert union(merged) >= union(given)
    for (_, before), (after, _) in zip(merged, merged[1:], strict=False):
        assert after > before + gap
    filled = union(merged) - union(given)
    assert all(len(hole) <= gap for hole in _runs(filled))
    if gap == 0:
        assert union(merged) == union(given)


@given(rows)
def test_covered(given):
    assert intervals.covered(given) == len(union(given))


@given(rows, st.lists(points, max_size=6))
def test_depth(given, at):
    assert intervals.depth(given, at).tolist() == [sum(point in held(row) for row in given) for point in at]


@given(rows, points, points)
def test_clip_and_gaps(given, a, b):
    low, high = min(a, b), max(a, b)
    whole = set(range(low, high))
    assert [held(row) for row in intervals.clip(given, low, high)] == [held(row) & whole for row in given]
    found = intervals.gaps(given, low, high)
    assert union(found.tolist()) == whole - union(given)
    assert (intervals.lengths(found) > 0).all()


@given(st.lists(st.integers(-10, 40), max_size=8), edges)
def test_nearest(at, known):
    found = intervals.nearest(at, known).tolist()
    assert found == [min(known, key=lambda edge: (abs(edge - point), edge)) for point in at]


@given(solid, st.lists(st.integers(-5, 30), min_size=2, max_size=8, unique=True).map(sorted))
def test_snap_to_edges_of_one_kind(given, known):
    for row, (start, end) in zip(given, intervals.snap(given, known).tolist(), strict=True):
        assert start == min(known[:-1], key=lambda edge: (abs(edge - row[0]), edge))
        nearest = min(known, key=lambda edge: (abs(edge - row[1]), edge))
        assert end == (nearest if nearest > start else min(edge for edge in known if edge > start))


def test_snap_to_tokens():
    tokens = np.array([(0, 5), (6, 8), (8, 9)])
    assert intervals.snap([(1, 8), (7, 9)], tokens[:, 0], tokens[:, 1]).tolist() == [[0, 8], [6, 9]]


@pytest.mark.parametrize("starts", [[], [3], [3, 3]])
def test_where_there_is_nothing_to_snap_to_that_is_said(starts):
    with pytest.raises(ValueError, match="expected"):
        intervals.snap([(1, 2)], starts, [2])


def test_no_edge_is_nearest_to_nothing():
    with pytest.raises(ValueError, match="at least one edge"):
        intervals.nearest([1], [])


@given(solid)
def test_contained(given):
    inside = {
        (i, j)
        for i, one in enumerate(given)
        for j, two in enumerate(given)
        if i != j and held(one) <= held(two)
    }
    found = intervals.contained(given)
    assert found in inside if inside else found is None


@given(solid)
def test_crossing(given):
    cross = {
        frozenset((i, j))
        for i, one in enumerate(map(held, given))
        for j, two in enumerate(map(held, given))
        if one & two and one - two and two - one
    }
    found = intervals.crossing(given)
    assert frozenset(found) in cross if cross else found is None


def test_numbers_stay_what_they_are():
    assert intervals.merge([(0, 2), (1, 5)]).dtype == np.int64
    assert intervals.merge([(0.5, 2), (1, 5)]).tolist() == [[0.5, 5.0]]
    assert intervals.overlap(np.zeros((0, 2)), [(1, 2)]).shape == (0, 1)


def test_what_is_no_interval_is_refused():
    with pytest.raises(ValueError, match=r"shape \(n, 2\), found shape \(1, 3\)"):
        intervals.lengths([(1, 2, 3)])


def _runs(found):
    runs = []
    for point in sorted(found):
        if runs and runs[-1][-1] == point - 1:
            runs[-1].append(point)
        else:
            runs.append([point])
    return runs
