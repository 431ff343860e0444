"""What every store can do; SQLite and PostgreSQL pass the same contract suite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from datetime import datetime, timedelta
    from pathlib import Path

    from ..labels import Extent
    from ..records import (
        Added,
        Annotation,
        Comment,
        Damage,
        Event,
        Json,
        Member,
        Membership,
        NewAnnotation,
        NewTask,
        Overview,
        Prediction,
        Presence,
        Progress,
        SchemaVersion,
        SessionRow,
        Standing,
        Task,
        Worked,
    )


class Store(Protocol):
    """Keeps sessions, their tasks and all that was ever said of them; every write is an event in the same transaction.

    Only what is no fact about the work leaves no event: lengthened leases, drafts, sizes of items.
    Thread-safe: any thread may call any method at any time. An iterator sees the store as it was at its first row.
    """

    uuid: str
    """Random, made with the store; the key of the outboxes in browsers."""
    url: str
    """SQLAlchemy URL without password."""
    read_only: str
    """Why the store takes no writes ("" when it does): damaged, opened for reading only, or not writable."""

    def close(self) -> None:
        """Give back all connections; open leases stay until they expire or are released."""

    def revision(self, session_id: int) -> int:
        """Return a number that grows with each write to the session: equal means nothing was written since. Cheap at any size."""

    # -- sessions, schemas --
    def sessions(self) -> list[SessionRow]:
        """All sessions in the store, oldest first."""

    def create_session(
        self, name: str, *, settings: Mapping[str, Json], schema: Mapping[str, Json], actor: str
    ) -> SessionRow:
        """Make a session; an existing name is returned as it is (two processes may race)."""

    def session(self, name: str) -> SessionRow | None:
        """The session of that name."""

    def save_settings(self, session_id: int, settings: Mapping[str, Json], *, actor: str) -> None:
        """Replace the settings."""

    def schemas(self, session_id: int) -> list[SchemaVersion]:
        """All versions of the schema, oldest first."""

    def save_schema(
        self,
        session_id: int,
        schema: Mapping[str, Json],
        *,
        migration: Sequence[Mapping[str, Json]],
        actor: str,
        expected: int,
    ) -> int:
        """Write the next schema version and return its number; StoreError if the current one is not `expected`."""

    def set_archived(self, session_id: int, *, archived: bool, actor: str) -> None:
        """Put a session away, or take it up again."""

    def is_archived(self, session_id: int) -> bool:
        """Whether a session was put away; one look-up by key."""

    # -- people --
    def save_member(
        self,
        user_id: str,
        *,
        name: str | None = None,
        role: str | None = None,
        team: str | None = None,
        groups: Collection[str] | None = None,
        active: bool | None = None,
        actor: str | None = None,
    ) -> None:
        """Insert a person, or change what is given; annotators elsewhere are ids, the name stands only here.

        Somebody new is an annotator of the team "internal" whose name is the id, unless something else is given.
        With `active=False` end their sign-ins, invitations and tickets, and what they hold is given back.
        """

    def member(self, user_id: str) -> Member | None:
        """The person of that id."""

    def members(self) -> dict[str, Member]:
        """All people by id."""

    def save_membership(self, session_id: int, membership: Membership, *, actor: str) -> None:
        """Let a person or a group work on a session, or change how.

        The tasks of a condition (`where`) are looked up once and kept up to date from then on.

        Raises
        ------
        UserError
            The condition asks for what is no column of the session, or in no form that there is.
        """

    def remove_membership(self, session_id: int, subject: str, *, group: bool = False, actor: str) -> bool:
        """End a membership; returns whether there was one."""

    def memberships(self, session_id: int | None = None) -> list[tuple[int, Membership]]:
        """Number of the session and membership, of one session or of all."""

    def standing(self, session_id: int, user_id: str) -> Standing | None:
        """What somebody has to do with a session now, None when nobody knows them. Look-ups by key only."""

    # -- how people come in: digests are SHA-256 of random words, which are never stored --
    def save_secret(self, user_id: str, secret: str | None, *, actor: str) -> None:
        """Keep the hash of somebody's password (never the password), or forget it."""

    def secret(self, user_id: str) -> str | None:
        """The hash of somebody's password."""

    def save_invite(self, digest: bytes, user_id: str, *, ttl: timedelta, actor: str) -> None:
        """Let a word admit somebody once; words they were given before admit nobody any more."""

    def redeem_invite(self, digest: bytes) -> str | None:
        """Use an invitation up; returns whose it was: None when it is none, used, expired, or of somebody who left."""

    def invite_of(self, digest: bytes) -> str | None:
        """Whom an invitation would admit; it stays unused."""

    def save_sign_in(self, digest: bytes, user_id: str, *, ttl: timedelta) -> None:
        """Let a word speak for somebody for a while."""

    def signed_in(self, digest: bytes) -> str | None:
        """For whom a word speaks; None once it ended or expired, or they left."""

    def end_sign_ins(self, *, digest: bytes | None = None, user_id: str | None = None) -> int:
        """End one sign-in, or all of a person; returns how many there were."""

    def save_ticket(self, digest: bytes, user_id: str, kernel_id: str, *, ttl: timedelta) -> None:
        """Let a word tell one kernel, once, whose page it serves."""

    def redeem_ticket(self, digest: bytes, kernel_id: str) -> str | None:
        """Use a ticket up in its kernel; returns whose it was, None when it is none there."""

    # -- tasks --
    def add_tasks(
        self, session_id: int, tasks: Sequence[NewTask], *, batch: str, overlap: int, actor: str
    ) -> Added:
        """Insert what is new, update what changed, in one transaction; the same rows again change nothing.

        The n-th row of a key in one call is the n-th row of that key in the session, so duplicates stay rows of
        one task and adding them twice adds nothing.
        """

    def tasks(self, session_id: int, ids: Collection[int] | None = None) -> Iterator[Task]:
        """Tasks by id, or all in row order."""

    def task_by_key(self, session_id: int, key: str) -> Task | None:
        """The task of that key."""

    def task_keys(self, session_id: int) -> dict[int, str]:
        """Id to key of all tasks, in row order."""

    def task_versions(self, session_id: int) -> dict[int, int]:
        """Id to version of the tasks whose item has changed; all others are at version 1. Cheap at any size."""

    def rows(self, session_id: int) -> Iterator[tuple[int, int, Mapping[str, Json]]]:
        """Source rows in source order: row number, task id, the row's own columns."""

    def set_extent(self, session_id: int, task_id: int, extent: Extent) -> None:
        """Remember an item's size."""

    def set_priority(self, session_id: int, priorities: Mapping[int, float], *, actor: str) -> None:
        """Give tasks (by id) another priority; the next lease follows it."""

    def set_positions(self, session_id: int, positions: Mapping[int, float], *, actor: str) -> None:
        """Give tasks (by id) another place in the order."""

    def set_flag(self, session_id: int, task_id: int, *, flagged: bool, actor: str) -> None:
        """Ask for, or end asking for, attention to a task."""

    # -- work --
    def lease(
        self,
        session_id: int,
        annotator: str,
        n: int,
        *,
        ttl: timedelta,
        round: int = 1,
        scopes: Collection[int] | None = None,
    ) -> list[Task]:
        """Up to `n` tasks in the annotator's hands: those already there, oldest lease first, then new ones.

        Never a task with no free slot, nor one that the annotator answered or skipped in this round, nor, with
        `scopes` (see `Standing`), one outside of them: what they hold there is given back. Renews what it returns.
        """

    def renew(
        self, session_id: int, annotator: str, task_ids: Collection[int], *, ttl: timedelta
    ) -> list[int]:
        """Lengthen leases; returns the ids that are still the annotator's."""

    def release(self, session_id: int, annotator: str, task_ids: Collection[int] | None = None) -> None:
        """Give tasks back unanswered (all of the annotator's when None)."""

    def reopen(
        self, session_id: int, annotator: str, task_id: int, *, ttl: timedelta, round: int = 1
    ) -> None:
        """Lease that very task to the annotator, who worked on it before."""

    def submit(self, session_id: int, answer: NewAnnotation, *, hold: timedelta | None = None) -> Annotation:
        """Keep an answer (any status) as the next version, durable on return; the same id again returns the first.

        "submitted" and "skipped" end the lease ("skipped" frees the slot for others, never for the same person
        in this round); "withdrawn" reopens the slot and leases it to the annotator for `hold`. An answer without a
        lease is kept and marked late, one to an item that has changed since it was leased is kept at the
        version it answers, and the task is asked again.
        """

    def annotations(
        self,
        session_id: int,
        *,
        current: bool = True,
        task_id: int | None = None,
        annotator: str | None = None,
        id: str | None = None,
    ) -> Iterator[Annotation]:
        """Annotations in the order they were kept.

        `current`: per task, annotator and round the newest answer (submitted or rejected) that stands: a
        "withdrawn" version takes back all before it, a "skipped" one nothing. Where no answer stands and the
        newest version is a skip, that skip.
        """

    def annotation_columns(
        self, session_id: int, *, current: bool = True, annotator: str | None = None
    ) -> dict[str, list[Any]]:
        """What `annotations` gives, as columns of equal length: the quick way to a frame (300,000 in about 2 s).

        `id, task_id, key, annotator, round, version, status, values, confidence, shown_at, first_act_at,
        submitted_at, seconds, reason, model, schema_version, instructions_version, task_version, late,
        created_at`. Times are integers, microseconds since 1970 UTC, or None (`pandas.to_datetime(pandas.array(
        column, "Int64"), unit="us", utc=True)`); `values` are dicts.
        """

    def recent(self, session_id: int, annotator: str, n: int) -> list[Annotation]:
        """The annotator's last `n` current answers and skips, newest first."""

    def was_given(self, session_id: int, annotator: str, task_id: int) -> bool:
        """Whether the annotator ever held, answered or skipped the task; a lease that ran out counts."""

    def counts(
        self, session_id: int, annotator: str | None = None, *, scopes: Collection[int] | None = None
    ) -> Progress:
        """Counts by state, of all tasks or those of scopes, cheap at any size; what is somebody's own is always all."""

    def overview(self, annotator: str | None = None) -> list[Overview]:
        """All sessions with their counts, oldest first; a few statements, however many sessions there are."""

    def work(
        self,
        session_id: int,
        *,
        since: datetime | None = None,
        today: datetime | None = None,
        annotator: str | None = None,
        together: Callable[[str], str] | None = None,
    ) -> dict[str, Worked]:
        """What each annotator did in a session and holds now (300,000 answers in well under a second).

        Parameters
        ----------
        since : datetime, optional
            Only what was kept from then on.
        today : datetime, optional
            When the day began; by default at midnight, UTC.
        annotator : str, optional
            Only this one's.
        together : callable, optional
            Gives the name under which an annotator's work is counted, such as that of a team; by default their own.
        """

    def presence(self) -> dict[str, Presence]:
        """Who has been here, or is invited; by id."""

    # -- beside the answers --
    def add_predictions(self, session_id: int, predictions: Sequence[Prediction], *, actor: str) -> int:
        """Keep models' answers; one per task, model and version (a repeat replaces it). Returns how many were new."""

    def predictions(self, session_id: int, task_ids: Collection[int] | None = None) -> Iterator[Prediction]:
        """Models' answers in the order of tasks, newest model version first."""

    def save_draft(
        self, session_id: int, annotator: str, task_id: int, values: Mapping[str, Json] | None
    ) -> None:
        """Keep unsubmitted work, or forget it when None; a submit forgets it too."""

    def draft(self, session_id: int, annotator: str, task_id: int) -> Mapping[str, Json] | None:
        """Unsubmitted work."""

    def add_comment(self, session_id: int, comment: Comment) -> None:
        """Keep a remark (idempotent by id)."""

    def comments(self, session_id: int, task_id: int | None = None) -> list[Comment]:
        """Remarks, oldest first."""

    # -- history and care --
    def record(
        self,
        session_id: int,
        kind: str,
        payload: Mapping[str, Json],
        *,
        actor: str,
        task_id: int | None = None,
    ) -> None:
        """Write an event that is no other method's, such as an export."""

    def events(self, session_id: int | None = None, *, task_id: int | None = None) -> Iterator[Event]:
        """The history, oldest first."""

    def verify(self) -> list[Damage]:
        """Check pages, hashes and the chain of events; the first broken record comes first, sound is []."""

    def person(self, user_id: str) -> dict[str, Json]:
        """Everything that is kept about somebody, for them to have.

        `member`, `memberships`, `answers`, `comments`, `drafts`, `sign_ins`, `events`.
        """

    def erase(
        self,
        session_id: int | None,
        *,
        annotator: str | None = None,
        task_id: int | None = None,
        comment: str | None = None,
        actor: str,
    ) -> int:
        """Remove a person's name, an item or a comment (name one) for good; the chain still verifies.

        With an item go its data, answers, predictions, drafts and comments; its key stays, so that the same data
        don't bring it back. Returns how many rows were emptied.
        """

    def backup(self, path: Path) -> None:
        """Write a checked copy while people work."""
