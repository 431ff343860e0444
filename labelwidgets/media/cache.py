"""A cache bounded by bytes in which each value is made once, whatever the number of threads that ask."""

from __future__ import annotations

import threading
from collections import OrderedDict
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable


class Cache:
    """Values by key; beyond `limit` bytes the least recently used go, the newest one always stays.

    Parameters
    ----------
    limit : int
        Bytes.
    size : callable
        Bytes of a value.
    """

    def __init__(self, limit: int, size: Callable[[Any], int] = len) -> None:
        self.limit = limit
        self._size = size
        self._lock = threading.Lock()
        self._made: OrderedDict[Hashable, Future[Any]] = OrderedDict()
        self._sizes: dict[Hashable, int] = {}
        self._bytes = 0

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """Return the value of `key`, made by `make` when it is not there; what `make` raises is not kept."""
        with self._lock:
            there = self._made.get(key)
            if there is None:
                mine = self._made[key] = Future[Any]()
            else:
                self._made.move_to_end(key)
        return there.result() if there is not None else self._make(key, mine, make)

    def peek(self, key: Hashable) -> Any | None:
        """Return the value of `key`, or None when it is not there yet."""
        with self._lock:
            return self._made[key].result() if key in self._sizes else None

    @property
    def bytes(self) -> int:
        """Bytes held now."""
        return self._bytes

    def _make(self, key: Hashable, mine: Future[Any], make: Callable[[], Any]) -> Any:
        try:
            value = make()
        except BaseException as error:
            with self._lock:
                self._made.pop(key, None)
            mine.set_exception(error)
            raise
        mine.set_result(value)
        with self._lock:
            self._sizes[key] = self._size(value)
            self._bytes += self._sizes[key]
            self._made.move_to_end(key)
            self._shrink(key)
        return value

    def _shrink(self, newest: Hashable) -> None:
        """Drop what was not used for longest; values still being made are not counted yet."""
        while self._bytes > self.limit:
            oldest = next((key for key in self._made if key in self._sizes and key != newest), None)
            if oldest is None:
                return
            self._bytes -= self._sizes.pop(oldest)
            del self._made[oldest]
