"""Many at work at once on a server, connections that are lost, and a commit whose answer never came."""

import os
import random
import socket
import threading
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime

import psycopg
import pytest
from sqlalchemy import make_url

from labelwidgets.errors import StoreError, StoreLocked
from labelwidgets.records import NewTask
from labelwidgets.store import open_store
from labelwidgets.store.postgres import store as module
from labelwidgets.store.postgres.writing import lock_key
from tests import postgres

from .builders import OVER, TTL, answer, new_task, new_tasks, session, sha

ROUNDS = int(os.environ.get("LABELWIDGETS_TEST_RUNS", "60")) // 4


@pytest.fixture
def url():
    with postgres.place() as url:
        yield url


@pytest.fixture
def store(url):
    store = open_store(url)
    yield store
    assert store.verify() == []
    store.close()


@contextmanager
def transaction(url):
    """Another one, that the test holds open."""
    plain = make_url(url).difference_update_query(["schema"]).render_as_string(hide_password=False)
    with psycopg.connect(plain) as connection:
        connection.execute(f"SET LOCAL search_path TO {make_url(url).query['schema']}")
        yield connection


def waiting(connection):
    """Whether anybody waits for a lock of the database."""
    return connection.execute("SELECT COUNT(*) FROM pg_locks WHERE NOT granted").fetchone()[0] > 0


def at_once(*acts):
    """Run acts in threads of their own; returns what they gave, or raised."""
    found = [None] * len(acts)

    def run(number, act):
        try:
            found[number] = act()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            found[number] = error

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


# -- at the same time --------------------------------------------------------------------------------------


def test_two_tabs_of_one_person_share_the_leases(store):
    s = session(store, 50)
    for _ in range(5):
        given = at_once(*[lambda: store.lease(s, "ann", 3, ttl=TTL)] * 4)
        assert {tuple(task.id for task in tasks) for tasks in given} == {tuple(task.id for task in given[0])}
        store.submit(s, answer(given[0][0].id))


def test_no_task_to_more_people_than_asked_for_at_the_same_time(store):
    s = session(store, 40, overlap=2)
    given = at_once(*[lambda who=f"u{n}": store.lease(s, who, 10, ttl=TTL) for n in range(8)])
    counts = {}
    for tasks in given:
        for task in tasks:
            counts[task.id] = counts.get(task.id, 0) + 1
    assert sorted(counts.values()) == [2] * 40


def test_what_another_is_taking_is_passed_by(url, store):
    s = session(store, 3)
    first, second, _ = store.tasks(s)
    with transaction(url) as other:
        other.execute("SELECT 1 FROM queue WHERE task_id = %s FOR NO KEY UPDATE", (first.id,))
        assert [task.id for task in store.lease(s, "ann", 1, ttl=TTL)] == [second.id]
    assert [task.id for task in store.lease(s, "ann", 3, ttl=TTL)][:1] == [second.id]


def test_nothing_is_left_only_when_nobody_was_taking_the_last(url, store, monkeypatch):
    """The other gives the last task back while we look again."""
    s = session(store, 1)
    (last,) = store.tasks(s)
    waited = []
    with transaction(url) as other:
        other.execute("SELECT 1 FROM queue WHERE task_id = %s FOR NO KEY UPDATE", (last.id,))
        monkeypatch.setattr(module.time, "sleep", lambda seconds: (waited.append(seconds), other.rollback()))
        assert [task.id for task in store.lease(s, "ann", 1, ttl=TTL)] == [last.id]
    assert waited == [module.HIDDEN_S[0]]
    assert store.lease(s, "ben", 1, ttl=TTL) == []
    assert len(waited) == 1


def test_a_task_that_a_cursor_passed_while_it_was_locked_is_found_at_the_end(url, store):
    s = session(store, 3)
    first, *_ = store.tasks(s)
    with transaction(url) as other:
        other.execute("SELECT 1 FROM queue WHERE task_id = %s FOR NO KEY UPDATE", (first.id,))
        for task in store.lease(s, "ann", 2, ttl=TTL):
            store.submit(s, answer(task.id))
    assert [task.id for task in store.lease(s, "ann", 1, ttl=TTL)] == [first.id]


def test_an_answer_given_at_the_same_time_twice_is_one(store):
    s = session(store, 1)
    (task,) = store.lease(s, "ann", 1, ttl=TTL)
    given = answer(task.id)
    kept = at_once(*[lambda: store.submit(s, given)] * 6)
    assert all(one == kept[0] for one in kept)
    assert len(list(store.annotations(s, current=False))) == 1


