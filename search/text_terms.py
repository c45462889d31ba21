"""Where in texts their terms stand, found without taking the texts apart.

Most words of most texts are letters alone, and so terms as they stand: those are looked for as
they are, between blanks. Only what else stands between two blanks goes through the analyzer.
All texts of an answer are looked through as one: most of what it takes is the same for one text.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Sequence
from functools import lru_cache
from itertools import accumulate

from search.analysis import MAX_TERM, tokens

Span = tuple[int, int]
"""Offsets into a text: the first character and the one after the last."""

_REMEMBERED_WORDS = 32768
_NOT_PLAIN = re.compile(r"[^a-z ,;:!?()\"]")
_TO_BLANKS = bytes.maketrans(b',;:!?()"', b" " * 8)


class Texts:
    """The terms of some texts. Spans are offsets into the single texts."""

    __slots__ = ("_begins", "_others", "_plain")

    def __init__(self, texts: Sequence[str]) -> None:
        self._begins = [*accumulate([len(text) + 1 for text in texts], initial=1)]
        # All in lower case with a blank on each side of every word of letters alone, and nothing
        # else; of other terms, where they stand.
        written = f" {' '.join(texts)} "
        low = written.lower()
        if len(low) != len(written):
            # A letter that is two in lower case stays: offsets would not be the text's.
            low = "".join([to if len(to := char.lower()) == 1 else char for char in written])
        plain = low.replace(". ", "  ")
        self._others: dict[str, list[Span]] = {}
        pieces: list[str] = []
        done = 0
        while found := _NOT_PLAIN.search(plain, done):
            begin = plain.rfind(" ", done, found.start()) + 1
            end = plain.find(" ", begin)
            for term, first, last in _terms(written[begin:end]):
                self._others.setdefault(term, []).append((begin + first, begin + last))
            pieces += (plain[done:begin], " " * (end - begin))
            done = end
        plain = "".join((*pieces, plain[done:]))
        self._plain = plain.encode().translate(_TO_BLANKS).decode()

    def stretches(self, slots: Sequence[Collection[str]]) -> dict[int, Span]:
        """By the numbers of the texts that hold a term of each slot, the stretch from the first
        one of the first slot to the last of the last."""
        first = last = self.spans(slots[0])
        numbers = set(first)
        for slot in slots[1:]:
            if numbers:
                last = self.spans(slot)
                numbers &= last.keys()
        return {number: (min(first[number])[0], max(last[number])[1]) for number in numbers}

    def spans(self, terms: Collection[str]) -> dict[int, list[Span]]:
        """Where the terms stand: by the numbers of the texts that have any."""
        found: dict[int, list[Span]] = {}
        for term in terms:
            spans = [*self._others.get(term, ())]
            # In plain text a term stands between blanks, or begins a word that is too long for one.
            word = f" {term} " if len(term) < MAX_TERM else f" {term}"
            at = self._plain.find(word)
            while at >= 0:
                end = self._plain.find(" ", at + 1)
                spans.append((at + 1, end))
                at = self._plain.find(word, end)
            for start, end in spans:
                number = bisect_right(self._begins, start) - 1
                begin = self._begins[number]
                found.setdefault(number, []).append((start - begin, end - begin))
        return found


@lru_cache(maxsize=_REMEMBERED_WORDS)
def _terms(chunk: str) -> tuple[tuple[str, int, int], ...]:
    """The terms of what stands between two blanks, and where in it they begin and end. No term
    reaches over a blank."""
    return tuple([(token.term, token.start, token.end) for token in tokens(chunk)])
