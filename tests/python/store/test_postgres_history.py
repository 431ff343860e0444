"""The history on a server: sealed after it is committed, never beyond an act that is still open; backup and erasure."""

import sqlite3
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from labelwidgets.errors import StoreDamaged
from labelwidgets.labels import Extent
from labelwidgets.records import Comment, Prediction
from labelwidgets.store import open_store
from labelwidgets.store.postgres import sealing
from labelwidgets.store.postgres.writing import lock_key
from tests import postgres

from .builders import TTL, answer, new_task, new_tasks, session
from .test_faults import TAMPERED, facts, label


@pytest.fixture
def url():
    with postgres.place() as url:
        yield url


@pytest.fixture
def store(url, monkeypatch):
    """A store whose sealer comes only when it is called."""
    monkeypatch.setattr(sealing.Sealer, "wake", lambda self: None)
    store = open_store(url)
    yield store
    store.close()


@pytest.fixture
def labeled(store, url):
    """URL of a closed store with 200 tasks and 100 answers."""
    label(store, session(store, 200), 100)
    store.seal()
    store.close()
    return url


@contextmanager
def transaction(url):
    """Another one, that the test holds open."""
    plain = make_url(url).difference_update_query(["schema"]).render_as_string(hide_password=False)
    with psycopg.connect(plain) as connection:
        connection.execute(f"SET LOCAL search_path TO {make_url(url).query['schema']}")
        yield connection


def unsealed(url):
    return [
        number
        for (number,) in postgres.run(url, "SELECT number FROM event WHERE hash IS NULL ORDER BY number")
    ]


def begin_event(connection, session_id):
    """Do what an act does first: take its transaction's number, then one for its event, and write it."""
    connection.execute("SELECT txid_current()")
    return connection.execute(
        "INSERT INTO event (number, session_id, at, actor, kind) VALUES (nextval('event_number'), %s, 1, 'slow', 'pause') RETURNING number",
        (session_id,),
    ).fetchone()[0]


# -- sealing -------------------------------------------------------------------------------------------------


def test_events_are_sealed_after_they_are_committed_and_an_open_end_is_no_damage(store, url):
    s = session(store, 5)
    label(store, s, 3)
    assert len(unsealed(url)) == len(list(store.events()))
    reader = open_store(url, read_only=True)
    assert reader.verify() == []
    reader.close()
    store.seal()
    assert unsealed(url) == []
    label(store, s, 1)
    assert len(unsealed(url)) == 2
    assert store.verify() == []
    assert unsealed(url) == []


def test_an_act_that_is_still_open_is_not_jumped_over(store, url):
    s = session(store, 5)
    store.seal()
    with transaction(url) as slow:
        number = begin_event(slow, s)
        label(store, s, 2)
        store._sealer.seal(patience_s=0.05)
        assert min(unsealed(url)) > number
        assert len(unsealed(url)) == 4
        assert store.verify() == []
    store.seal()
    assert unsealed(url) == []
    assert [event.number for event in store.events()] == list(range(1, number + 5))
    assert store.verify() == []


def test_what_was_complete_at_the_time_of_a_vain_try_is_sealed_at_the_next(store, url):
    """Acts overlap without an end: there is never a moment when none is open."""
    s = session(store, 5)
    store.seal()
    with transaction(url) as first:
        begin_event(first, s)
        store._sealer.seal(patience_s=0.0)
        label(store, s, 1)
        with transaction(url) as second:
            later = begin_event(second, s)
            first.commit()
            store._sealer.seal(patience_s=0.0)
            assert unsealed(url)[0] < later
            store._sealer.seal(patience_s=0.0)
    store.seal()
    assert unsealed(url) == []


def test_a_number_that_was_given_up_is_no_gap(store, url):
    s = session(store, 5)
    with transaction(url) as other:
        begin_event(other, s)
        label(store, s, 1)
        other.rollback()
    label(store, s, 1)
    assert store.verify() == []
    numbers = [event.number for event in store.events()]
    assert len(numbers) == numbers[-1] - 1
    assert unsealed(url) == []


