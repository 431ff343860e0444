"""What may be said of the turns of a dialogue, and what is refused."""

import pytest

import labelwidgets as lw
from labelwidgets.labels import Item

TALK = Item(
    None, None, 11, text="hi\nwhat?\nbye", turns=((0, 2), (3, 8), (9, 12)), speakers=("ann", "bot", "ann")
)
ACTS = lw.Turns("acts", ["greets", "asks", "leaves"])


def test_a_turn_is_its_place_in_the_dialogue():
    said = ACTS.check([lw.Turn(1, label="asks"), {"turn": 0, "label": "greets"}], TALK)
    assert [(turn.turn, turn.label) for turn in said] == [(1, "asks"), (0, "greets")]
    assert len({turn.id for turn in said}) == 2


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        (ACTS, [lw.Turn(3, label="asks")], r"acts\[0\]\.turn: expected 0 to 2 .*found 3"),
        (ACTS, [{"turn": -1, "label": "asks"}], r"acts\[0\]\.turn: expected a whole number"),
        (ACTS, [{"turn": 0, "label": "shouts"}], r"acts\[0\]\.label: expected one of"),
        (ACTS, [lw.Turn(1, label="asks"), lw.Turn(1, label="leaves")], r"one label of a turn .*turn 1"),
        (
            lw.Turns("acts", ["a", "b"], multiple=True),
            [lw.Turn(1, label="a"), lw.Turn(1, label="a")],
            "each label once of a turn",
        ),
        (
            lw.Turns("acts", ["a"], speakers=["ann"]),
            [lw.Turn(1, label="a")],
            r"turns of 'ann', found '1 of 'bot''|turns of",
        ),
        (lw.Turns("acts", ["a"], every=True), [lw.Turn(1, label="a")], "none of turn 0.*2 are without"),
        (
            lw.Turns("acts", ["a"], every=True, speakers=["bot"]),
            [],
            "a label of each of 1 turns",
        ),
    ],
)  # fmt: skip
def test_what_can_not_be_is_refused(field, value, told):
    with pytest.raises(lw.LabelError, match=told):
        field.check(value, TALK)


def test_several_labels_where_the_field_says_so():
    field = lw.Turns("acts", ["a", "b"], multiple=True)
    assert len(field.check([lw.Turn(1, label="a"), lw.Turn(1, label="b")], TALK)) == 2


def test_every_turn_of_the_speakers_asked_about():
    field = lw.Turns("acts", ["a"], every=True, speakers=["bot"])
    assert len(field.check([lw.Turn(1, label="a")], TALK)) == 1


def test_a_schema_that_asks_nothing_of_a_turn_is_refused():
    with pytest.raises(lw.SchemaError, match="asks nothing of a turn"):
        lw.Turns("acts")
    with pytest.raises(lw.SchemaError, match="list of names"):
        lw.Turns("acts", ["a"], speakers="bot")


def test_turns_stand_in_a_table_of_their_own(tmp_path):
    talk = [{"speaker": "ann", "text": "hi"}, {"speaker": "bot", "text": "what?"}]
    session = lw.Session(
        tmp_path / "talk.db", data=[{"talk": talk}], item="talk", schema=lw.Schema(ACTS), user="ann"
    )
    (task,) = session.next()
    session.submit(task, {"acts": [lw.Turn(1, label="asks")]})
    table = session.regions()
    assert table[["turn", "label"]].to_dict("records") == [{"turn": 1, "label": "asks"}]
    assert str(table["turn"].dtype) == "Int64"
    with pytest.raises(lw.LabelError, match="0 to 1"):
        session.submit(task, {"acts": [lw.Turn(2, label="asks")]})


def test_an_answer_that_starts_from_another_tells_how_far_it_went():
    schema = lw.Schema(lw.Text("answer", begin="draft", multiline=True))
    rows = [{"ask": "hi?", "draft": "Helo."}, {"ask": "why?", "draft": "Because."}]
    session = lw.Session(None, data=rows, item="ask", schema=schema, user="ann")
    session.submit(session.next()[0], {"answer": "Hello!"})
    frame = session.frame()
    assert str(frame["answer_edits"].dtype) == "Int64"
    assert frame["answer_edits"].tolist()[0] == 2
    assert frame["answer_edits"].isna().tolist() == [False, True]
    assert schema["answer"].sources == ("draft",)
