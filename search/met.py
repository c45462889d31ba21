"""A word's hits as the ranking reads them: made once for a word that is remembered."""

from collections.abc import Mapping

import numpy as np

from search.hits import NO_PLACES, Array, Hits, Met, Places, Shape, firsts
from search.settings import WeightSettings

_ABOUT = ("title", "guests", "description")
"""What of a head says what its episode is about; tags say all that is used there, too."""


def met(
    own: Hits,
    episodes: Array,
    certain: Array,
    heads: Mapping[str, Hits],
    held: Array,
    needed: bool,
    shape: Shape,
    weights: WeightSettings,
) -> Met:
    """A word's hits as the ranking reads them; `episodes` (n,) are those of `own`, `certain` (n,)
    masks what holds the word itself or a name of it, `held` and `needed` are as in WordHits."""
    passages, strengths = own.passages, own.strengths
    context, about, nearly = _Greatest(), _Greatest(), _Greatest()
    if np.count_nonzero(certain) < len(certain):
        nearly.add(episodes, strengths, ~held[episodes])
    is_unit = shape.unit.take(passages)
    if np.count_nonzero(is_unit) < len(is_unit):
        other = passages[~is_unit]
        weight = np.where(shape.links.take(other), weights.links, weights.paragraph)
        context.add(episodes[~is_unit], weight * strengths[~is_unit])
        passages, strengths, episodes = passages[is_unit], strengths[is_unit], episodes[is_unit]
        certain = certain[is_unit]
    for name, hits in heads.items():
        where = shape.episode.take(hits.passages).astype(np.intp)
        # A head is short and says each thing once: more than one full strength would be length's
        # doing.
        said = np.minimum(hits.strengths, 1.0)
        weight = getattr(weights, name)
        context.add(where, weight * said)
        if weight > 0 and name in _ABOUT:
            about.add(where, said)
        nearly.add(where, said, ~held[where])
    known, near = context.places(), nearly.places()
    if not needed:
        certain = np.zeros(len(passages), bool)
    elif not shape.moments_only:
        certain = certain & shape.moment.take(passages)
    return Met(
        passages,
        strengths,
        episodes,
        certain,
        known,
        _lent(known, about.places(), weights),
        Places(near.episodes, np.minimum(near.values, 1.0)),
    )


def _lent(context: Places, about: Places, weights: WeightSettings) -> Array:
    """What the moments of the episodes in a word's context are lent of it (n,). A word that hardly
    another episode is `about` tells which episode is meant, not which of its moments: asked for
    `encryption comic`, those of the one about comics need not say comic. The root: hardly less
    where its head says so in other words, or among much else."""
    lent = weights.context * context.values
    if len(about.episodes):
        here = context.episodes.searchsorted(about.episodes)
        lent[here] = np.maximum(lent[here], np.sqrt(about.values) / len(about.episodes))
    return lent


class _Greatest:
    """The greatest value of each episode, gathered piece by piece."""

    def __init__(self) -> None:
        self._episodes: list[Array] = []
        self._values: list[Array] = []

    def add(self, episodes: Array, values: Array, where: Array | None = None) -> None:
        """Values (n,) of rising episodes (n,); with a mask `where`, only those."""
        if where is not None:
            if not np.count_nonzero(where):
                return
            episodes, values = episodes[where], values[where]
        if len(episodes):
            self._episodes.append(episodes)
            self._values.append(values)

    def places(self) -> Places:
        if not self._episodes:
            return NO_PLACES
        episodes, values = self._episodes[0], self._values[0]
        if len(self._episodes) > 1:
            episodes = np.concatenate(self._episodes)
            order = episodes.argsort(kind="stable")
            episodes, values = episodes[order], np.concatenate(self._values)[order]
        first = firsts(episodes).nonzero()[0]
        # In the type that numpy takes places in: any other is converted each time.
        return Places(episodes[first].astype(np.intp), np.maximum.reduceat(values, first))
