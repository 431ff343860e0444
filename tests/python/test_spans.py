"""Spans and relations are valid from birth, frozen, and the same after JSON."""

import dataclasses
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelwidgets.errors import LabelError
from labelwidgets.labels import Relation, Span

names = st.none() | st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20)
places = st.lists(st.integers(0, 10_000), min_size=2, max_size=8, unique=True).map(sorted)


@st.composite
def spans(draw):
    at = draw(places)
    parts = list(zip(at[::2], at[1::2], strict=False))
    return Span(
        parts[0][0],
        parts[-1][1],
        parts=parts,
        label=draw(names),
        text=draw(st.text(max_size=5)),
        link=draw(names),
        id=draw(names),
        score=draw(st.none() | st.floats(0, 1)),
        attributes=draw(st.dictionaries(st.text(max_size=5), st.none() | st.integers(), max_size=2)),
    )


members = st.lists(names.filter(bool), min_size=2, max_size=5, unique=True)
relations = st.builds(lambda members, label: Relation(members=members, label=label), members, names)


@given(spans() | relations)
def test_a_region_is_the_same_after_json_and_from_its_repr(region):
    assert type(region).from_json(json.loads(json.dumps(region.to_json()))) == region
    assert eval(repr(region), {"Span": Span, "Relation": Relation}) == region


@given(spans() | relations)
def test_a_region_is_frozen_and_can_be_told_from_others(region):
    with pytest.raises(dataclasses.FrozenInstanceError):
        region.label = "x"
    assert hash(region) == hash(dataclasses.replace(region))
    assert dataclasses.replace(region, label="other one") != region


@given(spans())
def test_stretches_are_the_parts_and_reach_from_start_to_end(span):
    stretches = span.stretches()
    assert (stretches[0][0], stretches[-1][1]) == (span.start, span.end)
    assert all(start < end for start, end in stretches)
    assert all(one[1] < other[0] for one, other in zip(stretches, stretches[1:], strict=False))
    assert span.parts in {(), stretches}


def test_parts_that_touch_are_one_and_order_does_not_matter():
    assert Span(0, 5, parts=[(3, 5), (0, 3)]) == Span(0, 5)
    assert Span(0, 9, parts=[(6, 9), [0, 2], (2, 4)]).parts == ((0, 4), (6, 9))


def test_numbers_of_numpy_are_numbers():
    span = Span(np.int64(1), np.int32(4), parts=np.array([[1, 2], [3, 4]]))
    assert (span.start, span.end, span.parts) == (1, 4, ((1, 2), (3, 4)))
    assert json.dumps(span.to_json())


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"start": 1.0}, ("start: expected a whole number", "1.0")),
        ({"start": True}, ("start", "True")),
        ({"start": "1"}, ("start", "'1'")),
        ({"start": -1}, ("start", "0 to 10,000,000", "-1")),
        ({"end": 10**8}, ("end", "100000000")),
        ({"end": 10**400}, ("end", "bits")),
        ({"end": 2}, ("end: expected an end after the start at 2", "2")),
        ({"end": 1}, ("end", "after the start")),
        ({"text": 5}, ("text", "5")),
        ({"link": 5}, ("link", "id of an entry")),
        ({"parts": "x"}, ("parts", "list of [start, end]")),
        ({"parts": {1: 2}}, ("parts", "list of [start, end]")),
        ({"parts": [(2, 3, 4)]}, ("parts", "[start, end]")),
        ({"parts": ["23"]}, ("parts", "[start, end]")),
        ({"parts": [(2, 2), (3, 9)]}, ("parts", "a whole number from 3")),
        ({"parts": [(2, 5), (4, 9)]}, ("parts apart", "reaches to 5")),
        ({"parts": [(2, 5), (6, 8)]}, ("parts from start 2 to end 9", "2 to 8", "hull")),
        ({"parts": [(n, n + 1) for n in range(2, 2004, 2)]}, ("at most 1,000 parts",)),
        ({"score": 2}, ("score", "0 to 1")),
        ({"id": ""}, ("id", "1 to 200")),
        ({"attributes": [1]}, ("attributes", "dict")),
    ],
    ids=str,
)
def test_what_no_span_may_be_is_refused_at_birth(bad, words):
    with pytest.raises(LabelError, match="expected") as caught:
        Span(**{"start": 2, "end": 9} | bad)
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    ("arguments", "said", "words"),
    [
        ((), {}, "either a source and a target, or members"),
        (("a",), {}, "either a source and a target, or members"),
        (("a", "b"), {"members": ["a", "b"]}, "either a source and a target, or members"),
        (("a", "a"), {}, "each member once"),
        ((), {"members": ["a"]}, "2 to 10,000 members"),
        ((), {"members": "ab"}, "a list of ids"),
        (("a", 5), {}, "ids of regions"),
        (("a", ""), {}, "ids of regions"),
        ((Span(0, 1), "b"), {}, r"Give the region an id, as in Span\(0, 3, id='a'\)"),
    ],
)
def test_what_no_relation_may_be_is_refused_at_birth(arguments, said, words):
    with pytest.raises(LabelError, match=words):
        Relation(*arguments, **said)


def test_a_relation_is_made_of_regions_or_ids():
    one, other = Span(0, 3, id="x"), Span(5, 8, id="y")
    assert Relation(one, other).members == Relation("x", "y").members == ("x", "y")
    assert (Relation(one, "y").source, Relation(one, "y").target) == ("x", "y")
    chain = Relation(members=[one, "y", "z"])
    assert (chain.source, chain.target) == (None, None)


@pytest.mark.parametrize(
    ("kind", "json", "words"),
    [
        (Span, {"start": 1}, "a span needs start and end; end missing"),
        (Span, {"start": 1, "end": 2, "strat": 3}, "Did you mean 'start'"),
        (Span, [1, 2], "a span as a dict"),
        (Relation, {}, "a relation needs members; members missing"),
        (Relation, {"members": ["a", "b"], "source": "a"}, "the keys members"),
        (Relation, None, "a relation as a dict"),
    ],
)
def test_json_that_is_no_region_is_refused(kind, json, words):
    with pytest.raises(LabelError, match=words):
        kind.from_json(json)


def test_the_tidy_cells():
    span = Span(0, 9, parts=[(0, 2), (5, 9)], label="P", text="ab cd efg", link="Q1")
    assert Span.tidy(span.to_json()) == {
        "start": 0,
        "end": 9,
        "text": "ab cd efg",
        "parts": "[[0, 2], [5, 9]]",
        "link": "Q1",
    }
    assert Span.tidy(Span(0, 2).to_json())["parts"] is None
    assert Relation.tidy({"members": ["a", "b"]}) == {
        "members": '["a", "b"]',
        "source": "a",
        "target": "b",
    }
    assert Relation.tidy({"members": ["a", "b", "c"]})["source"] is None
