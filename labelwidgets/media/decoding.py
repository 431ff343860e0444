"""From a file's bytes to an upright picture of 8 bits in gray, RGB or RGBA, and back to bytes for a browser."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

from .formats import JPEG

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL.Image import Image

    from .formats import Header

DARKEST, BRIGHTEST = 0.1, 99.9
"""Percentiles of the finite values that become black and white where samples have more than 8 bits."""

SAMPLED = 1_000_000
"""Pixels from which the percentiles are taken, evenly spread."""

LARGEST_PROFILE = 16_384
"""Bytes of a colour profile that is put into what is encoded; larger ones are for printers."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """An upright picture.

    Attributes
    ----------
    picture : PIL.Image.Image
        Mode L, RGB or RGBA; gray of more than 8 bits is stretched.
    note : str
        What was done to it, for people; "" when nothing was.
    """

    picture: Image
    note: str = ""

    @property
    def size(self) -> int:
        """Bytes in memory."""
        return self.picture.width * self.picture.height * len(self.picture.getbands())


def decode(data: bytes, header: Header, *, shrink: int = 1) -> Decoded:
    """Decode a picture.

    Parameters
    ----------
    data : bytes
        The whole file.
    header : Header
        Of that file.
    shrink : int
        1, 2, 4 or 8: a JPEG is decoded that much smaller, which is much faster; other formats are reduced afterwards.
    """
    picture: Any = header.format.open(data)
    if header.format is JPEG and shrink > 1:
        picture.draft(None, (max(1, picture.width // shrink), max(1, picture.height // shrink)))
    wide = picture.width if header.orientation < 5 else picture.height  # noqa: PLR2004 - 5..8 lie on their side
    left = max(1, round(shrink * wide / header.width))
    picture.load()
    plain, note = _plain(picture)
    return Decoded(_upright(plain.reduce(left) if left > 1 else plain, header.orientation), note)


def reduced(finer: Decoded, factor: int) -> Decoded:
    """Return a picture `factor` times smaller, rounded up."""
    return Decoded(finer.picture.reduce(factor), finer.note)


def encode(picture: Image, *, quality: int, lossless: bool = False) -> tuple[bytes, str]:
    """Return the bytes of a picture for a browser and their MIME type.

    Lossless is PNG; else JPEG, with what is transparent shown on white.
    """
    profile = picture.info.get("icc_profile") or b""
    extra = {"icc_profile": profile} if 0 < len(profile) <= LARGEST_PROFILE else {}
    out = BytesIO()
    if lossless:
        picture.save(out, "PNG", compress_level=3, **extra)
        return out.getvalue(), "image/png"
    sampling = 0 if quality > 90 else 2  # noqa: PLR2004 - colour at half the resolution is seen only in fine detail
    on_white(picture).save(out, "JPEG", quality=quality, subsampling=sampling, **extra)
    return out.getvalue(), "image/jpeg"


def on_white(picture: Image) -> Image:
    """Return a picture without transparency."""
    if picture.mode != "RGBA":
        return picture
    from PIL import Image

    ground = Image.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture.getchannel("A"))
    ground.info = dict(picture.info)
    return ground


def _upright(picture: Image, orientation: int) -> Image:
    from PIL.Image import Transpose as To

    turns = {
        2: To.FLIP_LEFT_RIGHT,
        3: To.ROTATE_180,
        4: To.FLIP_TOP_BOTTOM,
        5: To.TRANSPOSE,
        6: To.ROTATE_270,
        7: To.TRANSVERSE,
        8: To.ROTATE_90,
    }
    return picture.transpose(turns[orientation]) if orientation in turns else picture


def _plain(picture: Image) -> tuple[Image, str]:
    """Return a picture in L, RGB or RGBA, and what was done to it."""
    if picture.mode in {"L", "RGB"} and "transparency" not in picture.info:
        return picture, ""
    if picture.mode.startswith(("I", "F")):
        return _stretched(picture)
    if picture.mode == "CMYK":
        return _from_cmyk(picture), "converted from CMYK"
    clear = "transparency" in picture.info or picture.mode in {"RGBA", "RGBa", "LA", "La", "PA"}
    if picture.mode in {"1", "L", "LA", "La"}:
        picture.info.pop("icc_profile", None)  # a profile of grays does not fit colours
    return picture.convert("L" if picture.mode == "1" else "RGBA" if clear else "RGB"), ""


def _from_cmyk(picture: Image) -> Image:
    """Convert by the picture's own colour profile, or plainly where it has none that can be read."""
    from PIL import ImageCms

    profile = picture.info.pop("icc_profile", None)
    if profile:
        try:
            given = ImageCms.ImageCmsProfile(BytesIO(profile))
            found = ImageCms.profileToProfile(
                picture, given, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError):
            found = None
        if found is not None:
            found.info.pop("icc_profile", None)
            return found
    return picture.convert("RGB")


def _stretched(picture: Image) -> tuple[Image, str]:
    """Return gray of 8 bits from integers of more bits or floats: percentiles 0.1 and 99.9 are black and white."""
    from PIL import Image

    values = np.asarray(picture)
    low, high = _limits(values)
    gray = _scaled(values, low, high)
    return Image.fromarray(gray), f"shown from {low:.6g} to {high:.6g}"


def _limits(values: NDArray[Any]) -> tuple[float, float]:
    step = max(1, int((values.size / SAMPLED) ** 0.5))
    some = values[::step, ::step].astype(np.float64)
    finite = some[np.isfinite(some)]
    if not finite.size:
        return 0.0, 0.0
    low, high = np.percentile(finite, [DARKEST, BRIGHTEST])
    return (float(low), float(high)) if high > low else (float(finite.min()), float(finite.max()))


def _scaled(values: NDArray[Any], low: float, high: float) -> NDArray[np.uint8]:
    """Scale low..high to 0..255; a picture of one value is middle gray, what is no number black."""
    if high <= low:
        return np.where(np.isfinite(values), np.uint8(128), np.uint8(0)).astype(np.uint8)
    if values.dtype.itemsize == 2:  # noqa: PLR2004 - a table of all 16-bit values is faster than arithmetic
        table = _scaled(np.arange(1 << 16, dtype=np.float32), low, high)
        return np.asarray(table[values])
    scaled = (np.nan_to_num(values.astype(np.float32), nan=low, posinf=high, neginf=low) - low) * (
        255 / (high - low)
    )
    return np.asarray(np.clip(scaled + 0.5, 0, 255).astype(np.uint8))
