"""A served app as somebody meets it who wants what is not theirs; each of these once worked."""

import asyncio
import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

import labelwidgets as lw
from labelwidgets.accounts import Accounts
from labelwidgets.app.publication import Publication
from labelwidgets.app.shell import AppWidget
from labelwidgets.app.web import inside
from labelwidgets.app.wire import may_pass
from labelwidgets.messages import times
from labelwidgets.records import Membership, Times
from labelwidgets.store import open_store
from labelwidgets.workspace import Workspace
from tests.browser.host import bare_comms
from tests.visitor import Wire, packed

from .conftest import App, made_store, published, serving
from .test_shell import opened, say

PASSWORD = "four plain words here"


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """An app below a path, behind a proxy with https."""
    home = tmp_path_factory.mktemp("attacked")
    made_store(home)
    published(home, url="https://label.example.org/street/", base_url="/street/", sizes={"pool": 0})
    with serving(home) as server:
        port = Publication.read(home / "s-app").port
        yield App(home, server, f"http://127.0.0.1:{port}/street/", home / "app.log")


def visitor(app, address="203.0.113.9", **headers):
    """Somebody whose requests come through the proxy."""
    said = {"Host": "label.example.org", "X-Forwarded-Proto": "https", "X-Forwarded-For": address}
    found = app.visitor()
    found.headers, found.origin = said | headers, "https://label.example.org"
    return found


def signed_in(app, name):
    found = visitor(app)
    assert found.sign_in(name, PASSWORD).status == 302
    return found


class TestAddresses:
    def test_a_visitor_can_not_say_their_own_past_the_proxy(self, app):
        forger = visitor(app, **{"X-Real-Ip": "198.51.100.1"})
        assert forger.sign_in("ann", "a wrong password").status == 401
        assert app.events("refused")[-1]["address"] == "203.0.113.9"

    def test_what_they_say_before_the_proxy_does_not_count(self, app):
        forger = visitor(app, "198.51.100.1, 203.0.113.9")
        assert forger.sign_in("ann", "a wrong password").status == 401
        assert app.events("refused")[-1]["address"] == "203.0.113.9"

    @pytest.mark.parametrize("to", ["/street/%2e%2e/hub/logout", "/street/%2E%2e%2fx", "/street/a/.%2e/b"])
    def test_sign_in_leads_to_no_neighbour_of_the_app(self, to):
        assert inside(to, "/street/") == "/street/"


class TestLargeRequests:
    @pytest.mark.parametrize("path", ["login", "logout", "ticket", "invite/abc"])
    def test_are_refused_before_they_are_taken_in(self, app, path):
        stranger = visitor(app)
        stranger.ask("login")
        try:
            status = stranger.send(path, name="x" * 300_000, password="y").status
        except (BrokenPipeError, ConnectionResetError):  # it hung up before all was sent
            status = 400
        assert status == 400
        assert stranger.ask("healthz").status == 200

    def test_a_password_as_long_as_may_be_is_taken(self, app):
        assert signed_in_with(app, "né plain w" * 100)


def signed_in_with(app, password):
    store = open_store(app.store)
    store.save_member("long", role="annotator", actor="mia")
    word = Accounts(store).invite("long", actor="mia")
    store.close()
    found = visitor(app)
    return found.accept(f"/street/invite/{word}", password).status == 302


class TestMessages:
    @pytest.mark.parametrize("place", [0, 3])
    def test_one_that_is_nested_without_end_is_dropped(self, place):
        header = json.dumps({"msg_type": "comm_msg"}).encode()
        parts = [header, b"{}", b"{}", b"{}"]
        parts[place] = b'{"a":' * 200_000 + b"1" + b"}" * 200_000
        assert not may_pass(packed("shell", parts))


