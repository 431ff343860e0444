"""Real labeled texts are shown, gone through, edited and read back equal. Needs the data beside the checkout."""

import json
from dataclasses import replace

import pytest

import labelwidgets as lw

from .. import gold

ROWS = 40


@pytest.fixture(params=[gold.wnut, gold.slots, gold.pud])
def labeled(request):
    return request.param(ROWS // 3 if request.param is gold.pud else ROWS)


def test_gold_comes_back_as_it_was_and_with_what_was_edited(host, labeled):
    session = lw.Session(None, data=labeled.rows, item="text", key="id", schema=labeled.schema, user="ann")
    (field,) = [each.name for each in session.schema if each.kind == "spans"]
    wanted, joined = {}, {}
    for row, answer in zip(labeled.rows, labeled.answers, strict=True):
        task = session.task(str(row["id"]))
        session.save_draft(task, session.schema.encode(session.schema.check(answer, task.extent)))
        wanted[task.id] = answer[field]
        joined[task.id] = answer.get("arcs", [])
    # As running text: columns for tokens are in test_tokens.py.
    related = any(each.kind == "relations" for each in session.schema)
    host.show((lw.RelationWidget if related else lw.SpanWidget)(session))
    page = host.page
    page.locator(".lw-run").first.wait_for()
    host.settle()
    first_label = session.schema[field].labels[0].name
    edited = 0
    for n in range(len(labeled.rows)):
        page.locator(".lw-words").focus()
        task = session.next()[0]
        spans = wanted[task.id]
        if spans and n % 3 == 0:
            # The first span in the text gets the first label.
            page.keyboard.press("Shift+J")
            page.locator(".lw-bar .lw-label").first.click()
            first = min(range(len(spans)), key=lambda i: (spans[i].start, -spans[i].end))
            spans[first] = replace(spans[first], label=first_label)
            edited += 1
        page.keyboard.press("Enter")
        host.settle()
    assert edited > 3
    for task_id, spans in wanted.items():
        (kept,) = [a for a in session.recent(len(labeled.rows)) if a.task_id == task_id]
        stored = session.schema[field].decode(kept.values[field])
        assert [(s.start, s.end, s.label) for s in stored] == [(s.start, s.end, s.label) for s in spans]
        if joined[task_id]:
            arcs = session.schema["arcs"].decode(kept.values["arcs"])
            assert [(a.label, a.members) for a in arcs] == [(a.label, a.members) for a in joined[task_id]]


def test_intent_and_slots_are_answered_in_one_task_by_keys(host):
    data = gold.slots(20)
    intent = lw.Choice("intent", [lw.Label("books", hotkey="8"), lw.Label("else", hotkey="9")])
    schema = lw.Schema(*data.schema, intent)
    session = lw.Session(None, data=data.rows, item="text", key="id", schema=schema, user="ann")
    wanted = {}
    for row, answer in zip(data.rows, data.answers, strict=True):
        task = session.task(str(row["id"]))
        session.save_draft(task, schema.encode(schema.check(answer | {"intent": "else"}, task.extent)))
        wanted[task.id] = [(span.start, span.end, span.label) for span in answer["slots"]]
    host.show(lw.label(session))
    host.page.locator(".lw-run").first.wait_for()
    host.settle()
    for _ in data.rows:
        host.page.locator(".lw-words").focus()
        host.page.keyboard.press("8" if wanted[session.next()[0].id] else "9")
        host.page.keyboard.press("Enter")
        host.settle()
    table = session.frame()
    assert session.progress.done == len(data.rows)
    for row, spans in zip(table.to_dict("records"), wanted.values(), strict=True):
        stored = [(span["start"], span["end"], span["label"]) for span in json.loads(row["slots"])]
        assert (stored, row["intent"]) == (spans, "books" if spans else "else")
