"""Choice: one, or several, of a list of options."""

from __future__ import annotations

import json as jsonlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from ..errors import LabelError, SchemaError, did_you_mean, listed
from .field import Field, Json, register
from .label import Label, as_labels
from .looks import colored
from .names import checked_flag

if TYPE_CHECKING:
    from ..labels import Extent


@register
@dataclass(frozen=True, init=False)
class Choice(Field):
    """One of a list of options, or several of them.

    Values are the option's name, with `multiple` a list of names (in the order of the options); in JSON the same.

    Parameters
    ----------
    options : list of str or Label
        At least one.
    multiple : bool
        Whether several options may hold at once.
    """

    kind: ClassVar[str] = "choice"

    options: tuple[Label, ...]
    multiple: bool

    def __init__(  # noqa: PLR0913
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
        self._put(options=as_labels(options, f"field {name!r}"), multiple=checked_flag(multiple, f"multiple of {name!r}"))
        if not self.options:
            raise SchemaError(f"field {name!r} has no options; give at least one, such as Choice({name!r}, ['yes', 'no'])")

    @property
    def labelled(self) -> tuple[Label, ...]:
        """The options."""
        return self.options

    def remedy(self) -> str:
        """Say how to answer."""
        return f"{'Give a list of' if self.multiple else 'Give one of'} {listed(option.name for option in self.options)}."

    def _check(self, value: object, extent: Extent) -> str | list[str] | None:
        del extent
        if not self.multiple:
            return self._option(value)
        if isinstance(value, str) or not isinstance(value, (list, tuple, set, frozenset)):
            raise LabelError.refused(self.name, value, "a list of options", self.remedy())
        return self._several(value)

    def _several(self, values: Any) -> list[str]:
        if not values and self.required:
            raise LabelError.refused(self.name, values, "at least one option (the field is required)", self.remedy())
        chosen = [self._option(value) for value in values]
        if len(set(chosen)) < len(chosen):
            raise LabelError.refused(self.name, values, "each option at most once", self.remedy())
        return [option.name for option in self.options if option.name in chosen]

    def _option(self, value: object) -> str:
        names = [option.name for option in self.options]
        if isinstance(value, str) and value in names:
            return str(value)
        expected = f"one of {listed(names)}"
        raise LabelError.refused(self.name, value, expected, did_you_mean(value, names, "Add the option to the schema if it is new."))

    def cell(self, json: Json) -> object:
        """Return the option's name, with `multiple` the names as a JSON list."""
        return jsonlib.dumps(json, ensure_ascii=False) if isinstance(json, list) else json

    @classmethod
    def _arguments(cls, json: dict[str, Json]) -> dict[str, Any]:
        return json | {"options": [Label.from_json(item) for item in json.get("options", ())]}

    def wire(self, labels: Sequence[Label] | None = None) -> dict[str, Json]:
        """Return `ChoiceJson`."""
        shown = labels or colored(self.options)
        return self.to_json() | {"options": [label.wire() for label in shown]}
