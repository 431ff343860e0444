"""Real labeled texts go in as answers and come out equal, as tables and as JSON."""

import json

import pytest

import labelwidgets as lw

from .. import gold


def told(session, field):
    """What was answered, from the tidy table: per task its regions in order."""
    table = session.regions(field)
    found = {row["id"]: [] for row in session.frame().to_dict("records")}
    keys = {str(name): name for name in found}
    for row in table.to_dict("records"):
        found[keys[row["key"]]].append(row)
    return list(found.values())


def test_named_entities():
    data = gold.wnut()
    assert len(data.rows) > 900
    with data.session() as session:
        for row, given, found in zip(data.rows, data.answers, told(session, "entities"), strict=True):
            assert [(span["start"], span["end"], span["label"]) for span in found] == [
                (span.start, span.end, span.label) for span in given["entities"]
            ]
            assert all(row["text"][span["start"] : span["end"]] == span["text"] for span in found)
        assert session.progress.done == len(data.rows)


def test_part_of_speech_and_dependencies():
    data = gold.pud(300)
    with data.session() as session:
        spans, arcs = told(session, "words"), told(session, "arcs")
        for given, words, relations in zip(data.answers, spans, arcs, strict=True):
            assert [(word["region_id"], word["label"], word["text"], word["lemma"]) for word in words] == [
                (word.id, word.label, word_text, word.attributes["lemma"])
                for word, word_text in zip(given["words"], [w["text"] for w in words], strict=True)
            ]
            assert [(arc["source"], arc["target"], arc["label"]) for arc in relations] == [
                (arc.source, arc.target, arc.label) for arc in given["arcs"]
            ]
        assert len(session.regions("arcs")) == sum(len(answer["arcs"]) for answer in data.answers)


def test_a_dependency_can_be_changed_and_read_back():
    data = gold.pud(3)
    with data.session() as session:
        task = session.task(1)
        said = session.schema.decode(session.answer(task).values)
        first, *rest = said["arcs"]
        other = lw.Relation(first.source, first.target, label=rest[0].label, id=first.id)
        session.submit(task, said | {"arcs": [other, *rest]})
        arcs = session.regions("arcs")
        assert arcs[arcs["task_id"] == 1]["label"].tolist()[0] == rest[0].label
        assert session.answer(task).version == 2


def test_slots():
    data = gold.slots(1500)
    assert len(data.rows) == 1500
    with data.session() as session:
        for given, found in zip(data.answers, told(session, "slots"), strict=True):
            assert [(span["start"], span["end"], span["label"]) for span in found] == [
                (span.start, span.end, span.label) for span in given["slots"]
            ]


def test_intents():
    data = gold.intents(each=2)
    with data.session() as session:
        assert session.frame()["intent"].tolist() == [answer["intent"] for answer in data.answers]
        assert len(session.schema["intent"].options) == 150


@pytest.mark.parametrize("load", [gold.wnut, gold.slots, gold.pud])
def test_as_predictions_they_are_the_same(load):
    data = load(50)
    session = lw.Session(None, data=data.rows, item="text", key="id", schema=data.schema, user="ann")
    rows = [{"key": str(row["id"])} | answer for row, answer in zip(data.rows, data.answers, strict=True)]
    import pandas as pd

    assert session.add_predictions(pd.DataFrame(rows), model="gold") == len(rows)
    for said, answer in zip(session.predictions(), data.answers, strict=True):
        for name, regions in answer.items():
            assert [region["label"] for region in said.values[name]] == [region.label for region in regions]
    assert json.dumps([said.values for said in session.predictions()])
