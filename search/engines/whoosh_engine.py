"""The Whoosh engine: publishes generations and opens them, behind the seam of search.engine."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import numpy as np

from search import analysis, passage, spelling, stemming
from search.answer import IndexStatus
from search.contents import Contents, contents_of, read_contents, write_contents
from search.engine import Examined, Progress, Published
from search.engines import (
    arrays,
    canaries,
    compiled,
    compiling,
    merging,
    rows,
    string_table,
    whoosh_index,
)
from search.engines.arrays import Array
from search.engines.compiled import Compiled, in_index_order
from search.engines.compiling import Base, compile_generation
from search.engines.filesystem import hints
from search.engines.generations import Generations, Pointed
from search.engines.manifest import (
    FORMAT,
    Manifest,
    Seal,
    damage,
    require_file,
    require_sound,
    sums,
    versions,
)
from search.engines.searcher import CompiledSearcher
from search.engines.whoosh_index import (
    WhooshReader,
    can_be_extended,
    extend,
    live_passages,
    write,
)
from search.episode import Episode, Show
from search.errors import DamagedIndex, DiskTrouble, IndexUnusable
from search.passage import Passage, passages
from search.settings import Settings
from search.wordlists import Wordlists, load_wordlists

WHOOSH, COMPILED, CONTENTS = "whoosh", "compiled", "contents.json"
BYTES_PER_CHARACTER = 30
"""A generation takes 10 to 20 bytes for each character of its show; so much must be free."""
SMALLEST = 4_000_000


class WhooshEngine:
    """Generations of one show in one index directory."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._generations = Generations(Path(settings.index.directory))

    def current(self) -> str | None:
        return self._generations.pointer()

    def exclusively(self) -> AbstractContextManager[None]:
        return self._generations.exclusively()

    def publish(
        self, show: Show, progress: Progress | None = None, force: bool = False
    ) -> Published:
        report = progress or (lambda step, done, total: None)
        show = replace(show, episodes=tuple(in_index_order(show.episodes)))
        contents = contents_of(show)
        with self._generations.exclusively():
            last = None if force else self._last()
            if last is not None and last.contents == contents:
                return _unchanged(last)
            if last is not None:
                try:
                    return self._build(show, contents, last, report)
                except DamagedIndex:
                    # Something of the last generation is not what it seems: build from nothing.
                    report("building anew", 0, 1)
            try:
                return self._build(show, contents, None, report)
            except DamagedIndex as error:
                raise DiskTrouble(str(error)) from error

    def _last(self) -> "_Last | None":
        """The current generation, if it is sound and was built as one would be built now."""
        try:
            for current in self._generations.pointed()[:1]:
                directory = self._generations.path(current.name)
                manifest = self._generations.manifest(current)
                if manifest.built_by == built_by():
                    require_sound(directory, manifest, thorough=True)
                    return _Last(directory, manifest, read_contents(directory / CONTENTS))
        except IndexUnusable:
            # Whatever is wrong with it, a new one mends it.
            return None
        return None

    def _build(
        self, show: Show, contents: Contents, last: "_Last | None", report: Progress
    ) -> Published:
        moments = sum(len(episode.moments) for episode in show.episodes)
        with self._generations.building(_needed(show)) as directory:
            count, reused = _write(directory, show, contents, last, report)
            write_contents(directory / CONTENTS, contents)
            report("verifying", 0, 1)
            self._verify(directory, show, count)
            report("publishing", 0, 1)
            manifest = self._generations.publish(
                directory,
                lambda name: Manifest(
                    generation=name,
                    format=FORMAT,
                    built_at=datetime.now(UTC).replace(microsecond=0),
                    built_by=built_by(),
                    versions=versions(),
                    episodes=len(show.episodes),
                    moments=moments,
                    passages=count,
                    files=sums(directory, _linked(directory, last)),
                ),
                self._settings.index.keep,
            )
        return Published(manifest.generation, len(show.episodes), moments, contents, reused)

    def _verify(self, directory: Path, show: Show, passages: int) -> None:
        opened = _open_compiled(directory)
        if (opened.episodes, opened.passages) != (len(show.episodes), passages):
            raise DamagedIndex(
                f"{directory}: holds {opened.episodes} episodes and {opened.passages} passages "
                f"where {len(show.episodes)} and {passages} were written; nothing was published"
            )
        recorded = live_passages(directory / WHOOSH)
        if recorded != passages:
            raise DamagedIndex(
                f"{directory}: Whoosh holds {recorded} passages where {passages} were compiled; "
                "nothing was published"
            )
        status = IndexStatus(directory.name, datetime.now(UTC), len(show.episodes), 0)
        # Canaries ask for exact words: other words for them would take longer to load than to ask.
        lists = Wordlists.none()
        canaries.ask(CompiledSearcher(opened, status, self._settings, lists), show)

    def rollback(self) -> Published:
        pointed = self._generations.rollback(self._require_sound)
        manifest = self._generations.manifest(pointed)
        contents = read_contents(self._generations.path(pointed.name) / CONTENTS)
        return Published(manifest.generation, manifest.episodes, manifest.moments, contents)

    def _require_sound(self, pointed: Pointed) -> None:
        require_sound(self._generations.path(pointed.name), self._generations.manifest(pointed))

    def contents(self) -> Contents | None:
        try:
            for current in self._generations.pointed()[:1]:
                directory = self._generations.path(current.name)
                require_file(directory, self._generations.manifest(current), CONTENTS)
                return read_contents(directory / CONTENTS)
        except IndexUnusable:
            return None
        return None

    def examine(self) -> Examined:
        problems: list[str] = []
        for pointed in self._generations.require_pointed():
            directory = self._generations.path(pointed.name)
            try:
                manifest = self._generations.manifest(pointed)
            except IndexUnusable as error:
                problems.append(str(error))
                continue
            problems += damage(directory, manifest, thorough=True)
        # What is wrong with the index directory itself is said once.
        return Examined(tuple(dict.fromkeys(problems)), tuple(hints(self._generations.directory)))

    def open(self) -> CompiledSearcher:
        pointed = self._generations.require_pointed()
        try:
            return self._open(pointed[0])
        except DamagedIndex as error:
            for other in pointed[1:]:
                try:
                    opened = self._open(other)
                except IndexUnusable:
                    break
                return opened.degraded(
                    f"{pointed[0].name} is damaged ({error}); {other.name} is served in its "
                    "place; run: make reindex EPISODES=…"
                )
            raise DamagedIndex(f"{error}; run: make reindex EPISODES=…") from None

    def _open(self, pointed: Pointed) -> CompiledSearcher:
        directory = self._generations.path(pointed.name)
        manifest = self._generations.manifest(pointed)
        # Before, so that what changes while it is verified is noticed at the next look.
        seal = Seal.of(directory, manifest)
        require_sound(directory, manifest)
        opened = _open_compiled(directory)
        status = IndexStatus(
            manifest.generation,
            manifest.built_at,
            manifest.episodes,
            manifest.moments,
            show_name=opened.show_name,
            show_url=opened.show_url,
        )
        aliases = Path(self._settings.aliases) if self._settings.aliases else None
        lists = load_wordlists(aliases, opened.tag_names)
        return CompiledSearcher(opened, status, self._settings, lists, seal)


