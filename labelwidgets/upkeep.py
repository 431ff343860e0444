"""The owner's half of a session: its items, their order, its schema, models' predictions."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import LabelError, SchemaError, SourceError, StoreError
from .labels import Extent
from .ledger import Ledger
from .places import named
from .records import Predicted
from .sampling import Order, as_order
from .schema import difference, migrated

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

    from .records import Added, Json, SessionRow, Task
    from .schema import Operation, Schema
    from .source import Source


class Upkeep(Ledger):
    """What the owner of a `Session` does to it; annotators may not."""

    added: Added | None = None
    """What came of the data that the session was opened with: counts, and the rejected rows with their reasons."""

    _watchers: dict[object, Callable[[], None]]

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
            self.added = self._add(source, batch=None)

    def _introduce(self, *, told: bool) -> None:
        """Keep the user's name and role: everywhere else they are an id.

        A user given by id alone (not `told`) is admin of this session by the code's word, which is no word on the
        role that a known person has in the store.
        """
        if self._store.read_only:
            return
        known = self._store.member(self.user.id)
        if known is None or (told and (known.name, known.role) != (self.user.name, self.user.role.name)):
            self._store.save_member(self.user.id, name=self.user.name, role=self.user.role.name)

    def _take_schema(self, schema: Schema) -> None:
        if schema.to_json() == self.schema.to_json():
            return
        self._save_schema(schema, difference(self.schema, schema))

    def _save_schema(self, schema: Schema, operations: Sequence[Operation]) -> None:
        self._refuse_archived()
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
            self._refuse_archived()
            self._settings.update(changes)
            self._store.save_settings(self._id, self._settings, actor=self.user.id)

    # -- items ---------------------------------------------------------------------------------------------

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
            added = self._add(as_source(data, None, None, self._settings), batch=batch)
        self._tell()
        return added

    def _add(self, source: Source, batch: str | None) -> Added:
        from . import frames
        from .source import to_tasks

        self._refuse_archived()
        self._take_source(source)
        tasks, rejected, keys = to_tasks(
            source,
            modality=self.modality,
            order=Order.from_json(self._settings["order"]),
            media=self.media if self.modality == "image" else None,
            start=self.progress.total,
            fault=self._fault if self.schema.choosy else None,
        )
        added = self._store.add_tasks(
            self._id,
            tasks,
            batch=batch or datetime.now(UTC).isoformat(timespec="seconds"),
            overlap=self.overlap,
            actor=self.user.id,
        )
        if self._source is not None:
            seen = [key for _, known in self._source for key in known]
            self._source.append(frames.unseen(source.frame, keys, seen))
        return replace(added, rejected=(*rejected, *added.rejected))

    def _fault(self, data: Mapping[str, Json]) -> str:
        """Why the schema can't be said of a row, "" when it can."""
        try:
            self.schema.check_item(self._seen(data, Extent()))
        except LabelError as error:
            return str(error)
        return ""

    def _take_source(self, source: Source) -> None:
        """Remember, from the first source, what the items are; later ones must fit."""
        from .source import modality

        if source.frame.empty and source.item is None:
            return  # says nothing yet of what the items will be
        first = "modality" not in self._settings
        if first:
            kind = modality(source, self.schema)
            self._save_settings(item=source.item, key=source.key, modality=kind, index=source.index)
        elif self.item is not None and self.item not in source.columns:
            raise SourceError(
                f"The items of session {self.name!r} stand in column {self.item!r}; found the columns "
                f"{', '.join(map(repr, source.columns))}. Rename one, or make another session."
            )
        roots, own = self._settings["roots"], self._settings.get("roots_given")
        found = [] if own else [root for root in source.roots if root not in roots]
        known = self._settings.get("columns", {})  # before the first source, those that conditions ask for
        columns = known | source.columns if first else source.columns | known
        self._save_settings(roots=[*roots, *found], columns=columns)
        self._media = None

    def prioritize(self, priorities: Mapping[int | str, float]) -> None:
        """Give tasks (by id or key) another priority; larger comes first, at the next `next`."""
        with self._acting("manage"):
            ids = {key: task for task, key in self._store.task_keys(self._id).items()}
            unknown = [t for t in priorities if t not in ids and not isinstance(t, int)]
            if unknown:
                raise LabelError(
                    f"There is no task {unknown[0]!r} in session {self.name!r}.", found=unknown[0]
                )
            given = {t if isinstance(t, int) else ids[t]: float(p) for t, p in priorities.items()}
            self._store.set_priority(self._id, given, actor=self.user.id)

    def _reorder(self) -> None:
        tasks = list(self._store.tasks(self._id))
        order = Order.from_json(self._settings["order"])
        moved = {task.id: order.position(task.number, task.key, task.data) for task in tasks}
        self._store.set_positions(self._id, moved, actor=self.user.id)

    def correct(self, *, shown: Sequence[str] = ()) -> None:
        """Let answers correct the source: in `frame`, a column of a field's name takes its answers over.

        Parameters
        ----------
        shown : sequence of str
            Columns that widgets show beside each item, such as the label that stood there.
        """
        with self._acting("manage"):
            self._save_settings(corrects=True, shown=list(shown))

    def add_predictions(
        self,
        predictions: pd.DataFrame | Callable[[Task], Mapping[str, Any] | None],
        *,
        model: str,
        version: str = "1",
    ) -> Predicted:
        """Add a model's answers, to be shown as suggestions.

        A row whose values are not allowed, or that belongs to no task, is left out and told of; the rest is added.

        Parameters
        ----------
        predictions : DataFrame or callable
            A frame with `key` or `task_id` (or the item's own column), a column per predicted field and
            optionally `score` in 0..1; or a function that takes a Task and returns values (and "score"), or None.
        model, version : str
            Name and version; the same version again replaces what it said before.

        Returns
        -------
        Predicted
            How many are new, an int; its `rejected` are the rows that were not taken, with the reasons.

        Raises
        ------
        LabelError
            No row could be taken, or a frame does not say which tasks it is of; nothing is added.
        """
        with self._acting("add"):
            from .models import predicted

            tasks = map(self._placed, self._store.tasks(self._id))
            told = self._as_stored(predictions)
            made, rejected = predicted(
                told, tasks, self.schema, item=self.item, model=model, version=version, sight=self.sight
            )
            if rejected and not made:
                more = f" (and {len(rejected) - 1:,} more rows)" if len(rejected) > 1 else ""
                raise LabelError(f"row {rejected[0].row}: {rejected[0].reason}{more}")
            new = self._store.add_predictions(self._id, made, actor=self.user.id)
            return Predicted(new, tuple(rejected))

    def _as_stored(self, predictions: Any) -> Any:
        """Name pictures in a frame as tasks do: by their place below a media root."""
        item = self.item
        if callable(predictions) or self.modality != "image" or item is None or item not in predictions:
            return predictions
        return predictions.assign(**{item: predictions[item].map(self._stored_form)})

    def _stored_form(self, value: Any) -> Any:
        from .errors import MediaError

        try:
            return self.media.relative(value)
        except MediaError:
            return value  # no task has it, as the reader of the frame will say

    # -- schema --------------------------------------------------------------------------------------------

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

    def watch(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call a function after this session's schema changed or items were added; never while the session is held.

        Returns
        -------
        callable
            Ends it; calling it again does nothing.
        """
        mark = object()
        self._watchers[mark] = changed

        def end() -> None:
            self._watchers.pop(mark, None)

        return end

    def _tell(self) -> None:
        for changed in tuple(self._watchers.values()):
            changed()


def as_source(data: Any, item: str | None, key: str | None, stored: Mapping[str, Json]) -> Source:
    """Read data for a session, unless they were; what is stored of its items stands before what is asked for."""
    from .source import ROW, Source, read

    if isinstance(data, Source):
        return data
    if "modality" in stored:
        item = stored["item"] or ROW
    return read(data, item=item or stored.get("item"), key=key or stored.get("key"))


def is_new(store: object) -> bool:
    """Whether opening would make the store: asked before a mistyped path becomes a file."""
    if not isinstance(store, (str, os.PathLike)):
        return store is None  # else it is open
    text = str(os.fspath(store))
    return "://" not in text and not Path(text).exists()


def no_schema(name: str, store: object) -> SchemaError:
    """Error that says how a new session is made."""
    return SchemaError(
        f"There is no session {name!r} in {named(store or 'memory')} yet, and a new one needs a schema: "
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
