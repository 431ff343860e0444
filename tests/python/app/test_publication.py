"""What publishing writes, whom it lets in, and what serving refuses before it serves."""

import json
import stat

import pytest
from click.testing import CliRunner
from PIL import Image

import labelwidgets as lw
from labelwidgets import cli
from labelwidgets.accounts import Accounts
from labelwidgets.app import publication, team
from labelwidgets.app.journal import Journal
from labelwidgets.app.publication import Publication
from labelwidgets.app.publishing import publish
from labelwidgets.app.site import Site, based, public_url
from labelwidgets.app.web import inside
from labelwidgets.store import open_store

from .conftest import made_store


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LABELWIDGETS_USER", "owner")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path


@pytest.fixture
def store(here):
    made_store(here, 3)
    opened = open_store(here / "s.db")
    yield opened
    opened.close()


def run(*words, code=0):
    result = CliRunner().invoke(cli.main, [str(word) for word in words])
    assert result.exit_code == code, (result.output, result.exception)
    assert "Traceback" not in result.output
    return result.output


class TestFolder:
    def test_it_holds_no_data_no_secret_and_no_path_of_this_machine(self, here, store):
        publish(store, here / "s-app", people=["ann"], title="Street")
        assert sorted(path.name for path in (here / "s-app").iterdir()) == ["app.ipynb", "publication.json"]
        text = "".join(path.read_text() for path in (here / "s-app").iterdir())
        for word in ("secret message", str(here), "password", "invite"):
            assert word not in text
        kept = json.loads((here / "s-app/publication.json").read_text())
        assert (kept["store"], kept["title"], kept["sign_in"]) == ("../s.db", "Street", {"kind": "accounts"})

    def test_other_users_of_the_machine_read_nothing_of_the_store(self, here, store):
        path = here / "s.db"
        path.chmod(0o664)
        publish(store, here / "s-app", people=["ann"])
        assert path.stat().st_mode & 0o777 == 0o660, "its group keeps what it may"
        assert not any(
            each.stat().st_mode & 0o007 for each in (path, *here.glob("s.db-wal"), *here.glob("s.db-shm"))
        )

    def test_again_it_keeps_what_was_and_changes_what_is_given(self, here, store):
        first, _ = publish(store, here / "a", people=["ann"], title="Street", theme="dark", sizes={"pool": 5})
        second, _ = publish(store, here / "a", people=["ben"], url="https://x.example/s/", base_url="/s/")
        assert (second.title, second.theme, second.sizes, second.port) == (
            "Street",
            "dark",
            {"pool": 5},
            first.port,
        )
        assert second.url == "https://x.example/s/"
        assert Publication.read(here / "a") == second

    def test_it_moves_with_its_store(self, here, store):
        publish(store, here / "s-app")
        store.close()
        (here / "moved").mkdir()
        for name in ("s.db", "s-app"):
            (here / name).rename(here / "moved" / name)
        assert team.find(str(here / "moved/s-app"), None, None) == (
            here / "moved/s-app",
            str((here / "moved/s.db").resolve()),
        )

    def test_its_port_is_its_own_and_the_same_each_time(self, store):
        from labelwidgets.places import ports

        assert publication.port_of(store) == publication.port_of(store)
        assert publication.port_of(store) != next(ports(store.uuid))

    @pytest.mark.parametrize(
        "text", [None, "", "[]", "{}", '{"form": 1}', '{"form": 1, "store": "x", "title": "y", "z": 1}', "{"]
    )
    def test_one_that_is_not_whole_is_named(self, here, text):
        if text is not None:
            (here / "publication.json").write_text(text)
        with pytest.raises(lw.LabelwidgetsError, match="no published app|can't be read"):
            Publication.read(here)

    def test_one_of_a_newer_version_is_not_guessed_at(self, here):
        (here / "publication.json").write_text('{"form": 99}')
        with pytest.raises(lw.LabelwidgetsError, match="newer version"):
            Publication.read(here)

    @pytest.mark.parametrize(
        "given",
        [{"theme": "pink"}, {"url": "https://x.example"}, {"base_url": "x"}, {"url": "ftp://x/"}],
    )
    def test_what_can_not_be_served_is_not_written(self, here, store, given):
        with pytest.raises(lw.LabelwidgetsError):
            publish(store, here / "a", **given)
        assert not (here / "a").exists()

    def test_columns_are_those_that_there_are(self, here, store):
        made, _ = publish(store, here / "a", columns=["text"])
        assert made.columns == {"default": ["text"]}
        with pytest.raises(lw.LabelwidgetsError, match="No session has a column 'x'"):
            publish(store, here / "a", columns=["x"])


