"""Patterns: words and regular expressions that label texts without a model, and say which of them did."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..errors import LabelError, did_you_mean, listed
from ..labels import Span, number
from ..passages import text_of
from ..schema import Choice, Spans
from .expressions import Expressions
from .words import Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..records import Task
    from ..schema import Schema

Given = Mapping[str, Any]
"""Label to a word, a compiled regular expression, a list of both, or a dict of words to entries they link to."""


@dataclass(frozen=True, slots=True)
class Match:
    """Something that a pattern found in a text.

    Attributes
    ----------
    start, end : int
        Code points of the text, half open.
    label : str
        The label that the pattern stands for.
    pattern : str
        The word, or the source of the regular expression.
    link : str or None
        The entry that the word links to.
    order : int
        Place of the pattern among all that were given; the earlier wins where two found the same.
    """

    start: int
    end: int
    label: str
    pattern: str
    link: str | None
    order: int


def patterns(
    given: Given,
    *,
    field: str,
    item: str | None = None,
    ignore_case: bool = False,
    whole_words: bool = True,
    overlapping: bool = False,
    reason: str | None = None,
    score: float | None = None,
) -> Patterns:
    """Make a predictor of words and regular expressions.

    Parameters
    ----------
    given : dict
        Label to what stands for it: a word, a compiled regular expression, a list of both, or a dict of words to the
        entries that they link to. A blank in a word stands for any blanks. Of a regular expression with a group named
        `span` only that group counts.
    field : str
        A `Spans` field, which gets a span for each match, or a `Choice`, which gets the label with most matches (the
        first given of equally many; with `multiple` all that matched).
    item : str, optional
        Column of the text; a session says it by itself.
    ignore_case : bool
        Whether upper and lower case of words are the same; regular expressions say it by their flags.
    whole_words : bool
        Whether a word inside a longer one is passed over ("art" in "party"). Words of writing without blanks (Han,
        kana, Hangul, Thai ...) are found anywhere, but never cut off from the marks that belong to them.
    overlapping : bool
        Whether all matches are kept. Otherwise the longest wins, of equally long ones the first in the text, of equal
        ones the pattern given first.
    reason : str, optional
        Text attribute of the field that takes the pattern.
    score : float, optional
        In 0..1, given to every span or answer.

    Returns
    -------
    Patterns
        For `session.add_predictions`; `matches(text)` explains it.

    Raises
    ------
    LabelError
        For what is neither a word nor a compiled regular expression of text.

    Examples
    --------
    >>> import re
    >>> found = patterns({"PER": ["Ann", "Ben"], "DAY": re.compile("[0-9]+ May")}, field="entities")
    >>> found.spans("Ann met Annabel on 3 May")
    [Span(0, 3, label='PER', text='Ann'), Span(19, 24, label='DAY', text='3 May')]
    >>> [match.pattern for match in found.matches("Ann met Annabel on 3 May")]
    ['Ann', '[0-9]+ May']
    """
    return Patterns(
        given=dict(given) if isinstance(given, Mapping) else given,
        field=field,
        item=item,
        ignore_case=ignore_case,
        whole_words=whole_words,
        overlapping=overlapping,
        reason=reason,
        score=None if score is None else number("score", score, 0.0, 1.0),
    )


@dataclass(frozen=True, eq=False)
class Patterns:
    """A predictor made of words and regular expressions, see `patterns`."""

    given: Given
    field: str
    item: str | None
    ignore_case: bool
    whole_words: bool
    overlapping: bool
    reason: str | None
    score: float | None

    def __post_init__(self) -> None:
        """Refuse what is no pattern before any text is read."""
        _ = self._words, self._expressions

    # -- in a text -----------------------------------------------------------------------------------------

    def matches(self, text: str) -> list[Match]:
        """Return what is found in a text, in its order, each with the pattern that found it."""
        found = self._of_words(text) + self._of_expressions(text)
        kept = _all(found) if self.overlapping else _longest(found)
        return sorted(kept, key=lambda match: (match.start, match.end, match.order))

    def spans(self, text: str) -> list[Span]:
        """Return what is found in a text as spans."""
        return [
            Span(
                match.start,
                match.end,
                text=text[match.start : match.end],
                label=match.label,
                link=match.link,
                score=self.score,
                attributes={} if self.reason is None else {self.reason: match.pattern},
            )
            for match in self.matches(text)
        ]

    def labels(self, text: str) -> list[str]:
        """Return the labels of what is found in a text, the most frequent first."""
        counts = Counter(match.label for match in self.matches(text))
        places = {label: place for place, label in enumerate(self.given)}
        return sorted(counts, key=lambda label: (-counts[label], places[label]))

    def __call__(self, task: Task) -> dict[str, Any] | None:
        """Return the spans found in a task's text, None when there are none."""
        return self._said(task, self.item, self.spans)

    def bound(self, schema: Schema, item: str | None) -> Callable[[Task], dict[str, Any] | None]:
        """Return the predictor for a session's schema and item.

        Raises
        ------
        LabelError
            The schema has no such field or labels.
        """
        say = self._saying(schema)
        return lambda task: self._said(task, self.item or item, say)

    def _saying(self, schema: Schema) -> Callable[[str], Any]:
        field = next((each for each in schema if each.name == self.field), None)
        if not isinstance(field, (Spans, Choice)):
            fields = [each.name for each in schema if isinstance(each, (Spans, Choice))]
            expected = (
                f"a field of spans or a choice, such as {listed(fields)}"
                if fields
                else "a schema with Spans or Choice"
            )
            raise LabelError.refused("field", self.field, expected, did_you_mean(self.field, fields))
        names = [label.name for label in field.labelled]
        strange = [label for label in self.given if label not in names]
        if strange:
            raise LabelError.refused(
                self.field, strange[0], f"one of {listed(names)}", did_you_mean(strange[0], names)
            )
        if isinstance(field, Spans):
            return self.spans
        return self.labels if field.multiple else lambda text: next(iter(self.labels(text)), None)

    def _said(self, task: Task, item: str | None, say: Callable[[str], Any]) -> dict[str, Any] | None:
        text = None if item is None else text_of(task.data.get(item))
        if text is None:
            raise LabelError.refused("item", item, f"the column of the text, one of {listed(task.data)}")
        said = say(text)
        return {self.field: said, "score": self.score} if said else None

    # -- of the two kinds ----------------------------------------------------------------------------------

    @cached_property
    def _flat(self) -> list[tuple[str, str | re.Pattern[str], str | None]]:
        if not isinstance(self.given, Mapping):
            raise LabelError.refused(
                "patterns", self.given, "a dict of labels to words or regular expressions"
            )
        return [
            (label, pattern, link) for label, found in self.given.items() for pattern, link in _each(found)
        ]

    @cached_property
    def _words(self) -> Words:
        return Words(
            [
                (pattern, place)
                for place, (_, pattern, _) in enumerate(self._flat)
                if isinstance(pattern, str)
            ],
            ignore_case=self.ignore_case,
            whole=self.whole_words,
        )

    @cached_property
    def _expressions(self) -> Expressions:
        return Expressions(
            [(pattern, n) for n, (_, pattern, _) in enumerate(self._flat) if isinstance(pattern, re.Pattern)]
        )

    def _of_words(self, text: str) -> list[Match]:
        return [
            self._match(start, end, place)
            for start, end, places in self._words.find(text)
            for place in places
        ]

    def _of_expressions(self, text: str) -> list[Match]:
        return [self._match(start, end, place) for start, end, place in self._expressions.find(text)]

    def _match(self, start: int, end: int, place: int) -> Match:
        label, pattern, link = self._flat[place]
        source = pattern if isinstance(pattern, str) else pattern.pattern
        return Match(start, end, label, source, link, place)


