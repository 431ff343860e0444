"""Sessions and commands on a server: the journeys, end to end, as on a file."""

import json

import pandas as pd
import pytest
from click.testing import CliRunner
from pandas.testing import assert_frame_equal

import labelwidgets as lw
from labelwidgets import cli
from labelwidgets.places import named
from labelwidgets.store import open_store
from tests import postgres


@pytest.fixture
def url():
    with postgres.place() as url:
        yield url


def run(*words, code=0):
    """Run a command and return what it printed; with --json as JSON."""
    result = CliRunner().invoke(cli.main, [str(word) for word in words])
    assert result.exit_code == code, (result.output, result.exception)
    assert "Traceback" not in result.output
    return json.loads(result.stdout) if "--json" in words else result.output


def label_all(session, mood):
    while tasks := session.next():
        session.submit(tasks[0], {"mood": mood(tasks[0])}, seconds=2.0)


def test_a_session_is_labeled_read_and_opened_again(url, texts, mood):
    with lw.Session(url, data=texts, item="text", schema=mood, user="ann") as session:
        label_all(session, lambda task: "glad" if task.data["n"] % 2 else "sad")
        frame = session.frame()
        assert frame["mood"].tolist() == ["sad", "glad"] * 5
        assert set(frame["label_status"]) == {"submitted"}
        assert session.progress.done == 10
        session.undo()
        assert session.progress.done == 9
        annotations = session.annotations()
    with lw.Session(url, user="ben") as again:
        assert_frame_equal(again.annotations(), annotations)
        assert again.frame()["mood"].isna().sum() == 1
        assert again.frame()["n"].dtype == texts["n"].dtype
        assert len(again.next(5)) == 1


def test_two_people_on_photographs(url, photos, street):
    options = {"data": photos, "item": "image", "schema": street, "overlap": 2}
    with lw.Session(url, user="ann", **options) as ann, lw.Session(url, user="ben") as ben:
        for session in (ann, ben):
            for task in session.next(3):
                session.submit(task, {"objects": [lw.Box(1, 2, 30, 40, label="car")], "weather": "sun"})
        assert len(ann.regions()) == 6
        assert ann.progress.done == 3
        ann.comment(ann.next()[0], "blurred?")
        assert [comment.text for comment in ben.comments()] == ["blurred?"]
        assert ann.title.startswith("labelwidgets_")
        assert "?" not in ann.title


def test_the_same_tables_as_on_a_file(url, texts, mood, tmp_path):
    tables = []
    for place in (url, tmp_path / "labels.db"):
        with lw.Session(place, data=texts, item="text", schema=mood, user="ann") as session:
            session.prioritize({key: float(n) for n, key in session.store.task_keys(1).items()})
            label_all(session, lambda task: "glad" if task.data["n"] % 3 else "sad")
            rows = session.annotations()
            tables.append(
                (
                    session.frame().drop(columns="labeled_at"),
                    session.regions(),
                    rows[["key", "mood", "status"]],
                )
            )
            tables[-1] += (rows.dtypes,)
    for on_server, in_file in zip(*tables, strict=True):
        assert on_server.equals(in_file)


def test_relabel_opens_what_a_model_got_wrong(url, texts):
    data = texts.assign(label=["glad"] * 10, said=["glad"] * 8 + ["sad"] * 2)
    with lw.relabel(data, item="text", label="label", prediction="said", store=url, user="ann") as session:
        for task in session.next(2):
            assert task.data["n"] in (8, 9)
            session.submit(task, {"label": "sad"})
        assert session.frame()["label"].tolist() == ["glad"] * 8 + ["sad"] * 2
        assert [p.model for p in session.store.predictions(1)] == ["said"] * 10


def test_a_schema_is_changed_and_the_answers_are_read_through_it(url, texts, mood):
    with lw.Session(url, data=texts, item="text", schema=mood, user="ann") as session:
        label_all(session, lambda task: "glad")
        session.migrate(lw.RenameLabel("mood", "glad", "happy"))
        assert set(session.frame()["mood"]) == {"happy"}
        assert session.schema_version == 2
    with lw.Session(url, user="ann") as again:
        assert set(again.frame()["mood"]) == {"happy"}
        assert again.store.verify() == []


def test_every_command_takes_a_url(url, texts, tmp_path):
    texts.to_csv(tmp_path / "t.csv", index=False)
    made = run(
        "init", url, "--data", tmp_path / "t.csv", "--item", "text", "--choice", "mood=glad,sad", "--json"
    )
    assert made["tasks"] == 10
    with lw.Session(url, user="ann") as session:
        label_all(session, lambda task: "glad")
    more = pd.DataFrame({"text": ["one", "two"], "n": [10, 11]})
    more.to_csv(tmp_path / "more.csv", index=False)
    assert run("add", url, tmp_path / "more.csv", "--json")["added"] == 2
    assert run("report", url, "--json")["states"]["done"] == 10
    run("export", url, tmp_path / "out.csv")
    assert pd.read_csv(tmp_path / "out.csv")["mood"].tolist()[:10] == ["glad"] * 10
    assert "sound" in run("verify", url)
    run("backup", url, tmp_path / "copy.db")
    assert "sound" in run("verify", tmp_path / "copy.db")
    run("erase", url, "--task", 3, "--yes")
    assert "sound" in run("verify", url)
    with lw.Session(url, user="ann") as session:
        assert [row for *_, row in session.store.rows(1)].count({}) == 1


def test_a_command_on_a_server_that_is_not_there_says_so(tmp_path):
    said = run("verify", f"postgresql://ann:hush@127.0.0.1:{postgres.free_port()}/labels", code=1)
    assert "can't be reached" in said
    assert "hush" not in said


@pytest.mark.parametrize(
    ("store", "shown"),
    [
        ("labels.db", "labels.db"),
        ("postgresql://ann:hush@server:5432/labels?schema=x", "postgresql://ann@server:5432/labels?schema=x"),
        ("postgresql:///labels?password=hush&sslmode=require", "postgresql:///labels?sslmode=require"),
        (
            "postgresql://server/labels?sslmode=require&sslpassword=hush",
            "postgresql://server/labels?sslmode=require&",
        ),
    ],
)
def test_commands_name_a_store_without_its_password(store, shown):
    assert named(store) == shown


def test_a_command_makes_no_tables_where_there_is_no_store(url):
    said = run("verify", url, code=1)
    assert "There is no store at" in said
    assert postgres.run(url, "SELECT 1") == [(1,)]
    with pytest.raises(lw.StoreError, match="There is no store at"):
        open_store(url, read_only=True)
