"""The terms and postings of a new generation from those of the one before and of what is new.

All of it is arrays in, arrays out. Terms, passages and with them postings keep their order when
some go and others come, so that a merge is a search for a few places and a copy; nothing is sorted
or analysed again. A build from nothing is a merge with nothing.

Shapes: T terms, F fields, N passages, P postings.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from search.engines.rows import Rows
from search.engines.splicing import Splice
from search.engines.string_table import StringTable
from search.hits import Array
from search.passage import FIELDS

_F = len(FIELDS)


@dataclass(frozen=True, slots=True)
class PostingLists:
    """For each of `terms` (T rows of UTF-8, sorted) and each field the postings one after the
    other, beginning at `offsets` (T·F + 1,): their `passages` (P,), rising, and the `positions` of
    the term in each (P rows)."""

    terms: Rows
    offsets: Array
    passages: Array
    positions: Rows


@dataclass(frozen=True, slots=True)
class Union:
    """Two sorted lists of strings as one. `places` (fresh,) say before which old string each fresh
    one stands, `found` (fresh,) which old one it is (-1: none). `splice` makes the one list, of the
    old strings and the fresh ones that are new; `of_fresh` (fresh,) are the fresh ones' numbers in
    it."""

    places: Array
    found: Array
    splice: Splice
    of_fresh: Array

    @property
    def of_old(self) -> Array:
        return self.splice.moved

    @property
    def is_new(self) -> Array:
        return self.found < 0

    def take(self, old: Rows, fresh: Sequence[bytes]) -> Rows:
        """The strings of the one list."""
        new = [fresh[n] for n in np.flatnonzero(self.is_new).tolist()]
        return self.splice.take_rows(old, Rows.of_bytes(new))


def unite(old: Rows, alive: Array, fresh: Sequence[bytes]) -> Union:
    """Old strings, those that are not alive left out, and fresh ones; both are sorted."""
    table = StringTable(old.flat, old.offsets)
    places = np.array([table.place(each) for each in fresh], np.int64)
    known = [
        n < len(table) and table.raw(n) == s for n, s in zip(places.tolist(), fresh, strict=True)
    ]
    found = np.where(np.array(known, bool), places, -1)
    alive = alive.copy()
    alive[found[found >= 0]] = True
    splice = Splice.of(len(old), np.flatnonzero(~alive), places[found < 0])
    of_fresh = np.empty(len(fresh), np.int64)
    of_fresh[found < 0] = splice.placed
    of_fresh[found >= 0] = splice.moved[found[found >= 0]]
    return Union(places, found, splice, of_fresh)


def merge(
    old: PostingLists, passages: Splice, places: Array, fresh: PostingLists
) -> tuple[PostingLists, Union]:
    """The postings of old and fresh passages together, and their terms as one list. `passages` is
    what becomes of the old passages; `places` (fresh passages,) say before which old passage each
    fresh one comes."""
    # The newest episode comes last: then nothing has to be renumbered.
    moved = old.passages if passages.appends else passages.moved[old.passages]
    gone = np.flatnonzero(moved < 0)
    cells = np.searchsorted(old.offsets, gone, "right") - 1
    left = np.diff(old.offsets) - np.bincount(cells, minlength=len(old.offsets) - 1)
    left = left.reshape(-1, _F)
    terms = fresh.terms.as_bytes()
    union = unite(old.terms, left.sum(axis=1) > 0, terms)
    counts = union.splice.take(left, np.zeros((union.splice.fresh, _F), np.int64))
    counts[union.of_fresh] += np.diff(fresh.offsets).reshape(-1, _F)
    postings = Splice.of(len(moved), gone, _places(old, union, places, fresh))
    placed = passages.placed[fresh.passages] if passages.old else fresh.passages
    merged = PostingLists(
        terms=union.take(old.terms, terms),
        offsets=np.concatenate(([0], np.cumsum(counts))),
        passages=postings.take(moved, placed),
        positions=postings.take_rows(old.positions, fresh.positions),
    )
    return merged, union


def _places(old: PostingLists, union: Union, places: Array, fresh: PostingLists) -> Array:
    """Before which old posting each fresh one comes."""
    if not len(old.passages):
        return np.zeros(len(fresh.passages), np.int64)
    before = places[fresh.passages]
    # A term that is new comes before all postings of the old term that it stands before.
    found = np.repeat(union.found, _F) * _F + np.tile(np.arange(_F), len(union.found))
    is_new = np.repeat(union.is_new, _F)
    begins = np.where(is_new, old.offsets[np.repeat(union.places, _F) * _F], old.offsets[found])
    ends = np.where(is_new, begins, old.offsets[found + 1])
    result = np.repeat(begins, np.diff(fresh.offsets))
    for cell in np.flatnonzero(ends > begins).tolist():
        here = slice(fresh.offsets[cell], fresh.offsets[cell + 1])
        if here.start < here.stop:
            passages = old.passages[begins[cell] : ends[cell]]
            result[here] += np.searchsorted(passages, before[here])
    return result
