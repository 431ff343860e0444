"""Sign-in by JupyterHub, against as much of one on loopback as that needs."""

import pytest

import labelwidgets as lw
from labelwidgets.app.publication import Publication
from labelwidgets.app.publishing import sign_in_settings
from labelwidgets.app.signin.hub import allows, told
from tests.visitor import Visitor

from .conftest import App, made_store, published, serving
from .vouching import Hub, listening

PREFIX = "/services/street/"


@pytest.fixture(scope="module")
def hub():
    with listening(Hub()) as vouching:
        yield vouching


@pytest.fixture(scope="module")
def app(tmp_path_factory, hub):
    home = tmp_path_factory.mktemp("hub")
    made_store(home)
    published(home, sign_in=sign_in_settings("hub", {}), sizes={"pool": 0})
    url = f"http://127.0.0.1:{Publication.read(home / 's-app').port}{PREFIX}"
    variables = hub.variables(PREFIX, f"{url}oauth_callback")
    with serving(home, **variables) as server:
        yield App(home, server, url, home / "app.log")


@pytest.fixture(autouse=True)
def ann_is_there(hub):
    hub.person, hub.scopes, hub.kind = "ann", ["access:services!service=street"], "user"


def come(app, hub):
    visitor = app.visitor()
    away = visitor.ask("login?next=/services/street/work")
    there = Visitor(hub.url).ask(away.location.removeprefix(hub.url))
    return visitor, visitor.ask(there.location.removeprefix(app.url))


def test_whom_the_hub_names_is_signed_in_below_its_prefix(app, hub):
    visitor, answer = come(app, hub)
    assert (answer.status, answer.location) == (302, "/services/street/work")
    assert visitor.signed_in
    cookie = next(
        c for c in answer.headers.get_all("Set-Cookie") if c.startswith("labelwidgets-") and "flow" not in c
    )
    assert "Path=/services/street/;" in cookie
    page = visitor.open("work")
    assert f'"baseUrl": "{PREFIX}"' in page.text
    assert visitor.ask(f"api/kernels/{page.kernel}").status == 200


def test_nothing_is_above_the_prefix(app, hub):
    visitor, _ = come(app, hub)
    for path in ("/", "/login", "/api/kernels", "/services/", "/voila/files/app.ipynb"):
        assert visitor.ask(path).status in (302, 403, 404)


@pytest.mark.parametrize(
    "scopes", [[], ["access:services!service=other"], ["read:users"], None, "access:services"]
)
def test_whom_the_hub_does_not_let_in_stays_out(app, hub, scopes):
    hub.scopes = scopes
    visitor, answer = come(app, hub)
    assert answer.status == 403
    assert "does not let ann open this page" in answer.text
    assert not visitor.signed_in


def test_whom_the_store_does_not_know_stays_out(app, hub):
    hub.person = "eve"
    visitor, answer = come(app, hub)
    assert answer.status == 403
    assert "not on the list" in answer.text
    assert not visitor.signed_in


def test_a_service_is_nobody(app, hub):
    hub.kind = "service"
    assert come(app, hub)[1].status == 403


def test_a_state_that_was_not_given_opens_nothing(app):
    assert app.visitor().ask("oauth_callback?code=x&state=y").status == 403


def test_the_hubs_token_is_in_no_kernel_and_no_log(app, hub):
    import psutil

    come(app, hub)[0].open()
    kernels = psutil.Process(app.pid).children(recursive=True)
    assert kernels
    for kernel in kernels:
        assert hub.token not in " ".join(kernel.environ().values())
        assert not [name for name in kernel.environ() if name.startswith("JUPYTERHUB")]
    assert hub.token not in app.log.read_text() + app.server.output


class TestWhatTheHubTells:
    def test_is_taken_and_the_token_removed(self, hub):
        environment = hub.variables("/services/x/", "") | {"JUPYTERHUB_SERVICE_URL": "http://127.0.0.1:10101"}
        taken = told(environment)
        assert (taken["prefix"], taken["ip"], taken["port"]) == ("/services/x/", "127.0.0.1", 10101)
        assert taken["token"] == hub.token
        assert hub.token not in environment.values()

    def test_outside_of_a_hub_it_says_what_is_missing(self):
        with pytest.raises(lw.LabelwidgetsError, match="needs JUPYTERHUB_API_TOKEN"):
            told({})

    def test_scopes_are_those_that_the_hub_asks_for(self, hub):
        given = hub.variables("/user/mia/", "")
        assert told(dict(given))["scopes"][1] == "access:services!service=street"
        single = {n: v for n, v in given.items() if n != "JUPYTERHUB_SERVICE_NAME"} | {
            "JUPYTERHUB_USER": "mia"
        }
        assert told(dict(single))["scopes"] == ["access:servers", "access:servers!user=mia"]
        said = single | {"JUPYTERHUB_OAUTH_ACCESS_SCOPES": '["access:servers!server=mia/"]'}
        assert told(dict(said))["scopes"] == ["access:servers!server=mia/"]

    def test_a_wide_scope_holds_the_narrow_ones_and_not_the_other_way(self):
        assert allows(["access:services"], ["access:services!service=street"])
        assert not allows(["access:services!service=x"], ["access:services!service=street"])
        assert not allows([7, None], ["access:services"])
