"""Anything that holds items to a source: tables in memory or in files, folders, globs, lists."""

# As in media/guard.py, no pathlib.
# ruff: noqa: PTH100, PTH109, PTH110, PTH111, PTH112, PTH113, PTH119, PTH120, PTH208
from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..errors import SourceError, did_you_mean, listed, shown
from ..media import PICTURES
from ..media.addresses import URL, named
from ..records import Rejected
from . import listing
from .cells import LONGEST
from .items import Source, suffix
from .tables import READERS, from_rows, parse, table_of

if TYPE_CHECKING:
    from .listing import Listing

PACKED = frozenset({".bz2", ".gz", ".xz", ".zip", ".zst"})
"""Extensions of compressed tables."""

TEXTS = frozenset({".txt"})
"""Extensions of files that are one text each."""


def read(data: Any, *, item: str | None = None, key: str | None = None) -> Source:
    """Read items from wherever they are.

    Parameters
    ----------
    data : DataFrame, Series, path, glob, URL, or iterable
        A table (anything with `to_pandas` too, or a dict of columns); a CSV, TSV, JSON, JSONL or Parquet file, also
        compressed; a folder of pictures or of .txt files, which gives the columns path, name and folder (and text);
        a glob such as "photos/**/*.jpg" or "parts/*.csv"; any of these as a URL that fsspec opens; dicts, one a row;
        or texts or paths alone. Relative paths in a file are meant from its folder.
    item : str, optional
        The column that is labeled, "*" for the whole row. Found by itself when only one can be meant.
    key : str, optional
        The column that names each item.

    Returns
    -------
    Source
        With the rows in the given order.

    Raises
    ------
    SourceError
        When there is no such file or column, when it is not clear what is labeled, or when the data can't be read.
    """
    if isinstance(data, (str, os.PathLike)):
        return _from_place(os.fspath(data), item, key)
    if isinstance(data, pd.Series):
        return Source.of(
            data.to_frame(data.name if data.name is not None else item or "item"), item=item, key=key
        )
    if not isinstance(data, pd.DataFrame) and hasattr(data, "to_pandas"):
        data = data.to_pandas()
    if isinstance(data, pd.DataFrame):
        return Source.of(data, item=item, key=key)
    return Source.of(_from_memory(data, item), item=item, key=key)


def _from_memory(data: Any, item: str | None) -> pd.DataFrame:
    if isinstance(data, Mapping):
        try:
            return table_of(dict(data))
        except ValueError as error:
            raise SourceError(f"a dict of columns needs lists of equal length: {error}") from None
    if not isinstance(data, Iterable) or isinstance(data, (bytes, bytearray, memoryview)):
        raise SourceError(
            f"items come from a DataFrame, a path, a glob, a URL, or an iterable of dicts, found {shown(data)}"
        )
    return from_rows(list(data), "the list of items", item)


def _from_place(place: str, item: str | None, key: str | None) -> Source:
    if not place.strip() or "\0" in place:
        raise SourceError(f"expected a path, glob or URL, found {named(place)}")
    url = URL.match(place) is not None
    if url and place.lower().startswith(("file:", "local:")):
        raise SourceError(f"{named(place)}: give the path itself, without file://")
    place = place if url else os.path.expanduser(place)
    kind = _table_kind(place)
    if kind and (url or os.path.isfile(place)) and not (url and glob.has_magic(place)):
        return _table(place, kind, item, key)
    if not url and os.path.isdir(place):
        return _from_files(listing.folder(os.path.abspath(place)), place, item, key)
    if glob.has_magic(place) and not os.path.exists(place):
        return _from_glob(listing.matching(place), place, item, key)
    if url or os.path.isfile(place):
        return _from_files(_single(place), place, item, key)
    raise SourceError(f"there is no file or folder {named(place)}. {_nearest(place)}".rstrip())


