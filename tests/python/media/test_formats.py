"""Every kind of picture gives its documented result: passed through, converted, or broken with a reason."""

import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from labelwidgets.errors import MediaError
from labelwidgets.labels import Extent

CORNERS = ((220, 20, 20), (20, 200, 20), (20, 20, 220), (250, 250, 250))


def shown(picture):
    """What a browser shows of a picture's bytes, orientation applied as browsers do for JPEG."""
    decoded = Image.open(io.BytesIO(picture.data))
    if picture.type == "image/jpeg":
        from PIL import ImageOps

        decoded = ImageOps.exif_transpose(decoded)
    return decoded


def corners(image):
    pixels = np.asarray(image.convert("RGB")).astype(int)
    return pixels[4, 4], pixels[4, -5], pixels[-5, 4], pixels[-5, -5]


def assert_is_scene(picture, near=40):
    image = shown(picture)
    assert image.size == (picture.width, picture.height) == (96, 64)
    for found, wanted in zip(corners(image), CORNERS, strict=True):
        assert np.abs(found - wanted).max() <= near


# -- passed through ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "convert", "options", "type"),
    [
        ("rgb.jpg", "RGB", {"quality": 90}, "image/jpeg"),
        ("progressive.jpg", "RGB", {"progressive": True}, "image/jpeg"),
        ("gray.jpg", "L", {}, "image/jpeg"),
        ("rgb.png", "RGB", {}, "image/png"),
        ("rgba.png", "RGBA", {}, "image/png"),
        ("gray.png", "L", {}, "image/png"),
        ("palette.png", "P", {}, "image/png"),
        ("bits.png", "1", {}, "image/png"),
        ("gray_alpha.png", "LA", {}, "image/png"),
        ("still.gif", "P", {}, "image/gif"),
        ("lossy.webp", "RGB", {}, "image/webp"),
        ("lossless.webp", "RGBA", {"lossless": True}, "image/webp"),
        ("photo.avif", "RGB", {}, "image/avif"),
    ],
)
def test_what_a_browser_decodes_is_passed_through(folder, library, scene, name, convert, options, type):
    scene.convert(convert).save(folder / name, **options)
    picture = library.picture(name)
    assert picture.data == (folder / name).read_bytes()
    assert (picture.type, picture.width, picture.height, picture.name) == (type, 96, 64, name)
    assert picture.tiled is None
    assert library.extent(name) == Extent(width=96, height=64)
    assert library.complaint(name) == ""


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif"])
def test_exif_orientation_is_applied_once(folder, library, scene, orientation, suffix):
    turn = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # what undoes each orientation, as Transpose
    stored = scene if orientation == 1 else scene.transpose(Image.Transpose(turn[orientation]))
    exif = Image.Exif()
    exif[274] = orientation
    stored.save(folder / f"turned.{suffix}", exif=exif, **({"lossless": True} if suffix == "webp" else {}))
    name = f"turned.{suffix}"
    assert library.extent(name) == Extent(width=96, height=64)
    assert_is_scene(library.picture(name))
    small = Image.open(io.BytesIO(library.thumbnail(name)))
    for found, wanted in zip(corners(small), CORNERS, strict=True):
        assert np.abs(found - wanted).max() <= 60
    tile = Image.open(io.BytesIO(library.tile(name, 0, 0, 0)))
    assert tile.size == (96, 64)
    for found, wanted in zip(corners(tile), CORNERS, strict=True):
        assert np.abs(found - wanted).max() <= 60


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_a_damaged_exif_block_counts_as_none(folder, library, scene):
    scene.save(folder / "a.jpg", exif=b"Exif\x00\x00MM\x00*\xff\xff\xff\xff garbage")
    assert library.extent("a.jpg") == Extent(width=96, height=64)


# -- converted -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.tif", "a.tiff", "a.bmp", "deflate.tif", "lzw.tif"])
def test_tiff_and_bmp_are_converted(folder, library, scene, name):
    scene.save(folder / name, **({"compression": "tiff_lzw"} if name.startswith("lzw") else {}))
    picture = library.picture(name)
    assert picture.type == "image/png"
    assert_is_scene(picture, near=0)


def test_cmyk_is_converted_plainly_without_a_profile(folder, library, scene):
    scene.convert("CMYK").save(folder / "a.jpg", quality=95)
    picture = library.picture("a.jpg")
    assert picture.type in {"image/png", "image/jpeg"}
    assert picture.name == "a.jpg (converted from CMYK)"
    assert_is_scene(picture, near=45)
    assert shown(picture).mode == "RGB"


