"""What a workspace tells: projects, people and what they may do, invitations, and numbers of work; all frozen."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..records import Json


class Told:
    """A record that is told to programs and pages as JSON: its fields, times in ISO 8601 (UTC)."""

    __slots__ = ()

    def to_json(self) -> dict[str, Json]:
        """Return every field as JSON."""
        return {item.name: as_json(getattr(self, item.name)) for item in fields(self)}  # type: ignore[arg-type]


def as_json(value: Any) -> Json:
    """Return a value as JSON: times as text, records as objects, tuples as lists."""
    if isinstance(value, Told):
        return value.to_json()
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (tuple, list)):
        return [as_json(each) for each in value]
    if isinstance(value, dict):
        return {name: as_json(each) for name, each in value.items()}
    return value


@dataclass(frozen=True, slots=True)
class Project(Told):
    """A session of a store, as somebody sees it.

    Attributes
    ----------
    name : str
        Unique in the store.
    item : str
        What is labeled: "image", "text", "row", or "" while there are no items.
    fields : tuple of str
        Names of the schema's fields.
    total, done, open, skipped : int
        Tasks: all, with as many answers as asked for, wanting an answer, skipped by somebody and answered by nobody.
    overlap : int
        How many people are asked for each task.
    people : int
        People who hold a task now.
    created_at, last_at : datetime or None
        When it was made; when anything last happened in it. UTC.
    archived : bool
        No longer offered; it opens for reading only.
    may : tuple of str
        What the asker may do in it, in the order of `identity.CAPABILITIES`.
    role : str
        The asker's role in it, joined by "+".
    mine : int
        Tasks that the asker answered.
    goal : int or None
        How many answers the asker is to give.
    """

    name: str
    item: str
    fields: tuple[str, ...]
    total: int
    done: int
    open: int
    skipped: int
    overlap: int
    people: int
    created_at: datetime | None
    last_at: datetime | None
    archived: bool
    may: tuple[str, ...]
    role: str
    mine: int
    goal: int | None = None


@dataclass(frozen=True, slots=True)
class Assignment(Told):
    """A person, or everybody of a group, may work on a project.

    Attributes
    ----------
    project : str
        Its name.
    subject : str
        Id of the person, or name of the group.
    group : bool
        Whether `subject` is a group.
    role : str
        What they may do there.
    where : dict or None
        Which tasks: column to value, list of values, or {"from": x, "to": y}; None for all.
    goal : int or None
        How many answers each is to give.
    """

    project: str
    subject: str
    group: bool = False
    role: str = "annotator"
    where: dict[str, Json] | None = None
    goal: int | None = None


@dataclass(frozen=True, slots=True)
class Person(Told):
    """Somebody whom the store knows.

    Attributes
    ----------
    id, name : str
        The id stands in every answer, the name only here; it is the id once it was erased.
    role : str
        In all projects, if it can manage; else what an assignment gives when it names no role.
    team : str
        "internal", "external", or a name of your own.
    groups : tuple of str
        Assignments to a group hold for everybody in it.
    active : bool
        False for leavers, whose history stays.
    state : str
        "active" (has worked or signed in), "invited" (an invitation is open), "new" (neither), "left".
    last_at : datetime or None
        Their last answer, task taken or sign-in; UTC.
    projects : tuple of Assignment
        What they are assigned to, by themselves or by a group.
    above : bool
        Whether they may do what the asker may not, who therefore can't change them.
    """

    id: str
    name: str
    role: str
    team: str
    groups: tuple[str, ...]
    active: bool
    state: str
    last_at: datetime | None
    projects: tuple[Assignment, ...]
    above: bool = False


@dataclass(frozen=True, slots=True)
class Invitation(Told):
    """A way in for one person, once.

    Attributes
    ----------
    person : Person
        Who is invited.
    word : str
        The secret, which the store keeps as SHA-256 only; not in the repr, since notebooks keep what they show.
    until : datetime
        When it ends, UTC.
    """

    person: Person
    word: str = field(repr=False)
    until: datetime

    @property
    def path(self) -> str:
        """The invitation below the address of the published app."""
        return f"/invite/{self.word}"

    def to_json(self) -> dict[str, Json]:
        """Return every field, and the path, as JSON."""
        told = {"person": self.person, "word": self.word, "until": self.until, "path": self.path}
        return {name: as_json(value) for name, value in told.items()}


@dataclass(frozen=True, slots=True)
class Work(Told):
    """What somebody, or a team, did in a project.

    Attributes
    ----------
    id : str
        Of the person; "" for a team or all together.
    name : str
        Of the person or team; "" for all together.
    team : str
        "internal", "external" or another; "" for all together.
    active : bool
        False for leavers.
    people : int
        How many are counted: 1 for a person.
    answered, rejected, skipped : int
        Answers that stand, of those the rejected ones are not counted; answers rejected; skips that stand.
    withdrawn : int
        Answers and skips taken back.
    today : int
        Answers that stand and were kept since midnight.
    seconds : float
        Time spent on all of it, idle time removed, answers counted that were since replaced or taken back.
    median_seconds : float or None
        Of an answer that stands; None when no answer says.
    per_hour : float or None
        Answers that stand per hour of time spent on them.
    last_at : datetime or None
        Their last answer, skip or withdrawal, UTC.
    leases : int
        Tasks in their hands now.
    goal : int or None
        How many answers were asked of them.
    share : float or None
        Of the goal, done: 0..1.
    """

    id: str
    name: str
    team: str
    active: bool = True
    people: int = 1
    answered: int = 0
    rejected: int = 0
    skipped: int = 0
    withdrawn: int = 0
    today: int = 0
    seconds: float = 0.0
    median_seconds: float | None = None
    per_hour: float | None = None
    last_at: datetime | None = None
    leases: int = 0
    goal: int | None = None
    share: float | None = None
