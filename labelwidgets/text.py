"""Widgets for texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import SchemaError
from .widget import LabelWidget

if TYPE_CHECKING:
    from .session import Session


class SpanWidget(LabelWidget):
    """Mark spans in texts and fill the schema's other fields beside them.

    Parameters
    ----------
    session : Session
        Its schema has a `Spans` field, its items are texts.
    **options
        As for `LabelWidget`: `columns`, `title`, `keys`.

    Raises
    ------
    SchemaError
        The schema has no `Spans` field.
    """

    bundle = "text"

    def __init__(self, session: Session, **options: Any) -> None:
        if not any(field.kind == "spans" for field in session.schema):
            kinds = ", ".join(f"{field.name} ({field.kind})" for field in session.schema)
            raise SchemaError(
                f"SpanWidget marks spans, and this schema has only {kinds}. Add lw.Spans(...) to it, or use "
                "lw.label(session), which picks the widget that fits."
            )
        super().__init__(session, **options)
