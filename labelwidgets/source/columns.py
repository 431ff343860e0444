"""Columns of a table as JSON values and back, with dtypes kept exactly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..errors import SourceError
from .cells import LONGEST, Unfit, cell
from .moments import (
    decode_dates,
    decode_durations,
    decode_periods,
    decode_zoned,
    encode_dates,
    encode_durations,
    encode_periods,
    encode_zoned,
)
from .numeric import (
    decode_nullable,
    decode_real,
    decode_truth,
    decode_whole,
    encode_nullable,
    encode_plain,
    encode_real,
    encode_whole,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ..records import Json

INDEX = "__index_{}__"
"""Name under which a row keeps the n-th level of its label, beside its columns."""

OBJECTS: dict[str, Callable[[Any], Any]] = {"decimal": Decimal, "date": date.fromisoformat, "integer": int}
"""Kinds of objects that come back as what they were, by pandas' word for a column that holds nothing else."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A column on its way into tasks.

    Attributes
    ----------
    type : str or dict
        What `decode` needs to make the column again: the pandas dtype, for categories a dict.
    values : list
        JSON values, None where one is missing.
    unfit : dict
        Row number to the reason why a cell can't be stored.
    """

    type: Json
    values: list[Json]
    unfit: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Kind:
    """A family of dtypes.

    Attributes
    ----------
    fits : callable
        Whether a dtype is of this family.
    encode : callable
        A column's values as JSON.
    decode : callable
        JSON values and the dtype to values for a pandas Series.
    found : tuple of type
        The JSON types that `decode` takes besides None; with any other the column comes back as objects.
    """

    fits: Callable[[Any], bool]
    encode: Callable[[pd.Series[Any]], list[Json]]
    decode: Callable[[list[Any], Any], Any]
    found: tuple[type, ...]


def encode(column: pd.Series[Any]) -> Encoded:
    """Return a column as JSON values.

    Raises
    ------
    SourceError
        For a dtype that can't be kept (complex, sparse, nested Arrow types ...).
    """
    dtype = column.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        return _encode_category(column)
    if dtype == np.dtype(object) or isinstance(dtype, pd.StringDtype):
        return _encode_objects(column)
    kind = _kind(dtype)
    name = type_name(dtype)
    if kind is None or _dtype(name) != dtype:
        raise SourceError(
            f"column {column.name!r} has the dtype {dtype}, which can't be kept in a store; "
            f"turn it into text or numbers first, as in df[{column.name!r}].astype(str)"
        )
    return Encoded(name, kind.encode(column), {})


def decode(values: list[Json], stored: Json) -> pd.Series[Any]:
    """Return the column that `encode` was given; where its values changed since, in the nearest dtype that holds them."""
    if isinstance(stored, dict):
        return _decode_category(values, stored)
    base, _, what = str(stored).partition("[")
    if base == "object":
        return _decode_objects(values, what.rstrip("]"))
    dtype = _dtype(str(stored))
    kind = _kind(dtype)
    if kind is None or not {each.__class__ for each in values} <= {*kind.found, None.__class__}:
        return pd.Series(values, dtype=object)
    try:
        return pd.Series(kind.decode(values, dtype))
    except (ValueError, TypeError, OverflowError):
        return pd.Series(values, dtype=object)


def rebuild(
    rows: Iterable[Mapping[str, Json]],
    columns: Mapping[str, Json],
    index: Sequence[Mapping[str, Json]] | None = None,
) -> pd.DataFrame:
    """Return the table that tasks were made of.

    Columns come back with their dtypes: numbers, booleans, texts, dates (with time zone), durations, categories,
    intervals, periods and pandas' nullable types exactly; a column of objects with Decimal, date or int only as
    these, other objects in their JSON form (see `cells.cell`), missing ones as None. A dtype that can't hold a
    missing value gives way to its nullable form where one appeared.

    Parameters
    ----------
    rows : iterable of dict
        The rows' data, in order.
    columns : dict
        Column name to type, as `Source.columns`.
    index : list of dict, optional
        As `Source.index`; rows that were added without a label number the whole table from 0.
    """
    every = list(rows)
    frame = pd.DataFrame(
        {name: decode([row.get(name) for row in every], stored) for name, stored in columns.items()}
    )
    if not columns:
        frame.index = pd.RangeIndex(len(every))
    names = [INDEX.format(number) for number in range(len(index or ()))]
    if index and all(name in row for row in every for name in names):
        typed = zip(names, index, strict=True)
        frame.index = _index(
            [decode([row[name] for row in every], each["type"]) for name, each in typed], index
        )
    return frame


def _index(levels: list[pd.Series[Any]], index: Sequence[Mapping[str, Json]]) -> pd.Index[Any]:
    names = [each["name"] for each in index]
    if len(levels) > 1:
        return pd.MultiIndex.from_arrays([level.array for level in levels], names=names)
    found: pd.Index[Any] = pd.Index(levels[0], name=names[0])
    return found


# -- objects and texts ---------------------------------------------------------------------------------------


def _encode_objects(column: pd.Series[Any]) -> Encoded:
    of_texts = isinstance(column.dtype, pd.StringDtype)
    found = "string" if of_texts else pd.api.types.infer_dtype(column, skipna=True)
    name, raw = type_name(column.dtype), column.tolist()
    if found == "string":
        raw = [None if gone else value for gone, value in zip(column.isna().tolist(), raw, strict=True)]
        if _all_fit(raw):
            return Encoded(name, raw, {})
    values, unfit = _cells(raw)
    return Encoded(f"{name}[{found}]" if found in OBJECTS else name, values, unfit)


def _cells(raw: list[Any]) -> tuple[list[Json], dict[int, str]]:
    values: list[Json] = []
    unfit = {}
    for number, value in enumerate(raw):
        try:
            values.append(cell(value))
        except Unfit as reason:
            values.append(None)
            unfit[number] = str(reason)
    return values, unfit


def _all_fit(texts: list[str | None]) -> bool:
    """Whether all texts can be stored: found out in one go, as nearly always."""
    there = [each for each in texts if each]
    try:
        "".join(there).encode()
    except UnicodeEncodeError:
        return False
    return max(map(len, there), default=0) <= LONGEST


def _decode_objects(values: list[Json], found: str) -> pd.Series[Any]:
    make = OBJECTS.get(found)
    try:
        made = [value if value is None or make is None else make(value) for value in values]
    except (ValueError, TypeError, ArithmeticError):
        made = values
    return pd.Series(made, dtype=object)


def _decode_texts(values: list[Any], dtype: Any) -> Any:
    return pd.array(values, dtype=dtype)


# -- categories and intervals --------------------------------------------------------------------------------


def _encode_category(column: pd.Series[Any]) -> Encoded:
    kinds = column.cat.categories
    known = encode(pd.Series(kinds, name=column.name))
    codes = column.cat.codes.tolist()
    stored = {
        "dtype": "category",
        "type": known.type,
        "categories": known.values,
        "ordered": bool(column.cat.ordered),
    }
    values = [None if code < 0 else known.values[code] for code in codes]
    unfit = {number: known.unfit[code] for number, code in enumerate(codes) if code in known.unfit}
    return Encoded(stored, values, unfit)


def _decode_category(values: list[Json], stored: Mapping[str, Any]) -> pd.Series[Any]:
    """Return categories; those that appeared later come after the others, and turn ordered ones into plain values."""
    try:
        place = {value: code for code, value in enumerate(stored["categories"])}
        new = [value for value in dict.fromkeys(values) if value is not None and value not in place]
        if new and stored["ordered"]:
            return decode(values, stored["type"])
        place |= {value: code for code, value in enumerate(new, len(place))}
        kinds = pd.Index(decode([*stored["categories"], *new], stored["type"]))
        codes = [-1 if value is None else place[value] for value in values]
        return pd.Series(pd.Categorical.from_codes(codes, categories=kinds, ordered=stored["ordered"]))
    except (ValueError, TypeError):
        return pd.Series(values, dtype=object)


def _encode_intervals(column: pd.Series[Any]) -> list[Json]:
    array = column.array
    opens = "[" if array.closed in {"left", "both"} else "("
    closes = "]" if array.closed in {"right", "both"} else ")"
    left, right = (encode(pd.Series(side)).values for side in (array.left, array.right))
    return [
        None if low is None else f"{opens}{low}, {high}{closes}"
        for low, high in zip(left, right, strict=True)
    ]


def _decode_intervals(values: list[Any], dtype: Any) -> Any:
    sides = [(None, None) if value is None else tuple(value[1:-1].split(", ")) for value in values]
    low, high = (decode([side[at] for side in sides], str(dtype.subtype)) for at in (0, 1))
    return pd.arrays.IntervalArray.from_arrays(low.array, high.array, closed=dtype.closed)


# -- Arrow ---------------------------------------------------------------------------------------------------


def _encode_arrow(column: pd.Series[Any]) -> list[Json]:
    stand_in: Any = _stand_in(column.dtype)
    return encode(column.astype(stand_in)).values


def _decode_arrow(values: list[Any], dtype: Any) -> Any:
    stand_in = _stand_in(dtype)
    return decode(values, "object[date]" if stand_in == "object" else stand_in).astype(dtype)


def _stand_in(dtype: Any) -> str:
    """Return the dtype of pandas' own that holds the same values as an Arrow type, "" where there is none."""
    import pyarrow as pa

    arrow = dtype.pyarrow_dtype
    if pa.types.is_timestamp(arrow):
        return f"datetime64[{arrow.unit}, {arrow.tz}]" if arrow.tz else f"datetime64[{arrow.unit}]"
    if pa.types.is_date(arrow):
        return "object"
    if pa.types.is_string(arrow) or pa.types.is_large_string(arrow):
        return "string"
    names = {"i": "Int", "u": "UInt", "f": "Float"}
    if dtype.kind == "b":
        return "boolean"
    return f"{names[dtype.kind]}{arrow.bit_width}" if dtype.kind in names else ""


