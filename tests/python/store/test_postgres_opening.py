"""Where a store on a server may be, what is opened how, and what is refused in which words."""

import builtins
import subprocess
import sys
import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, make_url

from labelwidgets.errors import StoreError, StoreTooNew
from labelwidgets.store import migrations, open_store
from labelwidgets.store.postgres import opening
from labelwidgets.store.postgres.address import parse
from labelwidgets.store.postgres.writing import lock_key
from labelwidgets.store.tables import metadata
from tests import postgres

from .builders import TTL, answer, session
from .test_migrations import LATER, later_version


@pytest.fixture
def url():
    with postgres.place() as url:
        yield url


@pytest.fixture
def server():
    return postgres.shared()


def with_role(url, name):
    return make_url(url).set(username=name).render_as_string(hide_password=False)


def test_the_url_keeps_no_secret_and_opens_the_same_store(server):
    postgres.run(server.dsn("postgres"), "CREATE DATABASE secrets ENCODING 'UTF8' TEMPLATE template0")
    store = open_store(server.by_password("secrets"))
    assert store.url == f"postgresql+psycopg://boss@127.0.0.1:{server.port}/secrets"
    assert postgres.PASSWORD not in repr(vars(store)["url"])
    again = open_store(server.by_password("secrets").replace("postgresql://", "postgresql+psycopg://"))
    assert again.uuid == store.uuid
    for opened in (again, store):
        opened.close()


@pytest.mark.parametrize(
    ("text", "shown", "schema"),
    [
        ("postgresql://a:b@h/d", "postgresql+psycopg://a@h/d", "labelwidgets"),
        ("postgresql+psycopg2://a:b@h:5/d?schema=x_1", "postgresql+psycopg://a@h:5/d?schema=x_1", "x_1"),
        (
            "postgresql://a@h/d?password=b&sslmode=require",
            "postgresql+psycopg://a@h/d?sslmode=require",
            "labelwidgets",
        ),
        ("postgresql:///d?host=/run&sslpassword=b", "postgresql+psycopg:///d?host=%2Frun", "labelwidgets"),
    ],
)
def test_addresses(text, shown, schema):
    address = parse(text)
    assert (address.shown, address.schema) == (shown, schema)
    assert f"-c search_path={schema}" in address.options
    assert "schema" not in address.url.query


def test_settings_of_the_url_come_after_ours():
    assert parse("postgresql://h/d?options=-c%20jit%3Don").options.endswith("-c jit=on")
    assert parse("postgresql://h/d").arguments["connect_timeout"] == "10"
    assert "connect_timeout" not in parse("postgresql://h/d?connect_timeout=3").arguments


@pytest.mark.parametrize(
    "text", ["postgresql://h/d?schema=Robert'); --", "postgresql://h/d?schema=pg_x", "postgresql://h:x/d"]
)
def test_no_addresses(text):
    with pytest.raises(StoreError, match=r"schema's name|no URL"):
        open_store(text)


