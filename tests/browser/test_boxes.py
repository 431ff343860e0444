"""Drawing boxes on real pixels with a real mouse and a real keyboard; what was drawn is what the store has."""

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import labelwidgets as lw


@pytest.fixture
def photos(tmp_path):
    """Eight pictures of 400 x 300 px with a bright square at (100, 60), 80 px wide."""
    for n in range(8):
        pixels = np.full((300, 400, 3), 40 + 10 * n, dtype=np.uint8)
        pixels[60:140, 100:180] = 230
        Image.fromarray(pixels).save(tmp_path / f"{n}.png")
    return pd.DataFrame({"image": [str(tmp_path / f"{n}.png") for n in range(8)]})


@pytest.fixture
def session(tmp_path, photos):
    schema = lw.Schema(lw.Boxes("objects", ["car", "person"]), lw.Choice("weather", ["sun", "rain"]))
    with lw.Session(tmp_path / "s.db", data=photos, item="image", schema=schema, user="ann") as session:
        yield session


@pytest.fixture
def shown(host, session):
    host.show(lw.BoundingBoxWidget(session))
    surface = host.page.locator(".lw-root canvas").first
    surface.wait_for()
    host.settle()
    return host


def at(host, x, y):
    """Where a pixel of the picture is in the page: the picture is fitted into the surface, with a margin."""
    box = host.page.evaluate(
        """() => {
          const c = [...document.querySelectorAll('.lw-root canvas')].pop().getBoundingClientRect();
          return [c.x, c.y, c.width, c.height];
        }"""
    )
    left, top, width, height = box
    margin = 12
    scale = min((width - 2 * margin) / 400, (height - 2 * margin) / 300)
    return left + width / 2 + (x - 200) * scale, top + height / 2 + (y - 150) * scale


def drag(host, start, end):
    mouse = host.page.mouse
    mouse.move(*at(host, *start))
    mouse.down()
    mouse.move(*at(host, *[(a + b) / 2 for a, b in zip(start, end, strict=True)]), steps=3)
    mouse.move(*at(host, *end), steps=3)
    mouse.up()


def test_a_box_drawn_on_a_photo_is_in_the_store(shown, session):
    drag(shown, (100, 60), (180, 140))
    shown.page.keyboard.press("3")
    shown.page.keyboard.press("Enter")
    shown.settle()
    (row,) = session.regions().to_dict("records")
    assert [row["x"], row["y"], row["width"], row["height"]] == pytest.approx([100, 60, 80, 80], abs=1.5)
    assert (row["label"], row["annotator"]) == ("car", "ann")
    assert session.frame()["weather"].tolist()[0] == "sun"
