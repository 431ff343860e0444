"""Commands about the projects and the people of a store; `cli` puts them into one command line with the others."""

from .people import assign, invite, people, remove, restore, unassign
from .projects import archive, clone, compare, projects, team, template

__all__ = ["COMMANDS"]

COMMANDS = (
    *(projects, template, clone, archive, compare, team),
    *(people, invite, remove, restore, assign, unassign),
)
