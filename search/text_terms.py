"""Where in a text its terms stand, found without taking the whole text apart.

Most words of most texts are letters alone, and so terms as they stand: those are looked for as
they are, between blanks. Only what else stands between two blanks goes through the analyzer.
"""

import re
from collections.abc import Collection
from functools import lru_cache
from sys import intern

from search.analysis import MAX_TERM, tokens

Span = tuple[int, int]
"""Offsets into a text: the first character and the one after the last."""

_REMEMBERED_WORDS = 32768
_REMEMBERED_TEXTS = 4096
_FEW = 12
"""So many terms are looked for one by one in a text. Where there are more of them, the set of all
that it says, once it is made, tells faster which of them it has."""
_NOT_PLAIN = re.compile(r"[^a-z ,;:!?()\"]")
_TO_BLANKS = bytes.maketrans(b',;:!?()"', b" " * 8)


class TextTerms:
    """The terms of one text."""

    __slots__ = ("_looked_for", "_others", "_plain", "_said")

    def __init__(self, text: str) -> None:
        self._looked_for = 0
        # The text in lower case with a blank on each side of every word of letters alone, and
        # nothing else; of other terms, where they stand.
        self._plain = ""
        self._others: dict[str, list[Span]] = {}
        self._said: frozenset[str] | None = None
        low = text.lower()
        if len(low) != len(text):
            # A letter that is two in lower case: offsets would not be the text's.
            self._take_apart(text, 0)
            return
        plain = f" {low} ".replace(". ", "  ")
        pieces: list[str] = []
        done = 0
        while found := _NOT_PLAIN.search(plain, done):
            begin = plain.rfind(" ", done, found.start()) + 1
            end = plain.find(" ", begin)
            self._take_apart(text[begin - 1 : end - 1], begin - 1)
            pieces += (plain[done:begin], " " * (end - begin))
            done = end
        plain = "".join((*pieces, plain[done:])) if pieces else plain
        self._plain = plain.encode().translate(_TO_BLANKS).decode()

    def _take_apart(self, chunk: str, at: int) -> None:
        for term, start, end in _terms(chunk):
            self._others.setdefault(term, []).append((at + start, at + end))

    @property
    def said(self) -> frozenset[str]:
        """All of them."""
        if self._said is None:
            # Texts share their words: each is kept once for all of them.
            plain = [intern(word[:MAX_TERM]) for word in self._plain.split()]
            self._said = frozenset([*plain, *self._others])
        return self._said

    def spans(self, terms: Collection[str]) -> list[Span]:
        """Where the terms stand."""
        said = self._said
        if said is None:
            self._looked_for += len(terms)
            said = self.said if self._looked_for > _FEW else None
        if said is not None:
            terms = said.intersection(terms)
        spans: list[Span] = []
        for term in terms:
            if term in self._others:
                spans += self._others[term]
            # In plain text a term stands between blanks, or begins a word that is too long for one.
            word = f" {term} " if len(term) < MAX_TERM else f" {term}"
            at = self._plain.find(word)
            while at >= 0:
                # The blank before the whole text makes up for the one before the term.
                end = self._plain.find(" ", at + 1)
                spans.append((at, end - 1))
                at = self._plain.find(word, end)
        return spans


@lru_cache(maxsize=_REMEMBERED_TEXTS)
def terms_in(text: str) -> TextTerms:
    """Good moments are shown again and again, so these are kept."""
    return TextTerms(text)


@lru_cache(maxsize=_REMEMBERED_WORDS)
def _terms(chunk: str) -> tuple[tuple[str, int, int], ...]:
    """The terms of what stands between two blanks, and where in it they begin and end. No term
    reaches over a blank."""
    return tuple([(token.term, token.start, token.end) for token in tokens(chunk)])
