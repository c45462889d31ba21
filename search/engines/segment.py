"""What a Whoosh segment holds, as arrays: what is new in a generation, before it is compiled."""

from dataclasses import dataclass

import numpy as np

from search.engines.arrays import Array
from search.engines.compiled import NO_TIME
from search.engines.merging import Postings
from search.engines.rows import Rows
from search.engines.whoosh_index import TermPostings, WhooshReader
from search.passage import FIELDS


@dataclass(frozen=True, slots=True)
class Segment:
    """Columns of passages (N,); `lengths` (N, F) as Whoosh keeps them: rounded."""

    kind: Array
    start: Array
    end: Array
    lengths: Array
    texts: Rows
    postings: Postings

    @classmethod
    def none(cls) -> "Segment":
        """One without passages."""
        no = np.zeros(0, np.int32)
        lengths = np.zeros((0, len(FIELDS)), np.int32)
        return cls(no.astype(np.uint8), no, no, lengths, Rows.empty(np.uint8), Postings.none())


def read_segment(reader: WhooshReader) -> Segment:
    """All of the reader's segment."""
    kind, start, end, texts = [], [], [], []
    for stored in reader.stored():
        kind.append(stored["kind"])
        start.append(NO_TIME if stored.get("start") is None else stored["start"])
        end.append(NO_TIME if stored.get("end") is None else stored["end"])
        texts.append((stored.get("text") or "").encode())
    lengths = np.array([reader.lengths(field) for field in FIELDS], np.int32)
    return Segment(
        np.array(kind, np.uint8),
        np.array(start, np.int32),
        np.array(end, np.int32),
        np.ascontiguousarray(lengths.reshape(len(FIELDS), -1).T),
        Rows.of_bytes(texts),
        _postings(reader),
    )


def _postings(reader: WhooshReader) -> Postings:
    by_term: dict[bytes, dict[int, TermPostings]] = {}
    for number, field in enumerate(FIELDS):
        for found in reader.postings(field):
            by_term.setdefault(found.term.encode(), {})[number] = found
    terms = sorted(by_term)
    counts = np.zeros((len(terms), len(FIELDS)), np.int64)
    passages: list[int] = []
    positions: list[list[int]] = []
    for row, term in enumerate(terms):
        for number, found in sorted(by_term[term].items()):
            counts[row, number] = len(found.passages)
            passages.extend(found.passages)
            positions.extend(found.positions)
    return Postings(
        Rows.of_bytes(terms),
        np.concatenate(([0], np.cumsum(counts))),
        np.array(passages, np.int32),
        Rows.of_numbers(positions),
    )
