"""What each word of a query means in one show: its forms, its other names, or the word it was
meant to be."""

from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from search.forms import Form, Kind, single_terms
from search.names import Name, key_of
from search.query import Word
from search.remembering import remembered
from search.spelling import Candidate, allowed_edits, best_correction, slip_cost
from search.unfinished import before, in_a_row, only_word
from search.word_forms import WordForms
from search.wordlists import Wordlists

_KEPT = 4096
_LONGER = 8
"""Words of the lists that are tried for an unfinished one."""


class Wanted(Struct, frozen=True, cache_hash=True):
    """A wanted word or phrase, as it was `typed`, and its forms."""

    typed: str
    forms: tuple[Form, ...]
    common: bool = False
    """Costs nothing where it is missing."""
    weight: float = 1.0
    """Less than 1 for what common words say together (`how much`), for light words, and for how a
    thing is asked for (`why`)."""
    needed: bool = True
    """Whether a text that lacks it does not say all: false for sayings and light words."""
    subject: bool = False
    """Names a tag of the show, and with it what an episode is about."""
    phrase: bool = False
    """Was quoted: an episode without it does not match."""
    own: tuple[str, ...] = ()
    """The single terms of the word itself and of its names."""
    standing: tuple[str, ...] = ()
    """The single terms that stand in for it: other words for it."""
    words: frozenset[str] = frozenset()
    """The terms of a name that was typed as several words, without the common ones."""


class Meaning(Struct, frozen=True):
    """What is wanted where a word is typed. `corrections`: (typed, the term it was meant to be);
    `missing`: the show has no form of it at all."""

    wanted: Wanted
    corrections: tuple[tuple[str, str], ...] = ()
    missing: bool = False


class Meanings:
    """What it finds out about a word it keeps (bounded): shows are searched for the same words
    again and again. Safe to share between threads."""

    def __init__(self, words: WordForms, lists: Wordlists) -> None:
        self._words = words
        self._lists = lists
        self.meaning = remembered(self._meaning, _KEPT)

    def is_name(self, words: Name) -> bool:
        """Whether words together name something: a tag, or what has other names in the show."""
        return key_of(words) in self._lists.subjects or bool(self._words.other_forms(words))

    def _meaning(self, word: Word, within: tuple[Name, ...], correcting: bool) -> Meaning:
        """What a word means, `within` the names of several words that it is part of in a query."""
        if word.prefix and (only := only_word(self._words, word, self.is_name)):
            return self._meaning(only, within, correcting)
        names = [*within, *self._names(word)]
        own = self._words.own_forms(word)
        if word.prefix:
            own += in_a_row(self._words, word)
        other = [*self._other(names), *self._words.kinds_of(word)]
        if own or any(form.kind == Kind.ALIAS for form in other):
            return Meaning(self._wanted(word, own, other, names))
        if word.prefix and (listed := self._listed(word)):
            return listed
        corrected = self._correct(word.term) if correcting else None
        if corrected is None and word.prefix and (shorter := before(word)):
            return self._meaning(shorter, (), correcting)
        if corrected is None and word.prefix and correcting:
            corrected = self._slipped(word.term)
        if corrected is None:
            return Meaning(self._wanted(word, own, other, names), missing=True)
        # It means what it would mean had it been typed like this.
        meant = self._meaning(Word(corrected, word.typed), (), correcting=False)
        return replace(meant, corrections=((word.typed, corrected),))

    def _listed(self, word: Word) -> Meaning | None:
        """The shortest word of the lists that an unfinished one begins and that means something in
        the show: for `webas` WebAssembly, which a show may know as Wasm."""
        longer = islice(self._lists.begun(word.term), _LONGER)
        meant = (self._meaning(Word(term, word.typed), (), correcting=False) for term in longer)
        return next((meaning for meaning in meant if meaning.wanted.forms), None)

    def _correct(self, term: str) -> str | None:
        """The word that a misspelt one was meant to be; None if there is none."""
        # A word that the lists know is a word, though the show may not use it.
        if not allowed_edits(term) or self._lists.knows(term):
            return None
        # Who has typed the beginning of a word has left off sooner than slipped: `pyth` is Python,
        # not `path`. The commonest that begins so is meant: TinyPilotKVM for `tinypilot`.
        if begun := self._words.lexicon.prefixed(term, 1):
            return begun[0]
        asking: list[Candidate] = []
        idle: list[Candidate] = []
        for near in self._words.lexicon.misspellings(term):
            (idle if self._lists.is_common(near.term) else asking).append(near)
        best = [best_correction(term, candidates) for candidates in (asking, idle)]
        # Of equal slips, one in a word that asks for something: `olver` is Oliver, not `over`.
        return min(filter(None, best), key=lambda meant: slip_cost(term, meant), default=None)

    def _slipped(self, begun: str) -> str | None:
        """The commonest word with the beginning that an unfinished one was meant to have: for
        `kubernt`, Kubernetes."""
        # What may still become a word is no slip.
        if not allowed_edits(begun) or self._lists.begun(begun):
            return None
        near = self._words.lexicon.misspelt_beginnings(begun)
        beginning = best_correction(begun, near)
        return self._words.lexicon.prefixed(beginning, 1)[0] if beginning else None

    def _names(self, word: Word) -> list[Name]:
        """The names that are the word alone."""
        common = self._lists.is_common(word.term)
        names: list[Name] = [] if common else [word.parts or (word.term,)]
        if word.parts:
            return [*names, (word.term,)]
        # `frontend` goes by the names of `front end`, too.
        splits = self._words.splits(word.term)
        return [*names, *(form.name for form in splits)]

    def _other(self, names: list[Name]) -> list[Form]:
        forms = {form.slots: form for name in names for form in self._words.other_forms(name)}
        return sorted(forms.values(), key=lambda form: form.kind)

    def _wanted(
        self, word: Word, own: tuple[Form, ...], other: list[Form], names: list[Name]
    ) -> Wanted:
        # A word of symbols is precise: nothing but its names stands in for it.
        if not word.term.isalnum():
            other = [form for form in other if form.kind == Kind.ALIAS]
        of_names = [form for name in names for form in self._words.other_forms(name)]
        return Wanted(
            word.typed,
            (*own, *other),
            self._lists.is_common(word.term),
            subject=any(key_of(name) in self._lists.subjects for name in names),
            own=single_terms((*own, *(form for form in of_names if form.sure))),
            standing=single_terms(form for form in of_names if not form.sure),
            words=self._typed_apart(word),
        )

    def _typed_apart(self, word: Word) -> frozenset[str]:
        apart = word.parts if " " in word.typed else ()
        words = frozenset([term for term in apart if not self._lists.is_common(term)])
        return words if len(words) > 1 else frozenset()
