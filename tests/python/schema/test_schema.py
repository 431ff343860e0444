"""A schema holds its fields together: names, keys, colours, checks, JSON."""

import dataclasses
import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelwidgets import frames
from labelwidgets.errors import LabelError, SchemaError
from labelwidgets.labels import Box, Extent
from labelwidgets.schema import Boxes, Choice, Example, Instructions, Label, Rating, Schema, Taxonomy, Text
from labelwidgets.schema.checks import COLUMNS
from labelwidgets.schema.palette import PALETTE
from labelwidgets.schema.regions import REGION_COLUMNS

STREET = Schema(
    Choice("weather", ["sun", "rain"]),
    Boxes(
        "objects",
        ["car", "person"],
        attributes=[Choice("color", ["red", "blue"], required=False)],
    ),
    Taxonomy("place", {"town": ["square"]}, required=False),
    Text("remark", required=False),
)
NAMES = ["weather", "objects", "place", "remark"]


def test_fields_are_found_by_name_and_attributes_by_their_path():
    assert STREET["weather"].name == "weather"
    assert STREET["objects.color"].name == "color"
    assert "objects.color" in STREET
    assert "objects.size" not in STREET
    assert STREET.names == tuple(NAMES)
    assert [field.name for field in STREET] == NAMES
    assert len(STREET) == 4
    assert [field.name for field in STREET.region_fields] == ["objects"]
    assert [field.name for field in STREET.item_fields] == ["weather", "place", "remark"]
    with pytest.raises(KeyError, match=r"no field 'wether'; the schema has .* Did you mean 'weather'"):
        STREET["wether"]


def test_an_answer_has_every_field_in_the_order_of_the_schema():
    checked = STREET.check({"objects": [], "weather": "sun"})
    assert checked == {"weather": "sun", "objects": [], "place": None, "remark": None}
    assert list(checked) == NAMES
    assert list(STREET.encode(checked)) == NAMES
    assert STREET.decode({}) == dict.fromkeys(NAMES)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (
            {"objects": [Box(150, 100, 50, 50, label="car")], "weather": "sun"},
            r"objects\[0\].x: expected within 0 to 160",
        ),
        ({"objects": [], "weather": "snow"}, "weather: expected one of 'sun', 'rain', found 'snow'"),
        ({"objects": [], "weather": None}, "weather: expected an answer"),
        ({"objects": []}, "weather: expected an answer"),
        (
            {"weather": "sun"},
            r"objects: expected an answer.*Give a list of boxes, \[\] when there is nothing",
        ),
        (
            {"objects": [], "weather": "sun", "nope": 1},
            "expected only the fields 'weather', .*, found 'nope'. Leave it out",
        ),
        ({"objects": [], "wether": "sun"}, "found 'wether'. Did you mean 'weather'"),
        ({1: 2}, "expected only the fields"),
        ([], "expected a dict of field names to values"),
        (None, "expected a dict of field names to values, found None"),
    ],
)
def test_what_is_no_answer_is_refused(values, words):
    with pytest.raises(LabelError, match=words):
        STREET.check(values, Extent(160, 120))


def test_a_million_unknown_fields_give_one_short_message():
    with pytest.raises(LabelError) as caught:
        STREET.check({"x" * 100_000 + str(n): n for n in range(100)})
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ([], "a schema is made of fields, .* found none"),
        (["weather"], "a schema is made of fields, .* found 'weather'"),
        ([Choice("a", ["x"]), Text("a")], "two fields are named 'a'; each needs its own name"),
        ([[Choice("a", ["x"])]], "a schema is made of fields"),
    ],
)
def test_what_are_no_fields_is_refused(fields, words):
    with pytest.raises(SchemaError, match=words):
        Schema(*fields)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"confidence": "yes"}, "confidence must be True or False"),
        ({"skip_reasons": "Unclear"}, "skip_reasons must be a list of words"),
        ({"skip_reasons": [3]}, "a reason to skip must be text"),
        ({"skip_reasons": 3}, "skip_reasons must be a list of words"),
        ({"instructions": 3}, "instructions must be Markdown text or Instructions"),
        ({"keys": ["undo"]}, "keys must be a dict"),
    ],
)
def test_settings_that_can_not_be_are_refused(settings, words):
    with pytest.raises(SchemaError, match=words):
        Schema(Text("a"), **settings)


