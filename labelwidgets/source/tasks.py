"""Rows of a source to tasks: keys, digests, stored paths, and the reasons why a row is not taken."""

from __future__ import annotations

import json
import os
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Protocol

from ..errors import MediaError, shown
from ..media.addresses import URL
from ..passages import fault_of, text_of, unpacked
from ..records import NewTask, Rejected
from .cells import LONGEST
from .items import located
from .items import modality as found_modality

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ..records import Json
    from .items import Modality, Source

LONGEST_KEY = 500
"""Characters of a key; it is indexed by the store."""


class Placing(Protocol):
    """Gives a row its place, as `sampling.Order` does."""

    def position(self, number: int, key: str, data: Mapping[str, Any]) -> float:
        """Return the place of a row; smaller comes first."""


class Relative(Protocol):
    """Gives a path or URL its stored form, as `media.MediaLibrary` does."""

    def relative(self, value: object) -> str:
        """Return the stored form; MediaError when it may not be looked at or is not there."""


class _Unfit(ValueError):  # noqa: N818 - caught where the row is known
    """Why a row is not taken."""


def to_tasks(
    source: Source,
    *,
    modality: Modality | None = None,
    order: Placing | None = None,
    media: Relative | None = None,
    start: int = 0,
    fault: Callable[[Mapping[str, Json]], str] | None = None,
) -> tuple[list[NewTask], list[Rejected], list[str | None]]:
    """Make tasks of a source's rows.

    The key is the value of the source's key column as text, else the SHA-256 of the item: of the text, of the path
    or URL as stored, or of all columns where the row is the item. A row is rejected, with a reason, when it has no
    item or key, its file is not there or lies outside the media roots, a cell can't be stored (see `cells.cell`), or its
    key stands for another item in the same table.

    Parameters
    ----------
    source : Source
        What `read` returned.
    modality : {"image", "text", "row"}, optional
        What the items are; found from the values when left out.
    order : optional
        Gives each row its position; its row number when left out.
    media : MediaLibrary, optional
        Gives paths of pictures their stored form; they stay as they are when left out.
    start : int
        Row number of the first row.
    fault : callable
        Why a row's data can't be labeled with the session's schema, "" when it can.

    Returns
    -------
    tasks : list of NewTask
        One for each row taken, in order; duplicate rows are tasks of the same key.
    rejected : list of Rejected
        What was not taken, by row label, with what the reading left out at the beginning.
    keys : list of str or None
        The key of each row of `source.frame`, None for those rejected.
    """
    kind = modality or found_modality(source)
    tasks: list[NewTask] = []
    keys: list[str | None] = []
    rejected = list(source.rejected)
    items: dict[str, str] = {}
    labels = source.frame.index.tolist()  # Python's numbers, not numpy's
    for number, (data, unfit) in enumerate(_rows(source)):
        try:
            key, digest = _identified(source, kind, data, unfit, media)
            _check_key(key, digest, items)
            _check_fault("" if fault is None else fault(data))
        except _Unfit as reason:
            rejected.append(Rejected(labels[number], str(reason)))
            keys.append(None)
            continue
        place = float(start + number) if order is None else order.position(start + number, key, data)
        tasks.append(NewTask(key, digest, data, place))
        keys.append(key)
    return tasks, rejected, keys


def _rows(source: Source) -> Iterator[tuple[dict[str, Json], str]]:
    """Each row's data, and why one of its cells can't be stored or ""."""
    names = list(source.encoded)
    unfit: dict[int, str] = {}
    for name, column in source.encoded.items():
        said = f"column {name!r}" if name in source.columns else "the row's label"
        unfit |= {
            number: f"{said} {reason}" for number, reason in column.unfit.items() if number not in unfit
        }
    columns = [source.encoded[name].values for name in names]
    rows = zip(*columns, strict=True) if columns else (() for _ in range(len(source.frame)))
    for number, row in enumerate(rows):
        yield dict(zip(names, row, strict=True)), unfit.get(number, "")


def _identified(
    source: Source, kind: Modality, data: dict[str, Json], unfit: str, media: Relative | None
) -> tuple[str, str]:
    """Return key and item digest of a row; puts the stored form of its path into `data`."""
    if unfit:
        raise _Unfit(unfit)
    if kind == "row":
        digest = _digest_of_row(data, source)
    elif kind == "dialogue":
        digest = _digest_of(_dialogue(source, data))
    else:
        item = _item(source, data)
        if kind == "image" and media is not None:
            item = data[str(source.item)] = _stored(item, source.base, media)
        digest = sha256(item.encode()).hexdigest()
    return (digest if source.key is None else _key(source.key, data[source.key])), digest


def _item(source: Source, data: Mapping[str, Json]) -> str:
    item = data.get(str(source.item))
    if item is None or (isinstance(item, str) and not item.strip()):
        raise _Unfit(f"column {source.item!r} is empty: there is nothing to label")
    if not isinstance(item, str):
        raise _Unfit(
            f"column {source.item!r} holds {shown(item)} where a text or path is expected; convert it, as in astype(str)"
        )
    return item


def _stored(item: str, base: str, media: Relative) -> str:
    """Return the stored form of a path: as meant from the table's folder, else from a media root."""
    try:
        if not os.path.isabs(item) and not URL.match(item):  # noqa: PTH117 - as in media/guard.py
            try:
                return media.relative(located(item, base))
            except MediaError:
                return media.relative(item)
        return media.relative(item)
    except MediaError as reason:
        raise _Unfit(str(reason)) from None


def _digest_of_row(data: Mapping[str, Json], source: Source) -> str:
    columns = {name: value for name, value in data.items() if name in source.columns}
    if all(value is None for value in columns.values()):
        raise _Unfit("all columns are empty: there is nothing to label")
    return _digest_of(columns)


def _digest_of(data: Json) -> str:
    return sha256(
        json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    ).hexdigest()


def _dialogue(source: Source, data: Mapping[str, Json]) -> Json:
    value = unpacked(data.get(str(source.item)))
    if value in (None, "", []):
        raise _Unfit(f"column {source.item!r} is empty: there is nothing to label")
    if fault := fault_of(value):
        raise _Unfit(f"column {source.item!r} {fault}")
    length = len(text_of(value) or "")
    if length > LONGEST:
        raise _Unfit(
            f"column {source.item!r} holds turns of {length:,} characters; at most {LONGEST:,} are taken"
        )
    return value


def _check_fault(reason: str) -> None:
    if reason:
        raise _Unfit(reason)


def _key(name: str, value: Json) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # whole numbers become floats in a column where one is missing
    if value is None or isinstance(value, (list, dict)) or not str(value).strip():
        raise _Unfit(f"key column {name!r} holds {shown(value)}: every row needs a text or number there")
    return str(value)


def _check_key(key: str, digest: str, items: dict[str, str]) -> None:
    """Refuse keys that a store can't index, or that another item of the same table has already."""
    if len(key) > LONGEST_KEY or "\0" in key:
        raise _Unfit(f"the key {shown(key)} is too long or holds a NUL: at most {LONGEST_KEY} characters")
    if items.setdefault(key, digest) != digest:
        raise _Unfit(f"the key {shown(key)} stands for another item in an earlier row of this table")
