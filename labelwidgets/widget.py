"""Binds one Session to the front end; the only owner of the wire between page and kernel."""

from __future__ import annotations

import json
import logging
import threading
import uuid
import weakref
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from struct import pack
from typing import TYPE_CHECKING, Any, ClassVar

import anywidget
import ipywidgets
import traitlets as t

from .errors import LabelError, LabelwidgetsError, MediaError, MessageError, RightsError, StoreError
from .messages import MESSAGES, act_id, checked, times
from .records import Json
from .schema import checked_keys
from .session import LEASE
from .showing import columns_of, item_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .records import Annotation, Task
    from .session import Session

log = logging.getLogger("labelwidgets")

STATIC = Path(__file__).parent / "static"

FRAME = "frame"
"""The part of the front end that every widget shares."""

LATER = ("more",)
"""Parts that a page evaluates after its first paint."""


class Bundle(ipywidgets.Widget):
    """A part of the front end, once per kernel; every widget's shim takes it from here."""

    name = t.Unicode().tag(sync=True)
    """Which part."""
    digest = t.Unicode().tag(sync=True)
    """SHA-256 of source and style; the page evaluates equal ones once."""
    source = t.Unicode().tag(sync=True)
    """The JavaScript module; it may import from the parts it is loaded with."""
    style = t.Unicode().tag(sync=True)
    """Its style sheet, which the page takes in once; "" for most."""

    _made: ClassVar[dict[str, Bundle]] = {}
    _making: ClassVar[threading.Lock] = threading.Lock()

    @classmethod
    def of(cls, name: str) -> Bundle:
        """Return the one model of a part."""
        source = asset(f"{name}.js")
        style = asset(f"{name}.css") if (STATIC / f"{name}.css").is_file() else ""
        digest = sha256(f"{source}\0{style}".encode()).hexdigest()
        with cls._making:
            made = cls._made.get(name)
            if made is None or made.comm is None or made.digest != digest:
                made = cls._made[name] = cls(name=name, digest=digest, source=source, style=style)
            return made

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Ignore what a page writes: code comes from this package only."""

    def wire(self) -> dict[str, Json]:
        """Return what a widget's page needs to find it; see `Part` in core/model.ts."""
        return {"name": self.name, "digest": self.digest, "model": self.model_id}


