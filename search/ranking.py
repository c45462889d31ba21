"""From where words are met to ranked episodes and moments. Pure arithmetic on arrays.

ARCHITECTURE.md, "How answers are ranked", says the same in words.

    share(word)     = idf(word) / sum of idf over the query's words, common words left out
    idf(word)       = ln(1 + (N - n + ½) / (n + ½)), n of N passages hold the word (BM25's idf)
    context(word)   = the best of the episode's fields that hold the word, each times its weight
    moment          = Σ share · max(strength in the moment itself,
                                    weights.context · context,
                                    weights.neighbours · strength in the moment before or after)
                      + weights.beside · Σ share of words that stand side by side as in the query
    episode         = its best moment + weights.breadth · the next ones, fading
                      + weights.head · Σ share · context
                      + weights.named · the part of the query that is its whole title or guest
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from search.hits import Array, Hits, Shape, WordHits
from search.settings import WeightSettings

FADE = 0.8
"""Each further moment of an episode adds this much less than the one before it."""
FURTHER = 5
"""How many further moments count."""
PLENTY = 10
"""This many episodes with all words, a page full, are enough; fewer are filled up in part."""
FULL = 0.7
"""From this strength on a word counts as covered: it stands in the moment, however long that is."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """All that matches.

    `episodes` (e,) numbers, best first, newest first among equals; `scores` (e,) theirs.
    `moments` (m,) passage numbers of the matching moments of those episodes, rising;
    `episode_of_moments` (m,) and `moment_scores` (m,) theirs. `shares` (words,) how much of the
    query each word is.
    """

    episodes: Array
    scores: Array
    moments: Array
    episode_of_moments: Array
    moment_scores: Array
    shares: Array


def rank(
    words: Sequence[WordHits],
    required: Array | None,
    named: Mapping[int, float],
    shape: Shape,
    weights: WeightSettings,
) -> Ranking:
    """Ranks what the words are met in. `required` (E,) masks the episodes that may match (phrases,
    titles, exclusions); None for all. `named`: episodes whose title or guest is said in full."""
    shares = _shares(words, len(shape.episode), weights)
    own, context, units = _strengths(words, shape, weights)
    matched = _matched(words, shares, required, shape, weights)
    keep = matched[shape.episode[units]]
    units, own = units[keep], own[:, keep]
    episode = shape.episode[units]
    strengths = np.maximum(
        own,
        np.maximum(
            weights.context * context[:, episode],
            weights.neighbours * _neighbours(own, units, episode),
        ),
    )
    scores = shares @ strengths + weights.beside * _beside(words, shares, units)
    scores[~shape.moment[units]] *= weights.text
    totals = weights.head * (
        shares @ context + weights.beside * _beside_heads(words, shares, shape, weights)
    )
    for number, part in named.items():
        totals[number] += weights.named * part
    order = np.lexsort((-scores, episode))
    place = _places(episode[order])
    counted = np.where(place == 0, 1.0, weights.breadth * FADE**place) * (place <= FURTHER)
    np.add.at(totals, episode[order], counted * scores[order])
    numbers = np.flatnonzero(matched)
    numbers = numbers[np.lexsort((-numbers, -totals[numbers]))]
    found = _enough(shares @ np.minimum(strengths / FULL, 1.0), episode, shape, weights)
    found &= shape.moment[units]
    return Ranking(
        numbers,
        totals[numbers],
        units[found],
        episode[found],
        scores[found],
        shares,
    )


def _enough(cover: Array, episode: Array, shape: Shape, weights: WeightSettings) -> Array:
    """Which units cover nearly as much of the query as the best one of their episode."""
    best = np.zeros(shape.episodes)
    np.maximum.at(best, episode, cover)
    return np.asarray(cover >= weights.enough * best[episode])


def _shares(words: Sequence[WordHits], passages: int, weights: WeightSettings) -> Array:
    rarity = np.array(
        [
            word.weight * idf(passages, word.frequency) * (weights.subject if word.subject else 1.0)
            for word in words
        ]
    )
    return rarity / (rarity.sum() or 1.0)


def idf(passages: int, frequency: int) -> float:
    """BM25's inverse document frequency (Robertson and Spärck Jones), never negative."""
    return math.log(1 + (passages - frequency + 0.5) / (frequency + 0.5))


