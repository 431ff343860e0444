"""Real photographs to label, to see what the tool is like; and a browser that tries it by itself."""

from __future__ import annotations

import re
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import LabelwidgetsError
from .identity import User
from .places import data_home

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from playwright.sync_api import Browser

    from .app.publishing import Invited
    from .schema import Schema
    from .session import Session

INSTRUCTIONS = """
Thirteen photographs that belong to [scikit-image](https://scikit-image.org). For each, say **what is in it** and **what
kind of picture it is**. There is no hurry, and nothing you do is lost: close the page whenever you like and open it again.

## Draw boxes

1. Choose a label by its key or with the mouse, then drag from one corner of the thing to the other.
2. Let each box **touch its thing on all four sides**, and give every thing a box of its own.
3. What is cut off by the edge of the picture still counts: the box ends at the edge.
4. Of many alike (coins, galaxies) box the ones you can tell apart with ease. Ten are enough.
5. Nothing of the list in the picture? Then no box is the right answer.

Handles resize a box and turn it, the arrow keys nudge it, `Delete` removes it. `Ctrl+Z` takes back the last step, also
across pictures.

## Say what kind of picture it is

**Scene** is how the picture was made, **quality** how well you could work with it. Choose *poor* if you had to guess.

Then press `Enter`. Can't tell at all? *Skip* it and say why. `?` shows all keys.
"""


def schema() -> Schema:
    """Return what the demonstration asks of each photograph."""
    from .labels import Box
    from .schema import Boxes, Choice, Example, Instructions, Label, Schema

    things = [
        Label("coin", description="Whole coins, worn ones too."),
        Label("galaxy", description="Galaxies large enough to have a shape; points of light are left out."),
        Label("cell", description="Cells, and the brown marks in the stained tissue."),
        Label("animal"),
        Label("person", description="The whole person as far as it can be seen, clothes and suit included."),
        Label("vehicle", description="Whatever carries people or loads: motorcycles, rockets, shuttles."),
        Label("object", description="Any other thing that the picture is about, such as a cup or a camera."),
    ]
    examples = (
        Example(
            {"image": "cat.png"},
            {
                "objects": [Box(0, 0, 392, 300, label="animal", id="cat")],
                "scene": "everyday",
                "quality": "good",
            },
            "One animal, one box. It ends where the picture ends.",
        ),
        Example(
            {"image": "coffee.png"},
            {
                "objects": [
                    Box(173, 16, 236, 292, label="object", id="cup"),
                    Box(326, 66, 99, 261, label="object", id="spoon"),
                ],
                "scene": "everyday",
                "quality": "good",
            },
            "Cup and spoon are two things: two boxes, and they may overlap.",
        ),
    )
    return Schema(
        Boxes("objects", things, title="Objects"),
        Choice(
            "scene",
            ["everyday", "microscope", "telescope", "document"],
            title="Scene",
            help="How was it made?",
        ),
        Choice("quality", ["good", "fair", "poor"], title="Quality", help="How well could you work with it?"),
        instructions=Instructions(INSTRUCTIONS.strip(), examples),
    )


def prepare(home: Path | None = None) -> Path:
    """Write the photographs and make the session, or find both as they were left.

    Parameters
    ----------
    home : Path, optional
        A folder for both; by default one in the person's data folder.

    Returns
    -------
    Path
        The store.
    """
    from .session import Session

    home = data_home() / "demo" if home is None else home
    home.mkdir(parents=True, exist_ok=True)
    store = home / "demo.db"
    table = _photos(home / "photos")
    if not store.exists():
        session = Session(store, data=table, item="image", schema=schema(), media_roots=[home / "photos"])
        session.store.close()
    return store


def _photos(folder: Path) -> pd.DataFrame:
    from .samples.make_samples import photos

    table: pd.DataFrame = photos(folder)
    return table


# -- for a team ----------------------------------------------------------------------------------------------

TEAM = ("ann", "ben")
"""The invented people who label in the demonstration for a team, two for each item."""

MANAGER = "mia"

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "Montag", "Freitag")

MESSAGES = """
Messages that customers wrote. **Mark what they speak of**, exactly and without the words around it, and say how the
writer feels.

- *Order numbers* and *days* are suggested already: `.` accepts a suggestion, `,` rejects it.
- Mark a thing each time it is named.
- Nothing to mark? Say the mood and press `Enter`.
"""


def team(home: Path | None = None) -> tuple[Path, Path, list[Invited]]:
    """Make two projects, photographs and messages, and publish them for a team; again, both are as they were left.

    Parameters
    ----------
    home : Path, optional
        A folder for all of it; by default one in the person's data folder.

    Returns
    -------
    store, app : Path
        What people say, and the folder that is served.
    invited : list of Invited
        With a link for each person who has no password yet.
    """
    from .app.publishing import publish
    from .store import open_store

    home = data_home() / "demo" if home is None else home
    home.mkdir(parents=True, exist_ok=True)
    path, folder = home / "team.db", home / "team-app"
    if not path.exists():
        _fill(path, home)
    store = open_store(path)
    try:
        _, invited = publish(
            store,
            folder,
            people=TEAM,
            managers=[MANAGER],
            title="Demonstration",
            columns=["about", "channel"],
        )
    finally:
        store.close()
    return path, folder, invited


