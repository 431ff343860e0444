"""What a page is told of a task's item: a picture and its size, a text and how it is cut, the columns it may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import LabelError, MediaError
from .passages import text_of, turns_of
from .schema import Spans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .labels import Item
    from .records import Json, Task
    from .session import Session

PREVIEW = 4_000_000
"""Bytes of a picture that travel with its task; what is larger comes as a preview and tiles."""


def columns_of(session: Session, task: Task, shown: Sequence[str]) -> dict[str, Json]:
    """Return the columns that the page may see: a text itself, those the owner named, and those that fields look at."""
    looked_at = [column for field in session.schema for column in field.sources]
    if session.modality == "row":
        return {name: task.data.get(name) for name in (*(shown or session.columns), *looked_at)}
    item = [session.item] if session.modality == "text" and session.item is not None else []
    return {name: task.data[name] for name in (*shown, *item, *looked_at) if name in task.data}


def item_of(
    session: Session, task: Task, shown: Sequence[str], buffers: list[bytes], *, thumbnail: bool = False
) -> dict[str, Json]:
    """Return the item as `MediaPush` of the wire; a picture's bytes are added to `buffers`.

    Parameters
    ----------
    shown : sequence of str
        Columns that the owner named.
    thumbnail : bool
        Whether a small picture will do.
    """
    kind = session.modality
    if kind != "image":
        return {"kind": kind} | _passages(session, task, shown)
    value = session.item_value(task)
    name = str(value).rpartition("/")[2]
    try:
        return {"kind": kind, "name": name} | _picture(session, value, buffers, thumbnail=thumbnail)
    except MediaError as broken:
        return {"kind": kind, "name": name, "broken": str(broken)}


def _passages(session: Session, task: Task, shown: Sequence[str]) -> dict[str, Json]:
    """What the page can't see of a text by itself: a dialogue's text and turns, where given tokens lie."""
    said: dict[str, Json] = {}
    if session.modality == "dialogue":
        value = session.item_value(task)
        said = {"text": text_of(value), "turns": [turn.to_json() for turn in turns_of(value)]}
    elif session.modality == "text" and session.item in shown:
        said = {"text": session.item_value(task)}
    given = [field for field in session.schema if isinstance(field, Spans) and field.tokens is not None]
    if given:
        item = session.sight(task)
        said["tokens"] = {str(field.tokens): _tokens(field, item) for field in given}
    return said


def _tokens(field: Spans, item: Item) -> list[list[int]]:
    """Where a field's tokens lie; nowhere when the row's are of another text, which only examples and old rows are."""
    try:
        return [[start, end] for start, end in field.tokens_in(item)]
    except LabelError:
        return []


def _picture(session: Session, value: Any, buffers: list[bytes], *, thumbnail: bool) -> dict[str, Json]:
    media = session.media
    if thumbnail and media.resolve(value).place != "browser":
        extent = media.extent(value)
        buffers.append(media.thumbnail(value))
        size = {"width": extent.width, "height": extent.height}
        return {"type": "image/jpeg", "buffer": len(buffers) - 1} | size
    picture = media.picture(value, limit=PREVIEW)
    said: dict[str, Json] = {"name": picture.name}
    if picture.url:
        return said | {"url": picture.url}
    buffers.append(picture.data)
    said |= {"type": picture.type, "width": picture.width, "height": picture.height}
    said |= {"buffer": len(buffers) - 1}
    if picture.tiled is not None:
        said["tiled"] = {"tile": picture.tiled.tile, "levels": picture.tiled.levels}
    return said
