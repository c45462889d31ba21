"""The Whoosh engine: publishes generations and opens them, behind the seam of search.engine."""

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from search import analysis, passage, spelling, stemming
from search.answer import IndexStatus
from search.contents import Contents, contents_of, read_contents, write_contents
from search.engine import Examined, Progress, Published
from search.engines import arrays, canaries, compiled, string_table, whoosh_index
from search.engines.compiled import Compiled, compile_generation, in_index_order
from search.engines.filesystem import hints
from search.engines.generations import Generations, Pointed
from search.engines.manifest import (
    FORMAT,
    Manifest,
    Seal,
    damage,
    require_sound,
    sums,
    versions,
)
from search.engines.searcher import CompiledSearcher
from search.engines.whoosh_index import WhooshReader, write
from search.episode import Show
from search.errors import DamagedIndex, IndexUnusable
from search.passage import Passage, passages
from search.settings import Settings
from search.wordlists import load_wordlists

CONTENTS = "contents.json"
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
        contents = contents_of(show)
        with self._generations.exclusively():
            if not force:
                there = self._holding(contents)
                if there is not None:
                    return there
            return self._build(show, contents, report)

    def _holding(self, contents: Contents) -> Published | None:
        """The current generation, if it is sound and a new one would be the same."""
        try:
            pointed = self._generations.pointed()[:1]
            for current in pointed:
                directory = self._generations.path(current.name)
                manifest = self._generations.manifest(current)
                require_sound(directory, manifest, thorough=True)
                if manifest.built_by == built_by() and read_contents(directory / CONTENTS) == (
                    contents
                ):
                    return Published(
                        manifest.generation,
                        manifest.episodes,
                        manifest.moments,
                        reused=manifest.episodes,
                        unchanged=True,
                    )
        except IndexUnusable:
            # Whatever is wrong with it, a new one mends it.
            pass
        return None

    def _build(self, show: Show, contents: Contents, report: Progress) -> Published:
        moments = sum(len(episode.moments) for episode in show.episodes)
        with self._generations.building(_needed(show)) as directory:
            whoosh = directory / "whoosh"
            whoosh.mkdir()
            count = write(whoosh, _all_passages(show, report))
            report("compiling", 0, 1)
            with WhooshReader(whoosh) as reader:
                compile_generation(reader, show, directory / "compiled")
            write_contents(directory / CONTENTS, contents)
            report("compiling", 1, 1)
            report("verifying", 0, 1)
            self._verify(directory, show, count)
            report("verifying", 1, 1)
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
                    files=sums(directory),
                ),
                self._settings.index.keep,
            )
            report("publishing", 1, 1)
        return Published(manifest.generation, manifest.episodes, manifest.moments)

    def _verify(self, directory: Path, show: Show, passages: int) -> None:
        opened = _open_compiled(directory)
        if (opened.episodes, opened.passages) != (len(show.episodes), passages):
            raise DamagedIndex(
                f"{directory}: holds {opened.episodes} episodes and {opened.passages} passages "
                f"where {len(show.episodes)} and {passages} were written; nothing was published"
            )
        status = IndexStatus(directory.name, datetime.now(UTC), len(show.episodes), 0)
        canaries.ask(self._searcher(opened, status, None), show)

    def rollback(self) -> Published:
        pointed = self._generations.rollback(self._require_sound)
        manifest = self._generations.manifest(pointed)
        return Published(manifest.generation, manifest.episodes, manifest.moments)

    def _require_sound(self, pointed: Pointed) -> None:
        require_sound(self._generations.path(pointed.name), self._generations.manifest(pointed))

    def contents(self) -> Contents | None:
        try:
            for current in self._generations.pointed()[:1]:
                directory = self._generations.path(current.name)
                require_sound(directory, self._generations.manifest(current))
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
        return self._searcher(opened, status, seal)

    def _searcher(
        self, opened: Compiled, status: IndexStatus, seal: Seal | None
    ) -> CompiledSearcher:
        aliases = Path(self._settings.aliases) if self._settings.aliases else None
        lists = load_wordlists(aliases, opened.tag_names)
        return CompiledSearcher(opened, status, self._settings, lists, seal)


@cache
def built_by() -> str:
    """A digest of everything but the show that decides what a generation's files hold: the code
    that takes texts apart and writes them, and the libraries it stands on."""
    modules = (analysis, passage, spelling, stemming, arrays, string_table, compiled, whoosh_index)
    digest = hashlib.sha256(f"{FORMAT} {versions()}".encode())
    for module in modules:
        digest.update(Path(str(module.__file__)).read_bytes())
    return digest.hexdigest()


def _open_compiled(directory: Path) -> Compiled:
    try:
        return Compiled(directory / "compiled")
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise DamagedIndex(f"{directory}: cannot be opened: {error}") from None


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


def _all_passages(show: Show, report: Progress) -> Iterator[Passage]:
    episodes = in_index_order(show.episodes)
    for done, episode in enumerate(episodes):
        report("indexing", done, len(episodes))
        yield from passages(episode)
    report("indexing", len(episodes), len(episodes))
