"""Bytes of an item: pictures behind a guard, decoded, converted, tiled and cached."""

from .addresses import public_address
from .formats import LARGEST_PICTURE, PICTURES
from .guard import Guard, Location, moved
from .library import PREVIEW, THUMBNAIL, TILE, TILED_ABOVE, MediaLibrary, Picture, Tiling
from .reading import LARGEST, Web

__all__ = [
    "LARGEST",
    "LARGEST_PICTURE",
    "PICTURES",
    "PREVIEW",
    "THUMBNAIL",
    "TILE",
    "TILED_ABOVE",
    "Guard",
    "Location",
    "MediaLibrary",
    "Picture",
    "Tiling",
    "Web",
    "moved",
    "public_address",
]
