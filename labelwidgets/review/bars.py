"""The gallery's controls: filters above the sheet, pages below it, and the head of an open item."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets

from .answers import NOTHING, STATUSES, Filter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..schema import Schema
    from .answers import Answers

LONGEST = 40
"""Characters of an option in a list."""

NO_LABEL = "no label"
"""Stands for `NOTHING` where people read."""

_ROW = {"align_items": "center", "flex_flow": "row wrap", "grid_gap": "4px 12px"}
_ANY = {"field": "All fields", "label": "All labels", "annotator": "Everybody", "status": "Any status"}


class FilterBar(ipywidgets.HBox):
    """Four lists to choose what is shown, how much that is, and a button to look again.

    Parameters
    ----------
    picked : callable
        Called with the filter that somebody chose.
    refresh : callable
        Called when somebody wants to look again.
    """

    def __init__(self, picked: Callable[[Filter], None], refresh: Callable[[], None]) -> None:
        self._picked = picked
        self._settling = False
        self._lists = {name: _list(name) for name in _ANY}
        self._count = ipywidgets.HTML()
        again = _button("Refresh", "refresh", "Read the answers again", refresh)
        for each in self._lists.values():
            each.observe(self._choose, "value")
        self._count.layout.flex = "1 1 auto"
        super().__init__([*self._lists.values(), self._count, again], layout=_ROW | {"margin": "0 0 4px"})

    def show(self, chosen: Filter, answers: Answers, shown: int) -> None:
        """Offer what there is, with how often, and mark what is chosen."""
        schema, labels = answers.schema, answers.labels(chosen.field)
        offers = {
            "field": [(each.title or each.name, each.name) for each in schema],
            "label": _counted(labels, _titles(schema, chosen.field, labels)),
            "annotator": _counted(answers.annotators()),
            "status": [(status, status) for status in STATUSES],
        }
        self._settling = True
        try:
            for name, offered in offers.items():
                _offer(self._lists[name], _ANY[name], offered, getattr(chosen, name))
        finally:
            self._settling = False
        total = len(answers.table)
        words = f"{total:,} answers" if shown == total else f"{shown:,} of {total:,} answers"
        self._count.value = f"<span>{words}</span>" if total != 1 else "<span>1 answer</span>"

    def _choose(self, change: dict[str, Any]) -> None:
        if self._settling:
            return
        chosen = {name: next(iter(each.value), None) for name, each in self._lists.items()}
        if change["owner"] is self._lists["field"]:
            chosen["label"] = None  # labels are a field's own
        self._picked(Filter(**chosen))


class Pager(ipywidgets.HBox):
    """Steps through the pages of a sheet; not there when one page holds everything.

    Parameters
    ----------
    turn : callable
        Called with the number of pages to go on, -1 or 1.
    """

    def __init__(self, turn: Callable[[int], None]) -> None:
        self._back = _button("← Previous", "", "Previous page", lambda: turn(-1))
        self._on = _button("Next →", "", "Next page", lambda: turn(1))
        self._words = ipywidgets.HTML()
        super().__init__([self._back, self._words, self._on], layout=_ROW | {"justify_content": "center"})

    def show(self, page: int, pages: int, first: int, last: int, total: int) -> None:
        """Say which page is shown (from 0), and which answers of all it holds (from 1)."""
        self.layout.display = "flex" if pages > 1 else "none"
        self._back.disabled, self._on.disabled = page == 0, page >= pages - 1
        self._words.value = f"<span>{first:,}–{last:,} of {total:,}</span>"  # noqa: RUF001 - a range


class ItemHead(ipywidgets.HBox):
    """Says which item is open and whose answer it is; goes to its neighbours; puts it away.

    Parameters
    ----------
    step : callable
        Called with the number of tiles to go on, -1 or 1.
    close : callable
        Called when the item is to be put away.
    """

    def __init__(self, step: Callable[[int], None], close: Callable[[], None]) -> None:
        self._words = ipywidgets.HTML()
        self._words.layout.flex = "1 1 240px"
        self._back = _button("← Previous", "", "Open the answer before", lambda: step(-1))
        self._on = _button("Next →", "", "Open the answer after", lambda: step(1))
        away = _button("Close", "times", "Put the item away", close)
        super().__init__([self._words, self._back, self._on, away], layout=_ROW | {"margin": "8px 0 4px"})

    def show(self, name: str, annotator: str, user: str, *, first: bool, last: bool) -> None:
        """Name the item and the answer; `first` and `last` say that there is nothing before or after."""
        whose = (
            "your answer"
            if annotator == user
            else f"starts from the answer of {annotator}, which stays as it is"
        )
        self._words.value = f"<b>{escape(name)}</b> · <span>{escape(whose)}</span>"
        self._back.disabled, self._on.disabled = first, last


def _button(words: str, icon: str, tooltip: str, clicked: Callable[[], None]) -> ipywidgets.Button:
    button = ipywidgets.Button(description=words, icon=icon, tooltip=tooltip, layout={"width": "auto"})
    button.on_click(lambda _: clicked())
    return button


def _list(name: str) -> ipywidgets.Dropdown:
    style = {"description_width": "initial"}
    layout = {"width": "auto", "min_width": "120px", "max_width": "280px"}
    return ipywidgets.Dropdown(
        options=[(_ANY[name], ())], description=name.capitalize(), style=style, layout=layout
    )


def _offer(into: ipywidgets.Dropdown, every: str, offered: list[tuple[str, str]], chosen: str | None) -> None:
    """Fill a list; what is chosen stays offered even when nothing has it any more.

    The values are tuples of one, and () for everything: ipywidgets takes None for "nothing is selected".
    """
    options = [(every, ()), *((words, (value,)) for words, value in offered)]
    value = () if chosen is None else (chosen,)
    if value not in [known for _, known in options]:
        options.append((f"{_cut(chosen or NO_LABEL)} (0)", value))
    if into.options != tuple(options):
        into.options = options
    into.value = value


def _counted(counts: dict[str, int], titles: dict[str, str] | None = None) -> list[tuple[str, str]]:
    return [(f"{_cut((titles or {}).get(value, value))} ({n:,})", value) for value, n in counts.items()]


def _titles(schema: Schema, field: str | None, labels: Iterable[str]) -> dict[str, str]:
    from .tiles import Looks

    known = Looks(schema, field).titles()
    return {label: known.get(label, label) if label != NOTHING else NO_LABEL for label in labels}


def _cut(words: str) -> str:
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"
