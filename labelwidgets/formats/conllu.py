"""CoNLL-U: sentences with parts of speech and dependencies, in and out; what is not labeled stays as it was."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from ..errors import SourceError, shown
from ..labels import Relation, Span
from ..schema import Relations, Schema, Spans, Text

if TYPE_CHECKING:
    import pandas as pd

Row = Mapping[str, Any]

_PARTS = "ADJ ADP ADV AUX CCONJ DET INTJ NOUN NUM PART PRON PROPN PUNCT SCONJ SYM VERB X"
_TYPES = """
nsubj obj iobj csubj ccomp xcomp obl vocative expl dislocated advcl advmod discourse aux cop mark nmod appos nummod
acl amod det clf case conj cc fixed flat list parataxis compound orphan goeswith reparandum punct dep
"""

UPOS = tuple(_PARTS.split())
"""The parts of speech of Universal Dependencies."""

RELATIONS = tuple(_TYPES.split())
"""The dependencies of Universal Dependencies, `root` left out: it joins nothing."""

WORDS, ARCS = "words", "arcs"
"""The fields of `schema`: a span for each word, a relation from each head to its dependent."""

COLUMNS = 10
NONE = "_"
ID, FORM, LEMMA, TAG, HEAD, TYPE, MISC = 0, 1, 2, 3, 6, 7, 9


@dataclass(frozen=True, slots=True)
class _Word:
    """A line of a sentence: a word, a token of several words, or an empty node."""

    cells: tuple[str, ...]

    @property
    def is_word(self) -> bool:
        return self.cells[ID].isdigit()

    @property
    def covers(self) -> range:
        """Ids of the words of a multiword token; empty for anything else."""
        first, dash, last = self.cells[ID].partition("-")
        return range(int(first), int(last) + 1) if dash else range(0)

    @property
    def goes_on(self) -> bool:
        """Whether no blank comes after it."""
        return "SpaceAfter=No" in self.cells[MISC].split("|")


class _Piece(NamedTuple):
    """What stands in the running text: a form, and the words of which it is made."""

    form: str
    words: tuple[str, ...]
    goes_on: bool


def read(text: str) -> list[dict[str, Any]]:
    """Return sentences as rows of data.

    Parameters
    ----------
    text : str
        What a CoNLL-U file holds.

    Returns
    -------
    list of dict
        `id` (the `sent_id`, else the sentence's number), `text`, `tokens` (start and end of each word in it, code points)
        and `conllu` (the lines as they are). Where the words of a multiword token are not the letters that are written, as
        with "zum" of "zu" and "dem", `text` has the words.

    Raises
    ------
    SourceError
        Naming the line that is no CoNLL-U.
    """
    rows: list[dict[str, Any]] = []
    first = 1
    for block in text.replace("\r\n", "\n").split("\n\n"):
        lines = block.strip("\n")
        if lines.strip():
            rows.append(_row(lines, len(rows) + 1, first + len(block) - len(block.lstrip("\n"))))
        first += block.count("\n") + 2
    return rows


def _row(block: str, number: int, first: int) -> dict[str, Any]:
    said, lines = _said(block), _lines(block, first)
    text, places = _laid(_pieces(lines), said.get("text"))
    return {"id": said.get("sent_id", str(number)), "text": text, "tokens": places, "conllu": block}


def _said(block: str) -> dict[str, str]:
    pairs = (line[1:].split("=", 1) for line in block.split("\n") if line.startswith("#") and "=" in line)
    return {key.strip(): value.strip() for key, value in pairs}


def _lines(block: str, first: int = 1) -> list[_Word]:
    numbered = [(n, line) for n, line in enumerate(block.split("\n"), first) if not line.startswith("#")]
    words = []
    for number, line in numbered:
        cells = tuple(line.split("\t"))
        if len(cells) != COLUMNS or not cells[ID][:1].isdigit():
            raise SourceError(
                f"Line {number:,} is no line of CoNLL-U: expected an id and {COLUMNS - 1} more columns with tabs between "
                f"them, found {shown(line)}."
            )
        words.append(_Word(cells))
    return words


def _pieces(lines: list[_Word]) -> list[_Piece]:
    forms = {int(line.cells[ID]): line for line in lines if line.is_word}
    held = {word for line in lines for word in line.covers}
    pieces = []
    for line in lines:
        inside = tuple(forms[word].cells[FORM] for word in line.covers if word in forms)
        if inside or (line.is_word and int(line.cells[ID]) not in held):
            pieces.append(_Piece(line.cells[FORM], inside or (line.cells[FORM],), line.goes_on))
    return pieces


def _laid(pieces: list[_Piece], text: str | None) -> tuple[str, list[list[int]]]:
    """Return the text and where each word lies in it."""
    gaps = _gaps(pieces, text)
    laid, places = gaps[0], []
    for piece, gap in zip(pieces, gaps[1:], strict=True):
        apart = "" if "".join(piece.words) == piece.form else " "
        for place, word in enumerate(piece.words):
            laid += apart if place else ""
            places.append([len(laid), len(laid) + len(word)])
            laid += word
        laid += gap
    return laid, places


def _gaps(pieces: list[_Piece], text: str | None) -> list[str]:
    """Return what stands before, between and after the pieces: as in the text, else as the lines say."""
    ends, at = [(0, 0)], 0
    for piece in pieces:
        start = -1 if text is None else text.find(piece.form, at)
        if start < 0 or (text is not None and text[at:start].strip()):
            return ["", *("" if piece.goes_on else " " for piece in pieces[:-1]), ""]
        at = start + len(piece.form)
        ends.append((start, at))
    whole = text or ""
    return [whole[one[1] : other[0]] for one, other in pairwise([*ends, (len(whole), len(whole))])]


def schema(rows: Iterable[Row] = ()) -> Schema:
    """Return what is asked of sentences: a part of speech for each word, arcs from heads to dependents, lemmas.

    Parameters
    ----------
    rows : iterable of dict
        Of `read`; tags and types that they have beyond `UPOS` and `RELATIONS`, such as `nmod:poss`, come after these.
    """
    said = [line.cells for row in rows for line in _lines(row["conllu"]) if line.is_word]
    tags = dict.fromkeys([*UPOS, *sorted({cells[TAG] for cells in said} - {NONE})])
    types = {cells[TYPE] for cells in said if cells[HEAD] not in ("0", NONE)} - {NONE}
    words = Spans(
        WORDS,
        list(tags),
        tokens="tokens",
        every=True,
        nested=False,
        overlapping=False,
        attributes=[Text("lemma", title="Lemma", required=False)],
        title="Parts of speech",
    )
    kinds = list(dict.fromkeys([*RELATIONS, *sorted(types)]))
    return Schema(words, Relations(ARCS, kinds, between=WORDS, required=False, title="Dependencies"))


def answer(row: Row) -> dict[str, list[Any]]:
    """Return what a row of `read` says already, as an answer to `schema`: all of it is a prediction, or gold."""
    lines = [line.cells for line in _lines(row["conllu"]) if line.is_word]
    words = [
        Span(
            *place, label=cells[TAG], text=row["text"][slice(*place)], id=cells[ID], attributes=_lemma(cells)
        )
        for cells, place in zip(lines, row["tokens"], strict=True)
        if cells[TAG] != NONE
    ]
    known = {word.id for word in words}
    arcs = [
        Relation(cells[HEAD], cells[ID], label=cells[TYPE], id=f"to {cells[ID]}")
        for cells in lines
        if {cells[HEAD], cells[ID]} <= known
    ]
    return {WORDS: words, ARCS: arcs}


def _lemma(cells: tuple[str, ...]) -> dict[str, Any]:
    return {} if cells[LEMMA] == NONE else {"lemma": cells[LEMMA]}


def write(row: Row, values: Mapping[str, Any]) -> str:
    """Return a sentence as it was read, with tags, lemmas, heads and types of an answer.

    Comments, multiword tokens, empty nodes and the other columns stay as they were.

    Parameters
    ----------
    row : dict
        Of `read`; a task's `data` is one.
    values : dict
        An answer to `schema`: lists of `Span` and of `Relation`.

    Returns
    -------
    str
        The lines of the sentence and the empty line after it.
    """
    ids = [line.cells[ID] for line in _lines(row["conllu"]) if line.is_word]
    places = {start: word for word, (start, _) in zip(ids, row["tokens"], strict=True)}
    spans = {places[span.start]: span for span in values.get(WORDS) or ()}
    words = {span.id: word for word, span in spans.items()}
    heads = {words[arc.target]: (words[arc.source], arc.label) for arc in values.get(ARCS) or ()}
    free = [word for word in ids if word not in heads]
    root = free[0] if heads and len(free) == 1 else None
    lines = []
    for line in row["conllu"].split("\n"):
        cells = line.split("\t")
        known = not line.startswith("#") and cells[ID].isdigit()
        made = _tagged(cells, spans.get(cells[ID])) if known else cells
        lines.append("\t".join(_headed(made, heads, root) if known else made))
    return "\n".join(lines) + "\n\n"


def dump(frame: pd.DataFrame) -> str:
    """Return the sentences of `session.frame()` as a CoNLL-U file; those without an answer as they were read.

    Parameters
    ----------
    frame : DataFrame
        Of a session whose data are rows of `read` and whose schema is that of `schema`.
    """
    return "".join(
        write(row, _decoded(row)) if isinstance(row[WORDS], str) else row["conllu"] + "\n\n"
        for row in cast("list[Row]", frame.to_dict("records"))
    )


def _decoded(row: Row) -> dict[str, Any]:
    arcs = row[ARCS] if isinstance(row[ARCS], str) else "[]"
    return {
        WORDS: [Span.from_json(span) for span in json.loads(row[WORDS])],
        ARCS: [Relation.from_json(arc) for arc in json.loads(arcs)],
    }


def _tagged(cells: list[str], span: Span | None) -> list[str]:
    if span is None:
        return [*cells[:TAG], NONE, *cells[TAG + 1 :]]
    lemma = span.attributes.get("lemma") or NONE
    return [*cells[:LEMMA], lemma, span.label or NONE, *cells[TAG + 1 :]]


def _headed(cells: list[str], heads: Mapping[str, tuple[str, str | None]], root: str | None) -> list[str]:
    head, kind = heads.get(cells[ID], (NONE, NONE))
    if cells[ID] not in heads and (cells[HEAD] == "0" or cells[ID] == root):
        head, kind = "0", cells[TYPE] if cells[HEAD] == "0" else "root"
    return [*cells[:HEAD], head, kind or NONE, *cells[TYPE + 1 :]]
