"""Fields, labels, taxonomy, instructions and rules: what is to be said of a task, checked and carried as JSON."""

from __future__ import annotations

from .boxes import Boxes
from .choice import Choice
from .field import FIELDS, Field
from .instructions import Example, Instructions
from .label import Label
from .number import Number
from .rating import Rating
from .schema import Schema
from .taxonomy import Taxonomy
from .text import Text

__all__ = [
    "FIELDS",
    "Boxes",
    "Choice",
    "Example",
    "Field",
    "Instructions",
    "Label",
    "Number",
    "Rating",
    "Schema",
    "Taxonomy",
    "Text",
]
