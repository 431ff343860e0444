"""Minified size of what travels to the page."""

from __future__ import annotations

from labelwidgets.widget import STATIC

from .rows import Row

BARS = {"shim": 3, "choice": 45, "image": 90, "text": 60}

PAGES = {
    "a page of boxes (frame + image)": (("frame", "image"), 90),
    "a page of texts (frame + choice)": (("frame", "choice"), 45),
    "a page of texts with spans (frame + text)": (("frame", "text"), 60),
}
"""What a page takes before its first paint, beside the bar that was set for one whole bundle."""


def size(name: str) -> float:
    return (STATIC / f"{name}.js").stat().st_size / 1000


def rows() -> list[Row]:
    names = sorted(file.stem for file in STATIC.glob("*.js"))
    files = [Row(f"{name}.js", size(name), "KB", BARS.get(name, 90)) for name in names]
    return files + [Row(page, sum(map(size, parts)), "KB", bar) for page, (parts, bar) in PAGES.items()]
