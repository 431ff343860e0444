"""Tokens of sentences tagged and joined by arcs: by keys alone, by pointer, read back from the store."""

from pathlib import Path

import pytest

import labelwidgets as lw
from labelwidgets.formats import conllu
from tests import conllu as samples

from .. import gold


class Tagger:
    """A widget of tokens, with hands on its keys and columns."""

    def __init__(self, host, session):
        self.host, self.session, self.page = host, session, host.page
        host.show(lw.label(session))
        self.page.locator(".lw-cell").first.wait_for()
        host.settle()
        self.words = self.page.locator(".lw-tokens")

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def cell(self, n):
        return self.page.locator(f".lw-cell[data-token='{n}'] > .lw-form")

    def tags(self):
        return self.page.locator(".lw-cell > .lw-tags").all_inner_texts()

    def arcs(self):
        return sorted(self.page.locator(".lw-arc:not(.lw-root-mark)").all_inner_texts())

    @property
    def here(self):
        return self.page.locator(".lw-here > .lw-form").inner_text()

    @property
    def told(self):
        return self.page.locator(".lw-told").inner_text()

    def stored(self):
        """Submit; tags by form, and arcs as (type, head, dependent)."""
        self.press("Enter")
        self.host.settle()
        (kept,) = self.session.recent(1)
        said = self.session.schema.decode(kept.values)
        forms = {span.id: span.text for span in said["words"]}
        tags = [(span.text, span.label) for span in sorted(said["words"], key=lambda span: span.start)]
        return tags, [(arc.label, forms[arc.source], forms[arc.target]) for arc in said["arcs"] or ()]


SCHEMA = lw.Schema(
    lw.Spans("words", ["DET", "ADJ", "NOUN", "VERB"], tokens="tokens", every=True, nested=False),
    lw.Relations("arcs", ["det", "amod", "nsubj"], between="words", required=False),
)
ROW = {"text": "The old man slept", "tokens": ["The", "old", "man", "slept"]}


@pytest.fixture
def tagger(host):
    session = lw.Session(
        None, data=[ROW, ROW | {"text": "The old man slept "}], item="text", schema=SCHEMA, user="ann"
    )
    return Tagger(host, session)


def of_file(host, text, given=True):
    rows = conllu.read(text)
    session = lw.Session(None, data=rows, item="text", key="id", schema=conllu.schema(rows), user="ann")
    if given:
        for row in rows:
            task = session.task(str(row["id"]))
            session.save_draft(task, session.schema.encode(conllu.answer(row)))
    return Tagger(host, session)


def test_a_sentence_is_tagged_and_parsed_by_keys_alone(tagger):
    tagger.words.focus()
    tagger.press("1", "2", "3", "4")
    assert tagger.tags() == ["DET", "ADJ", "NOUN", "VERB"]
    # From the man to its parts: from here, go there, a type's key.
    tagger.press("Home", "ArrowRight", "ArrowRight", "Shift+D", "ArrowLeft", "ArrowLeft", "5")
    assert tagger.here == "The"
    tagger.press("End", "ArrowLeft", "Shift+D", "ArrowLeft", "6")
    tagger.press("End", "Shift+D", "ArrowLeft", "7")
    assert tagger.arcs() == ["amod", "det", "nsubj"]
    assert tagger.page.locator(".lw-root-mark.lw-arc").inner_text() == "root"
    assert tagger.stored() == (
        [("The", "DET"), ("old", "ADJ"), ("man", "NOUN"), ("slept", "VERB")],
        [("det", "man", "The"), ("amod", "man", "old"), ("nsubj", "slept", "man")],
    )


def test_a_token_without_a_tag_is_asked_for(tagger):
    tagger.words.focus()
    tagger.press("1", "ArrowRight", "3", "4", "Home", "Enter")
    assert '"words" of token 2 needs an answer' in tagger.page.locator(".lw-root").inner_text()
    assert tagger.here == "old"
    assert tagger.page.locator(".lw-tag.lw-open").count() == 1
    tagger.press("Home", "Shift+T")
    assert tagger.here == "old"
    tagger.press("2")
    assert tagger.stored()[0] == [("The", "DET"), ("old", "ADJ"), ("man", "NOUN"), ("slept", "VERB")]


