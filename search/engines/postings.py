"""Terms and phrases in the compiled postings: where they stand, and how strong."""

from collections.abc import Iterator, Sequence

import numpy as np
from msgspec import Struct

from search.engines.arrays import integers
from search.engines.compiled import Compiled
from search.engines.positions import passages_of
from search.forms import Slots
from search.hits import NO_HITS, Array, common, firsts, union
from search.passage import FIELDS
from search.remembering import remembered


class Standing(Struct, frozen=True, eq=False):
    """Rising spots (n,), as of positions.py, and a strength for each (n,)."""

    spots: Array
    strengths: Array

    def __len__(self) -> int:
        return len(self.spots)


Scaled = tuple[Standing, float]
"""Where something stands, and what its strengths are to be multiplied with."""

NOWHERE = Standing(NO_HITS.passages, NO_HITS.strengths)
_REMEMBERED = 8192
_REMEMBERED_ROWS = 4096
_NONE = NO_HITS.passages


class Postings:
    """Reads the posting arrays of one generation. Safe to share between threads."""

    def __init__(self, compiled: Compiled) -> None:
        self._compiled = compiled
        self._offsets = integers(compiled.posting_offsets)
        self._position_offsets = integers(compiled.position_offsets)
        self._passage_begins = compiled.passage_begins
        self._edges = remembered(self._find_edges, _REMEMBERED)
        self.rows = remembered(self._find_rows, _REMEMBERED_ROWS)

    def _find_edges(self, term: str) -> tuple[int, int]:
        """Where a term's postings begin and end."""
        number = self._compiled.terms.find(term)
        if number < 0:
            return 0, 0
        first = number * len(FIELDS)
        return self._offsets[first], self._offsets[first + len(FIELDS)]

    def frequency(self, term: str) -> int:
        """In how many passages a term occurs (a head counts once for each of its fields)."""
        begin, end = self._edges(term)
        return end - begin

    def term(self, term: str) -> Standing:
        """Where a term stands."""
        begin, end = self._edges(term)
        compiled = self._compiled
        return Standing(compiled.posting_spots[begin:end], compiled.posting_weights[begin:end])

    def pieces(self, slots: Slots) -> Iterator[Standing]:
        """Wherever the words stand in a row; a phrase is as strong as its weakest word, a slot as
        its strongest. There may be several pieces, which `best` unites."""
        if len(slots) > 1:
            spots = self.rows(slots)
            if len(spots):
                yield Standing(spots, self._weakest(slots, spots))
            return
        for term in slots[0]:
            there = self.term(term)
            if len(there):
                yield there

    def _weakest(self, slots: Slots, spots: Array) -> Array:
        strengths = np.full(len(spots), np.inf, np.float32)
        for slot in slots:
            strongest = np.zeros(len(spots), np.float32)
            for term in slot:
                there = self.term(term)
                if len(there):
                    at = there.spots.searchsorted(spots)
                    here = there.spots.take(at, mode="clip") == spots
                    strength = there.strengths.take(at, mode="clip")
                    np.maximum(strongest, strength, out=strongest, where=here)
            np.minimum(strengths, strongest, out=strengths)
        return strengths

    def _find_rows(self, slots: Slots) -> Array:
        """The rising spots where the slots' terms stand one after the other."""
        runs = [[run for run in map(self._positions, slot) if len(run)] for slot in slots]
        if not all(runs):
            return _NONE
        sizes = [sum(map(len, each)) for each in runs]
        # The rarest slot first: where it does not stand, the others need not be looked at.
        rarest, *others = sorted(range(len(slots)), key=sizes.__getitem__)
        begins = union(runs[rarest]) - rarest
        for place in others:
            # The few begins are moved to the word's place, rather than all its positions to theirs.
            begins = common(begins + place, union(runs[place])) - place
            if not len(begins):
                return _NONE
        in_field = passages_of(begins)
        passages = self._passage_begins.searchsorted(in_field, side="right") - 1
        spots = begins - in_field + passages.astype(np.int32)
        return spots[firsts(spots)]

    def _positions(self, term: str) -> Array:
        """Where a term stands in the show, rising (see positions.py)."""
        begin, end = self._edges(term)
        offsets = self._position_offsets
        return self._compiled.positions[offsets[begin] : offsets[end]]


def best(many: Sequence[Scaled]) -> tuple[Standing, Array]:
    """All spots of many, each with its greatest strength; and where in all of them, put one after
    the other, each spot comes first."""
    full = [each for each in many if len(each[0])]
    if len(full) < 2:
        only, factor = full[0] if full else (NOWHERE, 1.0)
        if factor != 1.0:
            only = Standing(only.spots, only.strengths * np.float32(factor))
        return only, np.arange(len(only))
    spots = np.concatenate([standing.spots for standing, _ in full])
    strengths = np.concatenate([standing.strengths for standing, _ in full])
    factors = [factor for _, factor in full]
    if min(factors) != 1.0 or max(factors) != 1.0:
        lengths = [len(standing) for standing, _ in full]
        strengths *= np.array(factors, np.float32).repeat(lengths)
    order = spots.argsort(kind="stable")
    spots, strengths = spots.take(order), strengths.take(order)
    first = firsts(spots)
    if np.count_nonzero(first) == len(first):
        return Standing(spots, strengths), order
    strongest = np.maximum.reduceat(strengths, first.nonzero()[0])
    return Standing(spots[first], strongest), order[first]
