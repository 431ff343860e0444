"""SQLite keeps the contract, in a file and in memory."""

import pytest

from labelwidgets.store.sqlite import SqliteStore

from .contract import EveryStore


class TestFile(EveryStore):
    @pytest.fixture
    def place(self, tmp_path):
        return lambda: SqliteStore(tmp_path / "labels.db")


class TestMemory(EveryStore):
    @pytest.fixture
    def place(self):
        return lambda: SqliteStore(None)
