"""What every field must do; a new field is one more entry in CASES."""

import dataclasses
import io
import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelwidgets.errors import LabelError, SchemaError
from labelwidgets.labels import Box, Item, Relation, Span, Turn
from labelwidgets.schema import (
    FIELDS,
    Boxes,
    Choice,
    Field,
    Label,
    Number,
    Pairwise,
    Ranking,
    Rating,
    Relations,
    RelationType,
    Schema,
    Spans,
    Taxonomy,
    Text,
    Turns,
)

PROTOCOL = Path(__file__).parents[3] / "labelwidgets/js/core/protocol.ts"
SENTENCE = "👩‍👩‍👧 said: Zoe\u0308 met שלום in 東京 & a\r\nb\tc 𝔘."
ITEM = Item(
    160,
    120,
    len(SENTENCE),
    text=SENTENCE,
    turns=((0, 3), (4, 9), (9, 12)),
    speakers=("a", "b", "a"),
    data={"answers": ["yes", {"id": "n", "text": "no"}]},
)
"""A picture and a text in one, so that every field finds what it looks at."""
WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=40).filter(
    str.strip
)

SUN = Choice("c", ["sun", Label("rain", title="Rain", color="#112233", hotkey="r", aliases=("wet",))])
SEVERAL = Choice("c", ["a", "b", "c"], multiple=True, required=False, title="Several", help="Choose any.")
TREE = Taxonomy("t", {"animal": {"mammal": ["cat", "dog"], "bird": None}, "plant": ["cat"]})
FOREST = Taxonomy(
    "t", [Label("a", color="#445566"), ("a", "b"), "c"], multiple=True, required=False, partial=False
)
BOXES = Boxes(
    "b",
    ["car", "person"],
    attributes=[
        Choice("state", ["new", "old"], required=False),
        Taxonomy("of", ["x", "y"]),
        Number("n", required=False),
    ],
)
PLAIN = Boxes("b", [], rotatable=False, min_count=1, max_count=3, min_size=4)

said = st.fixed_dictionaries(
    {"of": st.sampled_from([("x",), "y", ["x"]])},
    optional={"state": st.sampled_from(["new", "old", None]), "n": st.floats(-5, 5)},
)
boxes = st.builds(
    Box, st.floats(30, 80), st.floats(30, 50), st.floats(1, 40), st.floats(1, 40), st.floats(0, 360),
    label=st.sampled_from(["car", "person"]), score=st.none() | st.floats(0, 1), attributes=said,
)  # fmt: skip
plain = st.builds(Box, st.floats(0, 100), st.floats(0, 100), st.floats(4, 20), st.floats(4, 20))

SPANS = Spans(
    "e", ["P", "Q"], discontinuous=True, entries=[Label("Q1", title="Universe", aliases=("all",))],
    attributes=[Choice("state", ["new", "old"], required=False)], palette=["ŋ", "ʃ"],
)  # fmt: skip
APART = Spans("e", nested=False, overlapping=False, unanswerable=True, max_count=2)
RELATIONS = Relations(
    "r",
    [
        "meets",
        RelationType("knows", directed=False, pairs=[("P", "Q"), ("P", "P")]),
        RelationType("same", chain=True),
    ],
    between="e",
    attributes=[Rating("sure", required=False)],
)
PEOPLE = [Span(n, n + 1, label="P", id=name) for n, name in enumerate("abcd")]

places = st.lists(st.integers(0, len(SENTENCE)), min_size=2, max_size=6, unique=True).map(sorted)
parts = places.map(lambda at: list(zip(at[::2], at[1::2], strict=False)))
spans = st.builds(
    lambda parts, **said: Span(parts[0][0], parts[-1][1], parts=parts, **said), parts,
    label=st.sampled_from("PQ"), link=st.sampled_from([None, "Q1"]), score=st.none() | st.floats(0, 1),
    attributes=st.sampled_from([{}, {"state": "new"}]),
)  # fmt: skip
apart = places.map(lambda at: [Span(start, end) for start, end in zip(at[::2], at[1::2], strict=False)][:2])
ends = st.lists(st.sampled_from("abcd"), min_size=2, max_size=2, unique=True)
chains = st.lists(st.sampled_from("abcd"), min_size=2, max_size=4, unique=True)
relations = st.builds(
    lambda members, label: Relation(members=members, label=label), ends, st.sampled_from(["meets", "knows"])
)
related = st.lists(
    relations | chains.map(lambda members: Relation(members=members, label="same")),
    max_size=3, unique_by=lambda relation: (relation.label, frozenset(relation.members)),
)  # fmt: skip

