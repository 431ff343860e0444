"""A session's tables as files: CSV, Parquet or lines of JSON, whole or not at all."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import LabelwidgetsError, listed

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from .session import Session

TABLES: dict[str, Callable[[Session], pd.DataFrame]] = {
    "frame": lambda session: session.frame(),
    "annotations": lambda session: session.annotations(),
    "regions": lambda session: session.regions(),
}
"""What can be exported, by name."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written.

    Attributes
    ----------
    path : Path
        Where.
    table : str
        Which table.
    rows, columns : int
        How much.
    """

    path: Path
    table: str
    rows: int
    columns: int


def export(session: Session, path: str | os.PathLike[str], *, table: str = "frame") -> Exported:
    """Write one of a session's tables to a file, and an event about it to the history.

    Parameters
    ----------
    session : Session
        Whose user may export.
    path : path
        Ends in .csv, .parquet or .jsonl; replaced when it is there.
    table : {"frame", "annotations", "regions"}
        The source's rows with their labels, the answers, or one row per region.

    Raises
    ------
    LabelwidgetsError
        For another suffix or table, or a folder that is not there.
    """
    session.require("export")
    target = Path(path)
    write = _writer(target)
    if table not in TABLES:
        raise LabelwidgetsError(f"There is no table {table!r} to export, only {listed(TABLES)}.")
    if not target.absolute().parent.is_dir():
        raise LabelwidgetsError(
            f"The folder {target.absolute().parent} is not there: make it, or export to another one."
        )
    said = _with_labels_of_rows(TABLES[table](session))
    _replace(target, lambda partial: write(said, partial, session))
    _record(session, target, table, len(said))
    return Exported(target, table, len(said), len(said.columns))


def _csv(said: pd.DataFrame, path: Path, _session: Session) -> None:
    said.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")


def _parquet(said: pd.DataFrame, path: Path, _session: Session) -> None:
    try:
        import pyarrow as pa  # noqa: F401 - pandas' own message does not say which of our extras brings it
    except ImportError as error:
        raise LabelwidgetsError(
            "Parquet needs pyarrow: run `pip install 'labelwidgets[tables]'`, or export to .csv or .jsonl."
        ) from error
    said.to_parquet(path, index=False)


def _jsonl(said: pd.DataFrame, path: Path, session: Session) -> None:
    rows = json.loads(said.to_json(orient="records", date_format="iso", date_unit="us", double_precision=15))
    nested = [field.name for field in session.schema if field.in_json]
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            file.write(json.dumps(_unfolded(row, nested), ensure_ascii=False) + "\n")


WRITERS: dict[str, Callable[[pd.DataFrame, Path, Session], None]] = {
    ".csv": _csv,
    ".parquet": _parquet,
    ".jsonl": _jsonl,
}


def _writer(path: Path) -> Callable[[pd.DataFrame, Path, Session], None]:
    if path.suffix.lower() not in WRITERS:
        raise LabelwidgetsError(
            f"The file's name says how it is written: expected one that ends in {listed(WRITERS)}, found {path.name!r}."
        )
    return WRITERS[path.suffix.lower()]


def _with_labels_of_rows(said: pd.DataFrame) -> pd.DataFrame:
    """Make the row labels a column where they say something: a plain numbering does not."""
    import pandas as pd

    plain = isinstance(said.index, pd.RangeIndex) and said.index.name is None
    return said if plain else said.reset_index()


def _unfolded(row: dict[str, Any], nested: list[str]) -> dict[str, Any]:
    """Give lists and regions as JSON values, which tables hold as text."""
    for name in nested:
        if isinstance(row.get(name), str):
            row[name] = json.loads(row[name])
    return row


def _replace(target: Path, write: Callable[[Path], None]) -> None:
    """Write beside the target and rename: whoever reads it finds the old file or the new one."""
    partial = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        write(partial)
        partial.replace(target)
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def _record(session: Session, target: Path, table: str, rows: int) -> None:
    if session.store.read_only:
        return
    row = session.store.session(session.name)
    assert row is not None
    told = {"table": table, "format": target.suffix.lower()[1:], "rows": rows, "name": target.name}
    session.store.record(row.id, "export", told, actor=session.user.id)
