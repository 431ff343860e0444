"""One's own answers as the page "My work" lists them: what was asked, what was said, when, and who wrote about it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from ..errors import MediaError
from ..passages import told
from ..showing import columns_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from ..records import Annotation, Comment, Json, Task
    from ..session import Session

PAGE = 50
"""Answers that a page shows at once."""

MOST = 20_000
"""Answers that a filter looks through, newest first."""

PATH = " > "
"""Between the names of a path in a taxonomy."""

EXCERPT = 160
"""Characters of a text that stand for it."""

MOST_COMMENTS = 50
"""Comments for somebody that a page shows, newest first."""

FILTERS: Mapping[str, Callable[[Annotation, Task, int], bool]] = {
    "all": lambda _answer, _task, _comments: True,
    "flagged": lambda _answer, task, _comments: task.flagged,
    "commented": lambda _answer, _task, comments: comments > 0,
    "unsure": lambda answer, _task, _comments: answer.confidence == "unsure",
    "skipped": lambda answer, _task, _comments: answer.status == "skipped",
}
"""By which answers are chosen: the answer, its task, how many comments the task has."""


def listed_answers(
    session: Session, only: str = "all", skip: int = 0, *, shown: Sequence[str] | None = None
) -> dict[str, Json]:
    """Return a page of the user's answers and skips, newest first.

    Parameters
    ----------
    session : Session
        Of the person who asks.
    only : str
        A name in `FILTERS`.
    skip : int
        How many of those chosen come before.
    shown : sequence of str, optional
        Columns that people see of a row; those that the session shows when left out.

    Returns
    -------
    dict
        `answers`, and `more`: whether there are older ones.
    """
    chosen, more = _chosen(session, only, skip)
    talk = _talk(session)
    fields = session.schema.wire(session.schema_version)["fields"]
    tasks = {task.id: task for task in session.tasks(answer.task_id for answer in chosen)}
    rows = [
        _row(answer, tasks[answer.task_id], fields, talk[answer.task_id])
        | {"item": _excerpt(session, tasks[answer.task_id], shown)}
        for answer in chosen
        if answer.task_id in tasks
    ]
    return {"answers": rows, "more": more}


def comments_for(session: Session, shown: Sequence[str] | None = None) -> list[dict[str, Json]]:
    """Return what others wrote on the user's tasks, or to them by "@id", newest first."""
    me, mine = session.user.id, {answer.task_id for answer in session.recent(MOST)}
    called = [comment for comment in _all_comments(session) if f"@{me}" in comment.text.split()]
    places = mine | {comment.task_id for comment in called if session.was_given(comment.task_id)}
    heard = [comment for comment in _comments_on(session, places) if comment.author != me]
    heard.sort(key=lambda comment: comment.created_at, reverse=True)
    latest = heard[:MOST_COMMENTS]
    tasks = {task.id: task for task in session.tasks({comment.task_id for comment in latest})}
    known = {who: session.store.member(who) for who in {comment.author for comment in latest}}
    names = {who: (member.name if member else "") or who for who, member in known.items()}
    return [
        {
            "task": comment.task_id,
            "item": _excerpt(session, tasks[comment.task_id], shown),
            "author": names[comment.author],
            "text": comment.text,
            "at": comment.created_at.isoformat(),
        }
        for comment in latest
        if comment.task_id in tasks
    ]


def thumbnails(session: Session, tasks: Sequence[int]) -> tuple[list[int], list[bytes]]:
    """Return small pictures of tasks that the user was given: which of them could be made, and those as JPEG."""
    given = [number for number in tasks if session.was_given(number)]
    made: dict[int, bytes] = {}
    for task in session.tasks(given) if session.modality == "image" else []:
        try:
            made[task.id] = session.media.thumbnail(session.item_value(task))
        except MediaError:
            continue  # what can't be read has no picture
    return list(made), list(made.values())


def summary(fields: Iterable[Mapping[str, Any]], values: Mapping[str, Json]) -> str:
    """Say an answer in one line; fields as they travel (`Schema.wire`)."""
    said = [(field, in_words(field, values.get(field["name"]))) for field in fields]
    told = [(field["title"], words) for field, words in said if words]
    if len(told) == 1:
        return told[0][1]
    return " · ".join(f"{title}: {words}" for title, words in told)


