"""Sessions of texts: spans exact to the code point in any writing, tidy in tables, bad rows refused one by one."""

import json

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import labelwidgets as lw

HOSTILE = [
    "👩‍👩‍👧 loves café ☕ in München",
    "שלום עולם hello \u202eabc\u202c",
    "a\r\nb\tc 𝔘𝔫𝔦\r\rd\u2028e\u2029f",
    "日本語のテキスト、改行なし",
    "Zoe\u0308 Zoë e\u0301\u0301\u0301",
    "zero\u200bwidth\u200d\u200c\ufeff\u2060",
    "nul\x00bell\x07esc\x1b",
    "🇦🇹🇩🇪 👍🏽 ❤\ufe0f 1\ufe0f\u20e3",
    "<script>alert(1)</script> &amp; \"'`",
    "x" * 50_000,
    "ﷺ" * 100 + "\U0010ffff\ue000",
]
SCHEMA = lw.Schema(
    lw.Spans(
        "entities",
        ["PER", "LOC"],
        attributes=[lw.Choice("sure", ["yes", "no"], required=False)],
        discontinuous=True,
        entries=["Q1", lw.Label("Q2", title="<script>alert(2)</script>")],
    ),
    lw.Relations("relations", ["near", lw.RelationType("same", chain=True)], between="entities"),
)
texts = st.text(min_size=1, max_size=40).filter(str.strip) | st.sampled_from(HOSTILE)


def session_of(*texts, schema=SCHEMA, store=None, **columns):
    data = pd.DataFrame({"text": pd.Series(texts, dtype=object), **columns})
    return lw.Session(store, data=data, item="text", schema=schema, user="ann")


@settings(max_examples=60)
@given(st.lists(texts, min_size=1, max_size=4, unique=True), st.data())
def test_every_stored_span_is_the_slice_of_its_text(given, data):
    session = session_of(*given)
    for task in session.next(len(given)):
        text = task.data["text"]
        assert text in given
        at = data.draw(
            st.lists(
                st.tuples(st.integers(0, len(text) - 1), st.integers(1, len(text))).filter(
                    lambda p: p[0] < p[1]
                ),
                max_size=4,
            )
        )
        session.submit(task, {"entities": [lw.Span(*ends, label="PER") for ends in at], "relations": []})
    table = session.regions("entities")
    by = {task: session.task(task).data["text"] for task in set(table["task_id"])}
    for row in table.itertuples():
        assert by[row.task_id][row.start : row.end] == row.text
    assert session.frame()["text"].tolist() == given


def test_hostile_texts_stay_what_they_are_in_a_file(tmp_path):
    with session_of(*HOSTILE, store=tmp_path / "s.db") as session:
        for task in session.next(3):
            text = task.data["text"]
            session.submit(task, {"entities": [lw.Span(0, len(text), label="LOC")], "relations": []})
    with lw.Session(tmp_path / "s.db", user="ann") as session:
        assert session.frame()["text"].tolist() == HOSTILE
        assert session.regions("entities")["text"].tolist() == HOSTILE[:3]
        assert [session.task(n).extent.length for n in (1, 2, 3)] == [len(text) for text in HOSTILE[:3]]


@pytest.fixture
def labeled():
    session = session_of("Ann met Ben in Wien.", "nothing")
    first, second = session.next(2)
    spans = [
        lw.Span(0, 3, label="PER", id="a", attributes={"sure": "yes"}),
        lw.Span(0, 11, label="PER", id="both", parts=[(0, 3), (8, 11)]),
        lw.Span(15, 19, label="LOC", id="w", link="Q2"),
    ]
    joined = [
        lw.Relation("a", "w", label="near", id="r"),
        lw.Relation(members=["a", "both", "w"], label="same", id="c"),
    ]
    session.submit(first, {"entities": spans, "relations": joined})
    session.submit(second, {"entities": [], "relations": []})
    return session


def test_the_tidy_tables(labeled):
    spans = labeled.regions("entities")
    columns = ["region_id", "label", "start", "end", "text", "parts", "link", "sure"]
    assert spans[columns].astype(object).where(spans[columns].notna(), None).values.tolist() == [
        ["a", "PER", 0, 3, "Ann", None, None, "yes"],
        ["both", "PER", 0, 11, "Ann met Ben", "[[0, 3], [8, 11]]", None, None],
        ["w", "LOC", 15, 19, "Wien", None, "Q2", None],
    ]
    assert {name: str(spans[name].dtype) for name in ("start", "end", "text", "link")} == {
        "start": "Int64",
        "end": "Int64",
        "text": "string",
        "link": "string",
    }
    joined = labeled.regions("relations")
    assert joined["members"].tolist() == ['["a", "w"]', '["a", "both", "w"]']
    assert joined["source"].tolist() == ["a", pd.NA]
    assert joined["target"].tolist() == ["w", pd.NA]
    assert len(labeled.regions()) == 5
    names = [f"{row.field}:{row.region_id}" for row in labeled.regions().itertuples()]
    assert names == ["entities:a", "entities:both", "entities:w", "relations:r", "relations:c"]


