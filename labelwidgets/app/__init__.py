"""A session, or a whole workspace, as a page of its own: what its notebook shows, who may open it, who serves it."""

from __future__ import annotations

from .one import serve as serve
from .page import Page as Page
from .page import show as show
