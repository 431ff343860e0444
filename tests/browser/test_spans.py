"""Everything done to spans by mouse, fingers and keys on a real text, seen in what the store has afterwards."""

import pytest

import labelwidgets as lw

from .reader import LONG, TEXT, opening, span


@pytest.fixture
def opened(host):
    with opening(host) as opened:
        yield opened


# -- by pointer ------------------------------------------------------------------------------------------------


def test_what_is_dragged_over_is_labeled_at_once_and_can_be_relabeled(opened):
    reader = opened()
    reader.drag("Angela Merkel")
    reader.press("2")
    reader.drag("Europe")
    assert reader.pairs() == [("LOC", "Angela Merkel"), ("LOC", "Europe")]


def test_a_selection_waits_for_its_label_where_it_is_not_labeled_at_once(opened):
    reader = opened()
    reader.words.focus()
    reader.press("Shift+A")
    reader.drag("Paris. Paris")
    assert reader.live
    assert reader.page.locator(".lw-word").count() == 0
    reader.press("3")
    assert not reader.live
    assert reader.pairs() == [("ORG", "Paris. Paris")]


def test_clicks_select_a_word_then_a_sentence_then_a_paragraph(opened):
    reader = opened()
    reader.click("Emmanuel", times=2)
    assert reader.page.locator(".lw-word").count() == 1
    reader.click("Europe", times=3)
    first, second = reader.submitted()
    assert (first.text, second.text) == ("Emmanuel", "They spoke of Europe, and Paris again.")


def test_a_click_selects_a_span_and_the_next_one_the_span_below(opened):
    inner, outer = span("Macron"), span("Emmanuel Macron", "ORG")
    reader = opened(inner, outer)
    seen = []
    for _ in range(3):
        reader.click("Macron")
        seen.append(reader.page.locator(".lw-word.lw-on").inner_text())
        reader.page.wait_for_timeout(30)
    assert seen == ["PER", "ORG", "PER"]
    reader.press("Delete")
    assert reader.pairs() == [("ORG", "Emmanuel Macron")]


def test_the_word_below_a_span_selects_it(opened):
    reader = opened(span("Macron"), span("Emmanuel Macron", "ORG"))
    reader.page.locator(".lw-word", has_text="ORG").click()
    reader.press("2")
    assert reader.pairs() == [("LOC", "Emmanuel Macron"), ("PER", "Macron")]


def test_edges_are_dragged(opened):
    reader = opened(span("Emmanuel", "PER"))
    reader.click("Emmanuel")
    grip = reader.page.locator(".lw-grip[data-edge=end]").bounding_box()
    reader.pull((grip["x"] + grip["width"] / 2, grip["y"] + 10), reader.at("Emmanuel Macron", "end"))
    start = reader.page.locator(".lw-grip[data-edge=start]").bounding_box()
    reader.pull((start["x"] + start["width"] / 2, start["y"] + 10), reader.at("met Emmanuel"))
    assert reader.pairs() == [("PER", "met Emmanuel Macron")]


def test_a_drag_is_taken_back_by_escape(opened):
    reader = opened()
    reader.drag("Angela Merkel", drop=False)
    assert reader.live
    reader.press("Escape")
    reader.page.mouse.up()
    assert reader.pairs() == []


def test_a_drag_inside_of_a_span_makes_another_one(opened):
    reader = opened(span("Emmanuel Macron"))
    reader.drag("Macron")
    reader.press("2")
    assert reader.pairs() == [("PER", "Emmanuel Macron"), ("LOC", "Macron")]


def test_fingers_hold_to_select_and_drag_the_edges(opened):
    reader = opened()
    x, y = reader.middle("Emmanuel")
    touch = """([type, x, y]) => {
      const target = document.elementFromPoint(x, y);
      const pointer = { pointerId: 7, pointerType: 'touch', button: type === 'pointermove' ? -1 : 0, isPrimary: true };
      target.dispatchEvent(new PointerEvent(type, { clientX: x, clientY: y, bubbles: true, cancelable: true, ...pointer }));
    }"""
    reader.page.evaluate(touch, ["pointerdown", x, y])
    reader.page.locator(".lw-part-of").wait_for()
    reader.page.evaluate(touch, ["pointermove", *reader.middle("Macron")])
    reader.page.evaluate(touch, ["pointerup", *reader.middle("Macron")])
    assert reader.page.locator(".lw-word").inner_text() == "PER"
    grip = reader.page.locator(".lw-grip[data-edge=end]").bounding_box()
    reader.page.evaluate(touch, ["pointerdown", grip["x"] + grip["width"] / 2, grip["y"] + 8])
    reader.page.evaluate(touch, ["pointermove", *reader.at("Emmanuel", "end")])
    reader.page.evaluate(touch, ["pointerup", *reader.at("Emmanuel", "end")])
    assert reader.pairs() == [("PER", "Emmanuel")]


