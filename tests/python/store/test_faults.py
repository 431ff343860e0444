"""What a store does when the machine fails it: torn writes, full disks, flipped bytes, folders that can't be written."""

import os
import random
import shutil
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import pytest

from labelwidgets.errors import StoreDamaged, StoreError
from labelwidgets.store import sqlite
from labelwidgets.store.chain import digest, row_content
from labelwidgets.store.sqlite import SqliteStore

from .builders import TTL, answer, new_tasks, session, sha

CUTS = int(os.environ.get("LABELWIDGETS_TEST_CUTS", "300"))


def facts(store, session_id):
    """All that is sealed."""
    return (
        [(t.key, t.data) for t in store.tasks(session_id)],
        list(store.annotations(session_id, current=False)),
        list(store.events()),
        store.schemas(session_id),
        store.session("default"),
    )


def label(store, session_id, n, who="ann"):
    given = []
    for _ in range(n):
        (task,) = store.lease(session_id, who, 1, ttl=TTL)
        given.append(store.submit(session_id, answer(task.id, who)).id)
    return given


def label_until_refused(store, acknowledged):
    for _ in range(100):
        acknowledged += label(store, 1, 1)


@pytest.fixture
def labeled(tmp_path):
    """A closed store with 200 tasks and 100 answers."""
    path = tmp_path / "labels.db"
    store = SqliteStore(path)
    label(store, session(store, 200), 100)
    store.close()
    return path


def test_a_log_cut_anywhere_keeps_all_commits_before_the_cut(tmp_path, monkeypatch):
    monkeypatch.setattr(sqlite, "PRAGMAS", (*sqlite.PRAGMAS, "PRAGMA wal_autocheckpoint = 0"))
    path = tmp_path / "labels.db"
    store = SqliteStore(path)
    s = session(store, 50)
    log = path.with_name("labels.db-wal")
    kept = []
    for _ in range(40):
        (given,) = label(store, s, 1)
        kept.append((log.stat().st_size, given))
    database, whole = path.read_bytes(), log.read_bytes()
    store.close()
    start, chance = kept[0][0], random.Random(1)
    opened = 0
    for number in range(CUTS):
        cut = chance.randint(start, len(whole))
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "labels.db").write_bytes(database)
        (folder / "labels.db-wal").write_bytes(
            whole[:cut] + chance.randbytes(chance.choice((0, 7, 4096, 9000)))
        )
        torn = SqliteStore(folder / "labels.db")
        assert torn.read_only == ""
        there = {a.id for a in torn.annotations(s, current=False)}
        assert there >= {given for end, given in kept if end <= cut}, cut
        assert torn.verify() == []
        torn.close()
        shutil.rmtree(folder)
        opened += 1
    assert opened == CUTS


def test_a_full_disk_loses_nothing(labeled, monkeypatch):
    with monkeypatch.context() as patch:
        pages = labeled.stat().st_size // 4096 + 2
        patch.setattr(sqlite, "PRAGMAS", (*sqlite.PRAGMAS, f"PRAGMA max_page_count = {pages}"))
        store = SqliteStore(labeled)
        acknowledged = []
        with pytest.raises(
            StoreError, match=r"disk .* is full: nothing of this write was kept, all before it is safe"
        ):
            label_until_refused(store, acknowledged)
        with pytest.raises(StoreError, match="is full"):
            store.add_tasks(1, new_tasks(5000, 1000), batch="b", overlap=1, actor="boss")
        assert {a.id for a in store.annotations(1)} >= set(acknowledged)
        assert store.verify() == []
        assert store.read_only == ""
        store.close()
    store = SqliteStore(labeled)
    assert store.read_only == ""
    assert {a.id for a in store.annotations(1)} >= set(acknowledged)
    label(store, 1, 1)
    store.close()


