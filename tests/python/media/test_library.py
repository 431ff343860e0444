"""Pictures handed out: whole, reduced, tiled, as thumbnails; decoded once, found again when they change."""

import io
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from labelwidgets.errors import MediaError
from labelwidgets.labels import Extent
from labelwidgets.media import PREVIEW, TILE, MediaLibrary, Picture, Tiling
from labelwidgets.media import library as module


def opened(data):
    return Image.open(io.BytesIO(data))


def smooth(width, height):
    """A picture whose every part is recognised: red grows to the right, green downwards."""
    x = np.linspace(0, 255, width, dtype=np.uint8)
    y = np.linspace(0, 255, height, dtype=np.uint8)
    return Image.fromarray(
        np.dstack(
            [np.tile(x, (height, 1)), np.tile(y[:, None], (1, width)), np.full((height, width), 99, np.uint8)]
        )
    )


@pytest.fixture
def wide(folder):
    """1500 x 1100 px as JPEG, PNG and TIFF."""
    picture = smooth(1500, 1100)
    for suffix in ("jpg", "png", "tif"):
        picture.save(folder / f"wide.{suffix}")
    return np.asarray(picture).astype(int)


@pytest.fixture
def large(folder):
    """10,000 x 10,000 px, gray, with a white square in the middle."""
    picture = Image.new("L", (10_000, 10_000), 60)
    picture.paste(250, (4900, 4900, 5100, 5100))
    picture.save(folder / "large.jpg", quality=60)


# -- reduced -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["jpg", "png", "tif"])
def test_what_is_over_the_limit_is_reduced_and_has_tiles(wide, library, suffix):
    picture = library.picture(f"wide.{suffix}", limit=5_000)
    assert len(picture.data) <= 5_000
    assert (picture.width, picture.height) == (1500, 1100)
    assert picture.type == "image/jpeg"
    assert picture.tiled == Tiling(TILE, 2)
    assert max(opened(picture.data).size) <= 1500
    whole = library.picture(f"wide.{suffix}")
    assert whole.tiled is None
    assert opened(whole.data).size == (1500, 1100)


def test_a_limit_that_nothing_fits_gives_the_smallest(wide, library):
    assert opened(library.picture("wide.jpg", limit=1).data).size == (1, 1)


def test_within_the_limit_the_file_itself_goes(wide, folder, library):
    data = (folder / "wide.jpg").read_bytes()
    assert library.picture("wide.jpg", limit=len(data)).data == data


def test_100_million_pixels_are_seen_without_decoding_them_all(large, library, monkeypatch):
    shrinks = []
    decode = module.decode
    monkeypatch.setattr(module, "decode", lambda *a, **k: shrinks.append(k["shrink"]) or decode(*a, **k))
    assert library.extent("large.jpg") == Extent(width=10_000, height=10_000)
    picture = library.picture("large.jpg", limit=1_000_000)
    assert picture.tiled == Tiling(TILE, 5)
    assert opened(picture.data).size == (1250, 1250)
    assert library.picture("large.jpg").tiled == picture.tiled
    assert opened(library.thumbnail("large.jpg")).size == (256, 256)
    assert shrinks == [8]
    middle = np.asarray(opened(library.tile("large.jpg", 0, 9, 9)))
    assert abs(int(middle[400, 400]) - 250) < 8
    assert abs(int(middle[100, 100]) - 60) < 8
    assert shrinks == [8, 1]