def test_a_finger_that_moves_at_once_scrolls_and_labels_nothing(opened):
    reader = opened()
    x, y = reader.middle("Emmanuel")
    script = """([type, x, y]) => document.querySelector('.lw-words').dispatchEvent(new PointerEvent(type,
      { clientX: x, clientY: y, bubbles: true, pointerId: 7, pointerType: 'touch', button: 0 }))"""
    for type_, at in (("pointerdown", y), ("pointermove", y + 40), ("pointerup", y + 40)):
        reader.page.evaluate(script, [type_, x, at])
    assert not reader.live
    assert reader.pairs() == []


class Finger:
    """A finger of the browser's own: it scrolls, unless the page keeps it from that."""

    def __init__(self, page):
        self.page = page
        self.cdp = page.context.new_cdp_session(page)
        self.cdp.send("Emulation.setTouchEmulationEnabled", {"enabled": True})

    def _touch(self, kind, *points):
        points = [{"x": x, "y": y} for x, y in points]
        self.cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def drag(self, start, end, *, hold="() => true"):
        """From one place to another, as soon as something is so in the page."""
        self._touch("touchStart", start)
        self.page.wait_for_function(hold)
        for n in range(1, 9):
            self._touch("touchMove", tuple(a + (b - a) * n / 8 for a, b in zip(start, end, strict=True)))
            self.page.wait_for_timeout(16)
        self._touch("touchEnd")


def test_a_real_finger_scrolls_holds_and_drags(opened):
    reader = opened(text=LONG)
    page, finger = reader.page, Finger(reader.page)
    box = reader.words.bounding_box()
    x, y = box["x"] + 150, box["y"] + 300
    finger.drag((x, y), (x, y - 200))
    page.wait_for_function("() => document.querySelector('.lw-words').scrollTop > 100")
    page.wait_for_timeout(300)
    top = reader.words.evaluate("words => words.scrollTop")
    finger.drag((x, y), (x + 200, y), hold="() => document.querySelector('.lw-part-of')")
    page.locator(".lw-word").first.wait_for()
    assert reader.words.evaluate("words => words.scrollTop") == top
    before = page.locator(".lw-list [role=option]").inner_text()
    grip = page.locator(".lw-grip[data-edge=end]").bounding_box()
    at = (grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2)
    finger.drag(at, (at[0] - 80, at[1]))
    page.wait_for_function(
        "before => document.querySelector('.lw-list [role=option]').innerText !== before", arg=before
    )
    (made,) = reader.submitted()
    assert LONG[made.start : made.end] == made.text
    assert made.text in before.replace("\n", " ")


# -- by keys ---------------------------------------------------------------------------------------------------


def test_a_word_is_selected_and_labeled_by_keys_alone(opened):
    reader = opened()
    reader.words.focus()
    reader.press("Control+ArrowRight", "Control+ArrowRight", "Control+ArrowRight")
    reader.press("Control+Shift+ArrowRight", "Shift+ArrowRight", "Control+Shift+ArrowRight")
    assert "“Emmanuel Macron” selected" in reader.heard
    reader.press("2")
    assert reader.pairs() == [("LOC", "Emmanuel Macron")]


def test_the_caret_goes_by_characters_lines_and_to_the_ends(opened):
    reader = opened()
    reader.words.focus()
    reader.press(
        "ArrowDown", "Home", "Shift+End", "1", "Control+Home", "Shift+ArrowRight", "Shift+ArrowRight", "2"
    )
    reader.press("Control+End", "ArrowLeft", "Shift+ArrowUp", "3")
    spans = reader.submitted()
    assert ("LOC", "An") in [(each.label, each.text) for each in spans]
    assert ("PER", TEXT.split("\n")[1]) in [(each.label, each.text) for each in spans]
    across = next(each for each in spans if each.label == "ORG")
    assert across.end == len(TEXT) - 1
    assert "\n" in across.text


def test_the_selection_grows_from_word_to_text_and_shrinks_again(opened):
    reader = opened()
    reader.words.focus()
    reader.press("Control+ArrowRight", "Control+ArrowRight")
    heard = []
    for _ in range(4):
        reader.press("Alt+Shift+ArrowRight")
        heard.append(reader.heard)
    assert heard[0].startswith("“met” selected")
    assert heard[1].startswith("“Angela Merkel met Emmanuel Macron in Paris.” selected")
    assert heard[2].startswith("“Angela Merkel met Emmanuel Macron in Paris. Paris is in France.” selected")
    reader.press("Alt+Shift+ArrowLeft", "Alt+Shift+ArrowLeft", "Shift+N")
    assert reader.pairs() == [("PER", "Angela Merkel met Emmanuel Macron in Paris.")]


