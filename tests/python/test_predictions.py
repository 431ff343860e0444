"""What a model says of items reaches the tasks that are meant, however the items are named."""

import pandas as pd
import pytest

import labelwidgets as lw


@pytest.fixture
def session(tmp_path, photos):
    with lw.Session(tmp_path / "s.db", data=photos, item="image", schema=SCHEMA, user="ann") as session:
        yield session


SCHEMA = lw.Schema(lw.Choice("weather", ["sun", "rain"]))


def test_a_frame_may_name_pictures_as_the_source_did(session, photos):
    said = pd.DataFrame({"image": photos["image"][:2], "weather": ["sun", "rain"], "score": [0.9, 0.4]})
    assert session.add_predictions(said, model="m") == 2
    (first,) = session.next()
    (prediction,) = session.predictions(first)
    assert (prediction.values, prediction.score) == ({"weather": "sun"}, 0.9)


def test_a_frame_may_name_pictures_as_tasks_do(session):
    said = pd.DataFrame({"image": ["0.png"], "weather": ["rain"]})
    assert session.add_predictions(said, model="m") == 1


def test_a_picture_that_no_task_has_is_told_of_and_the_rest_is_kept(session, photos):
    said = pd.DataFrame(
        {"image": [photos["image"][0], "elsewhere.png"], "weather": ["sun", "rain"]}, index=["x", "y"]
    )
    added = session.add_predictions(said, model="m")
    assert added == 1
    assert repr(added) == "1 (1 rejected)"
    assert [(row.row, "no task has" in row.reason) for row in added.rejected] == [("y", True)]
    assert [prediction.values for prediction in session.predictions()] == [{"weather": "sun"}]


def test_where_no_row_can_be_taken_that_is_an_error(session):
    said = pd.DataFrame({"image": ["0.png", "1.png"], "weather": ["snow", "hail"]}, index=[7, 8])
    with pytest.raises(lw.LabelError, match=r"row 7: weather: expected one of .* \(and 1 more rows\)"):
        session.add_predictions(said, model="m")
    assert session.predictions() == []


def test_a_function_that_makes_what_can_not_be_is_told_of_by_row_number(session):
    added = session.add_predictions(
        lambda task: {"weather": "sun" if task.number else lw.Span(3, 1)}, model="m"
    )
    assert added == len(session.frame()) - 1
    assert added.rejected[0].row == 0
    assert "after the start" in added.rejected[0].reason
