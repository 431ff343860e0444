"""Widgets for texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from .errors import SchemaError
from .widget import FRAME, LabelWidget

if TYPE_CHECKING:
    from .schema import Field, Schema
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
        The schema has no field for the widget.
    """

    bundle = "text"

    does: ClassVar[str] = "marks spans"
    add: ClassVar[str] = "lw.Spans(...)"

    def __init__(self, session: Session, **options: Any) -> None:
        if not self.fits(session.schema):
            kinds = ", ".join(f"{field.name} ({field.kind})" for field in session.schema)
            raise SchemaError(
                f"{type(self).__name__} {self.does}, and this schema has only {kinds}. Add {self.add} to it, or use "
                "lw.label(session), which picks the widget that fits."
            )
        if self.bundle == "text" and any(field.kind == "relations" for field in session.schema):
            self.bundle, self.upon = "relations", (FRAME, "text")
        super().__init__(session, **options)

    @classmethod
    def fits(cls, schema: Schema) -> bool:
        """Whether a schema has something that the widget does."""
        return any(map(cls._does, schema))

    @classmethod
    def _does(cls, field: Field) -> bool:
        return field.kind == "spans"


class RelationWidget(SpanWidget):
    """Join spans of texts by relations and chains, and mark the spans too.

    Parameters
    ----------
    session : Session
        Its schema has a `Relations` field, its items are texts.
    **options
        As for `LabelWidget`: `columns`, `title`, `keys`.

    Raises
    ------
    SchemaError
        The schema has no `Relations` field.
    """

    does = "joins spans"
    add = "lw.Relations(...)"

    @classmethod
    def _does(cls, field: Field) -> bool:
        return field.kind == "relations"


class TokenWidget(SpanWidget):
    """Tag the given tokens of texts, such as with parts of speech, and draw the dependencies between them.

    Each token has a column: its tags below it, arcs above. A line of the text is a sentence.

    Parameters
    ----------
    session : Session
        Its schema has a `Spans` field with `tokens`, its items are texts.
    **options
        As for `LabelWidget`: `columns`, `title`, `keys`.

    Raises
    ------
    SchemaError
        The schema has no `Spans` field with `tokens`.
    """

    bundle = "tokens"

    does = "labels given tokens"
    add = 'lw.Spans(..., tokens="column")'

    @classmethod
    def _does(cls, field: Field) -> bool:
        return field.kind == "spans" and getattr(field, "granularity", "") == "token"

    @classmethod
    def is_meant(cls, schema: Schema) -> bool:
        """Whether a schema asks for a tag of each given token: then a column for each serves better than running text."""
        return any(field.kind == "spans" and getattr(field, "every", False) for field in schema)
