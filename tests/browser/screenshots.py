"""Pictures of the real widgets for README and docs, light and dark: `make screenshots`, or some by their names.

Most are taken on the bare host (`host.py`), those of JupyterLab and Voila through their own servers.
"""

from __future__ import annotations

import io
import re
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from playwright.sync_api import sync_playwright

import labelwidgets as lw
from labelwidgets.app.shell import AppWidget
from labelwidgets.demo import prepare, schema
from labelwidgets.formats import conllu
from labelwidgets.samples.make_samples import messages, photos
from tests.conllu import CLOCK
from tests.servers import LABELWIDGETS, environment, running

from .conftest import FLAGS, installed
from .host import Host, bare_comms
from .jupyter import Notebook, jupyter, notebook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

IMAGES = Path(__file__).parents[2] / "docs" / "images"

LARGEST = 200_000
"""Bytes of a picture."""

THEMES = ("light", "dark")

ANN = lw.User("ann", "Ann")


@dataclass(frozen=True)
class Scene:
    """Something to be seen.

    Attributes
    ----------
    size : tuple of int
        CSS pixels of the page.
    ratio : float
        Pixels per CSS pixel.
    show : callable
        A context manager; given a page, a theme and an empty folder, it shows something and gives the CSS selector
        of what is taken, "" for the whole page.
    """

    size: tuple[int, int]
    ratio: float
    show: Callable


SCENES: dict[str, Scene] = {}
"""By the name of the files, before "-light.png" and "-dark.png"."""


def bare(name: str, size: tuple[int, int] = (1120, 720), ratio: float = 1.5):
    """Enter a function as a scene on the bare host; it is given the host and a folder."""

    def enter(play):
        @contextmanager
        def show(page: Page, theme: str, folder: Path) -> Iterator[str]:
            with bare_comms():
                play(Host(page, theme=theme), folder)
                yield "#views"

        SCENES[name] = Scene(size, ratio, show)
        return play

    return enter


def hosted(name: str, size: tuple[int, int] = (1280, 860), ratio: float = 1.0):
    """Enter a context manager as a scene in a host of its own."""

    def enter(show):
        SCENES[name] = Scene(size, ratio, contextmanager(show))
        return show

    return enter


# -- what is labeled -----------------------------------------------------------------------------------------


def box(label: str, *place: float, seen: str | None = None, score: float | None = None) -> lw.Box:
    name = "-".join([label, *(f"{number:.0f}" for number in place)])
    return lw.Box(*place, label=label, id=name, score=score, attributes={"seen": seen} if seen else {})


def album(folder: Path, then: str) -> lw.Session:
    """A session of photographs, three of them answered at a lively pace, with `then` next."""
    seen = lw.Choice("seen", ["whole", "cut off"], title="Seen", required=False)
    asked = lw.Schema(
        lw.Boxes("objects", ["person", "animal", "vehicle", "object"], title="Objects", attributes=[seen]),
        lw.Choice("place", ["everyday", "space", "laboratory"], title="Place"),
        lw.Rating("quality", title="Quality", required=False),
    )
    table = photos(folder / "photos").set_index("name", drop=False)
    first = ["coins", "cell", "page", then]
    table = table.loc[[*first, *(name for name in table.index if name not in first)]]
    session = lw.Session(folder / "photos.db", data=table, item="image", schema=asked, user=ANN)
    for seconds in (58, 71, 64):
        (task,) = session.next()
        session.submit(task, {"objects": [], "place": "everyday"}, seconds=seconds)
    return session


def mail(folder: Path, *fields: lw.Schema) -> lw.Session:
    return lw.Session(
        folder / "mail.db", data=messages(), item="text", key="id", schema=lw.Schema(*fields), user=ANN
    )


def begun(session: lw.Session, values: dict) -> lw.Session:
    """Leave unfinished work on the next task."""
    (task,) = session.next()
    session.save_draft(task, session.schema.encode(values))
    return session


def coins(path: str) -> list[lw.Box]:
    """Bright blobs as large as a coin, each with its solidity as a score."""
    from skimage import filters, io, measure, morphology

    gray = io.imread(path)
    bright = gray > filters.threshold_local(gray, 101, offset=-5)
    whole = morphology.opening(morphology.closing(bright, morphology.disk(4)), morphology.disk(5))
    blobs = [blob for blob in measure.regionprops(measure.label(whole)) if blob.area > 700]
    places = [(blob.bbox, round(float(blob.solidity), 2)) for blob in blobs]
    return [
        box("coin", left, top, right - left, bottom - top, score=s)
        for (top, left, bottom, right), s in places
    ]