def test_region_labels_get_keys_first_then_options_while_keys_last():
    schema = Schema(
        Choice("a", [f"a{n}" for n in range(30)]),
        Boxes("b", ["car", "person"]),
        Choice("c", ["x", "y", "z", "w", "v"]),
    )
    keys = schema.hotkeys
    assert [keys["b", name] for name in ("car", "person")] == ["1", "2"]
    assert [keys["a", f"a{n}"] for n in (0, 6, 7, 8)] == ["3", "9", "0", "a"]
    assert [keys.get(("c", name)) for name in "xyzwv"] == ["w", "x", "y", "z", None]
    assert len(set(keys.values())) == len(keys) == 36


def test_of_more_labels_than_keys_the_first_have_digits_and_letters_are_for_typing():
    schema = Schema(Choice("intent", [f"i{n}" for n in range(150)]), Choice("mood", ["glad", "sad"]))
    assert {key for (field, _), key in schema.hotkeys.items() if field == "intent"} == set("1234567890")
    assert [schema.hotkeys["mood", name] for name in ("glad", "sad")] == ["a", "b"]


def test_a_rating_has_all_of_its_digits_in_its_turn():
    schema = Schema(Rating("stars"), Choice("c", ["x", "y"]), Rating("tone"))
    assert [schema.hotkeys["stars", star] for star in "12345"] == list("12345")
    assert [schema.hotkeys["c", name] for name in "xy"] == ["6", "7"]
    assert ("tone", "1") not in schema.hotkeys


def test_a_rating_has_no_digit_where_a_label_has_one():
    schema = Schema(Rating("stars"), Choice("c", [Label("x", hotkey="3"), "y"]))
    assert schema.hotkeys == {("c", "x"): "3", ("c", "y"): "1"}
    assert Schema(Boxes("b", ["car"]), Rating("stars")).hotkeys == {("b", "car"): "1"}


def test_keys_that_are_asked_for_win():
    schema = Schema(
        Boxes("b", ["car", Label("person", hotkey="1"), Label("bike", hotkey="b")]), Choice("c", ["x"])
    )
    assert schema.hotkeys == {("b", "person"): "1", ("b", "bike"): "b", ("b", "car"): "2", ("c", "x"): "3"}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            [Choice("a", [Label("x", hotkey="q"), Label("y", hotkey="q")])],
            r"hotkey 'q' is asked for by both 'x' \(field 'a'\) and 'y' \(field 'a'\)",
        ),
        (
            [Choice("a", [Label("x", hotkey="1")]), Boxes("b", [Label("y", hotkey="1")])],
            r"both 'y' \(field 'b'\) and 'x' \(field 'a'\); give one",
        ),
    ],
)
def test_two_labels_with_one_key_are_refused_with_both(fields, words):
    with pytest.raises(SchemaError, match=words):
        Schema(*fields)


@given(st.lists(st.sampled_from("123abc") | st.none(), max_size=45))
def test_no_two_labels_ever_have_one_key(asked):
    explicit = [key for key in asked if key]
    labels = [Label(f"l{n}", hotkey=key) for n, key in enumerate(asked)] or [Label("l")]
    if len(set(explicit)) < len(explicit):
        with pytest.raises(SchemaError, match="is asked for by both"):
            Schema(Choice("c", labels))
        return
    keys = Schema(Choice("c", labels)).hotkeys
    digits = [key for key in explicit if key.isdigit()]
    given = len(labels) if len(labels) <= 36 else len(explicit) + 10 - len(digits)
    assert len(set(keys.values())) == len(keys) == given
    for label in labels:
        assert label.hotkey is None or keys["c", label.name] == label.hotkey


def test_region_fields_share_one_palette_and_choices_have_their_own():
    schema = Schema(Boxes("a", ["x", Label("y", color="#123456")]), Boxes("b", ["z"]), Choice("c", ["u"]))
    colors = {(field, label.name): label.color for field in "abc" for label in schema.labels(field)}
    assert colors == {
        ("a", "x"): PALETTE[0],
        ("a", "y"): "#123456",
        ("b", "z"): PALETTE[2],
        ("c", "u"): PALETTE[0],
    }


def test_a_colour_that_somebody_chose_is_given_to_no_other():
    labels = Schema(Choice("c", [Label("a", color=PALETTE[1]), "b", "d"])).labels("c")
    assert [label.color for label in labels] == [PALETTE[1], PALETTE[0], PALETTE[2]]


def test_colours_go_round_when_there_are_more_labels():
    labels = Schema(Choice("c", [f"l{n}" for n in range(45)])).labels("c")
    assert [label.color for label in labels] == [*PALETTE, *PALETTE, *PALETTE[:5]]