class PageWidget(anywidget.AnyWidget):
    """One end of the wire between page and kernel; what every widget of this package shares.

    State goes to the page by traits, which the kernel owns: what a page writes to them is ignored. Acts come as
    messages `{kind, id, ...}`, are checked like any hostile input against `acts`, carried out by `_on_<kind>`, and
    answered by `ack` (what was asked is durable) or `refuse` (nothing was changed; the reason is for people).
    """

    bundle: str
    """Name of the part of the front end that draws this widget."""
    upon: tuple[str, ...] = (FRAME,)
    """Parts that it is built upon, in the order in which the page evaluates them."""
    later: tuple[str, ...] = LATER
    """Parts that the page evaluates when they are wanted."""
    acts: Mapping[str, tuple[str, ...]]
    """Acts that the page may send, and their fields."""

    _esm = t.Unicode().tag(sync=True)
    """The shim: it fetches the parts and hands over."""
    _css = t.Unicode("").tag(sync=True)
    """Empty: styles travel beside the parts, once."""
    _bundle = t.Dict().tag(sync=True)
    """The parts that draw this widget, and those for later; see `Parts` in core/model.ts."""
    state = t.Dict().tag(sync=True)
    """What the page needs to know from the start."""

    def __init__(self, **options: Any) -> None:
        self._kernel = uuid.uuid4().hex
        self._wire = threading.RLock()
        parts = [Bundle.of(name).wire() for name in (*self.upon, self.bundle)]
        later = [Bundle.of(name).wire() for name in self.later]
        super().__init__(_esm=asset("shim.js"), _bundle={"parts": parts, "later": later}, **options)
        self.on_msg(weakly(self._receive))

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Ignore what a page writes: every synced trait is open to any visitor, so none of them is believed."""

    def _receive(self, _widget: object, content: object, _buffers: object) -> None:
        """Answer one act of the page; whatever goes wrong, the page is told and the kernel goes on."""
        with self._wire:
            answered = act_id(content)
            try:
                act = checked(content, self.acts)
                self._admit(act)
                reply, buffers = getattr(self, f"_on_{act['kind']}")(act)
                self.send({"kind": "ack", "id": answered} | reply, buffers=buffers)
            except LabelwidgetsError as error:
                self.send({"kind": "refuse", "id": answered} | _refusal(error))
                return
            except Exception:
                log.exception("an act failed")
                reason = "This did not work because of a fault in the kernel; its log says more. Nothing was changed."
                self.send({"kind": "refuse", "id": answered, "code": "failed", "reason": reason})
                return
            self._answered(act)

    def _admit(self, act: Mapping[str, Any]) -> None:
        """Refuse the act of somebody who may not do it now."""

    def _answered(self, act: Mapping[str, Any]) -> None:
        """Go on after an act that was done and acknowledged."""

    def _on_bundle(self, act: Mapping[str, Any]) -> Answer:
        names = (*self.upon, self.bundle, *self.later)
        if act["name"] not in names:
            raise MessageError(f"This widget is drawn by {', '.join(names)}, found {act['name']!r}.")
        part = Bundle.of(act["name"])
        return {"digest": part.digest}, [part.source.encode(), part.style.encode()]


class LabelWidget(PageWidget):
    """Shows a session's tasks one after another and hands the answers to the session.

    Parameters
    ----------
    session : Session
        What is labeled, by whom, and where answers go.
    columns : sequence of str, optional
        Columns of the source shown beside each item; when left out those that the session shows, which are none
        unless it was told so (a column may hold the right answer).
    title : str, optional
        What the status bar says; the store's name when left out.
    keys : dict, optional
        Other keys for commands, as `{"skip": "F2"}`; see the keyboard page of the documentation.
    task : Task, optional
        Show this task alone, with the user's answer to it, instead of the queue; submitting makes a new version.
    begin : mapping, optional
        Field name to JSON value: what `task` shows at first as unsubmitted work, such as somebody else's answer.
    """

    bundle: str = "choice"
    mode: str = "label"
    """"label", "view" (read-only) or "grid"."""
    acts = MESSAGES

    state = t.Dict().tag(sync=True)
    """What the page needs to know besides the tasks; see `State` in core/protocol.ts."""
    first = t.Bytes(b"").tag(sync=True)
    """The first task with its picture, there before any message can be: header length, header, picture."""

    def __init__(
        self,
        session: Session,
        *,
        columns: Sequence[str] | None = None,
        title: str = "",
        keys: Mapping[str, str] | None = None,
        task: Task | None = None,
        begin: Mapping[str, Json] | None = None,
        **options: Any,
    ) -> None:
        self.session = session
        self._columns, self._title = tuple(session.shown if columns is None else columns), title
        self._keys = checked_keys({**session.schema.keys, **(keys or {})})
        self._only, self._begin = task, begin
        self._sent: dict[int, Task] = {}  # tasks in the page's hands, in the order they were sent
        self._shown: dict[int, int] = {}  # tasks this page may speak of, by id, and the version it was sent
        self._pages: set[str] = set()
        super().__init__(**options)
        session.watch(weakly(self._session_changed))

    # -- state: by traits, owned here ----------------------------------------------------------------------

    def get_state(self, key: Any = None, drop_defaults: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002 - ipywidgets' signature
        """Return the state for a page; a whole state, which a page asks for when it loads, is made anew."""
        state: dict[str, Any] = super().get_state(key, drop_defaults=drop_defaults)
        if key is None and not self.session.closed:
            with self._wire:
                state["state"] = self._state()
                state["first"] = self._packed_first()
        return state

    def _state(self) -> dict[str, Json]:
        session = self.session
        return {
            "store": session.store.uuid,
            "session": session.name,
            "title": self._title or session.title,
            "user": {"id": session.user.id, "name": session.user.name},
            "kernel": self._kernel,
            "mode": self.mode,
            "schema": session.schema.wire(session.schema_version),
            "instructions": self._instructions(),
            "progress": self._progress(),
            "options": {
                "keys": self._keys,
                "lookahead": self._lookahead(),
                "lease_seconds": int(LEASE.total_seconds()),
                "confidence": session.schema.confidence,
                "skip_reasons": list(session.schema.skip_reasons),
                "columns": list(self._columns),
            },
            "read_only": session.read_only,
        }

    def renew(self) -> None:
        """Tell anew how the session stands, before a page shows this widget once more."""
        with self._wire:
            self.state = self._state()

    def _instructions(self) -> dict[str, Json]:
        told = self.session.schema.instructions
        examples = [
            {"caption": example.caption, "task": self._example(-1 - n)}
            for n, example in enumerate(told.examples)
        ]
        return {
            "html": told.html,
            "minutes": told.minutes,
            "warning": told.warning,
            "version": self.session.instructions_version,
            "examples": examples,
        }

    def _progress(self) -> dict[str, Json]:
        counts = self.session.progress
        alone = self.session.overlap == 1
        return {
            "total": counts.total,
            "done": counts.done,
            "place": counts.done if alone else min(counts.mine, counts.total),
            "skipped": counts.skipped,
            "mine": counts.mine,
            "per_hour": round(counts.per_hour, 1),
        }

    def _session_changed(self) -> None:
        """Tell open pages of a new schema or new items."""
        with self._wire, suppress(RightsError):
            self.state = self._state()
            self._top_up()

    # -- tasks: pushed -------------------------------------------------------------------------------------

    def _lookahead(self) -> int:
        return self.session.lookahead()

    def _top_up(self, *, again: bool = False) -> None:
        """Push what the page lacks; everything it holds when a page came anew (`again`)."""
        if self.session.read_only and self._only is None:
            return
        held = self._held()
        fresh = [task for task in held if again or task.id not in self._sent]
        self._remember(held)
        if again:
            self._sent = {task.id: task for task in held}
        self._push(fresh, again=self._only is not None)

    def _held(self) -> list[Task]:
        """Tasks for the page: those in the user's hands, or the only one it is to show, as it is now."""
        if self._only is None:
            return self.session.next(max(self._lookahead(), 1))
        return [replace(self.session.task(self._only.id), round=self._only.round)]

    def _remember(self, tasks: Sequence[Task]) -> None:
        for task in tasks:
            self._sent[task.id] = task
            self._shown[task.id] = task.version

    def _push(self, tasks: Sequence[Task], *, again: bool = False) -> None:
        content, buffers = self._packed(tasks, again=again)
        self.send(content, buffers=buffers)

    def _packed(self, tasks: Sequence[Task], *, again: bool = False) -> tuple[dict[str, Json], list[bytes]]:
        buffers: list[bytes] = []
        packed = [self._task(task, buffers, again=again) for task in tasks]
        waiting = bool(self._sent) and self._only is None
        left = max(self.session.progress.open - len(self._sent), 0) if waiting else 0
        return {"kind": "push", "tasks": packed, "left": left}, buffers

    def _packed_first(self) -> bytes:
        """The first task, framed for the trait `first`; empty when there is none or nobody may label."""
        if (self.session.read_only and self._only is None) or self.mode == "grid":
            return b""
        try:
            held = self._held()[:1]
        except RightsError:
            return b""
        if not held:
            return b""
        self._shown |= {task.id: task.version for task in held}
        content, buffers = self._packed(held, again=self._only is not None)
        header = json.dumps(content, separators=(",", ":")).encode()
        return b"".join([pack("<I", len(header)), header, *buffers])

    def _task(self, task: Task, buffers: list[bytes], *, again: bool = False) -> dict[str, Json]:
        session = self.session
        answer = session.answer(task) if again else None
        stale = answer is not None and (
            answer.task_version < task.version or answer.schema_version < session.schema_version
        )
        return {
            "id": task.id,
            "key": task.key,
            "round": task.round,
            **self._drawn(task, buffers),
            "answer": None
            if answer is None
            else {
                "id": answer.id,
                "values": dict(answer.values),
                "status": answer.status,
                "confidence": answer.confidence,
            },
            "draft": session.draft(task) or self._begin,
            "predictions": [
                {"model": p.model, "version": p.version, "score": p.score, "values": dict(p.values)}
                for p in session.predictions(task)
                if session.fits(p, task)
            ],
            "comments": [
                {
                    "id": c.id,
                    "author": c.author,
                    "text": c.text,
                    "at": c.created_at.isoformat(),
                    "region": c.region,
                }
                for c in session.comments(task)
            ],
            "flagged": task.flagged,
            "stale": stale,
        }

    def _drawn(self, task: Task, buffers: list[bytes]) -> dict[str, Json]:
        """The item and the columns beside it; pictures go into `buffers`."""
        return {
            "data": columns_of(self.session, task, self._columns),
            "media": item_of(self.session, task, self._columns, buffers, thumbnail=self.mode == "grid"),
        }

    def _example(self, number: int) -> dict[str, Json]:
        """An example of the instructions as a task with a negative id; its picture is asked for when shown."""
        from .records import Task

        example = self.session.schema.instructions.examples[-1 - number]
        task = Task(number, "", example.data)
        shown = self._drawn(task, [])
        shown["media"].pop("buffer", None)  # asked for by `media` when somebody looks at it
        answer = {"id": "", "values": dict(example.values), "status": "submitted", "confidence": None}
        empty: dict[str, Json] = {
            "draft": None,
            "predictions": [],
            "comments": [],
            "flagged": False,
            "stale": False,
        }
        return {
            "id": number,
            "key": "",
            "round": 1,
            **shown,
            "answer": answer,
        } | empty

    # -- acts: by message ----------------------------------------------------------------------------------

    def _admit(self, act: Mapping[str, Any]) -> None:
        """Refuse whoever may do nothing here any more; a page that is to label learns at its hello that it can't."""
        if act["kind"] == "bundle":
            return
        self.session.check_access()
        if act["kind"] == "hello" and self._only is None and not self.session.read_only:
            self.session.require("label")

    def _answered(self, act: Mapping[str, Any]) -> None:
        # A page with nothing to do asks by its beats: others give tasks back, and new ones are added.
        idle = act["kind"] == "beat" and not act["tasks"] and self._only is None
        if (idle or act["kind"] in {"hello", "submit", "skip"}) and self.mode != "grid":
            with suppress(RightsError):  # their access ended since: the next act will hear of it
                self._top_up(again=act["kind"] == "hello")

    def _on_hello(self, act: Mapping[str, Any]) -> Answer:
        self._pages.add(act["page"])
        self.send_state("first")  # the page has it; a saved notebook is not to hold it
        if self.session.refresh():
            self.state = self._state()
        return {"kernel": self._kernel, "progress": self._progress(), "recent": self._recent()}, None

    def _on_submit(self, act: Mapping[str, Any]) -> Answer:
        task = self._known(act["task"])
        values = self.session.since(act["values"], act["schema"])
        kept = self.session.submit(
            task,
            values,
            id=act["id"],
            confidence=act["confidence"],
            times=times(act["times"]),
            round=act["round"],
            model=act["prediction"],
        )
        return self._done(kept)

    def _on_skip(self, act: Mapping[str, Any]) -> Answer:
        task = self._known(act["task"])
        kept = self.session.skip(
            task, act["reason"], id=act["id"], times=times(act["times"]), round=act["round"]
        )
        return self._done(kept)

    def _done(self, kept: Annotation) -> Answer:
        self._sent.pop(kept.task_id, None)
        self._begin = None  # from now on the task has an answer of its own
        return {"progress": self._progress(), "version": kept.version, "late": kept.late}, None

    def _on_undo(self, act: Mapping[str, Any]) -> Answer:
        task = self.session.undo(act["answer"])
        if task is not None:
            self._remember([task])
        return {"progress": self._progress(), "task": None if task is None else task.id}, None

    def _on_goto(self, act: Mapping[str, Any]) -> Answer:
        task = self._known(act["task"])
        self._push([task], again=True)
        return {}, None

    def _on_draft(self, act: Mapping[str, Any]) -> Answer:
        self.session.save_draft(self._known(act["task"]), act["values"])
        return {}, None

    def _on_media(self, act: Mapping[str, Any]) -> Answer:
        number = act["task"]
        value = self._example_item(number) if number < 0 else self.session.item_value(self._known(number))
        media = self.session.media
        if act["what"] == "full":
            picture = media.picture(value)
            return {"type": picture.type, "width": picture.width, "height": picture.height}, [picture.data]
        return {"type": "image/jpeg"}, [media.tile(value, act["level"], act["column"], act["row"])]

    def _example_item(self, number: int) -> Any:
        examples = self.session.schema.instructions.examples
        if -number > len(examples):
            raise MessageError(f"There is no example {-number}; there are {len(examples)}.", code="gone")
        data = examples[-1 - number].data
        return data if self.session.item is None else data.get(self.session.item)

    def _on_beat(self, act: Mapping[str, Any]) -> Answer:
        if self.session.refresh():
            self.state = self._state()
        held = self.session.renew(act["tasks"]) if act["tasks"] else []
        return {"kernel": self._kernel, "held": held, "progress": self._progress()}, None

    def _on_leave(self, act: Mapping[str, Any]) -> Answer:
        mine = [number for number in act["tasks"] if number in self._sent]
        if mine:
            self.session.leave(*mine)
        for number in mine:
            self._sent.pop(number, None)
        return {}, None

    def _on_comment(self, act: Mapping[str, Any]) -> Answer:
        said = self.session.comment(self._known(act["task"]), act["text"], region=act["region"], id=act["id"])
        return {"at": said.created_at.isoformat(), "author": said.author}, None

    def _on_flag(self, act: Mapping[str, Any]) -> Answer:
        self.session.flag(self._known(act["task"]), flagged=act["flagged"])
        return {}, None

    def _on_tiles(self, act: Mapping[str, Any]) -> Answer:
        held = self.session.next(act["n"])
        self._remember(held)
        self._push(held)
        return {"progress": self._progress()}, None

    def _known(self, number: int) -> Task:
        """Return a task that this person was given, now or before; nobody speaks of other tasks."""
        if number not in self._shown and not self.session.was_given(number):
            raise MessageError(f"Task {number} was not given to {self.session.user.id}.", code="rights")
        task = self.session.task(number)
        return replace(task, version=self._shown.get(number, task.version))

    def _recent(self) -> list[dict[str, Json]]:
        return [{"id": a.id, "task": a.task_id, "status": a.status} for a in self.session.recent(10)]


