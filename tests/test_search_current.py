"""The generation that is served: when another one takes its place, and what is let go then."""

import gc
import os
import time
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from index.reindex import reindex
from search.current import CurrentSearcher
from search.engine import Searcher
from search.engines import open_engine
from search.errors import NoIndex
from search.request import Request
from search.settings import Settings
from tests.conftest import settings_for
from tests.small_site import EPISODE, write_site

_COUNT = 3


def _add(site: Path, number: int) -> None:
    text = EPISODE.replace("Rings Itself", f"Number {number}")
    write_site(site, {f"_posts/podcast/2024-03-{number + 1:02}-{number}-bell.md": text})


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site of three episodes, all of them about bells."""
    for number in range(_COUNT):
        _add(tmp_path / "site", number)
    return tmp_path / "site"


@pytest.fixture
def settings(tmp_path: Path, site: Path) -> Settings:
    """Settings of an index in which that site is published."""
    settings = settings_for(tmp_path / "index")
    reindex(site, settings)
    return settings


def test_a_running_server_opens_a_new_generation_before_it_lets_go_of_the_old(
    site: Path, settings: Settings
) -> None:
    now = 0.0
    current = CurrentSearcher(open_engine(settings), clock=lambda: now)
    old = current.get()
    _add(site, _COUNT)
    reindex(site, settings)
    assert current.get() is old
    now = 1.0
    new = current.get()
    assert new.status.episodes == _COUNT + 1
    assert old.search(Request("bell")).found_episodes == _COUNT


def test_a_generation_that_nobody_uses_is_let_go_without_looking_for_garbage(
    settings: Settings,
) -> None:
    """A quiet server hardly ever looks for it, and files that are open take up disk."""
    gc.collect()
    gc.disable()
    try:
        before = os.listdir("/proc/self/fd")
        searcher = open_engine(settings).open()
        searcher.search(Request("docker kuberntes", ticks=True, explain=True))
        searcher.suggest("do")
        assert len(os.listdir("/proc/self/fd")) > len(before)
        del searcher
        assert os.listdir("/proc/self/fd") == before
    finally:
        gc.enable()


def test_a_server_that_watches_opens_a_new_generation_while_the_old_one_answers(
    site: Path, settings: Settings
) -> None:
    current = CurrentSearcher(open_engine(settings))
    old = current.get()
    opened, go_on = Event(), Event()
    prepared: list[Searcher] = []

    def prepare(searcher: Searcher) -> None:
        prepared.append(searcher)
        opened.set()
        assert go_on.wait(30)

    current.watch(prepare)
    _add(site, _COUNT)
    reindex(site, settings)
    assert opened.wait(30)
    assert current.get() is old
    go_on.set()
    while (new := current.get()) is old:
        time.sleep(0.01)
    current.close()
    assert prepared == [new]
    assert new.status.episodes == _COUNT + 1


def test_a_server_that_watches_notices_the_first_index(tmp_path: Path, site: Path) -> None:
    settings = settings_for(tmp_path / "index")
    current = CurrentSearcher(open_engine(settings))
    current.watch()
    with pytest.raises(NoIndex):
        current.get()
    reindex(site, settings)
    assert current.get().status.episodes == _COUNT
    current.close()


def test_a_server_keeps_answering_when_the_pointer_cannot_be_read(
    tmp_path: Path, site: Path, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    now = 0.0
    current = CurrentSearcher(open_engine(settings), clock=lambda: now)
    current.get()
    (tmp_path / "index" / "current").write_bytes(b"")
    now = 1.0
    searcher = current.get()
    assert searcher.search(Request("bell")).found_episodes == _COUNT
    assert "current: is empty" in str(searcher.status.degraded)
    current.get()
    now = 20.0
    current.get()
    (logged,) = caplog.messages
    assert logged == f"an older index is served: {searcher.status.degraded}"
    _add(site, _COUNT)
    reindex(site, settings)
    now = 22.0
    assert current.get().status.degraded is None


def test_a_server_keeps_answering_when_its_own_aliases_cannot_be_read_any_more(
    tmp_path: Path, site: Path, settings: Settings
) -> None:
    now = 0.0
    aliases = tmp_path / "aliases.toml"
    aliases.write_text("drop = []")
    engine = open_engine(replace(settings, aliases=str(aliases)))
    current = CurrentSearcher(engine, clock=lambda: now)
    old = current.get().status
    aliases.write_text("drop = [")
    _add(site, _COUNT)
    reindex(site, settings)
    now = 1.0
    status = current.get().status
    assert status.generation == old.generation
    assert f"{aliases}: not a readable TOML file" in str(status.degraded)
    aliases.write_text("drop = ['bell']")
    now = 12.0
    status = current.get().status
    assert (status.episodes, status.degraded) == (_COUNT + 1, None)