def answers(folder: Path) -> dict[str, tuple[list[lw.Box], str]]:
    """What the demonstration's photographs show, and how they were made."""
    blobs = [
        box("coin", b.x, b.y, b.width, b.height) for b in coins(str(folder / "coins.png")) if b.score > 0.9
    ]
    galaxies = [
        (424, 316, 66, 62),
        (700, 400, 44, 44),
        (548, 262, 40, 44),
        (262, 596, 52, 48),
        (826, 616, 44, 40),
    ]
    return {
        "coins": (blobs, "everyday"),
        "galaxies": ([box("galaxy", *place) for place in galaxies], "telescope"),
        "cell": ([box("cell", 352, 304, 148, 146)], "microscope"),
        "cat": ([box("animal", 0, 0, 392, 300)], "everyday"),
        "coffee": ([box("object", 173, 16, 236, 292), box("object", 326, 66, 99, 261)], "everyday"),
        "rocket": ([box("vehicle", 300, 88, 42, 260)], "everyday"),
        "astronaut": ([box("person", 30, 8, 430, 504), box("vehicle", 318, 6, 112, 234)], "everyday"),
        "camera": ([box("person", 40, 56, 210, 456), box("object", 228, 120, 170, 380)], "everyday"),
        "tissue": ([box("cell", 0, 0, 282, 262), box("cell", 258, 262, 140, 188)], "microscope"),
        "page": ([], "document"),
        "moon": ([], "telescope"),
        "motorcycle": ([box("vehicle", 108, 56, 598, 394)], "everyday"),
    }


def labeled(folder: Path, until: str) -> None:
    """Fill a store as if somebody had labeled the demonstration's photographs, up to one of them."""
    table = photos(folder / "photos")
    session = lw.Session(folder / "photos.db", data=table, item="image", schema=schema(), user=ANN)
    for name, (found, made) in answers(folder / "photos").items():
        (task,) = session.next()
        if name == until:
            session.save_draft(task, session.schema.encode({"objects": found, "scene": made}))
        elif found:
            session.submit(task, {"objects": found, "scene": made, "quality": "good"}, seconds=52)
        else:
            session.skip(task, "Not my subject")
        if name == until:
            break
    session.store.close()


# -- on the bare host ----------------------------------------------------------------------------------------


def shown(host: Host, widget: lw.LabelWidget) -> Page:
    host.show(widget)
    host.page.locator(".lw-root").wait_for()
    host.settle()
    return host.page


def click_tiles(page: Page, *places: int) -> None:
    for place in places:
        page.locator(f".lw-tile[data-place='{place}']").click()


@bare("boxes")
def boxes(host, folder):
    found = [
        box("person", 30, 8, 430, 504, seen="cut off"),
        box("vehicle", 318, 6, 112, 234, seen="cut off"),
        box("object", 0, 38, 92, 470, seen="cut off"),
    ]
    session = begun(album(folder, "astronaut"), {"objects": found, "place": "space", "quality": 5})
    page = shown(host, lw.BoundingBoxWidget(session))
    page.locator(".lw-list [role=option]", has_text="vehicle").click()
    page.keyboard.press("Shift+1")


STORY = """Ada Lovelace met Charles Babbage in London on 5 June 1833, at a party of his. The Science Museum in South \
Kensington, London, shows the part of the Difference Engine that she saw that night.
"We went to see the thinking machine", Lady Byron wrote to Dr King.
"""


