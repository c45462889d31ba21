"""Sorted tables of strings in mapped arrays: looked up without being loaded.

Thousands of words as Python objects would cost each server process their memory and their time to
load; here all processes share the same pages. Strings are UTF-8, in the order of their bytes.
"""

from bisect import bisect_left
from collections.abc import Iterator
from zlib import crc32

import numpy as np

from search.engines.arrays import integers
from search.engines.rows import Rows
from search.hits import Array


class StringTable:
    """Read-only; `place` is a binary search (some 17 steps for 100,000 strings)."""

    def __init__(self, blob: Array, offsets: Array) -> None:
        self._blob = blob.data
        self._offsets = integers(offsets)

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def raw(self, number: int) -> bytes:
        """The bytes of string `number`."""
        return bytes(self._blob[self._offsets[number] : self._offsets[number + 1]])

    def __getitem__(self, number: int) -> str:
        return str(self._blob[self._offsets[number] : self._offsets[number + 1]], "utf-8")

    def __iter__(self) -> Iterator[str]:
        return (self[number] for number in range(len(self)))

    def prefixed(self, prefix: str, among: range | None = None) -> range:
        """The numbers of all strings that begin with `prefix`, `among` as of `place`."""
        wanted = prefix.encode()
        among = range(len(self)) if among is None else among
        first = self.place(wanted, among)
        if first == among.stop or not self.raw(first).startswith(wanted):
            return range(first, first)
        # No UTF-8 text holds the byte 0xff, so this is past every string with the prefix.
        return range(first, self.place(wanted + b"\xff", range(first, among.stop)))

    def branches(self, prefix: str, among: range) -> Iterator[tuple[str, range]]:
        """The letters that follow a prefix, each with the numbers of the strings where it does;
        `among` are the numbers of strings that all begin with the prefix."""
        at = self.place(prefix.encode() + b"\0", among)
        while at < among.stop:
            letter = self[at][len(prefix)]
            numbers = self.prefixed(prefix + letter, range(at, among.stop))
            yield letter, numbers
            at = numbers.stop

    def place(self, wanted: bytes, among: range | None = None) -> int:
        """The number of the first string that is not less than `wanted`, or the number after the
        last one. `among` are the numbers of the strings to look at; None: all."""
        among = range(len(self)) if among is None else among
        return among.start + bisect_left(among, wanted, key=self.raw)


class HashedTable(StringTable):
    """A table whose strings are found by their hash, in a tenth of a binary search's time: most of
    what a query asks for is not there at all."""

    def __init__(self, strings: Rows, buckets: Array, members: Array) -> None:
        """`buckets` and `members` as of `hashed`."""
        super().__init__(strings.flat, strings.offsets)
        self._buckets, self._members = integers(buckets), integers(members)
        self._mask = len(buckets) - 2

    def find(self, string: str) -> int:
        """The number of a string, or -1."""
        wanted = string.encode()
        bucket = crc32(wanted) & self._mask
        for number in self._members[self._buckets[bucket] : self._buckets[bucket + 1]]:
            begin, end = self._offsets[number], self._offsets[number + 1]
            if end - begin == len(wanted) and self._blob[begin:end] == wanted:
                return number
        return -1


def hashed(strings: Rows) -> tuple[Array, Array]:
    """Strings sorted into buckets by CRC-32, about one in each: where each bucket begins and the
    last one ends (a power of two + 1,), and the numbers of the strings in them (n,)."""
    size = 1 << len(strings).bit_length()
    bucket = np.fromiter(map(crc32, strings.as_bytes()), np.uint32, len(strings)) & (size - 1)
    members = np.argsort(bucket, kind="stable").astype(np.int32)
    edges = np.concatenate(([0], np.cumsum(np.bincount(bucket, minlength=size))))
    return edges.astype(np.int32), members
