"""The seam: all that the rest of Seekcast knows of a search engine.

An engine holds generations: complete, immutable indexes of a show. `index` publishes them,
`web` asks them. Whoosh stands behind it today (`search.engines`); nothing of it leaks through
here: not its syntax, not its exceptions, not its lazy results.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from search.answer import Answer, IndexStatus, Suggestion
from search.episode import Show
from search.request import Request

Progress = Callable[[str, int, int], None]
"""Called as progress(step, done, total) while a generation is built."""


class Searcher(Protocol):
    """Answers from one open generation. Safe to share between threads; never writes."""

    @property
    def status(self) -> IndexStatus: ...

    def search(self, request: Request) -> Answer:
        """Answers any text; a text without matches gives an answer without results."""

    def suggest(self, text: str, limit: int = 8) -> tuple[Suggestion, ...]:
        """Completions for what is being typed: tags, guests, titles, words of the show."""

    def newest(self, limit: int = 5) -> Answer:
        """The newest episodes, for a front page; facets count the whole show."""

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Published:
    """What a publish did."""

    generation: str
    episodes: int
    moments: int


class Engine(Protocol):
    """Where generations live. One per index directory."""

    def publish(self, show: Show, progress: Progress | None = None) -> Published:
        """Builds a generation of the whole show, verifies it, and makes it the current one.

        All or nothing: on any error the generation served before still is. Raises PublishError.
        """

    def open(self) -> Searcher:
        """The current generation. Raises NoIndex, DamagedIndex or StaleIndex."""

    def current(self) -> str | None:
        """The name of the current generation without opening it; None before the first."""
