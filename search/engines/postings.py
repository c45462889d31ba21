"""Terms and phrases in the compiled postings: in which passages, and how strong."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from search.engines.arrays import Array, integers
from search.engines.compiled import Compiled
from search.hits import NO_HITS, Hits
from search.passage import FIELDS

Slots = tuple[tuple[str, ...], ...]
"""Words in a row: each slot holds the terms that may stand there."""

_REMEMBERED = 16384
_POSITION_BITS = 32
_NONE = NO_HITS.passages


class Postings:
    """Reads the posting arrays of one generation. Safe to share between threads."""

    def __init__(self, compiled: Compiled) -> None:
        self._compiled = compiled
        self._offsets = integers(compiled.posting_offsets)
        self._edges = lru_cache(maxsize=_REMEMBERED)(self._find_edges)

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

    def slots(self, slots: Slots, field: int) -> Hits:
        """The passages whose field holds the words in a row; a phrase is as strong as its weakest
        word, a slot as its strongest."""
        if len(slots) == 1:
            return best([self.term(term, field) for term in slots[0]])
        passages = self.side_by_side(slots, field)
        if not len(passages):
            return NO_HITS
        strengths = np.full(len(passages), np.inf, np.float32)
        for slot in slots:
            hits = best([self.term(term, field) for term in slot])
            here = hits.strengths[np.searchsorted(hits.passages, passages)]
            np.minimum(strengths, here, out=strengths)
        return Hits(passages, strengths)

    def side_by_side(self, slots: Slots, field: int) -> Array:
        """The passages whose field holds the slots' terms one after the other, rising."""
        candidates: Array | None = None
        # The rarest slot first: what it does not hold need not be looked at again.
        for slot in sorted(slots, key=lambda slot: self._size(slot, field)):
            here = best([self.term(term, field) for term in slot]).passages
            candidates = here if candidates is None else _common(candidates, here)
            if not len(candidates):
                return _NONE
        assert candidates is not None
        begins: Array | None = None
        for place, slot in enumerate(slots):
            here = self._begins(slot, field, place, candidates)
            begins = here if begins is None else np.intersect1d(begins, here)
            if not len(begins):
                return _NONE
        assert begins is not None
        return candidates[np.unique(begins >> _POSITION_BITS)]

    def _size(self, slot: Sequence[str], field: int) -> int:
        found = [edges for term in slot if (edges := self._edges(term))]
        return sum(edges[field + 1] - edges[field] for edges in found)

    def _begins(self, slot: Sequence[str], field: int, place: int, candidates: Array) -> Array:
        """Where a phrase would begin for its word number `place` to be one of the slot's terms:
        number of the candidate passage and position in one integer."""
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
            # Each posting's positions follow one another: first, first + 1 …
            steps = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
            positions = compiled.positions[np.repeat(first, counts) + steps].astype(np.int64)
            begins = (np.repeat(which, counts) << _POSITION_BITS) + positions - place
            found.append(begins[positions >= place])
        return np.unique(np.concatenate(found)) if found else np.zeros(0, np.int64)


def best(many: Sequence[Hits]) -> Hits:
    """All passages of many hits, each with its greatest strength."""
    full = [hits for hits in many if len(hits.passages)]
    if not full:
        return NO_HITS
    if len(full) == 1:
        return full[0]
    passages = np.concatenate([hits.passages for hits in full])
    strengths = np.concatenate([hits.strengths for hits in full])
    order = np.argsort(passages, kind="stable")
    passages, strengths = passages[order], strengths[order]
    first = np.flatnonzero(np.diff(passages, prepend=-1))
    return Hits(passages[first], np.maximum.reduceat(strengths, first))


def _common(left: Array, right: Array) -> Array:
    """What two rising arrays share; quick where the left one is the shorter."""
    at = np.searchsorted(right, left)
    at[at == len(right)] = 0
    shared: Array = left[right[at] == left]
    return shared
