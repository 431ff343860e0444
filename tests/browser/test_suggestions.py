"""What a model says looks like a suggestion until a person has decided; one key accepts, one rejects."""

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import labelwidgets as lw


@pytest.fixture
def texts(host):
    data = pd.DataFrame({"text": ["one", "two", "three", "four"]})
    session = lw.Session(
        None, data=data, item="text", schema=lw.Schema(lw.Choice("mood", ["glad", "sad"])), user="ann"
    )
    session.add_predictions(data.assign(mood="sad", score=0.87), model="tiny", version="3")
    return begun(host, session, "one")


@pytest.fixture
def photos(host, tmp_path):
    for n in range(3):
        Image.fromarray(np.full((300, 400, 3), 90, dtype=np.uint8)).save(tmp_path / f"{n}.png")
    data = pd.DataFrame({"image": [str(tmp_path / f"{n}.png") for n in range(3)]})
    schema = lw.Schema(lw.Boxes("objects", ["car", "person"]))
    session = lw.Session(None, data=data, item="image", schema=schema, user="ann")
    boxes = [
        lw.Box(10, 10, 50, 40, label="car", score=0.9),
        lw.Box(100, 80, 30, 60, label="person", score=0.4),
    ]
    session.add_predictions(lambda task: {"objects": boxes, "score": 0.65}, model="tiny", version="3")
    return begun(host, session, None)


def begun(host, session, text):
    host.session = session
    host.show(lw.label(session))
    if text:
        host.page.get_by_text(text, exact=True).first.wait_for()
    host.page.locator(".lw-root").first.wait_for()
    host.settle()
    host.page.locator(".lw-root").first.focus()
    return host


def test_it_says_who_suggests_and_how_sure(texts):
    banner = texts.page.locator(".lw-root").inner_text()
    assert "tiny" in banner
    assert "0.87" in banner or "87" in banner
    assert texts.session.annotations().empty


def test_accepting_is_one_key_and_is_remembered(texts):
    texts.page.keyboard.press(".")
    texts.settle()
    if texts.session.annotations().empty:  # accepted, not yet submitted
        texts.page.keyboard.press("Enter")
        texts.settle()
    row = texts.session.annotations().iloc[0]
    assert (row["mood"], row["model"]) == ("sad", "tiny:3")


def test_rejecting_is_one_key(texts):
    texts.page.keyboard.press(",")
    texts.settle()
    assert texts.session.annotations().empty
    texts.page.keyboard.press("1")
    texts.settle()
    assert texts.session.annotations()["mood"].tolist() == ["glad"]


def test_correcting_is_one_key(texts):
    texts.page.keyboard.press("1")
    texts.settle()
    row = texts.session.annotations().iloc[0]
    assert row["mood"] == "glad"


def test_suggested_boxes_count_for_nothing_until_accepted(photos):
    photos.page.keyboard.press("Enter")
    photos.settle()
    stored = photos.session.regions()
    if len(stored):
        pytest.fail("an undecided suggestion was stored as an answer")


def test_accepted_boxes_are_the_answer(photos):
    photos.page.keyboard.press(".")
    photos.page.keyboard.press("Enter")
    photos.settle()
    regions = photos.session.regions()
    assert regions["label"].tolist() == ["car", "person"]
    assert photos.session.annotations()["model"].tolist() == ["tiny:3"]


def test_rejected_boxes_are_gone(photos):
    photos.page.keyboard.press(",")
    photos.page.keyboard.press("Enter")
    photos.settle()
    assert photos.session.regions().empty
    assert photos.session.annotations()["status"].tolist() == ["submitted"]


def test_a_prediction_that_no_longer_fits_is_not_shown(host, tmp_path):
    Image.fromarray(np.zeros((30, 40, 3), dtype=np.uint8)).save(tmp_path / "a.png")
    schema = lw.Schema(lw.Boxes("objects", ["car"]))
    session = lw.Session(None, data=[str(tmp_path / "a.png")], schema=schema, user="ann")
    session.add_predictions(lambda task: {"objects": [lw.Box(0, 0, 500, 500, label="car")]}, model="wild")
    begun(host, session, None)
    assert "wild" not in host.page.locator(".lw-root").inner_text()
