"""The generation that is served: noticed when it changes, opened before the old one is let go."""

import logging
import threading
import time
from collections.abc import Callable, Iterable

from search.engine import Engine, Searcher
from search.errors import SeekcastError
from search.request import Request

log = logging.getLogger("seekcast.index")

LOOK_EVERY = 0.5
"""Seconds between looks at which generation is current; a look is one small file read, and a
question to the filesystem for each file that is open."""

WARM_BEFORE_START = 0.5
"""Seconds that a server may meet words before it serves anything."""

WARM_BEFORE_SWITCH = 0.2
"""Seconds that another generation may meet words before it is served: an answer from it is due
within a second of its publication."""

RETRY_EVERY = 10.0
"""Seconds between attempts to open a generation that was found damaged."""


class CurrentSearcher:
    """Hands out the searcher of the current generation, the same one to all threads.

    What is open is not let go for something that cannot be opened: answers then come from the
    older generation, and its status says why (`degraded`). Whoever asks looks, from time to time,
    whether there is another; in a server a thread of its own does (`watch`), so that nobody waits.
    """

    def __init__(self, engine: Engine, clock: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine
        self._clock = clock
        self._lock = threading.Lock()
        self._searcher: Searcher | None = None
        self._pointer: str | None = None
        self._looked = self._tried = float("-inf")
        self._watched = False
        self._end = threading.Event()
        self._prepare: Callable[[Searcher], object] = lambda searcher: None

    def get(self) -> Searcher:
        """The current generation's searcher. Raises NoIndex, DamagedIndex or StaleIndex while
        there never was one to serve."""
        searcher = self._searcher
        recent = self._watched or self._clock() - self._looked < LOOK_EVERY
        if searcher is not None and recent:
            return searcher
        # One thread looks; the others go on with what is open.
        if not self._lock.acquire(blocking=searcher is None):
            assert searcher is not None
            return searcher
        try:
            return self._look()
        finally:
            self._lock.release()

    def warm(self) -> None:
        """For a server, before it begins: what is open meets words; where nothing is, nothing
        happens."""
        if self._searcher is not None:
            self._warm(self._searcher, (), WARM_BEFORE_START)

    def watch(self, prepare: Callable[[Searcher], object] | None = None) -> None:
        """Looks, and starts a thread that goes on to look, until `close`. A fork does not take it
        along, and may come long after the last look. `prepare` is called with what was opened
        before anybody is answered from it."""
        self._prepare = prepare or self._prepare
        self._watched = True
        self._look_once()
        threading.Thread(target=self._watch, name="watcher", daemon=True).start()

    def close(self) -> None:
        """Ends the watching."""
        self._end.set()

    def _watch(self) -> None:
        while not self._end.wait(LOOK_EVERY):
            self._look_once()

    def _look_once(self) -> None:
        try:
            with self._lock:
                self._look()
        except SeekcastError:
            # Whoever asks next meets it, and is told.
            pass
        except Exception:
            log.exception("the index could not be looked at; what is open is served")

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
        except SeekcastError as error:
            if not searcher.sound():
                # Its own files were changed under it: a wrong answer is worse than none.
                self._searcher = None
                raise
            if searcher.status.degraded is None:
                searcher = searcher.degraded(str(error))
                self._serve(searcher)
            return searcher

    def _open(self) -> Searcher:
        self._tried = self._clock()
        opened = self._engine.open()
        before = self._searcher
        if self._watched and before is not None:
            self._warm(opened, before.asked(), WARM_BEFORE_SWITCH)
        self._prepare(opened)
        # The old one stays open for the requests that still use it; it goes with the last of them.
        self._serve(opened)
        return opened

    def _serve(self, searcher: Searcher) -> None:
        """From now on this one answers; that it is not the current one is logged once."""
        reason, before = searcher.status.degraded, self._searcher
        if reason is not None and (before is None or before.status.degraded != reason):
            log.warning("an older index is served: %s", reason)
        self._searcher = searcher

    def _warm(self, searcher: Searcher, asked: Iterable[Request], seconds: float) -> None:
        until = self._clock() + seconds
        try:
            for _ in searcher.warm(asked):
                if self._clock() >= until:
                    break
                # Whoever is being answered meanwhile goes first.
                time.sleep(0)
        except Exception:
            log.exception("words could not be met in advance; whoever asks first waits for them")
