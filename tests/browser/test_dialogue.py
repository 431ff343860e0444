"""Dialogues, comparisons, rankings and many intents: by keyboard only, as text, and quick."""

import json
from pathlib import Path

import pandas as pd
import pytest

import labelwidgets as lw

CLINC = Path(__file__).parents[3] / "shared" / "data" / "clinc-oos" / "data_small.json"
TALK = [
    {"speaker": "Customer", "text": "Hello 👋, where is my parcel?"},
    {"speaker": "Agent", "text": "Let me look it up."},
    {"speaker": "Agent", "text": "It is in Zürich."},
    {"speaker": "Customer", "text": "Thank you!"},
]
ACTS = ["greets", "asks", "answers", "thanks"]


def opened(host, widget):
    host.show(widget)
    root = host.page.locator(".lw-root").last
    root.wait_for()
    host.settle()
    return root


def dialogues(*fields, rows=({"talk": TALK}, {"talk": TALK[:2]}), **options):
    return lw.Session(
        None, data=list(rows), item="talk", schema=lw.Schema(*fields), user=lw.User("ann"), **options
    )


# -- turns ---------------------------------------------------------------------------------------------------


def test_a_dialogue_by_keyboard_only(host):
    session = dialogues(lw.Turns("acts", ACTS, every=True), lw.Choice("solved", ["yes", "no"]))
    root = opened(host, lw.label(session))
    assert isinstance(host.widgets[0], lw.DialogueWidget)
    root.focus()
    page = host.page
    assert (
        page.locator(".lw-turn[aria-current]").evaluate("turn => getComputedStyle(turn).boxShadow") != "none"
    )
    for key in ("Tab", "1", "2", "3", "ArrowUp", "Delete", "3", "4", "5", "Enter"):
        if key == "Tab":
            page.locator(".lw-turn").first.focus()
        else:
            page.keyboard.press(key)
    host.settle()
    regions = session.regions()
    assert regions[["turn", "label"]].values.tolist() == [
        [0, "greets"],
        [1, "asks"],
        [2, "answers"],
        [3, "thanks"],
    ]
    assert session.annotations()["solved"].tolist() == ["yes"]
    assert page.locator(".lw-turn").count() == 2
    page.keyboard.press("1")
    page.keyboard.press("5")
    page.keyboard.press("Enter")
    page.get_by_role("alert").get_by_text("of turn 2 needs an answer").wait_for()
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    host.settle()
    assert session.progress.done == 2