def test_an_arc_is_drawn_by_the_mouse_and_typed_ahead(tagger):
    tagger.words.focus()
    tagger.press("1", "2", "3", "4")
    tagger.cell(3).hover()
    tagger.page.mouse.down()
    tagger.cell(2).hover()
    assert tagger.page.locator(".lw-arc.lw-asked").count() == 1
    tagger.page.mouse.up()
    tagger.press("7")
    assert tagger.arcs() == ["nsubj"]
    # Another head for the same token takes the place of the one that it had.
    tagger.cell(0).hover()
    tagger.page.mouse.down()
    tagger.cell(2).hover()
    tagger.page.mouse.up()
    tagger.press("5")
    assert tagger.arcs() == ["det"]
    tagger.press("Control+z")
    assert tagger.arcs() == ["nsubj"]
    assert tagger.stored()[1] == [("nsubj", "slept", "man")]


def test_an_arc_that_is_not_meant_is_dropped(tagger):
    tagger.words.focus()
    tagger.press("1", "2", "3", "4", "Home", "Shift+D", "ArrowRight")
    assert tagger.page.locator(".lw-arc.lw-asked").count() == 1
    tagger.press("Escape")
    assert tagger.page.locator(".lw-arc").count() == 0
    # A tag's key is meant for the token again.
    tagger.press("3")
    assert tagger.tags()[1] == "NOUN"


def test_types_are_found_by_typing_and_arcs_are_changed_and_deleted_by_keys(host):
    tagger = of_file(host, samples.CAT)
    assert tagger.tags()[:5] == ["DET", "ADJ", "NOUN", "AUX", "PART"]
    tagger.words.focus()
    # Up to the arc, another type by typing; up to the head.
    tagger.press("ArrowRight", "Shift+ArrowUp", "/")
    tagger.page.keyboard.type("nmod")
    tagger.press("Enter")
    assert "nmod" in tagger.arcs()
    assert "amod" not in tagger.arcs()
    tagger.words.focus()
    tagger.press("Delete")
    assert "nmod" not in tagger.arcs()
    # Two words have no head now: which one is the root is not known.
    assert tagger.page.locator(".lw-root-mark.lw-arc").count() == 0
    tagger.press("Home", "ArrowRight", "ArrowRight", "Shift+D", "ArrowLeft", "/")
    tagger.page.keyboard.type("appos")
    tagger.press("Enter")
    assert "appos" in tagger.arcs()
    assert ("appos", "cat", "old") in tagger.stored()[1]


def test_an_arc_drawn_by_the_mouse_is_typed_at_once_where_there_are_more_types_than_keys(host):
    tagger = of_file(host, samples.CAT)
    tagger.cell(5).hover()
    tagger.page.mouse.down()
    tagger.cell(0).hover()
    tagger.page.mouse.up()
    tagger.page.locator(".lw-find input:focus").wait_for()
    tagger.page.keyboard.type("disc")
    tagger.press("Enter")
    assert "discourse" in tagger.arcs()
    # Keys are for tags again.
    tagger.press("6")
    assert tagger.tags()[0] == "DET"
    assert ("discourse", "see", "The") in tagger.stored()[1]


def test_what_was_not_touched_comes_back_as_it_was(host):
    text = samples.CAT + samples.HOME + samples.HEBREW
    tagger = of_file(host, text)
    for _ in range(3):
        tagger.words.focus()
        tagger.stored()
    assert conllu.dump(tagger.session.frame()) == text


def test_one_tag_changed_is_all_that_changes_in_the_file(host):
    tagger = of_file(host, samples.HEBREW)
    tagger.words.focus()
    # The next token is at the left, where a text goes from right to left.
    tagger.press("ArrowLeft", "ArrowLeft")
    assert tagger.here == "דג"
    key = tagger.session.schema["words"].labels[11]
    tagger.page.locator(".lw-bar .lw-label", has_text=key.name).first.click()
    assert tagger.here == "גדול"
    tagger.stored()
    assert conllu.dump(tagger.session.frame()) == samples.HEBREW.replace("דג\tNOUN", "דג\tPROPN")


def test_sentences_of_one_text_stand_apart_and_arcs_survive_narrow_pages(host):
    lines = ["The old man slept", "The old man had slept a long time"]
    row = {"text": "\n".join(lines), "tokens": " ".join(lines).split()}
    session = lw.Session(None, data=[row], item="text", schema=SCHEMA, user="ann")
    tagger = Tagger(host, session)
    assert tagger.page.locator(".lw-sentence").count() == 2
    tagger.words.focus()
    tagger.press(*"123412344123", "End", "Shift+D", "Home", "6")
    whole = tagger.page.locator(".lw-bow").count()
    tagger.page.set_viewport_size({"width": 360, "height": 800})
    tagger.press("+", "+", "+", "+", "+", "+")
    tagger.page.wait_for_function("n => document.querySelectorAll('.lw-bow').length > n", arg=whole)
    assert set(tagger.arcs()) == {"amod"}
    # Two pieces of one arc, in two lines.
    assert len(tagger.arcs()) == 2
    tagger.page.locator(".lw-arc").last.click()
    assert tagger.page.locator(".lw-arc.lw-on").count() == 2


