"""Label data where you work: in the notebook, in three lines, with nothing lost."""

__version__ = "0.1.0"