def _each(found: object) -> Iterable[tuple[str | re.Pattern[str], str | None]]:
    """Patterns of one label, each with the entry it links to."""
    if isinstance(found, Mapping):
        return [(_checked(word), None if link is None else str(link)) for word, link in found.items()]
    several = found if isinstance(found, (list, tuple, set, frozenset)) else [found]
    return [(_checked(pattern), None) for pattern in several]


def _checked(pattern: object) -> str | re.Pattern[str]:
    if isinstance(pattern, str) and pattern.strip():
        return pattern
    if isinstance(pattern, re.Pattern) and isinstance(pattern.pattern, str):
        return pattern
    raise LabelError.refused(
        "patterns", pattern, "a word, or a regular expression as re.compile(...) of text"
    )


def _longest(found: Iterable[Match]) -> list[Match]:
    """Matches that don't overlap: the longest first, then the first in the text, then the pattern given first."""
    kept: list[Match] = []
    taken: set[int] = set()
    for match in sorted(found, key=lambda match: (match.start - match.end, match.start, match.order)):
        if (
            match.start not in taken and match.end - 1 not in taken
        ):  # those before are as long: none lies inside
            taken.update(range(match.start, match.end))
            kept.append(match)
    return kept


def _all(found: Iterable[Match]) -> list[Match]:
    """Matches of which no two say the same; of those that do the pattern given first."""
    said = sorted(found, key=lambda match: match.order)
    return list(
        {(match.start, match.end, match.label, match.link): match for match in reversed(said)}.values()
    )
