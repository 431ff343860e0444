"""What a table of items is: which column is labeled, what the items are, and what builds the table again."""

# As in media/guard.py, no pathlib.
# ruff: noqa: PTH109, PTH112, PTH113, PTH117, PTH118, PTH120, PTH122
from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Self
from urllib.parse import urlsplit

import numpy as np
import pandas as pd

from ..errors import SourceError, did_you_mean, listed, shown
from ..media import PICTURES
from ..media.addresses import URL
from ..media.guard import LONGEST
from ..passages import is_dialogue, unpacked
from .cells import encodable
from .columns import INDEX, Encoded, encode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..records import Json, Rejected
    from ..schema import Schema

Modality = Literal["image", "text", "dialogue", "row"]
"""What is shown to the labeler: a picture, a text, the turns of a dialogue, or a row of a table."""

ROW = "*"
"""Given as `item`, says that the whole row is labeled."""

SAMPLE = 1000
"""Values that are looked at to find out what a column holds."""

IN_PICTURES = frozenset({"boxes", "polygons", "mask", "keypoints"})
"""Kinds of fields that are drawn in pictures."""

IN_TEXTS = frozenset({"spans"})
"""Kinds of fields that are marked in texts."""

OF_TURNS = frozenset({"turns"})
"""Kinds of fields that are said of the turns of dialogues."""


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A table of items, in its own order.

    Attributes
    ----------
    frame : pandas.DataFrame
        The rows, with their labels and dtypes as given.
    item : str or None
        The column that is labeled; None when the whole row is.
    key : str or None
        The column that names each item; None when the item's own content does.
    encoded : dict
        Column name to its JSON values; the levels of the row labels as `columns.INDEX`.
    columns : dict
        Column name to type, enough for `rebuild`; JSON.
    index : list of dict or None
        Name and type of each level of the row labels; None when rows are only numbered. JSON.
    roots : tuple of str
        The folder given, or the parents of the local files that the rows name.
    base : str
        Folder from which relative paths are meant: that of the table's file, else the working directory.
    rejected : tuple of Rejected
        What was left out before there were rows, such as links to folders.
    name : str
        What it was read from, for people; "" for a table in memory.
    """

    frame: pd.DataFrame
    item: str | None
    key: str | None
    encoded: Mapping[str, Encoded]
    columns: dict[str, Json]
    index: list[dict[str, Json]] | None
    roots: tuple[str, ...] = ()
    base: str = ""
    rejected: tuple[Rejected, ...] = ()
    name: str = ""

    @classmethod
    def of(
        cls,
        frame: pd.DataFrame,
        *,
        item: str | None = None,
        key: str | None = None,
        roots: Sequence[str] | None = None,
        base: str = "",
        rejected: Sequence[Rejected] = (),
        name: str = "",
    ) -> Self:
        """Make a source of a table.

        Parameters
        ----------
        frame : pandas.DataFrame
            Is copied.
        item, key : str, optional
            As for `read`.
        roots : sequence of str, optional
            When None, they are found in the data.

        Raises
        ------
        SourceError
            For columns that are missing, have no plain and unique name, or a dtype that can't be kept; when it is
            not clear which column is labeled.
        """
        _check_columns(frame)
        _check_named(frame, key, "key")
        chosen = _item(frame, item, key)
        columns = {name: encode(frame[name]) for name in frame.columns}
        levels = _levels(frame.index)
        return cls(
            frame=frame.copy(),
            item=chosen,
            key=key,
            encoded=columns | {INDEX.format(number): level for number, (_, level) in enumerate(levels)},
            columns={name: column.type for name, column in columns.items()},
            index=[{"name": name, "type": level.type} for name, level in levels] or None,
            roots=tuple(_parents(frame, chosen, base) if roots is None else roots),
            base=base,
            rejected=tuple(rejected),
            name=name,
        )


def modality(source: Source, schema: Schema | None = None) -> Modality:
    """Return what the items are: what the schema asks for, else what the values look like.

    Raises
    ------
    SourceError
        When the schema draws in pictures, marks texts or labels turns and no column is labeled, or pictures are both.
    """
    fields = () if schema is None else schema.fields
    drawn = [field.name for field in fields if field.kind in IN_PICTURES]
    marked = [field.name for field in fields if field.kind in IN_TEXTS]
    turned = [field.name for field in fields if field.kind in OF_TURNS]
    ways = {
        "image": [f"field {name!r} is drawn in pictures" for name in drawn],
        "text": [f"field {name!r} is marked in texts" for name in marked],
        "dialogue": [f"field {name!r} is said of the turns of dialogues" for name in turned],
    }
    if drawn and (marked or turned):
        other = (ways["text"] + ways["dialogue"])[0]
        raise SourceError(f"{ways['image'][0]} and {other}; an item is one of them: make a session for each")
    if (drawn or marked or turned) and source.item is None:
        column, how = next((kind, said[0]) for kind, said in ways.items() if said)
        raise SourceError(
            f"{how}: say which column names them, as in item={column!r}. Columns: {listed(source.columns)}."
        )
    if drawn or turned:
        return "image" if drawn else "dialogue"
    found = (
        "row"
        if source.item is None or source.item not in source.frame
        else kind_of(source.frame[source.item])
    )
    return "text" if marked and found != "dialogue" else found


def kind_of(values: pd.Series[Any]) -> Modality:
    """Return what the values of a column are: mostly dialogues, names of pictures, other texts, or neither."""
    there = values.dropna().head(SAMPLE).tolist()
    if there and 2 * sum(is_dialogue(_plain(value)) for value in there) >= len(there):
        return "dialogue"
    texts = [value for value in there if isinstance(value, (str, os.PathLike))]
    if not texts:
        return "row" if there else "text"
    return "image" if 2 * sum(map(is_picture, texts)) >= len(texts) else "text"


def _plain(value: object) -> object:
    """Return a list as Parquet gives it back, or written as JSON text, as a list."""
    return value.tolist() if isinstance(value, np.ndarray) else unpacked(value)


def is_picture(value: object) -> bool:
    """Whether a value is a path or URL that ends like a picture's."""
    text = os.fspath(value) if isinstance(value, os.PathLike) else value
    if not isinstance(text, str) or len(text) > LONGEST or "\n" in text:
        return False
    return suffix(urlsplit(text).path if URL.match(text) else text) in PICTURES


