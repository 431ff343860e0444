"""The cache: bounded, each value made once, failures not kept."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from labelwidgets.media.cache import Cache


def test_a_value_is_made_once_however_many_threads_ask():
    cache, calls, gate = Cache(100), [], threading.Event()

    def make():
        calls.append(1)
        gate.wait(5)
        return b"value"

    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(cache.get, "key", make) for _ in range(8)]
        gate.set()
        assert {each.result() for each in asked} == {b"value"}
    assert len(calls) == 1


def test_the_least_recently_used_goes_first():
    cache = Cache(10)
    cache.get("a", lambda: b"1234")
    cache.get("b", lambda: b"1234")
    cache.get("a", lambda: b"other")
    cache.get("c", lambda: b"1234")
    assert cache.peek("a") == b"1234"
    assert cache.peek("b") is None
    assert cache.bytes == 8


def test_a_value_larger_than_the_cache_stays_until_the_next():
    cache = Cache(10)
    cache.get("small", lambda: b"1")
    cache.get("large", lambda: b"x" * 50)
    assert cache.peek("large") is not None
    assert cache.peek("small") is None
    cache.get("next", lambda: b"1")
    assert cache.peek("large") is None
    assert cache.bytes == 1


def test_what_failed_is_tried_again():
    cache = Cache(10)
    with pytest.raises(ValueError, match="once"):
        cache.get("key", lambda: (_ for _ in ()).throw(ValueError("once")))
    assert cache.get("key", lambda: b"now") == b"now"


def test_a_failure_reaches_all_who_wait():
    cache, gate = Cache(10), threading.Event()

    def make():
        gate.wait(5)
        raise ValueError("broken")

    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(cache.get, "key", make) for _ in range(4)]
        gate.set()
        assert all(isinstance(each.exception(), ValueError) for each in asked)
    assert cache.bytes == 0
