"""Rows to tasks: keys, digests, stored paths; every row that is not taken comes back with its reason."""

from hashlib import sha256

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from labelwidgets import sampling
from labelwidgets.media import MediaLibrary
from labelwidgets.records import NewTask
from labelwidgets.source import read, to_tasks


def digest(text):
    return sha256(text.encode()).hexdigest()


def reasons(frame, **how):
    """Row label to reason of what was not taken."""
    names = {name: how.pop(name) for name in ("item", "key") if name in how}
    return {each.row: each.reason for each in to_tasks(read(frame, **names), **how)[1]}


# -- keys and digests ----------------------------------------------------------------------------------------


def test_a_text_is_named_by_its_own_hash():
    tasks, rejected, keys = to_tasks(read(pd.DataFrame({"text": ["a", "ä"], "n": [1, 2]})))
    assert tasks == [
        NewTask(digest("a"), digest("a"), {"text": "a", "n": 1}, 0.0),
        NewTask(digest("ä"), digest("ä"), {"text": "ä", "n": 2}, 1.0),
    ]
    assert rejected == []
    assert keys == [digest("a"), digest("ä")]


def test_the_key_column_names_items_and_the_hash_tells_changes():
    tasks, _, keys = to_tasks(read(pd.DataFrame({"id": [7, 8], "text": ["a", "b"]}), key="id"))
    assert keys == ["7", "8"]
    assert [task.item for task in tasks] == [digest("a"), digest("b")]


def test_whole_numbers_that_became_floats_are_the_same_keys():
    assert to_tasks(read(pd.DataFrame({"id": [7, None], "text": ["a", "b"]}), key="id"))[2] == ["7", None]


def test_a_row_is_named_by_all_its_columns_whatever_their_order_and_label():
    frame = pd.DataFrame({"a": [1, 1], "b": [2.5, np.nan]}, index=["x", "y"])
    keys = to_tasks(read(frame))[2]
    assert len(set(keys)) == 2
    assert to_tasks(read(frame[["b", "a"]].reset_index(drop=True)))[2] == keys


def test_duplicate_rows_are_tasks_of_one_key():
    tasks, rejected, keys = to_tasks(read(pd.DataFrame({"text": ["a", "b", "a"], "n": [1, 2, 3]})))
    assert keys == [digest("a"), digest("b"), digest("a")]
    assert [task.data["n"] for task in tasks] == [1, 2, 3]
    assert rejected == []


def test_positions_follow_the_order_given():
    source = read(pd.DataFrame({"text": ["a", "b", "c"], "score": [0.5, np.nan, 0.1]}), item="text")
    assert [task.position for task in to_tasks(source)[0]] == [0, 1, 2]
    assert [task.position for task in to_tasks(source, start=10)[0]] == [10, 11, 12]
    assert [task.position for task in to_tasks(source, order=sampling.by("score"))[0]] == [
        0.5,
        sampling.LAST,
        0.1,
    ]
    one, two = (to_tasks(source, order=sampling.random(3), start=start)[0] for start in (0, 50))
    assert [task.position for task in one] == [task.position for task in two]


# -- what is not taken ---------------------------------------------------------------------------------------


def test_rows_without_an_item_are_rejected_by_their_labels():
    frame = pd.DataFrame({"text": ["a", None, "", " \n", np.nan]}, index=["v", "w", "x", "y", "z"])
    assert reasons(frame) == dict.fromkeys("wxyz", "column 'text' is empty: there is nothing to label")
    assert to_tasks(read(frame))[2] == [digest("a"), None, None, None, None]


def test_rows_of_nothing_are_rejected():
    frame = pd.DataFrame({"a": [1, np.nan], "b": [None, None]})
    assert reasons(frame, item="*") == {1: "all columns are empty: there is nothing to label"}


def test_rows_without_a_key_are_rejected():
    frame = pd.DataFrame({"id": ["k", None, " ", "x" * 501, "n\0", [1]], "text": list("abcdef")})
    found = reasons(frame, item="text", key="id")
    assert (
        found[1]
        == found[2].replace("' '", "None")
        == "key column 'id' holds None: every row needs a text or number there"
    )
    assert "at most 500 characters" in found[3]
    assert "NUL" in found[4]
    assert "every row needs a text" in found[5]
    assert set(found) == {1, 2, 3, 4, 5}


def test_one_key_for_two_items_is_rejected_but_a_repeat_is_not():
    frame = pd.DataFrame({"id": ["k", "k", "k", "l"], "text": ["a", "b", "a", "b"]})
    assert reasons(frame, item="text", key="id") == {
        1: "the key 'k' stands for another item in an earlier row of this table"
    }


def test_cells_that_json_has_no_form_for_are_rejected_by_column():
    cells = [1, b"bytes", {1: 2}, object(), "a\ud800", {"ok": [1]}]
    found = reasons(
        pd.DataFrame({"text": list("abcdef"), "extra": pd.Series(cells, dtype=object)}), item="text"
    )
    assert set(found) == {1, 2, 3, 4}
    assert found[1] == "column 'extra' holds bytes: save it to a file and give the file's path"
    assert all(reason.startswith("column 'extra' holds ") for reason in found.values())


