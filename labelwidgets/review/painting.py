"""Draws the pictures and boxes of a sheet on an ipycanvas canvas: one message for all, whatever their number."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby
from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np
from ipycanvas import Canvas, hold_canvas
from PIL import Image

from .. import geometry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from ..labels import Extent
    from .tiles import Tile

GAP = 12
"""CSS pixels between tiles."""

MARGIN = 4
"""CSS pixels around all tiles: room for the focus ring."""

CAPTION = 40
"""CSS pixels below a picture for its caption."""

LARGEST = 32_000_000
"""Device pixels of a canvas; the page holds it twice, at 4 bytes each."""

LONGEST = 16_000
"""Device pixels of a canvas' side, within what every browser allows."""

PATIENCE = 0.5
"""Seconds that pictures may take to read before those that are ready are drawn."""

WORKERS = min(4, os.cpu_count() or 1)

FRAMES = {"skipped": "#8a8f98", "rejected": "#d9443f", "stale": "#c77700"}
"""Frame colours by state, legible on light and dark pages; an answer that stands has no frame."""

BACKGROUND = "rgba(127, 127, 127, 0.16)"

_drawing = threading.Lock()
"""ipycanvas collects what is drawn in one place for all canvases: two threads would mix their batches."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Where tiles lie.

    Attributes
    ----------
    columns, rows : int
        Tiles across and down.
    cell : int
        CSS pixels of a picture's side.
    ratio : float
        Device pixels per CSS pixel.
    """

    columns: int
    rows: int
    cell: int
    ratio: float

    @classmethod
    def fitted(cls, count: int, *, width: int, size: int, columns: int | None, ratio: float) -> Grid:
        """Return the grid that fills a width.

        Parameters
        ----------
        count : int
            Tiles.
        width : int
            CSS pixels there are.
        size : int
            CSS pixels of a tile: at least that, or with `columns` at most.
        columns : int or None
            Tiles across; as many as fit when None.
        ratio : float
            Device pixels per CSS pixel of the screen; less is taken when the canvas would grow too large.
        """
        within = max(width - 2 * MARGIN, 1)
        across = columns or max((within + GAP) // (size + GAP), 1)
        cell = max((within + GAP) // across - GAP, 16)
        if columns is not None:
            cell = min(cell, size)
        grid = cls(across, -(-count // across), cell, ratio)
        most = min(
            (LARGEST / max(grid.width * grid.height, 1)) ** 0.5, LONGEST / max(grid.width, grid.height, 1)
        )
        return cls(across, grid.rows, cell, min(ratio, most))

    @property
    def width(self) -> int:
        """CSS pixels across, margins included."""
        return self.columns * (self.cell + GAP) - GAP + 2 * MARGIN

    @property
    def height(self) -> int:
        """CSS pixels down, margins included."""
        return max(self.rows * (self.cell + CAPTION + GAP) - GAP + 2 * MARGIN, 1)

    @property
    def side(self) -> int:
        """Device pixels of a picture's side."""
        return max(round(self.cell * self.ratio), 1)

    @property
    def capacity(self) -> int:
        """How many tiles one canvas can hold at this width."""
        return self.columns * max(LONGEST // (self.cell + CAPTION + GAP), 1)

    def corner(self, index: int) -> tuple[int, int]:
        """Upper left corner of a tile's picture, device pixels."""
        row, column = divmod(index, self.columns)
        x, y = MARGIN + column * (self.cell + GAP), MARGIN + row * (self.cell + CAPTION + GAP)
        return round(x * self.ratio), round(y * self.ratio)


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A small picture as it comes from the media library, or why there is none.

    Attributes
    ----------
    data : bytes
        What Pillow decodes; b"" when there is none.
    extent : Extent or None
        Size of the whole picture, to which boxes refer.
    missing : str
        What stands in its place when there is none; "" for items that are no pictures.
    reason : str
        Why there is none.
    """

    data: bytes = b""
    extent: Extent | None = None
    missing: str = ""
    reason: str = ""

    def __len__(self) -> int:
        return len(self.data)


@dataclass(frozen=True, slots=True)
class Art:
    """A tile ready to be drawn; all lengths are device pixels.

    Attributes
    ----------
    index : int
        Which tile.
    corner : (int, int)
        Its upper left corner.
    picture : (height, width, 3) array of uint8, or None
        The picture, fitted into the tile.
    at : (int, int)
        The picture's upper left corner.
    boxes : list of (color, (n, 5) array)
        Boxes on the canvas, turned ones by their angle in degrees.
    frame : str
        Colour of the frame, or "".
    """

    index: int
    corner: tuple[int, int]
    picture: Any
    at: tuple[int, int]
    boxes: list[tuple[str, Any]]
    frame: str


class Painter:
    """A canvas and what is drawn on it.

    Attributes
    ----------
    canvas : ipycanvas.Canvas
        To be shown, beneath the sheet of captions.
    """

    def __init__(self) -> None:
        self.canvas = Canvas(width=1, height=1)
        self.patience = PATIENCE

    def paint(
        self,
        grid: Grid,
        tiles: Sequence[Tile],
        thumbnail: Callable[[Tile, int], Thumbnail],
        only: Iterable[int] | None = None,
    ) -> None:
        """Draw tiles, in one message when their pictures are at hand.

        Parameters
        ----------
        grid : Grid
            Where they lie.
        tiles : sequence of Tile
            All tiles of the page.
        thumbnail : callable
            Gives a tile's picture with a longest side of so many pixels; called from several threads.
        only : iterable of int, optional
            Draw these again and leave the others as they are.
        """
        chosen = range(len(tiles)) if only is None else sorted(only)
        if only is None:
            self._resize(grid)
            old = [(0, 0, self.canvas.width, self.canvas.height)]
        else:
            old = [(*grid.corner(index), grid.side, grid.side) for index in chosen]
        with ThreadPoolExecutor(WORKERS) as pool:
            arts = pool.map(lambda index: art(grid, index, tiles[index], thumbnail), chosen)
            for ready in self._batches(grid, arts):
                self._draw(grid, ready, old)
                old = []

    def _resize(self, grid: Grid) -> None:
        """Make the canvas as large as the grid."""
        canvas = self.canvas
        with canvas.hold_sync(), canvas.layout.hold_sync():
            canvas.width, canvas.height = round(grid.width * grid.ratio), round(grid.height * grid.ratio)
            canvas.layout.width, canvas.layout.height = f"{grid.width}px", f"{grid.height}px"

    def _batches(self, grid: Grid, arts: Iterable[Art]) -> Iterator[list[Art]]:
        """Gather what can be drawn together: all, or whole rows when reading pictures takes long."""
        ready: list[Art] = []
        since = monotonic()
        for done in arts:
            ready.append(done)
            last = done.index % grid.columns == grid.columns - 1
            if last and monotonic() - since > self.patience:
                yield ready
                ready, since = [], monotonic()
        if ready:
            yield ready

    def _draw(self, grid: Grid, arts: Sequence[Art], old: Sequence[tuple[int, int, int, int]]) -> None:
        """Draw tiles in one message; `old` are the places to be wiped before."""
        canvas, strips = self.canvas, list(_strips(grid, arts))
        boxes = _by_color(arts)
        with _drawing, hold_canvas():
            for place in old:
                canvas.clear_rect(*place)
            _draw_pictures(canvas, arts, strips)
            _draw_backgrounds(canvas, arts, grid.side)
            _draw_boxes(canvas, boxes, grid.ratio)
            _draw_frames(canvas, arts, grid)


def art(grid: Grid, index: int, tile: Tile, thumbnail: Callable[[Tile, int], Thumbnail]) -> Art:
    """Prepare a tile: decode its picture, scale its boxes."""
    corner, frame = grid.corner(index), FRAMES.get(tile.state, "")
    small = thumbnail(tile, grid.side)
    if not small.data:
        return Art(index, corner, None, corner, [], frame)
    picture = _fitted(small.data, grid.side)
    height, width = picture.shape[:2]
    at = corner[0] + (grid.side - width) // 2, corner[1] + (grid.side - height) // 2
    return Art(index, corner, picture, at, _scaled(tile, small, (width, height), at), frame)


def _fitted(data: bytes, side: int) -> Any:
    """Decode a picture so that its longest side has `side` pixels."""
    with Image.open(BytesIO(data)) as source:
        source.draft("RGB", (side, side))  # JPEG decodes straight to the nearest larger eighth
        picture = source.convert("RGB")
    scale = side / max(picture.size)
    width, height = (max(round(length * scale), 1) for length in picture.size)
    way = Image.Resampling.NEAREST if scale >= 4 else Image.Resampling.BICUBIC  # noqa: PLR2004 - pixels to be counted
    return np.asarray(picture.resize((width, height), way, reducing_gap=2.0))


def _scaled(
    tile: Tile, small: Thumbnail, shown: tuple[int, int], at: tuple[int, int]
) -> list[tuple[str, Any]]:
    extent = small.extent
    if extent is None or not extent.width or not extent.height:
        return []
    scale = np.array([shown[0] / extent.width, shown[1] / extent.height] * 2 + [1.0])
    move = np.array([*at, 0, 0, 0], float)
    return [(shapes.color, np.asarray(shapes.boxes, float) * scale + move) for shapes in tile.shapes]


def _strips(grid: Grid, arts: Sequence[Art]) -> Iterator[tuple[int, int, Any]]:
    """Join the pictures of neighbours into one each: x, y and pixels, gaps black.

    A strip is drawn only where its pictures are (see `_draw_pictures`), so neighbours that are not drawn now must
    not lie under it.
    """
    with_picture = [done for done in arts if done.picture is not None]
    runs = groupby(
        enumerate(with_picture), key=lambda pair: (pair[1].index // grid.columns, pair[1].index - pair[0])
    )
    for _, run in runs:
        row = [done for _, done in run]
        x, y = row[0].corner
        width = row[-1].corner[0] - x + grid.side
        strip = np.zeros((grid.side, width, 3), np.uint8)
        for done in row:
            left, top = done.at[0] - x, done.at[1] - y
            height, across = done.picture.shape[:2]
            strip[top : top + height, left : left + across] = done.picture
        yield x, y, strip


def _draw_pictures(canvas: Canvas, arts: Sequence[Art], strips: Sequence[tuple[int, int, Any]]) -> None:
    """Mark where pictures are, then draw strips only there: what lies between them stays transparent."""
    at = _columns([(*done.at, *done.picture.shape[1::-1]) for done in arts if done.picture is not None])
    if not strips:
        return
    canvas.fill_style = "#000000"
    canvas.fill_rects(*at)
    canvas.global_composite_operation = "source-atop"
    for x, y, strip in strips:
        canvas.put_image_data(strip, x, y)


def _draw_backgrounds(canvas: Canvas, arts: Sequence[Art], side: int) -> None:
    canvas.global_composite_operation = "destination-over"
    canvas.fill_style = BACKGROUND
    canvas.fill_rects(*_columns([(*done.corner, side, side) for done in arts]))
    canvas.global_composite_operation = "source-over"


def _draw_boxes(canvas: Canvas, boxes: dict[str, Any], ratio: float) -> None:
    """Draw boxes by colour, over a halo in the opposite lightness that lets them show on any picture."""
    width = max(round(1.75 * ratio), 1)
    canvas.line_join = "round"
    canvas.line_width = width + 2 * max(round(0.75 * ratio), 1)
    for color, rows in boxes.items():
        _stroke(canvas, halo(color), rows, width)
    canvas.line_width = width
    for color, rows in boxes.items():
        _stroke(canvas, color, rows, width)


def _stroke(canvas: Canvas, color: str, rows: Any, width: int) -> None:
    canvas.stroke_style = color
    upright = rows[:, 4] == 0
    if upright.any():
        canvas.stroke_rects(*_crisp(rows[upright], width).T.astype(np.float32))
    if not upright.all():
        canvas.stroke_polygons(geometry.corners(rows[~upright]).astype(np.float32))


def _crisp(rows: Any, width: int) -> Any:
    """Move upright boxes so that lines of an even or odd number of pixels fall on whole ones."""
    low = np.round(rows[:, :2])
    high = np.maximum(np.round(rows[:, :2] + rows[:, 2:4]), low + 1)
    return np.hstack([low + width % 2 / 2, high - low])


def _draw_frames(canvas: Canvas, arts: Sequence[Art], grid: Grid) -> None:
    width = max(round(3 * grid.ratio), 1)
    canvas.line_join, canvas.line_width = "miter", width
    framed = sorted((done for done in arts if done.frame), key=lambda done: done.frame)
    for color, several in groupby(framed, key=lambda done: done.frame):
        canvas.stroke_style = color
        inner = [(x + width / 2, y + width / 2) for x, y in (done.corner for done in several)]
        canvas.stroke_rects(*_columns([(*at, grid.side - width, grid.side - width) for at in inner]))


def _by_color(arts: Sequence[Art]) -> dict[str, Any]:
    boxes: dict[str, list[Any]] = {}
    for done in arts:
        for color, rows in done.boxes:
            boxes.setdefault(color, []).append(rows)
    return {color: np.concatenate(rows) for color, rows in boxes.items()}


def _columns(rows: Sequence[tuple[float, ...]]) -> Any:
    """x, y, width, height as four arrays of float32, which travel at half the size."""
    return np.array(rows, np.float32).reshape(-1, 4).T.copy()


def halo(color: str) -> str:
    """Return white or black, whichever `color` ("#rrggbb" or "#rgb") stands out from (WCAG 2's relative luminance)."""
    digits = color[1:] if len(color) == 7 else "".join(2 * digit for digit in color[1:])  # noqa: PLR2004 - "#rrggbb"
    parts = np.array([int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)  # noqa: PLR2004 - sRGB
    light = float(linear @ np.array([0.2126, 0.7152, 0.0722]))
    return "rgba(0, 0, 0, 0.6)" if light > 0.4 else "rgba(255, 255, 255, 0.75)"  # noqa: PLR2004 - as in canvas/looks.ts