def test_one_id_of_two_people_at_the_same_time_is_one_answer(store):
    s = session(store, 1, overlap=2)
    (task,) = store.tasks(s)
    kept = at_once(
        *[lambda who=who: store.submit(s, answer(task.id, who, id="same")) for who in ("ann", "ben", "cem")]
    )
    assert sum(isinstance(one, StoreError) and "belongs to another" in str(one) for one in kept) == 2
    assert len(list(store.annotations(s, current=False))) == 1


def test_sessions_and_rows_made_at_the_same_time_do_not_clash(store):
    made = at_once(*[lambda: store.create_session("s", settings={}, schema={}, actor="boss")] * 4)
    assert len({row.id for row in made}) == 1
    a, b = made[0].id, session(store, name="other")
    added = at_once(
        *[
            lambda s=s: store.add_tasks(s, new_tasks(300), batch="b", overlap=1, actor="boss")
            for s in (a, b, a, b)
        ]
    )
    assert sorted(one.added for one in added) == [0, 0, 300, 300]
    assert [len(list(store.tasks(s))) for s in (a, b)] == [300, 300]


def test_who_adds_keeps_nobody_waiting_until_the_end(url, store):
    s = session(store, 5)
    with transaction(url) as other:  # as `add_tasks` does while it writes its rows
        other.execute(
            "SELECT pg_advisory_xact_lock(%s)", (lock_key(make_url(url).query["schema"], "adding"),)
        )
        (task,) = store.lease(s, "ann", 1, ttl=TTL)
        store.submit(s, answer(task.id))


def test_urgent_rows_come_next_for_those_who_labeled_meanwhile(store):
    s = session(store, 200)

    def label():
        for _ in range(20):
            (task,) = store.lease(s, "ann", 1, ttl=TTL)
            store.submit(s, answer(task.id))

    urgent = [new_task(1000 + n, priority=5.0) for n in range(3)]
    done, added = at_once(label, lambda: store.add_tasks(s, urgent, batch="u", overlap=1, actor="boss"))
    assert (done, added.added) == (None, 3)
    store.release(s, "ann")
    left = [task.key for task in store.lease(s, "ann", 3, ttl=TTL)]
    answered = {a.key for a in store.annotations(s)}
    wanted = {task.key for task in urgent} - answered
    assert set(left[: len(wanted)]) == wanted


def test_acts_that_wait_for_each_other_are_repeated(url, store):
    """A deadlock on purpose: the server ends one, and the store begins it again."""
    s = session(store, 4, overlap=2)
    for who in ("ann", "ben"):
        store.lease(s, who, 2, ttl=TTL)
    a, b = [task.id for task in store.tasks(s)][:2]
    with transaction(url) as other:
        other.execute("SET LOCAL deadlock_timeout = '60s'")  # so that the store's is the one to be ended
        other.execute("UPDATE queue SET skips = skips WHERE task_id = %s", (b,))
        thread = threading.Thread(target=store.release, args=(s, "ann"))
        thread.start()
        while not waiting(other):
            assert thread.is_alive()
        with suppress(psycopg.errors.DeadlockDetected):
            other.execute("UPDATE queue SET skips = skips WHERE task_id = %s", (a,))
    thread.join(60)
    assert store.lease(s, "cem", 2, ttl=TTL) != []
    assert [row.annotator for row in held(url, a)] == ["ben", "cem"]


def held(url, task_id):
    with transaction(url) as other:
        sql = "SELECT annotator FROM assignment WHERE task_id = %s AND state = 'leased' ORDER BY 1"
        return [type("Row", (), {"annotator": row[0]}) for row in other.execute(sql, (task_id,)).fetchall()]


def test_who_is_kept_waiting_too_long_is_told(url, monkeypatch):
    from labelwidgets.store.postgres import address

    monkeypatch.setitem(address.SETTINGS, "lock_timeout", "50ms")
    store = open_store(url)
    s = session(store, 1)
    with transaction(url) as other:
        key = lock_key(make_url(url).query["schema"], "session", s)
        other.execute("SELECT pg_advisory_xact_lock(%s)", (key,))
        with pytest.raises(StoreLocked, match="nothing of this write was kept"):
            store.lease(s, "ann", 1, ttl=TTL)
    assert len(store.lease(s, "ann", 1, ttl=TTL)) == 1
    store.close()


