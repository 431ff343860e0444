"""Small real items for the tests: photographs written on the spot, and sessions on them."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import settings
from PIL import Image

import labelwidgets as lw

# Machines are shared: how long one example takes says nothing.
settings.register_profile("shared", deadline=None)
settings.load_profile("shared")


@pytest.fixture
def photos(tmp_path):
    """Twelve small pictures, 160 x 120 px, as a frame with two more columns."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for n in range(12):
        pixels = np.random.default_rng(n).integers(0, 255, (120, 160, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(folder / f"{n}.png")
    return pd.DataFrame(
        {"image": [str(folder / f"{n}.png") for n in range(12)], "camera": [f"c{n % 3}" for n in range(12)]}
    )


@pytest.fixture
def street():
    return lw.Schema(lw.Boxes("objects", ["car", "person"]), lw.Choice("weather", ["sun", "rain"]))


@pytest.fixture
def mood():
    return lw.Schema(lw.Choice("mood", ["glad", "sad"]))


@pytest.fixture
def texts():
    return pd.DataFrame({"text": [f"message {n}" for n in range(10)], "n": range(10)})
