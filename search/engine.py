"""The seam: all that the rest of Seekcast knows of a search engine.

An engine holds generations: complete, immutable indexes of a show. `index` publishes them,
`web` asks them. Whoosh stands behind it today (`search.engines`); nothing of it leaks through
here: not its syntax, not its exceptions, not its lazy results.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from search.answer import Answer, FacetValue, IndexStatus, Suggestion
from search.contents import Contents
from search.episode import Show
from search.request import Request

Progress = Callable[[str, int, int], None]
"""Called as progress(step, done, total) while a generation is built."""


class Searcher(Protocol):
    """Answers from one open generation. Safe to share between threads; never writes."""

    @property
    def status(self) -> IndexStatus: ...

    def search(self, request: Request) -> Answer:
        """Answers any text; a text without matches gives an answer without results, no text at all
        and no filters all episodes, the newest first."""

    def suggest(self, text: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Completions for what is being typed: tags, guests, titles, words of the show."""

    def tags(self) -> tuple[FacetValue, ...]:
        """All tags of the show, those that most episodes have first."""

    def sound(self) -> bool:
        """Whether its files are still as they were when they were opened. A few microseconds."""

    def asked(self) -> tuple[Request, ...]:
        """The latest searches that differ in their words, the latest first; bounded."""

    def warm(self, asked: Iterable[Request] = ()) -> Iterator[None]:
        """Meets the words of what was asked of another generation, then what listeners are
        likeliest to ask: whoever asks for them first then waits no longer than others. In small
        steps, one each time it is advanced; may be left at any."""

    def degraded(self, reason: str) -> "Searcher":
        """The same searcher, with a status that says why it is not the current generation's."""


@dataclass(frozen=True, slots=True)
class Published:
    """What a publish did. `reused` episodes were taken over from the generation before;
    `unchanged`: there was nothing to do, the generation is the one that is there."""

    generation: str
    episodes: int
    moments: int
    contents: Contents
    reused: int = 0
    unchanged: bool = False


@dataclass(frozen=True, slots=True)
class Examined:
    """What an examination of an index found: problems, and hints that are none."""

    problems: tuple[str, ...]
    hints: tuple[str, ...]


class Engine(Protocol):
    """Where generations live. One per index directory."""

    def exclusively(self) -> AbstractContextManager[None]:
        """Keeps every other publish out while the block lasts. Raises AlreadyRunning, CannotWrite;
        what fails inside for the disk's sake becomes DiskTrouble."""

    def publish(
        self, show: Show, progress: Progress | None = None, force: bool = False
    ) -> Published:
        """Builds a generation of the whole show, verifies it, and makes it the current one.

        All or nothing: on any error the generation served before still is. Raises PublishError.
        Does nothing if the current one holds just that show, unless `force`, which also builds
        everything anew.
        """

    def rollback(self) -> Published:
        """Makes the generation before the current one current again. Raises Refused, NoIndex,
        DamagedIndex."""

    def contents(self) -> Contents | None:
        """What the current generation holds; None before the first, or where it is damaged."""

    def examine(self) -> Examined:
        """Looks at every file of the generations that may be served."""

    def open(self) -> Searcher:
        """The current generation; if that is damaged the one before, with a status that says so.
        Raises NoIndex, DamagedIndex or StaleIndex."""

    def current(self) -> str | None:
        """What tells one publish from the next, without opening it; None before the first."""
