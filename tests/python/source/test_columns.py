"""Columns survive the way through JSON with their dtypes, whatever they hold."""

import datetime as dt
import json
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from labelwidgets.errors import SourceError
from labelwidgets.source import read, rebuild, to_tasks


def back(frame, **more):
    """The frame after its way through tasks and JSON."""
    source = read(frame, item="*", **more)
    tasks, rejected, _ = to_tasks(source, modality="row")
    assert rejected == []
    rows = json.loads(json.dumps([dict(task.data) for task in tasks], allow_nan=False))
    columns, index = json.loads(json.dumps([source.columns, source.index], allow_nan=False))
    return rebuild(rows, columns, index)


COLUMNS = {
    "bool": pd.Series([True, False, True]),
    "int64": pd.Series([1, -2, 3]),
    "int8": pd.Series([1, -128, 127], dtype="int8"),
    "uint64": pd.Series([0, 2**64 - 1, 2**53 + 1], dtype="uint64"),
    "int64_beyond_2_53": pd.Series([2**63 - 1, -(2**63), 2**53 + 1]),
    "float64": pd.Series([0.1, -0.0, 1e308]),
    "float64_with_gaps": pd.Series([0.1, np.nan, np.inf, -np.inf]),
    "float32": pd.Series([0.1, np.nan, 3.4e38], dtype="float32"),
    "float16": pd.Series([0.1, 65504, np.nan], dtype="float16"),
    "str": pd.Series(["a", "ä 𝄞\n", "NA"]),
    "str_with_gaps": pd.Series(["a", None, ""], dtype="str"),
    "string_python": pd.Series(["a", pd.NA], dtype="string[python]"),
    "string_pyarrow": pd.Series(["a", pd.NA], dtype="string[pyarrow]"),
    "object_of_texts": pd.Series(["a", None, "b"], dtype=object),
    "object_of_all": pd.Series([1, "a", None, 2.5, True, [1, {"b": [None]}], {"c": "d"}], dtype=object),
    "object_of_decimals": pd.Series([Decimal("1.10"), None, Decimal(-2)], dtype=object),
    "object_of_dates": pd.Series([dt.date(2024, 2, 29), None], dtype=object),
    "object_of_huge_ints": pd.Series([10**40, -(10**40), 1], dtype=object),
    "nullable_int": pd.Series([1, pd.NA, 2**63 - 1], dtype="Int64"),
    "nullable_uint8": pd.Series([1, pd.NA], dtype="UInt8"),
    "nullable_float": pd.Series([1.5, pd.NA], dtype="Float32"),
    "nullable_bool": pd.Series([True, pd.NA, False], dtype="boolean"),
    "datetime_ns": pd.Series(np.array(["2024-02-29T12:00:00.123456789", "NaT", "1700-01-01"], "M8[ns]")),
    "datetime_us": pd.Series(np.array(["2024-02-29T12:00:00.5", "NaT", "0001-01-01"], "M8[us]")),
    "datetime_s": pd.Series(np.array(["2024-02-29", "1969-12-31"], "M8[s]")),
    "datetime_zoned": pd.to_datetime(pd.Series(["2024-10-27 00:30", "2024-10-27 01:30", None]))
    .dt.tz_localize("UTC")
    .dt.tz_convert("Europe/Berlin"),
    "datetime_utc": pd.Series(pd.date_range("2024", periods=3, freq="s", tz="UTC")),
    "datetime_offset": pd.to_datetime(pd.Series(["2024-01-01T00:00:00+05:30"])),
    "timedelta": pd.Series(np.array([0, -1, 10**15, "NaT"], "m8[ns]")),
    "timedelta_s": pd.Series(np.array([90, -90, "NaT"], "m8[s]")),
    "category": pd.Series(pd.Categorical(["b", "a", None, "b"], categories=["b", "a", "never"])),
    "category_ordered": pd.Series(pd.Categorical(["low", "high"], categories=["low", "high"], ordered=True)),
    "category_of_ints": pd.Series(pd.Categorical([3, 1, None])),
    "category_of_dates": pd.Series(pd.Categorical(pd.to_datetime(["2024-01-01", "2024-01-02"]))),
    "cut": pd.Series(pd.cut([1, 5, 9], [0, 4, 10])),
    "interval": pd.Series(pd.arrays.IntervalArray.from_breaks([0.5, 1.5, 2.5], closed="left")),
    "interval_dates": pd.Series(pd.interval_range(pd.Timestamp("2024"), periods=2)),
    "period": pd.Series(pd.period_range("2024-01", periods=2, freq="M")),
    "period_week": pd.Series(pd.PeriodIndex(["2024-01-03", "NaT"], freq="W-SUN")),
    "arrow_int": pd.Series([1, None], dtype="int64[pyarrow]"),
    "arrow_float": pd.Series([1.5, None], dtype="double[pyarrow]"),
    "arrow_text": pd.Series(["a", None]).astype(pd.ArrowDtype(pa.string())),
    "arrow_large_text": pd.Series(["a", None]).astype(pd.ArrowDtype(pa.large_string())),
    "arrow_bool": pd.Series([True, None], dtype="bool[pyarrow]"),
    "arrow_date": pd.Series([dt.date(2024, 1, 1), None], dtype="date32[day][pyarrow]"),
    "arrow_time": pd.Series(pd.to_datetime(["2024-01-01"]), dtype="timestamp[us][pyarrow]"),
    "arrow_zoned": pd.Series(pd.to_datetime(["2024-01-01"]).tz_localize("UTC")).astype(
        "timestamp[ns, tz=UTC][pyarrow]"
    ),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_dtypes_and_values_survive(name):
    frame = pd.DataFrame({"kept": range(len(COLUMNS[name])), name: COLUMNS[name]})
    assert_frame_equal(back(frame), frame, check_exact=True)


@pytest.mark.parametrize("name", COLUMNS)
def test_dtypes_survive_without_rows(name):
    frame = pd.DataFrame({name: COLUMNS[name].iloc[:0]})
    source = read(frame, item="*")
    found = rebuild([], source.columns, source.index)
    assert len(found) == 0
    assert list(found.columns) == [name]
    if not name.startswith("object_of"):
        assert found[name].dtype == frame[name].dtype


INDEXES = {
    "numbers": pd.RangeIndex(3),
    "shifted": pd.RangeIndex(5, 8),
    "filtered": pd.Index([4, 9, 2]),
    "texts": pd.Index(["x", "y", "z"], name="id"),
    "repeated": pd.Index(["x", "x", "y"]),
    "dates": pd.DatetimeIndex(["2024-01-01", "2024-01-03", "2024-01-02"], tz="Europe/Berlin", name="day"),
    "floats": pd.Index([0.5, np.nan, 1.5]),
    "named_numbers": pd.RangeIndex(3, name="row"),
    "levels": pd.MultiIndex.from_tuples([("a", 1), ("a", 2), ("b", 1)], names=["site", None]),
    "categories": pd.CategoricalIndex(["b", "a", "b"]),
}


@pytest.mark.parametrize("name", INDEXES)
def test_row_labels_survive(name):
    frame = pd.DataFrame({"text": ["a", "b", "c"]}, index=INDEXES[name])
    assert_frame_equal(back(frame), frame, check_exact=True)


def test_plain_row_numbers_are_not_stored():
    source = read(pd.DataFrame({"text": ["a"]}))
    assert source.index is None
    assert list(to_tasks(source)[0][0].data) == ["text"]


SCALARS = {
    "int64": st.integers(-(2**63), 2**63 - 1),
    "uint8": st.integers(0, 255),
    "float64": st.floats(),
    "float32": st.floats(width=32),
    "bool": st.booleans(),
    "str": st.none() | st.text(st.characters(exclude_categories=["Cs"])),
    "object": st.none()
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
    | st.booleans()
    | st.lists(st.integers(-9, 9), max_size=3),
    "Int64": st.none() | st.integers(-(2**63), 2**63 - 1),
    "boolean": st.none() | st.booleans(),
    "string": st.none() | st.text(st.characters(exclude_categories=["Cs"])),
    "datetime64[ns]": st.none() | st.datetimes(dt.datetime(1700, 1, 1), dt.datetime(2250, 1, 1)),
    "datetime64[us, Europe/Berlin]": st.none()
    | st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2200, 1, 1)).map(
        lambda when: when.replace(tzinfo=dt.UTC)
    ),
    "timedelta64[us]": st.none() | st.timedeltas(dt.timedelta(-(10**6)), dt.timedelta(10**6)),
    "category": st.none() | st.sampled_from(["a", "b", "𝄞"]),
}


