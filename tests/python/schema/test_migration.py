"""Changes of a schema: what they do to it, how old answers read through them, and what is refused."""

import copy
import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelwidgets.errors import SchemaError
from labelwidgets.labels import Box
from labelwidgets.schema import (
    AddField,
    AddLabel,
    Boxes,
    Choice,
    Example,
    Instructions,
    Label,
    MergeLabels,
    Number,
    Rating,
    RemoveField,
    RemoveLabel,
    RenameField,
    RenameLabel,
    Schema,
    Taxonomy,
    Text,
    difference,
    migrated,
    operation_from_json,
    upgrade,
    upgrade_of,
)
from labelwidgets.schema.migration import OPERATIONS

STREET = Schema(
    Choice("weather", ["sun", "rain", "snow"]),
    Choice("tags", ["a", "b", "c"], multiple=True, required=False),
    Taxonomy("animal", {"mammal": ["cat", "dog"], "bird": {"duck": ["mallard"]}}, required=False),
    Taxonomy("plants", {"tree": ["oak", "elm"], "herb": None}, multiple=True, required=False),
    Boxes("objects", ["car", "bus", "person"], attributes=[Choice("color", ["red", "blue"], required=False)]),
    instructions=Instructions(
        "",
        [
            Example(
                {"image": "a"}, {"weather": "sun", "animal": "cat", "objects": [Box(1, 2, 3, 4, label="car")]}
            )
        ],
    ),
)
PLANTS = STREET["plants"].paths()


def numbered(regions):
    return [region | {"id": str(number)} for number, region in enumerate(regions)]


box = st.builds(
    lambda label, color: Box(1, 2, 3, 4, label=label, id="i", attributes={"color": color}).to_json(),
    st.sampled_from(["car", "bus", "person"]),
    st.sampled_from(["red", "blue", None]),
)
values = st.fixed_dictionaries(
    {
        "weather": st.sampled_from(["sun", "rain", "snow"]),
        "tags": st.none() | st.lists(st.sampled_from("abc"), unique=True).map(sorted),
        "animal": st.none() | st.sampled_from([list(path) for path in STREET["animal"].paths()]),
        "plants": st.none()
        | st.sets(st.sampled_from(PLANTS)).map(lambda some: [list(path) for path in PLANTS if path in some]),
        "objects": st.lists(box, max_size=5).map(numbered),
    }
)
OPS = [
    AddField(Rating("quality"), "", 1),
    AddField(Number("age", required=False), "objects"),
    RenameField("weather", "sky"),
    RenameField("objects.color", "paint"),
    RemoveField("tags"),
    RemoveField("objects.color"),
    AddLabel("weather", Label("fog", color="#123456"), 0),
    AddLabel("objects.color", Label("green")),
    AddLabel("animal", Label("owl", parent="bird")),
    RenameLabel("weather", "sun", "sunny"),
    RenameLabel("animal", ("mammal",), "beast"),
    MergeLabels("objects", ("car", "bus"), "person"),
    MergeLabels("animal", (("bird", "duck"),), ("mammal", "cat")),
    RemoveLabel("weather", "snow"),
    RemoveLabel("plants", ("tree", "oak")),
]


def names(schema, field):
    return [label.name for label in schema[field].labelled]


@pytest.mark.parametrize("op", OPS, ids=lambda op: f"{op.name}")
def test_an_operation_is_the_same_after_json(op):
    assert operation_from_json(json.loads(json.dumps(op.to_json()))) == op
    assert hash(operation_from_json(op.to_json())) == hash(op)


def test_every_operation_is_tried():
    assert {type(op) for op in OPS} == set(OPERATIONS.values())
    assert {op.name for op in OPS} == set(OPERATIONS)


@pytest.mark.parametrize("op", OPS, ids=lambda op: f"{op.name}")
@given(given=values)
def test_old_answers_read_as_the_new_schema_says_them(op, given):
    schema = migrated(STREET, [op])
    before = copy.deepcopy(given)
    read = upgrade(given, [op])
    assert given == before, "what is stored is never changed"
    loose = schema.changed(fields=[field.changed(required=False) for field in schema.fields])
    checked = loose.check(read)
    assert loose.encode(checked) == dict.fromkeys(loose.names) | read | {
        "objects": _with_all_attributes(read, schema)
    }


def _with_all_attributes(read, schema):
    every = dict.fromkeys(field.name for field in schema["objects"].attributes)
    return [region | {"attributes": every | region["attributes"]} for region in read["objects"]]


