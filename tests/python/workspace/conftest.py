"""A store with two projects and a team, and workspaces of whoever asks."""

import pandas as pd
import pytest

import labelwidgets as lw
from labelwidgets.store import open_store

CITIES = ["Bern", "Rome", "Bern", "Oslo", "Rome", "Bern"]


@pytest.fixture(autouse=True)
def here(monkeypatch):
    monkeypatch.setenv("LABELWIDGETS_USER", "boss")
    monkeypatch.delenv("JUPYTERHUB_USER", raising=False)


@pytest.fixture
def items():
    return pd.DataFrame({"text": [f"text {n}" for n in range(6)], "city": CITIES, "year": range(2000, 2006)})


@pytest.fixture
def schema():
    return lw.Schema(
        lw.Choice("mood", ["glad", "sad"]),
        lw.Text("why", required=False),
        instructions="Read it **twice**.",
        skip_reasons=["Not my language"],
        keys={"undo": "F4"},
    )


@pytest.fixture
def place(tmp_path, items, schema):
    """The store's path: "mail" with six texts, "chat" with two."""
    path = tmp_path / "team.db"
    lw.Session(path, data=items, item="text", schema=schema, name="mail", user="boss").close()
    lw.Session(path, data=items[:2], item="text", schema=schema, name="chat", user="boss").close()
    yield path
    store = open_store(path)
    assert store.verify() == []
    store.close()


@pytest.fixture
def boss(place):
    """Who holds the store's file."""
    with lw.Workspace(place, user="boss") as workspace:
        yield workspace


@pytest.fixture
def of(place, boss):
    """Let somebody in and give their workspace: `of("ann", "reviewer", projects=["mail"])`."""
    opened = []

    def of(id, role="annotator", **options):
        boss.invite(id, role=role, **options)
        opened.append(lw.Workspace(place, member=id))
        return opened[-1]

    yield of
    for workspace in opened:
        workspace.close()


def answer(workspace, project, n=1, mood="glad", seconds=3.0):
    """Answer some tasks of a project."""
    with workspace.open(project) as session:
        for _ in range(n):
            (task,) = session.next()
            session.submit(task, {"mood": mood}, seconds=seconds)
