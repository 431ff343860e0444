"""Servers as people start them: own folders, own process, ended by its id."""

import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

LABELWIDGETS = [sys.executable, "-c", "from labelwidgets.cli import main; main()"]


def environment(home: Path, **more: str) -> dict[str, str]:
    """Everything that Jupyter and we keep goes below `home`; nothing of the machine's own settings comes in."""
    left_out = ("JUPYTER", "XDG", "IPYTHON", "VOILA", "LABELWIDGETS")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    places = {
        "HOME": home,
        "JUPYTER_CONFIG_DIR": home / "config",
        "JUPYTER_DATA_DIR": home / "data",
        "JUPYTER_RUNTIME_DIR": home / "runtime",
        "IPYTHONDIR": home / "ipython",
        "JUPYTERLAB_SETTINGS_DIR": home / "settings",
        "JUPYTERLAB_WORKSPACES_DIR": home / "workspaces",
    }
    for place in places.values():
        place.mkdir(parents=True, exist_ok=True)
    return kept | {name: str(place) for name, place in places.items()} | {"LABELWIDGETS_USER": "ann"} | more


class Server:
    """A process that says when it is ready.

    Attributes
    ----------
    process : Popen
    said : list of str
        Lines of its output.
    """

    def __init__(self, command, *, cwd, env, ready, timeout=90):
        self.said = []
        self._ready = threading.Event()
        self.process = subprocess.Popen(
            command,
            cwd=cwd,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, args=(ready,), daemon=True)
        self._reader.start()
        if not self._ready.wait(timeout) or not any(ready in line for line in self.said):
            self.end()
            raise AssertionError(f"{command} did not get ready; it said: {self.output}")

    @property
    def output(self):
        return "".join(self.said)

    def line(self, part):
        return next(line for line in self.said if part in line)

    def end(self, number=signal.SIGTERM, timeout=30):
        """Ask the process to end; returns its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            code = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        self._reader.join(timeout)
        self.process.stdout.close()
        return code

    def _read(self, ready):
        for line in self.process.stdout:
            self.said.append(line)
            if ready in line:
                self._ready.set()
        self._ready.set()


@contextmanager
def running(command, **options):
    server = Server(command, **options)
    try:
        yield server
    finally:
        server.end()


def kernels_below(pid):
    """Kernels that a process has started; those that have just ended are none."""
    found = []
    for child in psutil.Process(pid).children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # a zombie is one, too
            if "ipykernel_launcher" in child.cmdline():
                found.append(child)
    return found
