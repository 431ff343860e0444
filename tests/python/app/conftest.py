"""A published app in a process of its own, and people who visit it."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

import labelwidgets as lw
from labelwidgets.accounts import Accounts
from labelwidgets.app.publication import Publication
from labelwidgets.app.publishing import publish
from labelwidgets.store import open_store
from tests.servers import LABELWIDGETS, environment, running
from tests.visitor import Visitor, Wire

PASSWORD = "four plain words here"


@pytest.fixture(autouse=True)
def websockets_are_closed():
    yield
    Wire.close_all()


@dataclass
class App:
    """A published app that runs."""

    home: Path
    server: object
    url: str
    log: Path

    @property
    def store(self):
        return self.home / "s.db"

    @property
    def pid(self):
        return self.server.process.pid

    def events(self, *kinds):
        lines = [json.loads(line) for line in self.log.read_text().splitlines()]
        return [line for line in lines if not kinds or line["event"] in kinds]

    def visitor(self, **headers):
        return Visitor(self.url, **headers)

    def signed_in(self, name):
        visitor = self.visitor()
        answer = visitor.sign_in(name, PASSWORD)
        assert answer.status == 302, answer.text
        return visitor


def made_store(home, n=30):
    items = [{"text": f"secret message {k}"} for k in range(n)]
    schema = lw.Schema(lw.Choice("mood", ["glad", "sad"]))
    lw.Session(home / "s.db", data=items, schema=schema, user="owner").close()
    return home / "s.db"


def published(home, *, people=("ann", "ben"), managers=("mia",), passwords=True, **given):
    """Publish a store, and give everybody a password."""
    store = open_store(home / "s.db")
    made, invited = publish(store, home / "s-app", people=people, managers=managers, **given)
    for each in invited:
        if passwords and each.link:
            Accounts(store).accept(each.link.rpartition("/")[2], PASSWORD)
    store.close()
    return made, invited


def serving(home, *options, **more):
    """Serve what is published in a folder."""
    log = home / "app.log"
    command = [*LABELWIDGETS, "serve", "s.db", "--no-browser", "--log-file", str(log), *options]
    env = environment(home / "home", SECRET_OF_THE_SERVER="hunter2", **more)
    return running(command, cwd=home, env=env, ready="Ctrl+C")


def as_app(home, server):
    url = re.search(r"Serving (http\S+)", server.output)[1]
    port = Publication.read(home / "s-app").port
    local = url if "127.0.0.1" in url else f"http://127.0.0.1:{port}/"
    return App(home, server, local, home / "app.log")


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """One app for a module, with ann and ben who label and mia who manages."""
    home = tmp_path_factory.mktemp("published")
    made_store(home)
    published(home, sizes={"pool": 1, "per_person": 3})
    with serving(home) as server:
        yield as_app(home, server)
