"""A model fails; its rows are relabeled: worst first, and the frame comes out corrected."""

import numpy as np
import pandas as pd
import pytest

import labelwidgets as lw


@pytest.fixture
def table():
    return pd.DataFrame(
        {
            "text": ["a", "b", "c", "d", "e"],
            "mood": pd.Categorical(["glad", "sad", "glad", None, "sad"]),
            "said": ["glad", "glad", "sad", "sad", "sad"],
            "p": [0.9, 0.6, 0.99, 0.7, 0.55],
        },
        index=list("vwxyz"),
    )


def order(session):
    seen = []
    while task := next(iter(session.next()), None):
        seen.append(task.data["text"])
        session.submit(task, {"mood": "sad"})
    return seen


def test_the_worst_come_first(table):
    session = lw.relabel(table, item="text", label="mood", prediction="said", proba="p", user="ann")
    assert order(session) == ["d", "c", "b", "e", "a"]


def test_without_a_model_only_the_missing_come_first(table):
    session = lw.relabel(table, item="text", label="mood", user="ann")
    assert order(session)[0] == "d"


def test_the_least_sure_first_without_predictions(table):
    session = lw.relabel(table.dropna(), item="text", label="mood", proba="p", user="ann")
    assert order(session) == ["e", "b", "a", "c"]


def test_the_frame_is_corrected_in_place(table):
    session = lw.relabel(table, item="text", label="mood", prediction="said", proba="p", user="ann")
    (task,) = session.next()
    session.submit(task, {"mood": "glad"})
    frame = session.frame()
    assert list(frame.index) == list(table.index)
    assert frame["mood"].astype("object").tolist() == ["glad", "sad", "glad", "glad", "sad"]
    assert frame["mood"].dtype == table["mood"].dtype
    assert frame["label_status"].tolist() == ["open", "open", "open", "submitted", "open"]
    assert table["mood"].isna().sum() == 1


def test_the_model_speaks_as_a_suggestion(table):
    session = lw.relabel(table, item="text", label="mood", prediction="said", proba="p", user="ann")
    said = {session.task(p.task_id).data["text"]: (p.values["mood"], p.score) for p in session.predictions()}
    assert said["c"] == ("sad", 0.99)
    assert session.shown == ["mood", "said", "p"]


def test_it_goes_on_where_it_was(table, tmp_path):
    first = lw.relabel(table, item="text", label="mood", store=tmp_path / "r.db", user="ann")
    first.submit(first.next()[0], {"mood": "sad"})
    first.close()
    again = lw.relabel(table, item="text", label="mood", store=tmp_path / "r.db", user="ann")
    assert again.progress.done == 1
    assert lw.Session(tmp_path / "r.db", user="ann").frame()["mood"].isna().sum() == 0


def test_duplicates_are_asked_once(table):
    twice = pd.concat([table, table])
    session = lw.relabel(twice, item="text", label="mood", prediction="said", user="ann")
    assert len(order(session)) == 5
    assert session.frame()["mood"].tolist() == ["sad"] * 10


def test_numbers_as_labels():
    table = pd.DataFrame({"text": ["a", "b"], "digit": [3, 5], "p": [0.2, np.nan]})
    session = lw.relabel(table, item="text", label="digit", proba="p", user="ann")
    session.submit(session.next()[0], {"digit": "5"})
    pd.testing.assert_series_equal(session.frame()["digit"], pd.Series([5, 5], name="digit"))


def test_a_label_that_was_not_there_before(table):
    session = lw.relabel(table, item="text", label="mood", user="ann")
    session.migrate(lw.AddLabel("mood", "calm"))
    session.submit(session.next()[0], {"mood": "calm"})
    assert session.frame()["mood"].astype("object").tolist()[3] == "calm"
    assert isinstance(session.frame()["mood"].dtype, pd.CategoricalDtype)


@pytest.mark.parametrize("wrong", [{"label": "mod"}, {"item": "txt"}, {"prediction": "?"}, {"proba": "?"}])
def test_a_missing_column_names_those_there(table, wrong):
    asked = {"item": "text", "label": "mood"} | wrong
    with pytest.raises(lw.SourceError, match="the table has 'text'"):
        lw.relabel(table, **asked)


def test_a_table_without_labels(table):
    with pytest.raises(lw.SourceError, match="no labels"):
        lw.relabel(table.assign(mood=None), item="text", label="mood")


def test_a_store_is_no_session_to_show():
    with pytest.raises(lw.SourceError, match=r"found str: open one first, as in lw.label\(lw.Session"):
        lw.label("street.db")
