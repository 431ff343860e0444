"""Ratings, numbers and texts at their limits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelwidgets.errors import LabelError, SchemaError
from labelwidgets.schema import Number, Rating, Text
from labelwidgets.schema.text import edits


@pytest.mark.parametrize("value", [0, 6, 2.5, -1, "3", True, 10**400])
def test_a_rating_is_a_whole_number_in_range(value):
    with pytest.raises(LabelError, match="r: expected"):
        Rating("r").check(value)


@pytest.mark.parametrize("most", [1, 11, 2.5, "5", True, None])
def test_a_rating_has_2_to_10_stars(most):
    with pytest.raises(SchemaError, match="max of field 'r' must be a whole number from 2 to 10"):
        Rating("r", most)


@pytest.mark.parametrize("value", [0.3, 0.1 + 0.2, 0, 1, 0.7000000000000001])
def test_a_step_forgives_what_binary_fractions_cost(value):
    assert Number("n", 0, 1, 0.1).check(value) == value


def test_steps_begin_at_the_smallest_value():
    field = Number("n", min=0.5, step=1)
    assert field.check(2.5) == 2.5
    with pytest.raises(LabelError, match=r"n: expected a number from 0.5 in steps of 1, found 2"):
        field.check(2)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        (
            Number("n", 0, 10, unit="mm"),
            11,
            "n: expected a number from 0 mm to 10 mm, found 11. Give a number from 0 mm to 10 mm.",
        ),
        (Number("n", max=3), 3.0001, "to 3, found 3.0001"),
        (Number("n", min=-2), -3, "from -2, found -3"),
        (Number("n"), "5", "expected a number, found '5'"),
        (Number("n"), 1e301, "expected a finite number"),
    ],
)
def test_a_number_beyond_its_limits_is_refused_with_them(field, value, words):
    with pytest.raises(LabelError, match=words):
        field.check(value)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"min": 2, "max": 1}, r"min of field 'n' \(2\) is larger than its max \(1\)"),
        ({"step": 0}, "step of field 'n' must be larger than 0"),
        ({"step": -1}, "step of field 'n' must be larger than 0"),
        ({"min": float("nan")}, "min of field 'n': expected a finite number"),
        ({"max": "1"}, "max of field 'n': expected a number"),
        ({"min": True}, "min of field 'n': expected a number"),
        ({"unit": 3}, "unit of field 'n' must be text"),
        ({"unit": "m" * 41}, "at most 40 characters"),
    ],
)
def test_limits_that_can_not_be_are_refused(given, words):
    with pytest.raises(SchemaError, match=words):
        Number("n", **given)


def test_a_text_is_kept_as_typed():
    assert Text("x").check("  Grüße, 世界 👋  ") == "  Grüße, 世界 👋  "
    assert Text("x", multiline=True).check("a\r\n\tb") == "a\r\n\tb"


@pytest.mark.parametrize("blank", ["", "   ", "\u3000"])
def test_blank_text_says_nothing(blank):
    assert Text("x", required=False).check(blank) is None
    with pytest.raises(LabelError, match=r"expected an answer \(the field is required\)"):
        Text("x").check(blank)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        (Text("x"), "a\nb", "x: expected one line of text, found 'a.*Remove the line breaks"),
        (Text("x", max_length=3), "abcd", "x: expected at most 3 characters, found 'abcd'. Shorten the text"),
        (Text("x"), "a\x00", "text without any control character"),
        (Text("x", multiline=True), "\x1b[31m", "text without any control character"),
        (Text("x"), "\udcff", "text without any unpaired surrogate"),
        (Text("x"), 3, "expected text, found 3"),
    ],
)
def test_text_that_no_file_keeps_is_refused(field, value, words):
    with pytest.raises(LabelError, match=words):
        field.check(value)


def test_length_counts_code_points():
    assert Text("x", max_length=2).check("👋👋") == "👋👋"


@pytest.mark.parametrize(
    "given", [{"max_length": 0}, {"max_length": 1_000_001}, {"max_length": True}, {"multiline": 1}]
)
def test_text_rules_that_can_not_be_are_refused(given):
    with pytest.raises(SchemaError, match="of field 'x' must be"):
        Text("x", **given)


def plain_distance(a, b):
    """The table, cell by cell."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


@given(st.text("ab\U0001f600", max_size=12), st.text("ab\U0001f600", max_size=12))
def test_edits_are_as_the_table_counts_them(a, b):
    assert edits(a, b) == plain_distance(a, b)


def test_edits_of_long_texts():
    assert edits("x" * 5000, "x" * 2500 + "y" + "x" * 2499) == 1
    assert edits("", "abc") == edits("abc", "") == 3
