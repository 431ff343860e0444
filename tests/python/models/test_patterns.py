"""Words and regular expressions that label texts: right in any writing, told which did it, never endless."""

import random
import re
import signal
import unicodedata

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import labelwidgets as lw
from labelwidgets import models
from labelwidgets.models.expressions import Expressions
from labelwidgets.passages import in_word


def found(given, text, **options):
    return [
        (match.label, text[match.start : match.end])
        for match in models.patterns(given, field="e", **options).matches(text)
    ]


@pytest.mark.parametrize(
    ("words", "text", "said"),
    [
        (["Ann"], "Ann met Annabel, Ann.", ["Ann", "Ann"]),
        (["art"], "party art's art-deco", ["art", "art"]),
        (["Zoe"], "Zoe\u0308 Zoe", ["Zoe"]),
        (["Zoe\u0308"], "Zoe\u0308 Zoe\u0308s Zoë", ["Zoe\u0308"]),
        (["New York", "New York City"], "New York City, New  York\nCitys", ["New York City", "New  York"]),
        (["東京"], "東京都に東京", ["東京", "東京"]),
        (["👩"], "👩‍👩‍👧 👩 👩🏽", ["👩"]),
        (["👩‍👧"], "👩‍👩‍👧", []),
        (["❤"], "❤\ufe0f ❤", ["❤"]),
        (["Ann"], "❤\ufe0fAnn e\u0301Ann", ["Ann"]),
        (["C++", "C"], "C++ C C++x", ["C++", "C", "C++"]),
        (["שלום"], "שלום לשלום", ["שלום"]),
        (["été"], "été étés", ["été"]),
        (["a.c", "["], "a.c abc [", ["a.c", "["]),
        (["x"], "", []),
        ([], "anything", []),
    ],
)
def test_whole_words_of_any_writing(words, text, said):
    assert [word for _, word in found({"L": words}, text)] == said


def test_parts_of_words_when_asked_for():
    assert found({"L": ["art"]}, "party", whole_words=False) == [("L", "art")]
    assert found({"L": ["Zoe"]}, "Zoe\u0308", whole_words=False) == [], "a mark is never cut off"


@pytest.mark.parametrize(
    ("word", "text", "fine"),
    [
        ("straße", "Straße", True),
        ("Straße", "STRAẞE", True),
        ("Straße", "strasse", False),
        ("ÉTÉ", "été", True),
        ("kelvin", "\u212aELVIN", True),
        ("σος", "ΣΟΣ", True),
    ],
)
def test_upper_and_lower_case_are_compared_sign_by_sign(word, text, fine):
    assert found({"L": [word]}, text, ignore_case=True) == ([("L", text)] if fine else [])
    assert found({"L": [word]}, text) == []


vocabulary = st.lists(st.text(st.sampled_from("ab -é"), min_size=1, max_size=4).filter(str.strip), max_size=6)


@given(vocabulary, st.text(st.sampled_from("ab -é\u0301\n"), max_size=20))
def test_every_word_that_stands_alone_is_found_when_all_are_kept(words, text):
    """Against trying each word at each place, the longest at each."""
    expected = set()
    for start in range(len(text)):
        ends = [end for end in range(start + 1, len(text) + 1) if _is(words, text, start, end)]
        for letters in (True, False):
            some = [end for end in ends if _ends_in_letter(text[start:end]) is letters]
            if some:
                expected.add((start, max(some)))
    kept = models.patterns({"L": words}, field="e", overlapping=True).matches(text)
    assert {(match.start, match.end) for match in kept} == expected


def _is(words, text, start, end):
    spaced = " ".join(text[start:end].split())
    edge = text[start:end].strip() == text[start:end]
    known = {" ".join(word.split()) if any(map(str.isspace, word)) else word for word in words}
    return edge and spaced in known and not in_word(text, start) and not in_word(text, end)


def _ends_in_letter(word):
    base = next((char for char in reversed(word) if not unicodedata.category(char).startswith("M")), " ")
    return base.isalpha()


@given(
    st.lists(
        st.tuples(
            st.sampled_from("xyz"), st.text(st.sampled_from("ab "), min_size=1, max_size=3).filter(str.strip)
        ),
        max_size=5,
    ),
    st.text(st.sampled_from("ab "), max_size=15),
)
def test_what_is_kept_does_not_overlap_and_leaves_nothing_out_that_would_fit(pairs, text):
    given = {}
    for label, word in pairs:
        given.setdefault(label, []).append(word)
    every = models.patterns(given, field="e", overlapping=True, whole_words=False).matches(text)
    kept = models.patterns(given, field="e", whole_words=False).matches(text)
    assert all(one.end <= other.start for one, other in zip(kept, kept[1:], strict=False))
    for match in every:
        rivals = [other for other in kept if other.start < match.end and match.start < other.end]
        assert rivals
        assert any(other.end - other.start >= match.end - match.start for other in rivals)


