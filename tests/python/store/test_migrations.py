"""Tables made at once and tables made by the scripts are the same, and an older store is brought up to date or left."""

import shutil
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, event

from labelwidgets.errors import StoreError
from labelwidgets.records import Member, Membership
from labelwidgets.store import migrations, open_store
from labelwidgets.store.tables import metadata

from .builders import TTL, answer, session

NEXT = '''
"""A later version."""
import sqlalchemy as sa
from alembic import op
revision, down_revision = "{later}", "{head}"
def upgrade():
    op.add_column("member", sa.Column("colour", sa.Text()))
    op.execute("UPDATE member SET colour = 'green'")
    {more}
'''

HEAD = migrations.HEAD
LATER = f"{int(HEAD) + 1:04}"


def engine():
    made = create_engine("sqlite://", connect_args={"isolation_level": None})
    event.listen(made, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return made


def described(connection):
    rows = connection.exec_driver_sql("SELECT type, name, tbl_name FROM sqlite_master ORDER BY 1, 2").all()
    tables = [row.name for row in rows if row.type == "table"]
    columns = {t: connection.exec_driver_sql(f"PRAGMA table_xinfo({t})").all() for t in tables}
    indexes = {
        t: connection.exec_driver_sql(
            f"SELECT name, sql FROM sqlite_master WHERE tbl_name = '{t}' AND type = 'index' ORDER BY 1"
        ).all()
        for t in tables
    }
    narrow = {
        t: "WITHOUT ROWID"
        in connection.exec_driver_sql(f"SELECT sql FROM sqlite_master WHERE name = '{t}'").scalar_one()
        for t in tables
    }
    return rows, columns, indexes, narrow


def test_the_scripts_and_the_tables_agree():
    made, scripted = engine(), engine()
    with made.begin() as a, scripted.begin() as b:
        migrations.create(a)
        migrations.upgrade(b)
        assert described(a) == described(b)
        assert migrations.current(a) == migrations.current(b) == migrations.HEAD
        context = MigrationContext.configure(b, opts={"target_metadata": metadata})
        assert compare_metadata(context, metadata) == []


def test_the_code_knows_the_scripts_that_there_are():
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    scripts = ScriptDirectory.from_config(config)
    assert tuple(reversed([script.revision for script in scripts.walk_revisions()])) == migrations.REVISIONS


@pytest.fixture
def older(tmp_path):
    """A store with an answer, as the first version left it."""
    path = tmp_path / "labels.db"
    store = open_store(path)
    s = session(store, 3)
    store.save_member("u1", name="Ann", role="annotator")
    (task,) = store.lease(s, "ann", 1, ttl=TTL)
    store.submit(s, answer(task.id))
    store.close()
    return path


def later_version(monkeypatch, tmp_path, more=""):
    """Let the code know a version that is not there yet."""
    scripts = tmp_path / "scripts"
    shutil.copytree(Path(migrations.__file__).parent, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    script = NEXT.format(more=more or "pass", later=LATER, head=HEAD)
    (scripts / "versions" / f"later_{LATER}.py").write_text(script)
    monkeypatch.setattr(migrations, "__file__", str(scripts / "__init__.py"))
    monkeypatch.setattr(migrations, "REVISIONS", (*migrations.REVISIONS, LATER))
    monkeypatch.setattr(migrations, "HEAD", LATER)


def test_an_older_store_is_brought_up_to_date_when_it_is_opened(older, tmp_path, monkeypatch):
    later_version(monkeypatch, tmp_path)
    store = open_store(older)
    with store._read() as connection:
        assert connection.exec_driver_sql("SELECT colour FROM member").scalar_one() == "green"
        assert migrations.current(connection) == LATER
    assert len(list(store.annotations(1))) == 1
    assert store.verify() == []
    store.close()


def test_a_step_that_fails_leaves_the_store_as_it_was(older, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        later_version(patch, tmp_path, more='op.execute("UPDATE nowhere SET x = 1")')
        with pytest.raises(StoreError, match="no such table: nowhere"):
            open_store(older)
    store = open_store(older)
    with store._read() as connection:
        assert not any("colour" in row._mapping for row in connection.exec_driver_sql("SELECT * FROM member"))
        assert migrations.current(connection) == HEAD
    assert len(list(store.annotations(1))) == 1
    store.close()


def test_an_older_store_is_not_changed_by_a_reader(older, tmp_path, monkeypatch):
    later_version(monkeypatch, tmp_path)
    with pytest.raises(StoreError, match="can't be brought up to date: it was opened for reading only"):
        open_store(older, read_only=True)


def test_a_store_of_the_first_version_is_brought_up_to_date_as_it_is(tmp_path, monkeypatch):
    path = tmp_path / "labels.db"
    first = create_engine(f"sqlite:///{path}", connect_args={"isolation_level": None})
    event.listen(first, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    with first.begin() as connection:
        as_of(connection, "0001", monkeypatch)
        connection.exec_driver_sql("INSERT INTO store VALUES (1, 'the-uuid', 0, 'boot')")
        connection.exec_driver_sql(
            "INSERT INTO member VALUES ('ann', 'Ann', 'reviewer', 1), ('ben', '', 'annotator', 0)"
        )
    first.dispose()
    store = open_store(path)
    assert store.uuid == "the-uuid"
    assert store.members() == {
        "ann": Member("ann", "Ann", "reviewer"),
        "ben": Member("ben", "", "annotator", active=False),
    }
    s = session(store, 2)
    store.save_membership(s, Membership("ann"), actor="boss")
    (task,) = store.lease(s, "ann", 1, ttl=TTL)
    store.submit(s, answer(task.id))
    assert store.verify() == []
    with store._read() as connection:
        context = MigrationContext.configure(connection, opts={"target_metadata": metadata})
        assert compare_metadata(context, metadata) == []
    store.close()


def as_of(connection, revision, monkeypatch):
    """Make the tables as a version had them."""
    real = command.upgrade
    with monkeypatch.context() as patch:
        patch.setattr(command, "upgrade", lambda config, _: real(config, revision))
        migrations.upgrade(connection)
