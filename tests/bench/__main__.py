"""`make bench`: every budget beside what was measured in this run, and a plain baseline of the same run.

    python -m tests.bench            everything
    python -m tests.bench store page some of it

Figures of a busy machine are upper bounds: trust the ratios.
"""

from __future__ import annotations

import os
import sys
import time
from importlib import import_module

from .rows import Row, table

PARTS = {
    "import": "tests.bench.bench_import",
    "bundles": "tests.bench.bench_bundles",
    "page": "tests.bench.bench_page",
    "canvas": "tests.bench.canvas.bench_canvas",
    "text": "tests.bench.text.bench_text",
    "dialogue": "tests.bench.bench_dialogue",
    "patterns": "tests.bench.bench_patterns",
    "store": "tests.bench.bench_store",
    "postgres": "tests.bench.bench_postgres",
    "workspace": "tests.bench.bench_workspace",
    "gallery": "tests.bench.bench_gallery",
    "app": "tests.bench.bench_app",
    "visitors": "tests.bench.bench_visitors",
}


def main(names: list[str]) -> None:
    unknown = set(names) - PARTS.keys()
    if unknown:
        sys.exit(f"unknown: {', '.join(unknown)}; there are {', '.join(PARTS)}")
    for name in names or PARTS:
        start = time.perf_counter()
        rows = [row if isinstance(row, Row) else Row(**row) for row in import_module(PARTS[name]).rows()]
        load = os.getloadavg()[0]
        print(f"\n{name}  ({time.perf_counter() - start:.0f} s, load {load:.1f})\n{table(rows)}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
