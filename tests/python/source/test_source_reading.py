"""Sources of every kind give the same rows; what can't be read says why and what to do."""

import gzip
import json
import os

import fsspec
import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from PIL import Image

from labelwidgets.errors import SourceError
from labelwidgets.source import read, to_tasks

FRAME = pd.DataFrame(
    {"text": ["first", 'second, "quoted"', "dritte\nZeile ä"], "n": [1, 2, 3], "score": [0.5, np.nan, 1.5]}
)


# -- in memory -----------------------------------------------------------------------------------------------


class Table:
    """Like a table of another library."""

    def to_pandas(self):
        return FRAME


@pytest.mark.parametrize(
    "data",
    [
        FRAME,
        FRAME.to_dict("records"),
        (dict(row) for row in FRAME.to_dict("records")),
        FRAME.to_dict("list"),
        Table(),
    ],
    ids=["frame", "dicts", "generator", "columns", "other library"],
)
def test_tables_in_memory(data):
    source = read(data, item="text")
    assert_frame_equal(source.frame, FRAME)
    assert (source.item, source.name) == ("text", "")


def test_series_and_lists_are_a_column():
    assert read(pd.Series(["a", "b"], name="review", index=[5, 6])).frame.equals(
        pd.DataFrame({"review": ["a", "b"]}, index=[5, 6])
    )
    assert read(pd.Series(["a", "b"])).item == "item"
    assert read(["a", "b"], item="text").frame["text"].tolist() == ["a", "b"]


def test_lists_of_paths_are_pictures(tmp_path):
    Image.new("RGB", (4, 4)).save(tmp_path / "1.png")
    source = read([tmp_path / "1.png", str(tmp_path / "1.png")])
    assert source.frame["item"].tolist() == [str(tmp_path / "1.png")] * 2
    assert source.roots == (str(tmp_path),)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (5, "found 5"),
        (None, "found None"),
        (b"bytes", "found b'bytes'"),
        ([{"a": 1}, 5], "found 5 at place 1"),
        (["text", {"a": 1}], "at place 1"),
        ([1, 2], "found 1 at place 0"),
        ({"a": [1], "b": [1, 2]}, "lists of equal length"),
        ("", "expected a path"),
        ("a\0b", "expected a path"),
    ],
)
def test_what_is_no_table_is_refused(data, said):
    with pytest.raises(SourceError, match=said):
        read(data)


# -- tables in files -----------------------------------------------------------------------------------------

WRITERS = {
    "a.csv": lambda path: FRAME.to_csv(path, index=False),
    "a.tsv": lambda path: FRAME.to_csv(path, index=False, sep="\t"),
    "a.csv.gz": lambda path: FRAME.to_csv(path, index=False),
    "a.json": lambda path: path.write_text(json.dumps(FRAME.replace({np.nan: None}).to_dict("records"))),
    "columns.json": lambda path: path.write_text(
        json.dumps({name: FRAME[name].replace({np.nan: None}).tolist() for name in FRAME})
    ),
    "a.jsonl": lambda path: path.write_text(
        "".join(json.dumps(row) + "\n" for row in FRAME.to_dict("records"))
    ),
    "a.ndjson": lambda path: path.write_text(
        "\n\n".join(json.dumps(row) for row in FRAME.to_dict("records"))
    ),
    "a.jsonl.gz": lambda path: path.write_bytes(
        gzip.compress(b"".join(json.dumps(row).encode() + b"\n" for row in FRAME.to_dict("records")))
    ),
    "a.parquet": lambda path: FRAME.to_parquet(path),
    "UPPER.CSV": lambda path: FRAME.to_csv(path, index=False),
    "bom.csv": lambda path: FRAME.to_csv(path, index=False, encoding="utf-8-sig"),
    "utf16.csv": lambda path: FRAME.to_csv(path, index=False, encoding="utf-16"),
    "odd[1] *name.csv": lambda path: FRAME.to_csv(path, index=False),
}


