"""How a published app begins, goes on and ends: kernels that are full, idle, killed; signals; base URLs; two databases."""

import os
import signal
import sqlite3
import time
from contextlib import closing
from datetime import timedelta

import psutil
import pytest
import websocket

import labelwidgets as lw
from labelwidgets.app.publication import Publication
from labelwidgets.session import GRACE
from labelwidgets.store import open_store
from labelwidgets.store.clock import Clock
from tests.servers import kernels_below

from .conftest import App, as_app, made_store, published, serving


def until(what, patience=30):
    """Wait for something to become true; returns whether it did."""
    end = time.monotonic() + patience
    while not what():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def longest_lease(path):
    """How long the tasks in people's hands stay there from now on."""
    with closing(sqlite3.connect(path)) as connection:
        held = "SELECT MAX(lease_until) FROM assignment WHERE state = 'leased'"
        (until,) = connection.execute(held).fetchone()
    return timedelta(microseconds=until - Clock().tick())


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """An app with room for three pages, which are forgotten after five seconds."""
    home = tmp_path_factory.mktemp("small")
    made_store(home)
    sizes = {"pool": 1, "per_person": 2, "most": 3, "idle_s": 5}
    published(home, people=("ann", "ben", "cem", "dee"), sizes=sizes)
    with serving(home) as server:
        yield as_app(home, server)


class TestWork:
    def test_two_people_label_and_neither_sees_the_others_tasks(self, small):
        """From a ticket to the store and back, by raw messages."""
        ann, ben = small.signed_in("ann"), small.signed_in("ben")
        desks = {"ann": ann.open("label/default").label(), "ben": ben.open("label/default").label()}
        given = {}
        for name, desk in desks.items():
            desk.hello()
            given[name] = [task["id"] for task in desk.pushed()]
        assert not set(given["ann"]) & set(given["ben"])
        for name, desk in desks.items():
            answer = desk.act(
                "submit",
                task=given[name][0],
                round=1,
                values={"mood": "glad"},
                times=None,
                confidence=None,
                prediction=None,
                schema=1,
            )
            assert answer["kind"] == "ack", answer
        with lw.Session(small.store, user="reader") as session:
            kept = session.annotations()
        assert set(kept["annotator"]) == {"ann", "ben"}
        for desk in desks.values():
            desk.wire.close()

    def test_a_ticket_is_good_once_for_its_own_kernel(self, small):
        cem = small.signed_in("cem")
        page = cem.open("label/default")
        told = page.enter()
        assert told["me"]["id"] == "cem"
        word = cem.ticket(page.kernel).json["ticket"]
        assert page.app.act("enter", ticket=word, page="label", project="default")["kind"] == "ack"
        assert page.app.act("enter", ticket=word, page="label", project="default")["kind"] == "refuse"
        for forged in ("", "x", "y" * 190):
            answer = page.app.act("enter", ticket=forged, page="label", project="default")
            assert answer["kind"] == "refuse"
        page.wire.close()

    def test_without_a_ticket_a_page_shows_and_does_nothing(self, small):
        dee = small.signed_in("dee")
        page = dee.open("label/default")
        assert "secret message" not in page.text
        from tests.visitor import Desk

        wire = dee.socket(page.kernel)
        app = Desk(wire, page.models[-1])
        for kind, fields in (
            ("open", {"page": "label", "project": "default"}),
            ("remove", {"person": "ann"}),
        ):
            assert app.act(kind, **fields)["kind"] == "refuse"
        wire.close()

    def test_an_annotator_has_no_act_of_a_manager(self, small):
        page = small.signed_in("dee").open("manage")
        page.enter()
        for kind, fields in (
            ("invite", {"person": "eve", "role": "admin"}),
            ("change", {"person": "dee", "role": "admin"}),
            ("remove", {"person": "ann"}),
            ("assign", {"project": "default", "person": "dee", "role": "admin"}),
            ("archive", {"project": "default", "archived": True}),
            ("clone", {"project": "default", "name": "mine"}),
            ("template", {"project": "default"}),
            ("open", {"page": "manage", "project": "default"}),
        ):
            answer = page.app.act(kind, **fields)
            assert answer["kind"] == "refuse", kind
        page.wire.close()
        store = open_store(small.store)
        assert store.member("eve") is None
        assert store.member("ann").active
        assert store.member("dee").role == "annotator"
        store.close()

    def test_who_is_removed_is_refused_at_the_next_act_and_the_next_request(self, small):
        dee = small.signed_in("dee")
        page = dee.open("label/default")
        desk = page.label()
        desk.hello()
        task = desk.pushed()[0]["id"]
        store = open_store(small.store)
        store.save_member("dee", active=False, actor="mia")
        answer = desk.act(
            "submit",
            task=task,
            round=1,
            values={"mood": "sad"},
            times=None,
            confidence=None,
            prediction=None,
            schema=1,
        )
        assert answer["kind"] == "refuse"
        assert not dee.signed_in
        store.save_member("dee", active=True, actor="mia")
        store.close()
        assert not dee.signed_in


