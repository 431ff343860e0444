"""Columns of numbers and booleans as JSON values and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .cells import EXACT, cell, real, whole

if TYPE_CHECKING:
    from ..records import Json


def encode_whole(column: pd.Series[Any]) -> list[Json]:
    """Return whole numbers, as text beyond 2**53."""
    values = column.tolist()
    large = bool(values) and not -EXACT <= min(values) <= max(values) <= EXACT
    return [whole(value) for value in values] if large else values


def decode_whole(values: list[Any], dtype: Any) -> Any:
    """Undo `encode_whole`; nullable where one is missing."""
    numbers = [None if value is None else int(value) for value in values]
    if None in numbers:
        return pd.array(numbers, dtype=dtype.name.replace("uint", "UInt").replace("int", "Int"))
    return np.array(numbers, dtype=dtype)


def encode_real(column: pd.Series[Any]) -> list[Json]:
    """Return numbers, NaN as None, infinities as text."""
    values = column.tolist()
    return values if np.isfinite(column.to_numpy()).all() else [real(value) for value in values]


def decode_real(values: list[Any], dtype: Any) -> Any:
    """Undo `encode_real`."""
    return np.array([np.nan if value is None else float(value) for value in values], dtype=dtype)


def encode_plain(column: pd.Series[Any]) -> list[Json]:
    """Return values that are JSON already."""
    return column.tolist()


def decode_truth(values: list[Any], dtype: Any) -> Any:
    """Return booleans; nullable where one is missing."""
    return pd.array(values, dtype="boolean") if None in values else np.array(values, dtype=dtype)


def encode_nullable(column: pd.Series[Any]) -> list[Json]:
    """Return the values of a nullable column."""
    return [cell(value) for value in column.tolist()]


def decode_nullable(values: list[Any], dtype: Any) -> Any:
    """Undo `encode_nullable`."""
    make = {"i": int, "u": int, "f": float, "b": bool}[dtype.kind]
    return pd.array([None if value is None else make(value) for value in values], dtype=dtype)
