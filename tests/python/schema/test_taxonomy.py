"""Trees from whatever people have, answers by path, search by typing."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelwidgets.errors import LabelError, SchemaError
from labelwidgets.schema import Field, Label, Schema, Taxonomy

ANIMALS = [("animal",), ("animal", "mammal"), ("animal", "mammal", "cat"), ("animal", "bird"), ("plant",)]

names = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=4)
trees = st.recursive(
    st.none() | st.lists(names, unique=True, max_size=4),
    lambda below: st.dictionaries(names, below, max_size=4),
    max_leaves=25,
)


@pytest.mark.parametrize(
    "nodes",
    [
        {"animal": {"mammal": ["cat"], "bird": None}, "plant": []},
        [{"animal": [{"mammal": ["cat"]}, "bird"]}, "plant"],
        ANIMALS,
        [("animal", "mammal", "cat"), ("animal", "bird"), "plant"],
        ["animal > mammal > cat", "animal > bird", "plant"],
        [
            Label("animal"),
            Label("mammal", parent="animal"),
            Label("cat", parent="mammal"),
            Label("bird", parent="animal"),
            "plant",
        ],
        [
            Label("cat", parent="mammal"),
            Label("mammal", parent="animal"),
            Label("bird", parent="animal"),
            "animal",
            "plant",
        ],
        {"animal": {"mammal": [Label("cat")], Label("bird"): []}, Label("plant"): ()},
        {"animal > mammal": ["cat"], "animal": ["bird"], "plant": None},
    ],
    ids=[
        "nested",
        "lists",
        "all paths",
        "leaves",
        "text",
        "labels",
        "children first",
        "mixed",
        "keys as paths",
    ],
)
def test_a_tree_is_built_from_what_people_have(nodes):
    field = Taxonomy("t", nodes)
    assert field.paths() == ANIMALS
    assert Field.from_json(json.loads(json.dumps(field.to_json()))) == field == Taxonomy("t", ANIMALS)


@given(trees.filter(bool))
def test_a_tree_is_the_same_after_json_and_after_its_paths(nodes):
    field = Taxonomy("t", nodes)
    assert Field.from_json(json.loads(json.dumps(field.to_json()))) == field
    assert Taxonomy("t", field.paths()).paths() == field.paths()
    for path in field.paths():
        assert field.check(list(path)) == path
        assert field.check(path[:1]) == path[:1]
        assert field.decode(field.encode(path)) == path


def test_names_may_repeat_under_different_parents():
    field = Taxonomy("t", {"cat": ["tail", "ear"], "dog": ["tail", "ear"]})
    assert field.check(("dog", "tail")) == ("dog", "tail")
    sent = field.wire()["nodes"]
    assert [(node["id"], node["parent"]) for node in sent[4:]] == [
        ("dog > tail", "dog"),
        ("dog > ear", "dog"),
    ]


@pytest.mark.parametrize(
    ("nodes", "words"),
    [
        (["a", "a"], "field 't' has 'a' more than once; names may repeat only under different parents"),
        ({"a": ["b", "b"]}, "has 'a > b' more than once"),
        ([("a", "b"), {"a": ["b"]}], "has 'a > b' more than once"),
        ([Label("b", parent="a"), ("a", "b")], "has 'a > b' more than once"),
        (
            [{"r": {"a": None}}, Label("b", parent="a"), Label("b", parent="r > a")],
            "has 'r > a > b' more than once",
        ),
        (
            [Label("a", parent="b"), Label("b", parent="a")],
            "'a', 'b' are each other's ancestors; a tree has no cycles",
        ),
        ([Label("a", parent="a")], "'a' are each other's ancestors"),
        (
            ["x", Label("a", parent="c"), Label("b", parent="a"), Label("c", parent="b")],
            "'a', 'c', 'b' are each other's ancestors",
        ),
        (
            [Label("cat", parent="mamal"), "mammal"],
            "the parent 'mamal' of 'cat' is missing. Did you mean 'mammal'",
        ),
        ([Label("cat", parent="x")], "the parent 'x' of 'cat' is missing. Add it to the nodes"),
        (
            [{"a": ["x"], "b": ["x"]}, Label("y", parent="x")],
            "the parent 'x' of 'y' is one of 'a > x', 'b > x'; give its path",
        ),
        ([Label("a > b")], "a node's name may not hold ' > '"),
        ([("a > b", "c")], "a node's name may not hold ' > '"),
        ([], "has no nodes; give at least one"),
        ({}, "has no nodes"),
        (None, "expected a dict or list of nodes, found None"),
        ("cat", "expected a dict or list of nodes, found 'cat'"),
        ({"a": "cat"}, "expected a dict or list of nodes below 'a', found 'cat'"),
        ({"a": 3}, "expected a dict or list of nodes below 'a', found 3"),
        ([3], "expected a name, a path of names, a dict or a Label as a node, found 3"),
        ([("a", 3)], "expected a name, a path of names"),
        ([()], "expected a name, a path of names"),
        ({3: None}, "expected a name, a path of names"),
        ([("a", "")], "must be 1 to 200 characters"),
        (["a\x00"], "control character"),
        ([tuple("abcdefghijklmnopqrstuvwxyzABCDEFG")], "a path has at most 32 names, found 33"),
        ([Label("a", hotkey="1")], "asks for the hotkey '1'; nodes have none, they are found by typing"),
    ],
)
def test_what_is_no_tree_is_refused(nodes, words):
    with pytest.raises(SchemaError, match=words):
        Taxonomy("t", nodes)


def test_a_tree_that_holds_itself_is_refused():
    nodes = {"a": None}
    nodes["a"] = nodes
    with pytest.raises(
        SchemaError, match=r"is deeper than 32 levels, at a > a > a \.\.\.; does it hold itself"
    ):
        Taxonomy("t", nodes)
    endless = []
    endless.append({"a": endless})
    with pytest.raises(SchemaError, match="does it hold itself"):
        Taxonomy("t", endless)


FIELD = Taxonomy(
    "t", {"animal": {"mammal": [Label("cat", aliases=["kitty"])], "bird": None}, "robot": ["cat", "bolt"]}
)


@pytest.mark.parametrize(
    ("value", "path"),
    [
        (["animal", "bird"], ("animal", "bird")),
        ("animal > mammal > cat", ("animal", "mammal", "cat")),
        ("bolt", ("robot", "bolt")),
        ("kitty", ("animal", "mammal", "cat")),
        (["bird"], ("animal", "bird")),
        ("animal", ("animal",)),
    ],
)
def test_an_answer_is_a_path_its_text_or_a_name_that_only_one_has(value, path):
    assert FIELD.check(value) == path


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (
            "cat",
            "t: expected one of 'animal > mammal > cat', 'robot > cat', found 'cat'. Several nodes have that name",
        ),
        ("brid", "expected the path of one of the 7 nodes, found 'brid'. Did you mean 'bird'"),
        (["animal", "brid"], "found 'animal > brid'. Did you mean 'animal > bird'"),
        (["bird", "animal"], "expected the path of one of the 7 nodes, found 'bird > animal'"),
        (["animal", 3], "expected a path of names"),
        ([], r"expected a path of names, found \[\]. Give a path such as \('robot', 'bolt'\)"),
        (["animal > bird"], "found a list of 1"),
        ([["animal", "bird"]], "expected a path of names, found a list of 1"),
    ],
)
def test_what_is_no_path_is_refused(value, words):
    with pytest.raises(LabelError, match=words):
        FIELD.check(value)


def test_inner_nodes_are_answers_only_where_partial_paths_are_allowed():
    whole = FIELD.changed(partial=False)
    assert whole.check("bird") == ("animal", "bird")
    with pytest.raises(
        LabelError, match=r"expected a node with none below it, found 'animal > mammal'\. Go on to one of"
    ):
        whole.check(["animal", "mammal"])


def test_several_nodes_come_in_the_order_of_the_tree():
    several = FIELD.changed(multiple=True)
    assert several.check([["robot"], "bird", ("animal",)]) == [("animal",), ("animal", "bird"), ("robot",)]
    assert several.encode([("animal", "bird")]) == [["animal", "bird"]]
    assert several.cell([["animal", "bird"], ["robot"]]) == '["animal > bird", "robot"]'
    for bad, words in [
        ("bird", "expected a list of paths"),
        ([], r"at least one path \(the field is required\)"),
        (["bird", ["animal", "bird"]], "each path at most once"),
        (["bird"] * 8, "at most 7 paths"),
    ]:
        with pytest.raises(LabelError, match=words):
            several.check(bad)


def test_branches_have_the_colour_of_their_root_unless_they_have_their_own():
    field = Taxonomy(
        "t", [{"a": {"b": ["c"]}}, "d", Label("e", parent="d", color="#123456"), ("d", "e", "f")]
    )
    color = {node["id"]: node["color"] for node in Schema(field).wire()["fields"][0]["nodes"]}
    assert color["a"] == color["a > b"] == color["a > b > c"] != color["d"]
    assert color["d > e"] == color["d > e > f"] == "#123456"


def test_nodes_have_no_hotkeys():
    schema = Schema(FIELD)
    assert schema.hotkeys == {}
    assert {node["hotkey"] for node in schema.wire()["fields"][0]["nodes"]} == {None}


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("cat", [("robot", "cat"), ("animal", "mammal", "cat")]),
        ("animal cat", [("animal", "mammal", "cat")]),
        ("CÄT", [("robot", "cat")]),
        ("kit", [("animal", "mammal", "cat")]),
        ("bo", [("robot", "bolt"), ("robot",)]),
        ("ot bol", [("robot", "bolt")]),
        ("zebra", []),
        ("", [("animal",), ("robot",)]),
        ("  Bird ", [("animal", "bird")]),
    ],
)
def test_typing_finds_the_best_first(text, first):
    assert FIELD.search(text)[: len(first)] == first
    if not first:
        assert FIELD.search(text) == []


def test_typing_folds_case_and_accents_both_ways():
    field = Taxonomy("t", ["Écureuil roux", "straße", "İstanbul", "ﬁn"])
    for typed, found in [
        ("ecureuil", "Écureuil roux"),
        ("ROUX", "Écureuil roux"),
        ("strasse", "straße"),
        ("fin", "ﬁn"),
    ]:
        assert field.search(typed, 1) == [(found,)]


def test_search_gives_as_many_as_asked_for():
    field = Taxonomy("t", [f"n{number}" for number in range(50)])
    assert field.search("n", 3) == [("n0",), ("n1",), ("n2",)]
    assert len(field.search("n")) == 20


def test_ten_thousand_nodes_are_built_sent_and_searched():
    nodes = {f"k{i}": {f"g{j}": [f"s{k}" for k in range(49)] for j in range(20)} for i in range(10)}
    start = time.perf_counter()
    field = Taxonomy("t", nodes)
    seconds = time.perf_counter() - start
    assert len(field.nodes) == 10_010
    assert Field.from_json(field.to_json()) == field
    assert len({node["id"] for node in Schema(field).wire()["fields"][0]["nodes"]}) == 10_010
    assert field.search("k7 g3 s48", 1) == [("k7", "g3", "s48")]
    print(f"built 10,010 nodes in {seconds * 1000:.0f} ms")
    with pytest.raises(LabelError, match="one of the 10,010 nodes"):
        field.check(["k7", "g3", "s49"])
