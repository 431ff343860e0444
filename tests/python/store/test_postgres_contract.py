"""PostgreSQL keeps the contract."""

import pytest

from labelwidgets.store import open_store
from tests import postgres

from .contract import EveryStore


class TestServer(EveryStore):
    @pytest.fixture
    def place(self):
        with postgres.place() as url:
            yield lambda: open_store(url)
