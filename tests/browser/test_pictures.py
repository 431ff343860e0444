"""A real browser shows rightly, and upright, what the media library hands it, passed through or converted."""

import base64

import numpy as np
import pytest
from PIL import Image

from labelwidgets.media import MediaLibrary

CORNERS = ((220, 20, 20), (20, 200, 20), (20, 20, 220), (250, 250, 250))

DECODE = """async ([data, type]) => {
  const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], { type }));
  const ink = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
  ink.drawImage(bitmap, 0, 0);
  const at = (x, y) => [...ink.getImageData(x, y, 1, 1).data].slice(0, 3);
  const [right, lower] = [bitmap.width - 5, bitmap.height - 5];
  return [bitmap.width, bitmap.height, at(4, 4), at(right, 4), at(4, lower), at(right, lower)];
}"""

UNDONE_BY = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
"""EXIF orientation to the transposition that it undoes."""

KINDS = {
    "rgb.jpg": ("RGB", {"quality": 95}),
    "progressive.jpg": ("RGB", {"quality": 95, "progressive": True}),
    "cmyk.jpg": ("CMYK", {"quality": 95}),
    "rgb.png": ("RGB", {}),
    "rgba.png": ("RGBA", {}),
    "palette.png": ("P", {}),
    "palette.gif": ("P", {}),
    "lossless.webp": ("RGB", {"lossless": True}),
    "photo.avif": ("RGB", {"quality": 95}),
    "rgb.tif": ("RGB", {}),
    "rgb.bmp": ("RGB", {}),
}


@pytest.fixture
def scene():
    """A picture of 96 x 64 px whose corners differ."""
    pixels = np.full((64, 96, 3), 90, np.uint8)
    pixels[:16, :16], pixels[:16, -16:], pixels[-16:, :16], pixels[-16:, -16:] = CORNERS
    return Image.fromarray(pixels)


def assert_shown(page, folder, name):
    picture = MediaLibrary([folder]).picture(name)
    width, height, *found = page.evaluate(DECODE, [base64.b64encode(picture.data).decode(), picture.type])
    assert (width, height) == (picture.width, picture.height) == (96, 64)
    assert np.abs(np.array(found) - np.array(CORNERS)).max() <= 45, (name, picture.type, found)


def test_every_kind_of_picture_is_shown_in_its_colours(page, tmp_path, scene):
    for name, (mode, options) in KINDS.items():
        scene.convert(mode).save(tmp_path / name, **options)
        assert_shown(page, tmp_path, name)


@pytest.mark.parametrize(
    ("suffix", "options"), [("jpg", {"quality": 95}), ("png", {}), ("webp", {"lossless": True}), ("tif", {})]
)
def test_turned_pictures_are_upright(page, tmp_path, scene, suffix, options):
    for orientation, turn in UNDONE_BY.items():
        exif = Image.Exif()
        exif[274] = orientation
        stored = scene if turn is None else scene.transpose(Image.Transpose(turn))
        stored.save(tmp_path / f"{orientation}.{suffix}", exif=exif, **options)
        assert_shown(page, tmp_path, f"{orientation}.{suffix}")
