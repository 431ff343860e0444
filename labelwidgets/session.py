"""A labeling session: source, schema, store and user in one object that widgets bind to; it needs no Jupyter."""

from __future__ import annotations

import os
import threading
import uuid
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from . import frames
from .errors import LabelError, MediaError, SchemaError, SourceError, StoreError
from .identity import User, require
from .labels import Extent
from .ledger import Ledger
from .models import predicted
from .records import (
    Added,
    Annotation,
    Comment,
    Confidence,
    Json,
    NewAnnotation,
    Task,
    Times,
)
from .sampling import Order, as_order
from .schema import Schema, difference, migrated
from .source import ROW, modality, read, to_tasks
from .store import open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import pandas as pd

    from .records import SessionRow
    from .schema import Operation
    from .source import Source
    from .store import Store

LEASE = timedelta(minutes=10)
"""How long a task stays with somebody who gives no sign of life."""


class Session(Ledger):
    """Labels for the rows of a table, kept in a store, given by one user.

    Parameters
    ----------
    store : path, URL or None
        A path (SQLite), a SQLAlchemy URL, or None (in memory, gone with the process).
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
        store: str | os.PathLike[str] | None = "labels.db",
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
        self._lock = threading.RLock()
        self._closed = False
        self._watchers: list[Callable[[], None]] = []
        self.user = User.of(user)
        if schema is None and _is_new(store):
            raise _no_schema(name, store)
        self._store: Store = open_store(store)
        try:
            row = self._store.session(name)
            stored = {} if row is None else row.settings
            item = stored.get("item", item) if "modality" not in stored else stored["item"] or ROW
            source = None if data is None else read(data, item=item, key=key or stored.get("key"))
            if row is None:
                if schema is None:
                    raise _no_schema(name, store)
                row = self._create(name, schema, order, overlap, allow_hosts)
            elif overlap not in (None, stored["overlap"]):
                raise StoreError(
                    f"Session {name!r} was made with overlap={stored['overlap']}, found overlap={overlap}: "
                    "leave it out, or make a new session under another name."
                )
            self._open(row, schema, source, order=order, media_roots=media_roots, allow_hosts=allow_hosts)
        except BaseException:
            self._store.close()
            raise

    # -- opening -------------------------------------------------------------------------------------------

    def _create(
        self,
        name: str,
        schema: Schema,
        order: Order | str | None,
        overlap: int | None,
        allow_hosts: Sequence[str],
    ) -> SessionRow:
        settings = {
            "order": as_order(order).to_json(),
            "overlap": _checked_overlap(overlap),
            "roots": [],
            "allow_hosts": list(allow_hosts),
            "instructions_version": 1,
        }
        return self._store.create_session(
            name, settings=settings, schema=schema.to_json(), actor=self.user.id
        )

    def _open(
        self,
        row: SessionRow,
        schema: Schema | None,
        source: Source | None,
        *,
        order: Order | str | None,
        media_roots: Sequence[str | os.PathLike[str]] | None,
        allow_hosts: Sequence[str],
    ) -> None:
        self.name, self._id, self._settings = row.name, row.id, dict(row.settings)
        self._source = None if source is None else []
        self._media = None
        self._read_schemas()
        if schema is not None:
            self._take_schema(schema)
        if not self._store.read_only:
            self._take_settings(order, media_roots, allow_hosts)
        if source is not None:
            self._add(source, batch=None)

    def _take_schema(self, schema: Schema) -> None:
        if schema.to_json() == self.schema.to_json():
            return
        self._save_schema(schema, difference(self.schema, schema))

    def _save_schema(self, schema: Schema, operations: Sequence[Operation]) -> None:
        told_anew = schema.instructions != self.schema.instructions
        self._store.save_schema(
            self._id,
            schema.to_json(),
            migration=[operation.to_json() for operation in operations],
            actor=self.user.id,
            expected=self.schema_version,
        )
        if told_anew:
            self._save_settings(instructions_version=self._settings["instructions_version"] + 1)
        self._read_schemas()

    def _take_settings(
        self,
        order: Order | str | None,
        media_roots: Sequence[str | os.PathLike[str]] | None,
        allow_hosts: Sequence[str],
    ) -> None:
        from .media import moved

        changes: dict[str, Json] = {}
        if media_roots is not None:
            changes |= {"roots": list(moved(self._settings["roots"], media_roots)), "roots_given": True}
        if allow_hosts:
            changes["allow_hosts"] = list(allow_hosts)
        if order is not None and as_order(order).to_json() != self._settings["order"]:
            changes["order"] = as_order(order).to_json()
        self._save_settings(**changes)
        if "order" in changes:
            self._reorder()

    def _save_settings(self, **changes: Json) -> None:
        if any(self._settings.get(name) != value for name, value in changes.items()):
            self._settings.update(changes)
            self._store.save_settings(self._id, self._settings, actor=self.user.id)

    # -- people's work -------------------------------------------------------------------------------------

    def next(self, n: int = 1) -> list[Task]:
        """Take up to `n` tasks into the user's hands.

        Tasks that the user holds already come first, so asking twice gives the same ones. A task is held for
        10 minutes; `submit`, `skip` and `release` let go of it.

        Returns
        -------
        list of Task
            Empty when nothing is left for this user.
        """
        with self._acting("label"):
            held = self._store.lease(self._id, self.user.id, n, ttl=LEASE)
            return [self._measured(task) for task in held]

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
            checked = self.schema.check(values, task.extent)
            answer = self._answer(task, "submitted", id=id, times=times, seconds=seconds, round=round)
            answer = replace(answer, values=self.schema.encode(checked), confidence=confidence, model=model)
            return self._store.submit(self._id, answer)

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
            return self._store.submit(self._id, replace(answer, reason=reason or None))

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
            return replace(task, round=last.round)

    def release(self, *tasks: Task | int) -> None:
        """Give tasks back unanswered; all that the user holds when none is named."""
        with self._lock:
            ids = [task.id if isinstance(task, Task) else task for task in tasks]
            self._store.release(self._id, self.user.id, ids or None)

    def renew(self, tasks: Iterable[int]) -> list[int]:
        """Hold tasks (by id) for another 10 minutes; returns those that are still the user's."""
        with self._acting("label"):
            return self._store.renew(self._id, self.user.id, list(tasks), ttl=LEASE)

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
        if self.modality == "text":
            return Extent(length=len(str(value)))
        if self.modality == "image":
            return self.media.extent(value)
        return Extent()

    def _refuse_broken(self, task: Task) -> None:
        if self.modality == "image" and task.extent == Extent():
            reason = self.media.complaint(self.item_value(task))
            raise LabelError(f"Task {task.id} can't be read and so can't be answered, only skipped: {reason}")

    def add(self, data: Any, *, batch: str | None = None) -> Added:
        """Add items; the same ones again change nothing.

        Parameters
        ----------
        data : DataFrame, path, glob, URL or iterable of dict
            As for `Session`.
        batch : str, optional
            Name under which history knows this addition; the time when left out.

        Returns
        -------
        Added
            How many rows were added, known, changed; and the rejected ones with row and reason.
        """
        with self._acting("add"):
            added = self._add(read(data, item=self._named_item(), key=self._settings.get("key")), batch=batch)
        self._tell()
        return added

    def _add(self, source: Source, batch: str | None) -> Added:
        self._take_source(source)
        tasks, rejected, keys = to_tasks(
            source,
            modality=self.modality,
            order=Order.from_json(self._settings["order"]),
            media=self.media if self.modality == "image" else None,
            start=self.progress.total,
        )
        added = self._store.add_tasks(
            self._id,
            tasks,
            batch=batch or datetime.now(UTC).isoformat(timespec="seconds"),
            overlap=self._settings["overlap"],
            actor=self.user.id,
        )
        if self._source is not None:
            seen = [key for _, known in self._source for key in known]
            self._source.append(frames.unseen(source.frame, keys, seen))
        return replace(added, rejected=tuple(rejected))

    def _named_item(self) -> str | None:
        """The column that is labeled, as `read` wants it; None before there were items."""
        return ROW if self.item is None and "modality" in self._settings else self.item

    def _take_source(self, source: Source) -> None:
        """Remember, from the first source, what the items are; later ones must fit."""
        if "modality" not in self._settings:
            kind = modality(source, self.schema)
            self._save_settings(item=source.item, key=source.key, modality=kind, index=source.index)
        elif self.item is not None and self.item not in source.columns:
            raise SourceError(
                f"The items of session {self.name!r} stand in column {self.item!r}; found the columns "
                f"{', '.join(map(repr, source.columns))}. Rename one, or make another session."
            )
        roots, own = self._settings["roots"], self._settings.get("roots_given")
        found = [] if own else [root for root in source.roots if root not in roots]
        columns = source.columns | self._settings.get("columns", {})
        self._save_settings(roots=[*roots, *found], columns=columns)
        self._media = None

    def prioritize(self, priorities: Mapping[int | str, float]) -> None:
        """Give tasks (by id or key) another priority; larger comes first, at the next `next`."""
        with self._acting("manage"):
            ids = {
                task if isinstance(task, int) else self.task(task).id: float(p)
                for task, p in priorities.items()
            }
            self._store.set_priority(self._id, ids, actor=self.user.id)

    def _reorder(self) -> None:
        tasks = list(self._store.tasks(self._id))
        order = Order.from_json(self._settings["order"])
        moved = {task.id: order.position(task.number, task.key, task.data) for task in tasks}
        self._store.set_positions(self._id, moved, actor=self.user.id)

    # -- beside the answers --------------------------------------------------------------------------------

    def add_predictions(
        self,
        predictions: pd.DataFrame | Callable[[Task], Mapping[str, Any] | None],
        *,
        model: str,
        version: str = "1",
    ) -> int:
        """Add a model's answers, to be shown as suggestions.

        Parameters
        ----------
        predictions : DataFrame or callable
            A frame with `key` or `task_id` (or the item's own column), a column per predicted field and
            optionally `score` in 0..1; or a function that takes a Task and returns values (and "score"), or None.
        model, version : str
            Name and version; the same version again replaces what it said before.

        Returns
        -------
        int
            How many are new.

        Raises
        ------
        LabelError
            A value is not allowed, or a row belongs to no task; nothing is added.
        """
        with self._acting("add"):
            tasks = self._store.tasks(self._id)
            made = predicted(predictions, tasks, self.schema, item=self.item, model=model, version=version)
            return self._store.add_predictions(self._id, made, actor=self.user.id)

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

    def migrate(self, *operations: Operation, instructions: Any = None) -> Schema:
        """Change the schema: rename, merge, remove or add labels and fields; history keeps what was said.

        Answers are not rewritten but read through the change from now on, so that renaming a label of a
        million answers takes no longer than of one. Open widgets take the new schema over.

        Parameters
        ----------
        *operations : Operation
            `RenameLabel("objects", "car", "vehicle")`, `MergeLabels`, `RemoveLabel`, `AddField`, ...
        instructions : str or Instructions, optional
            New instructions; answers are stamped with their version.
        """
        with self._acting("migrate"):
            schema = migrated(self.schema, operations)
            if instructions is not None:
                schema = schema.with_instructions(instructions)
            self._save_schema(schema, operations)
        self._tell()
        return self.schema

    def watch(self, changed: Callable[[], None]) -> None:
        """Call a function after this session's schema changed or items were added; never while the session is held."""
        self._watchers.append(changed)

    def _tell(self) -> None:
        for changed in self._watchers:
            changed()

    def close(self) -> None:
        """Give held tasks back and let go of the store."""
        with self._lock:
            if not self._closed:
                if not self._store.read_only:
                    self._store.release(self._id, self.user.id)
                self._closed = True
                self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def __repr__(self) -> str:
        counts = self.progress
        return f"<Session {self.name!r} of {self.user.id} in {self._store.url}: {counts.done} of {counts.total} done>"

    @contextmanager
    def _acting(self, capability: str) -> Iterator[None]:
        """Hold the session for one act of its user, who must be allowed it."""
        with self._lock:
            if self._closed:
                raise StoreError("This session is closed; open it again with Session(...).")
            require(self.user, capability)
            yield


def _withdrawal(annotation: str) -> str:
    """Id of the withdrawal of an annotation: taking the same one back twice is one act."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"withdrawn:{annotation}"))


def _is_new(store: object) -> bool:
    """Whether opening would make the store: asked before a mistyped path becomes a file."""
    if store is None:
        return True
    text = os.fspath(store) if isinstance(store, os.PathLike) else str(store)
    return "://" not in text and not Path(text).exists()


def _no_schema(name: str, store: object) -> SchemaError:
    return SchemaError(
        f"There is no session {name!r} in {store or 'memory'} yet, and a new one needs a schema: "
        'pass schema=lw.Schema(lw.Choice("kind", ["a", "b"])), or check the path and the name.'
    )


def _checked_overlap(overlap: int | None) -> int:
    if overlap is None:
        return 1
    if isinstance(overlap, bool) or not isinstance(overlap, int) or overlap < 1:
        raise StoreError(
            f"overlap is how many people answer each task: expected 1 or more, found {overlap!r}."
        )
    return overlap
