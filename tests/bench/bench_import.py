"""CPU seconds of importing what a notebook needs, beside `import pandas, anywidget`."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys

from .rows import Row

OURS = "import labelwidgets as lw; lw.Session, lw.Schema, lw.Boxes, lw.BoundingBoxWidget"
HEADLESS = "import labelwidgets as lw; lw.Session, lw.Schema, lw.Choice"
PEERS = "import pandas, anywidget"


def cpu(code: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def rows(runs: int = 5) -> list[Row]:
    ours, headless, peers = ([cpu(code) for _ in range(runs)] for code in (OURS, HEADLESS, PEERS))
    ratio = statistics.median(a / b for a, b in zip(ours, peers, strict=True))
    base = statistics.median(peers)
    return [
        Row("import Session, BoundingBoxWidget", statistics.median(ours), "CPU s", None, base, PEERS),
        Row("  as a multiple of the baseline", ratio, "x", 1.6),
        Row("import Session (headless)", statistics.median(headless), "CPU s", None, base, PEERS),
    ]