def test_tables_are_the_same_after_parquet(labeled, tmp_path):
    for name, table in (
        ("r", labeled.regions()),
        ("f", labeled.frame().astype({"text": "str"})),
        ("a", labeled.annotations()),
    ):
        table.to_parquet(tmp_path / name)
        pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / name), table)


def test_the_frame_has_regions_as_json(labeled):
    cell = json.loads(labeled.frame()["entities"][0])
    assert [span["text"] for span in cell] == ["Ann", "Ann met Ben", "Wien"]
    assert labeled.frame()["entities"][1] == "[]"
    assert labeled.schema.decode(labeled.answer(1).values)["entities"][2] == lw.Span(
        15, 19, label="LOC", text="Wien", link="Q2", id="w", attributes={"sure": None}
    )


def test_a_refused_answer_changes_nothing(labeled):
    for bad in ([lw.Span(0, 99, label="PER")], [lw.Span(0, 3, label="PER", text="Bob")], [{"start": 0}]):
        with pytest.raises(lw.LabelError, match=r"entities\[0\]"):
            labeled.submit(1, {"entities": bad, "relations": []})
    assert labeled.answer(1).version == 1
    assert len(labeled.regions("entities")) == 3


def test_spans_of_a_text_that_changed_are_known_to_be_stale(tmp_path):
    data = pd.DataFrame({"id": ["k"], "text": ["Ann is here"]})
    with lw.Session(
        tmp_path / "s.db", data=data, item="text", key="id", schema=SCHEMA, user="ann"
    ) as session:
        (task,) = session.next()
        session.submit(task, {"entities": [lw.Span(0, 3, label="PER")], "relations": []})
        session.add_predictions(lambda _: {"entities": [lw.Span(7, 11, label="LOC")]}, model="m")
        session.add(data.assign(text="hm"))
        assert session.frame()["label_status"].tolist() == ["stale"]
        task = session.task(1)
        assert not session.fits(session.predictions(1)[0], task), "its text is not there any more"
        with pytest.raises(lw.LabelError, match="the text's length in code points"):
            session.submit(task, session.answer(task).values)


# -- predictions ---------------------------------------------------------------------------------------------


def test_predictions_beyond_the_text_or_of_another_are_told_of_and_the_rest_is_added():
    session = session_of("Ann", "Ben", "Carl", "Dora")
    told = pd.DataFrame(
        {
            "text": ["Ann", "Ben", "Carl", "Dora", "Emil"],
            "entities": [
                [lw.Span(0, 3, label="PER")],
                [{"start": 0, "end": 9, "label": "PER"}],
                [{"start": 0, "end": 2, "label": "PER", "text": "Be"}],
                [{"start": 0, "end": 4, "label": "PRE"}],
                [],
            ],
        },
        index=list("abcde"),
    )
    added = session.add_predictions(told, model="m")
    assert added == 1
    reasons = {row.row: row.reason for row in added.rejected}
    assert list(reasons) == ["b", "c", "d", "e"]
    assert reasons["b"] == "entities[0].end: expected at most 3 (the text's length in code points), found 9."
    assert "The text has changed, or offsets are not code points of it." in reasons["c"]
    assert "Did you mean 'PER'" in reasons["d"]
    assert "no task has, 'Emil'" in reasons["e"]
    assert [said.values["entities"][0]["text"] for said in session.predictions()] == ["Ann"]


def test_relations_are_predicted_with_what_they_join():
    session = session_of("Ann Ben")
    spans = [lw.Span(0, 3, label="PER", id="a"), lw.Span(4, 7, label="PER", id="b")]
    joined = [lw.Relation("a", "b", label="near")]
    assert session.add_predictions(lambda _: {"entities": spans, "relations": joined}, model="m") == 1
    with pytest.raises(lw.LabelError, match="ids of regions in 'entities'"):
        session.add_predictions(lambda _: {"relations": joined}, model="n")


