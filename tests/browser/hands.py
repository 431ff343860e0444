"""What a person does with the widget, whatever host shows it."""

import re

import numpy as np
import pandas as pd
from PIL import Image

LABELING_KEYS = (
    *("1", "2", "3", "4", "5", "a", "b", "c", "d", "m", "x", "v", "y", "z", "o", "l", "i", "0", "h", "f"),
    *(
        "Shift+F",
        "Enter",
        "Delete",
        "Backspace",
        "ArrowUp",
        "ArrowDown",
        "ArrowLeft",
        "ArrowRight",
        "+",
        "-",
        "/",
    ),
    *(
        "Escape",
        "Shift+1",
        "Control+z",
        "Control+Shift+z",
        "?",
        "Escape",
        "Shift+B",
        "Shift+S",
        "Escape",
        "Shift+M",
    ),
)
"""Keys of labels and commands, and those that a notebook would act on if it heard them."""


def photos(folder, count):
    """Write pictures of 400 x 300 px, each with a bright square, and return them as a frame."""
    folder.mkdir(parents=True, exist_ok=True)
    for n in range(count):
        pixels = np.full((300, 400, 3), 40 + 2 * n, dtype=np.uint8)
        pixels[60:140, 100:180] = 230
        Image.fromarray(pixels).save(folder / f"{n}.png")
    return pd.DataFrame({"image": [str(folder / f"{n}.png") for n in range(count)]})


class Hands:
    """Mouse and keyboard on the one widget of a page.

    Parameters
    ----------
    page : playwright.sync_api.Page
    """

    def __init__(self, page):
        self.page = page
        self.root = page.locator(".lw-root").last
        self.root.locator(".lw-stage canvas").first.wait_for()
        self.root.locator(".lw-side").get_by_text(".png").wait_for()

    @property
    def done(self):
        """Number of items that the page calls done."""
        text = self.root.locator(".lw-progress span").first.inner_text()
        return int(re.match(r"([\d,]+) of", text)[1])

    @property
    def item(self):
        """Name of the picture on show."""
        return self.root.locator(".lw-side").get_by_text(".png").inner_text()

    def draw(self, start=(0.45, 0.45), end=(0.6, 0.6)):
        """Drag a box over the stage; corners as shares of it."""
        before = self.boxes.count()
        stage = self.root.locator(".lw-stage").bounding_box()
        (x0, y0), (x1, y1) = [
            (stage["x"] + x * stage["width"], stage["y"] + y * stage["height"]) for x, y in (start, end)
        ]
        mouse = self.page.mouse
        mouse.move(x0, y0)
        mouse.down()
        mouse.move((x0 + x1) / 2, (y0 + y1) / 2, steps=3)
        mouse.move(x1, y1, steps=3)
        mouse.up()
        self.boxes.nth(before).wait_for()

    @property
    def boxes(self):
        return self.root.locator(".lw-list [role=option]")

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def press_inside(self, key):
        """Press a key; the focus stays in the widget, which only Escape may leave."""
        self.press(key)
        if not self.root.evaluate("root => root.contains(document.activeElement)"):
            assert key == "Escape", f"{key} left the widget"
            self.root.focus()

    def saved(self, done):
        """Wait until the page says that so many are done and all is saved."""
        self.root.locator(".lw-progress", has_text=f"{done} of").wait_for()
        self.root.locator(".lw-saving", has_text=re.compile("^Saved")).wait_for()

    def not_saved(self):
        """Wait until the page says that something is not saved; returns what it says."""
        self.root.locator(".lw-saving", has_text="Not saved").wait_for()
        return self.root.locator(".lw-notice").first.inner_text()
