"""Rankings and comparisons: what each row brings along decides what can be said."""

import json

import pytest

import labelwidgets as lw
from labelwidgets import export
from labelwidgets.labels import Item
from labelwidgets.report import Report
from labelwidgets.review.answers import labels_in


def row(**data):
    return Item(data=data)


NOTHING = Item()


def refused(field, value, item=NOTHING):
    with pytest.raises(lw.LabelError) as caught:
        field.check(value, item)
    return str(caught.value)


def test_an_order_of_all_options():
    field = lw.Ranking("best", ["a", "b", "c"])
    assert field.check(["c", "a", "b"]) == ["c", "a", "b"]
    assert field.cell(["c", "a", "b"]) == '["c", "a", "b"]'
    assert "expected 3 ranked, found 2. Give a list of 'a', 'b', 'c', best first." in refused(
        field, ["a", "b"]
    )
    assert "each id once" in refused(field, ["a", "a", "b"])
    assert "ids of 'a', 'b', 'c', found 'd'" in refused(field, ["a", "b", "d"])
    assert "found 0" in refused(field, [])
    assert field.changed(required=False).check([]) is None


def test_an_order_of_the_best():
    field = lw.Ranking("best", ["a", "b", "c"], top=2)
    assert field.check(["c", "a"]) == ["c", "a"]
    assert "expected 2 ranked, found 3" in refused(field, ["a", "b", "c"])
    assert lw.Ranking("best", ["a", "b"], top=5).check(["b", "a"]) == ["b", "a"]


def test_an_order_of_what_the_row_brings_along():
    field = lw.Ranking("best", column="answers")
    item = row(answers=["yes", {"id": "n", "text": "no"}, {"text": "perhaps"}])
    assert field.check(["n", "2", "0"], item) == ["n", "2", "0"]
    assert "ids of '0', 'n', '2', found '1'" in refused(field, ["n", "1", "0"], item)
    assert "expected 3 ranked" in refused(field, ["n"], item)
    assert field.check(["x", "y"]) == ["x", "y"], "where the row is not known"
    field.check_item(item)
    for answers in (None, [], ["one"], "text", [{"id": "a"}, {"id": "a"}]):
        with pytest.raises(lw.LabelError, match="column 'answers': expected a list of at least 2 texts"):
            field.check_item(row(answers=answers))


@pytest.mark.parametrize("said", [{}, {"options": ["a"], "column": "x"}])
def test_a_ranking_is_of_options_or_of_a_column(said):
    with pytest.raises(lw.SchemaError, match="ranks either options"):
        lw.Ranking("best", **said)


def test_a_comparison_of_two_columns():
    field = lw.Pairwise("better", ["left", "right"])
    assert [field.check(verdict) for verdict in ("a", "b", "tie", "bad")] == ["a", "b", "tie", "bad"]
    assert "one of 'a', 'b', 'tie', 'bad', found 'both'" in refused(field, "both")
    field.check_item(row(left="x", right="y"))
    with pytest.raises(lw.LabelError, match="column 'right': expected a side to compare by 'better'"):
        field.check_item(row(left="x", right=None))


def test_a_comparison_in_words_of_ones_own():
    field = lw.Pairwise("better", texts=["short", "long"], options=[lw.Label("short"), lw.Label("long")])
    assert field.check("long") == "long"
    assert "one of 'short', 'long', found 'tie'" in refused(field, "tie")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({}, "compares either two columns"),
        ({"columns": ["a", "b"], "texts": ["a", "b"]}, "compares either two columns"),
        ({"columns": ["a"]}, "must be two texts"),
        ({"columns": "ab"}, "must be two texts"),
        ({"texts": ["a", None]}, "must be two texts"),
        ({"columns": ["a", 5]}, "must be the name of a column"),
        ({"columns": ["a", "b"], "options": ["only"]}, "at least two options"),
    ],
)
def test_what_no_comparison_may_be(said, told):
    with pytest.raises(lw.SchemaError, match=told):
        lw.Pairwise("better", **said)


def test_rows_that_bring_nothing_along_are_rejected_one_by_one():
    schema = lw.Schema(lw.Pairwise("better", ["left", "right"]), lw.Ranking("best", column="all"))
    data = [
        {"prompt": "p", "left": "x", "right": "y", "all": ["x", "y"]},
        {"prompt": "q", "left": "x", "right": None, "all": ["x", "y"]},
        {"prompt": "r", "left": "x", "right": "y", "all": ["x"]},
    ]
    session = lw.Session(None, data=data, item="prompt", schema=schema, user="ann")
    assert [(row.row, row.reason.split(":")[0]) for row in session.added.rejected] == [
        (1, "column 'right'"),
        (2, "column 'all'"),
    ]
    (task,) = session.next()
    session.submit(task, {"better": "tie", "best": ["1", "0"]})
    frame = session.frame()
    assert (frame["better"][0], frame["best"][0]) == ("tie", '["1", "0"]')
    assert frame["label_status"].tolist() == ["submitted", "rejected", "rejected"]


def test_removed_options_leave_the_order_of_the_others():
    schema = lw.Schema(lw.Ranking("best", ["a", "b", "c"]), lw.Pairwise("better", texts=["x", "y"]))
    session = lw.Session(None, data=[{"text": "t"}], item="text", schema=schema, user="ann")
    (task,) = session.next()
    session.submit(task, {"best": ["c", "a", "b"], "better": "bad"})
    session.migrate(
        lw.RemoveLabel("best", "a"), lw.RenameLabel("best", "b", "B"), lw.RemoveLabel("better", "bad")
    )
    assert session.frame()["best"][0] == '["c", "B"]'
    assert session.frame()["better"].isna()[0]


def test_an_order_is_counted_by_its_first_and_exported_as_a_list(tmp_path):
    schema = lw.Schema(lw.Ranking("best", ["a", "b", "c"]))
    session = lw.Session(None, data=[{"text": "t"}], item="text", schema=schema, user="ann")
    session.submit(session.next()[0], {"best": ["c", "a", "b"]})
    assert Report.of(session).labels == {"best": {"c": 1, "a": 0, "b": 0}}
    assert labels_in(schema["best"], session.annotations()["best"][0]) == ("c",)
    export.export(session, tmp_path / "f.jsonl")
    assert json.loads((tmp_path / "f.jsonl").read_text())["best"] == ["c", "a", "b"]
