"""How the work goes, counted by the store: projects side by side, and what each person did in one."""
# ruff: noqa: S608 - statements are put together of names in this package; values are always bound

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from itertools import accumulate
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from ..records import Overview, Presence, Worked
from .answers import CURRENT
from .clock import to_datetime
from .writing import statement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sqlalchemy import Connection, Row, TextClause

    from .clock import Clock

SESSIONS = """
SELECT s.id, s.name, s.created_at, s.task_count,
(SELECT e.at FROM event e WHERE e.number = (SELECT MAX(n.number) FROM event n WHERE n.session_id = s.id)) AS last_at
FROM session s ORDER BY s.id"""

TALLIES = """
SELECT session_id, SUM(done) AS done, SUM(passed) AS passed,
SUM(CASE WHEN annotator = :annotator THEN answered ELSE 0 END) AS mine
FROM tally WHERE round = 1 GROUP BY session_id"""

HOLDERS = """
SELECT session_id, COUNT(DISTINCT annotator) AS people FROM assignment
WHERE state = 'leased' AND lease_until > :tick GROUP BY session_id"""

BIN = "CASE WHEN a.seconds > 1000000 THEN 10000000 ELSE CAST(a.seconds * 10 AS INTEGER) END"
"""Tenths of a second, whichever way an engine rounds: what sorts answers before their median is sought."""

SAID = f"""
SELECT a.annotator, a.status, {BIN} AS bin, a.seconds, a.created_at, CASE WHEN 1 = 1 {CURRENT} THEN 1 ELSE 0 END AS stands
FROM annotation a WHERE a.session_id = :session{{one}} AND a.created_at >= :since"""

WORK = f"""
SELECT annotator, status, stands, bin, COUNT(*) AS n, SUM(seconds) AS seconds, MAX(created_at) AS last_at,
SUM(CASE WHEN created_at >= :today THEN 1 ELSE 0 END) AS today
FROM ({SAID}) said GROUP BY annotator, status, stands, bin"""

MIDDLE = f"""
SELECT a.annotator, {BIN} AS bin, a.seconds, COUNT(*) AS n FROM annotation a
WHERE a.session_id = :session{{one}} AND a.created_at >= :since AND a.status = 'submitted' AND a.seconds IS NOT NULL
AND {BIN} IN :bins {CURRENT} GROUP BY a.annotator, a.seconds"""

LEASES = """
SELECT a.annotator, COUNT(*) AS n FROM assignment a
WHERE a.state = 'leased' AND a.lease_until > :tick AND a.session_id = :session{one} GROUP BY a.annotator"""

ONE = " AND a.annotator = :annotator"

SEEN = """
SELECT user_id, MAX(at) AS at FROM (
SELECT y.annotator AS user_id, (SELECT a.created_at FROM annotation a WHERE a.session_id = y.session_id
AND a.annotator = y.annotator ORDER BY a.event DESC LIMIT 1) AS at FROM tally y
UNION ALL SELECT user_id, made_at AS at FROM sign_in) seen GROUP BY user_id"""

INVITED = "SELECT user_id, MAX(expires_at) AS at FROM invite WHERE redeemed_at IS NULL AND expires_at > :now GROUP BY user_id"

EVER = -(2**62)
"""Before all answers."""

DAY = 86_400_000_000
"""Microseconds."""


# -- projects ------------------------------------------------------------------------------------------------


def overview(connection: Connection, annotator: str | None, tick: int) -> list[Overview]:
    """All sessions, oldest first, with their counts: three statements however many there are."""
    who = {"annotator": annotator or "", "tick": tick}
    tallies = {row.session_id: row for row in connection.execute(statement(TALLIES), who)}
    holders = {row.session_id: row.people for row in connection.execute(statement(HOLDERS), who)}
    return [
        _overview(row, tallies.get(row.id), holders.get(row.id, 0))
        for row in connection.execute(statement(SESSIONS))
    ]


def _overview(row: Row[Any], tally: Row[Any] | None, people: int) -> Overview:
    done, passed, mine = (0, 0, 0) if tally is None else map(int, (tally.done, tally.passed, tally.mine))
    return Overview(
        session_id=row.id,
        total=row.task_count,
        done=done,
        skipped=passed,
        mine=mine,
        people=int(people),
        created_at=to_datetime(row.created_at),
        last_at=to_datetime(row.last_at),
    )


# -- people --------------------------------------------------------------------------------------------------


class _Part(NamedTuple):
    """Answers of one person that are alike: status, whether they stand, tenths of seconds."""

    status: str
    stands: bool
    bin: int | None
    n: int
    seconds: float
    last_at: int
    today: int


