"""Acts that the server took back are begun again: nothing of them was kept, and each may be repeated."""

from __future__ import annotations

import random
import time
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from ..sql import SqlStore
from .faults import TakenBack

if TYPE_CHECKING:
    from collections.abc import Callable

TRIES = 6
"""How often an act is begun at most."""

P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S", bound=SqlStore)


def again(act: Callable[P, R]) -> Callable[P, R]:
    """Begin an act again when nothing was kept of it for a passing reason."""

    @wraps(act)
    def acting(*args: P.args, **options: P.kwargs) -> R:
        for tried in range(1, TRIES):
            try:
                return act(*args, **options)
            except TakenBack as back:
                time.sleep(back.wait_s * tried * (0.5 + random.random()))  # noqa: S311
        return act(*args, **options)

    return acting


def each_again(store: type[S]) -> type[S]:
    """Let a store do so with each of its acts."""
    for name in vars(SqlStore):
        act = getattr(store, name)
        if callable(act) and not name.startswith("_") and name != "close":
            setattr(store, name, again(act))
    return store
