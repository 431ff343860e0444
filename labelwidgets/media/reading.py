"""The bytes of an item: from a local file, from any storage by fsspec, or by http(s) from a public address."""

from __future__ import annotations

import os
import socket
import stat
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ..errors import MediaError
from .addresses import PORTS, named, public_address

if TYPE_CHECKING:
    import http.client
    from collections.abc import Callable, Hashable, Iterator

    from .guard import Location

LARGEST = 1_000_000_000
"""Bytes of a file; larger ones are refused."""

SECONDS = 20.0
"""How long a server may stay silent; it has six times as long for the whole."""

PART = 1 << 20


def stamp(where: Location) -> Hashable:
    """Return what tells one state of an item from another: address, and for files time of change and size.

    Raises
    ------
    MediaError
        When there is no such file.
    """
    if where.place != "file":
        return where.address
    with said(where.name):
        seen = os.stat(where.address)  # noqa: PTH116 - the address is text on purpose, as in guard.py
    return where.address, seen.st_mtime_ns, seen.st_size


def read_bytes(where: Location, *, largest: int = LARGEST, web: Web | None = None) -> bytes:
    """Return the bytes of an item.

    Raises
    ------
    MediaError
        With `reason` "missing", "empty", "too large", "denied", or "broken" when the reading failed.
    """
    with said(where.name):
        if where.place == "file":
            data = _read_file(where, largest)
        elif where.address.partition("://")[0].lower() in PORTS:
            data = (web or Web()).get(where.address, largest=largest)
        else:
            data = _read_storage(where, largest)
    if not data:
        raise MediaError(f"{where.name} is empty (0 bytes)", reason="empty")
    return data


def _read_file(where: Location, largest: int) -> bytes:
    # O_NOFOLLOW: a file that became a link since it was checked is refused; O_NONBLOCK: a pipe does not hang
    flags = (
        os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    )
    with os.fdopen(os.open(where.address, flags), "rb") as file:
        seen = os.fstat(file.fileno())
        if not stat.S_ISREG(seen.st_mode):
            raise MediaError(f"{where.name} is no file", reason="unknown")
        _check_size(where.name, seen.st_size, largest)
        return file.read(largest + 1)


def _read_storage(where: Location, largest: int) -> bytes:
    from fsspec.core import url_to_fs

    files, path = url_to_fs(where.address)
    _check_size(where.name, int(files.info(path)["size"] or 0), largest)
    return bytes(files.cat_file(path))


def _check_size(name: str, size: int, largest: int) -> None:
    if size > largest:
        raise MediaError(
            f"{name} is too large: {size:,} bytes, at most {largest:,} are read", reason="too large"
        )


@contextmanager
def said(name: str) -> Iterator[None]:
    """Turn whatever reading `name` raises into a MediaError that people understand."""
    try:
        yield
    except MediaError:
        raise
    except Exception as error:
        raise _translated(name, error) from error


def _translated(name: str, error: Exception) -> MediaError:
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return MediaError(f"{name} is no longer there", reason="missing")
    if isinstance(error, PermissionError):
        return MediaError(f"{name} may not be read by the user who runs this program", reason="denied")
    if isinstance(error, IsADirectoryError):
        return MediaError(f"{name} is a folder", reason="unknown")
    if isinstance(error, MemoryError):
        return MediaError(f"{name} is too large for this machine's memory", reason="too large")
    if isinstance(error, ImportError):
        return MediaError(f"{name} needs a further package: {error}", reason="unknown")
    return MediaError(f"{name} can't be read: {str(error) or type(error).__name__}", reason="broken")


@dataclass(frozen=True, slots=True)
class Web:
    """Reads http(s) URLs under a declared root: only from public addresses, and never where a redirect points.

    The host is looked up once, every address found must be public, and the connection goes to one of these very
    addresses, so that a name can't be made to point elsewhere in between.

    Attributes
    ----------
    lookup : callable
        Host and port to addresses, as `socket.getaddrinfo`.
    connect : callable
        (address, port) and timeout to a connected socket, as `socket.create_connection`.
    """

    lookup: Callable[..., list[Any]] = field(default=socket.getaddrinfo)
    connect: Callable[..., socket.socket] = field(default=socket.create_connection)

    def get(self, url: str, *, largest: int = LARGEST) -> bytes:
        """Return what lies at a URL.

        Raises
        ------
        MediaError
            For addresses that are not public, redirects, answers other than 200, and too much data.
        """
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = parts.port or PORTS[parts.scheme]
        connection = self._connection(parts.scheme, host, port, self._address(host, port))
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request(
                "GET", target, headers={"Accept-Encoding": "identity", "User-Agent": "labelwidgets"}
            )
            return _body(connection.getresponse(), url, largest)
        finally:
            connection.close()

    def _address(self, host: str, port: int) -> str:
        found = [str(entry[4][0]) for entry in self.lookup(host, port, type=socket.SOCK_STREAM)]
        private = [address for address in found if not public_address(address)]
        if private or not found:
            raise MediaError(
                f"{host} has a loopback or private address, which is not loaded", reason="denied"
            )
        return found[0]

    def _connection(self, scheme: str, host: str, port: int, address: str) -> http.client.HTTPConnection:
        import http.client
        import ssl

        if scheme == "https":
            connection: http.client.HTTPConnection = http.client.HTTPSConnection(host, port, timeout=SECONDS)
            secure = ssl.create_default_context()
            connection.sock = secure.wrap_socket(self.connect((address, port), SECONDS), server_hostname=host)
        else:
            connection = http.client.HTTPConnection(host, port, timeout=SECONDS)
            connection.sock = self.connect((address, port), SECONDS)
        return connection


def _body(answer: http.client.HTTPResponse, url: str, largest: int) -> bytes:
    moved, fine = range(300, 400), 200
    if answer.status in moved:
        raise MediaError(
            f"{named(url)} redirects elsewhere, which is not followed: give the address it points to",
            reason="denied",
        )
    if answer.status != fine:
        raise MediaError(f"{named(url)} answers {answer.status} {answer.reason}", reason="missing")
    parts: list[bytes] = []
    size, end = 0, time.monotonic() + 6 * SECONDS
    while part := answer.read(PART):
        size += len(part)
        if time.monotonic() > end:
            raise MediaError(f"{named(url)} takes longer than {6 * SECONDS:.0f} s", reason="broken")
        if size > largest:
            raise MediaError(f"{named(url)} is too large: more than {largest:,} bytes", reason="too large")
        parts.append(part)
    promised = int(answer.headers.get("Content-Length") or size)
    if size < promised:
        raise MediaError(f"{named(url)} broke off after {size:,} of {promised:,} bytes", reason="broken")
    return b"".join(parts)
