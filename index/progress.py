"""How far a reindex is: one line that is rewritten on a terminal, a line a step elsewhere."""

import sys
import time
from typing import TextIO

_REDRAW_SECONDS = 0.1


class ProgressLine:
    """Call it as `search.engine.Progress`. Use as a context manager: the line is taken away."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._live = self._stream.isatty()
        self._step = ""
        self._text = ""
        self._drawn = float("-inf")

    def __enter__(self) -> "ProgressLine":
        return self

    def __exit__(self, *_: object) -> None:
        if self._live and self._step:
            self._write("\r" + " " * len(self._text) + "\r")

    def __call__(self, step: str, done: int, total: int) -> None:
        now = time.monotonic()
        if not self._live:
            if step != self._step:
                self._step = step
                self._write(f"{step.capitalize()} …\n")
            return
        if step == self._step and now - self._drawn < _REDRAW_SECONDS and done < total:
            return
        self._step, self._drawn = step, now
        count = f" {done:,} of {total:,}" if total > 1 else ""
        # What was there before is written over, and nothing beyond: a narrow window would break
        # the line, and part of it would stay.
        before, self._text = len(self._text), f"{step.capitalize()}{count} …"
        self._write("\r" + self._text.ljust(before))

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except OSError:
            # Nobody is looking any more; that is no reason not to publish.
            self._live, self._step = False, ""
