"""Long arrays are gone through in portions: no row is missed, none is met twice."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.engines.arrays import portions


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
