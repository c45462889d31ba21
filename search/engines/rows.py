"""Rows of different lengths in two arrays."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from search.engines.arrays import offsets_of
from search.hits import Array


@dataclass(frozen=True, slots=True)
class Rows:
    """Row i is `flat[offsets[i]:offsets[i + 1]]`."""

    flat: Array
    offsets: Array

    @classmethod
    def of_bytes(cls, rows: Sequence[bytes]) -> "Rows":
        return cls(np.frombuffer(b"".join(rows), np.uint8), offsets_of(rows))

    @classmethod
    def of_numbers(cls, rows: Sequence[Sequence[int]]) -> "Rows":
        return cls(np.array([each for row in rows for each in row], np.int32), offsets_of(rows))

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def of(self, rows: range) -> Array:
        """The elements of some rows that follow each other."""
        of_them: Array = self.flat[self.offsets[rows.start] : self.offsets[rows.stop]]
        return of_them

    def owners(self) -> Array:
        """The row of each element."""
        return np.arange(len(self), dtype=np.int32).repeat(np.diff(self.offsets))

    def holders(self, values: int) -> "Rows":
        """Of rows of numbers below `values`: for each number the rows that hold it, rising."""
        counts = np.bincount(self.flat, minlength=values)
        order = self.flat.argsort(kind="stable")
        return Rows(self.owners()[order], np.concatenate(([0], counts.cumsum())))

    def as_bytes(self) -> list[bytes]:
        """All rows of an array of bytes."""
        whole, edges = self.flat.tobytes(), self.offsets.tolist()
        return [whole[begin:end] for begin, end in zip(edges, edges[1:], strict=False)]
