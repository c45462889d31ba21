"""Terms and phrases in the compiled postings: in which passages, and how strong."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from search.engines.arrays import integers
from search.engines.compiled import Compiled
from search.engines.positions import FIELD_BITS
from search.forms import Slots
from search.hits import NO_HITS, Array, Hits, common, firsts
from search.passage import FIELDS
from search.remembering import remembered

Scaled = tuple[Hits, float]
"""Hits, and what their strengths are to be multiplied with."""

_REMEMBERED = 16384
_REMEMBERED_ROWS = 4096
_NONE = NO_HITS.passages
_FIELD_EDGES = np.arange(len(FIELDS) + 1, dtype=np.int32) << FIELD_BITS


class Postings:
    """Reads the posting arrays of one generation. Safe to share between threads."""

    def __init__(self, compiled: Compiled) -> None:
        self._compiled = compiled
        self._offsets = integers(compiled.posting_offsets)
        self._position_offsets = integers(compiled.position_offsets)
        self._passage_begins = compiled.passage_begins
        self._edges = remembered(self._find_edges, _REMEMBERED)
        self.rows = remembered(self._find_rows, _REMEMBERED_ROWS)

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
            strongest = np.zeros(len(passages), np.float32)
            for term in slot:
                hits = self.term(term, field)
                if len(hits):
                    at = hits.passages.searchsorted(passages)
                    here = hits.passages.take(at, mode="clip") == passages
                    strength = hits.strengths.take(at, mode="clip")
                    np.maximum(strongest, strength, out=strongest, where=here)
            np.minimum(strengths, strongest, out=strengths)
        return Hits(passages, strengths)

    def _find_rows(self, slots: Slots) -> tuple[tuple[int, Array], ...]:
        """(field, passages) for each field where the slots' terms stand one after the other."""
        runs = [[run for run in map(self._positions, slot) if len(run)] for slot in slots]
        if not all(runs):
            return ()
        sizes = [sum(map(len, each)) for each in runs]
        # The rarest slot first: where it does not stand, the others need not be looked at.
        rarest, *others = sorted(range(len(slots)), key=sizes.__getitem__)
        begins = _united(runs[rarest]) - rarest
        for place in others:
            # Moved are the few, not all places of a common word.
            begins = common(begins + place, _united(runs[place])) - place
            if not len(begins):
                return ()
        edges = begins.searchsorted(_FIELD_EDGES).tolist()
        in_field = begins & ((1 << FIELD_BITS) - 1)
        passages = (self._passage_begins.searchsorted(in_field, side="right") - 1).astype(np.int32)
        found = []
        for field, (begin, end) in enumerate(pairwise(edges)):
            if begin < end:
                here = passages[begin:end]
                found.append((field, here[firsts(here)]))
        return tuple(found)

    def _positions(self, term: str) -> Array:
        """Where a term stands in the show, rising (see positions.py)."""
        edges = self._edges(term)
        if not edges:
            return _NONE
        offsets = self._position_offsets
        return self._compiled.positions[offsets[edges[0]] : offsets[edges[-1]]]


def _united(many: Sequence[Array]) -> Array:
    """All of several rising arrays, rising."""
    if len(many) == 1:
        return many[0]
    joined = np.concatenate(many)
    joined.sort(kind="stable")
    return joined


def best(many: Sequence[Scaled]) -> Hits:
    """All passages of many hits, each with its greatest strength."""
    return _times(*many[0]) if len(many) == 1 else _best(many)[0]


def best_of_first(first: Hits, more: Sequence[Scaled]) -> tuple[Hits, Array]:
    """All passages of hits and of others, each with its greatest strength, and a mask of those
    that are in the first."""
    hits, origin = _best([(first, 1.0), *more])
    return hits, origin < len(first)


def _best(many: Sequence[Scaled]) -> tuple[Hits, Array]:
    """The best hits, and where in the many, put one after the other, each passage comes first."""
    full = [each for each in many if len(each[0].passages)]
    if len(full) < 2:
        hits = _times(*full[0]) if full else NO_HITS
        return hits, np.arange(len(hits))
    passages = np.concatenate([hits.passages for hits, _ in full])
    strengths = np.concatenate([hits.strengths for hits, _ in full])
    factors = [factor for _, factor in full]
    if min(factors) != 1.0 or max(factors) != 1.0:
        lengths = [len(hits.passages) for hits, _ in full]
        strengths *= np.array(factors, np.float32).repeat(lengths)
    order = passages.argsort(kind="stable")
    passages, strengths = passages.take(order), strengths.take(order)
    first = firsts(passages)
    if np.count_nonzero(first) == len(first):
        return Hits(passages, strengths), order
    strongest = np.maximum.reduceat(strengths, first.nonzero()[0])
    return Hits(passages[first], strongest), order[first]


def _times(hits: Hits, factor: float) -> Hits:
    return hits if factor == 1.0 else Hits(hits.passages, hits.strengths * np.float32(factor))