# -- tiles ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["jpg", "png", "tif"])
@pytest.mark.parametrize(("level", "size"), [(0, (1500, 1100)), (1, (750, 550)), (2, (375, 275))])
def test_tiles_of_a_level_make_the_picture(wide, library, suffix, level, size):
    put = Image.new("RGB", size)
    for row in range(-(-size[1] // TILE)):
        for column in range(-(-size[0] // TILE)):
            put.paste(opened(library.tile(f"wide.{suffix}", level, column, row)), (column * TILE, row * TILE))
    found = np.asarray(put).astype(int)
    wanted = wide[:: 1 << level, :: 1 << level]
    assert found.shape == wanted.shape
    assert np.abs(found - wanted).mean() < 3


def test_odd_sizes_are_rounded_up_at_every_level(folder, library):
    smooth(1025, 515).save(folder / "odd.jpg")
    smooth(1025, 515).save(folder / "odd.png")
    for name in ("odd.jpg", "odd.png"):
        assert library.picture(name, limit=1000).tiled == Tiling(TILE, 2)
        assert opened(library.tile(name, 0, 2, 1)).size == (1, 3)
        assert opened(library.tile(name, 1, 1, 0)).size == (1, 258)
        assert opened(library.tile(name, 2, 0, 0)).size == (257, 129)


def test_tiles_are_upright(folder, library):
    exif = Image.Exif()
    exif[274] = 6
    smooth(1100, 700).transpose(Image.Transpose.ROTATE_90).save(folder / "turned.jpg", exif=exif)
    assert library.extent("turned.jpg") == Extent(width=1100, height=700)
    last = np.asarray(opened(library.tile("turned.jpg", 0, 2, 1))).astype(int)
    assert last.shape == (188, 76, 3)
    assert last[-1, -1, 0] > 245
    assert last[-1, -1, 1] > 245


@pytest.mark.parametrize(
    ("level", "column", "row"),
    [
        (3, 0, 0),
        (-1, 0, 0),
        (0, 3, 0),
        (0, 0, 3),
        (0, -1, 0),
        (0, 10**30, 0),
        (10**9, 0, 0),
        (0.0, 0, 0),
        ("0", 0, 0),
        (True, 0, 0),
        (None, 0, 0),
        (0, 0, float("nan")),
    ],
)
def test_tiles_that_there_are_not_are_refused(wide, library, level, column, row):
    with pytest.raises(MediaError) as said:
        library.tile("wide.png", level, column, row)
    assert said.value.reason == "unknown"


# -- thumbnails ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["jpg", "png", "tif"])
def test_thumbnails_keep_the_shape(wide, library, suffix):
    assert opened(library.thumbnail(f"wide.{suffix}")).size == (256, 188)
    assert opened(library.thumbnail(f"wide.{suffix}", 64)).size == (64, 47)


def test_a_thumbnail_is_never_larger_than_the_picture(folder, library):
    smooth(30, 20).save(folder / "small.png")
    assert opened(library.thumbnail("small.png")).size == (30, 20)


@pytest.mark.parametrize("size", [0, -1, PREVIEW + 1, 1.5, "64", None, True])
def test_odd_thumbnail_sizes_are_refused(wide, library, size):
    with pytest.raises(MediaError, match="thumbnail"):
        library.thumbnail("wide.png", size)


# -- caches --------------------------------------------------------------------------------------------------


def test_a_picture_is_decoded_once_by_many_threads(wide, library, monkeypatch):
    calls = []
    decode = module.decode
    monkeypatch.setattr(module, "decode", lambda *a, **k: calls.append(1) or decode(*a, **k))
    asked = [(column, row) for row in range(3) for column in range(3)] * 3
    with ThreadPoolExecutor(8) as pool:
        tiles = list(pool.map(lambda at: library.tile("wide.png", 0, *at), asked))
    assert len(calls) == 1
    assert tiles[:9] == tiles[9:18]


def test_a_file_that_changed_is_read_again(folder, library):
    smooth(40, 30).save(folder / "a.png")
    assert library.extent("a.png") == Extent(width=40, height=30)
    smooth(50, 30).save(folder / "a.png")
    os.utime(folder / "a.png", ns=(1, 1))
    assert library.extent("a.png") == Extent(width=50, height=30)
    (folder / "a.png").unlink()
    assert library.complaint("a.png") == "a.png is no longer there"


def test_what_is_broken_stays_broken_and_harms_nothing(wide, folder, library):
    (folder / "broken.jpg").write_bytes((folder / "wide.jpg").read_bytes()[:3000])
    for _ in range(3):
        assert "truncated" in library.complaint("broken.jpg")
    assert library.picture("wide.jpg").width == 1500


# -- left to the browser -------------------------------------------------------------------------------------


def test_a_url_is_left_to_the_browser():
    library = MediaLibrary([], ["images.example.org"])
    url = "https://images.example.org/set/a%20b.png?size=3"
    assert library.picture(url, limit=10) == Picture(b"", "", None, None, "a b.png", url=url)
    assert library.extent(url) == Extent()
    assert library.complaint(url) == ""
    for ask in (library.thumbnail, lambda value: library.tile(value, 0, 0, 0)):
        with pytest.raises(MediaError, match="loaded by the browser"):
            ask(url)


def test_everything_refused_by_the_guard_is_refused_everywhere(library, tmp_path):
    Image.new("RGB", (8, 8)).save(tmp_path / "secret.png")
    for value in (
        "../secret.png",
        str(tmp_path / "secret.png"),
        "file:///etc/passwd",
        "https://127.0.0.1/a.png",
        None,
        3,
    ):
        for ask in (
            library.extent,
            library.picture,
            library.thumbnail,
            lambda value: library.tile(value, 0, 0, 0),
        ):
            with pytest.raises(MediaError):
                ask(value)
        assert library.complaint(value)


def test_roots_are_told_and_forms_restored(folder, library):
    smooth(8, 8).save(folder / "a.png")
    assert library.roots == (str(folder),)
    assert library.restore(library.relative(folder / "a.png")) == str(folder / "a.png")


def test_neither_pillow_nor_fsspec_is_loaded_before_a_picture_is_looked_at():
    code = "import sys, labelwidgets.media, labelwidgets.source; print([m for m in ('PIL', 'fsspec', 'ssl') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
