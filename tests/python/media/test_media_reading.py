"""Reading an item's bytes: files, storages, and the web without ever touching a private address."""

import os
import socket
import threading
from contextlib import contextmanager

import fsspec
import pytest

from labelwidgets.errors import MediaError
from labelwidgets.media import Location, MediaLibrary, Web
from labelwidgets.media.reading import read_bytes


def at(path):
    return Location("file", str(path), path.name)


# -- files ---------------------------------------------------------------------------------------------------


def test_a_file_is_read(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(b"bytes")
    assert read_bytes(at(path)) == b"bytes"


def test_a_missing_file_an_empty_one_and_a_folder_are_told_apart(tmp_path):
    (tmp_path / "empty.png").touch()
    for name, reason in (("no.png", "missing"), ("empty.png", "empty"), ("", "unknown")):
        with pytest.raises(MediaError) as said:
            read_bytes(at(tmp_path / name) if name else at(tmp_path))
        assert said.value.reason == reason


def test_a_file_that_became_a_link_since_it_was_checked_is_not_followed(tmp_path):
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    link = tmp_path / "a.png"
    link.symlink_to(secret)
    with pytest.raises(MediaError):
        read_bytes(at(link))


def test_a_pipe_does_not_hang(tmp_path):
    os.mkfifo(tmp_path / "a.png")
    with pytest.raises(MediaError, match="no file"):
        read_bytes(at(tmp_path / "a.png"))


def test_a_file_too_large_is_not_read(tmp_path):
    path = tmp_path / "a.png"
    with path.open("wb") as file:
        file.truncate(2_000_000_000)
    with pytest.raises(MediaError, match=r"2,000,000,000 bytes, at most 1,000,000,000") as said:
        read_bytes(at(path))
    assert said.value.reason == "too large"


# -- storages ------------------------------------------------------------------------------------------------


@pytest.fixture
def bucket():
    files = fsspec.filesystem("memory")
    files.pipe("/bucket/set/a.png", b"bytes")
    files.pipe("/bucket/secret.png", b"secret")
    yield "memory://bucket/set"
    files.rm("/bucket", recursive=True)


def test_a_storage_is_read_below_its_root(bucket):
    library = MediaLibrary([bucket])
    where = library.resolve("a.png")
    assert where.place == "remote"
    assert read_bytes(where) == b"bytes"
    with pytest.raises(MediaError, match="climbs out"):
        library.resolve("../secret.png")


def test_a_storage_says_what_is_missing_and_which_package(bucket):
    library = MediaLibrary([bucket, "gdrive3://x/y"])
    assert library.complaint("no.png") == "no.png is no longer there"
    assert "no.png" in library.complaint("@1/no.png")


# -- the web -------------------------------------------------------------------------------------------------


@contextmanager
def served(answer):
    """A server on loopback that gives one answer; what it was asked stands in the list."""
    asked = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            with server.accept()[0] as peer:
                asked.append(peer.recv(65536).decode())
                peer.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname(), asked
        thread.join(10)


def web(address, *found):
    """A Web whose look-up finds the given addresses, and whose connections all lead to a test's server."""
    connected = []

    def lookup(host, port, **_):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in found]

    def connect(target, timeout):
        connected.append(target)
        return socket.create_connection(address, timeout)

    return Web(lookup, connect), connected


def test_a_web_root_is_read_from_the_address_that_was_checked():
    body = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nbytes"
    with served(body) as (address, asked):
        reader, connected = web(address, "93.184.216.34")
        where = Location("remote", "http://data.example.org/set/a.png?size=2", "a.png")
        assert read_bytes(where, web=reader) == b"bytes"
    assert connected == [("93.184.216.34", 80)]
    assert asked[0].startswith("GET /set/a.png?size=2 HTTP/1.1\r\nHost: data.example.org\r\n")


@pytest.mark.parametrize(
    "found",
    [
        ("127.0.0.1",),
        ("10.0.0.1",),
        ("169.254.169.254",),
        ("::1",),
        ("::ffff:192.168.0.1",),
        ("93.184.216.34", "127.0.0.1"),
        ("0.0.0.0",),
        (),
    ],
)
def test_hosts_with_a_private_address_are_never_connected_to(found):
    reader, connected = web(("127.0.0.1", 1), *found)
    with pytest.raises(MediaError, match="private address") as said:
        reader.get("https://data.example.org/a.png")
    assert said.value.reason == "denied"
    assert connected == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(status):
    answer = (
        f"HTTP/1.1 {status} Moved\r\nLocation: http://127.0.0.1/secret\r\nContent-Length: 0\r\n\r\n".encode()
    )
    with served(answer) as (address, _):
        reader, connected = web(address, "93.184.216.34")
        with pytest.raises(MediaError, match="redirects elsewhere"):
            reader.get("http://data.example.org/a.png")
    assert len(connected) == 1


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno", "answers 404"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n" + b"x" * 50, "more than 20 bytes"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 50, "more than 20 bytes"),
        (b"nonsense\r\n\r\n", "can't be read"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort", "broke off after 5 of 10 bytes"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: ten\r\n\r\nshort", "can't be read"),
    ],
)
def test_bad_answers_are_media_errors(answer, said):
    with served(answer) as (address, _):
        reader, _ = web(address, "93.184.216.34")
        with pytest.raises(MediaError, match=said):
            read_bytes(Location("remote", "http://data.example.org/a.png", "a.png"), largest=20, web=reader)


def test_a_host_that_is_not_found_is_a_media_error():
    def lookup(*_, **__):
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(MediaError, match="Name or service not known"):
        read_bytes(Location("remote", "https://no.example/a.png", "a.png"), web=Web(lookup))