class TestFaults:
    """A kernel's faults can be provoked: by messages that its libraries choke on."""

    CHOKING = (
        {"comm_id": "c9", "target_name": "jupyter.widget.control", "data": {}},  # no version
        {"data": {"method": "update", "state": {}, "buffer_paths": [["a", "b", 0]]}},
        {"data": 7},
        {"data": {"method": "nothing like it"}},
    )

    def test_what_a_kernel_writes_is_not_for_the_page(self, app):
        page = signed_in(app, "ann").open("label/default")
        page.enter()
        for content in self.CHOKING:
            kind = "comm_open" if "target_name" in content else "comm_msg"
            page.wire.send(kind, {"comm_id": page.models[-1]} | content)
        assert page.app.act("open", page="about")["data"]
        while message := page.wire.receive(1):
            page.wire.waiting.append(message)
        kinds = {message["header"]["msg_type"] for message in page.wire.waiting}
        assert kinds <= {"status", "comm_msg", "comm_open", "comm_close"}
        assert "Traceback" not in json.dumps(page.wire.waiting)
        faults = [each for each in app.events("error") if each["source"] == "kernel"]
        assert faults
        assert {each["kind"] for each in faults} <= {"ValueError", "TypeError", "KeyError", "AttributeError"}
        assert all(each.keys() == {"at", "event", "source", "kernel", "kind"} for each in faults)
        Wire.close_all()

    @pytest.mark.parametrize("moment", ["9999-12-31T23:59:59-23:00", "0001-01-01T00:00:00+23:00"])
    def test_a_clock_at_the_end_of_time_loses_no_answer(self, moment):
        assert times({"shown_at": moment, "seconds": 3}) == Times(seconds=3.0)


@pytest.mark.parametrize("told", [["city"], None])
def test_a_column_that_is_not_shown_is_in_no_list_of_answers(tmp_path, told):
    place = tmp_path / "rows.db"
    rows = [{"city": "Bern", "right": "GOLDEN"}]
    lw.Session(place, data=rows, item="*", schema=lw.Schema(lw.Choice("mood", ["glad"])), user="mia").close()
    store = open_store(place)
    if told is None:
        with lw.Session(place, user="mia") as session:
            session.correct(shown=["city"])
    store.save_member("ann", role="annotator", actor="mia")
    store.save_membership(store.session("default").id, Membership("ann"), actor="mia")
    with lw.Session.of_member(store, "ann") as ann, bare_comms():
        (task,) = ann.next()
        ann.submit(task, {"mood": "glad"})
        ann.comment(task, "@ann @mia")
        with lw.Session(store, user="mia") as mia:
            mia.comment(task, "why?")
        app = AppWidget(Workspace(store, member="ann"), columns={"default": told} if told else None)
        work = opened(app, "work", "default")
        assert [each["item"] for each in (*work["answers"], *work["comments"])] == ["Bern", "Bern"]
        older = say(app, "answers", project="default", only="all", skip=0)["answers"]
        assert [each["item"] for each in older] == ["Bern"]
        app.close()
    store.close()


def test_a_new_password_ends_the_pages_that_the_old_one_opened(app):
    ben = signed_in(app, "ben")
    page = ben.open("label/default")
    page.enter()
    store = open_store(app.store)
    word = Accounts(store).invite("ben", actor="mia")
    store.close()
    found = visitor(app)
    assert found.accept(f"/street/invite/{word}", PASSWORD).status == 302
    assert found.ask(f"api/kernels/{page.kernel}").status == 404
    Wire.close_all()


def test_passwords_that_wait_to_be_checked_hold_nobody_up():
    from labelwidgets.app.signin.accounts import apart

    async def look_up():
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
        go_on = threading.Event()
        trying = [asyncio.ensure_future(apart(go_on.wait)) for _ in range(40)]
        await asyncio.sleep(0)
        try:
            return await asyncio.wait_for(asyncio.to_thread(lambda: "here"), 30)
        finally:
            go_on.set()
            await asyncio.gather(*trying)

    assert asyncio.run(look_up()) == "here"


def test_names_that_are_too_long_are_not_remembered(tmp_path):
    store = open_store(tmp_path / "s.db")
    accounts = Accounts(store)
    assert accounts.check("x" * 1_000_000, "whatever it is") is None
    assert max(map(len, accounts._people._failed)) < 1_000
    store.close()