class TestLogo:
    def test_it_is_made_anew_from_its_pixels(self, here, store):
        picture = Image.new("RGB", (900, 300), "red")
        picture.save(here / "logo.jpg", comment=b"<script>")
        (here / "logo.jpg").write_bytes((here / "logo.jpg").read_bytes() + b"<script>alert(1)</script>")
        publish(store, here / "a", logo=here / "logo.jpg")
        with Image.open(here / "a/logo.png") as kept:
            assert (kept.format, kept.size) == ("PNG", (320, 107))
        assert b"script" not in (here / "a/logo.png").read_bytes()
        assert publication.logo_of(here / "a").startswith("data:image/png;base64,")
        assert publication.logo_of(here / "nowhere") == ""

    @pytest.mark.parametrize(
        "data", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"", b"\x89PNG\r\n\x1a\nxxxx"]
    )
    def test_what_is_no_picture_is_refused(self, here, store, data):
        (here / "logo.png").write_bytes(data)
        with pytest.raises(lw.LabelwidgetsError, match="can't be read as a picture"):
            publish(store, here / "a", logo=here / "logo.png")

    def test_a_huge_one_is_refused_before_it_is_read(self, here, store):
        Image.new("1", (6000, 6000)).save(here / "logo.png")
        with pytest.raises(lw.LabelwidgetsError, match="6000 x 6000"):
            publish(store, here / "a", logo=here / "logo.png")


class TestPeople:
    def test_they_work_where_they_were_put_and_choose_their_own_password(self, here, store):
        made, (ann, mia) = publish(store, here / "a", people=["ann"], managers=["mia"])
        assert ann.link.startswith(f"{made.address}invite/")
        assert store.member("ann").role == "annotator"
        assert store.member("mia").role == "manager"
        assert [(m.subject, m.role) for _, m in store.memberships()] == [("ann", "annotator")]
        assert Accounts(store).invited(ann.link.rpartition("/")[2]).id == "ann"
        assert Accounts(store).invited(mia.link.rpartition("/")[2]).id == "mia"

    def test_who_has_a_password_gets_no_new_link(self, here, store):
        _, (ann,) = publish(store, here / "a", people=["ann"])
        Accounts(store).accept(ann.link.rpartition("/")[2], "four plain words here")
        _, (again,) = publish(store, here / "a", people=["ann", "ann"])
        assert again.link == ""
        assert Accounts(store).check("ann", "four plain words here") == "ann"

    def test_who_was_more_stays_more(self, here, store):
        publish(store, here / "a", people=["owner"], managers=["owner"])
        assert store.member("owner").role == "admin"

    def test_who_left_does_not_come_back_by_the_way(self, here, store):
        publish(store, here / "a", people=["ann"])
        store.save_member("ann", active=False, actor="owner")
        with pytest.raises(lw.LabelwidgetsError, match=r"access of ann has ended.*labelwidgets restore"):
            publish(store, here / "a", people=["ann"])

    def test_roles_and_sessions_are_those_that_there_are(self, here, store):
        with pytest.raises(lw.StoreError, match="no session 'x' in the store; it holds 'default'"):
            publish(store, here / "a", people=["ann"], sessions=["x"])
        with pytest.raises(lw.UserError, match="unknown role 'x'"):
            publish(store, here / "a", people=["ann"], role="x")
        assert store.member("ann") is None

    def test_where_others_vouch_nobody_gets_a_link(self, here, store):
        _, (ann,) = publish(store, here / "a", people=["ann"], sign_in={"kind": "proxy"})
        assert ann.link == ""


