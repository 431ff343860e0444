"""The log of a served app: a line of JSON per event, without words that open anything and without what people label."""

from __future__ import annotations

import json
import logging
import logging.handlers
import os
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from traceback import StackSummary

Fact = str | int | float | bool | None


class Journal:
    """Writes events, to a file or to stderr.

    Parameters
    ----------
    path : Path, optional
        A file to append to, for its owner only; it may be moved away while it is written to (logrotate).
    quiet : bool
        Write nothing.
    """

    def __init__(self, path: Path | None = None, *, quiet: bool = False) -> None:
        self._out: logging.Handler = logging.NullHandler()
        self._lock = threading.Lock()
        if path is not None:
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
            self._out = logging.handlers.WatchedFileHandler(path, encoding="utf-8")
        elif not quiet:
            self._out = logging.StreamHandler(sys.stderr)

    def say(self, event: str, **facts: Fact) -> None:
        """Write one event; facts that are None are left out."""
        line = {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": event}
        told = line | {name: fact for name, fact in facts.items() if fact is not None}
        text = json.dumps(told, ensure_ascii=False)
        with self._lock:
            self._out.emit(logging.makeLogRecord({"msg": "%s", "args": (text,)}))

    def close(self) -> None:
        """Close the file."""
        self._out.close()


class Errors(logging.Handler):
    """Turns what libraries log as errors into events that say where and of what kind, not with which values."""

    def __init__(self, journal: Journal) -> None:
        super().__init__(logging.ERROR)
        self._journal = journal

    def emit(self, record: logging.LogRecord) -> None:
        """Write one; its message stays out, since it may quote an address, a header or a label."""
        kind = record.exc_info[0] if record.exc_info else None
        self._journal.say(
            "error",
            source=record.name,
            where=f"{record.module}:{record.lineno}",
            kind=kind.__name__ if kind else None,
            raised=_raised(record),
        )


def _raised(record: logging.LogRecord) -> str | None:
    """Where an exception comes from: file and line of the innermost frames."""
    import traceback

    if not record.exc_info or record.exc_info[2] is None:
        return None
    frames: StackSummary = traceback.extract_tb(record.exc_info[2])
    return " < ".join(f"{Path(each.filename).name}:{each.lineno}" for each in reversed(frames[-3:]))


def listen(journal: Journal, *names: str) -> None:
    """Hear the errors of these loggers, and let them write nowhere else."""
    for name in names:
        logger = logging.getLogger(name)
        logger.handlers[:] = [Errors(journal)]
        logger.propagate = False
