"""One writer at a time: a lock among the threads of a process, then one on a file among processes."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from pathlib import Path
from typing import Self

from ..errors import StoreLocked

PATIENCE_S = 30.0
"""How long a writer waits for its turn before it says who does not let go."""


class WriterLock:
    """Lets one writer at a time into a store; waiting ones are woken by the system in turn.

    SQLite's own way, to sleep and try again, starves some of eight writers for seconds; this one does not.
    The lock on the file is the system's: it ends with the process that holds it, however that ends.

    Parameters
    ----------
    path : Path or None
        The file to lock, made when missing; None where only the threads of this process write.
    patience_s : float
        How long to wait.
    """

    def __init__(self, path: Path | None, patience_s: float = PATIENCE_S) -> None:
        self.path, self.patience_s = path, patience_s
        self._threads = threading.Lock()
        self._file: int | None = None

    def __enter__(self) -> Self:
        if not self._threads.acquire(timeout=self.patience_s):
            raise StoreLocked(
                f"Another thread has been writing for {self.patience_s:.0f} s; nothing of this write was kept."
            )
        try:
            if self.path is not None:
                self._lock_file(self.path)
        except BaseException:
            self._threads.release()
            raise
        return self

    def __exit__(self, *exc: object) -> None:
        try:
            if self._file is not None:
                _unlock(self._file)
        finally:
            self._threads.release()

    def close(self) -> None:
        """Close the file; the lock may be taken again."""
        with self._threads:
            self._forget()

    def forget_inherited(self) -> None:
        """In a forked child: let go of the parent's file, which would otherwise stay locked after the parent's death."""
        self._threads = threading.Lock()
        self._forget()

    def _forget(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _lock_file(self, path: Path) -> None:
        if self._file is None:
            self._file = _open(path)
        if not _try_lock(self._file):
            self._take_over(_Waiter(path).wait(self.patience_s))

    def _take_over(self, file: int) -> None:
        self._forget()
        self._file = file


class _Waiter(threading.Thread):
    """Waits for the lock where waiting has no end, so that the writer can stop waiting."""

    def __init__(self, path: Path) -> None:
        super().__init__(name="labelwidgets-writer-lock", daemon=True)
        self._path, self._file = path, _open(path)
        self._over = threading.Condition()
        self._locked = self._abandoned = False

    def wait(self, patience_s: float) -> int:
        """Return the locked file.

        Raises
        ------
        StoreLocked
            Nobody let go in time.
        """
        self.start()
        locked = False
        try:
            with self._over:
                locked = self._over.wait_for(lambda: self._locked, patience_s)
        finally:
            if not locked:
                self._abandon()
        if locked:
            return self._file
        raise StoreLocked(
            f"{_holder(self._path)} has been writing to {self._path.with_suffix('')} for {patience_s:.0f} s and does not "
            "let go; nothing of this write was kept. Continue or end that process, then try again."
        )

    def _abandon(self) -> None:
        with self._over:
            if self._locked:
                os.close(self._file)
            self._abandoned = True

    def run(self) -> None:
        _lock(self._file)
        with self._over:
            self._locked = not self._abandoned
            if self._abandoned:
                os.close(self._file)
            self._over.notify()


def _holder(path: Path) -> str:
    """Say which process holds the lock, where the system tells."""
    with contextlib.suppress(OSError):
        inode = str(path.stat().st_ino)
        for line in Path("/proc/locks").read_text().splitlines():
            words = line.split()
            if "FLOCK" in words and any(word.endswith(f":{inode}") for word in words):
                return f"Process {words[words.index('WRITE') + 1]}"
    return "Another process"


def _open(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except PermissionError:
        return os.open(path, os.O_RDONLY)  # somebody else's file; locking needs no more


if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: int) -> bool:
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _lock(file: int) -> None:
        while not _try_lock(file):
            time.sleep(0.002)

    def _unlock(file: int) -> None:
        msvcrt.locking(file, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _lock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX)

    def _unlock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)
