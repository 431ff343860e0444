"""The tables of a store, for every engine; times are microseconds since 1970 UTC, JSON is text as it was sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

if TYPE_CHECKING:
    from sqlalchemy.schema import SchemaItem
    from sqlalchemy.types import TypeEngine

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pk",
        "fk": "%(table_name)s_%(column_0_name)s_fk",
        "uq": "%(table_name)s_%(column_0_N_name)s_uq",
    }
)
"""All tables; constraints have names, so that a later migration can change them."""

NUMBER = BigInteger().with_variant(Integer(), "sqlite")
"""A row number: SQLite's own one only when the column says INTEGER."""

LEASED = text("state = 'leased'")

CONTENT = text("kind IN ('add', 'change', 'erase')")
"""The few events that speak of contents: a check at opening must not look through a million others for them."""


def _session() -> Column[int]:
    return Column("session_id", NUMBER, ForeignKey("session.id"), nullable=False)


def _task(*, primary_key: bool = False) -> Column[int]:
    return Column("task_id", NUMBER, ForeignKey("task.id"), nullable=False, primary_key=primary_key)


def _member(*, primary_key: bool = False) -> Column[str]:
    return Column("user_id", Text, ForeignKey("member.id"), nullable=False, primary_key=primary_key)


def _needed(name: str, kind: type[TypeEngine[Any]]) -> Column[Any]:
    return Column(name, kind, nullable=False)


def _event() -> Column[int]:
    """Number of the event that sealed the row; no foreign key, since events are written last: `verify` checks it."""
    return Column("event", NUMBER, primary_key=True, autoincrement=False)


def _narrow(name: str, *items: SchemaItem) -> Table:
    """Make a table whose rows lie in its primary key: half the pages where a row is little more than its key."""
    return Table(name, metadata, *items, sqlite_with_rowid=False)


store = Table(
    "store",
    metadata,
    Column("id", Integer, primary_key=True),
    _needed("uuid", Text),
    _needed("created_at", BigInteger),
    _needed("boot", Text),  # the machine's run in whose ticks `lease_until` counts
)

session = Table(
    "session",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    _needed("settings", Text),
    _needed("schema_version", Integer),
    _needed("archived", Boolean),
    _needed("rounds", Integer),  # how many rounds have a queue
    _needed("task_count", BigInteger),  # counted when adding, so that nobody has to count a million rows
    _needed("row_count", BigInteger),
    _needed("created_at", BigInteger),
)

