"""Conditions on a task's columns: three forms, nothing else, and never code."""

import pytest

from labelwidgets.conditions import MOST, checked, matches
from labelwidgets.errors import UserError

COLUMNS = ("city", "year", "open", "note")


@pytest.mark.parametrize(
    ("where", "data", "expected"),
    [
        ({"city": "Bern"}, {"city": "Bern"}, True),
        ({"city": "Bern"}, {"city": "bern"}, False),
        ({"city": "Bern"}, {}, False),
        ({"note": None}, {}, True),
        ({"note": None}, {"note": ""}, False),
        ({"year": 2020}, {"year": 2020.0}, True),
        ({"year": 1}, {"year": True}, False),
        ({"open": True}, {"open": True}, True),
        ({"open": True}, {"open": 1}, False),
        ({"open": False}, {"open": 0}, False),
        ({"city": ["Bern", "Rome"]}, {"city": "Rome"}, True),
        ({"city": ["Bern", None]}, {}, True),
        ({"city": ["Bern"]}, {"city": ["Bern"]}, False),
        ({"year": {"from": 2020, "to": 2022}}, {"year": 2020}, True),
        ({"year": {"from": 2020, "to": 2022}}, {"year": 2022}, True),
        ({"year": {"from": 2020, "to": 2022}}, {"year": 2022.5}, False),
        ({"year": {"from": 2020}}, {"year": 9999}, True),
        ({"year": {"to": 2020}}, {"year": 2021}, False),
        ({"year": {"from": 2020}}, {"year": "2021"}, False),
        ({"year": {"from": 0}}, {"year": True}, False),
        ({"year": {"from": 0}}, {"year": None}, False),
        ({"note": {"from": "2024-01", "to": "2024-06"}}, {"note": "2024-03-05"}, True),
        ({"note": {"from": "2024-01"}}, {"note": 2024}, False),
        ({"city": "Bern", "year": {"to": 2020}}, {"city": "Bern", "year": 2020}, True),
        ({"city": "Bern", "year": {"to": 2020}}, {"city": "Bern", "year": 2021}, False),
    ],
)
def test_what_a_condition_holds_for(where, data, expected):
    assert matches(checked(where, COLUMNS), data) is expected


@pytest.mark.parametrize(
    ("where", "why"),
    [
        (None, "a dict of at least one column"),
        ({}, "a dict of at least one column"),
        ("city = 'Bern'", "a dict of at least one column"),
        ({"citty": "Bern"}, "column 'citty'.*'city', 'year'.*Did you mean 'city'"),
        ({"city.x": 1}, "column 'city.x'"),
        ({"data__city": 1}, "column"),
        ({"city": {}}, "a range is"),
        ({"city": {"like": "B%"}}, "a range is"),
        ({"city": {"from": None, "to": None}}, "a range is"),
        ({"city": {"from": 1, "to": "2"}}, "a range is"),
        ({"city": {"from": True}}, "a range is"),
        ({"year": {"from": float("nan")}}, "a range is"),
        ({"year": float("inf")}, "expected a value"),
        ({"year": {"from": 1, "to": 2, "step": 1}}, "a range is"),
        ({"city": []}, "a list of 1 to"),
        ({"city": [["Bern"]]}, "a list of 1 to"),
        ({"city": ["x"] * (MOST + 1)}, "a list of 1 to"),
        ({"city": ("Bern",)}, "expected a value"),
        ({"city": object()}, "expected a value"),
        ({"city": lambda data: True}, "expected a value"),
    ],
)
def test_what_is_no_condition_is_refused_and_named(where, why):
    with pytest.raises(UserError, match=why):
        checked(where, COLUMNS)


def test_a_session_without_items_has_no_columns():
    with pytest.raises(UserError, match="not there yet"):
        checked({"city": "Bern"}, ())
