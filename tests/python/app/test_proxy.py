"""Sign-in by a proxy that signs who asks."""

import time

import pytest

import labelwidgets as lw
from labelwidgets.app.publishing import sign_in_settings
from labelwidgets.app.signin.proxy import HEADER, signature, vouched
from labelwidgets.app.team import taken_secret
from labelwidgets.store import open_store

from .conftest import as_app, made_store, published, serving

SECRET = "a secret of more than thirty-two letters"


def header(user="ann", *, age=0, secret=SECRET, at=None):
    at = int(time.time()) - age if at is None else at
    return f"{user}|{at}|{signature(secret, user, at)}"


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    home = tmp_path_factory.mktemp("proxy")
    made_store(home)
    published(home, sign_in=sign_in_settings("proxy", {}), sizes={"pool": 0})
    with serving(home, LABELWIDGETS_SECRET=SECRET) as server:
        yield as_app(home, server)


def asking(app, said):
    return app.visitor(**({HEADER: said} if said is not None else {}))


def test_whom_it_names_is_there_at_once(app):
    visitor = asking(app, header())
    answer = visitor.ask("nothing-there")
    assert answer.status == 404
    assert len([name for name in visitor.cookies if name.startswith("labelwidgets")]) == 1
    assert app.events("sign-in")[-1] | {"at": 0, "address": 0} == {
        "at": 0,
        "event": "sign-in",
        "user": "ann",
        "by": "proxy",
        "address": 0,
    }


def test_it_signs_in_once_not_at_each_request(app):
    def times():
        return len([event for event in app.events("sign-in") if event["user"] == "ben"])

    before, visitor = times(), asking(app, header("ben"))
    for _ in range(3):
        visitor.ask("nothing-there")
    assert times() == before + 1


FORGED = {
    "missing": lambda: None,
    "empty": lambda: "",
    "a name": lambda: "ann",
    "no signature": lambda: "ann|1|",
    "nobody": lambda: "||",
    "old": lambda: header(age=3600),
    "from tomorrow": lambda: header(age=-3600),
    "another secret": lambda: header(secret="another secret of thirty-two letters"),
    "another name": lambda: header().replace("ann", "mia"),
    "another signature": lambda: (said := header())[:-1] + ("0" if said[-1] != "0" else "1"),
    "half a name": lambda: header("ann|mia").replace("ann|mia", "mia"),
    "before all time": lambda: header(at=-1),
    "time as a float": lambda: "ann|1e9|" + "0" * 64,
    "digits of others": lambda: "ann|٣|" + "0" * 64,
}
"""By what is wrong; made when asked for, since what is signed holds the time."""


@pytest.mark.parametrize("wrong", FORGED)
def test_forged_old_and_missing_ones_open_nothing(app, wrong):
    said = FORGED[wrong]()
    visitor = asking(app, said.encode().decode("latin-1") if said else said)
    assert visitor.ask("nothing-there").status == 302
    assert visitor.ask("login").status == 403
    assert visitor.cookies.keys() <= {"_xsrf"}


def test_the_cookie_without_the_header_opens_nothing(app):
    visitor = asking(app, header())
    visitor.ask("nothing-there")
    visitor.headers = {}
    assert visitor.ask("nothing-there").status == 302


def test_whom_the_proxy_names_counts_not_whose_cookie_it_is(app):
    visitor = asking(app, header("ann"))
    kernel = visitor.open().kernel
    visitor.headers = {HEADER: header("ben")}
    assert visitor.ask(f"api/kernels/{kernel}").status in (302, 403)
    visitor.ask("nothing-there")
    assert visitor.ask(f"api/kernels/{kernel}").status == 403


def test_who_may_not_come_in_is_told(app):
    answer = asking(app, header("eve")).ask("login")
    assert answer.status == 403
    assert "signed in as eve" in answer.text
    store = open_store(app.store)
    store.save_member("ben", active=False, actor="mia")
    assert asking(app, header("ben")).ask("login").status == 403
    store.save_member("ben", active=True, actor="mia")
    store.close()


def test_the_secret_is_in_no_kernel_and_no_log(app):
    import psutil

    page = asking(app, header()).open()
    for kernel in psutil.Process(app.pid).children(recursive=True):
        assert SECRET not in " ".join(kernel.environ().values())
    assert page.kernel
    assert SECRET not in app.log.read_text() + app.server.output


def test_the_clock_may_differ_a_little():
    said = header(at=1000)
    assert vouched(SECRET, said, now=1059) == "ann"
    assert vouched(SECRET, said, now=941) == "ann"
    assert vouched(SECRET, said, now=1061) is None
    assert vouched(SECRET, said, now=1061, tolerance=100) == "ann"


@pytest.mark.parametrize("user", ["ann", "a|b", "Ünal", "x@example.org", "a b"])
def test_any_name_can_be_named(user):
    assert vouched(SECRET, header(user), now=time.time()) == user


def test_the_secret_is_read_once(tmp_path):
    environment = {"LABELWIDGETS_SECRET": SECRET, "PATH": "/bin"}
    assert taken_secret(None, environment) == SECRET
    assert environment == {"PATH": "/bin"}
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    environment = {"LABELWIDGETS_SECRET": "other"}
    assert taken_secret(tmp_path / "secret", environment) == SECRET
    assert environment == {}
    with pytest.raises(lw.LabelwidgetsError, match="can't be read from"):
        taken_secret(tmp_path / "missing", {})


def test_a_short_secret_is_refused(tmp_path):
    made_store(tmp_path)
    published(tmp_path, sign_in=sign_in_settings("proxy", {}), sizes={"pool": 0})
    with (
        pytest.raises(AssertionError, match="needs a secret that it shares"),
        serving(tmp_path, LABELWIDGETS_SECRET="short"),
    ):
        pass
