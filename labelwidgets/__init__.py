"""Label data where you work: in the notebook, in three lines, with nothing lost."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

_HOMES = {
    "choice": ("ClassificationWidget",),
    "choose": ("label", "relabel"),
    "dialogue": ("DialogueWidget",),
    "errors": (
        "AccountError",
        "LabelError",
        "LabelwidgetsError",
        "MediaError",
        "MessageError",
        "RightsError",
        "SchemaError",
        "SourceError",
        "StoreDamaged",
        "StoreError",
        "StoreLocked",
        "StoreTooNew",
        "UserError",
    ),
    "identity": ("Role", "User"),
    "image": ("BoundingBoxWidget",),
    "labels": ("Box", "Extent", "Item", "Relation", "Span", "Turn"),
    "records": ("Added", "Annotation", "Predicted", "Prediction", "Progress", "Task"),
    "review": ("Gallery",),
    "schema": (
        "AddField",
        "AddLabel",
        "Boxes",
        "Choice",
        "Example",
        "Instructions",
        "Label",
        "MergeLabels",
        "Number",
        "Pairwise",
        "Ranking",
        "Rating",
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
    ),
    "sampling": ("Order",),
    "session": ("Session",),
    "source.entries": ("entries_of",),
    "text": ("RelationWidget", "SpanWidget", "TokenWidget"),
    "widget": ("LabelWidget",),
    "workspace": ("Workspace",),
}
"""Where each public name lives; a name is imported when it is first used, so that importing costs little."""

_HOME = {name: home for home, names in _HOMES.items() for name in names}

__all__ = ["__version__", *sorted(_HOME)]  # noqa: PLE0604 - names out of the table above


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'labelwidgets' has no attribute {name!r}")
    value = getattr(import_module(f".{_HOME[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


if TYPE_CHECKING:
    from .choice import ClassificationWidget as ClassificationWidget
    from .choose import label as label
    from .choose import relabel as relabel
    from .dialogue import DialogueWidget as DialogueWidget
    from .errors import AccountError as AccountError
    from .errors import LabelError as LabelError
    from .errors import LabelwidgetsError as LabelwidgetsError
    from .errors import MediaError as MediaError
    from .errors import MessageError as MessageError
    from .errors import RightsError as RightsError
    from .errors import SchemaError as SchemaError
    from .errors import SourceError as SourceError
    from .errors import StoreDamaged as StoreDamaged
    from .errors import StoreError as StoreError
    from .errors import StoreLocked as StoreLocked
    from .errors import StoreTooNew as StoreTooNew
    from .errors import UserError as UserError
    from .identity import Role as Role
    from .identity import User as User
    from .image import BoundingBoxWidget as BoundingBoxWidget
    from .labels import Box as Box
    from .labels import Extent as Extent
    from .labels import Item as Item
    from .labels import Relation as Relation
    from .labels import Span as Span
    from .labels import Turn as Turn
    from .records import Added as Added
    from .records import Annotation as Annotation
    from .records import Predicted as Predicted
    from .records import Prediction as Prediction
    from .records import Progress as Progress
    from .records import Task as Task
    from .review import Gallery as Gallery
    from .sampling import Order as Order
    from .schema import AddField as AddField
    from .schema import AddLabel as AddLabel
    from .schema import Boxes as Boxes
    from .schema import Choice as Choice
    from .schema import Example as Example
    from .schema import Instructions as Instructions
    from .schema import Label as Label
    from .schema import MergeLabels as MergeLabels
    from .schema import Number as Number
    from .schema import Pairwise as Pairwise
    from .schema import Ranking as Ranking
    from .schema import Rating as Rating
    from .schema import Relations as Relations
    from .schema import RelationType as RelationType
    from .schema import RemoveField as RemoveField
    from .schema import RemoveLabel as RemoveLabel
    from .schema import RenameField as RenameField
    from .schema import RenameLabel as RenameLabel
    from .schema import Schema as Schema
    from .schema import Spans as Spans
    from .schema import Taxonomy as Taxonomy
    from .schema import Text as Text
    from .schema import Turns as Turns
    from .session import Session as Session
    from .source.entries import entries_of as entries_of
    from .text import RelationWidget as RelationWidget
    from .text import SpanWidget as SpanWidget
    from .text import TokenWidget as TokenWidget
    from .widget import LabelWidget as LabelWidget
    from .workspace import Workspace as Workspace
