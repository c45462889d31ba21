"""Facets: what a search can be narrowed by, each value with the number of episodes it would leave.

The values of all kinds are numbered through, so that those of an answer are counted in one go.
"""

from collections.abc import Callable, Collection, Iterable

import numpy as np

from search.answer import FacetValue
from search.engines.arrays import Array
from search.engines.compiled import Compiled
from search.hits import ranges

MOST_VALUES = 100
"""So many values of a kind are given, the most frequent, and those that were chosen."""


class Facets:
    """The values of one generation, to be counted."""

    def __init__(self, compiled: Compiled, label: Callable[[str, str], str]) -> None:
        """`label` says how people read a value of a kind."""
        columns = compiled.columns
        # Decoded once: each answer gives many of them.
        self._values = {kind: _texts(column.values) for kind, column in columns.items()}
        self._labels = {
            kind: _texts([label(kind, value) for value in values])
            for kind, values in self._values.items()
        }
        edges = np.cumsum([0, *map(len, self._values.values())]).tolist()
        self._kinds = {
            kind: slice(begin, end)
            for kind, begin, end in zip(columns, edges, edges[1:], strict=False)
        }
        # Of each episode all its values one after the other, in the type that numpy counts in.
        numbers = [c.numbers + begin for c, begin in zip(columns.values(), edges, strict=False)]
        order = np.concatenate([c.owners() for c in columns.values()]).argsort(kind="stable")
        self._numbers = np.concatenate(numbers)[order].astype(np.intp)
        self._lengths = np.sum([np.diff(column.offsets) for column in columns.values()], axis=0)
        self._begins = self._lengths.cumsum() - self._lengths
        self._size = edges[-1]
        self._totals = self._bincount(self._numbers)

    def count(self, mask: Array) -> Array:
        """How many of the masked episodes (E,) have each value, all kinds together."""
        episodes = mask.nonzero()[0]
        if len(episodes) > len(mask) / 2:
            # What is left over is less to count.
            return self._totals - self.count(~mask)
        return self._bincount(
            self._numbers[ranges(self._begins[episodes], self._lengths[episodes])]
        )

    def _bincount(self, numbers: Array) -> Array:
        return np.bincount(numbers, minlength=self._size)

    def every(self, kind: str) -> tuple[FacetValue, ...]:
        """All values of a kind, counted over the whole show, in the order of `most`."""
        return self.most(kind, self._totals, limit=self._size)

    def most(
        self, kind: str, counts: Array, chosen: Collection[int] = (), limit: int = MOST_VALUES
    ) -> tuple[FacetValue, ...]:
        """The values of a kind that any counted episode has, the most frequent first, then by
        their numbers. `counts` as of `count`. Those whose numbers are `chosen` come last where
        they are beyond the limit."""
        counts = counts[self._kinds[kind]]
        # Years are in their order already, the newest first.
        numbers = counts.nonzero()[0] if kind == "year" else most_frequent(counts, limit)
        if chosen:
            more = [n for n in sorted(set(chosen).difference(numbers.tolist())) if counts[n]]
            numbers = np.append(numbers, np.array(more, np.intp))
        values, labels = self._values[kind], self._labels[kind]
        return tuple(
            map(
                FacetValue,
                values[numbers].tolist(),
                labels[numbers].tolist(),
                counts[numbers].tolist(),
            )
        )


def most_frequent(counts: Array, limit: int) -> Array:
    """The numbers of at most so many counts above 0, the greatest first, then by number."""
    present = (counts > 0).nonzero()[0]
    # One whole number of both is sorted fastest.
    keys = present - counts[present] * len(counts)
    if len(keys) > limit:
        keys.partition(limit)
        keys = keys[:limit]
    keys.sort()
    most: Array = keys % len(counts)
    return most


def _texts(texts: Iterable[str]) -> Array:
    """Texts as an array, to take many of them at once."""
    return np.array([*texts], dtype=object)
