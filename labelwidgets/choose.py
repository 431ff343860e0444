"""Picks the widget that a session asks for, and opens a session on exactly the rows that a model gets wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .choice import ClassificationWidget
from .dialogue import DialogueWidget
from .errors import SourceError, listed
from .image import BoundingBoxWidget
from .schema import Choice, Schema
from .session import Session
from .text import RelationWidget, SpanWidget, TokenWidget

if TYPE_CHECKING:
    import os

    import pandas as pd

    from .widget import LabelWidget

MISSING = 3.0
"""How bad a row without a label is: it comes first."""


def label(session: Session, **options: Any) -> LabelWidget:
    """Return the widget for a session: boxes or spans when its schema has them, dialogues for dialogues, else classification.

    Parameters
    ----------
    session : Session
        What is labeled.
    **options
        Handed to the widget.

    Raises
    ------
    SourceError
        It is no session.
    """
    if not isinstance(session, Session):
        raise SourceError(
            f"label() shows a session, found {type(session).__name__}: open one first, as in lw.label(lw.Session(store, ...))."
        )
    kinds = {field.kind for field in session.schema}
    if "boxes" in kinds:
        return BoundingBoxWidget(session, **options)
    if session.modality == "dialogue":
        return DialogueWidget(session, **options)
    if TokenWidget.is_meant(session.schema):
        return TokenWidget(session, **options)
    for widget in (RelationWidget, SpanWidget):
        if widget.fits(session.schema):
            return widget(session, **options)
    return ClassificationWidget(session, **options)


def relabel(
    frame: pd.DataFrame,
    *,
    item: str,
    label: str,
    prediction: str | None = None,
    proba: str | None = None,
    store: str | os.PathLike[str] | None = None,
    **options: Any,
) -> Session:
    """Open a session on a labeled table, the rows that most likely are wrong first.

    Rows without a label come first, then those where the model disagrees, the surest disagreement before the
    others, then the rest, the least sure first. `session.frame()` is the table with its labels corrected.

    Parameters
    ----------
    frame : DataFrame
        The labeled rows.
    item : str
        The column that is looked at: a text, or the path of an image.
    label : str
        The column with the labels; the session's only field.
    prediction : str, optional
        The column with the model's labels; they are shown as suggestions.
    proba : str, optional
        The column with how sure the model is of its prediction, in 0..1; without `prediction`, of the label.
    store : path or URL, optional
        Where the corrections are kept; in memory when left out.
    **options
        Handed to `Session`, such as `user` or `media_roots`.

    Raises
    ------
    SourceError
        A column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> import labelwidgets as lw
    >>> table = pd.DataFrame({"text": ["fine", "awful"], "mood": ["glad", "glad"], "said": ["glad", "sad"]})
    >>> session = lw.relabel(table, item="text", label="mood", prediction="said", user="ann")
    >>> (task,) = session.next()
    >>> task.data["text"]
    'awful'
    >>> _ = session.submit(task, {"mood": "sad"})
    >>> session.frame()["mood"].tolist()
    ['glad', 'sad']
    """
    asked = [name for name in (item, label, prediction, proba) if name is not None]
    missing = [name for name in asked if name not in frame.columns]
    if missing:
        raise SourceError(
            f"There is no column {missing[0]!r}; the table has {listed(map(str, frame.columns))}."
        )
    session = Session(store, data=frame, item=item, schema=_schema(frame, label, prediction), **options)
    session.correct(shown=[name for name in asked if name != item])
    _worst_first(session, _badness(frame, label, prediction, proba))
    if prediction is not None:
        _suggest(session, frame, label, prediction, proba)
    return session


def _schema(frame: pd.DataFrame, label: str, prediction: str | None) -> Schema:
    said = [frame[name].dropna().astype(str) for name in (label, prediction) if name is not None]
    names = sorted({name for column in said for name in column.unique()})
    if not names:
        raise SourceError(
            f"Column {label!r} holds no labels at all: use lw.Session with a schema of your own."
        )
    return Schema(Choice(label, names))


def _worst_first(session: Session, badness: list[float]) -> None:
    """Give each task the priority of its worst row."""
    worst: dict[int | str, float] = {}
    for key, bad in zip(session.keys, badness, strict=True):
        if key is not None:
            worst[key] = max(worst.get(key, 0.0), bad)
    session.prioritize(worst)


def _suggest(session: Session, frame: pd.DataFrame, label: str, prediction: str, proba: str | None) -> None:
    said = frame[[prediction]].astype("string").set_axis([label], axis="columns")
    said["key"] = session.keys
    said["score"] = None if proba is None else frame[proba]
    told = said.dropna(subset=["key", label]).drop_duplicates("key")
    session.add_predictions(told, model=prediction)


def _badness(frame: pd.DataFrame, label: str, prediction: str | None, proba: str | None) -> list[float]:
    """How likely each row is wrong, in order only: without a label, doubted by the model, believed by it."""
    sure = [0.5] * len(frame) if proba is None else frame[proba].fillna(0.5).astype(float).tolist()
    given = frame[label].astype("string")
    doubted = [False] * len(frame)
    if prediction is not None:
        doubted = (frame[prediction].astype("string") != given).fillna(value=True).tolist()
    rows = zip(given.isna(), doubted, sure, strict=True)
    return [MISSING if none else 1.0 + p if wrong else 1.0 - p for none, wrong, p in rows]
