"""One writer at a time, and none that waits without end."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from labelwidgets.errors import StoreLocked
from labelwidgets.store import lock as locks
from labelwidgets.store.lock import WriterLock
from labelwidgets.store.sqlite import SqliteStore

from .builders import TTL, answer, session

HOLD = """
import fcntl, os, sys, time
file = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "labels.db.lock"


@pytest.fixture
def holder(path):
    """Another process that holds the lock."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_only_one_thread_at_a_time(path):
    lock, inside, most = WriterLock(path), 0, 0

    def work():
        nonlocal inside, most
        for _ in range(50):
            with lock:
                inside += 1
                most = max(most, inside)
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
    lock.close()


def test_two_locks_on_one_file_exclude_each_other(path):
    first, second, entered = WriterLock(path), WriterLock(path), threading.Event()

    def work():
        with second:
            entered.set()

    thread = threading.Thread(target=work)
    with first:
        thread.start()
        assert not entered.wait(0.1)
    assert entered.wait(10)
    thread.join()
    with first, WriterLock(None):
        pass
    first.close()
    second.close()


def test_a_writer_that_waits_in_vain_says_for_whom(path, holder):
    lock = WriterLock(path, patience_s=0.1)
    with (
        pytest.raises(StoreLocked, match=rf"Process {holder.pid} has been writing to .*labels\.db for"),
        lock,
    ):
        pass
    holder.kill()
    holder.wait()
    with lock:
        pass
    lock.close()


def test_a_lock_ends_with_the_process_that_holds_it(path, holder):
    lock = WriterLock(path, patience_s=30)
    threading.Timer(0.1, holder.kill).start()
    with lock:
        other = os.open(path, os.O_RDWR)
        assert not locks._try_lock(other)
        os.close(other)
    lock.close()


def test_a_wait_that_was_given_up_holds_nothing_later(path, holder):
    lock = WriterLock(path, patience_s=0.05)
    with pytest.raises(StoreLocked), lock:
        pass
    holder.kill()
    holder.wait()
    until = time.monotonic() + 10
    while any(thread.name == "labelwidgets-writer-lock" for thread in threading.enumerate()):
        assert time.monotonic() < until
        time.sleep(0.005)
    with WriterLock(path, patience_s=0.05):
        pass
    lock.close()


def test_a_thread_that_waits_in_vain_says_so():
    lock = WriterLock(None, patience_s=0.05)
    errors = []

    def work():
        try:
            with lock:
                pass
        except StoreLocked as error:
            errors.append(error)

    with lock:
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert "Another thread" in str(errors[0])


def test_a_stopped_process_does_not_stop_the_others_for_good(tmp_path):
    store = SqliteStore(tmp_path / "labels.db", patience_s=0.1)
    s = session(store, 2)
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "labels.db.lock")], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "held\n"
    process.send_signal(signal.SIGSTOP)
    with pytest.raises(StoreLocked, match=f"Process {process.pid}"):
        store.lease(s, "ann", 1, ttl=TTL)
    assert store.counts(s).total == 2
    process.kill()
    process.wait()
    process.stdout.close()
    assert len(store.lease(s, "ann", 1, ttl=TTL)) == 1
    store.close()


def test_another_program_that_writes_is_waited_for_and_named(tmp_path):
    import sqlite3

    store = SqliteStore(tmp_path / "labels.db", patience_s=0.1)
    s = session(store, 2)
    browser = sqlite3.connect(tmp_path / "labels.db", isolation_level=None)
    browser.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreLocked, match="Another program holds"):
        store.lease(s, "ann", 1, ttl=TTL)
    browser.execute("ROLLBACK")
    browser.close()
    assert len(store.lease(s, "ann", 1, ttl=TTL)) == 1
    store.close()


FORK = """
import os, sys
from datetime import timedelta
from pathlib import Path
from labelwidgets.store.sqlite import SqliteStore
from tests.python.store.builders import TTL, answer, session
path = None if sys.argv[1] == "memory" else Path(sys.argv[1])
store = SqliteStore(path)
s = session(store, 40)
store.lease(s, "parent", 1, ttl=TTL)
children = []
for n in range(4):
    pid = os.fork()
    if not pid:
        for _ in range(5):
            (task,) = store.lease(s, f"child{n}", 1, ttl=TTL)
            store.submit(s, answer(task.id, f"child{n}", id=f"{n}-{task.id}"))
        os._exit(0)
    children.append(pid)
for _ in range(5):
    (task,) = store.lease(s, "parent", 1, ttl=TTL)
    store.submit(s, answer(task.id, "parent", id=f"parent-{task.id}"))
assert [os.waitpid(pid, 0)[1] for pid in children] == [0] * 4
print(store.counts(s).done, store.verify())
"""


@pytest.mark.parametrize(("kind", "done"), [("file", 25), ("memory", 5)])
def test_forked_processes_go_on_with_connections_of_their_own(tmp_path, kind, done):
    place = str(tmp_path / "labels.db") if kind == "file" else kind
    ran = subprocess.run(
        [sys.executable, "-c", FORK, place], capture_output=True, text=True, check=False, timeout=120
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split() == [str(done), "[]"]


def test_answers_wait_for_their_turn(tmp_path):
    stores = [SqliteStore(tmp_path / "labels.db") for _ in range(3)]
    s = session(stores[0], 60)
    errors = []

    def work(store, who):
        try:
            while tasks := store.lease(s, who, 1, ttl=TTL):
                store.submit(s, answer(tasks[0].id, who))
        except Exception as error:  # noqa: BLE001
            errors.append(error)

    threads = [threading.Thread(target=work, args=(store, f"u{n}")) for n, store in enumerate(stores)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert stores[0].counts(s).done == 60
    assert stores[0].verify() == []
    for store in stores:
        store.close()
