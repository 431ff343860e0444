"""CoNLL-U comes out as it went in, but for what was labeled otherwise."""

from dataclasses import replace

import pytest

import labelwidgets as lw
from labelwidgets.formats import conllu
from tests import conllu as samples
from tests import gold


def again(rows):
    return "".join(conllu.write(row, conllu.answer(row)) for row in rows)


def test_a_file_comes_out_as_it_went_in():
    rows = conllu.read(samples.SAMPLE)
    assert again(rows) == samples.SAMPLE
    assert again(conllu.read(samples.SAMPLE.replace("\n", "\r\n"))) == samples.SAMPLE


def test_rows_say_text_and_words():
    cat, home, hebrew, bare = conllu.read(samples.SAMPLE)
    assert (cat["id"], cat["text"]) == ("cat-1", "The old cat doesn't see what sleeps.")
    assert [cat["text"][start:end] for start, end in cat["tokens"]][3:5] == ["does", "n't"]
    # "zum" holds neither "zu" nor "dem" as letters: the text has the words.
    assert home["text"] == "Sie geht zu dem Haus."
    assert [hebrew["text"][start:end] for start, end in hebrew["tokens"]] == [
        "הילד",
        "ראה",
        "דג",
        "גדול",
        ".",
    ]
    assert (bare["id"], bare["text"]) == ("4", "Go on!")
    assert conllu.answer(bare) == {"words": [], "arcs": []}


def test_a_text_that_is_not_of_its_words_is_laid_out_anew():
    (row,) = conllu.read(samples.HEBREW.replace("# text = ", "# text = x"))
    assert row["text"] == "הילד ראה דג גדול."


def test_what_is_labeled_otherwise_is_all_that_changes():
    (row,) = conllu.read(samples.CAT)
    said = conllu.answer(row)
    words = [replace(word, label="PROPN") if word.id == "3" else word for word in said["words"]]
    arcs = [arc for arc in said["arcs"] if arc.target not in ("8", "6")]
    arcs += [lw.Relation("8", "6", label="parataxis", id="new")]
    changed = conllu.write(row, {"words": words, "arcs": arcs}).splitlines()
    before = samples.CAT.splitlines()
    assert {(a, b) for a, b in zip(before, changed, strict=False) if a != b} == {
        (
            "3\tcat\tcat\tNOUN\tNN\tNumber=Sing\t6\tnsubj\t6:nsubj\t_",
            "3\tcat\tcat\tPROPN\tNN\tNumber=Sing\t6\tnsubj\t6:nsubj\t_",
        ),
        (
            "6\tsee\tsee\tVERB\tVB\tVerbForm=Inf\t0\troot\t0:root\t_",
            "6\tsee\tsee\tVERB\tVB\tVerbForm=Inf\t8\tparataxis\t0:root\t_",
        ),
        (
            "8\tsleeps\tsleep\tVERB\tVBZ\t_\t6\tccomp\t6:ccomp\tSpaceAfter=No",
            "8\tsleeps\tsleep\tVERB\tVBZ\t_\t0\troot\t6:ccomp\tSpaceAfter=No",
        ),
    }


def test_the_schema_has_the_tables_and_what_the_file_adds():
    schema = conllu.schema(conllu.read(samples.SAMPLE))
    assert [label.name for label in schema["words"].labels] == list(conllu.UPOS)
    assert [label.name for label in schema["arcs"].labels] == [*conllu.RELATIONS, "obl:arg"]
    assert len(conllu.UPOS) == 17
    assert len(set(conllu.RELATIONS)) == 36


def test_through_a_session_and_back():
    rows = conllu.read(samples.CAT + samples.HOME)
    session = lw.Session(None, data=rows, item="text", key="id", schema=conllu.schema(rows), user="ann")
    assert session.add_predictions(lambda task: conllu.answer(task.data), model="given") == 2
    (first,) = session.next()
    arcs = [arc for arc in conllu.answer(first.data)["arcs"] if arc.target != "9"]
    session.submit(first, conllu.answer(first.data) | {"arcs": arcs})
    # The second one has no answer yet.
    without = samples.CAT.replace("6\tpunct\t6:", "_\t_\t6:")
    assert conllu.dump(session.frame()) == without + samples.HOME


@pytest.mark.parametrize(
    "line", ["1\tonly", "# text = a\nno id\t" + "\t".join("_" * 9), "1 a _ _ _ _ _ _ _ _"]
)
def test_what_is_no_conllu_is_refused_with_its_line(line):
    number = 15 + line.count("\n") + 1
    with pytest.raises(lw.SourceError, match=f"Line {number} is no line of CoNLL-U"):
        conllu.read(samples.CAT + line)


def test_a_treebank_comes_out_as_it_went_in():
    text = gold.file("ud-english-pud", "en_pud-ud-test.conllu").read_text(encoding="utf-8")
    assert again(conllu.read(text)) == text
