"""Many words found in a text at once: a regular expression made of a tree of their beginnings."""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import cache, cached_property
from typing import TYPE_CHECKING

from ..errors import LabelError
from ..passages import in_word, is_letter, is_mark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

LONGEST_WORD = 200
MOST_WORDS = 500_000

BLANK = " "
"""Stands in the tree for any blanks."""

JOINER = "\u200d"
"""Makes one sign of two, such as a family of emoji."""

Tree = dict[str, "Tree"]
END = ""
"""In a tree: a word may end here."""


class Words:
    """Words to be found in texts.

    Of words that start at one place the longest is found, of those that end in a letter and of those that don't; that
    they overlap is left to whoever asks.

    Parameters
    ----------
    given : sequence of (str, int)
        Words and the number that each stands for; a blank stands for any blanks.
    ignore_case : bool
        Whether upper and lower case are the same.
    whole : bool
        Whether a word may not be part of a longer one.

    Raises
    ------
    LabelError
        For words that are too long or too many.
    """

    def __init__(self, given: Sequence[tuple[str, int]], *, ignore_case: bool, whole: bool) -> None:
        if len(given) > MOST_WORDS:
            raise LabelError.refused("patterns", len(given), f"at most {MOST_WORDS:,} words")
        self._ignore_case, self._whole = ignore_case, whole
        self._places: dict[str, list[int]] = {}
        for word, place in given:
            if len(word) > LONGEST_WORD:
                raise LabelError.refused("patterns", word, f"words of at most {LONGEST_WORD} characters")
            self._places.setdefault(self._key(word), []).append(place)
        self._words = {BLANK.join(word.split()) if any(map(str.isspace, word)) else word for word, _ in given}

    def find(self, text: str) -> Iterator[tuple[int, int, list[int]]]:
        """Go through what is found in a text: start, end, and the numbers of the words it is."""
        for expression in self._expressions:
            at = 0
            while match := expression.search(text, at):
                start, end = match.span()
                at = start + 1
                places = self._places.get(self._key(match.group()))
                if places and not self._cut(text, start):
                    yield start, end, places

    def _cut(self, text: str, start: int) -> bool:
        """Whether what starts here is the rest of something longer."""
        return text[start - 1 : start] == JOINER or (self._whole and in_word(text, start))

    def _key(self, word: str) -> str:
        spaced = BLANK.join(word.split()) if any(map(str.isspace, word)) else word
        return "".join(map(_folded, spaced)) if self._ignore_case else spaced

    @cached_property
    def _expressions(self) -> list[re.Pattern[str]]:
        """One expression for words that end in a letter, one for the others: what may follow them differs."""
        words = set(map(_lower, self._words)) if self._ignore_case else self._words
        joined = {word for word in words if self._whole and is_letter(_base(word))}
        return [
            self._expression(some, edge)
            for some, edge in ((joined, _marks() + _letters()), (words - joined, _marks()))
            if some
        ]

    def _expression(self, words: set[str], edge: str) -> re.Pattern[str]:
        flags = re.IGNORECASE if self._ignore_case else 0
        try:
            return re.compile(f"{_branches(_tree(words))}(?![{edge}])", flags)
        except RecursionError:  # words that begin with one another, hundreds deep
            longest = sorted(words, key=len, reverse=True)
            return re.compile(
                f"(?:{'|'.join(''.join(map(_sign, word)) for word in longest)})(?![{edge}])", flags
            )


def _lower(word: str) -> str:
    """Return a word in lower case of the same length: regular expressions compare sign by sign."""
    return "".join(low if len(low := char.lower()) == 1 else char for char in word)


def _folded(char: str) -> str:
    """Return the one sign that stands for all of a letter's forms, as regular expressions compare them."""
    high = char.upper()
    return _lower(high if len(high) == 1 else char)


def _tree(words: Iterable[str]) -> Tree:
    root: Tree = {}
    for word in words:
        node = root
        for char in word:
            node = node.setdefault(char, {})
        node[END] = {}
    return root


def _branches(tree: Tree) -> str:
    """Return the expression of a tree, longer words before shorter ones."""
    chains = [_followed(char, below) for char, below in sorted(tree.items()) if char != END]
    ends = [""] if END in tree else []
    return f"(?:{'|'.join(chains + ends)})" if chains else ""


def _followed(char: str, below: Tree) -> str:
    said = [char]
    while len(below) == 1 and END not in below:
        ((char, below),) = below.items()
        said.append(char)
    return "".join(map(_sign, said)) + _branches(below)


def _sign(char: str) -> str:
    return r"\s+" if char == BLANK else re.escape(char)


def _base(word: str) -> str:
    """Return the last sign that is no mark."""
    return next((char for char in reversed(word) if not is_mark(char)), BLANK)


@cache
def _marks() -> str:
    """What belongs to the sign before it: marks, joiners, shades of skin."""
    return _ranges(lambda char: is_mark(char) or char == JOINER or "\U0001f3fb" <= char <= "\U0001f3ff")


@cache
def _letters() -> str:
    return _ranges(is_letter)


def _ranges(fits: Callable[[str], bool]) -> str:
    """Return the signs that fit as the inside of a set in a regular expression."""
    found: list[list[int]] = []
    for point in range(sys.maxunicode + 1):
        if unicodedata.category(chr(point)) not in {"Cn", "Co", "Cs"} and fits(chr(point)):
            if found and found[-1][1] == point - 1:
                found[-1][1] = point
            else:
                found.append([point, point])
    return "".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in found)
