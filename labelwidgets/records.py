"""The rows that travel between source, store, session and widget: tasks, predictions, annotations, events."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Self

from .errors import UserError, shown
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


class Predicted(int):
    """How many predictions are new, as a number, and which rows were not taken.

    Attributes
    ----------
    rejected : tuple of Rejected
        By the frame's row label, of a callable by the task's row number, with the reason.
    """

    rejected: tuple[Rejected, ...]

    def __new__(cls, new: int, rejected: tuple[Rejected, ...] = ()) -> Self:
        """Make the number."""
        made = super().__new__(cls, new)
        made.rejected = rejected
        return made

    def __repr__(self) -> str:
        """Return the number, with how many rows were rejected."""
        return f"{int(self)} ({len(self.rejected)} rejected)" if self.rejected else f"{int(self)}"


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
class Member:
    """A person whom a store knows.

    Attributes
    ----------
    id : str
        Stands in every answer and event.
    name : str
        What people read; "" once erased.
    role : str
        What they may do everywhere in the store when it allows to manage; else what it would be without a membership
        of their own. Presets, several joined by "+".
    team : str
        "internal", "external", or another word for whom they work for.
    groups : tuple of str
        Names by which several people are given a membership at once, in alphabetical order.
    active : bool
        False for those who left: nothing that is theirs opens anything.
    """

    id: str
    name: str
    role: str
    team: str = "internal"
    groups: tuple[str, ...] = ()
    active: bool = True

    def to_json(self) -> dict[str, Json]:
        """Return it as JSON."""
        return {
            "id": self.id,
            "name": self.name,
            "role": self.role,
            "team": self.team,
            "groups": list(self.groups),
            "active": self.active,
        }

    @classmethod
    def from_json(cls, said: Mapping[str, Json]) -> Member:
        """Read what `to_json` gave."""
        return cls(**{**said, "groups": tuple(said.get("groups", ()))})


@dataclass(frozen=True, slots=True)
class Membership:
    """That somebody may work on a session: in which role, on which tasks, towards which goal.

    Attributes
    ----------
    subject : str
        A person's id; with `group`, the name of a group, and everybody in it is meant.
    role : str
        Presets, several joined by "+".
    group : bool
        What `subject` names.
    where : dict or None
        The tasks that are theirs, by the tasks' columns (see `conditions`); None for all of the session.
    goal : int or None
        Answers that are hoped for.

    Raises
    ------
    UserError
        The subject is no name, or the goal no whole number from 1.
    """

    subject: str
    role: str = "annotator"
    group: bool = False
    where: Mapping[str, Json] | None = None
    goal: int | None = None

    def __post_init__(self) -> None:
        """Refuse what can't be meant."""
        if not isinstance(self.subject, str) or not self.subject.strip():
            raise UserError(f"a membership names a person or a group, found {shown(self.subject)}")
        whole = isinstance(self.goal, int) and not isinstance(self.goal, bool) and self.goal >= 1
        if self.goal is not None and not whole:
            raise UserError(f"a goal is a number of answers, 1 or more, found {shown(self.goal)}")

    def to_json(self) -> dict[str, Json]:
        """Return it as JSON."""
        return {
            "subject": self.subject,
            "role": self.role,
            "group": self.group,
            "where": None if self.where is None else dict(self.where),
            "goal": self.goal,
        }

    @classmethod
    def from_json(cls, said: Mapping[str, Json]) -> Membership:
        """Read what `to_json` gave."""
        return cls(**said)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person has to do with a session at this moment.

    Attributes
    ----------
    member : Member
        Who, without the groups.
    memberships : tuple of Membership
        All that fit: their own, and those of their groups.
    scopes : tuple of int or None
        Numbers of the stored scopes that hold their tasks; None when they may be given all tasks.
    """

    member: Member
    memberships: tuple[Membership, ...]
    scopes: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class Overview:
    """A session beside the others of its store: its counts of tasks, and when things happened.

    Attributes
    ----------
    session_id : int
        Its number.
    total, done, skipped : int
        Tasks: all, with as many answers as asked for, skipped by somebody and answered by nobody.
    mine : int
        Tasks answered by the person asked for.
    people : int
        People who hold a task now.
    created_at, last_at : datetime or None
        When it was made, and when anything last happened in it, UTC.
    """

    session_id: int
    total: int
    done: int
    skipped: int
    mine: int
    people: int
    created_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class Worked:
    """What somebody, or several together, did in a session.

    Attributes
    ----------
    answered, rejected, skipped : int
        Answers, rejected answers and skips that stand.
    withdrawn : int
        Answers and skips taken back.
    today : int
        Answers that stand, of those kept since the day began.
    seconds : float
        Time spent, on all versions of all answers.
    timed, timed_seconds : int, float
        Answers that stand and say how long they took, and how long that was.
    median_seconds : float or None
        Of those answers.
    last_at : datetime or None
        When their last answer, skip or withdrawal was kept, UTC.
    leases : int
        Tasks in their hands now.
    """

    answered: int = 0
    rejected: int = 0
    skipped: int = 0
    withdrawn: int = 0
    today: int = 0
    seconds: float = 0.0
    timed: int = 0
    timed_seconds: float = 0.0
    median_seconds: float | None = None
    last_at: datetime | None = None
    leases: int = 0


@dataclass(frozen=True, slots=True)
class Presence:
    """Whether somebody has been here.

    Attributes
    ----------
    last_at : datetime or None
        When they last answered, skipped or signed in, UTC.
    invited_until : datetime or None
        When an invitation that they have not used ends, UTC; None when there is none that is good.
    password : bool
        Whether they have chosen a password.
    """

    last_at: datetime | None = None
    invited_until: datetime | None = None
    password: bool = False


@dataclass(frozen=True, slots=True)
class Damage:
    """A broken record found by a check of the store."""

    where: str
    what: str