def test_predictions_may_come_from_parquet(tmp_path):
    session = session_of("Ann", "Ben")
    told = pd.DataFrame({"key": session.keys, "entities": [[{"start": 0, "end": 3, "label": "PER"}]] * 2})
    told.to_parquet(tmp_path / "p")
    assert session.add_predictions(pd.read_parquet(tmp_path / "p"), model="m") == 2


def test_what_a_frame_says_of_regions_can_be_predicted_elsewhere(labeled, tmp_path):
    labeled.frame().to_csv(tmp_path / "f.csv", index=False)
    other = session_of("Ann met Ben in Wien.", "nothing", "more")
    table = pd.read_csv(tmp_path / "f.csv")
    assert other.add_predictions(table, model="m") == 2
    assert [span["text"] for span in other.predictions(1)[0].values["entities"]] == [
        "Ann",
        "Ann met Ben",
        "Wien",
    ]
    table["entities"] = "[{"
    with pytest.raises(lw.LabelError, match="expected a list, or a list as JSON text"):
        other.add_predictions(table, model="n")


# -- what comes in -------------------------------------------------------------------------------------------


def test_bad_texts_are_refused_by_row_and_the_rest_loads():
    given = ["fine", "half \ud83d", b"bytes", "x" * 50_000_000, None, "  ", 5, "also\x00fine"]
    session = session_of(*given)
    assert session.progress.total == 2
    reasons = {row.row: row.reason for row in session.added.rejected}
    assert list(reasons) == [1, 2, 3, 4, 5, 6]
    assert "unpaired surrogate" in reasons[1]
    assert "bytes" in reasons[2]
    assert reasons[3] == "column 'text' holds a text of 50,000,000 characters; at most 10,000,000 are taken"
    assert session.frame()["label_status"].tolist() == ["open", *["rejected"] * 6, "open"]