def test_unpaired_surrogates_and_huge_texts_are_rejected():
    frame = pd.DataFrame({"text": pd.Series(["fine", "a\ud800", "x" * 50_000_000], dtype=object)})
    assert reasons(frame) == {
        1: "column 'text' holds an unpaired surrogate, which is no character: it was decoded wrongly",
        2: "column 'text' holds a text of 50,000,000 characters; at most 10,000,000 are taken",
    }


def test_numbers_among_texts_are_rejected_not_turned():
    found = reasons(pd.DataFrame({"text": pd.Series(["a", 5, ["b"]], dtype=object)}), modality="text")
    assert found[1] == "column 'text' holds 5 where a text or path is expected; convert it, as in astype(str)"
    assert 2 in found


def test_row_labels_that_can_not_be_stored_are_rejected():
    assert reasons(pd.DataFrame({"text": ["a"]}, index=[b"x"])) == {
        b"x": "the row's label holds bytes: save it to a file and give the file's path"
    }


def test_bad_categories_are_rejected_row_by_row():
    frame = pd.DataFrame({"text": ["a", "b"], "c": pd.Categorical([b"x", "y"])})
    assert list(reasons(frame, item="text")) == [0]


def test_nothing_comes_of_nothing():
    assert to_tasks(read(pd.DataFrame())) == ([], [], [])
    assert to_tasks(read([])) == ([], [], [])


# -- pictures ------------------------------------------------------------------------------------------------


@pytest.fixture
def pictures(tmp_path):
    folder = tmp_path / "pictures"
    (folder / "sub").mkdir(parents=True)
    for name in ("1.png", "sub/2.png"):
        Image.new("RGB", (8, 8)).save(folder / name)
    (folder / "empty.png").touch()
    (tmp_path / "secret.png").touch()
    (folder / "out.png").symlink_to(tmp_path / "secret.png")
    return folder


def test_paths_are_stored_from_their_root(pictures):
    source = read(pd.DataFrame({"image": [str(pictures / "1.png"), str(pictures / "sub" / "2.png")]}))
    tasks = to_tasks(source, media=MediaLibrary(source.roots))[0]
    assert [task.data["image"] for task in tasks] == ["1.png", "sub/2.png"]
    assert [task.key for task in tasks] == [digest("1.png"), digest("sub/2.png")]


def test_a_moved_folder_has_the_same_keys(pictures, tmp_path):
    def keys(folder):
        source = read(folder)
        return [key for key in to_tasks(source, media=MediaLibrary(source.roots))[2] if key]

    before = keys(pictures)
    pictures.rename(tmp_path / "elsewhere")
    assert keys(tmp_path / "elsewhere") == before
    assert len(before) == 3


def test_files_that_are_missing_or_outside_are_rejected_and_empty_ones_taken(pictures):
    names = [
        "1.png",
        "no.png",
        "out.png",
        "../secret.png",
        "empty.png",
        "https://h.org/a.png",
        "s3://b/a.png",
        "file:///etc/passwd",
    ]
    values = [name if ":" in name else str(pictures / name) for name in names]
    found = reasons(pd.DataFrame({"image": values}), media=MediaLibrary([pictures]))
    assert set(found) == {1, 2, 3, 5, 6, 7}
    assert "there is no file" in found[1]
    assert "lies outside the media roots" in found[2]
    assert "lies outside the media roots" in found[3]
    assert "allow_hosts=['h.org']" in found[5]
    assert "declare its folder in media_roots" in found[6]
    assert "is not loaded" in found[7]


def test_relative_paths_are_meant_from_the_table_then_from_a_root(pictures, tmp_path, monkeypatch):
    (tmp_path / "table.csv").write_text("image\npictures/1.png\n")
    source = read(tmp_path / "table.csv")
    assert source.roots == (str(pictures),)
    assert to_tasks(source, media=MediaLibrary(source.roots))[0][0].data == {"image": "1.png"}
    source = read(pd.DataFrame({"image": ["sub/2.png", "nowhere.png"]}))
    tasks, rejected, _ = to_tasks(source, media=MediaLibrary([pictures]))
    assert tasks[0].data == {"image": "sub/2.png"}
    assert rejected[0].reason.startswith("there is no file 'nowhere.png' under the media roots")


def test_paths_may_be_path_objects(pictures):
    source = read(pd.DataFrame({"image": [pictures / "1.png"]}))
    assert to_tasks(source, media=MediaLibrary(source.roots))[0][0].data == {"image": "1.png"}


def test_what_the_reading_left_out_stands_first(pictures):
    (pictures / "linked").symlink_to(pictures / "sub")
    source = read(pictures)
    rejected = to_tasks(source, media=MediaLibrary(source.roots))[1]
    assert [each.row for each in rejected] == [str(pictures / "linked"), 2]
    assert "links to folders are not followed" in rejected[0].reason
