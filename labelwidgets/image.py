"""Widgets for images."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import SchemaError
from .widget import LabelWidget

if TYPE_CHECKING:
    from .session import Session


class BoundingBoxWidget(LabelWidget):
    """Draw boxes on images and fill the schema's other fields beside them.

    Parameters
    ----------
    session : Session
        Its schema has a `Boxes` field, its items are images.
    **options
        As for `LabelWidget`: `columns`, `title`, `keys`.

    Raises
    ------
    SchemaError
        The schema has no `Boxes` field.
    """

    bundle = "image"

    def __init__(self, session: Session, **options: Any) -> None:
        if not any(field.kind == "boxes" for field in session.schema):
            kinds = ", ".join(f"{field.name} ({field.kind})" for field in session.schema)
            raise SchemaError(
                f"BoundingBoxWidget draws boxes, and this schema has only {kinds}. Add lw.Boxes(...) to it, or use "
                "lw.label(session), which picks the widget that fits."
            )
        super().__init__(session, **options)
