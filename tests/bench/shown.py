"""How much an answer shows: engines that do not look for more than what was typed show less."""

import json
from collections.abc import Sequence

from tests.bench.peers.base import Opened
from tests.bench.queries import Asked, Class

Shown = tuple[Class, int, int]
"""A query's class, and the episodes and moments on the first page of its answer."""


def shown(searcher: Opened, asked: Sequence[Asked]) -> list[Shown]:
    """Of each query."""
    return [(query.kind, *_counted(searcher.timed(query)[1])) for query in asked]


def _counted(body: bytes) -> tuple[int, int]:
    results = json.loads(body)["results"]
    return len(results), sum(len(result["moments"]) for result in results)
