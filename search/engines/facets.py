"""Facets: what a search can be narrowed by, each value with the number of episodes it would leave.

The values of all kinds are numbered through, so that those of an answer are counted and put in
order in one go.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import pairwise

import numpy as np

from search.answer import FacetValue
from search.engines.compiled import Column
from search.hits import Array, ranges

MOST_VALUES = 100
"""Values of a kind that are given: the most frequent ones. Chosen ones come on top."""


class Facets:
    """The values of one generation, to be counted."""

    def __init__(self, columns: Mapping[str, Column], label: Callable[[str, str], str]) -> None:
        """`label` says how people read a value of a kind."""
        # Decoded once: each answer gives many of them.
        self._values = _texts(value for c in columns.values() for value in c.values)
        self._labels = _texts(label(kind, v) for kind, c in columns.items() for v in c.values)
        self._edges = np.cumsum([0, *(len(column.values) for column in columns.values())])
        begins, self._size = self._edges[:-1].tolist(), int(self._edges[-1])
        self._kinds = {
            kind: slice(begin, end)
            for kind, (begin, end) in zip(columns, pairwise(self._edges.tolist()), strict=True)
        }
        # Of each episode all its values one after the other, in the type that numpy counts in.
        numbers = [c.rows.flat + begin for c, begin in zip(columns.values(), begins, strict=True)]
        owners = np.concatenate([column.rows.owners() for column in columns.values()])
        self._numbers = np.concatenate(numbers)[owners.argsort(kind="stable")].astype(np.intp)
        self._lengths = np.sum(
            [np.diff(column.rows.offsets) for column in columns.values()], axis=0
        )
        self._begins = self._lengths.cumsum() - self._lengths
        self._totals = self._bincount(self._numbers)
        # Values are sorted by their key, less their count times their step. So those of a kind stay
        # together, the most frequent first; but years, of step 0, stay as they are, newest first.
        kinds = np.arange(len(columns)).repeat(np.diff(self._edges))
        self._keys = np.arange(self._size) + kinds * self._size * (len(self._lengths) + 1)
        self._steps = np.full(self._size, self._size)
        self._steps[self._kinds["year"]] = 0

    def count(self, mask: Array, others: Mapping[str, Array]) -> Array:
        """How many of the masked episodes (E,) have each value, all kinds together; for the kinds
        in `others` of those masked there."""
        counts = self._count(mask)
        for kind, other in others.items():
            counts[self._kinds[kind]] = self._count(other)[self._kinds[kind]]
        return counts

    def _count(self, mask: Array) -> Array:
        episodes = mask.nonzero()[0]
        if len(episodes) > len(mask) / 2:
            # Fewer are left out than are in: count those.
            return self._totals - self._count(~mask)
        of_them = ranges(self._begins[episodes], self._lengths[episodes])
        return self._bincount(self._numbers.take(of_them))

    def _bincount(self, numbers: Array) -> Array:
        return np.bincount(numbers, minlength=self._size)

    def every(self, kind: str) -> tuple[FacetValue, ...]:
        """All values of a kind, counted over the whole show, in the order of `most`."""
        counts = np.zeros_like(self._totals)
        counts[self._kinds[kind]] = self._totals[self._kinds[kind]]
        return self.most(counts, {}, limit=self._size)[kind]

    def most(
        self, counts: Array, chosen: Mapping[str, Collection[int]], limit: int = MOST_VALUES
    ) -> dict[str, tuple[FacetValue, ...]]:
        """Of each kind the values that any counted episode has, the most frequent first, then by
        their numbers. `counts` as of `count`. Those whose numbers within a kind are `chosen` come
        last where they are beyond the limit."""
        present = (counts > 0).nonzero()[0]
        keys = self._keys[present] - self._steps[present] * counts[present]
        of_kinds = []
        for begin, end in pairwise(present.searchsorted(self._edges).tolist()):
            if end - begin > limit:
                keys[begin:end].partition(limit)
            of_kinds.append(keys[begin : min(end, begin + limit)])
        # One whole number of kind, count and number is sorted fastest.
        keys = np.concatenate(of_kinds)
        keys.sort()
        values = self._given(keys % self._size, counts)
        given = {}
        begin = 0
        for kind, of_kind in zip(self._kinds, of_kinds, strict=True):
            end = begin + len(of_kind)
            given[kind] = tuple(values[begin:end])
            begin = end
        for kind, numbers in chosen.items():
            every = self._given(
                np.array(sorted({*numbers}), np.intp) + self._kinds[kind].start, counts
            )
            given[kind] += tuple([each for each in every if each.count and each not in given[kind]])
        return given

    def _given(self, numbers: Array, counts: Array) -> list[FacetValue]:
        values, labels = self._values[numbers], self._labels[numbers]
        return list(map(FacetValue, values.tolist(), labels.tolist(), counts[numbers].tolist()))


def _texts(texts: Iterable[str]) -> Array:
    """Texts as an array, to take many of them at once."""
    return np.array([*texts], dtype=object)
