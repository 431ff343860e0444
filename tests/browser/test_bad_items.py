"""Broken items are shown as such, say why, can be skipped, and never take the session down."""

import sqlite3
from contextlib import closing

import numpy as np
import pandas as pd
from PIL import Image

import labelwidgets as lw


def write(folder):
    """Files that go wrong in every way, then two that don't."""
    rng = np.random.default_rng(0)
    picture = Image.fromarray(rng.integers(0, 255, (200, 300, 3), dtype=np.uint8))
    picture.save(folder / "whole.jpg")
    whole = (folder / "whole.jpg").read_bytes()
    (folder / "0 empty.jpg").write_bytes(b"")
    (folder / "1 truncated.jpg").write_bytes(whole[: len(whole) // 2])
    (folder / "2 text.png").write_text("this is no picture")
    (folder / "3 nul.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    (folder / "whole.jpg").unlink()
    picture.convert("CMYK").save(folder / "4 cmyk.jpg")
    Image.fromarray(rng.integers(0, 65535, (60, 80), dtype=np.uint16)).save(folder / "5 deep.png")
    exif = Image.Exif()
    exif[0x0112] = 6  # turn right
    picture.save(folder / "6 turned.jpg", exif=exif)
    picture.save(folder / "7 moving.gif", save_all=True, append_images=[picture.rotate(90)])
    return folder


def test_every_kind_of_item(host, tmp_path):
    schema = lw.Schema(lw.Boxes("objects", ["car"]))
    session = lw.Session(None, data=write(tmp_path), schema=schema, user="ann")
    host.show(lw.label(session))
    page = host.page
    page.locator(".lw-root").first.wait_for()
    broken = []
    for _ in range(8):
        host.settle()
        page.wait_for_timeout(120)
        root = page.locator(".lw-root").first
        root.focus()
        if root.get_by_text("can't be shown").or_(root.get_by_text("can’t be shown")).count():
            broken.append(root.inner_text())
            page.keyboard.press("Shift+S")
            page.wait_for_function("() => document.activeElement.closest('[role=menu], [role=dialog]')")
            page.keyboard.press("Enter")
        else:
            page.keyboard.press("Enter")  # nothing there is an answer
    host.settle()
    status = session.annotations().set_index("task_id")["status"]
    assert status.tolist().count("skipped") == 4, broken
    assert status.tolist().count("submitted") == 4
    assert len(broken) == 4
    assert any("empty" in text for text in broken)
    turned = session.task(7).extent
    assert (turned.width, turned.height) == (200, 300)


def test_a_huge_picture_comes_in_tiles(host, tmp_path):
    Image.new("RGB", (10_000, 10_000), (90, 120, 40)).save(tmp_path / "huge.jpg", quality=60)
    schema = lw.Schema(lw.Boxes("objects", ["car"]))
    session = lw.Session(None, data=[str(tmp_path / "huge.jpg")], schema=schema, user="ann")
    host.show(lw.label(session))
    host.page.locator(".lw-root canvas").first.wait_for()
    host.settle()
    host.page.locator(".lw-root").first.focus()
    for _ in range(14):
        host.page.keyboard.press("+")
    host.page.wait_for_timeout(400)
    host.settle()
    assert any(act["kind"] == "media" and act["what"] == "tile" for act in host.acts)


def test_a_file_that_vanishes_is_broken_not_fatal(host, tmp_path):
    for n in range(3):
        Image.new("RGB", (40, 30)).save(tmp_path / f"{n}.png")
    schema = lw.Schema(lw.Choice("kind", ["a", "b"]))
    data = pd.DataFrame({"image": [str(tmp_path / f"{n}.png") for n in range(3)]})
    session = lw.Session(None, data=data, item="image", schema=schema, user="ann")
    (tmp_path / "0.png").unlink()
    host.show(lw.label(session))
    root = host.page.locator(".lw-root").first
    root.get_by_text("can't be shown").or_(root.get_by_text("can’t be shown")).first.wait_for()
    host.settle()


def test_what_only_the_browser_cannot_decode_can_only_be_skipped(host, tmp_path):
    """The head of the file is right, which is all that the kernel reads."""
    for n in range(2):
        Image.new("RGB", (80, 60), "red").save(tmp_path / f"{n}.png")
    whole = bytearray((tmp_path / "0.png").read_bytes())
    begin = whole.find(b"IDAT") + 4
    whole[begin : begin + 24] = bytes(24)
    (tmp_path / "0.png").write_bytes(whole)
    session = lw.Session(
        None,
        data=[str(tmp_path / f"{n}.png") for n in range(2)],
        schema=lw.Schema(lw.Boxes("objects", ["car"])),
        user="ann",
    )
    host.show(lw.label(session))
    root = host.page.locator(".lw-root").first
    root.get_by_role("heading", name="This item can't be shown").wait_for()
    assert root.get_by_role("button", name="Submit").get_attribute("aria-disabled") == "true"
    root.get_by_role("button", name="Skip it").click()
    root.get_by_role("heading", name="This item can't be shown").wait_for(state="detached")
    host.settle()
    assert session.annotations()["status"].tolist() == ["skipped"]


def test_a_store_that_takes_no_answers_says_so_in_the_items_place(host, tmp_path):
    path = tmp_path / "s.db"
    schema = lw.Schema(lw.Choice("kind", ["a", "b"]))
    lw.Session(path, data=["x", "y"], schema=schema, user="ann").close()
    with closing(sqlite3.connect(path)) as bare:
        bare.execute('UPDATE task SET data = \'{"text": "forged"}\' WHERE id = 1')
        bare.commit()
    session = lw.Session(path, user="ann")
    host.show(lw.label(session))
    root = host.page.locator(".lw-root").first
    root.get_by_role("heading", name="Nothing can be labeled now").wait_for()
    assert root.inner_text().count("it is damaged") == 1
    assert root.get_by_role("button", name="Submit").count() == 0
