"""Warming: words are met before they are asked, and nothing else changes by it."""

import logging
import sys
import time
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path
from shutil import copytree, ignore_patterns
from types import FrameType

import pytest
from msgspec.structs import replace

from index.reindex import reindex
from search.current import WARM_BEFORE_START, CurrentSearcher
from search.engine import Searcher
from search.engines import open_engine
from search.engines.searcher import CompiledSearcher
from search.engines.whoosh_engine import WhooshEngine
from search.request import Filters, Request, Sort
from search.settings import Settings, load_settings

ASKED = (
    Request("docker"),
    Request("kuberntes postgres", moments=2),
    Request('"still burning"', page=2),
    Request("carrier pig", typing=True),
    Request("galley", exact=True),
    Request("nothing like it", Filters(years=(2024,)), sort=Sort.OLDEST),
)


@pytest.fixture
def published(sample_index: Path, tmp_path: Path) -> Settings:
    """An index of the sample show that may be published into."""
    copytree(sample_index, tmp_path / "index")
    return load_settings(flags={"index.directory": str(tmp_path / "index")})


def _all_of(steps: Iterable[None]) -> int:
    return sum(1 for _ in steps)


def _publish_less(sample_site: Path, settings: Settings, tmp_path: Path) -> None:
    """The sample show without an episode."""
    site = copytree(sample_site, tmp_path / "site", ignore=ignore_patterns("*observatory*"))
    reindex(site, settings)


def _switched(current: CurrentSearcher, old: Searcher) -> Searcher:
    """The searcher after `old`, as soon as there is one."""
    while (new := current.get()) is old:
        time.sleep(0.01)
    current.close()
    return new


def _calls(searcher: Searcher, request: Request) -> int:
    """How many functions are called for an answer."""
    calls = 0

    def note(_frame: FrameType, event: str, _about: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        searcher.search(request)
    finally:
        sys.setprofile(None)
    return calls


def test_a_warmed_generation_answers_as_one_that_is_not(settings: Settings) -> None:
    warmed, other = open_engine(settings).open(), open_engine(settings).open()
    assert _all_of(warmed.warm(ASKED)) > len(ASKED)
    for request in ASKED:
        assert replace(warmed.search(request), took_ms=0) == replace(
            other.search(request), took_ms=0
        )
    assert warmed.suggest("ca") == other.suggest("ca")


def test_what_is_likely_to_be_asked_is_known_when_it_is(settings: Settings) -> None:
    warmed, other = open_engine(settings).open(), open_engine(settings).open()
    _all_of(warmed.warm())
    for name in (warmed.tags()[0].label, warmed.search(Request()).results[0].guests[0], "boat"):
        assert _calls(warmed, Request(name)) < _calls(other, Request(name)), name


def test_what_was_asked_last_is_told_first_and_once(settings: Settings) -> None:
    searcher = open_engine(settings).open()
    for text in ("docker", "redis", "docker", "pi"):
        searcher.search(Request(text, page=3))
    assert [request.text for request in searcher.asked()] == ["pi", "docker", "redis"]
    later = open_engine(settings).open()
    _all_of(later.warm(searcher.asked()))
    later.search(Request("boat"))
    assert [request.text for request in later.asked()] == ["boat", "pi", "docker", "redis"]


def test_a_generation_knows_what_was_asked_of_the_one_before_when_it_is_served(
    sample_site: Path, published: Settings, tmp_path: Path
) -> None:
    current = CurrentSearcher(open_engine(published))
    old = current.get()
    for request in ASKED:
        old.search(request)
    current.watch()
    _publish_less(sample_site, published, tmp_path)
    new = _switched(current, old)
    other = open_engine(published).open()
    assert new.asked() == old.asked()
    for request in ASKED:
        assert _calls(new, request) < _calls(other, request), request


def test_warming_ends_when_its_time_is_up(settings: Settings) -> None:
    looks = count()

    def clock() -> float:
        # Each look at the clock is a tenth of a second later.
        return next(looks) / 10

    current = CurrentSearcher(open_engine(settings), clock=clock)
    current.get()
    before = next(looks)
    current.warm()
    assert next(looks) - before <= WARM_BEFORE_START * 10 + 3


def test_there_is_nothing_to_warm_before_the_first_index(tmp_path: Path) -> None:
    empty = load_settings(flags={"index.directory": str(tmp_path / "none")})
    CurrentSearcher(open_engine(empty)).warm()


class _Failing(CompiledSearcher):
    """A searcher that fails while it is warmed."""

    def warm(self, asked: Iterable[Request] = ()) -> Iterator[None]:
        yield
        raise OSError("the disk is gone")


class _FailingEngine(WhooshEngine):
    def open(self) -> CompiledSearcher:
        opened = super().open()
        opened.__class__ = _Failing
        return opened


def test_a_generation_that_cannot_be_warmed_is_served(
    sample_site: Path, published: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    current = CurrentSearcher(_FailingEngine(published))
    old = current.get()
    with caplog.at_level(logging.ERROR):
        current.warm()
    assert "words could not be met in advance" in caplog.text
    assert "the disk is gone" in caplog.text
    caplog.clear()
    current.watch()
    _publish_less(sample_site, published, tmp_path)
    new = _switched(current, old)
    assert "the disk is gone" in caplog.text
    assert new.search(Request("docker")).found_episodes > 0
    assert new.status.episodes == old.status.episodes - 1
