"""Where an item may lie: inside a declared root, or on a host that the session allows; everything else is refused."""

# A path is judged as text before anything is looked at, 100,000 of them in a second: so no pathlib here.
# ruff: noqa: PTH100, PTH111, PTH113, PTH117, PTH118
from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import unquote, urlsplit

from ..errors import MediaError
from .addresses import PORTS, URL, allowed_host, hint, host_of, matches, named, segments

if TYPE_CHECKING:
    from collections.abc import Iterable

OPAQUE = re.compile(r"(?:about|blob|data|file|javascript|vbscript):", re.ASCII | re.IGNORECASE)
"""Schemes that carry or run something instead of naming a place under a root."""

STORED = re.compile(r"@(0|[1-9][0-9]{0,6})/(.+)", re.ASCII | re.DOTALL)
"""Stored form of a place under a root other than the first."""

LONGEST = 4096
"""Characters of a path or URL; a longer value is a text by mistake."""

Place = Literal["file", "remote", "browser"]


@dataclass(frozen=True, slots=True)
class Location:
    """Where an item lies, after every check.

    Attributes
    ----------
    place : {"file", "remote", "browser"}
        A local file, a URL under a declared root that the server reads, or a URL that only the browser loads.
    address : str
        Real path of the file, or the URL.
    name : str
        Last part of it, for people.
    """

    place: Place
    address: str
    name: str


@dataclass(frozen=True, slots=True)
class Root:
    """A folder or URL under which items may lie.

    Attributes
    ----------
    given : str
        Absolute path, or URL without a final slash.
    real : str
        The path with all links followed; the URL itself.
    url : bool
        Whether it is a URL.
    """

    given: str
    real: str
    url: bool

    @classmethod
    def declare(cls, root: str | os.PathLike[str]) -> Root:
        """Make a root of what the session's owner declared.

        Raises
        ------
        MediaError
            For a URL that can't be a root.
        """
        text = os.fspath(root)
        if OPAQUE.match(text) or "::" in text or "\0" in text:
            raise MediaError(
                f"{named(text)} can't be a media root: give a folder's path, or a URL such as s3://bucket/folder",
                reason="denied",
            )
        if URL.match(text):
            segments(text)
            url = text.rstrip("/")
            return cls(url, url, url=True)
        path = os.path.abspath(os.path.expanduser(text))
        return cls(path, os.path.realpath(path), url=False)

    def within(self, path: str) -> str | None:
        """Return the path below this folder (posix), or None when it lies elsewhere; links are not followed."""
        for top in (self.given, self.real):
            below = _below(path, top)
            if below is not None:
                return below
        return None

    def holds(self, real: str) -> bool:
        """Whether a path without links lies in this folder."""
        return _below(real, self.real) is not None


