"""Why something ranks where it does: a sentence and the numbers behind it."""

from collections.abc import Sequence

import numpy as np

from search.answer import Reason
from search.hits import Array, Hits, Shape, WordHits
from search.ranking import Ranking
from search.understanding import Understanding, Wanted


def explain_moment(
    passage: int, words: Sequence[WordHits], wanted: Sequence[Wanted], shares: Array
) -> Reason:
    """Which words the moment says itself, and how much of the query they are."""
    said, numbers = [], {}
    for word, each, share in zip(words, wanted, shares, strict=True):
        strength = _strength(word.own, passage)
        if strength > 0 and share > 0:
            said.append(each.typed)
            numbers[f"strength of {each.typed}"] = round(strength, 3)
            numbers[f"share of {each.typed}"] = round(float(share), 3)
    sentence = f"says {_listed(said)} itself" if said else "stands in an episode about it"
    return Reason(sentence, numbers)


def explain_episode(
    number: int,
    score: float,
    shape: Shape,
    words: Sequence[WordHits],
    understood: Understanding,
    ranking: Ranking,
) -> Reason:
    """Where in the episode each word stands."""
    parts, numbers = [], {"score": round(score, 3)}
    begin, end = np.searchsorted(shape.episode, [number, number + 1])
    for word, each, share in zip(words, understood.wanted, ranking.shares, strict=True):
        if share <= 0:
            continue
        numbers[f"share of {each.typed}"] = round(float(share), 3)
        places = [
            name
            for name, hits in word.heads.items()
            if len(hits)
            and np.searchsorted(hits.passages, begin) < len(hits)
            and hits.passages[np.searchsorted(hits.passages, begin)] < end
        ]
        inside = word.own.passages[
            np.searchsorted(word.own.passages, begin) : np.searchsorted(word.own.passages, end)
        ]
        moments = int(np.count_nonzero(shape.moment[inside]))
        numbers[f"moments with {each.typed}"] = moments
        if moments:
            places.append(f"{moments} moment{'s' if moments > 1 else ''}")
        elif len(inside):
            places.append("the text")
        parts.append(f"{each.typed}: {_listed(places) if places else 'nowhere'}")
    return Reason("; ".join(parts) if parts else "listed by the filters alone", numbers)


def _strength(hits: Hits, passage: int) -> float:
    place = int(np.searchsorted(hits.passages, passage))
    found = place < len(hits) and hits.passages[place] == passage
    return float(hits.strengths[place]) if found else 0.0


def _listed(items: Sequence[str]) -> str:
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)
