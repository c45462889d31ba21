"""Query text → what it finds: its words met, everything that matches ranked and counted."""

from collections.abc import Mapping

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from search.answer import FacetValue
from search.engines.compiled import Compiled
from search.engines.filtering import Filtering
from search.engines.focus import focus
from search.engines.lexicon import CompiledLexicon
from search.engines.matching import Matching
from search.engines.naming import Naming
from search.engines.postings import Postings
from search.hits import NOT_NAMED, Array, Shape
from search.parser import parse
from search.query import Query
from search.query_hits import QueryHits
from search.ranking import Ranking, rank
from search.remembering import remembered
from search.request import KINDS, NO_FILTERS, Filters
from search.settings import WeightSettings
from search.understanding import Understander, Understanding
from search.wordlists import Wordlists

_KEPT = 128
"""Who narrows, sorts or turns the page asks for the same again; who opens as a page what the box
found, for the same ranking."""
_NOT_COUNTED: Mapping[str, tuple[FacetValue, ...]] = dict.fromkeys(KINDS, ())


class Found(Struct, frozen=True, eq=False):
    """What a query finds, whatever of it is shown. `related` as of Understanding; `unknown` are the
    values and dates of filters that no episode has."""

    hits: QueryHits
    related: tuple[tuple[str, str], ...]
    unknown: tuple[str, ...]
    ranking: Ranking
    facets: Mapping[str, tuple[FacetValue, ...]]


class Finding:
    """Finds in one generation, and remembers what it found (bounded). Safe to share between
    threads."""

    def __init__(
        self,
        compiled: Compiled,
        lexicon: CompiledLexicon,
        postings: Postings,
        naming: Naming,
        filtering: Filtering,
        shape: Shape,
        weights: WeightSettings,
        lists: Wordlists,
    ) -> None:
        self._compiled = compiled
        self._naming = naming
        self._filtering = filtering
        self._shape = shape
        self._weights = weights
        self._understander = Understander(lexicon, lists)
        in_focus = focus(compiled, postings, lists.subjects, weights.listed)
        self._matching = Matching(compiled, postings, shape, in_focus, weights)
        self._ranked = remembered(self._rank, _KEPT)
        self.find = remembered(self._find, _KEPT)

    def _find(self, text: str, typing: bool, exact: bool, filters: Filters, counted: bool) -> Found:
        """Facets are empty unless they are to be `counted`."""
        hits, ranking, unknown = self._ranked(text, typing, exact)
        matched = ranking.matched
        # The query's own filters are part of the query; those of the request can be changed by a
        # click, and the facets say what a click would find.
        if filters != NO_FILTERS:
            ranking, more = self._narrowed(ranking, filters)
            unknown += more
        facets = (
            self._filtering.facets(matched, ranking.matched, filters) if counted else _NOT_COUNTED
        )
        return Found(hits, hits.understood.related(), unknown, ranking, facets)

    def meet(self, text: str, typing: bool, exact: bool) -> QueryHits:
        """Reads a query and meets its words."""
        query = parse(text, typing)
        understood = self._understander.understand(query, exact)
        words = self._matching.meet(understood.wanted)
        row = self._matching.in_a_row(understood.wanted)
        named = self._naming.named(query, understood.corrections) if words else NOT_NAMED
        return QueryHits(understood, words, row, named)

    def _rank(
        self, text: str, typing: bool, exact: bool
    ) -> tuple[QueryHits, Ranking, tuple[str, ...]]:
        """What matches the words, and is within the query's own filters; and what of them no
        episode has."""
        hits = self.meet(text, typing, exact)
        query, required = hits.understood.query, self._required(hits)
        if hits.words:
            whole = self._matching.whole(hits) if typing else None
            ranking = rank(hits, whole, required, self._shape, self._weights)
        else:
            ranking = self._listed(required, hits.understood, typing)
        unknown: tuple[str, ...] = ()
        if query.filters != NO_FILTERS:
            ranking, unknown = self._narrowed(ranking, query.filters, query.unfinished)
        if query.excluded_filters != NO_FILTERS:
            ranking = ranking.within(self._filtering.outside(query.excluded_filters))
        return hits, ranking, unknown

    def _narrowed(
        self, ranking: Ranking, filters: Filters, unfinished: str = ""
    ) -> tuple[Ranking, tuple[str, ...]]:
        """What of a ranking is within filters; and what of these no episode has. Where they leave
        nothing, no episode has all that was asked for, though one be found while typing."""
        within = self._filtering.within(filters, unfinished)
        ranking = ranking.within(within.mask)
        if within.nothing:
            ranking = replace(ranking, complete=np.zeros_like(ranking.complete))
        return ranking, within.unknown

    def _required(self, hits: QueryHits) -> Array | None:
        """The episodes that hold every phrase, have the title's words, and nothing excluded."""
        understood, holders = hits.understood, self._matching.holders
        masks = [
            w.held for each, w in zip(understood.wanted, hits.words, strict=True) if each.phrase
        ]
        titles = [holders(each, titles=True) for each in understood.title]
        if understood.query.unfinished == "title" and titles and not titles[-1].any():
            # What begins no word of a title is as not yet typed.
            del titles[-1]
        masks += titles
        for each in understood.excluded:
            left = ~holders(each)
            # Who has typed `-in` or `-s` so far hardly means what all say.
            if understood.query.unfinished != "-" or (left.any() and not each.common):
                masks.append(left)
        masks += [~holders(each, titles=True) for each in understood.excluded_title]
        return np.logical_and.reduce(masks) if masks else None

    def _listed(self, required: Array | None, understood: Understanding, typing: bool) -> Ranking:
        """Filters, titles or exclusions alone list what they leave, newest first."""
        query = understood.query
        # A text without any word, such as "???", finds nothing; no text at all lists everything, as
        # does what may still become a word.
        asks = typing or not query.text or query != Query(query.text)
        mask = np.full(self._compiled.episodes, asks) if required is None else required
        numbers = mask.nonzero()[0][::-1]
        none = np.zeros(0)
        return Ranking(
            matched=mask,
            episodes=numbers,
            scores=np.zeros(len(numbers)),
            moments=none.astype(np.int32),
            episode_of_moments=none.astype(np.intp),
            moment_scores=none,
            shares=(),
            order=np.zeros(self._compiled.episodes, np.int8),
            complete=mask,
        )