turns = st.integers(0, 2).flatmap(
    lambda turn: st.builds(
        Turn, st.just(turn), label=st.sampled_from(["asks", "tells"]), score=st.none() | st.floats(0, 1)
    )
)

CASES = {
    "turns": [
        (
            Turns("u", ["asks", "tells"], multiple=True, required=False),
            st.lists(turns, max_size=4, unique_by=lambda said: (said.turn, said.label)),
        ),
        (
            Turns("u", attributes=[Rating("helps", required=False)], speakers=["a"], every=True),
            st.just([Turn(0), Turn(2, attributes={"helps": 3})]) | st.just([{"turn": 2}, {"turn": 0}]),
        ),
    ],
    "spans": [
        (SPANS, st.lists(spans, max_size=4) | st.lists(spans.map(Span.to_json), max_size=2)),
        (APART, apart | st.just([])),
        (Spans("e", tokens="t", labels=[Label("w", hotkey="w")], required=False), st.just([])),
    ],
    "relations": [
        (RELATIONS, related),
        (
            Relations("r", ["a"], between="e", required=False, max_count=1),
            st.just([]) | ends.map(lambda m: [{"members": m, "label": "a"}]),
        ),
    ],
    "ranking": [
        (Ranking("k", ["a", Label("b", title="B"), "c"]), st.permutations("abc")),
        (Ranking("k", column="answers", top=1, required=False), st.sampled_from([["0"], ["n"]])),
    ],
    "pairwise": [
        (Pairwise("w", ["left", "right"]), st.sampled_from(["a", "b", "tie", "bad"])),
        (
            Pairwise("w", texts=["one", "two"], options=["x", Label("y", color="#112233")], required=False),
            st.sampled_from("xy"),
        ),
    ],
    "choice": [
        (SUN, st.sampled_from(["sun", "rain", np.str_("sun")])),
        (SEVERAL, st.lists(st.sampled_from("abc"), unique=True) | st.sets(st.sampled_from("abc"))),
    ],
    "taxonomy": [
        (TREE, st.sampled_from([*TREE.paths(), ["animal"], "animal > mammal > dog", "bird"])),
        (FOREST, st.lists(st.sampled_from([("a", "b"), ("c",)]), unique=True)),
    ],
    "rating": [
        (Rating("r"), st.integers(1, 5) | st.just(np.int64(3)) | st.just(4.0)),
        (Rating("r", 10, required=False), st.integers(1, 10)),
    ],
    "number": [
        (Number("n"), st.floats(-1e300, 1e300) | st.integers(-(10**9), 10**9) | st.just(np.float32(0.5))),
        (Number("n", -1, 2, 0.25, "mm", required=False), st.integers(-4, 8).map(lambda steps: steps / 4)),
    ],
    "text": [
        (Text("x"), WORDS),
        (
            Text("x", multiline=True, max_length=100, required=False),
            st.lists(WORDS, min_size=1, max_size=2).map("\n".join),
        ),
    ],
    "boxes": [
        (BOXES, st.lists(boxes, max_size=4) | st.lists(boxes.map(Box.to_json), max_size=2)),
        (PLAIN, st.lists(plain, min_size=1, max_size=3)),
    ],
}
FIELDS_UNDER_TEST = [field for cases in CASES.values() for field, _ in cases]
STRATEGIES = {id(field): values for cases in CASES.values() for field, values in cases}
NAMES = [f"{field.kind}{number}" for number, field in enumerate(FIELDS_UNDER_TEST)]
any_answer = st.one_of(
    [st.tuples(st.just(field), values) for cases in CASES.values() for field, values in cases]
)
each_field = pytest.mark.parametrize("field", FIELDS_UNDER_TEST, ids=NAMES)

HOSTILE = {
    "bool": True,
    "object": object(),
    "bytes": b"sun",
    "huge integer": 10**400,
    "nan": float("nan"),
    "infinity": float("inf"),
    "nul": "a\x00b",
    "unpaired surrogate": "a\ud800b",
    "escape": "a\x1bb",
    "megabytes of text": "x" * 1_000_001,
    "dict": {"sun": 1},
    "list of nothing": [None],
    "deep list": [[[[[]]]]],
    "mixed list": ["sun", 1],
    "long list": ["sun"] * 200_000,
    "function": len,
    "script": "<img src=x onerror=alert(1)>" * 5000,
}


