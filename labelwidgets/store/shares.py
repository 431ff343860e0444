"""The tasks of memberships that have a condition: one scope per condition, its tasks laid out in the queue's order."""
# ruff: noqa: S608 - statements are put together of names in this package; values are always bound

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from .. import conditions
from ..errors import StoreError
from ..records import Damage
from .chain import dump, load
from .lease import come_back

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from ..records import Json
    from .reading import Stream
    from .writing import Write

SHARE = ("scope_id", "rank", "position", "task_id")

UNUSED = """
SELECT s.id FROM scope s WHERE s.session_id = :session
AND NOT EXISTS (SELECT 1 FROM membership p WHERE p.session_id = s.session_id AND p.scope_id = s.id)"""

DATA = (
    "SELECT id, data FROM task WHERE session_id = :session AND id > :after AND data IS NOT NULL ORDER BY id"
)

CHANGED = (
    "SELECT DISTINCT task_id FROM event WHERE kind = 'change' AND session_id = :session AND number > :since"
)

PLACES = """
SELECT t.id, q.rank, q.position FROM task t JOIN queue q ON q.task_id = t.id AND q.round = 1
WHERE t.data IS NOT NULL AND t.id IN :ids"""

RECOUNT = """
UPDATE scope SET
task_count = (SELECT COUNT(*) FROM share h WHERE h.scope_id = scope.id),
done = (SELECT COUNT(*) FROM share h JOIN queue q ON q.task_id = h.task_id AND q.round = 1
WHERE h.scope_id = scope.id AND q.answers >= q.overlap),
passed = (SELECT COUNT(*) FROM share h JOIN queue q ON q.task_id = h.task_id AND q.round = 1
WHERE h.scope_id = scope.id AND q.skips > 0 AND q.answers = 0)
WHERE id = :scope"""


ALL = "SELECT id, session_id, body, task_count, done, passed FROM scope ORDER BY id"

PLACED = """
SELECT t.id, t.data, q.rank, q.position, q.answers >= q.overlap AS done, q.skips > 0 AND q.answers = 0 AS passed
FROM task t JOIN queue q ON q.task_id = t.id AND q.round = 1 WHERE t.session_id = :session AND t.data IS NOT NULL"""

LAID_OUT = "SELECT task_id, rank, position FROM share WHERE scope_id = :scope"


class Scope(NamedTuple):
    """A condition under which the store keeps the tasks that fulfil it."""

    id: int
    where: Mapping[str, Json]


class Looked(NamedTuple):
    """What a look through the tasks found: those that fit, up to task `last`, as they were after event `since`."""

    since: int = 0
    last: int = 0
    fitting: Sequence[int] = ()


def of_session(write: Write, session_id: int) -> list[Scope]:
    """All scopes of a session."""
    rows = write.run("SELECT id, body FROM scope WHERE session_id = :session ORDER BY id", session=session_id)
    return [Scope(row.id, load(row.body)) for row in rows]


def begin(write: Write, session_id: int, where: Mapping[str, Json]) -> Looked | None:
    """Begin to look for the tasks of a condition; None when the store has them already."""
    body = _body(_checked(write, session_id, where))
    sql = "SELECT 1 FROM scope WHERE session_id = :session AND body = :body"
    if write.one(sql, session=session_id, body=body) is not None:
        return None
    write.hold("adding")  # whoever was adding is done: what changes from now on has a later number
    return Looked(since=int(write.run("SELECT COALESCE(MAX(number), 0) FROM event").scalar_one()))


def look_through(stream: Stream, session_id: int, where: Mapping[str, Json], begun: Looked) -> Looked:
    """Find the tasks of a condition while others write: that takes a while where there are many."""
    scope, last, fitting = Scope(0, where), 0, []
    for row in stream(DATA, {"session": session_id, "after": 0}):
        last = row.id
        if fits(scope, load(row.data)):
            fitting.append(row.id)
    return Looked(begun.since, last, fitting)


def find_or_make(write: Write, session_id: int, where: Mapping[str, Json], looked: Looked | None) -> int:
    """Return the number of the scope of a condition; a new one takes in the tasks that fulfil it."""
    checked = _checked(write, session_id, where)
    asked = {"session": session_id, "body": _body(checked)}
    made = write.run(
        "INSERT INTO scope (session_id, body, task_count, done, passed) VALUES (:session, :body, 0, 0, 0) "
        "ON CONFLICT (session_id, body) DO NOTHING",
        **asked,
    ).rowcount
    number = write.run(
        "SELECT id FROM scope WHERE session_id = :session AND body = :body", **asked
    ).scalar_one()
    if made:
        _take_in(write, session_id, Scope(number, checked), looked or Looked())
    return int(number)


