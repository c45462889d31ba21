"""Names → the other names they go by, worked out of the lists' rules for what is asked.

Thousands of rules are read at each start, and few are ever asked for: so names are taken apart
into terms, and these to their stems, only for what begins with a word that is asked for.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from search.analysis import is_plain
from search.names import Name, key_of, stem_of
from search.parser import terms_of_phrase
from search.remembering import remembered
from search.stemming import stem, stem_once
from search.wordlist_files import Rule

_KEPT = 1024

Others = Mapping[Name, str]
"""Other names in the order of their rules, and how each is spelled if that is not its terms with
blanks between (else "")."""
_NONE: Others = {}


class Rules:
    """Rules, found by the first word of the names they are for. Safe to share between threads."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        # Where a name stands: the number of its rule times the most names of a rule, and its own.
        self._most = max((len(rule.sources) for rule in rules), default=0)
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        for number, rule in enumerate(rules):
            for place, source in enumerate(rule.sources, number * self._most):
                self._places[_first_term(source)].append(place)
        # Of each stem of a word of any name the words that begin one.
        self._firsts: dict[str, list[str]] = {}
        for term in {*self._places, *_terms(rules)}:
            firsts = self._firsts.setdefault(stem_once(term), [])
            if term in self._places:
                firsts.append(term)
        self.beginning = remembered(self._find_beginning, _KEPT)
        self.of = remembered(self._find, _KEPT)

    def _find_beginning(self, term: str) -> Mapping[Name, Sequence[tuple[Rule, Name]]]:
        """The names whose first word is a term, or has it for a stem, as they are written and by
        their keys → their rules, with the name there."""
        firsts = {*self._firsts.get(term, ()), *((term,) if term in self._places else ())}
        found: dict[Name, list[tuple[Rule, Name]]] = {}
        for place in sorted([place for first in firsts for place in self._places[first]]):
            rule = self._rules[place // self._most]
            name = terms_of_phrase(rule.sources[place % self._most])
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

    def knows(self, stemmed: str) -> bool:
        """Whether a word of any name has that stem."""
        return stemmed in self._firsts


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
        return self._rules.knows(stem(term))


def _terms(rules: Sequence[Rule]) -> Iterator[str]:
    """All words of all names."""
    names = chain.from_iterable([*rule.sources, *rule.targets] for rule in rules)
    for word in set(" ".join(names).split()):
        yield from (word.lower(),) if is_plain(word) else terms_of_phrase(word)


def _first_term(name: str) -> str:
    word = name.partition(" ")[0]
    return word.lower() if is_plain(word) else next(iter(terms_of_phrase(name)), "")


def _spelled(text: str, name: Name) -> str:
    plain = " ".join(name)
    return "" if text == plain or text.casefold() == plain else text
