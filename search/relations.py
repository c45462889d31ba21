"""Names → the other names they go by, worked out of the lists' rules for what is asked.

Thousands of rules are read at each start, and few are ever asked for: so names are taken apart
into terms, and these to their stems, only for what begins with a word that is asked for.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from search.analysis import is_plain
from search.names import Name, key_of, stem_of
from search.query_words import terms_of_phrase
from search.remembering import remembered
from search.stemming import stem, stem_once
from search.word_rows import WordRows
from search.wordlist_files import Rule, RuleLines

_KEPT = 4096
_KEPT_LETTERS = 1024
"""More than most scripts have; Unicode has more than a hundred thousand."""

Others = dict[Name, str]
"""Other names in the order of their rules, and how each is spelled if that is not its terms with
blanks between (else "")."""


class Stemmed:
    """Words by their stems. A letter's words are stemmed when one of them is first asked for. Safe
    to share between threads."""

    def __init__(self, begun: Callable[[str], Iterable[str]]) -> None:
        """`begun` gives the words that begin with a letter."""
        self._begun = begun
        self._of_letter = remembered(self._stem, _KEPT_LETTERS)

    def of(self, stemmed: str) -> Sequence[str]:
        """The words of a stem."""
        # No stem begins with another letter than its words: only these need be looked at.
        return self._of_letter(stemmed[:1]).find(stemmed)

    def _stem(self, letter: str) -> WordRows:
        words = defaultdict[str, list[str]](list)
        for word in self._begun(letter):
            words[stem_once(word)].append(word)
        return WordRows(words)


class Rules:
    """Rules, found by the first word of the names they are for. Safe to share between threads."""

    def __init__(self, rules: Sequence[Rule] | RuleLines) -> None:
        self._rules = rules
        rows: dict[str, list[str]] = {}
        for number, rule in enumerate(rules):
            text = str(number)
            for source in rule.sources:
                first = source.partition(" ")[0]
                row = rows.get(first)
                if row is None:
                    row = rows.setdefault(_first_term(source), [])
                row.append(text)
        self._firsts = WordRows(rows)
        self._firsts_of_stem = Stemmed(self._firsts.begun).of
        self._beginning = remembered(self._find_beginning, _KEPT)

    @cached_property
    def _every_word(self) -> Stemmed:
        """All words of all names. They are hardly ever asked for, and gathered then."""
        return Stemmed(WordRows(dict.fromkeys(sorted(_terms(self._rules)), ())).begun)

    def _find_beginning(self, term: str) -> "_Beginning":
        begins = {term, stem(term)}
        firsts = begins.union(*map(self._firsts_of_stem, begins))
        numbers = {int(number) for first in firsts for number in self._firsts.find(first)}
        lines: dict[int, dict[str, None]] = {}
        for number in sorted(numbers):
            for source in self._rules[number].sources:
                # As it is written, if that is a term: this is asked of many names.
                if source.partition(" ")[0] in firsts or _first_term(source) in firsts:
                    name = terms_of_phrase(source)
                    lines.setdefault(len(name), {})[f"{number} {' '.join(name)}"] = None
        names = {length: "\n".join(some) for length, some in lines.items()}
        return _Beginning(self._rules, names) if names else _NOTHING

    def of(self, name: Name) -> Mapping[str, Others]:
        """The other names of a name, by relation: as it is written if that is listed, else by its
        key, so that plurals find them too; near ones in both ways."""
        if not name:
            return {}
        beginning = self._beginning(name[0])
        # Most words in a row are no name: that is told in no time.
        if len(name) not in beginning.names:
            return {}
        written = beginning.of(name)
        key = key_of(name)
        if key == name:
            return written
        plain = beginning.of(key, but=written.keys() - {"near"})
        if near := plain.get("near"):
            # `teachers` leads toward professors first, and to all that a `teacher` is near to, too.
            written["near"] = {**written.get("near", {}), **near}
        return {**plain, **written}

    def of_key(self, key: Name) -> Mapping[str, Others]:
        """The other names of all names that have a key, by relation."""
        return self._beginning(stem_of(key)).of(key)

    def longest(self, term: str) -> int:
        """Of how many words the longest name is that begins with a term, in any of its forms; 0 if
        none does."""
        return max(self._beginning(term).names, default=0)

    def begun(self, term: str) -> Iterator[str]:
        """The first words of names that begin with a term."""
        return self._firsts.begun(term)

    def knows(self, stemmed: str) -> bool:
        """Whether a word of any name has that stem."""
        return bool(self._every_word.of(stemmed))


class _Beginning(NamedTuple):
    """The names that begin with one word, by how many words they have: a line for each, behind the
    number of its rule. As one text: as objects they would take five times the memory."""

    rules: Sequence[Rule] | RuleLines
    names: Mapping[int, str]

    def of(self, name: Name, but: Collection[str] = ()) -> dict[str, Others]:
        """What a name, as it is written or a key, goes by, by relation, `but` for some
        relations."""
        by_relation: dict[str, Others] = {}
        asked = " ".join(name)
        # Keys are made for names of so many words only, and not for what is asked for: it takes
        # stems.
        for line in self.names.get(len(name), "").splitlines():
            number, _, written = line.partition(" ")
            source = name if written == asked else tuple(written.split())
            if source is not name and key_of(source) != name:
                continue
            for relation, targets in self.rules[int(number)].targets_by_relation:
                if relation in but:
                    continue
                others = by_relation.setdefault(relation, {})
                for target in targets:
                    other = terms_of_phrase(target)
                    if other and other != source and other not in others:
                        others[other] = _spelled(target, other)
        return by_relation


_NOTHING = _Beginning((), {})


def _terms(rules: Iterable[Rule]) -> set[str]:
    """All words of all names."""
    names = chain.from_iterable(side for rule in rules for side in (rule.sources, rule.targets))
    written = set(" ".join(names).lower().split())
    plain = set(filter(is_plain, written))
    return plain.union(*map(terms_of_phrase, written - plain))


def _first_term(name: str) -> str:
    word = name.partition(" ")[0]
    return word.lower() if is_plain(word) else next(iter(terms_of_phrase(name)), "")


def _spelled(text: str, name: Name) -> str:
    plain = " ".join(name)
    return "" if text == plain or text.casefold() == plain else text