@st.composite
def frames(draw):
    kinds = draw(st.lists(st.sampled_from(sorted(SCALARS)), min_size=1, max_size=5))
    rows = draw(st.integers(0, 6))
    columns = {
        f"{kind} {n}": pd.Series(draw(st.lists(SCALARS[kind], min_size=rows, max_size=rows)), dtype=kind)
        for n, kind in enumerate(kinds)
    }
    frame = pd.DataFrame(columns)
    if draw(st.booleans()):
        labels = draw(st.lists(st.integers(-99, 99), min_size=rows, max_size=rows))
        frame.index = pd.Index(labels, dtype="int64", name=draw(st.none() | st.just("id")))
    return frame


@settings(max_examples=150, deadline=None)
@given(frame=frames())
def test_any_frame_survives(frame):
    frame.insert(0, "kept", [f"row {n}" for n in range(len(frame))])
    assert_frame_equal(back(frame), frame, check_exact=True)


# -- what is documented to change ----------------------------------------------------------------------------


def test_other_objects_come_back_in_their_json_form():
    values = [
        pd.Timestamp("2024-01-01T12:00"),
        dt.time(12, 30),
        (1, 2),
        np.float64(2.5),
        np.array([[1, 2], [3, 4]]),
        dt.timedelta(seconds=90.5),
    ]
    frame = pd.DataFrame({"x": pd.Series(values, dtype=object)})
    assert back(frame)["x"].tolist() == [
        "2024-01-01T12:00:00",
        "12:30:00",
        [1, 2],
        2.5,
        [[1, 2], [3, 4]],
        "PT90.5S",
    ]