def test_one_sealer_at_a_time(store, url):
    s = session(store, 5)
    label(store, s, 2)
    with transaction(url) as other:
        key = lock_key(make_url(url).query["schema"], "sealing")
        other.execute("SELECT pg_advisory_xact_lock(%s)", (key,))
        store.seal()
        assert unsealed(url) != []
    store.seal()
    assert unsealed(url) == []


def test_many_events_are_sealed_in_pieces(store, url, monkeypatch):
    monkeypatch.setattr(sealing, "PIECE", 7)
    s = session(store, 40)
    label(store, s, 30)
    assert store.verify() == []
    assert unsealed(url) == []
    assert store.revision(s) == len(list(store.events(s)))


def test_the_sealer_wakes_by_itself_and_at_the_end(url, monkeypatch):
    monkeypatch.setattr(sealing, "EVERY_S", 0.0)
    store = open_store(url)
    s = session(store, 5)
    label(store, s, 1)
    thread = store._sealer._thread
    thread.join(60)
    label(store, s, 1)
    store.close()
    assert unsealed(url) == []
    assert threading.active_count() < 20


def test_a_revision_changes_with_each_write_even_with_one_that_comes_late(store, url):
    a, b = session(store, 5, name="a"), session(store, 5, name="b")
    with transaction(url) as slow:
        begin_event(slow, a)
        before, other = store.revision(a), store.revision(b)
        (task,) = store.lease(a, "ann", 1, ttl=TTL)
        seen = store.revision(a)
        assert seen > before
        slow.commit()
    late = store.revision(a)
    assert late > seen
    store.seal()
    assert (store.revision(a), store.revision(b)) == (late, other)
    store.submit(a, answer(task.id))
    assert store.revision(a) > late


# -- damage --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "what",
    [
        "an answer",
        "when",
        "an event taken out",
        "an item erased without a trace",
        "the schema",
        "slots",
        "counts",
        "a payload",
    ],
)
def test_verify_names_what_was_tampered_with(labeled, what):
    sql, where = TAMPERED[what]
    postgres.run(labeled, sql)
    store = open_store(labeled)
    found = store.verify()
    assert found
    assert found[0].where.startswith(where), found
    store.close()


def test_a_seal_that_was_taken_off_is_seen(labeled):
    postgres.run(labeled, "UPDATE event SET hash = NULL WHERE number IN (30, 31)")
    store = open_store(labeled)
    assert [damage.where for damage in store.verify()] == ["event 30"]
    store.close()


def test_a_store_damaged_at_its_end_says_so_when_it_is_opened_and_is_read(labeled):
    postgres.run(
        labeled, "UPDATE annotation SET answer = '{}' WHERE event = (SELECT MAX(event) FROM annotation)"
    )
    store = open_store(labeled)
    assert "99 of 100 annotations are as they were kept" in store.read_only
    assert len(list(store.annotations(1))) == 100
    store.close()


