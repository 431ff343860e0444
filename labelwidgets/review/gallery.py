"""A contact sheet of a session's answers, drawn from Python; a click opens an item in its widget."""

from __future__ import annotations

import threading
import weakref
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import ipywidgets

from ..choose import label as widget_for
from ..errors import LabelError, MediaError
from ..media.cache import Cache
from .answers import Answers, Filter
from .bars import FilterBar, ItemHead, Pager
from .painting import CAPTION, GAP, MARGIN, Grid, Painter, Thumbnail
from .sheet import Sheet
from .tiles import captions, name_of, tiles_of

if TYPE_CHECKING:
    import pandas as pd

    from ..records import Json, Task
    from ..session import Session
    from ..widget import LabelWidget
    from .tiles import Tile

SMALLEST, LARGEST = 32, 512
"""CSS pixels that a tile may be asked to have."""

MOST = 1000
"""Tiles on one page."""

TALL, LOW = "640px", "312px"
"""Height of the sheet by itself, and above an open item."""

STEPS = (128, 256, 512, 1024)
"""Longest sides of thumbnails: few, so that a page made wider finds them made."""

UNMEASURED = (1000, 1.0)
"""Width and device pixels per CSS pixel until a page has said its own."""

Place = tuple[int, int, str]


class Gallery(ipywidgets.VBox):
    """Answers as a contact sheet: filter them, page through them, open one to correct it.

    Parameters
    ----------
    session : Session
        Whose answers are shown; its user must be allowed to read everybody's.
    field, label, annotator, status : str, optional
        What is shown at first; see `filter`.
    columns : int, optional
        Tiles across; as many as fit when left out.
    size : int
        CSS pixels of a tile's side, 32 to 512: at least that, or with `columns` at most.
    per_page : int
        Most tiles on one page, up to 1,000.

    Raises
    ------
    RightsError
        The user may not read the answers of others.
    LabelError
        A field, label or status that the session does not have, or a number out of range.

    Examples
    --------
    >>> gallery = lw.Gallery(session)  # doctest: +SKIP
    >>> gallery.filter(label="car")  # doctest: +SKIP
    >>> len(gallery.shown)  # doctest: +SKIP
    34
    """

    def __init__(
        self,
        session: Session,
        field: str | None = None,
        label: str | None = None,
        annotator: str | None = None,
        status: str | None = None,
        *,
        columns: int | None = None,
        size: int = 128,
        per_page: int = 200,
        **options: Any,
    ) -> None:
        session.require("read")
        self.session = session
        self._across = None if columns is None else _whole("columns", columns, 1, MOST)
        self._size = _whole("size", size, SMALLEST, LARGEST)
        self._per_page = _whole("per_page", per_page, 1, MOST)
        self._holding = threading.RLock()
        self._thumbnails = Cache(96_000_000, lambda small: len(small) + 200)
        self._missing: dict[str, tuple[str, str]] = {}
        self._screen, self._measured = UNMEASURED, False
        self._page, self._revision = 0, -1
        self._tiles: list[Tile] = []
        self._grid: Grid | None = None
        self._item: LabelWidget | None = None
        self._last: LabelWidget | None = None
        self._opened: Place | None = None
        self._name = ""
        self._read()
        self._filter = Filter(field, label, annotator, status).checked(self._answers)
        self._painter = Painter()
        self._sheet = Sheet(_weakly(self._measure), _weakly(self._open_tile))
        self._bar, self._pager = FilterBar(self._show_filtered, self.refresh), Pager(self._turn)
        self._head, self._slot = ItemHead(self._step, self.put_away), ipywidgets.VBox()
        self._scroll = _scroll(self._painter.canvas, self._sheet)
        super().__init__([self._bar, self._scroll, self._pager, self._slot], **options)
        self.add_class("lw-gallery")
        self._lay()
        session.watch(_weakly(self._catch_up))

    # -- what is shown -------------------------------------------------------------------------------------

    @property
    def shown(self) -> pd.DataFrame:
        """The answers that pass the filter, on all pages, in the order of the sheet; as `Session.annotations()`."""
        return self._shown.copy()

    @property
    def item(self) -> LabelWidget | None:
        """The widget of the open item."""
        return self._item

    def filter(
        self,
        field: str | None = None,
        label: str | None = None,
        annotator: str | None = None,
        status: str | None = None,
    ) -> None:
        """Show the answers that have all that is asked for; without arguments all answers.

        Parameters
        ----------
        field : str, optional
            Answers that fill this field; of them its labels and regions only.
        label : str, optional
            Answers that name this label (a node of a taxonomy by its path, "animal > cat"); with "" those that name
            none, such as an empty list of boxes.
        annotator : str, optional
            Answers of one person.
        status : str, optional
            "submitted", "skipped", "rejected", "stale" or "unsure".

        Raises
        ------
        LabelError
            A field, label or status that the session does not have.
        """
        with self._holding:
            self._show_filtered(Filter(field, label, annotator, status).checked(self._answers))

    def refresh(self) -> None:
        """Read answers and pictures again."""
        with self._holding:
            self._thumbnails = Cache(self._thumbnails.limit, lambda small: len(small) + 200)
            self.session.refresh()
            self._read()
            self._lay(anew=True)

    def turn_to(self, page: int) -> None:
        """Show another page of the sheet, from 0; past the last one, the last."""
        with self._holding:
            self._page = _whole("page", page, 0, 2**31)
            self._lay()

    def show(self, task: Task | int, annotator: str | None = None) -> LabelWidget:
        """Open an item in its widget, below the sheet.

        Parameters
        ----------
        task : Task or int
            The task, or its id.
        annotator : str, optional
            Whose answer to start from; the first one given when left out. An answer of somebody else stays as it is:
            what is submitted is the user's own.

        Returns
        -------
        LabelWidget
            What is shown.

        Raises
        ------
        LabelError
            There is no such answer.
        """
        number = task if isinstance(task, int) else task.id
        table = self._answers.table
        found = table[table["task_id"] == number]
        if annotator is not None:
            found = found[found["annotator"] == annotator]
        if found.empty:
            raise LabelError(
                f"There is no answer of {annotator or 'anybody'} to task {number} in the gallery.",
                found=number,
            )
        row = found.iloc[0]
        with self._holding:
            return self._open((number, int(row["round"]), row["annotator"]))

    def put_away(self) -> None:
        """Close the open item."""
        with self._holding:
            self._opened = None
            self._replace(None)
            self._say("")

    # -- reading and laying out ----------------------------------------------------------------------------

    def _read(self) -> None:
        self._revision = self.session.revision
        before = getattr(self, "_answers", None)
        self._answers = Answers(self.session.annotations(), self.session.schema, before)

    def _catch_up(self) -> None:
        """Show what was answered since the sheet was laid."""
        with self._holding:
            if not self.session.closed and self.session.revision != self._revision:
                self._read()
                self._lay()
                self._show_head()

    def _show_filtered(self, chosen: Filter) -> None:
        with self._holding:
            self._filter, self._page = chosen, 0
            self._lay()

    def _turn(self, by: int) -> None:
        self.turn_to(max(self._page + by, 0))

    def _fitted(self, count: int) -> Grid:
        width, ratio = self._screen
        return Grid.fitted(count, width=width, size=self._size, columns=self._across, ratio=ratio)

    def _lay(self, *, anew: bool = False) -> None:
        """Lay out the page that is to be seen, and draw what of it is not drawn yet (`anew`: all of it)."""
        if self._filter.field is not None and self._filter.field not in self._answers.schema:
            self._filter = Filter()
        self._shown = self._answers.matching(self._filter)
        total = len(self._shown)
        most = min(self._per_page, self._fitted(total).capacity)
        pages = max(-(-total // most), 1)
        self._page = min(self._page, pages - 1)
        first = self._page * most
        rows = self._shown.iloc[first : first + most]
        before = self._grid, self._tiles
        self._tiles = tiles_of(self.session, rows, self._filter.field)
        self._grid = self._fitted(len(self._tiles))
        self._bar.show(self._filter, self._answers, total)
        self._pager.show(self._page, pages, first + 1, first + len(rows), total)
        self._say(f"{total:,} answers")
        if self._measured:
            self._draw(None if anew else self._changed(*before))

    def _changed(self, grid: Grid | None, tiles: list[Tile]) -> list[int] | None:
        """Return which tiles differ from what is drawn; None when all must be drawn."""
        if grid != self._grid or [tile.place for tile in tiles] != [tile.place for tile in self._tiles]:
            return None
        pairs = zip(tiles, self._tiles, strict=True)
        return [index for index, (old, new) in enumerate(pairs) if old != new]

    def _draw(self, only: list[int] | None) -> None:
        if self._grid is None:
            return
        before = self._missing
        kept = [] if only is None else [tile.key for n, tile in enumerate(self._tiles) if n not in only]
        self._missing = {key: before[key] for key in kept if key in before}
        self._painter.paint(self._grid, self._tiles, self._thumbnail, only)
        if self._missing != before:
            self._say(self._sheet.sheet["said"])

    def _say(self, said: str) -> None:
        """Give the page its captions; until it has said how wide it is there is nothing to lay out."""
        tiles = captions(self._tiles, self._missing) if self._measured else []
        grid = self._grid or self._fitted(0)
        opened = next((tile.key for tile in self._tiles if tile.place == self._opened), "")
        self._sheet.sheet = {
            "title": f"Answers of {self.session.title}",
            "columns": grid.columns,
            "cell": grid.cell,
            "caption": CAPTION,
            "gap": GAP,
            "margin": MARGIN,
            "tiles": tiles,
            "opened": opened,
            "empty": None if self._tiles else _empty(self._answers),
            "said": said,
        }

    def _thumbnail(self, tile: Tile, side: int) -> Thumbnail:
        """Return a tile's picture; called from several threads."""
        if self.session.modality != "image":
            return Thumbnail()
        size = next((step for step in STEPS if step >= side), STEPS[-1])
        key = tile.task.id, tile.task.version, size
        small: Thumbnail = self._thumbnails.get(key, lambda: _made(self.session, tile.task, size))
        if small.missing:
            self._missing[tile.key] = small.missing, small.reason
        return small

    # -- what a page says ----------------------------------------------------------------------------------

    def _measure(self, width: int, ratio: float, blank: bool) -> None:  # noqa: FBT001 - the sheet's own call
        with self._holding:
            self._screen, self._measured = (width, ratio), True
            if blank and self.session.revision != self._revision:
                self._read()
            self._lay(anew=blank)

    def _open_tile(self, key: str) -> None:
        with self._holding:
            place = next((tile.place for tile in self._tiles if tile.key == key), None)
            if place is not None:
                self._open(place)

    # -- the open item -------------------------------------------------------------------------------------

    def _open(self, place: Place) -> LabelWidget:
        number, turn, annotator = place
        task = replace(self.session.task(number), round=turn)
        others = annotator != self.session.user.id
        given = self.session.answer(task, annotator=annotator) if others else None
        widget = widget_for(self.session, task=task, begin=given.values if given else None)
        widget.on_msg(_weakly(self._heard))
        self._opened = place
        self._replace(widget)
        self._name = name_of(self.session, task)
        self._show_head()
        self._say(f"Opened {self._name}, answered by {annotator}.")
        return widget

    def _replace(self, widget: LabelWidget | None) -> None:
        """Show another item's widget, or none; the one before lives on until its last words have come."""
        self._item, before = widget, self._item
        self._slot.children = () if widget is None else (self._head, widget)
        self._scroll.layout.max_height = TALL if widget is None else LOW
        if self._last is not None:
            self._last.close()
        self._last = before

    def _show_head(self) -> None:
        if self._opened is not None:
            first, last = self._neighbour(-1) is None, self._neighbour(1) is None
            self._head.show(self._name, self._opened[2], self.session.user.id, first=first, last=last)

    def _neighbour(self, by: int) -> Place | None:
        places = [tile.place for tile in self._tiles]
        if self._opened not in places:
            return None
        at = places.index(self._opened) + by
        return places[at] if 0 <= at < len(places) else None

    def _step(self, by: int) -> None:
        with self._holding:
            place = self._neighbour(by)
            if place is not None:
                self._open(place)

    def _heard(self, _widget: object, content: object, _buffers: object) -> None:
        """Look, after an act in the open item, whether it was answered; the answer is the user's own."""
        with self._holding:
            kind = content.get("kind") if isinstance(content, dict) else None
            mine = self._opened and (*self._opened[:2], self.session.user.id)
            if kind == "submit" and mine != self._opened and self.session.revision != self._revision:
                self._opened = mine
            self._catch_up()


def _made(session: Session, task: Task, size: int) -> Thumbnail:
    value, media = session.item_value(task), session.media
    try:
        if media.resolve(value).place == "browser":
            return Thumbnail(
                missing="Open it to see it", reason="This picture is loaded by the browser alone."
            )
        return Thumbnail(media.thumbnail(value, size), media.extent(value))
    except MediaError as broken:
        return Thumbnail(missing="Can't be shown", reason=str(broken))


def _scroll(canvas: ipywidgets.DOMWidget, sheet: Sheet) -> ipywidgets.Box:
    """Lay the sheet of captions over the canvas, in a box that scrolls."""
    for each in (canvas, sheet):
        each.layout.grid_area, each.layout.margin = "1 / 1", "0"
    layout = {"display": "grid", "grid_template_columns": "minmax(0, 1fr)", "overflow": "visible"}
    stage = ipywidgets.Box([canvas, sheet], layout=layout)
    stage.add_class("lw-gallery-stage")
    scroll = ipywidgets.Box(
        [stage], layout={"display": "block", "overflow": "hidden auto", "max_height": TALL}
    )
    scroll.add_class("lw-gallery-scroll")
    return scroll


def _empty(answers: Answers) -> dict[str, Json]:
    if answers.table.empty:
        more = "Answers appear here when they are given: label with lw.label(session), then press Refresh."
        return {"says": "Nothing labeled yet", "more": more}
    return {"says": "No answer matches", "more": "Choose something wider in the filters above."}


def _whole(name: str, value: object, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise LabelError(f"{name} is a whole number from {low} to {high:,}, found {value!r}.", found=value)
    return value


def _weakly(method: Any) -> Any:
    """Call a bound method only while its gallery lives."""
    held = weakref.WeakMethod(method)

    def call(*arguments: Any) -> None:
        living = held()
        if living is not None:
            living(*arguments)

    return call
