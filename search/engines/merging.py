"""The postings of a new generation from those of the one before and those of what is new.

All of it is arrays in, arrays out. Terms, passages and with them postings keep their order when
some go and others come, so that a merge is a search for places and a copy; nothing is sorted or
analysed again. A build from nothing is a merge with nothing.

Shapes: T terms, F fields, N passages, P postings.
"""

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np

from search.engines.arrays import Array
from search.engines.rows import Rows, take_rows

_PASSAGE_BITS = 32


@dataclass(frozen=True, slots=True)
class Postings:
    """For each of `terms` (sorted UTF-8) and each field, `counts` (T, F) postings one after the
    other: their `passages` (P,), rising, and the `positions` of the term in each (P rows)."""

    terms: list[bytes]
    counts: Array
    passages: Array
    positions: Rows

    @classmethod
    def none(cls, fields: int) -> "Postings":
        counts = np.zeros((0, fields), np.int64)
        return cls([], counts, np.zeros(0, np.int32), Rows.empty(np.int32))


@dataclass(frozen=True, slots=True)
class Union:
    """Two sorted lists as one. `order` are the places in old followed by fresh, `alive` says which
    old ones are in it, `of_old` and `of_fresh` are their new numbers, `is_new` says which fresh
    ones were not in old."""

    order: Array
    alive: Array
    of_old: Array
    of_fresh: Array
    is_new: Array


def unite(old: list[bytes], alive: Array, fresh: list[bytes]) -> Union:
    """Old strings, those that are not alive left out, and fresh ones; both are sorted."""
    known = {string: number for number, string in enumerate(old)}
    found = np.array([known.get(string, -1) for string in fresh], np.int64)
    is_new = found < 0
    alive = alive.copy()
    alive[found[~is_new]] = True
    places = np.array(
        [bisect_left(old, s) for s, new in zip(fresh, is_new.tolist(), strict=True) if new],
        np.int64,
    )
    before = np.concatenate(([0], np.cumsum(alive)))
    left = np.flatnonzero(alive)
    order = np.insert(left, before[places], len(old) + np.flatnonzero(is_new))
    of_old = before[:-1] + np.searchsorted(places, np.arange(len(old)), side="right")
    of_fresh = np.empty(len(fresh), np.int64)
    of_fresh[is_new] = before[places] + np.arange(len(places))
    of_fresh[~is_new] = of_old[found[~is_new]]
    return Union(order, alive, of_old, of_fresh, is_new)


def merge(
    old: Postings, moved: Array, fresh: Postings, placed: Array, fields: int
) -> tuple[Postings, Union]:
    """`moved` (N of old,) are the new numbers of passages, -1 for those that are gone; `placed`
    (N of fresh,) the numbers of the new ones. Both rise."""
    old_cell = _cells(old.counts)
    left = np.flatnonzero(moved[old.passages] >= 0)
    counts_left = np.bincount(old_cell[left], minlength=old.counts.size).reshape(-1, fields)
    alive: Array = counts_left.sum(axis=1) > 0
    terms = unite(old.terms, alive, fresh.terms)
    old_passages, new_passages = moved[old.passages[left]], placed[fresh.passages]
    keys = _keys(terms.of_old, old_cell[left], old_passages, fields)
    new_keys = _keys(terms.of_fresh, _cells(fresh.counts), new_passages, fields)
    places = np.searchsorted(keys, new_keys)
    counts = np.zeros((len(terms.order), fields), np.int64)
    counts[terms.of_old[terms.alive]] = counts_left[terms.alive]
    counts[terms.of_fresh] += fresh.counts
    both = old.terms + fresh.terms
    merged = Postings(
        terms=[both[place] for place in terms.order.tolist()],
        counts=counts,
        passages=np.insert(old_passages, places, new_passages).astype(np.int32),
        positions=take_rows(
            np.insert(left, places, len(old.passages) + np.arange(len(new_keys))),
            old.positions,
            fresh.positions,
        ),
    )
    return merged, terms


def _cells(counts: Array) -> Array:
    """For each posting the number of its term and field, as one."""
    return np.repeat(np.arange(counts.size), counts.ravel())


def _keys(numbers: Array, cells: Array, passages: Array, fields: int) -> Array:
    """Term, field and passage of each posting in one integer, by which postings are sorted."""
    renumbered = (numbers[:, None] * fields + np.arange(fields)).ravel()
    keys: Array = (renumbered[cells] << _PASSAGE_BITS) | passages
    return keys
