"""Regular expressions run by a process of their own, so that one that never ends ends there and not here."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import weakref
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from ..errors import LabelError, shown

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator, Sequence

SECONDS = 5.0
"""Time that all expressions together may take for one text."""

PATIENCE = 3
"""Texts on which expressions may run out of time before no more is tried."""

MOST_MATCHES = 100_000
"""Matches in one text."""


class Expressions:
    """Compiled regular expressions to be found in texts, within a time.

    Parameters
    ----------
    given : sequence of (re.Pattern, int)
        Expressions and the number that each stands for. Of one with a group named `span` that group is what it finds.
    seconds : float
        Time for one text.
    """

    def __init__(self, given: Sequence[tuple[re.Pattern[str], int]], *, seconds: float = SECONDS) -> None:
        self._given, self._seconds = list(given), seconds
        self._late = 0
        self._process: subprocess.Popen[str] | None = None
        self._end: Callable[[], object] = lambda: None
        self._lock = threading.Lock()

    def find(self, text: str) -> list[tuple[int, int, int]]:
        """Return what is found in a text: start, end, and the number of the expression.

        Raises
        ------
        LabelError
            They took longer than the time, or found more than can be meant.
        """
        if not self._given:
            return []
        with self._lock:
            if self._late >= PATIENCE:
                raise LabelError(
                    f"{self._named()} ran out of time on {PATIENCE} texts; no more is tried. {REMEDY}"
                )
            found = self._asked(text)
        if len(found) > MOST_MATCHES:
            raise LabelError(f"{self._named()} found more than {MOST_MATCHES:,} matches in one text.")
        return [(start, end, self._given[number][1]) for start, end, number in found]

    def _asked(self, text: str) -> list[list[int]]:
        process = self._process if self._process and self._process.poll() is None else self._started()
        try:
            with self._clock(process):
                _send(process.stdin, text)
                answer = _stream(process.stdout).readline()
        except OSError:
            answer = ""
        except BaseException:  # an answer that is still to come would be taken for the next text's
            self._end()
            raise
        if not answer:
            self._end()
            self._late += 1
            raise LabelError(f"{self._named()} took longer than {self._seconds:g} s on this text. {REMEDY}")
        found: list[list[int]] = json.loads(answer)
        return found

    @contextmanager
    def _clock(self, process: subprocess.Popen[str]) -> Iterator[None]:
        """End the process when its time is over, where it can't do so itself."""
        if hasattr(signal, "setitimer"):
            yield
            return
        clock = threading.Timer(self._seconds, process.kill)
        clock.start()
        try:
            yield
        finally:
            clock.cancel()

    def _started(self) -> subprocess.Popen[str]:
        """Start the process that looks; it knows nothing of this package and reads no file but its own."""
        command = [sys.executable, "-I", "-S", str(LOOKING), str(MOST_MATCHES), str(self._seconds)]
        self._process = subprocess.Popen(  # noqa: S603 - this interpreter, our own file, two numbers
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="ascii"
        )
        self._end = weakref.finalize(self, _ended, self._process)
        _send(self._process.stdin, [[pattern.pattern, int(pattern.flags)] for pattern, _ in self._given])
        return self._process

    def _named(self) -> str:
        first = shown(self._given[0][0].pattern)
        return (
            f"the regular expression {first}"
            if len(self._given) == 1
            else f"the {len(self._given)} regular expressions"
        )


LOOKING = Path(__file__).with_name("looking.py")
"""What the process runs."""

REMEDY = (
    "It tries too many ways to fit: part its repeats by what they can't hold, or write them possessive (a++)."
)


def _ended(process: subprocess.Popen[str]) -> None:
    process.kill()
    with process:  # closes its ends and waits
        pass


def _send(stream: IO[str] | None, what: Any) -> None:
    out = _stream(stream)
    out.write(json.dumps(what) + "\n")
    out.flush()


def _stream(stream: IO[str] | None) -> IO[str]:
    if stream is None:
        raise OSError("the process has no such end")
    return stream
