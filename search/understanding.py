"""What a query's words may mean in this show: other forms, other names, other spellings.

Pure: what the show's words are is asked of a `Lexicon`. The result says for each wanted word in
which forms it may stand in a text; how much each kind of form is worth is the ranking's matter.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Protocol

from search.analysis import fold
from search.parser import spelled
from search.query import Clause, Phrase, Query, Word
from search.spelling import Candidate, allowed_edits, best_correction
from search.stemming import stem
from search.wordlists import Name, Wordlists, stems_of

LONGEST_NAME = 4
"""Words of the longest name that is looked for in a query (`ruby on rails` has three)."""
MAX_PREFIXED = 48
"""Words of the show that an unfinished last word may stand for, the commonest first."""
MAX_FORMS = 40
"""Other names and words considered for one typed word."""


class Kind(IntEnum):
    """How a form relates to what was typed, from the surest to the loosest."""

    EXACT = 0
    PREFIX = 1
    STEM = 2
    ALIAS = 3
    NEAR = 4
    RELATED = 5


@dataclass(frozen=True, slots=True)
class Form:
    """Terms in a row that count as the word: each slot holds the terms that may stand there."""

    kind: Kind
    slots: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A wanted word or phrase and its forms. `common` words cost nothing when missing; `bound`
    ones must be held as they are (phrases, symbols): no other words stand in for them."""

    typed: str
    forms: tuple[Form, ...]
    common: bool = False
    bound: bool = False


@dataclass(frozen=True, slots=True)
class Understanding:
    """A query understood for one show. `corrections`: (typed, used); `missing`: typed words of
    which the show has no form at all."""

    query: Query
    wanted: tuple[Wanted, ...]
    title: tuple[Wanted, ...] = ()
    excluded: tuple[Wanted, ...] = ()
    corrections: tuple[tuple[str, str], ...] = ()
    missing: tuple[str, ...] = ()
    interpreted: str = ""
    related: tuple[tuple[str, str], ...] = field(default=())


class Lexicon(Protocol):
    """The words of one show."""

    def frequency(self, term: str) -> int:
        """In how many passages a term occurs; 0 if nowhere."""

    def same_stem(self, stem: str) -> Sequence[str]: ...

    def prefixed(self, prefix: str, limit: int) -> Sequence[str]:
        """The commonest terms with a prefix."""

    def misspellings(self, term: str) -> Iterable[Candidate]:
        """Terms that a misspelt one might stand for."""

    def has_phrase(self, slots: tuple[tuple[str, ...], ...]) -> bool: ...


def understand(query: Query, lexicon: Lexicon, lists: Wordlists, exact: bool) -> Understanding:
    """The query's words with their forms. With `exact`, only what was typed counts."""
    reader = _Reader(lexicon, lists, exact)
    wanted = reader.read(query.wanted)
    title = reader.read(query.title)
    interpreted = query.text
    for typed, used in reader.corrections:
        interpreted = _substituted(interpreted, typed, used)
    excluded = _Reader(lexicon, lists, exact, correcting=False).read(query.excluded)
    # What is excluded is the word itself and its names, never words of near meaning.
    excluded = tuple(replace(each, forms=_sure(each.forms)) for each in excluded)
    return Understanding(
        query=query,
        wanted=_without_lone_common(wanted),
        title=title,
        excluded=excluded,
        corrections=tuple(reader.corrections),
        missing=tuple(reader.missing),
        interpreted=interpreted,
    )


def _sure(forms: tuple[Form, ...]) -> tuple[Form, ...]:
    return tuple(form for form in forms if form.kind < Kind.NEAR)


def _without_lone_common(wanted: tuple[Wanted, ...]) -> tuple[Wanted, ...]:
    """Common words count only where there is nothing else to look for."""
    if all(each.common for each in wanted):
        return tuple(replace(each, common=False) for each in wanted)
    return wanted


def _substituted(text: str, typed: str, used: str) -> str:
    head, found, tail = text.partition(typed)
    return head + used + tail if found else text


