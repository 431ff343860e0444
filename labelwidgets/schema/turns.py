"""Turns: what is said of each turn of a dialogue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ..errors import LabelError, SchemaError, listed, shown
from ..labels import Item, Region, Turn
from .checks import checked_flag, checked_prose
from .field import Field, register
from .regions import RegionField

if TYPE_CHECKING:
    from ..labels import Extent
    from .label import Label


@register
@dataclass(frozen=True, init=False)
class Turns(RegionField):
    """Labels of the turns of a dialogue, such as what each turn does.

    Values are lists of `Turn`, each with an id of its own; in JSON lists of `TurnLabelJson`.

    Parameters
    ----------
    labels : sequence of str or Label
        What a turn can be; [] where only attributes are asked.
    multiple : bool
        Whether a turn may have several labels.
    speakers : sequence of str
        Whose turns are asked about; () means everybody's.
    every : bool
        Whether each turn that is asked about needs a label.
    attributes : sequence of Field
        What else to say of each labeled turn: fields about it, none with regions.
    min_count, max_count : int, int or None
        How many labels an answer has.

    Examples
    --------
    >>> acts = Turns("acts", ["question", "answer"], speakers=["agent"])
    >>> acts.check([{"turn": 1, "label": "answer"}])[0].turn
    1
    """

    kind: ClassVar[str] = "turns"
    region_type: ClassVar[type[Region]] = Turn

    multiple: bool
    speakers: tuple[str, ...]
    every: bool

    def __init__(
        self,
        name: str,
        labels: Sequence[str | Label] = (),
        *,
        multiple: bool = False,
        speakers: Sequence[str] = (),
        every: bool = False,
        attributes: Sequence[Field] = (),
        min_count: int = 0,
        max_count: int | None = None,
        required: bool = True,
        title: str = "",
        help: str = "",
    ) -> None:
        super().__init__(
            name,
            labels,
            attributes=attributes,
            min_count=min_count,
            max_count=max_count,
            required=required,
            title=title,
            help=help,
        )
        if not self.labels and not self.attributes:
            raise SchemaError(
                f"field {name!r} asks nothing of a turn; give labels, as in Turns({name!r}, ['question', 'answer']), "
                "or attributes"
            )
        self._put(
            multiple=checked_flag(multiple, f"multiple of field {name!r}"),
            speakers=_speakers(speakers, name),
            every=checked_flag(every, f"every of field {name!r}"),
        )

    def relaxed(self) -> Turns:
        """Return the field with nothing required, of its turns neither."""
        return super().relaxed().changed(every=False)

    def remedy(self) -> str:
        """Say how to answer."""
        return "Give a list of turns, [] when there is nothing to say."

    def check_region(self, region: Turn) -> None:
        """Take any turn: whether there is one, only the dialogue says."""

    def check_geometry(self, regions: Sequence[Turn], extent: Extent) -> None:
        """Refuse turns that there are not, or of speakers not asked about, labels said twice, and turns left out."""
        self._check_apart(regions)
        item = Item.of(extent)
        if not item.turns:
            return
        asked = self.asked(item)
        for place, region in enumerate(regions):
            if region.turn not in asked:
                raise self._strange(region, place, item)
        if self.every and (missing := sorted(set(asked) - {region.turn for region in regions})):
            raise LabelError.refused(
                self.name,
                f"none of turn {missing[0]:,}",
                f"a label of each of {len(asked):,} turns",
                f"{len(missing):,} are without.",
            )

    def asked(self, item: Item) -> range | dict[int, None]:
        """Return the places of the turns that are asked about, in order."""
        every = range(len(item.turns))
        if not self.speakers or not item.speakers:
            return every
        return dict.fromkeys(place for place in every if item.speakers[place] in self.speakers)

    def _check_apart(self, regions: Sequence[Turn]) -> None:
        said = [(region.turn, region.label if self.multiple else None) for region in regions]
        twice = next((turn for (turn, _), count in Counter(said).items() if count > 1), None)
        if twice is not None:
            expected = (
                "each label once of a turn" if self.multiple else "one label of a turn (multiple=False)"
            )
            raise LabelError.refused(self.name, f"several of turn {twice:,}", expected, "Remove one of them.")

    def _strange(self, region: Turn, place: int, item: Item) -> LabelError:
        field = f"{self.name}[{place}].turn"
        if region.turn >= len(item.turns):
            last = len(item.turns) - 1
            return LabelError.refused(field, region.turn, f"0 to {last:,} (the dialogue's turns)")
        speaker = item.speakers[region.turn]
        return LabelError.refused(field, f"{region.turn} of {speaker!r}", f"turns of {listed(self.speakers)}")


def _speakers(given: object, owner: str) -> tuple[str, ...]:
    if isinstance(given, (str, Mapping)) or not isinstance(given, Iterable):
        raise SchemaError(f"speakers of field {owner!r} must be a list of names, found {shown(given)}")
    return tuple(checked_prose(name, f"a speaker of field {owner!r}") for name in given)