class TestRefusals:
    def test_an_app_that_nobody_can_use_is_not_served(self, here, store):
        made, _ = publish(store, here / "a")
        with pytest.raises(
            lw.LabelwidgetsError, match=r"Nobody may work in this app yet: .*publish STORE --people"
        ):
            team.refuse_empty(store, made)
        team.refuse_empty(store, made.changed(sign_in={"kind": "oidc", "introduce": True}))
        publish(store, here / "a", people=["ann"])
        team.refuse_empty(store, made)
        store.save_member("ann", active=False, actor="owner")
        with pytest.raises(lw.LabelwidgetsError):
            team.refuse_empty(store, made)

    def test_the_owner_by_code_has_no_password_and_does_not_count(self, here, store):
        made, _ = publish(store, here / "a")
        assert store.member("owner").role == "admin"
        with pytest.raises(lw.LabelwidgetsError):
            team.refuse_empty(store, made)
        team.refuse_empty(store, made.changed(sign_in={"kind": "proxy"}))

    @pytest.mark.parametrize("ip", ["0.0.0.0", "192.168.0.7", "::"])
    def test_a_network_needs_https_or_a_word(self, ip):
        made = Publication("s.db", "Street")
        with pytest.raises(lw.LabelwidgetsError, match="others could read passwords"):
            team.refuse_open(made, ip, insecure=False)
        with pytest.raises(lw.LabelwidgetsError):
            team.refuse_open(made.changed(url="http://x.example/"), ip, insecure=False)
        team.refuse_open(made, ip, insecure=True)
        team.refuse_open(made.changed(url="https://x.example/"), ip, insecure=False)
        team.refuse_open(made, "127.0.0.1", insecure=False)

    def test_a_database_needs_its_password_said(self, here, monkeypatch):
        monkeypatch.delenv(team.STORE, raising=False)
        Publication("postgresql+psycopg://boss@127.0.0.1/db", "Street").write(here / "a")
        with pytest.raises(lw.LabelwidgetsError, match="in the variable LABELWIDGETS_STORE"):
            team.find(str(here / "a"), None, None)
        monkeypatch.setenv(team.STORE, "postgresql+psycopg://boss:pw@127.0.0.1/db")
        assert team.find(str(here / "a"), None, None)[1].endswith("boss:pw@127.0.0.1/db")
        assert team.STORE not in team.os.environ, "kernels could inherit it"
        assert team.find(str(here / "a"), None, "postgresql://other")[1] == "postgresql://other"
        with pytest.raises(lw.LabelwidgetsError, match="Name the folder"):
            publication.folder_of("postgresql://x/y")


class TestCommands:
    def test_publishing_says_what_to_send_to_whom(self, here):
        made_store(here, 3)
        said = run("publish", "s.db")
        assert "labelwidgets publish s.db --managers YOUR-ID" in said
        said = run("publish", "s.db", "--people", "ann, ben", "--managers", "mia", "--title", "Street")
        assert "YOUR-ID" not in said
        assert "Street is in s-app; serve it with `labelwidgets serve s.db`." in said
        assert [line.split(":")[0].strip() for line in said.splitlines()[2:]] == ["ann", "ben", "mia"]
        told = json.loads(run("publish", "s.db", "--people", "ann", "--json"))
        assert told["folder"] == "s-app"
        assert told["people"][0]["link"].startswith(told["url"] + "invite/")

    def test_options_reach_the_folder(self, here):
        made_store(here, 3)
        run(
            *[
                "publish",
                "s.db",
                "out",
                "--people",
                "ann",
                "--sign-in",
                "oidc",
                "--issuer",
                "https://id.example.org",
            ],
            *[
                "--client-id",
                "street",
                "--claim",
                "email",
                "--introduce",
                "--ask",
                "mia",
                "--idle",
                "5",
                "--pool",
                "0",
            ],
            *["--url", "https://label.example.org/street", "--kernel-env", "AWS_PROFILE", "--port", "8000"],
        )
        made = Publication.read(here / "out")
        assert made.sign_in == {
            "kind": "oidc",
            "introduce": True,
            "ask": "mia",
            "issuer": "https://id.example.org",
            "client_id": "street",
            "claim": "email",
        }
        assert (made.url, made.base_url, made.port) == ("https://label.example.org/street/", "/street/", 8000)
        assert made.sizes == {"pool": 0, "idle_s": 300}
        assert made.kernel_env == ["AWS_PROFILE"]
        run("publish", "s.db", "out", "--no-introduce", "--claim", "sub")
        assert "introduce" not in Publication.read(here / "out").sign_in
        assert Publication.read(here / "out").sign_in["claim"] == "sub"
        assert Publication.read(here / "out").kernel_env == ["AWS_PROFILE"]
        run("publish", "s.db", "out", "--sign-in", "accounts")
        assert Publication.read(here / "out").sign_in == {"kind": "accounts"}

    def test_what_can_not_be_is_said_in_a_sentence(self, here):
        assert "There is no store missing.db" in run("publish", "missing.db", code=1)
        made_store(here, 3)
        assert "needs --issuer and --client-id" in run("publish", "s.db", "--sign-in", "oidc", code=1)
        assert "found 'x y'" in run("publish", "s.db", "--url", "x y", code=1)
        assert "There is no app in s-app: make one" in run("serve", "s.db", code=1)
        run("publish", "s.db")
        assert "Nobody may work in this app yet" in run("serve", "s.db", "--no-browser", code=1)
        run("publish", "s.db", "--people", "ann")
        assert "others could read passwords" in run("serve", "s.db", "--ip", "0.0.0.0", code=1)


