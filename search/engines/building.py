"""Builds a generation: from nothing, or from what the one before holds and what is new."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import numpy as np

from search.answer import IndexStatus
from search.contents import CONTENTS, Contents, Outlined, write_contents
from search.engine import Progress
from search.engines.arrays import read_arrays, write_arrays
from search.engines.canaries import require_found
from search.engines.compiled import COMPILED, open_compiled
from search.engines.compiling import compile_generation
from search.engines.manifest import Files, Generation
from search.engines.searcher import CompiledSearcher
from search.engines.segment import Segment, read_segment
from search.engines.soundness import owned
from search.engines.whoosh_index import (
    WhooshReader,
    can_be_extended,
    extend,
    live_passages,
    write,
)
from search.episode import Episode, Show
from search.errors import DamagedIndex
from search.hits import Array
from search.passage import Passage
from search.passage import passages as passages_of
from search.settings import Settings
from search.wordlists import Wordlists

WHOOSH = "whoosh"
BYTES_PER_CHARACTER = 30
"""A generation takes 10 to 20 bytes for each character of its show; so much must be free."""
SMALLEST = 4_000_000


@dataclass(frozen=True, slots=True)
class Last:
    """The generation that is there, and that was found sound."""

    generation: Generation
    contents: Contents

    @property
    def directory(self) -> Path:
        return self.generation.directory


@dataclass(frozen=True, slots=True)
class Built:
    """How many passages there are, also in Whoosh, and how many episodes were taken over."""

    passages: int
    recorded: int
    reused: int


def build(
    directory: Path, show: Show, contents: Contents, last: Last | None, report: Progress
) -> Built:
    """Writes a show, its episodes in index order, into an empty directory."""
    whoosh = directory / WHOOSH
    whoosh.mkdir()
    numbers = _numbers(contents, last)
    reused = int(np.count_nonzero(numbers >= 0))
    before = None
    if last is None or not reused or not _may_extend(last):
        numbers, reused = np.full(len(show.episodes), -1, np.int64), 0
        added = write(whoosh, _passages(show.episodes, report))
    else:
        before = read_arrays(last.directory / COMPILED)
        kept = set(numbers.tolist())
        gone = [each.id for n, each in enumerate(last.contents.episodes) if n not in kept]
        fresh = Outlined.of(show.episodes).chosen(np.flatnonzero(numbers < 0).tolist())
        added = extend(whoosh, last.directory / WHOOSH, _passages(fresh, report), gone)
    report("compiling", 0, 1)
    segment = Segment.none()
    if added:
        with WhooshReader(whoosh) as reader:
            segment = read_segment(reader)
    arrays = compile_generation(show, segment, before, numbers)
    write_arrays(directory / COMPILED, arrays)
    write_contents(directory / CONTENTS, contents)
    return Built(len(arrays["passage_kind"]), live_passages(whoosh), reused)


def verify(directory: Path, show: Show, built: Built, settings: Settings) -> None:
    """Opens what was written and asks it. Raises DamagedIndex."""
    opened = open_compiled(directory)
    if (opened.episodes, opened.passages) != (len(show.episodes), built.passages):
        raise DamagedIndex(
            f"{directory}: holds {opened.episodes} episodes and {opened.passages} passages where "
            f"{len(show.episodes)} and {built.passages} were written; nothing was published"
        )
    if built.recorded != built.passages:
        raise DamagedIndex(
            f"{directory}: Whoosh holds {built.recorded} passages where {built.passages} were "
            "compiled; nothing was published"
        )
    status = IndexStatus(directory.name, datetime.now(UTC), len(show.episodes), 0)
    # Canaries ask for exact words: other words for them would take longer to load than to ask.
    require_found(CompiledSearcher(opened, status, settings, Wordlists()), show)


def linked(directory: Path, last: Last | None) -> Files:
    """The sums of the files that are those of the last generation, which was just verified."""
    if last is None:
        return {}
    return {
        name: sum_
        for name, sum_ in last.generation.manifest.files.items()
        if (directory / name).exists() and (directory / name).samefile(last.directory / name)
    }


def bytes_needed(show: Show, contents: Contents, last: Last | None) -> int:
    """How much room a generation takes at most: what the last one takes, and what is new."""
    had = {each.digest for each in last.contents.episodes} if last else set()
    fresh = [n for n, each in enumerate(contents.episodes) if each.digest not in had]
    passages = chain.from_iterable(passages_of(show.episodes[n]) for n in fresh)
    characters = sum(len(text) for passage in passages for text in passage.fields.values())
    taken = last.generation.manifest.bytes if last else 0
    return SMALLEST + taken + BYTES_PER_CHARACTER * characters


def _numbers(contents: Contents, last: Last | None) -> Array:
    """For each episode the number it had in the last generation, -1 where it is new or differs."""
    had = last.contents.episodes if last else ()
    known = {(each.id, each.digest): number for number, each in enumerate(had)}
    return np.array([known.get((e.id, e.digest), -1) for e in contents.episodes], np.int64)


def _may_extend(last: Last) -> bool:
    """Whoosh's files hold pickles: only what root or we ourselves wrote is opened."""
    return owned(last.directory) and can_be_extended(last.directory / WHOOSH)


def _passages(episodes: Sequence[Episode], report: Progress) -> Iterator[Passage]:
    for done, episode in enumerate(episodes):
        report("indexing", done, len(episodes))
        yield from passages_of(episode)
    report("indexing", len(episodes), len(episodes))
