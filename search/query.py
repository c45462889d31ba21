"""A query as a value: what is wanted and what is not, free of any syntax and any engine."""

from msgspec import Struct

from search.request import NO_FILTERS, Filters


class Word(Struct, frozen=True, gc=False):
    """A wanted word. `term` is what to look for, `parts` the terms it is made of where it is a
    compound (`frontend`: `front`, `end`), `typed` how it was written. `prefix` is True for a
    last word that may not be finished yet, `quoted` for one in quotes, which stays whole."""

    term: str
    typed: str
    parts: tuple[str, ...] = ()
    prefix: bool = False
    quoted: bool = False


class Phrase(Struct, frozen=True, gc=False):
    """Terms that stand side by side in this order; `typed` is how they were written. `prefix` is
    True where the last term may not be finished yet."""

    terms: tuple[str, ...]
    typed: str
    prefix: bool = False


Clause = Word | Phrase


class Query(Struct, frozen=True):
    """All of `wanted` and `title` (in titles only), none of `excluded` and `excluded_title`,
    within `filters` and outside `excluded_filters`. `text` is the query as typed, trimmed.
    `unfinished` is the field of which the last value may not be finished yet, `-` where a word that
    is not wanted may not be; empty if there is none."""

    text: str = ""
    wanted: tuple[Clause, ...] = ()
    title: tuple[Clause, ...] = ()
    excluded: tuple[Clause, ...] = ()
    excluded_title: tuple[Clause, ...] = ()
    filters: Filters = NO_FILTERS
    excluded_filters: Filters = NO_FILTERS
    unfinished: str = ""
