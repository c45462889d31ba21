"""Titles and guests that a query says in full: who types a whole name wants that episode."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from search.engines.compiled import Compiled
from search.query import Query, Word

_REMEMBERED = 4096
"""First words of names that are looked up once."""


class Naming:
    """All titles and guests of a show, as terms, found by their first word."""

    def __init__(self, compiled: Compiled) -> None:
        self._names = compiled.names
        self._beginning = lru_cache(maxsize=_REMEMBERED)(self._find_beginning)

    def named(self, query: Query) -> Mapping[int, float]:
        """The episodes whose title or guest the query says in full, and how much of the query
        that name is (0 to 1)."""
        said = [
            term
            for clause in query.wanted
            for term in (
                (clause.parts or (clause.term,)) if isinstance(clause, Word) else clause.terms
            )
        ]
        named: dict[int, float] = {}
        for place, term in enumerate(said):
            for name, number in self._beginning(term):
                if said[place : place + len(name)] == name:
                    for episode in self._names.of(number).tolist():
                        named[episode] = max(named.get(episode, 0.0), len(name) / len(said))
        return named

    def _find_beginning(self, term: str) -> Sequence[tuple[list[str], int]]:
        return list(self._walk(term))

    def _walk(self, term: str) -> Iterator[tuple[list[str], int]]:
        """The names that begin with a term, and their numbers. A blank stands between the terms
        of a name and sorts before all that terms are made of."""
        table = self._names.values
        number = table.place(term.encode())
        while number < len(table):
            name = table[number].split(" ")
            if name[0] != term:
                return
            yield name, number
            number += 1