def test_of_equal_matches_the_pattern_given_first_wins():
    assert found({"A": ["may"], "B": ["may"]}, "may") == [("A", "may")]
    assert found({"A": ["may"], "B": ["may"]}, "may", overlapping=True) == [("A", "may"), ("B", "may")]
    assert found({"A": ["a b"], "B": ["b c d"]}, "a b c d") == [("B", "b c d")]


def test_regular_expressions_and_their_group():
    given = {"DAY": re.compile(r"on (?P<span>\d+ May)"), "CODE": [re.compile("[A-Z]{2}-[0-9]+"), "N/A"]}
    assert found(given, "on 3 May: AB-12, N/A") == [("DAY", "3 May"), ("CODE", "AB-12"), ("CODE", "N/A")]
    assert found({"A": re.compile("b", re.IGNORECASE)}, "B") == [("A", "B")]
    assert found({"A": re.compile("x*")}, "axx") == [("A", "xx")], "nothing is no find"


def test_offsets_are_code_points_in_expressions_too():
    text = "👩‍👩‍👧 𝔘𝔫𝔦 9\x00\udc80"
    (match,) = models.patterns({"N": re.compile("[0-9]")}, field="e").matches(text)
    assert text[match.start] == "9"


def test_a_match_says_which_pattern_and_entry_it_is_of():
    made = models.patterns({"city": {"Wien": "Q1741", "Graz": None}}, field="e", reason="why", score=0.5)
    (match, other) = made.matches("Wien, Graz")
    assert (match.pattern, match.link, other.link) == ("Wien", "Q1741", None)
    assert made.spans("Wien")[0] == lw.Span(
        0, 4, label="city", text="Wien", link="Q1741", score=0.5, attributes={"why": "Wien"}
    )


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["Ann"], "a dict of labels"),
        ({"A": 5}, "a word, or a regular expression"),
        ({"A": ["x", None]}, "a word, or a regular expression"),
        ({"A": " "}, "a word, or a regular expression"),
        ({"A": re.compile(b"x")}, "a word, or a regular expression"),
        ({"A": "x" * 201}, "at most 200 characters"),
    ],
)
def test_what_is_no_pattern_is_refused_at_once(given, told):
    with pytest.raises(lw.LabelError, match=told):
        models.patterns(given, field="e")


def test_words_that_begin_with_one_another():
    words = ["a" * n for n in range(1, 201)]
    assert found({"L": words}, f"aaa {'a' * 200} {'a' * 201}") == [("L", "aaa"), ("L", "a" * 200)]


# -- expressions that never end ------------------------------------------------------------------------------

ENDLESS = re.compile(r"(?:a+)+b")


def test_an_expression_without_end_ends_there():
    slow = Expressions([(ENDLESS, 7)], seconds=0.2)
    assert slow.find("aab") == [(0, 3, 7)]
    for _ in range(3):
        with pytest.raises(lw.LabelError, match=r"'\(\?:a\+\)\+b' took longer than 0\.2 s on this text"):
            slow.find("a" * 60)
    with pytest.raises(lw.LabelError, match="ran out of time on 3 texts; no more is tried"):
        slow.find("aab")


def test_after_one_that_did_not_end_the_next_text_is_searched():
    slow = Expressions([(ENDLESS, 0), (re.compile("x"), 1)], seconds=0.2)
    with pytest.raises(lw.LabelError, match="the 2 regular expressions took longer"):
        slow.find("a" * 60)
    assert slow.find("x") == [(0, 1, 1)]


def test_an_interrupted_search_leaves_no_answer_for_the_next_text(monkeypatch):
    made = Expressions([(re.compile("x"), 0)])
    assert made.find("x") == [(0, 1, 0)]

    def interrupted(_stream):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("labelwidgets.models.expressions._stream", interrupted)
        with pytest.raises(KeyboardInterrupt):
            made.find("xx")
    assert made.find("---x") == [(3, 4, 0)]


def test_a_clock_that_somebody_ignores_still_ends_it():
    before = signal.signal(signal.SIGALRM, signal.SIG_IGN)
    try:
        slow = Expressions([(ENDLESS, 0)], seconds=0.2)
        with pytest.raises(lw.LabelError, match="took longer"):
            slow.find("a" * 60)
    finally:
        signal.signal(signal.SIGALRM, before)


