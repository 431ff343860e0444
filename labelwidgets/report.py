"""How a session stands, in numbers: tasks by state, labels by field, pace by person."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from .records import Json
    from .schema import Field
    from .session import Session

MOST = 20
"""Labels of a field that a text shows; JSON has all of them."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast answers were given.

    Attributes
    ----------
    annotator : str
        Who; "" for all together.
    answers, skipped : int
        Current answers and skips.
    seconds : float or None
        Median time spent on an answer, idle time removed; None when no answer says.
    per_hour : float or None
        Answers per hour of time spent.
    """

    annotator: str
    answers: int
    skipped: int
    seconds: float | None
    per_hour: float | None


@dataclass(frozen=True, slots=True)
class Report:
    """How a session stands.

    Attributes
    ----------
    session : str
        Its name.
    states : dict
        Number of tasks: total, done, open, leased, skipped.
    labels : dict
        Field name to how often each label was given, most frequent first; of fields without labels a summary.
    pace : Pace
        Of all together.
    people : tuple of Pace
        Of each annotator, most answers first.
    """

    session: str
    states: dict[str, int]
    labels: dict[str, dict[str, float]]
    pace: Pace
    people: tuple[Pace, ...]

    @classmethod
    def of(cls, session: Session) -> Report:
        """Count what a session holds now."""
        answers = session.annotations()
        given = answers[answers["status"] == "submitted"]
        progress = session.progress
        states = {name: getattr(progress, name) for name in ("total", "done", "open", "leased", "skipped")}
        labels = {field.name: _counted(field, given[field.name], session) for field in session.schema}
        people = [_pace(str(who), rows) for who, rows in answers.groupby("annotator", observed=True)]
        people.sort(key=lambda pace: -pace.answers)
        return cls(session.name, states, labels, _pace("", answers), tuple(people))

    def to_json(self) -> dict[str, Json]:
        """Return everything as JSON."""
        return asdict(self) | {"people": [asdict(pace) for pace in self.people]}

    def to_text(self) -> str:
        """Return everything as lines for people."""
        states = ", ".join(f"{count:,} {name}" for name, count in self.states.items() if name != "total")
        lines = [f"{self.states['total']:,} tasks: {states}", ""]
        for name, counts in self.labels.items():
            lines += [name, *_bars(counts), ""]
        return "\n".join(
            [*lines, *_paces((*self.people, self.pace) if len(self.people) > 1 else self.people)]
        ).rstrip()


def _counted(field: Field, cells: pd.Series[Any], session: Session) -> dict[str, float]:
    """Count labels, those that nobody gave included; of numbers give the range, of texts how many there are."""
    if field.kind == "number":
        numbers = cells.dropna().astype("float64")
        return (
            {} if numbers.empty else {"min": numbers.min(), "median": numbers.median(), "max": numbers.max()}
        )
    if field.kind == "text":
        return {"filled in": int(cells.notna().sum())}
    offered: Iterable[str] = [] if field.kind == "taxonomy" else [label.name for label in field.labelled]
    counts = Counter(dict.fromkeys(offered, 0))
    counts.update(_said(field, cells, session))
    return dict(counts.most_common())


def _said(field: Field, cells: pd.Series[Any], session: Session) -> list[str]:
    """Return every label that was given, once for each time; of an order what stands first."""
    if field.regions:
        return [str(label) for label in session.regions(field.name)["label"].fillna("(no label)")]
    there = cells.dropna()
    if field.kind == "ranking":
        return [str(json.loads(cell)[0]) for cell in there]
    if getattr(field, "multiple", False):
        return [str(name) for cell in there for name in json.loads(cell)]
    return [str(cell) for cell in there]


def _pace(annotator: str, answers: pd.DataFrame) -> Pace:
    given = answers[answers["status"] == "submitted"]
    spent = given["seconds"].dropna().astype("float64")
    total = float(spent.sum())
    return Pace(
        annotator,
        len(given),
        int((answers["status"] == "skipped").sum()),
        round(float(spent.median()), 2) if len(spent) else None,
        round(len(spent) * 3600 / total, 1) if total > 0 else None,
    )


def _bars(counts: dict[str, float]) -> list[str]:
    """Draw counts as lines of equal width; the longest bar is the most frequent label."""
    if not counts:
        return ["  nothing yet"]
    shown = dict(list(counts.items())[:MOST])
    width = min(max(map(len, shown)), 40)
    top = max(1.0, *shown.values())
    lines = [
        f"  {name[:width]:<{width}}  {value:>8,g}  {'▇' * round(24 * value / top)}".rstrip()
        for name, value in shown.items()
    ]
    return [*lines, f"  and {len(counts) - MOST:,} more"] if len(counts) > MOST else lines


def _paces(people: tuple[Pace, ...]) -> list[str]:
    if not people:
        return ["Nobody has answered yet."]
    width = max(9, *(len(pace.annotator) for pace in people))
    head = f"{'annotator':<{width}}  answers  skipped  median s  per hour"
    rows = [
        f"{pace.annotator or 'all':<{width}}  {pace.answers:>7,}  {pace.skipped:>7,}  {_shown(pace.seconds):>8}  {_shown(pace.per_hour):>8}"
        for pace in people
    ]
    return [head, *rows]


def _shown(number: float | None) -> str:
    return "-" if number is None else f"{number:,.1f}"
