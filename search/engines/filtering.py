"""Filters and facets over a generation's columns: exact, over all episodes, by masks (E,)."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from search.analysis import fold, terms
from search.answer import FacetValue
from search.engines.arrays import Array
from search.engines.compiled import Column, Compiled
from search.request import Filters
from search.wordlists import Wordlists, relatives

NO_FILTERS = Filters()
MOST_VALUES = 1000
"""Values of a facet in an answer: a bound that only shows with thousands of guests meet."""


class Filtering:
    """Knows which episodes a filter leaves, and how many each facet value would leave."""

    def __init__(self, compiled: Compiled, lists: Wordlists) -> None:
        self._compiled = compiled
        self._lists = lists
        self._tags = _by_name(compiled, compiled.columns["tag"])
        self._years, self._year_of_episode = np.unique(compiled.episode_year, return_inverse=True)
        # The values and labels of each kind, decoded once: each answer counts them all.
        self._names = {
            name: (_texts(column.values), _texts([self.label(name, v) for v in column.values]))
            for name, column in compiled.columns.items()
        }

    def mask(self, filters: Filters) -> Array:
        """The episodes within all filters; a value that no episode has leaves none."""
        compiled = self._compiled
        mask = np.ones(compiled.episodes, bool)
        if filters == NO_FILTERS:
            return mask
        if filters.tags:
            mask &= self._having("tag", (n for tag in filters.tags for n in self.tags(tag)))
        if filters.guests:
            mask &= self._having("guest", (n for g in filters.guests for n in self._guests(g)))
        if filters.categories:
            wanted = {fold(category) for category in filters.categories}
            names = self._names["category"][0]
            mask &= self._having(
                "category", (n for n, value in enumerate(names) if fold(value) in wanted)
            )
        if filters.years:
            mask &= np.isin(compiled.episode_year, filters.years)
        if filters.from_date:
            mask &= compiled.episode_date >= filters.from_date.toordinal()
        if filters.to_date:
            mask &= (compiled.episode_date <= filters.to_date.toordinal()) & (
                compiled.episode_date > 0
            )
        return mask

    def outside(self, filters: Filters) -> Array:
        """The episodes that have none of the filters' values, each kind by itself."""
        mask = np.ones(self._compiled.episodes, bool)
        for single in _kinds(filters):
            mask &= ~self.mask(single)
        return mask

    def facets(
        self, matched: Array, found: Array, filters: Filters
    ) -> dict[str, tuple[FacetValue, ...]]:
        """For each kind its values with the number of episodes that choosing one would find.
        `found` are the `matched` ones within the filters.

        Choosing a value replaces a value of the same kind, so a kind's own filter is left out of
        its counts.
        """
        tag = guest = category = year = found
        if filters.tags:
            tag = matched & self.mask(replace(filters, tags=()))
        if filters.guests:
            guest = matched & self.mask(replace(filters, guests=()))
        if filters.categories:
            category = matched & self.mask(replace(filters, categories=()))
        if filters.years:
            year = matched & self.mask(replace(filters, years=()))
        return {
            "tag": self._counted("tag", tag),
            "guest": self._counted("guest", guest),
            "category": self._counted("category", category),
            "year": self._counted_years(year),
        }

    def _counted(self, name: str, mask: Array) -> tuple[FacetValue, ...]:
        counts = self._compiled.columns[name].count(mask)
        present = counts.nonzero()[0]
        # Most frequent first, then by name: one whole number of both is sorted fastest.
        keys = present - counts[present] * len(counts)
        keys.sort()
        below, chosen = np.divmod(keys[:MOST_VALUES], len(counts))
        values, labels = self._names[name]
        found = values[chosen].tolist(), labels[chosen].tolist(), (-below).tolist()
        return tuple(map(FacetValue, *found))

    def _counted_years(self, mask: Array) -> tuple[FacetValue, ...]:
        counts = np.bincount(self._year_of_episode[mask], minlength=len(self._years)).tolist()
        newest_first = zip(self._years.tolist()[::-1], counts[::-1], strict=True)
        return tuple(
            [FacetValue(str(y), str(y), count) for y, count in newest_first if y > 0 and count]
        )

    def label(self, name: str, value: str) -> str:
        """A facet value as people read it."""
        if name != "tag":
            return value
        names = self._compiled.tag_names.get(value)
        return names[0] if names else value

    def _having(self, name: str, numbers: Iterable[int]) -> Array:
        return self._compiled.columns[name].having(numbers, self._compiled.episodes)

    def tags(self, value: str) -> list[int]:
        """The numbers of the tags that go by a name: slug, display name or alias."""
        found = self._tags.get(fold(value.strip()))
        if found is not None:
            return [found]
        named = relatives(self._lists.aliases, tuple(terms(value)))
        numbers = {self._tags.get(" ".join(name)) for name in named}
        return sorted(number for number in numbers if number is not None)

    def _guests(self, value: str) -> list[int]:
        """The guests of that name; else those whose name holds all its words."""
        names = self._names["guest"][0]
        wanted = terms(value)
        if not wanted:
            return []
        same = [n for n, name in enumerate(names) if terms(name) == wanted]
        if same:
            return same
        return [n for n, name in enumerate(names) if set(wanted) <= set(terms(name))]


def _texts(texts: Iterable[str]) -> Array:
    """Texts as an array, to take many of them at once."""
    return np.array([*texts], dtype=object)


def _by_name(compiled: Compiled, column: Column) -> dict[str, int]:
    """Every name of a tag → its number; a slug wins over another tag's display name."""
    names: dict[str, int] = {}
    slugs = list(column.values)
    for number, slug in enumerate(slugs):
        for name in (*compiled.tag_names.get(slug, ()), slug.replace("-", " ")):
            names.setdefault(fold(name), number)
    for number, slug in enumerate(slugs):
        names[fold(slug)] = number
    return names


def _kinds(filters: Filters) -> list[Filters]:
    """Filters of one kind each, leaving out empty ones."""
    single = [
        Filters(tags=filters.tags),
        Filters(guests=filters.guests),
        Filters(categories=filters.categories),
        Filters(years=filters.years),
        Filters(from_date=filters.from_date),
        Filters(to_date=filters.to_date),
    ]
    return [each for each in single if each != NO_FILTERS]
