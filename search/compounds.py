"""Compounds of a query: written apart, with a hyphen, or as one word."""

import re
from collections.abc import Sequence

from search.forms import WordForms
from search.query import Word
from search.wordlists import Name, Wordlists, relatives

_HYPHENS = re.compile("[-_]")


class Compounds:
    """Puts the words of queries together, and takes them apart, as one show has them."""

    def __init__(self, words: WordForms, lists: Wordlists) -> None:
        self._words = words
        self._lists = lists

    def join(self, words: list[Word]) -> list[Word]:
        """`front end` and `front-end` are `frontend` where the show has the word; what it does not
        have is the words side by side or apart, however they were typed."""
        apart = [each for word in words for each in self._apart(word)]
        joined: list[Word] = []
        while apart:
            for length in (3, 2, 1):
                if len(apart) >= length and self._is_compound(apart[:length]):
                    joined.append(_as_one(apart[:length]))
                    del apart[:length]
                    break
        return joined

    def _apart(self, word: Word) -> list[Word]:
        """A word with hyphens, where the show does not have it, as the words between them; words of
        symbols and of single letters (`t-shirt`) stay whole."""
        written = _HYPHENS.split(word.typed)
        if word.prefix or len(written) != len(word.parts) or word.term != "".join(word.parts):
            return [word]
        apart = [Word(term, typed) for term, typed in zip(word.parts, written, strict=True)]
        alone = any(len(term) < 2 for term in word.parts)
        return [word] if alone or self._is_compound(apart) else apart

    def _is_compound(self, words: list[Word]) -> bool:
        if len(words) == 1:
            return True
        first, last = words[0], words[-1]
        if not all(word.term.isalpha() and not word.parts for word in words) or last.prefix:
            return False
        whole = "".join(word.term for word in words)
        common = sum(self._lists.is_common(word.term) for word in (first, last))
        if common == 2 or len(last.term) < 2 or (common and len(first.term) < 2):
            return False
        if common or len(words) > 2:
            return self._words.lexicon.frequency(whole) > 0
        return self._words.occurs_in_any_form(whole)

    def ways(self, word: Word) -> list[Name]:
        """How a word of a phrase may be written: as one, or apart."""
        whole = (word.term,)
        if word.parts:
            return [word.parts, whole]
        apart = [name for name in relatives(self._lists.aliases, whole) if len(name) > 1]
        splits = [tuple(slot[0] for slot in f.slots) for f in self._words.splits(word.term)]
        # `email` is also `e-mail`, but in a phrase no name of it that is another word.
        return [whole, *(name for name in (*splits, *apart) if "".join(name) == word.term)]


def _as_one(words: Sequence[Word]) -> Word:
    if len(words) == 1:
        return words[0]
    terms = tuple(word.term for word in words)
    return Word("".join(terms), " ".join(word.typed for word in words), terms)
