"""One family of errors, one table of exit codes."""

import pytest

from search import errors
from search.errors import SeekcastError, exit_code, reindex_command


def _family(cls: type[SeekcastError]) -> list[type[SeekcastError]]:
    return [cls, *(each for sub in cls.__subclasses__() for each in _family(sub))]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.UsageError("no"), 64),
        (errors.BadSetting("no"), 64),
        (errors.BadParameter("page", "no"), 64),
        (errors.Refused("no"), 65),
        (errors.CannotWrite("no"), 73),
        (errors.DiskTrouble("no"), 74),
        (errors.AlreadyRunning("no"), 75),
        (errors.NoIndex("no"), 1),
        (errors.DamagedIndex("no"), 1),
        (errors.StaleIndex("no"), 1),
    ],
)
def test_each_error_ends_with_the_promised_exit_code(error: SeekcastError, code: int) -> None:
    assert exit_code(error) == code


def test_no_error_of_the_family_is_without_an_exit_code() -> None:
    for cls in _family(SeekcastError):
        assert exit_code(cls.__new__(cls)) in {1, 64, 65, 73, 74, 75}, cls.__name__


def test_the_family_is_drawn_in_full_at_the_top_of_its_module() -> None:
    for cls in _family(SeekcastError):
        assert cls.__name__ in (errors.__doc__ or "")


def test_a_bad_parameter_says_which_one_for_people_and_for_machines() -> None:
    error = errors.BadParameter("page", "page 0: choose from 1", "page_too_small")

    assert (error.name, error.code, str(error)) == (
        "page",
        "page_too_small",
        "page 0: choose from 1",
    )


def test_the_command_that_mends_an_index_can_be_pasted_whatever_its_folder_is_called() -> None:
    assert reindex_command(".index/the show") == "make reindex EPISODES=… INDEX='.index/the show'"
    assert reindex_command(".index/show") == "make reindex EPISODES=… INDEX=.index/show"
