"""Forty payloads through every channel of text, in a real browser: nothing runs, nothing becomes markup."""

import json

import pandas as pd
import pytest
from PIL import Image

import labelwidgets as lw
from labelwidgets.text import SpanWidget

PAYLOADS = [
    "<script>pwn()</script>",
    "<ScRiPt>pwn()</sCrIpT>",
    "<script src=data:text/javascript,pwn()></script>",
    "<img src=x onerror=pwn()>",
    "<img src=x onerror=pwn()//",
    "<IMG SRC=x OnErRoR=pwn()>",
    "<img/src=x/onerror=pwn()>",
    '"><img src=x onerror=pwn()>',
    "'><img src=x onerror=pwn()>",
    "`><img src=x onerror=pwn()>",
    "<svg onload=pwn()>",
    "<svg/onload=pwn()>",
    "<svg><script>pwn()</script></svg>",
    "<svg><animate onbegin=pwn() attributeName=x dur=1s>",
    "<svg><a xlink:href=javascript:pwn()><text x=20 y=20>x</text></a>",
    "<math><mtext><table><mglyph><style><img src=x onerror=pwn()>",
    "<body onload=pwn()>",
    "<iframe src=javascript:pwn()>",
    "<iframe srcdoc='<script>parent.pwn()</script>'>",
    "<object data=javascript:pwn()>",
    "<embed src=javascript:pwn()>",
    "<video><source onerror=pwn()>",
    "<audio src=x onerror=pwn()>",
    "<details open ontoggle=pwn()>",
    "<input autofocus onfocus=pwn()>",
    "<select autofocus onfocus=pwn()>",
    "<textarea autofocus onfocus=pwn()>",
    "<marquee onstart=pwn()>",
    "<a href=javascript:pwn()>x</a>",
    "[x](javascript:pwn())",
    "[x](JaVaScRiPt:pwn())",
    "![x](x onerror=pwn())",
    "<a href='java\tscript:pwn()'>x</a>",
    "<form action=javascript:pwn()><button>x",
    "<meta http-equiv=refresh content='0;url=javascript:pwn()'>",
    "<style>@import 'javascript:pwn()';</style>",
    "<div style=background:url(javascript:pwn())>",
    "<template><img src=x onerror=pwn()></template>",
    "<noscript><p title='</noscript><img src=x onerror=pwn()>'>",
    "</textarea></style></title></script><img src=x onerror=pwn()>",
    "<button data-commandlinker-command=x>x</button>",
    "${pwn()}{{constructor.constructor('pwn()')()}}",
]

CALM = """() => ({
  ran: window.pwned ?? 0,
  markup: [...document.querySelectorAll('.lw-root script, .lw-root iframe, .lw-root object, .lw-root embed, .lw-root svg script, .lw-root [data-commandlinker-command]')].length,
  handlers: [...document.querySelectorAll('.lw-root *')].flatMap((e) => [...e.attributes])
    .filter((a) => /^on/.test(a.name) || /^\\s*javascript:/i.test(a.value)).map((a) => a.name + '=' + a.value),
})"""


def watched(host, *widgets):
    host.page.add_init_script("window.pwn = () => { window.pwned = (window.pwned ?? 0) + 1; };")
    host.page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
    return host.show(*widgets)


def calm(host):
    host.page.wait_for_timeout(150)
    seen = host.page.evaluate(CALM)
    host.errors = [e for e in host.errors if "net::ERR" not in e and "Failed to load resource" not in e]
    assert seen == {"ran": 0, "markup": 0, "handlers": []}


def test_item_text_is_text(host):
    schema = lw.Schema(lw.Choice("mood", ["a", "b"]))
    session = lw.Session(None, data=pd.DataFrame({"text": PAYLOADS}), item="text", schema=schema, user="ann")
    watched(host, lw.label(session))
    for payload in PAYLOADS:
        host.page.get_by_text(payload[:20]).first.wait_for()
        calm(host)
        host.page.locator(".lw-root").first.focus()
        host.page.keyboard.press("1")
        host.settle()
    assert session.frame()["text"].tolist() == PAYLOADS
    assert session.progress.done == len(PAYLOADS)


