"""What a benchmark gives: rows that stand in one table, ours beside a plain baseline of the same run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One measurement; `bar` is the figure to stay within, or a sentence about it, None where there is none."""

    name: str
    ours: float
    unit: str
    bar: float | str | None = None
    baseline: float | None = None
    against: str = ""

    @property
    def verdict(self) -> str:
        if self.bar is None or isinstance(self.bar, str):
            return ""
        higher_is_better = self.unit.endswith("/s")
        return "within" if (self.ours >= self.bar) == higher_is_better or self.ours == self.bar else "over"


def table(rows: list[Row]) -> str:
    """Rows as text columns."""
    head = ("what", "ours", "bar", "", "baseline", "baseline / ours", "")
    lines = [head]
    for row in rows:
        ratio = "" if not row.baseline or not row.ours else f"{row.baseline / row.ours:,.2f}"
        base = "" if row.baseline is None else f"{row.baseline:,.4g}"
        bar = row.bar if isinstance(row.bar, str) else "" if row.bar is None else f"{row.bar:,.4g}"
        lines.append((row.name, f"{row.ours:,.4g} {row.unit}", bar, row.verdict, base, ratio, row.against))
    widths = [max(len(line[n]) for line in lines) for n in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
