"""Two projects side by side: what is asked, how far they are, what was said, how fast."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from ..report import Report
from .rows import Told

if TYPE_CHECKING:
    import pandas as pd

    from ..records import Json
    from ..schema import Field
    from ..session import Session

Pair = tuple[Any, Any]
"""A number of the first project and of the second; None where a project has none."""

PACE = ("answers", "skipped", "seconds", "per_hour")
"""What is told of how fast answers came."""

LABELED = ("labels", "options", "nodes", "types")
"""Settings of fields that hold their labels."""

MOST = 20
"""Labels of a field that a text shows; JSON and frame have all of them."""


@dataclass(frozen=True, slots=True)
class FieldDifference(Told):
    """A field, and how the two projects differ in it.

    Attributes
    ----------
    name : str
        Of the field.
    kind : str
        Such as "boxes"; "boxes/choice" where they differ.
    there : str
        "a", "b" or "both".
    settings : tuple of str
        What is set otherwise in b, such as "required"; labels apart.
    only_a, only_b : tuple of str
        Labels that one of them has.
    """

    name: str
    kind: str
    there: str
    settings: tuple[str, ...] = ()
    only_a: tuple[str, ...] = ()
    only_b: tuple[str, ...] = ()

    @property
    def alike(self) -> bool:
        """Whether there is no difference."""
        return self.there == "both" and not (self.settings or self.only_a or self.only_b or "/" in self.kind)


@dataclass(frozen=True, slots=True)
class Comparison(Told):
    """Two projects side by side.

    Attributes
    ----------
    a, b : str
        Their names.
    fields : tuple of FieldDifference
        Every field of either.
    states : dict
        Number of tasks by state, of a and b: total, done, open, leased, skipped.
    labels : dict
        Of fields that both have with the same kind: how often each label was given, in a and b.
    pace : dict
        Answers and skips; median seconds of an answer; answers per hour of work.
    """

    a: str
    b: str
    fields: tuple[FieldDifference, ...]
    states: dict[str, Pair]
    labels: dict[str, dict[str, Pair]]
    pace: dict[str, Pair]

    @classmethod
    def of(cls, a: Session, b: Session) -> Comparison:
        """Compare two sessions."""
        first, second = Report.of(a), Report.of(b)
        fields = _fields(a, b)
        shared = [each.name for each in fields if each.there == "both" and "/" not in each.kind]
        one, other = asdict(first.pace), asdict(second.pace)
        return cls(
            a.name,
            b.name,
            fields,
            _paired(first.states, second.states),
            {name: _paired(first.labels[name], second.labels[name]) for name in shared},
            {name: (one[name], other[name]) for name in PACE},
        )

    def frame(self) -> pd.DataFrame:
        """Return all numbers as rows.

        Returns
        -------
        DataFrame
            `what` ("tasks", "labels", "pace"), `field`, `name`, `a`, `b`: the last two float64.
        """
        import pandas as pd

        rows = [("tasks", "", name, *pair) for name, pair in self.states.items()]
        rows += [
            ("labels", field, name, *pair)
            for field, counts in self.labels.items()
            for name, pair in counts.items()
        ]
        rows += [("pace", "", name, *pair) for name, pair in self.pace.items()]
        table = pd.DataFrame(rows, columns=["what", "field", "name", "a", "b"])
        return table.astype(
            {"what": "string", "field": "string", "name": "string", "a": "float64", "b": "float64"}
        )

    def to_text(self) -> str:
        """Return everything as lines for people."""
        width = max(20, *(len(name) + 2 for name in [*self.states, *self.pace, *self._label_names()]))
        head = [f"{'':<{width}}  {self.a:>12}  {self.b:>12}"]
        lines = ["", *head, *_lines("tasks", self.states, width), *_lines("pace", self.pace, width)]
        for field, counts in self.labels.items():
            lines += _lines(field, dict(list(counts.items())[:MOST]), width)
            lines += [f"  and {len(counts) - MOST:,} more"] if len(counts) > MOST else []
        return "\n".join([*self._differences(), *lines])

    def _label_names(self) -> list[str]:
        return [name for counts in self.labels.values() for name in list(counts)[:MOST]]

    def _differences(self) -> list[str]:
        unlike = [each for each in self.fields if not each.alike]
        if not unlike:
            return [f"{self.a} and {self.b} ask for the same."]
        names = {"a": self.a, "b": self.b}
        return [line for each in unlike for line in _difference(each, names)]


def _difference(field: FieldDifference, names: dict[str, str]) -> list[str]:
    if field.there != "both":
        return [f"{field.name} ({field.kind}) is only in {names[field.there]}."]
    lines = (
        [f"{field.name} is {field.kind.replace('/', ' in ' + names['a'] + ', ')} in {names['b']}."]
        if "/" in field.kind
        else []
    )
    lines += [f"{field.name}: {', '.join(field.settings)} set otherwise."] if field.settings else []
    for which, labels in (("a", field.only_a), ("b", field.only_b)):
        lines += [f"{field.name}: only in {names[which]}: {_shortened(labels)}."] if labels else []
    return lines


def _shortened(labels: tuple[str, ...]) -> str:
    more = f" and {len(labels) - MOST:,} more" if len(labels) > MOST else ""
    return ", ".join(labels[:MOST]) + more


def _lines(title: str, pairs: dict[str, Pair], width: int) -> list[str]:
    rows = [
        f"  {name[: width - 2]:<{width - 2}}  {_shown(a):>12}  {_shown(b):>12}"
        for name, (a, b) in pairs.items()
    ]
    return [title, *rows]


def _shown(number: float | None) -> str:
    return "-" if number is None else f"{number:,.10g}"


def _paired(a: dict[str, Any], b: dict[str, Any]) -> dict[str, Pair]:
    return {name: (a.get(name), b.get(name)) for name in {**a, **b}}


def _fields(a: Session, b: Session) -> tuple[FieldDifference, ...]:
    names = dict.fromkeys([*a.schema.names, *b.schema.names])
    return tuple(_field(name, a, b) for name in names)


def _field(name: str, a: Session, b: Session) -> FieldDifference:
    if name not in b.schema.names:
        return FieldDifference(name, a.schema[name].kind, "a")
    if name not in a.schema.names:
        return FieldDifference(name, b.schema[name].kind, "b")
    one, other = a.schema[name], b.schema[name]
    if one.kind != other.kind:
        return FieldDifference(name, f"{one.kind}/{other.kind}", "both")
    ours, theirs = _labels(one), _labels(other)
    return FieldDifference(
        name,
        one.kind,
        "both",
        _settings(one, other),
        tuple(label for label in ours if label not in theirs),
        tuple(label for label in theirs if label not in ours),
    )


def _labels(field: Field) -> dict[str, None]:
    return dict.fromkeys(label.name for label in field.labelled)


def _settings(one: Field, other: Field) -> tuple[str, ...]:
    """Return what is set otherwise, labels apart: those are told by name."""
    a, b = (_without_labels(field) for field in (one, other))
    return tuple(sorted(name for name in {**a, **b} if a.get(name) != b.get(name)))


def _without_labels(field: Field) -> dict[str, Json]:
    said = field.to_json()
    return {name: value for name, value in said.items() if name not in LABELED}
