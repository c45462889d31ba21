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

To both, `search.order` adds what no sum can turn round.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from search.hits import Array, Named, Shape, WordHits, firsts, places
from search.matched import matching
from search.order import STEP, Lines, lines, order_of_episodes
from search.settings import WeightSettings

FADE = 0.8
"""Each further moment of an episode adds this much less than the one before it."""
FURTHER = 5
"""How many further moments count."""
FULL = 0.7
"""From this strength on a word counts as covered: it stands in the moment, however long that is."""

TOLD = 10
"""Decimal places of a score, seen from the best one, that tell two episodes apart."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """All that matches.

    `episodes` (e,) numbers, best first, newest first among equals; `scores` (e,) theirs.
    `moments` (m,) passage numbers of the matching moments of those episodes, rising;
    `episode_of_moments` (m,) and `moment_scores` (m,) theirs. `shares` (words,) how much of the
    query each word is. `order` (E,) the place of each episode in the order that no score turns
    round.
    """

    episodes: Array
    scores: Array
    moments: Array
    episode_of_moments: Array
    moment_scores: Array
    shares: Array
    order: Array


def rank(
    words: Sequence[WordHits],
    required: Array | None,
    named: Named,
    row: Mapping[str, Array],
    shape: Shape,
    weights: WeightSettings,
) -> Ranking:
    """Ranks what the words are met in. `required` (E,) masks the episodes that may match (phrases,
    titles, exclusions); None for all. `row`: by field, the passages where the whole query stands
    in a row."""
    shares = _shares(words, len(shape.episode), weights)
    matched = matching(words, shares, required, shape, weights)
    context = contexts(words, shape.episodes)
    scored = score_units(words, shares, context, matched, row, shape, weights)
    units, episode, scores, order = scored.units, scored.episodes, scored.scores, scored.order
    moment = shape.moment[units]
    totals = weights.head * (
        shares @ context + weights.beside * beside_heads(words, shares, shape, weights)
    )
    for number, part in named.in_full.items():
        totals[number] += weights.named * part
    highest = order_of_episodes(words, scored.lines, row, named, shape)
    found = moment
    if len(units):
        starts = scored.begins.nonzero()[0]
        # Of each unit, its episode's number among those that have any.
        which = scored.begins.cumsum() - 1
        fading = fade(np.arange(len(units)) - starts[which], weights)
        # By episode, the best first within each: one key of both sorts ten times as fast as two.
        best_first = np.argsort(episode - scores / (2 * scores.max() or 1.0))
        totals[episode[starts]] += np.add.reduceat(fading * scores[best_first], starts)
        # What covers nearly as much of the query as the best of its episode is shown, and all that
        # says all of it.
        cover = shares @ np.minimum(scored.strengths / FULL, 1.0)
        enough = weights.enough * np.maximum.reduceat(cover, starts)
        found = moment & ((cover >= enough[which]) | (order > 0))
    totals += STEP * highest
    numbers = _in_order(totals, matched.nonzero()[0])
    return Ranking(
        numbers,
        totals[numbers],
        units[found],
        episode[found],
        scores[found] + STEP * order[found],
        shares,
        highest,
    )


def _in_order(totals: Array, numbers: Array) -> Array:
    """Episodes by falling totals (E,), the newest first among equals: totals that are the same to
    TOLD places, seen from the greatest one; beyond them it matters in which order one adds up.

    Total and number make one whole number each: those are sorted ten times as fast as places are
    by a stable sort.
    """
    episodes = len(totals)
    totals = totals[numbers] / (totals.max(initial=0.0) or 1.0)
    keys = (totals * 10.0**TOLD).round().astype(np.int64) * episodes + numbers
    keys.sort()
    order: Array = keys[::-1] % episodes
    return order


@dataclass(frozen=True, slots=True)
class Scored:
    """Moments and paragraphs with their scores.

    `units` (u,) rising, `episodes` (u,) theirs, `begins` (u,) masks the first of each episode,
    `strengths` (words, u) of each word as the unit says it or is lent it, `scores` (u,),
    and `order` (u,) of search.order, which is not in them. `lines` are of all episodes.
    """

    units: Array
    episodes: Array
    begins: Array
    strengths: Array
    scores: Array
    order: Array
    lines: Lines


def score_units(
    words: Sequence[WordHits],
    shares: Array,
    context: Array,
    matched: Array,
    row: Mapping[str, Array],
    shape: Shape,
    weights: WeightSettings,
) -> Scored:
    """Scores the units of the episodes that match (E,); `context` as of `contexts`, `row` as of
    `rank`."""
    units, episode, own = _together(words, shape, matched)
    begins = firsts(episode)
    strengths = np.maximum(own, (weights.context * context).take(episode, 1))
    _raise_neighbours(strengths, weights.neighbours, own, units, begins)
    # Not `shares @ strengths`: that may add up differently from column to column, and moments that
    # say the same are to be equals to the last bit.
    scores = (shares[:, None] * strengths).sum(0)
    _add_beside(scores, words, weights.beside * shares, units)
    scores[~shape.moment[units]] *= weights.text
    found = lines(words, row, shape)
    return Scored(units, episode, begins, strengths, scores, found.order(units), found)


def fade(place: Array, weights: WeightSettings) -> Array:
    """How much of its score a unit gives to its episode, by its place among the others there."""
    fading: Array = _parts(weights.breadth)[np.minimum(place, FURTHER + 1)]
    return fading


@lru_cache(maxsize=4)
def _parts(breadth: float) -> Array:
    """Of the best, of each further one that counts, of all others."""
    return np.array([1.0, *[breadth * FADE**further for further in range(1, FURTHER + 1)], 0.0])


def contexts(words: Sequence[WordHits], episodes: int) -> Array:
    """The words' contexts (words, E)."""
    rows = np.zeros((len(words), episodes))
    for row, word in enumerate(words):
        rows[row, word.met.context.episodes] = word.met.context.values
    return rows


