"""Seekcast itself, as its JSON endpoint uses it; finished answers are not kept."""

import sys
from pathlib import Path
from string import ascii_lowercase
from typing import ClassVar

from search.engine import Engine, Searcher
from search.engines import open_engine
from search.episode import Episode, Show
from search.json_answer import answer_json
from search.request import Filters, Request
from search.settings import load_settings
from tests.bench.peers.base import Opened
from tests.bench.queries import Asked, Class


class Ours:
    """See search.engine."""

    name: ClassVar[str] = "Seekcast"
    cannot: ClassVar[dict[Class, str]] = {}

    def missing(self) -> str | None:
        return None

    def build(self, show: Show, directory: Path) -> None:
        _engine(directory).publish(show)

    def add(self, show: Show, more: Episode, directory: Path) -> None:
        _engine(directory).publish(show)

    def open(self, directory: Path) -> "OurSearcher":
        return OurSearcher(_engine(directory))


class OurSearcher(Opened):
    """An open generation."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._searcher: Searcher = engine.open()

    def answer(self, asked: Asked) -> bytes:
        request = request_of(asked)
        return answer_json(self._searcher.search(request), request)

    def forget(self) -> None:
        """Every cache of every module, and a newly opened generation. Asked for no word of the
        show, but for one of each letter: by letters a process gathers its word lists, once."""
        for module in list(sys.modules.values()):
            if module.__name__.partition(".")[0] in ("search", "web"):
                for value in vars(module).values():
                    clear = getattr(value, "cache_clear", None)
                    if callable(clear) and value.__module__ == module.__name__:
                        clear()
        self._searcher = self._engine.open()
        for letter in ascii_lowercase:
            self._searcher.search(Request(f"{letter}qxzjv"))


def request_of(asked: Asked) -> Request:
    """As the doors would read it."""
    tags = tuple(value for kind, value in asked.filters if kind == "tag")
    years = tuple(int(value) for kind, value in asked.filters if kind == "year")
    return Request(asked.text, Filters(tags=tags, years=years), typing=asked.prefix)


def _engine(directory: Path) -> Engine:
    return open_engine(load_settings(flags={"index.directory": str(directory / "index")}))
