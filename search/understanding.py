"""A query read for one show: its compounds, names and misspelt words, each word with its forms."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby, islice, product

from msgspec import Struct
from msgspec.structs import replace

from search.analysis import fold, written_words
from search.compounds import Compounds
from search.forms import Form, Kind, Lexicon, WordForms, single_terms
from search.meanings import Meaning, Meanings, Wanted
from search.names import Name
from search.parser import quoted, spelled, words_of
from search.query import Clause, Phrase, Query, Word
from search.remembering import remembered
from search.unfinished import only_word, slots_of
from search.wordlists import Wordlists

LONGEST_NAME = 5
"""Words of the longest name that is looked for in a query (`ruby on rails` has three)."""
MAX_ROWS = 8
"""Ways to write a phrase's compounds that are looked for."""
MAX_RELATED_SAID = 6
"""Other words for a word that an answer names; it looks for more."""
SAYING = 0.7
"""How much what common words say together counts, against a word."""
LIGHT = 0.2
"""How much a light word of a question counts, against one that says what is asked for."""
_KEPT = 1024


class Understanding(Struct, frozen=True):
    """A query understood for one show. `corrections`: (typed, used); `missing`: typed words of
    which the show has no form at all. What is used is as the show writes it."""

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
                other = form.spelled or " ".join(form.name)
                if other not in typed:
                    said[each.typed, other] = None
        return tuple(said)


class Understander:
    """Understands queries in one show. Safe to share between threads."""

    def __init__(self, lexicon: Lexicon, lists: Wordlists) -> None:
        self._lists = lists
        self._written = lexicon.written
        self._exact = _Reader(lexicon, lists, exact=True)
        self._tolerant = _Reader(lexicon, lists, exact=False)

    def understand(self, query: Query, exact: bool = False) -> Understanding:
        """The query's words with their forms. With `exact`, only what was typed counts."""
        reader = self._exact if exact else self._tolerant
        title = reader.read(query.title)
        read = reader.read(query.wanted)
        wanted = _each_for_itself(tuple([meaning.wanted for meaning in read]))
        if self._asks(query):
            wanted = self._lighten(wanted)
        # Whoever asks for something else does not miss a word that asks for nothing, or for little.
        costless = {each.typed for each in wanted if each.common or each.weight < 1.0}
        read += title
        missing = [meaning.wanted.typed for meaning in read if meaning.missing]
        corrected = [(m.wanted.typed, m.correction) for m in read if m.correction is not None]
        corrections = [(typed, self._written(term)) for typed, term in corrected]
        interpreted = query.text
        for typed, used in corrections:
            interpreted = _substituted(interpreted, typed, used)
        return Understanding(
            query=query,
            wanted=wanted,
            # In titles and exclusions, only the word itself and its names count.
            title=_surely(title),
            excluded=_surely(reader.read_apart(query.excluded)),
            excluded_title=_surely(reader.read_apart(query.excluded_title)),
            corrections=tuple(corrections),
            missing=tuple([typed for typed in missing if typed not in costless]),
            interpreted=interpreted,
        )

    def _asks(self, query: Query) -> bool:
        """Whether a query is a question: it begins like one, or ends with a question mark."""
        first = query.wanted[0] if query.wanted else None
        begins = isinstance(first, Word) and (first.term,) in self._lists.asking
        return begins or query.text.endswith("?")

    def _lighten(self, wanted: tuple[Wanted, ...]) -> tuple[Wanted, ...]:
        """In a question, light words count for little where something else is asked for: asked
        `where do they keep their logs`, what is said of logs matters, not what else is kept."""
        light = [fold(w.typed) in self._lists.light and not w.subject for w in wanted]
        pairs = list(zip(wanted, light, strict=True))
        if all(is_light or each.common or each.weight < 1.0 for each, is_light in pairs):
            return wanted
        return tuple([replace(w, weight=LIGHT) if is_light else w for w, is_light in pairs])


def _surely(read: Iterable[Meaning]) -> tuple[Wanted, ...]:
    wanted = [meaning.wanted for meaning in read]
    return tuple(
        [replace(each, forms=tuple(form for form in each.forms if form.sure)) for each in wanted]
    )


def _each_for_itself(wanted: tuple[Wanted, ...]) -> tuple[Wanted, ...]:
    """No wanted word stands in for another: where `deploy docker` is asked, a text that says only
    Docker, which is also a word for deploying, says one of the two. Common words count only where
    there is nothing else to look for."""
    if all(each.common for each in wanted):
        wanted = tuple(replace(each, common=False) for each in wanted)
    apart = []
    for each in wanted:
        others = [other.own for other in wanted if other is not each and not other.common]
        taken = set(chain(*others)).intersection(each.standing) if each.standing else ()
        if taken:
            names = {(term,) for term in taken}
            forms = [form for form in each.forms if form.sure or form.name not in names]
            each = replace(each, forms=tuple(forms))
        apart.append(each)
    return tuple(apart)


