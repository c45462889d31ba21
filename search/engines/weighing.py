"""Weighs postings: how much a passage says of a term that it has.

For each posting the BM25F weight `tf·(k1+1) / (tf + k1·(1 - b + b·length/average))` is computed
from Whoosh's own lengths (whoosh.scoring.bm25) and the averages of all passages.
"""

import numpy as np

from search.engines.arrays import portions
from search.engines.merging import PostingLists
from search.hits import Array
from search.passage import FIELDS

K1 = 0.8
B = 0.35
"""BM25F's constants. Moments are short and alike in length, so a second mention and a shorter text
say less than in the long documents that the usual 1.2 and 0.75 are made for."""

_PORTION = 1 << 16
"""Postings that are weighed at a time: few enough for the processor's cache."""


def weigh(postings: PostingLists, lengths: Array) -> Array:
    """The weight of each posting, float32; `lengths` (N, F) of all passages."""
    mentions = np.diff(postings.positions.offsets[postings.offsets])
    totals = mentions.reshape(-1, len(FIELDS)).sum(axis=0)
    averages = np.where(totals > 0, totals / max(1, len(lengths)), 1.0)
    # Field by field: what belongs to one lies close together. A length has few different values.
    steps = np.arange(lengths.max(initial=0) + 1)
    norms = np.concatenate(
        [
            (K1 * (1 - B + B * steps / average)).astype(np.float32)[lengths[:, field]]
            for field, average in enumerate(averages)
        ]
    )
    begins = np.tile(np.arange(len(FIELDS), dtype=np.int32) * len(lengths), len(postings.terms))
    weights = np.empty(len(postings.passages), np.float32)
    for cells in portions(postings.offsets, _PORTION):
        first, last = postings.offsets[cells.start], postings.offsets[cells.stop]
        counts = np.diff(postings.offsets[cells.start : cells.stop + 1])
        tf = np.diff(postings.positions.offsets[first : last + 1]).astype(np.float32)
        norm = norms[postings.passages[first:last] + np.repeat(begins[cells], counts)]
        np.divide(tf * np.float32(K1 + 1), norm + tf, out=weights[first:last])
    return weights