@bare("spans", (1120, 700))
def spans(host, folder):
    asked = lw.Schema(
        lw.Spans(
            "names",
            ["person", "place", "institution", "machine", "date"],
            title="Names",
            attributes=[lw.Choice("known", ["in full", "by title"], title="Named", required=False)],
        ),
    )
    session = lw.Session(folder / "story.db", data=[STORY], schema=asked, user=ANN)
    named = {
        "Ada Lovelace": "person",
        "Charles Babbage": "person",
        "London": "place",
        "5 June 1833": "date",
        "Science Museum in South Kensington, London": "institution",
        "South Kensington": "place",
        "Difference Engine": "machine",
        "Lady Byron": "person",
    }
    (task,) = session.next()
    found = [
        lw.Span(STORY.index(name), STORY.index(name) + len(name), label=label, text=name, id=name)
        for name, label in named.items()
    ]
    session.save_draft(task, session.schema.encode({"names": found}))
    page = shown(host, lw.SpanWidget(session))
    page.locator(".lw-word", has_text="institution").first.click()


@bare("relations", (1120, 640))
def relations(host, folder):
    asked = lw.Schema(
        lw.Spans("names", ["person", "place", "machine"], title="Names"),
        lw.Relations(
            "ties",
            [
                lw.RelationType("wrote to", pairs=[("person", "person")]),
                lw.RelationType("stands in"),
                lw.RelationType("the same", chain=True),
            ],
            between="names",
            title="Relations",
        ),
    )
    story = (
        "Lady Byron wrote to Dr King of the Difference Engine in London.\n"
        "Her daughter Ada never forgot the machine."
    )
    session = lw.Session(folder / "story.db", data=[story], schema=asked, user=ANN)
    named = {
        "Lady Byron": "person",
        "Dr King": "person",
        "Difference Engine": "machine",
        "London": "place",
        "Her": "person",
        "Ada": "person",
        "the machine": "machine",
    }
    found = [
        lw.Span(story.index(name), story.index(name) + len(name), label=label, text=name, id=name)
        for name, label in named.items()
    ]
    ties = [
        lw.Relation("Lady Byron", "Dr King", label="wrote to", id="1"),
        lw.Relation("Difference Engine", "London", label="stands in", id="2"),
        lw.Relation(members=["Lady Byron", "Her"], label="the same", id="3"),
        lw.Relation(members=["Difference Engine", "the machine"], label="the same", id="4"),
    ]
    begun(session, {"names": found, "ties": ties})
    page = shown(host, lw.RelationWidget(session))
    page.locator(".lw-word", has_text="wrote to").click()


@bare("suggestions", (1080, 640), ratio=1)
def suggestions(host, folder):
    table = photos(folder / "photos").iloc[[0]]
    asked = lw.Schema(lw.Boxes("coins", ["coin"], title="Coins"))
    session = lw.Session(folder / "coins.db", data=table, item="image", schema=asked, user=ANN)
    session.add_predictions(lambda _: {"coins": coins(table["image"][0]), "score": 0.91}, model="threshold")
    shown(host, lw.BoundingBoxWidget(session))


@bare("classification", (1120, 700))
def classification(host, folder):
    topics = {
        "order": ["delivery", "return", "invoice", "price"],
        "product": ["defect", "question", "wish"],
        "account": ["sign-in", "privacy", "payment"],
    }
    session = mail(
        folder,
        lw.Choice("mood", ["glad", "calm", "cross"], title="Mood"),
        lw.Taxonomy("topic", topics, title="Topic"),
        lw.Text("note", title="Note", required=False),
    )
    for n in range(6):
        (task,) = session.next()
        session.submit(task, {"mood": "calm", "topic": "order > delivery"}, seconds=21 + n)
    begun(session, {"mood": "cross", "topic": ("product", "defect"), "note": ""})
    shown(host, lw.ClassificationWidget(session, columns=["channel"]))


TALK = [
    ("Customer", "Hello, my parcel 4711 should have come on Monday. Where is it?"),
    ("Agent", "Good morning! I am sorry to hear that. Let me look it up for you."),
    ("Agent", "Could you tell me your postcode, please?"),
    ("Customer", "Yes: 8004 Zürich. It was a birthday present, so I am rather cross."),
    (
        "Agent",
        "I understand. The parcel left Basel on Saturday and was scanned in Zürich this morning at 6:40: it is there soon.",
    ),
    ("Customer", "And if it does not?"),
    ("Agent", "Then I refund the delivery at once, and send a second one by courier."),
]


def talks(folder: Path, *fields, **columns) -> lw.Session:
    talk = [{"speaker": speaker, "text": text} for speaker, text in TALK]
    rows = [{"talk": talk[:end], **columns} for end in (7, 5, 4)]
    return lw.Session(folder / "talks.db", data=rows, item="talk", schema=lw.Schema(*fields), user=ANN)


