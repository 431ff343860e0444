"""One cell as JSON: what is taken, in which form, and what is refused with a reason."""

import datetime as dt
import enum
import json
import pathlib
import uuid
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelwidgets.source.cells import DEEPEST, LONGEST, Unfit, cell


class Colour(enum.Enum):
    RED = "red"


class Level(enum.IntEnum):
    LOW = 1


@pytest.mark.parametrize(
    ("value", "json"),
    [
        (None, None),
        (pd.NA, None),
        (pd.NaT, None),
        (float("nan"), None),
        (np.float32("nan"), None),
        (np.datetime64("NaT"), None),
        (np.timedelta64("NaT"), None),
        (True, True),
        (np.True_, True),
        (3, 3),
        (np.int8(-3), -3),
        (2**53, 2**53),
        (2**53 + 1, "9007199254740993"),
        (-(2**70), str(-(2**70))),
        (np.uint64(2**64 - 1), "18446744073709551615"),
        (0.1, 0.1),
        (np.float32(0.5), 0.5),
        (float("inf"), "inf"),
        (float("-inf"), "-inf"),
        ("text", "text"),
        ("", ""),
        ("ä 𝄞 \n", "ä 𝄞 \n"),
        (np.str_("text"), "text"),
        (Decimal("1.50"), "1.50"),
        (dt.date(2024, 2, 29), "2024-02-29"),
        (dt.time(12, 30), "12:30:00"),
        (dt.datetime(2024, 2, 29, 12, tzinfo=dt.UTC), "2024-02-29T12:00:00+00:00"),
        (pd.Timestamp("2024-02-29T12:00:00.123456789"), "2024-02-29T12:00:00.123456789"),
        (np.datetime64("2024-02-29T12:00"), "2024-02-29T12:00:00"),
        (dt.timedelta(minutes=-1, microseconds=5), "-PT59.999995S"),
        (pd.Timedelta(1, "ns"), "PT0.000000001S"),
        (np.timedelta64(90, "s"), "PT90S"),
        (uuid.UUID(int=5), "00000000-0000-0000-0000-000000000005"),
        (pathlib.PurePosixPath("a/b.png"), "a/b.png"),
        (Colour.RED, "red"),
        (Level.LOW, 1),
        ([1, (2, [None])], [1, [2, [None]]]),
        ((), []),
        (np.array([[1, 2]]), [[1, 2]]),
        (np.array(5), [5]),
        (np.array(["2024-01-01"], "M8[D]"), ["2024-01-01T00:00:00"]),
        ({"a": {"b": float("nan")}}, {"a": {"b": None}}),
    ],
    ids=repr,
)
def test_what_is_taken(value, json):
    found = cell(value)
    assert found == json
    assert type(found) is type(json)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"bytes", "save it to a file"),
        (bytearray(b"bytes"), "save it to a file"),
        (memoryview(b"bytes"), "save it to a file"),
        (np.bytes_(b"x"), "save it to a file"),
        (object(), "builtins.object, for which JSON has no form"),
        (1j, "complex"),
        (np.complex64(1j), "complex"),
        (np.longdouble(1), "longdouble"),
        ({1, 2}, "set"),
        (Fraction(1, 2), "Fraction"),
        (pd.Series([1]), "Series"),
        (pd.DataFrame({"a": [1]}), "DataFrame"),
        (lambda: None, "function"),
        ({1: "a"}, "the key 1"),
        ({"a": b"x"}, "bytes"),
        ([object()], "object"),
        ("a\ud800", "unpaired surrogate"),
        ({"\udfff": 1}, "unpaired surrogate"),
        (["a\udc00"], "unpaired surrogate"),
        ("x" * (LONGEST + 1), "a text of 10,000,001 characters; at most 10,000,000"),
        (pathlib.PurePosixPath("a\udc80.png"), "unpaired surrogate"),
    ],
    ids=lambda value: type(value).__name__ if "0x" in repr(value)[:40] else repr(value)[:40],
)
def test_what_is_refused(value, reason):
    with pytest.raises(Unfit, match=reason):
        cell(value)


def test_what_holds_itself_is_refused():
    loop = []
    loop.append(loop)
    with pytest.raises(Unfit, match=f"nested deeper than {DEEPEST}"):
        cell(loop)
    circle = {}
    circle["a"] = circle
    with pytest.raises(Unfit, match="nested deeper"):
        cell(circle)


NESTED = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.dates()
    | st.timedeltas()
    | st.decimals()
    | st.binary()
    | st.uuids(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner) | st.tuples(inner),
)


@given(value=NESTED)
def test_whatever_is_taken_is_json(value):
    try:
        found = cell(value)
    except Unfit as reason:
        assert len(str(reason)) > 10
        return
    text = json.dumps(found, allow_nan=False)
    text.encode()
    assert json.loads(text) == found
