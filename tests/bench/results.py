"""What was measured, kept in .cache/bench/results.json, so that parts can be measured apart and the
tables made again."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.bench.costs import CACHE, Costs
from tests.bench.load import Load, Switch
from tests.bench.queries import Asked, Class
from tests.bench.timing import Times

_PLACE = CACHE / "results.json"


@dataclass
class Result:
    """One archive's figures; parts that were not measured are empty."""

    title: str
    about: str = ""
    times: dict[str, Times] = field(default_factory=dict)
    costs: dict[str, Costs] = field(default_factory=dict)
    loads: list[Load] = field(default_factory=list)
    switch: Switch | None = None


def kept() -> dict[str, Result]:
    """Archive's key → what was last measured."""
    if not _PLACE.is_file():
        return {}
    return {key: _result(row) for key, row in json.loads(_PLACE.read_text()).items()}


def keep(key: str, result: Result) -> None:
    """Adds to what is kept."""
    every = {**kept(), key: result}
    _PLACE.write_text(json.dumps({k: _row(each) for k, each in every.items()}, indent=1))


def _row(result: Result) -> dict[str, Any]:
    return {
        "title": result.title,
        "about": result.about,
        "times": {
            label: [[a.kind.value, a.words, a.filters, t] for a, t in times.taken.items()]
            for label, times in result.times.items()
        },
        "costs": {name: asdict(each) for name, each in result.costs.items()},
        "loads": [asdict(each) for each in result.loads],
        "switch": asdict(result.switch) if result.switch else None,
    }


def _result(row: dict[str, Any]) -> Result:
    times = {}
    for label, rows in row["times"].items():
        taken = {
            Asked(Class(kind), tuple(words), tuple((k, v) for k, v in filters)): seconds
            for kind, words, filters, seconds in rows
        }
        times[label] = Times(label, taken)
    return Result(
        title=row["title"],
        about=row["about"],
        times=times,
        costs={name: Costs(**each) for name, each in row["costs"].items()},
        loads=[Load(**each) for each in row["loads"]],
        switch=Switch(**row["switch"]) if row["switch"] else None,
    )
