"""What was measured, kept in .cache/bench/results.json, so that parts can be measured apart and the
tables made again."""

from dataclasses import dataclass, field

import msgspec

from tests.bench.costs import CACHE, Costs
from tests.bench.load import Load, Switch
from tests.bench.queries import Asked, Class
from tests.bench.shown import Shown
from tests.bench.timing import Times

_PLACE = CACHE / "results.json"

Row = tuple[Class, tuple[str, ...], tuple[tuple[str, str], ...], float]
"""A query (its kind, words and filters) and the seconds it took."""


@dataclass
class Result:
    """One archive's figures; parts that were not measured are empty. `times` by label: JSON has no
    other keys than texts (`timed` has them as they are measured)."""

    title: str
    about: str = ""
    times: dict[str, list[Row]] = field(default_factory=dict)
    shown: dict[str, list[Shown]] = field(default_factory=dict)
    costs: dict[str, Costs] = field(default_factory=dict)
    loads: list[Load] = field(default_factory=list)
    switch: Switch | None = None

    @property
    def timed(self) -> dict[str, Times]:
        return {
            label: Times(
                label,
                {Asked(kind, words, filters): seconds for kind, words, filters, seconds in rows},
            )
            for label, rows in self.times.items()
        }

    @timed.setter
    def timed(self, every: dict[str, Times]) -> None:
        self.times = {
            label: [(asked.kind, asked.words, asked.filters, s) for asked, s in times.taken.items()]
            for label, times in every.items()
        }


def kept() -> dict[str, Result]:
    """Archive's key → what was last measured."""
    if not _PLACE.is_file():
        return {}
    return msgspec.json.decode(_PLACE.read_bytes(), type=dict[str, Result])


def keep(key: str, result: Result) -> None:
    """Adds to what is kept."""
    _PLACE.write_bytes(msgspec.json.format(msgspec.json.encode({**kept(), key: result}), indent=1))
