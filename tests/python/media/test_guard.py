"""Where items may lie: nothing outside a declared root or an allowed host is ever looked at."""

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labelwidgets.errors import MediaError
from labelwidgets.media import Guard, moved, public_address


@pytest.fixture
def place(tmp_path):
    """A root with a file and a folder, secrets beside it, and links of all kinds."""
    root = tmp_path / "root"
    (root / "sub").mkdir(parents=True)
    (root / "a.png").write_bytes(b"a")
    (root / "sub" / "b.png").write_bytes(b"b")
    (root / "100%.png").write_bytes(b"c")
    (tmp_path / "rootx").mkdir()
    (tmp_path / "rootx" / "secret.png").write_bytes(b"secret")
    (tmp_path / "secret.png").write_bytes(b"secret")
    (root / "out.png").symlink_to(tmp_path / "secret.png")
    (root / "outside").symlink_to(tmp_path / "rootx")
    (root / "loop.png").symlink_to(root / "loop.png")
    (root / "in.png").symlink_to(root / "sub" / "b.png")
    return tmp_path


@pytest.fixture
def guard(place):
    return Guard([place / "root"], ["images.example.org", "*.example.net", "example.org:8443"])


# -- what is stored ------------------------------------------------------------------------------------------


def test_paths_below_the_first_root_are_stored_as_they_are(guard, place):
    assert guard.relative(str(place / "root" / "sub" / "b.png")) == "sub/b.png"
    assert guard.relative(place / "root" / "a.png") == "a.png"
    assert guard.relative("sub/b.png") == "sub/b.png"
    assert guard.relative(f"{place}/root/sub/../a.png") == "a.png"


def test_a_stored_form_leads_back(guard, place):
    for path in (place / "root" / "a.png", place / "root" / "sub" / "b.png", place / "root" / "100%.png"):
        stored = guard.relative(path)
        assert guard.resolve(stored).address == str(path)
        assert guard.restore(stored) == str(path)


def test_further_roots_have_numbers(place):
    guard = Guard([place / "root" / "sub", place / "rootx", place / "root"])
    assert guard.relative(place / "root" / "sub" / "b.png") == "b.png"
    assert guard.relative(place / "rootx" / "secret.png") == "@1/secret.png"
    assert guard.relative(place / "root" / "a.png") == "@2/a.png"
    assert guard.resolve("@2/a.png").address == str(place / "root" / "a.png")


def test_a_root_declared_later_changes_no_stored_form(place):
    before = Guard([place / "root" / "sub"])
    after = Guard([place / "root" / "sub", place / "root", place])
    path = place / "root" / "sub" / "b.png"
    assert before.relative(path) == after.relative(path)


def test_a_folder_that_looks_like_a_number_of_a_root_is_told_apart(place):
    odd = place / "root" / "@1"
    odd.mkdir()
    (odd / "x.png").write_bytes(b"x")
    guard = Guard([place / "root", place / "rootx"])
    assert guard.relative(odd / "x.png") == "@0/@1/x.png"
    assert guard.resolve("@0/@1/x.png").address == str(odd / "x.png")


def test_a_store_moves_with_its_pictures(place):
    stored = Guard([place / "root", place / "rootx"]).relative(place / "rootx" / "secret.png")
    (place / "root").rename(place / "new")
    (place / "rootx").rename(place / "newx")
    again = Guard([place / "new", place / "newx"])
    assert again.resolve(stored).address == str(place / "newx" / "secret.png")
    assert again.resolve("sub/b.png").address == str(place / "new" / "sub" / "b.png")


def test_moved_takes_one_folder_in_place_of_the_one_all_shared():
    assert moved(["/a/x", "/a/y"], ["/b"]) == ("/b/x", "/b/y")
    assert moved(["/a/x"], ["/b", "/c"]) == ("/b", "/c")
    assert moved(["s3://a/x", "/a"], ["s3://b/x", "/a"]) == ("s3://b/x", "/a")
    with pytest.raises(MediaError, match="3 media roots"):
        moved(["/a", "/b", "/c"], ["/d", "/e"])