@bare("tokens", (1240, 600))
def tokens(host, folder):
    rows = conllu.read(CLOCK)
    session = lw.Session(
        folder / "clock.db", data=rows, item="text", key="id", schema=conllu.schema(rows), user=ANN
    )
    begun(session, conllu.answer(rows[0]))
    page = shown(host, lw.TokenWidget(session))
    page.locator(".lw-form", has_text="clock").click()


@bare("dialogue", (1120, 720))
def dialogue(host, folder):
    session = talks(
        folder,
        lw.Turns("acts", ["greeting", "question", "answer", "apology", "promise"], title="Dialogue act"),
        lw.Spans("entities", ["PLACE", "TIME"], title="Entities"),
        lw.Choice("solved", ["yes", "no"], title="Was the problem solved?"),
    )
    text = "\n".join(said for _, said in TALK)
    marks = [("Zürich", "PLACE"), ("Basel", "PLACE"), ("this morning at 6:40", "TIME")]
    spans = [
        lw.Span(text.index(word), text.index(word) + len(word), label=label, id=word) for word, label in marks
    ]
    acts = ["question", "apology", "question", "answer"]
    turns = [lw.Turn(turn, label=label, id=f"t{turn}") for turn, label in enumerate(acts)]
    page = shown(host, lw.label(begun(session, {"acts": turns, "entities": spans, "solved": "yes"})))
    page.locator(".lw-turn").nth(4).focus()


@bare("answers", (1120, 700))
def answers_beside(host, folder):
    session = talks(
        folder,
        lw.Pairwise("better", ["a", "b"], title="Which answer is better?"),
        lw.Text("best", begin="b", multiline=True, title="Make the better one right"),
        a="Parcels may be late. Please wait a few more days and write to us again if it has not come by then.",
        b="I am sorry! If it isn't there by noon, I refund the delivery and send you a second parcel by courier.",
    )
    best = "I am very sorry! If it isn't there by noon, I refund the delivery and send a second parcel by courier."
    page = shown(host, lw.label(begun(session, {"better": "b", "best": best})))
    page.locator(".lw-diff").wait_for()


@bare("grid", (1120, 620), ratio=1.15)
def grid(host, folder):
    asked = lw.Schema(lw.Choice("kind", ["everyday", "microscope", "sky", "document"], title="Kind"))
    session = lw.Session(
        folder / "grid.db", data=photos(folder / "photos"), item="image", schema=asked, user=ANN
    )
    guesses = {
        "camera.png": {"kind": "everyday", "score": 0.83},
        "retina.jpg": {"kind": "microscope", "score": 0.58},
    }
    session.add_predictions(lambda task: guesses.get(task.data["image"]), model="baseline")
    page = shown(host, lw.ClassificationWidget(session, grid=True))
    for key, places in (("1", (3, 4)), ("2", (2, 8)), ("3", (1, 10)), ("4", (9,))):
        click_tiles(page, *places)
        page.keyboard.press(key)
        click_tiles(page, *places)
    click_tiles(page, 5, 11)


@bare("instructions")
def instructions(host, folder):
    shown(host, lw.label(lw.Session(prepare(folder), user=ANN)))


@bare("keys", (1120, 860), ratio=1.25)
def keys(host, folder):
    page = shown(host, lw.BoundingBoxWidget(begun(album(folder, "coffee"), {"place": "everyday"})))
    page.locator(".lw-root").focus()
    page.keyboard.press("?")
    page.locator("dialog").wait_for()


@bare("offline", (1120, 560))
def offline(host, folder):
    host.page.clock.install()
    page = shown(host, lw.ClassificationWidget(mail(folder, lw.Choice("mood", ["glad", "calm", "cross"]))))
    host.dead = True
    page.locator(".lw-root").focus()
    for key in ("3", "2"):
        page.keyboard.press(key)
    page.clock.fast_forward(15_000)
    page.locator(".lw-saving", has_text="Not saved").wait_for()


@bare("phone", (390, 780))
def phone(host, folder):
    found = [box("object", 173, 16, 236, 292), box("object", 326, 66, 99, 261)]
    shown(host, lw.BoundingBoxWidget(begun(album(folder, "coffee"), {"objects": found, "place": "everyday"})))


