"""Knowledge entries of tables: what spans link to."""

import pandas as pd
import pytest

import labelwidgets as lw

ROWS = [
    {"id": 1741, "title": "Vienna", "description": "capital of Austria", "aliases": ["Wien", "Vindobona"]},
    {"id": "007", "title": None, "description": None, "aliases": "James | Bond |"},
]


def test_of_rows():
    assert lw.entries_of(ROWS) == [
        lw.Label("1741", title="Vienna", description="capital of Austria", aliases=("Wien", "Vindobona")),
        lw.Label("007", aliases=("James", "Bond")),
    ]


def test_of_a_file_with_other_names(tmp_path):
    (tmp_path / "k.csv").write_text("uri,name\n007,Bond\nNA,\n", encoding="utf-8")
    found = lw.entries_of(tmp_path / "k.csv", id="uri", title="name")
    assert found == [lw.Label("007", title="Bond"), lw.Label("NA")]


def test_of_parquet(tmp_path):
    table = pd.DataFrame(ROWS[:1])
    table.to_parquet(tmp_path / "k.parquet")
    assert lw.entries_of(tmp_path / "k.parquet") == lw.entries_of(ROWS[:1])


def test_ten_thousand_are_entries_of_a_field():
    many = lw.entries_of(
        pd.DataFrame({"id": range(10_000), "title": [f"<script>{n}" for n in range(10_000)]})
    )
    field = lw.Spans("e", entries=many)
    assert field.check([lw.Span(0, 1, link="9999")])[0].link == "9999"
    assert field.wire()["entries"][5]["title"] == "<script>5"


@pytest.mark.parametrize(
    ("rows", "error", "told"),
    [
        ([{"name": "x"}], lw.SourceError, "there is no column 'id' for item="),
        ([{"id": "a"}, {"id": ""}], lw.SchemaError, "entry 1 of the table: a label's name must be 1 to 200"),
        ([{"id": None}], lw.SchemaError, "entry 0 of the table"),
        ([{"id": "a", "title": "\x00"}], lw.SchemaError, "entry 0 of the table: title of label 'a'"),
        ([{"id": "a\u202eb"}], lw.SchemaError, "writing-direction override"),
    ],
)
def test_rows_that_are_no_entries(rows, error, told):
    with pytest.raises(error, match=told):
        lw.entries_of(rows)


def test_ids_that_come_twice_are_told_of_by_the_field():
    with pytest.raises(lw.SchemaError, match="entries of field 'e' has 'a' more than once"):
        lw.Spans("e", entries=lw.entries_of([{"id": "a"}, {"id": "a"}]))