def test_dicts_with_bad_texts_load_too():
    data = [{"text": "fine"}, {"text": "half \ud83d"}]
    session = lw.Session(None, data=data, item="text", schema=SCHEMA, user="ann")
    assert [row.row for row in session.added.rejected] == [1]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b'text,n\nfine,1\nf\xfcr,2\n"also\nfine",3\n'),
        ("a.tsv", b"text\tn\nfine\t1\nf\xfcr\t2\nalso fine\t3\n"),
        ("a.jsonl", b'{"text": "fine", "n": 1}\n{"text": "f\xfcr", "n": 2}\n{"text": "also", "n": 3}\n'),
        ("a.json", b'[{"text": "fine", "n": 1}, {"text": "f\xfcr", "n": 2}, {"text": "also", "n": 3}]'),
    ],
)
def test_bytes_that_are_no_text_are_refused_by_row(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    session = lw.Session(None, data=tmp_path / name, item="text", schema=SCHEMA, user="ann")
    (row,) = session.added.rejected
    assert row.row == 1
    assert (
        row.reason == "column 'text' holds an unpaired surrogate, for the byte 0xFC: save the text as UTF-8"
    )
    assert session.progress.total == 2
    assert session.frame()["n"].tolist() == [1, 2, 3]


def test_rows_whose_tokens_are_not_the_texts_are_refused():
    schema = lw.Schema(lw.Spans("pos", ["NOUN"], tokens="words"))
    session = session_of("a dog", "a cat", "a cow", schema=schema, words=[["a", "dog"], ["a", "dog"], None])
    assert [(row.row, row.reason) for row in session.added.rejected] == [
        (
            1,
            "column 'words': expected token 1 'dog' next, found 'cat' at 2 of the text. Tokens are the text's own, in order.",
        ),
        (2, "column 'words': expected tokens as a list of texts or of [start, end], found None."),
    ]


# -- what items are ------------------------------------------------------------------------------------------

TALK = [{"speaker": "ann", "text": "hi 👋"}, {"speaker": "<b>bot</b>", "text": "what?"}]


def test_spans_make_texts_of_items():
    assert session_of("a.png", "b.png").modality == "text"
    assert lw.Session(None, data=[{"talk": TALK}], schema=SCHEMA, user="ann").modality == "dialogue"


@pytest.mark.parametrize(
    ("fields", "widget"),
    [
        ([lw.Spans("e", ["A"])], lw.SpanWidget),
        ([lw.Spans("e", ["A"]), lw.Choice("c", ["x"])], lw.SpanWidget),
        ([lw.Spans("e", ["A"]), lw.Relations("r", ["x"], between="e")], lw.RelationWidget),
        ([lw.Spans("e", ["A"], tokens="words")], lw.SpanWidget),
        ([lw.Spans("e", ["A"], tokens="words", every=True)], lw.TokenWidget),
        (
            [lw.Spans("e", ["A"], tokens="words", every=True), lw.Relations("r", ["x"], between="e")],
            lw.TokenWidget,
        ),
        ([lw.Choice("c", ["x"])], lw.ClassificationWidget),
    ],
)
def test_a_schema_asks_for_its_widget(fields, widget):
    session = session_of("a", schema=lw.Schema(*fields), words=[["a"]])
    assert type(lw.label(session)).__name__ == widget.__name__


def test_relations_come_upon_the_part_of_texts_and_only_where_there_are_some():
    def parts(*fields):
        shown = lw.label(session_of("a b", schema=lw.Schema(*fields)))
        return [part["name"] for part in shown._bundle["parts"]]

    spans = lw.Spans("e", ["A"])
    assert parts(spans) == ["frame", "text"]
    assert parts(spans, lw.Relations("r", ["x"], between="e")) == ["frame", "text", "relations"]


@pytest.mark.parametrize(
    ("widget", "told"),
    [
        (lw.SpanWidget, r"SpanWidget marks spans, and this schema has only c \(choice\). Add lw.Spans"),
        (lw.RelationWidget, r"RelationWidget joins spans, .* Add lw.Relations"),
        (lw.TokenWidget, r"TokenWidget labels given tokens, .* Add lw.Spans\(..., tokens="),
        (lw.BoundingBoxWidget, "BoundingBoxWidget draws boxes"),
    ],
)
def test_a_widget_says_what_it_lacks(widget, told):
    with pytest.raises(lw.SchemaError, match=told):
        widget(session_of("a", schema=lw.Schema(lw.Choice("c", ["x"]))))


def test_items_are_pictures_or_texts():
    with pytest.raises(lw.SourceError, match="drawn in pictures and field 'b' is marked in texts"):
        session_of("a", schema=lw.Schema(lw.Boxes("a", []), lw.Spans("b")))
    with pytest.raises(
        lw.SourceError, match="'entities' is marked in texts: say which column names them, as in item='text'"
    ):
        lw.Session(None, data=[{"a": "x", "b": 1}], item="*", schema=SCHEMA, user="ann")


def test_spans_of_a_dialogue_count_in_its_turns(tmp_path):
    data = [
        {"n": 1, "talk": TALK},
        {"n": 2, "talk": "no turns"},
        {"n": 3, "talk": TALK},
        {"n": 4, "talk": []},
    ]
    data += [{"n": 5, "talk": [*TALK, {"speaker": "x", "text": "more"}]}]
    with lw.Session(tmp_path / "s.db", data=data, item="talk", schema=SCHEMA, user="ann") as session:
        assert [row.row for row in session.added.rejected] == [1, 3]
        assert session.progress.total == 2, "the same talk is one task"
        (task, _) = session.next(2)
        assert task.extent.length == len("hi 👋\nwhat?")
        session.submit(task, {"entities": [lw.Span(5, 10, label="PER")], "relations": []})
        assert session.regions("entities")["text"].tolist() == ["what?"]
    with lw.Session(tmp_path / "s.db", user="ann") as session:
        assert session.frame()["talk"][0] == TALK
        assert session.modality == "dialogue"


def test_a_page_is_told_what_it_can_not_see_of_a_text():
    schema = lw.Schema(
        lw.Spans("pos", ["NOUN"], tokens="words"),
        lw.Pairwise("better", ["left", "right"]),
        lw.Choice("c", ["x"]),
    )
    session = session_of(
        "a dog", schema=schema, words=[["a", "dog"]], left=["l"], right=["r"], secret=["gold"]
    )
    (pushed,) = [lw.LabelWidget(session)._task(session.next()[0], [])]
    assert pushed["media"] == {"kind": "text", "tokens": {"words": [[0, 1], [2, 5]]}}
    assert pushed["data"] == {"text": "a dog", "left": "l", "right": "r"}
    talk = lw.Session(None, data=[{"talk": TALK}], schema=SCHEMA, user="ann")
    pushed = lw.LabelWidget(talk)._task(talk.next()[0], [])
    assert pushed["media"] == {
        "kind": "dialogue",
        "text": "hi 👋\nwhat?",
        "turns": [{"speaker": "ann", "start": 0, "end": 4}, {"speaker": "<b>bot</b>", "start": 5, "end": 10}],
    }
    assert pushed["data"] == {}
