"""Boxes are valid from birth, frozen, and the same after JSON."""

import dataclasses
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelwidgets.errors import LabelError
from labelwidgets.labels import Box, Extent

numbers = st.floats(-1e9, 1e9)
sides = st.floats(1e-6, 1e9)
texts = st.none() | st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20)
boxes = st.builds(
    Box,
    numbers,
    numbers,
    sides,
    sides,
    numbers,
    label=texts,
    id=texts,
    score=st.none() | st.floats(0, 1),
    attributes=st.dictionaries(
        st.text(max_size=5), st.none() | st.integers() | st.text(max_size=5), max_size=3
    ),
)


@given(boxes)
def test_a_box_is_the_same_after_json(box):
    assert Box.from_json(json.loads(json.dumps(box.to_json()))) == box


@given(numbers)
def test_angles_are_kept_in_one_turn(angle):
    assert 0 <= Box(0, 0, 1, 1, angle).angle < 360


@pytest.mark.parametrize(("angle", "kept"), [(360, 0), (-90, 270), (725, 5), (-1e-20, 0)])
def test_angles_beyond_a_turn_mean_the_same(angle, kept):
    assert Box(0, 0, 1, 1, angle).angle == kept


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"x": float("nan")}, ("x: expected a finite number", "nan")),
        ({"y": float("inf")}, ("y: expected a finite number", "inf")),
        ({"x": 10**400}, ("x: expected a finite number", "bits")),
        ({"x": 2e9}, ("1,000,000,000", "2000000000.0")),
        ({"width": 0}, ("width: expected a side longer than 0 px", "0")),
        ({"height": -3}, ("height", "-3")),
        ({"angle": "90"}, ("angle: expected a number", "'90'")),
        ({"x": True}, ("x: expected a number", "True")),
        ({"x": None}, ("x", "None")),
        ({"score": 1.5}, ("score", "0 to 1", "1.5")),
        ({"label": 3}, ("label", "text", "3")),
        ({"id": ""}, ("id", "1 to 200")),
        ({"id": "a\nb"}, ("id", "printable")),
        ({"id": "x" * 201}, ("id", "1 to 200")),
        ({"attributes": [1]}, ("attributes", "dict")),
    ],
    ids=str,
)
def test_what_no_box_may_be_is_refused_at_birth(bad, words):
    with pytest.raises(ValueError, match=r"expected") as caught:
        Box(**{"x": 1, "y": 2, "width": 3, "height": 4} | bad)
    assert isinstance(caught.value, LabelError)
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"x": 1, "y": 2}, "width and height missing"),
        ({"x": 1, "y": 2, "width": 3, "height": 4, "colour": "red"}, "found 'colour'"),
        ({"x": 1, "y": 2, "widht": 3, "height": 4}, "Did you mean 'width'"),
        ([1, 2, 3, 4], "a list of 4"),
        (None, "None"),
        ("box", "'box'"),
        ({1: 2}, "found 1"),
    ],
)
def test_json_that_is_no_box_is_refused(bad, words):
    with pytest.raises(LabelError, match=words):
        Box.from_json(bad)


def test_numbers_of_any_kind_become_floats():
    box = Box(np.int64(1), np.float32(2.5), 3, np.float64(4))
    assert [type(value) for value in box.row().values()] == [float] * 5
    json.dumps(box.to_json())


def test_a_box_is_frozen_and_keeps_its_own_attributes():
    said = {"color": "red"}
    box = Box(1, 2, 3, 4, attributes=said)
    said["color"] = "blue"
    assert box.attributes == {"color": "red"}
    with pytest.raises(dataclasses.FrozenInstanceError):
        box.x = 3
    assert len({box, Box(1, 2, 3, 4, attributes={"color": "red"})}) == 1


def test_the_row_holds_the_tidy_columns():
    assert Box(1, 2, 3, 4, 5, label="car").row() == {"x": 1, "y": 2, "width": 3, "height": 4, "angle": 5}
    assert tuple(Box(1, 2, 3, 4).row()) == Box.columns


def test_the_repr_is_the_call_that_makes_it():
    box = Box(1.5, 2, 3, 4, 90, label="car", score=0.5, attributes={"n": 1})
    assert repr(box) == "Box(1.5, 2, 3, 4, 90, label='car', score=0.5, attributes={'n': 1})"


def test_corners_follow_the_angle():
    assert Box(0, 0, 20, 10, 90).corners().tolist() == [[15, -5], [15, 15], [5, 15], [5, -5]]


@pytest.mark.parametrize("extent", [Extent(), Extent(160, 120), Extent(length=5), Extent(duration=2.5)])
def test_an_extent_is_the_same_after_json(extent):
    assert Extent.from_json(json.loads(json.dumps(extent.to_json()))) == extent