def test_words_are_marked_in_turns_by_pointer_and_keys(host):
    session = dialogues(lw.Turns("acts", ACTS), lw.Spans("places", ["PLACE", "THING"]))
    root = opened(host, lw.label(session))
    page = host.page
    root.get_by_role("button", name="places", exact=True).click()
    box = page.evaluate(
        """() => { const node = document.querySelectorAll('.lw-utter')[2].firstChild; const range = document.createRange();
        range.setStart(node, 9); range.setEnd(node, 15); const r = range.getBoundingClientRect();
        return [r.left, r.right, r.top + r.height / 2]; }"""
    )
    page.mouse.move(box[0] + 1, box[2])
    page.mouse.down()
    page.mouse.move((box[0] + box[1]) / 2, box[2], steps=4)
    page.mouse.move(box[1] - 1, box[2], steps=4)
    page.mouse.up()
    page.locator("mark").get_by_text("Zürich").wait_for()
    page.locator(".lw-turn").first.focus()
    page.keyboard.press("Control+ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("6")
    page.locator("mark").get_by_text("👋").wait_for()
    page.keyboard.press("Enter")
    host.settle()
    text = "\n".join(turn["text"] for turn in TALK)
    said = session.regions("places")[["start", "end", "text", "label"]].values.tolist()
    assert [(text[start:end], text_, label) for start, end, text_, label in said] == [
        ("Zürich", "Zürich", "PLACE"),
        ("👋", "👋", "THING"),
    ]


def test_a_dialogue_of_5000_turns_is_there_at_once(host):
    rows = [{"talk": [{"speaker": "ab"[n % 2], "text": f"turn {n} says a word or two"} for n in range(5000)]}]
    session = dialogues(lw.Turns("acts", ACTS), rows=rows)
    opened(host, lw.label(session))
    page = host.page
    page.locator(".lw-turn").first.focus()
    page.keyboard.press("End")
    page.keyboard.press("2")
    assert page.locator(".lw-turn").last.inner_text().splitlines()[-1] == "asks"
    page.keyboard.press("Enter")
    host.settle()
    assert session.regions()["turn"].tolist() == [4999]


# -- answers beside it ---------------------------------------------------------------------------------------


def test_a_comparison_is_one_key_an_item(host):
    rows = [{"ask": f"q{n}", "left": f"left {n}", "right": f"right {n}"} for n in range(4)]
    schema = lw.Schema(lw.Pairwise("better", ["left", "right"]))
    session = lw.Session(None, data=rows, item="ask", schema=schema, user="ann")
    root = opened(host, lw.label(session))
    root.locator(".lw-said").get_by_text("left 0").wait_for()
    root.focus()
    for key in "1234":
        host.page.keyboard.press(key)
    host.settle()
    assert session.annotations()["better"].tolist() == ["a", "b", "tie", "bad"]


def test_answers_are_ranked_by_dragging_and_by_keys(host):
    rows = [{"talk": TALK, "answers": ["one", {"id": "gpt", "text": "two"}, "three"]} for _ in range(1)]
    session = dialogues(lw.Ranking("order", column="answers"), rows=rows)
    root = opened(host, lw.label(session))
    page = host.page
    root.locator(".lw-ranked").first.wait_for()
    page.locator(".lw-turn").first.focus()
    for key in "32":
        page.keyboard.press(key)
    names = root.locator(".lw-ranked .lw-label .lw-cut")
    assert names.all_inner_texts() == ["Answer 3", "Answer 2", "Answer 1"]
    grip = root.locator(".lw-handle").nth(2).bounding_box()
    first = root.locator(".lw-ranked").first.bounding_box()
    page.mouse.move(grip["x"] + 4, grip["y"] + 10)
    page.mouse.down()
    page.mouse.move(grip["x"] + 4, first["y"] + 30, steps=8)
    page.mouse.move(grip["x"] + 4, first["y"] + 2, steps=4)
    page.mouse.up()
    assert names.all_inner_texts() == ["Answer 1", "Answer 3", "Answer 2"]
    root.get_by_role("button", name="Answer 2 , ranked 3 of 3").or_(
        root.get_by_role("button", name="Answer 2, ranked 3 of 3")
    ).focus()
    page.keyboard.press("Alt+ArrowUp")
    assert names.all_inner_texts() == ["Answer 1", "Answer 2", "Answer 3"]
    page.locator(".lw-turn").first.focus()
    page.keyboard.press("Enter")
    host.settle()
    assert json.loads(session.annotations()["order"].tolist()[0]) == ["0", "gpt", "2"]


def test_an_answer_is_corrected_and_tells_how_far(host):
    rows = [{"talk": TALK, "draft": "Helo there."}, {"talk": TALK[:1], "draft": "As it is."}]
    session = dialogues(lw.Text("answer", begin="draft", multiline=True), rows=rows)
    root = opened(host, lw.label(session))
    box = root.locator("textarea.lw-begun")
    assert box.input_value() == "Helo there."
    box.fill("Hello there!")
    root.locator(".lw-diff ins").first.wait_for()
    host.page.keyboard.press("Control+Enter")
    host.settle()
    assert box.input_value() == "As it is."
    host.page.keyboard.press("Control+Enter")
    host.settle()
    frame = session.frame()
    assert frame["answer"].tolist() == ["Hello there!", "As it is."]
    assert frame["answer_edits"].tolist() == [2, 0]


# -- many intents --------------------------------------------------------------------------------------------


def own_intents():
    """What a shop could be asked, made up."""
    verbs = ("order", "return", "find", "change", "cancel", "repair", "rate", "gift", "track", "pay")
    things = (
        *("shoes", "book", "lamp", "coat", "phone", "chair", "table", "bike"),
        *("plant", "watch", "bag", "tent", "piano", "clock", "kite"),
    )
    pairs = [(verb, thing) for verb in verbs for thing in things]
    return [(f"I would like to {verb} a {thing}", f"{verb}_{thing}") for verb, thing in pairs]


def real_intents():
    if not CLINC.is_file():
        pytest.skip("shared/data/clinc-oos is not here")
    said = json.loads(CLINC.read_text())
    return [(text, intent) for part in ("train", "val", "test") for text, intent in said[part]]


@pytest.mark.parametrize("read", [own_intents, real_intents])
def test_a_hundred_intents_are_typed_and_every_answer_is_right(host, read):
    said = read()
    intents = sorted({intent for _, intent in said})
    assert len(intents) == 150
    wanted = dict(said[i] for i in range(0, len(said), len(said) // 100))
    wanted = dict(list(wanted.items())[:100])
    data = pd.DataFrame({"text": list(wanted)})
    schema = lw.Schema(lw.Choice("intent", intents))
    session = lw.Session(None, data=data, item="text", schema=schema, user="ann")
    root = opened(host, lw.ClassificationWidget(session))
    root.locator("[role=combobox]").wait_for()
    root.focus()
    keys = 0
    for text, intent in wanted.items():
        root.locator(".lw-reading").get_by_text(text, exact=True).wait_for()
        typed = shortest(intent, intents)
        host.page.keyboard.type(typed)
        host.page.keyboard.press("Enter")
        keys += len(typed) + 1
        if session.progress.open % 20 == 0:
            host.settle()
    host.settle()
    frame = session.frame()
    assert dict(zip(frame["text"], frame["intent"], strict=True)) == wanted
    assert len(set(wanted.values())) > 60
    assert keys / len(wanted) < 9


def shortest(intent, intents):
    """The fewest letters that find an intent first: from its beginning, in words."""
    titles = [name.replace("_", " ") for name in intents]
    own = intent.replace("_", " ")
    for count in range(1, len(own)):
        found = next(title for title in titles if title.startswith(own[:count]))
        if found == own and not own[count - 1].isspace():
            return own[:count]
    return own


def test_a_suggested_intent_is_accepted_and_a_wrong_one_taken_back_without_leaving_the_search(host):
    said = own_intents()
    data = pd.DataFrame(said[:4], columns=["text", "right"])
    schema = lw.Schema(lw.Choice("intent", [intent for _, intent in said]))
    session = lw.Session(None, data=data, item="text", schema=schema, user="ann")
    session.add_predictions(lambda task: {"intent": said[task.id - 1][1]} if task.id > 2 else None, model="m")
    root = opened(host, lw.ClassificationWidget(session))
    root.locator("[role=combobox]").wait_for()
    root.focus()
    press = host.page.keyboard.press
    host.page.keyboard.type("gift pia")
    press("Enter")
    press("Control+z")
    root.locator(".lw-reading").get_by_text(said[0][0], exact=True).wait_for()
    host.page.keyboard.type("order sh")
    press("Enter")
    host.page.keyboard.type("order bo")
    press("Enter")
    press(".")
    press(".")
    host.settle()
    assert session.frame()["intent"].tolist() == data["right"].tolist()
    assert root.evaluate("root => root.contains(document.activeElement)")


def test_the_instructions_show_a_dialogue_as_it_is_labeled(host):
    example = lw.Example({"talk": TALK}, {"acts": [lw.Turn(1, label="answers")]}, "An answer.")
    schema = lw.Schema(lw.Turns("acts", ACTS), instructions=lw.Instructions("# Rules", examples=[example]))
    session = lw.Session(None, data=[{"talk": TALK[:2]}], item="talk", schema=schema, user="ann")
    root = opened(host, lw.DialogueWidget(session))
    shown = root.locator(".lw-chip").get_by_text("answers")
    shown.wait_for()
    shown.click()
    assert shown.count() == 1


def test_rows_to_compare_need_nothing_beside_them(host):
    rows = [{"left": "l", "right": "r", "about": "two letters"}]
    schema = lw.Schema(lw.Pairwise("better", ["left", "right"], options=["left", "right"]))
    session = lw.Session(None, data=rows, item="*", schema=schema, user="ann")
    root = opened(host, lw.label(session))
    root.locator(".lw-said").first.wait_for()
    assert root.locator(".lw-card dt").all_inner_texts() == ["about"]
    root.get_by_role("radio", name="right").click()
    host.settle()
    assert session.annotations()["better"].tolist() == ["right"]
