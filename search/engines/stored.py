"""The arrays of a generation as they are stored, by name: some are rows, one after the other, with
offsets beside them, and the rows of some are also found by their hash."""

from collections.abc import Mapping

import numpy as np

from search.engines.merging import PostingLists
from search.engines.positions import passages_of
from search.engines.rows import Rows
from search.engines.string_table import hashed
from search.hits import Array
from search.passage import FIELDS

Arrays = dict[str, Array]


class Stored:
    """The arrays of a generation, as search.engines.compiling made them."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self.arrays = arrays
        self.episodes = len(arrays["episode_date"])

    @classmethod
    def none(cls) -> "Stored":
        """Those of no episode at all."""
        return cls(_NOTHING)

    def rows(self, name: str) -> Rows:
        return Rows(self.arrays[name], self.arrays[f"{name}_offsets"])

    @property
    def postings(self) -> PostingLists:
        arrays = self.arrays
        return PostingLists(
            self.rows("terms"),
            arrays["posting_offsets"],
            passages_of(arrays["posting_spots"]),
            Rows(arrays["positions"], arrays["position_offsets"]),
        )


COLUMNS = ("tag", "guest", "category", "name")


def _nothing() -> Arrays:
    rows = ("texts", "terms", "stems", "heads", *(f"{name}_values" for name in COLUMNS))
    numbers = ["passage_start", "passage_end", "posting_spots", "positions", "stem_terms"]
    numbers += ["deletion_terms", "episode_date", "episode_year"]
    numbers += [f"{name}_numbers" for name in COLUMNS]
    none = {name: np.zeros(0, np.uint8) for name in (*rows, "passage_kind")}
    none |= {name: np.zeros(0, np.int32) for name in numbers}
    offsets = ("posting", "stem", *COLUMNS)
    none |= {f"{name}_offsets": np.zeros(1, np.int64) for name in (*rows, *offsets)}
    none |= {name: np.zeros(1, np.int32) for name in ("position_offsets", "passage_begins")}
    none["deletion_keys"] = np.zeros(0, np.uint32)
    none["passage_lengths"] = np.zeros((0, len(FIELDS)), np.int32)
    return none


_NOTHING = _nothing()


def named(name: str, rows: Rows) -> Arrays:
    return {name: rows.flat, f"{name}_offsets": rows.offsets}


def hashed_rows(name: str, rows: Rows) -> Arrays:
    buckets, members = hashed(rows)
    return {**named(name, rows), f"{name}_buckets": buckets, f"{name}_members": members}
