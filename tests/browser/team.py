"""A store with projects and people at work, as a team's app shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from PIL import Image

import labelwidgets as lw
from labelwidgets.app.shell import AppWidget
from labelwidgets.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

PEOPLE = {
    "mia": ("Mia Santos", "manager", "internal", ()),
    "ann": ("Ann Lee", "annotator", "internal", ("north",)),
    "ben": ("Ben Okafor", "annotator", "external", ("north", "night")),
    "rea": ("Réa Weiß", "reviewer", "internal", ()),
}
"""Id to name, role, team and groups."""

STREET = lw.Schema(
    lw.Boxes("objects", ["car", "person", "bicycle"], title="Objects"),
    lw.Choice("weather", ["sun", "rain", "snow"], title="Weather"),
    instructions="# What to draw\n\nDraw a box around **every** car and person.",
    confidence=True,
    skip_reasons=["Not my subject"],
)

LETTERS = lw.Schema(lw.Choice("mood", ["glad", "calm", "cross"], title="Mood"))

CONFIG = {"baseUrl": "/", "kernelId": "k1"}
"""What a server writes into the page."""


def pictures(folder: Path, count: int) -> pd.DataFrame:
    """Write pictures, and say where each was taken."""
    folder.mkdir(parents=True, exist_ok=True)
    for n in range(count):
        pixels = np.full((60, 80, 3), 40 + 3 * n, dtype=np.uint8)
        Image.fromarray(pixels).save(folder / f"{n}.png")
    paths = [str(folder / f"{n}.png") for n in range(count)]
    cities = [("Bonn", "Ulm", "Kiel")[n % 3] for n in range(count)]
    return pd.DataFrame({"image": paths, "city": cities, "year": [2000 + n for n in range(count)]})


def store_of_a_team(folder: Path, *, items: int = 12, more: int = 0) -> str:
    """Make a store: `street` with pictures, `letters` with texts, and `more` others; nobody has answered."""
    path = str(folder / "team.db")
    owner = lw.User("owner")
    table = pictures(folder / "pictures", items)
    lw.Session(path, data=table, item="image", schema=STREET, user=owner, name="street").close()
    texts = [{"text": f"Letter {n}: we are not amused."} for n in range(items)]
    lw.Session(path, data=texts, item="text", schema=LETTERS, user=owner, name="letters").close()
    for n in range(more):
        lw.Session(path, data=texts[:2], item="text", schema=LETTERS, user=owner, name=f"survey {n}").close()
    with Workspace(path, user=owner) as workspace:
        for who, (name, role, team, groups) in PEOPLE.items():
            workspace.invite(who, name=name, role=role, team=team, groups=groups)
        workspace.assign("street", person="ann", goal=8)
        workspace.assign("street", group="night", where={"city": "Bonn"})
        workspace.assign("letters", person="ann")
        workspace.assign("street", person="rea", role="reviewer")
    return path


def answer(path: str, who: str, project: str, n: int, values: dict, **more) -> None:
    """Let somebody answer `n` tasks."""
    with Workspace(path, member=who) as workspace, workspace.open(project) as session:
        for k in range(n):
            (task,) = session.next()
            session.submit(task, values, seconds=20 + k, **more)


def app_of(path: str, **tickets: str) -> AppWidget:
    """The app's widget in a kernel that lets in whoever has a ticket."""

    def admit(ticket: str) -> Workspace:
        if ticket not in tickets:
            raise lw.RightsError("This page could not show who you are. Load it again.")
        return Workspace(path, member=tickets[ticket])

    return AppWidget(admit=admit, title="City survey")