def test_a_driver_that_is_missing_is_named(monkeypatch):
    real = builtins.__import__

    def without(name, *arguments, **options):
        if name == "psycopg":
            raise ImportError("No module named 'psycopg'")
        return real(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(StoreError, match=r"needs psycopg.*pip install 'labelwidgets\[postgres\]'"):
        open_store("postgresql://ann@127.0.0.1/labels")


def test_what_a_server_refuses_is_said_with_the_remedy(server):
    nowhere = postgres.free_port()
    with pytest.raises(StoreError, match=r"can't be reached.*Check host and port"):
        open_store(f"postgresql://ann@127.0.0.1:{nowhere}/labels")
    with pytest.raises(StoreError, match=r"password authentication failed.*PGPASSFILE") as refused:
        open_store(server.by_password("postgres", "wrong word"))
    assert "wrong word" not in str(refused.value)
    with pytest.raises(StoreError, match=r'"nowhere" does not exist.*createdb'):
        open_store(server.dsn("nowhere"))
    with pytest.raises(StoreError, match=r'"stranger" does not exist.*Check the role'):
        open_store(with_role(server.dsn("postgres"), "stranger"))


def test_a_server_that_is_too_old_is_refused(url, monkeypatch):
    monkeypatch.setattr(opening, "OLDEST", 990_000)
    with pytest.raises(StoreError, match=r"is PostgreSQL \d+.*must be 99 or newer"):
        open_store(url)


def test_a_database_that_can_not_hold_every_text_is_refused(server):
    postgres.run(server.dsn("postgres"), "CREATE DATABASE latin ENCODING 'SQL_ASCII' TEMPLATE template0")
    with pytest.raises(StoreError, match=r"keeps text as SQL_ASCII.*--encoding UTF8"):
        open_store(server.dsn("latin"))


def test_tables_of_another_program_are_left_alone(url):
    schema = make_url(url).query["schema"]
    postgres.run(url, f"CREATE SCHEMA {schema}", f"CREATE TABLE {schema}.bookmark (url text)")
    with pytest.raises(StoreError, match=r"another program's tables \(bookmark\).*\?schema=name"):
        open_store(url)
    assert postgres.run(url, "SELECT * FROM bookmark") == []


def test_stores_of_one_database_know_nothing_of_each_other(url):
    other = make_url(url).update_query_dict({"schema": "elsewhere"}).render_as_string(hide_password=False)
    first, second = open_store(url), open_store(other)
    session(first, 3)
    assert second.sessions() == []
    assert first.uuid != second.uuid
    assert postgres.run(url, "SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]
    first.close()
    second.close()
    postgres.run(url, "DROP SCHEMA elsewhere CASCADE")


def test_reading_only_changes_nothing_and_makes_nothing(url):
    with pytest.raises(
        StoreError, match="There is no store at .* none can be made: it was opened for reading only"
    ):
        open_store(url, read_only=True)
    store = open_store(url)
    s = session(store, 3)
    reader = open_store(url, read_only=True)
    (task,) = store.lease(s, "ann", 1, ttl=TTL)
    store.submit(s, answer(task.id))
    assert len(list(reader.annotations(s))) == 1
    assert reader.verify() == []
    with pytest.raises(StoreError, match="takes no writes: it was opened for reading only"):
        reader.lease(s, "ben", 1, ttl=TTL)
    reader.close()
    store.close()


def test_a_role_that_may_only_read_reads(url):
    store = open_store(url)
    s, schema = session(store, 3), make_url(url).query["schema"]
    postgres.run(
        url,
        "CREATE ROLE reader LOGIN",
        "CREATE ROLE stranger LOGIN",
        f"GRANT USAGE ON SCHEMA {schema} TO reader",
    )
    try:
        postgres.run(url, f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO reader")
        reader = open_store(with_role(url, "reader"))
        assert reader.read_only == "the role reader may not write there"
        assert len(list(reader.tasks(s))) == 3
        assert reader.verify() == []
        with pytest.raises(StoreError, match="takes no writes: the role reader may not write there"):
            reader.lease(s, "ann", 1, ttl=TTL)
        reader.close()
        with pytest.raises(StoreError, match="The role stranger may not read the tables"):
            open_store(with_role(url, "stranger"))
        nowhere = make_url(url).update_query_dict({"schema": "nowhere"}).render_as_string(hide_password=False)
        with pytest.raises(StoreError, match="The role may not do this.*permission denied for database"):
            open_store(with_role(nowhere, "stranger"))
    finally:
        postgres.run(url, "DROP OWNED BY reader, stranger", "DROP ROLE reader", "DROP ROLE stranger")
    store.close()


def test_a_newer_store_is_refused_and_left_alone(url):
    open_store(url).close()
    postgres.run(url, "UPDATE alembic_version SET version_num = '9999'")
    for read_only in (False, True):
        with pytest.raises(StoreTooNew, match=r"tables 9999.*pip install --upgrade"):
            open_store(url, read_only=read_only)
    assert postgres.run(url, "SELECT version_num FROM alembic_version") == [("9999",)]


# -- versions of the tables --------------------------------------------------------------------------------


def described(url):
    schema = make_url(url).query["schema"]
    columns = (
        "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns "
        f"WHERE table_schema = '{schema}' ORDER BY 1, 2"
    )
    indexes = f"SELECT indexname, replace(indexdef, '{schema}', '') FROM pg_indexes WHERE schemaname = '{schema}' AND tablename <> 'alembic_version' ORDER BY 1"
    keys = (
        f"SELECT conname, replace(pg_get_constraintdef(c.oid), '{schema}', '') FROM pg_constraint c "
        f"JOIN pg_namespace n ON n.oid = connamespace WHERE nspname = '{schema}' AND conrelid::regclass::text NOT LIKE '%alembic_version' ORDER BY 1"
    )
    return [postgres.run(url, sql) for sql in (columns, indexes, keys)]


def test_the_scripts_and_the_tables_agree(url):
    with postgres.place() as scripted:
        engines = {}
        for place, make in ((url, migrations.create), (scripted, migrations.upgrade)):
            address = parse(place)
            engines[place] = create_engine(address.url, connect_args={"options": address.options})
            with engines[place].begin() as connection:
                connection.exec_driver_sql(f"CREATE SCHEMA {address.schema}")
                make(connection)
        assert described(url) == described(scripted)
        with engines[scripted].begin() as connection:
            context = MigrationContext.configure(connection, opts={"target_metadata": metadata})
            assert compare_metadata(context, metadata) == []
        for engine in engines.values():
            engine.dispose()


def test_an_older_store_is_brought_up_to_date_in_one_transaction(url, tmp_path, monkeypatch):
    store = open_store(url)
    s = session(store, 3)
    store.save_member("u1", name="Ann", role="annotator")
    (task,) = store.lease(s, "ann", 1, ttl=TTL)
    store.submit(s, answer(task.id))
    store.close()
    with monkeypatch.context() as patch:
        later_version(patch, tmp_path, more='op.execute("UPDATE nowhere SET x = 1")')
        with pytest.raises(StoreError, match='"nowhere" does not exist'):
            open_store(url)
        with pytest.raises(StoreError, match="can't be brought up to date: it was opened for reading only"):
            open_store(url, read_only=True)
    assert postgres.run(url, "SELECT version_num FROM alembic_version") == [(migrations.HEAD,)]
    (tmp_path / "again").mkdir()
    later_version(monkeypatch, tmp_path / "again")
    store = open_store(url)
    assert postgres.run(url, "SELECT version_num FROM alembic_version") == [(LATER,)]
    assert postgres.run(url, "SELECT colour FROM member") == [("green",)]
    assert len(list(store.annotations(s))) == 1
    assert store.verify() == []
    store.close()


def test_whoever_opens_waits_for_another_who_makes_the_tables(url):
    """Two that open an empty database at once: the second finds what the first made."""
    import psycopg

    address, opened = parse(url), []
    plain = make_url(url).difference_update_query(["schema"]).render_as_string(hide_password=False)
    with psycopg.connect(plain) as first:
        first.execute("SELECT pg_advisory_xact_lock(%s)", (lock_key(address.schema, "opening"),))
        thread = threading.Thread(target=lambda: opened.append(open_store(url)))
        thread.start()
        while first.execute(
            "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        ).fetchone() == (0,):
            assert thread.is_alive()
        first.execute(f"CREATE SCHEMA {address.schema}")
    thread.join(60)
    assert opened[0].sessions() == []
    opened[0].close()


RACE = """
import os, sys
from labelwidgets.store import open_store
import labelwidgets.store.postgres
pids = []
for n in range(6):
    pid = os.fork()
    if not pid:
        store = open_store(sys.argv[1])
        store.create_session("s", settings={}, schema={}, actor=f"u{n}")
        os.write(1, f"{store.uuid}\\n".encode())
        os._exit(0)
    pids.append(pid)
assert [os.waitpid(pid, 0)[1] for pid in pids] == [0] * 6
"""


def test_processes_that_make_the_same_store_at_once_make_one(url):
    done = subprocess.run(
        [sys.executable, "-c", RACE, url], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.split()) == 6
    assert len(set(done.stdout.split())) == 1
    store = open_store(url)
    assert len(store.sessions()) == 1
    assert store.verify() == []
    store.close()
