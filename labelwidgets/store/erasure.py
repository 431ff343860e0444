"""A person's rights: what is kept about somebody, and removing content for good without breaking the history."""
# ruff: noqa: S608 - statements are put together of names in this package; values are always bound

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import StoreError
from . import admission, people, shares
from .chain import load
from .clock import to_datetime
from .lease import COUNT
from .writing import statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from ..records import Json
    from .writing import Write

KEPT = {
    "answers": """
SELECT s.name AS session, t.key, a.id, a.round, a.version, a.status, a.answer AS "values", a.confidence, a.shown_at,
a.first_act_at, a.submitted_at, a.seconds, a.reason, a.model, a.late, a.created_at
FROM annotation a JOIN task t ON t.id = a.task_id JOIN session s ON s.id = a.session_id WHERE a.annotator = :id ORDER BY a.event""",
    "comments": """
SELECT s.name AS session, t.key, c.id, c.body AS text, c.region, c.created_at
FROM comment c JOIN task t ON t.id = c.task_id JOIN session s ON s.id = c.session_id WHERE c.author = :id ORDER BY c.event""",
    "drafts": """
SELECT s.name AS session, t.key, d.answer AS "values", d.saved_at
FROM draft d JOIN task t ON t.id = d.task_id JOIN session s ON s.id = d.session_id WHERE d.annotator = :id ORDER BY d.task_id""",
    "sign_ins": "SELECT made_at, expires_at FROM sign_in WHERE user_id = :id ORDER BY made_at",
    "events": "SELECT number, at, kind, task_id FROM event WHERE actor = :id ORDER BY number",
}
"""What there is about a person, and where it stands."""


def person(connection: Connection, user_id: str) -> dict[str, Json]:
    """Everything that is kept about somebody, as JSON; see `Store.person`."""
    who, known = {"id": user_id}, people.member(connection, user_id)
    return {
        "id": user_id,
        "member": None if known is None else known.to_json(),
        "memberships": _memberships(connection, user_id, () if known is None else known.groups),
        **{
            name: [_plain(row._asdict()) for row in connection.execute(statement(sql), who)]
            for name, sql in KEPT.items()
        },
    }


def _memberships(connection: Connection, user_id: str, groups: Iterable[str]) -> list[Json]:
    names = {row.id: row.name for row in connection.execute(statement("SELECT id, name FROM session"))}
    subjects = {(False, user_id), *((True, group) for group in groups)}
    return [
        {"session": names[session_id], **given.to_json()}
        for session_id, given in people.memberships(connection, None)
        if (given.group, given.subject) in subjects
    ]


def _plain(row: dict[str, Any]) -> dict[str, Json]:
    """Turn a row into JSON: moments as ISO text, answers as the values they are."""
    moments = {name: to_datetime(row[name]) for name in row if name == "at" or name.endswith("_at")}
    values = {name: load(row[name]) for name in row if name == "values" and row[name] is not None}
    return (
        row
        | {name: None if moment is None else moment.isoformat() for name, moment in moments.items()}
        | values
    )


def erase(
    write: Write,
    session_id: int | None,
    *,
    annotator: str | None,
    task_id: int | None,
    comment: str | None,
    actor: str,
) -> int:
    """Remove content for good; see `Store.erase`."""
    if sum(target is not None for target in (annotator, task_id, comment)) != 1:
        raise StoreError("Name one thing to erase: annotator=, task_id= or comment=.")
    session = session_id
    if task_id is not None:
        session = write.run("SELECT session_id FROM task WHERE id = :task", task=task_id).scalar_one_or_none()
        write.hold("session", session)
    if annotator is not None:
        emptied, events = _erase_person(write, annotator)
    elif comment is not None:
        emptied, events = _erase_comments(write, "id = :id", {"id": comment})
    else:
        emptied, events = _erase_task(write, task_id, actor)
    if emptied:
        payload = {"annotator": annotator, "task": task_id, "comment": comment, "events": sorted(events)}
        write.log("erase", actor, session, task_id=task_id, payload=payload)
    return emptied


def _erase_person(write: Write, annotator: str) -> tuple[int, list[int]]:
    emptied = write.run("UPDATE member SET name = '' WHERE id = :id AND name <> ''", id=annotator).rowcount
    emptied += write.run("DELETE FROM draft WHERE annotator = :id", id=annotator).rowcount
    emptied += admission.forget(write, annotator, secret=True)
    told = _erase_payloads(write, "e.kind = 'member' AND e.ref = :id", {"id": annotator})
    return emptied + len(told), told


def _erase_task(write: Write, task_id: int | None, actor: str) -> tuple[int, list[int]]:
    who = {"task": task_id}
    emptied = write.run(
        "UPDATE task SET data = NULL, salt = NULL, item = '', extent = NULL WHERE id = :task AND data IS NOT NULL",
        **who,
    ).rowcount
    emptied += write.run(
        "UPDATE copy SET data = NULL, salt = NULL WHERE task_id = :task AND data IS NOT NULL", **who
    ).rowcount
    answers = (
        write.run("SELECT event FROM annotation WHERE task_id = :task AND answer IS NOT NULL", **who)
        .scalars()
        .all()
    )
    emptied += write.run(
        "UPDATE annotation SET answer = NULL, reason = NULL, salt = NULL WHERE task_id = :task AND answer IS NOT NULL",
        **who,
    ).rowcount
    for table in ("prediction", "draft"):
        emptied += write.run(f"DELETE FROM {table} WHERE task_id = :task", **who).rowcount
    said, remarks = _erase_comments(write, "task_id = :task", who)
    told = _erase_payloads(write, "e.task_id = :task AND e.kind <> 'erase'", who)
    if emptied:
        _want_no_more(write, task_id, actor)
        shares.leave(write, task_id)
    return emptied + said + len(told), [*answers, *remarks, *told]


def _erase_comments(write: Write, where: str, values: Mapping[str, Json]) -> tuple[int, list[int]]:
    events = (
        write.run(f"SELECT event FROM comment WHERE {where} AND body IS NOT NULL", **values).scalars().all()
    )
    write.run(f"UPDATE comment SET body = NULL, salt = NULL WHERE {where}", **values)
    return len(events), list(events)


def _erase_payloads(write: Write, where: str, values: Mapping[str, Json]) -> list[int]:
    events: Iterable[int] = (
        write.run(f"SELECT p.event FROM payload p JOIN event e ON e.number = p.event WHERE {where}", **values)
        .scalars()
        .all()
    )
    found = list(events)
    write.run_many("DELETE FROM payload WHERE event = :event", [{"event": number} for number in found])
    return found


def _want_no_more(write: Write, task_id: int | None, actor: str) -> None:
    """Give nobody an item that is gone: it wants as many answers as it has or somebody works on."""
    for place in write.run(
        "SELECT session_id, round, overlap, slots, answers FROM queue WHERE task_id = :task", task=task_id
    ).all():
        taken = place.overlap - place.slots
        write.run(
            "UPDATE queue SET overlap = :taken, slots = 0 WHERE task_id = :task AND round = :round",
            taken=taken,
            task=task_id,
            round=place.round,
        )
        done = (place.answers >= taken) - (place.answers >= place.overlap)
        write.run(
            COUNT,
            session=place.session_id,
            round=place.round,
            annotator=actor,
            answered=0,
            skipped=0,
            done=done,
            passed=0,
        )
