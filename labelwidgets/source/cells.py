"""One cell of a table as a JSON value, or the reason why it can't be one."""

from __future__ import annotations

import math
import os
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any
from uuid import UUID

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..records import Json

LONGEST = 10_000_000
"""Characters of a cell; what is longer is no item that a person labels."""

DEEPEST = 64
"""Levels of nested lists and dicts."""

EXACT = 2**53
"""Whole numbers beyond this lose digits in a browser and are kept as text."""


class Unfit(ValueError):  # noqa: N818 - a state of the cell, caught where its row is known
    """A cell that JSON can't hold; the message goes on after "column 'x' "."""


def cell(value: Any, depth: int = 0) -> Json:
    """Return a cell as JSON.

    Missing values become None, numpy scalars Python's; dates and times become ISO 8601 text; decimals, UUIDs, paths,
    infinities and whole numbers beyond 2**53 become text; lists, tuples, arrays and dicts keep their form.

    Raises
    ------
    Unfit
        For bytes and other objects, keys that are no text, unpaired surrogates, text that is too long.
    """
    if isinstance(value, np.generic):
        value = _python(value)
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    make = next((make for kind, make in FORMS if isinstance(value, kind)), None)
    if make is not None:
        return make(value)
    if depth >= DEEPEST:
        raise Unfit(f"is nested deeper than {DEEPEST} levels, or holds itself")
    if isinstance(value, dict):
        return {_name(name): cell(each, depth + 1) for name, each in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [
            cell(each, depth + 1)
            for each in (np.atleast_1d(value) if isinstance(value, np.ndarray) else value)
        ]
    raise Unfit(f"holds a {type(value).__module__}.{type(value).__qualname__}, for which JSON has no form")


def text(value: str) -> str:
    """Return a text that can be stored.

    Raises
    ------
    Unfit
        For unpaired surrogates, and beyond `LONGEST`.
    """
    if len(value) > LONGEST:
        raise Unfit(f"holds a text of {len(value):,} characters; at most {LONGEST:,} are taken")
    if not value.isascii() and not encodable(value):
        raise Unfit(_wrongly(value))
    return value


def _wrongly(value: str) -> str:
    """Why a text is none: bytes that were no UTF-8 stand in it as Python keeps them, or half a character."""
    byte = next((char for char in value if "\udc80" <= char <= "\udcff"), "")
    if byte:
        return f"holds an unpaired surrogate, for the byte 0x{ord(byte) - 0xDC00:02X}: save the text as UTF-8"
    return "holds an unpaired surrogate, which is no character: it was decoded wrongly"


def whole(value: int) -> int | str:
    """Return a whole number, as text where a browser would lose digits."""
    return value if -EXACT <= value <= EXACT else str(value)


def real(value: float) -> float | str | None:
    """Return a number; NaN is missing, infinities are text."""
    return value if math.isfinite(value) else None if math.isnan(value) else str(value)


def seconds(count: int, per_second: int) -> str:
    """Return `count` parts of a second as an ISO 8601 duration in seconds, exactly."""
    full, rest = divmod(abs(count), per_second)
    digits = f".{rest:0{len(str(per_second)) - 1}d}".rstrip("0") if rest else ""
    return f"{'-' if count < 0 else ''}PT{full}{digits}S"


def encodable(value: str) -> bool:
    """Whether a text has no unpaired surrogates."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _python(value: np.generic) -> Any:
    """Return a numpy scalar as Python's; a date or duration as pandas' to keep its precision."""
    if value.dtype.kind in "mM":
        return None if np.isnat(value) else pd.Series(np.array([value])).iloc[0]
    return value.item()


def _duration(value: timedelta) -> str | None:
    whole_days = value.days * 86_400 + value.seconds
    return seconds(whole_days * 10**9 + value.microseconds * 1000 + getattr(value, "nanoseconds", 0), 10**9)


def _moment(value: date | time) -> str:
    return value.isoformat()


def _path(value: os.PathLike[Any]) -> str:
    path = os.fspath(value)
    return text(path) if isinstance(path, str) else _binary(path)


def _binary(value: object) -> str:
    raise Unfit(f"holds {type(value).__name__}: save it to a file and give the file's path")


def _enum(value: Enum) -> Json:
    return cell(value.value)


def _name(name: object) -> str:
    if not isinstance(name, str):
        raise Unfit(f"holds a dict with the key {name!r}; JSON's keys are texts")
    return text(name)


FORMS: tuple[tuple[Any, Callable[[Any], Json]], ...] = (
    (Enum, _enum),
    (bool, bool),
    (str, lambda value: text(str(value))),
    (int, lambda value: whole(int(value))),
    (float, lambda value: real(float(value))),
    (Decimal, str),
    (timedelta, _duration),
    ((date, time), _moment),
    (UUID, str),
    (os.PathLike, _path),
    ((bytes, bytearray, memoryview), _binary),
)
"""Types and what makes JSON of them, the more special first."""