def test_a_root_reached_by_a_link_is_a_root(place):
    (place / "link").symlink_to(place / "root")
    guard = Guard([place / "link"])
    assert guard.relative(place / "link" / "a.png") == "a.png"
    assert guard.relative(place / "root" / "a.png") == "a.png"
    assert guard.resolve("a.png").address == str(place / "root" / "a.png")


def test_a_link_within_the_root_keeps_its_name(guard, place):
    assert guard.relative(place / "root" / "in.png") == "in.png"
    assert guard.resolve("in.png").address == str(place / "root" / "sub" / "b.png")


def test_a_missing_file_is_said_when_it_is_added(guard, place):
    for value in ("no.png", str(place / "root" / "no.png"), str(place / "root" / "no" / "a.png")):
        with pytest.raises(MediaError, match="there is no file") as said:
            guard.relative(value)
        assert said.value.reason == "missing"
    with pytest.raises(MediaError, match="is no file"):
        guard.relative(place / "root" / "sub")


# -- attacks by path -----------------------------------------------------------------------------------------

OUTSIDE = [
    "../secret.png",
    "sub/../../secret.png",
    "../rootx/secret.png",
    "../root/../secret.png",
    "outside/secret.png",
    "out.png",
    "./../secret.png",
    "@0/../secret.png",
    "@1/secret.png",
    "@7/secret.png",
    "/etc/passwd",
    "/etc/../etc/passwd",
    "//etc/passwd",
    "///etc/passwd",
    "\\\\server\\share\\a.png",
    "//server/share/a.png",
    "/\\server\\share",
    "\\etc\\passwd",
    "a.png\0.txt",
    "\0",
    "file:///etc/passwd",
    "FILE:///etc/passwd",
    "file:/etc/passwd",
    "file:etc/passwd",
    "local:///etc/passwd",
    "data:image/png;base64,AAAA",
    "javascript:alert(1)",
    "JavaScript://x/%0aalert(1)",
    "vbscript:x",
    "blob:https://images.example.org/1",
    "about:blank",
    "simplecache::file:///etc/passwd",
    "zip://a.png::file:///etc/passwd.zip",
    "filecache::https://images.example.org/a.png",
    "memory://secret.png",
    "s3://bucket/a.png",
    "ftp://images.example.org/a.png",
    "gopher://images.example.org/a.png",
    "a\ud800.png",
    "",
    "   ",
    "x" * 5000,
]


@pytest.mark.parametrize("value", OUTSIDE, ids=lambda value: repr(value[:40]))
def test_nothing_outside_is_resolved_or_stored(guard, place, value):
    with pytest.raises(MediaError) as said:
        guard.resolve(value)
    assert len(str(said.value)) > 10
    with pytest.raises(MediaError):
        guard.relative(value)


@pytest.mark.parametrize(
    "below",
    [
        "secret.png",
        "rootx/secret.png",
        "root/../secret.png",
        "root/../rootx/secret.png",
        "root/sub/../../secret.png",
        "root/out.png",
        "root/outside/secret.png",
        "root/sub/../outside/secret.png",
    ],
)
def test_absolute_paths_outside_are_refused(guard, place, below):
    for ask in (guard.resolve, guard.relative):
        with pytest.raises(MediaError, match="lies outside the media roots") as said:
            ask(f"{place}/{below}")
        assert said.value.reason == "denied"


def test_a_way_through_a_link_is_refused_even_when_it_was_asked_before(guard, place):
    folder = place / "root" / "later"
    folder.mkdir()
    (folder / "secret.png").write_bytes(b"fine")
    assert guard.relative(folder / "secret.png") == "later/secret.png"
    (folder / "secret.png").unlink()
    folder.rmdir()
    folder.symlink_to(place / "rootx")
    with pytest.raises(MediaError, match="outside"):
        guard.resolve("later/secret.png")


