"""Fields, labels, taxonomy, instructions and rules: what is to be said of a task, checked and carried as JSON."""

from __future__ import annotations

from .boxes import Boxes
from .choice import Choice
from .field import FIELDS, Field
from .label import Label
from .schema import Schema

__all__ = ["FIELDS", "Boxes", "Choice", "Field", "Label", "Schema"]
