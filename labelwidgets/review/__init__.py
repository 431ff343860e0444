"""Looking at answers again: the gallery."""

from .gallery import Gallery

__all__ = ["Gallery"]
