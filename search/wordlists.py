"""The curated words: names of one thing, words of near meaning, words that ask for nothing.

They are data, to be read and edited: `words/aliases.toml`, `words/thesaurus.txt`, and a show
owner's own file of aliases (setting `aliases`), in the form of the first:

    drop = ["express"]                                   names to leave out of the shipped aliases
    alias = [{ names = ["fyrnet", "lighthouse net"] }]   more aliases

How strong each kind is stands in ranking.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from msgspec import Struct

from search.analysis import fold
from search.english import english_begun, is_english, plain_words
from search.names import Name, key_of
from search.query_words import terms_of_phrase, words_of
from search.relations import Others, Rules
from search.stemming import stem, stem_once
from search.wordlist_files import Names, Rule, own_aliases, shipped_aliases, thesaurus

_NO_RULES = Rules(())


class Wordlists(Struct, frozen=True, eq=False):
    """What words have to do with each other. Without any lists, texts mean just what they say."""

    aliases: Rules = _NO_RULES
    """Other names of the same thing."""
    thesaurus: Rules = _NO_RULES
    """Other words for a thing: `near` and `related` ones; and products `alike`, which are those of
    the same category, behind the category's own names."""
    irregular: Mapping[str, tuple[str, ...]] = {}
    """A word → its other irregular inflections: `bought` → `buy`."""
    plain: Mapping[str, str] = {}
    """An irregular inflection → the plain form: `bought` → `buy`."""
    plain_stems: Mapping[str, str] = {}
    """The stem of a plain form → the plain form."""
    kin: Mapping[str, tuple[str, ...]] = {}
    """A word → others of its family: `sale` → `sell`."""
    form_stems: frozenset[str] = frozenset()
    """The stems of all words in `irregular` and `kin`."""
    common: frozenset[Name] = frozenset()
    """Words of a query that ask for nothing by themselves."""
    asking: frozenset[Name] = frozenset()
    """Words that a question begins with."""
    light: frozenset[str] = frozenset()
    """Words that say little in a question."""
    english: frozenset[str] = frozenset()
    """Plain English words."""
    subjects: frozenset[Name] = frozenset()
    """The names of the show's tags, as keys (search.names)."""

    def others(self, name: Name) -> Mapping[str, Others]:
        """The other names and words of a name, by relation (see Rule)."""
        return {**self.thesaurus.of(name), **self.aliases.of(name)}

    def names_of(self, name: Name) -> Others:
        """The other names of a name."""
        return self.aliases.of(name).get("alias", {})

    def longest(self, term: str) -> int:
        """Of how many words the longest name is that begins with a term or its plain form; 0 if
        none does."""
        terms = {term, self.plain.get(term, term)}
        return max([rules.longest(t) for t in terms for rules in (self.thesaurus, self.aliases)])

    def begun(self, term: str) -> list[str]:
        """The first words of the lists' names, and plain English ones, that begin with a term, the
        shortest first."""
        words = {*self.aliases.begun(term), *self.thesaurus.begun(term), *english_begun(term)}
        return sorted(words, key=lambda word: (len(word), word))

    def inflections(self, term: str) -> tuple[str, ...]:
        """The irregular inflections of a term's word, but for itself: `bought` for `buying`, too,
        but nothing for `founded`."""
        plain = self.plain_stems.get(stem(term), term)
        return self.irregular.get(term) or self.irregular.get(plain, ())

    def is_common(self, term: str) -> bool:
        """Whether a word asks for nothing by itself."""
        return (term,) in self.common

    def knows(self, term: str) -> bool:
        """Whether a term is a word of the lists, in any of its forms, or plain English."""
        stemmed = stem(term)
        in_rules = self.aliases.knows(stemmed) or self.thesaurus.knows(stemmed)
        return in_rules or stemmed in self.form_stems or is_english(term, self.english)


def load_wordlists(
    own: Path | None = None, tag_names: Mapping[str, tuple[str, ...]] | None = None
) -> Wordlists:
    """The shipped lists, an owner's file over them, and a show's tags as aliases of themselves. The
    same lists as last time where neither says anything else. Raises BadSetting."""
    tags = tuple((slug, tuple(names)) for slug, names in (tag_names or {}).items())
    dropped, more = own_aliases(own) if own else ([], [])
    return _lists(frozenset(map(terms_of_phrase, dropped)), tuple(more), tags)


@lru_cache(maxsize=2)
def _lists(
    dropped: frozenset[Name], more: tuple[Rule, ...], tag_names: tuple[tuple[str, Names], ...]
) -> Wordlists:
    rules = list(shipped_aliases())
    if dropped:
        rules = [
            Rule(rule.relation, _without(rule.sources, dropped), _without(rule.targets, dropped))
            for rule in rules
        ]
    rules += more
    named = Rules(rules)
    tags: list[str] = []
    tag_rules = []
    for slug, names in tag_names:
        all_names = tuple({fold(name): name for name in (slug.replace("-", " "), *names)}.values())
        # A single word that goes by no other name needs no rule: shows have thousands of such tags.
        if len(all_names) > 1 or len(terms_of_phrase(all_names[0])) > 1:
            tag_rules.append(Rule("alias", all_names, all_names))
        tags += all_names
    said = thesaurus()
    # A tag may be an emoji: no words.
    subjects = {key_of(words) for tag in tags if (words := terms_of_phrase(tag))}
    # A tag's own names are among them. Looked for among the names of all tags, each of thousands
    # that begin with one word (`season 1`) would be held against each.
    subjects |= {key_of(other) for tag in subjects for other in named.of_key(tag).get("alias", ())}
    irregular, kin = _families(said.irregular), _families(said.kin)
    return Wordlists(
        aliases=Rules([*rules, *tag_rules]),
        thesaurus=_other_words(),
        irregular=irregular,
        plain={form: plain for plain, *others in said.irregular for form in others},
        plain_stems={stem(plain): plain for plain, *_ in said.irregular},
        kin=kin,
        form_stems=frozenset(map(stem_once, {*irregular, *kin})),
        common=frozenset(map(_as_typed, said.common)),
        asking=frozenset(map(_as_typed, said.asking)),
        light=frozenset(said.light),
        english=plain_words(),
        subjects=frozenset(subjects),
    )


@lru_cache(maxsize=1)
def _other_words() -> Rules:
    """The rules of the thesaurus: many, and the same for all shows."""
    return Rules(thesaurus().rules)


def _as_typed(text: str) -> Name:
    """A text's words as a query has them: compounds whole (`can't` is `cant`)."""
    return tuple(word.term for word in words_of(text))


def _without(names: Names, dropped: frozenset[Name]) -> Names:
    return tuple([name for name in names if terms_of_phrase(name) not in dropped])


def _families(groups: Iterable[Names]) -> dict[str, tuple[str, ...]]:
    forms: dict[str, tuple[str, ...]] = {}
    for group in groups:
        for word in group:
            known = forms.get(word, ())
            forms[word] = known + tuple(w for w in group if w != word and w not in known)
    return forms
