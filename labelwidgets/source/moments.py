"""Columns of dates, durations and periods as ISO 8601 texts and back, to the last nanosecond."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .cells import seconds

if TYPE_CHECKING:
    from ..records import Json

PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
"""Parts of a second in pandas' units of time."""


def encode_dates(column: pd.Series[Any]) -> list[Json]:
    """Return dates as ISO 8601, without a fraction of zeros."""
    values = np.datetime_as_string(column.to_numpy()).tolist() if len(column) else []
    return [None if value == "NaT" else _short(value) for value in values]


def _short(moment: str) -> str:
    """Leave out a fraction of zeros."""
    head, dot, fraction = moment.partition(".")
    return f"{head}.{fraction.rstrip('0')}" if dot and fraction.strip("0") else head


def decode_dates(values: list[Any], dtype: Any) -> Any:
    """Undo `encode_dates`; ValueError for dates with a time zone."""
    if any(value is not None and value.endswith("Z") for value in values):
        raise ValueError("a date with a time zone among dates without")
    return np.array(["NaT" if value is None else value for value in values], dtype=dtype)


def encode_zoned(column: pd.Series[Any]) -> list[Json]:
    """Return moments as ISO 8601 in UTC."""
    utc = encode_dates(column.dt.tz_convert("UTC").dt.tz_localize(None))
    return [None if value is None else f"{value}Z" for value in utc]


def decode_zoned(values: list[Any], dtype: Any) -> Any:
    """Undo `encode_zoned`; ValueError for dates without a time zone."""
    if any(value is not None and not value.endswith("Z") for value in values):
        raise ValueError("a date without a time zone among dates with one")
    bare = decode_dates([value and value[:-1] for value in values], f"datetime64[{dtype.unit}]")
    return pd.Series(bare).dt.tz_localize("UTC").dt.tz_convert(dtype.tz)


def encode_durations(column: pd.Series[Any]) -> list[Json]:
    """Return durations as ISO 8601 in seconds."""
    per_second = PER_SECOND[np.datetime_data(str(column.dtype))[0]]
    counts = column.to_numpy().astype("int64").tolist()
    return [
        None if gone else seconds(count, per_second)
        for gone, count in zip(column.isna(), counts, strict=True)
    ]


def decode_durations(values: list[Any], dtype: Any) -> Any:
    """Undo `encode_durations`."""
    per_second = PER_SECOND[np.datetime_data(dtype)[0]]
    counts = [np.iinfo("int64").min if value is None else _count(value, per_second) for value in values]
    return np.array(counts, dtype="int64").view(dtype)


def _count(duration: str, per_second: int) -> int:
    """Undo `cells.seconds`."""
    full, _, fraction = duration.removeprefix("-").removeprefix("PT").removesuffix("S").partition(".")
    count = int(full) * per_second + int(Decimal(f"0.{fraction or 0}") * per_second)
    return -count if duration.startswith("-") else count


def encode_periods(column: pd.Series[Any]) -> list[Json]:
    """Return periods by their first day or moment."""
    return [
        None if gone else str(value).partition("/")[0]
        for gone, value in zip(column.isna(), column, strict=True)
    ]


def decode_periods(values: list[Any], dtype: Any) -> Any:
    """Undo `encode_periods`."""
    return pd.PeriodIndex(["NaT" if value is None else value for value in values], dtype=dtype).array