class Guard:
    """Decides of every value whether it may be looked at, and under which name it is stored.

    Stored form: the path below the first root as it is ("sub/a.jpg"), below the n-th other root with its number
    ("@2/sub/a.jpg"), and a URL for the browser as it is. So a store moves with its pictures: the same list of
    roots, each at its new place, finds everything again.

    Parameters
    ----------
    roots : iterable of path or URL
        In the order in which they were declared; roots are only ever appended, since their numbers are stored.
    allow_hosts : iterable of str
        Hosts whose http(s) URLs the browser may load: "images.example.org", "example.org:8443" or "*.example.org".
    """

    def __init__(self, roots: Iterable[str | os.PathLike[str]] = (), allow_hosts: Iterable[str] = ()) -> None:
        self.roots = tuple(Root.declare(root) for root in roots)
        self.hosts = tuple(allowed_host(host) for host in allow_hosts)
        self._folders: dict[str, tuple[int, str] | None] = {}

    # -- what is stored ------------------------------------------------------------------------------------

    def relative(self, value: object) -> str:
        """Return the form in which a value is stored; a local file must be there.

        Parameters
        ----------
        value : str or path
            Absolute path, path relative to a root, or URL.

        Raises
        ------
        MediaError
            With `reason` "denied" outside all roots, "missing" when there is no such file.
        """
        text = _plain(value)
        if URL.match(text):
            return self._relative_url(text)
        if os.path.isabs(text):
            return self._relative_file(text)
        for root in self.roots:
            path = os.path.join(root.given, text)
            if not root.url and os.path.lexists(path):
                return self._relative_file(path)
        raise MediaError(f"there is no file {named(text)} {self._under()}", reason="missing")

    def restore(self, stored: str) -> str:
        """Return the absolute path or URL of a stored form, for people; nothing is looked at."""
        if URL.match(stored) or os.path.isabs(stored):
            return stored
        number, below = _parted(stored)
        if number >= len(self.roots):
            return stored
        root = self.roots[number]
        return f"{root.given}/{below}" if root.url else os.path.join(root.given, *below.split("/"))

    def _relative_url(self, url: str) -> str:
        parts = segments(url)
        for number, root in enumerate(self.roots):
            top = segments(root.given) if root.url else []
            if top and parts[: len(top)] == top and len(parts) > len(top):
                return _stored(number, "/".join(parts[len(top) :]))
        if parts[0] not in PORTS:
            raise MediaError(
                f"{named(url)} lies outside {self._named_roots()}; declare its folder in media_roots",
                reason="denied",
            )
        host = host_of(url)
        if not any(matches(host, allowed) for allowed in self.hosts):
            raise MediaError(f"the host of {named(url)} is not allowed; {hint(host)}", reason="denied")
        return url

    def _relative_file(self, path: str) -> str:
        path = os.path.normpath(path)
        folder, name = os.path.split(path)
        found = self._folder(folder)
        if found is not None and not _is_link(path):
            return _stored(found[0], f"{found[1]}{name}")
        return self._relative_link(path)

    def _relative_link(self, path: str) -> str:
        """Return the stored form the slow way: the path itself is a link, or leads through one out of its root."""
        real = os.path.realpath(path)
        for number, root in enumerate(self.roots):
            if root.url or not root.holds(real):
                continue
            _check_file(real, path)
            below = root.within(path)
            return _stored(number, below if below is not None else root.within(real) or "")
        raise self._outside(path)

    def _folder(self, folder: str) -> tuple[int, str] | None:
        """Return number of the root and path below it, with a final slash, of a folder that is no way out of it."""
        if folder not in self._folders:
            self._folders[folder] = self._find_folder(folder)
        return self._folders[folder]

    def _find_folder(self, folder: str) -> tuple[int, str] | None:
        real = os.path.realpath(folder)
        for number, root in enumerate(self.roots):
            below = None if root.url else root.within(folder)
            if below is not None and root.holds(real):
                return number, f"{below}/" if below else ""
        return None

    # -- what is read --------------------------------------------------------------------------------------

    def resolve(self, value: object) -> Location:
        """Return where a stored value (or an absolute path, or a URL) lies.

        Raises
        ------
        MediaError
            With `reason` "denied" when it may not be looked at.
        """
        text = _plain(value)
        if URL.match(text) or os.path.isabs(text):
            text = self.relative(text)
            if URL.match(text):
                return Location("browser", text, unquote(_name(urlsplit(text).path)))
        number, below = _parted(text)
        if number >= len(self.roots):
            raise MediaError(
                f"{named(text)} lies under root {number}, but there are {len(self.roots)}; give media_roots",
                reason="denied",
            )
        root = self.roots[number]
        return self._resolve_url(root, below) if root.url else self._resolve_file(root, below)

    def _resolve_url(self, root: Root, below: str) -> Location:
        url = f"{root.given}/{below}"
        segments(url)
        return Location("remote", url, _name(below))

    def _resolve_file(self, root: Root, below: str) -> Location:
        real = os.path.realpath(os.path.join(root.real, *below.split("/")))
        if not root.holds(real):
            raise self._outside(below)
        return Location("file", real, _name(below))

    # -- what is said --------------------------------------------------------------------------------------

    def _outside(self, path: str) -> MediaError:
        return MediaError(
            f"{named(path)} lies outside {self._named_roots()}; declare its folder in media_roots",
            reason="denied",
        )

    def _named_roots(self) -> str:
        return f"the media roots ({_listed(root.given for root in self.roots) or 'there are none'})"

    def _under(self) -> str:
        return f"under {self._named_roots()}"


