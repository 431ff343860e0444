"""What time it is: the hour of the day for records, and ticks that no change of the clock can move for leases."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

DRIFT_S = 600
"""Where the system has no id for its run, starts nearer than this are one; two real ones only keep leases longer."""


class Clock:
    """The machine's clocks, which all its processes share.

    Leases are counted in ticks since the machine started. Setting the clock, a process whose clock is an hour
    ahead, or the end of summer time moves no tick, so none of them can take a lease away. Ticks of different
    runs of a machine can't be compared; `boot` tells runs apart.
    """

    def __init__(self) -> None:
        self.boot: str = _boot()

    def same_boot(self, other: str) -> bool:
        """Whether ticks noted under `other` can be compared with those of now."""
        if self.boot.isdigit() and other.isdigit():  # the second of the start, by two clocks that drift apart
            return abs(int(self.boot) - int(other)) < DRIFT_S
        return self.boot == other

    def now(self) -> int:
        """Microseconds since 1970 UTC."""
        return time.time_ns() // 1000

    def tick(self) -> int:
        """Microseconds since the machine started, sleep included where the system counts it."""
        if hasattr(time, "CLOCK_BOOTTIME"):
            return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000
        return time.monotonic_ns() // 1000


def _boot() -> str:
    linux = Path("/proc/sys/kernel/random/boot_id")
    if linux.exists():
        return linux.read_text().strip()
    return f"{time.time() - time.monotonic():.0f}"


def micros(span: timedelta) -> int:
    """Microseconds of a span."""
    return span // MICROSECOND


def to_micros(moment: datetime | None) -> int | None:
    """Microseconds since 1970 UTC; a moment without a zone is taken as UTC."""
    if moment is None:
        return None
    return ((moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment) - EPOCH) // MICROSECOND


def to_datetime(moment: int | None) -> datetime | None:
    """Return the moment that `to_micros` wrote."""
    return None if moment is None else EPOCH + timedelta(microseconds=moment)
