"""What a session holds, read as tables and rows: the half of a session that never writes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .access import Access
from .errors import LabelError, SchemaError
from .identity import require
from .labels import Extent, Item
from .passages import text_of, turns_of, unpacked
from .records import Annotation, Comment, Event, Json, Prediction, Progress, Task
from .schema import Schema, operation_from_json, upgrade_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from .frames import Columns
    from .media import MediaLibrary
    from .schema.upgrade import Upgrade
    from .source import Modality
    from .store import Store


TEXTS = ("text", "dialogue")
"""What items are that offsets count in."""

LOOKAHEAD = 3
"""Most tasks that one person holds at a time."""


class Ledger(Access):
    """The reading half of a `Session`: everything here leaves the store as it is.

    Whoever may not read the answers of others finds their own here and nobody else's.
    """

    schema: Schema
    """What is to be said of each item, as it stands now."""
    schema_version: int
    """Number of the schema, from 1; grows with every change."""

    _settings: dict[str, Json]
    _migrations: dict[int, tuple[Mapping[str, Json], ...]]
    _source: list[tuple[pd.DataFrame, list[str | None]]] | None
    _media: MediaLibrary | None

    # -- the items -----------------------------------------------------------------------------------------

    @property
    def item(self) -> str | None:
        """The column that is labeled; None when the whole row is the item."""
        return self._settings.get("item")

    @property
    def columns(self) -> list[str]:
        """Columns of the source, as it gave them."""
        return list(self._settings.get("columns", {}))

    @property
    def shown(self) -> list[str]:
        """Columns of the source that widgets show beside each item, unless told otherwise."""
        return list(self._settings.get("shown", ()))

    @property
    def overlap(self) -> int:
        """How many people answer each item."""
        return int(self._settings["overlap"])

    @property
    def modality(self) -> Modality:
        """What the items are: "image", "text", "dialogue" or "row"."""
        kind: Modality = self._settings.get("modality", "row")
        return kind

    @property
    def media(self) -> MediaLibrary:
        """The bytes behind the items, within the declared roots."""
        if self._media is None:
            from .media import MediaLibrary

            self._media = MediaLibrary(self._settings["roots"], self._settings["allow_hosts"])
        return self._media

    def item_value(self, task: Task) -> Any:
        """Return the value that is labeled: a text, a path or URL, or the whole row."""
        value = task.data if self.item is None else task.data.get(self.item)
        return unpacked(value) if self.modality == "dialogue" else value

    def sight(self, task: Task) -> Item:
        """Return what a check may see of a task: its extent, its text, its row."""
        return self._seen(task.data, task.extent)

    def _seen(self, data: Mapping[str, Json], extent: Extent) -> Item:
        value = data.get(self.item) if self.modality in TEXTS and self.item is not None else None
        value = unpacked(value) if self.modality == "dialogue" else value
        turns = turns_of(value)
        sizes = (extent.width, extent.height, extent.length, extent.duration)
        return Item(
            *sizes,
            text=text_of(value),
            turns=tuple((turn.start, turn.end) for turn in turns),
            speakers=tuple(turn.speaker for turn in turns),
            data=data,
        )

    def task(self, task: int | str) -> Task:
        """Return a task by its id or by its key.

        Raises
        ------
        LabelError
            There is none.
        """
        with self._acting():
            if isinstance(task, str):
                found = self._store.task_by_key(self._id, task)
            else:
                found = next(iter(self._store.tasks(self._id, [task])), None)
        if found is None:
            raise LabelError(f"There is no task {task!r} in session {self.name!r}.", found=task)
        return self._placed(found)

    def _placed(self, task: Task) -> Task:
        """Say where a task's picture lies now."""
        value = task.data.get(self.item) if self.modality == "image" and self.item else None
        return replace(task, media=self.media.restore(value)) if isinstance(value, str) else task

    def tasks(self, tasks: Iterable[int]) -> list[Task]:
        """Return several tasks by their ids; those that there are, in the store's order."""
        with self._acting():
            return [self._placed(task) for task in self._store.tasks(self._id, list(tasks))]

    # -- what was said -------------------------------------------------------------------------------------

    def annotations(self, *, all_versions: bool = False) -> pd.DataFrame:
        """One row per annotation, with a column per field, in the present schema.

        Parameters
        ----------
        all_versions : bool
            Superseded, withdrawn and rejected ones too.

        Returns
        -------
        DataFrame
            `annotation_id, task_id, key, annotator, round, status, version, confidence, shown_at, first_act_at,
            submitted_at, seconds` (idle time removed), `reason, model, instructions_version, stale, late,
            created_at`, then the fields. Lists and regions stand as JSON text; `regions` has them tidy.
        """
        from .frames import annotation_table

        with self._acting():
            answers = self._columns(current=not all_versions)
            return annotation_table(answers, self.schema, self._store.task_versions(self._id))

    def regions(self, field: str | None = None) -> pd.DataFrame:
        """One tidy row per region of the current answers.

        Parameters
        ----------
        field : str, optional
            A region field; all of them when left out.

        Returns
        -------
        DataFrame
            `task_id, key, annotator, field, region_id, label, score`, then the shape's columns (for boxes
            `x, y, width, height` in pixels and `angle` in degrees) and one column per attribute. Of spans in
            dialogues also `turn`, the turn in which they begin.
        """
        from .frames import region_table

        known = self.schema.region_fields
        fields = [one for one in known if field in (None, one.name)]
        if not fields and field is not None:
            names = ", ".join(f.name for f in known) or "none"
            raise SchemaError(f"{field!r} holds no regions; fields with regions: {names}.")
        with self._acting():
            table = region_table(self._columns(), fields)
            return self._in_turns(table) if self.modality == "dialogue" else table

    def _in_turns(self, table: pd.DataFrame) -> pd.DataFrame:
        """Say of spans in dialogues in which turn they lie."""
        from .frames import with_turns

        if "start" not in table:
            return table
        tasks = self._store.tasks(self._id, [int(task) for task in table["task_id"].unique()])
        starts = {task.id: [turn.start for turn in turns_of(self.item_value(task))] for task in tasks}
        return with_turns(table, starts)

    def frame(self) -> pd.DataFrame:
        """Return the source's rows, in its order, with one column per field, live.

        With `data` given, its index and dtypes are kept; on reopening they are rebuilt from what the store
        remembers. Added columns: each field (`<name>_label` where the source has a column of that name),
        `label_status` ("open", "submitted", "skipped", "stale", "rejected"), `annotator`, `labeled_at`.
        """
        from .frames import labeled_frame

        with self._acting():
            source, keys = self._rows()
            versions = self._store.task_versions(self._id)
            corrects = bool(self._settings.get("corrects"))
            return labeled_frame(source, keys, self._columns(), self.schema, versions, corrects=corrects)

    @property
    def keys(self) -> list[str | None]:
        """Key of the task behind each row of `frame()`; None for a row that was rejected."""
        with self._acting():
            return self._rows()[1]

    def _rows(self) -> tuple[pd.DataFrame, list[str | None]]:
        import pandas as pd

        from .source import rebuild

        if self._source is not None:
            parts = [part for part, _ in self._source]
            source = parts[0] if len(parts) == 1 else pd.concat(parts)
            return source, [key for _, keys in self._source for key in keys]
        keys = self._store.task_keys(self._id)
        rows = list(self._store.rows(self._id))
        table = rebuild(
            [row for _, _, row in rows], self._settings.get("columns", {}), self._settings.get("index")
        )
        if self.modality == "image" and self.item in table:
            table[self.item] = table[self.item].map(self.media.restore)
        return table, [keys[task_id] for _, task_id, _ in rows]

    def history(self, task: Task | int | str) -> pd.DataFrame:
        """Return all versions of all answers on one task, as `annotations` gives them."""
        task_id = task.id if isinstance(task, Task) else self.task(task).id
        table = self.annotations(all_versions=True)
        return table[table["task_id"] == task_id].reset_index(drop=True)

    def events(self, task: int | None = None) -> list[Event]:
        """Return the append-only history, oldest first: who did what and when.

        Raises
        ------
        RightsError
            The user may not read what others answered.
        """
        with self._acting():
            require(self.user, "read")
            return list(self._store.events(self._id, task_id=task))

    @property
    def progress(self) -> Progress:
        """Counts of the tasks that the user may be given, by state; `mine` are their answers."""
        with self._lock:
            return self._store.counts(self._id, self.user.id, scopes=self._offered())

    @property
    def revision(self) -> int:
        """A number that grows with every write to the session, by whomever."""
        return self._store.revision(self._id)

    def _upgraded(self, answers: Iterable[Annotation]) -> list[Annotation]:
        """Read answers in the present schema; what is stored stays as it was said."""
        read = self._readers()
        return [replace(a, values=read[a.schema_version](a.values)) for a in answers]

    def _columns(self, *, current: bool = True) -> Columns:
        """All annotations as columns, values read in the present schema."""
        answers = self._store.annotation_columns(self._id, current=current, annotator=self._only())
        if self.schema_version == 1:
            return answers
        read = self._readers()
        said = zip(answers["values"], answers["schema_version"], strict=True)
        return answers | {"values": [read[version](values) for values, version in said]}

    def _readers(self) -> dict[int, Upgrade]:
        """Schema version to the function that reads its answers in the present one."""
        readers = {}
        for version in range(1, self.schema_version + 1):
            later = range(version + 1, self.schema_version + 1)
            readers[version] = upgrade_of(
                [operation_from_json(json) for v in later for json in self._migrations[v]], self.schema.fields
            )
        return readers

    def recent(self, n: int = 10) -> list[Annotation]:
        """Return the user's last answers and skips, newest first, in the present schema."""
        with self._acting():
            return self._upgraded(self._store.recent(self._id, self.user.id, n))

    def answer(self, task: Task | int, *, annotator: str | None = None) -> Annotation | None:
        """Return the current answer of the user, or of another annotator, on a task, in the present schema.

        Raises
        ------
        RightsError
            Another's is asked for, and the user may not read it.
        """
        with self._acting():
            whose = annotator or self.user.id
            if whose != self.user.id:
                require(self.user, "read")
            task_id = task.id if isinstance(task, Task) else task
            given = self._store.annotations(self._id, task_id=task_id, annotator=whose)
            return next(reversed(self._upgraded(given)), None)

    def predictions(self, task: Task | int | None = None) -> list[Prediction]:
        """Return models' answers, of one task or of all."""
        ids = None if task is None else [task.id if isinstance(task, Task) else task]
        with self._acting():
            return list(self._store.predictions(self._id, ids))

    def fits(self, prediction: Prediction, task: Task) -> bool:
        """Whether a prediction's values are allowed for a task as it is now measured."""
        try:
            self.schema.check_given(prediction.values, self.sight(task))
        except (LabelError, KeyError):
            return False
        return True

    def comments(self, task: Task | int | None = None) -> list[Comment]:
        """Return remarks, oldest first, on one task or on all.

        Where several people are asked for each task, those of others are for whoever may read answers, and for
        whoever has answered the task.
        """
        task_id = task.id if isinstance(task, Task) else task
        with self._acting():
            said = self._store.comments(self._id, task_id)
            if self._only() is None or self.overlap == 1:
                return said
            given = self._store.annotations(self._id, task_id=task_id, annotator=self.user.id)
            answered = {answer.task_id for answer in given if answer.status in ("submitted", "rejected")}
            return [one for one in said if one.author == self.user.id or one.task_id in answered]

    def draft(self, task: Task | int) -> Mapping[str, Json] | None:
        """Return the user's unsubmitted work on a task."""
        with self._acting():
            return self._store.draft(self._id, self.user.id, task.id if isinstance(task, Task) else task)

    # -- how it stands -------------------------------------------------------------------------------------

    @property
    def instructions_version(self) -> int:
        """Number of the instructions in force; every answer carries it."""
        return int(self._settings["instructions_version"])

    @property
    def store(self) -> Store:
        """Where everything is kept."""
        return self._store

    def since(self, values: Mapping[str, Json], version: int | None) -> Mapping[str, Json]:
        """Read values said under an earlier version of the schema in the present one."""
        with self._lock:
            known = version is not None and 1 <= version < self.schema_version
            return self._readers()[version](values) if known and version is not None else values

    def lookahead(self) -> int:
        """How many tasks one person may hold now: 3, and 1 when few are left for many."""
        counts = self.progress
        people = max(counts.people, 1)
        return LOOKAHEAD if counts.open >= people * LOOKAHEAD else 1

    @property
    def title(self) -> str:
        """What people call the session: the store's file, and the session's name unless it is the default."""
        url = self._store.url  # of a server the database, without what follows it
        place = (url if url.startswith("sqlite") else url.partition("?")[0]).rpartition("/")[2] or "in memory"
        return place if self.name == "default" else f"{place} · {self.name}"

    def was_given(self, task: int) -> bool:
        """Whether the user ever held or answered the task (by id)."""
        return self._store.was_given(self._id, self.user.id, task)

    @property
    def read_only(self) -> str:
        """Why nothing can be written, "" when it can: the store takes nothing, or the session is archived."""
        return self._told(self._store.read_only) or ("" if self._closed else self._archived())

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._closed

    def refresh(self) -> bool:
        """Take over a schema that another process changed; returns whether there was one."""
        with self._lock:
            before = self.schema_version
            self._read_schemas()
            return self.schema_version != before

    def _read_schemas(self) -> None:
        versions = self._store.schemas(self._id)
        self._migrations = {v.version: tuple(v.migration) for v in versions}
        self.schema_version = versions[-1].version
        self.schema = Schema.from_json(versions[-1].schema)
