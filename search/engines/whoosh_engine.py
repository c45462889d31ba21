"""The Whoosh engine: publishes generations and opens them, behind the seam of search.engine."""

from collections.abc import Iterator
from pathlib import Path

from search.answer import IndexStatus
from search.engine import Progress, Published
from search.engines.compiled import Compiled, compile_generation, in_index_order
from search.engines.generations import FORMAT, Generations
from search.engines.searcher import CompiledSearcher
from search.engines.whoosh_index import WhooshReader, write
from search.episode import Show
from search.errors import DamagedIndex, StaleIndex
from search.passage import Passage, passages
from search.settings import Settings
from search.wordlists import load_wordlists


class WhooshEngine:
    """Generations of one show in one index directory."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._generations = Generations(Path(settings.index.directory))

    def current(self) -> str | None:
        return self._generations.current()

    def publish(self, show: Show, progress: Progress | None = None) -> Published:
        report = progress or (lambda step, done, total: None)
        moments = sum(len(episode.moments) for episode in show.episodes)
        with self._generations.building() as directory:
            whoosh = directory / "whoosh"
            whoosh.mkdir()
            count = write(whoosh, _all_passages(show, report))
            report("compiling", 0, 1)
            with WhooshReader(whoosh) as reader:
                compile_generation(reader, show, directory / "compiled")
            report("compiling", 1, 1)
            _verify(directory, len(show.episodes), count)
            report("publishing", 0, 1)
            manifest = self._generations.publish(
                directory, len(show.episodes), moments, self._settings.index.keep
            )
            report("publishing", 1, 1)
        return Published(manifest.generation, manifest.episodes, manifest.moments)

    def open(self) -> CompiledSearcher:
        manifest = self._generations.manifest(self._generations.require_current())
        if manifest.format != FORMAT:
            raise StaleIndex(
                f"{self._generations.path(manifest.generation)}: was built by another version "
                "of Seekcast; run: make reindex EPISODES=…"
            )
        compiled = Compiled(self._generations.path(manifest.generation) / "compiled")
        aliases = Path(self._settings.aliases) if self._settings.aliases else None
        status = IndexStatus(
            manifest.generation,
            manifest.built_at,
            manifest.episodes,
            manifest.moments,
            show_name=compiled.show_name,
            show_url=compiled.show_url,
        )
        return CompiledSearcher(
            compiled, status, self._settings, load_wordlists(aliases, compiled.tag_names)
        )


def _all_passages(show: Show, report: Progress) -> Iterator[Passage]:
    episodes = in_index_order(show.episodes)
    for done, episode in enumerate(episodes):
        report("indexing", done, len(episodes))
        yield from passages(episode)
    report("indexing", len(episodes), len(episodes))


def _verify(directory: Path, episodes: int, passages: int) -> None:
    compiled = Compiled(directory / "compiled")
    if (compiled.episodes, compiled.passages) != (episodes, passages):
        raise DamagedIndex(
            f"{directory}: holds {compiled.episodes} episodes and {compiled.passages} passages "
            f"where {episodes} and {passages} were written; nothing was published"
        )
