"""Terms and phrases in the compiled postings: in which passages, and how strong."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np

from search.engines.arrays import Array, integers, ranges
from search.engines.compiled import Compiled
from search.hits import NO_HITS, Hits, common, firsts, places
from search.passage import FIELDS

Run = tuple[int, int]
"""Where the postings of a term in a field begin and end."""
Scaled = tuple[Hits, float]
"""Hits, and what their strengths are to be multiplied with."""
Slots = tuple[tuple[str, ...], ...]
"""Words in a row: each slot holds the terms that may stand there."""

_REMEMBERED = 16384
_REMEMBERED_ROWS = 4096
_POSITION_BITS = 32
_FAR_MORE = 8
"""So many times as many postings are looked for one by one rather than all gone through."""
_NONE = NO_HITS.passages


class Postings:
    """Reads the posting arrays of one generation. Safe to share between threads."""

    def __init__(self, compiled: Compiled) -> None:
        self._compiled = compiled
        self._offsets = integers(compiled.posting_offsets)
        self._edges = lru_cache(maxsize=_REMEMBERED)(self._find_edges)
        self.rows = lru_cache(maxsize=_REMEMBERED_ROWS)(self._find_rows)

    def _find_edges(self, term: str) -> tuple[int, ...]:
        """Where a term's postings begin in each field, and where the last ones end; () if none."""
        number = self._compiled.terms.find(term)
        if number < 0:
            return ()
        first = number * len(FIELDS)
        return tuple(self._offsets[first : first + len(FIELDS) + 1].tolist())

    def frequency(self, term: str) -> int:
        """In how many passages a term occurs (a head counts once for each of its fields)."""
        edges = self._edges(term)
        return edges[-1] - edges[0] if edges else 0

    def term(self, term: str, field: int) -> Hits:
        """The passages whose field holds a term."""
        edges = self._edges(term)
        if not edges or edges[field] == edges[field + 1]:
            return NO_HITS
        where = slice(edges[field], edges[field + 1])
        return Hits(self._compiled.posting_passages[where], self._compiled.posting_weights[where])

    def pieces(self, slots: Slots) -> Iterator[tuple[int, Hits]]:
        """(field, hits) wherever the words stand in a row; a phrase is as strong as its weakest
        word, a slot as its strongest. Of one field there may be several, which `best` unites."""
        if len(slots) > 1:
            for field, passages in self.rows(slots):
                yield field, self._weakest(slots, field, passages)
            return
        compiled = self._compiled
        for term in slots[0]:
            edges = self._edges(term)
            if not edges:
                continue
            for field, (begin, end) in enumerate(pairwise(edges)):
                if begin < end:
                    passages = compiled.posting_passages[begin:end]
                    yield field, Hits(passages, compiled.posting_weights[begin:end])

    def _weakest(self, slots: Slots, field: int, passages: Array) -> Hits:
        strengths = np.full(len(passages), np.inf, np.float32)
        for slot in slots:
            hits = best([(self.term(term, field), 1.0) for term in slot])
            here = hits.strengths[np.searchsorted(hits.passages, passages)]
            np.minimum(strengths, here, out=strengths)
        return Hits(passages, strengths)

    def _find_rows(self, slots: Slots) -> tuple[tuple[int, Array], ...]:
        """(field, passages) for each field where the slots' terms stand one after the other."""
        edges = [[e for e in map(self._edges, slot) if e] for slot in slots]
        found: list[tuple[int, Array]] = []
        for field in range(len(FIELDS)) if all(edges) else ():
            runs = [[(e[field], e[field + 1]) for e in s if e[field] < e[field + 1]] for s in edges]
            if all(runs):
                passages = self._side_by_side(runs)
                if len(passages):
                    found.append((field, passages))
        return tuple(found)

    def _side_by_side(self, slots: Sequence[Sequence[Run]]) -> Array:
        """The passages that hold one of each slot's terms one after the other, rising. Of each term
        there is the run of its postings."""
        sizes = [sum([end - begin for begin, end in runs]) for runs in slots]
        # The rarest slot first: where it does not stand, the others need not be looked at.
        rarest, *others = sorted(range(len(slots)), key=sizes.__getitem__)
        begins = self._begins(slots[rarest], rarest)
        for place in others:
            far_more = sizes[place] > _FAR_MORE * len(begins)
            begins = common(begins, self._begins(slots[place], place, begins if far_more else None))
            if not len(begins):
                return _NONE
        passages = (begins >> _POSITION_BITS).astype(np.int32)
        rows: Array = passages[firsts(passages)]
        return rows

    def _begins(self, runs: Sequence[Run], place: int, near: Array | None = None) -> Array:
        """Where a row would begin for its slot number `place` to be one of some terms: passage and
        position in one integer, rising. With `near`, only in the passages of those places."""
        compiled = self._compiled
        found = []
        for begin, end in runs:
            passages, offsets = compiled.posting_passages, compiled.position_offsets
            if near is None:
                here, edges = passages[begin:end], offsets[begin : end + 1]
                positions = compiled.positions[edges[0] : edges[-1]]
                counts = edges[1:] - edges[:-1]
            else:
                here = (near[firsts(near >> _POSITION_BITS)] >> _POSITION_BITS).astype(np.int32)
                at = begin + places(passages[begin:end], here)
                here, first = passages[at], offsets[at]
                counts = offsets[at + 1] - first
                positions = compiled.positions[ranges(first, counts)]
            if len(positions) > len(here):
                here = here.repeat(counts)
            found.append((here.astype(np.int64) << _POSITION_BITS) + (positions - place))
        return found[0] if len(found) == 1 else np.sort(np.concatenate(found), kind="stable")


def best(many: Sequence[Scaled]) -> Hits:
    """All passages of many hits, each with its greatest strength."""
    full = [(hits, factor) for hits, factor in many if len(hits.passages)]
    if len(full) < 2:
        return _times(*full[0]) if full else NO_HITS
    passages = np.concatenate([hits.passages for hits, _ in full])
    strengths = np.concatenate([hits.strengths for hits, _ in full])
    factors = np.array([factor for _, factor in full], np.float32)
    if (factors != 1).any():
        strengths *= factors.repeat([len(hits.passages) for hits, _ in full])
    order = passages.argsort(kind="stable")
    passages, strengths = passages[order], strengths[order]
    first = firsts(passages)
    if first.all():
        return Hits(passages, strengths)
    return Hits(passages[first], np.maximum.reduceat(strengths, first.nonzero()[0]))


def _times(hits: Hits, factor: float) -> Hits:
    return hits if factor == 1.0 else Hits(hits.passages, hits.strengths * np.float32(factor))