def test_cmyk_with_a_profile_that_can_not_be_read_is_converted_plainly(folder, library, scene):
    scene.convert("CMYK").save(folder / "a.jpg", quality=95, icc_profile=b"no profile")
    assert_is_scene(library.picture("a.jpg"), near=45)


def test_cmyk_is_converted_by_its_own_profile(folder, library, scene, monkeypatch):
    scene.convert("CMYK").save(folder / "a.jpg", icc_profile=b"of a printer")
    monkeypatch.setattr(ImageCms, "ImageCmsProfile", lambda file: file.read())
    monkeypatch.setattr(
        ImageCms,
        "profileToProfile",
        lambda picture, given, to, outputMode: scene if given == b"of a printer" else None,
    )
    assert_is_scene(library.picture("a.jpg"), near=0)


def test_a_colour_profile_stays_with_what_is_encoded(folder, library, scene):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    scene.save(folder / "a.tif", icc_profile=profile)
    assert shown(library.picture("a.tif")).info["icc_profile"] == profile


def ramp(dtype, low, high):
    return np.linspace(low, high, 96 * 64).reshape(64, 96).astype(dtype)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("full.png", ramp(np.uint16, 0, 65535)),
        ("dark.png", ramp(np.uint16, 100, 1100)),
        ("dark.tif", ramp(np.uint16, 100, 1100)),
        ("whole.tif", ramp(np.int32, -5000, 70000)),
        ("unit.tif", ramp(np.float32, 0, 1)),
        ("signed.tif", ramp(np.float32, -3, 1e6)),
    ],
)
def test_more_than_8_bits_are_stretched_between_the_extreme_thousandths(folder, library, name, values):
    Image.fromarray(values).save(folder / name)
    picture = library.picture(name)
    gray = np.asarray(shown(picture))
    assert gray.dtype == np.uint8
    assert gray.min() == 0
    assert gray.max() == 255
    assert abs(int(gray.mean()) - 127) <= 2
    assert (np.diff(gray.ravel().astype(int)) >= 0).all()
    assert "shown from" in picture.name


def test_values_that_are_no_numbers_are_black_and_a_flat_picture_is_gray(folder, library):
    values = ramp(np.float32, 0, 1)
    values[:8] = np.nan
    values[8] = np.inf
    Image.fromarray(values).save(folder / "gaps.tif")
    gray = np.asarray(shown(library.picture("gaps.tif")))
    assert gray[:8].max() == 0
    assert gray[8].min() == 255
    Image.fromarray(np.full((8, 8), 7, np.uint16)).save(folder / "flat.png")
    assert np.asarray(shown(library.picture("flat.png"))).tolist() == [[128] * 8] * 8
    Image.fromarray(np.full((8, 8), np.nan, np.float32)).save(folder / "void.tif")
    assert np.asarray(shown(library.picture("void.tif"))).max() == 0


def test_one_hot_pixel_does_not_darken_a_16_bit_picture(folder, library):
    values = ramp(np.uint16, 0, 1000)
    values[3, 3] = 65535
    Image.fromarray(values).save(folder / "hot.png")
    assert np.asarray(shown(library.picture("hot.png"))).mean() > 100


def test_palettes_with_transparency_and_one_bit_are_converted(folder, library, scene):
    scene.convert("P").save(folder / "a.gif", transparency=0)
    assert library.picture("a.gif").type == "image/gif"
    scene.convert("1").save(folder / "bits.tif")
    assert shown(library.picture("bits.tif")).mode == "L"
    scene.convert("LA").save(folder / "alpha.tif")
    assert shown(library.picture("alpha.tif")).mode == "RGBA"


@pytest.mark.parametrize(
    ("suffix", "word"), [("gif", "frames"), ("webp", "frames"), ("png", "frames"), ("tif", "pages")]
)
def test_of_animations_and_pages_the_first_is_shown_and_said(folder, library, scene, suffix, word):
    others = [Image.new("RGB", scene.size, colour) for colour in ("black", "white")]
    scene.save(folder / f"a.{suffix}", save_all=True, append_images=others)
    picture = library.picture(f"a.{suffix}")
    assert picture.name == f"a.{suffix} (first of 3 {word})"
    assert_is_scene(picture)
    assert getattr(shown(picture), "n_frames", 1) == 1


def test_what_is_transparent_is_white_where_it_is_reduced(folder, library):
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(folder / "clear.png")
    assert np.asarray(Image.open(io.BytesIO(library.thumbnail("clear.png")))).min() >= 254
    assert np.asarray(Image.open(io.BytesIO(library.tile("clear.png", 0, 0, 0)))).min() >= 254


