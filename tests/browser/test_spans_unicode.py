"""Thousands of selections in texts of all scripts, by pointer and by keys: what is stored is what the text holds."""

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import labelwidgets as lw
from labelwidgets.text import SpanWidget

SELECTIONS = 5_000
TEXTS = 60

PIECES = st.one_of(
    st.sampled_from(["the ", "quick", " brown", "fox. ", "Ünïcödé ", "don't ", "3.14", "\t", "  ", "-", "…"]),
    st.sampled_from(["שלום ", "עברית", "مرحبا ", "العربية", "١٢٣ ", "فارسی\u200cها "]),
    st.sampled_from(["日本語", "中文。", "한국어 ", "ภาษาไทย", "नमस्ते ", "မြန်မာ"]),
    st.sampled_from(["👩‍👩‍👧", "🇩🇪", "👍🏽", "❤️", "𝔘𝔫𝔦", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "1️⃣", "𠜎", "😀"]),
    st.sampled_from(
        [
            "e\u0301",
            "a\u0308\u0323",
            "\u200b",
            "\u200d",
            "\u2060",
            "\u00ad",
            "\ufeff",
            "\u202e",
            "\u2066x\u2069",
        ]
    ),
    st.sampled_from(["\n", "\r\n", "\r", "\n\n", "\u2028", "\u2029", "\x0b", "\x0c", "\x85"]),
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), min_size=1, max_size=6),
)

GESTURES = """async ([count, seed]) => {
  const words = document.querySelector('.lw-words');
  let state = seed;
  const random = () => (state = (state * 1664525 + 1013904223) % 4294967296) / 4294967296;
  const point = (type, x, y, buttons) => words.dispatchEvent(new PointerEvent(type, { clientX: x, clientY: y, buttons,
    bubbles: true, cancelable: true, pointerId: 1, pointerType: 'mouse', button: type === 'pointermove' ? -1 : 0 }));
  const key = (name, shift) => words.dispatchEvent(new KeyboardEvent('keydown', { key: name, shiftKey: shift,
    ctrlKey: random() < 0.2, bubbles: true, cancelable: true }));
  const arrows = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End'];
  const { left, top, right } = words.getBoundingClientRect();
  const bottom = Math.min(words.getBoundingClientRect().bottom,
    Math.max(...[...document.querySelectorAll('.lw-para')].map((each) => each.getBoundingClientRect().bottom)) + 4);
  const x = () => left + 20 + random() * (right - left - 40) * (random() < 0.5 ? 0.3 : 1);
  const y = () => top + 20 + random() * (bottom - top - 24);
  const made = () => Number(/\\d+/.exec(words.getAttribute('aria-label'))[0]);
  for (let n = 0; made() < count && n < 3 * count; n++) {
    if (n % 8 === 7) {
      for (let step = 0; step < 2; step++) key(arrows[Math.floor(random() * 6)], false);
      for (let step = 0; step < 3; step++) key(arrows[Math.floor(random() * 6)], true);
      key('N', true);
    } else {
      const [x0, y0] = [x(), y()];
      point('pointerdown', x0, y0, 1);
      point('pointermove', x(), y(), 1);
      point('pointerup', x(), y(), 0);
    }
    if (n % 20 === 19) await new Promise(requestAnimationFrame);
  }
}"""


def made_up(count: int) -> list[str]:
    """As many different texts as wanted, by hypothesis."""
    texts: set[str] = set()

    @settings(max_examples=3 * count, database=None, suppress_health_check=list(HealthCheck), deadline=None)
    @given(st.lists(PIECES, min_size=24, max_size=120))
    def collect(pieces: list[str]) -> None:
        if len(texts) < count:
            texts.add("".join(["a", *pieces]))

    collect()
    return sorted(texts)


def test_what_is_selected_is_what_is_stored(host):
    texts = made_up(TEXTS)
    session = lw.Session(
        None,
        data=pd.DataFrame({"text": texts}),
        item="text",
        schema=lw.Schema(lw.Spans("any", [], required=False)),
        user="ann",
    )
    host.show(SpanWidget(session))
    host.page.locator(".lw-run").first.wait_for()
    host.settle()
    host.page.locator(".lw-words").focus()
    host.page.keyboard.press("Shift+H")  # hundreds of spans over each other are for nobody to see
    wanted = SELECTIONS // len(texts) + 20
    for n in range(len(texts)):
        host.page.evaluate(GESTURES, [wanted, n + 1])
        host.page.keyboard.press("Enter")
        host.settle()
    answers = session.annotations()
    assert len(answers) == len(texts)
    spans = session.regions("any")
    by_task = {task.id: task.data["text"] for task in map(session.task, answers["task_id"])}
    wrong = [
        (by_task[row.task_id], row.start, row.end, row.text)
        for row in spans.itertuples()
        if by_task[row.task_id][row.start : row.end] != row.text or row.start >= row.end
    ]
    assert wrong == []
    assert len(spans) >= SELECTIONS
    cut = [text for text in spans["text"] if text.startswith("\u0301") or "\udc00" <= text[0] <= "\udfff"]
    assert cut == []
