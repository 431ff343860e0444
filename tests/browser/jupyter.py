"""JupyterLab and Notebook 7 as servers of their own, and notebooks in them, led like a person leads them."""

import json
import re
import uuid
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import nbformat

from tests.servers import LABELWIDGETS, environment, running

TOKEN = "sesame"

OPEN = """async (path) => {
  const app = window.jupyterapp;
  await app.started;
  await app.restored;
  const widget = await app.commands.execute("docmanager:open", { path, factory: "Notebook" });
  await widget.context.ready;
  await widget.sessionContext.ready;
}"""

OPENED = """async () => {
  const app = window.jupyterapp, widget = app.shell.currentWidget;
  await app.started;
  await widget.context.ready;
  await widget.sessionContext.ready;
}"""

RUN = """async (index) => {
  const app = window.jupyterapp, notebook = app.shell.currentWidget.content;
  notebook.deselectAll();
  notebook.activeCellIndex = index;
  await app.commands.execute("notebook:run-cell");
}"""

START = """(index) => {
  const app = window.jupyterapp, notebook = app.shell.currentWidget.content;
  notebook.deselectAll();
  notebook.activeCellIndex = index;
  app.commands.execute("notebook:run-cell");
}"""

SAVE = "async () => { await window.jupyterapp.shell.currentWidget.context.save(); }"

OUTPUT = """(index) => {
  const cell = window.jupyterapp.shell.currentWidget.content.widgets[index];
  return cell.model.outputs.toJSON().map((o) => o.text ?? o.data?.["text/plain"] ?? JSON.stringify(o)).flat().join("");
}"""

WATCH = """() => {
  window.__commands = [];
  window.jupyterapp.commands.commandExecuted.connect((_, { id }) => window.__commands.push(id));
}"""


def notebook(folder: Path, *cells: str) -> str:
    """Write a notebook of code cells and return its name."""
    made = nbformat.v4.new_notebook()
    made.cells = [nbformat.v4.new_code_cell(cell) for cell in cells]
    made.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path = folder / f"{uuid.uuid4().hex[:8]}.ipynb"
    nbformat.write(made, path)
    return path.name


@contextmanager
def jupyter(program: str, home: Path):
    """Start `jupyter lab` or `jupyter notebook` in a folder of its own; gives the server with `folder` and `url`."""
    folder = home / "work"
    folder.mkdir()
    settings = home / "settings/@jupyterlab/apputils-extension"
    settings.mkdir(parents=True)
    (settings / "notification.jupyterlab-settings").write_text(
        json.dumps({"fetchNews": "false", "checkForUpdates": False})
    )
    app = {"lab": "LabApp", "notebook": "JupyterNotebookApp"}[program]
    command = [
        *[LABELWIDGETS[0], "-m", "jupyter", program, "--no-browser", "--allow-root"],
        *["--ServerApp.ip=127.0.0.1", "--ServerApp.port=0", f"--IdentityProvider.token={TOKEN}"],
        *[f"--ServerApp.root_dir={folder}", f"--{app}.expose_app_in_browser=True"],
        *["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate", "--LabApp.news_url=None"],
    ]
    env = environment(home, PYTHONDONTWRITEBYTECODE="1")
    with running(command, cwd=folder, env=env, ready="?token=", timeout=120) as server:
        address = server.line("?token=").split()[-1]
        server.url, server.folder, server.runtime = (
            address.split("?")[0].rstrip("/"),
            folder,
            home / "runtime",
        )
        server.url = server.url.removesuffix("/lab").removesuffix("/tree")
        yield server


class Notebook:
    """A notebook open in a page.

    Parameters
    ----------
    page : playwright.sync_api.Page
    server : Server
        As `jupyter` gives it.
    name : str
        File name of the notebook.
    """

    def __init__(self, page, server, name, *, lab):
        self.page, self.server, self.name, self.lab = page, server, name, lab
        page.set_default_timeout(60_000)
        self.threaded = False
        page.on("websocket", lambda socket: socket.on("framereceived", self._heard))
        self.open()

    def open(self):
        """Load the page anew and open the notebook, as after closing the tab."""
        self.threaded = False
        if self.lab:
            workspace = uuid.uuid4().hex[:8]
            self.page.goto(f"{self.server.url}/lab/workspaces/{workspace}?reset&token={TOKEN}")
        else:
            self.page.goto(f"{self.server.url}/notebooks/{self.name}?token={TOKEN}")
        self.page.wait_for_function(
            f"window.jupyterapp{'' if self.lab else '?.shell?.currentWidget?.context'} !== undefined"
        )
        self.page.evaluate(OPEN if self.lab else OPENED, self.name)

    def _heard(self, frame):
        """Note that the kernel has answered a heartbeat on the host's thread for widgets."""
        text = frame if isinstance(frame, str) else frame.decode(errors="replace")
        self.threaded |= '"held"' in text and re.search(r'"subshell_id": ?"', text) is not None

    def settled(self):
        """Wait until the kernel hears the widget on a thread of its own, not on the one that runs cells."""
        for _ in range(600):
            if self.threaded:
                return
            self.page.wait_for_timeout(100)
        raise TimeoutError("the host made no thread for widgets")

    def run(self, cell):
        """Run a cell and wait for its end; returns what it printed."""
        self.page.evaluate(RUN, cell)
        return self.output(cell)

    def start(self, cell):
        """Run a cell without waiting."""
        self.page.evaluate(START, cell)

    def output(self, cell):
        return self.page.evaluate(OUTPUT, cell)

    def save(self):
        self.page.evaluate(SAVE)

    @property
    def cells(self):
        return self.page.evaluate("window.jupyterapp.shell.currentWidget.content.widgets.length")

    def kernels(self):
        """Ids of the server's kernels."""
        with urlopen(f"{self.server.url}/api/kernels?token={TOKEN}") as answer:
            return [kernel["id"] for kernel in json.load(answer)]
