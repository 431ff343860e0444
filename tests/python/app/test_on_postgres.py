"""A published app whose store is a PostgreSQL: its folder holds no password, and neither does any kernel's environment."""

import psutil

import labelwidgets as lw
from labelwidgets.accounts import Accounts
from labelwidgets.app.publishing import publish
from labelwidgets.store import open_store
from tests import postgres
from tests.servers import LABELWIDGETS, environment, running
from tests.visitor import Visitor

from .conftest import PASSWORD

SECRET = "a-secret-word-of-the-database"


def test_it_is_served_from_its_folder_and_the_password_stays_where_it_was_said(tmp_path):
    with postgres.place() as url:
        items = [{"text": f"message {n}"} for n in range(9)]
        schema = lw.Schema(lw.Choice("mood", ["glad"]))
        lw.Session(url, data=items, schema=schema, user="owner").close()
        store = open_store(url)
        made, (ann,) = publish(store, tmp_path / "app", people=["ann"], sizes={"pool": 0})
        Accounts(store).accept(ann.link.rpartition("/")[2], PASSWORD)
        store.close()
        said = f"{url}{'&' if '?' in url else '?'}application_name={SECRET}"
        command = [*LABELWIDGETS, "serve", "app", "--no-browser"]
        env = environment(tmp_path / "home", LABELWIDGETS_STORE=said)
        with running(command, cwd=tmp_path, env=env, ready="Ctrl+C") as server:
            visitor = Visitor(made.address)
            visitor.sign_in("ann", PASSWORD)
            desk = visitor.open("label/default").label()
            desk.hello()
            assert len(desk.pushed()) == 3
            kernels = psutil.Process(server.process.pid).children(recursive=True)
            assert kernels
            for kernel in kernels:
                assert SECRET not in " ".join([*kernel.environ().values(), *kernel.cmdline()])
            assert SECRET not in server.output
        assert SECRET not in (tmp_path / "app/publication.json").read_text()
