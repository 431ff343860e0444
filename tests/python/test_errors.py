"""Messages that say what was found, what was expected and what to do, whatever the value."""

import copy

import pytest

from labelwidgets import errors
from labelwidgets.errors import LabelError, did_you_mean, listed, shown


def test_every_error_has_one_parent():
    kinds = [value for value in vars(errors).values() if isinstance(value, type)]
    assert len(kinds) > 8
    for kind in kinds:
        assert issubclass(kind, errors.LabelwidgetsError)


@pytest.mark.parametrize(
    ("kind", "builtin"),
    [
        (errors.LabelError, ValueError),
        (errors.SchemaError, ValueError),
        (errors.SourceError, ValueError),
        (errors.MessageError, ValueError),
        (errors.UserError, ValueError),
        (errors.MediaError, OSError),
        (errors.RightsError, PermissionError),
        (errors.StoreDamaged, errors.StoreError),
        (errors.StoreTooNew, errors.StoreError),
        (errors.StoreLocked, errors.StoreError),
    ],
)
def test_an_error_is_caught_by_its_builtin_kind(kind, builtin):
    with pytest.raises(builtin, match="why"):
        raise kind("why")


def test_a_label_error_names_field_value_and_what_is_allowed():
    error = LabelError.refused("weather", "snow", "one of 'sun', 'rain'", "Did you mean 'sun'?")
    assert str(error) == "weather: expected one of 'sun', 'rain', found 'snow'. Did you mean 'sun'?"
    assert (error.field, error.found, error.expected) == ("weather", "snow", "one of 'sun', 'rain'")


def test_a_label_error_within_a_region_names_the_way_to_it():
    inner = LabelError.refused("color", 3, "text")
    error = inner.within("attributes").within("objects[2]")
    assert str(error) == "objects[2].attributes.color: expected text, found 3."
    assert error.field == "objects[2].attributes.color"
    assert (
        str(LabelError.refused("", 3, "a box").within("objects[0]")) == "objects[0]: expected a box, found 3."
    )


@pytest.mark.parametrize(
    "error",
    [
        LabelError("why", field="a", found=1, expected="b"),
        errors.RightsError("why", user="ann", capability="erase"),
        errors.MessageError("why", code="size", field="a"),
        errors.MediaError("why", reason="empty"),
    ],
)
def test_an_error_is_copied_whole(error):
    again = copy.copy(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)


@pytest.mark.parametrize(
    "value",
    [
        "x" * 1_000_000,
        b"x" * 1_000_000,
        10**10_000,
        list(range(1_000_000)),
        {n: n for n in range(1000)},
        "\ud800\x00\u202e",
        [[]] * 1000,
        float("nan"),
        object(),
    ],
    ids=["text", "bytes", "integer", "list", "dict", "unprintable", "nested", "nan", "object"],
)
def test_any_value_is_shown_on_one_short_printable_line(value):
    text = shown(value)
    assert len(text) < 120
    assert text.isprintable()


def test_short_values_are_shown_as_they_are():
    assert [shown(value) for value in ("snow", 3, True, None, [], 2.5)] == [
        "'snow'",
        "3",
        "True",
        "None",
        "[]",
        "2.5",
    ]
    assert shown([1, 2]) == "a list of 2"


def test_many_names_are_cut_with_their_number():
    assert listed(["a", "b"]) == "'a', 'b'"
    assert listed(map(str, range(1000)), most=2) == "'0', '1' and 998 more"


@pytest.mark.parametrize(
    ("found", "names", "expected"),
    [
        ("cra", ["car", "person"], "Did you mean 'car'?"),
        ("Car ", ["car", "person"], "Did you mean 'car'?"),
        ("zebra", ["car", "person"], "no idea"),
        (3, ["3"], "no idea"),
        ("x" * 1000, ["car"], "no idea"),
        ("label 7", [f"label {n}" for n in range(10_000)], "Did you mean 'label 7'?"),
        ("labl 77", [f"label {n}" for n in range(100)], "Did you mean 'label 77'?"),
    ],
)
def test_the_nearest_name_is_suggested(found, names, expected):
    assert did_you_mean(found, names, "no idea") == expected
