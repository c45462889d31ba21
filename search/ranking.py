"""From where words are met to ranked episodes and moments. Pure arithmetic on arrays.

ARCHITECTURE.md, "How answers are ranked", says the same in words.

    share(word)     = idf(word) / sum of idf over the query's words, common words left out
    idf(word)       = ln(1 + (N - n + ½) / (n + ½)), n of N passages hold the word (BM25's idf)
    context(word)   = the best of the episode's fields that hold the word, each times its weight
    lent(word)      = √ (its strength in the episode's title, guests and description
                         / (¼ + all its strengths in those of any episode
                            + 10 · the share of episodes with such a tag
                            + 2½ · the share of those that say it))
    moment          = Σ share · max(strength in the moment itself, lent)
    episode         = its best moment + weights.breadth · the next ones, fading
                      + Σ share · context
                      + weights.named · the part of the query that is its whole title, guest
                                        or number

To both, `search.order` adds what no sum can turn round.
"""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from search.hits import Array, Shape, WordHits, greatest, weighed
from search.matched import matching
from search.order import BEGUN, STEP, order_of_episodes
from search.query_hits import QueryHits
from search.settings import WeightSettings
from search.units import order_units, score_units

TOLD = 10
"""Scores that differ by less than 10 ** -TOLD of the best one are the same."""


class Ranking(Struct, frozen=True, eq=False):
    """All that matches.

    `matched` (E,) masks the episodes, `complete` (E,) those of them that hold every word.
    `episodes` (e,) their numbers, best first, newest first among equals; `scores` (e,) theirs.
    `moments` (m,) passage numbers of their matching moments, rising; `episode_of_moments` (m,) and
    `moment_scores` (m,) theirs. `shares` how much of the query each word is. `order` (E,)
    the place of each episode in the order that no score turns round, less BEGUN where a word only
    begins what gives it that place.
    """

    matched: Array
    episodes: Array
    scores: Array
    moments: Array
    episode_of_moments: Array
    moment_scores: Array
    shares: Sequence[float]
    order: Array
    complete: Array

    def within(self, mask: Array) -> "Ranking":
        """What of it is in the masked episodes (E,)."""
        episodes = mask[self.episodes]
        moments = mask[self.episode_of_moments]
        return replace(
            self,
            matched=self.matched & mask,
            episodes=self.episodes[episodes],
            scores=self.scores[episodes],
            moments=self.moments[moments],
            episode_of_moments=self.episode_of_moments[moments],
            moment_scores=self.moment_scores[moments],
            complete=self.complete & mask,
        )


def rank(
    hits: QueryHits,
    whole: QueryHits | None,
    required: Array | None,
    shape: Shape,
    weights: WeightSettings,
) -> Ranking:
    """Ranks what the words are met in. `whole` are the hits without what an unfinished word only
    begins, if that makes a difference. `required` (E,) masks the episodes that may match (phrases,
    titles, exclusions); None for all."""
    words, named = hits.words, hits.named
    rarity = sum([word.rarity for word in words]) or 1.0
    shares = [word.rarity / rarity for word in words]
    matched = matching(hits, shares, required, weights)
    if named.numbered:
        matched = matched.also(named.numbered, required)
    context, lent = contexts(words, shape.episodes)
    units = score_units(hits, shares, lent, matched.episodes, shape, weights)
    order = order_of_episodes(hits, units.order, units.episodes, shape)
    if whole:
        finished = order_of_episodes(whole, *order_units(whole, matched.episodes), shape)
        order = order - BEGUN * (finished < order)
    totals = weighed(shares, context)
    for number, part in named.in_full.items():
        totals[number] += weights.named * part
    totals += units.totals(shape.episodes, weights)
    totals += STEP * order
    shown = units.enough(weights)
    if not shape.moments_only:
        shown &= shape.moment[units.passages]
    numbers = _in_order(totals, matched.episodes.nonzero()[0])
    # Their places, as numpy takes four times as long to pick elements by a mask.
    found = shown.nonzero()[0]
    return Ranking(
        matched=matched.episodes,
        episodes=numbers,
        scores=totals[numbers],
        moments=units.passages[found],
        episode_of_moments=units.episodes[found],
        moment_scores=units.scores[found] + STEP * units.order[found],
        shares=shares,
        order=order,
        complete=matched.complete,
    )


def _in_order(totals: Array, numbers: Array) -> Array:
    """Episodes, given as rising `numbers`, by falling totals (E,), among equals the newest first.
    Totals are rounded (see TOLD): the rest depends on the order in which numbers were added up.

    A total and its episode's number are packed into one integer, the total in front: such keys are
    sorted ten times as fast as by a stable `argsort`.
    """
    episodes = len(totals)
    scale = 10.0**TOLD / (greatest(totals) or 1.0)
    keys = (totals[numbers] * scale).round().astype(np.int64) * episodes + numbers
    keys.sort()
    order: Array = keys[::-1] % episodes
    return order


def contexts(words: Sequence[WordHits], episodes: int) -> tuple[Array, Array]:
    """`context` and `lent` of the formulas above (words, E): what each episode's other text says of
    each word, and what it lends its moments."""
    context, lent = np.zeros((2, len(words), episodes))
    for number, word in enumerate(words):
        for rows, here in ((context, word.met.context), (lent, word.met.lent)):
            if len(here.episodes):
                rows[number, here.episodes] = here.values
    return context, lent
