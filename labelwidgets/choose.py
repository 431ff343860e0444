"""Picks the widget that a session's schema asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .choice import ClassificationWidget
from .image import BoundingBoxWidget

if TYPE_CHECKING:
    from .session import Session
    from .widget import LabelWidget


def label(session: Session, **options: Any) -> LabelWidget:
    """Return the widget for a session: boxes when its schema has them, else classification.

    Parameters
    ----------
    session : Session
        What is labeled.
    **options
        Handed to the widget.
    """
    kinds = {field.kind for field in session.schema}
    widget = BoundingBoxWidget if "boxes" in kinds else ClassificationWidget
    return widget(session, **options)