Answer = tuple[dict[str, Json], list[bytes] | None]
"""What an act's handler gives back: fields of the ack, and its buffers."""


def asset(file: str) -> str:
    """Text of a built file of the front end.

    Raises
    ------
    LabelwidgetsError
        The front end was not built, which only happens in a checkout.
    """
    path = STATIC / file
    if not path.is_file():
        raise LabelwidgetsError(
            f"The front end is not built: {path.name} is missing. Run `make bundles` in the checkout."
        )
    return path.read_text(encoding="utf-8")


def _refusal(error: LabelwidgetsError) -> dict[str, Json]:
    if isinstance(error, RightsError) and error.ended:
        return {"code": "ended", "reason": str(error)}
    codes: list[tuple[type[LabelwidgetsError], str]] = [
        (LabelError, "label"),
        (RightsError, "rights"),
        (StoreError, "store"),
        (MediaError, "media"),
    ]
    code = (
        error.code
        if isinstance(error, MessageError)
        else next((c for kind, c in codes if isinstance(error, kind)), "failed")
    )
    field = getattr(error, "field", "")
    return {"code": code, "reason": str(error)} | ({"field": field} if field else {})


def weakly(method: Callable[..., None]) -> Callable[..., None]:
    """Call a bound method only while its object lives: a session and a comm keep no widget alive."""
    held = weakref.WeakMethod(method)

    def call(*arguments: Any) -> None:
        living = held()
        if living is not None:
            living(*arguments)

    return call
