"""Whatever of it was not synced when the power failed: an index opens as the old or the new one."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.editions import Edition, which
from tests.faults.power import Notes, Tree, lay_out, read_notes, states, syncs
from tests.faults.trial import Fault, run

Fresh = Callable[[], Path]
Figures = Callable[[str], None]


@pytest.fixture
def notes(fresh: Fresh, new: Edition) -> Notes:
    """Notes of a reindex of the new edition over the old one."""
    index = fresh()
    aside = index.parent / f"{index.name}.trial"
    ended = run(["reindex", str(new.root)], index, Fault(record=True))
    assert ended.code == 0, ended.printed
    return read_notes(aside / "notes")


def _fault(tree: Tree, is_end: bool, place: Path, old: Edition, new: Edition) -> str:
    """What is wrong with a state; "" if it is the old edition or the new one; at the end the
    new one it must be."""
    found = which(lay_out(tree, place), [old, new])
    if found == new.name or (found == old.name and not is_end):
        return ""
    return f"{found}{' after the end' if is_end else ''}"


def test_a_power_failure_at_any_moment_leaves_the_old_or_the_new_index_whole(
    notes: Notes, tmp_path: Path, old: Edition, new: Edition
) -> None:
    found = list(states(notes))
    assert len(found) >= 100
    # All that may be after the end, and one in eight of the others.
    for tree, is_end in [*found[::8], *(each for each in found if each[1])]:
        assert not _fault(tree, is_end, tmp_path / "state", old, new)


@pytest.mark.faults
def test_every_state_that_a_power_failure_may_leave(
    notes: Notes, tmp_path: Path, old: Edition, new: Edition, figures: Figures
) -> None:
    held: Counter[str] = Counter()
    for tree, is_end in states(notes):
        fault = _fault(tree, is_end, tmp_path / "state", old, new)
        assert not fault
        held[which(tmp_path / "state", [old, new])] += 1
        assert run(["reindex", str(new.root)], tmp_path / "state").code == 0
    figures(
        f"power failures: {held.total()} states of the disk with what was not synced lost, cut or "
        f"zeroed: {held[old.name]} exactly old, {held[new.name]} exactly new, none damaged; each "
        "next reindex succeeded"
    )


def test_without_any_one_fsync_a_power_failure_would_do_damage(
    notes: Notes, tmp_path: Path, old: Edition, new: Edition
) -> None:
    needed = syncs(notes)
    assert len(needed) >= 8
    for number in needed:
        damaged = (
            _fault(tree, is_end, tmp_path / "state", old, new)
            for tree, is_end in reversed(list(states(notes, left_out=number)))
        )
        assert any(damaged), f"the fsync at look {number} is not needed"
