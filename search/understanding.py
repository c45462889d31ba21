"""A query read for one show: its compounds, names and misspelt words, each word with its forms."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, groupby, islice, product

from msgspec import Struct
from msgspec.structs import replace

from search.analysis import fold
from search.compounds import Compounds
from search.forms import Form, Kind, Lexicon, WordForms
from search.parser import spelled, words_of
from search.query import Clause, Phrase, Query, Word
from search.wordlists import Name, Wordlists, key_of

LONGEST_NAME = 5
"""Words of the longest name that is looked for in a query (`ruby on rails` has three)."""
MAX_ROWS = 8
"""Ways to write a phrase's compounds that are looked for."""
MAX_RELATED_SAID = 6
"""Other words for a word that an answer names; it looks for more."""
SAYING = 0.4
"""How much what common words say together counts, against a word."""


class Wanted(Struct, frozen=True):
    """A wanted word or phrase and its forms.

    `common` words cost nothing when missing. `bound` ones must be held as they are (phrases,
    symbols): no other words stand in for them. `phrase`s are never done without. `subject` words
    name a tag of the show: what an episode is about. `weight` is less than 1 for what common words
    say together (`how much`). `own` are the single terms of the word and its names, `standing`
    those that stand in for it.
    """

    typed: str
    forms: tuple[Form, ...]
    common: bool = False
    bound: bool = False
    weight: float = 1.0
    subject: bool = False
    phrase: bool = False
    own: frozenset[str] = frozenset()
    standing: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Understanding:
    """A query understood for one show. `corrections`: (typed, used); `missing`: typed words of
    which the show has no form at all."""

    query: Query
    wanted: tuple[Wanted, ...]
    title: tuple[Wanted, ...] = ()
    excluded: tuple[Wanted, ...] = ()
    excluded_title: tuple[Wanted, ...] = ()
    corrections: tuple[tuple[str, str], ...] = ()
    missing: tuple[str, ...] = ()
    interpreted: str = ""

    def related(self) -> tuple[tuple[str, str], ...]:
        """The other words that were looked for: (typed, other), the nearest first."""
        typed = {fold(each.typed) for each in self.wanted}
        said: dict[tuple[str, str], None] = {}
        for each in self.wanted:
            if each.common:
                continue
            near = [form for form in each.forms if not form.sure]
            for form in near[:MAX_RELATED_SAID]:
                other = " ".join(slot[0] for slot in form.slots)
                if other not in typed:
                    said[each.typed, other] = None
        return tuple(said)


class Understander:
    """Understands queries in one show. Safe to share between threads."""

    def __init__(self, lexicon: Lexicon, lists: Wordlists) -> None:
        self._lists = lists
        self._exact = WordForms(lexicon, lists, exact=True)
        self._tolerant = WordForms(lexicon, lists, exact=False)

    def understand(self, query: Query, exact: bool = False) -> Understanding:
        """The query's words with their forms. With `exact`, only what was typed counts."""
        words = self._exact if exact else self._tolerant
        reader = _Reader(words, self._lists, correcting=not exact)
        wanted = _without_lone_common(reader.read(query.wanted))
        title = reader.read(query.title)
        # Whoever asks for something else does not miss a word that asks for nothing.
        costless = {each.typed for each in wanted if each.common}
        interpreted = query.text
        for typed, used in reader.corrections:
            interpreted = _substituted(interpreted, typed, used)
        unwanted = _Reader(words, self._lists, correcting=False)
        return Understanding(
            query=query,
            wanted=_each_for_itself(wanted),
            # In titles and exclusions, only the word itself and its names count.
            title=_surely(title),
            excluded=_surely(unwanted.read(query.excluded)),
            excluded_title=_surely(unwanted.read(query.excluded_title)),
            corrections=tuple(reader.corrections),
            missing=tuple(typed for typed in reader.missing if typed not in costless),
            interpreted=interpreted,
        )


def _surely(wanted: Iterable[Wanted]) -> tuple[Wanted, ...]:
    return tuple(
        replace(each, forms=tuple(form for form in each.forms if form.sure)) for each in wanted
    )


def _without_lone_common(wanted: tuple[Wanted, ...]) -> tuple[Wanted, ...]:
    """Common words count only where there is nothing else to look for."""
    if all(each.common for each in wanted):
        return tuple(replace(each, common=False) for each in wanted)
    return wanted


def _each_for_itself(wanted: tuple[Wanted, ...]) -> tuple[Wanted, ...]:
    """No wanted word stands in for another: where `deploy docker` is asked, a text that says only
    Docker, which is also a word for deploying, says one of the two."""
    apart = []
    for each in wanted:
        others = [other.own for other in wanted if other is not each and not other.common]
        taken = each.standing.intersection(frozenset().union(*others)) if each.standing else ()
        if taken:
            forms = [f for f in each.forms if f.sure or not _is_one_of(f, taken)]
            each = replace(each, forms=tuple(forms))
        apart.append(each)
    return tuple(apart)


