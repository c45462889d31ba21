"""Words of a query taken apart where the show does not have them as one: addresses and names of
files, words with hyphens, a word and its number."""

import re
from itertools import chain

from msgspec.structs import replace

from search.query import Word
from search.query_words import words_of
from search.spelling import allowed_edits
from search.word_forms import WordForms, letters_and_number
from search.wordlists import Wordlists

_MOST_SHORT = 3
"""Parts of a word that a part of a single letter keeps whole: `t-shirt`, `a/b`."""
_HYPHENS = re.compile("[-_]")
_BETWEEN_TWO = re.compile("[/&]")
_VERSION = re.compile(r"([^\W\d_]{2,})(\d+(?:\.\d+)+)")
_WWW = re.compile(r"\Awww\.", re.IGNORECASE)


class Parting:
    """Takes words apart as one show has them."""

    def __init__(self, words: WordForms, lists: Wordlists) -> None:
        self._words = words
        self._lists = lists

    def is_compound(self, words: list[Word]) -> bool:
        """Whether words side by side are one word of the show."""
        if any(word.parts for word in words):
            return False
        first, last = words[0], words[-1]
        whole = "".join(word.term for word in words)
        if len(words) == 2 and letters_and_number(whole) == (first.term, last.term):
            return self._words.lexicon.frequency(whole) > 0
        if not all(word.term.isalpha() for word in words):
            return False
        common = sum(self._lists.is_common(word.term) for word in (first, last))
        if common == 2 or len(last.term) < 2 or (common and len(first.term) < 2):
            return False
        if common or len(words) > 2:
            return self._words.lexicon.frequency(whole) > 0
        return self._words.occurs_in_any_form(whole)

    def parted(self, word: Word, in_phrase: bool = False) -> list[Word]:
        """A word as the words that it is made of, each of which is taken apart no further; itself
        where the show has it, in quotes, or where it is of other symbols or of single letters. In a
        phrase, an address is the row of its parts, as in texts."""
        if word.quoted:
            return [word]
        if word.parts and word.prefix:
            return [word] if in_phrase else self._unfinished(word)
        if not word.parts:
            return self._at_number(word)
        if version := _VERSION.fullmatch(word.typed):
            return self._at_version(word, *version.groups())
        if min(map(len, word.parts)) < 2 and len(word.parts) <= _MOST_SHORT:
            return [word]
        if not in_phrase and re.search("[/&.]", word.typed):
            return self._at_signs(word)
        return self._at_hyphens(word)

    def _at_version(self, word: Word, name: str, number: str) -> list[Word]:
        """A word and a number with dots: `python3.8`."""
        apart = [*words_of(name), *words_of(number)]
        said = self._words.occurs_in_any_form(apart[0].term)
        return apart if said and not self._words.own_forms(word) else [word]

    def _unfinished(self, word: Word) -> list[Word]:
        """An unfinished word of two with a sign between them, as these two, where it begins none of
        the show: `flask/r` is Flask, and what begins with r. `at&t` and, of a show that says no
        `km`, `km/h` would be all that begins with one letter."""
        words = [each for piece in _BETWEEN_TWO.split(word.typed) for each in words_of(piece)]
        if len(words) < 2 or min(map(len, word.parts[:-1])) < 2:
            return [word]
        ends = (words[-1].parts or (words[-1].term,))[-1], word.term
        begun, one = (self._words.lexicon.prefixed(term, 1) for term in ends)
        says = any(map(self._asks_for, words[:-1]))
        if one or not begun or not says:
            return [word]
        apart = chain.from_iterable(map(self.parted, words[:-1]))
        return [*apart, replace(words[-1], prefix=True)]

    def _asks_for(self, word: Word) -> bool:
        """Whether a word asks for something that the show says."""
        common = self._lists.is_common(word.term)
        return not common and self._words.occurs_in_any_form(word.term)

    def _at_signs(self, word: Word) -> list[Word]:
        """At `/` and `&`, and what is between them at dots; without the `www` of an address."""
        address = _WWW.sub("", word.typed)
        of_two = bool(_BETWEEN_TWO.search(address))
        if self._is_one(word, of_two) or self._words.other_forms(word.parts):
            return [word]
        between = _BETWEEN_TWO.split(address) if of_two else address.split(".")
        return list(
            chain.from_iterable(map(self.parted, chain.from_iterable(map(words_of, between))))
        )

    def _is_one(self, word: Word, of_two: bool) -> bool:
        """Whether a word with a sign is one in the show. What stands side by side there may be said
        with a dot, and is two things (`of_two`) with another sign; numbers with dots are one."""
        if of_two:
            return self._words.lexicon.frequency(word.term) > 0
        return not any(map(str.isalpha, word.parts)) or bool(self._words.own_forms(word))

    def _at_hyphens(self, word: Word) -> list[Word]:
        written = _HYPHENS.split(word.typed)
        if len(written) != len(word.parts) or word.term != "".join(word.parts):
            return [word]
        apart = [Word(term, typed) for term, typed in zip(word.parts, written, strict=True)]
        if self.is_compound(apart):
            return [word]
        return list(chain.from_iterable(map(self._at_number, apart)))

    def _at_number(self, word: Word) -> list[Word]:
        """A word and its number: `vue3`."""
        parts = letters_and_number(word.term)
        known = parts and (self._words.own_forms(word) or self._words.other_forms((word.term,)))
        if not parts or known or not self._says_one(*parts):
            return [word]
        # What is typed may be written otherwise than its term: with digits of another script.
        first, last = zip(parts, letters_and_number(word.typed) or parts, strict=True)
        return [Word(*first), Word(*last, prefix=word.prefix)]

    def _says_one(self, first: str, last: str) -> bool:
        """Whether the show says the word of a word and a number, in any form or other words, or
        what this may be a slip of: of `mp4` and `2fa` the number alone says nothing."""
        letters = first if first.isalpha() else last
        said = self._words.occurs_in_any_form(letters) or self._words.other_forms((letters,))
        return bool(said) or allowed_edits(letters) > 0