def test_edges_are_moved_by_keys_and_each_press_is_undone_by_one(opened):
    reader = opened(span("Emmanuel"))
    reader.words.focus()
    reader.press("Shift+J", "Alt+ArrowRight", "Alt+ArrowRight", "Alt+ArrowUp", "Alt+ArrowLeft")
    reader.press("Control+z")
    assert reader.pairs() == [("PER", " Emmanuel M")]


def test_spans_are_gone_through_in_the_order_of_the_text(opened):
    reader = opened(span("Paris", "LOC", nth=1), span("Emmanuel Macron"), span("Macron", "ORG"))
    reader.words.focus()
    heard = []
    for key in ("Shift+J", "Shift+J", "Shift+J", "Shift+J", "Shift+K"):
        reader.press(key)
        heard.append(reader.heard.rpartition(". ")[2])
    assert heard == ["1 of 3", "2 of 3", "3 of 3", "1 of 3", "3 of 3"]
    assert reader.page.locator(".lw-list [aria-selected=true]").inner_text().split()[:2] == ["3", "LOC"]


def test_the_same_text_is_labeled_everywhere_in_one_step(opened):
    text = "Paris, Parisian Paris and Paris"
    reader = opened(span("Paris", "LOC", of=text), text=text)
    reader.words.focus()
    reader.press("Shift+J", "Shift+E")
    assert "2 labeled, 1 had a label" in reader.told
    reader.press("Control+z", "Control+Shift+z")
    assert [(each.label, each.start) for each in reader.submitted()] == [("LOC", 0), ("LOC", 16), ("LOC", 26)]


def test_undo_takes_the_whole_of_everywhere_back(opened):
    reader = opened(span("Paris", "LOC"))
    reader.words.focus()
    reader.press("Shift+J", "Shift+E", "Control+z")
    assert reader.pairs() == [("LOC", "Paris")]


def test_a_span_gets_parts_by_pointer_and_by_keys(opened):
    reader = opened(discontinuous=True)
    reader.drag("Angela")
    reader.drag("Emmanuel", "Control")
    reader.words.focus()
    reader.press("Control+End", "Control+Shift+ArrowLeft", "Control+Shift+ArrowLeft", "Shift+P")
    (made,) = reader.submitted()
    assert [TEXT[a:b] for a, b in made.parts] == ["Angela", "Emmanuel", "Paris again."]
    assert (made.start, made.end) == (0, len(TEXT))
    assert made.text == TEXT


def test_escape_ends_the_selection_then_leaves(opened):
    reader = opened(span("Emmanuel"))
    reader.click("Emmanuel")
    reader.press("Escape")
    assert reader.page.locator(".lw-word.lw-on").count() == 0
    reader.press("Shift+ArrowRight")
    assert reader.live
    reader.press("Escape")
    assert not reader.live


def test_what_is_selected_can_be_copied(opened):
    reader = opened()
    reader.words.focus()
    reader.page.evaluate("""() => document.addEventListener('copy', (event) => {
      window.copied = event.clipboardData.getData('text/plain'); }, { once: true })""")
    reader.press("Control+Shift+ArrowRight", "Control+c")
    assert reader.page.evaluate("() => window.copied").strip() == "Angela"


# -- rules -----------------------------------------------------------------------------------------------------


def test_a_span_that_may_not_lie_there_is_refused_with_the_reason(opened):
    reader = opened(span("Emmanuel Macron"), nested=False, overlapping=False)
    reader.drag("Macron")
    assert "lies in or around PER, “Emmanuel Macron”" in reader.told
    reader.press("Escape")
    reader.drag("Macron in")
    assert "overlaps PER, “Emmanuel Macron”" in reader.told
    reader.press("Escape")
    assert reader.pairs() == [("PER", "Emmanuel Macron")]


def test_words_are_taken_whole_and_that_is_seen_before_the_release(opened):
    reader = opened(granularity="word")
    reader.pull(reader.middle("Angela"), reader.middle("Merkel"), drop=False)
    box = reader.page.locator(".lw-part-of").bounding_box()
    (left, _), (right, _) = reader.at("Angela Merkel"), reader.at("Angela Merkel", "end")
    assert (box["x"], box["x"] + box["width"]) == pytest.approx((left, right), abs=2)
    reader.page.mouse.up()
    reader.press("Alt+ArrowRight")
    assert reader.pairs() == [("PER", "Angela Merkel met")]


