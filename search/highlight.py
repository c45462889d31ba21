"""Where in a text the words of a query stand: marks for pages and terminals, never markup."""

from collections.abc import Collection, Sequence
from functools import lru_cache

from msgspec import Struct

from search.analysis import Token, tokens
from search.answer import Marked
from search.forms import Form, single_terms
from search.meanings import Wanted
from search.text_terms import Span, TextTerms, terms_in

EXCERPT = 240
"""Characters of a paragraph that are shown."""
_REMEMBERED_TEXTS = 4096
_REMEMBERED_WORDS = 2048
_FEW = 7
"""So many terms are looked for one by one in a text that is new. Where there are more of them, or
the text is known, the set of its terms says which of them it has."""


class Terms(Struct, frozen=True):
    """What is marked for some forms: single terms anywhere, rows of terms where they stand side by
    side. `beginnings` are the terms that a row may begin with: most texts hold none of them.
    """

    single: frozenset[str]
    rows: tuple[tuple[frozenset[str], ...], ...]
    beginnings: frozenset[str]

    def spans(self, text: str, there: TextTerms) -> list[Span]:
        """Where they stand in a text whose terms are `there`."""
        one_by_one = len(self.single) <= _FEW and not there.met_before
        spans: list[Span] = []
        for term in self.single if one_by_one else self.single & there.said:
            spans += there.spans(term)
        if self.rows and not self.beginnings.isdisjoint(there.said):
            for row in self.rows:
                if all(not slot.isdisjoint(there.said) for slot in row):
                    spans += _row_spans(_tokens(text), row)
        return spans


class Marker(Struct, frozen=True):
    """Marks words and their names. `loose` has for each word (its own terms, those of other words
    for it): these are marked only in texts that do not say the word itself.
    """

    sure: Terms
    loose: tuple[tuple[Terms, Terms], ...]

    def mark(self, text: str) -> Marked:
        """The text with the marks of all words that made it match."""
        there = terms_in(text)
        spans = self.sure.spans(text, there)
        for own, other in self.loose:
            instead = other.spans(text, there)
            if instead and not own.spans(text, there):
                spans += instead
        there.met_before = True
        return Marked(text, _merged(spans)) if spans else Marked(text)


def marker_for(wanted: Collection[Wanted]) -> Marker:
    """A marker for all forms of the wanted words."""
    parted = [_parted(each) for each in wanted if not each.common]
    single = frozenset().union(*[own.single for own, _ in parted])
    beginnings = frozenset().union(*[own.beginnings for own, _ in parted])
    rows = tuple([row for own, _ in parted for row in own.rows])
    loose = tuple([(own, other) for own, other in parted if other.single or other.rows])
    return Marker(Terms(single, rows, beginnings), loose)


@lru_cache(maxsize=_REMEMBERED_WORDS)
def _parted(wanted: Wanted) -> tuple[Terms, Terms]:
    """What is marked for a word itself and its names, and for other words for it."""
    sure = [form for form in wanted.forms if form.sure]
    return _terms_of(sure), _terms_of([form for form in wanted.forms if not form.sure])


def _terms_of(forms: Sequence[Form]) -> Terms:
    rows = [form.slots for form in forms if len(form.slots) > 1]
    return Terms(
        single_terms(forms),
        tuple([tuple(map(frozenset, slots)) for slots in rows]),
        frozenset([term for slots in rows for term in slots[0]]),
    )


def excerpt(marked: Marked, most: int = EXCERPT) -> Marked:
    """At most that many characters of a text around its first mark, cut between words."""
    text, marks = marked.text, marked.marks
    if len(text) <= most:
        return marked
    first = marks[0][0] if marks else 0
    begin = text.rfind(" ", 0, max(first - most // 4, 0)) + 1
    end = text.rfind(" ", begin, begin + most)
    end = end if end > begin else begin + most
    if begin + most >= len(text):
        end = len(text)
    before, after = ("… " if begin else ""), (" …" if end < len(text) else "")
    shift = len(before) - begin
    inside = tuple([(a + shift, b + shift) for a, b in marks if begin <= a and b <= end])
    return Marked(f"{before}{text[begin:end]}{after}", inside)


@lru_cache(maxsize=_REMEMBERED_TEXTS)
def _tokens(text: str) -> tuple[Token, ...]:
    return tuple(tokens(text))


def _row_spans(found: Sequence[Token], row: tuple[frozenset[str], ...]) -> list[Span]:
    spans = []
    for first, token in enumerate(found):
        if token.term not in row[0]:
            continue
        reached = [token]
        for step, slot in enumerate(row[1:], 1):
            wanted_position = token.position + step
            after = next(
                (
                    other
                    for other in found[first + 1 :]
                    if other.position == wanted_position and other.term in slot
                ),
                None,
            )
            if after is None:
                break
            reached.append(after)
        else:
            spans += [(each.start, each.end) for each in reached]
    return spans


def _merged(spans: list[Span]) -> tuple[Span, ...]:
    if len(spans) == 1:
        return tuple(spans)
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
