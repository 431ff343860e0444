"""URLs, hosts and IP addresses: which forms are plain, which hosts may be allowed, which addresses are public."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import unquote, urlsplit

from ..errors import MediaError, shown

URL = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]+://", re.ASCII)
"""How a URL begins; a drive ("C:\\") does not."""

NAMED = 100
"""Characters of a path or URL that a message quotes."""

PORTS = {"http": 80, "https": 443}


def named(path: str) -> str:
    """Quote a path or URL for a message; of a long one the end, which tells most."""
    return repr(path) if len(path) <= NAMED else f"'...{repr(path[-NAMED:])[1:]}"


def public_address(address: str) -> bool:
    """Whether an IP address is one of the public internet, in whatever form it hides a private one."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return all(each.is_global and not each.is_multicast for each in (ip, *_within(ip)))


def _within(ip: IPv4Address | IPv6Address) -> list[IPv4Address]:
    """IPv4 addresses carried inside an IPv6 address: mapped, 6to4, Teredo and NAT64."""
    if isinstance(ip, IPv4Address):
        return []
    nat64 = IPv4Address(ip.packed[12:]) if ip.packed[:12] == bytes.fromhex("0064ff9b" + "00" * 8) else None
    inner = (ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ()), nat64)
    return [each for each in inner if each is not None]


def segments(url: str) -> list[str]:
    """Return scheme and parts of a URL; refuses parts that climb, in any encoding."""
    scheme, _, rest = url.partition("://")
    parts = [scheme.lower(), *rest.rstrip("/").split("/")]
    if any(char < " " or char in "\\\x7f" for char in url) or (parts[0] in PORTS and " " in url):
        raise MediaError(f"{named(url)} holds a character that no URL may have", reason="denied")
    if parts[0] in PORTS:
        host_of(url)
        parts[1] = parts[1].lower()
    for part in parts:
        if _decoded(part) in {".", ".."} or any(char in _decoded(part) for char in "/\\\0"):
            raise MediaError(f"{named(url)} climbs out of its folder", reason="denied")
    return parts


def _decoded(part: str) -> str:
    """Undo percent-encoding as often as it was done."""
    for _ in range(4):
        part, before = unquote(part), part
        if part == before:
            break
    return part


def host_of(url: str) -> str:
    """Return host, with the port where it is not the scheme's own, of an http(s) URL."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    if not host or "@" in parts.netloc or "%" in parts.netloc:
        raise MediaError(f"{named(url)} is no plain http(s) URL of a host", reason="denied")
    return (
        _normal_host(host) if port in (None, PORTS[parts.scheme.lower()]) else f"{_normal_host(host)}:{port}"
    )


def _normal_host(host: str) -> str:
    host = host.lower().rstrip(".")
    try:
        return host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def allowed_host(host: str) -> str:
    """Return an entry of `allow_hosts` in its normal form.

    Raises
    ------
    MediaError
        When it is no host, or one of this machine or a private network.
    """
    text = host.strip().lower().removesuffix("/")
    name = _normal_host(text.removeprefix("*."))
    bare = name if name.count(":") > 1 else name.partition(":")[0]
    private = bare == "localhost" or bare.endswith(".localhost")
    numeric = (
        re.fullmatch(r"\[?[0-9a-f:]*:[0-9a-f:.]*\]?|(0x[0-9a-f]*|[0-9]+)(\.(0x[0-9a-f]*|[0-9]+))*", bare)
        is not None
    )
    if private or (numeric and not public_address(bare.strip("[]"))):
        raise MediaError(
            f"{shown(host)} in allow_hosts is a loopback or private address; put the files into a folder and declare it in media_roots",
            reason="denied",
        )
    if not numeric and not re.fullmatch(r"[a-z0-9_]([a-z0-9_\-.]*[a-z0-9_])?(:[0-9]{1,5})?", name):
        raise MediaError(
            f"{shown(host)} in allow_hosts is no host: write 'images.example.org', without https:// and path",
            reason="denied",
        )
    return f"*.{name}" if text.startswith("*.") else name


def hint(host: str) -> str:
    """What to do about a host that is not allowed; one of this machine or a private network never is."""
    try:
        return f"name it in allow_hosts=[{allowed_host(host)!r}]"
    except MediaError:
        return "pages load nothing from this machine or a private network: put the files into a folder and declare it in media_roots"


def matches(host: str, allowed: str) -> bool:
    """Whether a host is the allowed one, or a part of it where that begins with "*."."""
    return host.endswith(allowed[1:]) if allowed.startswith("*.") else host == allowed
