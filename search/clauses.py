"""What the clauses of a query mean in one show: phrases, and words, each beside the others."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby, islice, product

from msgspec.structs import replace

from search.analysis import written_words
from search.compounds import Compounds
from search.forms import Form, Kind, Lexicon, single_terms
from search.meanings import Meaning, Meanings, Wanted
from search.names import Name
from search.query import Clause, Phrase, Word
from search.query_words import quoted, spelled, words_of
from search.remembering import remembered
from search.unfinished import only_word, slots_of
from search.word_forms import WordForms
from search.wordlists import Wordlists

LONGEST_NAME = 5
"""Words of the longest name that is looked for in a query (`ruby on rails` has three)."""
MAX_ROWS = 8
"""Ways to write a phrase's compounds that are looked for."""
SAYING = 0.7
"""How much what common words say together counts, against a word."""
_KEPT = 1024


class Reader:
    """Reads the clauses of queries for one show. What phrases mean it keeps (bounded)."""

    def __init__(self, lexicon: Lexicon, lists: Wordlists, exact: bool) -> None:
        self._lists = lists
        self._words = WordForms(lexicon, lists, exact)
        self._compounds = Compounds(self._words, lists, exact)
        self._meanings = Meanings(self._words, lists)
        self._correcting = not exact
        self._phrase = remembered(self._read_phrase, _KEPT)

    def read(self, clauses: Sequence[Clause]) -> list[Meaning]:
        """What the clauses mean. Misspelt words are corrected unless all is meant exactly."""
        read: list[Meaning] = []
        for is_word, run in groupby(clauses, key=lambda clause: isinstance(clause, Word)):
            if is_word:
                words = tuple([clause for clause in run if isinstance(clause, Word)])
                read += self._read_run(words)
            else:
                read += [self._phrase(clause) for clause in run if isinstance(clause, Phrase)]
        return read

    def read_apart(self, clauses: Iterable[Clause]) -> Iterator[Meaning]:
        """What each clause means by itself, without corrections: `-front -end` leaves out what says
        either, not only what says both in a row; and `-docker.example` not all that says Docker."""
        for clause in clauses:
            if isinstance(clause, Word):
                yield self._meanings.meaning(clause, (), correcting=False)
            else:
                yield self._phrase(clause)

    def _read_phrase(self, phrase: Phrase) -> Meaning:
        """The words side by side, compounds in each way to write them."""
        words, prefix = words_of(phrase.typed), phrase.prefix
        if prefix and (last := only_word(self._words, words[-1], self._meanings.is_name)):
            words, prefix = (*words[:-1], last), False
        ways = [self._compounds.ways(word) for word in self._compounds.join(words, in_phrase=True)]
        rows = [tuple(chain(*row)) for row in islice(product(*ways), MAX_ROWS)]
        forms = [Form(Kind.EXACT, slots_of(self._words, row, prefix)) for row in rows]
        forms = [form for form in forms if self._words.occurs(form)]
        before = quoted(" ".join(written_words(phrase.typed)[:-1])) if phrase.prefix else ()
        if before and not forms:
            # A word that goes on nowhere is as not yet typed.
            return self.read(before)[0]
        wanted = Wanted(spelled([phrase]), tuple(forms), phrase=True)
        return Meaning(wanted, missing=not forms)

    def _read_run(self, words: tuple[Word, ...]) -> tuple[Meaning, ...]:
        """A run of words: compounds written apart are put together, then each gets its forms."""
        joined = self._compounds.join(words)
        read = self._meant(joined, self._correcting)
        meant = dict(chain.from_iterable([meaning.corrections for meaning in read]))
        if meant:
            # Spelt right, they may be one word with what stands beside them: `digital ocaen`.
            right = [Word(meant[w.typed], w.typed) if w.typed in meant else w for w in joined]
            joined = self._compounds.join(right)
            read = [_corrected(each, meant) for each in self._meant(joined, correcting=False)]
        if len(joined) == 1:
            # It means nothing together with others.
            return tuple(read)
        for place in self._idle(joined):
            idle = replace(read[place].wanted, common=True)
            read[place] = replace(read[place], wanted=idle)
        return (*read, *map(Meaning, self._sayings(joined)))

    def _meant(self, words: list[Word], correcting: bool) -> list[Meaning]:
        """What each word of a run means, beside the others."""
        around = zip(words, self._names_around(words), strict=True)
        return [self._meanings.meaning(word, names, correcting) for word, names in around]

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
                    said = Wanted(" ".join(name), forms, standing=standing)
                    sayings.append(replace(said, weight=SAYING, needed=False))
        return sayings

    def _names_around(self, words: list[Word]) -> list[tuple[Name, ...]]:
        """For each word of a run the names of several words that it is part of, longer ones
        first."""
        names: list[tuple[Name, ...]] = [()] * len(words)
        if len(words) == 1:
            return names
        terms = [word.parts or (word.term,) for word in words]
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


def _corrected(meaning: Meaning, meant: Mapping[str, str]) -> Meaning:
    """A meaning with the corrections among the words that it was typed as: typed → term."""
    typed = meaning.wanted.typed.split()
    return replace(meaning, corrections=tuple([(w, meant[w]) for w in typed if w in meant]))


def _neighbours(count: int) -> Iterator[range]:
    """The places of each two and more neighbours among so many words that may be one name, the
    longer ones first."""
    for length in range(min(LONGEST_NAME, count), 1, -1):
        for begin in range(count - length + 1):
            yield range(begin, begin + length)
