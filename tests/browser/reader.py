"""A text in a widget, with the hands of somebody who marks it."""

from contextlib import contextmanager

import pandas as pd

import labelwidgets as lw

TEXT = (
    "Angela Merkel met Emmanuel Macron in Paris. Paris is in France.\nThey spoke of Europe, and Paris again."
)
SENTENCE = "The quick brown fox jumps over the lazy dog number {}. "
LONG = "".join(SENTENCE.format(n) + ("\n" if n % 7 == 6 else "") for n in range(1200))

PLACES = """([text, from, to, where]) => {
  const nodes = [...document.querySelectorAll('.lw-run')].flatMap((run) => [...run.childNodes]);
  const node = nodes.find((each) => each.data?.includes(text));
  const start = node.data.indexOf(text) + from;
  const range = document.createRange();
  range.setStart(node, start);
  range.setEnd(node, start + to - from);
  const rects = [...range.getClientRects()];
  const rect = where === 'start' ? rects[0] : rects[rects.length - 1];
  return [where === 'start' ? rect.left + 1 : rect.right - 1, rect.top + rect.height / 2];
}"""


class Reader:
    """A widget with a text, and hands on its characters."""

    widget = lw.SpanWidget

    def __init__(self, host, session):
        self.host, self.session, self.page = host, session, host.page
        host.show(self.widget(session))
        self.words = host.page.locator(".lw-words")
        self.words.wait_for()
        self.page.locator(".lw-run").first.wait_for()
        host.settle()

    def at(self, text, where="start"):
        """Where a piece of the text begins or ends in the page."""
        return self.page.evaluate(PLACES, [text, 0, len(text), where])

    def middle(self, text):
        (x0, y), (x1, _) = self.at(text), self.at(text, "end")
        return (x0 + x1) / 2, y

    def drag(self, text, *modifiers, drop=True):
        self.pull(self.at(text), self.at(text, "end"), *modifiers, drop=drop)

    def pull(self, start, end, *modifiers, drop=True):
        for key in modifiers:
            self.page.keyboard.down(key)
        self.page.mouse.move(*start)
        self.page.mouse.down()
        self.page.mouse.move(*end, steps=5)
        if drop:
            self.page.mouse.up()
        for key in modifiers:
            self.page.keyboard.up(key)

    def click(self, text, times=1):
        self.page.mouse.click(*self.middle(text), click_count=times)

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    @property
    def live(self):
        """Whether a selection that is no span yet is shown."""
        return self.page.locator(".lw-part-of").count() > 0

    @property
    def told(self):
        return self.page.locator(".lw-told").inner_text()

    @property
    def heard(self):
        """What screen readers were told last."""
        return self.page.locator(".lw-surface > [aria-live]").inner_text()

    def submitted(self, field="entities"):
        """Submit; the spans that the store has of this item, in the order of the text."""
        self.press("Enter")
        self.host.settle()
        (annotation,) = self.session.recent(1)
        stored = self.session.schema[field].decode(annotation.values[field])
        return sorted(stored, key=lambda span: (span.start, -span.end))

    def pairs(self):
        """Submit; label and text of each span."""
        return [(span.label, span.text) for span in self.submitted()]


@contextmanager
def opening(host):
    """A function that opens the widget on a text, with these spans in a draft or suggested."""
    sessions = []

    def opened(*spans, text=TEXT, suggested=(), labels=("PER", "LOC", "ORG"), more=(), data=None, **options):
        field = lw.Spans("entities", list(labels), required=False, **options)
        frame = pd.DataFrame({"text": [text, "Another text.", "A third one."]} | (data or {}))
        session = lw.Session(None, data=frame, item="text", schema=lw.Schema(field, *more), user="ann")
        sessions.append(session)
        if suggested:
            session.add_predictions(
                lambda task: {"entities": list(suggested)} if task.id == 1 else None,
                model="tiny",
                version="1",
            )
        if spans:
            (task,) = session.next()
            session.save_draft(task, session.schema.encode({"entities": list(spans)}))
        return Reader(host, session)

    try:
        yield opened
    finally:
        for session in sessions:
            session.close()


def span(text, label="PER", *, of=TEXT, nth=0, **more):
    start = -1
    for _ in range(nth + 1):
        start = of.index(text, start + 1)
    name = f"{label}-{start}-{len(text)}"
    return lw.Span(start, start + len(text), label=label, text=text, id=name, **more)
