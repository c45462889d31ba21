"""Arrays: gone through in portions, put together, and as large as they may be."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.engines.arrays import portions
from search.engines.positions import FIELD_BITS, begins_of
from search.errors import PublishError
from search.hits import Mask, common


@given(counts=st.lists(st.integers(0, 9), max_size=30), size=st.integers(1, 40))
def test_portions_hold_every_element_once_and_in_order(counts: list[int], size: int) -> None:
    offsets = np.concatenate(([0], np.cumsum(counts, dtype=np.int64)))
    elements = [
        element
        for rows in portions(offsets, size)
        for element in range(offsets[rows.start], offsets[rows.stop])
    ]
    assert elements == list(range(sum(counts)))


@pytest.mark.parametrize("size", [10, 100])
def test_a_portion_is_as_large_as_was_wanted_or_ends_with_a_large_row(size: int) -> None:
    counts = [3, 200, 5, 0, 7, 90, 1] * 20
    offsets = np.concatenate(([0], np.cumsum(counts)))
    for rows in portions(offsets, size):
        assert sum(counts[rows]) < size + 200


@pytest.mark.parametrize(("few", "many"), [(3, 400), (60, 400), (60, 4000), (0, 90), (90, 0)])
def test_what_two_rising_arrays_share_is_found_however_long_they_are(few: int, many: int) -> None:
    chance = np.random.default_rng(few + many)
    # Rising, some numbers more than once.
    left = np.sort(chance.integers(0, 500, few).astype(np.int32))
    right = np.sort(chance.integers(0, 500, many).astype(np.int32))
    assert set(common(left, right).tolist()) == {*left.tolist()} & {*right.tolist()}


def test_a_show_of_more_words_than_can_be_counted_is_refused() -> None:
    half = 1 << FIELD_BITS - 1
    assert begins_of(np.array([half, half - 1])).tolist() == [0, half, 2 * half - 1]
    with pytest.raises(
        PublishError, match="a show of more than 268,435,456 words cannot be indexed"
    ):
        begins_of(np.array([half, half]))


@pytest.mark.parametrize("episodes", [0, 1, 8, 999, 1000, 1001, 20_000])
def test_a_mask_is_the_same_after_it_was_kept_however_many_episodes_a_show_has(
    episodes: int,
) -> None:
    mask = np.random.default_rng(episodes).random(episodes) < 0.3
    kept = Mask.of(mask)
    back = kept.unpacked()
    assert back.dtype == bool, "numpy would take places by numbers, not by a mask"
    assert np.array_equal(back, mask), "episodes were lost or gained"
    if episodes == 20_000:
        assert kept.kept.nbytes == episodes // 8, "a large show's mask is not kept as bits"
