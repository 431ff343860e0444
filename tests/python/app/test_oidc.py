"""Sign-in by OpenID Connect, against a provider on loopback that can do everything wrong."""

import time
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

import labelwidgets as lw
from labelwidgets.app.publishing import sign_in_settings
from labelwidgets.app.signin.flow import trusted
from labelwidgets.store import open_store
from tests.visitor import Visitor

from .conftest import as_app, made_store, published, serving
from .vouching import Provider, listening


@pytest.fixture(scope="module")
def provider():
    with listening(Provider()) as vouching:
        yield vouching


@pytest.fixture(scope="module")
def app(tmp_path_factory, provider):
    home = tmp_path_factory.mktemp("oidc")
    made_store(home)
    given = {"issuer": provider.issuer, "client_id": provider.client, "ask": "mia in room 7"}
    _, invited = published(home, sign_in=sign_in_settings("oidc", given), sizes={"pool": 0})
    assert {each.link for each in invited} == {""}
    with serving(home, LABELWIDGETS_SECRET=provider.secret) as server:
        yield as_app(home, server)


@pytest.fixture(autouse=True)
def well_behaved(provider):
    provider.person, provider.wrong = {"preferred_username": "ann", "name": "Ann"}, {}
    provider.seen.clear()


def come(app, provider, to="/work", visitor=None):
    """Go to sign in, to the provider, and back; returns the visitor and the last answer."""
    visitor = visitor or app.visitor()
    away = visitor.ask(f"login?next={to}")
    assert away.location.startswith(f"{provider.url}/authorize?"), (away.status, away.text)
    there = Visitor(provider.url).ask(away.location.removeprefix(provider.url))
    assert there.location.startswith(f"{app.url}oidc/callback?")
    return visitor, visitor.ask(there.location.removeprefix(app.url))


def test_whom_the_provider_names_is_signed_in_and_goes_on(app, provider):
    visitor, answer = come(app, provider)
    assert (answer.status, answer.location) == (302, "/work")
    assert visitor.signed_in
    assert not [name for name in visitor.cookies if "flow" in name]
    assert app.events("sign-in")[-1]["by"] == "oidc"


def test_what_is_asked_is_bound_to_the_visitor(app):
    one = parse_qs(urlsplit(app.visitor().ask("login").location).query)
    two = parse_qs(urlsplit(app.visitor().ask("login").location).query)
    assert one["response_type"] == ["code"]
    assert one["code_challenge_method"] == ["S256"]
    assert one["redirect_uri"] == [f"{app.url}oidc/callback"]
    for name in ("state", "nonce", "code_challenge"):
        assert len(one[name][0]) >= 32
        assert one[name] != two[name]


def test_a_stranger_is_told_whom_to_ask(app, provider):
    provider.person = {"preferred_username": "eve"}
    visitor, answer = come(app, provider)
    assert answer.status == 403
    assert "signed in as eve" in answer.text
    assert "mia in room 7" in answer.text
    assert not visitor.signed_in
    store = open_store(app.store)
    assert store.member("eve") is None
    store.close()


WRONG = {
    "signed by nobody": lambda p: {"sign": p.unsigned},
    "signed by the public key": lambda p: {"sign": p.by_public_key},
    "signed by another key": lambda p: {"sign": p.by_another_key},
    "changed afterwards": lambda p: {"sign": p.tampered},
    "of another issuer": lambda p: {"iss": "https://evil.example"},
    "without issuer": lambda p: {"iss": None},
    "for another app": lambda p: {"aud": "other"},
    "for several, and not for this one": lambda p: {"aud": ["other", "street"], "azp": "other"},
    "too old": lambda p: {"exp": int(time.time()) - 3600},
    "without an end": lambda p: {"exp": None},
    "from the future": lambda p: {"iat": int(time.time()) + 3600},
    "with another nonce": lambda p: {"nonce": "x"},
    "without a nonce": lambda p: {"nonce": None},
    "of another access token": lambda p: {"at_hash": "x" * 22},
    "not there": lambda p: {"token": {"id_token": None}},
    "no token at all": lambda p: {"token": {"id_token": "x"}},
    "a number": lambda p: {"token": {"id_token": 7}},
    "answered by another server": lambda p: {"answer": {"iss": "https://evil.example"}},
    "refused": lambda p: {"answer": {"error": "access_denied"}},
    "with a code that is none": lambda p: {"answer": {"code": "x"}},
}