def run(script, *arguments):
    """Run a program of its own, since it gives up rights or room that this process needs."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_a_log_that_may_not_grow_is_a_clear_error(labeled):
    script = """
        import resource, sys, uuid
        from datetime import timedelta
        from pathlib import Path
        from labelwidgets.errors import StoreError
        from labelwidgets.records import NewAnnotation
        from labelwidgets.store.sqlite import SqliteStore
        store = SqliteStore(Path(sys.argv[1]))
        resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, resource.RLIM_INFINITY))
        try:
            for n in range(90):
                (task,) = store.lease(1, "ann", 1, ttl=timedelta(minutes=9))
                print(store.submit(1, NewAnnotation(str(uuid.uuid4()), task.id, "ann", "submitted", {})).id)
        except StoreError as error:
            print("refused", error)
    """
    *acknowledged, refused = run(script, labeled)
    assert refused.startswith("refused")
    assert "nothing of this write was kept" in refused
    assert acknowledged
    store = SqliteStore(labeled)
    assert store.verify() == []
    assert {a.id for a in store.annotations(1)} >= set(acknowledged)
    store.close()


def test_flipped_bytes_are_seen_or_do_no_harm(labeled, tmp_path):
    store = SqliteStore(labeled, read_only=True)
    right = facts(store, 1)
    store.close()
    whole, chance, seen = labeled.read_bytes(), random.Random(2), 0
    copy = tmp_path / "flipped.db"
    for _ in range(60):
        flipped = bytearray(whole)
        for _ in range(3):
            flipped[chance.randrange(100, len(flipped))] ^= chance.randrange(1, 256)
        copy.write_bytes(flipped)
        seen += not is_right(copy, right)
        for beside in tmp_path.glob("flipped.db-*"):
            beside.unlink()
    assert seen >= 30  # the others fell where nothing is kept: free space, and what can be made anew


def is_right(path, right):
    """Whether a store has all it should have; one that has not must say so."""
    try:
        store = SqliteStore(path)
    except StoreError:
        return False
    try:
        if store.read_only:
            with pytest.raises(StoreError, match="takes no writes"):
                store.save_member("u", name="n", role="r")
            return False
        assert facts(store, 1) == right
        return True
    except StoreDamaged:
        assert store.read_only
        return False
    finally:
        store.close()


def test_a_damaged_store_says_what_is_damaged_and_what_is_safe_and_is_read(labeled):
    change(
        labeled,
        'UPDATE annotation SET answer = \'{"y":"forged"}\' WHERE event = (SELECT MIN(event) FROM annotation)',
    )
    store = SqliteStore(labeled)
    assert "annotation answer-" in store.read_only
    assert "99 of 100 annotations are as they were kept" in store.read_only
    assert len(list(store.annotations(1))) == 100
    with pytest.raises(StoreError, match="takes no writes: it is damaged"):
        store.lease(1, "ann", 1, ttl=TTL)
    store.close()


def change(path, *statements):
    import sqlite3

    connection = sqlite3.connect(path)
    for sql in statements:
        connection.execute(sql)
    connection.commit()
    connection.close()


SLIP_IN = """
INSERT INTO annotation SELECT 90001, 'x', session_id, task_id, annotator, round, 77, status, answer, confidence, shown_at,
first_act_at, submitted_at, seconds, reason, model, schema_version, instructions_version, task_version, late, created_at, salt
FROM annotation LIMIT 1"""

TAMPERED = {
    "an answer": ("UPDATE annotation SET answer = '{}' WHERE event = 10", "annotation"),
    "who answered": ("UPDATE annotation SET annotator = 'eve' WHERE event = 10", "annotation"),
    "when": ("UPDATE event SET at = at + 1 WHERE number = 20", "event 20"),
    "who did it": ("UPDATE event SET actor = 'eve' WHERE number = 20", "event 20"),
    "an event taken out": ("DELETE FROM event WHERE number = 20", "event 21"),
    "an item": ("UPDATE task SET data = '{}' WHERE number = 7", "row 7 of session 1"),
    "a key": ("UPDATE task SET key = 'x' WHERE number = 7", "row 7 of session 1"),
    "an answer slipped in": (SLIP_IN, "annotation x"),
    "an answer taken out": ("DELETE FROM annotation WHERE event = 10", "event 10"),
    "an answer erased without a trace": (
        "UPDATE annotation SET answer = NULL, salt = NULL WHERE event = 10",
        "annotation",
    ),
    "an item erased without a trace": ("UPDATE task SET data = NULL, salt = NULL WHERE number = 7", "row 7"),
    "the schema": ("UPDATE schema_version SET schema = '{}'", "schema 1 of session 1"),
    "the settings": ("UPDATE session SET settings = '{}'", "settings of session 1"),
    "slots": ("UPDATE queue SET slots = 5 WHERE task_id = 8", "queue of task 8"),
    "counts": ("UPDATE tally SET done = 3", "counts of session 1"),
    "a payload": ("UPDATE payload SET body = '{}' WHERE event = 2", "event 2"),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_verify_names_what_was_tampered_with(labeled, what):
    sql, where = TAMPERED[what]
    change(labeled, sql)
    store = SqliteStore(labeled)
    found = store.verify()
    assert found
    assert found[0].where.startswith(where), found
    assert store.read_only
    store.close()


def test_a_row_exchanged_together_with_its_digest_breaks_the_seal_of_its_batch(labeled):
    (key, item), data, salt = ("7", sha("text of 7")), '{"text":"forged"}', b"0" * 16
    forged = digest(salt, row_content(key, item, data))
    sql = (
        f"UPDATE task SET data = '{data}', salt = x'{salt.hex()}', digest = x'{forged.hex()}' WHERE key = '7'"
    )
    change(labeled, sql)
    store = SqliteStore(labeled)
    assert [damage.where for damage in store.verify()] == ["rows 0 to 199 of session 1"]
    store.close()


def test_the_first_broken_record_comes_first(labeled):
    change(labeled, *(f"UPDATE event SET actor = 'eve' WHERE number = {n}" for n in (90, 30, 60)))
    store = SqliteStore(labeled)
    assert [damage.where for damage in store.verify()] == ["event 30", "event 60", "event 90"]
    store.close()


def test_a_large_store_is_checked_at_its_end(labeled, monkeypatch):
    monkeypatch.setattr(sqlite, "CHECKED_WHOLE", 0)
    change(labeled, "UPDATE annotation SET answer = '{}' WHERE event = (SELECT MAX(event) FROM annotation)")
    store = SqliteStore(labeled)
    assert "annotation answer-" in store.read_only
    store.close()


def test_what_is_no_database_is_refused(tmp_path):
    path = tmp_path / "labels.db"
    path.write_bytes(b"This is a letter. " * 1000)
    with pytest.raises(StoreDamaged, match="is damaged"):
        SqliteStore(path)
    assert path.read_bytes().startswith(b"This is a letter.")


def test_a_backup_of_a_damaged_store_is_not_written(labeled, tmp_path):
    store = SqliteStore(labeled)
    change(labeled, "UPDATE annotation SET answer = '{}' WHERE event = 10")
    good = tmp_path / "copy.db"
    good.write_text("the backup of yesterday")
    with pytest.raises(StoreDamaged, match="No backup was written: annotation"):
        store.backup(good)
    assert good.read_text() == "the backup of yesterday"
    assert [path.name for path in tmp_path.glob(".*")] == []
    with pytest.raises(StoreError, match="the store itself"):
        store.backup(labeled)
    store.close()


def test_what_is_erased_is_nowhere_in_the_files(tmp_path):
    path = tmp_path / "labels.db"
    store = SqliteStore(path)
    s = session(store, 300)
    task = store.task_by_key(s, "150")
    store.erase(s, task_id=task.id, actor="boss")
    for file in tmp_path.iterdir():
        assert b"text of 150" not in file.read_bytes(), file
    assert b"text of 151" in path.read_bytes()
    store.close()


@pytest.fixture
def open_folder():
    """A folder that anybody may read."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


AS_NOBODY = """
    import os, sys
    from pathlib import Path
    from labelwidgets.errors import StoreError
    from labelwidgets.store.sqlite import SqliteStore
    SqliteStore(None).close()
    if os.geteuid() == 0:
        os.setgroups([]); os.setgid(65534); os.setuid(65534)
    try:
        store = SqliteStore(Path(sys.argv[1]))
        print(len(list(store.annotations(1))), store.read_only)
        store.save_member("u", name="n", role="r")
    except StoreError as error:
        print("refused", error)
"""


def test_a_folder_that_may_not_be_written_is_read(labeled, open_folder):
    path = open_folder / "labels.db"
    shutil.copy(labeled, path)
    path.chmod(0o444)
    open_folder.chmod(0o555)
    read, refused = run(AS_NOBODY, path)
    assert read.startswith("100 the file")
    assert "may not be written" in refused
    assert sorted(file.name for file in open_folder.iterdir()) == ["labels.db"]
    (missing,) = run(AS_NOBODY, open_folder / "new.db")
    assert "no store at" in missing
    open_folder.chmod(0o755)