schema_version = Table(
    "schema_version",
    metadata,
    Column("session_id", NUMBER, ForeignKey("session.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    _needed("schema", Text),
    _needed("migration", Text),
    _needed("actor", Text),
    _needed("created_at", BigInteger),
)

member = Table(
    "member",
    metadata,
    Column("id", Text, primary_key=True),
    _needed("name", Text),  # the only place where a person's name stands; emptied on erasure
    _needed("role", Text),
    _needed("active", Boolean),
    Column("team", Text, nullable=False, server_default="internal"),
)

member_group = _narrow(
    "member_group",
    _member(primary_key=True),
    Column("name", Text, primary_key=True),
)

scope = Table(
    "scope",
    metadata,
    Column("id", NUMBER, primary_key=True),
    _session(),
    _needed("body", Text),  # the condition, as JSON
    _needed("task_count", BigInteger),
    _needed("done", BigInteger),  # of the first round; counted as answers come
    _needed("passed", BigInteger),
    UniqueConstraint("session_id", "body"),
)

share = _narrow(
    "share",
    Column("scope_id", NUMBER, ForeignKey("scope.id"), primary_key=True),
    Column(
        "rank", Float, primary_key=True
    ),  # as in `queue`: the tasks of a scope lie in the order of the queue
    Column("position", Float, primary_key=True),
    _task(primary_key=True),
    Index("share_task", "task_id"),
)

membership = Table(
    "membership",
    metadata,
    Column("session_id", NUMBER, ForeignKey("session.id"), primary_key=True),
    Column("kind", Text, primary_key=True),  # person, group
    Column("subject", Text, primary_key=True),
    _needed("role", Text),
    Column("scope_id", NUMBER, ForeignKey("scope.id")),  # None: all tasks
    Column("goal", BigInteger),
)

# Of words that open something only digests are kept, so that who reads the store can't use them.

secret = Table(
    "secret",
    metadata,
    _member(primary_key=True),
    _needed("body", Text),  # a password's hash with its salt and parameters
    _needed("changed_at", BigInteger),
)

invite = Table(
    "invite",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    _member(),
    _needed("made_at", BigInteger),
    _needed("expires_at", BigInteger),
    Column("redeemed_at", BigInteger),
    Index("invite_user", "user_id"),
)

sign_in = Table(
    "sign_in",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    _member(),
    _needed("made_at", BigInteger),
    _needed("expires_at", BigInteger),
    Index("sign_in_user", "user_id"),
)

ticket = Table(
    "ticket",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    _member(),
    _needed("kernel_id", Text),
    _needed("expires_at", BigInteger),
    Column("redeemed_at", BigInteger),
    Index("ticket_user", "user_id"),
)

task = Table(
    "task",
    metadata,
    Column("id", NUMBER, primary_key=True),
    _session(),
    _needed("number", BigInteger),
    _needed("key", Text),
    _needed("item", Text),
    _needed("version", Integer),
    Column("data", Text),  # None once erased
    Column("salt", LargeBinary),
    _needed("digest", LargeBinary),
    Column("extent", Text),
    _needed("flagged", Boolean),
    _needed("batch", Text),
    UniqueConstraint("session_id", "key"),
    UniqueConstraint("session_id", "number"),
    Index(
        "task_changed", "session_id", sqlite_where=text("version > 1"), postgresql_where=text("version > 1")
    ),
)

copy = Table(
    "copy",
    metadata,
    _task(primary_key=True),
    Column("nth", Integer, primary_key=True),  # 1 for the second row of a task, whose first lies in `task`
    _session(),
    _needed("number", BigInteger),
    Column("data", Text),
    Column("salt", LargeBinary),
    _needed("digest", LargeBinary),
    UniqueConstraint("session_id", "number"),
)

queue = _narrow(
    "queue",
    _task(primary_key=True),
    Column("round", Integer, primary_key=True),
    _session(),
    _needed("rank", Float),  # minus the priority: one row-value comparison follows the index
    _needed("position", Float),
    _needed("overlap", Integer),
    _needed("slots", Integer),  # overlap - leased - answered; late answers may push it below 0
    _needed("answers", Integer),
    _needed("skips", Integer),
    Index(
        "queue_open",
        "session_id",
        "round",
        "rank",
        "position",
        "task_id",
        sqlite_where=text("slots > 0"),
        postgresql_where=text("slots > 0"),
    ),
)

assignment = _narrow(
    "assignment",
    _task(primary_key=True),
    Column("annotator", Text, primary_key=True),
    Column("round", Integer, primary_key=True),
    _session(),
    _needed("state", Text),  # leased, done, skipped
    Column(
        "before", Text
    ),  # what a lease returns to when it ends without an answer: done, skipped or nothing
    _needed("task_version", Integer),
    _needed(
        "leased", BigInteger
    ),  # number of the event that leased it: the order of leases, whatever the clock says
    _needed("lease_until", BigInteger),
    # Plain, not unique: a person holds several. With the annotator first in the primary key instead, finding the
    # open leases read all that the person ever did.
    Index("assignment_held", "annotator", sqlite_where=LEASED, postgresql_where=LEASED),
    Index("assignment_expiry", "lease_until", sqlite_where=LEASED, postgresql_where=LEASED),
)

cursor = _narrow(
    "cursor",
    Column("session_id", NUMBER, ForeignKey("session.id"), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("annotator", Text, primary_key=True),
    _needed("rank", Float),
    _needed("position", Float),
    _task(),
    _needed("moved", BigInteger),  # number of the event that moved it
    # Scopes that it went through, "" for all tasks: another scope passed other tasks by, so its cursor is another.
    Column("scopes", Text, nullable=False, server_default=""),
)

returned = _narrow(
    "returned",
    Column("session_id", NUMBER, ForeignKey("session.id"), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("annotator", Text, primary_key=True),
    _task(primary_key=True),
)

tally = _narrow(
    "tally",
    Column("session_id", NUMBER, ForeignKey("session.id"), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("annotator", Text, primary_key=True),
    _needed("answered", BigInteger),
    _needed("skipped", BigInteger),
    _needed("done", BigInteger),  # tasks that this person's acts finished, less those they opened again
    _needed("passed", BigInteger),  # the same for tasks skipped by somebody and answered by nobody
)

event = Table(
    "event",
    metadata,
    Column("number", NUMBER, primary_key=True, autoincrement=False),
    Column("session_id", NUMBER, ForeignKey("session.id")),
    _needed("at", BigInteger),
    _needed("actor", Text),
    _needed("kind", Text),
    Column("task_id", NUMBER),
    Column("ref", Text),
    Column("digest", LargeBinary),  # of the content beside it: its payload, annotation or comment
    Column("hash", LargeBinary),
    Index("event_session", "session_id", "number"),
    Index("event_content", "number", sqlite_where=CONTENT, postgresql_where=CONTENT),
    Index(
        "event_task",
        "task_id",
        "number",
        sqlite_where=text("task_id IS NOT NULL"),
        postgresql_where=text("task_id IS NOT NULL"),
    ),
)

payload = Table(
    "payload",
    metadata,
    _event(),
    _needed("salt", LargeBinary),
    _needed("body", Text),
)

annotation = Table(
    "annotation",
    metadata,
    _event(),
    Column("id", Text, nullable=False, unique=True),
    _session(),
    _task(),
    _needed("annotator", Text),
    _needed("round", Integer),
    _needed("version", Integer),
    _needed("status", Text),
    Column("answer", Text),  # None once erased
    Column("confidence", Text),
    Column("shown_at", BigInteger),
    Column("first_act_at", BigInteger),
    Column("submitted_at", BigInteger),
    Column("seconds", Float),
    Column("reason", Text),
    Column("model", Text),
    _needed("schema_version", Integer),
    _needed("instructions_version", Integer),
    _needed("task_version", Integer),
    _needed("late", Boolean),
    _needed("created_at", BigInteger),
    Column("salt", LargeBinary),
    UniqueConstraint("task_id", "annotator", "round", "version"),
    Index("annotation_session", "session_id", "event"),
    # With all that counting work asks for, so that 300,000 answers are counted without reading them.
    Index(
        "annotation_annotator",
        *(
            "session_id",
            "annotator",
            "event",
            "task_id",
            "round",
            "version",
            "status",
            "seconds",
            "created_at",
        ),
    ),
)

prediction = Table(
    "prediction",
    metadata,
    _task(primary_key=True),
    Column("model", Text, primary_key=True),
    Column("version", Text, primary_key=True),
    _session(),
    _needed("answer", Text),
    Column("score", Float),
    _needed("event", BigInteger),  # the order of versions
    Index("prediction_session", "session_id", "task_id"),
)

draft = Table(
    "draft",
    metadata,
    _task(primary_key=True),
    Column("annotator", Text, primary_key=True),
    _session(),
    _needed("answer", Text),
    _needed("saved_at", BigInteger),
)

comment = Table(
    "comment",
    metadata,
    _event(),
    Column("id", Text, nullable=False, unique=True),
    _session(),
    _task(),
    _needed("author", Text),
    Column("body", Text),  # None once erased
    Column("region", Text),
    _needed("created_at", BigInteger),
    Column("salt", LargeBinary),
    Index("comment_session", "session_id", "event"),
    Index("comment_task", "task_id"),
)
