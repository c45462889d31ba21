"""Where words are met: what an engine hands to the ranking. Plain arrays, no engine's types."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import iadd, mul
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Array = NDArray[Any]

_FEW = 50
_FAR_MORE = 8
"""An array shorter than _FEW, or more than _FAR_MORE times shorter than the other one, is looked up
in it value by value; for two arrays of like length it is faster to sort them as one."""


class Hits(Struct, frozen=True, eq=False):
    """Rising passage numbers (n,) and a strength for each (n,)."""

    passages: Array
    strengths: Array

    def __len__(self) -> int:
        return len(self.passages)


def idf(passages: int, frequency: int) -> float:
    """BM25's inverse document frequency (Robertson and Spärck Jones), never negative: of a word in
    `frequency` of so many passages."""
    return math.log(1 + (passages - frequency + 0.5) / (frequency + 0.5))


def firsts(rising: Array) -> Array:
    """Where each run of equal values begins, as a mask."""
    first = np.empty(len(rising), bool)
    first[:1] = True
    np.not_equal(rising[1:], rising[:-1], out=first[1:])
    return first


def greatest(values: Array) -> float:
    """The greatest value, or 0 where there is none. Of few values it is found several times as fast
    as by `values.max()`."""
    return float(values[values.argmax()]) if len(values) else 0.0


def weighed(shares: Sequence[float], rows: Iterable[Array]) -> Array:
    """The sum (n,) of the rows (words, n), each times its word's share.

    Not as a matrix product: that may add up each column in another order, so that columns which are
    alike would differ in the last bit. For a single long row it also takes ten times as long."""
    return reduce(iadd, map(mul, shares, rows))


def span(rising: Array, begin: int, end: int) -> slice:
    """Where the values from `begin` to below `end` stand in a rising array. These two are converted
    to its type, as numpy would otherwise convert the whole array to theirs."""
    first, last = rising.searchsorted(np.array([begin, end], rising.dtype)).tolist()
    return slice(first, last)


def ranges(begins: Array, counts: Array) -> Array:
    """Ranges of numbers, one after the other: counts[0] numbers from begins[0] on, then counts[1]
    numbers from begins[1] on, and so forth."""
    ends = counts.cumsum()
    whole: Array = np.arange(ends[-1] if len(ends) else 0)
    whole += (begins - ends + counts).repeat(counts)
    return whole


def union(many: Sequence[Array]) -> Array:
    """All of several rising arrays, rising, each once."""
    if len(many) == 1:
        return many[0]
    joined = np.concatenate([NO_HITS.passages, *many])
    joined.sort(kind="stable")
    return joined[firsts(joined)]


def places(rising: Array, wanted: Array) -> Array:
    """Where the wanted values stand in a rising array, which is not empty; those that are not in it
    are left out."""
    at = rising.searchsorted(wanted)
    # A value beyond the last one is compared with the last one, from which it differs.
    found: Array = at[rising.take(at, mode="clip") == wanted]
    return found


def common(left: Array, right: Array) -> Array:
    """The values that two rising arrays share, rising; quick where the left one is shorter."""
    if len(left) < _FEW or _FAR_MORE * len(left) < len(right):
        return right[places(right, left)] if len(right) else right
    both = np.concatenate((left[firsts(left)], right[firsts(right)]))
    both.sort(kind="stable")
    shared: Array = both[1:][both[1:] == both[:-1]]
    return shared


NO_HITS = Hits(np.zeros(0, np.int32), np.zeros(0, np.float32))


_FEW_EPISODES = 1000


class Mask(Struct, frozen=True, eq=False):
    """A mask of a show's episodes, kept: of a large show as bits, an eighth of the memory."""

    kept: Array
    episodes: int

    @classmethod
    def of(cls, mask: Array) -> "Mask":
        return cls(mask if len(mask) < _FEW_EPISODES else np.packbits(mask), len(mask))

    def unpacked(self) -> Array:
        """The mask (E,) itself, which is not to be written to."""
        if len(self.kept) == self.episodes:
            return self.kept
        return np.unpackbits(self.kept, count=self.episodes).view(bool)


class Places(Struct, frozen=True, eq=False):
    """Rising numbers of episodes (n,) and a value for each (n,)."""

    episodes: Array
    values: Array


NO_PLACES = Places(np.zeros(0, np.int32), np.zeros(0))


class Met(Struct, frozen=True, eq=False):
    """Where a word is met, as the ranking reads it.

    `units` (u,) rising passages that are ranked by themselves, `strengths` (u,) there, `episodes`
    (u,) theirs, `sure` (u,) masks the moments that hold a needed word itself or a name of it.
    `others`: the paragraphs and links that are not ranked by themselves.
    `context`: the best of each episode's other text that holds the word, weighted; `lent`: what
    each moment of an episode is lent of it. `saying` masks the episodes that say the word, be it in
    other words.
    """

    units: Array
    strengths: Array
    episodes: Array
    sure: Array
    others: Hits
    context: Places
    lent: Places
    saying: Mask

    @property
    def said(self) -> Array:
        """The mask (E,) of the episodes that say the word, be it in other words."""
        return self.saying.unpacked()


class WordHits(Struct, frozen=True, eq=False):
    """Where one wanted word is met.

    `heads` are, by name of a head's field, the rising episodes that hold it there. `sure` are those
    of them that hold the word itself or a name of it, not merely a word of near meaning; `holding`
    masks the episodes that do so anywhere. `rarity` is the word's idf times its weight: 0 for
    words that cost nothing when missing. What lacks a `needed` word lacks something of the query.
    `subject` words are words of the show's tags: what episodes are about, so they must be said.
    `met` is what the ranking reads: made once for a word that is remembered.
    """

    heads: Mapping[str, Array]
    sure: Mapping[str, Array]
    holding: Mask
    met: Met
    rarity: float
    needed: bool = True
    subject: bool = False

    @property
    def held(self) -> Array:
        """The mask (E,) of the episodes that hold the word itself or a name of it."""
        return self.holding.unpacked()

    @property
    def texts(self) -> tuple[Hits, Hits]:
        """The moments, paragraphs and links that hold it: those that are ranked by themselves, and
        the others. Apart, as together they would be kept twice."""
        return Hits(self.met.units, self.met.strengths), self.met.others


class Row(Struct, frozen=True, eq=False):
    """Where the whole query stands in a row: the rising units, and the rising episodes whose
    title says it."""

    units: Array
    titles: Array


NO_ROW = Row(NO_HITS.passages, NO_HITS.passages)


class Named(Struct, frozen=True, eq=False):
    """Episodes that a query names.

    `in_full`: those whose title or a guest it says in full, and how much of the query that is (0 to
    1); `at_length`: those of which that is several words. `begun` (n,): those whose title or a
    guest begins with the whole query. `numbered`: those whose number the query is, in full,
    whatever words they hold.
    """

    in_full: Mapping[int, float]
    begun: Array
    numbered: Sequence[int] = ()
    at_length: Sequence[int] = ()


NOT_NAMED = Named({}, NO_HITS.passages)


@dataclass(frozen=True, slots=True)
class Shape:
    """How passages belong to episodes, as the ranking needs it.

    `episode` (N,) the episode of each passage, rising; `unit` (N,) whether a passage is ranked by
    itself: a moment, or a paragraph of an episode that has no moments; `moment` (N,) whether it is
    a moment. Other text is context of its episode.
    `moments_only`: whether every unit is a moment.
    """

    episode: Array
    unit: Array
    moment: Array
    episodes: int
    moments_only: bool
