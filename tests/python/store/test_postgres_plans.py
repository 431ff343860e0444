"""What is asked while people label is answered by an index of the server, whatever the store holds."""

import pytest
from sqlalchemy import text

from labelwidgets.store import answers, lease, open_store, reading
from labelwidgets.store.postgres import sealing
from labelwidgets.store.postgres import store as module
from tests import postgres

from .builders import session
from .test_faults import label

HOT = {
    "the next task": (lease.AHEAD, "queue_open"),
    "tasks that came back": (lease.CAME_BACK, "returned_pk"),
    "who to tell that a task came back": (lease.TELL, "queue_pk"),
    "expired leases": (lease.EXPIRED, "Index"),
    "what somebody holds": (lease.HELD, "Index"),
    "whether anything is left": (module.LEFT + module.ONE, "queue_open"),
    "recent answers": (
        f"{answers.FROM} a.session_id = :session AND a.annotator = :annotator{answers.CURRENT} ORDER BY a.event DESC LIMIT :n",
        "Index",
    ),
    "whether it was given": (reading.GIVEN, "event_task"),
    "the revision": (module.REVISION, "Index"),
    "where the seals end": (sealing.HEAD, "Backward using event_pk"),
    "what is to be sealed": (sealing.UNSEALED, "event_pk"),
}
VALUES = dict.fromkeys(
    ("session", "round", "task", "rank", "position", "n", "tick", "most", "after", "upto"), 1
) | {"annotator": "ann"}


@pytest.fixture(scope="module")
def store():
    with postgres.place() as url:
        store = open_store(url)
        s = session(store, 3_000)
        for who in ("ann", "ben", "cem", "dan"):
            label(store, s, 40, who)
        postgres.run(url, "ANALYZE")
        yield store
        store.close()


@pytest.mark.parametrize("what", HOT)
def test_an_index_answers(store, what):
    sql, index = HOT[what]
    with store._read() as connection:
        connection.execute(text("SET LOCAL enable_seqscan = off"))  # as if the tables were large
        plan = [row[0] for row in connection.execute(text(f"EXPLAIN {sql}"), VALUES)]
    assert any(index in step for step in plan), plan
    assert not any("Seq Scan" in step for step in plan), plan
    assert not any("Sort" in step for step in plan if what == "the next task"), plan
