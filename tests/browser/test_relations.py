"""Relations between spans: made by pointer and by keys, drawn below the text, gone with the spans that they join."""

import pandas as pd
import pytest

import labelwidgets as lw

from .reader import Reader

TEXT = "Ada worked for Charles in London. She knew that London lies in England.\nCharles knew her."


class Relater(Reader):
    """A widget with spans in a text, and hands on the relations between them."""

    widget = lw.RelationWidget

    def stored(self):
        """Submit; (label, texts of the members) of each relation that the store has."""
        self.press("Enter")
        self.host.settle()
        (kept,) = self.session.recent(1)
        spans = {each.id: each.text for each in self.session.schema["names"].decode(kept.values["names"])}
        ties = self.session.schema["ties"].decode(kept.values["ties"])
        return [(tie.label, *(spans[member] for member in tie.members)) for tie in ties]


def span(name, label, nth=0):
    at = -1
    for _ in range(nth + 1):
        at = TEXT.index(name, at + 1)
    return lw.Span(at, at + len(name), label=label, text=name, id=f"{name}{nth}")


SPANS = [
    span("Ada", "person"),
    span("Charles", "person"),
    span("London", "place"),
    span("She", "person"),
    span("England", "place"),
    span("Charles", "person", 1),
    span("her", "person"),
]
TYPES = [
    lw.RelationType("works for", pairs=[("person", "person")]),
    lw.RelationType("lies in"),
    lw.RelationType("beside", directed=False),
    lw.RelationType("same", chain=True),
]


@pytest.fixture
def opened(host):
    """A function that opens the widget on the text with its spans and these relations in a draft."""

    def opened(*ties, suggested=None):
        schema = lw.Schema(
            lw.Spans("names", ["person", "place"], required=False),
            lw.Relations("ties", TYPES, between="names", required=False),
        )
        session = lw.Session(None, data=[TEXT, "b"], item="item", schema=schema, user="ann")
        (task,) = session.next()
        if suggested:
            session.add_predictions(
                lambda each: suggested if each.id == task.id else None, model="tiny", version="1"
            )
        else:
            session.save_draft(task, schema.encode({"names": SPANS, "ties": list(ties)}))
        return Relater(host, session)

    return opened


def test_two_spans_that_are_clicked_are_joined_in_that_order(opened):
    reader = opened()
    reader.click("Charles in")
    reader.page.keyboard.down("Shift")
    reader.click("Ada")
    reader.page.keyboard.up("Shift")
    reader.press("3")
    assert reader.page.locator(".lw-tie").count() == 1
    assert reader.stored() == [("works for", "Charles", "Ada")]


def test_spans_are_joined_by_keys_alone(opened):
    reader = opened()
    reader.words.focus()
    reader.press("Shift+J", "3")
    assert "works for from “Ada”: select the other span" in reader.told
    assert reader.page.locator(".lw-tint.lw-from").count() == 1
    reader.press("Shift+J", "3")
    assert reader.page.locator(".lw-tint.lw-from").count() == 0
    assert reader.stored() == [("works for", "Ada", "Charles")]


def test_what_may_not_be_joined_is_refused_with_the_reason(opened):
    reader = opened()
    reader.words.focus()
    reader.press("Shift+J", "3", "Shift+J", "Shift+J", "3")
    assert "does not lead from person to place, only person → person" in reader.told
    reader.press("Escape")
    assert reader.stored() == []


def test_a_chain_grows_and_chains_that_meet_are_one(opened):
    reader = opened(
        lw.Relation(members=["Ada0", "She0"], label="same", id="x"),
        lw.Relation(members=["Charles0", "Charles1"], label="same", id="y"),
    )
    reader.words.focus()
    reader.press("Control+End", "Shift+K", "6", "Shift+J", "6")
    assert reader.page.locator(".lw-tie").count() > 0
    assert reader.stored() == [
        ("same", "Ada", "She", "her"),
        ("same", "Charles", "Charles"),
    ]


def test_the_same_relation_is_made_once_and_has_no_direction_where_there_is_none(opened):
    reader = opened(lw.Relation("London0", "England0", label="beside", id="x"))
    reader.click("England")
    reader.page.keyboard.down("Shift")
    reader.click("London. She")
    reader.page.keyboard.up("Shift")
    reader.press("5")
    assert reader.stored() == [("beside", "London", "England")]