def moved(old: Iterable[str], new: Iterable[str | os.PathLike[str]]) -> tuple[str, ...]:
    """Return the roots of a store whose pictures lie elsewhere now.

    Parameters
    ----------
    old : iterable of str
        The roots that the store remembers.
    new : iterable of path or URL
        As many as before, in the same order, then any further ones; or a single one in place of the folder that
        all old ones share.

    Raises
    ------
    MediaError
        When there are too few.
    """
    before, after = list(old), [Root.declare(root).given for root in new]
    if len(after) >= len(before):
        return tuple(after)
    if len(after) == 1 and not any(URL.match(root) for root in before):
        shared = _shared(before)
        return tuple(
            os.path.normpath(os.path.join(after[0], os.path.relpath(root, shared))) for root in before
        )
    raise MediaError(
        f"this store has {len(before)} media roots ({_listed(before)}), found {len(after)} in media_roots: "
        "give the new place of each, in the same order",
        reason="denied",
    )


def _plain(value: object) -> str:
    """Return a value as text after the checks that need no root."""
    text = os.fspath(value) if isinstance(value, os.PathLike) else value
    if not isinstance(text, str):
        kind = f"{type(value).__module__}.{type(value).__qualname__}".removeprefix("builtins.")
        raise MediaError(
            f"expected a path or URL, found {kind}: save the picture to a file and give its path",
            reason="unknown",
        )
    if not text.strip():
        raise MediaError("the path is empty", reason="empty")
    if len(text) > LONGEST:
        raise MediaError(
            f"expected a path or URL, found a text of {len(text):,} characters", reason="unknown"
        )
    if "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise MediaError(f"{named(text)} holds a character that no path may have", reason="denied")
    if OPAQUE.match(text) or ("::" in text and "://" in text):
        raise MediaError(
            f"{named(text)} is not loaded: give a path, or a URL under a media root", reason="denied"
        )
    if text.startswith(("//", "\\\\", "\\", "/\\")):
        raise MediaError(
            f"{named(text)} is a network path; mount it and give its local path", reason="denied"
        )
    return text


def _below(path: str, top: str) -> str | None:
    if path == top:
        return ""
    prefix = top if top.endswith(os.sep) else top + os.sep
    return path[len(prefix) :].replace(os.sep, "/") if path.startswith(prefix) else None


def _listed(roots: Iterable[str], most: int = 3) -> str:
    every = list(roots)
    more = f" and {len(every) - most:,} more" if len(every) > most else ""
    return ", ".join(map(named, every[:most])) + more


def _shared(paths: list[str]) -> str:
    try:
        return os.path.commonpath(paths)
    except ValueError:  # on several drives
        return paths[0]


def _is_link(path: str) -> bool:
    """Whether a path is a link; anything but a file is refused."""
    try:
        mode = os.lstat(path).st_mode
    except (OSError, ValueError):
        raise MediaError(f"there is no file {named(path)}", reason="missing") from None
    if not stat.S_ISREG(mode) and not stat.S_ISLNK(mode):
        raise MediaError(f"{named(path)} is no file", reason="unknown")
    return stat.S_ISLNK(mode)


def _check_file(real: str, path: str) -> None:
    if not os.path.isfile(real):
        raise MediaError(f"there is no file {named(path)}", reason="missing")


def _stored(number: int, below: str) -> str:
    return below if number == 0 and not below.startswith("@") else f"@{number}/{below}"


def _parted(stored: str) -> tuple[int, str]:
    """Return number of the root and path below it of a stored form."""
    found = STORED.fullmatch(stored)
    return (int(found[1]), found[2]) if found else (0, stored)


def _name(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2] or "item"
