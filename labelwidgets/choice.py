"""The widget for what is said of an item as a whole, whatever the item is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import SchemaError
from .widget import LabelWidget

if TYPE_CHECKING:
    from .session import Session


class ClassificationWidget(LabelWidget):
    """Answer the item-level fields of a schema for images, texts, dialogues or rows of a table.

    Parameters
    ----------
    session : Session
        Its schema has no region fields.
    grid : bool
        Show many items at once: select thumbnails, press a label's key, submit the whole page.
    **options
        As for `LabelWidget`: `columns`, `title`, `keys`.

    Raises
    ------
    SchemaError
        The schema has region fields.
    """

    def __init__(self, session: Session, *, grid: bool = False, **options: Any) -> None:
        if session.schema.region_fields:
            names = ", ".join(field.name for field in session.schema.region_fields)
            raise SchemaError(
                f"ClassificationWidget fills item-level fields, and {names} holds regions. Use lw.label(session), "
                "which picks the widget that fits."
            )
        self.mode = "grid" if grid else "label"
        own = session.modality if session.modality in ("image", "dialogue") else "choice"
        self.bundle = "grid" if grid else own
        super().__init__(session, **options)
