"""Which episodes match: those that hold all words where there are plenty, else the nearest, too."""

from collections.abc import Sequence
from functools import reduce
from operator import iadd

import numpy as np
from msgspec import Struct

from search.hits import Array, greatest, weighed
from search.query_hits import QueryHits
from search.settings import WeightSettings

PLENTY = 20
"""This many episodes with all words are enough; after fewer, the best partial matches follow."""


class Matched(Struct, frozen=True, eq=False):
    """Masks of episodes (E,): those that match, and those of them that hold every word."""

    episodes: Array
    complete: Array

    def also(self, named: Sequence[int], among: Array | None) -> "Matched":
        """With named episodes, which lack nothing that is asked; `among` (E,) masks those that may
        match, None for all."""
        more = np.zeros(len(self.episodes), bool)
        more[list(named)] = True
        if among is not None:
            more &= among
        return Matched(self.episodes | more, self.complete | more)


def matching(
    hits: QueryHits,
    shares: Sequence[float],
    required: Array | None,
    weights: WeightSettings,
) -> Matched:
    """Which episodes match.

    Where plenty hold every word, only they match. Else the best partial matches follow. Words of
    the show's tags are what an episode is about: it must say all of them, be it in other words, or
    as many as any episode says, unless the query names it at length. Of the other words some may be
    missing.
    """
    words, costless = hits.words, hits.understood.costless
    said = [word.met.said for word in words]
    masks = [
        word.held
        for each, word in zip(hits.understood.wanted, words, strict=True)
        if word.needed and each.typed not in costless
    ]
    # Where no word has to be said (`how much`), to say any of them is to say all.
    masks = masks or [weighed(shares, said) > 0]
    if required is not None:
        masks.append(required)
    complete: Array = reduce(np.logical_and, masks)
    if np.count_nonzero(complete) >= PLENTY:
        return Matched(complete, complete)
    cover = weighed(shares, said)
    subjects = [
        mask for word, mask in zip(words, said, strict=True) if word.subject and word.needed
    ]
    about = _saying(subjects, required, hits.named.at_length)
    if about is not None:
        cover *= about
    least = weights.most * greatest(cover)
    matched = cover >= least if least else cover > 0
    return Matched(matched | complete, complete)


def _saying(masks: Sequence[Array], among: Array | None, named: Sequence[int]) -> Array | None:
    """A mask (E,) of the episodes that say all words, each of which has one of the `masks` (E,), or
    as many as any does, and of those that are `named`. Only episodes of the mask `among` (E,)
    count; where none of them says any word, that mask is returned. None stands for all episodes."""
    if not masks:
        return among
    said: Array = reduce(iadd, masks, np.zeros(len(masks[0]), np.int8))
    if among is not None:
        said *= among
    most = greatest(said)
    if not most:
        return among
    saying: Array = said == most
    saying[list(named)] = True
    return saying if among is None else saying & among