def _strengths(
    words: Sequence[WordHits], shape: Shape, weights: WeightSettings
) -> tuple[Array, Array, Array]:
    """Strength in units (words, u), context of episodes (words, E), and the units met (u,)."""
    met = [word.own.passages[shape.unit[word.own.passages]] for word in words]
    units = np.unique(np.concatenate(met)) if met else np.zeros(0, np.int32)
    own = np.zeros((len(words), len(units)))
    context = np.zeros((len(words), shape.episodes))
    for row, word in enumerate(words):
        is_unit = shape.unit[word.own.passages]
        own[row, np.searchsorted(units, met[row])] = word.own.strengths[is_unit]
        other = word.own.passages[~is_unit]
        if len(other):
            weight = np.where(shape.links[other], weights.links, weights.paragraph)
            _raise(context[row], shape.episode[other], weight * word.own.strengths[~is_unit])
        for name, hits in word.heads.items():
            weight = getattr(weights, name)
            _raise_hits(context[row], shape, hits, weight)
    return own, context, units


def _raise(row: Array, episodes: Array, values: Array) -> None:
    np.maximum.at(row, episodes, values)


def _raise_hits(row: Array, shape: Shape, hits: Hits, weight: float) -> None:
    # A head is short and says each thing once: more than one full strength would be length's doing.
    episodes = shape.episode[hits.passages]
    row[episodes] = np.maximum(row[episodes], weight * np.minimum(hits.strengths, 1.0))


def _matched(
    words: Sequence[WordHits],
    shares: Array,
    required: Array | None,
    shape: Shape,
    weights: WeightSettings,
) -> Array:
    """Which episodes match (E,).

    Where plenty hold every word, only they match. Else the best partial matches follow: a word of
    the show's tags is what an episode is about and must be held; the other words may be said in
    other words, or in part be missing.
    """
    allowed = np.ones(shape.episodes, bool) if required is None else required
    wanted = [(word, share) for word, share in zip(words, shares, strict=True) if share > 0]
    complete: Array = allowed & np.logical_and.reduce([word.held for word, _ in wanted])
    if np.count_nonzero(complete) >= PLENTY:
        return complete
    subjects = [word.held for word, _ in wanted if word.subject]
    about = allowed & np.logical_and.reduce(subjects) if subjects else allowed
    if not about.any():
        about = allowed
    cover = np.zeros(shape.episodes)
    for word, share in wanted:
        cover += share * _held(word, shape)
    cover[~about] = 0.0
    matched = (cover > 0) & (cover >= weights.most * cover.max(initial=0.0))
    return np.asarray(matched | complete)


def _held(word: WordHits, shape: Shape) -> Array:
    """How surely each episode holds a word (E,): 1 where it does, less for other words for it."""
    held = word.held.astype(np.float64)
    for hits in (word.own, *word.heads.values()):
        np.maximum.at(held, shape.episode[hits.passages], np.minimum(hits.strengths, 1.0))
    return held


def _neighbours(own: Array, units: Array, episode: Array) -> Array:
    """The greater strength of the moments right before and after, within the episode (words, u)."""
    beside = np.zeros_like(own)
    if len(units) > 1:
        close = (np.diff(units) == 1) & (np.diff(episode) == 0)
        after = np.where(close, own[:, 1:], 0.0)
        before = np.where(close, own[:, :-1], 0.0)
        beside[:, :-1] = after
        beside[:, 1:] = np.maximum(beside[:, 1:], before)
    return beside


def _beside(words: Sequence[WordHits], shares: Array, units: Array) -> Array:
    bonus = np.zeros(len(units))
    for row, word in enumerate(words[:-1]):
        if len(word.beside):
            bonus += (shares[row] + shares[row + 1]) / 2 * np.isin(units, word.beside)
    return bonus


def _beside_heads(
    words: Sequence[WordHits], shares: Array, shape: Shape, weights: WeightSettings
) -> Array:
    bonus = np.zeros(shape.episodes)
    for row, word in enumerate(words[:-1]):
        best = np.zeros(shape.episodes)
        for name, passages in word.beside_heads.items():
            _raise(best, shape.episode[passages], np.full(len(passages), getattr(weights, name)))
        bonus += (shares[row] + shares[row + 1]) / 2 * best
    return bonus


def _places(groups: Array) -> Array:
    """0, 1, 2 … within each run of equal values."""
    if not len(groups):
        return np.zeros(0, np.int64)
    starts = np.flatnonzero(np.diff(groups, prepend=groups[0] - 1))
    return np.arange(len(groups)) - np.repeat(starts, np.diff(starts, append=len(groups)))
