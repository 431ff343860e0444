"""Boxes against the image, the schema's rules and each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelwidgets.errors import LabelError, SchemaError
from labelwidgets.labels import Box, Extent
from labelwidgets.schema import Boxes, Choice, Label, Number, Taxonomy

IMAGE = Extent(160, 120)
FIELD = Boxes("objects", ["car", "person"])


def test_nothing_there_is_an_answer():
    assert FIELD.check([], IMAGE) == []
    assert FIELD.encode([]) == []


def test_boxes_get_ids_and_keep_those_they_have():
    first, second = FIELD.check(
        [Box(0, 0, 1, 1, label="car"), Box(0, 0, 1, 1, label="car", id="mine")], IMAGE
    )
    assert first.id
    assert second.id == "mine"


def test_two_boxes_with_one_id_are_refused():
    box = Box(0, 0, 1, 1, label="car", id="mine")
    with pytest.raises(
        LabelError, match=r"objects: expected an id of its own for each region, found 'mine'\. Leave ids out"
    ):
        FIELD.check([box, box], IMAGE)


@pytest.mark.parametrize(
    ("box", "words"),
    [
        (
            Box(150, 100, 50, 20, label="car"),
            r"objects\[1\].x: expected within 0 to 160 \(the image's width\), found 150 to 200. Move",
        ),
        (
            Box(10, 100, 50, 20.02, label="car"),
            r"objects\[1\].y: expected within 0 to 120 \(the image's height\), found 100 to 120.02",
        ),
        (Box(-0.02, 0, 5, 5, label="car"), r"objects\[1\].x: .*found -0.02 to 4.98"),
        (Box(0, 0, 160, 120, 1, label="car"), r"objects\[1\].x"),
        (Box(0, 0, 20, 20, 45, label="car"), r"objects\[1\].x: .*found -4.14214 to 24.1421"),
    ],
)
def test_a_corner_outside_the_image_is_refused(box, words):
    inside = Box(0, 0, 160, 120, label="car")
    with pytest.raises(LabelError, match=words):
        FIELD.check([inside, box], IMAGE)


@pytest.mark.parametrize(
    "box",
    [
        Box(0, 0, 160, 120, label="car"),
        Box(0, 0, 160, 120, 180, label="car"),
        Box(20, -20, 120, 160, 90, label="car"),
        Box(-0.009, 0, 160.018, 120.009, label="car"),
        Box(40, 20, 80, 80, 45, label="car"),
    ],
)
def test_a_box_that_just_fits_is_kept(box):
    FIELD.check([box], IMAGE)


def test_without_a_known_size_any_place_will_do():
    FIELD.check([Box(1e6, 1e6, 5, 5, label="car")], Extent())


@given(st.floats(0, 360), st.floats(1, 60), st.floats(1, 60))
def test_a_box_turned_in_the_middle_fits_wherever_its_diagonal_does(angle, width, height):
    box = Box(80 - width / 2, 60 - height / 2, width, height, angle, label="car")
    assert FIELD.check([box], IMAGE)[0].row() == box.row()


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (
            [{"x": 1, "y": 1, "width": 0, "height": 5, "label": "car"}],
            r"objects\[0\].width: expected a side longer than 0 px",
        ),
        (
            [{"x": 1, "y": 1, "width": 5, "height": 5, "label": "cra"}],
            r"objects\[0\].label: .*found 'cra'. Did you mean 'car'",
        ),
        (
            [{"x": 1, "y": 1, "width": 5, "height": 5}],
            r"objects\[0\].label: expected one of 'car', 'person', found None",
        ),
        (
            [{"x": 1, "y": 1, "width": 5, "height": 5, "label": "car", "z": 1}],
            r"objects\[0\]: expected the keys .*found 'z'",
        ),
        (
            [{"x": 1, "y": 1, "width": 5, "height": 5, "label": "car", "attributes": {"a": 1}}],
            "expected no attributes, found 'a'",
        ),
        (
            [{"x": 1, "y": 1, "width": 0.5, "height": 5, "label": "car"}],
            r"objects\[0\].size: expected sides of at least 1 px, found 0.5 x 5",
        ),
        ([3], r"objects\[0\]: expected a box as a dict, found 3"),
        ({"x": 1}, "objects: expected a list of boxes, found a dict of 1"),
        (
            "[]",
            r"objects: expected a list of boxes, found '\[\]'. Give a list of boxes, \[\] when there is nothing",
        ),
    ],
)
def test_what_is_no_box_of_the_field_is_refused_by_its_place(value, words):
    with pytest.raises(LabelError, match=words):
        FIELD.check(value, IMAGE)


def test_a_field_without_labels_takes_boxes_without():
    field = Boxes("faces", [])
    assert field.check([Box(1, 1, 5, 5)], IMAGE)[0].label is None
    with pytest.raises(LabelError, match="expected no label, found 'face'"):
        field.check([Box(1, 1, 5, 5, label="face")], IMAGE)


def test_the_number_of_boxes_follows_the_rules():
    field = Boxes("faces", [], min_count=2, max_count=3)
    boxes = [Box(n, n, 5, 5) for n in range(4)]
    assert len(field.check(boxes[:2])) == 2
    with pytest.raises(LabelError, match=r"faces: expected at least 2 boxes, found 1\. Add what is missing"):
        field.check(boxes[:1])
    with pytest.raises(LabelError, match=r"faces: expected at most 3 boxes, found 4\. Remove some"):
        field.check(boxes)
    with pytest.raises(LabelError, match="at least 2 boxes, found 0"):
        field.check([])


def test_boxes_that_may_not_be_turned():
    field = Boxes("faces", [], rotatable=False)
    field.check([Box(1, 1, 5, 5, 360)])
    with pytest.raises(
        LabelError, match=r"faces\[0\].angle: expected 0, since .* can't be turned, found 30.0"
    ):
        field.check([Box(1, 1, 5, 5, 30)])


def test_sides_have_a_least_length():
    field = Boxes("faces", [], min_size=8)
    field.check([Box(1, 1, 8, 9)])
    with pytest.raises(LabelError, match=r"faces\[0\].size: expected sides of at least 8 px, found 7.9 x 9"):
        field.check([Box(1, 1, 7.9, 9)])


def test_attributes_are_fields_of_each_box():
    field = Boxes(
        "o",
        ["car"],
        attributes=[Choice("color", ["red", "blue"]), Taxonomy("make", {"a": ["b"]}, required=False)],
    )
    red = {"color": "red", "make": ["a", "b"]}
    (box,) = field.check([Box(1, 1, 5, 5, label="car", attributes=red)])
    assert box.attributes == {"color": "red", "make": ("a", "b")}
    assert field.encode([box])[0]["attributes"] == red
    assert field.decode(field.encode([box])) == [box]
    (again,) = Boxes("o", [], attributes=[Number("n")]).check([Box(1, 1, 5, 5, id="i", attributes={"n": 3})])
    assert isinstance(again.attributes["n"], float), "values of attributes are canonical too"
    for said, words in [
        ({}, r"o\[0\].attributes.color: expected an answer"),
        ({"color": "green"}, r"o\[0\].attributes.color: expected one of 'red', 'blue', found 'green'"),
        ({"color": "red", "colour": "red"}, r"o\[0\].attributes: .*found 'colour'. Did you mean 'color'"),
    ]:
        with pytest.raises(LabelError, match=words):
            field.check([Box(1, 1, 5, 5, label="car", attributes=said)])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            {"attributes": [Boxes("inner", [])]},
            "must be fields without regions.*found the boxes field 'inner'",
        ),
        ({"attributes": ["color"]}, "must be fields without regions.*found 'color'"),
        ({"attributes": Choice("a", ["b"])}, "must be a list of fields"),
        ({"attributes": [Number("n"), Number("n")]}, "two attributes of field 'o' are named 'n'"),
        (
            {"attributes": [Number("x")]},
            "an attribute of field 'o' can't be 'x': a column of that name is there already",
        ),
        ({"attributes": [Number("label")]}, "can't be 'label'"),
        (
            {"attributes": [Choice("a", [Label("b", hotkey="x")])]},
            "label 'b' of attribute 'a' .* asks for the hotkey 'x'; keys belong",
        ),
        ({"min_count": -1}, "min_count of field 'o' must be a whole number from 0"),
        ({"min_count": 3, "max_count": 2}, "max_count of field 'o' must be a whole number from 3"),
        ({"max_count": 0}, "max_count of field 'o' must be a whole number from 1"),
        ({"min_size": 0}, "min_size of field 'o' must be larger than 0"),
        ({"min_size": "1"}, "min_size of field 'o': expected a number"),
        ({"rotatable": "no"}, "rotatable of field 'o' must be True or False"),
    ],
)
def test_rules_that_can_not_be_are_refused(given, words):
    with pytest.raises(SchemaError, match=words):
        Boxes("o", ["car"], **given)


def test_ten_thousand_boxes_are_checked_together():
    boxes = [Box(n % 100 + 5, n % 80 + 5, 5, 5, n % 90 / 10, label="car") for n in range(1, 10_000)]
    boxes[7777] = Box(159, 1, 5, 5, label="car")
    with pytest.raises(LabelError, match=r"objects\[7777\].x"):
        FIELD.check(boxes, Extent(160, 120))
