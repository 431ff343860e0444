"""A store in SQL, as far as all engines are alike; an engine adds how to connect, to exclude writers and to check."""
# ruff: noqa: D102 - the methods are documented by the protocol

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from ..errors import StoreError
from . import (
    adding,
    admission,
    answers,
    beside,
    changes,
    erasure,
    lease,
    people,
    reading,
    sessions,
    shares,
    work,
)
from .clock import to_micros
from .writing import statement

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime, timedelta
    from pathlib import Path

    from sqlalchemy import Connection, Row

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
    from .clock import Clock
    from .writing import Write

OWN_KINDS = frozenset(
    {"session", "settings", "schema", "archive", "member", "membership", "secret", "invite", "accept", "sign_in",
     "sign_out", "ticket", "enter", "add", "change", "priority", "position", "flag", "lease", "expire", "release",
     "reopen", "predict", "comment", "erase", *answers.EVENT_KINDS.values()}
)  # fmt: skip
"""Kinds of events that methods of the store leave."""


class SqlStore(ABC):
    """A `Store` whose tables are those of `tables`.

    Another engine is one more file: a subclass with the methods below, whose transactions (`Write`) say how rows
    are locked (`take`, `lock`), what time it is for leases (`tick`), and how events are chained (`journal`); a line
    in `ENGINES`; and a test file that inherits the contract and the state machine.
    """

    uuid: str
    url: str
    read_only: str
    clock: Clock

    # -- what an engine gives --

    @abstractmethod
    def _read(self) -> AbstractContextManager[Connection]:
        """Give a connection that sees the store as it is now, and changes nothing."""

    @abstractmethod
    def _write(self) -> AbstractContextManager[Write]:
        """Give a transaction; it is durable when the block ends, and gone when it raises."""

    @abstractmethod
    def _stream(self, sql: str, values: Mapping[str, Any]) -> Iterator[Row[Any]]:
        """Give rows one by one, all as of the first."""

    def _now(self, connection: Connection) -> int:  # noqa: ARG002 - as `_tick`
        """Time for records, microseconds since 1970 UTC."""
        return self.clock.now()

    def _tick(self, connection: Connection) -> int:  # noqa: ARG002 - for engines whose server has the clock
        """Time for leases, as `Write.tick`."""
        return self.clock.tick()

    @abstractmethod
    def close(self) -> None: ...

    @abstractmethod
    def verify(self) -> list[Damage]: ...

    @abstractmethod
    def backup(self, path: Path) -> None: ...

    # -- sessions, schemas --

    def revision(self, session_id: int) -> int:
        with self._read() as c:
            sql = "SELECT COALESCE(MAX(number), 0) FROM event WHERE session_id = :session"
            return int(c.execute(statement(sql), {"session": session_id}).scalar_one())

    def sessions(self) -> list[SessionRow]:
        with self._read() as c:
            return sessions.listed(c)

    def create_session(
        self, name: str, *, settings: Mapping[str, Json], schema: Mapping[str, Json], actor: str
    ) -> SessionRow:
        with self._write() as write:
            return sessions.create(write, name, settings, schema, actor)

    def session(self, name: str) -> SessionRow | None:
        with self._read() as c:
            return sessions.named(c, name)

    def save_settings(self, session_id: int, settings: Mapping[str, Json], *, actor: str) -> None:
        with self._write() as write:
            sessions.save_settings(write, session_id, settings, actor)

    def schemas(self, session_id: int) -> list[SchemaVersion]:
        with self._read() as c:
            return sessions.schemas(c, session_id)

    def save_schema(
        self,
        session_id: int,
        schema: Mapping[str, Json],
        *,
        migration: Sequence[Mapping[str, Json]],
        actor: str,
        expected: int,
    ) -> int:
        with self._write() as write:
            return sessions.save_schema(
                write, session_id, schema, migration=migration, actor=actor, expected=expected
            )

    def set_archived(self, session_id: int, *, archived: bool, actor: str) -> None:
        with self._write() as write:
            sessions.set_archived(write, session_id, archived=archived, actor=actor)

    def is_archived(self, session_id: int) -> bool:
        with self._read() as c:
            return sessions.is_archived(c, session_id)

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
        given = {"name": name, "role": role, "team": team, "groups": groups, "active": active}
        with self._write() as write:
            people.save_member(write, user_id, given, actor)

    def member(self, user_id: str) -> Member | None:
        with self._read() as c:
            return people.member(c, user_id)

    def members(self) -> dict[str, Member]:
        with self._read() as c:
            return people.members(c)

    def save_membership(self, session_id: int, membership: Membership, *, actor: str) -> None:
        where, looked = membership.where, None
        if where is not None:
            with self._write() as write:
                looked = shares.begin(write, session_id, where)
            if looked is not None:
                looked = shares.look_through(self._stream, session_id, where, looked)
        with self._write() as write:
            people.save_membership(write, session_id, membership, actor, looked)

    def remove_membership(self, session_id: int, subject: str, *, group: bool = False, actor: str) -> bool:
        with self._write() as write:
            return people.remove_membership(write, session_id, subject, group=group, actor=actor)

    def memberships(self, session_id: int | None = None) -> list[tuple[int, Membership]]:
        with self._read() as c:
            return people.memberships(c, session_id)

    def standing(self, session_id: int, user_id: str) -> Standing | None:
        with self._read() as c:
            return people.standing(c, session_id, user_id)

    def save_secret(self, user_id: str, secret: str | None, *, actor: str) -> None:
        with self._write() as write:
            admission.save_secret(write, user_id, secret, actor)

    def secret(self, user_id: str) -> str | None:
        with self._read() as c:
            return admission.secret(c, user_id)

    def save_invite(self, digest: bytes, user_id: str, *, ttl: timedelta, actor: str) -> None:
        with self._write() as write:
            admission.save_invite(write, digest, user_id, ttl, actor)

    def redeem_invite(self, digest: bytes) -> str | None:
        with self._write() as write:
            return admission.redeem_invite(write, digest)

    def invite_of(self, digest: bytes) -> str | None:
        with self._read() as c:
            return admission.invite_of(c, digest, self._now(c))

    def save_sign_in(self, digest: bytes, user_id: str, *, ttl: timedelta) -> None:
        with self._write() as write:
            admission.save_sign_in(write, digest, user_id, ttl)

    def signed_in(self, digest: bytes) -> str | None:
        with self._read() as c:
            return admission.signed_in(c, digest, self._now(c))

    def end_sign_ins(self, *, digest: bytes | None = None, user_id: str | None = None) -> int:
        with self._write() as write:
            return admission.end_sign_ins(write, digest, user_id)

    def save_ticket(self, digest: bytes, user_id: str, kernel_id: str, *, ttl: timedelta) -> None:
        with self._write() as write:
            admission.save_ticket(write, digest, user_id, kernel_id, ttl)

    def redeem_ticket(self, digest: bytes, kernel_id: str) -> str | None:
        with self._write() as write:
            return admission.redeem_ticket(write, digest, kernel_id)

    # -- tasks --

    def add_tasks(
        self, session_id: int, tasks: Sequence[NewTask], *, batch: str, overlap: int, actor: str
    ) -> Added:
        with self._write() as write:
            return adding.add_tasks(write, session_id, tasks, batch=batch, overlap=overlap, actor=actor)

    def tasks(self, session_id: int, ids: Collection[int] | None = None) -> Iterator[Task]:
        if ids is None:
            return reading.all_tasks(self._stream, session_id)
        with self._read() as c:
            return iter(reading.tasks_in_order(c, session_id, ids))

    def task_by_key(self, session_id: int, key: str) -> Task | None:
        with self._read() as c:
            return reading.task_by_key(c, session_id, key)

    def task_keys(self, session_id: int) -> dict[int, str]:
        sql = "SELECT id, key FROM task WHERE session_id = :session ORDER BY number"
        return {row.id: row.key for row in self._stream(sql, {"session": session_id})}

    def task_versions(self, session_id: int) -> dict[int, int]:
        sql = "SELECT id, version FROM task WHERE session_id = :session AND version > 1"
        return {row.id: row.version for row in self._stream(sql, {"session": session_id})}

    def rows(self, session_id: int) -> Iterator[tuple[int, int, Mapping[str, Json]]]:
        return reading.rows(self._stream, session_id)

    def set_extent(self, session_id: int, task_id: int, extent: Extent) -> None:
        with self._write() as write:
            changes.set_extent(write, session_id, task_id, extent)

    def set_priority(self, session_id: int, priorities: Mapping[int, float], *, actor: str) -> None:
        with self._write() as write:
            changes.set_priority(write, session_id, priorities, actor)

    def set_positions(self, session_id: int, positions: Mapping[int, float], *, actor: str) -> None:
        with self._write() as write:
            changes.set_positions(write, session_id, positions, actor)

    def set_flag(self, session_id: int, task_id: int, *, flagged: bool, actor: str) -> None:
        with self._write() as write:
            changes.set_flag(write, session_id, task_id, flagged=flagged, actor=actor)

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
        with self._write() as write:
            return lease.lease(
                write, self.clock, session_id, annotator, n, ttl=ttl, round=round, scopes=scopes
            )

    def renew(
        self, session_id: int, annotator: str, task_ids: Collection[int], *, ttl: timedelta
    ) -> list[int]:
        with self._write() as write:
            return lease.renew(write, session_id, annotator, task_ids, ttl)

    def release(self, session_id: int, annotator: str, task_ids: Collection[int] | None = None) -> None:
        with self._write() as write:
            lease.release(write, session_id, annotator, task_ids)

    def reopen(
        self, session_id: int, annotator: str, task_id: int, *, ttl: timedelta, round: int = 1
    ) -> None:
        with self._write() as write:
            lease.reopen(write, session_id, annotator, task_id, ttl=ttl, round=round)

    def submit(self, session_id: int, answer: NewAnnotation, *, hold: timedelta | None = None) -> Annotation:
        with self._write() as write:
            return answers.submit(write, session_id, answer, hold)

    def annotations(
        self,
        session_id: int,
        *,
        current: bool = True,
        task_id: int | None = None,
        annotator: str | None = None,
        id: str | None = None,
    ) -> Iterator[Annotation]:
        return answers.given(
            self._stream, session_id, current=current, task_id=task_id, annotator=annotator, id=id
        )

    def annotation_columns(
        self, session_id: int, *, current: bool = True, annotator: str | None = None
    ) -> dict[str, list[Any]]:
        return answers.columns(self._stream, session_id, current=current, annotator=annotator)

    def recent(self, session_id: int, annotator: str, n: int) -> list[Annotation]:
        with self._read() as c:
            return answers.recent(c, session_id, annotator, n)

    def was_given(self, session_id: int, annotator: str, task_id: int) -> bool:
        with self._read() as c:
            return reading.was_given(c, session_id, annotator, task_id)

    def counts(
        self, session_id: int, annotator: str | None = None, *, scopes: Collection[int] | None = None
    ) -> Progress:
        with self._read() as c:
            return reading.counts(c, session_id, annotator, self._tick(c), scopes)

    def overview(self, annotator: str | None = None) -> list[Overview]:
        with self._read() as c:
            return work.overview(c, annotator, self.clock.tick())

    def work(
        self,
        session_id: int,
        *,
        since: datetime | None = None,
        today: datetime | None = None,
        annotator: str | None = None,
        together: Callable[[str], str] | None = None,
    ) -> dict[str, Worked]:
        with self._read() as c:
            return work.done(
                c,
                session_id,
                self.clock,
                since=to_micros(since),
                today=to_micros(today),
                annotator=annotator,
                together=together,
            )

    def presence(self) -> dict[str, Presence]:
        with self._read() as c:
            return work.presence(c, self.clock.now())

    # -- beside the answers --

    def add_predictions(self, session_id: int, predictions: Sequence[Prediction], *, actor: str) -> int:
        with self._write() as write:
            return beside.add_predictions(write, session_id, predictions, actor)

    def predictions(self, session_id: int, task_ids: Collection[int] | None = None) -> Iterator[Prediction]:
        if task_ids is None:
            return beside.all_predictions(self._stream, session_id)
        with self._read() as c:
            return iter(beside.predictions(c, session_id, task_ids))

    def save_draft(
        self, session_id: int, annotator: str, task_id: int, values: Mapping[str, Json] | None
    ) -> None:
        with self._write() as write:
            beside.save_draft(write, session_id, annotator, task_id, values)

    def draft(self, session_id: int, annotator: str, task_id: int) -> Mapping[str, Json] | None:
        with self._read() as c:
            return beside.draft(c, session_id, annotator, task_id)

    def add_comment(self, session_id: int, comment: Comment) -> None:
        with self._write() as write:
            beside.add_comment(write, session_id, comment)

    def comments(self, session_id: int, task_id: int | None = None) -> list[Comment]:
        with self._read() as c:
            return beside.comments(c, session_id, task_id)

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
        if kind in OWN_KINDS:
            raise StoreError(
                f"Events of kind {kind!r} are left by the store itself; choose another name for this one."
            )
        with self._write() as write:
            write.log(kind, actor, session_id, task_id=task_id, payload=payload)

    def events(self, session_id: int | None = None, *, task_id: int | None = None) -> Iterator[Event]:
        return reading.events(self._stream, session_id, task_id)

    def person(self, user_id: str) -> dict[str, Json]:
        with self._read() as c:
            return erasure.person(c, user_id)

    def erase(
        self,
        session_id: int | None,
        *,
        annotator: str | None = None,
        task_id: int | None = None,
        comment: str | None = None,
        actor: str,
    ) -> int:
        with self._write() as write:
            return erasure.erase(
                write, session_id, annotator=annotator, task_id=task_id, comment=comment, actor=actor
            )
