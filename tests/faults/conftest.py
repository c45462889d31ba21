"""Two editions of a small show, an index of the first, and the figures told at the end."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.editions import Edition, edition
from tests.faults.trial import run


@pytest.fixture(scope="session")
def old(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """The edition that is published before anything breaks."""
    return edition("olden", tmp_path_factory.mktemp("old") / "site")


@pytest.fixture(scope="session")
def new(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """The edition that is being published when something breaks."""
    return edition("newer", tmp_path_factory.mktemp("new") / "site")


@pytest.fixture(scope="session")
def _published(old: Edition, tmp_path_factory: pytest.TempPathFactory) -> Path:
    index = tmp_path_factory.mktemp("published") / "index"
    ended = run(["reindex", str(old.root)], index)
    assert ended.code == 0, ended.printed
    return index


@pytest.fixture
def fresh(_published: Path, tmp_path: Path) -> Callable[[], Path]:
    """Makes an index of the old edition, a new one each time."""
    count = 0

    def make() -> Path:
        nonlocal count
        count += 1
        return Path(shutil.copytree(_published, tmp_path / f"index{count}"))

    return make


@pytest.fixture
def figures(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Takes a line to be told at the end of the run."""
    return lambda line: record_property("figure", line)
