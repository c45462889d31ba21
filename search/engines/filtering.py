"""Filters and facets over a generation's columns: exact, over all episodes, by masks (E,)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import NamedTuple

import numpy as np
from msgspec.structs import asdict, replace

from search.analysis import fold
from search.answer import FacetValue
from search.dates import spelled_dates
from search.engines.compiled import Column, Compiled
from search.engines.facets import Facets
from search.engines.spellings import guest_key, united
from search.hits import Array
from search.names import Name, key_of
from search.query_words import terms_of_phrase
from search.request import DATES, KINDS, Filters
from search.wordlists import Wordlists


class Within(NamedTuple):
    """A `mask` (E,) of episodes within filters; as one types them, the values that no episode has
    and the dates (one by itself or both together) that leave none; and whether these leave
    `nothing`, as there is no other value beside them."""

    mask: Array
    unknown: tuple[str, ...]
    nothing: bool


class Filtering:
    """Knows which episodes a filter leaves, and how many each facet value would leave."""

    def __init__(self, compiled: Compiled, lists: Wordlists) -> None:
        self._compiled = compiled
        self._lists = lists
        self._columns = columns = dict(compiled.columns)
        for kind, key in (("tag", fold), ("guest", guest_key), ("category", fold)):
            columns[kind] = united(columns[kind], key)
        self._tags = _by_name(compiled, columns["tag"])
        self._facets = Facets(columns, self.label)

    def within(self, filters: Filters, unfinished: str = "") -> Within:
        """The episodes within all filters.

        While the last value of a kind is `unfinished`, it also stands for the values that it
        begins. Where it begins none it counts as not yet typed, and so does a date that leaves
        nothing."""
        meant = self._meant(filters)
        if unfinished in meant:
            last = str(getattr(filters, KINDS[unfinished])[-1])
            meant[unfinished][last] = meant[unfinished][last] or self._beginning(unfinished, last)
        unknown = [
            f'{kind}:"{value}"' if " " in value else f"{kind}:{value}"
            for kind, values in meant.items()
            for value, numbers in values.items()
            if not numbers
        ]
        chosen = {kind: [*chain(*values.values())] for kind, values in meant.items()}
        nothing = not all(chosen.values())
        if not chosen.get(unfinished, True):
            del chosen[unfinished]
        if not self._of_time(filters).any():
            nothing = True
            times = [only for only in _kinds(filters) if only.from_date or only.to_date]
            alone = [only for only in times if not self._of_time(only).any()]
            unknown += [typed for only in alone or times for typed in spelled_dates(only)]
            if unfinished in DATES:
                filters = replace(filters, **{DATES[unfinished]: None})
        return Within(self._mask(filters, chosen), tuple(unknown), nothing)

    def _mask(self, filters: Filters, chosen: Mapping[str, Sequence[int]]) -> Array:
        """The episodes that have, of each kind, a chosen value, and are of the filters' time."""
        mask = self._of_time(filters)
        for kind, numbers in chosen.items():
            mask &= self._columns[kind].having(numbers)
        return mask

    def _of_time(self, filters: Filters) -> Array:
        """The episodes of the filters' dates."""
        compiled = self._compiled
        mask = np.ones(compiled.episodes, bool)
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
            mask &= ~self._mask(single, self._chosen(single))
        return mask

    def facets(
        self, matched: Array, found: Array, filters: Filters
    ) -> dict[str, tuple[FacetValue, ...]]:
        """For each kind its values with the number of episodes that choosing one would find.
        `found` are the `matched` ones within the filters.

        Choosing a value replaces a value of the same kind, so a kind's own filter is left out of
        its counts.
        """
        chosen = self._chosen(filters)
        others = {
            kind: matched & self._mask(filters, {k: n for k, n in chosen.items() if k != kind})
            for kind in chosen
        }
        return self._facets.most(self._facets.count(found, others), chosen)

    def every(self, kind: str) -> tuple[FacetValue, ...]:
        """All values of a kind in the whole show, the most frequent first."""
        return self._facets.every(kind)

    def _chosen(self, filters: Filters) -> dict[str, list[int]]:
        """By kind, for the kinds that are filtered by, the numbers of the values that will do."""
        return {kind: [*chain(*each.values())] for kind, each in self._meant(filters).items()}

    def _meant(self, filters: Filters) -> dict[str, dict[str, Sequence[int]]]:
        """By kind, for the kinds that are filtered by, each value as it was typed → the numbers of
        those that it stands for."""
        finders = (self.tags, self._guests, self._categories, self._years)
        return {
            kind: {str(value): find(str(value)) for value in values}
            for (kind, field), find in zip(KINDS.items(), finders, strict=True)
            if (values := getattr(filters, field))
        }

    def _beginning(self, kind: str, typed: str) -> list[int]:
        """The numbers of a kind's values of whose name a word begins with what is typed."""
        if kind == "guest":
            return self._guests_saying(typed)
        names: Iterable[tuple[str, int]] = self._tags.items()
        if kind != "tag":
            names = [(fold(value), n) for n, value in enumerate(self._columns[kind].values)]
        begun = f" {_apart(fold(typed))}"
        return [number for name, number in names if begun in f" {_apart(name)}"]

    def label(self, name: str, value: str) -> str:
        """A facet value as people read it."""
        names = self._compiled.tag_names.get(value) if name == "tag" else None
        return names[0] if names else value

    def tags(self, value: str) -> list[int]:
        """The numbers of the tags that go by a name: slug, display name or alias; else by another
        form of one: Websockets of `websocket`."""
        found = self._tags.get(fold(value.strip()))
        if found is not None:
            return [found]
        words = terms_of_phrase(value)
        numbers = {self._tags.get(" ".join(name)) for name in self._lists.names_of(words)}
        known = sorted(number for number in numbers if number is not None)
        return known or (self._tag_keys.get(key_of(words), []) if words else [])

    def _categories(self, value: str) -> list[int]:
        """The numbers of the kinds of that name; else of another form of it."""
        kinds = self._columns["category"].values
        same = [number for number, kind in enumerate(kinds) if fold(kind) == fold(value)]
        key = key_of(terms_of_phrase(value))
        return same or [n for n, k in enumerate(kinds) if key and key_of(terms_of_phrase(k)) == key]

    def _years(self, value: str) -> list[int]:
        return [n for n, year in enumerate(self._columns["year"].values) if year == value]

    @cached_property
    def _tag_keys(self) -> Mapping[Name, list[int]]:
        """What the forms of a tag's name share → the tags' numbers. Made when it is first asked
        for: opening must not wait."""
        keys: dict[Name, list[int]] = {}
        for name, number in self._tags.items():
            keys.setdefault(key_of(terms_of_phrase(name)), []).append(number)
        return keys

    def _guests(self, value: str) -> Sequence[int]:
        """The guests of that name; else those whose name holds all its words; else those who are
        called so, joined or apart: O'Neil of `oneil`, J. R. R. of `jrr`."""
        same = self._guest_names.get(guest_key(value))
        if same is not None:
            return same
        wanted = set(terms_of_phrase(value))
        if not wanted:
            return []
        all_words = [
            number
            for name, numbers in self._guest_names.items()
            if wanted <= set(name.split())
            for number in numbers
        ]
        return all_words or self._guests_saying(value, r"(?!\S)")

    def _guests_saying(self, typed: str, end: str = "") -> list[int]:
        """The guests of whose name words in a row, joined or apart, begin with what is typed; with
        an `end` (a pattern), those that end there."""
        letters = " ?".join(map(re.escape, "".join(terms_of_phrase(typed))))
        said = re.compile(rf"(?<!\S){letters}{end}")
        return [
            n for name, numbers in self._guest_names.items() if said.search(name) for n in numbers
        ]

    @cached_property
    def _guest_names(self) -> Mapping[str, Sequence[int]]:
        """What tells a guest → the guests of that name, by number. Made when it is first asked
        for: opening must not wait."""
        names: dict[str, list[int]] = {}
        for number, name in enumerate(self._columns["guest"].values):
            names.setdefault(guest_key(name), []).append(number)
        return names


def _by_name(compiled: Compiled, column: Column) -> dict[str, int]:
    """Every name of a tag → its number; a slug wins over another tag's display name."""
    names: dict[str, int] = {}
    held = np.diff(column.holders.offsets).tolist()
    slugs = [(number, slug) for number, slug in enumerate(column.values) if held[number]]
    for number, slug in slugs:
        for name in (*compiled.tag_names.get(slug, ()), slug.replace("-", " ")):
            names.setdefault(fold(name), number)
    return names | {fold(slug): number for number, slug in slugs}


def _apart(name: str) -> str:
    return name.strip().replace("-", " ")


def _kinds(filters: Filters) -> list[Filters]:
    """Filters of one kind each, leaving out empty ones."""
    return [Filters(**{field: value}) for field, value in asdict(filters).items() if value]
