"""The index of record, in Whoosh; the only module that imports it.

A generation is first written as a Whoosh index: schema, stored fields, postings with positions.
The segment that is new is read back, term by term, to be compiled (see compiling.py); the segments
of the generation before are taken over as they are.
Only the API that Whoosh 2.7.4 and its forks share is used.
"""

import contextlib
import errno
import pickle
import shutil
import struct
import warnings
from array import array
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
    from whoosh.reading import SegmentReader

from search.analysis import tokens
from search.errors import DiskTrouble
from search.passage import FIELDS, Passage

WRITER_MEMORY_MB = 256
MAX_SEGMENTS = 50
_NO_LINKS = (errno.EPERM, errno.EXDEV, errno.EMLINK, errno.ENOTSUP, errno.ENOSYS)


class SeekcastTokenizer(Tokenizer):  # type: ignore[misc]
    """Our analyzer as Whoosh wants it: one mutable token, yielded again and again."""

    def __call__(self, value: str, **options: Any) -> Iterator[Any]:
        """Terms and their positions: no field of ours asks for more."""
        token = WhooshToken(**options)
        for found in tokens(value):
            token.text, token.pos = found.term, found.position
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
    with _whoosh_errors(directory):
        return _add(FileStorage(str(directory)).create_index(schema()), passages, ())


def extend(directory: Path, before: Path, passages: Iterable[Passage], gone: Iterable[str]) -> int:
    """Writes into an empty directory the index `before`, less the passages of episodes that are
    gone (ids), and passages more, as a segment of their own; returns how many more.

    What both have in common is one file with two names: a segment is never changed, which passages
    of it are gone stands in the table of contents.
    """
    for path in before.iterdir():
        if not path.name.endswith("LOCK"):
            _link(path, directory / path.name)
    with _whoosh_errors(directory):
        return _add(_open(directory), passages, gone)


def can_be_extended(directory: Path) -> bool:
    """Whether it pays: not after many times, and not when much of what it holds is gone."""
    segments = _segments(_open(directory))
    passages = sum(segment.doc_count_all() for segment in segments)
    return len(segments) < MAX_SEGMENTS and _live(segments) >= passages / 2


def live_passages(directory: Path) -> int:
    """How many passages a whole index holds, those of all segments that are not gone."""
    return _live(_segments(_open(directory)))


def _live(segments: Iterable[Any]) -> int:
    return sum(int(segment.doc_count()) for segment in segments)


def _segments(whoosh: Any) -> list[Any]:
    """What the table of contents says of each segment: to open them takes longer."""
    with _whoosh_errors(Path(whoosh.storage.folder)):
        return list(whoosh._segments())


@contextlib.contextmanager
def _whoosh_errors(directory: Path) -> Iterator[None]:
    """What Whoosh says when files cannot be read, in our words. (It takes a folder that cannot be
    listed for an empty one.)"""
    try:
        yield
    except (
        index.IndexError,
        AssertionError,
        EOFError,
        struct.error,
        pickle.UnpicklingError,
    ) as error:
        raise DiskTrouble(f"{directory}: what was written cannot be opened: {error}") from error


def _open(directory: Path) -> Any:
    with _whoosh_errors(directory):
        return index.open_dir(str(directory))


def _link(source: Path, target: Path) -> None:
    try:
        target.hardlink_to(source)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        shutil.copyfile(source, target)


def _add(whoosh: Any, passages: Iterable[Passage], gone: Iterable[str]) -> int:
    # One process, one segment: what was added is read back from the last segment.
    writer = whoosh.writer(limitmb=WRITER_MEMORY_MB, procs=1, multisegment=False)
    count = 0
    try:
        for episode in gone:
            writer.delete_by_term("episode", episode)
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
    writer.commit(merge=False)
    whoosh.close()
    return count


@dataclass(frozen=True, slots=True)
class TermPostings:
    """A term of one field: the numbers of the passages that have it, rising, how often each has
    it, and all its positions in them (in words, from 0) one after the other. All are of int32."""

    term: bytes
    passages: "array[int]"
    counts: "array[int]"
    positions: "array[int]"


class WhooshReader:
    """The segment that was written last, opened for reading in full. A context manager."""

    def __init__(self, directory: Path) -> None:
        self._index = _open(directory)
        last = _segments(self._index)[-1]
        with _whoosh_errors(directory):
            self._reader = SegmentReader(self._index.storage, self._index.schema, last)

    def __enter__(self) -> "WhooshReader":
        return self

    def __exit__(self, *_: object) -> None:
        self._reader.close()
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

    def postings(self, field: str) -> Iterator[TermPostings]:
        """Every term of a field, sorted, with its postings."""
        reader = self._reader
        for raw in reader.lexicon(field):
            matcher = reader.postings(field, raw)
            numbers, counts, positions = array("i"), array("i"), array("i")
            while matcher.is_active():
                found = matcher.value_as("positions")
                numbers.append(matcher.id())
                counts.append(len(found))
                # A compound is told behind its parts, one of which may be the same: `web-2.0.web2`.
                positions.extend(sorted(found))
                matcher.next()
            term = raw if isinstance(raw, bytes) else str(raw).encode()
            yield TermPostings(term, numbers, counts, positions)
