"""Answering, side by side: each engine in turn answers the whole list; the order changes by round.

A query's time with an engine is the median over the rounds, so that a moment in which the machine
was busy elsewhere counts for nobody; means and percentiles are over the queries of a class. Each
engine has just been at work when its turn is timed, untimed: what an engine is measured with is the
processor's caches as itself leaves them, not as another one does. The first round is not counted.

Three states are measured for us, each a turn of its own, as we keep things in memory: `new` (no
word was ever asked: all caches emptied), `known` (caches emptied, then each word asked beside a
word of another query: no query itself was ever asked) and `again` (the same queries once more,
finished answers not kept). Peers keep nothing and have one turn.
"""

import statistics
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from tests.bench.peers import OURS
from tests.bench.peers.base import Opened, Peer
from tests.bench.queries import Asked, Class

KNOWN = f"{OURS}, words known"
AGAIN = f"{OURS}, asked again"
STATES = (OURS, KNOWN, AGAIN)

SLOW_ROUNDS = 3
"""A peer that needs longer than SLOW seconds for a round takes part only so often."""
SLOW = 15.0


@dataclass(frozen=True, slots=True)
class Summary:
    """Milliseconds over queries."""

    queries: int
    mean: float
    median: float
    p95: float
    p99: float


@dataclass
class Times:
    """What one peer took in one state: for each query the median of its times in seconds."""

    label: str
    taken: dict[Asked, float] = field(default_factory=dict)

    def summary(self, kind: Class | None = None) -> Summary | None:
        """Over a class, or over all; None where the peer answers none of it."""
        each = sorted(
            seconds * 1000
            for asked, seconds in self.taken.items()
            if kind is None or asked.kind is kind
        )
        if not each:
            return None
        return Summary(
            len(each),
            statistics.fmean(each),
            statistics.median(each),
            percentile(each, 0.95),
            percentile(each, 0.99),
        )

    def over(self, wanted: Sequence[Asked]) -> "Times":
        """Only some of the queries."""
        kept = {asked: self.taken[asked] for asked in wanted if asked in self.taken}
        return Times(self.label, kept)


def percentile(rising: Sequence[float], part: float) -> float:
    """Linear between the two nearest values."""
    place = part * (len(rising) - 1)
    low = int(place)
    high = min(low + 1, len(rising) - 1)
    return rising[low] + (rising[high] - rising[low]) * (place - low)


def measure(
    opened: Mapping[str, tuple[Peer, Opened]], asked: Sequence[Asked], rounds: int
) -> dict[str, Times]:
    """Label → times. The first peer is us; it is measured in all STATES."""
    turns = _turns(opened, asked)
    taken: dict[str, dict[Asked, list[float]]] = {turn.label: {} for turn in turns}
    left = dict.fromkeys(taken, rounds + 1)
    for number in range(rounds + 1):
        shift = number % len(turns)
        for turn in turns[shift:] + turns[:shift]:
            if left[turn.label] <= 0:
                continue
            left[turn.label] -= 1
            turn.lead_in()
            seconds = [turn.searcher.timed(query)[0] for query in turn.asked]
            if number:
                for query, each in zip(turn.asked, seconds, strict=True):
                    taken[turn.label].setdefault(query, []).append(each)
            if sum(seconds) > SLOW:
                left[turn.label] = min(left[turn.label], SLOW_ROUNDS - number)
    return {
        label: Times(label, {query: statistics.median(each) for query, each in own.items()})
        for label, own in taken.items()
    }


@dataclass(frozen=True, slots=True)
class _Turn:
    """What an engine, or we in one state, is timed with, and what comes before, untimed."""

    label: str
    searcher: Opened
    asked: Sequence[Asked]
    lead_in: Callable[[], object]


def _turns(opened: Mapping[str, tuple[Peer, Opened]], asked: Sequence[Asked]) -> list[_Turn]:
    (_, ours), *peers = opened.values()

    def known() -> None:
        ours.forget()
        _ask(ours, in_other_company(asked))

    turns = [
        _Turn(OURS, ours, asked, ours.forget),
        _Turn(KNOWN, ours, asked, known),
        _Turn(AGAIN, ours, asked, partial(_ask, ours, asked)),
    ]
    for peer, searcher in peers:
        own = [query for query in asked if query.kind not in peer.cannot]
        turns.append(_Turn(peer.name, searcher, own, partial(_ask, searcher, own)))
    return turns


def _ask(searcher: Opened, queries: Iterable[Asked]) -> None:
    for query in queries:
        searcher.timed(query)


def in_other_company(asked: Sequence[Asked]) -> Iterator[Asked]:
    """Each word of each query after a word of another query, that half the list away; an unfinished
    word is unfinished there, too. What makes one of the queries is left out."""
    wholly = {frozenset(query.words) for query in asked}
    for place, query in enumerate(asked):
        other = asked[(place + len(asked) // 2) % len(asked)].words[0]
        for number, word in enumerate(query.words, 1):
            if frozenset((other, word)) not in wholly:
                unfinished = query.prefix and number == len(query.words)
                yield Asked(Class.PREFIX if unfinished else Class.AND, (other, word))
