"""Where in a text the words of a query stand: marks for pages and terminals, never markup."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache

from msgspec import Struct

from search.analysis import Token, tokens
from search.answer import Marked
from search.forms import Form, single_terms
from search.meanings import Wanted
from search.text_terms import Span, Texts

EXCERPT = 240
"""Characters of a paragraph that are shown."""
_REMEMBERED = 128
"""Answers whose marks are kept."""
_REMEMBERED_WORDS = 2048


def mark(texts: Iterable[str], wanted: Iterable[Wanted]) -> list[Marked]:
    """Texts with the marks of all words that made them match. Other words for a word are marked
    only in texts that do not say the word itself or a name of it."""
    given = tuple(texts)
    words = tuple([each for each in wanted if not each.common])
    return list(map(Marked, given, _marks(given, words)))


@lru_cache(maxsize=_REMEMBERED)
def _marks(texts: tuple[str, ...], words: tuple[Wanted, ...]) -> tuple[tuple[Span, ...], ...]:
    """Of each text. The same is asked again and again."""
    there = Texts(texts)
    marks: list[list[Span]] = [[] for _ in texts]
    for word in words:
        surely, nearly = _sought(word.forms, word.words)
        said = _spans(texts, there, surely)
        for number, spans in said.items():
            marks[number] += spans
        rest = [number for number in range(len(texts)) if number not in said]
        if rest and (nearly.terms or nearly.rows):
            others = [texts[number] for number in rest]
            for place, spans in _spans(others, Texts(others), nearly).items():
                marks[rest[place]] += spans
    return tuple(map(_merged, marks))


Row = tuple[frozenset[str], ...]
"""Words in a row, in whichever order each slot's terms were found."""


class _Sought(Struct, frozen=True):
    """What is looked for of a word: single terms anywhere, rows of terms where they stand side by
    side. `apart` are marked where a text says them all, but no row: who typed `docker swarm` knows
    both again in "Docker, running in a Swarm cluster"."""

    terms: tuple[str, ...]
    rows: tuple[Row, ...]
    apart: frozenset[str] = frozenset()


@lru_cache(maxsize=_REMEMBERED_WORDS)
def _sought(forms: tuple[Form, ...], words: frozenset[str]) -> tuple[_Sought, _Sought]:
    """A word itself and its names; other words for it. `words` as of Wanted."""
    surely = [form for form in forms if form.sure]
    nearly = [form for form in forms if not form.sure]
    return _Sought(single_terms(surely), _rows(surely), words), _Sought(
        single_terms(nearly), _rows(nearly)
    )


def _rows(forms: Sequence[Form]) -> tuple[Row, ...]:
    rows = [tuple(map(frozenset, form.slots)) for form in forms if len(form.slots) > 1]
    return tuple(dict.fromkeys(rows))


def _spans(texts: Sequence[str], there: Texts, sought: _Sought) -> dict[int, list[Span]]:
    """Where it stands in texts whose terms are `there`, by the numbers of these."""
    found = there.spans(sought.terms)
    if not sought.rows and not sought.apart:
        return found
    in_rows: dict[int, list[Span]] = {}
    for row in sought.rows:
        for number, stretch in there.stretches(row).items():
            if spans := _row_spans(texts[number], stretch, row):
                in_rows.setdefault(number, []).extend(spans)
    if sought.apart:
        apart = there.spans(sought.apart)
        all_said = there.stretches([(term,) for term in sought.apart])
        for number in all_said.keys() - in_rows.keys():
            in_rows[number] = apart[number]
    for number, spans in in_rows.items():
        found.setdefault(number, []).extend(spans)
    return found


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


def _row_spans(text: str, stretch: Span, row: Row) -> list[Span]:
    """Where a row stands in a stretch of a text."""
    # No term reaches over a blank: so much of the text has the same terms by itself.
    begin = text.rfind(" ", 0, stretch[0]) + 1
    end = text.find(" ", stretch[1])
    inside = _in_a_row(text[begin : end if end > 0 else len(text)], row)
    return [(begin + first, begin + last) for first, last in inside]


@lru_cache(maxsize=_REMEMBERED_WORDS)
def _in_a_row(piece: str, row: Row) -> tuple[Span, ...]:
    """Where a row stands in a piece of a text. What does stands in many texts alike."""
    found = rows_among(tokens(piece), row)
    return tuple([(token.start, token.end) for tokens_of_one in found for token in tokens_of_one])


def rows_among(
    there: Sequence[Token], slots: Sequence[Collection[str]]
) -> Iterator[Sequence[Token]]:
    """The words of a text that stand in a row, one of each slot, for each time they do."""
    at: dict[int, list[Token]] = {}
    for token in there:
        at.setdefault(token.position, []).append(token)
    for token in there:
        if token.term in slots[0]:
            row = [token]
            for position, slot in enumerate(slots[1:], token.position + 1):
                row += [each for each in at.get(position, ()) if each.term in slot][:1]
            if len(row) == len(slots):
                yield row


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