@pytest.mark.parametrize("how", WRONG)
def test_a_token_that_is_wrong_opens_nothing(app, provider, how):
    provider.wrong = WRONG[how](provider)
    visitor, answer = come(app, provider)
    assert answer.status == 403, answer.text
    assert not visitor.signed_in
    assert app.events("refused")[-1]["by"] == "oidc"


@pytest.mark.parametrize("claim", [None, "", 7, ["ann"], " ", "a\nb"])
def test_a_name_that_is_none_opens_nothing(app, provider, claim):
    provider.person = {"preferred_username": claim}
    _, answer = come(app, provider)
    assert answer.status == 403


def test_an_answer_counts_once_and_in_its_own_browser(app, provider):
    visitor = app.visitor()
    away = visitor.ask("login")
    there = Visitor(provider.url).ask(away.location.removeprefix(provider.url))
    back = there.location.removeprefix(app.url)
    other = app.visitor()
    assert other.ask(back).status == 403, "a link with somebody else's code signed in"
    assert visitor.ask(back).status == 403, "it was tried twice"
    assert app.visitor().ask("oidc/callback?code=x&state=y").status == 403
    assert app.visitor().ask("oidc/callback").status == 403


def test_new_keys_of_the_provider_are_asked_for(app, provider):
    come(app, provider)
    old, provider.key = provider.key, RSAKey.generate_key(2048, {"kid": "k2"}, private=True)
    provider.wrong = {"sign": lambda claims: jwt.encode({"alg": "RS256", "kid": "k2"}, claims, provider.key)}
    visitor, _ = come(app, provider)
    assert visitor.signed_in
    provider.key = old


def test_kernels_and_log_know_no_secret(app, provider):
    come(app, provider)
    text = app.log.read_text() + app.server.output
    assert provider.secret not in text
    assert "code=" not in text


def test_it_needs_issuer_and_client(tmp_path):
    with pytest.raises(lw.LabelwidgetsError, match="needs --issuer and --client-id"):
        sign_in_settings("oidc", {"issuer": "https://id.example.org"})


@pytest.mark.parametrize(
    "url", ["http://id.example.org", "", None, "ftp://x", "https://", "http://127.0.0.1.evil.example/"]
)
def test_who_vouches_is_asked_by_https(url):
    with pytest.raises(lw.LabelwidgetsError, match="asked by https"):
        trusted(url)


def test_by_e_mail_only_checked_addresses_count(tmp_path_factory, provider):
    home = tmp_path_factory.mktemp("email")
    made_store(home)
    given = {"issuer": provider.issuer, "client_id": provider.client, "claim": "email", "introduce": True}
    published(home, people=["ann@example.org"], sign_in=sign_in_settings("oidc", given), sizes={"pool": 0})
    with serving(home, LABELWIDGETS_SECRET=provider.secret) as server:
        app = as_app(home, server)
        provider.person = {"email": "ann@example.org"}
        assert come(app, provider)[1].status == 403
        provider.person["email_verified"] = True
        assert come(app, provider)[0].signed_in
        provider.person = {"email": "new@example.org", "email_verified": True, "name": "New"}
        assert come(app, provider)[0].signed_in, "who is unknown was to be introduced"
        store = open_store(app.store)
        assert (store.member("new@example.org").name, store.member("new@example.org").role) == (
            "New",
            "annotator",
        )
        assert "new@example.org" not in [each.subject for _, each in store.memberships()]
        store.close()