# -- the pages of a published app ----------------------------------------------------------------------------

CITY = {
    "mia": ("Mia Santos", "manager", "internal"),
    "ann": ("Ann Lee", "annotator", "internal"),
    "ben": ("Ben Okafor", "annotator", "external"),
    "rea": ("Réa Weiß", "annotator", "internal"),
}


def city(folder: Path) -> str:
    """A store with two projects and people at work."""
    path, owner = str(folder / "city.db"), lw.User("owner")
    table = photos(folder / "photos").assign(city="Bonn")
    pictures = lw.Schema(
        lw.Boxes("objects", ["person", "animal", "vehicle"], title="Objects"),
        lw.Choice("place", ["everyday", "space", "laboratory"], title="Place"),
        confidence=True,
    )
    moods = lw.Schema(lw.Choice("mood", ["glad", "calm", "cross"], title="Mood"))
    lw.Session(path, data=messages(), item="text", key="id", schema=moods, user=owner, name="letters").close()
    lw.Session(path, data=table, item="image", schema=pictures, user=owner, name="photographs").close()
    with lw.Workspace(path, user=owner) as workspace:
        for who, (name, role, team) in CITY.items():
            workspace.invite(who, name=name, role=role, team=team)
        for who, goal in (("ann", 8), ("ben", 6), ("rea", None)):
            workspace.assign("photographs", person=who, goal=goal)
        workspace.assign("letters", person="ann")
    work(path, "ann", 5, {"objects": [box("person", 4, 4, 60, 90)], "place": "everyday"}, 31)
    work(path, "ann", 1, {"objects": [], "place": "space"}, 24, confidence="unsure")
    work(path, "ben", 3, {"objects": [box("animal", 4, 4, 60, 90)], "place": "laboratory"}, 44)
    with lw.Workspace(path, member="ann") as workspace, workspace.open("photographs") as session:
        (first, *_) = reversed(session.recent(9))
        session.flag(session.recent(3)[-1].task_id)
    with lw.Workspace(path, member="rea") as workspace, workspace.open("photographs") as session:
        session.comment(first.task_id, "Is the one in the mirror a person too? I would leave it out.")
    return path


def work(path: str, who: str, n: int, values: dict, seconds: float, **more) -> None:
    with lw.Workspace(path, member=who) as workspace, workspace.open("photographs") as session:
        for k in range(n):
            (task,) = session.next()
            session.submit(task, values, seconds=seconds + 3 * k, **more)


def app_at(host: Host, folder: Path, place: str, who: str) -> Page:
    """Show a page of an app to somebody."""
    app = AppWidget(admit=lambda _: lw.Workspace(city(folder), member=who), title="City museum")
    host.page.route("http://widgets.test/ticket", lambda route: route.fulfill(json={"ticket": "t"}))
    fill = "() => { document.body.style.padding = 0; document.documentElement.style.setProperty('--lw-height', '100vh') }"
    host.show(app, path=place, config={"baseUrl": "/", "kernelId": "k"}, script=fill)
    host.page.locator(".lw-a-page h1").wait_for()
    host.settle()
    host.page.wait_for_timeout(400)
    return host.page


@bare("app-projects", (1000, 420), ratio=1.25)
def app_projects(host, folder):
    app_at(host, folder, "", "ann")


@bare("app-work", (1000, 700), ratio=1.25)
def app_work(host, folder):
    app_at(host, folder, "work/photographs", "ann")


@bare("app-manage", (1120, 860), ratio=1.25)
def app_manage(host, folder):
    app_at(host, folder, "manage/photographs", "mia")


@bare("app-phone", (360, 720), ratio=1.5)
def app_phone(host, folder):
    app_at(host, folder, "work/photographs", "ann")


# -- in JupyterLab and Voila ---------------------------------------------------------------------------------

CELLS = (
    'import labelwidgets as lw\n\nsession = lw.Session("photos.db")\nlw.label(session)',
    "lw.Gallery(session, columns=6, size=160)",
)

THEME = "theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })"
ALONE = "() => window.jupyterapp.shell.collapseLeft()"
TO_TOP = "element => element.scrollIntoView({ block: 'start' })"


