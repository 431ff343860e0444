"""How texts of all kinds and lengths are shown with their spans: exact, whole, for everybody."""

from pathlib import Path

import pandas as pd
import pytest

import labelwidgets as lw

from .reader import LONG, TEXT, opening, span


@pytest.fixture
def opened(host):
    with opening(host) as opened:
        yield opened


# -- texts of all kinds ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "👩‍👩‍👧 loves café ☕ in München",
        "שלום עולם hello עברית",
        "a\r\nb\tc 𝔘𝔫𝔦\n\n\nend",
        "日本語のテキスト。東京",
        "e\u0301e\u0301\u0302 \u200b\u200d x\ufeff y",
        "\ufeffstart <script>alert(1)</script> <b>bold</b> &amp;",
        "مرحبا بالعالم 123 hello",
        "🇩🇪🇫🇷🇮🇹 नमस्ते ก็ฉันรัก",
    ],
    ids=["emoji", "hebrew", "endings", "japanese", "combining", "html", "arabic", "flags"],
)
def test_everything_is_selected_exactly_as_it_is_stored(opened, text):
    reader = opened(text=text, labels=())
    reader.words.focus()
    reader.press("Control+Home", "Control+Shift+End", "Shift+N")
    assert [each.text for each in reader.submitted()] == [text]


def test_the_left_is_forward_from_right_to_left(opened):
    text = "שלום עולם"
    reader = opened(text=text)
    reader.words.focus()
    reader.press("Control+Home", "Shift+ArrowLeft", "Shift+ArrowLeft", "1")
    assert reader.pairs() == [("PER", text[:2])]


def test_invisible_signs_are_shown_and_change_nothing(opened):
    text = "a\tb\u200bc \u200d\r\nd"
    reader = opened(text=text, labels=())
    reader.words.focus()
    reader.press("Shift+V")
    signs = reader.page.evaluate(
        "() => [...document.querySelectorAll('.lw-sign')].map((each) => each.dataset.sign)"
    )
    assert signs == ["→", "ZWSP", "·", "ZWJ"]
    assert reader.page.locator(".lw-run").first.get_attribute("data-ending") == "␍␊"
    reader.press("Control+Shift+End", "Shift+N")
    assert [each.text for each in reader.submitted()] == [text]


# -- long texts ------------------------------------------------------------------------------------------------


def test_a_long_text_is_only_partly_in_the_page_and_all_of_it_can_be_labeled(opened):
    reader = opened(text=LONG)
    assert 0 < reader.page.locator(".lw-para").count() < 60
    reader.words.focus()
    reader.press("Control+End", "Control+ArrowLeft", "Control+ArrowLeft")
    reader.page.locator(".lw-run", has_text="number 1199").wait_for()
    reader.drag("dog number 1199")
    reader.press("Control+Home", "Shift+ArrowRight", "2")
    assert reader.pairs() == [("LOC", "T"), ("PER", "dog number 1199")]


def test_own_search_finds_what_is_not_in_the_page_and_labels_it(opened):
    reader = opened(text=LONG)
    reader.words.focus()
    reader.press("Control+f")
    box = reader.page.get_by_role("textbox", name="Find in the text")
    box.fill("NUMBER 11")
    assert "of 111" in reader.page.get_by_role("search").inner_text()
    box.fill("number 1150")
    assert "1 of 1" in reader.page.get_by_role("search").inner_text()
    reader.page.locator(".lw-run", has_text="number 1150").wait_for()
    reader.press("Escape", "3")
    assert reader.pairs() == [("ORG", "number 1150")]


def test_a_short_text_leaves_the_search_to_the_browser(opened):
    reader = opened()
    reader.words.focus()
    reader.press("Control+f")
    assert reader.page.get_by_role("search").count() == 0


def test_a_long_line_without_end_is_shown_in_whole_lines(opened):
    line = "".join(f"word{n} " for n in range(9000))
    reader = opened(text=line)
    lines = reader.page.evaluate("""() => {
      const paras = [...document.querySelectorAll('.lw-para')].slice(0, 3);
      return paras.map((para) => {
        const range = document.createRange();
        range.selectNodeContents(para.querySelector('.lw-run'));
        const rects = [...range.getClientRects()];
        return rects[rects.length - 1].width / para.clientWidth;
      });
    }""")
    assert min(lines) > 0.85
    reader.words.focus()
    reader.press("Control+End", "Control+Shift+ArrowLeft", "1")
    assert [each.text for each in reader.submitted()] == ["word8999 "]


def test_a_word_without_blanks_of_a_hundred_thousand_letters_is_labeled_at_its_end(opened):
    text = "abcdefghij" * 10_000
    reader = opened(text=text)
    reader.words.focus()
    reader.press("Control+End", "Shift+ArrowLeft", "Shift+ArrowLeft", "Shift+ArrowLeft", "1")
    assert [(each.text, each.end) for each in reader.submitted()] == [("hij", 100_000)]


