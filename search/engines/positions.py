"""Where words stand, as one number each that counts through the whole show: words in a row are
numbers in a row, in whatever passage and field.

    position = field · 2^FIELD_BITS + where its passage begins + its place in the passage's field

A passage takes one place more than it needs, so that no row reaches from one into the next.

The *spot* where a word stands, which is a field of a passage, is one number, too:

    spot = field · 2^FIELD_BITS + passage
"""

from dataclasses import replace

import numpy as np

from search.engines.arrays import portions
from search.engines.merging import PostingLists
from search.engines.rows import Rows
from search.errors import PublishError
from search.hits import Array
from search.passage import FIELDS

FIELD_BITS = 28
"""Bits below the field: so a number is an int32, and all passages together may have 2^28 words."""
_IN_FIELD = (1 << FIELD_BITS) - 1
_EDGES = np.arange(len(FIELDS) + 1, dtype=np.int32) << FIELD_BITS
_PORTION = 1 << 20


def begins_of(widths: Array) -> Array:
    """Where each passage begins, and where the last one ends: (N + 1,), of how many places each
    takes, (N,). Raises PublishError."""
    begins = np.concatenate(([0], np.cumsum(widths, dtype=np.int64)))
    if begins[-1] >= 1 << FIELD_BITS:
        raise PublishError(f"a show of more than {1 << FIELD_BITS:,} words cannot be indexed")
    return begins.astype(np.int32)


def count_through(postings: PostingLists, passages: int) -> Array:
    """Counts positions, which begin anew in each field of each of so many passages, through all of
    them, in place; returns where each passage begins, as of `begins_of`."""
    last = postings.positions.flat[postings.positions.offsets[1:] - 1]
    widths = np.zeros(passages, np.int32)
    np.maximum.at(widths, postings.passages, last + 2)
    begins = begins_of(widths)
    _shift(postings, begins[:-1], _fields_of(postings))
    return begins


def spots_of(postings: PostingLists) -> Array:
    """The spot of each posting (P,): of each term, they rise."""
    spots = _fields_of(postings)
    spots += postings.passages
    return spots


def _fields_of(postings: PostingLists) -> Array:
    """What the field of each posting (P,) adds to its spot and positions."""
    fields = np.tile(_EDGES[:-1], len(postings.terms))
    return fields.repeat(np.diff(postings.offsets))


def passages_of(spots: Array) -> Array:
    """Spots, or positions, without their fields."""
    return spots & _IN_FIELD


def edges_of(rising: Array) -> list[int]:
    """Where the rising spots or positions of each field begin, and where the last one's end. The
    spots of texts are the first ones, and equal to their passages."""
    edges: list[int] = rising.searchsorted(_EDGES).tolist()
    return edges


def moved(postings: PostingLists, by: Array) -> PostingLists:
    """The same postings where each of their passages begins so much later, (N,)."""
    if not by.any():
        return postings
    positions = Rows(postings.positions.flat.copy(), postings.positions.offsets)
    elsewhere = replace(postings, positions=positions)
    _shift(elsewhere, by, np.zeros(len(postings.passages), np.int32))
    return elsewhere


def _shift(postings: PostingLists, of_passages: Array, of_postings: Array) -> None:
    """Adds to each position, in place, what belongs to its passage (N,) and posting (P,)."""
    flat, offsets = postings.positions.flat, postings.positions.offsets
    for rows in portions(offsets, _PORTION):
        by = of_passages[postings.passages[rows]] + of_postings[rows]
        counts = np.diff(offsets[rows.start : rows.stop + 1])
        flat[offsets[rows.start] : offsets[rows.stop]] += np.repeat(by, counts)
