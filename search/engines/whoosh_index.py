"""The index of record, in Whoosh; the only module that imports it.

A generation is first written as a Whoosh index of one segment: schema, stored fields, postings
with positions. `read_postings` reads it back, term by term, to be compiled (see compiled.py).
Only the API that Whoosh 2.7.4 and its forks share is used.
"""

import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

with warnings.catch_warnings():
    # Whoosh 2.7.4 is of 2016: its source holds escapes that Python now warns about.
    warnings.simplefilter("ignore")
    from whoosh import fields, index
    from whoosh.analysis import Token as WhooshToken
    from whoosh.analysis import Tokenizer
    from whoosh.filedb.filestore import FileStorage

from search.analysis import tokens
from search.passage import FIELDS, Passage

WRITER_MEMORY_MB = 256


class SeekcastTokenizer(Tokenizer):  # type: ignore[misc]
    """Our analyzer as Whoosh wants it: one mutable token, yielded again and again."""

    def __call__(
        self,
        value: str,
        positions: bool = False,
        chars: bool = False,
        keeporiginal: bool = False,
        removestops: bool = True,
        start_pos: int = 0,
        start_char: int = 0,
        tokenize: bool = True,
        mode: str = "",
        **kwargs: Any,
    ) -> Iterator[Any]:
        token = WhooshToken(positions, chars, removestops=removestops, mode=mode, **kwargs)
        for found in tokens(value):
            token.text = found.term
            token.boost = 1.0
            token.stopped = False
            if keeporiginal:
                token.original = value[found.start : found.end]
            if positions:
                token.pos = start_pos + found.position
            if chars:
                token.startchar = start_char + found.start
                token.endchar = start_char + found.end
            yield token


def schema() -> Any:
    """One text field for each of FIELDS (all with our analyzer and positions), all stored."""
    text = {
        name: fields.TEXT(analyzer=SeekcastTokenizer(), phrase=True, stored=True) for name in FIELDS
    }
    return fields.Schema(
        episode=fields.ID(stored=True),
        kind=fields.STORED(),
        start=fields.STORED(),
        end=fields.STORED(),
        **text,
    )


def write(directory: Path, passages: Iterable[Passage]) -> int:
    """Writes passages as one segment into an empty directory; returns how many there were."""
    storage = FileStorage(str(directory))
    whoosh = storage.create_index(schema())
    # One process, one segment: readers of a single segment need no merging of scores.
    writer = whoosh.writer(limitmb=WRITER_MEMORY_MB, procs=1, multisegment=False)
    count = 0
    try:
        for passage in passages:
            texts = {name: text for name, text in passage.fields.items() if text}
            writer.add_document(
                episode=passage.episode,
                kind=int(passage.kind),
                start=passage.start,
                end=passage.end,
                **texts,
            )
            count += 1
    except BaseException:
        writer.cancel()
        raise
    writer.commit(optimize=True)
    whoosh.close()
    return count


@dataclass(frozen=True, slots=True)
class TermPostings:
    """A term of one field: its Whoosh idf, and for each passage that has it the number, the
    frequency and the positions (in words, from 0)."""

    field: str
    term: str
    idf: float
    passages: list[int]
    frequencies: list[int]
    positions: list[list[int]]


class WhooshReader:
    """A closed segment, opened for reading in full. Use as a context manager."""

    def __init__(self, directory: Path) -> None:
        self._index = index.open_dir(str(directory))
        self._searcher = self._index.searcher()
        self._reader = self._searcher.reader()

    def __enter__(self) -> "WhooshReader":
        return self

    def __exit__(self, *_: object) -> None:
        self._searcher.close()
        self._index.close()

    @property
    def passages(self) -> int:
        return int(self._reader.doc_count_all())

    def stored(self) -> Iterator[dict[str, Any]]:
        """The stored fields of each passage, in the order of their numbers."""
        for number in range(self.passages):
            yield self._reader.stored_fields(number)

    def lengths(self, field: str) -> list[int]:
        """The field's length in each passage as Whoosh keeps it (rounded to a byte's steps)."""
        length = self._reader.doc_field_length
        return [int(length(number, field) or 0) for number in range(self.passages)]

    def average_length(self, field: str) -> float:
        """Whoosh's own average length of a field, which its BM25F divides by."""
        return float(self._searcher.avg_field_length(field))

    def postings(self, field: str) -> Iterator[TermPostings]:
        """Every term of a field, sorted, with its postings."""
        reader, searcher = self._reader, self._searcher
        for raw in reader.lexicon(field):
            matcher = reader.postings(field, raw)
            numbers, frequencies, positions = [], [], []
            while matcher.is_active():
                numbers.append(int(matcher.id()))
                places = list(matcher.value_as("positions"))
                positions.append(places)
                frequencies.append(len(places))
                matcher.next()
            term = raw.decode("utf-8") if isinstance(raw, bytes) else str(raw)
            yield TermPostings(
                field, term, float(searcher.idf(field, term)), numbers, frequencies, positions
            )
