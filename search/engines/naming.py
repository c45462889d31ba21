"""Titles and guests that a query says in full: who types a whole name wants that episode."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from search.engines.compiled import Compiled
from search.hits import Named
from search.query import Clause, Query, Word
from search.remembering import remembered

_REMEMBERED = 4096
"""First words of names, and names, that are looked up once."""


class Naming:
    """All titles and guests of a show, as terms, found by their first word."""

    def __init__(self, compiled: Compiled) -> None:
        self._names = compiled.names
        self._named = compiled.named
        self._beginning = remembered(self._find_beginning, _REMEMBERED)
        self._episodes = remembered(self._find_episodes, _REMEMBERED)

    def named(self, query: Query, corrections: Iterable[tuple[str, str]] = ()) -> Named:
        """The episodes whose title or guest the query says, or begins to say, its misspelt words
        (typed, used) as they are meant."""
        used = dict(corrections)
        said = [term for clause in query.wanted for term in _terms(clause, used)]
        in_full: dict[int, float] = {}
        begun: set[int] = set()
        for place, term in enumerate(said):
            for name, number in self._beginning(term):
                if said[place : place + len(name)] == name:
                    for episode in self._episodes(number):
                        in_full[episode] = max(in_full.get(episode, 0.0), len(name) / len(said))
                elif place == 0 and name[: len(said)] == said:
                    begun.update(self._episodes(number))
        return Named(in_full, frozenset(begun))

    def _find_episodes(self, number: int) -> Sequence[int]:
        """The episodes whose title or guest is the name of that number."""
        episodes: list[int] = self._named.of(number).tolist()
        return episodes

    def _find_beginning(self, term: str) -> Sequence[tuple[list[str], int]]:
        return list(self._walk(term))

    def _walk(self, term: str) -> Iterator[tuple[list[str], int]]:
        """The names that begin with a term, and their numbers. A blank stands between the terms
        of a name and sorts before all that terms are made of."""
        table = self._names
        number = table.place(term.encode())
        while number < len(table):
            name = table[number].split(" ")
            if name[0] != term:
                return
            yield name, number
            number += 1


def _terms(clause: Clause, used: Mapping[str, str]) -> Sequence[str]:
    if not isinstance(clause, Word):
        return clause.terms
    if clause.typed in used:
        return (used[clause.typed],)
    return clause.parts or (clause.term,)
