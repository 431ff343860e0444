"""Where a store may lie, what is opened how, and what is refused."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from labelwidgets.errors import StoreError, StoreTooNew
from labelwidgets.store import disk, open_store
from labelwidgets.store.disk import Mount, network_kind, parse_mounts, require_local
from labelwidgets.store.sqlite import SqliteStore

from .builders import TTL, answer, session
from .test_faults import change

MOUNTS = r"""
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
23 22 0:21 / /proc rw - proc proc rw
31 22 0:50 / /home rw,relatime - nfs4 server:/export/home rw,vers=4.2
32 31 0:51 / /home/ann/scratch rw - xfs /dev/vdb rw
33 22 0:52 / /mnt/my\040share rw - cifs //server/share rw
34 22 0:53 / /mnt/remote rw - fuse.sshfs ann@server:/data rw
35 22 0:54 / /mnt/appimage rw - fuse.appimage x rw
36 22 0:55 / /mnt/c rw - 9p C:\134 rw,aname=drvfs
37 22 0:56 / /sandbox rw - 9p none rw
""".strip()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/data/labels.db", ""),
        ("/home/ann/labels.db", "nfs4"),
        ("/home/ann/scratch/labels.db", ""),
        ("/homestead/labels.db", ""),
        ("/mnt/my share/labels.db", "cifs"),
        ("/mnt/remote/labels.db", "fuse.sshfs"),
        ("/mnt/appimage/labels.db", ""),
        ("/mnt/c/labels.db", "9p"),
        ("/sandbox/labels.db", ""),
    ],
)
def test_network_filesystems_are_known(path, kind):
    assert network_kind(Path(path), parse_mounts(MOUNTS)) == kind


def test_the_last_mounted_hides_what_was_there():
    mounted = [Mount("/data", "ext4", "/dev/vda"), Mount("/data", "nfs", "server:/x")]
    assert network_kind(Path("/data/labels.db"), mounted) == "nfs"


def test_nothing_known_of_mounts_refuses_nothing():
    require_local(Path("/data/labels.db"), [])


def test_a_store_on_a_network_filesystem_is_refused_with_the_remedy(tmp_path, monkeypatch):
    monkeypatch.setattr(
        disk, "mounts", lambda: [Mount("/", "ext4", "/dev/vda"), Mount(str(tmp_path), "nfs4", "server:/x")]
    )
    with pytest.raises(StoreError, match=r"network filesystem \(nfs4\).*disk of this machine.*postgresql://"):
        SqliteStore(tmp_path / "labels.db")
    assert list(tmp_path.iterdir()) == []


def test_this_machines_own_mounts_can_be_read():
    assert all(mount.point.startswith("/") for mount in disk.mounts())


@pytest.mark.parametrize("form", [str, Path, lambda path: f"sqlite:///{path}"])
def test_a_path_or_a_url_is_the_same_store(tmp_path, form):
    path = tmp_path / "my labels?#%41.db"
    if "?" in str(form(path)) and "://" in str(form(path)):
        path = tmp_path / "labels.db"
    first = open_store(form(path))
    again = open_store(path)
    assert first.uuid == again.uuid
    assert path.exists()
    assert first.url.startswith("sqlite:////")
    first.close()
    again.close()


def test_none_is_memory_and_each_its_own():
    first, second = open_store(None), open_store("sqlite://")
    assert first.uuid != second.uuid
    assert first.url == "sqlite://"
    session(first)
    assert second.sessions() == []
    first.close()
    second.close()


def test_a_link_to_a_store_is_the_store(tmp_path):
    (tmp_path / "real").mkdir()
    store = open_store(tmp_path / "real" / "labels.db")
    (tmp_path / "link.db").symlink_to(tmp_path / "real" / "labels.db")
    linked = open_store(tmp_path / "link.db")
    assert linked.url == store.url
    assert [path.name for path in tmp_path.iterdir()] in (["real", "link.db"], ["link.db", "real"])
    store.close()
    linked.close()


def test_what_can_not_be_a_store(tmp_path):
    with pytest.raises(StoreError, match="does not exist; make it"):
        open_store(tmp_path / "missing" / "labels.db")
    with pytest.raises(StoreError, match="is a folder"):
        open_store(tmp_path)
    with pytest.raises(StoreError, match="no stores of kind 'mysql'; known are sqlite"):
        open_store("mysql://localhost/x")
    with pytest.raises(StoreError, match="no store at"):
        open_store(tmp_path / "labels.db", read_only=True)
    assert list(tmp_path.iterdir()) == []


def test_a_database_of_another_program_is_left_alone(tmp_path):
    path = tmp_path / "bookmarks.db"
    change(path, "CREATE TABLE bookmark (url TEXT)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"another program \(tables bookmark\)"):
        open_store(path)
    assert path.read_bytes() == before


def test_an_empty_file_becomes_a_store(tmp_path):
    path = tmp_path / "labels.db"
    path.touch()
    open_store(path).close()
    assert path.stat().st_size > 0


def test_read_only_changes_nothing(tmp_path):
    path = tmp_path / "labels.db"
    store = open_store(path)
    s = session(store, 3)
    (task,) = store.lease(s, "ann", 1, ttl=TTL)
    store.submit(s, answer(task.id))
    reader = open_store(path, read_only=True)
    assert len(list(reader.annotations(s))) == 1
    assert reader.verify() == []
    with pytest.raises(StoreError, match="for reading only"):
        reader.lease(s, "ben", 1, ttl=TTL)
    store.submit(s, answer(task.id))
    assert len(list(reader.annotations(s, current=False))) == 2
    store.close()
    reader.close()


def test_a_backup_of_a_store_opened_for_reading_is_one_file_that_opens_anywhere(tmp_path):
    store = open_store(tmp_path / "labels.db")
    s = session(store, 3)
    reader = open_store(tmp_path / "labels.db", read_only=True)
    (tmp_path / "backups").mkdir()
    for opened in (reader, store):
        opened.backup(tmp_path / "backups" / "copy.db")
        assert os.listdir(tmp_path / "backups") == ["copy.db"]
    copy = open_store(tmp_path / "backups" / "copy.db")
    assert len(list(copy.tasks(s))) == 3
    assert len(copy.lease(s, "ann", 1, ttl=TTL)) == 1
    for opened in (copy, reader, store):
        opened.close()


def test_a_newer_store_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "labels.db"
    open_store(path).close()
    change(path, "UPDATE alembic_version SET version_num = '9999'")
    before = path.read_bytes()
    for read_only in (False, True):
        with pytest.raises(StoreTooNew, match=r"tables 9999.*pip install --upgrade"):
            open_store(path, read_only=read_only)
    assert path.read_bytes() == before


RACE = """
import os, sys
from pathlib import Path
from labelwidgets.store.sqlite import SqliteStore
SqliteStore(None).close()
pids = []
for n in range(8):
    pid = os.fork()
    if not pid:
        store = SqliteStore(Path(sys.argv[1]))
        store.create_session("s", settings={}, schema={}, actor=f"u{n}")
        os.write(1, f"{store.uuid}\\n".encode())
        os._exit(0)
    pids.append(pid)
assert [os.waitpid(pid, 0)[1] for pid in pids] == [0] * 8
"""


def run(script, *arguments):
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_processes_that_make_the_same_store_at_once_make_one(tmp_path):
    uuids = run(RACE, tmp_path / "labels.db")
    assert len(uuids) == 8
    assert len(set(uuids)) == 1
    store = open_store(tmp_path / "labels.db")
    assert len(store.sessions()) == 1
    assert store.verify() == []
    store.close()


def test_a_store_that_is_current_opens_without_alembic(tmp_path):
    path = tmp_path / "labels.db"
    open_store(path).close()
    script = "import sys, labelwidgets.store as s; s.open_store(sys.argv[1]).sessions(); print('alembic' in sys.modules)"
    assert run(script, path) == ["False"]


def test_sqlalchemy_loads_when_a_store_is_opened():
    assert run("import sys, labelwidgets.store; print('sqlalchemy' in sys.modules)") == ["False"]


def test_the_last_to_close_leaves_one_file_and_the_lock(tmp_path):
    store = open_store(tmp_path / "labels.db")
    session(store, 3)
    store.close()
    assert sorted(os.listdir(tmp_path)) == ["labels.db", "labels.db.lock"]
