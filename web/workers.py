"""Several processes behind one port: started, watched, and replaced when one dies.

Python threads share one processor; processes do not. They share what is mapped from the index.
"""

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import NoReturn

_STOP = (signal.SIGTERM, signal.SIGINT)
_BREATH_SECONDS = 1.0
"""A worker that lived shorter than this is replaced only after it, lest a fault spin."""


def stop_on_terminate() -> None:
    """Lets SIGTERM end this process as Ctrl+C does: what is being answered is finished."""

    def stop(_signal: int, _frame: FrameType | None) -> NoReturn:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)


def run_workers(count: int, serve: Callable[[int], None]) -> None:
    """Runs `serve` in `count` processes until this one is told to stop; then they stop too.

    Each is told its number, from 0; who takes the place of a dead one gets the same.
    """
    workers: dict[int, tuple[int, float]] = {}
    free = list(range(count))
    pipe = os.pipe()
    try:
        while True:
            while free:
                number = free.pop(0)
                with _stop_held_back():
                    workers[_start(serve, number, pipe)] = number, time.monotonic()
            gone, status = os.wait()
            if gone not in workers:
                continue
            number, born = workers.pop(gone)
            free.append(number)
            # That it cannot be told (the disk of the log is full) is no reason to stop.
            with contextlib.suppress(OSError):
                told = f"worker {gone} ended ({_why(status)}); another takes its place"
                print(told, file=sys.stderr)
            if time.monotonic() - born < _BREATH_SECONDS:
                time.sleep(_BREATH_SECONDS)
    finally:
        for worker in workers:
            os.kill(worker, signal.SIGTERM)
        for worker in workers:
            os.waitpid(worker, 0)


@contextlib.contextmanager
def _stop_held_back() -> Iterator[None]:
    """Holds a wish to stop back while a worker is made: this process must know of it, to stop it,
    and what reaches a new process before CPython has set it up is forgotten."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOP)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOP)


def _start(serve: Callable[[int], None], number: int, pipe: tuple[int, int]) -> int:
    worker = os.fork()
    if worker:
        return worker
    # The child never returns into the parent's code, whatever happens in it.
    status = 1
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOP)
        os.close(pipe[1])
        threading.Thread(target=_stop_at_end_of, args=pipe[:1], daemon=True).start()
        serve(number)
        status = 0
    except (KeyboardInterrupt, SystemExit):
        status = 0
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError):
                stream.flush()
        os._exit(status)


def _stop_at_end_of(pipe: int) -> None:
    """Stops this process when nobody holds the other end of a pipe: whoever started it was killed,
    and who is started in its stead needs the port."""
    os.read(pipe, 1)
    os.kill(os.getpid(), signal.SIGTERM)


def _why(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return f"signal {-code}" if code < 0 else f"exit {code}"
