"""The page of its own: what is written for it, where it is served, and that strangers get nothing."""

import http.client
import json
import re
import signal
import stat
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import psutil
import pytest

import labelwidgets as lw
from labelwidgets import app, places
from labelwidgets.app import page, proof, server
from labelwidgets.app.signin import token
from tests.servers import LABELWIDGETS, environment, running

ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/\?token=(\S+)")


def get(port, path, *, method="GET", body=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    body = answer.read().decode(errors="replace")
    connection.close()
    return answer, body


class TestPlaces:
    @pytest.fixture(autouse=True)
    def home(self, tmp_path, monkeypatch):
        for name in ("XDG_STATE_HOME", "XDG_DATA_HOME"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("HOME", str(tmp_path))
        return tmp_path

    def test_a_store_has_the_same_port_again(self):
        first = next(places.ports("6f1c2c1e-0000-4000-8000-000000000001"))
        assert next(places.ports("6f1c2c1e-0000-4000-8000-000000000001")) == first
        assert next(places.ports("7f1c2c1e-0000-4000-8000-000000000001")) != first
        assert 20_000 <= first < 30_000

    def test_the_port_it_had_first_comes_first_ever_after(self):
        store = "6f1c2c1e-0000-4000-8000-000000000001"
        computed = next(places.ports(store))
        places.remember(store, computed + 3)
        places.remember(store, computed + 7)
        assert list(places.ports(store))[:2] == [computed + 3, computed]

    @pytest.mark.parametrize("noted", ["", "x", "80", "70000", "-1", "9" * 400])
    def test_a_note_that_makes_no_sense_is_passed_over(self, home, noted):
        store = "6f1c2c1e-0000-4000-8000-000000000001"
        computed = next(places.ports(store))
        (home / ".labelwidgets/state/ports").mkdir(parents=True)
        (home / ".labelwidgets/state/ports" / store).write_text(noted)
        assert next(places.ports(store)) == computed

    def test_folders_are_where_the_person_wants_them(self, home, monkeypatch):
        assert places.data_home() == home / ".labelwidgets"
        monkeypatch.setenv("XDG_DATA_HOME", str(home / "mine"))
        assert places.data_home() == home / "mine" / "labelwidgets"
        monkeypatch.setenv("XDG_DATA_HOME", "not/absolute")
        assert places.data_home() == home / ".labelwidgets"

    def test_without_a_home_there_is_a_temporary_place(self, home, monkeypatch):
        monkeypatch.setenv("HOME", "")
        monkeypatch.setenv("TMPDIR", str(home))
        assert places.data_home().is_absolute()
        monkeypatch.setenv("HOME", str(home / "missing"))
        assert not str(places.state_home()).startswith(str(home / "missing"))
        places.remember("6f1c2c1e-0000-4000-8000-000000000001", 20_001)


class TestPage:
    @pytest.fixture
    def described(self):
        return app.Page(
            "sqlite:////x/s.db", "s.db <b>", {"default": ["camera"]}, "default", "ann", "Ann", "annotator"
        )

    def test_what_is_written_is_read_again(self, described, tmp_path):
        described.write(tmp_path)
        assert app.Page.read(tmp_path) == described

    def test_the_folder_that_is_served_holds_one_thin_notebook(self, described, tmp_path):
        notebook = described.write(tmp_path)
        assert [path.name for path in notebook.parent.iterdir()] == ["app.ipynb"]
        assert "s.db" not in "".join(json.loads(notebook.read_text())["cells"][0]["source"])
        assert json.loads(notebook.read_text())["metadata"]["title"] == "s.db <b>"

    def test_settings_are_for_their_owner_only(self, described, tmp_path):
        described.write(tmp_path)
        assert stat.S_IMODE((tmp_path / "settings.json").stat().st_mode) == 0o600
        assert stat.S_IMODE((tmp_path / "page").stat().st_mode) == 0o700

    @pytest.mark.parametrize("text", [None, "", "[]", "{}", '{"store": 1}', "{"])
    def test_settings_that_are_not_whole_are_named(self, tmp_path, text):
        if text is not None:
            (tmp_path / "settings.json").write_text(text)
        with pytest.raises(lw.LabelwidgetsError, match=r"settings can't be read from .*settings\.json"):
            app.Page.read(tmp_path)

    def test_a_page_is_described_without_changing_the_session(self, tmp_path, texts, mood):
        with lw.Session(tmp_path / "s.db", data=texts, item="text", schema=mood, user="ann") as session:
            made = app.Page.of(session, str(tmp_path / "s.db"))
            assert (made.session, made.user, made.role, made.title) == ("default", "ann", "admin", "s.db")
            assert Path(made.store.removeprefix("sqlite:///")) == tmp_path / "s.db"
            assert session.progress.leased == 0
            with pytest.raises(lw.LabelwidgetsError, match="no column 'm' to show; there are 'text', 'n'"):
                app.Page.of(session, str(tmp_path / "s.db"), ["m"])

    def test_what_goes_wrong_in_the_page_is_said_without_markup(self):
        assert "<script>" not in page._notice("<script>alert(1)</script>")
        assert "&lt;script&gt;" in page._notice("<script>alert(1)</script>")

    def test_a_store_that_is_gone_is_said_to_be_and_not_made_anew(self, tmp_path, texts, mood, monkeypatch):
        shown = []
        monkeypatch.setattr("IPython.display.display", shown.append)
        with lw.Session(tmp_path / "s.db", data=texts, item="text", schema=mood, user="ann") as session:
            notebook = app.Page.of(session, str(tmp_path / "s.db")).write(tmp_path)
        (tmp_path / "s.db").rename(tmp_path / "moved.db")
        monkeypatch.chdir(notebook.parent)
        app.show()
        assert f"There is no store sqlite:///{tmp_path}/s.db" in shown[0].data
        assert not (tmp_path / "s.db").exists()

    def test_its_widget_works_for_the_person_it_was_opened_for(self, tmp_path, texts, mood, monkeypatch):
        shown, leaving = [], []
        monkeypatch.setattr("IPython.display.display", shown.append)
        monkeypatch.setattr("atexit.register", leaving.append)
        with lw.Session(
            tmp_path / "s.db", data=texts, item="text", schema=mood, user=lw.User("eve", role="annotator")
        ) as session:
            notebook = app.Page.of(session, str(tmp_path / "s.db")).write(tmp_path)
        monkeypatch.chdir(notebook.parent)
        app.show()
        (widget,) = shown
        assert isinstance(widget, lw.ClassificationWidget)
        assert (widget.session.user.id, widget.session.user.role.name) == ("eve", "annotator")
        (close,) = leaving
        close()
        assert widget.session.closed


class TestSockets:
    def test_they_are_on_loopback_only(self):
        sockets = server.bound(iter([0]))
        assert [s.getsockname()[0] for s in sockets] == ["127.0.0.1"]
        for s in sockets:
            s.close()

    def test_the_next_port_is_taken_when_one_is_not_free(self):
        (first,) = server.bound(iter([0]))
        taken = first.getsockname()[1]
        (second,) = server.bound(iter([taken, 0]))
        assert second.getsockname()[1] != taken
        with pytest.raises(lw.LabelwidgetsError, match=f"listens on port {taken}.*--port"):
            server.bound(iter([0]), taken)
        first.close()
        second.close()


class TestTickets:
    def test_each_opens_once(self):
        tickets = token.Tickets()
        word = tickets.issue()
        assert not tickets.redeem("")
        assert not tickets.redeem(word + "x")
        assert tickets.redeem(word)
        assert not tickets.redeem(word)

    def test_old_ones_open_nothing(self, monkeypatch):
        tickets = token.Tickets()
        word = tickets.issue()
        now = token.time.monotonic()
        monkeypatch.setattr(token.time, "monotonic", lambda: now + 61)
        assert not tickets.redeem(word)


def test_without_voila_it_says_what_to_install(tmp_path, texts, mood, monkeypatch):
    import labelwidgets.app

    monkeypatch.setitem(sys.modules, "voila.app", None)
    monkeypatch.delitem(sys.modules, "labelwidgets.app.server")
    monkeypatch.delattr(labelwidgets.app, "server")
    with (
        lw.Session(tmp_path / "s.db", data=texts, item="text", schema=mood, user="ann") as session,
        pytest.raises(
            lw.LabelwidgetsError, match=r"voila.* is not installed: run `pip install 'labelwidgets\[app\]'`"
        ),
    ):
        app.serve(session, str(tmp_path / "s.db"))


def test_pictures_come_from_the_hosts_that_the_session_allows():
    assert "img-src 'self' data: blob:;" in server.policy(())
    assert "https://*.example.org" in server.policy(["*.example.org"])
    assert server.policy(["x.example; frame-src *", "x\ny", "127.0.0.1"]) == server.policy(())


# -- the proof -----------------------------------------------------------------------------------------------


@pytest.fixture
def careless():
    """A server that answers as `answers` says: a function of a request to status and headers."""
    answers = {"how": lambda _request: (302, {"Location": "/login?next=x"})}

    class Handler(BaseHTTPRequestHandler):
        def answer(self):
            status, headers = answers["how"](self)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_OPTIONS = answer

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http_server:
        http_server.daemon_threads = True
        thread = threading.Thread(target=http_server.serve_forever)
        thread.start()
        answers["url"] = f"http://127.0.0.1:{http_server.server_address[1]}/"
        yield answers
        http_server.shutdown()
        thread.join()


class TestProof:
    def test_a_server_that_sends_everybody_to_sign_in_passes(self, careless):
        assert proof.prove(careless["url"], "app.ipynb") == len(proof.doors("label.ipynb"))

    @pytest.mark.parametrize("status", [401, 403])
    def test_so_does_one_that_forbids(self, careless, status):
        careless["how"] = lambda _: (status, {})
        proof.prove(careless["url"], "app.ipynb")

    @pytest.mark.parametrize(
        ("path", "status"),
        [
            ("/", 200),
            ("/voila/files/app.ipynb", 200),
            ("/voila/files/image.png", 404),
            ("/voila/tree", 200),
            ("/api/kernels", 200),
            ("/metrics", 204),
        ],
    )
    def test_one_open_door_is_named(self, careless, path, status):
        careless["how"] = lambda request: (status, {}) if request.path == path else (403, {})
        with pytest.raises(lw.LabelwidgetsError, match=f"answered strangers: GET {path} answered {status}"):
            proof.prove(careless["url"], "app.ipynb")

    def test_an_open_websocket_is_named(self, careless):
        careless["how"] = lambda request: (101 if "channels" in request.path else 403, {})
        with pytest.raises(lw.LabelwidgetsError, match="WEBSOCKET /api/kernels/.*/channels answered 101"):
            proof.prove(careless["url"], "app.ipynb")

    def test_a_way_elsewhere_than_to_sign_in_is_no_refusal(self, careless):
        careless["how"] = lambda _: (302, {"Location": "/voila/render/app.ipynb?next=/login"})
        with pytest.raises(lw.LabelwidgetsError, match="302 to /voila/render.*; and \\d+ more"):
            proof.prove(careless["url"], "app.ipynb")

    def test_a_server_that_says_nothing_is_not_trusted(self):
        (only_bound,) = server.bound(iter([0]))
        port = only_bound.getsockname()[1]
        only_bound.close()
        with pytest.raises(lw.LabelwidgetsError, match="could not be checked"):
            proof.prove(f"http://127.0.0.1:{port}/", "app.ipynb")

    def test_stock_voila_with_a_token_does_not_pass(self, tmp_path):
        notebook = app.Page("x", "x", {}, "default", "ann", "ann", "admin").write(tmp_path)
        (free,) = server.bound(iter([0]))
        port = free.getsockname()[1]
        free.close()
        stock = str(Path(LABELWIDGETS[0]).with_name("voila"))
        command = [
            stock,
            str(notebook),
            "--no-browser",
            "--token=sesame",
            "--Voila.ip=127.0.0.1",
            f"--port={port}",
            "--Voila.port_retries=0",
        ]
        with running(command, cwd=tmp_path, env=environment(tmp_path / "home"), ready="running at") as voila:
            assert voila.process.poll() is None
            with pytest.raises(lw.LabelwidgetsError, match="GET /voila/files"):
                proof.prove(f"http://127.0.0.1:{port}/", notebook.name)


# -- the server ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """`labelwidgets label` in a process of its own, as a person starts it."""
    home = tmp_path_factory.mktemp("served")
    lw.Session(
        home / "s.db",
        data=[{"text": "a"}, {"text": "b"}],
        schema=lw.Schema(lw.Choice("mood", ["glad"])),
        user="ann",
    ).close()
    command = [*LABELWIDGETS, "label", "s.db", "--no-browser"]
    with running(command, cwd=home, env=environment(home / "home"), ready="Ctrl+C") as started:
        found = ADDRESS.search(started.output)
        started.port, started.token, started.home = int(found[1]), found[2], home
        yield started


@pytest.fixture(scope="module")
def opened(served):
    """The page as its owner gets it."""
    return get(served.port, "/", Authorization=f"token {served.token}")


def sign_in(served, typed):
    """Send the sign-in form as a browser does."""
    xsrf = get(served.port, "/login")[0].headers["Set-Cookie"].partition(";")[0]
    form = urlencode({"token": typed, "_xsrf": xsrf.partition("=")[2]})
    headers = {"Cookie": xsrf, "Content-Type": "application/x-www-form-urlencoded"}
    return get(served.port, "/login?next=%2F", method="POST", body=form, **headers)


class TestServer:
    def test_strangers_get_nothing(self, served):
        assert proof.prove(f"http://127.0.0.1:{served.port}/", "app.ipynb") > 50

    @pytest.mark.parametrize(
        "path", ["/voila/static/voila.js", "/voila/templates/lab/static/theme-light.css"]
    )
    def test_but_the_assets_of_the_packages(self, served, path):
        assert get(served.port, path)[0].status == 200

    @pytest.mark.parametrize(
        "path",
        [
            "/voila/files/app.ipynb",
            "/voila/files/../settings.json",
            "/voila/tree",
            "/api/kernels",
            "/app.ipynb",
        ],
    )
    def test_whoever_has_the_token_gets_the_page_and_nothing_else(self, served, path):
        assert get(served.port, path, Authorization=f"token {served.token}")[0].status in (403, 404)

    def test_the_token_leaves_the_address_before_a_kernel_starts(self, served):
        answer, _ = get(served.port, f"/?token={served.token}&x=1")
        assert (answer.status, answer.headers["Location"]) == (302, "/")
        assert "SameSite=Lax" in answer.headers["Set-Cookie"]
        assert "HttpOnly" in answer.headers["Set-Cookie"]

    def test_a_wrong_token_leads_to_sign_in(self, served):
        answer, _ = get(served.port, f"/?token={served.token}x")
        assert urlsplit(answer.headers["Location"]).path == "/login"

    def test_the_sign_in_page_is_served_without_a_kernel(self, served):
        answer, body = get(served.port, "/login?next=%2F")
        assert answer.status == 200
        assert 'name="token"' in body
        assert not re.findall(r"(?:src|href)=.https?://", body)

    @pytest.mark.parametrize("typed", ["{token}", " {token}\n", "http://127.0.0.1:20001/?token={token}"])
    def test_the_token_or_the_whole_address_signs_in(self, served, typed):
        answer, _ = sign_in(served, typed.format(token=served.token))
        assert (answer.status, answer.headers["Location"]) == (302, "/")
        assert "labelwidgets-" in str(answer.headers.get_all("Set-Cookie"))

    @pytest.mark.parametrize("typed", ["", "x", "token="])
    def test_anything_else_does_not(self, served, typed):
        answer, body = sign_in(served, typed)
        assert answer.status == 401
        assert "labelwidgets-" not in str(answer.headers.get_all("Set-Cookie"))
        assert "That was not it" in body
        assert served.token not in body

    def test_other_names_of_this_machine_are_refused(self, served):
        assert get(served.port, f"/?token={served.token}", Host="evil.example")[0].status == 403

    def test_pages_of_other_sites_get_no_websocket(self, served, opened):
        kernel = re.search(r'"kernelId": "([^"]+)"', opened[1])[1]
        cookie = get(served.port, f"/?token={served.token}")[0].headers["Set-Cookie"].partition(";")[0]
        headers = proof._upgrade() | {"Cookie": cookie}
        path = f"/api/kernels/{kernel}/channels"
        assert get(served.port, path, **headers, Origin="http://evil.example")[0].status == 403
        assert get(served.port, path, **headers, Origin=f"http://127.0.0.1:{served.port}")[0].status == 101

    def test_only_loopback_listens(self, served):
        of_process = psutil.Process(served.process.pid).net_connections(kind="inet")
        listening = {c.laddr for c in of_process if c.status == psutil.CONN_LISTEN}
        assert {address.ip for address in listening} == {"127.0.0.1"}

    def test_the_page_brings_its_policy_and_its_title(self, opened):
        answer, body = opened
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "<title>s.db</title>" in body
        assert "labelwidgets.app" not in body, "code is shown"
        assert not re.findall(r"(?:src|href)=.https?://", body)

    def test_the_kernel_knows_neither_token_nor_address(self, served, opened):
        started = psutil.Process(served.process.pid).children(recursive=True)
        kernels = [each for each in started if "ipykernel_launcher" in each.cmdline()]
        assert kernels
        for kernel in kernels:
            assert served.token not in " ".join([*kernel.environ().values(), *kernel.cmdline()])

    def test_the_log_holds_no_token(self, served):
        get(served.port, f"/nothing?token={served.token}")
        get(served.port, f"/nothing?token={served.token}", method="POST")
        assert served.output.count(served.token) == 1


def test_ctrl_c_ends_everything_that_was_started(tmp_path, mood, texts):
    lw.Session(tmp_path / "s.db", data=texts, item="text", schema=mood, user="ann").close()
    rooms = tmp_path / "tmp"
    rooms.mkdir()
    env = environment(tmp_path / "home", TMPDIR=str(rooms))
    command = [*LABELWIDGETS, "label", "s.db", "--no-browser"]
    with running(command, cwd=tmp_path, env=env, ready="Ctrl+C") as started:
        found = ADDRESS.search(started.output)
        get(int(found[1]), "/", Authorization=f"token {found[2]}")
        children = psutil.Process(started.process.pid).children(recursive=True)
        assert children
        assert started.end(signal.SIGINT) == 0
        psutil.wait_procs(children, timeout=10)
        assert not [child for child in children if child.is_running()]
        assert list(rooms.iterdir()) == []
    with lw.Session(tmp_path / "s.db", user="ben") as session:
        assert session.progress.leased == 0, "the page's tasks were not given back"
    noted = Path(env["HOME"], ".labelwidgets/state/ports")
    assert [path.read_text().strip() for path in noted.iterdir()] == [found[1]]


def test_a_door_that_is_open_ends_the_app(tmp_path, mood, texts):
    """With Voila's own handlers the app does not tell its address."""
    lw.Session(tmp_path / "s.db", data=texts, item="text", schema=mood, user="ann").close()
    code = (
        "from labelwidgets.app import server\n"
        "server.KEPT, closed = (*server.KEPT, '/voila/files/'), server._configuration(server.Sizes())\n"
        "closed.VoilaConfiguration.file_allowlist = ['.*']\n"
        "server._configuration = lambda _: closed\n"
        "from labelwidgets.cli import main; main(['label', 's.db', '--no-browser'])"
    )
    with running(
        [LABELWIDGETS[0], "-c", code],
        cwd=tmp_path,
        env=environment(tmp_path / "home"),
        ready="answered strangers",
    ) as started:
        assert started.process.wait(30) == 1
        assert "GET /voila/files/" in started.output
        assert "token=" not in started.output.replace("?token= ", "")