def test_a_backup_of_a_damaged_store_is_not_written(labeled, tmp_path):
    postgres.run(labeled, "UPDATE annotation SET answer = '{}' WHERE event = 10")
    store = open_store(labeled)
    with pytest.raises(StoreDamaged, match="No backup was written: annotation"):
        store.backup(tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == []
    store.close()


# -- backup and erasure --------------------------------------------------------------------------------------


def fill(store):
    """A session with something of everything."""
    s = session(store, overlap=2)
    rows = [new_task(n, text=f"für 😀 \0 {n}", deep={"x": [0.1, None, True]}) for n in range(6)]
    store.add_tasks(s, [*rows, new_task(2, text="für 😀 \0 2", n=2)], batch="b", overlap=2, actor="boss")
    store.save_member("u1", name="Ann Example", role="annotator")
    a, b, c = store.lease(s, "u1", 3, ttl=TTL)
    store.set_extent(s, a.id, Extent(width=640, height=480))
    store.submit(s, answer(a.id, "u1", values={"n": 1 / 3, "t": "\0\udc80"}))
    store.submit(s, answer(a.id, "u1", status="withdrawn"), hold=TTL)
    store.submit(s, answer(b.id, "u1", status="skipped", reason="blurred"))
    store.save_draft(s, "u1", c.id, {"y": "half"})
    store.add_predictions(s, [Prediction(a.id, "m", "1", {"y": "b"}, 0.25)], actor="boss")
    store.add_comment(s, Comment("c1", a.id, "u1", "why?", "r1", datetime(2026, 1, 1, tzinfo=UTC)))
    store.set_priority(s, {c.id: 2.0}, actor="boss")
    store.set_flag(s, b.id, flagged=True, actor="u1")
    store.save_schema(s, {"fields": ["g"]}, migration=[{"op": "add"}], actor="boss", expected=1)
    return s


def everything(store, s):
    return (
        *facts(store, s),
        list(store.rows(s)),
        list(store.predictions(s)),
        store.comments(s),
        store.members(),
        store.counts(s, "u1"),
        store.annotation_columns(s, current=False),
        store.person("u1"),
        store.uuid,
    )


def test_a_backup_is_a_file_with_everything_that_goes_on_where_the_server_stopped(store, tmp_path):
    s = fill(store)
    store.seal()
    label(store, s, 1)  # not sealed yet: in a file each event is
    store.backup(tmp_path / "copy.db")
    copy = open_store(tmp_path / "copy.db")
    assert copy.verify() == []
    assert everything(copy, s) == everything(store, s)
    with sqlite3.connect(tmp_path / "copy.db") as file:
        assert file.execute("SELECT COUNT(*) FROM event WHERE hash IS NULL").fetchone() == (0,)
    file.close()
    held = [task.id for task in store.lease(s, "u1", 5, ttl=TTL)]
    assert [task.id for task in copy.lease(s, "u1", 5, ttl=timedelta(minutes=1))] == held
    copy.submit(s, answer(held[0], "u1"))
    assert copy.verify() == []
    copy.close()


def test_a_backup_takes_the_place_of_the_one_before_whole(store, tmp_path):
    s = session(store, 3)
    path = tmp_path / "copy.db"
    path.write_text("the backup of yesterday")
    store.backup(path)
    assert [file.name for file in tmp_path.iterdir()] == ["copy.db"]
    copy = open_store(path, read_only=True)
    assert len(list(copy.tasks(s))) == 3
    copy.close()


def test_what_is_erased_is_in_no_file_of_the_tables(tmp_path):
    """Of a server of its own, since one looks into its files."""
    server = postgres.Server()
    try:
        store = open_store(server.dsn("postgres"))
        s = session(store, 300)
        gone = store.task_by_key(s, "150")
        assert found_in(server, b"text of 150", b"text of 151") == [True, True]
        store.erase(s, task_id=gone.id, actor="boss")
        assert found_in(server, b"text of 150", b"text of 151") == [False, True]
        assert store.verify() == []
        store.close()
    finally:
        server.stop()


def found_in(server, *words):
    postgres.run(server.dsn("postgres"), "CHECKPOINT")
    files = [path.read_bytes() for path in Path(server.folder, "data", "base").rglob("*") if path.is_file()]
    return [any(word in file for file in files) for word in words]


def test_an_erasure_by_a_role_that_does_not_own_the_tables(url):
    store = open_store(url)
    s, schema = session(store, 3), make_url(url).query["schema"]
    postgres.run(
        url,
        "CREATE ROLE worker LOGIN",
        f"GRANT USAGE ON SCHEMA {schema} TO worker",
        f"GRANT ALL ON ALL TABLES IN SCHEMA {schema} TO worker",
        f"GRANT ALL ON ALL SEQUENCES IN SCHEMA {schema} TO worker",
    )
    try:
        worker = open_store(make_url(url).set(username="worker").render_as_string(hide_password=False))
        worker.add_tasks(s, new_tasks(1500), batch="b", overlap=1, actor="boss")
        (task,) = worker.lease(s, "ann", 1, ttl=TTL)
        worker.submit(s, answer(task.id))
        assert worker.erase(s, task_id=task.id, actor="boss") > 0
        assert worker.verify() == []
        worker.close()
    finally:
        postgres.run(url, "DROP OWNED BY worker", "DROP ROLE worker")
    store.close()