def suffix(path: str) -> str:
    """Return a path's extension, lower case, with its dot."""
    return os.path.splitext(path)[1].lower()


# -- which column --------------------------------------------------------------------------------------------


def _check_columns(frame: pd.DataFrame) -> None:
    if frame.columns.nlevels > 1:
        raise SourceError(
            "columns have one name each, found several levels: join them, as in df.columns = df.columns.map('_'.join)"
        )
    other = [name for name in frame.columns if not isinstance(name, str)]
    if other:
        raise SourceError(
            f"a column's name is a text, found {shown(other[0])}: rename it, as in df.columns = df.columns.astype(str)"
        )
    twice = frame.columns[frame.columns.duplicated()].unique().tolist()
    if twice:
        raise SourceError(
            f"every column has its own name, found several times {listed(twice)}: rename them or drop one"
        )
    reserved = [
        name for name in frame.columns if name.startswith(INDEX.partition("{")[0]) or not encodable(name)
    ]
    if reserved:
        raise SourceError(f"a column can't be called {shown(reserved[0])}: rename it")


def _check_named(frame: pd.DataFrame, name: str | None, role: str) -> None:
    if name is None or name in frame.columns or not len(frame.columns):
        return
    hint = did_you_mean(name, frame.columns, otherwise="Give one of these.")
    raise SourceError(
        f"there is no column {shown(name)} for {role}=; there are {listed(frame.columns)}. {hint}"
    )


def _item(frame: pd.DataFrame, item: str | None, key: str | None) -> str | None:
    """Return the column that is labeled: the one named, else the only one that can be meant."""
    if item == ROW and ROW not in frame.columns:
        return None
    if item is not None:
        _check_named(frame, item, "item")
        return item
    others = [name for name in frame.columns if name != key]
    if len(others) == 1:
        return str(others[0])
    kinds = {str(name): kind_of(frame[name]) for name in others if frame[name].notna().any()}
    for kind in ("image", "dialogue", "text"):
        found = [name for name, each in kinds.items() if each == kind]
        if len(found) == 1:
            return found[0]
        if found:
            raise SourceError(
                f"it is not clear which column is labeled, {listed(found)}: say it, as in item={found[0]!r}, "
                f"or item={ROW!r} for the whole row"
            )
    return None


def _levels(index: pd.Index[Any]) -> list[tuple[str | None, Encoded]]:
    """Return name and values of each level of the row labels, nothing when rows are only numbered from 0."""
    if isinstance(index, pd.RangeIndex) and index.start == 0 and index.step == 1 and index.name is None:
        return []
    levels = [index.get_level_values(number) for number in range(index.nlevels)]
    names = [None if level.name is None else str(level.name) for level in levels]
    encoded = [
        encode(pd.Series(level, name=name or "index")) for level, name in zip(levels, names, strict=True)
    ]
    return list(zip(names, encoded, strict=True))


# -- where the files lie -------------------------------------------------------------------------------------


def _parents(frame: pd.DataFrame, item: str | None, base: str) -> list[str]:
    """Return the folders of the local files that the rows name; those within others left out."""
    if item is None or item not in frame.columns:
        return []
    named = (os.fspath(value) for value in frame[item] if isinstance(value, (str, os.PathLike)))
    texts = [text for text in dict.fromkeys(named) if isinstance(text, str)]
    local = [text for text in texts if is_picture(text) and not URL.match(text)]
    if not local and texts and _is_file(located(texts[0], base)):
        local = texts
    if URL.match(base):
        return [base] if any(not os.path.isabs(text) for text in local) else []
    found = dict.fromkeys(os.path.dirname(os.path.normpath(located(text, base))) for text in local)
    return [folder for folder in found if os.path.isdir(folder) and not _covered(folder, found)]


def located(path: str, base: str) -> str:
    """Return where a path lies that is meant from `base`."""
    if os.path.isabs(path) or URL.match(path):
        return path
    return f"{base}/{path}" if URL.match(base) else os.path.join(base or os.getcwd(), path)


def _covered(folder: str, others: Mapping[str, None]) -> bool:
    """Whether a folder need not, or must not, be a root: it lies in another one, or is the whole disk."""
    above = os.path.dirname(folder)
    if above == folder:
        return True
    while above != os.path.dirname(above):
        if above in others:
            return True
        above = os.path.dirname(above)
    return False


def _is_file(path: str) -> bool:
    return len(path) <= LONGEST and "\0" not in path and os.path.isfile(path)
