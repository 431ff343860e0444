"""What leads from one schema to another without losing an answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..errors import SchemaError, did_you_mean, listed
from .migration import AddField, AddLabel, Operation
from .regions import RegionField
from .relations import Relations
from .tree import joined, path_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .field import Field
    from .schema import Schema


def difference(old: Schema, new: Schema) -> list[Operation]:
    """Return the additions that lead from one schema to another; other orders, titles, colours and rules need none.

    Raises
    ------
    SchemaError
        When answers would be lost or read as something else: fields or labels that are gone, another kind of field.
    """
    found = _Comparison()
    found.fields(old.fields, new.fields)
    if found.faults:
        raise SchemaError(
            f"the schema differs from the session's in more than additions: {'; '.join(found.faults)}. "
            "Say what became of it by session.migrate(RenameLabel(...)), or MergeLabels, RemoveLabel, RenameField, "
            "RemoveField: answers are kept. Or leave the schema out to go on with the session's own."
        )
    return found.operations


@dataclass
class _Comparison:
    operations: list[Operation] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def fields(self, old: Sequence[Field], new: Sequence[Field], within: str = "") -> None:
        after = {item.name: item for item in new}
        before = {item.name for item in old}
        for item in old:
            place = f"{within}.{item.name}" if within else item.name
            if item.name in after:
                self._field(item, after[item.name], place)
            else:
                near = did_you_mean(item.name, [name for name in after if name not in before])
                self.faults.append(f"field {place!r} is gone" + near.replace("Did you mean", ", renamed to"))
        self.operations += [
            AddField(item, within, n) for n, item in enumerate(new) if item.name not in before
        ]

    def _field(self, old: Field, new: Field, place: str) -> None:
        if _form(old) != _form(new):
            self.faults.append(f"field {place!r} was {_form(old)} and is {_form(new)}")
            return
        self._labels(old, new, place)
        if isinstance(old, RegionField) and isinstance(new, RegionField):
            self.fields(old.attributes, new.attributes, place)

    def _labels(self, old: Field, new: Field, place: str) -> None:
        before = {path_of(label) for label in old.labelled}
        after = [path_of(label) for label in new.labelled]
        kept = set(after)
        gone = [joined(path_of(label)) for label in old.labelled if path_of(label) not in kept]
        if gone:
            near = did_you_mean(gone[0], [joined(path) for path in after if path not in before])
            self.faults.append(
                f"field {place!r} lacks {listed(gone)}" + near.replace("Did you mean", ", renamed to")
            )
        numbered = enumerate(zip(after, new.labelled, strict=True))
        self.operations += [AddLabel(place, label, n) for n, (path, label) in numbered if path not in before]


def _form(item: Field) -> str:
    """What decides how a field's values look."""
    if getattr(item, "multiple", False):
        return f"{item.kind} (multiple)"
    return f"{item.kind} between {item.between!r}" if isinstance(item, Relations) else item.kind
