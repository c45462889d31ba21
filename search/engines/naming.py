"""Titles and guests that a query says in full, and numbers that it is: who types a whole name wants
that episode."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from search.analysis import fold
from search.engines.compiled import Compiled
from search.hits import NO_HITS, Named
from search.query import Clause, Query, Word
from search.remembering import remembered
from search.stemming import stem

_REMEMBERED = 4096
"""First words of names that are looked up once."""
_BEFORE_NUMBERS = frozenset(
    map(stem, ("episode", "ep", "show", "podcast", "number", "no", "folge", "episodio"))
)
"""The stems of what may stand before an episode's number (`episod` is on its way to one), in German
and Spanish, too."""
_TOGETHER = re.compile(r"(\D+)(\d+)")
"""`ep63`: the word and the number as one term."""


class Naming:
    """All titles and guests of a show, as terms, in the order of the alphabet, and all numbers."""

    def __init__(self, compiled: Compiled) -> None:
        self._compiled = compiled
        self._beginning = remembered(self._find_beginning, _REMEMBERED)

    def named(self, query: Query, corrections: Iterable[tuple[str, str]] = ()) -> Named:
        """The episodes whose title or guest the query says, or begins to say, its misspelt words
        (typed, used) as they are meant, and those whose number it is."""
        used = {typed: fold(word) for typed, word in corrections}
        said = [term for clause in query.wanted for term in _terms(clause, used)]
        # (`folge 5`, where a show says nothing but `folgen`.)
        typed = [term for clause in query.wanted for term in _terms(clause, {})] if used else said
        numbered = self.numbered(typed) or (self.numbered(said) if used else ())
        in_full = dict.fromkeys(numbered, 1.0)
        at_length: list[int] = []
        begun = NO_HITS.passages
        for place, term in enumerate(said):
            names = self._beginning(term)
            for end in range(place + 1, len(said) + 1):
                name = " ".join(said[place:end])
                names = names if name == term else self._among(names, name)
                if not names:
                    break
                if self._compiled.names[names.start] == name:
                    part = (end - place) / len(said)
                    holders = self._compiled.name_holders.of(names[:1]).tolist()
                    for episode in holders:
                        in_full[episode] = max(in_full.get(episode, 0.0), part)
                    at_length += holders if name != term else ()
                    names = names[1:]
            if not place:
                begun = self._compiled.name_holders.of(names)
        return Named(in_full, begun, numbered, at_length)

    def numbered(self, said: Sequence[str]) -> Sequence[int]:
        """The episodes whose number some terms are: `63`, `episode 63`, `ep63`. One among other
        words is no name of an episode: `python 3`."""
        together = _TOGETHER.fullmatch(said[0]) if len(said) == 1 else None
        *before, number = together.groups() if together else said or ("",)
        if not number.isdecimal() or len(before) > 1:
            return ()
        named = all(stem(word) in _BEFORE_NUMBERS for word in before)
        return self._numbers.get(int(number), ()) if named else ()

    @cached_property
    def _numbers(self) -> Mapping[int, Sequence[int]]:
        """Numbers → their episodes. Gathered when first asked for: opening must not wait."""
        numbers: dict[int, list[int]] = {}
        for episode in range(self._compiled.episodes):
            number = self._compiled.head(episode).number
            if number is not None:
                numbers.setdefault(number, []).append(episode)
        return numbers

    def _find_beginning(self, term: str) -> range:
        """The names that begin with a term."""
        return self._among(range(len(self._compiled.names)), term)

    def _among(self, names: range, name: str) -> range:
        """Those of some names that are, or begin with, the terms of `name`: up to `name!`:
        a blank, as it stands between terms, sorts before `!`, and all that terms are made of after
        it."""
        begun = self._compiled.names.prefixed(name, names)
        return range(begun.start, self._compiled.names.place(f"{name}!".encode(), begun))


def _terms(clause: Clause, used: Mapping[str, str]) -> Sequence[str]:
    if not isinstance(clause, Word):
        return clause.terms
    if clause.typed in used:
        return (used[clause.typed],)
    return clause.parts or (clause.term,)