@pytest.mark.parametrize(
    ("name", "format", "type"),
    [
        ("a.png", "JPEG", "image/jpeg"),
        ("a.jpg", "PNG", "image/png"),
        ("a.txt", "GIF", "image/gif"),
        ("a", "WEBP", "image/webp"),
    ],
)
def test_the_content_decides_not_the_extension(folder, library, scene, name, format, type):
    scene.save(folder / name, format)
    assert library.picture(name).type == type


# -- broken --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["jpg", "png", "gif", "webp", "avif", "tif", "bmp"])
@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_truncated_files_are_broken_with_a_reason(folder, library, suffix, part):
    pixels = np.random.default_rng(0).integers(0, 255, (64, 96, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(folder / f"whole.{suffix}")
    data = (folder / f"whole.{suffix}").read_bytes()
    (folder / f"a.{suffix}").write_bytes(data[: int(len(data) * part)])
    for ask in (library.extent, library.picture, library.thumbnail):
        with pytest.raises(MediaError) as said:
            ask(f"a.{suffix}")
        assert said.value.reason == "broken"
    assert library.complaint(f"a.{suffix}").startswith(f"a.{suffix} ")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a.jpg", r"a\.jpg is truncated: it ends after [\d,]+ bytes, in the middle of the picture"),
        ("a.webp", r"a\.webp is truncated: [\d,]+ of [\d,]+ bytes"),
        ("a.png", r"a\.png is truncated: it ends after [\d,]+ bytes"),
    ],
)
def test_truncation_is_said_with_numbers(folder, library, scene, name, said):
    scene.save(folder / name)
    data = (folder / name).read_bytes()
    (folder / name).write_bytes(data[: len(data) // 2])
    with pytest.raises(MediaError, match=said):
        library.picture(name)


def test_a_damaged_png_is_broken(folder, library, scene):
    scene.save(folder / "a.png")
    data = bytearray((folder / "a.png").read_bytes())
    data[len(data) // 2] ^= 0xFF
    (folder / "a.png").write_bytes(data)
    with pytest.raises(MediaError, match="does not match its check sum"):
        library.extent("a.png")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"hello, I am no picture\n", "it is a text"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
            "SVG drawing, which can run scripts",
        ),
        (b"\xef\xbb\xbf<?xml version='1.0'?><svg/>", "SVG drawing"),
        (b"%PDF-1.7\n", "PDF"),
        (b"PK\x03\x04....", "ZIP"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
        (b"\0\0\0\x18ftypisom\0\0\0\0", "video"),
        (b"8BPS\0\1", "Photoshop"),
        (bytes(range(256)), "no known kind"),
        (b"\xff", "no known kind"),
    ],
)
def test_what_is_no_picture_is_called_what_it_is(folder, library, content, said):
    (folder / "a.jpg").write_bytes(content)
    with pytest.raises(MediaError, match=said) as error:
        library.extent("a.jpg")
    assert error.value.reason == "unknown"
    assert library.complaint("a.jpg") == str(error.value)


def test_an_empty_file_is_said_to_be_empty(folder, library):
    (folder / "a.jpg").touch()
    with pytest.raises(MediaError, match=r"a\.jpg is empty \(0 bytes\)") as said:
        library.extent("a.jpg")
    assert said.value.reason == "empty"


def png(width, height):
    """A PNG that says it is huge, in a few bytes."""

    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def test_a_decompression_bomb_is_not_decoded(folder, library):
    (folder / "bomb.png").write_bytes(png(50_000, 50_000))
    with pytest.raises(MediaError, match="50,000 x 50,000 pixels, at most 300,000,000 in all") as said:
        library.extent("bomb.png")
    assert said.value.reason == "too large"


@pytest.mark.parametrize("suffix", ["jpg", "png", "gif", "webp", "avif", "tif", "bmp"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(data=st.data())
def test_whatever_the_bytes_nothing_but_media_errors_comes_out(folder, library, scene, suffix, data):
    scene.resize((24, 16)).save(folder / f"a.{suffix}")
    whole = bytearray((folder / f"a.{suffix}").read_bytes())
    for place in data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=1, max_size=8)):
        whole[place] = data.draw(st.integers(0, 255))
    (folder / f"b.{suffix}").write_bytes(whole[: data.draw(st.integers(1, len(whole)))])
    for ask in (library.extent, library.picture, library.thumbnail):
        try:
            ask(f"b.{suffix}")
        except MediaError as said:
            assert len(str(said)) > 10
