"""A published app as strangers, members and forgers meet it."""

import re
import socket
from urllib.parse import urlsplit

import psutil
import pytest
import websocket

from labelwidgets.accounts import Accounts
from labelwidgets.app import proof
from labelwidgets.app.wire import ALLOWED
from labelwidgets.store import open_store
from tests.servers import kernels_below

from .conftest import PASSWORD


def kernels_of(app):
    return kernels_below(app.pid)


class TestStrangers:
    def test_get_nothing_behind_any_door(self, app):
        assert proof.prove(app.url, "app.ipynb") > 80

    @pytest.mark.parametrize(
        "path", ["", "label/default", "work", "manage", "about", "label/x?a=b", "nothing"]
    )
    def test_are_led_to_sign_in(self, app, path):
        answer = app.visitor().ask(path)
        assert (answer.status, urlsplit(answer.location).path) == (302, "/login")

    @pytest.mark.parametrize("path", ["ticket", "logout", "voila/api/shutdown/x", "api/kernels"])
    def test_can_send_nothing_from_elsewhere(self, app, path):
        assert app.visitor().ask(path, method="POST", body="{}").status == 403

    def test_learn_only_that_all_is_well(self, app):
        answer = app.visitor().ask("healthz")
        assert (answer.status, answer.json) == (200, {"ok": True})
        assert answer.headers["Cache-Control"] == "no-store"

    def test_may_ask_how_it_is_by_any_name_but_for_nothing_else(self, app):
        assert app.visitor(Host="10.0.0.7:8000").ask("healthz").status == 200
        assert app.visitor(Host="evil.example").ask("login").status == 403

    @pytest.mark.parametrize("path", ["voila/static/voila.js", "voila/templates/lab/static/theme-light.css"])
    def test_get_the_assets_of_the_packages(self, app, path):
        assert app.visitor().ask(path).status == 200

    @pytest.mark.parametrize("path", ["login", "invite/x", "logout"])
    def test_pages_for_them_start_no_kernel_and_load_nothing_from_elsewhere(self, app, path):
        before = len(kernels_of(app))
        answer = app.visitor().ask(path)
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert not re.findall(r"(?:src|href)=.https?://", answer.text)
        assert len(kernels_of(app)) == before

    def test_only_loopback_listens(self, app):
        listening = {
            c.laddr.ip
            for c in psutil.Process(app.pid).net_connections(kind="inet")
            if c.status == psutil.CONN_LISTEN
        }
        assert listening == {"127.0.0.1"}


