"""What a peer has to do to be measured."""

from pathlib import Path
from typing import ClassVar, Protocol

from search.episode import Episode, Show
from tests.bench.queries import Asked, Class
from tests.bench.stopwatch import now


class Opened:
    """An open index that answers. As it stands, it keeps nothing of a query and needs no end."""

    def timed(self, asked: Asked) -> tuple[float, bytes]:
        """Seconds from query text to finished JSON, and the JSON."""
        started = now()
        body = self.answer(asked)
        return now() - started, body

    def answer(self, asked: Asked) -> bytes:
        """The finished JSON."""
        raise NotImplementedError

    def forget(self) -> None:
        """Drops what was kept of earlier queries, as if none had been asked yet."""

    def close(self) -> None:
        """Lets go of what is not let go by itself."""


class Peer(Protocol):
    """A way to search a show. Constructed without arguments."""

    name: ClassVar[str]
    cannot: ClassVar[dict[Class, str]]
    """Classes of queries it has nothing for, and why."""

    def missing(self) -> str | None:
        """Why it cannot be measured here, or None."""

    def build(self, show: Show, directory: Path) -> None:
        """Makes the index in an empty directory."""

    def add(self, show: Show, more: Episode, directory: Path) -> None:
        """Publishes one more episode; `show` is all of them, the new one included."""

    def open(self, directory: Path) -> Opened: ...
