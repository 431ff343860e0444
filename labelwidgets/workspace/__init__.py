"""The projects and people of one store: what there is, who may do what, how the work goes; it needs no Jupyter."""

from .comparison import Comparison, FieldDifference
from .rows import Assignment, Invitation, Person, Project, Work
from .template import Template, begin
from .workspace import Workspace

__all__ = [
    "Assignment",
    "Comparison",
    "FieldDifference",
    "Invitation",
    "Person",
    "Project",
    "Template",
    "Work",
    "Workspace",
    "begin",
]