@given(values, st.lists(st.sampled_from(OPS), max_size=5))
def test_many_changes_read_as_one_after_the_other(given, ops):
    try:
        migrated(STREET, ops)
    except SchemaError:
        return
    step = given
    for op in ops:
        step = upgrade(step, [op])
    assert upgrade(given, ops) == step


@pytest.mark.parametrize(
    ("field", "old", "new", "back"),
    [
        ("weather", "sun", "sunny", "sunny"),
        ("tags", "a", "z", "z"),
        ("objects", "car", "vehicle", "vehicle"),
        ("objects.color", "red", "rouge", "rouge"),
        ("animal", ("mammal",), "beast", ("beast",)),
        ("animal", ("mammal", "cat"), "felid", ("mammal", "felid")),
        ("plants", ("tree",), "wood", ("wood",)),
    ],
)
@given(given=values)
def test_renaming_there_and_back_changes_nothing(field, old, new, back, given):
    bare = old if isinstance(old, str) else old[-1]
    ops = [RenameLabel(field, old, new), RenameLabel(field, back, bare)]
    assert migrated(STREET, ops) == STREET
    assert upgrade(given, ops) == given


@given(given=values)
def test_swapping_two_names_swaps_the_answers(given):
    ops = [
        RenameLabel("weather", "sun", "x"),
        RenameLabel("weather", "rain", "sun"),
        RenameLabel("weather", "x", "rain"),
    ]
    swapped = {"sun": "rain", "rain": "sun", "snow": "snow"}
    assert upgrade(given, ops)["weather"] == swapped[given["weather"]]
    assert names(migrated(STREET, ops), "weather") == ["rain", "sun", "snow"]


@given(st.lists(values, max_size=8))
def test_merging_keeps_counts(answers):
    ops = [MergeLabels("objects", ["car", "bus"], "person"), MergeLabels("weather", ["rain"], "snow")]
    read = upgrade_of(ops)
    after = [read(answer) for answer in answers]
    regions, merged = (
        Counter(region["label"] for answer in given for region in answer["objects"])
        for given in (answers, after)
    )
    assert merged["person"] == regions.total() == merged.total()
    skies, joined = (Counter(answer["weather"] for answer in given) for given in (answers, after))
    assert joined["snow"] == skies["rain"] + skies["snow"]
    assert joined["sun"] == skies["sun"]
    assert names(migrated(STREET, ops), "objects") == ["person"]


def test_merging_what_one_answer_held_twice_leaves_it_once():
    assert upgrade({"tags": ["a", "b", "c"]}, [MergeLabels("tags", ["a"], "c")]) == {"tags": ["c", "b"]}
    assert upgrade({"plants": [["tree"], ["herb"]]}, [MergeLabels("plants", [("herb",)], ("tree",))]) == {
        "plants": [["tree"]]
    }


def test_a_merged_branch_brings_what_lies_below_it():
    ops = [MergeLabels("animal", [("bird",)], ("mammal",))]
    assert migrated(STREET, ops)["animal"].paths() == [
        ("mammal",),
        ("mammal", "cat"),
        ("mammal", "dog"),
        ("mammal", "duck"),
        ("mammal", "duck", "mallard"),
    ]
    assert upgrade({"animal": ["bird", "duck", "mallard"]}, ops) == {"animal": ["mammal", "duck", "mallard"]}


def test_merging_a_branch_into_one_that_has_the_same_names():
    schema = Schema(Taxonomy("t", {"a": {"x": ["deep"], "y": None}, "b": {"x": ["other"]}}))
    ops = [MergeLabels("t", [("a",)], ("b",))]
    assert set(migrated(schema, ops)["t"].paths()) == {
        ("b",),
        ("b", "y"),
        ("b", "x"),
        ("b", "x", "other"),
        ("b", "x", "deep"),
    }
    assert upgrade({"t": ["a", "x", "deep"]}, ops) == {"t": ["b", "x", "deep"]}


def test_merging_a_branch_and_what_lies_below_it_at_once():
    ops = [MergeLabels("animal", [("bird",), ("bird", "duck")], ("mammal",))]
    schema = migrated(STREET, ops)
    assert ("mammal", "duck", "mallard") in schema["animal"].paths()
    assert tuple(upgrade({"animal": ["bird", "duck"]}, ops)["animal"]) in schema["animal"].paths()


