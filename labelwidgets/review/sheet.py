"""The people's side of a gallery in the page: captions, focus, keys and clicks, as one small widget."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets as t

from ..widget import asset

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger("labelwidgets")

WIDEST = 20_000
"""CSS pixels that a page may say it has."""

SHARPEST = 8.0
"""Device pixels per CSS pixel that a page may say its screen has."""

LONGEST_KEY = 200
"""Characters of a tile's key."""


class Sheet(anywidget.AnyWidget):
    """Tiles as the page shows them over the canvas.

    Parameters
    ----------
    measured : callable
        Called with width (CSS pixels), device pixels per CSS pixel, and whether the page has just come and so has
        nothing drawn.
    opened : callable
        Called with the key of a tile that somebody opens; the key is not known to be one.
    """

    _esm = t.Unicode().tag(sync=True)
    """The front end, small enough to be in each model."""
    _css = t.Unicode().tag(sync=True)
    """Its style sheet, likewise."""
    sheet = t.Dict().tag(sync=True)
    """What is shown; see `Sheet` in widgets/sheet.ts. Owned by the kernel."""

    def __init__(
        self, measured: Callable[[int, float, bool], None], opened: Callable[[str], None], **options: Any
    ) -> None:
        self._measured, self._opened = measured, opened
        super().__init__(_esm=asset("sheet.js"), _css=asset("sheet.css"), **options)
        self.on_msg(self._receive)

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Ignore what a page writes: every synced trait is open to any visitor, so none of them is believed."""

    def _receive(self, _widget: object, content: object, _buffers: object) -> None:
        """Hear what a page says; what is not as it should be is ignored."""
        said = content if isinstance(content, dict) else {}
        if _is_size(said):
            self._measured(said["width"], float(said["ratio"]), said["blank"])
        elif _is_open(said):
            self._opened(said["key"])
        else:
            log.debug("a gallery's page said what is nothing: %.100r", content)


def _is_size(said: dict[str, Any]) -> bool:
    width, ratio = said.get("width"), said.get("ratio")
    numbers = not isinstance(width, bool) and not isinstance(ratio, bool)
    return (
        said.get("kind") == "size"
        and numbers
        and isinstance(width, int)
        and isinstance(ratio, (int, float))
        and 1 <= width <= WIDEST
        and 0.1 <= ratio <= SHARPEST  # noqa: PLR2004 - a page zoomed out as far as it goes
        and isinstance(said.get("blank"), bool)
    )


def _is_open(said: dict[str, Any]) -> bool:
    key = said.get("key")
    return said.get("kind") == "open" and isinstance(key, str) and 0 < len(key) <= LONGEST_KEY
