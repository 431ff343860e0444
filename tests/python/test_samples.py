"""The samples need no download and can be labeled."""

import pandas as pd
import pytest

from labelwidgets.errors import SourceError
from labelwidgets.media import MediaLibrary
from labelwidgets.samples import make_samples
from labelwidgets.samples.make_samples import PHOTOS, messages, photos
from labelwidgets.source import read, to_tasks


def test_the_photographs_are_written_once_and_all_shown(tmp_path):
    frame = photos(tmp_path / "photos")
    assert list(frame.columns) == ["image", "name", "about"]
    assert len(frame) == len(PHOTOS) == 13
    source = read(frame)
    library = MediaLibrary(source.roots)
    tasks, rejected, _ = to_tasks(source, media=library)
    assert rejected == []
    assert all(library.complaint(task.data["image"]) == "" for task in tasks)
    before = (tmp_path / "photos" / "coins.png").stat().st_mtime_ns
    pd.testing.assert_frame_equal(photos(tmp_path / "photos"), frame)
    assert (tmp_path / "photos" / "coins.png").stat().st_mtime_ns == before


def test_without_scikit_image_the_remedy_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(make_samples, "find_spec", lambda _: None)
    with pytest.raises(SourceError, match=r"pip install labelwidgets\[demo\]"):
        photos(tmp_path)


def test_the_messages_are_thirty_texts():
    frame = messages()
    assert (list(frame.columns), len(frame)) == (["id", "channel", "text"], 30)
    tasks, rejected, keys = to_tasks(read(frame, item="text", key="id"))
    assert (len(tasks), rejected, len(set(keys))) == (30, [], 30)
