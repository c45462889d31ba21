"""The clock of the measurements: the wall's, or on a busy machine the thread's processor time."""

import time
from collections.abc import Callable

_clock: Callable[[], float] = time.perf_counter


def now() -> float:
    """Seconds from some point on."""
    return _clock()


def count_processor_time() -> None:
    """From now on, waiting for a processor counts for nothing (node keeps the wall's clock)."""
    global _clock
    _clock = time.thread_time
