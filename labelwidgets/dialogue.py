"""The widget for dialogues: their turns, the words in them, and answers beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import SchemaError
from .widget import LabelWidget

if TYPE_CHECKING:
    from .session import Session

SAID_OF = ("turns", "spans")
"""Kinds of region fields that say something of a dialogue."""


class DialogueWidget(LabelWidget):
    """Label the turns of dialogues and spans in them; compare, rank or correct answers beside them.

    Parameters
    ----------
    session : Session
        Its items are dialogues: lists of turns, each a dict with who speaks and what is said.
    **options
        As for `LabelWidget`: `columns`, `title`, `keys`.

    Raises
    ------
    SchemaError
        The items are no dialogues, or the schema has region fields of other items.
    """

    bundle = "dialogue"

    def __init__(self, session: Session, **options: Any) -> None:
        if session.modality != "dialogue":
            raise SchemaError(
                f"DialogueWidget shows dialogues, and the items of session {session.name!r} are of the kind "
                f"{session.modality!r}. A dialogue is a list of turns, such as "
                "[{'speaker': 'ann', 'text': 'Hello'}]; use lw.label(session), which picks the widget that fits."
            )
        other = [field.name for field in session.schema.region_fields if field.kind not in SAID_OF]
        if other:
            raise SchemaError(
                f"DialogueWidget says things of turns and of words, and {', '.join(other)} holds other regions. "
                "Use lw.Turns(...) and lw.Spans(...)."
            )
        super().__init__(session, **options)
