"""What a show's owner changes of the ranking in their settings file."""

from pathlib import Path

import pytest

from search.answer import Answer
from search.engine import Searcher
from search.engines import open_engine
from search.request import Request
from search.settings import load_settings
from tests.conftest import published
from tests.shows import BAKERY, BOAT, KETTLE_HOUR, OVENS


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("owner")
    published(directory, KETTLE_HOUR)
    return directory


def opened(index: Path, folder: Path, toml: str) -> Searcher:
    file = folder / "seekcast.toml"
    file.write_text(toml, encoding="utf-8")
    return open_engine(load_settings(file, flags={"index.directory": str(index)})).open()


def found(answer: Answer) -> set[str]:
    return {result.id for result in answer.results}


def test_an_alias_of_the_owner_finds_what_the_episodes_call_otherwise(
    index: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own.toml"
    own.write_text('alias = [{ names = ["dampfbad", "galley"] }]', encoding="utf-8")
    plain = opened(index, tmp_path, "")
    owned = opened(index, tmp_path, f'aliases = "{own}"')
    assert found(plain.search(Request("dampfbad"))) == set()
    assert found(owned.search(Request("dampfbad"))) == {BOAT.id}


def test_a_shipped_alias_that_the_owner_drops_is_one_no_more(index: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('drop = ["k8s"]', encoding="utf-8")
    plain = opened(index, tmp_path, "")
    owned = opened(index, tmp_path, f'aliases = "{own}"')
    assert OVENS.id in found(plain.search(Request("k8s")))
    assert found(owned.search(Request("k8s"))) == set()


def test_a_weight_of_zero_takes_a_field_out_of_the_score(index: Path, tmp_path: Path) -> None:
    plain = opened(index, tmp_path, "").search(Request("flask")).results
    owned = opened(index, tmp_path, "[weights]\ntags = 0\ndescription = 0\n")
    (after,) = owned.search(Request("flask")).results
    assert [result.id for result in plain] == [after.id] == [BAKERY.id]
    assert after.score < plain[0].score