@pytest.mark.parametrize(
    ("op", "given", "read"),
    [
        (RemoveLabel("weather", "snow"), {"weather": "snow"}, {"weather": None}),
        (RemoveLabel("tags", "a"), {"tags": ["a", "b"]}, {"tags": ["b"]}),
        (RemoveLabel("tags", "a"), {"tags": ["a"]}, {"tags": None}),
        (RemoveLabel("tags", "a"), {"tags": []}, {"tags": []}),
        (RemoveLabel("animal", ("bird",)), {"animal": ["bird", "duck", "mallard"]}, {"animal": None}),
        (RemoveLabel("animal", ("bird", "duck")), {"animal": ["bird"]}, {"animal": ["bird"]}),
        (
            RemoveLabel("plants", ("tree", "oak")),
            {"plants": [["tree", "oak"], ["herb"]]},
            {"plants": [["herb"]]},
        ),
    ],
)
def test_a_removed_label_says_nothing_any_more(op, given, read):
    assert upgrade(given, [op]) == read


def test_regions_with_a_removed_label_are_not_read():
    cars = [
        Box(1, 2, 3, 4, label=label, id=str(n)).to_json() for n, label in enumerate(["car", "bus", "car"])
    ]
    assert [
        region["id"] for region in upgrade({"objects": cars}, [RemoveLabel("objects", "car")])["objects"]
    ] == ["1"]
    assert upgrade({"objects": cars[:1]}, [RemoveLabel("objects", "car")]) == {"objects": []}
    plain = [Box(1, 2, 3, 4, id="0").to_json()]
    assert upgrade({"objects": plain}, [RemoveLabel("objects", "car")]) == {"objects": plain}


def test_a_name_used_again_does_not_bring_back_removed_answers():
    ops = [RemoveField("tags"), AddField(Text("tags", required=False))]
    assert upgrade({"tags": ["a"], "weather": "sun"}, ops) == {"weather": "sun"}
    ops = [RemoveLabel("weather", "sun"), AddLabel("weather", Label("sun"))]
    assert upgrade({"weather": "sun"}, ops) == {"weather": None}
    ops = [RenameField("weather", "sky"), AddField(Choice("weather", ["calm", "storm"]))]
    assert upgrade({"weather": "sun"}, ops) == {"sky": "sun"}


def test_fields_that_change_names_keep_their_labels_changes():
    ops = [
        RenameLabel("weather", "sun", "s"),
        RenameField("weather", "sky"),
        RenameLabel("sky", "s", "sunny"),
        RenameField("sky", "weather"),
    ]
    assert upgrade({"weather": "sun"}, ops) == {"weather": "sunny"}
    ops = [
        RenameField("objects", "things"),
        RenameField("things.color", "paint"),
        RenameLabel("things.paint", "red", "rouge"),
    ]
    region = Box(1, 2, 3, 4, label="car", id="0", attributes={"color": "red"}).to_json()
    (read,) = upgrade({"objects": [region]}, ops)["things"]
    assert read["attributes"] == {"paint": "rouge"}


def test_examples_in_the_instructions_follow():
    schema = migrated(
        STREET,
        [
            RenameField("weather", "sky"),
            RenameLabel("sky", "sun", "sunny"),
            RenameLabel("animal", ("mammal",), "beast"),
            RemoveLabel("objects", "car"),
        ],
    )
    assert schema.instructions.examples[0].values == {
        "sky": "sunny",
        "animal": ["beast", "cat"],
        "objects": [],
    }


@pytest.mark.parametrize(
    ("op", "field", "expected"),
    [
        (AddLabel("weather", Label("fog")), "weather", ["sun", "rain", "snow", "fog"]),
        (AddLabel("weather", Label("fog"), 0), "weather", ["fog", "sun", "rain", "snow"]),
        (AddLabel("weather", Label("fog"), 2), "weather", ["sun", "rain", "fog", "snow"]),
        (AddLabel("weather", Label("fog"), 99), "weather", ["sun", "rain", "snow", "fog"]),
        (RenameLabel("weather", "rain", "wet"), "weather", ["sun", "wet", "snow"]),
        (MergeLabels("weather", ["sun"], "snow"), "weather", ["rain", "snow"]),
        (RemoveLabel("weather", "sun"), "weather", ["rain", "snow"]),
        (
            AddLabel("animal", Label("fish")),
            "animal",
            ["mammal", "cat", "dog", "bird", "duck", "mallard", "fish"],
        ),
        (
            AddLabel("animal", Label("cow", parent="mammal")),
            "animal",
            ["mammal", "cat", "dog", "cow", "bird", "duck", "mallard"],
        ),
        (RemoveLabel("animal", ("bird",)), "animal", ["mammal", "cat", "dog"]),
        (AddLabel("objects.color", Label("green")), "objects.color", ["red", "blue", "green"]),
    ],
)
def test_labels_stay_in_their_places(op, field, expected):
    assert names(migrated(STREET, [op]), field) == expected


