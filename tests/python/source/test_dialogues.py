"""Dialogues come in many shapes; what is none is refused with its row and the reason."""

import json

import pandas as pd
import pytest

import labelwidgets as lw

TALK = [{"speaker": "ann", "text": "Hi 👋"}, {"speaker": "bob", "text": "Hello"}]
SHAPES = {
    "speaker and text": TALK,
    "role and content": [{"role": "ann", "content": "Hi 👋"}, {"role": "bob", "content": "Hello"}],
    "from and value": [{"from": "ann", "value": "Hi 👋"}, {"from": "bob", "value": "Hello"}],
    "author and text": [{"author": "ann", "text": "Hi 👋", "at": 1.5}, {"author": "bob", "text": "Hello"}],
    "JSON text": json.dumps(TALK),
}
ACTS = lw.Schema(lw.Turns("acts", ["greets", "asks"]))


@pytest.mark.parametrize("value", SHAPES.values(), ids=SHAPES)
def test_a_dialogue_is_a_dialogue_in_any_shape(value):
    session = lw.Session(None, data=pd.DataFrame({"talk": [value]}), item="talk", schema=ACTS, user="ann")
    assert session.modality == "dialogue"
    (task,) = session.next()
    seen = session.sight(task)
    assert (seen.text, seen.turns, seen.speakers) == ("Hi 👋\nHello", ((0, 4), (5, 10)), ("ann", "bob"))
    session.submit(task, {"acts": [lw.Turn(1, label="greets")]})
    with pytest.raises(lw.LabelError, match="0 to 1"):
        session.submit(task, {"acts": [lw.Turn(2, label="greets")]})


def test_the_same_turns_as_list_and_as_text_are_one_task():
    data = pd.DataFrame({"talk": [TALK, json.dumps(TALK)]})
    session = lw.Session(None, data=data, item="talk", schema=ACTS, user="ann")
    assert session.progress.total == 1


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ([], "is empty"),
        ("no turns at all", "a dialogue is a list of turns"),
        ([{"speaker": "ann", "text": "Hi"}, "Hello"], "has 'Hello' as turn 1"),
        ([{"speaker": "ann", "text": "Hi"}, {"speaker": "bob"}], r"has no text in turn 1 \(it holds 'speaker'\)"),
        ([{"speaker": "ann", "text": 7}], "has no text in turn 0"),
        ([{"text": "Hi"}], "names no speaker"),
        ('[{"speaker": "ann", ', "a dialogue is a list of turns"),
    ],
)  # fmt: skip
def test_what_is_no_dialogue_is_refused_and_the_rest_loads(value, why):
    session = lw.Session(None, data=pd.DataFrame({"talk": [TALK]}), item="talk", schema=ACTS, user="ann")
    added = session.add(pd.DataFrame({"talk": [value, [*TALK, *TALK]]}))
    assert added.added == 1
    (rejected,) = added.rejected
    assert rejected.row == 0
    with pytest.raises(AssertionError, match=why):
        raise AssertionError(rejected.reason)


def test_labels_of_turns_need_dialogues():
    data = pd.DataFrame({"text": ["one", "two"]})
    with pytest.raises(lw.SchemaError, match="DialogueWidget shows dialogues"):
        lw.DialogueWidget(lw.Session(None, data=data, schema=lw.Schema(lw.Text("x")), user="ann"))
    with pytest.raises(lw.SourceError, match="said of the turns of dialogues"):
        lw.Session(None, data=data.assign(n=1), item="*", schema=ACTS, user="ann")
    session = lw.Session(None, data=data, schema=ACTS, user="ann")
    assert session.progress.total == 0


def test_the_table_keeps_the_dialogues_as_they_were():
    session = lw.Session(None, data=[{"talk": TALK}], item="talk", schema=ACTS, user="ann")
    assert session.frame()["talk"].tolist() == [TALK]


def test_regions_say_in_which_turn_a_span_lies():
    words = lw.Spans("words", ["w"])
    for fields in ((words,), (words, lw.Turns("acts", ["greets"]))):
        data = [{"talk": TALK}, {"talk": TALK[1:]}]
        session = lw.Session(None, data=data, item="talk", schema=lw.Schema(*fields), user="ann")
        spans = [lw.Span(0, 2, label="w"), lw.Span(3, 4, label="w"), lw.Span(5, 10, label="w")]
        said = {"acts": [lw.Turn(1, label="greets")]} if len(fields) > 1 else {}
        session.submit(1, {"words": spans} | said)
        session.submit(2, {"words": [lw.Span(4, 5, label="w")]} | ({"acts": []} if said else {}))
        table = session.regions()
        assert table.loc[table["field"] == "words", "turn"].tolist() == [0, 0, 1, 0]
        assert str(table["turn"].dtype) == "Int64"
    assert session.regions("acts")["turn"].tolist() == [1]
