"""The generation that is served: noticed when it changes, opened before the old one is let go."""

import threading
import time
from collections.abc import Callable

from search.engine import Engine, Searcher
from search.errors import IndexUnusable

LOOK_EVERY = 0.5
"""Seconds between looks at which generation is current; a look is one small file read, and a
question to the filesystem for each file that is open."""

RETRY_EVERY = 10.0
"""Seconds between attempts to open a generation that was found damaged."""


class CurrentSearcher:
    """Hands out the searcher of the current generation, the same one to all threads.

    What is open is not let go for something that cannot be opened: answers then come from the
    older generation, and its status says why (`degraded`).
    """

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine
        self._clock = clock
        self._lock = threading.Lock()
        self._searcher: Searcher | None = None
        self._pointer: str | None = None
        self._looked = self._tried = float("-inf")

    def get(self) -> Searcher:
        """The current generation's searcher. Raises NoIndex, DamagedIndex or StaleIndex while
        there never was one to serve."""
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
        if searcher is None:
            # Before it is opened: what is published meanwhile is then noticed at the next look.
            self._pointer = self._engine.current()
            return self._open()
        try:
            pointer = self._engine.current()
            degraded = searcher.status.degraded is not None
            again = degraded and self._clock() - self._tried >= RETRY_EVERY
            if pointer == self._pointer and searcher.sound() and not again:
                return searcher
            self._pointer = pointer
            return self._open()
        except IndexUnusable as error:
            if not searcher.sound():
                # Its own files were changed under it: a wrong answer is worse than none.
                self._searcher = None
                raise
            if searcher.status.degraded is None:
                self._searcher = searcher.degraded(str(error))
            assert self._searcher is not None
            return self._searcher

    def _open(self) -> Searcher:
        self._tried = self._clock()
        # The old one stays open for the requests that still use it; it goes with the last of them.
        self._searcher = self._engine.open()
        return self._searcher