def test_a_renamed_label_keeps_its_looks():
    schema = Schema(
        Choice("c", [Label("a", title="A", color="#123456", hotkey="q", description="d", aliases=["x"])])
    )
    assert migrated(schema, [RenameLabel("c", "a", "b")])["c"].options == (
        Label("b", title="A", color="#123456", hotkey="q", description="d", aliases=("x",)),
    )


@pytest.mark.parametrize(
    ("op", "words"),
    [
        (RenameLabel("weather", "snwo", "x"), "there is no label 'snwo'. Did you mean 'snow'"),
        (
            RenameLabel("weather", "snow", "sun"),
            "'snow' can't be renamed to 'sun', which is there already; merge them by MergeLabels",
        ),
        (RenameLabel("weather", "snow", ""), "must be 1 to 200 characters"),
        (
            RenameLabel("weather", ("snow",), "x"),
            "a label of this field is given as a name, found a tuple of 1",
        ),
        (
            RenameLabel("animal", "cat", "x"),
            r"given as a path from the root as a tuple, such as \(\"animal\", \"cat\"\), found 'cat'",
        ),
        (RenameLabel("animal", ("cat",), "x"), "there is no label 'cat'"),
        (
            RenameLabel("animal", ("mammal", "cat"), "dog"),
            "'mammal > cat' can't be renamed to 'mammal > dog'",
        ),
        (RenameLabel("wether", "sun", "x"), "no field 'wether'; .*Did you mean 'weather'"),
        (
            RenameLabel("objects.colour", "red", "x"),
            "no field 'objects.colour'; .*Did you mean 'objects.color'",
        ),
        (MergeLabels("weather", ["sun"], "fog"), "there is no label 'fog'"),
        (MergeLabels("weather", ["sun", "fog"], "rain"), "there is no label 'fog'"),
        (
            MergeLabels("weather", ["sun"], "sun"),
            "'sun' can't be merged into 'sun', which is the same label or lies below it",
        ),
        (MergeLabels("animal", [("bird",)], ("bird", "duck")), "can't be merged into 'bird > duck'"),
        (RemoveLabel("weather", "fog"), "there is no label 'fog'"),
        (AddLabel("weather", Label("sun")), "there is a label 'sun' already"),
        (AddLabel("animal", Label("x", parent="fish")), "there is no label 'fish'"),
        (AddLabel("weather", Label("x", parent="sun")), "has the parent 'sun'; use Taxonomy"),
        (AddField(Text("weather")), "two fields are named 'weather'"),
        (
            AddField(Text("x", required=False), "weather"),
            "field 'weather' has no attributes: only fields with regions have",
        ),
        (AddField(Text("x", required=False), "nowhere"), "no field 'nowhere'"),
        (AddField(Boxes("x", []), "objects"), "must be fields without regions"),
        (RenameField("nowhere", "x"), "no field 'nowhere'"),
        (RenameField("weather", "tags"), "two fields are named 'tags'"),
        (RenameField("weather", "a.b"), "neither '.' nor"),
        (RemoveField("nowhere"), "no field 'nowhere'"),
    ],
)
def test_a_change_that_does_not_fit_is_refused(op, words):
    with pytest.raises(SchemaError, match=words):
        migrated(STREET, [op])


def test_the_last_field_and_the_last_option_stay():
    with pytest.raises(SchemaError, match="a schema is made of fields"):
        migrated(Schema(Text("a")), [RemoveField("a")])
    with pytest.raises(SchemaError, match="has no options"):
        migrated(Schema(Choice("a", ["x"])), [RemoveLabel("a", "x")])


@pytest.mark.parametrize(
    ("json", "words"),
    [
        (
            {"operation": "split_label", "field": "a"},
            "unknown operation 'split_label'; known are .*Use the version that wrote it",
        ),
        ({}, "unknown operation None"),
        ({"operation": ["add_field"]}, "unknown operation"),
        ([], "unknown operation None"),
        (None, "unknown operation None"),
        ({"operation": "remove_field"}, "the operation remove_field needs 'field', found "),
        ({"operation": "remove_field", "field": "a", "more": 1}, "needs 'field', found 'field', 'more'"),
        (
            {"operation": "add_field", "field": {"kind": "hologram"}, "within": "", "position": None},
            "unknown kind of field 'hologram'",
        ),
    ],
)
def test_an_operation_that_this_version_does_not_know_is_refused(json, words):
    with pytest.raises(SchemaError, match=words):
        operation_from_json(json)