class TestSizes:
    def test_pages_that_are_left_alone_end_and_say_so(self, small):
        ann = small.signed_in("ann")
        page = ann.open()
        wire = ann.socket(page.kernel)
        wire.reply("kernel_info_request")
        assert until(lambda: ann.ask(f"api/kernels/{page.kernel}").status == 404)
        ended = [each for each in small.events("kernel end") if each["kernel"] == page.kernel[:8]]
        assert ended
        wire.close()

    def test_one_that_is_worked_in_goes_on(self, small):
        ann = small.signed_in("ann")
        page = ann.open("label/default")
        desk = page.label()
        desk.hello()
        end = time.monotonic() + 8
        while time.monotonic() < end:
            assert desk.act("beat", tasks=[])["kind"] == "ack"
            time.sleep(0.5)
        assert ann.ask(f"api/kernels/{page.kernel}").status == 200
        desk.wire.close()
        page.leave()

    def test_a_page_that_nobody_is_connected_to_makes_room(self, small):
        assert until(lambda: small.signed_in("ann").ask("healthz").json["kernels"] == 0)
        pages = [(small.signed_in(name), None) for name in ("ann", "ben", "cem")]
        pages = [(visitor, visitor.open()) for visitor, _ in pages]
        assert small.signed_in("mia").ask("").status == 200
        gone = [visitor.ask(f"api/kernels/{page.kernel}").status for visitor, page in pages]
        assert max(gone) == 404

    def test_pages_that_wait_are_never_forgotten(self, small):
        assert until(lambda: small.signed_in("ann").ask("healthz").json["kernels"] == 0)
        assert until(lambda: len(kernels_below(small.pid)) == 1)
        (waiting,) = kernels_below(small.pid)
        time.sleep(7)
        assert waiting.is_running()
        page = small.signed_in("ann").open()
        assert page.kernel in " ".join(waiting.cmdline())
        page.leave()


def test_when_all_are_at_work_the_next_is_told_and_nobody_is_thrown_out(tmp_path):
    made_store(tmp_path)
    published(tmp_path, sizes={"pool": 0, "most": 2})
    with serving(tmp_path) as server:
        app = as_app(tmp_path, server)
        at_work = [(visitor, visitor.open()) for visitor in map(app.signed_in, ("ann", "ben"))]
        for _, page in at_work:
            page.enter()
        answer = app.signed_in("mia").ask("work")
        assert answer.status == 503
        assert answer.headers["Retry-After"] == "60"
        assert "2 people are at work" in answer.text
        assert 'href="/work"' in answer.text
        assert all(visitor.ask(f"api/kernels/{page.kernel}").status == 200 for visitor, page in at_work)
        assert app.events("refused")[-1]["what"] == "page: full"
        at_work[0][1].leave()
        assert app.signed_in("mia").ask("work").status == 200