def done(
    connection: Connection,
    session_id: int,
    clock: Clock,
    *,
    since: int | None,
    today: int | None,
    annotator: str | None,
    together: Callable[[str], str] | None,
) -> dict[str, Worked]:
    """Return what each did in a session; see `Store.work`."""
    asked = {
        "session": session_id,
        "tick": clock.tick(),
        "since": EVER if since is None else since,
        "today": clock.now() // DAY * DAY if today is None else today,
        "annotator": annotator,
    }
    named = together or str
    parts = _parts(connection, asked, named)
    leases: dict[str, int] = defaultdict(int)
    for row in connection.execute(_asking(LEASES, asked), asked):
        leases[named(row.annotator)] += int(row.n)
    middles = _medians(connection, asked, parts, named)
    return {who: _worked(parts.get(who, ()), middles.get(who), leases[who]) for who in {**parts, **leases}}


def _asking(sql: str, asked: Mapping[str, Any], *lists: str) -> TextClause:
    """Return a statement about everybody, or about the one annotator who is asked for."""
    return statement(sql.format(one="" if asked["annotator"] is None else ONE), lists)


def _parts(
    connection: Connection, asked: Mapping[str, Any], named: Callable[[str], str]
) -> dict[str, list[_Part]]:
    found: dict[str, list[_Part]] = defaultdict(list)
    for row in connection.execute(_asking(WORK, asked), asked):
        part = _Part(
            row.status,
            stands=bool(row.stands),
            bin=row.bin,
            n=int(row.n),
            seconds=row.seconds or 0.0,
            last_at=row.last_at,
            today=int(row.today),
        )
        found[named(row.annotator)].append(part)
    return dict(found)


def _worked(parts: Sequence[_Part], middle: float | None, leases: int) -> Worked:
    given = [part for part in parts if part.stands and part.status == "submitted"]
    timed = [part for part in given if part.bin is not None]
    last = max((part.last_at for part in parts), default=None)
    return Worked(
        answered=_count(given),
        rejected=_count(part for part in parts if part.stands and part.status == "rejected"),
        skipped=_count(part for part in parts if part.stands and part.status == "skipped"),
        withdrawn=_count(part for part in parts if part.status == "withdrawn"),
        today=sum(part.today for part in given),
        seconds=sum(part.seconds for part in parts),
        timed=_count(timed),
        timed_seconds=sum(part.seconds for part in timed),
        median_seconds=middle,
        last_at=to_datetime(last),
        leases=leases,
    )


def _count(parts: Iterable[_Part]) -> int:
    return sum(part.n for part in parts)


def _medians(
    connection: Connection,
    asked: Mapping[str, Any],
    parts: Mapping[str, Sequence[_Part]],
    named: Callable[[str], str],
) -> dict[str, float]:
    """Median seconds of the answers that stand: only those near the middle are read, found by their tenths."""
    counted = {who: _histogram(some) for who, some in parts.items()}
    wanted = {who: _middle(bins) for who, bins in counted.items() if bins}
    near: dict[str, Counter[float]] = defaultdict(Counter)
    values = {**asked, "bins": sorted({found for pair, _ in wanted.values() for found in pair})}
    for row in connection.execute(_asking(MIDDLE, asked, "bins"), values):
        who = named(row.annotator)
        if row.bin in wanted[who][0]:
            near[who][row.seconds] += int(row.n)
    return {who: _pick(near[who], counted[who], below) for who, (_, below) in wanted.items()}


def _histogram(parts: Iterable[_Part]) -> dict[int, int]:
    counts: dict[int, int] = defaultdict(int)
    for part in parts:
        if part.stands and part.status == "submitted" and part.bin is not None:
            counts[part.bin] += part.n
    return dict(sorted(counts.items()))


def _middle(bins: Mapping[int, int]) -> tuple[set[int], int]:
    """Return the bins of the one or two middle answers, and how many answers lie below them."""
    total, below = sum(bins.values()), 0
    places = {(total - 1) // 2, total // 2}
    found: set[int] = set()
    first = 0
    for name, count in bins.items():
        if any(below <= place < below + count for place in places):
            first = below if not found else first
            found.add(name)
        below += count
    return found, first


def _pick(near: Counter[float], bins: Mapping[int, int], below: int) -> float:
    """Return the median of all, given how often each time of the middle bins was taken, and how many lie below these."""
    ordered, total = sorted(near), sum(bins.values())
    ends = list(accumulate(near[seconds] for seconds in ordered))
    return median(ordered[bisect_right(ends, place - below)] for place in ((total - 1) // 2, total // 2))


def presence(connection: Connection, now: int) -> dict[str, Presence]:
    """Return whether people have been here; who is not in it has not, and is not invited."""
    seen = {row.user_id: to_datetime(row.at) for row in connection.execute(statement(SEEN))}
    invited = {
        row.user_id: to_datetime(row.at) for row in connection.execute(statement(INVITED), {"now": now})
    }
    secret = set(connection.execute(statement("SELECT user_id FROM secret")).scalars())
    return {
        who: Presence(seen.get(who), invited.get(who), who in secret) for who in {*seen, *invited, *secret}
    }