class TestSigningIn:
    def test_with_name_and_password_leads_where_one_wanted_to_go(self, app):
        visitor = app.visitor()
        answer = visitor.sign_in("ann", PASSWORD, to="/work")
        assert (answer.status, answer.location) == (302, "/work")
        assert visitor.signed_in

    def test_the_cookie_is_for_this_app_and_out_of_reach_of_scripts(self, app):
        visitor = app.visitor()
        cookie = visitor.sign_in("ann", PASSWORD).headers.get_all("Set-Cookie")[-1]
        assert re.fullmatch(
            r"labelwidgets-\w{8}=[\w-]{43}; HttpOnly; Max-Age=1209600; Path=/; SameSite=Lax", cookie
        )

    @pytest.mark.parametrize(
        ("name", "password"),
        [
            ("ann", "wrong password"),
            ("ann", ""),
            ("", PASSWORD),
            ("nobody", PASSWORD),
            ("owner", ""),
            ("a\0b", "x"),
            ("x" * 5000, "y"),
        ],
    )
    def test_without_them_leads_nowhere(self, app, name, password):
        visitor = app.visitor()
        answer = visitor.sign_in(name, password)
        assert answer.status in (401, 429)
        assert not visitor.signed_in
        assert len(password) < 5 or password not in answer.text

    @pytest.mark.parametrize(
        "to",
        [
            "http://evil.example/",
            "//evil.example/",
            "/\\evil.example",
            "/%5Cevil.example/../x",
            "javascript:alert(1)",
            "///evil",
            "/../x",
            "evil.example",
            "/\tx",
            "https:evil.example",
        ],
    )
    def test_never_leads_to_another_site(self, app, to):
        answer = app.visitor().sign_in("ben", PASSWORD, to=to)
        assert answer.status == 302
        assert answer.location == "/"

    def test_a_form_of_another_site_signs_nobody_in(self, app):
        visitor = app.visitor()
        visitor.ask("login")
        body = f"name=ann&password={PASSWORD.replace(' ', '+')}"
        kind = "application/x-www-form-urlencoded"
        answer = visitor.ask("login", method="POST", body=body, Content_Type=kind)
        assert answer.status == 403
        form = f"{body}&_xsrf={visitor.cookies['_xsrf']}"
        answer = visitor.ask(
            "login", method="POST", body=form, Content_Type=kind, Origin="http://evil.example"
        )
        assert answer.status in (403, 404)
        assert not visitor.signed_in

    def test_no_word_but_a_real_one_opens_anything(self, app):
        name = next(n for n in app.signed_in("ann").cookies if n.startswith("labelwidgets"))
        for word in ("", "x", "x" * 43, "y" * 4000, "ann", "1", "' OR 1=1 --"):
            visitor = app.visitor()
            visitor.cookies = {name: word}
            assert visitor.ask("").status == 302

    def test_signing_out_ends_it_in_the_store_not_only_in_the_browser(self, app):
        visitor = app.signed_in("ben")
        kept = dict(visitor.cookies)
        assert visitor.ask("logout").status == 200
        assert visitor.signed_in, "looking at the question signed out"
        visitor.sign_out()
        assert not visitor.signed_in
        visitor.cookies = kept
        assert not visitor.signed_in

    def test_what_ends_elsewhere_ends_here_at_the_next_request(self, app):
        visitor = app.signed_in("ben")
        store = open_store(app.store)
        Accounts(store).end("ben")
        store.close()
        assert visitor.ask("about").status == 302

    def test_the_words_of_the_log_tell_who_and_nothing_that_opens(self, app):
        visitor = app.signed_in("ann")
        app.visitor().sign_in("ann", "a wrong password")
        app.visitor().ask("invite/abcdefghijkl")
        app.visitor().ask("label/a?token=sesame")
        page = visitor.open()
        ticket = visitor.ticket(page.kernel).json["ticket"]
        text = app.log.read_text() + app.server.output
        cookies = [v for n, v in visitor.cookies.items()]
        for word in (
            PASSWORD,
            "a wrong password",
            "abcdefghijkl",
            "sesame",
            "secret message",
            ticket,
            page.kernel,
            *cookies,
        ):
            assert word not in text
        kinds = {event["event"] for event in app.events()}
        assert {"serving", "sign-in", "refused", "kernel start", "kernel given"} <= kinds
        assert all(event["at"] for event in app.events())
        assert app.events("sign-in")[-1] | {"at": 0} == {
            "at": 0,
            "event": "sign-in",
            "user": "ann",
            "by": "accounts",
            "address": "127.0.0.1",
        }


class TestInvites:
    def invited(self, app, who):
        store = open_store(app.store)
        if store.member(who) is None:
            store.save_member(who, name=who, role="annotator", actor="mia")
        word = Accounts(store).invite(who, actor="mia")
        store.close()
        return f"invite/{word}"

    def test_one_chooses_a_password_once_and_is_signed_in(self, app):
        link, visitor = self.invited(app, "new"), app.visitor()
        assert "Welcome, new" in visitor.ask(link).text
        answer = visitor.accept(link, "a password of new")
        assert (answer.status, answer.location) == (302, "/")
        assert visitor.signed_in
        again = app.visitor().ask(link)
        assert again.status == 403
        assert "not any more" not in again.text
        assert "no good any more" in again.text
        assert app.visitor().sign_in("new", "a password of new").status == 302

    @pytest.mark.parametrize(
        ("password", "said"),
        [("short", "at least 10"), ("newcomer", "at least 10"), ("aaaaaaaaaaaa", "over and over")],
    )
    def test_a_password_that_is_guessed_at_once_is_not_taken(self, app, password, said):
        link, visitor = self.invited(app, "newcomer"), app.visitor()
        answer = visitor.accept(link, password)
        assert answer.status == 400
        assert said in answer.text
        assert visitor.ask(link).status == 200, "the invite is used up"

    def test_two_that_differ_are_not_taken(self, app):
        link, visitor = self.invited(app, "typist"), app.visitor()
        visitor.ask(link)
        answer = visitor.send(link, password="a long password", again="a long passwort")
        assert answer.status == 400
        assert "not the same" in answer.text

    def test_a_new_password_signs_out_everywhere(self, app):
        link, visitor = self.invited(app, "often"), app.visitor()
        visitor.accept(link, "first of the words")
        assert visitor.signed_in
        app.visitor().accept(self.invited(app, "often"), "second of the words")
        assert not visitor.signed_in

    def test_names_are_text(self, app):
        store = open_store(app.store)
        store.save_member("x1", name="<script>alert(1)</script>", role="annotator", actor="mia")
        store.close()
        text = app.visitor().ask(self.invited(app, "x1")).text
        assert "<script>" not in text
        assert "&lt;script&gt;" in text


