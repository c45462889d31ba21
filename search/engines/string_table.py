"""A sorted table of strings in two mapped arrays: looked up without being loaded.

Thousands of words as Python objects would cost each server process their memory and their time to
load; here all processes share the same pages. Strings are UTF-8, in the order of their bytes.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from search.engines.arrays import Array, integers, load_array, offsets_of, save_array

_REMEMBERED = 16384
"""Look-ups remembered by each table; the words people type are few."""


class StringTable:
    """Read-only; `find` and `prefixed` are binary searches (some 17 steps for 100,000 strings)."""

    def __init__(self, blob: Array, offsets: Array) -> None:
        self._blob = blob.data
        self._offsets = integers(offsets)
        self.find = lru_cache(maxsize=_REMEMBERED)(self._find)

    @classmethod
    def write(cls, path: Path, strings: Sequence[str]) -> None:
        """Writes strings, already sorted by their UTF-8 bytes, beside `path`."""
        encoded = [string.encode() for string in strings]
        save_array(path.with_suffix(".offsets"), offsets_of(encoded))
        save_array(path.with_suffix(".blob"), np.frombuffer(b"".join(encoded), np.uint8))

    @classmethod
    def open(cls, path: Path) -> "StringTable":
        blob = load_array(path.with_suffix(".blob"))
        return cls(blob, load_array(path.with_suffix(".offsets")))

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def raw(self, number: int) -> bytes:
        """The bytes of string `number`."""
        return bytes(self._blob[self._offsets[number] : self._offsets[number + 1]])

    def __getitem__(self, number: int) -> str:
        if not 0 <= number < len(self):
            raise IndexError(f"no string {number} in a table of {len(self)}")
        return self.raw(number).decode()

    def __iter__(self) -> Iterator[str]:
        return (self[number] for number in range(len(self)))

    def _find(self, string: str) -> int:
        """The number of a string, or -1."""
        wanted = string.encode()
        number = self._lower_bound(wanted)
        return number if number < len(self) and self.raw(number) == wanted else -1

    def prefixed(self, prefix: str) -> range:
        """The numbers of all strings that begin with `prefix`."""
        wanted = prefix.encode()
        # No UTF-8 text holds the byte 0xff, so this is past every string with the prefix.
        return range(self._lower_bound(wanted), self._lower_bound(wanted + b"\xff"))

    def _lower_bound(self, wanted: bytes) -> int:
        return bisect_left(range(len(self)), wanted, key=self.raw)