@pytest.mark.parametrize("name", WRITERS)
def test_tables_in_files(tmp_path, name):
    WRITERS[name](tmp_path / name)
    for data in (tmp_path / name, str(tmp_path / name)):
        source = read(data, item="text")
        assert_frame_equal(source.frame, FRAME)
    assert source.name == str(tmp_path / name)
    assert source.base == str(tmp_path)


def test_columns_named_keep_what_a_file_says(tmp_path):
    (tmp_path / "a.csv").write_text("id,text,n\n007,NA,NA\n08,null,5\n")
    source = read(tmp_path / "a.csv", item="text", key="id")
    assert source.frame["id"].tolist() == ["007", "08"]
    assert source.frame["text"].tolist() == ["NA", "null"]
    assert source.frame["n"].isna().tolist() == [True, False]
    assert to_tasks(source)[2] == ["007", "08"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"", "holds no table"),
        ("a.csv", b"a,b\n1,2\n3,4,5\n", "line 3"),
        ("a.csv", b"text\nf\xfcr\n", r"not in UTF-8: found b'\\xfcr\\n' at byte 6"),
        ("a.json", b"{", "is no JSON"),
        ("a.json", b"5", "expected a list of objects"),
        ("a.json", b'{"a": [1], "b": [1, 2]}', "differ in length"),
        ("a.json", b"[" * 100_000, "is no JSON"),
        ("a.json", b"\xff", "not in UTF-8"),
        ("a.jsonl", b'{"a": 1}\n{"a": 1\n', "line 2 is no JSON"),
        ("a.jsonl", b'{"a": 1}\n[2]\n', "at place 1"),
        ("a.parquet", b"PAR1 nonsense", "is no Parquet file"),
        ("a.csv.gz", b"no gzip", "can't be read"),
    ],
)
def test_files_that_hold_no_table_say_why(tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match=said) as error:
        read(tmp_path / name)
    assert name in str(error.value)


def test_a_file_that_is_not_there_has_its_nearest_named(tmp_path):
    (tmp_path / "items.csv").touch()
    with pytest.raises(SourceError, match=r"Did you mean 'items.csv'\?"):
        read(tmp_path / "itmes.csv")
    with pytest.raises(SourceError, match="Paths are meant from"):
        read("no/such/file.csv")


@pytest.mark.parametrize("name", ["a.xlsx", "a.pkl", "a.pickle", "a"])
def test_unknown_extensions_are_refused(tmp_path, name):
    (tmp_path / name).write_bytes(b"x")
    with pytest.raises(SourceError, match="unknown extension"):
        read(tmp_path / name)


# -- folders and globs ---------------------------------------------------------------------------------------


@pytest.fixture
def tree(tmp_path):
    for name in (
        "10.png",
        "2.png",
        "B.jpg",
        "a.JPG",
        "sub/1.webp",
        "sub/deep/x 1.tif",
        ".hidden.png",
        ".git/x.png",
        "notes.md",
        "table.csv",
    ):
        path = tmp_path / "tree" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"text\nx\n")
    return tmp_path / "tree"


def test_a_folder_lists_its_pictures_in_natural_order(tree):
    source = read(tree)
    assert source.frame["name"].tolist() == ["2.png", "10.png", "a.JPG", "B.jpg", "1.webp", "x 1.tif"]
    assert source.frame["folder"].tolist() == ["", "", "", "", "sub", "sub/deep"]
    assert source.frame["path"].tolist()[-1] == str(tree / "sub" / "deep" / "x 1.tif")
    assert (source.item, source.roots) == ("path", (str(tree),))


def test_a_folder_may_be_relative_or_at_home(tree, monkeypatch):
    monkeypatch.chdir(tree.parent)
    assert read("tree").roots == (str(tree),)
    monkeypatch.setenv("HOME", str(tree.parent))
    assert read("~/tree").roots == (str(tree),)


def test_links_out_of_a_folder_are_not_followed(tree, tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "secret.png").touch()
    (tree / "linked").symlink_to(tmp_path / "other")
    source = read(tree)
    assert "secret.png" not in source.frame["name"].tolist()
    assert [each.row for each in source.rejected] == [str(tree / "linked")]


