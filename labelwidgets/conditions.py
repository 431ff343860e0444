"""Which tasks are meant, said by their columns: `{"city": "Bern", "year": {"from": 2020}}`; read by this code alone."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

from .errors import UserError, did_you_mean, listed, shown

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

BOUNDS = ("from", "to")
"""Ends of a range; both belong to it, and one may be left out."""

MOST = 1_000
"""Values that one column may be compared with."""


def checked(where: Any, columns: Collection[str]) -> dict[str, Any]:
    """Return a condition that is one.

    Parameters
    ----------
    where : dict
        Column to a value, a list of values, or a range `{"from": x, "to": y}`; all columns must hold.
    columns : collection of str
        Columns that may be asked for.

    Raises
    ------
    UserError
        Naming the column and what was expected.
    """
    if not isinstance(where, dict) or not where:
        raise UserError(
            f"where is a dict of at least one column, found {shown(where)}; leave it out when all tasks are meant"
        )
    for column, wanted in where.items():
        if column not in columns:
            raise UserError(
                f"where asks for column {shown(column)}; the session's columns are {listed(columns, 20) or 'not there yet'}. "
                f"{did_you_mean(column, columns)}".rstrip()
            )
        _check(column, wanted)
    return dict(where)


def matches(where: Mapping[str, Any], data: Mapping[str, Any]) -> bool:
    """Whether a task's data are what a checked condition asks for; a column that is missing is None."""
    return all(_holds(wanted, data.get(column)) for column, wanted in where.items())


def _check(column: str, wanted: Any) -> None:
    if isinstance(wanted, dict):
        _check_range(column, wanted)
    elif isinstance(wanted, list):
        if not 1 <= len(wanted) <= MOST or not all(map(_plain, wanted)):
            raise UserError(
                f"where {column!r}: expected a list of 1 to {MOST:,} values, found {shown(wanted)}"
            )
    elif not _plain(wanted):
        raise UserError(
            f'where {column!r}: expected a value, a list of values or {{"from": x, "to": y}}, found {shown(wanted)}'
        )


def _check_range(column: str, wanted: Mapping[str, Any]) -> None:
    kinds = {_kind(bound) for bound in wanted.values()}
    if not wanted or not wanted.keys() <= set(BOUNDS) or len(kinds) != 1 or kinds == {None}:
        raise UserError(
            f'where {column!r}: a range is {{"from": x, "to": y}} of two numbers or two texts, one of which may be left out; '
            f"found {wanted!r}"[:500]
        )


def _plain(value: Any) -> bool:
    return value is None or isinstance(value, bool) or _kind(value) is not None


def _kind(value: Any) -> type | None:
    """Return what a value may be compared with: `float` for numbers, `str` for texts, None for nothing."""
    if isinstance(value, str):
        return str
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float if number and isfinite(value) else None


def _holds(wanted: Any, found: Any) -> bool:
    if isinstance(wanted, dict):
        low, high = (wanted.get(bound) for bound in BOUNDS)
        like = all(bound is None or _kind(bound) is _kind(found) for bound in (low, high))
        return like and (low is None or found >= low) and (high is None or found <= high)
    every = wanted if isinstance(wanted, list) else [wanted]
    return any(_equal(one, found) for one in every)


def _equal(wanted: Any, found: Any) -> bool:
    """1 is 1.0, but true is not 1."""
    return bool(wanted == found) and isinstance(wanted, bool) == isinstance(found, bool)
