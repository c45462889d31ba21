"""Answers that were just given, ready to be given again.

A generation never changes, so an answer's validator (face, generation, canonical query) says
everything about it. Old generations' answers leave by not being asked for.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

_MOST = 512
_MOST_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Kept:
    """A finished body, the pages beside it as (relation, address), and the episodes found.

    `packed` keeps the body compressed: Accept-Encoding → (encoding, bytes). It fills with use.
    """

    body: bytes
    links: tuple[tuple[str, str], ...] = ()
    found: int | None = None
    packed: dict[str, tuple[str, bytes]] = field(default_factory=dict, compare=False)


class AnswerCache:
    """The most recently used answers, bounded in number and in bytes. Safe between threads."""

    def __init__(self, most: int = _MOST, most_bytes: int = _MOST_BYTES) -> None:
        self._most, self._most_bytes = most, most_bytes
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, validator: str, make: Callable[[], Kept]) -> Kept:
        """The kept answer, or a new one. Two threads may both make it; that is harmless."""
        with self._lock:
            kept = self._kept.get(validator)
            if kept is not None:
                self._kept.move_to_end(validator)
                return kept
        made = make()
        with self._lock:
            replaced = self._kept.pop(validator, None)
            self._kept[validator] = made
            self._bytes += len(made.body) - (len(replaced.body) if replaced else 0)
            while len(self._kept) > self._most or self._bytes > self._most_bytes:
                _, oldest = self._kept.popitem(last=False)
                self._bytes -= len(oldest.body)
        return made