def test_more_than_can_be_meant_is_refused():
    with pytest.raises(lw.LabelError, match="more than 100,000 matches"):
        Expressions([(re.compile("a"), 0)]).find("a" * 100_001)


# -- as suggestions ------------------------------------------------------------------------------------------

SCHEMA = lw.Schema(
    lw.Spans("e", ["PER", "DAY"], attributes=[lw.Text("why", required=False)]),
    lw.Choice("mood", ["glad", "cross"], required=False),
    lw.Choice("about", ["trip", "food"], multiple=True, required=False),
)
TEXTS = ["Ann came on 3 May, glad.", "nobody", "cross and glad, so cross; a trip for food"]


@pytest.fixture
def session():
    return lw.Session(None, data=pd.DataFrame({"text": TEXTS}), item="text", schema=SCHEMA, user="ann")


def test_spans_are_suggested(session):
    made = models.patterns({"PER": ["Ann"], "DAY": re.compile("[0-9]+ May")}, field="e", reason="why")
    assert session.add_predictions(made, model="patterns") == 1
    (said,) = session.predictions()
    assert [(span["text"], span["attributes"]["why"]) for span in said.values["e"]] == [
        ("Ann", "Ann"),
        ("3 May", "[0-9]+ May"),
    ]


def test_classes_are_suggested(session):
    made = models.patterns({"glad": ["glad"], "cross": ["cross"]}, field="mood", score=0.4)
    assert session.add_predictions(made, model="m") == 2
    assert [(said.values, said.score) for said in session.predictions()] == [
        ({"mood": "glad"}, 0.4),
        ({"mood": "cross"}, 0.4),
    ]
    many = models.patterns({"food": ["food"], "trip": ["trip"]}, field="about")
    session.add_predictions(many, model="n")
    assert {"about": ["trip", "food"]} in [said.values for said in session.predictions(3)]


def test_in_a_dialogue(session):
    talk = [{"speaker": "a", "text": "hi Ann"}, {"speaker": "b", "text": "Ann here"}]
    session = lw.Session(None, data=[{"talk": talk}], schema=lw.Schema(lw.Spans("e", ["PER"])), user="ann")
    session.add_predictions(models.patterns({"PER": "Ann"}, field="e"), model="m")
    assert [span["start"] for span in session.predictions(1)[0].values["e"]] == [3, 7]


@pytest.mark.parametrize(
    ("given", "field", "told"),
    [
        ({"PRE": "x"}, "e", "e: expected one of 'PER', 'DAY', found 'PRE'. Did you mean 'PER'"),
        ({"x": "x"}, "moods", "field: expected a field of spans or a choice, .* Did you mean 'mood'"),
        ({"x": "x"}, "why", "expected a field of spans"),
    ],
)
def test_what_the_schema_does_not_have_is_said_before_any_text_is_read(session, given, field, told):
    with pytest.raises(lw.LabelError, match=told):
        session.add_predictions(models.patterns(given, field=field), model="m")


def test_a_text_on_which_an_expression_never_ends_is_told_of_and_the_rest_is_added():
    data = [{"text": "aab"}, {"text": "a" * 60}, {"text": "ab"}]
    session = lw.Session(None, data=data, item="text", schema=lw.Schema(lw.Spans("e", ["A"])), user="ann")
    made = models.patterns({"A": ENDLESS}, field="e")
    made._expressions._seconds = 0.2
    added = session.add_predictions(made, model="m")
    assert added == 2
    assert [(row.row, "took longer" in row.reason) for row in added.rejected] == [(1, True)]


def test_alone_it_needs_to_be_told_the_column(session):
    (task,) = session.next()
    with pytest.raises(lw.LabelError, match="item: expected the column of the text, one of 'text'"):
        models.patterns({"PER": "Ann"}, field="e")(task)
    assert models.patterns({"PER": "Ann"}, field="e", item="text")(task)["e"][0].label == "PER"


def test_many_words_in_many_texts_are_all_found():
    random.seed(3)
    vocabulary = ["".join(random.choices("abcdefgh", k=random.randint(3, 7))) for _ in range(3000)]
    words = set(vocabulary[:1000])
    texts = [" ".join(random.choices(vocabulary, k=15)) for _ in range(300)]
    made = models.patterns({"W": words}, field="e")
    assert [len(made.matches(text)) for text in texts] == [
        sum(word in words for word in text.split()) for text in texts
    ]