class TestEnds:
    @pytest.fixture
    def own(self, tmp_path):
        made_store(tmp_path)
        published(tmp_path, sizes={"pool": 1})
        rooms = tmp_path / "tmp"
        rooms.mkdir()
        with serving(tmp_path, TMPDIR=str(rooms)) as server:
            app = as_app(tmp_path, server)
            app.rooms = rooms
            yield app

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_a_signal_ends_everything_in_seconds(self, own, number):
        ann = own.signed_in("ann")
        page = ann.open("label/default")
        desk = page.label()
        desk.hello()
        children = psutil.Process(own.pid).children(recursive=True)
        assert len(children) >= 1
        began = time.monotonic()
        assert own.server.end(number) == 0
        assert time.monotonic() - began < 20
        psutil.wait_procs(children, timeout=10)
        assert not [child for child in children if child.is_running()]
        assert list(own.rooms.iterdir()) == []
        assert own.events()[-1]["event"] == "ended"
        assert timedelta(0) < longest_lease(own.store) <= GRACE, (
            "other pages keep tasks, nobody else waits long for them"
        )

    def test_in_the_midst_of_starting_too(self, own):
        """Pages that are just being rendered are ended as well."""
        assert until(lambda: kernels_below(own.pid))
        children = psutil.Process(own.pid).children(recursive=True)
        assert own.server.end(signal.SIGTERM) == 0
        psutil.wait_procs(children, timeout=10)
        assert not [child for child in children if child.is_running()]
        assert list(own.rooms.iterdir()) == []

    def test_a_killed_server_takes_its_kernels_along_and_the_next_one_knows_everybody(self, own, tmp_path):
        ann = own.signed_in("ann")
        page = ann.open("label/default")
        page.label()
        children = kernels_below(own.pid)
        os.kill(own.pid, signal.SIGKILL)
        own.server.process.wait(10)
        psutil.wait_procs(children, timeout=20)
        assert not [child for child in children if child.is_running()]
        with serving(tmp_path) as server:
            again = as_app(tmp_path, server)
            assert again.url == own.url
            assert ann.signed_in, "a new server asked for the password again"
            with pytest.raises(websocket.WebSocketBadStatusException, match="403"):
                ann.socket(page.kernel)
            assert ann.open("label/default").enter()["me"]["id"] == "ann"

    def test_a_killed_kernel_is_replaced_by_nobody_elses(self, own):
        ann = own.signed_in("ann")
        page = ann.open("label/default")
        page.label()
        (kernel,) = [each for each in kernels_below(own.pid) if page.kernel in " ".join(each.cmdline())]
        os.kill(kernel.pid, signal.SIGKILL)
        until(lambda: not kernel.is_running())
        assert own.signed_in("ben").ask(f"api/kernels/{page.kernel}").status == 403
        assert ann.open("label/default").enter()["me"]["id"] == "ann"


def test_a_dead_page_in_waiting_is_not_given_to_anybody(tmp_path):
    made_store(tmp_path)
    published(tmp_path, sizes={"pool": 1})
    with serving(tmp_path) as server:
        app = as_app(tmp_path, server)
        ann = app.signed_in("ann")
        assert until(lambda: ann.ask("healthz").json["ready"] == 1)
        assert until(lambda: kernels_below(app.pid))
        page = ann.open("label/default")
        assert page.enter()["me"]["id"] == "ann"


def test_below_a_path_and_behind_https(tmp_path):
    made_store(tmp_path)
    url = "https://label.example.org/street/"
    _, invited = published(tmp_path, url=url, base_url="/street/", sizes={"pool": 0}, passwords=False)
    assert invited[0].link.startswith(f"{url}invite/")
    with serving(tmp_path) as server:
        assert f"Serving {url}" in server.output
        local = f"http://127.0.0.1:{Publication.read(tmp_path / 's-app').port}/street/"
        app = App(tmp_path, server, local, tmp_path / "app.log")
        visitor = app.visitor()
        visitor.headers = {
            "Host": "label.example.org",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "203.0.113.9",
        }
        visitor.origin = "https://label.example.org"
        answer = visitor.accept(f"invite/{invited[0].link.rpartition('/')[2]}", "four plain words here")
        assert (answer.status, answer.location) == (302, "/street/")
        cookie = next(c for c in answer.headers.get_all("Set-Cookie") if c.startswith("labelwidgets"))
        assert "Path=/street/; SameSite=Lax; Secure" in cookie
        assert app.events("sign-in")[-1]["address"] == "203.0.113.9"
        page = visitor.open("label/default")
        assert page.enter()["me"]["id"] == "ann"
        assert visitor.ask("/label/default").status == 404
        assert visitor.post("ticket", {"kernel": page.kernel}, Origin="https://evil.example").status in (
            403,
            404,
        )
        with pytest.raises(websocket.WebSocketBadStatusException, match="403"):
            visitor.socket(page.kernel, Origin="https://evil.example")
        page.wire.close()
        page.leave()
