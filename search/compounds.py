"""Compounds of a query: written apart, with a hyphen, or as one word."""

from collections.abc import Iterable, Sequence

from search.amounts import in_short
from search.forms import Form, Kind
from search.names import Name
from search.parting import Parting
from search.query import Word
from search.unfinished import slots_of
from search.word_forms import WordForms
from search.wordlists import Wordlists

LONGEST = 4
"""Words of the longest name that is one word."""
LONGEST_COMPOUND = 3
"""Words of the longest compound that is put together."""
_SHORTEST_BEGUN = 3
"""Letters of an unfinished word that may go on from the one before it."""
_NOUNS = ("s", "ing")
"""Endings of verbs that may be nouns as well."""
_PLACES = frozenset(("in", "on", "at"))
"""What may say where something is, or be a part of a verb."""
_ARTICLES = frozenset(("a", "an", "the"))


class Compounds:
    """Puts the words of queries together, and takes them apart, as one show has them."""

    def __init__(self, words: WordForms, lists: Wordlists, exact: bool) -> None:
        """With `exact`, a name of several words is no more than its words."""
        self._words = words
        self._lists = lists
        self._exact = exact
        self._parting = Parting(words, lists)

    def join(self, words: Iterable[Word], in_phrase: bool = False) -> list[Word]:
        """`front end` and `front-end` are `frontend` where the show has the word, and a name that
        goes by others is one word, too: `rolling back` is a rollback, and neither rolling nor back.
        What the show does not have is the words side by side or apart, however they were typed
        (`in_phrase` as of Parting)."""
        apart = [each for word in words for each in self._parting.parted(word, in_phrase)]
        joined: list[Word] = []
        while apart:
            length = self._length_of_one(apart)
            one = _as_one(apart[:length])
            if amount := self._amount(apart[:2]):
                length, one = 2, amount
            if length == 1 and len(apart) == 2 and self._begins_one(*apart):
                length, whole = 2, _as_one(apart)
                one = Word(whole.term, whole.typed, prefix=True)
            joined.append(one)
            del apart[:length]
        return joined

    def leads_on(self, words: Sequence[Word], after: Sequence[Word]) -> bool:
        """Whether the last of a name's words belongs to those after it: `logs in production` are
        no logins, `logs in with …` are."""
        may = words[-1].term in _PLACES and words[0].term.endswith(_NOUNS)
        if not may or not self._lists.names_of(tuple([word.term for word in words])):
            return False
        thing = next((word.term for word in after if word.term not in _ARTICLES), None)
        return thing is not None and not self._lists.is_common(thing)

    def _length_of_one(self, words: list[Word]) -> int:
        """How many of the words, from the first on, are one word."""
        if len(words) == 1:
            return 1
        named = not self._exact and self._lists.aliases.longest(words[0].term) > 1
        for length in range(min(LONGEST if named else LONGEST_COMPOUND, len(words)), 1, -1):
            run = words[:length]
            if named and self._is_name(tuple(run)) and not self.leads_on(run, words[length:]):
                return length
            if length <= LONGEST_COMPOUND and self._parting.is_compound(run):
                return length
        return 1

    def _begins_one(self, first: Word, last: Word) -> bool:
        """Whether an unfinished word goes on from the one before it, `digital oce` to DigitalOcean,
        where the show says that more often than what the word begins, or none of this there."""
        if not last.prefix or len(last.term) < _SHORTEST_BEGUN or first.parts or last.parts:
            return False
        one, alone = map(self._commonest, (first.term + last.term, last.term))
        if not one or self._words.lexicon.frequency(last.term):
            return False
        apart = slots_of(self._words, (first.term, last.term), prefix=True)
        return one > alone or not self._words.occurs(Form(Kind.EXACT, apart))

    def _amount(self, words: Sequence[Word]) -> Word | None:
        """A number and what it counts as one word, `60 million` as `60m`, where the show has it."""
        number, unit = words[0], words[-1]
        term = in_short(number.term, unit.term)
        if not term:
            return None
        apart = (*(number.parts or (number.term,)), unit.term)
        one = Word(term, f"{number.typed} {unit.typed}", apart)
        return one if self._words.own_forms(one) else None

    def _commonest(self, begun: str) -> int:
        """How often the show says the commonest word that begins so."""
        lexicon = self._words.lexicon
        return sum(map(lexicon.frequency, lexicon.prefixed(begun, 1)))

    def _is_name(self, words: tuple[Word, ...]) -> bool:
        """Whether words are a name that goes by others, one of which the show has."""
        name = tuple([word.term for word in words])
        if any(word.parts for word in words):
            return False
        if not self._lists.names_of(name):
            return False
        others = self._words.other_forms(name)
        return any(form.kind == Kind.ALIAS for form in others) or bool(
            self._words.own_forms(_as_one(words))
        )

    def ways(self, word: Word) -> list[Name]:
        """How a word of a phrase may be written: as one, or apart."""
        whole = (word.term,)
        if word.parts:
            return [word.parts, whole]
        apart = [name for name in self._lists.names_of(whole) if len(name) > 1]
        splits = [form.name for form in self._words.splits(word.term)]
        # `email` is also `e-mail`, but in a phrase no name of it that is another word.
        return [whole, *(name for name in (*splits, *apart) if "".join(name) == word.term)]


def _as_one(words: Sequence[Word]) -> Word:
    if len(words) == 1:
        return words[0]
    terms = tuple(word.term for word in words)
    return Word("".join(terms), " ".join(word.typed for word in words), terms)
