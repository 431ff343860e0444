"""Orders: reproducible, unmoved by rows that come later, and clear about what they can't order by."""

import json
from datetime import UTC, datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelwidgets import sampling
from labelwidgets.errors import SourceError
from labelwidgets.sampling import LAST, Order, as_order

orders = st.one_of(
    st.just(sampling.given()),
    st.builds(sampling.random, st.integers()),
    st.builds(sampling.by, st.text(min_size=1, max_size=10), descending=st.booleans()),
)


@given(orders)
def test_an_order_is_the_same_after_json(order):
    assert Order.from_json(json.loads(json.dumps(order.to_json()))) == order


def test_the_given_order_is_that_of_the_rows():
    assert [sampling.given().position(n, f"k{n}", {}) for n in range(3)] == [0, 1, 2]


def test_a_random_order_depends_on_seed_and_key_alone():
    keys = [f"k{n}" for n in range(2000)]
    order = sampling.random(7)
    places = {key: order.position(n, key, {}) for n, key in enumerate(keys)}
    again = {key: sampling.random(7).position(0, key, {"other": 1}) for key in reversed(keys)}
    assert places == again, "rows added later or in another order stand where they would have stood"
    assert all(0 <= place <= 1 for place in places.values())
    assert len(set(places.values())) == len(keys)
    other = [sampling.random(8).position(0, key, {}) for key in keys]
    assert sorted(keys, key=places.get) != [key for _, key in sorted(zip(other, keys, strict=True))]
    assert 0.45 < sum(places.values()) / len(keys) < 0.55


def test_a_random_order_is_the_same_on_every_machine():
    assert sampling.random(3).position(0, "x", {}) == pytest.approx(0.19865855340223307, abs=0)


def test_seeds_and_keys_do_not_run_together():
    assert sampling.random(1).position(0, "1:x", {}) != sampling.random(11).position(0, ":x", {})


def test_by_column_goes_up_or_down_and_leaves_missing_values_last():
    values = [3, None, 1.5, float("nan"), -2]
    up = [sampling.by("score").position(n, "", {"score": value}) for n, value in enumerate(values)]
    down = [sampling.by("score", descending=True).position(0, "", {"score": value}) for value in values]
    assert up == [3, LAST, 1.5, LAST, -2]
    assert down == [-3, LAST, -1.5, LAST, 2]
    json.dumps(up)


@pytest.mark.parametrize("value", [float("inf"), -float("inf"), 1e301])
def test_values_without_a_place_come_last(value):
    assert sampling.by("n").position(0, "", {"n": value}) == LAST


def test_an_integer_beyond_all_floats_is_refused():
    with pytest.raises(SourceError, match="an integer of 1,329 bits"):
        sampling.by("n").position(0, "", {"n": 10**400})


def test_dates_are_ordered_by_in_any_form():
    day = datetime(2024, 1, 2, tzinfo=UTC)
    forms = [
        "2024-01-02",
        "2024-01-02T00:00:00+00:00",
        "2024-01-02T01:00:00+01:00",
        day,
        pd.Timestamp(day),
    ]
    assert {sampling.by("d").position(0, "", {"d": form}) for form in forms} == {day.timestamp()}
    assert sampling.by("d").position(0, "", {"d": pd.NaT}) == LAST


def test_what_has_no_order_is_refused_with_the_value():
    with pytest.raises(
        SourceError, match="column 'name' can't be ordered by: expected a number or a date, found 'ann'"
    ):
        sampling.by("name").position(0, "", {"name": "ann"})


def test_a_missing_column_is_refused_with_the_near_one():
    with pytest.raises(SourceError, match=r"no column 'scroe' to order by; .*Did you mean 'score'\?"):
        sampling.by("scroe").position(0, "", {"score": 1})


@pytest.mark.parametrize(
    ("value", "order"),
    [
        (None, sampling.given()),
        ("given", sampling.given()),
        ("random", sampling.random(0)),
        (sampling.by("score"), sampling.by("score")),
    ],
)
def test_an_order_is_read_from_what_a_session_is_given(value, order):
    assert as_order(value) == order


@pytest.mark.parametrize("value", ["shuffled", 3, ["given"], "by", True])
def test_no_order_is_refused(value):
    with pytest.raises(SourceError, match="order must be 'given', 'random' or an order"):
        as_order(value)


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"kind": "rand"}, "Did you mean 'random'"),
        ({"kind": "random", "seed": "7"}, "seed of an order must be an integer"),
        ({"kind": "random", "seed": True}, "seed of an order must be an integer"),
        ({"kind": "by"}, "needs the column's name"),
        ({"kind": "by", "column": 3}, "needs the column's name"),
        ({"kind": "given", "extra": 1}, "an order is a dict"),
        ("given", "an order is a dict"),
        ({"kind": ["given"]}, "unknown order"),
    ],
)
def test_json_that_is_no_order_is_refused(bad, words):
    with pytest.raises(SourceError, match=words):
        Order.from_json(bad)