def test_the_wire_carries_colours_keys_and_version():
    sent = STREET.wire(7)
    assert sent["version"] == 7
    weather, objects = sent["fields"][:2]
    assert [label["hotkey"] for label in objects["labels"]] == ["1", "2"]
    assert [label["hotkey"] for label in weather["options"]] == ["3", "4"]
    assert [label["hotkey"] for label in objects["attributes"][0]["options"]] == [None, None]
    json.dumps(sent, allow_nan=False)


FULL = STREET.changed(
    instructions=Instructions(
        "# Look",
        [Example({"image": "a.png"}, {"weather": "sun", "objects": [Box(1, 2, 3, 4, label="car")]}, "A car")],
    ),
    confidence=True,
    skip_reasons=["Blurred"],
    keys={"skip": "F2"},
)


@pytest.mark.parametrize(
    "schema", [STREET, FULL, Schema(Text("a"), skip_reasons=[])], ids=["street", "full", "bare"]
)
def test_a_schema_is_the_same_after_json(schema):
    assert Schema.from_json(json.loads(json.dumps(schema.to_json(), allow_nan=False))) == schema
    assert Schema.from_json({"fields": schema.to_json()["fields"]}).fields == schema.fields
    assert hash(Schema.from_json(schema.to_json())) == hash(schema)


def test_a_schema_made_twice_is_the_same():
    again = STREET.changed(instructions=Instructions("# Look", FULL.instructions.examples))
    assert again.instructions == FULL.instructions
    made = [Example({"image": "a.png"}, {"objects": [Box(1, 2, 3, 4, label="car")]}) for _ in range(2)]
    one, two = (STREET.changed(instructions=Instructions("", [example])) for example in made)
    assert one == two, "boxes in examples get the same ids each time"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"fields": "weather"}, "a schema is a dict with a list of fields"),
        ({"fields": []}, "a schema is made of fields"),
        ({"surprise": 1}, "found .*'surprise'"),
        ({"instructions": "text"}, "instructions are a dict with text and examples"),
        ({"instructions": {"html": ""}}, "instructions are a dict with text and examples"),
        ({"instructions": {"examples": [1]}}, "an example is a dict with data, values and caption"),
        ({"instructions": {"examples": 1}}, "examples must be a list"),
        ({"confidence": 1}, "confidence must be True or False"),
    ],
)
def test_json_that_is_no_schema_is_refused(change, words):
    with pytest.raises(SchemaError, match=words):
        Schema.from_json(STREET.to_json() | change)


@pytest.mark.parametrize("json", [None, [], "x", {}, 3])
def test_what_is_no_json_of_a_schema_is_refused(json):
    with pytest.raises(SchemaError, match="a schema is a dict with a list of fields"):
        Schema.from_json(json)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"weather": "snow"}, "example 1 of the instructions: weather: expected one of"),
        ({"wether": "sun"}, "example 1 of the instructions: expected only the fields"),
        ({"objects": [{"x": 1}]}, r"example 1 of the instructions: objects\[0\]"),
    ],
)
def test_an_example_follows_the_rules(values, words):
    with pytest.raises(SchemaError, match=words):
        STREET.changed(instructions=Instructions("", [Example({"image": "a"}, values)]))


def test_other_instructions_leave_the_rest():
    assert STREET.with_instructions("# New").instructions == Instructions("# New")
    assert STREET.with_instructions("# New").fields == STREET.fields
    with pytest.raises(dataclasses.FrozenInstanceError):
        STREET.confidence = True


def test_names_of_columns_that_are_always_there_are_taken():
    """The tables are built in frames.py; a field of the same name would stand in a column twice."""
    assert set(frames.ANNOTATION_DTYPES) | set(frames.FRAME_DTYPES) <= COLUMNS
    assert set(frames.REGION_DTYPES) | set(Box.columns) <= REGION_COLUMNS
    for name in COLUMNS:
        with pytest.raises(SchemaError, match="a column of that name is there already"):
            Text(name)


def test_what_only_instructions_need_is_loaded_on_use():
    code = (
        "import sys; from labelwidgets.schema import Schema, Text; s = Schema(Text('a'), instructions='# Hi'); s.to_json(); s.wire();"
        "heavy = {'markdown_it', 'nh3'}; assert not heavy & set(sys.modules);"
        "assert s.instructions.html == '<h1>Hi</h1>\\n'; assert heavy <= set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