def test_leases_follow_the_servers_clock(store, monkeypatch):
    """The machine of the kernel believes it is an hour later, which takes nobody's lease away."""
    s = session(store, 1)
    (task,) = store.lease(s, "ann", 1, ttl=TTL)
    real = module.time.time_ns
    monkeypatch.setattr(module.time, "time_ns", lambda: real() + 3600 * 10**9)
    assert store.lease(s, "ben", 1, ttl=TTL) == []
    assert store.counts(s).leased == 1
    kept = store.submit(s, answer(task.id))
    assert not kept.late
    assert abs(kept.created_at.timestamp() - datetime.now().timestamp()) < 600
    assert abs(store.clock.now() - real() // 1000) < 600 * 10**6


# -- what can't be kept --------------------------------------------------------------------------------------


def test_a_nul_in_the_data_loses_nothing_and_one_in_a_key_is_refused_with_its_row(store):
    s = session(store)
    data = {"text": "a\0b", "deep": ["\0", {"\0": 1}]}
    rows = [
        NewTask("fine", sha("x"), data, position=0),
        NewTask("no\0ne", sha("y"), {"text": "y"}, position=1),
    ]
    added = store.add_tasks(s, [*rows, new_task("last", position=2)], batch="b", overlap=1, actor="boss")
    assert added.added == 2
    assert [(row.row, row.reason) for row in added.rejected] == [
        ("no\0ne", "its key holds a NUL character, which PostgreSQL can't keep")
    ]
    assert next(iter(store.tasks(s))).data == data
    (task, _) = store.lease(s, "ann", 2, ttl=TTL)
    kept = store.submit(s, answer(task.id, values={"note": "\0"}))
    assert kept.values == {"note": "\0"}
    with pytest.raises(StoreError, match="NUL character can't be kept"):
        store.lease(s, "an\0n", 1, ttl=TTL)
    with pytest.raises(StoreError, match="NUL character can't be kept"):
        store.submit(s, answer(task.id, "ann", reason="\0"))
    assert len(list(store.annotations(s, current=False))) == 1


# -- connections that are lost -------------------------------------------------------------------------------


def end_all(url):
    """End all other connections of the database, as a restart of the server does."""
    postgres.run(
        url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )


def test_connections_that_were_ended_meanwhile_are_made_anew(url, store):
    s = session(store, 5)
    (task,) = store.lease(s, "ann", 1, ttl=TTL)
    end_all(url)
    assert store.counts(s).leased == 1
    end_all(url)
    store.submit(s, answer(task.id))
    end_all(url)
    assert len(list(store.annotations(s))) == 1
    end_all(url)
    assert next(iter(store.tasks(s))).key == "0"


def test_a_stream_that_is_cut_says_so(url, store):
    s = session(store, 30)
    rows = store.rows(s)
    next(rows)
    end_all(url)
    with pytest.raises(StoreError, match=r"was lost.*Repeat it"):
        list(rows)
    assert len(list(store.rows(s))) == 30


class Proxy:
    """Stands between a store and its server, and can lose what the server answers."""

    def __init__(self, port):
        self.lose, self.down = b"", False
        self.after = lambda: None
        self._port, self._listener = port, socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                if self.down:
                    client.close()
                    continue
                server = socket.create_connection(("127.0.0.1", self._port))
                lost = threading.Event()
                for ends in ((client, server, lost), (server, client, lost)):
                    threading.Thread(target=self._pass, args=ends, daemon=True).start()

    def _pass(self, source, target, lost):
        with suppress(OSError):
            while (
                part := source.recv(65536)
            ) and not lost.is_set():  # the server has answered, and nobody hears it
                if self.lose and self.lose in part:
                    self.lose = b""
                    lost.set()
                    self.after()
                target.sendall(part)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def close(self):
        self._listener.close()


@pytest.fixture
def proxied(monkeypatch):
    server = postgres.shared()
    name = f"proxied_{os.urandom(4).hex()}"
    postgres.run(server.dsn("postgres"), f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
    monkeypatch.setattr(module, "WAITS_S", (0.0, 0.01))
    monkeypatch.setattr("labelwidgets.store.postgres.sealing.EVERY_S", float("inf"))
    proxy = Proxy(server.port)
    store = open_store(server.by_password(name).replace(f":{server.port}/", f":{proxy.port}/"))
    yield store, proxy, server.dsn(name)
    proxy.down, proxy.lose = False, b""
    assert store.verify() == []
    store.close()
    proxy.close()


def test_a_commit_whose_answer_is_lost_is_asked_for(proxied):
    store, proxy, _ = proxied
    s = session(store, 3)
    (task,) = store.lease(s, "ann", 1, ttl=TTL)
    given = answer(task.id)
    proxy.lose = b"COMMIT"
    kept = store.submit(s, given)
    assert proxy.lose == b""
    assert kept == store.submit(s, given)
    assert len(list(store.annotations(s, current=False))) == 1
    proxy.lose = b"COMMIT"
    assert len(store.lease(s, "ann", 2, ttl=TTL)) == 2


def test_what_is_in_doubt_is_said_and_may_be_repeated(proxied):
    store, proxy, _ = proxied
    s = session(store, 3)
    (task,) = store.lease(s, "ann", 1, ttl=TTL)
    given = answer(task.id)
    proxy.after = lambda: setattr(proxy, "down", True)
    proxy.lose = b"COMMIT"
    with pytest.raises(StoreError, match=r"in doubt whether it was. Repeat it.*not kept twice"):
        store.submit(s, given)
    with pytest.raises(StoreError, match="can't be reached"):
        store.counts(s)
    proxy.down = False
    kept = store.submit(s, given)
    assert (kept.id, kept.version, kept.late) == (given.id, 1, False)
    assert len(list(store.annotations(s, current=False))) == 1


def test_a_connection_lost_before_the_commit_keeps_nothing_and_the_act_is_repeated(proxied):
    store, proxy, url = proxied
    s = session(store, 3)
    (task,) = store.lease(s, "ann", 1, ttl=TTL)
    proxy.after = lambda: end_all(url)
    proxy.lose = b"INSERT INTO annotation"
    kept = store.submit(s, answer(task.id))
    assert (kept.version, kept.late) == (1, False)
    assert proxy.lose == b""
    assert [event.kind for event in store.events(s)] == ["session", "add", "lease", "submit"]


def test_rows_whose_connection_is_lost_on_the_way_are_added_once(proxied):
    store, proxy, url = proxied
    s = session(store)
    proxy.after = lambda: end_all(url)
    proxy.lose = b"COPY task"
    assert store.add_tasks(s, new_tasks(300), batch="b", overlap=1, actor="boss").added == 300
    assert proxy.lose == b""
    assert len(list(store.tasks(s))) == 300


def test_a_commit_that_the_server_did_not_do_is_done_again(proxied, monkeypatch):
    store, _, url = proxied
    s = session(store, 3)
    (task,) = store.lease(s, "ann", 1, ttl=TTL)
    real, ended = module.PostgresStore._commit, []

    def late(self, connection, xact):
        if not ended:
            ended.append(xact)
            end_all(url)
        real(self, connection, xact)

    monkeypatch.setattr(module.PostgresStore, "_commit", late)
    kept = store.submit(s, answer(task.id))
    assert ended
    assert (kept.version, kept.late) == (1, False)
    assert len(list(store.annotations(s, current=False))) == 1


def test_a_forked_child_has_connections_of_its_own(url, store):
    s = session(store, 6)
    (mine,) = store.lease(s, "ann", 1, ttl=TTL)
    read, write = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            (task,) = store.lease(s, "ben", 1, ttl=TTL)
            store.submit(s, answer(task.id, "ben", id="ben's"))
            os.write(write, b"fine")
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
    assert os.read(read, 10) == b"fine"
    os.close(read)
    os.close(write)
    store.submit(s, answer(mine.id))
    assert {a.annotator for a in store.annotations(s)} == {"ann", "ben"}


def test_an_act_with_other_values_under_the_same_id_gives_the_first(store):
    s = session(store, 1)
    (task,) = store.lease(s, "ann", 1, ttl=TTL)
    given = answer(task.id)
    first = store.submit(s, given)
    assert store.submit(s, replace(given, values={"y": "b"})) == first


def test_counts_fit_when_people_work_while_the_queue_changes(store):
    """Leases run out, answers are taken back, items change, come and are erased, all at once."""
    s = session(store, 60, overlap=2)
    ids = list(store.task_keys(s))

    def work(who):
        chance = random.Random(who)
        for _ in range(ROUNDS):
            ttl = chance.choice((TTL, TTL, OVER))
            for task in store.lease(s, who, chance.choice((1, 3)), ttl=ttl):
                status = chance.choice(("submitted", "submitted", "skipped"))
                store.submit(s, answer(task.id, who, status, id=f"{who}-{chance.random()}"))
                if chance.random() < 0.3:
                    back = answer(task.id, who, "withdrawn", id=f"{who}-{chance.random()}")
                    store.submit(s, back, hold=chance.choice((None, ttl)))
            if chance.random() < 0.3:
                store.release(s, who)

    def manage():
        chance = random.Random("boss")
        for n in range(ROUNDS):
            some = chance.sample(ids, 5)
            store.set_priority(s, {task_id: float(chance.randrange(5)) for task_id in some}, actor="boss")
            rows = [new_task(chance.randrange(60 + n), text=f"edit {n}"), new_task(60 + n)]
            store.add_tasks(s, rows, batch="b", overlap=2, actor="boss")
            if n % 5 == 0:
                store.erase(s, task_id=some[0], actor="boss")
            store.lease(s, "boss", 1, ttl=OVER, round=1 + n % 2)

    people = [lambda who=who: work(who) for who in ("ann", "ben", "cem", "dan")]
    assert at_once(*people, manage) == [None] * 5
    assert store.verify() == []
