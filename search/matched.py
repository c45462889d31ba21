"""Which episodes match: those that hold all words where there are plenty, else the nearest, too."""

from collections.abc import Sequence
from functools import reduce

import numpy as np

from search.hits import Array, Shape, WordHits
from search.settings import WeightSettings

PLENTY = 20
"""This many episodes with all words are enough; fewer are filled up in part."""


def matching(
    words: Sequence[WordHits],
    shares: Array,
    required: Array | None,
    shape: Shape,
    weights: WeightSettings,
) -> Array:
    """Which episodes match (E,).

    Where plenty hold every word, only they match. Else the best partial matches follow: a word of
    the show's tags is what an episode is about and must be said, if in other words; the other words
    may in part be missing.
    """
    allowed = np.ones(shape.episodes, bool) if required is None else required
    wanted = [(word, share) for word, share in zip(words, shares, strict=True) if share > 0]
    complete = episodes_holding_all(words, allowed)
    if np.count_nonzero(complete) >= PLENTY:
        return complete
    about = _saying([word for word in words if word.subject and word.needed], allowed)
    if not about.any():
        about = allowed
    cover = np.zeros(shape.episodes)
    for word, share in wanted:
        cover += share * word.held
        cover[word.met.nearly.episodes] += share * word.met.nearly.values
    cover[~about] = 0.0
    matched = (cover > 0) & (cover >= weights.most * cover.max(initial=0.0))
    return np.asarray(matched | complete)


def _saying(words: Sequence[WordHits], among: Array) -> Array:
    """A mask (E,) of those episodes that say every word, if in other words."""
    saying = among
    for word in words:
        said = word.held.copy()
        said[word.met.nearly.episodes] = True
        saying = saying & said
    return saying


def episodes_holding_all(words: Sequence[WordHits], among: Array) -> Array:
    """A mask (E,) of those episodes that hold every word that is needed, or a name of it."""
    held: Array = reduce(np.logical_and, [word.held for word in words if word.needed], among)
    return held
