"""Answering, side by side: every query to every peer, in an order that changes each round.

A query's time with a peer is the median over the rounds, so that a moment in which the machine was
busy elsewhere counts for nobody; means and percentiles are over the queries of a class. The first
round is not counted (compilers and disk caches warm up).

Three states are measured for us, as we keep things in memory: `new` (no word was ever asked: all
caches emptied before each round), `known` (caches emptied, then each word asked beside a word of
another query: no query itself was ever asked) and `again` (the same queries once more, finished
answers not kept). Peers keep nothing; their times are those of all rounds.
"""

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

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
    opened: dict[str, tuple[Peer, Opened]], asked: Sequence[Asked], rounds: int
) -> dict[str, Times]:
    """Label → times. The first peer is us; it is measured in all STATES."""
    names = list(opened)
    ours = opened[names[0]][1]
    taken: dict[str, dict[Asked, list[float]]] = {label: {} for label in (*STATES, *names[1:])}
    left = dict.fromkeys(names, rounds + 1)
    for turn in range(rounds + 1):
        spent = dict.fromkeys(names, 0.0)
        ours.forget()
        for place, query in enumerate(asked):
            shift = (turn + place) % len(names)
            for name in names[shift:] + names[:shift]:
                peer, searcher = opened[name]
                if query.kind in peer.cannot or left[name] <= 0:
                    continue
                seconds, _ = searcher.timed(query)
                spent[name] += seconds
                if turn:
                    taken[name].setdefault(query, []).append(seconds)
        ours.forget()
        for before in in_other_company(asked):
            ours.timed(before)
        for state in (KNOWN, AGAIN):
            for query in asked:
                seconds, _ = ours.timed(query)
                if turn:
                    taken[state].setdefault(query, []).append(seconds)
        for name in names:
            left[name] -= 1
            if spent[name] > SLOW:
                left[name] = min(left[name], SLOW_ROUNDS - turn)
    return {
        label: Times(label, {query: statistics.median(each) for query, each in own.items()})
        for label, own in taken.items()
    }


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
