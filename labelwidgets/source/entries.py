"""Knowledge entries of a table: what spans link to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..errors import SchemaError, SourceError, listed
from ..schema import Label
from .reading import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SEPARATOR = "|"
"""Stands between aliases in one cell of text."""


def entries_of(
    data: Any,
    *,
    id: str = "id",
    title: str = "title",
    description: str = "description",
    aliases: str = "aliases",
) -> list[Label]:
    """Return the entries of a table, for `Spans(..., entries=...)`.

    Parameters
    ----------
    data : DataFrame, path, URL or iterable of dict
        As for `Session`: one row an entry.
    id, title, description, aliases : str
        Names of the columns; all but the first may be missing. Aliases are a list, or text with "|" between them.

    Returns
    -------
    list of Label
        `name` is the id.

    Raises
    ------
    SourceError
        The table can't be read or has no column of ids.
    SchemaError
        A row can't be an entry; the message names it.

    Examples
    --------
    >>> cities = [{"id": "Q1741", "title": "Vienna", "aliases": "Wien|Vindobona"}]
    >>> entries_of(cities)[0].aliases
    ('Wien', 'Vindobona')
    """
    table = read(data, item=id).frame
    if id not in table.columns:
        raise SourceError(
            f"entries need a column of ids, {id!r}; there are {listed(map(str, table.columns))}"
        )
    said = {"title": title, "description": description, "aliases": aliases}
    there = {name: column for name, column in said.items() if column in table.columns}
    return [_entry(row, id, there, number) for number, row in enumerate(table.to_dict("records"))]


def _entry(row: Mapping[Any, Any], id: str, there: Mapping[str, str], number: int) -> Label:
    said: dict[str, Any] = {name: _text(row[column]) for name, column in there.items() if name != "aliases"}
    if "aliases" in there:
        said["aliases"] = tuple(_several(row[there["aliases"]]))
    try:
        return Label(_text(row[id]), **said)
    except SchemaError as error:
        raise SchemaError(f"entry {number} of the table: {error}") from None


def _several(value: Any) -> Iterable[str]:
    if isinstance(value, (list, tuple, np.ndarray)):
        return [_text(each) for each in value]
    return [each.strip() for each in _text(value).split(SEPARATOR) if each.strip()]


def _text(value: Any) -> str:
    missing = value is None or (not isinstance(value, (list, tuple, np.ndarray)) and pd.isna(value))
    return "" if missing else str(value).strip()