def schema_of(field):
    """The smallest schema in which a field makes sense."""
    return Schema(Spans("e", ["P", "Q"]), field) if field.kind == "relations" else Schema(field)


def answer_of(field, value):
    return {"e": PEOPLE, field.name: value} if field.kind == "relations" else {field.name: value}


def through_json(value):
    return json.loads(json.dumps(value, allow_nan=False))


def test_every_registered_field_is_held_to_the_contract():
    assert set(CASES) == set(FIELDS)
    for kind, cases in CASES.items():
        assert FIELDS[kind].kind == kind
        assert all(type(field) is FIELDS[kind] for field, _ in cases)


@each_field
def test_a_field_is_the_same_after_json(field):
    assert Field.from_json(through_json(field.to_json())) == field
    assert type(field).from_json(through_json(field.to_json())) == field
    assert hash(Field.from_json(field.to_json())) == hash(field)


@each_field
def test_a_field_is_frozen(field):
    with pytest.raises(dataclasses.FrozenInstanceError):
        field.name = "other"


@each_field
def test_a_changed_field_is_another_one(field):
    assert field.changed(title="Other title").title == "Other title"
    assert field.changed() == field
    assert field.changed(title="Other title") != field


@given(any_answer)
def test_a_checked_value_is_checked_for_good(case):
    field, value = case
    checked = field.check(value, ITEM)
    assert field.check(checked, ITEM) == checked


@given(any_answer)
def test_a_value_is_the_same_after_json(case):
    field, value = case
    checked = field.check(value, ITEM)
    coded = through_json(field.encode(checked))
    assert field.decode(coded) == checked
    assert field.check(coded, ITEM) == checked, "the wire's form is accepted too"
    assert field.encode(field.decode(coded)) == coded


@given(any_answer)
def test_a_cell_is_made_for_its_dtype(case):
    field, value = case
    cell = field.cell(field.encode(field.check(value, ITEM)))
    column = pd.Series([cell, None], dtype=field.dtype)
    assert column.isna().tolist() == [False, True]
    assert column[0] == cell


@each_field
@settings(max_examples=10)
@given(data=st.data())
def test_a_column_is_the_same_after_parquet(field, data):
    values = data.draw(st.lists(STRATEGIES[id(field)], max_size=3))
    rows = [field.cell(field.encode(field.check(value, ITEM))) for value in values]
    frame = pd.DataFrame({"value": pd.Series([*rows, None], dtype=field.dtype)})
    pd.testing.assert_frame_equal(pd.read_parquet(io.BytesIO(frame.to_parquet())), frame)


@each_field
def test_nothing_is_an_answer_only_where_none_is_required(field):
    required, optional = field.changed(required=True), field.changed(required=False)
    assert optional.check(None) is None
    assert optional.encode(None) is None
    assert optional.decode(None) is None
    assert optional.cell(None) is None
    with pytest.raises(
        LabelError, match=rf"^{field.name}: expected an answer \(the field is required\), found None. Give "
    ) as caught:
        required.check(None)
    assert caught.value.field == field.name


@each_field
@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_value_is_refused_with_the_field_the_value_and_the_remedy(field, value):
    with pytest.raises(LabelError) as caught:
        field.check(value, ITEM)
    message = str(caught.value)
    assert caught.value.field.startswith(field.name)
    assert "expected" in message
    assert "found" in message
    assert 20 < len(message) < 800
    assert message.isprintable()


@given(any_answer)
def test_a_schema_checks_and_codes_as_its_field_does(case):
    field, value = case
    schema = schema_of(field)
    checked = schema.check(answer_of(field, value), ITEM)
    assert schema.check(checked, ITEM) == checked
    assert schema.decode(through_json(schema.encode(checked))) == checked
    assert schema[field.name] == field


@each_field
def test_the_wire_has_the_keys_that_the_page_knows(field):
    sent = through_json(schema_of(field).wire())["fields"][-1]
    assert set(sent) == _keys(f"{field.kind.capitalize()}Json") | _keys("FieldBase")
    assert sent["kind"] == field.kind
    assert sent["title"] == (field.title or field.name)
    kind = _keys("LabelJson") | (_keys("RelationTypeJson") if field.kind == "relations" else set())
    for label in sent[field.labels_in] if field.labels_in else []:
        assert set(label) == kind
        assert re.fullmatch("#[0-9a-f]{6}", label["color"])
        assert label["title"]


