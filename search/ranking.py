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
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from search.hits import Array, Hits, Shape, WordHits
from search.settings import WeightSettings

FADE = 0.8
"""Each further moment of an episode adds this much less than the one before it."""
FURTHER = 5
"""How many further moments count."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """All that matches.

    `episodes` (e,) numbers, best first, newest first among equals; `scores` (e,) theirs.
    `moments` (m,) passage numbers of the matching moments of those episodes, rising;
    `moment_scores` (m,) theirs. `partial`: no episode holds all words. `shares` (words,).
    """

    episodes: Array
    scores: Array
    moments: Array
    moment_scores: Array
    partial: bool
    shares: Array


def rank(
    words: Sequence[WordHits],
    required: Array | None,
    shape: Shape,
    weights: WeightSettings,
) -> Ranking:
    """Ranks what the words are met in. `required` (E,) masks the episodes that may match (phrases,
    titles, exclusions); None for all."""
    shares = _shares(words, len(shape.episode))
    own, context, units = _strengths(words, shape, weights)
    held = context > 0
    for row in range(len(words)):
        held[row, shape.episode[units[own[row] > 0]]] = True
    matched, partial = _matched(held, shares, required)
    keep = matched[shape.episode[units]]
    units, own = units[keep], own[:, keep]
    episode = shape.episode[units]
    scores = shares @ np.maximum(
        own,
        np.maximum(
            weights.context * context[:, episode],
            weights.neighbours * _neighbours(own, units, episode),
        ),
    )
    scores += weights.beside * _beside(words, shares, units)
    totals = weights.head * (
        shares @ context + weights.beside * _beside_heads(words, shares, shape, weights)
    )
    best = np.zeros(shape.episodes)
    order = np.lexsort((-scores, episode))
    place = _places(episode[order])
    counted = np.where(place == 0, 1.0, weights.breadth * FADE**place) * (place <= FURTHER)
    np.add.at(totals, episode[order], counted * scores[order])
    np.maximum.at(best, episode, scores)
    numbers = np.flatnonzero(matched)
    numbers = numbers[np.lexsort((-numbers, -totals[numbers]))]
    found = shape.moment[units] & (scores >= weights.enough * best[episode])
    return Ranking(numbers, totals[numbers], units[found], scores[found], partial, shares)


def _shares(words: Sequence[WordHits], passages: int) -> Array:
    rarity = np.array([0.0 if word.common else idf(passages, word.frequency) for word in words])
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


def _matched(held: Array, shares: Array, required: Array | None) -> tuple[Array, bool]:
    """Which episodes match (E,), and whether only in part."""
    wanted = shares > 0
    complete: Array = np.asarray(held[wanted].all(axis=0))
    some: Array = np.asarray(held[wanted].any(axis=0)) if wanted.any() else complete
    if required is not None:
        complete, some = complete & required, some & required
    if complete.any():
        return complete, False
    return some, bool(some.any())


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
