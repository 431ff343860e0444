"""The widget in the real Notebook 7."""

import pytest

from .hands import LABELING_KEYS, Hands, photos
from .jupyter import WATCH, Notebook, jupyter, notebook

SHOW = """import labelwidgets as lw
session = lw.Session("{store}", data="photos", schema=lw.Schema(
    lw.Boxes("objects", ["car", "person"]), lw.Choice("weather", ["sun", "rain"])))
lw.label(session)"""

LOOK = "print(session.frame()['weather'].dropna().tolist(), session.regions()['label'].tolist())"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with jupyter("notebook", tmp_path_factory.mktemp("notebook")) as server:
        photos(server.folder / "photos", 4)
        yield server


@pytest.fixture
def opened(server, page, request):
    """A notebook of its own, with its own store, its widget on show."""
    store = f"{request.node.name[:30]}.db"
    made = Notebook(page, server, notebook(server.folder, SHOW.format(store=store), LOOK), lab=False)
    made.run(0)
    return made


def test_an_answer_is_in_the_next_cell_and_still_there_after_a_reload(opened):
    hands = Hands(opened.page)
    hands.draw()
    hands.press("2", "4", "Enter")
    hands.saved(1)
    assert opened.run(1) == "['rain'] ['person']\n"
    opened.save()
    opened.open()
    assert Hands(opened.page).done == 1


def test_labeling_keys_are_the_widgets_alone(opened):
    before = opened.cells
    hands = Hands(opened.page)
    hands.draw()
    opened.page.evaluate(WATCH)
    for key in LABELING_KEYS:
        hands.press_inside(key)
    assert opened.page.evaluate("window.__commands") == []
    assert opened.cells == before
