"""What time it is at the server, which all machines share."""

from __future__ import annotations

import time

from ..clock import Clock


class ServerClock(Clock):
    """The server's clock, which each transaction asks; it has one run.

    Between transactions it is that of this machine, moved by what the two last differed.
    """

    def __init__(self) -> None:
        self.boot = "server"
        self._ahead = 0

    def meet(self, now: int) -> None:
        """Note what time it is at the server, microseconds since 1970 UTC."""
        self._ahead = now - time.time_ns() // 1000

    def same_boot(self, other: str) -> bool:  # noqa: ARG002
        """Return True."""
        return True

    def now(self) -> int:
        """Microseconds since 1970 UTC."""
        return time.time_ns() // 1000 + self._ahead

    tick = now
