"""Arrays that lose some elements and get others in between, copied piece by piece.

A publish changes a few places of long arrays. What lies between them is copied in long pieces, at
the speed of memory; only the changed places cost more than that.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from search.engines.rows import Rows
from search.hits import Array


@dataclass(frozen=True)
class Splice:
    """`pieces` are what the new array is made of, in order: (of the fresh elements?, begin, end).
    There were `old` elements, and `fresh` ones come."""

    pieces: tuple[tuple[bool, int, int], ...]
    old: int
    fresh: int

    @classmethod
    def of(cls, old: int, gone: Array, places: Array) -> "Splice":
        """`gone` are the numbers of old elements that go, rising; `places` say for each fresh
        element before which old one it comes (0 to `old`), never falling."""
        if not old:
            return cls(((True, 0, len(places)),) if len(places) else (), 0, len(places))
        run_begins = gone[np.diff(gone, prepend=-2) != 1]
        run_ends = gone[np.diff(gone, append=old + 2) != 1] + 1
        cuts = np.sort(np.concatenate(([0, old], places, run_begins, run_ends)))
        cuts = cuts[np.diff(cuts, prepend=-1) != 0]
        ends = [*cuts[1:].tolist(), old]
        in_run = np.searchsorted(run_begins, cuts, "right") > np.searchsorted(
            run_ends, cuts, "right"
        )
        first = np.searchsorted(places, cuts, "left").tolist()
        last = np.searchsorted(places, cuts, "right").tolist()
        pieces = []
        for n, (begin, end, goes) in enumerate(
            zip(cuts.tolist(), ends, in_run.tolist(), strict=True)
        ):
            if first[n] < last[n]:
                pieces.append((True, first[n], last[n]))
            if begin < end and not goes:
                pieces.append((False, begin, end))
        return cls(tuple(pieces), old, len(places))

    @cached_property
    def moved(self) -> Array:
        """The new number of each old element, -1 where it is gone: (old,)."""
        return self._numbered(False, self.old)

    @cached_property
    def placed(self) -> Array:
        """The new number of each fresh element: (fresh,)."""
        return self._numbered(True, self.fresh)

    @cached_property
    def appends(self) -> bool:
        """Whether all old elements keep their numbers."""
        return (False, 0, self.old) in self.pieces[:1] or not self.old

    def _numbered(self, wanted: bool, count: int) -> Array:
        numbers = np.full(count, -1, np.int32)
        at = 0
        for is_fresh, begin, end in self.pieces:
            if is_fresh is wanted:
                numbers[begin:end] = np.arange(at, at + end - begin)
            at += end - begin
        return numbers

    def take(self, old: Array, fresh: Array) -> Array:
        """The elements of the new array."""
        return _joined(
            [(fresh if is_fresh else old)[begin:end] for is_fresh, begin, end in self.pieces]
            or [old[:0]]
        )

    def take_rows(self, old: Rows, fresh: Rows) -> Rows:
        """The same for arrays of rows; the offsets keep the type of the old ones."""
        rows = sum(end - begin for _, begin, end in self.pieces)
        offsets = np.empty(rows + 1, old.offsets.dtype)
        flat = []
        row = at = 0
        for is_fresh, begin, end in self.pieces:
            source = fresh if is_fresh else old
            first, last = int(source.offsets[begin]), int(source.offsets[end])
            flat.append(source.flat[first:last])
            here = offsets[row : row + end - begin]
            np.add(source.offsets[begin:end], at - first, out=here, casting="same_kind")
            row += end - begin
            at += last - first
        offsets[row] = at
        return Rows(_joined(flat or [old.flat[:0]]), offsets)


def _joined(pieces: list[Array]) -> Array:
    """One piece as it is: a large show's arrays are not held twice."""
    return pieces[0] if len(pieces) == 1 else np.concatenate(pieces)