def test_given_tokens_are_taken_whole(opened):
    tokens = [["don", "'t", "go"], ["Another", "text", "."], ["A", "third", "one", "."]]
    reader = opened(text="don't go", data={"tokens": tokens}, granularity="token", tokens="tokens")
    reader.words.focus()
    reader.press("ArrowRight", "Shift+ArrowRight", "2")
    assert [(each.label, each.text, each.start) for each in reader.submitted()] == [("LOC", "'t", 3)]


def test_no_answer_is_an_answer_that_must_be_given(opened):
    reader = opened(labels=(), unanswerable=True)
    reader.words.focus()
    reader.drag("Paris")
    reader.press("Delete")
    assert (
        reader.page.get_by_role("button", name="No answer in the text").get_attribute("aria-pressed")
        == "false"
    )
    reader.press("Shift+X")
    assert (
        reader.page.get_by_role("button", name="No answer in the text").get_attribute("aria-pressed")
        == "true"
    )
    assert reader.submitted() == []


def test_a_span_is_linked_to_one_of_ten_thousand_entries_by_typing(opened):
    entries = [lw.Label(f"Q{n}", title=f"Place number {n}", description=f"no. {n}") for n in range(10_000)]
    reader = opened(span("Paris", "LOC"), entries=entries)
    reader.words.focus()
    reader.press("Shift+J", "Shift+L")
    box = reader.page.get_by_role("combobox", name="Linked to")
    box.fill("number 7777")
    reader.page.get_by_role("option", name="Place number 7777").wait_for()
    reader.press("Enter")
    assert reader.page.locator(".lw-word").inner_text() == "LOC → Place number 7777"
    reader.page.locator(".lw-root").focus()
    (made,) = reader.submitted()
    assert made.link == "Q7777"


def test_attributes_are_said_of_the_selected_spans(opened):
    reader = opened(span("Paris", "LOC"), attributes=[lw.Choice("sure", ["yes", "no"], required=False)])
    reader.click("Paris")
    reader.page.get_by_role("radio", name="no").or_(
        reader.page.get_by_role("button", name="no", exact=True)
    ).first.click()
    (made,) = reader.submitted()
    assert made.attributes == {"sure": "no"}


def test_signs_that_no_keyboard_has_are_typed_by_a_click(opened):
    reader = opened(span("Paris", "LOC"), attributes=[lw.Text("ipa", required=False)], palette=["ʁ", "ɑ̃"])
    reader.click("Paris")
    box = reader.page.locator(".lw-attributes input, .lw-attributes textarea").first
    box.fill("pai")
    box.evaluate("box => box.setSelectionRange(2, 2)")
    reader.page.get_by_role("toolbar", name="Signs").get_by_text("ʁ").click()
    reader.page.keyboard.press("Tab")
    reader.press("ArrowRight", "Enter")
    reader.words.focus()
    (made,) = reader.submitted()
    assert made.attributes == {"ipa": "paʁɑ̃i"}


# -- suggestions -----------------------------------------------------------------------------------------------


def test_suggestions_are_dashed_and_decided_one_by_one(opened):
    guesses = [
        lw.Span(0, 13, label="PER", score=0.97),
        lw.Span(18, 33, label="ORG", score=0.41),
        lw.Span(37, 42, label="LOC", score=0.88),
    ]
    reader = opened(suggested=guesses)
    assert reader.page.locator(".lw-word.lw-guess").all_inner_texts() == ["PER 97 %", "ORG 41 %", "LOC 88 %"]
    reader.words.focus()
    reader.press("Shift+J", ".")
    assert "Emmanuel Macron" in reader.heard
    reader.press(",", "2")
    assert reader.page.locator(".lw-word.lw-guess").count() == 0
    assert reader.pairs() == [("PER", "Angela Merkel"), ("LOC", "Paris")]


def test_a_suggestion_that_is_selected_again_is_taken_over_with_the_label(opened):
    reader = opened(suggested=[lw.Span(37, 42, label="ORG", score=0.4)])
    reader.words.focus()
    reader.press(*["Control+ArrowRight"] * 6, "Control+Shift+ArrowRight", "2")
    assert reader.page.locator(".lw-word.lw-guess").count() == 0
    assert reader.pairs() == [("LOC", "Paris")]


def test_all_suggestions_are_accepted_at_once_when_none_is_selected(opened):
    reader = opened(suggested=[lw.Span(0, 13, label="PER"), lw.Span(37, 42, label="LOC")])
    reader.words.focus()
    reader.press(".")
    assert reader.pairs() == [("PER", "Angela Merkel"), ("LOC", "Paris")]
