"""Moments and paragraphs scored, each by what it says of the query itself or is lent."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from msgspec import Struct

from search.hits import Array, Met, Shape, WordHits, firsts, greatest, ranges, weighed
from search.order import order_of_units
from search.query_hits import QueryHits
from search.settings import WeightSettings

FADE = 0.7
"""What each further moment adds to its episode, as a part of what the one before it adds."""
_FURTHER = 40
"""Further moments that are reckoned with; FADE ** 40 is less than a score's last decimal place."""
_FEW = 8
"""Where so many times fewer episodes match than a word has hits, the hits are looked up episode by
episode; else all hits are looked through."""


class Units(Struct, frozen=True, eq=False):
    """Passages that are ranked by themselves, where any word is met.

    `passages` (u,) are their numbers, rising, and `episodes` (u,) their episodes. Of the b episodes
    that have any, `begins` (b,) is where each one's units begin, and `which` (u,) the place of a
    unit's episode among them. `strengths` (words, u) are those of each word, as the unit says it or
    is lent it. `scores` (u,) do not include `order` (u,), the places of search.order; `best_first`
    (u,) sorts the units by episode and within each by falling score. `says` (u,) masks the units
    that say a word that counts; None: all do.
    """

    passages: Array
    episodes: Array
    begins: Array
    which: Array
    strengths: Array
    scores: Array
    best_first: Array
    order: Array
    says: Array | None

    def totals(self, episodes: int, weights: WeightSettings) -> Array:
        """What the units of each episode (E,) say: the best, and in part the next ones."""
        place = np.arange(len(self.which)) - self.begins[self.which]
        given = fade(place, weights) * self.scores[self.best_first]
        return np.bincount(self.episodes, given, episodes)

    def enough(self, weights: WeightSettings) -> Array:
        """A mask (u,) of those that say nearly as much of the query as the best of their episode,
        and of all that say all of it."""
        least = weights.enough * self.scores[self.best_first[self.begins]]
        shown: Array = (self.scores >= least[self.which]) | (self.order > 0)
        # What only says `the` of `the moon` is not about the moon, whatever its episode is about.
        return shown if self.says is None else shown & self.says


def score_units(
    hits: QueryHits,
    shares: Sequence[float],
    lent: Array,
    matched: Array,
    shape: Shape,
    weights: WeightSettings,
) -> Units:
    """Scores the units of the episodes that match (E,); `lent` (words, E) is what each episode
    lends them of the words."""
    passages, episodes, own, together = _together(hits.words, matched)
    strengths = np.maximum(own, lent.take(episodes, 1))
    scores = weighed(shares, strengths)
    if not shape.moments_only:
        scores[~shape.moment[passages]] *= weights.text
    first = firsts(episodes)
    return Units(
        passages=passages,
        episodes=episodes,
        begins=first.nonzero()[0],
        which=first.cumsum() - 1,
        strengths=strengths,
        scores=scores,
        best_first=_best_first(episodes, scores),
        order=order_of_units(passages, together, hits.row),
        says=None if all(shares) else _said(own, shares),
    )


def _best_first(episodes: Array, scores: Array) -> Array:
    # A score, scaled to less than one, is taken from its episode's number: one such key is sorted
    # ten times as fast as two.
    less_than_one = 0.5 / (greatest(scores) or 1.0)
    return (episodes - scores * less_than_one).argsort()


def _said(own: Array, shares: Sequence[float]) -> Array:
    """A mask (u,) of the units that say a word that counts."""
    counting = own[[share > 0 for share in shares]]
    said: Array = counting.max(axis=0, initial=0.0) > 0
    return said


def order_units(hits: QueryHits, matched: Array) -> tuple[Array, Array]:
    """The order (u,) of the units where any word is met, in episodes that match (E,), and the
    episodes of these (u,)."""
    passages, episodes, _, together = _together(hits.words, matched)
    return order_of_units(passages, together, hits.row), episodes


def _together(words: Sequence[WordHits], matched: Array) -> tuple[Array, Array, Array, Array]:
    """The rising units met in episodes that match (u,), their episodes (u,), the words' strengths
    in them (words, u), and a mask of the moments that hold every needed word (u,)."""
    numbers = matched.nonzero()[0]
    parts = [_inside(word.met, matched, numbers) for word in words]
    if len(words) == 1:
        units, episodes, strengths, sure = parts[0]
        return units, episodes, strengths[None].astype(np.float64), sure
    units, episodes, strengths, sure = map(np.concatenate, zip(*parts, strict=True))
    row = np.arange(len(words)).repeat([len(part[0]) for part in parts])
    order = units.argsort(kind="stable")
    first = firsts(units[order])
    place = first.cumsum() - 1
    once = order[first]
    own = np.zeros((len(words), len(once)))
    own[row[order], place] = strengths[order]
    held = np.bincount(place, sure[order])
    needed = max(sum([word.needed for word in words]), 1)
    return units[once], episodes[once], own, held >= needed


def _inside(met: Met, matched: Array, numbers: Array) -> tuple[Array, Array, Array, Array]:
    """The units of a word in episodes that match (E,), their episodes, strengths, and where the
    word is surely held; `numbers` are those that match, rising."""
    # Episodes are looked for in the array's own type; numpy takes places in another.
    if len(numbers) * _FEW < len(met.episodes):
        numbers = numbers.astype(met.episodes.dtype)
        begins = met.episodes.searchsorted(numbers)
        here = ranges(begins, met.episodes.searchsorted(numbers, side="right") - begins)
        episodes = met.episodes[here].astype(np.intp)
    else:
        episodes = met.episodes.astype(np.intp)
        here = matched[episodes].nonzero()[0]
        if len(here) == len(episodes):
            return met.units, episodes, met.strengths, met.sure
        episodes = episodes[here]
    return met.units[here], episodes, met.strengths[here], met.sure[here]


def fade(place: Array, weights: WeightSettings) -> Array:
    """The part of its score that a unit gives to its episode: 1 for the best one there (place 0),
    less and less for the next ones."""
    return _parts(weights.breadth).take(place, mode="clip")


@lru_cache(maxsize=4)
def _parts(breadth: float) -> Array:
    """Those parts by place: (1 + _FURTHER,)."""
    return np.array([1.0, *[breadth * FADE**further for further in range(1, _FURTHER + 1)]])
