"""Names → the other names they go by, worked out of the lists' rules for what is asked.

Thousands of rules are read at each start, and few are ever asked for: so names are taken apart
into terms, and these to their stems, only for what begins with a word that is asked for.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from itertools import chain

from search.names import Name, key_of, stem_of
from search.parser import terms_of_phrase
from search.remembering import remembered
from search.stemming import stem
from search.wordlist_files import Rule

_KEPT = 1024

Others = Mapping[Name, str]
"""Other names in the order of their rules, and how each is spelled if that is not its terms with
blanks between (else "")."""
_NONE: Others = {}


class Stemmed:
    """Words by their stems. Safe to share between threads."""

    def __init__(self, words: Collection[str]) -> None:
        self._words = words
        self._by_stem: dict[str, dict[str, list[str]]] = {}

    def of(self, stemmed: str) -> Sequence[str]:
        """The words of a stem."""
        # No stem begins with another letter than its words: only these need be looked at.
        letter = stemmed[:1]
        by_stem = self._by_stem.get(letter)
        if by_stem is None:
            by_stem = {}
            for word in self._by_letter.get(letter, ()):
                by_stem.setdefault(stem(word), []).append(word)
            self._by_stem[letter] = by_stem
        return by_stem.get(stemmed, ())

    @cached_property
    def _by_letter(self) -> Mapping[str, Sequence[str]]:
        by_letter = defaultdict(list)
        for word in self._words:
            by_letter[word[:1]].append(word)
        return by_letter


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
        self.of = remembered(self._find, _KEPT)

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

    def _find(self, name: Name) -> Mapping[str, Others]:
        """The other names of a name, by relation: as it is written if that is listed, else by its
        key, so that plurals find them too."""
        written = self._others(self.beginning(name[0]).get(name, ())) if name else {}
        keyed = self.of_key(key_of(name)) if name else {}
        return {**keyed, **written} if keyed or written else keyed

    def of_key(self, key: Name) -> Mapping[str, Others]:
        """The other names of all names that have a key, by relation."""
        return self._others(self.beginning(stem_of(key)).get(key, ()))

    def _others(self, found: Sequence[tuple[Rule, Name]]) -> dict[str, dict[Name, str]]:
        by_relation: dict[str, dict[Name, str]] = {}
        for rule, name in found:
            others = {
                other: target for target in rule.targets if (other := terms_of_phrase(target))
            }
            others.pop(name, None)
            if others:
                known = by_relation.setdefault(rule.relation, {})
                for other, target in others.items():
                    if other not in known:
                        known[other] = _spelled(target, other)
        return by_relation

    @cached_property
    def words(self) -> Stemmed:
        """All words of all names. Gathered when they are first asked for."""
        names = chain.from_iterable(side for _, *sides in self._rules for side in sides)
        written = set(" ".join(names).split())
        return Stemmed({term for word in written for term in _terms(word)})


class Relation:
    """What names go by in one of the relations that rules are about."""

    def __init__(self, rules: Rules, relation: str) -> None:
        self._rules = rules
        self._relation = relation

    def of(self, name: Name) -> Others:
        """The other names of a name: as it is written if that is listed, else by its key, so that
        plurals find them too."""
        return self._rules.of(name).get(self._relation, _NONE)

    def of_key(self, key: Name) -> Others:
        """The other names of all names that have a key."""
        return self._rules.of_key(key).get(self._relation, _NONE)

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


def _terms(word: str) -> Name:
    return (word.lower(),) if word.isascii() and word.isalpha() else terms_of_phrase(word)


def _spelled(text: str, name: Name) -> str:
    plain = " ".join(name)
    return "" if text == plain or text.casefold() == plain else text
