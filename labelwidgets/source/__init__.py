"""Anything to tasks: tables, files, folders and lists, with dtypes that survive and reasons for what is rejected."""

from .columns import INDEX, rebuild
from .items import ROW, Modality, Source, is_picture, modality
from .reading import read
from .tasks import to_tasks

__all__ = ["INDEX", "ROW", "Modality", "Source", "is_picture", "modality", "read", "rebuild", "to_tasks"]