@contextmanager
def lab(page: Page, theme: str, folder: Path, until: str) -> Iterator[None]:
    """Show a notebook in JupyterLab, run: a widget that stands before a photograph, and a gallery."""
    with jupyter("lab", folder) as server:
        labeled(server.folder, until)
        (server.folder / notebook(server.folder, *CELLS)).rename(server.folder / "photos.ipynb")
        opened = Notebook(page, server, "photos.ipynb", lab=True)
        page.evaluate(THEME, f"JupyterLab {theme.title()}")
        page.evaluate(ALONE)
        for cell in range(len(CELLS)):
            opened.run(cell)
        page.locator(".lw-root .lw-list [role=option]").first.wait_for()
        page.locator(".lw-sheet-tile").first.wait_for()
        page.wait_for_timeout(2_000)
        yield


@hosted("lab", (1260, 1000))
def in_lab(page, theme, folder):
    with lab(page, theme, folder, "coffee"):
        page.locator(".jp-Cell", has=page.locator(".lw-root")).evaluate(TO_TOP)
        yield ""


@hosted("gallery", (1180, 900))
def gallery(page, theme, folder):
    with lab(page, theme, folder, "motorcycle"):
        page.locator(".lw-gallery").evaluate(TO_TOP)
        page.wait_for_timeout(1_000)
        yield ".lw-gallery"


@hosted("voila", (1120, 720))
def in_voila(page, theme, folder):
    labeled(folder, "motorcycle")
    command = [*LABELWIDGETS, "label", "photos.db", "--no-browser"]
    with running(command, cwd=folder, env=environment(folder / "home"), ready="Ctrl+C") as server:
        page.set_default_timeout(90_000)
        page.goto(re.search(r"http://\S+", server.line("token="))[0])
        page.locator(".lw-root .lw-list [role=option]").first.wait_for()
        page.locator(".lw-stage").hover(position={"x": 4, "y": 4})
        page.evaluate("document.activeElement.blur()")
        yield ""


# -- taking them ---------------------------------------------------------------------------------------------


def take(browser: Browser, name: str, theme: str) -> None:
    scene = SCENES[name]
    context = browser.new_context(
        viewport=dict(zip(("width", "height"), scene.size, strict=True)),
        device_scale_factor=scene.ratio,
        color_scheme=theme,
        reduced_motion="reduce",
    )
    with tempfile.TemporaryDirectory() as folder:
        page = context.new_page()
        with scene.show(page, theme, Path(folder)) as selector:
            page.wait_for_timeout(400)
            taken = page.locator(selector) if selector else page
            save(taken.screenshot(), IMAGES / f"{name}-{theme}.png")
        context.close()


def save(png: bytes, path: Path) -> None:
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    reduced(picture).save(path, optimize=True)
    size = path.stat().st_size
    note = "  too large" if size > LARGEST else ""
    print(f"{path.name:32} {picture.width:5} x {picture.height} px  {size / 1000:4.0f} KB{note}", flush=True)


def reduced(picture: Image.Image, exact: int = 112) -> Image.Image:
    """Return a picture in 256 colours; those that cover areas, which are the frame's, are kept exactly."""
    pixels = np.asarray(picture).astype(int)
    codes = pixels @ np.array([65536, 256, 1])
    flat = (codes[1:, 1:] == codes[:-1, 1:]) & (codes[1:, 1:] == codes[1:, :-1])
    known, counts = np.unique(codes[1:, 1:][flat], return_counts=True)
    kept = np.sort(known[np.argsort(-counts)[:exact]])
    places = np.searchsorted(kept, codes)
    colors = np.stack([kept >> 16, kept >> 8 & 255, kept & 255], axis=1).ravel().tolist()
    rest = ~np.isin(codes, kept)
    if rest.any():
        others = Image.fromarray(pixels[rest][None].astype(np.uint8))
        few = others.quantize(256 - len(kept), Image.Quantize.MEDIANCUT, kmeans=1)
        places[rest] = len(kept) + np.asarray(few).ravel()
        colors += few.getpalette() or []
    made = Image.frombytes("P", picture.size, places.astype(np.uint8).tobytes())
    made.putpalette(colors[:768])
    return made


def main(names: list[str]) -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed(), args=FLAGS)
        for name in names or SCENES:
            for theme in THEMES:
                take(browser, name, theme)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
