"""Spans: stretches of a text, with what they mean."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Any, ClassVar

from ..errors import LabelError, SchemaError, did_you_mean, listed, shown
from ..labels import Item, Region, Span
from ..passages import tokens_of, words_of
from .apart import pair_of
from .checks import checked_flag, checked_source, unfit
from .field import Field, Json, register
from .label import Label, as_labels, labels_from_json
from .regions import RegionField

if TYPE_CHECKING:
    from ..labels import Extent

GRANULARITIES = ("character", "word", "token", "turn")
MOST_ENTRIES = 200_000
"""Entries that spans may link to: they travel to the page once, as a whole."""
MOST_SIGNS = 500
LONGEST_SIGN = 20

Near = Callable[[str, int], Sequence[int]]
"""Returns the edges around a place at which a span may start, or end."""


@register
@dataclass(frozen=True, init=False)
class Spans(RegionField):
    """Stretches of a text; an empty list says that there is nothing.

    Values are lists of `Span`, each with an id of its own and the text it covers; in JSON lists of `SpanJson`. Offsets
    are Unicode code points of the text exactly as given.

    Parameters
    ----------
    labels : sequence of str or Label
        What a span can be; [] where spans have no label.
    attributes : sequence of Field
        What else to say of each span: fields about it, none with regions.
    granularity : {"character", "word", "token", "turn"}, optional
        Where spans may begin and end: anywhere; not inside a word; at edges of the tokens in the column `tokens`; at
        edges of a dialogue's turns. "token" when `tokens` is given, else "character".
    nested : bool
        Whether all characters of one span may lie in another; equal spans are nested.
    overlapping : bool
        Whether two spans may share characters while each has others of its own.
    discontinuous : bool
        Whether spans may have parts.
    tokens : str, optional
        Column of the data with each text's tokens: a list of texts, or of [start, end].
    every : bool
        Whether each of the given tokens needs a span, as parts of speech do.
    entries : sequence of str or Label
        Knowledge that spans link to: `name` is an entry's id, `title`, `aliases` and `description` find it by typing.
        `entries_of` makes them of a table.
    unanswerable : bool
        For answers to questions: [] says that the text has no answer, None that nothing was said yet.
    palette : sequence of str
        Signs that a keyboard lacks, offered while typing.
    min_count, max_count : int, int or None
        How many spans an answer has; [] is always right where `unanswerable`.
    """

    kind: ClassVar[str] = "spans"
    region_type: ClassVar[type[Region]] = Span

    granularity: str
    nested: bool
    overlapping: bool
    discontinuous: bool
    tokens: str | None
    every: bool
    entries: tuple[Label, ...]
    unanswerable: bool
    palette: tuple[str, ...]

    def __init__(
        self,
        name: str,
        labels: Sequence[str | Label] = (),
        *,
        attributes: Sequence[Field] = (),
        granularity: str | None = None,
        nested: bool = True,
        overlapping: bool = True,
        discontinuous: bool = False,
        tokens: str | None = None,
        every: bool = False,
        entries: Sequence[str | Label] = (),
        unanswerable: bool = False,
        palette: Sequence[str] = (),
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
        self._put(granularity=_granularity(granularity, tokens, name), tokens=tokens)
        flags = {"nested": nested, "overlapping": overlapping, "discontinuous": discontinuous}
        for flag, value in (flags | {"unanswerable": unanswerable}).items():
            self._put(**{flag: checked_flag(value, f"{flag} of field {name!r}")})
        self._put(every=_every(every, tokens, name))
        self._put(entries=_entries(entries, name), palette=_palette(palette, name))

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(entry.name for entry in self.entries)

    def relaxed(self) -> Spans:
        """Return the field with nothing required, of its tokens neither."""
        return super().relaxed().changed(every=False)

    def remedy(self) -> str:
        """Say how to answer."""
        nothing = "when the text has no answer" if self.unanswerable else "when there is nothing"
        return f"Give a list of spans, [] {nothing}."

    def _check(self, value: object, extent: Extent) -> list[Any]:
        if self.unanswerable and isinstance(value, (list, tuple)) and not value:
            return []
        return super()._check(value, extent)

    # -- each span -----------------------------------------------------------------------------------------

    def check_region(self, region: Span) -> None:
        """Refuse parts where spans have none, and links to what is no entry."""
        if region.parts and not self.discontinuous:
            raise LabelError.refused("parts", list(region.parts), "a span in one piece (discontinuous=False)")
        if region.link is not None and region.link not in self._known:
            expected = (
                f"one of {listed(self._known, 4)}" if self._known else "no link (the field has no entries)"
            )
            remedy = did_you_mean(
                region.link, self._known, "Add the entry to the schema." if self._known else ""
            )
            raise LabelError.refused("link", region.link, expected, remedy)

    # -- all of them in their text -------------------------------------------------------------------------

    def check_geometry(self, regions: Sequence[Span], extent: Extent) -> None:
        """Refuse spans beyond the text, off the edges that the granularity allows, or in each other's way."""
        item = Item.of(extent)
        length = extent.length if item.text is None else len(item.text)
        if length is not None:
            self._check_length(regions, length)
        if item.text is not None:
            self._check_edges(regions, item)
        self._check_apart(regions)
        if self.every and item.text is not None:
            self._check_every(regions, item)

    def settled(self, regions: list[Span], extent: Extent) -> list[Span]:
        """Return spans with the text they cover."""
        text = Item.of(extent).text
        return regions if text is None else [self._worded(span, text, n) for n, span in enumerate(regions)]

    def _worded(self, span: Span, text: str, place: int) -> Span:
        covered = text[span.start : span.end]
        if span.text not in ("", covered):
            remedy = "The text has changed, or offsets are not code points of it."
            raise LabelError.refused(
                f"{self.name}[{place}].text",
                span.text,
                f"the text from {span.start:,} to {span.end:,}, {shown(covered)}",
                remedy,
            )
        return span if span.text else replace(span, text=covered)

    def _check_length(self, regions: Sequence[Span], length: int) -> None:
        for place, span in enumerate(regions):
            if span.end > length:
                expected = f"at most {length:,} (the text's length in code points)"
                raise LabelError.refused(f"{self.name}[{place}].end", span.end, expected)

    def _check_edges(self, regions: Sequence[Span], item: Item) -> None:
        if self.granularity == "character" or not regions:
            return
        near = self._in_words(item) if self.granularity == "word" else self._at_edges(item)
        for place, span in enumerate(regions):
            for start, end in span.stretches():
                for side, at in (("start", start), ("end", end)):
                    edges = near(side, at)
                    if at not in edges:
                        raise self._off(side, at, edges, f"{self.name}[{place}]")

    def _check_every(self, regions: Sequence[Span], item: Item) -> None:
        """Refuse an answer that leaves tokens out."""
        tokens, text = self.tokens_in(item), item.text or ""
        ends = _reach([stretch for span in regions for stretch in span.stretches()])
        left = [place for place, (start, end) in enumerate(tokens) if ends(start) < end]
        if left:
            start, end = tokens[left[0]]
            raise LabelError.refused(
                self.name,
                f"none of token {left[0]:,}",
                f"a span of each of {len(tokens):,} tokens",
                f"{len(left):,} are without, first {shown(text[start:end])}.",
            )

    def _in_words(self, item: Item) -> Near:
        text = item.text or ""
        return lambda _, at: words_of(text, at)

    def _at_edges(self, item: Item) -> Near:
        cut = item.turns if self.granularity == "turn" else self.tokens_in(item)
        sides = {"start": [start for start, _ in cut], "end": [end for _, end in cut]}

        def near(side: str, at: int) -> list[int]:
            place = bisect_left(sides[side], at)
            return sides[side][max(place - 1, 0) : place + 1]

        return near

    def _off(self, side: str, at: int, edges: Sequence[int], where: str) -> LabelError:
        closest = min(edges, key=lambda edge: abs(edge - at), default=None)
        remedy = (
            f"The text has no {self.granularity}s." if closest is None else f"The nearest is {closest:,}."
        )
        return LabelError.refused(f"{where}.{side}", at, f"the {side} of a {self.granularity}", remedy)

    def check_item(self, item: Item) -> None:
        """Refuse a row without the tokens or the turns at whose edges spans shall lie."""
        if self.granularity == "token":
            self.tokens_in(item)
        if self.granularity == "turn" and not item.turns:
            raise LabelError.refused(
                self.name, item.text, "a dialogue: a list of dicts with speaker and text"
            )

    def tokens_in(self, item: Item) -> list[tuple[int, int]]:
        """Return where the given tokens lie in the item's text.

        Raises
        ------
        LabelError
            When the row gives none, or they are not the text's.
        """
        try:
            return tokens_of(item.data.get(self.tokens or ""), item.text or "")
        except LabelError as error:
            raise error.within(f"column {self.tokens!r}") from None

    def _check_apart(self, regions: Sequence[Span]) -> None:
        if (self.nested and self.overlapping) or len(regions) <= 1:
            return
        if not self.nested and (pair := pair_of(regions, nested=True)):
            raise self._in_the_way(regions, pair, "lies in", "nested=False")
        if not self.overlapping and (pair := pair_of(regions, nested=False)):
            raise self._in_the_way(regions, pair, "overlaps with", "overlapping=False")

    def _in_the_way(self, regions: Sequence[Span], pair: tuple[int, int], how: str, rule: str) -> LabelError:
        one, other = pair
        found = f"{_placed(regions[one])}, which {how} {self.name}[{other}] ({_placed(regions[other])})"
        return LabelError(
            f"expected spans apart ({rule}), found {found}. Remove or shorten one of them.",
            field=f"{self.name}[{one}]",
            found=found,
            expected=f"spans apart ({rule})",
        )

    # -- JSON ----------------------------------------------------------------------------------------------

    @classmethod
    def arguments(cls, json: dict[str, Json]) -> dict[str, Any]:
        """Turn the JSON's values into arguments of the constructor."""
        return super().arguments(json) | {"entries": labels_from_json(json.get("entries", []))}

    def wire(self, labels: Sequence[Label] = ()) -> dict[str, Json]:
        """Return `SpansJson`; entries have no colours."""
        entries = [entry.wire() | {"color": entry.color or ""} for entry in self.entries]
        return super().wire(labels) | {"entries": entries}


