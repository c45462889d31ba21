"""Rows of different lengths in two arrays, and putting such rows together from two sources."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from search.engines.arrays import Array, offsets_of


@dataclass(frozen=True, slots=True)
class Rows:
    """Row i is `flat[offsets[i]:offsets[i + 1]]`."""

    flat: Array
    offsets: Array

    @classmethod
    def of_bytes(cls, rows: Sequence[bytes]) -> "Rows":
        return cls(np.frombuffer(b"".join(rows), np.uint8), offsets_of(rows))

    @classmethod
    def of_numbers(cls, rows: Sequence[Sequence[int]], dtype: Any) -> "Rows":
        return cls(np.array([each for row in rows for each in row], dtype), offsets_of(rows))

    @classmethod
    def empty(cls, dtype: Any) -> "Rows":
        return cls(np.zeros(0, dtype), np.zeros(1, np.int64))

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def lengths(self) -> Array:
        return np.diff(self.offsets)

    def as_bytes(self) -> list[bytes]:
        """All rows of an array of bytes."""
        whole, edges = self.flat.tobytes(), self.offsets.tolist()
        return [whole[begin:end] for begin, end in zip(edges, edges[1:], strict=False)]


def take_values(order: Array, old: Array, new: Array) -> Array:
    """The elements in an order: numbers below len(old) are of `old`, those from there of `new`."""
    taken: Array = np.concatenate((old, new))[order]
    return taken


def take_rows(order: Array, old: Rows, new: Rows) -> Rows:
    """The same for rows. Neighbours that stay neighbours are copied together."""
    lengths = take_values(order, old.lengths, new.lengths)
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    if not len(order):
        return Rows(new.flat[:0], offsets)
    parts = (np.diff(order) != 1) | (order[1:] == len(old))
    begins = np.concatenate(([0], np.flatnonzero(parts) + 1))
    ends = np.concatenate((begins[1:], [len(order)]))
    pieces = []
    for first, count in zip(order[begins].tolist(), (ends - begins).tolist(), strict=True):
        source, row = (old, first) if first < len(old) else (new, first - len(old))
        pieces.append(source.flat[source.offsets[row] : source.offsets[row + count]])
    return Rows(np.concatenate(pieces), offsets)
