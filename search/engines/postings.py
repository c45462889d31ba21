"""Terms and phrases in the compiled postings: in which passages, and how strong."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np

from search.engines.arrays import Array, integers, ranges
from search.engines.compiled import Compiled
from search.hits import NO_HITS, Hits, firsts
from search.passage import FIELDS

Slots = tuple[tuple[str, ...], ...]
"""Words in a row: each slot holds the terms that may stand there."""

_REMEMBERED = 16384
_REMEMBERED_ROWS = 4096
_POSITION_BITS = 32
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
            hits = best([self.term(term, field) for term in slot])
            here = hits.strengths[np.searchsorted(hits.passages, passages)]
            np.minimum(strengths, here, out=strengths)
        return Hits(passages, strengths)

    def _find_rows(self, slots: Slots) -> tuple[tuple[int, Array], ...]:
        """(field, passages) for each field where the slots' terms stand one after the other."""
        found = [(field, self.side_by_side(slots, field)) for field in range(len(FIELDS))]
        return tuple([each for each in found if len(each[1])])

    def side_by_side(self, slots: Slots, field: int) -> Array:
        """The passages whose field holds the slots' terms one after the other, rising."""
        sizes = [self._size(slot, field) for slot in slots]
        if not all(sizes):
            return _NONE
        # The rarest slot first: what it does not hold need not be looked at again.
        rising = sorted(range(len(slots)), key=sizes.__getitem__)
        candidates = self._holding(slots[rising[0]], field)
        for place in rising[1:]:
            candidates = _common(candidates, self._holding(slots[place], field))
            if not len(candidates):
                return _NONE
        begins = self._begins(slots[rising[0]], field, rising[0], candidates)
        for place in rising[1:]:
            here = self._begins(slots[place], field, place, candidates)
            if not len(begins) or not len(here):
                return _NONE
            begins = _common(begins, here)
        held = np.zeros(len(candidates), bool)
        held[begins >> _POSITION_BITS] = True
        found: Array = candidates[held]
        return found

    def _holding(self, slot: Sequence[str], field: int) -> Array:
        return best([self.term(term, field) for term in slot]).passages

    def _size(self, slot: Sequence[str], field: int) -> int:
        edges = [self._edges(term) for term in slot]
        return sum([each[field + 1] - each[field] for each in edges if each])

    def _begins(self, slot: Sequence[str], field: int, place: int, candidates: Array) -> Array:
        """Where a phrase would begin for its word number `place` to be one of the slot's terms:
        number of the candidate passage and position in one integer, rising."""
        compiled = self._compiled
        found = []
        for term in slot:
            edges = self._edges(term)
            if not edges or edges[field] == edges[field + 1]:
                continue
            passages = compiled.posting_passages[edges[field] : edges[field + 1]]
            at = np.searchsorted(passages, candidates)
            at[at == len(passages)] = 0
            which = np.flatnonzero(passages[at] == candidates)
            first = compiled.position_offsets[edges[field] + at[which]]
            counts = compiled.position_offsets[edges[field] + at[which] + 1] - first
            positions = compiled.positions[ranges(first, counts)].astype(np.int64)
            begins = (np.repeat(which, counts) << _POSITION_BITS) + positions - place
            found.append(begins[positions >= place])
        if len(found) == 1:
            rising: Array = found[0]
            return rising
        return np.sort(np.concatenate(found)) if found else np.zeros(0, np.int64)


def best(many: Sequence[Hits]) -> Hits:
    """All passages of many hits, each with its greatest strength."""
    full = [hits for hits in many if len(hits.passages)]
    if not full:
        return NO_HITS
    if len(full) == 1:
        return full[0]
    passages = np.concatenate([hits.passages for hits in full])
    strengths = np.concatenate([hits.strengths for hits in full])
    order = passages.argsort(kind="stable")
    passages, strengths = passages[order], strengths[order]
    first = firsts(passages).nonzero()[0]
    return Hits(passages[first], np.maximum.reduceat(strengths, first))


def _common(left: Array, right: Array) -> Array:
    """What two rising arrays share; quick where the left one is the shorter."""
    at = np.searchsorted(right, left)
    at[at == len(right)] = 0
    shared: Array = left[right[at] == left]
    return shared