def _placed(span: Span) -> str:
    return f"{span.start:,} to {span.end:,}"


def _granularity(given: str | None, tokens: object, owner: str) -> str:
    checked_source(tokens, f"tokens of field {owner!r}")
    made = given or ("token" if tokens is not None else "character")
    if made not in GRANULARITIES:
        raise SchemaError(
            f"granularity of field {owner!r} must be one of {listed(GRANULARITIES)}, found {shown(given)}. "
            f"{did_you_mean(given, GRANULARITIES)}".rstrip()
        )
    if (made == "token") is (tokens is None):
        raise SchemaError(
            f"field {owner!r} has granularity {made!r} and tokens={tokens!r}: give the column with the tokens and "
            "granularity 'token', or neither"
        )
    return made


def _reach(stretches: Sequence[tuple[int, int]]) -> Callable[[int], int]:
    """Return a function: how far the stretches go that begin at a place or before it."""
    starts = sorted(start for start, _ in stretches)
    ends = list(accumulate((end for _, end in sorted(stretches)), max))
    return lambda at: ends[place - 1] if (place := bisect_right(starts, at)) else 0


def _every(given: object, tokens: str | None, owner: str) -> bool:
    if checked_flag(given, f"every of field {owner!r}") and tokens is None:
        raise SchemaError(
            f"field {owner!r} has every=True, which asks for a span of each given token, and no tokens: give the "
            'column that holds them, as in tokens="words"'
        )
    return bool(given)


