"""The notebooks run from top to bottom, offline, in an empty folder, and are kept without outputs."""

from pathlib import Path

import nbformat
import pytest
import zmq
from nbclient import NotebookClient
from traitlets.config import Config

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))

WIDEST = 92
"""Characters of a line of code that the documentation shows whole."""

OFFLINE = """
import ipaddress, socket
_connect = socket.socket.connect
def _guarded(self, address):
    if self.family in (socket.AF_INET, socket.AF_INET6) and not ipaddress.ip_address(address[0]).is_loopback:
        raise ConnectionRefusedError(f"a notebook reaches no network: {address}")
    return _connect(self, address)
socket.socket.connect = _guarded
"""


@pytest.fixture(params=NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def path(request):
    return request.param


def read(path):
    return nbformat.read(path, nbformat.NO_CONVERT)


def outputs(notebook, kind):
    return [
        each for cell in notebook.cells for each in cell.get("outputs", ()) if each["output_type"] == kind
    ]


@pytest.fixture
def run(path, tmp_path, monkeypatch):
    """A notebook after it has run, with nothing of the machine's own settings."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("LABELWIDGETS_USER", "ann")
    work = tmp_path / "work"
    work.mkdir()
    notebook = read(path)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(OFFLINE))
    NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=120,
        store_widget_state=False,
        resources={"metadata": {"path": str(work)}},
        config=Config(
            {"KernelManager": {"transport_encryption": "auto" if zmq.has("curve") else "disabled"}}
        ),
    ).execute()
    notebook.folder = work
    return notebook


def test_it_runs_and_shows_tables_and_widgets(run):
    shown = [output.data for output in outputs(run, "execute_result") + outputs(run, "display_data")]
    assert outputs(run, "error") == []
    assert sum("<table" in data.get("text/html", "") for data in shown) >= 3
    assert sum("application/vnd.jupyter.widget-view+json" in data for data in shown) >= 2
    assert "widgets" not in run.metadata
    warned = [each.text for each in outputs(run, "stream") if each.name == "stderr"]
    assert warned == []


def test_it_is_kept_without_outputs(path):
    notebook = read(path)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
    assert "widgets" not in notebook.metadata


def test_it_is_short_and_says_what_it_does(path):
    cells = read(path).cells
    assert cells[0].cell_type == "markdown"
    assert cells[0].source.startswith("# ")
    assert len(cells) <= 30
    lines = [line for cell in cells if cell.cell_type == "code" for line in cell.source.splitlines()]
    assert max(map(len, lines)) <= WIDEST
