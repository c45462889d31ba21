"""The words of one generation, as `search.forms.Lexicon` wants them."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from search.analysis import fold, tokens
from search.engines.arrays import integers
from search.engines.beginnings import beginnings_near
from search.engines.compiled import Compiled
from search.engines.positions import passages_of
from search.engines.postings import Postings
from search.forms import Slots
from search.passage import FIELDS
from search.spelling import Candidate, deletion_keys


class CompiledLexicon:
    """Looks words up in the compiled tables."""

    def __init__(self, compiled: Compiled, postings: Postings) -> None:
        self._compiled = compiled
        self._postings = postings
        self._stem_offsets = integers(compiled.stem_offsets)
        self._stem_terms = integers(compiled.stem_terms)

    def frequency(self, term: str) -> int:
        return self._postings.frequency(term)

    def same_stem(self, stem: str) -> Sequence[str]:
        compiled = self._compiled
        number = compiled.stems.find(stem)
        if number < 0:
            return ()
        begin, end = self._stem_offsets[number], self._stem_offsets[number + 1]
        return [compiled.terms[term] for term in self._stem_terms[begin:end]]

    def prefixed(self, prefix: str, limit: int) -> list[str]:
        numbers = self._compiled.terms.prefixed(prefix)
        offsets = self._compiled.posting_offsets
        edges = offsets[numbers.start * len(FIELDS) : numbers.stop * len(FIELDS) + 1 : len(FIELDS)]
        # Stable, so that equally common words keep the order of the alphabet.
        commonest = np.argsort(-np.diff(edges), kind="stable")[:limit]
        return [self._compiled.terms[numbers.start + int(place)] for place in commonest]

    def written(self, term: str) -> str:
        """A term as the show writes it where it first says it, in small letters: with its accents
        (`straßenbahn` for `strassenbahn`)."""
        spots = self._postings.term(term).spots
        if not len(spots):
            return term
        first = int(passages_of(spots).min())
        compiled = self._compiled
        text = compiled.text(first)
        if not text:
            head = compiled.head(int(compiled.passage_episode[first]))
            text = " ".join((head.title, *head.guests, head.description))
        return _written(term, text)

    def misspellings(self, term: str) -> Iterable[Candidate]:
        compiled = self._compiled
        # All at once and in the array's own type: any other would be a copy of it for each key.
        keys = np.fromiter(deletion_keys(term), compiled.deletion_keys.dtype)
        begins = compiled.deletion_keys.searchsorted(keys).tolist()
        ends = compiled.deletion_keys.searchsorted(keys, side="right").tolist()
        numbers: set[int] = set()
        for begin, end in zip(begins, ends, strict=True):
            numbers.update(compiled.deletion_terms[begin:end].tolist())
        for term in map(compiled.terms.__getitem__, sorted(numbers)):
            yield Candidate(term, self.frequency(term))

    def misspelt_beginnings(self, begun: str) -> Iterator[Candidate]:
        offsets = self._compiled.posting_offsets
        for beginning, numbers in beginnings_near(begun, self._compiled.terms):
            first, last = numbers.start * len(FIELDS), numbers.stop * len(FIELDS)
            yield Candidate(beginning, int(offsets[last] - offsets[first]))

    def has_phrase(self, slots: Slots) -> bool:
        return len(self._postings.rows(slots)) > 0


def _written(term: str, text: str) -> str:
    # Most texts have no accents.
    if not text.isascii():
        for token in tokens(text):
            written = text[token.start : token.end].lower()
            if token.term == term and fold(written) == term:
                return written
    return term