@pytest.fixture(scope="module")
def pages(app):
    """A page of ann's, and ben."""
    ann, ben = app.signed_in("ann"), app.signed_in("ben")
    return ann.open(), ann, ben


class TestKernels:
    def test_a_page_is_the_owners_alone(self, app, pages):
        page, ann, ben = pages
        mia, stranger = app.signed_in("mia"), app.visitor()
        path = f"api/kernels/{page.kernel}"
        for other in (ben, mia, stranger):
            assert other.ask(path).status in (302, 403)
            assert other.ask(path, method="DELETE", X_XSRFToken=other.cookies.get("_xsrf", "")).status == 403
            other.ask("login")
            assert other.post(f"voila/api/shutdown/{page.kernel}").status == 403
            assert other.ticket(page.kernel).status in (401, 403)
            with pytest.raises(websocket.WebSocketBadStatusException, match="403"):
                other.socket(page.kernel)
        assert ann.ask(path).json["id"] == page.kernel

    def test_a_page_that_waits_is_nobodys(self, app, pages):
        _, ann, _ = pages
        for kernel in ("00000000-0000-4000-8000-000000000000", "x", "..", "%2e%2e"):
            assert ann.ask(f"api/kernels/{kernel}").status in (403, 404)
            assert ann.ticket(kernel).status == 403

    def test_kernels_can_not_be_listed_started_or_restarted(self, pages):
        page, ann, _ = pages
        assert ann.ask("api/kernels").status == 404
        assert ann.post("api/kernels", {"name": "python3"}).status == 404
        assert ann.post(f"api/kernels/{page.kernel}/restart").status in (403, 404)
        assert ann.post(f"api/kernels/{page.kernel}/interrupt").status in (403, 404)

    def test_a_page_of_another_site_gets_no_websocket(self, app, pages):
        page, ann, _ = pages
        with pytest.raises(websocket.WebSocketBadStatusException, match="403"):
            ann.socket(page.kernel, Origin="http://evil.example")

    def test_the_older_protocol_which_can_hold_up_the_server_is_refused(self, pages):
        page, ann, _ = pages
        for protocols in ((), ("v0",), ("v1.kernel.websocket.jupyter.orgx",)):
            with pytest.raises(websocket.WebSocketBadStatusException, match="400"):
                ann.socket(page.kernel, protocols)

    def test_a_ticket_needs_its_own_form_and_says_who_may_not(self, app, pages):
        page, ann, _ = pages
        assert len(ann.ticket(page.kernel).json["ticket"]) == 43
        assert ann.post("ticket", {"kernel": page.kernel}, X_XSRFToken="").status == 403
        assert ann.post("ticket", {"kernel": page.kernel}, Origin="http://evil.example").status in (403, 404)
        for body in (None, [], {"kernel": 1}, {"kernel": page.kernel, "x": "y" * 5000}):
            assert ann.post("ticket", body).status == 400
        stranger = app.visitor()
        stranger.ask("login")
        answer = stranger.ticket(page.kernel)
        assert (answer.status, answer.headers["Content-Type"]) == (401, "application/json")

    def test_nothing_that_runs_code_reaches_a_kernel(self, app, pages, tmp_path):
        page, ann, _ = pages
        wire = ann.socket(page.kernel)
        assert wire.reply("kernel_info_request")["content"]["status"] == "ok"
        mark = tmp_path / "was here"
        code = f"open({str(mark)!r}, 'w').close()"
        forged = [
            ("execute_request", {"code": code, "silent": False, "allow_stdin": False, "stop_on_error": True}),
            ("inspect_request", {"code": "open", "cursor_pos": 4, "detail_level": 1}),
            ("complete_request", {"code": "open", "cursor_pos": 4}),
            ("history_request", {"hist_access_type": "tail", "n": 10, "raw": True, "output": True}),
            ("is_complete_request", {"code": "1"}),
            (
                "debug_request",
                {"type": "request", "seq": 1, "command": "evaluate", "arguments": {"expression": code}},
            ),
            ("shutdown_request", {"restart": False}),
            ("interrupt_request", {}),
            ("create_subshell_request", {}),
            ("usage_request", {}),
            ("input_reply", {"value": code}),
            ("comm_open", {"comm_id": "c1", "target_name": "jupyter.widget", "data": {"state": {}}}),
            ("comm_open", {"comm_id": "c2", "target_name": "anything", "target_module": "os", "data": {}}),
        ]
        sent = {
            wire.send(kind, content, channel=channel)
            for kind, content in forged
            for channel in ("shell", "control", "stdin", "iopub")
        }
        sent |= {wire.send("kernel_info_request", channel="control")}
        for nonsense in (
            b"\xff" * 64,
            b"",
            b"\x06" + bytes(200),
            bytes(8),
            b"\x01",
            b"\x00\x01" + bytes(600),
        ):
            wire.connection.send_binary(nonsense)
        for nonsense in ("no json", "{}", '{"channel": "shell", "header": {"msg_type": "execute_request"}}'):
            wire.connection.send(nonsense)
        assert wire.reply("kernel_info_request")["content"]["status"] == "ok", "the kernel is gone"
        answered = {message["parent_header"].get("msg_id") for message in wire.waiting}
        assert sent & answered == set()
        assert not mark.exists()
        told = wire.reply("comm_info_request")["content"]["comms"]
        assert not {"c1", "c2"} & set(told)
        wire.close()
        assert ann.ask(f"api/kernels/{page.kernel}").status == 200

    def test_what_may_be_said_runs_nothing(self):
        assert not {"execute_request", "shutdown_request", "debug_request", "input_reply"} & set(ALLOWED)

    def test_a_kernel_knows_no_secret_of_the_server(self, app, pages):
        for kernel in kernels_of(app):
            words = " ".join([*kernel.environ(), *kernel.environ().values(), *kernel.cmdline()])
            assert "hunter2" not in words
            assert "LABELWIDGETS" not in words
            assert app.url not in words

    def test_a_person_has_so_many_pages_then_the_oldest_idle_one_ends(self, app):
        ben = app.signed_in("ben")
        kernels = [ben.open().kernel for _ in range(4)]
        assert ben.ask(f"api/kernels/{kernels[0]}").status == 404
        assert [ben.ask(f"api/kernels/{kernel}").status for kernel in kernels[1:]] == [200] * 3
        assert app.signed_in("ann").ask(f"api/kernels/{kernels[0]}").status == 403, (
            "it became somebody else's"
        )

    def test_signing_out_ends_its_kernels(self, app):
        mia = app.signed_in("mia")
        page = mia.open()
        wire = mia.socket(page.kernel)
        other = app.signed_in("mia")
        mia.sign_out()
        assert other.ask(f"api/kernels/{page.kernel}").status == 404
        wire.close()

    def test_leaving_ends_the_kernel(self, app):
        mia = app.signed_in("mia")
        page = mia.open()
        assert page.leave().status == 204
        assert mia.ask(f"api/kernels/{page.kernel}").status == 404
        assert page.leave().status == 404

    def test_how_it_is_is_told_to_those_who_are_signed_in(self, app):
        mia = app.signed_in("mia")
        mia.open()
        told = mia.ask("healthz").json
        assert told["ok"]
        assert told["store"]
        assert told["kernels"] >= 1
        assert told["people"] >= 1
        assert set(told) == {"ok", "store", "kernels", "ready", "people", "version"}


def test_a_page_is_there_before_its_kernel(app):
    """A cold page's head comes at once, its kernel later: the visitor sees that it opens."""
    visitor = app.signed_in("mia")
    for _ in range(2):
        page = visitor.open("label/default")
        assert "lw-opening" in page.text
        assert "from labelwidgets" not in page.text, "code is shown"


def test_half_a_request_holds_nobody_up(app):
    with socket.create_connection(("127.0.0.1", urlsplit(app.url).port)) as slow:
        slow.send(b"GET / HTTP/1.1\r\nHost: 127")
        assert app.visitor().ask("healthz").status == 200