def test_additions_are_found_between_two_schemas():
    new = Schema(
        Text("remark", required=False),
        *[field for field in STREET.fields if field.name not in ("weather", "objects", "animal")],
        Choice("weather", ["fog", "snow", "sun", Label("rain", title="Rain", color="#123456")], title="Sky"),
        Taxonomy("animal", {"bird": {"duck": ["mallard"]}, "mammal": ["dog", "cat", "cow"]}, required=False),
        Boxes(
            "objects",
            ["car", "bus", "person", "bike"],
            attributes=[Choice("color", ["red", "green", "blue"]), Number("age")],
            min_size=3,
        ),
    )
    ops = difference(STREET, new)
    assert set(map(repr, ops)) == {
        repr(AddField(Text("remark", required=False), "", 0)),
        repr(AddField(Number("age"), "objects", 1)),
        repr(AddLabel("weather", Label("fog"), 0)),
        repr(AddLabel("animal", Label("cow", parent="mammal"), 6)),
        repr(AddLabel("objects", Label("bike"), 3)),
        repr(AddLabel("objects.color", Label("green"), 1)),
    }
    assert difference(STREET, STREET) == []
    after = migrated(STREET, ops)
    assert set(after.names) == set(new.names)
    assert set(names(after, "animal")) == set(names(new, "animal"))


@given(values)
def test_additions_change_no_answer(given):
    ops = [op for op in OPS if isinstance(op, AddField | AddLabel)]
    assert upgrade(given, ops) == given


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"weather": None}, "field 'weather' is gone"),
        (
            {"weather": Choice("wether", ["sun", "rain", "snow"])},
            r"field 'weather' is gone, renamed to 'wether'\?",
        ),
        ({"weather": Choice("weather", ["sun", "rain"])}, "field 'weather' lacks 'snow'"),
        (
            {"weather": Choice("weather", ["sun", "rain", "snwo"])},
            r"field 'weather' lacks 'snow', renamed to 'snwo'\?",
        ),
        ({"weather": Text("weather")}, "field 'weather' was choice and is text"),
        (
            {"weather": Choice("weather", ["sun", "rain", "snow"], multiple=True)},
            r"field 'weather' was choice and is choice \(multiple\)",
        ),
        (
            {"animal": Taxonomy("animal", {"mammal": ["cat", "dog"], "bird": ["duck"]})},
            "field 'animal' lacks 'bird > duck > mallard'",
        ),
        ({"objects": Boxes("objects", ["car", "bus", "person"])}, "field 'objects.color' is gone"),
        (
            {"objects": Boxes("objects", ["car", "bus"], attributes=[Choice("color", ["red"])])},
            "field 'objects' lacks 'person'; .*'objects.color' lacks 'blue'",
        ),
    ],
)
def test_what_would_lose_answers_is_refused_with_the_remedy(fields, words):
    made = [fields.get(field.name, field) for field in STREET.fields]
    new = Schema(*[field for field in made if field is not None])
    with pytest.raises(SchemaError, match=words) as caught:
        difference(STREET, new)
    assert "session.migrate(RenameLabel(...))" in str(caught.value)


def test_ten_thousand_renamed_labels_are_read_as_fast_as_one():
    count = 10_000
    schema = Schema(
        Choice("c", [f"a{n}" for n in range(count)]), Taxonomy("t", {"r": [f"a{n}" for n in range(count)]})
    )
    ops = [RenameLabel("c", f"a{n}", f"b{n}") for n in range(count)]
    ops += [RenameLabel("t", ("r", f"a{n}"), f"b{n}") for n in range(count)]
    after = migrated(schema, ops)
    assert names(after, "c") == [f"b{n}" for n in range(count)]
    assert names(after, "t") == ["r", *(f"b{n}" for n in range(count))]
    read = upgrade_of(ops)
    steps = _steps(read, {"c": "a7", "t": ["r", "a9999"]})
    assert read({"c": "a7", "t": ["r", "a9999"]}) == {"c": "b7", "t": ["r", "b9999"]}
    assert steps < 200, "one answer takes the same steps, however many changes there were"


def _steps(read, answer):
    """Lines of code run: counts work without a clock."""
    import sys

    count = 0

    def trace(_frame, event, _arg):
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        read(answer)
    finally:
        sys.settrace(before)
    return count
