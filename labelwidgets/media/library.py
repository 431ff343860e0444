"""The pictures of a session: found behind the guard, decoded once, handed out whole, reduced, in tiles or as thumbnails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import MediaError, shown
from ..labels import Extent
from .addresses import named
from .cache import Cache
from .decoding import Decoded, decode, encode, on_white, reduced
from .formats import JPEG, LARGEST_PICTURE, TIFF, Header, examine
from .guard import Guard, Location
from .reading import LARGEST, Web, read_bytes, said, stamp

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Hashable, Iterable

TILE = 512
"""Pixels of a tile's side."""

TILED_ABOVE = 32_000_000
"""Pixels from which a picture goes out in tiles: decoded, it would take 128 MB in the page."""

PREVIEW = 2048
"""Longest side of a reduced picture, pixels."""

THUMBNAIL = 256
"""Longest side of a thumbnail, pixels."""

LOSSLESS = 4_000_000
"""Pixels up to which a converted picture is encoded without loss."""

FASTEST = 3
"""Halvings that a JPEG's decoder does by itself."""


@dataclass(frozen=True, slots=True)
class Tiling:
    """How the rest of a reduced picture can be had.

    Attributes
    ----------
    tile : int
        Pixels of a tile's side.
    levels : int
        Number of halvings after which the picture fits into one tile. Level 0 is the whole picture, level k has
        sides of ceil(side / 2**k) pixels, 0 <= k <= levels.
    """

    tile: int
    levels: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture on its way to a browser.

    Attributes
    ----------
    data : bytes
        What a browser decodes; b"" when it loads `url` itself.
    type : str
        MIME type of `data`.
    width, height : int or None
        Pixels of the whole picture, upright; None when only the browser will know.
    name : str
        For people: the file's name and what was done to show it.
    tiled : Tiling or None
        `data` is a reduced picture, the rest comes by `MediaLibrary.tile` or by `picture` without limit.
    url : str
        What the browser loads itself, or "".
    """

    data: bytes
    type: str
    width: int | None
    height: int | None
    name: str
    tiled: Tiling | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class _Item:
    """A picture's file, read and examined."""

    key: Hashable
    name: str
    data: bytes
    header: Header

    @property
    def level(self) -> int:
        """Number of halvings for a first view."""
        longest = max(self.header.width, self.header.height)
        return (-(-longest // PREVIEW) - 1).bit_length()

    @property
    def levels(self) -> int:
        """Number of halvings after which one tile holds the picture."""
        longest = max(self.header.width, self.header.height)
        return (-(-longest // TILE) - 1).bit_length()

    @property
    def frames(self) -> str:
        """What is left out of it, for people."""
        count, kind = self.header.frames, "pages" if self.header.format is TIFF else "frames"
        return f"first of {count:,} {kind}" if count > 1 else ""


@dataclass(frozen=True, slots=True)
class _Made:
    """Bytes for a browser, and what was done to make them."""

    data: bytes
    type: str
    note: str = ""

    def __len__(self) -> int:
        return len(self.data)


class MediaLibrary:
    """The bytes behind a session's items, within its declared roots. Thread-safe.

    Parameters
    ----------
    roots : iterable of path or URL
        Folders and URLs under which items may lie, in the order in which they were declared.
    allow_hosts : iterable of str
        Hosts whose http(s) pictures the browser may load by itself.
    largest : int
        Pixels of the largest picture that is decoded.
    web : Web, optional
        How http(s) roots are read.

    Raises
    ------
    MediaError
        The methods raise it, and nothing else, for whatever can't be shown, with a reason for people.
    """

    def __init__(
        self,
        roots: Iterable[str | os.PathLike[str]] = (),
        allow_hosts: Iterable[str] = (),
        *,
        largest: int = LARGEST_PICTURE,
        web: Web | None = None,
    ) -> None:
        self._guard = Guard(roots, allow_hosts)
        self._largest = largest
        self._web = web
        self._files = Cache(64_000_000, lambda item: len(item.data))
        self._shown = Cache(48_000_000)
        self._decoded = Cache(420_000_000, lambda decoded: decoded.size)

    @property
    def roots(self) -> tuple[str, ...]:
        """The declared roots, absolute."""
        return tuple(root.given for root in self._guard.roots)

    def relative(self, value: object) -> str:
        """Return the form in which a value is stored, so that a store moves with its pictures; see `Guard`."""
        return self._guard.relative(value)

    def restore(self, stored: str) -> str:
        """Return the absolute path or URL of a stored form, for people."""
        return self._guard.restore(stored)

    def resolve(self, value: object) -> Location:
        """Return where a stored form, absolute path or URL lies, after every check."""
        return self._guard.resolve(value)

    def extent(self, value: object) -> Extent:
        """Return a picture's size, upright; nothing is known of a picture that only the browser loads."""
        where = self.resolve(value)
        if where.place == "browser":
            return Extent()
        item = self._item(where)
        if not item.header.checked:
            self._level(item, 0)
        return Extent(width=item.header.width, height=item.header.height)

    def complaint(self, value: object) -> str:
        """Return why an item can't be shown, "" when it can."""
        try:
            self.extent(value)
        except MediaError as error:
            return str(error)
        return ""

    def picture(self, value: object, *, limit: int | None = None) -> Picture:
        """Return a picture for a browser.

        The file's own bytes where a browser shows them rightly, else converted; reduced when the picture is very
        large, or when it takes more than `limit` bytes.

        Parameters
        ----------
        value : str
            Stored form, absolute path or URL.
        limit : int, optional
            Bytes of `data`.
        """
        where = self.resolve(value)
        if where.place == "browser":
            return Picture(b"", "", None, None, where.name, url=where.address)
        item = self._item(where)
        if item.header.pixels <= TILED_ABOVE:
            whole = self._whole(item)
            if limit is None or len(whole) <= limit:
                return _picture(item, whole)
        return _picture(item, self._reduced(item, limit), Tiling(TILE, item.levels))

    def tile(self, value: object, level: int, column: int, row: int) -> bytes:
        """Return one tile of a picture as JPEG.

        Parameters
        ----------
        value : str
            Stored form, absolute path or URL.
        level : int
            Number of halvings; 0 is the whole picture.
        column, row : int
            Which tile of that level, from 0; those at the right and lower edge are smaller.
        """
        item = self._item(self._here(value))
        box = _tile_box(item, level, column, row)

        def make() -> bytes:
            return encode(self._level(item, level).picture.crop(box), quality=88)[0]

        data: bytes = self._cached((item.key, "tile", level, column, row), item, make)
        return data

    def thumbnail(self, value: object, size: int = THUMBNAIL) -> bytes:
        """Return a picture whose longest side has at most `size` pixels, as JPEG."""
        if isinstance(size, bool) or not isinstance(size, int) or not 1 <= size <= PREVIEW:
            raise MediaError(f"a thumbnail has 1 to {PREVIEW} pixels, found {shown(size)}", reason="unknown")
        item = self._item(self._here(value))

        level = max(0, (max(item.header.width, item.header.height) // size).bit_length() - 2)

        def make() -> bytes:
            small = on_white(self._level(item, level).picture).copy()
            small.thumbnail((size, size))
            return encode(small, quality=80)[0]

        data: bytes = self._cached((item.key, "thumbnail", size), item, make)
        return data

    # -- how it is made ------------------------------------------------------------------------------------

    def _here(self, value: object) -> Location:
        where = self.resolve(value)
        if where.place == "browser":
            raise MediaError(
                f"{named(where.address)} is loaded by the browser, so there are no tiles or thumbnails of it",
                reason="unknown",
            )
        return where

    def _item(self, where: Location) -> _Item:
        key = stamp(where)

        def make() -> _Item:
            data = read_bytes(where, largest=LARGEST, web=self._web)
            return _Item(key, where.name, data, examine(data, where.name, largest=self._largest))

        item: _Item = self._files.get(key, make)
        return item

    def _cached(self, key: Hashable, item: _Item, make: Callable[[], Any]) -> Any:
        with said(item.name):
            return self._shown.get(key, make)

    def _whole(self, item: _Item) -> _Made:
        if item.header.direct:
            if not item.header.checked:
                self._level(item, 0)
            return _Made(item.data, item.header.format.type)

        def make() -> _Made:
            decoded = self._level(item, 0)
            exact = decoded.picture.mode == "RGBA" or item.header.pixels <= LOSSLESS
            return _Made(*encode(decoded.picture, quality=95, lossless=exact), decoded.note)

        made: _Made = self._cached((item.key, "whole"), item, make)
        return made

    def _reduced(self, item: _Item, limit: int | None) -> _Made:
        def make(level: int) -> _Made:
            decoded = self._level(item, level)
            made = _Made(*encode(decoded.picture, quality=85), decoded.note)
            fits = limit is None or len(made) <= limit or max(decoded.picture.size) == 1
            return made if fits else make(level + 1)

        made: _Made = self._cached((item.key, "reduced", limit), item, lambda: make(item.level))
        return made

    def _level(self, item: _Item, level: int) -> Decoded:
        """Return a picture after so many halvings; decoded once and kept while there is room."""

        def make() -> Decoded:
            for finer in range(level - 1, -1, -1):
                there = self._decoded.peek((item.key, finer))
                if there is not None:
                    return reduced(there, 1 << (level - finer))
            if level == 0 or (item.header.format is JPEG and level <= FASTEST):
                return decode(item.data, item.header, shrink=1 << level)
            return reduced(self._level(item, level - 1), 2)

        with said(item.name):
            decoded: Decoded = self._decoded.get((item.key, level), make)
        return decoded


def _picture(item: _Item, made: _Made, tiled: Tiling | None = None) -> Picture:
    notes = "; ".join(note for note in (item.frames, made.note) if note)
    name = f"{item.name} ({notes})" if notes else item.name
    return Picture(made.data, made.type, item.header.width, item.header.height, name, tiled)


def _tile_box(item: _Item, level: int, column: int, row: int) -> tuple[int, int, int, int]:
    """Left, upper, right and lower edge of a tile in pixels of its level."""
    for what, found in (("level", level), ("column", column), ("row", row)):
        if isinstance(found, bool) or not isinstance(found, int) or found < 0:
            raise MediaError(
                f"a tile's {what} is a whole number from 0, found {shown(found)}", reason="unknown"
            )
    if level > item.levels:
        raise MediaError(
            f"{item.name} has the levels 0 to {item.levels}, found {shown(level)}", reason="unknown"
        )
    width, height = -(-item.header.width // (1 << level)), -(-item.header.height // (1 << level))
    left, upper = column * TILE, row * TILE
    if left >= width or upper >= height:
        raise MediaError(
            f"level {level} of {item.name} has {-(-width // TILE)} x {-(-height // TILE)} tiles, found column {shown(column)} and row {shown(row)}",
            reason="unknown",
        )
    return left, upper, min(left + TILE, width), min(upper + TILE, height)
