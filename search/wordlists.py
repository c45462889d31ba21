"""The curated words: names of one thing, words of near meaning, words that ask for nothing.

They are data, to be read and edited: `words/aliases.toml`, `words/thesaurus.toml`, and a show
owner's own file of aliases (setting `aliases`), in the form of the first:

    drop = ["express"]                                   names to leave out of the shipped aliases
    alias = [{ names = ["fyrnet", "lighthouse net"] }]   more aliases

How strong each kind is stands in ranking.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

from search.english import plain_words
from search.parser import terms_of_phrase, words_of
from search.stemming import american, stem
from search.wordlist_files import own_aliases, shipped_aliases, thesaurus

Name = tuple[str, ...]
"""A name of one or more words, as terms."""


@dataclass(frozen=True, slots=True)
class Wordlists:
    """Names → other names. A key is a name as written or what `key_of` makes of it, so that
    plurals find them too; `relatives` looks both up.

    `aliases` are the same thing, `near` and `related` are other words for it, `alike` what else is
    of its category, the category's names first. `irregular` are the other inflections of a word
    (`bought`: `buy`), `plain` its plain form, `plain_stems` the plain forms by their stems, `kin`
    the words of its family (`sale`: `sell`). `common` words of a query ask for nothing by
    themselves; `asking` ones begin a question, in which `light` ones say little. `known` are all
    words of all names, `known_stems` their stems, `english` plain English words, `subjects` the
    names of the show's tags (keys). `spelled` says how a name is written that is not its terms with
    blanks between.
    """

    aliases: Mapping[Name, tuple[Name, ...]]
    near: Mapping[Name, tuple[Name, ...]]
    related: Mapping[Name, tuple[Name, ...]]
    alike: Mapping[Name, tuple[Name, ...]]
    irregular: Mapping[str, tuple[str, ...]]
    plain: Mapping[str, str]
    plain_stems: Mapping[str, str]
    kin: Mapping[str, tuple[str, ...]]
    common: frozenset[Name]
    asking: frozenset[Name]
    light: frozenset[str]
    known: frozenset[str]
    known_stems: frozenset[str]
    english: frozenset[str]
    subjects: frozenset[Name]
    spelled: Mapping[Name, str]

    @classmethod
    def none(cls) -> "Wordlists":
        """Lists without a word: texts then mean just what they say."""
        no: frozenset[Any] = frozenset()
        return cls({}, {}, {}, {}, {}, {}, {}, {}, no, no, no, no, no, no, no, {})

    def inflections(self, term: str) -> tuple[str, ...]:
        """The irregular inflections of a term's word, but for itself: `bought` for `buying`, too,
        but nothing for `founded`."""
        plain = self.plain_stems.get(stem(term), term)
        return self.irregular.get(term) or self.irregular.get(plain, ())

    def is_common(self, term: str) -> bool:
        """Whether a word asks for nothing by itself."""
        return (term,) in self.common

    def knows(self, term: str) -> bool:
        """Whether a term is a word of the lists, in any of its forms."""
        return term in self.known or stem(term) in self.known_stems


def relatives(relation: Mapping[Name, tuple[Name, ...]], name: Name) -> tuple[Name, ...]:
    """The other names of a name: as it is written if that is listed, else by its key."""
    return relation.get(name) or relation.get(key_of(name), ())


@lru_cache(maxsize=32768)
def key_of(name: Name) -> Name:
    """The stems of a name's terms. A single word that is kept apart from others of its stem has
    its family's key: `customers` are not `customized`."""
    if len(name) == 1 and (family := family_of(name[0])):
        return (f"{stem(name[0])}|{family}",)
    return tuple(stem(term) for term in name)


def stem_of(key: Name) -> str:
    """The stem that a single word's key is of."""
    return key[0].partition("|")[0]


def family_of(term: str) -> str | None:
    """The first word of a term's family, where words of its stem are kept apart; else None."""
    families, stems = _families_apart()
    if stem(term) not in stems:
        return None
    return families.get(term) or families.get(american(term))


def load_wordlists(
    own: Path | None = None, tag_names: Mapping[str, tuple[str, ...]] | None = None
) -> Wordlists:
    """The shipped lists, an owner's file over them, and a show's tags as aliases of themselves.

    The same lists as last time where neither file nor tags have changed: they take longer to make
    than all else that opening a generation needs.
    """
    tags = tuple((slug, tuple(names)) for slug, names in (tag_names or {}).items())
    return _lists(own, _stamp(own), tags)


def _stamp(path: Path | None) -> tuple[int, ...] | None:
    """What changes when the file does; None where there is none, which reading it then says."""
    try:
        state = path.stat() if path else None
    except OSError:
        return None
    return (state.st_ino, state.st_size, state.st_mtime_ns) if state else None


