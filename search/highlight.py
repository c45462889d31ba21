"""Where in a text the words of a query stand: marks for pages and terminals, never markup."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from msgspec import Struct

from search.analysis import Token, tokens
from search.answer import Marked
from search.forms import Form, single_terms
from search.meanings import Wanted
from search.text_terms import Span, TextTerms, terms_in

EXCERPT = 240
"""Characters of a paragraph that are shown."""
_REMEMBERED_TEXTS = 512
_REMEMBERED_MARKS = 4096
_REMEMBERED_WORDS = 2048


class Terms(Struct, frozen=True):
    """What is marked for some forms: single terms anywhere, rows of terms where they stand side by
    side. `beginnings` are the terms that a row may begin with: most texts hold none of them.
    `words` are marked where a text says them all, but no row: who typed `docker swarm` knows both
    again in "Docker, running in a Swarm cluster".
    """

    single: frozenset[str]
    rows: tuple[tuple[frozenset[str], ...], ...]
    beginnings: frozenset[str]
    words: frozenset[str]

    def spans(self, text: str, there: TextTerms) -> list[Span]:
        """Where they stand in a text whose terms are `there`."""
        in_a_row: list[Span] = []
        if self.rows and not self.beginnings.isdisjoint(there.said):
            for row in self.rows:
                if all(not slot.isdisjoint(there.said) for slot in row):
                    in_a_row += _row_spans(_tokens(text), row)
        if self.words and not in_a_row and self.words <= there.said:
            in_a_row = there.spans(self.words)
        return in_a_row + there.spans(self.single)


class Marker(Struct, frozen=True):
    """Marks words and their names, and other words for a word only in texts that do not say the
    word itself."""

    words: Sequence[Wanted]

    def mark(self, text: str) -> Marked:
        """The text with the marks of all words that made it match."""
        marks: tuple[Span, ...] = ()
        for word in self.words:
            more = _marks(text, word)
            if more:
                marks = _merged((*marks, *more)) if marks else more
        return Marked(text, marks)


def marker_for(wanted: Iterable[Wanted]) -> Marker:
    """A marker for all forms of the wanted words."""
    return Marker([each for each in wanted if not each.common])


@lru_cache(maxsize=_REMEMBERED_MARKS)
def _marks(text: str, wanted: Wanted) -> tuple[Span, ...]:
    """The marks of one word: shows are searched for the same words again and again."""
    there = terms_in(text)
    for terms in _parted(wanted):
        spans = terms.spans(text, there)
        if spans:
            return _merged(spans)
    return ()


@lru_cache(maxsize=_REMEMBERED_WORDS)
def _parted(wanted: Wanted) -> tuple[Terms, ...]:
    """What is marked for a word: the word itself and its names, else other words for it."""
    parts: tuple[list[Form], list[Form]] = ([], [])
    for form in wanted.forms:
        parts[not form.sure].append(form)
    words = (wanted.words, frozenset[str]())
    return tuple([_terms_of(*each) for each in zip(parts, words, strict=True) if each[0]])


def _terms_of(forms: Sequence[Form], words: frozenset[str]) -> Terms:
    rows = [form.slots for form in forms if len(form.slots) > 1]
    return Terms(
        single_terms(forms),
        tuple([tuple(map(frozenset, slots)) for slots in rows]),
        frozenset([term for slots in rows for term in slots[0]]),
        words,
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


def _merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    if len(spans) < 2:
        return tuple(spans)
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