def in_words(field: Mapping[str, Any], value: Json) -> str:
    """Say one field's value for people; "" when there is none."""
    if value is None or value == "":
        return ""
    if "labels" in field or "types" in field:
        return _regions(field, value)
    words = [title_of(field, each) for each in (value if isinstance(value, list) else [value])]
    kind = field["kind"]
    if kind == "taxonomy":
        return cut(", ".join(map(PATH.join, [value] if value and isinstance(value[0], str) else value)))
    if kind == "rating":
        return f"{words[0]} of {field['max']}"
    if kind == "number" and field.get("unit"):
        return f"{words[0]} {field['unit']}"
    return cut((PATH if kind == "ranking" else ", ").join(words))


def titles_of(field: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the labels of a field as they travel, by what a value names them."""
    labels: list[Mapping[str, Any]] = next(
        (
            field[name]
            for name in ("options", "nodes", "labels", "types")
            if isinstance(field.get(name), list)
        ),
        [],
    )
    return {str(label[key]): label for label in labels for key in ("name", "id") if key in label}


def title_of(field: Mapping[str, Any], value: Json) -> str:
    """Return what people call a value."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    label = titles_of(field).get(str(value))
    return str(value) if label is None else str(label["title"])


def cut(text: str, longest: int = EXCERPT) -> str:
    """Return the beginning of a text, on one line."""
    line = " ".join(text[: 4 * longest].split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def _regions(field: Mapping[str, Any], regions: list[Json]) -> str:
    if not regions:
        return "nothing there"
    counts = Counter(title_of(field, each["label"]) if each.get("label") else "" for each in regions)
    return ", ".join(f"{n} {label}" if label else _region_word(n) for label, n in counts.most_common())


def _region_word(n: int) -> str:
    return f"{n} region" if n == 1 else f"{n} regions"


def _chosen(session: Session, only: str, skip: int) -> tuple[list[Annotation], bool]:
    """Return a page of answers, and whether more follow."""
    end = skip + PAGE
    if only == "all":
        recent = session.recent(end + 1)
        return recent[skip:end], len(recent) > end
    fits, talk = FILTERS[only], _talk(session) if only == "commented" else Counter[int]()
    recent = session.recent(MOST)
    tasks = {task.id: task for task in session.tasks(answer.task_id for answer in recent)}
    found = [a for a in recent if a.task_id in tasks and fits(a, tasks[a.task_id], talk[a.task_id])]
    return found[skip:end], len(found) > end


def _row(
    answer: Annotation, task: Task, fields: Iterable[Mapping[str, Any]], comments: int
) -> dict[str, Json]:
    skipped = answer.status == "skipped"
    return {
        "id": answer.id,
        "task": task.id,
        "says": (answer.reason or "") if skipped else summary(fields, answer.values),
        "status": answer.status,
        "unsure": answer.confidence == "unsure",
        "flagged": task.flagged,
        "comments": comments,
        "seconds": answer.times.seconds,
        "at": answer.created_at.isoformat(),
        "stale": answer.task_version < task.version,
    }


def _excerpt(session: Session, task: Task, shown: Sequence[str] | None) -> str:
    """Return what an item is known by: how a text or a dialogue begins, a file's name, what people see of a row."""
    if session.modality == "row":
        seen = columns_of(session, task, session.shown if shown is None else shown)
        return cut(", ".join(str(value) for value in list(seen.values())[:4] if value is not None))
    value = session.item_value(task)
    if session.modality == "dialogue":
        return cut(told(value))
    return cut(str(value)) if session.modality == "text" else str(value).rpartition("/")[2]


def _all_comments(session: Session) -> list[Comment]:
    """Return what this person may read of what was written."""
    return session.comments()


def _comments_on(session: Session, tasks: Collection[int]) -> list[Comment]:
    return [comment for comment in _all_comments(session) if comment.task_id in tasks]


def _talk(session: Session) -> Counter[int]:
    """Count comments by task."""
    return Counter(comment.task_id for comment in _all_comments(session))
