"""What spans of a text may be: where they lie, how they lie to each other, what they link to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import labelwidgets as lw
from labelwidgets.labels import Item
from labelwidgets.schema import Spans

TEXT = "Ann met Zoe\u0308 & 👩‍👩‍👧 in 東京.\r\nשלום\t𝔘!"
ITEM = Item(length=len(TEXT), text=TEXT)


def refused(field, spans, item=ITEM):
    with pytest.raises(lw.LabelError) as caught:
        field.check(spans, item)
    return str(caught.value)


places = st.tuples(st.integers(0, len(TEXT)), st.integers(0, len(TEXT))).filter(lambda at: at[0] < at[1])


@given(st.lists(places, max_size=6))
def test_each_span_gets_exactly_the_text_it_covers(at):
    found = Spans("e").check([lw.Span(*ends) for ends in at], ITEM)
    assert [span.text for span in found] == [TEXT[start:end] for start, end in at]
    assert all(TEXT[span.start : span.end] == span.text for span in found)
    assert Spans("e").check(found, ITEM) == found


def test_a_span_beyond_the_text_is_refused_where_only_the_length_is_known_too():
    told = refused(Spans("e"), [lw.Span(0, 1), lw.Span(2, 99)])
    assert told == f"e[1].end: expected at most {len(TEXT)} (the text's length in code points), found 99."
    assert "found 5" in refused(Spans("e"), [lw.Span(0, 5)], lw.Extent(length=4))
    assert Spans("e").check([lw.Span(0, 99)])[0].text == ""


def test_a_text_that_is_another_is_refused():
    told = refused(Spans("e"), [lw.Span(0, 3, text="Bob")])
    assert told.startswith(
        "e[0].text: expected the text from 0 to 3, 'Ann', found 'Bob'. The text has changed"
    )


def test_offsets_of_another_encoding_are_noticed_by_their_text():
    utf16 = len(TEXT[: TEXT.index("東")].encode("utf-16-le")) // 2
    assert "offsets are not code points" in refused(Spans("e"), [lw.Span(utf16, utf16 + 2, text="東京")])


def test_nothing_is_normalised():
    place = TEXT.index("Zoe")
    (span,) = Spans("e").check([lw.Span(place, place + 4, text="Zoe\u0308")], ITEM)
    assert list(span.text) == ["Z", "o", "e", "\u0308"]


# -- edges ---------------------------------------------------------------------------------------------------


def test_words_are_not_cut():
    field = Spans("e", granularity="word")
    at = TEXT.index("Zoe")
    field.check([lw.Span(0, 3), lw.Span(at, at + 4), lw.Span(0, len(TEXT)), lw.Span(3, 4)], ITEM)
    assert "e[0].end: expected the end of a word, found 2. The nearest is 3." in refused(
        field, [lw.Span(0, 2)]
    )
    assert "The nearest is 0." in refused(field, [lw.Span(1, 3)])
    assert "The nearest is 12." in refused(field, [lw.Span(at, at + 3)]), "the mark belongs to the word"


@pytest.mark.parametrize("tokens", [["Ann", "met", "him"], [[0, 3], [4, 7], [8, 11]]])
def test_spans_lie_on_the_edges_of_given_tokens(tokens):
    field = Spans("e", tokens="words")
    assert field.granularity == "token"
    item = Item(text="Ann met him", data={"words": tokens})
    assert [span.text for span in field.check([lw.Span(0, 7), lw.Span(8, 11)], item)] == ["Ann met", "him"]
    assert (
        refused(field, [lw.Span(0, 4)], item)
        == "e[0].end: expected the end of a token, found 4. The nearest is 3."
    )
    assert "e[0].start: expected the start of a token, found 6. The nearest is 4." in refused(
        field, [lw.Span(6, 7)], item
    )


def test_each_part_lies_on_edges():
    field = Spans("e", tokens="words", discontinuous=True)
    item = Item(text="pick it up", data={"words": ["pick", "it", "up"]})
    (span,) = field.check([lw.Span(0, 10, parts=[(0, 4), (8, 10)])], item)
    assert span.text == "pick it up"
    assert "found 9. The nearest is 8." in refused(field, [lw.Span(0, 10, parts=[(0, 4), (9, 10)])], item)


def test_each_given_token_needs_a_span_where_the_field_says_so():
    field = Spans("e", ["A", "B"], tokens="words", every=True)
    item = Item(text="Ann met him", data={"words": ["Ann", "met", "him"]})
    whole = [lw.Span(0, 3, label="A"), lw.Span(4, 11, label="B")]
    assert field.check(whole, item)[1].text == "met him"
    said = refused(field, whole[:1], item)
    assert "expected a span of each of 3 tokens, found 'none of token 1'. 2 are without, first 'met'." in said
    assert field.relaxed().check(whole[:1], item)
    assert Spans.from_json(field.to_json()) == field
    with pytest.raises(lw.SchemaError, match="every=True, which asks for a span of each given token"):
        Spans("e", every=True)


def test_a_row_without_its_tokens_is_refused():
    field = Spans("e", tokens="words")
    assert "column 'words': expected tokens" in refused(field, [lw.Span(0, 1)], Item(text="a", data={}))
    with pytest.raises(lw.LabelError, match="column 'words': expected token 0 'b' next"):
        field.check_item(Item(text="a", data={"words": ["b"]}))


def test_turns_are_whole():
    field = Spans("e", granularity="turn")
    item = Item(text="hi\nyou", turns=((0, 2), (3, 6)))
    field.check([lw.Span(0, 2), lw.Span(0, 6)], item)
    assert "the end of a turn, found 3. The nearest is 2." in refused(field, [lw.Span(0, 3)], item)
    with pytest.raises(lw.LabelError, match="expected a dialogue"):
        field.check_item(Item(text="hi"))


# -- beside each other ---------------------------------------------------------------------------------------


def lie(*at, **said):
    return [lw.Span(*ends, **said) for ends in at]


@pytest.mark.parametrize(
    ("nested", "overlapping", "at", "fine"),
    [
        (False, False, [(0, 3), (3, 5)], True),
        (False, False, [(0, 3), (2, 5)], False),
        (False, False, [(0, 5), (1, 3)], False),
        (True, False, [(0, 5), (1, 3), (1, 2)], True),
        (True, False, [(0, 5), (0, 5)], True),
        (True, False, [(0, 5), (1, 3), (2, 7)], False),
        (False, True, [(0, 3), (2, 5)], True),
        (False, True, [(0, 5), (1, 3)], False),
        (False, True, [(0, 5), (0, 5)], False),
        (True, True, [(0, 5), (1, 3), (2, 9)], True),
    ],
)
def test_spans_in_each_others_way(nested, overlapping, at, fine):
    field = Spans("e", nested=nested, overlapping=overlapping, discontinuous=True)
    in_parts = [lw.Span(0, 1), *lie(*[(start + 10, end + 10) for start, end in at])]
    in_parts[0] = lw.Span(0, 30, parts=[(0, 1), (29, 30)])
    for spans in (lie(*at), in_parts):
        if fine:
            assert len(field.check(spans, ITEM)) == len(spans)
        else:
            assert "expected spans apart" in refused(field, spans)


def test_parts_may_stand_in_the_gaps_of_others():
    field = Spans("e", nested=False, overlapping=False, discontinuous=True)
    field.check([lw.Span(0, 9, parts=[(0, 2), (7, 9)]), lw.Span(3, 5)], ITEM)
    told = refused(field, [lw.Span(0, 9, parts=[(0, 2), (7, 9)]), lw.Span(7, 9)])
    assert told == (
        "e[1]: expected spans apart (nested=False), found 7 to 9, which lies in e[0] (0 to 9). Remove or shorten one of them."
    )


def test_the_pair_that_is_in_the_way_is_named():
    told = refused(Spans("e", overlapping=False), lie((0, 2), (5, 9), (8, 12)))
    assert (
        "e[1]: expected spans apart (overlapping=False), found 5 to 9, which overlaps with e[2] (8 to 12)"
        in told
    )


def test_parts_only_where_there_are_some():
    assert "a span in one piece" in refused(Spans("e"), [lw.Span(0, 9, parts=[(0, 2), (7, 9)])])


def test_many_spans_are_quick_to_compare():
    field = Spans("e", nested=True, overlapping=False)
    length = 50_000
    nest = [lw.Span(n, 2 * length - n) for n in range(length)]
    assert len(field.check(nest, lw.Extent(length=2 * length))) == length


# -- what they say -------------------------------------------------------------------------------------------

ENTRIES = [lw.Label(f"Q{n}", title=f"Thing {n}", aliases=(f"alias {n}",)) for n in range(10_000)]


def test_links_lead_to_entries():
    field = Spans("e", ["P"], entries=ENTRIES)
    (span,) = field.check([lw.Span(0, 3, label="P", link="Q777")], ITEM)
    assert span.link == "Q777"
    assert "Did you mean" in refused(field, [lw.Span(0, 3, label="P", link="q777")])
    assert "no link (the field has no entries)" in refused(Spans("e"), [lw.Span(0, 3, link="Q1")])


def test_ten_thousand_entries_travel_once_with_the_schema():
    schema = lw.Schema(Spans("e", ["P"], entries=ENTRIES))
    (sent,) = schema.wire()["fields"]
    assert (len(sent["entries"]), sent["entries"][3]["title"]) == (10_000, "Thing 3")
    assert lw.Schema.from_json(schema.to_json()) == schema
    session = lw.Session(None, data=[{"text": "a"}], item="text", schema=schema, user="ann")
    assert "Thing 3" not in str(lw.LabelWidget(session)._task(session.next()[0], []))


def test_a_question_may_have_no_answer():
    field = Spans("answer", unanswerable=True, min_count=1, max_count=1)
    assert field.check([], ITEM) == []
    assert field.check([lw.Span(0, 3)], ITEM)[0].text == "Ann"
    assert (
        "an answer (the field is required), found None. Give a list of spans, [] when the text has no answer"
        in (refused(field, None))
    )
    assert "at most 1" in refused(field, lie((0, 1), (2, 3)))
    assert field.changed(required=False).check(None, ITEM) is None
    assert "at least 1" in refused(Spans("e", min_count=1), [])


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"granularity": "letter"}, "granularity of field 'e' must be one of"),
        ({"granularity": "wrod"}, "Did you mean 'word'"),
        ({"granularity": "token"}, "give the column with the tokens"),
        ({"granularity": "word", "tokens": "t"}, "give the column with the tokens"),
        ({"tokens": 5}, "name of a column"),
        ({"nested": 1}, "nested of field 'e' must be True or False"),
        ({"unanswerable": None}, "unanswerable"),
        ({"entries": ["a", "a"]}, "more than once"),
        ({"entries": [lw.Label("a", hotkey="a")]}, "entries have none"),
        ({"entries": ["x" * 201]}, "1 to 200"),
        ({"palette": "ŋ" * 501}, "palette of field 'e' must be at most 500 signs"),
        ({"palette": ["a", ""]}, "palette"),
        ({"palette": ["\x07"]}, "palette"),
        ({"palette": [" "]}, "palette"),
        ({"palette": {"a": 1}}, "palette"),
        ({"attributes": [lw.Choice("link", ["a"])]}, "'link'"),
        ({"attributes": [lw.Choice("text", ["a"])]}, "'text'"),
    ],
)
def test_what_no_field_of_spans_may_be(said, told):
    with pytest.raises(lw.SchemaError, match=told):
        Spans("e", **said)


def test_a_palette_is_of_signs():
    assert Spans("e", palette="ŋʃ").palette == ("ŋ", "ʃ")
    assert Spans("e", palette=["t͡ʃ", "\u0303"]).palette == ("t͡ʃ", "\u0303")


def test_too_many_spans_over_each_other_are_refused_and_not_compared():
    field = Spans("e", overlapping=False, discontinuous=True)
    same = [lw.Span(0, 9, parts=[(0, 2), (7, 9)])] * 1100
    told = refused(field, [span if n else lw.Span(0, 9) for n, span in enumerate(same)], lw.Extent(length=9))
    assert "pairs of spans over each other" in told


@given(
    st.lists(
        st.lists(st.integers(0, 12), min_size=2, max_size=4, unique=True).map(sorted), min_size=2, max_size=5
    )
)
def test_rules_for_parts_are_those_for_their_characters(at):
    spans = [
        lw.Span(
            row[0],
            row[-1] if len(row) % 2 == 0 else row[1],
            parts=list(zip(row[::2], row[1::2], strict=False)),
        )
        for row in at
    ]
    held = [{place for start, end in span.stretches() for place in range(start, end)} for span in spans]
    pairs = [(a, b) for n, a in enumerate(held) for b in held[n + 1 :] if a & b]
    nests = any(a <= b or b <= a for a, b in pairs)
    crosses = any(a - b and b - a for a, b in pairs)
    for nested, overlapping in ((True, False), (False, True), (False, False)):
        field = Spans("e", nested=nested, overlapping=overlapping, discontinuous=True)
        if (nests and not nested) or (crosses and not overlapping):
            refused(field, spans)
        else:
            field.check(spans, ITEM)
