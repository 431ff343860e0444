"""Puts the notebooks into the documentation as they look when they have run, their widgets as pictures."""
# ruff: noqa: INP001

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import nbformat
import zmq
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from nbclient import NotebookClient
from traitlets.config import Config

ROOT = Path(__file__).parents[1]
RUN = ROOT / "build" / "docs"
"""Where notebooks lie that have run; laid out like the documentation."""


@event_priority(100)  # before the plugin that makes pages of notebooks
def on_files(files: Files, config: Any) -> Files:
    """Add each notebook, run in a folder of its own."""
    (RUN / "notebooks").mkdir(parents=True, exist_ok=True)
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        notebook = nbformat.read(path, nbformat.NO_CONVERT)
        with tempfile.TemporaryDirectory() as folder:
            run(notebook, folder)
        for cell in notebook.cells:
            show(cell)
        name = f"notebooks/{path.name}"
        nbformat.write(notebook, RUN / name)
        files.append(File(name, str(RUN), config.site_dir, config.use_directory_urls))
    return files


def run(notebook: nbformat.NotebookNode, folder: str) -> None:
    """Run a notebook, with paths as a reader would have them."""
    quiet = Config({"KernelManager": {"transport_encryption": "auto" if zmq.has("curve") else "disabled"}})
    NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=120,
        store_widget_state=False,
        resources={"metadata": {"path": folder}},
        config=quiet,
    ).execute()
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            for kind, text in output.get("data", {}).items():
                if isinstance(text, str):
                    output.data[kind] = text.replace(f"{folder}/", "")


def show(cell: nbformat.NotebookNode) -> None:
    """Put a picture in the place of a widget, which is nothing without its kernel."""
    name = cell.metadata.get("picture")
    if name:
        pictures = "".join(
            f'<img src="../images/{name}-{theme}.png#only-{theme}" alt="The widget, labeling">'
            for theme in ("light", "dark")
        )
        cell.outputs = [nbformat.v4.new_output("display_data", {"text/html": pictures})]