def test_the_list_goes_to_a_span_that_is_far_away(opened):
    reader = opened(span("number 1100", of=LONG), text=LONG)
    reader.page.locator(".lw-list [role=option]").click()
    reader.page.locator(".lw-run", has_text="number 1100").wait_for()
    reader.page.locator(".lw-word.lw-on").wait_for()


# -- for everybody ---------------------------------------------------------------------------------------------

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(opened, theme):
    if not AXE.is_file():
        pytest.skip("run `make bundles` first: axe-core comes with the front end's tools")
    reader = opened(
        span("Emmanuel Macron"),
        span("Macron", "ORG"),
        span("Paris", "LOC"),
        entries=[lw.Label(f"Q{n}") for n in range(30)],
        palette=["ʁ", "ɑ̃"],
        attributes=[lw.Choice("sure", ["yes", "no"], required=False)],
        unanswerable=True,
    )
    page = reader.page
    page.emulate_media(reduced_motion="reduce")  # a colour on its way to another has neither's contrast
    page.evaluate("theme => document.body.dataset.jpThemeLight = String(theme === 'light')", theme)
    page.add_script_tag(path=AXE)
    scenes = {
        "plain": lambda: None,
        "selected": lambda: reader.click("Macron"),
        "live": lambda: reader.press("Escape", "Shift+ArrowRight"),
        "told": lambda: reader.press("Escape", "Shift+E"),
        "signs": lambda: reader.press("Shift+V"),
        "search": lambda: page.get_by_role("button", name="Find in a long text").click(),
    }
    for scene, act in scenes.items():
        act()
        found = page.evaluate("() => axe.run('.lw-root')")
        told = [
            f"{v['id']}: {v['help']} {[n['html'][:120] for n in v['nodes'][:3]]}" for v in found["violations"]
        ]
        assert told == [], scene


@pytest.mark.parametrize("width", [360, 700, 1600])
def test_nothing_sticks_out(opened, width):
    reader = opened(span("Emmanuel Macron"), span("Macron", "ORG"), text=TEXT + " " + "long" * 200)
    page = reader.page
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_timeout(150)
    out = page.evaluate("""() => {
      const leaf = document.querySelector('.lw-leaf').getBoundingClientRect();
      const words = document.querySelector('.lw-words');
      return [words.scrollWidth > words.clientWidth, ...[...document.querySelectorAll('.lw-tint')]
        .map((each) => each.getBoundingClientRect()).map((r) => r.right > leaf.right + 8 || r.left < leaf.left - 1)];
    }""")
    assert not any(out)


def test_an_example_is_shown_with_its_spans_and_stays_as_it_is(host):
    told = lw.Instructions(
        "Mark names.",
        examples=[lw.Example({"text": TEXT}, {"names": [span("Paris", "LOC")]}, caption="One")],
    )
    schema = lw.Schema(lw.Spans("names", ["PER", "LOC"], required=False), instructions=told)
    session = lw.Session(None, data=pd.DataFrame({"text": ["Ann"]}), item="text", schema=schema, user="ann")
    host.show(lw.SpanWidget(session))
    example = host.page.locator(".lw-example")
    example.locator(".lw-word", has_text="LOC").click()
    host.page.keyboard.press("Delete")
    host.page.keyboard.press("1")
    assert example.locator(".lw-word").all_inner_texts() == ["LOC"]
    assert host.page.locator(".lw-stage .lw-word").count() == 0


def test_an_example_is_as_high_as_its_text_up_to_a_limit(host):
    examples = [lw.Example({"text": text}, {"names": []}, caption="One") for text in ("Short.", TEXT * 60)]
    told = lw.Instructions("Mark names.", examples=examples)
    schema = lw.Schema(lw.Spans("names", ["PER", "LOC"], required=False), instructions=told)
    session = lw.Session(None, data=pd.DataFrame({"text": ["Ann"]}), item="text", schema=schema, user="ann")
    host.show(lw.SpanWidget(session))
    host.page.locator(".lw-example .lw-run", has_text="Short.").wait_for()
    frames = host.page.locator(".lw-example > .lw-view")
    short, long = (frames.nth(n).bounding_box()["height"] for n in range(2))
    assert 40 < short < 100
    assert 230 < long < 250
    scroller = host.page.locator(".lw-example .lw-words").nth(1)
    assert scroller.evaluate("e => { e.scrollTop = 9e9; return e.scrollTop }") > 300
    assert scroller.locator(".lw-run").last.is_visible()


def test_marks_stay_on_their_letters_when_the_width_or_the_size_changes(opened):
    reader = opened(span("Europe", "LOC"))
    for change in (
        lambda: reader.page.set_viewport_size({"width": 620, "height": 900}),
        lambda: reader.press("+", "+", "+"),
        lambda: reader.press("Shift+V"),
    ):
        reader.words.focus()
        change()
        reader.page.wait_for_timeout(120)
        tint = reader.page.locator(".lw-tint").bounding_box()
        (left, y), (right, _) = reader.at("Europe"), reader.at("Europe", "end")
        assert (tint["x"], tint["x"] + tint["width"]) == pytest.approx((left - 1, right + 1), abs=1.5)
        assert tint["y"] < y < tint["y"] + tint["height"]
