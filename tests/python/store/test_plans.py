"""What is asked while people label is answered by an index, whatever the store holds."""

import pytest

from labelwidgets.store import admission, answers, care, lease, people, reading, work
from labelwidgets.store.sqlite import SqliteStore

from .builders import session

KEPT = f"{answers.FROM} a.session_id = :session AND a.annotator = :annotator{answers.CURRENT} ORDER BY a.event DESC LIMIT :n"
TOLD = (
    "SELECT e.number, p.body FROM event e LEFT JOIN payload p ON p.event = e.number "
    "WHERE e.kind IN ('add', 'change', 'erase') ORDER BY e.number"
)

HOT = {
    "the next task": (
        lease.AHEAD,
        "queue_open (session_id=? AND round=? AND (rank,position,task_id)>(?,?,?))",
    ),
    "tasks that came back": (
        lease.CAME_BACK,
        "r USING PRIMARY KEY (session_id=? AND round=? AND annotator=?)",
    ),
    "who to tell that a task came back": (lease.TELL, "q USING PRIMARY KEY (task_id=? AND round=?)"),
    "the next task of a share": (
        lease.AHEAD_IN,
        "s USING PRIMARY KEY (scope_id=? AND (rank,position,task_id)>(?,?,?))",
    ),
    "the last task of a share": (lease.LAST_IN, "s USING PRIMARY KEY (scope_id=?)"),
    "how a share stands": (
        reading.SCOPE.replace("IN :scopes", "IN (:scope)"),
        "scope USING INTEGER PRIMARY KEY (rowid=?)",
    ),
    "whose share a task lies in": (lease.COUNT_IN, "s USING COVERING INDEX share_task (task_id=?)"),
    "whether a task lies in a share": (lease.PLACED, "s USING COVERING INDEX share_task (task_id=?)"),
    "what somebody may do": (
        people.STANDING,
        "p USING INDEX sqlite_autoindex_membership_1 (session_id=? AND kind=? AND subject=?)",
    ),
    "who is signed in": (admission.SIGNED_IN, "s USING INDEX sqlite_autoindex_sign_in_1 (digest=?)"),
    "what somebody who leaves holds": (people.HOLDS, "assignment_held (annotator=?)"),
    "expired leases": (lease.EXPIRED, "assignment_expiry (lease_until<?)"),
    "what somebody holds": (lease.HELD, "assignment_held (annotator=?)"),
    "who holds what": (reading.HOLDERS, "assignment_expiry (lease_until>?)"),
    "counts": (reading.TALLY, "tally USING PRIMARY KEY (session_id=? AND round=?)"),
    "pace": (reading.PACE, "annotation_annotator (session_id=? AND annotator=?)"),
    "everybody's work": (
        work.WORK.format(one=""),
        "a USING COVERING INDEX annotation_annotator (session_id=?)",
    ),
    "somebody's work": (
        work.WORK.format(one=work.ONE),
        "a USING COVERING INDEX annotation_annotator (session_id=? AND annotator=?)",
    ),
    "recent answers": (KEPT, "a USING INDEX annotation_annotator (session_id=? AND annotator=?)"),
    "answers to one task": (
        answers._query(" AND a.task_id = :task", current=True, few=True),
        "a USING INDEX",
    ),
    "one answer": (answers._query(" AND a.id = :id", current=False, few=True), "a USING INDEX"),
    "all answers": (answers._query("", current=True), "a USING INDEX annotation_session (session_id=?)"),
    "whether it was given": (reading.GIVEN, "event_task (task_id=?)"),
    "tasks in row order": (
        reading.TASK + "WHERE t.session_id = :session AND q.round = 1 ORDER BY t.number",
        "t USING INDEX",
    ),
    "source rows": (reading.ROWS, "task USING INDEX"),
    "events that speak of contents": (TOLD, "event_content"),
    "the end of the history": (care.HISTORY, "e USING INTEGER PRIMARY KEY (rowid>?)"),
}
VALUES = dict.fromkeys(
    (
        "session",
        "round",
        "annotator",
        "task",
        "rank",
        "position",
        "n",
        "tick",
        "most",
        "id",
        "after",
        "moved",
        "scope",
        "user",
        "digest",
        "now",
        "done",
        "passed",
        "since",
        "today",
    ),
    1,
)


@pytest.mark.parametrize("what", HOT)
def test_an_index_answers(what):
    sql, index = HOT[what]
    store = SqliteStore(None)
    session(store, 3)
    with store._read() as connection:
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", VALUES)]
    store.close()
    assert any(index in step for step in plan), plan
    assert [step for step in plan if step.startswith("SCAN") and "event_content" not in step] == []
    assert not any(
        "TEMP B-TREE" in step
        for step in plan
        if what in ("the next task", "the next task of a share", "all answers", "source rows")
    ), plan
