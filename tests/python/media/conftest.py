"""A folder of pictures of every kind that the media tests look at."""

import numpy as np
import pytest
from PIL import Image

from labelwidgets.media import MediaLibrary


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "pictures"
    made.mkdir()
    return made


@pytest.fixture
def library(folder):
    return MediaLibrary([folder])


@pytest.fixture
def scene():
    """A picture of 96 x 64 px whose corners differ: red, green, blue, white, on gray."""
    pixels = np.full((64, 96, 3), 90, np.uint8)
    pixels[:16, :16], pixels[:16, -16:] = (220, 20, 20), (20, 200, 20)
    pixels[-16:, :16], pixels[-16:, -16:] = (20, 20, 220), (250, 250, 250)
    return Image.fromarray(pixels)
