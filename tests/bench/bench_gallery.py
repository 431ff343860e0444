"""A gallery of 1,000 thumbnails with 5,000 boxes: one batch beside a call for each picture and each box."""

from __future__ import annotations

import tempfile
import time
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pandas as pd
from jupyter_client.session import Session
from PIL import Image

from .rows import Row

TILES, BOXES, RUNS = 1_000, 5, 3


def rows(tiles: int = TILES, runs: int = RUNS) -> list[Row]:
    """Measure, and return what the table of `make bench` shows."""
    import labelwidgets as lw

    with tempfile.TemporaryDirectory() as folder, labeled(Path(folder), tiles) as session:
        gallery = lw.Gallery(session, per_page=tiles, size=96)
        gallery._measured, gallery._screen = True, (1600, 1.0)
        gallery._painter.patience = float("inf")
        with wire() as first:
            cold = timed(lambda: gallery._lay(anew=True))
        with wire() as sent:
            ours = median(timed(lambda: gallery._draw(None)) for _ in range(runs))
        with wire():
            whole = median(timed(lambda: gallery._lay(anew=True)) for _ in range(runs))
        with wire() as naive:
            baseline = median(timed(lambda: one_by_one(gallery)) for _ in range(runs))
        with wire() as one:
            corrected = timed(lambda: correct(session, gallery))
        gallery.close()
    loop, whole_sheet = "a call for each picture and box", "all drawn anew"
    return [
        Row(
            f"draw {tiles:,} thumbnails, {BOXES * tiles:,} boxes",
            ours * 1e3,
            "CPU ms",
            None,
            baseline * 1e3,
            loop,
        ),
        Row("  messages", sent.messages / runs, "messages", 1, naive.messages / runs, loop),
        Row("  size", sent.bytes / runs / 1e6, "MB", None, naive.bytes / runs / 1e6, loop),
        Row("  with reading, filtering and captions", whole * 1e3, "CPU ms", None, baseline * 1e3, loop),
        Row("  with pictures read for the first time", cold * 1e3, "CPU ms"),
        Row("show one corrected answer", corrected * 1e3, "CPU ms", None, whole * 1e3, whole_sheet),
        Row("  size", one.bytes / 1e6, "MB", None, first.bytes / 1e6, whole_sheet),
    ]


class Wire:
    """Makes of what ipycanvas says the frames that a kernel hands to its socket, and counts them."""

    def __init__(self) -> None:
        self.messages = self.bytes = 0
        self.session = Session(key=b"signed like any kernel's")

    def send(self, content: Any, buffers: Any = None) -> None:
        data = {"comm_id": "0", "data": {"method": "custom", "content": content}}
        frames = self.session.serialize(self.session.msg("comm_msg", data))
        self.messages += 1
        self.bytes += sum(len(frame) for frame in frames) + sum(
            memoryview(each).nbytes for each in buffers or ()
        )


@contextmanager
def wire():
    """Count the messages of ipycanvas within."""
    from ipycanvas.canvas import _CANVAS_MANAGER as manager

    counted = Wire()
    manager.send = counted.send
    try:
        yield counted
    finally:
        del manager.send


def timed(act) -> float:
    """Seconds of processor time in all threads: steady on a busy machine."""
    begun = time.process_time()
    act()
    return time.process_time() - begun


@contextmanager
def labeled(folder: Path, tiles: int):
    """A session of photographs (640 x 480 px, JPEG), each answered with boxes; every fifth box is turned."""
    import labelwidgets as lw

    rng = np.random.default_rng(0)
    names = ["car", "person", "bicycle", "dog", "sign"]
    data = pd.DataFrame({"image": [str(photo(folder / f"{n}.jpg", rng)) for n in range(tiles)]})
    schema = lw.Schema(lw.Boxes("objects", names))
    with lw.Session(None, data=data, item="image", schema=schema, user="ann") as session:
        while task := next(iter(session.next()), None):
            boxes = [
                lw.Box(
                    *rng.uniform(100, 400, 2),
                    *rng.uniform(30, 60, 2),
                    30 if n % 5 == 0 else 0,
                    label=names[n % 5],
                )
                for n in range(BOXES)
            ]
            session.submit(task, {"objects": boxes})
        yield session


def photo(path: Path, rng) -> Path:
    coarse = Image.fromarray(rng.integers(0, 255, (12, 16, 3), dtype=np.uint8))
    coarse.resize((640, 480), Image.Resampling.BICUBIC).save(path, quality=85)
    return path


def one_by_one(gallery) -> None:
    """Draw the same as anybody would at first: a call, and so a message, for each picture and box."""
    canvas, grid = gallery._painter.canvas, gallery._grid
    for index, tile in enumerate(gallery._tiles):
        small = gallery._thumbnail(tile, grid.side)
        picture = Image.open(BytesIO(small.data)).convert("RGB")
        picture.thumbnail((grid.side, grid.side))
        x, y = grid.corner(index)
        canvas.put_image_data(np.asarray(picture), x, y)
        scale = picture.width / small.extent.width
        for shapes in tile.shapes:
            canvas.stroke_style = shapes.color
            for left, top, width, height, _ in shapes.boxes:
                canvas.stroke_rect(x + left * scale, y + top * scale, width * scale, height * scale)


def correct(session, gallery) -> None:
    """Answer one item anew and show it."""
    session.submit(1, {"objects": []})
    gallery._catch_up()