def _single(place: str) -> Listing:
    """Return the listing of one file, or of the folder behind a URL."""
    if suffix(place) not in PICTURES | TEXTS:
        if URL.match(place):
            return listing.folder(place)
        raise SourceError(
            f"{named(place)} has an unknown extension; tables are {listed(READERS)}, pictures {listed(sorted(PICTURES), 9)}, texts .txt"
        )
    path = place if URL.match(place) else os.path.abspath(place)
    return listing.Listing(path.rpartition("/")[0] if URL.match(place) else os.path.dirname(path), (path,))


def _from_glob(found: Listing, place: str, item: str | None, key: str | None) -> Source:
    kinds = {_table_kind(path) for path in found.paths}
    if "" in kinds:
        return _from_files(found, place, item, key, all_wanted=True)
    parts = [_table_frame(path, str(_table_kind(path)), item, key) for path in found.paths]
    frame = pd.concat(parts, ignore_index=True)
    return Source.of(frame, item=item, key=key, base=found.root, name=place)


def _from_files(
    found: Listing, place: str, item: str | None, key: str | None, *, all_wanted: bool = False
) -> Source:
    """Make a source of pictures; where there are none, of texts."""
    rejected = list(found.rejected)
    pictures, texts = found.of(PICTURES), found.of(TEXTS)
    if not pictures and not texts:
        raise SourceError(
            f"{named(place)} holds no pictures ({listed(sorted(PICTURES), 9)}) and no texts (.txt)"
        )
    if all_wanted:
        wanted = {*(pictures or texts)}
        rejected += [
            Rejected(path, "it is neither a picture nor like the others")
            for path in found.paths
            if path not in wanted
        ]
    frame = pd.DataFrame(found.table(pictures) if pictures else _texts(found, texts, rejected))
    chosen = item or ("path" if pictures else "text")
    return Source.of(
        frame, item=chosen, key=key, roots=(found.root,), base=found.root, rejected=rejected, name=place
    )


def _texts(found: Listing, paths: tuple[str, ...], rejected: list[Rejected]) -> dict[str, list[str]]:
    """Return the columns of text files, each with its text; those that can't be read are rejected."""
    contents: dict[str, str] = {}
    for path in paths:
        try:
            contents[path] = _bytes(path, packed=False, most=4 * LONGEST).decode("utf-8-sig")
        except UnicodeDecodeError:
            rejected.append(Rejected(path, "it is not in UTF-8: save it as UTF-8"))
        except SourceError as reason:
            rejected.append(Rejected(path, str(reason)))
    return found.table(contents) | {"text": list(contents.values())}


def _table(place: str, kind: str, item: str | None, key: str | None) -> Source:
    base = place.rpartition("/")[0] if URL.match(place) else os.path.dirname(os.path.abspath(place))
    return Source.of(_table_frame(place, kind, item, key), item=item, key=key, base=base, name=place)


def _table_frame(place: str, kind: str, item: str | None, key: str | None) -> pd.DataFrame:
    data = _bytes(place, packed=suffix(place) in PACKED)
    return parse(data, kind, named(place), item=item, key=key)


def _table_kind(place: str) -> str:
    """Return the extension of a table, "" for anything else."""
    bare = place[: -len(suffix(place))] if suffix(place) in PACKED else place
    return suffix(bare) if suffix(bare) in READERS else ""


def _bytes(place: str, *, packed: bool, most: int | None = None) -> bytes:
    try:
        with _opened(place, packed=packed) as file:
            data = bytes(file.read() if most is None else file.read(most + 1))
    except Exception as error:
        raise SourceError(f"{named(place)} can't be read: {str(error) or type(error).__name__}") from error
    if most is not None and len(data) > most:
        raise SourceError(f"it is larger than {most:,} bytes")
    return data


def _opened(place: str, *, packed: bool) -> Any:
    if not packed and not URL.match(place):
        return open(place, "rb")  # noqa: PTH123 - as above; closed by the caller
    import fsspec

    return fsspec.open(place, "rb", compression="infer" if packed else None)


def _nearest(place: str) -> str:
    """Suggest a file or folder of a similar name."""
    above = os.path.dirname(os.path.abspath(place))
    names = os.listdir(above) if os.path.isdir(above) else []
    return did_you_mean(
        os.path.basename(place), names, otherwise=f"Paths are meant from {named(os.getcwd())}."
    )