def test_all_ways_to_be_missing_become_none_among_objects():
    frame = pd.DataFrame({"kept": range(4), "x": pd.Series([None, np.nan, pd.NA, pd.NaT], dtype=object)})
    assert back(frame)["x"].tolist() == [None] * 4


def test_a_column_whose_values_changed_since_comes_back_in_the_nearest_dtype():
    assert rebuild([{"a": 1}, {"a": None}], {"a": "int64"})["a"].dtype == "Int64"
    assert rebuild([{"a": True}, {}], {"a": "bool"})["a"].dtype == "boolean"
    assert rebuild([{"a": 1}, {"a": "x"}], {"a": "int64"})["a"].tolist() == [1, "x"]
    assert rebuild([{"a": 1}, {"a": 2.5}], {"a": "int64"})["a"].tolist() == [1, 2.5]
    assert rebuild([{"a": 300}], {"a": "int8"})["a"].tolist() == [300]
    assert (
        rebuild([{"a": "2024-01-01T00:00:00"}, {"a": "2024-01-01T00:00:00Z"}], {"a": "datetime64[us]"})[
            "a"
        ].dtype
        == object
    )
    assert rebuild([{"a": [1]}], {"a": "str"})["a"].tolist() == [[1]]
    assert rebuild([{"a": 1}], {"a": "unheard of"})["a"].tolist() == [1]


def test_new_categories_come_after_the_others():
    frame = pd.DataFrame({"x": pd.Categorical(["b", "a"], categories=["b", "a"])})
    types = read(frame, item="*").columns
    assert rebuild([{"x": "c"}, {"x": "a"}], types)["x"].cat.categories.tolist() == ["b", "a", "c"]
    ordered = read(pd.DataFrame({"x": frame["x"].cat.as_ordered()}), item="*").columns
    assert rebuild([{"x": "c"}], ordered)["x"].tolist() == ["c"]


def test_rows_without_labels_make_the_table_a_numbered_one():
    source = read(pd.DataFrame({"text": ["a"]}, index=["x"]))
    rows = [dict(to_tasks(source)[0][0].data), {"text": "b"}]
    assert rebuild(rows, source.columns, source.index).index.equals(pd.RangeIndex(2))


@pytest.mark.parametrize(
    "column",
    [
        pd.Series([1j]),
        pd.Series([1, 0, 0], dtype="Sparse[int64]"),
        pd.Series([np.longdouble(1)]),
        pd.Series([[1]], dtype=pd.ArrowDtype(pa.list_(pa.int64()))),
        pd.Series([Decimal(1)], dtype=pd.ArrowDtype(pa.decimal128(3, 2))),
    ],
    ids=["complex", "sparse", "longdouble", "arrow list", "arrow decimal"],
)
def test_dtypes_that_can_not_be_kept_are_refused_with_a_remedy(column):
    with pytest.raises(SourceError, match=r"column 'odd' has the dtype .*df\['odd'\]\.astype\(str\)"):
        read(pd.DataFrame({"odd": column, "text": "a"}), item="text")
