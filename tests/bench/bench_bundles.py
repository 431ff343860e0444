"""Minified size of what travels to the page."""

from __future__ import annotations

from labelwidgets.widget import STATIC

from .rows import Row

BARS = {"shim": 3, "choice": 45, "image": 90}


def rows() -> list[Row]:
    files = sorted(STATIC.glob("*.js"))
    return [Row(f"{f.stem}.js", f.stat().st_size / 1000, "KB", BARS.get(f.stem, 90)) for f in files]
