"""A word's hits as the ranking reads them: made once for a word that is remembered."""

import numpy as np

from search.hits import NO_HITS, NO_PLACES, Array, Hits, Met, Places, Shape, firsts
from search.passage import HEADS
from search.settings import WeightSettings

_ABOUT = ("title", "guests", "description")
"""What of a head says what its episode is about; tags say all that is used there, too."""


class Meeting:
    """What the ranking reads of where a word is met, in one show."""

    def __init__(self, shape: Shape, weights: WeightSettings) -> None:
        self._shape = shape
        self._weights = weights
        worth = [getattr(weights, name) for name in HEADS]
        self._heads = np.array(worth, np.float32)
        self._about = np.array([name in _ABOUT for name in HEADS]) & (self._heads > 0)

    def met(
        self,
        passages: Array,
        heads: Array,
        strengths: Array,
        episodes: Array,
        certain: Array,
        held: Array,
        needed: bool,
    ) -> Met:
        """`passages` (t,) are those whose text holds the word; how many `heads` do is said for each
        of their fields. For first the texts and then the heads, `strengths` (n,) are how strongly,
        `episodes` (n,) theirs, and `certain` (n,) masks what holds the word itself or a name of it.
        `held` and `needed` are as in WordHits."""
        texts, shape = len(passages), self._shape
        nearly = NO_PLACES
        if np.count_nonzero(certain) < len(certain):
            elsewhere = ~held[episodes]
            nearly = _greatest(episodes[elsewhere], np.minimum(strengths[elsewhere], 1.0))
        about = NO_PLACES
        head_episodes = episodes[texts:]
        # A head is short and says each thing once: more than one full strength would be length's
        # doing.
        said = np.minimum(strengths[texts:], 1.0)
        lending, lent = [head_episodes], [said]
        if len(said):
            lent = [self._heads.repeat(heads) * said]
            is_about = self._about.repeat(heads)
            about = _greatest(head_episodes[is_about], said[is_about])
        strengths, episodes, certain = strengths[:texts], episodes[:texts], certain[:texts]
        is_unit, others = shape.unit.take(passages), NO_HITS
        if np.count_nonzero(is_unit) < texts:
            weights, is_other = self._weights, ~is_unit
            others = Hits(passages[is_other], strengths[is_other])
            weight = np.where(shape.links.take(others.passages), weights.links, weights.paragraph)
            lending.append(episodes[is_other])
            lent.append(weight * others.strengths)
            passages, strengths, episodes = passages[is_unit], strengths[is_unit], episodes[is_unit]
            certain = certain[is_unit]
        context = _greatest(np.concatenate(lending), np.concatenate(lent))
        if not needed:
            certain = np.zeros(len(passages), bool)
        elif not shape.moments_only:
            certain = certain & shape.moment.take(passages)
        return Met(
            passages,
            strengths,
            episodes,
            certain,
            others,
            context,
            self._lent(context, about),
            nearly,
        )

    def _lent(self, context: Places, about: Places) -> Array:
        """What the moments of the episodes in a word's context are lent of it (n,). A word that
        hardly another episode is `about` tells which episode is meant, not which of its moments:
        asked for `encryption comic`, those of the one about comics need not say comic. The root:
        hardly less where its head says so in other words, or among much else."""
        lent: Array = self._weights.context * context.values
        if len(about.episodes):
            here = context.episodes.searchsorted(about.episodes)
            lent[here] = np.maximum(lent[here], np.sqrt(about.values) / len(about.episodes))
        return lent


def _greatest(episodes: Array, values: Array) -> Places:
    """The greatest value of each episode; (n,) both, in any order."""
    if not len(episodes):
        return NO_PLACES
    order = episodes.argsort(kind="stable")
    episodes, values = episodes.take(order), values.take(order)
    first = firsts(episodes).nonzero()[0]
    return Places(episodes.take(first), np.maximum.reduceat(values, first))