def _entries(given: object, owner: str) -> tuple[Label, ...]:
    entries = as_labels(given, f"entries of field {owner!r}")
    if len(entries) > MOST_ENTRIES:
        raise SchemaError(f"field {owner!r} has {len(entries):,} entries; {MOST_ENTRIES:,} are the most")
    keyed = next((entry for entry in entries if entry.hotkey), None)
    if keyed:
        raise SchemaError(
            f"entry {keyed.name!r} of field {owner!r} asks for the hotkey {keyed.hotkey!r}; entries have none, they are "
            "found by typing"
        )
    return entries


def _palette(given: object, owner: str) -> tuple[str, ...]:
    signs = tuple(given) if isinstance(given, Iterable) and not isinstance(given, Mapping) else ()
    if (
        isinstance(given, Mapping)
        or len(signs) > MOST_SIGNS
        or not all(map(_is_sign, signs))
        or not isinstance(given, Iterable)
    ):
        raise SchemaError(
            f"palette of field {owner!r} must be at most {MOST_SIGNS} signs of 1 to {LONGEST_SIGN} characters, found {shown(given)}"
        )
    return signs


def _is_sign(sign: object) -> bool:
    return (
        isinstance(sign, str)
        and 0 < len(sign) <= LONGEST_SIGN
        and not unfit(sign, name=True)
        and bool(sign.strip())
    )