class _Reader:
    """Reads clauses one after the other, noting corrections and missing words."""

    def __init__(
        self, lexicon: Lexicon, lists: Wordlists, exact: bool, correcting: bool = True
    ) -> None:
        self._lexicon = lexicon
        self._lists = lists
        self._exact = exact
        self._correcting = correcting and not exact
        self.corrections: list[tuple[str, str]] = []
        self.missing: list[str] = []

    def read(self, clauses: Sequence[Clause]) -> tuple[Wanted, ...]:
        wanted: list[Wanted] = []
        words: list[Word] = []
        for clause in [*clauses, None]:
            if isinstance(clause, Word):
                words.append(clause)
                continue
            wanted.extend(self._words(words))
            words = []
            if clause is not None:
                wanted.append(self._phrase(clause))
        return tuple(wanted)

    def _phrase(self, phrase: Phrase) -> Wanted:
        slots = tuple((term,) for term in phrase.terms)
        if not self._lexicon.has_phrase(slots):
            self.missing.append(f'"{phrase.typed}"')
        return Wanted(spelled([phrase]), (Form(Kind.EXACT, slots),), bound=True)

    def _words(self, words: list[Word]) -> list[Wanted]:
        """A run of words: compounds written apart are put together, then each gets its forms."""
        joined = self._join_compounds(words)
        spans = [] if self._exact else self._named_spans(joined)
        wanted = []
        for place, word in enumerate(joined):
            named = [(names, kind) for begin, end, names, kind in spans if begin <= place < end]
            wanted.append(self._word(word, named))
        return wanted

    def _join_compounds(self, words: list[Word]) -> list[Word]:
        """`front end` is `frontend` where the show writes it as one word or with a hyphen."""
        joined: list[Word] = []
        for word in words:
            before = joined[-1] if joined else None
            if before and not before.parts and not word.parts and not word.prefix:
                together = before.term + word.term
                pair = (before.term, word.term)
                if (
                    all(len(term) > 1 and term.isalpha() for term in pair)
                    and not any(term in self._lists.common for term in pair)
                    and self._lexicon.frequency(together)
                ):
                    typed = f"{before.typed} {word.typed}"
                    joined[-1] = Word(together, typed, pair)
                    continue
            joined.append(word)
        return joined

    def _named_spans(self, words: list[Word]) -> list[tuple[int, int, tuple[Name, ...], Kind]]:
        """Where names of several words, or single words with other names, lie in a run."""
        stems = [stems_of(word.parts or (word.term,)) for word in words]
        relations = (
            (self._lists.aliases, Kind.ALIAS),
            (self._lists.near, Kind.NEAR),
            (self._lists.related, Kind.RELATED),
        )
        spans = []
        for begin in range(len(words)):
            for end in range(begin + 1, min(begin + LONGEST_NAME, len(words)) + 1):
                keys = {tuple(s for each in stems[begin:end] for s in each)}
                if end == begin + 1:
                    if self._is_common(words[begin]):
                        continue
                    keys.add((stem(words[begin].term),))
                for related, kind in relations:
                    for key in keys:
                        if key in related:
                            spans.append((begin, end, related[key], kind))
        return spans

    def _is_common(self, word: Word) -> bool:
        return word.term in self._lists.common

    def _word(self, word: Word, named: list[tuple[tuple[Name, ...], Kind]]) -> Wanted:
        forms = self._own_forms(word)
        other = self._other_forms(named)
        typed = word.typed
        if not any(self._occurs(form) for form in forms) and not any(
            form.kind == Kind.ALIAS and self._occurs(form) for form in other
        ):
            corrected = self._correct(word.term) if self._correcting else None
            if corrected is not None:
                self.corrections.append((word.typed, corrected))
                replaced = Word(corrected, corrected)
                forms = self._own_forms(replaced)
                other = self._other_forms(
                    [(names, kind) for _, _, names, kind in self._named_spans([replaced])]
                )
            else:
                self.missing.append(word.typed)
        symbol = not word.term.replace("$", "").isalnum()
        if symbol:
            other = [form for form in other if form.kind == Kind.ALIAS]
        return Wanted(
            typed,
            tuple(form for form in (*forms, *other) if self._occurs(form)),
            common=self._is_common(word),
            bound=symbol,
        )

    def _occurs(self, form: Form) -> bool:
        if len(form.slots) == 1:
            return any(self._lexicon.frequency(term) for term in form.slots[0])
        return self._lexicon.has_phrase(form.slots)

    def _own_forms(self, word: Word) -> list[Form]:
        forms = [Form(Kind.EXACT, ((word.term,),))]
        if word.parts:
            forms.append(Form(Kind.EXACT, tuple((part,) for part in word.parts)))
        elif split := self._split(word.term):
            forms.append(Form(Kind.EXACT, split))
        if word.prefix:
            found = [t for t in self._lexicon.prefixed(word.term, MAX_PREFIXED) if t != word.term]
            if found:
                forms.append(Form(Kind.PREFIX, (tuple(found),)))
        if not self._exact:
            variants = [term for term in self._variants(word.term) if term != word.term]
            if variants:
                forms.append(Form(Kind.STEM, (tuple(variants),)))
        return forms

    def _split(self, term: str) -> tuple[tuple[str, ...], ...] | None:
        """`frontend` is also `front end` where the show has the two side by side."""
        if not term.isalpha() or len(term) < 6:
            return None
        for cut in range(3, len(term) - 2):
            left, right = term[:cut], term[cut:]
            if (
                self._lexicon.frequency(left)
                and self._lexicon.frequency(right)
                and self._lexicon.has_phrase(((left,), (right,)))
            ):
                return (left,), (right,)
        return None

    def _variants(self, term: str) -> list[str]:
        """The show's other forms of a term: same stem, or an irregular form, but no namesake."""
        family = self._lists.apart.get(term)
        found = dict.fromkeys(self._lexicon.same_stem(stem(term)))
        for irregular in self._lists.forms.get(term, ()):
            found.update(dict.fromkeys(self._lexicon.same_stem(stem(irregular))))
        return [t for t in found if family is None or self._lists.apart.get(t, family) == family]

    def _other_forms(self, named: list[tuple[tuple[Name, ...], Kind]]) -> list[Form]:
        forms: dict[tuple[tuple[str, ...], ...], Form] = {}
        for names, kind in sorted(named, key=lambda each: each[1]):
            for name in names:
                slots = tuple(tuple(dict.fromkeys((t, *self._variants(t)))) for t in name)
                if len(name) == 1 or all(self._lexicon.frequency(t) for s in slots for t in s[:1]):
                    forms.setdefault(slots, Form(kind, slots))
        return list(forms.values())[:MAX_FORMS]

    def _correct(self, term: str) -> str | None:
        if not allowed_edits(term):
            return None
        return best_correction(term, self._lexicon.misspellings(term))


def same_name(left: str, right: str) -> bool:
    """Whether two texts are one name to a reader: case, accents and blanks do not matter."""
    return fold(" ".join(left.split())) == fold(" ".join(right.split()))
