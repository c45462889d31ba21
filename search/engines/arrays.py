"""Arrays on disk, mapped into memory when they are read: processes share the pages."""

from collections.abc import Iterable, Sized
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def save_array(path: Path, array: Array) -> None:
    """Writes `path`.npy (numpy's own format; no pickles)."""
    np.save(path.with_name(path.name + ".npy"), array, allow_pickle=False)


def load_array(path: Path) -> Array:
    """Maps `path`.npy read-only. An array without elements cannot be mapped and is read."""
    file = path.with_name(path.name + ".npy")
    try:
        # A plain view of the map: numpy's memmap class would slow every slice.
        mapped: Array = np.asarray(np.load(file, mmap_mode="r", allow_pickle=False))
    except ValueError:
        mapped = np.load(file, allow_pickle=False)
        if mapped.size:
            raise
    return mapped


def offsets_of(rows: Iterable[Sized]) -> Array:
    """Where each row begins in their concatenation, and where the last one ends: (rows + 1,)."""
    return np.concatenate(([0], np.cumsum([len(row) for row in rows]))).astype(np.int64)


def integers(array: Array) -> "memoryview[int]":
    """An array's elements as plain integers: numpy's own scalars are ten times slower to take."""
    return memoryview(array)  # type: ignore[arg-type]
