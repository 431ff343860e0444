"""What a picture's bytes are: format, size, orientation, whether they are whole, and whether a browser shows them rightly."""

from __future__ import annotations

import zlib
from codecs import getincrementaldecoder
from dataclasses import dataclass
from importlib import import_module
from io import BytesIO
from typing import TYPE_CHECKING

from ..errors import MediaError
from .reading import said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL.ImageFile import ImageFile

PICTURES = frozenset({".avif", ".bmp", ".gif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"})
"""Extensions of pictures, lower case; what a file holds decides how it is shown."""

LARGEST_PICTURE = 300_000_000
"""Pixels; a larger picture would need more than 1 GB of memory once it is decoded."""

ORIENTATION = 274
"""EXIF tag."""

START_OF_PIXELS = 0xDA
"""JPEG mark after which compressed data follow."""


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: Pillow's reader of it and its MIME type."""

    name: str
    reader: str
    type: str

    def open(self, data: bytes) -> ImageFile:
        """Open a picture without decoding it; Pillow's process-wide limit of pixels, which warns, is not asked."""
        module, name = self.reader.split(".")
        picture: ImageFile = getattr(import_module(f"PIL.{module}"), name)(BytesIO(data))
        return picture


JPEG = Format("JPEG", "JpegImagePlugin.JpegImageFile", "image/jpeg")
PNG = Format("PNG", "PngImagePlugin.PngImageFile", "image/png")
GIF = Format("GIF", "GifImagePlugin.GifImageFile", "image/gif")
WEBP = Format("WebP", "WebPImagePlugin.WebPImageFile", "image/webp")
AVIF = Format("AVIF", "AvifImagePlugin.AvifImageFile", "image/avif")
TIFF = Format("TIFF", "TiffImagePlugin.TiffImageFile", "image/tiff")
BMP = Format("BMP", "BmpImagePlugin.BmpImageFile", "image/bmp")


@dataclass(frozen=True, slots=True)
class Header:
    """What is known of a picture before it is decoded.

    Attributes
    ----------
    format : Format
        By the file's content; its extension says nothing.
    width, height : int
        Pixels of the upright picture.
    orientation : int
        EXIF orientation that is still to be applied, 1..8.
    frames : int
        Frames or pages; the first is the item.
    direct : bool
        A browser shows these very bytes rightly, whole and upright.
    """

    format: Format
    width: int
    height: int
    orientation: int
    frames: int
    direct: bool

    @property
    def pixels(self) -> int:
        """Number of pixels."""
        return self.width * self.height

    @property
    def checked(self) -> bool:
        """Whether the file's structure told that it is whole; other formats must be decoded to know."""
        return self.format in {JPEG, PNG, WEBP, AVIF}


def sniff(data: bytes) -> Format | None:
    """Return the format by a file's first bytes."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WEBP
    if data[4:8] == b"ftyp" and data[8:12] in {b"avif", b"avis"}:
        return AVIF
    starts = {b"\xff\xd8\xff": JPEG, b"\x89PNG\r\n\x1a\n": PNG, b"GIF87a": GIF, b"GIF89a": GIF, b"BM": BMP}
    starts |= dict.fromkeys((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"), TIFF)
    return next((kind for start, kind in starts.items() if data.startswith(start)), None)


def examine(data: bytes, name: str, *, largest: int = LARGEST_PICTURE) -> Header:
    """Read a picture's header and check that the file is whole.

    Parameters
    ----------
    data : bytes
        The whole file.
    name : str
        For messages.
    largest : int
        Pixels.

    Raises
    ------
    MediaError
        With a reason for people: no picture, truncated, damaged, too many pixels.
    """
    kind = sniff(data)
    if kind is None:
        raise MediaError(f"{name} is no picture that can be shown: {_looks_like(data)}", reason="unknown")
    lack = _lack(kind, data)
    if lack:
        raise MediaError(f"{name} is {lack}", reason="broken")
    with said(name):
        picture = kind.open(data)
        if picture.width * picture.height > largest:
            raise MediaError(
                f"{name} has {picture.width:,} x {picture.height:,} pixels, at most {largest:,} in all are decoded: "
                "save it smaller, or cut it into several pictures",
                reason="too large",
            )
        return _header(kind, picture, data)


def _header(kind: Format, picture: ImageFile, data: bytes) -> Header:
    orientation = _orientation(kind, picture, data)
    width, height = picture.size if orientation < 5 else picture.size[::-1]  # noqa: PLR2004 - 5..8 lie on their side
    frames = int(getattr(picture, "n_frames", 1)) if kind is not JPEG else 1
    return Header(kind, width, height, orientation, frames, _direct(kind, picture, data, orientation, frames))


def _direct(kind: Format, picture: ImageFile, data: bytes, orientation: int, frames: int) -> bool:
    if kind is JPEG:
        return picture.mode in {"L", "RGB"} and _huffman(data)
    if kind is PNG:
        return orientation == 1 and frames == 1 and data[24] != 16  # noqa: PLR2004 - bits a sample
    return kind in {GIF, WEBP, AVIF} and orientation == 1 and frames == 1


def _orientation(kind: Format, picture: ImageFile, data: bytes) -> int:
    """Return the EXIF orientation; a damaged EXIF block counts as none, as in browsers."""
    from PIL.Image import Exif

    if kind is PNG:
        exif = next((data[start:end] for name, start, end in _chunks(data) if name == b"eXIf"), b"")
    else:
        exif = picture.info.get("exif", b"")
    if kind is TIFF or not exif:
        return 1  # Pillow turns TIFF files upright by itself
    tags = Exif()
    try:
        tags.load(exif)
        found = tags.get(ORIENTATION, 1)
    except Exception:  # noqa: BLE001 - Pillow raises many kinds on damaged EXIF
        return 1
    return found if isinstance(found, int) and 1 <= found <= 8 else 1  # noqa: PLR2004 - EXIF's eight


# -- whether a file is whole ---------------------------------------------------------------------------------


def _lack(kind: Format, data: bytes) -> str:
    """Return what a file lacks, "" when it is whole as far as its structure tells."""
    if kind is JPEG:
        # Pillow takes a JPEG without end mark for truncated too: whether pixels are missing can't be told
        return (
            ""
            if _ends(data)
            else f"truncated: it ends after {len(data):,} bytes, in the middle of the picture"
        )
    if kind is PNG:
        return _png_lack(data)
    needed = (
        int.from_bytes(data[4:8], "little") + 8 if kind is WEBP else _boxes_end(data) if kind is AVIF else 0
    )
    return f"truncated: {len(data):,} of {needed:,} bytes" if needed > len(data) else ""


def _png_lack(data: bytes) -> str:
    for name, start, end in _chunks(data):
        if end + 4 > len(data):
            break
        if name[0:1].isupper() and zlib.crc32(data[start - 4 : end]) != int.from_bytes(data[end : end + 4]):
            return "damaged: a part of it does not match its check sum"
        if name == b"IEND":
            return ""
    return f"truncated: it ends after {len(data):,} bytes, in the middle of the picture"


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Name, start and end of the parts of a PNG file."""
    at = 8
    while at + 8 <= len(data):
        end = at + 8 + int.from_bytes(data[at : at + 4])
        yield data[at + 4 : at + 8], at + 8, end
        at = end + 4


