"""What a peer has to do to be measured."""

from pathlib import Path
from typing import ClassVar, Protocol

from search.episode import Episode, Show
from tests.bench.queries import Asked, Class


class Opened(Protocol):
    """An open index that answers."""

    def timed(self, asked: Asked) -> tuple[float, bytes]:
        """Seconds from query text to finished JSON, and the JSON."""

    def forget(self) -> None:
        """Drops what was kept of earlier queries, as if none had been asked yet."""

    def close(self) -> None: ...


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