class TestAddresses:
    @pytest.mark.parametrize(
        ("path", "good"),
        [
            ("/", True),
            ("/x/label/a%20b", True),
            ("/x/work?a=b", True),
            ("", False),
            ("//evil.example", False),
            ("/x/../../y", False),
            ("/\\evil", False),
            ("http://evil.example/x/", False),
            ("/x/\r\nSet-Cookie: a=b", False),
            ("/y/", False),
            ("/x/" + "a" * 3000, False),
            ("/x/ü", False),
        ],
    )
    def test_only_ways_within_the_app_are_gone(self, path, good):
        base = "/" if path == "/" else "/x/"
        assert inside(path, base) == (path if good else base)

    @pytest.mark.parametrize("path", ["/", "", "//"])
    def test_no_path_is_the_root(self, path):
        assert based(path) == "/"

    @pytest.mark.parametrize("path", ["/a b/", "/<x>/", "/a/..;/", "/%2e/", "/{x}/", "/(.*)/"])
    def test_a_base_url_is_plain_words(self, path):
        with pytest.raises(lw.LabelwidgetsError):
            based(path)

    def test_an_address_is_made_whole(self):
        assert public_url("https://x.example") == "https://x.example/"
        assert public_url("https://x.example:8443/a/b") == "https://x.example:8443/a/b/"

    @pytest.mark.parametrize(
        "url",
        [
            "",
            "x",
            "ftp://x/",
            "https://",
            "https://u:p@x/",
            "https://x/?a=b",
            "https://x/#a",
            "https://x:y/",
            "https://x\\y/",
            "https://x/\n",
        ],
    )
    def test_one_that_is_none_is_refused(self, url):
        with pytest.raises(lw.LabelwidgetsError):
            public_url(url)

    def test_a_site_knows_how_browsers_name_it(self):
        site = Site(None, None, Journal(quiet=True), url="https://Label.Example.org:8443/x/")
        assert (site.origin, site.host, site.secure) == (
            "https://label.example.org:8443",
            "label.example.org",
            True,
        )
        local = Site(None, None, Journal(quiet=True))
        assert (local.origin, local.host, local.secure) == ("", "", False)


class TestJournal:
    def test_it_writes_a_line_of_json_per_event_for_its_owner(self, here):
        journal = Journal(here / "log")
        journal.say("sign-in", user="ann\n", by=None, n=1)
        journal.say("ended")
        journal.close()
        lines = [json.loads(line) for line in (here / "log").read_text().splitlines()]
        assert [line.pop("at")[:2] for line in lines] == ["20", "20"]
        assert lines == [{"event": "sign-in", "user": "ann\n", "n": 1}, {"event": "ended"}]
        assert stat.S_IMODE((here / "log").stat().st_mode) == 0o600

    def test_it_goes_on_in_a_new_file_when_the_old_one_is_moved_away(self, here):
        journal = Journal(here / "log")
        journal.say("one")
        (here / "log").rename(here / "log.1")
        journal.say("two")
        journal.close()
        assert "two" in (here / "log").read_text()
        assert "two" not in (here / "log.1").read_text()

    def test_errors_of_libraries_lose_their_words(self, here, caplog):
        import logging

        from labelwidgets.app.journal import listen

        journal = Journal(here / "log")
        listen(journal, "some.library")
        try:
            raise ValueError("the label is secret")
        except ValueError:
            logging.getLogger("some.library").exception("GET /invite/word %s", "token=abc")
        logging.getLogger("some.library").warning("no error")
        journal.close()
        (line,) = [json.loads(line) for line in (here / "log").read_text().splitlines()]
        assert (line["event"], line["source"], line["kind"]) == ("error", "some.library", "ValueError")
        assert "test_publication.py" in line["raised"]
        for word in ("secret", "invite", "token", "abc"):
            assert word not in (here / "log").read_text()
        assert caplog.records == []
