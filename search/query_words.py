"""Text to the words and phrases that a query is made of, and back.

Names and texts are taken apart in the same way wherever they are compared with what was typed.
"""

from collections.abc import Sequence
from functools import lru_cache

from msgspec.structs import replace

from search.analysis import is_plain, whole_and_parts, written_words
from search.query import Clause, Phrase, Word


@lru_cache(maxsize=8192)
def words_of(text: str) -> tuple[Word, ...]:
    """The words of a text as a query wants them."""
    parted = [(written, *whole_and_parts(written)) for written in written_words(text)]
    return tuple([Word(term, written, parts) for written, term, parts in parted if term])


@lru_cache(maxsize=2048)
def terms_of_phrase(text: str) -> tuple[str, ...]:
    """The terms of a phrase, one for each position: the parts of compounds, not the whole."""
    if is_plain(text):
        return tuple(text.lower().split())
    flat: list[str] = []
    for written in written_words(text):
        term, parts = whole_and_parts(written)
        flat.extend(parts or ((term,) if term else ()))
    return tuple(flat)


def quoted(text: str) -> tuple[Clause, ...]:
    """The phrase that a text in quotes is, or its only word."""
    words = words_of(text)
    # A word of symbols is one word, in quotes, too: "node.js" as "c#".
    is_phrase = len(words) > 1 or any(word.term.isalnum() for word in words)
    if is_phrase and len(phrase := terms_of_phrase(text)) > 1:
        return (Phrase(phrase, text),)
    return tuple([replace(word, quoted=True) for word in words])


def spelled(clauses: Sequence[Clause]) -> str:
    """Clauses as one would type them."""
    return " ".join(f'"{c.typed}"' if isinstance(c, Phrase) else c.typed for c in clauses)
