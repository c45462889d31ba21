"""The Whoosh engine: publishes generations and opens them, behind the seam of search.engine."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from search.answer import IndexStatus
from search.contents import CONTENTS, Contents, Outlined, contents_of, read_contents
from search.editions import edition
from search.engine import Examined, Progress, Published
from search.engines.compiled import index_place, open_compiled
from search.engines.filesystem import hints
from search.engines.generations import Generations, Pointed
from search.engines.manifest import FORMAT, Generation, Manifest, built_by, versions
from search.engines.searcher import CompiledSearcher
from search.engines.soundness import Seal, damage, require_file, require_sound, sums
from search.episode import Show
from search.errors import DamagedIndex, DiskTrouble, IndexUnusable, reindex_command
from search.settings import Settings
from search.signing import read_key
from search.wordlists import load_wordlists

if TYPE_CHECKING:
    from search.engines.building import Last


class WhooshEngine:
    """Generations of one show in one index directory."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._generations = Generations(Path(settings.index.directory), read_key(settings.index))
        self._read: dict[str, Contents] = {}

    def current(self) -> str | None:
        return self._generations.pointer()

    def exclusively(self) -> AbstractContextManager[None]:
        return self._generations.exclusively()

    def publish(
        self, show: Show, progress: Progress | None = None, force: bool = False
    ) -> Published:
        report = progress or (lambda step, done, total: None)
        show = replace(show, episodes=Outlined.of(show.episodes).ordered(index_place))
        with self._generations.exclusively():
            contents = contents_of(show)
            last = None if force else self._last()
            if last is not None and last.contents == contents:
                manifest = last.generation.manifest
                return _published(manifest, contents, reused=manifest.episodes, unchanged=True)
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

    def _last(self) -> "Last | None":
        """The current generation, if it is sound and was built as one would be built now."""
        from search.engines.building import Last

        try:
            found = self._served()
            if found.manifest.built_by == built_by():
                require_sound(found, thorough=True)
                return Last(found, self._contents(found))
        except IndexUnusable:
            # Whatever is wrong with it, a new one mends it.
            pass
        return None

    def _served(self) -> Generation:
        """The current generation. Raises IndexUnusable."""
        return self._generations.read(self._generations.require_pointed()[0])

    def _build(
        self, show: Show, contents: Contents, last: "Last | None", report: Progress
    ) -> Published:
        # Only here: a server that opens an index needs nothing of Whoosh.
        from search.engines.building import build, bytes_needed, linked, verify

        needed = bytes_needed(show, contents, last)
        with self._generations.building(needed) as directory:
            built = build(directory, show, contents, last, report)
            report("verifying", 0, 1)
            with ThreadPoolExecutor(1) as aside:
                files = aside.submit(sums, directory, linked(directory, last))
                verify(directory, show, built, self._settings)
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
                    moments=sum(outline.moment_count for outline in contents.episodes),
                    passages=built.passages,
                    files=files.result(),
                ),
                self._settings.index.keep,
            )
        return _published(manifest, contents, reused=built.reused)

    def rollback(self) -> Published:
        try:
            found = self._generations.rollback(require_sound)
        except DamagedIndex as error:
            mended_by = reindex_command(self._generations.directory)
            raise DamagedIndex(f"{error}; run: {mended_by}") from None
        return _published(found.manifest, self._contents(found))

    def contents(self) -> Contents | None:
        try:
            found = self._served()
            require_file(found, CONTENTS)
            return self._contents(found)
        except IndexUnusable:
            return None

    def _contents(self, verified: Generation) -> Contents:
        """Those of a generation that was verified; read once."""
        name = verified.manifest.generation
        if name not in self._read:
            self._read = {name: read_contents(verified.directory / CONTENTS)}
        return self._read[name]

    def examine(self) -> Examined:
        problems: list[str] = []
        for pointed in self._generations.require_pointed():
            try:
                problems += damage(self._generations.read(pointed), thorough=True)
            except IndexUnusable as error:
                problems.append(str(error))
        # What is wrong with the index directory itself is said once.
        return Examined(tuple(dict.fromkeys(problems)), tuple(hints(self._generations.directory)))

    def open(self) -> CompiledSearcher:
        pointed = self._generations.require_pointed()
        try:
            return self._open(pointed[0])
        except DamagedIndex as error:
            mended_by = reindex_command(self._generations.directory)
            for other in pointed[1:]:
                try:
                    opened = self._open(other)
                except IndexUnusable:
                    break
                return opened.degraded(
                    f"{pointed[0].name} is damaged ({error}); {other.name} is served in its "
                    f"place; run: {mended_by}"
                )
            raise DamagedIndex(f"{error}; run: {mended_by}") from None

    def _open(self, pointed: Pointed) -> CompiledSearcher:
        found = self._generations.read(pointed)
        # Before, so that what changes while it is verified is noticed at the next look.
        seal = Seal.of(found)
        require_sound(found)
        opened, manifest = open_compiled(found.directory), found.manifest
        aliases = Path(self._settings.aliases) if self._settings.aliases else None
        lists = load_wordlists(aliases, opened.tag_names)
        status = IndexStatus(
            manifest.generation,
            manifest.built_at,
            manifest.episodes,
            manifest.moments,
            show_name=opened.show_name,
            show_url=opened.show_url,
            edition=edition(self._settings),
        )
        return CompiledSearcher(opened, status, self._settings, lists, seal)


def _published(
    manifest: Manifest, contents: Contents, reused: int = 0, unchanged: bool = False
) -> Published:
    size = manifest.episodes, manifest.moments
    return Published(manifest.generation, *size, contents, reused, unchanged)
