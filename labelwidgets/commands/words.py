"""What these commands read and write: who asks, conditions on tasks, moments, tables."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from ..console import existing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ..records import Json
    from ..workspace import Assignment, Workspace

STORE = click.argument("store")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
WHERE = click.option(
    "--where",
    "conditions",
    multiple=True,
    metavar="COLUMN=VALUE",
    help="Only tasks with this value; a,b for one of several, x..y for a range, 'all' for all tasks.",
)

WIDEST = 40
"""Characters of a cell."""

NUMBERS = ("int", "uint", "float", "bool")
"""How the types of columns begin whose values are no texts."""


@contextmanager
def asked(store: str) -> Iterator[Workspace]:
    """Open the workspace of a store that is there, for whoever runs the command."""
    from ..workspace import Workspace

    with Workspace(existing(store)) as workspace:
        yield workspace


def where(conditions: Sequence[str], columns: Mapping[str, Json]) -> dict[str, Json] | None:
    """Read `--where`: None when it was not given, {} for all tasks."""
    if not conditions:
        return None
    if list(conditions) == ["all"]:
        return {}
    found: dict[str, Json] = {}
    for condition in conditions:
        column, equals, value = condition.partition("=")
        if not equals or not value:
            raise click.UsageError(
                f"--where takes COLUMN=VALUE, COLUMN=a,b or COLUMN=x..y, or 'all'; found {condition!r}."
            )
        found[column] = _wanted(value, numbers=_is_number(columns.get(column)))
    return found


def _is_number(kind: Json) -> bool:
    return isinstance(kind, str) and kind.casefold().startswith(NUMBERS)


def _wanted(text: str, *, numbers: bool) -> Json:
    low, dots, high = text.partition("..")
    if dots:
        ends = {"from": low, "to": high}
        return {name: _value(end, numbers=numbers) for name, end in ends.items() if end}
    values = [_value(part, numbers=numbers) for part in text.split(",")]
    return values if len(values) > 1 else values[0]


def _value(text: str, *, numbers: bool) -> Json:
    if not numbers:
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def said_where(assignment: Assignment) -> str:
    """Return the condition of an assignment as `--where` takes it."""
    return " ".join(f"{column}={_said(wanted)}" for column, wanted in (assignment.where or {}).items())


def _said(wanted: Json) -> str:
    if isinstance(wanted, dict):
        return f"{wanted.get('from', '')}..{wanted.get('to', '')}"
    return ",".join(map(str, wanted)) if isinstance(wanted, list) else str(wanted)


def ago(moment: datetime | None, now: datetime | None = None) -> str:
    """Return how long ago something was, in the largest unit that says it: "3 h"."""
    if moment is None:
        return "-"
    seconds = max(0.0, ((now or datetime.now(UTC)) - moment).total_seconds())
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= length:
            return f"{seconds // length:.0f} {unit}"
    return "now"


def lasting(seconds: float) -> str:
    """Return a time span as hours and minutes: "1:05"."""
    minutes = round(seconds / 60)
    return f"{minutes // 60}:{minutes % 60:02}"


def moment(text: str | None) -> datetime | None:
    """Read `--since`: a day or a moment in ISO 8601, of this machine's time zone unless it says another."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise click.UsageError(
            f"--since takes a day or a moment, such as 2026-11-24 or 2026-11-24T08:30; found {text!r}."
        ) from None
    return found.astimezone()


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return rows as aligned columns under their names; numbers to the right, columns with nothing in them left out."""
    names = [name for name in rows[0] if any(row[name] not in (None, "", "-") for row in rows)]
    cells = [[_cell(row[name]) for name in names] for row in rows]
    right = [all(_is_right(row[name]) for row in rows) for name in names]
    widths = [max(len(line[n]) for line in [names, *cells]) for n in range(len(names))]
    lines = [
        "  ".join(
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(line, widths, right, strict=True)
        ).rstrip()
        for line in [names, *cells]
    ]
    return "\n".join(lines)


def _is_right(value: Any) -> bool:
    return value is None or value == "-" or (isinstance(value, (int, float)) and not isinstance(value, bool))


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    text = (
        f"{value:,.10g}"
        if isinstance(value, float)
        else f"{value:,}"
        if isinstance(value, int)
        else str(value)
    )
    return text if len(text) <= WIDEST else f"{text[: WIDEST - 1]}…"
