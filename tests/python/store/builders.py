"""Small things that the tests of all stores need."""

from __future__ import annotations

import hashlib
import itertools
from datetime import timedelta

import pytest

from labelwidgets.records import NewAnnotation, NewTask, Times
from labelwidgets.store.clock import Clock

TTL = timedelta(minutes=10)
OVER = timedelta(seconds=-1)
"""A lease that has run out as soon as it is given."""

_ids = itertools.count()


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def new_task(name, *, text=None, position=None, priority=0.0, **columns) -> NewTask:
    text = f"text of {name}" if text is None else text
    place = float(name) if position is None else position
    return NewTask(str(name), sha(text), {"text": text, **columns}, position=place, priority=priority)


def new_tasks(n, start=0) -> list[NewTask]:
    return [new_task(i) for i in range(start, start + n)]


def answer(task_id, annotator="ann", status="submitted", *, id=None, values=None, **options) -> NewAnnotation:
    options.setdefault("times", Times(seconds=3.0))
    return NewAnnotation(
        id=id or f"answer-{next(_ids)}",
        task_id=task_id,
        annotator=annotator,
        status=status,
        values={"y": "a"} if values is None else values,
        **options,
    )


def session(store, n=0, *, overlap=1, name="default") -> int:
    """Make a session with `n` tasks; returns its id."""
    row = store.create_session(name, settings={"overlap": overlap}, schema={"fields": []}, actor="boss")
    if n:
        store.add_tasks(row.id, new_tasks(n), batch="first", overlap=overlap, actor="boss")
    return row.id


class TestClock(Clock):
    """A machine's clocks that a test sets."""

    __test__ = False

    def __init__(self, now=1_700_000_000_000_000, tick=1_000_000_000, boot="boot-1"):
        self.boot, self._now, self._tick = boot, now, tick

    def now(self):
        return self._now

    def tick(self):
        return self._tick

    def pass_time(self, span):
        """Let time go by, for all clocks alike."""
        self._now += span // timedelta(microseconds=1)
        self._tick += span // timedelta(microseconds=1)

    def set_wall(self, span):
        """Somebody sets the clock on the wall."""
        self._now += span // timedelta(microseconds=1)

    def restart(self, boot="boot-2", tick=5_000_000):
        self.boot, self._tick = boot, tick


class StoreContract:
    """The tests; a subclass gives the fixture `place`: a function that opens the same store again."""

    @pytest.fixture
    def place(self, tmp_path):
        raise AssertionError("a subclass says how to open its store")

    @pytest.fixture
    def store(self, place):
        store = place()
        yield store
        if not store.read_only:
            assert store.verify() == []
        store.close()

    def lease(self, store, session_id, annotator="ann", n=1, **options):
        return store.lease(session_id, annotator, n, **{"ttl": TTL, **options})

    def keys(self, store, session_id, annotator="ann", n=1, **options):
        return [task.key for task in self.lease(store, session_id, annotator, n, **options)]

    def first(self, store, session_id):
        return next(store.tasks(session_id))