def _checked(write: Write, session_id: int, where: Mapping[str, Json]) -> dict[str, Json]:
    settings = write.run("SELECT settings FROM session WHERE id = :id", id=session_id).scalar_one_or_none()
    if settings is None:
        raise StoreError(f"There is no session number {session_id} in this store.")
    return conditions.checked(where, load(settings).get("columns", ()))


def _body(where: Mapping[str, Json]) -> str:
    return dump(dict(sorted(where.items())))


def _take_in(write: Write, session_id: int, scope: Scope, looked: Looked) -> None:
    """Lay out what was found, what was added since, and what still fits of what changed since."""
    changed = set(write.run(CHANGED, session=session_id, since=looked.since).scalars())
    rows = [
        *write.run(DATA, session=session_id, after=looked.last).all(),
        *write.all_in("SELECT id, data FROM task WHERE id IN :ids AND data IS NOT NULL", "ids", changed),
    ]
    found = set(looked.fitting) - changed | {row.id for row in rows if fits(scope, load(row.data))}
    places = write.all_in(PLACES, "ids", sorted(found))
    write.insert("share", SHARE, [(scope.id, row.rank, row.position, row.id) for row in places])
    recount(write, [scope.id])


def fits(scope: Scope, data: Mapping[str, Json], stored: object = "") -> bool:
    """Whether a task belongs to a scope; one whose data were erased belongs to none."""
    return stored is not None and conditions.matches(scope.where, data)


def recount(write: Write, scopes: Iterable[int]) -> None:
    """Count the tasks of scopes anew."""
    for scope in sorted(scopes):
        write.run(RECOUNT, scope=scope)


def drop_unused(write: Write, session_id: int) -> None:
    """Forget the scopes that no membership has any more."""
    for scope in write.run(UNUSED, session=session_id).scalars().all():
        write.run("DELETE FROM share WHERE scope_id = :scope", scope=scope)
        write.run("DELETE FROM scope WHERE id = :scope", scope=scope)


def sort_anew(
    write: Write, session_id: int, scopes: Collection[Scope], task_id: int, data: Mapping[str, Json]
) -> set[int]:
    """Put a task whose data changed into the scopes that it belongs to now; returns those whose tasks changed."""
    had = set(write.run("SELECT scope_id FROM share WHERE task_id = :task", task=task_id).scalars())
    has = {scope.id for scope in scopes if fits(scope, data)}
    for scope in had - has:
        write.run("DELETE FROM share WHERE scope_id = :scope AND task_id = :task", scope=scope, task=task_id)
    places = write.run("SELECT round, rank, position FROM queue WHERE task_id = :task", task=task_id).all()
    rank, position = next((row.rank, row.position) for row in places if row.round == 1)
    write.insert("share", SHARE, [(scope, rank, position, task_id) for scope in sorted(has - had)])
    if has - had:
        come_back(write, session_id, [(task_id, row.round) for row in places])
    return had ^ has


def leave(write: Write, task_id: int | None) -> None:
    """Take a task out of all scopes."""
    had = write.run("SELECT scope_id FROM share WHERE task_id = :task", task=task_id).scalars().all()
    write.run("DELETE FROM share WHERE task_id = :task", task=task_id)
    recount(write, had)


def follow(write: Write, session_id: int, column: str, places: Collection[dict[str, Any]]) -> None:
    """Move tasks (`task`, `place`) in their scopes as they moved in the queue: by `rank` or `position`."""
    some = write.run("SELECT 1 FROM scope WHERE session_id = :session LIMIT 1", session=session_id).first()
    if some is not None:
        write.run_many(f"UPDATE share SET {column} = :place WHERE task_id = :task", list(places))


def verify(stream: Stream) -> Iterator[Damage]:
    """Give every scope that does not hold the tasks that fulfil its condition, in the places of the queue."""
    for row in list(stream(ALL, {})):
        where = f"scope {row.id} of session {row.session_id}"
        scope = Scope(row.id, load(row.body))
        tasks = (task for task in stream(PLACED, {"session": row.session_id}) if fits(scope, load(task.data)))
        expected, done, passed = {}, 0, 0
        for task in tasks:
            expected[task.id] = (task.rank, task.position)
            done, passed = done + bool(task.done), passed + bool(task.passed)
        found = {place.task_id: (place.rank, place.position) for place in stream(LAID_OUT, {"scope": row.id})}
        if found != expected:
            wrong = min(
                task for task in found.keys() | expected.keys() if found.get(task) != expected.get(task)
            )
            yield Damage(where, f"task {wrong} does not lie in it as it should")
        elif (row.task_count, row.done, row.passed) != (len(expected), done, passed):
            yield Damage(
                where,
                f"{row.task_count} tasks, {row.done} done and {row.passed} skipped are noted; "
                f"{len(expected)}, {done} and {passed} are there",
            )
