"""Arrays on disk, all in one file that is mapped when it is read: processes share the pages.

The file is laid out as safetensors are (https://github.com/huggingface/safetensors#format): eight
bytes with the length of a JSON header (little endian), the header (name → dtype, shape and where
the data begins and ends), the data without holes. Arrays of wide elements come first, so that each
is aligned.
"""

import json
import math
import mmap
from collections.abc import Iterable, Iterator, Mapping, Sized
from itertools import pairwise
from pathlib import Path

import numpy as np

from search.hits import Array

_CODES = {"U8": "u1", "I32": "<i4", "U32": "<u4", "F32": "<f4", "I64": "<i8"}
_NAMES = {np.dtype(code): name for name, code in _CODES.items()}
_PREFIX = 8


def write_arrays(path: Path, arrays: Mapping[str, Array]) -> None:
    """Writes arrays (of the dtypes in _CODES) into one file."""
    order = sorted(arrays, key=lambda name: (-arrays[name].dtype.itemsize, name))
    header, end = {}, 0
    for name in order:
        array = arrays[name]
        begin, end = end, end + array.nbytes
        dtype = _NAMES[array.dtype]
        header[name] = {"dtype": dtype, "shape": array.shape, "data_offsets": (begin, end)}
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % _PREFIX)
    with path.open("wb") as file:
        file.write(len(text).to_bytes(_PREFIX, "little"))
        file.write(text)
        for name in order:
            file.write(np.ascontiguousarray(arrays[name]).data)


def read_arrays(path: Path) -> dict[str, Array]:
    """Maps a file of arrays, read-only. Raises OSError or ValueError."""
    with path.open("rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    data = _PREFIX + int.from_bytes(mapped[:_PREFIX], "little")
    arrays = {}
    for name, about in json.loads(mapped[_PREFIX:data]).items():
        dtype, shape = np.dtype(_CODES[about["dtype"]]), about["shape"]
        begin = data + about["data_offsets"][0]
        flat = np.frombuffer(mapped, dtype, math.prod(shape), begin)
        arrays[name] = flat.reshape(shape)
    return arrays


def portions(offsets: Array, size: int) -> Iterator[slice]:
    """All rows that begin at `offsets` (rows + 1,), one after the other, in portions of about
    `size` elements."""
    edges = np.searchsorted(offsets, np.arange(0, offsets[-1], size))
    return (slice(a, b) for a, b in pairwise([*edges.tolist(), len(offsets) - 1]) if a < b)


def offsets_of(rows: Iterable[Sized]) -> Array:
    """Where each row begins in their concatenation, and where the last one ends: (rows + 1,)."""
    return np.concatenate(([0], np.cumsum([len(row) for row in rows]))).astype(np.int64)


def integers(array: Array) -> "memoryview[int]":
    """An array's elements as plain integers: numpy's own scalars are ten times slower to take."""
    return memoryview(array)  # type: ignore[arg-type]