def _is_one_of(form: Form, terms: Collection[str]) -> bool:
    return len(form.slots) == 1 and form.slots[0][0] in terms


def _substituted(text: str, typed: str, used: str) -> str:
    # As a word of its own: `dcoker` also stands in `dcokerfile`.
    return re.sub(rf"(?<!\w){re.escape(typed)}(?!\w)", lambda _: used, text, count=1)


class _Reader:
    """Reads the clauses of one query, noting corrections and missing words."""

    def __init__(self, words: WordForms, lists: Wordlists, correcting: bool) -> None:
        self._words = words
        self._lists = lists
        self._compounds = Compounds(words, lists)
        self._correcting = correcting
        self.corrections: list[tuple[str, str]] = []
        self.missing: list[str] = []

    def read(self, clauses: Sequence[Clause]) -> tuple[Wanted, ...]:
        wanted: list[Wanted] = []
        for is_word, run in groupby(clauses, key=lambda clause: isinstance(clause, Word)):
            if is_word:
                wanted.extend(self._run([clause for clause in run if isinstance(clause, Word)]))
            else:
                wanted.extend(self._phrase(c) for c in run if isinstance(c, Phrase))
        return tuple(wanted)

    def _phrase(self, phrase: Phrase) -> Wanted:
        """The words side by side, compounds in each way to write them."""
        ways = [self._compounds.ways(word) for word in self._compounds.join(words_of(phrase.typed))]
        rows = [tuple(chain(*row)) for row in islice(product(*ways), MAX_ROWS)]
        forms = [Form(Kind.EXACT, tuple((term,) for term in row)) for row in rows]
        forms = [form for form in forms if self._words.occurs(form)]
        if not forms:
            self.missing.append(f'"{phrase.typed}"')
        return Wanted(spelled([phrase]), tuple(forms), bound=True, phrase=True)

    def _run(self, words: list[Word]) -> list[Wanted]:
        """A run of words: compounds written apart are put together, then each gets its forms."""
        joined = self._compounds.join(words)
        names = self._names_of(joined)
        wanted = [self._word(word, names[place]) for place, word in enumerate(joined)]
        return [*wanted, *self._sayings(joined)]

    def _sayings(self, words: list[Word]) -> list[Wanted]:
        """What common words say together: `how much` asks for a price, though neither word does."""
        sayings = []
        for is_common, run in groupby(words, key=lambda word: self._lists.is_common(word.term)):
            terms = [word.term for word in run] if is_common else []
            for length in range(LONGEST_NAME, 1, -1):
                for begin in range(len(terms) - length + 1):
                    name = tuple(terms[begin : begin + length])
                    forms = self._words.other_forms(name)
                    if forms:
                        _, standing = self._words.other_terms(name)
                        said = " ".join(name)
                        sayings.append(Wanted(said, forms, weight=SAYING, standing=standing))
        return sayings

    def _names_of(self, words: list[Word]) -> list[list[Name]]:
        """For each word of a run the names it is part of, longer ones first."""
        terms = [word.parts or (word.term,) for word in words]
        names: list[list[Name]] = [[] for _ in words]
        for length in range(min(LONGEST_NAME, len(words)), 0, -1):
            for begin in range(len(words) - length + 1):
                if length == 1 and self._lists.is_common(words[begin].term):
                    continue
                name = tuple(term for each in terms[begin : begin + length] for term in each)
                for place in range(begin, begin + length):
                    names[place].append(name)
        for place, word in enumerate(words):
            if word.parts:
                names[place].append((word.term,))
            else:
                # `frontend` goes by the names of `front end`, too.
                splits = self._words.splits(word.term)
                names[place] += [tuple(slot[0] for slot in form.slots) for form in splits]
        return names

    def _word(self, word: Word, names: list[Name]) -> Wanted:
        own = self._words.own_forms(word)
        other = [*self._other(names), *self._words.kinds_of(word)]
        if not own and not any(form.kind == Kind.ALIAS for form in other):
            corrected = self._words.correct(word.term) if self._correcting else None
            if corrected is None:
                self.missing.append(word.typed)
            else:
                self.corrections.append((word.typed, corrected))
                word = Word(corrected, word.typed)
                own = self._words.own_forms(word)
                other = self._other([(corrected,)])
                names = [(corrected,)]
        subject = any(key_of(name) in self._lists.subjects for name in names)
        # A word of symbols is precise: nothing but its names stands in for it.
        bound = not word.term.isalnum()
        if bound:
            other = [form for form in other if form.kind == Kind.ALIAS]
        others = [self._words.other_terms(name) for name in names]
        return Wanted(
            word.typed,
            (*own, *other),
            self._lists.is_common(word.term),
            bound,
            subject=subject,
            own=self._words.own_terms(word).union(*(terms for terms, _ in others)),
            standing=frozenset().union(*(terms for _, terms in others)),
        )

    def _other(self, names: list[Name]) -> list[Form]:
        forms = {form.slots: form for name in names for form in self._words.other_forms(name)}
        return sorted(forms.values(), key=lambda form: form.kind)
