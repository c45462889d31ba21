"""Where in texts their terms stand, found without taking the texts apart.

Most words of most texts are letters alone, and so terms as they stand: those are looked for as
they are, between blanks. Only what else stands between two blanks goes through the analyzer.
All texts of an answer are looked through as one: most of what it takes is the same for one text.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate

from search.analysis import MAX_TERM, tokens

Span = tuple[int, int]
"""Offsets into a text: the first character and the one after the last."""

_REMEMBERED_WORDS = 16384
_REMEMBERED_TEXTS = 4096
_NOT_PLAIN = re.compile(r"[^a-z ,;:!?()\"]")
_TO_BLANKS = bytes.maketrans(b',;:!?()"', b" " * 8)
_NOWHERE: Mapping[int, Span] = {}


class Texts:
    """The terms of some texts. Spans are offsets into the single texts."""

    __slots__ = ("_begins", "_elsewhere", "_searched")

    def __init__(self, texts: Sequence[str]) -> None:
        apart = list(map(taken_apart, texts))
        self._begins = [*accumulate([len(searched) + 1 for searched, _ in apart], initial=1)]
        self._searched = f" {' '.join([searched for searched, _ in apart])} "
        self._elsewhere = [elsewhere for _, elsewhere in apart]

    def stretches(self, slots: Sequence[Iterable[str]]) -> dict[int, Span]:
        """By the numbers of the texts that hold a term of each slot, the stretch from the first
        one of the first slot to the last of the last."""
        first = last = self.spans(slots[0])
        numbers = set(first)
        for slot in slots[1:]:
            if numbers:
                last = self.spans(slot)
                numbers &= last.keys()
        return {number: (min(first[number])[0], max(last[number])[1]) for number in numbers}

    def spans(self, terms: Iterable[str]) -> dict[int, list[Span]]:
        """Where the terms stand: by the numbers of the texts that have any."""
        found: dict[int, list[Span]] = {}
        searched, elsewhere, begins = self._searched, self._elsewhere, self._begins
        for term in terms:
            # A term stands between blanks, or begins a word that is too long for one.
            whole = len(term) < MAX_TERM
            word = f" {term} " if whole else f" {term}"
            at = searched.find(word)
            while at >= 0:
                end = at + len(word) - 1 if whole else searched.find(" ", at + 1)
                number = bisect_right(begins, end) - 1
                first = at + 1 - begins[number]
                span = elsewhere[number].get(first) or (first, end - begins[number])
                found.setdefault(number, []).append(span)
                at = searched.find(word, end)
        return found


@lru_cache(maxsize=_REMEMBERED_TEXTS)
def taken_apart(text: str) -> tuple[str, Mapping[int, Span]]:
    """A text in lower case with a blank on each side of every word of letters alone, and nothing
    else; behind it, between blanks, the other terms, and by where each begins there its span in the
    text. Good moments are shown again and again, so these are kept."""
    low = text.lower()
    if len(low) != len(text):
        # A letter that is two in lower case stays: offsets would not be the text's.
        low = "".join([to if len(to := char.lower()) == 1 else char for char in text])
    plain = f" {low} ".replace(". ", "  ")
    others: list[str] = []
    elsewhere: dict[int, Span] = {}
    pieces: list[str] = []
    done, place = 0, len(text) + 1
    while found := _NOT_PLAIN.search(plain, done):
        begin = plain.rfind(" ", done, found.start()) + 1
        end = plain.find(" ", begin)
        for term, first, last in _terms(text[begin - 1 : end - 1]):
            others.append(term)
            elsewhere[place] = begin - 1 + first, begin - 1 + last
            place += len(term) + 1
        pieces += (plain[done:begin], " " * (end - begin))
        done = end
    plain = "".join((*pieces, plain[done:]))[1:-1] if pieces else plain[1:-1]
    plain = plain.encode().translate(_TO_BLANKS).decode()
    return (" ".join((plain, *others)), elsewhere) if others else (plain, _NOWHERE)


@lru_cache(maxsize=_REMEMBERED_WORDS)
def _terms(chunk: str) -> tuple[tuple[str, int, int], ...]:
    """The terms of what stands between two blanks, and where in it they begin and end. No term
    reaches over a blank."""
    return tuple([(token.term, token.start, token.end) for token in tokens(chunk)])