@each_field
def test_the_wire_names_labels_by_ids_that_are_unique(field):
    sent = schema_of(field).wire()["fields"][-1]
    labels = sent[field.labels_in] if field.labels_in else []
    ids = [label["id"] for label in labels]
    assert len(set(ids)) == len(ids) == len(field.labelled)
    assert {label["parent"] for label in labels} <= {None, *ids}


@each_field
def test_labels_can_be_exchanged_where_there_are_any(field):
    if field.labels_in and not getattr(field, "column", None):
        assert field.with_labels(field.labelled) == field
        other = field.with_labels([Label("new"), Label("newer")])
        assert [label.name for label in other.labelled] == ["new", "newer"]
    else:
        assert field.labelled == ()
        with pytest.raises(SchemaError, match="has no labels|ranks either"):
            field.with_labels([Label("new")])


@each_field
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": "chioce"}, "unknown kind of field"),
        ({"kind": None}, "unknown kind of field None"),
        ({"surprise": 1}, "has no 'surprise'"),
        ({"requierd": True}, "Did you mean 'required'"),
        ({"required": 1}, "must be True or False"),
        ({"title": 3}, "title of field .* must be text"),
        ({"title": "a\x00"}, "control character"),
        ({"help": "\ud800"}, "unpaired surrogate"),
        ({"help": "x" * 10_001}, "at most 10,000 characters"),
        ({"name": ""}, "1 to 200 characters"),
        ({"name": " a"}, "without blanks around"),
        ({"name": "a\nb"}, "control character"),
        ({"name": "a\u202eb"}, "writing-direction override"),
        ({"name": "a.b"}, "neither '.' nor '\\['"),
        ({"name": "task_id"}, "a column of that name is there already"),
        ({"name": 3}, "must be text"),
    ],
)
def test_json_that_is_no_field_is_refused(field, change, words):
    with pytest.raises(SchemaError, match=words):
        Field.from_json(field.to_json() | change)


@each_field
def test_json_without_its_name_is_refused(field):
    json = field.to_json()
    del json["name"]
    with pytest.raises(SchemaError, match="needs 'name'"):
        Field.from_json(json)


@pytest.mark.parametrize("json", [None, [], "choice", 3, {}, {"kind": []}])
def test_what_is_no_json_of_a_field_is_refused(json):
    with pytest.raises(SchemaError, match="unknown kind of field"):
        Field.from_json(json)


def test_a_field_class_reads_only_its_own_kind():
    with pytest.raises(SchemaError, match="unknown kind of field 'rating'"):
        Choice.from_json(Rating("r").to_json())


def _keys(interface):
    body = re.search(rf"interface {interface} [^{{]*{{(.*?)\n}}", PROTOCOL.read_text(), re.DOTALL)[1]
    return set(re.findall(r"^  (\w+)\??:", body, re.MULTILINE))


leaves = (
    st.none()
    | st.booleans()
    | st.integers(-3, 40)
    | st.floats()
    | st.sampled_from(["a", "P", "", "x" * 300, "meets", "\ud800", "0", "n"])
)
nested = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "label",
                    "start",
                    "end",
                    "parts",
                    "link",
                    "text",
                    "members",
                    "attributes",
                    "score",
                    "x",
                ]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=12,
)
hostile_regions = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "start": leaves | st.integers(0, 30),
            "end": leaves | st.integers(0, 30),
            "parts": nested | st.lists(st.lists(st.integers(0, 30), min_size=2, max_size=2), max_size=3),
            "members": nested | st.lists(st.sampled_from("abcd"), max_size=3),
            "label": leaves,
            "link": nested,
            "id": leaves,
            "text": leaves,
            "attributes": nested,
            "score": leaves,
            "turn": leaves,
        },
    ),
    max_size=3,
)


@each_field
@settings(max_examples=60)
@given(value=nested | hostile_regions)
def test_whatever_a_page_sends_is_taken_or_refused_and_nothing_else(field, value):
    try:
        checked = schema_of(field).check(answer_of(field, value), ITEM)
    except LabelError as error:
        assert str(error).isprintable()
    else:
        assert through_json(schema_of(field).encode(checked))
