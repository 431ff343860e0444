"""The projects and people of one store: what there is, who may do what, how the work goes; it needs no Jupyter."""

from .rows import Assignment, Invitation, Person, Project, Work

__all__ = ["Assignment", "Invitation", "Person", "Project", "Work"]
