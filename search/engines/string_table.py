"""A sorted table of strings in two mapped arrays: looked up without being loaded.

Thousands of words as Python objects would cost each server process their memory and their time to
load; here all processes share the same pages. Strings are UTF-8, in the order of their bytes.
"""

from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache

from search.engines.arrays import Array, integers

_REMEMBERED = 16384
"""Look-ups remembered by each table; the words people type are few."""


class StringTable:
    """Read-only; `find` and `prefixed` are binary searches (some 17 steps for 100,000 strings)."""

    def __init__(self, blob: Array, offsets: Array) -> None:
        self._blob = blob.data
        self._offsets = integers(offsets)
        self.find = lru_cache(maxsize=_REMEMBERED)(self._find)

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
        number = self.place(wanted)
        return number if number < len(self) and self.raw(number) == wanted else -1

    def prefixed(self, prefix: str) -> range:
        """The numbers of all strings that begin with `prefix`."""
        wanted = prefix.encode()
        # No UTF-8 text holds the byte 0xff, so this is past every string with the prefix.
        return range(self.place(wanted), self.place(wanted + b"\xff"))

    def place(self, wanted: bytes) -> int:
        """The number of the first string that is not less."""
        return bisect_left(range(len(self)), wanted, key=self.raw)
