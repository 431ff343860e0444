"""Options: one or several, by name, in the order of the schema."""

import pytest

from labelwidgets.errors import LabelError, SchemaError
from labelwidgets.schema import Choice, Label, Taxonomy


def test_several_options_come_in_the_order_of_the_schema():
    field = Choice("c", ["a", "b", "c"], multiple=True)
    assert field.check(["c", "a"]) == ["a", "c"]
    assert field.check({"b"}) == ["b"]


def test_none_of_several_is_an_answer_where_none_is_required():
    assert Choice("c", ["a"], multiple=True, required=False).check([]) == []
    with pytest.raises(
        LabelError,
        match=r"c: expected at least one option \(the field is required\), found \[\]. Give a list of 'a'",
    ):
        Choice("c", ["a"], multiple=True).check([])


@pytest.mark.parametrize(
    ("multiple", "value", "words"),
    [
        (False, "snow", "expected one of 'sun', 'rain', found 'snow'. If it is a new option, add it"),
        (False, "Sun", "Did you mean 'sun'"),
        (False, "rian", "Did you mean 'rain'"),
        (False, ["sun"], "found a list of 1"),
        (False, "", "found ''"),
        (True, "sun", "expected a list of options, found 'sun'. Give a list of 'sun', 'rain'"),
        (True, ["sun", "sun"], "each option at most once"),
        (True, ["sun", None], "found None"),
    ],
)
def test_what_is_no_option_is_refused(multiple, value, words):
    with pytest.raises(LabelError, match=words):
        Choice("c", ["sun", "rain"], multiple=multiple).check(value)


def test_hundreds_of_options_do_not_flood_the_message():
    with pytest.raises(LabelError) as caught:
        Choice("c", [f"option {n}" for n in range(500)]).check("nothing like it")
    assert len(str(caught.value)) < 300
    assert "and 492 more" in str(caught.value)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "has no options; give at least one"),
        (["a", "b", "a"], "has 'a' more than once"),
        ("sun", "needs a list of names or Labels, found 'sun'"),
        ({"a": 1}, "needs a list of names or Labels"),
        (None, "needs a list of names or Labels, found None"),
        ([1], "label's name must be text, found 1"),
        (["a", None], "label's name must be text, found None"),
        (["a\x00"], "control character"),
        ([Label("b", parent="a"), "a"], "label 'b' has the parent 'a'; use Taxonomy"),
    ],
)
def test_what_are_no_options_is_refused(options, words):
    with pytest.raises(SchemaError, match=words):
        Choice("c", options)


@pytest.mark.parametrize(
    ("json", "words"),
    [
        ("sun", "labels must be a list of dicts"),
        (["sun"], "a label is a dict with a name"),
        ([{"title": "x"}], "a label is a dict with a name .* found 'title'"),
        ([{"name": "a", "style": "x"}], "found 'name', 'style'"),
    ],
)
def test_json_that_are_no_options_is_refused(json, words):
    with pytest.raises(SchemaError, match=words):
        Choice.from_json({"kind": "choice", "name": "c", "options": json})


@pytest.mark.parametrize(
    "color",
    [
        "red", "#fff", "#12345", "#1234567", "#12345g", "#123456;", "rgb(1,2,3)", "url(//evil)", "#123456\n", " #123456",
        "var(--x)", "#\uff11\uff12\uff13\uff14\uff15\uff16", "expression(alert(1))", "#00000;background:url(x)", "", 0x123456,
    ],
)  # fmt: skip
def test_only_hex_colours_end_in_a_style(color):
    with pytest.raises(SchemaError, match="a colour must be written #rrggbb"):
        Label("a", color=color)


def test_colours_are_kept_in_lower_case():
    assert Label("a", color="#AbCdEf").color == "#abcdef"


@pytest.mark.parametrize(
    "key", ["A", "é", "ж", "ß", "٣", "¹", "", "ab", "F2", "Enter", " ", "-", "\t", 1, "\uff41"]
)
def test_a_hotkey_is_a_digit_or_a_letter_that_every_keyboard_has(key):
    with pytest.raises(
        SchemaError,
        match=r"a hotkey must be one digit or one lower-case letter a-z \(commands use the other keys",
    ):
        Label("a", hotkey=key)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"title": 3}, "title of label 'a' must be text"),
        ({"description": "\x00"}, "description of label 'a'"),
        ({"aliases": "wet"}, "aliases of label 'a' must be a list of words"),
        ({"aliases": [""]}, "an alias of label 'a'"),
        ({"aliases": 3}, "aliases of label 'a'"),
        ({"parent": ""}, "parent of label 'a'"),
        ({"parent": 3}, "parent of label 'a'"),
    ],
)
def test_what_no_label_may_be_is_refused(given, words):
    with pytest.raises(SchemaError, match=words):
        Label("a", **given)


@pytest.mark.parametrize(
    "name", ["naïve", "猫", "قط", "👨‍👩‍👧", "a b", "N/A", "a > b", "<b>", "it's", "\u00a0x\u00a0y".strip()]
)
def test_names_of_any_script_are_welcome(name):
    assert Choice("c", [name]).check(name) == name


def test_a_label_is_the_same_after_json():
    label = Label("a", title="A", color="#123456", hotkey="x", description="d", aliases=["b"], parent="p")
    assert Label.from_json(label.to_json()) == label
    assert Label("a").to_json() == {"name": "a"}


def test_a_taxonomy_is_no_choice():
    assert Taxonomy("t", ["a"]) != Choice("t", ["a"])