def test_percent_signs_in_paths_are_signs(guard, place):
    assert guard.resolve("100%.png").address == str(place / "root" / "100%.png")
    for value in (
        "%2e%2e/secret.png",
        "..%2fsecret.png",
        "%2e%2e%2fsecret.png",
        "sub/%2e%2e/%2e%2e/secret.png",
    ):
        assert guard.resolve(value).address.startswith(str(place / "root") + "/")
        with pytest.raises(MediaError, match="there is no file"):
            guard.relative(value)


def test_a_loop_of_links_is_refused(guard):
    with pytest.raises(MediaError):
        guard.relative("loop.png")


@pytest.mark.parametrize(
    "value", [b"a.png", 3, None, 2.5, ["a.png"], np.zeros((2, 2)), {"path": "a.png"}], ids=repr
)
def test_what_is_no_path_is_refused_with_a_remedy(guard, value):
    with pytest.raises(MediaError, match="save the picture to a file"):
        guard.resolve(value)


def test_without_roots_nothing_is_found():
    with pytest.raises(MediaError, match="there are none"):
        Guard().relative("/etc/hostname")
    with pytest.raises(MediaError, match="media_roots"):
        Guard().resolve("a.png")


PIECES = st.lists(
    st.sampled_from(
        [
            "..",
            ".",
            "",
            "root",
            "rootx",
            "sub",
            "a.png",
            "b.png",
            "secret.png",
            "out.png",
            "outside",
            "@0",
            "@1",
            "%2e%2e",
            "..%2f",
            "~",
            "C:",
            "\\..\\",
        ]
    )
    | st.text(max_size=4),
    max_size=7,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(pieces=PIECES, absolute=st.sampled_from(["", "/", "here"]))
def test_whatever_the_path_only_the_root_is_reached(place, guard, pieces, absolute):
    start = str(place) + "/" if absolute == "here" else absolute
    try:
        where = guard.resolve(start + "/".join(pieces))
    except MediaError:
        return
    real = Path(os.path.realpath(where.address))
    assert real.is_relative_to(place / "root")
    assert not real.exists() or real.is_dir() or real.read_bytes() != b"secret"


# -- URLs ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "https://images.example.org/a.png",
        "HTTPS://IMAGES.EXAMPLE.ORG/a.png",
        "http://images.example.org:80/a.png",
        "https://images.example.org:443/a.png?size=3",
        "https://images.example.org./a.png",
        "https://a.b.example.net/x/y.jpg",
        "https://example.org:8443/a.png",
    ],
)
def test_a_url_of_an_allowed_host_is_left_to_the_browser(guard, url):
    assert guard.relative(url) == url
    assert guard.resolve(url).place == "browser"


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/a.png",
        "https://example.net/a.png",
        "https://evilexample.net/a.png",
        "https://images.example.org.evil.com/a.png",
        "https://images.example.org@evil.com/a.png",
        "https://user:word@images.example.org/a.png",
        "https://images.example.org:8080/a.png",
        "https://evil.com\\@images.example.org/a.png",
        "https://evil.com#images.example.org/a.png",
        "https://evil.com?images.example.org",
        "https://images.example.org\t.evil.com/a.png",
        "https://images.example.org /a.png",
        "https://images.example.org\n/a.png",
        "https://images.exam%70le.org/a.png",
        "https://127.0.0.1/a.png",
        "https://localhost/a.png",
        "https://[::1]/a.png",
        "https://2130706433/a.png",
        "https://169.254.169.254/latest/meta-data",
        "https:///a.png",
        "https://:80/a.png",
        "https://images.example.org:99999/a.png",
        "https://images.example.org/../a.png",
        "https://images.example.org/%2e%2e/a.png",
        "https://images.example.org/%252e%252e/a.png",
        "https://ımages.example.org/a.png",
    ],
)
def test_other_urls_are_refused(guard, url):
    with pytest.raises(MediaError) as said:
        guard.resolve(url)
    assert said.value.reason == "denied"


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST:8888",
        "sub.localhost",
        "127.0.0.1",
        "127.0.0.1:8000",
        "10.0.0.8",
        "192.168.1.2",
        "172.16.0.1",
        "169.254.169.254",
        "0.0.0.0",
        "0",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "127.1",
        "[::1]",
        "::1",
        "::ffff:127.0.0.1",
        "fe80::1",
        "fd00::1",
        "*",
        "*.",
        "",
        "https://example.org",
        "example.org/path",
        "a b.org",
        "user@example.org",
    ],
)
def test_private_and_ill_formed_hosts_can_not_be_allowed(host):
    with pytest.raises(MediaError, match="allow_hosts"):
        Guard([], [host])


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "10.0.0.7"])
def test_nobody_is_told_to_allow_a_host_that_can_not_be_allowed(guard, host):
    with pytest.raises(
        MediaError, match=r"is not allowed; .* folder and declare it in media_roots"
    ) as refused:
        guard.relative(f"http://{host}/a.png")
    assert "allow_hosts" not in str(refused.value)


