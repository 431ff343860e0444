"""Predictors and what they say of tasks: patterns, functions, tables."""

from __future__ import annotations

from .patterns import Match, Patterns, patterns
from .predicting import predicted

__all__ = ["Match", "Patterns", "patterns", "predicted"]