def _ends(data: bytes) -> bool:
    """Whether a JPEG's end mark follows its pixels; in compressed data no other two bytes look like one."""
    pixels = next((at for mark, at in _segments(data) if mark == START_OF_PIXELS), len(data))
    return data.find(b"\xff\xd9", pixels) >= 0


def _huffman(data: bytes) -> bool:
    """Whether a JPEG is of the kinds that browsers decode: 8 bits, not arithmetically coded."""
    return any(mark in {0xC0, 0xC1, 0xC2} and data[at + 4] == 8 for mark, at in _segments(data))  # noqa: PLR2004


def _segments(data: bytes) -> Iterator[tuple[int, int]]:
    """Marks and places of a JPEG's segments, up to the first with pixels."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:  # noqa: PLR2004
        mark = data[at + 1]
        if mark == 0xFF or mark == 0x01 or 0xD0 <= mark <= 0xD7:  # noqa: PLR1714, PLR2004 - without content
            at += 1 if mark == 0xFF else 2  # noqa: PLR2004
            continue
        yield mark, at
        if mark == START_OF_PIXELS:
            return
        at += 2 + int.from_bytes(data[at + 2 : at + 4])


def _boxes_end(data: bytes) -> int:
    """Where the last box of an AVIF file ends, or would end."""
    at = 0
    while at + 16 <= len(data):
        size = int.from_bytes(data[at : at + 4])
        size = int.from_bytes(data[at + 8 : at + 16]) if size == 1 else size
        if size < 8:  # noqa: PLR2004 - 0: to the end of the file; else no box
            return len(data)
        at += size
    return at


# -- what it is instead --------------------------------------------------------------------------------------

OTHERS = (
    (b"%PDF", "it is a PDF document"),
    (b"PK\x03\x04", "it is a ZIP archive or an office document"),
    (b"\x00\x00\x00\x0cjP  ", "it is a JPEG 2000 picture; save it as PNG or JPEG"),
    (b"8BPS", "it is a Photoshop document; save it as PNG or JPEG"),
)


def _looks_like(data: bytes) -> str:
    """Say what a file is that is no picture."""
    found = next((what for start, what in OTHERS if data.startswith(start)), "")
    if found:
        return found
    if data[4:8] == b"ftyp":
        heic = data[8:12] in {b"heic", b"heix", b"hevc", b"mif1", b"msf1"}
        return "it is a HEIC picture; save it as JPEG" if heic else "it is a video or another MP4-like file"
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"<svg") or (start.startswith(b"<?xml") and b"<svg" in start):
        return "it is an SVG drawing, which can run scripts; save it as PNG"
    if start.startswith((b"<!doctype", b"<html", b"<?xml")):
        return "it is a web page or an XML file"
    return "it is a text" if _is_text(start) else "its content is of no known kind"


def _is_text(start: bytes) -> bool:
    """Whether some bytes begin a text in UTF-8; they may end within a character."""
    try:
        text = getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return False
    return bool(text) and all(char.isprintable() or char in "\t\r\n\f" for char in text)
