"""A word's hits as the ranking reads them: made once for a word that is remembered."""

import numpy as np

from search.hits import NO_HITS, NO_PLACES, Array, Hits, Mask, Met, Places, Shape, firsts
from search.passage import HEADS
from search.settings import WeightSettings

_ABOUT = ("title", "guests", "description")
"""What of a head says what its episode is about; tags say all that is used there, too."""
_TAGS = HEADS.index("tags")

# Of how many episodes a word may tell: 1 for each whose head says it, and besides these
_TAGGED = 10.0
"""so many, if all episodes have it as a tag; if a share of them has, that share of it;"""
_SAYING = 2.5
"""so many, if all episodes say it anywhere; of this, too, the share that does;"""
_UNKNOWN = 0.25
"""and this for one that nothing in the index points to."""


class Meeting:
    """What the ranking reads of where a word is met, in one show."""

    def __init__(self, shape: Shape, weights: WeightSettings) -> None:
        self._shape = shape
        self._paragraph = weights.paragraph
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
        holding: Mask,
        needed: bool,
    ) -> Met:
        """`passages` (t,) are those whose text holds the word; how many `heads` do is said for each
        of their fields. For first the texts and then the heads, `strengths` (n,) are how strongly,
        `episodes` (n,) theirs, and `certain` (n,) masks what holds the word itself or a name of it.
        `held`, `holding` and `needed` are as in WordHits."""
        texts, shape = len(passages), self._shape
        said = held
        if np.count_nonzero(certain) < len(certain):
            said = held.copy()
            said[episodes] = True
        about = NO_PLACES
        head_episodes = episodes[texts:]
        in_heads = strengths[texts:]
        telling, told = [head_episodes], [in_heads]
        if len(in_heads):
            told = [self._heads.repeat(heads) * in_heads]
            is_about = self._about.repeat(heads)
            about = _greatest(head_episodes[is_about], in_heads[is_about])
        strengths, episodes, certain = strengths[:texts], episodes[:texts], certain[:texts]
        is_unit, others = shape.unit.take(passages), NO_HITS
        if np.count_nonzero(is_unit) < texts:
            is_other = ~is_unit
            others = Hits(passages[is_other], strengths[is_other])
            telling.append(episodes[is_other])
            told.append(self._paragraph * others.strengths)
            passages, strengths, episodes = passages[is_unit], strengths[is_unit], episodes[is_unit]
            certain = certain[is_unit]
        context = _greatest(np.concatenate(telling), np.concatenate(told))
        if not needed:
            certain = np.zeros(len(passages), bool)
        elif not shape.moments_only:
            certain = certain & shape.moment.take(passages)
        tagged, saying = np.array([heads[_TAGS], np.count_nonzero(said)]) / max(shape.episodes, 1)
        return Met(
            passages,
            strengths,
            episodes.astype(np.int32),
            certain,
            others,
            _as_added(context),
            _as_added(_lent(about, tagged, saying)),
            holding if said is held else Mask.of(said),
        )


def _lent(about: Places, tagged: float, saying: float) -> Places:
    """What episodes whose heads say a word lend their moments of it. A word that few are `about`, a
    small share of all has as a tag (`tagged`) and a small share says at all (`saying`) tells which
    episode is meant, not which of its moments: asked for `encryption comic`, those of the one about
    comics need not say comic. The root: hardly less where a head says so in other words, or among
    much else."""
    likely = _UNKNOWN + about.values.sum() + _TAGGED * tagged + _SAYING * saying
    return Places(about.episodes, np.sqrt(about.values / likely))


def _greatest(episodes: Array, values: Array) -> Places:
    """The greatest value of each episode; (n,) both, in any order."""
    if not len(episodes):
        return NO_PLACES
    order = episodes.argsort(kind="stable")
    episodes, values = episodes.take(order), values.take(order)
    first = firsts(episodes).nonzero()[0]
    return Places(episodes.take(first), np.maximum.reduceat(values, first))


def _as_added(places: Places) -> Places:
    """In the type that the ranking adds them up in: to convert them for each query would take ten
    times as long as to put them in their places."""
    return Places(places.episodes, places.values.astype(np.float64))