def _substituted(text: str, typed: str, used: str) -> str:
    # As a word of its own: `dcoker` also stands in `dcokerfile`.
    return re.sub(rf"(?<!\w){re.escape(typed)}(?!\w)", lambda _: used, text, count=1)


class _Reader:
    """Reads the clauses of queries for one show. What phrases mean it keeps (bounded)."""

    def __init__(self, lexicon: Lexicon, lists: Wordlists, exact: bool) -> None:
        self._lists = lists
        self._words = WordForms(lexicon, lists, exact)
        self._compounds = Compounds(self._words, lists, exact)
        self._meanings = Meanings(self._words, lists)
        self._correcting = not exact
        self._phrase = remembered(self._read_phrase, _KEPT)

    def read(self, clauses: Sequence[Clause], correcting: bool = True) -> list[Meaning]:
        """What the clauses mean. Misspelt words are corrected unless all is meant exactly."""
        read: list[Meaning] = []
        for is_word, run in groupby(clauses, key=lambda clause: isinstance(clause, Word)):
            if is_word:
                words = tuple([clause for clause in run if isinstance(clause, Word)])
                read += self._read_run(words, correcting and self._correcting)
            else:
                read += [self._phrase(clause) for clause in run if isinstance(clause, Phrase)]
        return read

    def read_apart(self, clauses: Iterable[Clause]) -> Iterator[Meaning]:
        """What each clause means by itself, without corrections: `-front -end` leaves out what says
        either, not only what says both in a row."""
        for clause in clauses:
            yield from self.read((clause,), correcting=False)

    def _read_phrase(self, phrase: Phrase) -> Meaning:
        """The words side by side, compounds in each way to write them."""
        words, prefix = words_of(phrase.typed), phrase.prefix
        if prefix and (last := only_word(self._words, words[-1], self._meanings.is_name)):
            words, prefix = (*words[:-1], last), False
        ways = [self._compounds.ways(word) for word in self._compounds.join(words)]
        rows = [tuple(chain(*row)) for row in islice(product(*ways), MAX_ROWS)]
        forms = [Form(Kind.EXACT, slots_of(self._words, row, prefix)) for row in rows]
        forms = [form for form in forms if self._words.occurs(form)]
        before = quoted(" ".join(written_words(phrase.typed)[:-1])) if phrase.prefix else ()
        if before and not forms:
            # A word that goes on nowhere is as not yet typed.
            return self.read(before)[0]
        wanted = Wanted(spelled([phrase]), tuple(forms), phrase=True)
        return Meaning(wanted, missing=not forms)

    def _read_run(self, words: tuple[Word, ...], correcting: bool) -> tuple[Meaning, ...]:
        """A run of words: compounds written apart are put together, then each gets its forms."""
        joined = self._compounds.join(words)
        around = zip(joined, self._names_around(joined), strict=True)
        read = [self._meanings.meaning(word, names, correcting) for word, names in around]
        for place in self._idle(joined):
            idle = replace(read[place].wanted, common=True)
            read[place] = replace(read[place], wanted=idle)
        return (*read, *map(Meaning, self._sayings(joined)))

    def _idle(self, words: list[Word]) -> set[int]:
        """The places of words that together ask for nothing: `the one about`, `I remember`."""
        terms = tuple([word.term for word in words])
        return {
            place
            for places in _neighbours(len(terms))
            if terms[places.start : places.stop] in self._lists.common
            for place in places
        }

    def _sayings(self, words: list[Word]) -> list[Wanted]:
        """What common words say together: `how much` asks for a price, though neither word does."""
        sayings = []
        for is_common, run in groupby(words, key=lambda word: self._lists.is_common(word.term)):
            terms = tuple([word.term for word in run]) if is_common else ()
            for places in _neighbours(len(terms)):
                name = terms[places.start : places.stop]
                forms = self._words.other_forms(name)
                if forms:
                    standing = single_terms(form for form in forms if not form.sure)
                    sayings.append(Wanted(" ".join(name), forms, weight=SAYING, standing=standing))
        return sayings

    def _names_around(self, words: list[Word]) -> list[tuple[Name, ...]]:
        """For each word of a run the names of several words that it is part of, longer ones
        first."""
        terms = [word.parts or (word.term,) for word in words]
        names: list[tuple[Name, ...]] = [()] * len(words)
        # Most words begin no name: then what follows need not be looked at.
        longest = [self._lists.longest(first) for first, *_ in terms]
        for places in _neighbours(len(words)):
            name = tuple(chain.from_iterable(terms[places.start : places.stop]))
            run, after = words[places.start : places.stop], words[places.stop :]
            if (
                len(name) <= longest[places.start]
                and self._meanings.is_name(name)
                and not self._compounds.leads_on(run, after)
            ):
                for place in places:
                    names[place] += (name,)
        return names


def _neighbours(count: int) -> Iterator[range]:
    """The places of each two and more neighbours among so many words that may be one name, the
    longer ones first."""
    for length in range(min(LONGEST_NAME, count), 1, -1):
        for begin in range(count - length + 1):
            yield range(begin, begin + length)
