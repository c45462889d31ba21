"""Names → the other names they go by, worked out of the lists' rules for what is asked.

Thousands of rules are read at each start, and few are ever asked for: so names are taken apart
into terms, and these to their stems, only for what begins with a word that is asked for.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property

from search.names import Name, key_of, stem_of
from search.parser import terms_of_phrase
from search.remembering import remembered
from search.stemming import stem
from search.wordlist_files import Rule

_KEPT = 1024

Others = Mapping[Name, str]
"""Other names, and how each is written, in the order of their rules."""


class Stemmed:
    """Words by their stems. Safe to share between threads."""

    def __init__(self, words: Collection[str]) -> None:
        self._words = words
        self._by_letter: dict[str, dict[str, list[str]]] = {}

    def of(self, stemmed: str) -> Sequence[str]:
        """The words of a stem."""
        # No stem begins with another letter than its words: only these need be looked at.
        letter = stemmed[:1]
        by_stem = self._by_letter.get(letter)
        if by_stem is None:
            by_stem = {}
            for word in self._words:
                if word.startswith(letter):
                    by_stem.setdefault(stem(word), []).append(word)
            self._by_letter[letter] = by_stem
        return by_stem.get(stemmed, ())


class Rules:
    """Rules, found by the first word of the names they are for. Safe to share between threads."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        for place, rule in enumerate(rules):
            for source in rule.sources:
                self._places[_first_term(source)].append(place)
        self._firsts = Stemmed(self._places)
        self.beginning = remembered(self._find_beginning, _KEPT)

    def _find_beginning(self, term: str) -> Mapping[Name, Sequence[tuple[Rule, Name]]]:
        """The names whose first word is a term, or has it for a stem, as they are written and by
        their keys → their rules, with the name there."""
        firsts = {*self._firsts.of(term), *((term,) if term in self._places else ())}
        found: dict[Name, list[tuple[Rule, Name]]] = {}
        for place in sorted({place for first in firsts for place in self._places[first]}):
            rule = self._rules[place]
            for source in rule.sources:
                if _first_term(source) in firsts:
                    name = terms_of_phrase(source)
                    for key in {name, key_of(name)}:
                        found.setdefault(key, []).append((rule, name))
        return found

    @cached_property
    def words(self) -> Stemmed:
        """All words of all names. Gathered when they are first asked for."""
        names = {name for _, *sides in self._rules for side in sides for name in side}
        written = {word for name in names for word in name.split()}
        return Stemmed({term for word in written for term in terms_of_phrase(word)})


class Relation:
    """What names go by in one of the relations that rules are about."""

    def __init__(self, rules: Rules, relation: str) -> None:
        self._rules = rules
        self._relation = relation

    def of(self, name: Name) -> Others:
        """The other names of a name: as it is written if that is listed, else by its key, so that
        plurals find them too."""
        return (self._others(name[0], name) or self.of_key(key_of(name))) if name else {}

    def of_key(self, key: Name) -> Others:
        """The other names of all names that have a key."""
        return self._others(stem_of(key), key)

    def _others(self, first: str, name: Name) -> Others:
        others: dict[Name, str] = {}
        for rule, source in self._rules.beginning(first).get(name, ()):
            if rule.relation == self._relation:
                for target in rule.targets:
                    other = terms_of_phrase(target)
                    if other and other != source:
                        others.setdefault(other, target)
        return others

    def begins(self, term: str) -> bool:
        """Whether a name of several words begins with a term."""
        return any(
            len(name) > 1 and name[0] == first
            for first in (term, stem(term))
            for name in self._rules.beginning(first)
        )

    def knows(self, term: str) -> bool:
        """Whether a term is, in any of its forms, a word of any name in the rules."""
        return bool(self._rules.words.of(stem(term)))


def _first_term(name: str) -> str:
    word = name.partition(" ")[0]
    # Nearly all are plain words: terms by themselves.
    if word.isascii() and word.isalpha():
        return word.lower()
    return next(iter(terms_of_phrase(name)), "")
