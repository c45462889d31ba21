"""Titles and guests that a query says in full: who types a whole name wants that episode."""

from collections.abc import Mapping

from search.engines.compiled import Compiled
from search.parser import terms_of_phrase
from search.query import Query, Word
from search.wordlists import Name


class Naming:
    """All titles and guests of a show, by their first words."""

    def __init__(self, compiled: Compiled) -> None:
        found: dict[Name, list[int]] = {}
        for episode in range(compiled.episodes):
            head = compiled.head(episode)
            for text in (head.title, *head.guests):
                found.setdefault(terms_of_phrase(text), []).append(episode)
        self._starting: dict[str, list[tuple[Name, list[int]]]] = {}
        for name, episodes in found.items():
            if name:
                self._starting.setdefault(name[0], []).append((name, episodes))

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
            for name, episodes in self._starting.get(term, ()):
                if tuple(said[place : place + len(name)]) == name:
                    for episode in episodes:
                        named[episode] = max(named.get(episode, 0.0), len(name) / len(said))
        return named