def test_who_is_told_to_allow_a_host_may(guard):
    with pytest.raises(MediaError, match=r"allow_hosts=\['pictures\.example\.edu'\]"):
        guard.relative("https://pictures.example.edu/a.png")


def test_international_hosts_are_equal_in_both_spellings():
    guard = Guard([], ["bücher.example"])
    assert guard.resolve("https://xn--bcher-kva.example/a.png").place == "browser"
    assert Guard([], ["xn--bcher-kva.example"]).resolve("https://bücher.example/a.png").place == "browser"


def test_urls_below_a_root_are_stored_from_it():
    guard = Guard(["/nowhere", "s3://bucket/set/", "https://data.example.org/photos"])
    assert guard.relative("s3://bucket/set/sub/my photo.png") == "@1/sub/my photo.png"
    assert guard.resolve("@1/sub/my photo.png").address == "s3://bucket/set/sub/my photo.png"
    assert guard.relative("https://DATA.example.org/photos/a.png") == "@2/a.png"
    assert guard.resolve("@2/a.png").place == "remote"
    assert guard.restore("@2/a.png") == "https://data.example.org/photos/a.png"


@pytest.mark.parametrize(
    "url",
    [
        "s3://bucket/setx/a.png",
        "s3://bucket/a.png",
        "s3://bucket/set",
        "s3://other/set/a.png",
        "s3://bucket/set/../a.png",
        "s3://bucket/set/%2e%2e/a.png",
        "s3://bucket/set/..%2fa.png",
        "s3://bucket/set/a\\..\\b.png",
        "s3://bucket/set/\x01.png",
        "gs://bucket/set/a.png",
        "https://data.example.org/photosx/a.png",
        "https://data.example.org/a.png",
        "https://data.example.org:8443/photos/a.png",
        "http://data.example.org/photos/a.png",
    ],
)
def test_urls_beside_a_root_are_refused(url):
    guard = Guard(["s3://bucket/set", "https://data.example.org/photos"])
    with pytest.raises(MediaError):
        guard.resolve(url)


@pytest.mark.parametrize(
    "below", ["@0/../a.png", "../a.png", "%2e%2e/a.png", "x/..%2f..%2fa.png", "@0/..\\a.png"]
)
def test_stored_forms_can_not_climb_out_of_a_url(below):
    with pytest.raises(MediaError, match="climbs|character"):
        Guard(["s3://bucket/set"]).resolve(below)


@pytest.mark.parametrize(
    "root", ["file:///etc", "data:x", "simplecache::s3://bucket/x", "s3://bucket/../x", "a\0b"]
)
def test_some_things_can_not_be_roots(root):
    with pytest.raises(MediaError):
        Guard([root])


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False),
        ("127.8.9.1", False),
        ("10.1.2.3", False),
        ("172.31.255.255", False),
        ("192.168.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("255.255.255.255", False),
        ("224.0.0.1", False),
        ("239.1.2.3", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fe80::1%eth0", False),
        ("fd12::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("2002:7f00:1::", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::a00:1", False),
        ("nonsense", False),
        ("", False),
    ],
)
def test_public_addresses(address, public):
    assert public_address(address) is public
