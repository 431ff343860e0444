"""How texts are cut: turns, given tokens, words of any writing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelwidgets.errors import LabelError
from labelwidgets.passages import in_word, is_dialogue, text_of, tokens_of, turns_of, words_of

said = st.text(max_size=20)
turn = st.one_of(
    st.fixed_dictionaries({"speaker": st.text(min_size=1, max_size=5), "text": said}),
    st.fixed_dictionaries({"role": st.sampled_from(["user", "assistant"]), "content": said}),
    st.fixed_dictionaries({"from": st.sampled_from(["human", "gpt"]), "value": said}),
)


@given(st.lists(turn, min_size=1, max_size=6))
def test_turns_lie_where_they_are_said_to(dialogue):
    assert is_dialogue(dialogue)
    text, turns = text_of(dialogue), turns_of(dialogue)
    assert [text[turn.start : turn.end] for turn in turns] == [
        next(turn[key] for key in ("text", "content", "value") if key in turn) for turn in dialogue
    ]
    assert [turn.speaker for turn in turns] == [
        next(turn[key] for key in ("speaker", "role", "from") if key in turn) for turn in dialogue
    ]
    assert len(text) == turns[-1].end
    assert all(text[turn.end] == "\n" for turn in turns[:-1])


@pytest.mark.parametrize(
    "value",
    [
        None,
        "text",
        [],
        {},
        ["a", "b"],
        [{"text": "nobody speaks"}],
        [{"speaker": "a"}],
        [{"speaker": "a", "text": "x"}, "b"],
        [{"speaker": "a", "text": 5}],
    ],
)
def test_what_is_no_dialogue(value):
    assert not is_dialogue(value)
    assert turns_of(value) == ()


def test_a_text_is_its_own():
    assert text_of("a\r\nb") == "a\r\nb"
    assert text_of(5) is None


@given(
    st.lists(st.text(min_size=1, max_size=6).filter(lambda word: word.split() == [word]), max_size=8),
    st.data(),
)
def test_tokens_are_found_in_order(words, data):
    blanks = st.text(st.sampled_from(" \t\n\r\u00a0\u3000"), max_size=3)
    text, places = data.draw(blanks), []
    for word in words:
        places.append((len(text), len(text) + len(word)))
        text += word + data.draw(blanks)
    assert tokens_of(words, text) == places
    assert tokens_of([list(place) for place in places], text) == places


@pytest.mark.parametrize(
    ("tokens", "told"),
    [
        ("do n't", "as a list of texts"),
        (None, "as a list of texts"),
        (["do", "not"], r"expected token 1 'not' next, found \"n't\""),
        (["do", ""], "token 1"),
        ([[0, 2], [1, 3]], r"token 1 as a text or \[start, end\] from 2 to 5"),
        ([[0, 9]], "token 0"),
        ([[0, 0]], "token 0"),
        ([[0.0, 2]], "token 0"),
        ([5], "token 0"),
    ],
)
def test_tokens_of_another_text_are_refused(tokens, told):
    with pytest.raises(LabelError, match=told):
        tokens_of(tokens, "don't")


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("a b", []),
        ("ab cd", [1, 4]),
        ("it's 3.14", [1, 8]),
        ("cafe\u0301 x", [1, 2, 3, 4]),
        ("e\u0301a", [1, 2]),
        ("שלום עולם", [1, 2, 3, 6, 7, 8]),
        ("日本語", []),
        ("สวัสดี", [2, 5]),
        ("한국어3", []),
        ("❤\ufe0fAnn", [1, 3, 4]),
        ("snake_case", [1, 2, 3, 4, 7, 8, 9]),
        ("x²", []),
        ("\u0301a", []),
    ],
)
def test_places_inside_words(text, inside):
    assert [place for place in range(len(text) + 1) if in_word(text, place)] == inside


@given(st.text(st.sampled_from("ab e\u0301語_-א1"), max_size=12), st.data())
def test_the_places_around_a_word_are_the_nearest_outside(text, data):
    place = data.draw(st.integers(0, len(text)))
    before, after = words_of(text, place)
    assert before <= place <= after
    assert not in_word(text, before)
    assert not in_word(text, after)
    assert all(in_word(text, inner) for inner in range(before + 1, after))
    assert (before == place) == (not in_word(text, place))
