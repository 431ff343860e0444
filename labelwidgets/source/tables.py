"""Tables in files: CSV, TSV, JSON, JSON lines and Parquet."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..errors import SourceError, shown
from .cells import encodable

if TYPE_CHECKING:
    from collections.abc import Callable

    Reader = Callable[[bytes, str, tuple[str | None, ...], str], pd.DataFrame]
    """Takes a file, its name for messages, the columns to keep as they are, and what to do with bytes that are no text."""

STRICT, ESCAPED = "strict", "surrogateescape"
"""What to do with bytes that are no UTF-8: refuse the file; keep each as an unpaired surrogate."""

MISSING = frozenset(
    {
        "",
        "#N/A",
        "#N/A N/A",
        "#NA",
        "-NaN",
        "-nan",
        "<NA>",
        "N/A",
        "NA",
        "NULL",
        "NaN",
        "None",
        "n/a",
        "nan",
        "null",
    }
)
"""What stands for a missing value in a CSV file; in the item's and the key's column only nothing does."""


def parse(
    data: bytes, kind: str, place: str, *, item: str | None = None, key: str | None = None
) -> pd.DataFrame:
    """Return the table that a file holds.

    Parameters
    ----------
    data : bytes
        The whole file.
    kind : str
        One of `READERS`.
    place : str
        For messages.
    item, key : str, optional
        Columns that are read as text as they are: "007" and "NA" stay so.

    Returns
    -------
    DataFrame
        Where some rows hold bytes that are no UTF-8, these stand in it as unpaired surrogates, by which the rows are
        rejected when tasks are made of them.

    Raises
    ------
    SourceError
        When it holds no such table, or no row of UTF-8.
    """
    try:
        return READERS[kind](data, place, (item, key), STRICT)
    except UnicodeDecodeError as error:
        table = _around_faults(data, kind, place, (item, key))
        if table is not None:
            return table
        raise SourceError(
            f"{place} is not in UTF-8: found {data[error.start : error.start + 4]!r} at byte {error.start:,}. "
            "Save it as UTF-8, or read it with pandas and its encoding and give the DataFrame."
        ) from None


def _around_faults(data: bytes, kind: str, place: str, exact: tuple[str | None, ...]) -> pd.DataFrame | None:
    """Return a table with the faults in its texts kept apart; None when no row is without."""
    try:
        with pd.option_context("mode.string_storage", "python"):
            table = READERS[kind](data, place, exact, ESCAPED)
    except SourceError:
        return None
    sound = table.map(_is_sound).all(axis="columns")
    return table if sound.any() else None


def _is_sound(value: object) -> bool:
    return not isinstance(value, str) or value.isascii() or encodable(value)


def table_of(rows: Any) -> pd.DataFrame:
    """Return a table of what may hold unpaired surrogates, which pandas' own texts can't."""
    try:
        return pd.DataFrame(rows)
    except UnicodeEncodeError:
        with pd.option_context("mode.string_storage", "python"):
            return pd.DataFrame(rows)


def from_rows(rows: Sequence[Any], place: str, item: str | None = None) -> pd.DataFrame:
    """Return a table of dicts, or of texts or paths as its only column.

    Raises
    ------
    SourceError
        For anything else, with its place in the list.
    """
    import os

    if all(isinstance(row, Mapping) for row in rows):
        return table_of([dict(row) for row in rows])
    if all(isinstance(row, (str, os.PathLike)) for row in rows):
        return table_of({item or "item": [os.fspath(row) for row in rows]})
    kind = Mapping if isinstance(rows[0], Mapping) else (str, os.PathLike)
    number, other = next((number, row) for number, row in enumerate(rows) if not isinstance(row, kind))
    raise SourceError(
        f"{place}: expected dicts (one a row), or texts or paths, found {shown(other)} at place {number}"
    )


def _csv(separator: str) -> Reader:
    def read(data: bytes, place: str, exact: tuple[str | None, ...], errors: str) -> pd.DataFrame:
        encoding = "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
        try:
            names = pd.read_csv(
                BytesIO(data), sep=separator, encoding=encoding, encoding_errors=errors, nrows=0
            ).columns
            missing = {name: [""] if name in exact else sorted(MISSING) for name in names}
            texts = {name: str for name in names if name in exact}
            return pd.read_csv(
                BytesIO(data),
                sep=separator,
                encoding=encoding,
                encoding_errors=errors,
                dtype=texts,
                na_values=missing,
                keep_default_na=False,
                low_memory=False,
            )
        except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
            raise SourceError(f"{place} holds no table: {str(error).strip()}") from None

    return read


def _json(data: bytes, place: str, exact: tuple[str | None, ...], errors: str) -> pd.DataFrame:
    found = _loaded(data.decode("utf-8-sig", errors), place)
    if isinstance(found, dict) and found and all(isinstance(column, list) for column in found.values()):
        if len({len(column) for column in found.values()}) > 1:
            raise SourceError(f"{place}: its columns differ in length")
        return table_of(found)
    if not isinstance(found, list):
        raise SourceError(f"{place}: expected a list of objects, or an object of lists, found {shown(found)}")
    return from_rows(found, place, exact[0])


def _json_lines(data: bytes, place: str, exact: tuple[str | None, ...], errors: str) -> pd.DataFrame:
    lines = data.decode("utf-8-sig", errors).split("\n")
    rows = [_loaded(line, f"{place}, line {number}") for number, line in enumerate(lines, 1) if line.strip()]
    return from_rows(rows, place, exact[0])


def _loaded(text: str, place: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{place} is no JSON: {error}") from None


def _parquet(data: bytes, place: str, exact: tuple[str | None, ...], errors: str) -> pd.DataFrame:  # noqa: ARG001 - has types of its own
    try:
        return pd.read_parquet(BytesIO(data))
    except ImportError:
        raise SourceError(
            f"{place}: reading Parquet needs pyarrow: pip install labelwidgets[tables]"
        ) from None
    except (ValueError, OSError) as error:
        raise SourceError(f"{place} is no Parquet file: {error}") from None


READERS: dict[str, Reader] = {
    ".csv": _csv(","),
    ".json": _json,
    ".jsonl": _json_lines,
    ".ndjson": _json_lines,
    ".parquet": _parquet,
    ".tsv": _csv("\t"),
}
"""Extension to what reads such a table; a further one is one more line."""
