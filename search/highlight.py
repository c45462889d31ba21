"""Where in a text the words of a query stand: marks for pages and terminals, never markup."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from search.analysis import Token, tokens
from search.answer import Marked
from search.understanding import Wanted


@dataclass(frozen=True, slots=True)
class Marker:
    """Marks single terms anywhere, and rows of terms only where they stand side by side."""

    terms: frozenset[str]
    rows: tuple[tuple[frozenset[str], ...], ...]

    def mark(self, text: str) -> Marked:
        """The text with the marks of all words that made it match."""
        found, said = _tokens(text)
        spans = []
        if not self.terms.isdisjoint(said):
            spans = [(t.start, t.end) for t in found if t.term in self.terms]
        for row in self.rows:
            if all(not slot.isdisjoint(said) for slot in row):
                spans += _row_spans(found, row)
        return Marked(text, _merged(spans)) if spans else Marked(text)


def marker_for(wanted: Collection[Wanted]) -> Marker:
    """A marker for all forms of the wanted words."""
    forms = [form for each in wanted if not each.common for form in each.forms]
    return Marker(
        frozenset(term for form in forms if len(form.slots) == 1 for term in form.slots[0]),
        tuple(
            tuple(frozenset(slot) for slot in form.slots) for form in forms if len(form.slots) > 1
        ),
    )


@lru_cache(maxsize=8192)
def _tokens(text: str) -> tuple[tuple[Token, ...], frozenset[str]]:
    """A text's tokens and terms; good moments are shown again and again, so these are kept."""
    found = tuple(tokens(text))
    return found, frozenset(token.term for token in found)


def _row_spans(found: Sequence[Token], row: tuple[frozenset[str], ...]) -> list[tuple[int, int]]:
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


def _merged(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