def _together(words: Sequence[WordHits], shape: Shape, matched: Array) -> tuple[Array, ...]:
    """The units met in episodes that match (u,), their episodes (u,), and the words' strengths in
    them (words, u)."""
    units, strengths = [], []
    for word in words:
        keep = matched[word.met.episodes]
        whole = keep.all()
        units.append(word.met.units if whole else word.met.units[keep])
        strengths.append(word.met.strengths if whole else word.met.strengths[keep])
    if len(words) == 1:
        return units[0], shape.episode[units[0]], strengths[0][None].astype(np.float64)
    joined = np.concatenate(units)
    order = joined.argsort(kind="stable")
    rising = joined[order]
    first = firsts(rising)
    together = rising[first]
    # Where each of the joined ones stands among all.
    where = np.empty(len(joined), np.intp)
    where[order] = first.cumsum() - 1
    own = np.zeros((len(words), len(together)))
    begin = 0
    for row, strength in zip(own, strengths, strict=True):
        end = begin + len(strength)
        row[where[begin:end]] = strength
        begin = end
    return together, shape.episode[together], own


def _raise_neighbours(
    strengths: Array, part: float, own: Array, units: Array, begins: Array
) -> None:
    """Raises strengths (words, u) to the part that the moments right before and after lend of
    their own."""
    close = (units[1:] - units[:-1] == 1) & ~begins[1:]
    before = close.nonzero()[0]
    if len(before):
        after = before + 1
        lent = part * own
        strengths[:, before] = np.maximum(strengths[:, before], lent[:, after])
        strengths[:, after] = np.maximum(strengths[:, after], lent[:, before])


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


def _add_beside(scores: Array, words: Sequence[WordHits], shares: Array, units: Array) -> None:
    """Adds to the units where neighbours in the query stand side by side."""
    for row, word in enumerate(words[:-1]):
        if len(word.beside) and len(units):
            scores[places(units, word.beside)] += (shares[row] + shares[row + 1]) / 2


def beside_heads(
    words: Sequence[WordHits], shares: Array, shape: Shape, weights: WeightSettings
) -> Array:
    """What words side by side in the heads of episodes add (E,)."""
    bonus = np.zeros(shape.episodes)
    for row, word in enumerate(words[:-1]):
        if not word.beside_heads:
            continue
        best = np.zeros(shape.episodes)
        for name, passages in word.beside_heads.items():
            episodes = shape.episode[passages]
            best[episodes] = np.maximum(best[episodes], getattr(weights, name))
        bonus += (shares[row] + shares[row + 1]) / 2 * best
    return bonus