def test_suggested_tags_are_dashed_until_they_are_decided(host):
    rows = conllu.read(samples.HEBREW)
    session = lw.Session(None, data=rows, item="text", key="id", schema=conllu.schema(rows), user="ann")
    session.add_predictions(lambda task: conllu.answer(task.data), model="given")
    tagger = Tagger(host, session)
    assert tagger.page.locator(".lw-tag.lw-guess").count() == 5
    tagger.words.focus()
    tagger.press(".")
    assert tagger.page.locator(".lw-tag.lw-guess").count() == 4
    assert tagger.here == "ראה"


def test_fingers_tag_and_join(browser, host):
    del browser
    session = lw.Session(None, data=[ROW], item="text", schema=SCHEMA, user="ann")
    tagger = Tagger(host, session)
    for name in ("DET", "ADJ", "NOUN", "VERB"):
        tagger.page.locator(".lw-bar .lw-label", has_text=name).click()
    tagger.cell(2).click()
    tagger.page.get_by_role("button", name="Arc from this token").click()
    tagger.cell(1).click()
    tagger.page.locator(".lw-bar .lw-label", has_text="amod").click()
    assert tagger.stored()[1] == [("amod", "man", "old")]


HOSTILE = "<img src=x onerror=document.title='bad'><script>document.title='bad'</script>"


def test_hostile_words_stay_words(host):
    schema = lw.Schema(
        lw.Spans("words", [lw.Label("A", title=HOSTILE)], tokens="tokens", every=True),
        lw.Relations("arcs", [lw.RelationType("r", title=HOSTILE)], between="words"),
    )
    row = {"text": f"{HOSTILE.replace(' ', '')} b", "tokens": [HOSTILE.replace(" ", ""), "b"]}
    session = lw.Session(None, data=[row], item="text", schema=schema, user="ann")
    tagger = Tagger(host, session)
    tagger.words.focus()
    tagger.press("1", "1", "Home", "Shift+D", "ArrowRight", "2")
    assert tagger.page.locator(".lw-arc", has_text="<script>").count() >= 1
    assert tagger.page.locator(".lw-tokens img, .lw-tokens script").count() == 0
    assert tagger.page.title() != "bad"


AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(host, theme):
    if not AXE.is_file():
        pytest.skip("run `make bundles` first: axe-core comes with the front end's tools")
    tagger = of_file(host, samples.CAT)
    page = tagger.page
    page.emulate_media(reduced_motion="reduce")  # a colour on its way to another has neither's contrast
    page.evaluate("theme => document.body.dataset.jpThemeLight = String(theme === 'light')", theme)
    page.add_script_tag(path=AXE)
    tagger.words.focus()
    for keys in (
        (),
        ("ArrowRight", "Shift+ArrowUp"),
        ("Escape", "Shift+D", "ArrowRight"),
        ("Escape", "Delete"),
    ):
        tagger.press(*keys)
        found = page.evaluate("() => axe.run('.lw-root')")
        assert [
            f"{v['id']} {[n['html'][:120] for n in v['nodes'][:3]]}" for v in found["violations"]
        ] == [], keys


def test_screen_readers_hear_the_token_its_tag_and_its_head(host):
    tagger = of_file(host, samples.CAT)
    assert tagger.words.get_attribute("aria-label") == "9 tokens, 8 arcs"
    tagger.words.focus()
    tagger.press("ArrowRight")
    assert tagger.page.locator(".lw-surface > [aria-live]").inner_text() == "old, ADJ, amod of “cat”"


def test_a_treebank_is_shown_edited_and_comes_back_but_for_the_edits(host):
    text = gold.file("ud-english-pud", "en_pud-ud-test.conllu").read_text(encoding="utf-8")
    blocks = [f"{block}\n\n" for block in text.strip().split("\n\n")[:25]]
    tagger = of_file(host, "".join(blocks))
    wanted = []
    for number, block in enumerate(blocks):
        tagger.words.focus()
        edited = number % 5 == 0
        if edited:
            # The first word becomes an adjective.
            tagger.press("Control+Home", "1")
        tagger.stored()
        lines = block.split("\n")
        first = next(n for n, line in enumerate(lines) if line.startswith("1\t"))
        cells = lines[first].split("\t")
        lines[first] = "\t".join([*cells[:3], "ADJ" if edited else cells[3], *cells[4:]])
        wanted.append("\n".join(lines))
    assert "".join(wanted) != "".join(blocks)
    assert conllu.dump(tagger.session.frame()) == "".join(wanted)