# -- which is which ------------------------------------------------------------------------------------------


def type_name(dtype: Any) -> str:
    """Return the name from which pandas makes a dtype again."""
    if isinstance(dtype, pd.StringDtype):
        return f"string[{dtype.storage}]" if dtype.na_value is pd.NA else "str"
    arrow_text = isinstance(dtype, pd.ArrowDtype) and str(dtype) == "string[pyarrow]"
    return "arrow[string]" if arrow_text else str(dtype)


def _dtype(name: str) -> Any:
    """Return the dtype of a name; None for one that this pandas does not know."""
    try:
        if name == "arrow[string]":
            return pd.ArrowDtype(__import__("pyarrow").string())
        return pd.api.types.pandas_dtype(name)
    except (TypeError, ValueError, NotImplementedError, ImportError):
        return None


def _kind(dtype: Any) -> Kind | None:
    return next((kind for kind in KINDS if kind.fits(dtype)), None)


def _of_numpy(kinds: str) -> Callable[[Any], bool]:
    return lambda dtype: isinstance(dtype, np.dtype) and dtype.kind in kinds and dtype.itemsize <= 8  # noqa: PLR2004 - no long double


def _of(*kinds: type) -> Callable[[Any], bool]:
    return lambda dtype: isinstance(dtype, kinds)


