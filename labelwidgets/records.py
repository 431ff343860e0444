"""The rows that travel between source, store, session and widget: tasks, predictions, annotations, events."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from .labels import Extent

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

Json = Any
"""A JSON value: None, bool, int, float, str, list or dict of these."""

Status = Literal["submitted", "skipped", "withdrawn", "rejected"]
"""What an annotation says of its task; the current answer is the highest version neither withdrawn nor skipped."""

Confidence = Literal["sure", "unsure"]


@dataclass(frozen=True, slots=True)
class NewTask:
    """A row on its way into the store.

    Attributes
    ----------
    key : str
        Identity of the item: the value of the session's key column, else the SHA-256 (hex) of the item's value.
    item : str
        SHA-256 (hex) of the item's value; a known key with another item is a new version of its task.
    data : dict
        The row's columns as JSON values.
    position : float
        Place in the session's order; smaller comes first among equal priorities.
    priority : float
        Larger comes first.
    """

    key: str
    item: str
    data: Mapping[str, Json]
    position: float = 0.0
    priority: float = 0.0


@dataclass(frozen=True, slots=True)
class Task:
    """One item to label.

    Attributes
    ----------
    id : int
        Number in the store.
    key : str
        Content key that makes adding idempotent.
    data : dict
        The row's columns.
    media : str or None
        Where the item's picture lies now: absolute path or URL; None when the item lies in `data` itself.
    extent : Extent
        Size of the item, measured at its first lease.
    version : int
        Grows when the item behind the key changes; answers to older versions are stale.
    round : int
        The round it was leased for, from 1.
    number : int
        Row number in the source, from 0.
    priority, position : float
        Order: larger priority first, then smaller position.
    flagged : bool
        Somebody asked for attention.
    """

    id: int
    key: str
    data: Mapping[str, Json]
    media: str | None = None
    extent: Extent = field(default_factory=Extent)
    version: int = 1
    round: int = 1
    number: int = 0
    priority: float = 0.0
    position: float = 0.0
    flagged: bool = False


@dataclass(frozen=True, slots=True)
class Times:
    """When an answer was worked on, by the clock of the page; UTC.

    Attributes
    ----------
    shown_at, first_act_at, submitted_at : datetime or None
        The item was painted; first act on it; the answer was given.
    seconds : float or None
        Time spent, idle time removed.
    """

    shown_at: datetime | None = None
    first_act_at: datetime | None = None
    submitted_at: datetime | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class NewAnnotation:
    """An answer on its way into the store; `id` makes it idempotent.

    `task_version` is that of the item which was shown; when None, of the one that was leased.
    """

    id: str
    task_id: int
    annotator: str
    status: Status
    values: Mapping[str, Json]
    round: int = 1
    confidence: Confidence | None = None
    times: Times = Times()
    reason: str | None = None
    model: str | None = None
    schema_version: int = 1
    instructions_version: int = 1
    task_version: int | None = None


@dataclass(frozen=True, slots=True)
class Annotation:
    """One annotator's complete answer on one task in one round; never changed, only followed by a next version.

    Attributes
    ----------
    id : str
        UUID, made where the answer was given.
    values : dict
        Field name to JSON value, in the schema of `schema_version`.
    version : int
        From 1, per task, annotator and round.
    reason : str or None
        Why it was skipped, withdrawn or rejected.
    model : str or None
        Model and version of the prediction it started from, as "name:version".
    task_version : int
        Version of the task it answers.
    late : bool
        It came after its lease had passed to somebody else.
    created_at : datetime
        When the store kept it, UTC.
    """

    id: str
    task_id: int
    key: str
    annotator: str
    round: int
    version: int
    status: Status
    values: Mapping[str, Json]
    confidence: Confidence | None
    times: Times
    reason: str | None
    model: str | None
    schema_version: int
    instructions_version: int
    task_version: int
    late: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Prediction:
    """A model's answer on a task.

    Attributes
    ----------
    score : float or None
        In 0..1.
    """

    task_id: int
    model: str
    version: str
    values: Mapping[str, Json]
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """A remark on a task or on one region of it."""

    id: str
    task_id: int
    author: str
    text: str
    region: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the append-only history; `payload` is None once erased."""

    number: int
    at: datetime
    actor: str
    kind: str
    task_id: int | None
    payload: Mapping[str, Json] | None


@dataclass(frozen=True, slots=True)
class Rejected:
    """A source row that was not taken, and why."""

    row: Any
    reason: str


@dataclass(frozen=True, slots=True)
class Added:
    """What came of an add: counts of rows by outcome, and the rejected ones with their reasons."""

    added: int = 0
    known: int = 0
    changed: int = 0
    rejected: tuple[Rejected, ...] = ()
    batch: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of a session's tasks by state.

    Attributes
    ----------
    total : int
        Tasks in the session.
    done : int
        Tasks with as many answers as asked for (`overlap`).
    open : int
        Tasks that still want an answer.
    leased : int
        Tasks in somebody's hands now.
    people : int
        Annotators who hold a lease now.
    skipped : int
        Tasks skipped by somebody and not answered by anybody.
    mine, mine_skipped : int
        Tasks answered, skipped by the annotator asked for.
    per_hour : float
        Answers of that annotator in the last hour of work, by time spent.
    """

    total: int = 0
    done: int = 0
    open: int = 0
    leased: int = 0
    people: int = 0
    skipped: int = 0
    mine: int = 0
    mine_skipped: int = 0
    per_hour: float = 0.0


@dataclass(frozen=True, slots=True)
class SchemaVersion:
    """A schema as it stood from some time on, and the migration (JSON) that led to it from the one before."""

    version: int
    schema: Mapping[str, Json]
    migration: tuple[Mapping[str, Json], ...]
    created_at: datetime
    actor: str


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session as the store keeps it: name, settings (JSON) and the number of its current schema version."""

    id: int
    name: str
    settings: Mapping[str, Json] = field(default_factory=dict)
    schema_version: int = 1
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Damage:
    """A broken record found by a check of the store."""

    where: str
    what: str