def test_a_folder_without_pictures_gives_its_texts(tmp_path):
    (tmp_path / "2.txt").write_text("zwei ä")
    (tmp_path / "10.txt").write_bytes(b"\xef\xbb\xbften")
    (tmp_path / "bad.txt").write_bytes(b"f\xfcr")
    source = read(tmp_path)
    assert source.item == "text"
    assert source.frame["text"].tolist() == ["zwei ä", "ten"]
    assert source.rejected[0].reason == "it is not in UTF-8: save it as UTF-8"


def test_a_folder_with_neither_says_so(tmp_path):
    (tmp_path / "a.pdf").touch()
    with pytest.raises(SourceError, match="holds no pictures"):
        read(tmp_path)


def test_a_single_picture_or_text_is_an_item(tree, tmp_path):
    assert read(tree / "2.png").frame["name"].tolist() == ["2.png"]
    (tmp_path / "a.txt").write_text("hello")
    assert read(tmp_path / "a.txt").frame["text"].tolist() == ["hello"]


def test_globs(tree, monkeypatch):
    assert read(f"{tree}/*.png").frame["name"].tolist() == ["2.png", "10.png"]
    everything = read(f"{tree}/**/*.[wt]*")
    assert everything.frame["folder"].tolist() == ["sub", "sub/deep"]
    assert everything.roots == (str(tree),)
    monkeypatch.chdir(tree)
    assert read("sub/*.webp").roots == (str(tree / "sub"),)
    mixed = read(f"{tree}/*")
    assert [os.path.basename(each.row) for each in mixed.rejected] == ["notes.md", "table.csv"]
    with pytest.raises(SourceError, match="no file matches"):
        read(f"{tree}/*.gif")


def test_a_glob_of_tables_is_one_table(tmp_path):
    for number in (2, 10, 1):
        pd.DataFrame({"text": [f"text {number}"], "n": [number]}).to_csv(
            tmp_path / f"part{number}.csv", index=False
        )
    assert read(f"{tmp_path}/part*.csv", item="text").frame["n"].tolist() == [1, 2, 10]


# -- by URL --------------------------------------------------------------------------------------------------


@pytest.fixture
def bucket():
    files = fsspec.filesystem("memory")
    files.pipe("/bucket/set/10.png", b"x")
    files.pipe("/bucket/set/sub/2.png", b"x")
    files.pipe("/bucket/set/.hidden/3.png", b"x")
    files.pipe("/bucket/table.csv", FRAME.to_csv(index=False).encode())
    files.pipe("/bucket/pictures.csv", b"image\nset/10.png\n")
    yield "memory://bucket"
    files.rm("/bucket", recursive=True)


def test_tables_and_folders_by_url(bucket):
    assert_frame_equal(read(f"{bucket}/table.csv", item="text").frame, FRAME)
    folder = read(f"{bucket}/set")
    assert folder.frame["path"].tolist() == [f"{bucket}/set/10.png", f"{bucket}/set/sub/2.png"]
    assert folder.frame["folder"].tolist() == ["", "sub"]
    assert folder.roots == (f"{bucket}/set",)
    assert read(f"{bucket}/set/**/*.png").frame["name"].tolist()[-1] == "2.png"


def test_relative_paths_in_a_table_by_url_are_meant_from_there(bucket):
    from labelwidgets.media import MediaLibrary

    source = read(f"{bucket}/pictures.csv")
    assert source.roots == (bucket,)
    assert to_tasks(source, media=MediaLibrary(source.roots))[0][0].data == {"image": "set/10.png"}


@pytest.mark.parametrize("url", ["file:///etc/passwd.csv", "FILE:///etc", "local:///etc"])
def test_file_urls_are_refused(url):
    with pytest.raises(SourceError, match="without file://"):
        read(url)


@pytest.mark.parametrize("url", ["nosuch://bucket/a.csv", "nosuch://bucket/folder", "memory://bucket/no.csv"])
def test_urls_that_can_not_be_read_say_why(url):
    with pytest.raises(SourceError, match="can't be"):
        read(url)