def schema_of_payloads(half):
    some = PAYLOADS[half::2]
    labels = [
        lw.Label(f"l{n}", title=payload, description=payload, aliases=[payload[:60]])
        for n, payload in enumerate(some[:10])
    ]
    return lw.Schema(
        lw.Boxes(
            "objects",
            labels,
            attributes=[lw.Choice("kind", some[10:14], title=some[14], help=some[15], required=False)],
        ),
        lw.Choice(
            "choice",
            [lw.Label(f"o{n}", title=p) for n, p in enumerate(some[:6])],
            title=some[6],
            help=some[7],
        ),
        lw.Text("note", title=some[8], help=some[9], required=False),
        lw.Number("amount", unit=some[10][:20], title=some[11], required=False),
        instructions="\n\n".join(PAYLOADS),
        skip_reasons=[reason for reason in some[16:20] if reason.isprintable()],
    )


@pytest.mark.parametrize("half", [0, 1])
def test_labels_instructions_names_comments_and_columns_are_text(host, tmp_path, half):
    files = []
    for n, payload in enumerate(PAYLOADS[half::2][:12]):
        file = tmp_path / (payload.replace("/", "_")[:80] + f"{n}.png")
        Image.new("RGB", (60, 40), "gray").save(file)
        files.append(str(file))
    data = pd.DataFrame({"image": files, PAYLOADS[0]: PAYLOADS[: len(files)]})
    user = lw.User("ann", name=PAYLOADS[3])
    session = lw.Session(None, data=data, item="image", schema=schema_of_payloads(half), user=user)
    session.comment(1, PAYLOADS[3])
    session.comment(1, PAYLOADS[10], region=PAYLOADS[0][:20])
    boxes = [lw.Box(1, 1, 20, 20, label="l0")]
    table = pd.DataFrame({"task_id": [1, 2], "objects": [boxes, boxes], "score": [0.5, 0.5]})
    session.add_predictions(table, model=PAYLOADS[3], version=PAYLOADS[11])
    watched(host, lw.label(session, columns=[PAYLOADS[0]], title=PAYLOADS[7]))
    host.page.locator(".lw-root canvas").first.wait_for()
    host.settle()
    calm(host)
    root = host.page.locator(".lw-root").first
    root.focus()
    host.page.keyboard.press("?")
    calm(host)
    host.page.keyboard.press("Escape")
    host.page.keyboard.press("Shift+S")
    calm(host)
    host.page.keyboard.press("Escape")
    host.page.keyboard.press("/")
    host.page.keyboard.type("<img")
    calm(host)


@pytest.mark.parametrize("half", [0, 1])
def test_spans_their_words_links_and_signs_are_text(host, half):
    some = PAYLOADS[half::2]
    field = lw.Spans(
        "spans",
        [lw.Label(f"l{n}", title=payload, description=payload) for n, payload in enumerate(some[:6])],
        title=some[6],
        help=some[7],
        entries=[
            lw.Label(f"e{n}", title=p, description=p, aliases=[p[:60]]) for n, p in enumerate(some[:12])
        ],
        palette=["<b>", "&amp;"],
        attributes=[lw.Text("note", title=some[8], help=some[9], required=False)],
        required=False,
    )
    text = "\n".join(PAYLOADS)
    session = lw.Session(None, data=[text, "b"], item="item", schema=lw.Schema(field), user="ann")
    guesses = [
        lw.Span(20 * n, 20 * n + 15, label=f"l{n % 6}", link=f"e{n}", score=0.5, id=some[n])
        for n in range(12)
    ]
    session.add_predictions(
        lambda task: {"spans": guesses} if task.id == 1 else None, model=some[3], version=some[4]
    )
    watched(host, SpanWidget(session))
    words = host.page.locator(".lw-words")
    words.wait_for()
    host.settle()
    calm(host)
    words.focus()
    for key in ("Shift+J", ".", "Shift+V", "Shift+E", "Alt+ArrowRight", "Shift+J", "Shift+K", "Shift+L"):
        host.page.keyboard.press(key)
    host.page.keyboard.type("<img")
    calm(host)
    host.page.keyboard.press("Escape")
    words.focus()
    host.page.get_by_role("button", name="Find in a long text").click()
    host.page.keyboard.type("<script>")
    calm(host)
    assert host.page.locator(".lw-run").first.text_content() == PAYLOADS[0]


