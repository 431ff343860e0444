"""Fields, labels, taxonomy, instructions and rules: what is to be said of a task, checked and carried as JSON."""

from __future__ import annotations

from .boxes import Boxes
from .choice import Choice
from .comparison import difference
from .field import FIELDS, Field
from .instructions import Example, Instructions
from .keymap import checked_keys
from .label import Label
from .migration import (
    AddField,
    AddLabel,
    MergeLabels,
    Operation,
    RemoveField,
    RemoveLabel,
    RenameField,
    RenameLabel,
    migrated,
    operation_from_json,
    upgrade,
    upgrade_of,
)
from .number import Number
from .pairwise import Pairwise
from .ranking import Ranking
from .rating import Rating
from .regions import RegionField
from .relations import Relations, RelationType
from .schema import Schema
from .spans import Spans
from .taxonomy import Taxonomy
from .text import Text
from .turns import Turns

__all__ = [
    "FIELDS",
    "AddField",
    "AddLabel",
    "Boxes",
    "Choice",
    "Example",
    "Field",
    "Instructions",
    "Label",
    "MergeLabels",
    "Number",
    "Operation",
    "Pairwise",
    "Ranking",
    "Rating",
    "RegionField",
    "RelationType",
    "Relations",
    "RemoveField",
    "RemoveLabel",
    "RenameField",
    "RenameLabel",
    "Schema",
    "Spans",
    "Taxonomy",
    "Text",
    "Turns",
    "checked_keys",
    "difference",
    "migrated",
    "operation_from_json",
    "upgrade",
    "upgrade_of",
]