@dataclass(frozen=True, slots=True)
class _Last:
    """The generation that is there, and that was found sound."""

    directory: Path
    manifest: Manifest
    contents: Contents


def _unchanged(last: _Last) -> Published:
    manifest = last.manifest
    return Published(
        manifest.generation,
        manifest.episodes,
        manifest.moments,
        last.contents,
        reused=manifest.episodes,
        unchanged=True,
    )


@cache
def built_by() -> str:
    """A digest of everything but the show that decides what a generation's files hold: the code
    that takes texts apart and writes them, and the libraries it stands on."""
    ours = (analysis, passage, spelling, stemming)
    modules = (*ours, arrays, rows, string_table, merging, compiling, compiled, whoosh_index)
    digest = hashlib.sha256(f"{FORMAT} {versions()}".encode())
    for module in modules:
        digest.update(Path(str(module.__file__)).read_bytes())
    return digest.hexdigest()


def _open_compiled(directory: Path) -> Compiled:
    try:
        return Compiled(directory / COMPILED)
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise DamagedIndex(f"{directory}: cannot be opened: {error}") from None


def _write(
    directory: Path, show: Show, contents: Contents, last: _Last | None, report: Progress
) -> tuple[int, int]:
    """Writes Whoosh's files and the compiled ones; returns how many passages there are, and how
    many episodes were taken over from the last generation."""
    whoosh, compiled_files = directory / WHOOSH, directory / COMPILED
    whoosh.mkdir()
    numbers = _numbers(contents, last)
    reused = int(np.count_nonzero(numbers >= 0))
    if last is None or not reused or not _may_extend(last):
        added = write(whoosh, _passages_of(show.episodes, report))
        base, reused = None, 0
    else:
        fresh = [e for e, n in zip(show.episodes, numbers.tolist(), strict=True) if n < 0]
        kept = set(numbers.tolist())
        gone = [each.id for n, each in enumerate(last.contents.episodes) if n not in kept]
        added = extend(whoosh, last.directory / WHOOSH, _passages_of(fresh, report), gone)
        base = Base(last.directory / COMPILED, numbers)
    report("compiling", 0, 1)
    if not added:
        return compile_generation(None, show, compiled_files, base), reused
    with WhooshReader(whoosh) as reader:
        return compile_generation(reader, show, compiled_files, base), reused


def _linked(directory: Path, last: _Last | None) -> dict[str, tuple[int, str]]:
    """The sums of the files that are those of the last generation, which was just verified."""
    if last is None:
        return {}
    return {
        name: sum_
        for name, sum_ in last.manifest.files.items()
        if (directory / name).exists() and (directory / name).samefile(last.directory / name)
    }


def _numbers(contents: Contents, last: _Last | None) -> Array:
    """For each episode the number it had in the last generation, -1 where it is new or differs."""
    had = last.contents.episodes if last else ()
    known = {(each.id, each.digest): number for number, each in enumerate(had)}
    return np.array([known.get((e.id, e.digest), -1) for e in contents.episodes], np.int64)


def _may_extend(last: _Last) -> bool:
    """Whoosh's files hold pickles: only what root or we ourselves wrote is opened."""
    owner = last.directory.stat().st_uid
    return owner in (0, os.geteuid()) and can_be_extended(last.directory / WHOOSH)


def _needed(show: Show) -> int:
    characters = sum(
        len(episode.title)
        + len(episode.description)
        + sum(len(moment.text) for moment in episode.moments)
        + sum(map(len, episode.paragraphs))
        + sum(map(len, episode.links))
        for episode in show.episodes
    )
    return SMALLEST + BYTES_PER_CHARACTER * characters


def _passages_of(episodes: Sequence[Episode], report: Progress) -> Iterator[Passage]:
    for done, episode in enumerate(episodes):
        report("indexing", done, len(episodes))
        yield from passages(episode)
    report("indexing", len(episodes), len(episodes))
