"""Choice: one, or several, of a list of options."""

from __future__ import annotations

import json as jsonlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from ..errors import LabelError, SchemaError, did_you_mean, listed
from .checks import checked_flag
from .field import Field, Json, register
from .label import Label, as_labels, labels_from_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..labels import Extent


@register
@dataclass(frozen=True, init=False)
class Choice(Field):
    """One of a list of options, or several of them.

    Values are the option's name, with `multiple` a list of names in the order of the options; in JSON the same.

    Parameters
    ----------
    options : sequence of str or Label
        At least one.
    multiple : bool
        Whether several options may hold at once.
    """

    kind: ClassVar[str] = "choice"
    labels_in: ClassVar[str] = "options"

    options: tuple[Label, ...]
    multiple: bool

    def __init__(
        self,
        name: str,
        options: Sequence[str | Label],
        *,
        multiple: bool = False,
        required: bool = True,
        title: str = "",
        help: str = "",
    ) -> None:
        super().__init__(name, title=title, help=help, required=required)
        self._put(options=as_labels(options, f"field {name!r}"))
        self._put(multiple=checked_flag(multiple, f"multiple of field {name!r}"))
        if not self.options:
            raise SchemaError(
                f"field {name!r} has no options; give at least one, as in Choice({name!r}, ['yes', 'no'])"
            )

    @cached_property
    def _places(self) -> dict[str, int]:
        return {option.name: place for place, option in enumerate(self.options)}

    def remedy(self) -> str:
        """Say how to answer."""
        return f"Give {'a list of' if self.multiple else 'one of'} {listed(self._places)}."

    def _check(self, value: object, extent: Extent) -> str | list[str] | None:
        del extent
        if not self.multiple:
            return self._option(value)
        if not isinstance(value, (list, tuple, set, frozenset)):
            raise LabelError.refused(self.name, value, "a list of options", self.remedy())
        return self._several(value)

    def _several(self, values: Any) -> list[str]:
        if not values and self.required:
            raise LabelError.refused(
                self.name, values, "at least one option (the field is required)", self.remedy()
            )
        chosen = {self._option(value) for value in values}
        if len(chosen) < len(values):
            raise LabelError.refused(self.name, values, "each option at most once", "Remove the repeats.")
        return sorted(chosen, key=self._places.__getitem__)

    def _option(self, value: object) -> str:
        if isinstance(value, str) and value in self._places:
            return str(value)
        remedy = did_you_mean(value, self._places, "If it is a new option, add it to the schema.")
        raise LabelError.refused(self.name, value, f"one of {listed(self._places)}", remedy)

    def cell(self, json: Json) -> object:
        """Return the option's name, with `multiple` the names as a JSON list."""
        return jsonlib.dumps(json, ensure_ascii=False) if isinstance(json, list) else json

    @classmethod
    def arguments(cls, json: dict[str, Json]) -> dict[str, Any]:
        """Turn the JSON's values into arguments of the constructor."""
        return json | {"options": labels_from_json(json["options"])}

    def wire(self, labels: Sequence[Label] = ()) -> dict[str, Json]:
        """Return `ChoiceJson`."""
        return super().wire() | {"options": [label.wire() for label in labels or self.colored()]}
