"""What was just made, ready to be given again: the most recently used, bounded in number and bytes.

A generation never changes, so what is kept under a name that holds the generation and the canonical
query stays right. Old generations' answers go when another one is opened: nobody gets them again.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, Protocol, TypeVar

from msgspec import Struct

_MOST = 512
_MOST_BYTES = 4 * 1024 * 1024


class _Sized(Protocol):
    @property
    def body(self) -> bytes: ...


_Value = TypeVar("_Value", bound=_Sized)


class Kept(Struct, frozen=True):
    """A finished body, and the episodes found."""

    body: bytes
    found: int | None = None


class LruCache(Generic[_Value]):
    """Values with a `body`, whose bytes are what counts. Safe between threads."""

    def __init__(self, most: int = _MOST, most_bytes: int = _MOST_BYTES) -> None:
        self._most, self._most_bytes = most, most_bytes
        self._kept: OrderedDict[Hashable, _Value] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def find(self, key: Hashable) -> _Value | None:
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
            return kept

    def keep(self, key: Hashable, value: _Value) -> None:
        with self._lock:
            self._drop(key)
            self._kept[key] = value
            self._bytes += len(value.body)
            while len(self._kept) > self._most or self._bytes > self._most_bytes:
                self._drop(next(iter(self._kept)))

    def get(self, key: Hashable, make: Callable[[], _Value]) -> _Value:
        """The kept value, or a new one. Two threads may both make it; that is harmless."""
        kept = self.find(key)
        if kept is None:
            kept = make()
            self.keep(key, kept)
        return kept

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
            self._bytes = 0

    def _drop(self, key: Hashable) -> None:
        dropped = self._kept.pop(key, None)
        if dropped is not None:
            self._bytes -= len(dropped.body)


AnswerCache = LruCache[Kept]