def _fill(path: Path, home: Path) -> None:
    """Make the projects beside the store and move them into place whole."""
    from .models import patterns
    from .samples.make_samples import messages
    from .session import Session

    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    mia, pictures = User(MANAGER, role="admin"), home / "photos"
    Session(
        part,
        data=_photos(pictures),
        item="image",
        schema=schema(),
        user=mia,
        overlap=2,
        media_roots=[pictures],
        name="photographs",
    ).close()
    with Session(
        part,
        data=messages(),
        item="text",
        key="id",
        schema=_questions(),
        user=mia,
        overlap=2,
        name="messages",
    ) as texts:
        known = {"order": re.compile(r"\b\d{4,6}\b"), "day": [*WEEKDAYS]}
        texts.add_predictions(patterns(known, field="things"), model="patterns")
    part.replace(path)


def _questions() -> Schema:
    """Return what is asked of each message."""
    from .schema import Choice, Instructions, Schema, Spans

    return Schema(
        Spans("things", ["product", "order", "day", "amount"], title="Things", overlapping=False),
        Choice("mood", ["glad", "calm", "cross"], title="Mood"),
        instructions=Instructions(MESSAGES.strip()),
    )


# -- tried by a browser --------------------------------------------------------------------------------------

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS = 30_000


@dataclass(frozen=True, slots=True)
class Seen:
    """What a browser saw, and what the store holds after it.

    Attributes
    ----------
    title : str
        Of the page.
    task : str
        Key of the task that was answered.
    box : Series
        The box as the store has it.
    scene, quality : str
        The options as the store has them.
    next : str
        What the page showed afterwards.
    """

    title: str
    task: str
    box: pd.Series[Any]
    scene: str
    quality: str
    next: str

    def __str__(self) -> str:
        """Return it as lines for people."""
        x, y, width, height = (round(self.box[name], 1) for name in ("x", "y", "width", "height"))
        return "\n".join(
            (
                f"opened   {self.title!r} in a browser, through Voila",
                f"answered a photograph: {self.box['label']} at x {x}, y {y}, {width} x {height} px; {self.scene}, {self.quality}",
                f"read     the same from the store, task {self.task[:12]}",
                f"then     {self.next}",
            )
        )


def check(port: int | None = None) -> Seen:
    """Let a browser without a window answer one photograph through a real Voila page, and read it from the store.

    The person's own demonstration is left alone.

    Raises
    ------
    LabelwidgetsError
        There is no browser, or something was not as it should be.
    """
    from .app import serve
    from .session import Session

    seen: list[Seen] = []
    with tempfile.TemporaryDirectory(prefix="labelwidgets-check-") as folder:
        store = prepare(Path(folder))

        def ready(url: str) -> bool:
            with _browser() as browser:
                seen.append(_answer(browser.new_page(viewport={"width": 1280, "height": 860}), url, store))
            return True

        serve(Session(store), str(store), columns=["about"], port=port or 0, open_browser=False, ready=ready)
    return seen[0]


@contextmanager
def _browser() -> Iterator[Browser]:
    """Start an installed Chromium, else Playwright's own."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError as error:
        raise LabelwidgetsError(
            "The check needs a browser that a program can lead: run `pip install playwright`, or try the demo yourself "
            "with `labelwidgets demo`."
        ) from error
    installed = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=installed, args=list(FLAGS))
        except Error as error:
            raise LabelwidgetsError(
                f"No browser could be started ({str(error).splitlines()[0]}): install Chromium, or run `playwright install chromium`."
            ) from error
        with browser:
            yield browser


def _answer(page: Any, url: str, store: Path) -> Seen:
    """Draw one box, choose, submit, and read the answer from the store."""
    from playwright.sync_api import Error

    from .session import Session

    page.set_default_timeout(PATIENCE_MS)
    try:
        page.goto(url)
        page.get_by_role("button", name="Start labeling").click()
        _draw(page, page.locator(".lw-stage").bounding_box())
        page.get_by_role("radio", name="everyday").click()
        page.get_by_role("radio", name="good").click()
        page.keyboard.press("Enter")
        page.locator(".lw-progress", has_text="1 of 13").wait_for()
        page.locator(".lw-saving", has_text=re.compile("^Saved")).wait_for()
        after = page.locator(".lw-progress span").first.inner_text()
        title = page.title()
    except Error as error:
        text = page.locator("body").inner_text()[:400]
        raise LabelwidgetsError(
            f"The page did not do what it should: {error.message}\nIt shows: {text}"
        ) from error
    with Session(store, user="reader") as session:
        return _kept(session, title, f"{after} done, the mark says Saved")


def _draw(page: Any, stage: dict[str, float]) -> None:
    """Drag the second label's box over the middle of the picture."""
    page.locator(".lw-label", has_text="galaxy").click()
    x, y, width, height = (stage[name] for name in ("x", "y", "width", "height"))
    page.mouse.move(x + 0.4 * width, y + 0.4 * height)
    page.mouse.down()
    page.mouse.move(x + 0.5 * width, y + 0.5 * height, steps=4)
    page.mouse.move(x + 0.6 * width, y + 0.6 * height, steps=4)
    page.mouse.up()
    page.locator(".lw-list [role=option]", has_text="galaxy").wait_for()


def _kept(session: Session, title: str, after: str) -> Seen:
    answers, boxes = session.annotations(), session.regions("objects")
    if len(answers) != 1 or len(boxes) != 1 or boxes["label"][0] != "galaxy":
        raise LabelwidgetsError(
            f"The store should hold one answer with one galaxy, found {len(answers)} answers and boxes {list(boxes['label'])}."
        )
    answer = answers.iloc[0]
    return Seen(
        title,
        str(answer["key"]),
        boxes.iloc[0],
        str(answer["scene"]),
        str(answer["quality"]),
        after,
    )