WHOLE = (
    pd.Int8Dtype,
    pd.Int16Dtype,
    pd.Int32Dtype,
    pd.Int64Dtype,
    pd.UInt8Dtype,
    pd.UInt16Dtype,
    pd.UInt32Dtype,
    pd.UInt64Dtype,
)
"""pandas' nullable whole numbers."""

KINDS = (
    Kind(_of_numpy("b"), encode_plain, decode_truth, (bool,)),
    Kind(_of_numpy("iu"), encode_whole, decode_whole, (int, str)),
    Kind(_of_numpy("f"), encode_real, decode_real, (int, float, str)),
    Kind(_of_numpy("M"), encode_dates, decode_dates, (str,)),
    Kind(_of_numpy("m"), encode_durations, decode_durations, (str,)),
    Kind(_of(pd.DatetimeTZDtype), encode_zoned, decode_zoned, (str,)),
    Kind(_of(pd.StringDtype), encode_plain, _decode_texts, (str,)),
    Kind(_of(pd.BooleanDtype), encode_nullable, decode_nullable, (bool,)),
    Kind(_of(*WHOLE), encode_nullable, decode_nullable, (int, str)),
    Kind(_of(pd.Float32Dtype, pd.Float64Dtype), encode_nullable, decode_nullable, (int, float, str)),
    Kind(_of(pd.PeriodDtype), encode_periods, decode_periods, (str,)),
    Kind(_of(pd.IntervalDtype), _encode_intervals, _decode_intervals, (str,)),
    Kind(
        lambda dtype: isinstance(dtype, pd.ArrowDtype) and bool(_stand_in(dtype)),
        _encode_arrow,
        _decode_arrow,
        (bool, int, float, str),
    ),
)
"""The families of dtypes that are kept exactly; a further one is one more line here."""
