"""The value types: what can be said to lie in an item, as frozen objects that are valid from birth."""

from __future__ import annotations

from .box import Box
from .extent import Extent, Item
from .region import LARGEST, LONGEST_ID, Region, number
from .relation import Relation
from .span import Span
from .turn import Turn

__all__ = ["LARGEST", "LONGEST_ID", "Box", "Extent", "Item", "Region", "Relation", "Span", "Turn", "number"]
