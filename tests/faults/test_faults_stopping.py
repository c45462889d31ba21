"""A reindex that is killed or that meets errors leaves the index exactly old or exactly new."""

import errno
import os
import random
import re
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.editions import Edition, which
from tests.faults.trial import Ended, Fault, run

Fresh = Callable[[], Path]
Figures = Callable[[str], None]

EXPECTED = {"current", "lock", "readings.cache"}
SERVED = 2
"""Generations that stay: the current one and the one before."""


def _steps(fresh: Fresh, new: Edition) -> list[str]:
    counted = run(["reindex", str(new.root)], fresh())
    assert counted.code == 0, counted.printed
    assert len(counted.steps) > 100
    return counted.steps


def _state(index: Path, old: Edition, new: Edition) -> str:
    state = which(index, [old, new])
    assert state in (old.name, new.name), state
    return state


def _mends_itself(index: Path, new: Edition) -> None:
    ended = run(["reindex", str(new.root)], index)
    assert ended.code == 0, ended.printed
    assert which(index, [new]) == new.name
    generations = {path.name for path in index.iterdir() if path.name.startswith("gen-")}
    assert {path.name for path in index.iterdir()} - generations == EXPECTED
    assert len(generations) <= SERVED


def _kill_at_steps(fresh: Fresh, old: Edition, new: Edition, count: int) -> Counter[str]:
    steps = _steps(fresh, new)
    # The last tenth holds the switch: each of its steps is tried before any other.
    late = range(len(steps), len(steps) * 9 // 10, -1)
    early = random.Random(1).sample(range(1, late.stop + 1), late.stop)
    states: Counter[str] = Counter()
    for at in [*late, *early][:count]:
        index = fresh()
        ended = run(["reindex", str(new.root)], index, Fault(at=at, kill=True))
        assert ended.code == -9, f"step {at} was never reached: {ended.printed}"
        states[_state(index, old, new)] += 1
        _mends_itself(index, new)
    return states


def _kill_at_times(
    fresh: Fresh, old: Edition, new: Edition, count: int, again: int
) -> Counter[str]:
    started = time.monotonic()
    run(["reindex", str(new.root)], fresh())
    usual = time.monotonic() - started
    chance = random.Random(2)
    states: Counter[str] = Counter()
    for _ in range(count):
        index = fresh()
        for _ in range(again):
            run(["reindex", str(new.root)], index, kill_after=chance.uniform(0.01, usual))
        states[_state(index, old, new)] += 1
        _mends_itself(index, new)
    return states


def test_a_reindex_killed_at_any_step_leaves_the_old_or_the_new_index_whole(
    fresh: Fresh, old: Edition, new: Edition
) -> None:
    states = _kill_at_steps(fresh, old, new, 24)
    assert states[old.name]
    assert states[new.name]


def test_a_reindex_killed_at_any_time_leaves_the_old_or_the_new_index_whole(
    fresh: Fresh, old: Edition, new: Edition
) -> None:
    assert _kill_at_times(fresh, old, new, 4, again=2).total() == 4


@pytest.mark.faults
def test_two_hundred_kills_leave_the_old_index_or_the_new_one(
    fresh: Fresh, old: Edition, new: Edition, figures: Figures
) -> None:
    states = _kill_at_steps(fresh, old, new, 100)
    states += _kill_at_times(fresh, old, new, 60, again=1)
    states += _kill_at_times(fresh, old, new, 40, again=2)
    figures(
        f"kill -9: {states.total()} reindexes killed (100 at named steps, 60 at random times, 40 "
        f"twice in a row); afterwards {states[old.name]} exactly old, {states[new.name]} exactly "
        "new, all whole; each next reindex succeeded, nothing left over"
    )


def _said_why(ended: Ended, error: int) -> bool:
    """Or what came of it, where Whoosh keeps the reason to itself."""
    told = os.strerror(error) in ended.printed or "cannot be opened" in ended.printed
    return ended.code in (1, 73, 74) and told and "Traceback" not in ended.printed


def _fail_at(
    fresh: Fresh, old: Edition, new: Edition, places: list[int], error: int, forever: bool
) -> Counter[str]:
    ends: Counter[str] = Counter()
    for at in places:
        index = fresh()
        ended = run(["reindex", str(new.root)], index, Fault(at, error=error, forever=forever))
        state = _state(index, old, new)
        if ended.code == 0:
            assert state == new.name, ended.printed
        else:
            assert _said_why(ended, error), f"step {at}: exit {ended.code}: {ended.printed}"
        ends[f"{ended.code}"] += 1
        _mends_itself(index, new)
    return ends


@pytest.mark.parametrize("error", [errno.EIO, errno.ENOSPC, errno.EACCES, errno.EMFILE])
def test_a_file_operation_that_fails_is_named_and_nothing_is_lost(
    fresh: Fresh, old: Edition, new: Edition, error: int
) -> None:
    steps = len(_steps(fresh, new))
    places = random.Random(error).sample(range(1, steps + 1), 6)
    _fail_at(fresh, old, new, places, error, forever=error != errno.EIO)


def test_a_folder_that_whoosh_cannot_list_is_told_in_our_words(
    fresh: Fresh, old: Edition, new: Edition
) -> None:
    steps = _steps(fresh, new)
    listed = [
        n for n, step in enumerate(steps, 1) if re.match("os.listdir /building.*/whoosh", step)
    ]
    assert listed
    ends = _fail_at(fresh, old, new, listed, errno.EIO, forever=False)
    assert set(ends) <= {"0", "74"}


@pytest.mark.faults
@pytest.mark.parametrize("forever", [False, True])
@pytest.mark.parametrize("error", [errno.EIO, errno.ENOSPC, errno.EACCES, errno.EMFILE])
def test_every_file_operation_fails_in_turn(
    fresh: Fresh, old: Edition, new: Edition, figures: Figures, error: int, forever: bool
) -> None:
    steps = len(_steps(fresh, new))
    ends = _fail_at(fresh, old, new, list(range(1, steps + 1)), error, forever)
    told = ", ".join(f"exit {code}: {count}" for code, count in sorted(ends.items()))
    figures(
        f"failing file operations: {errno.errorcode[error]} {'for good' if forever else 'once'} at "
        f"each of {steps} operations: {ends.total()} reindexes, {told}; always exactly old or "
        "exactly new, the first cause printed"
    )


def _files_limited(fresh: Fresh, old: Edition, new: Edition, count: int) -> int:
    largest = max(path.stat().st_size for path in fresh().rglob("*") if path.is_file())
    refused = 0
    for step in range(1, count + 1):
        index = fresh()
        size = max(4096, largest * 2 * step // count)
        ended = run(["reindex", str(new.root)], index, Fault(file_size=size))
        state = _state(index, old, new)
        if ended.code:
            assert ended.code == 74, ended.printed
            assert state == old.name
            assert "Traceback" not in ended.printed
            refused += 1
        else:
            assert state == new.name
        assert not list(index.glob("building-*"))
        _mends_itself(index, new)
    assert refused < count
    return refused


def test_files_that_cannot_grow_end_a_reindex_and_leave_the_old_index(
    fresh: Fresh, old: Edition, new: Edition
) -> None:
    assert _files_limited(fresh, old, new, 4)


@pytest.mark.faults
def test_a_budget_of_bytes_that_grows_in_sixty_four_steps(
    fresh: Fresh, old: Edition, new: Edition, figures: Figures
) -> None:
    refused = _files_limited(fresh, old, new, 64)
    figures(
        f"no room: 64 budgets of bytes for each file, growing to enough: {refused} times exit 74 "
        f"with the old index whole and nothing left over, then {64 - refused} times the new one"
    )
