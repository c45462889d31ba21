"""The generation that is served: noticed when it changes, opened before the old one is let go."""

import threading
import time
from collections.abc import Callable

from search.engine import Engine, Searcher

LOOK_EVERY = 0.5
"""Seconds between looks at which generation is current; a look is one small file read."""


class CurrentSearcher:
    """Hands out the searcher of the current generation, the same one to all threads."""

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine
        self._clock = clock
        self._lock = threading.Lock()
        self._searcher: Searcher | None = None
        self._looked = float("-inf")

    def get(self) -> Searcher:
        """The current generation's searcher. Raises NoIndex, DamagedIndex or StaleIndex."""
        searcher = self._searcher
        if searcher is not None and self._clock() - self._looked < LOOK_EVERY:
            return searcher
        # One thread looks; the others go on with what is open.
        if not self._lock.acquire(blocking=searcher is None):
            assert searcher is not None
            return searcher
        try:
            return self._look()
        finally:
            self._lock.release()

    def _look(self) -> Searcher:
        searcher = self._searcher
        self._looked = self._clock()
        if searcher is not None and self._engine.current() == searcher.status.generation:
            return searcher
        # The old one stays open for the requests that still use it; it goes with the last of them.
        self._searcher = self._engine.open()
        return self._searcher