def test_a_colour_is_a_colour():
    for color in ("red;background:url(javascript:pwn())", "expression(pwn())", "#12", "url(x)", "var(--x)"):
        with pytest.raises(lw.SchemaError):
            lw.Schema(lw.Choice("mood", [lw.Label("a", color=color)]))


def test_forged_traits_reach_no_page(host):
    schema = lw.Schema(lw.Choice("mood", ["a", "b"]))
    session = lw.Session(None, data=["one"], item="item", schema=schema, user="ann")
    widget = lw.label(session)
    watched(host, widget)
    for trait in ("_esm", "_css", "_bundle", "state", "first"):
        host.write({trait: "pwn()"})
    host.settle()
    calm(host)
    assert "pwn()" not in json.dumps(widget.get_state(), default=str)


def test_messages_from_nowhere_do_nothing(host):
    schema = lw.Schema(lw.Choice("mood", ["a", "b"]))
    session = lw.Session(None, data=["one", "two"], item="item", schema=schema, user="ann")
    watched(host, lw.label(session))
    host.settle()
    before = session.revision
    for act in ({"kind": "submit", "id": "x", "task": 77, "values": {}}, {"kind": "eval", "id": "y"}, {}):
        (reply,) = host.send(act)
        assert reply["kind"] == "refuse"
    assert session.revision == before


@pytest.mark.parametrize("half", [0, 1])
def test_speakers_turns_answers_and_options_are_text(host, half):
    some = [payload for payload in PAYLOADS[half::2] if payload.isprintable()]
    labels = [lw.Label(f"l{n}", title=payload, description=payload) for n, payload in enumerate(some[:6])]
    talk = [{"speaker": who, "text": said} for who, said in zip(some, PAYLOADS[1 - half :: 2], strict=False)]
    rows = [{"talk": talk, "a": some[0], "b": [{"role": some[1], "content": some[2]}], "all": some[:5]}]
    schema = lw.Schema(
        lw.Turns("acts", labels[:3], title=some[3], help=some[4], multiple=True),
        lw.Spans("words", labels[3:], title=some[5]),
        lw.Pairwise(
            "better", ["a", "b"], options=[lw.Label(f"p{n}", title=p) for n, p in enumerate(some[6:9])]
        ),
        lw.Ranking("order", column="all", title=some[9]),
        lw.Text("mended", begin="a", multiline=True, title=some[10]),
    )
    session = lw.Session(None, data=rows, item="talk", schema=schema, user="ann")
    text = session.sight(session.task(1)).text
    spans = [lw.Span(0, len(talk[0]["text"]), label="l3"), lw.Span(2, 9, label="l4")]
    turns = [lw.Turn(0, label="l0"), lw.Turn(0, label="l1")]
    draft = {"acts": turns, "words": spans, "mended": some[11]}
    session.save_draft(1, session.schema.encode(draft))
    session.add_predictions(
        lambda _: {"acts": [lw.Turn(1, label="l2", score=0.5)], "order": ["1", "0", "2", "3", "4"]},
        model=some[12],
    )
    watched(host, lw.label(session))
    host.page.locator(".lw-turn").first.wait_for()
    host.page.locator(".lw-ranked").first.wait_for()
    host.settle()
    calm(host)
    seen = host.page.locator(".lw-utter").all_text_contents()
    assert seen == [turn["text"] for turn in talk]
    assert "\n".join(seen) == text
    assert host.page.locator(".lw-speaker").all_text_contents() == [turn["speaker"] for turn in talk]
    host.page.locator(".lw-turn").first.focus()
    for key in ("1", "Shift+J", "Control+z", "?"):
        host.page.keyboard.press(key)
        calm(host)
    assert host.page.get_by_role("dialog").count() == 1