def test_a_relation_is_selected_by_its_word_relabeled_and_deleted(opened):
    reader = opened(
        lw.Relation("Ada0", "Charles0", label="works for", id="x"),
        lw.Relation("London0", "England0", label="lies in", id="y"),
    )
    reader.page.locator(".lw-word", has_text="works for").click()
    assert reader.page.locator(".lw-list [aria-selected=true]").inner_text().split("\n")[1] == "works for"
    reader.press("5")
    assert reader.page.locator(".lw-word", has_text="beside").count() == 1
    reader.page.locator(".lw-word", has_text="lies in").first.click()
    reader.press("Delete")
    assert reader.stored() == [("beside", "Ada", "Charles")]


def test_relations_go_with_a_span_and_come_back_with_it(opened):
    reader = opened(
        lw.Relation("Ada0", "Charles0", label="works for", id="x"),
        lw.Relation(members=["Ada0", "She0", "her0"], label="same", id="y"),
    )
    reader.click("Ada")
    reader.press("Delete")
    assert reader.page.locator(".lw-word", has_text="works for").count() == 0
    assert reader.page.locator(".lw-word", has_text="same").count() > 0
    reader.press("Control+z")
    assert reader.page.locator(".lw-word", has_text="works for").count() == 1
    assert reader.stored() == [("works for", "Ada", "Charles"), ("same", "Ada", "She", "her")]


def test_suggested_relations_are_dashed_and_bring_their_spans(opened):
    reader = opened(
        suggested={
            "names": [SPANS[0], SPANS[1], SPANS[2]],
            "ties": [lw.Relation("Ada0", "Charles0", label="works for", id="x")],
        }
    )
    assert reader.page.locator(".lw-tie.lw-guess").count() == 1
    reader.page.locator(".lw-word", has_text="works for").click()
    reader.press(".")
    assert reader.page.locator(".lw-word.lw-guess").count() == 1
    reader.press(",")
    assert reader.stored() == [("works for", "Ada", "Charles")]


def test_a_schema_without_relations_is_refused_by_the_widget():
    session = lw.Session(
        None, data=["a"], item="item", schema=lw.Schema(lw.Spans("names", ["a"])), user="ann"
    )
    with pytest.raises(lw.SchemaError, match="RelationWidget joins spans, and this schema has only names"):
        lw.RelationWidget(session)
    chosen = lw.label(session)
    assert isinstance(chosen, lw.SpanWidget)
    assert not isinstance(chosen, lw.RelationWidget)


@pytest.fixture
def tagger(host):
    words = [["The", "old", "man", "slept", "."], ["b"], ["c"]]
    schema = lw.Schema(
        lw.Spans("names", ["DET", "ADJ", "NOUN", "VERB"], tokens="words", nested=False, required=False),
        lw.Relations("ties", ["det", "amod"], between="names", required=False),
    )
    data = {"text": ["The old man slept.", "b", "c"], "words": words}
    return Relater(host, lw.Session(None, data=pd.DataFrame(data), item="text", schema=schema, user="ann"))


def test_tokens_are_labeled_one_by_one_a_key_each(tagger):
    tagger.words.focus()
    tagger.press("1", "2", "3", "4")
    assert tagger.live
    tagger.press("ArrowLeft", "ArrowLeft", "ArrowLeft", "3", "ArrowLeft", "ArrowLeft", "Delete")
    assert [(each.label, each.text) for each in tagger.submitted("names")] == [
        ("NOUN", "old"),
        ("NOUN", "man"),
        ("VERB", "slept"),
    ]


def test_dependencies_are_drawn_from_token_to_token_by_keys(tagger):
    tagger.words.focus()
    tagger.press("1", "2", "3")
    tagger.click("man")
    tagger.press("Escape", "5", "Control+Home", "5")
    tagger.press("Control+Home", "ArrowRight", "ArrowRight", "6", "ArrowLeft", "6")
    assert tagger.stored() == [("det", "man", "The"), ("amod", "man", "old")]
