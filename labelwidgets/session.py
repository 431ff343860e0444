"""A labeling session: source, schema, store and user in one object that widgets bind to; it needs no Jupyter."""

from __future__ import annotations

import os
import threading
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from .errors import LabelError, MediaError, RightsError, StoreError
from .identity import Role, User
from .labels import Extent
from .ledger import TEXTS
from .passages import text_of
from .places import named
from .records import (
    Annotation,
    Comment,
    Confidence,
    Json,
    NewAnnotation,
    Task,
    Times,
)
from .store import open_store
from .upkeep import Upkeep, as_source, is_new, no_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from .sampling import Order
    from .schema import Schema
    from .store import Store

LEASE = timedelta(minutes=10)
"""How long a task stays with somebody who gives no sign of life."""

GRACE = timedelta(minutes=1)
"""How long a task stays with somebody who closed a page of it: their other pages, which beat every 20 s, keep it."""


class Session(Upkeep):
    """Labels for the rows of a table, kept in a store, given by one user.

    Parameters
    ----------
    store : path, URL, Store or None
        A path (SQLite), a SQLAlchemy URL, or None (in memory, gone with the process). An open `Store` stays open when
        the session is closed.
    data : DataFrame, path, glob, URL or iterable of dict, optional
        The items. Needed once; a store that holds them is opened without.
    item : str, optional
        The column that is labeled; may be left out when only one column can be meant.
    key : str, optional
        Column with a unique id per item. Without it an item is known by the SHA-256 of its value.
    schema : Schema, optional
        What is to be said of each item. On reopening, added fields and labels are taken over; anything else
        needs `migrate`.
    user : str or User, optional
        Who labels; without it the user of the notebook server or the machine.
    order : Order or str, optional
        In which order tasks come: "given" (default), "random", or an order of `labelwidgets.sampling`.
    overlap : int, optional
        How many people are asked for each task, 1 when left out. Fixed when the session is made.
    media_roots : sequence of path or URL, optional
        Folders that files may be read from; default the folder given, or the parents of local paths in `data`.
    allow_hosts : sequence of str
        Hosts that a browser may load items from by http(s).
    name : str
        Name of the session in its store.

    Raises
    ------
    SchemaError
        There is no schema yet, or it differs from the stored one in more than additions.
    SourceError
        The data can't be read, or no column can be meant.
    StoreError
        The store can't be opened.

    Examples
    --------
    >>> import pandas as pd
    >>> import labelwidgets as lw
    >>> session = lw.Session(
    ...     None,
    ...     data=pd.DataFrame({"text": ["good", "bad"]}),
    ...     schema=lw.Schema(lw.Choice("mood", ["glad", "sad"])),
    ...     user="ann",
    ... )
    >>> (task,) = session.next()
    >>> session.submit(task, {"mood": "glad"}).status
    'submitted'
    >>> session.frame()["mood"].tolist()[0]
    'glad'
    """

    def __init__(
        self,
        store: str | os.PathLike[str] | Store | None = "labels.db",
        *,
        data: Any = None,
        item: str | None = None,
        key: str | None = None,
        schema: Schema | None = None,
        user: str | User | None = None,
        order: Order | str | None = None,
        overlap: int | None = None,
        media_roots: Sequence[str | os.PathLike[str]] | None = None,
        allow_hosts: Sequence[str] = (),
        name: str = "default",
    ) -> None:
        self._prepare(User.of(user))
        if schema is None and is_new(store):
            raise no_schema(name, store)
        self._take_store(store)
        try:
            row = self._store.session(name)
            stored = {} if row is None else row.settings
            source = None if data is None else as_source(data, item, key, stored)
            if row is None:
                if schema is None:
                    raise no_schema(name, store)
                row = self._create(name, schema, order, overlap, allow_hosts)
            elif overlap not in (None, stored["overlap"]):
                raise StoreError(
                    f"Session {name!r} was made with overlap={stored['overlap']}, found overlap={overlap}: "
                    "leave it out, or make a new session under another name."
                )
            self._open(row, schema, source, order=order, media_roots=media_roots, allow_hosts=allow_hosts)
            self._introduce(told=isinstance(user, User))
        except BaseException:
            self._let_go()
            raise

    @classmethod
    def of_member(
        cls, store: str | os.PathLike[str] | Store | None, user_id: str, *, name: str = "default"
    ) -> Self:
        """Open a session for somebody whom the store knows, with the rights that it gives them.

        What they may do is asked of the store at each act, so that whoever leaves, or is given another role or
        other tasks, finds it at the next one. See `identity.role_in` for what counts.

        Parameters
        ----------
        store : path, URL or Store
            An open `Store` stays open when the session is closed.
        user_id : str
            Who.
        name : str
            Name of the session in its store.

        Raises
        ------
        RightsError
            The store does not know them, they left, or they have no part in the session.
        StoreError
            The store can't be opened.
        """
        if (store is None or isinstance(store, (str, os.PathLike))) and is_new(store):
            raise StoreError(f"There is no store at {named(store or 'memory')}. Check the path.")
        session = cls.__new__(cls)
        session._open_bound(store, user_id, name)  # noqa: SLF001 - what __init__ is for other sessions
        return session

    def _open_bound(self, store: str | os.PathLike[str] | Store | None, user_id: str, name: str) -> None:
        self._prepare(User(user_id, role=Role("nobody", frozenset())), bound=True)
        self._take_store(store)
        try:
            row = self._store.session(name)
            if row is None:
                raise RightsError(
                    f"There is no session {name!r} that {user_id} may open. Ask whoever manages the store.",
                    user=user_id,
                    ended=True,
                )
            self.name, self._id = row.name, row.id
            self.check_access()
            self._open(row, None, None, order=None, media_roots=None, allow_hosts=())
        except BaseException:
            self._let_go()
            raise

    def _prepare(self, user: User, *, bound: bool = False) -> None:
        self._lock = threading.RLock()
        self._closed = False
        self._shares_store = False  # with whoever opened it
        self._held: set[int] = set()  # what this session took, not what its user holds elsewhere
        self._watchers: dict[object, Callable[[], None]] = {}
        self._begin(user, bound=bound)

    def _take_store(self, store: str | os.PathLike[str] | Store | None) -> None:
        if store is None or isinstance(store, (str, os.PathLike)):
            self._store = open_store(store)
        else:
            self._store, self._shares_store = store, True

    def _give_back(self, tasks: set[int]) -> None:
        if self._bound:
            self._store.renew(self._id, self.user.id, tasks, ttl=GRACE)
        else:
            self._store.release(self._id, self.user.id, tasks)

    def _let_go(self) -> None:
        if not self._shares_store:
            self._store.close()

    # -- people's work -------------------------------------------------------------------------------------

    def next(self, n: int = 1) -> list[Task]:
        """Take up to `n` tasks into the user's hands.

        Tasks that the user holds already come first, so asking twice gives the same ones. A task is held for
        10 minutes; `submit`, `skip` and `release` let go of it. A member who works on some tasks only is given
        no others.

        Returns
        -------
        list of Task
            Empty when nothing is left for this user.
        """
        with self._acting("label"):
            held = self._store.lease(self._id, self.user.id, n, ttl=LEASE, scopes=self._scopes)
            self._held |= {task.id for task in held}
            return [self._measured(self._placed(task)) for task in held]

    def submit(
        self,
        task: Task | int,
        values: Mapping[str, Any],
        *,
        seconds: float | None = None,
        id: str | None = None,
        confidence: Confidence | None = None,
        times: Times | None = None,
        round: int | None = None,
        model: str | None = None,
    ) -> Annotation:
        """Keep an answer; it is durable when this returns.

        Parameters
        ----------
        task : Task or int
            The task, or its id.
        values : mapping
            A value for each field, as Python objects (`Box`, str, ...) or in JSON form.
        seconds : float, optional
            Time spent.
        id : str, optional
            Makes the call idempotent: the same id again returns the first answer and changes nothing.
        confidence : {"sure", "unsure"}, optional
            How sure the annotator is.
        times : Times, optional
            When it was worked on, from the page; `seconds` is part of it.
        round : int, optional
            The round it answers, 1 when the task is given by id.
        model : str, optional
            "name:version" of the prediction it started from.

        Raises
        ------
        LabelError
            A value is not allowed: the message names field, value and allowed range. The store is unchanged.
        """
        with self._acting("label"):
            task = self._resolved(task)
            self._refuse_broken(task)
            checked = self.schema.check(values, self.sight(task))
            answer = self._answer(task, "submitted", id=id, times=times, seconds=seconds, round=round)
            answer = replace(answer, values=self.schema.encode(checked), confidence=confidence, model=model)
            return self._keep(answer)

    def skip(
        self,
        task: Task | int,
        reason: str = "",
        *,
        id: str | None = None,
        times: Times | None = None,
        round: int | None = None,
    ) -> Annotation:
        """Let a task go with a reason; it stays open for others and is not offered to this user again."""
        with self._acting("label"):
            task = self._resolved(task)
            answer = self._answer(task, "skipped", id=id, times=times, round=round)
            return self._keep(replace(answer, reason=reason or None))

    def undo(self, annotation: str | None = None) -> Task | None:
        """Take back an answer or skip of this user, the last one unless an id is given.

        A `withdrawn` version is written, nothing is deleted; the task is open again and in the user's hands.

        Returns
        -------
        Task or None
            The task that is open again; None when there was nothing to take back.
        """
        with self._acting("label"):
            last = self._own(annotation)
            if last is None:
                return None
            task = self._resolved(last.task_id)
            answer = self._answer(task, "withdrawn", round=last.round)
            answer = replace(
                answer, id=_withdrawal(last.id), values=dict(last.values), schema_version=last.schema_version
            )
            self._store.submit(self._id, answer, hold=LEASE)
            self._held.add(task.id)
            return replace(task, round=last.round)

    def release(self, *tasks: Task | int) -> None:
        """Give tasks back unanswered; all that the user holds when none is named."""
        with self._lock:
            ids = [task.id if isinstance(task, Task) else task for task in tasks]
            self._store.release(self._id, self.user.id, ids or None)

    def leave(self, *tasks: Task | int) -> None:
        """Say that a page with these tasks was closed: they are free after a minute, unless another page renews them."""
        with self._acting("label"):
            ids = [task.id if isinstance(task, Task) else task for task in tasks]
            self._store.renew(self._id, self.user.id, ids, ttl=GRACE)

    def renew(self, tasks: Iterable[int]) -> list[int]:
        """Hold tasks (by id) for another 10 minutes; returns those that are still the user's."""
        with self._acting("label"):
            return self._store.renew(self._id, self.user.id, list(tasks), ttl=LEASE)

    def _keep(self, answer: NewAnnotation) -> Annotation:
        kept = self._store.submit(self._id, answer)
        self._held.discard(answer.task_id)
        return kept

    def _answer(
        self,
        task: Task,
        status: Any,
        *,
        id: str | None = None,
        times: Times | None = None,
        seconds: float | None = None,
        round: int | None = None,
    ) -> NewAnnotation:
        now = datetime.now(UTC)
        times = times or Times(submitted_at=now, seconds=seconds)
        return NewAnnotation(
            id=id or str(uuid.uuid4()),
            task_id=task.id,
            annotator=self.user.id,
            status=status,
            values={},
            round=round or task.round,
            times=times,
            schema_version=self.schema_version,
            instructions_version=self._settings["instructions_version"],
            task_version=task.version,
        )

    def _own(self, annotation: str | None) -> Annotation | None:
        if annotation is None:
            return next(iter(self._store.recent(self._id, self.user.id, 1)), None)
        found = next(iter(self._store.annotations(self._id, current=False, id=annotation)), None)
        if found is None or found.annotator != self.user.id:
            raise LabelError(
                f"There is no answer {annotation!r} of {self.user.id!r} to take back.", found=annotation
            )
        return found

    def _resolved(self, task: Task | int) -> Task:
        if isinstance(task, Task):
            return task if task.extent != Extent() else self._measured(task)
        return self._measured(self.task(task))

    def _measured(self, task: Task) -> Task:
        """Give a task its extent, measured once and then remembered by the store."""
        if task.extent != Extent():
            return task
        try:
            extent = self._extent(task)
        except MediaError:
            return task  # broken: shown as such, and it can only be skipped
        if not self._store.read_only:
            self._store.set_extent(self._id, task.id, extent)
        return replace(task, extent=extent)

    def _extent(self, task: Task) -> Extent:
        value = self.item_value(task)
        if self.modality in TEXTS:
            return Extent(length=len(text_of(value) or ""))
        if self.modality == "image":
            return self.media.extent(value)
        return Extent()

    def _refuse_broken(self, task: Task) -> None:
        if self.modality == "image" and task.extent == Extent():
            reason = self.media.complaint(self.item_value(task))
            raise LabelError(f"Task {task.id} can't be read and so can't be answered, only skipped: {reason}")

    # -- beside the answers --------------------------------------------------------------------------------

    def comment(
        self, task: Task | int, text: str, *, region: str | None = None, id: str | None = None
    ) -> Comment:
        """Leave a remark on a task, or on one region of it."""
        with self._acting("comment"):
            task_id = task.id if isinstance(task, Task) else task
            said = Comment(id or str(uuid.uuid4()), task_id, self.user.id, text, region, datetime.now(UTC))
            self._store.add_comment(self._id, said)
            return said

    def flag(self, task: Task | int, *, flagged: bool = True) -> None:
        """Ask for attention to a task, or end asking."""
        with self._acting("comment"):
            task_id = task.id if isinstance(task, Task) else task
            self._store.set_flag(self._id, task_id, flagged=flagged, actor=self.user.id)

    def save_draft(self, task: Task | int, values: Mapping[str, Json] | None) -> None:
        """Keep unsubmitted work (JSON form, unchecked), or forget it when None."""
        with self._acting("label"):
            task_id = task.id if isinstance(task, Task) else task
            self._store.save_draft(self._id, self.user.id, task_id, values)

    # -- care ----------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Give held tasks back and let go of the store.

        A stored member's tasks are free after a minute only, since another page of theirs may show them.
        """
        with self._lock:
            if not self._closed:
                if self._held and not self._store.read_only:
                    self._give_back(self._held)
                self._closed = True
                self._let_go()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def __repr__(self) -> str:
        counts = self.progress
        return f"<Session {self.name!r} of {self.user.id} in {self._store.url}: {counts.done} of {counts.total} done>"


def _withdrawal(annotation: str) -> str:
    """Id of the withdrawal of an annotation: taking the same one back twice is one act."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"withdrawn:{annotation}"))
