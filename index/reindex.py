"""The step after publishing a post: read, check, guard, build, publish. One call, one outcome."""

import contextlib
import gc
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.changes import Changes, changes
from index.findings import Severity
from index.guard import require_plausible
from index.reader import Reading, read_site
from index.reading_cache import ReadingCache
from search.engine import Progress, Published
from search.engines import open_engine
from search.errors import Refused
from search.settings import Settings


class RefusedShow(Refused):
    """The guard refused what was read: `reading`."""

    def __init__(self, message: str, reading: Reading) -> None:
        super().__init__(message)
        self.reading = reading


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a reindex read, published and changed, and the seconds that took."""

    reading: Reading
    published: Published
    changes: Changes
    reading_seconds: float
    seconds: float


def reindex(
    root: Path, settings: Settings, *, force: bool = False, progress: Progress | None = None
) -> Outcome:
    """Publishes a site's show into the settings' index directory.

    `force` overrides the guard and builds everything anew. All or nothing: raises UsageError,
    RefusedShow, CannotWrite, DiskTrouble or AlreadyRunning, and what was served before still is.
    """
    started = time.monotonic()
    engine = open_engine(settings)
    with engine.exclusively(), _without_collector():
        cache = None if force else ReadingCache(settings.index)
        reading = read_site(root, settings, progress, cache)
        read = time.monotonic()
        before = engine.contents()
        if not force:
            episodes = len(reading.show.episodes)
            bad = len(_bad_files(reading))
            try:
                require_plausible(before, episodes, reading.files, bad, settings.index)
            except Refused as refused:
                raise RefusedShow(str(refused), reading) from None
        published = engine.publish(reading.show, progress, force)
        if cache is not None:
            # Last: it is of use to the next reindex only, and listeners wait for this one.
            cache.save()
        changed = changes(before, published.contents)
    return Outcome(
        reading=reading,
        published=published,
        changes=changed,
        reading_seconds=read - started,
        seconds=time.monotonic() - started,
    )


@contextlib.contextmanager
def _without_collector() -> Iterator[None]:
    """A reindex makes millions of values that all live to its end; to look among them for garbage
    again and again takes a third of its time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            # What is alive now is not looked at either when the collector starts again.
            gc.freeze()
            gc.enable()


def _bad_files(reading: Reading) -> set[str]:
    """The files that were left out because of an error, not because their author wanted it."""
    faulty = {each.path for each in reading.findings if each.severity is Severity.ERROR}
    return faulty & {path for path, _ in reading.left_out}
