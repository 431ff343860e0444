"""Files in folders and globs, local or by fsspec, in the order in which people count."""

# As in media/guard.py, no pathlib.
# ruff: noqa: PTH100, PTH112, PTH114, PTH118, PTH207
from __future__ import annotations

import glob
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import SourceError
from ..media.addresses import URL, named
from ..records import Rejected
from .items import suffix

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DIGITS = re.compile(r"(\d+)")

MAGIC = re.compile(r"[^/\\]*[*?\[]")
"""The part of a path with a glob's first sign."""

EVERYTHING = "/**"


@dataclass(frozen=True, slots=True)
class Listing:
    """Files found.

    Attributes
    ----------
    root : str
        The folder, or the part of a glob before its first sign.
    paths : tuple of str
        Absolute paths or URLs, naturally ordered.
    rejected : tuple of Rejected
        What was found and left out, with reasons.
    """

    root: str
    paths: tuple[str, ...]
    rejected: tuple[Rejected, ...] = ()

    def below(self, path: str) -> str:
        """Return a path from the listing's folder, with slashes."""
        return path.removeprefix(self.root).lstrip("/\\").replace(os.sep, "/")

    def of(self, extensions: Iterable[str]) -> tuple[str, ...]:
        """Return the paths with one of these extensions."""
        wanted = frozenset(extensions)
        return tuple(path for path in self.paths if suffix(path) in wanted)

    def table(self, paths: Iterable[str]) -> dict[str, list[str]]:
        """Return the columns path, name and folder ("" for the top) of some paths."""
        every = list(paths)
        split = [self.below(path).rpartition("/") for path in every]
        return {
            "path": every,
            "name": [name for _, _, name in split],
            "folder": [folder for folder, _, _ in split],
        }


def folder(place: str) -> Listing:
    """Return the files in a folder and those below it; hidden ones are skipped, linked folders left out."""
    if URL.match(place):
        return _remote(place.rstrip("/"), EVERYTHING)
    rejected: list[Rejected] = []
    paths = sorted(_walk(place, rejected), key=natural)
    return Listing(place, tuple(paths), tuple(rejected))


def matching(pattern: str) -> Listing:
    """Return the files that a glob matches; `**` goes into folders.

    Raises
    ------
    SourceError
        When it matches none.
    """
    fixed = MAGIC.split(pattern, maxsplit=1)[0]
    if URL.match(pattern):
        root = fixed.rstrip("/")
        found = _remote(root, pattern.removeprefix(root))
    else:
        paths = [
            os.path.abspath(path) for path in glob.glob(pattern, recursive=True) if not os.path.isdir(path)
        ]
        found = Listing(os.path.abspath(fixed or "."), tuple(sorted(paths, key=natural)))
    if not found.paths:
        raise SourceError(f"no file matches {named(pattern)}: check the folder and the extension")
    return found


def natural(path: str) -> tuple[list[list[tuple[int, int, str]]], str]:
    """Return what sorts "2.png" before "10.png", and case only where nothing else differs."""
    parts = path.replace("\\", "/").split("/")
    return [[_piece(piece) for piece in DIGITS.split(part) if piece] for part in parts], path


def _piece(piece: str) -> tuple[int, int, str]:
    return (0, int(piece), "") if piece.isdecimal() else (1, 0, piece.casefold())


def _walk(place: str, rejected: list[Rejected]) -> Iterator[str]:
    def unreadable(error: OSError) -> None:
        rejected.append(Rejected(error.filename, f"the folder can't be read: {error.strerror}"))

    for top, folders, names in os.walk(place, onerror=unreadable):
        folders[:] = [name for name in folders if not name.startswith(".")]
        links = [os.path.join(top, name) for name in folders if os.path.islink(os.path.join(top, name))]
        rejected += [
            Rejected(link, "links to folders are not followed: give that folder itself") for link in links
        ]
        yield from (os.path.join(top, name) for name in names if not name.startswith("."))


def _remote(root: str, pattern: str) -> Listing:
    try:
        from fsspec.core import url_to_fs

        files, path = url_to_fs(root)
        found: Any = files.find(path) if pattern == EVERYTHING else _files(files, path + pattern)
    except Exception as error:
        raise SourceError(f"{named(root)} can't be listed: {str(error) or type(error).__name__}") from error
    below = [each.removeprefix(path).lstrip("/") for each in found]
    seen = [each for each in below if not any(part.startswith(".") for part in each.split("/"))]
    return Listing(root, tuple(f"{root}/{each}" for each in sorted(seen, key=natural)))


def _files(files: Any, pattern: str) -> list[str]:
    return [path for path, about in files.glob(pattern, detail=True).items() if about["type"] == "file"]
