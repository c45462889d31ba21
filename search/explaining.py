"""Why something ranks where it does: a sentence, and the numbers that add up to its score."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

import numpy as np
from msgspec.structs import replace

from search.analysis import fold, tokens
from search.answer import Reason
from search.highlight import rows_among
from search.hits import Array, Hits, Shape, span
from search.meanings import Wanted
from search.order import STEP, Order
from search.query_hits import QueryHits
from search.ranking import Ranking, contexts
from search.remembering import remembered
from search.settings import WeightSettings
from search.units import Units, fade, score_units
from search.wording import plural

DIGITS = 4
"""Decimal places of what is told: each number is rounded by itself."""
_SHIFT = 10.0**DIGITS
_ORDER = {
    Order.SAID: "the word itself",
    Order.TOGETHER: "all words in one place",
    Order.IN_A_ROW: "the words in a row",
    Order.NAMED: "named by title, guests or tags",
    Order.IN_FULL: "the title, a guest or the number itself",
}


class Explaining:
    """Explains the results of one search: takes the scores apart as `search.ranking` made them."""

    def __init__(
        self, hits: QueryHits, ranking: Ranking, shape: Shape, weights: WeightSettings
    ) -> None:
        self._hits = hits
        self._shares = ranking.shares
        self._order = ranking.order
        self._shape = shape
        self._weights = weights
        # A word is called what it was meant to be: nothing says what was typed by mistake.
        used = dict(hits.understood.corrections)
        self._wanted = [
            replace(wanted, typed=used.get(wanted.typed, wanted.typed))
            for wanted in hits.understood.wanted
        ]
        self._context, self._lent = contexts(hits.words, shape.episodes)
        # The episode and each of its moments ask for the same.
        self._scored = remembered(self._score, 1)

    def episode(self, number: int, score: float) -> Reason:
        """Where in the episode each word stands, and what its score is made of."""
        if not self._hits.words:
            return Reason("listed by the filters alone", {"score": told(score)})
        weights, named = self._weights, self._hits.named
        scores, is_moment = self._units(number)
        numbers = _place(float(self._order[number]))
        if len(scores):
            unit = "moment" if is_moment else "paragraph"
            given = fade(np.arange(len(scores)), weights) * scores
            numbers[f"best {unit}"] = given[0]
            numbers[f"further {unit}s"] = given[1:].sum()
        said = float(np.dot(self._shares, self._context[:, number]))
        numbers["title, tags and text"] = said
        numbers["named in full"] = weights.named * named.in_full.get(number, 0.0)
        sentence = "; ".join(f"{name}: {where}" for name, where in self._standing(number))
        if number in named.numbered:
            sentence = f"its number is what is asked for; {sentence}"
        return Reason(sentence, _rounded(numbers, score))

    def moment(self, passage: int, text: str, score: float) -> Reason:
        """What the moment says of the query, and what its score is made of."""
        scored = self._scored(int(self._shape.episode[passage]))
        unit = int(np.searchsorted(scored.passages, passage))
        numbers = _place(int(scored.order[unit]))
        parts = []
        for row, wanted in self._counting():
            strength = scored.strengths[row, unit]
            numbers[wanted.typed] += self._shares[row] * strength
            parts.append(_said(wanted, text) or _lent(wanted, strength))
        return Reason("; ".join(parts), _rounded(numbers, score))

    def _counting(self) -> Iterator[tuple[int, Wanted]]:
        """The words that count, with their rows."""
        for row, wanted in enumerate(self._wanted):
            if self._shares[row] > 0:
                yield row, wanted

    def _score(self, number: int) -> Units:
        only = np.zeros(self._shape.episodes, bool)
        only[number] = True
        return score_units(self._hits, self._shares, self._lent, only, self._shape, self._weights)

    def _units(self, number: int) -> tuple[Array, bool]:
        """The scores of an episode's moments, or of its paragraphs, best first."""
        scored = self._scored(number)
        return np.sort(scored.scores)[::-1], bool(self._shape.moment[scored.passages].any())

    def _standing(self, number: int) -> Iterator[tuple[str, str]]:
        """(word, where it or another word for it stands in the episode)."""
        here = span(self._shape.episode, number, number + 1)
        for row, wanted in self._counting():
            word = self._hits.words[row]
            places = [f"the {name}" for name, saying in word.heads.items() if number in saying]
            inside = np.concatenate([_inside(hits, here) for hits in word.texts])
            moments = int(np.count_nonzero(self._shape.moment[inside]))
            if moments:
                places.append(plural(moments, "moment"))
            if moments < len(inside):
                places.append("the text")
            only = "" if word.held[number] or not places else "only other words for it, in "
            share = f"{wanted.typed} ({self._shares[row]:.0%} of the query)"
            yield share, only + (_listed(places) if places else "nowhere")


def told(number: float) -> float:
    """A number as it is told. `round(number, DIGITS)` takes three times as long."""
    return round(number * _SHIFT) / _SHIFT


def _place(order: float) -> dict[str, float]:
    """What a place in the order that no score turns round gives to a score."""
    numbers: dict[str, float] = defaultdict(float)
    if order:
        numbers[_ORDER[math.ceil(order)]] = STEP * order
    return numbers


def _inside(hits: Hits, passages: slice) -> Array:
    """The passages of some hits that lie among those."""
    return hits.passages[span(hits.passages, passages.start, passages.stop)]


def _said(wanted: Wanted, text: str) -> str:
    """How a text says a word, in the surest form; empty if it does not."""
    there = tokens(text)
    for form in sorted(wanted.forms, key=lambda form: form.kind):
        row = next(rows_among(there, form.slots), ())
        if not row:
            continue
        said = " ".join(word for word, _ in groupby(text[t.start : t.end] for t in row))
        if _letters(said) == _letters(wanted.typed):
            return f"says {wanted.typed}"
        if form.sure:
            return f"says {wanted.typed} as “{said}”"
        return f"says “{said}”, another word for {wanted.typed}"
    return ""


def _letters(text: str) -> str:
    """What is left of a text however it is written: `Front-End` is `front end`."""
    return "".join(filter(str.isalnum, fold(text)))


def _lent(wanted: Wanted, strength: float) -> str:
    if strength > 0:
        return f"is lent {wanted.typed} by its episode or a guest's name"
    return f"does not say {wanted.typed}"


def _rounded(numbers: Mapping[str, float], score: float) -> dict[str, float]:
    """What adds something, and the score that it adds up to."""
    parts = {name: told(float(part)) for name, part in numbers.items()}
    return {**{name: part for name, part in parts.items() if part}, "score": told(score)}


def _listed(items: Sequence[str]) -> str:
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)