@lru_cache(maxsize=2)
def _lists(
    own: Path | None, _state: tuple[int, ...] | None, tag_names: tuple[tuple[str, Name], ...]
) -> Wordlists:
    shipped, spelling = shipped_aliases()
    groups = list(shipped)
    tags: list[str] = []
    if own is not None:
        names_to_drop, more = own_aliases(own)
        dropped = {terms_of_phrase(name) for name in names_to_drop}
        groups = [(_without(s, dropped), _without(t, dropped)) for s, t in groups]
        groups += more
    for slug, names in tag_names:
        all_names = dict.fromkeys([slug.replace("-", " "), *names])
        groups.append((tuple(all_names), tuple(all_names)))
        tags += all_names
    written: dict[Name, str] = {}
    aliases: dict[Name, dict[Name, None]] = {}
    for sources, targets in groups:
        _relate(aliases, sources, targets, written)
    for british, us in spelling:
        _relate(aliases, (british, us), (british, us), written)
    near, related, alike, near_written = _nearness()
    written = {**near_written, **written}
    subjects = {key_of(terms_of_phrase(tag)) for tag in tags}
    subjects |= {key_of(other) for tag in subjects for other in aliases.get(tag, ())}
    said = thesaurus()
    inflected = said.get("irregular", {}).get("forms", ())
    irregular, kin = _families(inflected), _families(said.get("kin", {}).get("families", ()))
    known = frozenset(chain(irregular, kin, *written))
    return Wordlists(
        subjects=frozenset(subjects),
        known=known,
        known_stems=frozenset(map(stem, known)),
        english=plain_words(),
        aliases=_frozen(aliases),
        near=near,
        related=related,
        alike=alike,
        irregular=irregular,
        plain={form: plain for plain, *others in inflected for form in others},
        plain_stems={stem(plain): plain for plain, *_ in inflected},
        kin=kin,
        spelled={n: text for n, text in written.items() if text.casefold() != " ".join(n)},
        common=frozenset(map(_as_typed, said.get("common", {}).get("words", ()))),
        asking=frozenset(map(_as_typed, said.get("question", {}).get("begins", ()))),
        light=frozenset(said.get("question", {}).get("light", ())),
    )


def _as_typed(text: str) -> Name:
    """A text's words as a query has them: compounds whole (`can't` is `cant`)."""
    return tuple(word.term for word in words_of(text))


Relation = Mapping[Name, tuple[Name, ...]]


@lru_cache(maxsize=1)
def _nearness() -> tuple[Relation, Relation, Relation, dict[Name, str]]:
    """What the thesaurus calls near, what related and what alike, and all names in it as they are
    written: much to read, and the same for all shows."""
    written: dict[Name, str] = {}
    near: dict[Name, dict[Name, None]] = {}
    related: dict[Name, dict[Name, None]] = {}
    alike: dict[Name, dict[Name, None]] = {}
    for theme in thesaurus().get("theme", {}).values():
        for group in theme.get("near", ()):
            _relate(near, group, group, written)
        for group in theme.get("related", ()):
            _relate(related, group, group, written)
        for group in theme.get("toward", ()):
            _relate(related, group[:1], group[1:], written)
        for group in theme.get("kinds", ()):
            category, members = group
            _relate(related, category, members, written)
            _relate(alike, members, (*category, *members), written)
    return _frozen(near), _frozen(related), _frozen(alike), written


def _without(names: tuple[str, ...], dropped: set[Name]) -> tuple[str, ...]:
    return tuple(name for name in names if terms_of_phrase(name) not in dropped)


def _relate(
    relations: dict[Name, dict[Name, None]],
    sources: Iterable[str],
    targets: Iterable[str],
    written: dict[Name, str],
) -> None:
    """Adds to `relations`, and to all names as they are `written`."""
    named = {terms_of_phrase(target): target for target in targets}
    from_names = {terms_of_phrase(source): source for source in sources}
    for name, text in (*named.items(), *from_names.items()):
        written.setdefault(name, text)
    for name in from_names:
        others = dict.fromkeys(named)
        others.pop(name, None)
        for key in {name, key_of(name)}:
            relations.setdefault(key, {}).update(others)


def _frozen(relations: dict[Name, dict[Name, None]]) -> dict[Name, tuple[Name, ...]]:
    return {name: tuple(others) for name, others in relations.items() if name and others}


def _families(groups: Iterable[list[str]]) -> dict[str, tuple[str, ...]]:
    forms: dict[str, tuple[str, ...]] = {}
    for group in groups:
        for word in group:
            known = forms.get(word, ())
            forms[word] = known + tuple(w for w in group if w != word and w not in known)
    return forms


@lru_cache(maxsize=1)
def _families_apart() -> tuple[dict[str, str], frozenset[str]]:
    """Each word → the first word of its family: words of one stem but different families differ;
    and those stems."""
    lines = thesaurus().get("apart", {}).get("families", ())
    families = {word: family[0] for families in lines for family in families for word in family}
    return families, frozenset(map(stem, families))
