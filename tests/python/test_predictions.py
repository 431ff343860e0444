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


def test_a_picture_that_no_task_has_is_refused_and_nothing_is_kept(session, photos):
    said = pd.DataFrame({"image": [photos["image"][0], "elsewhere.png"], "weather": ["sun", "rain"]})
    with pytest.raises(lw.LabelError, match="no task has"):
        session.add_predictions(said, model="m")
    assert session.predictions() == []
