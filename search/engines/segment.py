"""What a Whoosh segment holds, as arrays: what is new in a generation, before it is compiled.

A large show has a hundred million postings: all that grows with it is only ever numbers and bytes
in arrays, 4 bytes a number. As objects they would take ten times the memory.
"""

import heapq
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

import numpy as np

from search.engines.compiled import NO_TIME
from search.engines.merging import PostingLists
from search.engines.positions import count_through
from search.engines.rows import Rows
from search.engines.stored import Stored
from search.engines.whoosh_index import TermPostings, WhooshReader
from search.hits import Array
from search.passage import FIELDS


@dataclass(frozen=True, slots=True)
class Segment:
    """Columns of passages (N,); `lengths` (N, F) as Whoosh keeps them: rounded. Positions are
    counted through all passages, which begin at `begins` (N + 1,): see positions.py."""

    kind: Array
    start: Array
    end: Array
    lengths: Array
    texts: Rows
    postings: PostingLists
    begins: Array

    @classmethod
    def none(cls) -> "Segment":
        """One without passages."""
        none = Stored.none()
        return cls(
            none.arrays["passage_kind"],
            none.arrays["passage_start"],
            none.arrays["passage_end"],
            none.arrays["passage_lengths"],
            none.rows("texts"),
            none.postings,
            none.arrays["passage_begins"],
        )


def read_segment(reader: WhooshReader) -> Segment:
    """All of the reader's segment."""
    kind, start, end, ends = array("B"), array("i"), array("i"), array("q", [0])
    texts = bytearray()
    for stored in reader.stored():
        kind.append(stored["kind"])
        start.append(NO_TIME if stored.get("start") is None else stored["start"])
        end.append(NO_TIME if stored.get("end") is None else stored["end"])
        texts += (stored.get("text") or "").encode()
        ends.append(len(texts))
    lengths = np.array([reader.lengths(field) for field in FIELDS], np.int32)
    postings = _postings(reader)
    begins = count_through(postings, len(kind))
    return Segment(
        _numbers(kind),
        _numbers(start),
        _numbers(end),
        np.ascontiguousarray(lengths.reshape(len(FIELDS), -1).T),
        Rows(np.frombuffer(texts, np.uint8), _numbers(ends)),
        postings,
        begins,
    )


def _postings(reader: WhooshReader) -> PostingLists:
    # The sorted terms of all fields side by side: of no more than one are the postings at hand.
    fields = (_numbered(number, reader.postings(field)) for number, field in enumerate(FIELDS))
    terms: list[bytes] = []
    ends = array("q", [0])
    passages, counts, positions = array("i"), array("i"), array("i")
    for term, cells in groupby(heapq.merge(*fields, key=itemgetter(0, 1)), itemgetter(0)):
        terms.append(term)
        of_field = {number: found for _, number, found in cells}
        for number in range(len(FIELDS)):
            if number in of_field:
                found = of_field[number]
                passages.extend(found.passages)
                counts.extend(found.counts)
                positions.extend(found.positions)
            ends.append(len(passages))
    edges = np.zeros(len(counts) + 1, np.int32)
    np.cumsum(counts, out=edges[1:])
    return PostingLists(
        Rows.of_bytes(terms),
        _numbers(ends),
        _numbers(passages),
        Rows(_numbers(positions), edges),
    )


def _numbered(
    number: int, postings: Iterator[TermPostings]
) -> Iterator[tuple[bytes, int, TermPostings]]:
    return ((found.term, number, found) for found in postings)


def _numbers(values: "array[int]") -> Array:
    """The same memory as an array of numpy's."""
    return np.frombuffer(values, np.dtype(values.typecode))
