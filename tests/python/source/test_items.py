"""Which column is labeled and what it holds; errors that name the columns there are."""

import numpy as np
import pandas as pd
import pytest

import labelwidgets as lw
from labelwidgets.errors import SourceError
from labelwidgets.source import is_picture, modality, read

# -- what the items are --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["a.png", "b.JPG", "sub/c.jpeg"], "image"),
        (["/x/a.tif", "s3://bucket/a.webp", "https://h.org/a.avif?size=3#x"], "image"),
        (["a.png", None, "b"], "image"),
        (["a.bmp", "b.gif", "c.tiff"], "image"),
        (["hello", "see a.png here"], "text"),
        (["first\nsecond.png", "x" * 5000 + ".png"], "text"),
        (["https://example.org/page"], "text"),
        ([None, None], "text"),
        ([1, 2], "row"),
        ([[1], {"a": 2}], "row"),
    ],
)
def test_modality_by_values(values, kind):
    assert modality(read(pd.DataFrame({"item": pd.Series(values)}), item="item")) == kind


def test_the_schema_decides_when_it_draws_in_pictures():
    source = read(pd.DataFrame({"image": ["https://example.org/1"]}))
    assert modality(source) == "text"
    assert modality(source, lw.Schema(lw.Choice("mood", ["glad", "sad"]))) == "text"
    assert modality(source, lw.Schema(lw.Boxes("objects", ["car"]))) == "image"


def test_boxes_need_a_column_of_pictures():
    with pytest.raises(SourceError, match=r"'objects' is drawn in pictures.*item='image'.*'a', 'b'"):
        modality(read(pd.DataFrame({"a": [1], "b": [2]})), lw.Schema(lw.Boxes("objects", ["car"])))


@pytest.mark.parametrize(
    ("value", "yes"),
    [
        ("a.PNG", True),
        ("a.png ", False),
        ("a.txt", False),
        (".png", False),
        ("", False),
        (3, False),
        (None, False),
        ("data:image/png;base64,x", False),
    ],
)
def test_is_picture(value, yes):
    assert is_picture(value) is yes


# -- which column --------------------------------------------------------------------------------------------


def test_the_only_column_that_can_be_meant_is_labeled():
    assert read(pd.DataFrame({"x": [1]})).item == "x"
    assert read(pd.DataFrame({"image": ["a.png"], "place": ["here"], "n": [1]})).item == "image"
    assert read(pd.DataFrame({"text": ["hello"], "n": [1]})).item == "text"
    assert read(pd.DataFrame({"id": ["a"], "text": ["hello"]}), key="id").item == "text"
    assert read(pd.DataFrame({"a": [1], "b": [2.5]})).item is None
    assert read(pd.DataFrame({"text": ["hello"], "n": [1]}), item="*").item is None


def test_when_several_can_be_meant_they_are_listed():
    with pytest.raises(
        SourceError, match=r"not clear which column is labeled, 'text', 'answer'.*item='text'.*item='\*'"
    ):
        read(pd.DataFrame({"text": ["a b"], "answer": ["c d"], "n": [1]}))
    with pytest.raises(SourceError, match="'left', 'right'"):
        read(pd.DataFrame({"left": ["a.png"], "right": ["b.png"]}))


@pytest.mark.parametrize("role", ["item", "key"])
def test_a_missing_column_is_named_with_those_there_are(role):
    frame = pd.DataFrame({"image": ["a.png"], "weather": ["sun"]})
    with pytest.raises(
        SourceError,
        match=rf"no column 'imgae' for {role}=; there are 'image', 'weather'. Did you mean 'image'\?",
    ):
        read(frame, **{role: "imgae"})
    with pytest.raises(SourceError, match="Give one of these"):
        read(frame, **{role: "zzz"})


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "found several times 'a'"),
        (
            pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([("a", "b"), ("a", "c")])),
            "several levels",
        ),
        (pd.DataFrame([[1, 2]]), r"found 0: rename it, as in df.columns = df.columns.astype\(str\)"),
        (pd.DataFrame({None: [1]}), "a column's name is a text"),
        (pd.DataFrame({"__index_0__": [1]}), "can't be called '__index_0__'"),
        (pd.DataFrame([[1]], columns=pd.Index(["a\ud800"], dtype=object)), "can't be called"),
    ],
    ids=["twice", "levels", "numbers", "none", "reserved", "surrogate"],
)
def test_columns_that_have_no_plain_name_are_refused(frame, said):
    with pytest.raises(SourceError, match=said):
        read(frame)


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame(),
        pd.DataFrame({"image": []}),
        pd.DataFrame({"image": pd.Series([], dtype="str"), "n": []}),
    ],
)
def test_an_empty_frame_is_fine(frame):
    source = read(frame, item="image")
    assert (source.item, len(source.frame), source.roots) == ("image", 0, ())


def test_the_frame_is_a_copy():
    frame = pd.DataFrame({"text": ["a"]}, index=["x"])
    source = read(frame)
    frame.loc["x", "text"] = "changed"
    assert source.frame.loc["x", "text"] == "a"


# -- roots ---------------------------------------------------------------------------------------------------


@pytest.fixture
def tree(tmp_path):
    for name in ("a/1.png", "a/deep/2.png", "b/3.png", "b/4"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path


def roots(values):
    return read(pd.DataFrame({"image": pd.Series(values, dtype=object)}), item="image").roots


def test_the_parents_of_local_paths_are_roots(tree):
    assert roots([str(tree / "a" / "1.png"), tree / "b" / "3.png", np.nan]) == (
        str(tree / "a"),
        str(tree / "b"),
    )
    assert roots([str(tree / "a" / "deep" / "2.png"), str(tree / "a" / "1.png")]) == (str(tree / "a"),)
    assert roots([f"{tree}/b/../a/1.png"]) == (str(tree / "a"),)
    assert roots([str(tree / "b" / "4")]) == (str(tree / "b"),)


def test_relative_paths_are_meant_from_the_working_directory(tree, monkeypatch):
    monkeypatch.chdir(tree)
    assert roots(["a/1.png", "b/3.png"]) == (str(tree / "a"), str(tree / "b"))


def test_neither_urls_nor_texts_nor_missing_folders_nor_the_whole_disk_are_roots(tree):
    assert roots(["https://h.org/a.png", "s3://b/a.png", str(tree / "no" / "1.png"), "/a.png"]) == ()
    assert roots(["some text", "other text\0", [1], 3]) == ()
