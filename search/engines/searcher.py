"""Answers from one open generation: query → hits → ranking → answer."""

import copy
import time
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from msgspec import structs

from search.answer import Answer, Correction, FacetValue, IndexStatus, Suggestion
from search.engines.answering import Answering, Shown
from search.engines.arrays import Array
from search.engines.compiled import Compiled
from search.engines.filtering import Filtering
from search.engines.focus import focus
from search.engines.lexicon import CompiledLexicon
from search.engines.matching import Matching
from search.engines.naming import Naming
from search.engines.postings import Postings
from search.engines.soundness import Seal
from search.engines.suggesting import Suggesting
from search.engines.warming import Warming
from search.explaining import Explaining
from search.hits import NOT_NAMED, Named, Row, Shape, WordHits
from search.parser import parse
from search.passage import Kind
from search.query import Query
from search.ranking import Ranking, rank
from search.request import NO_FILTERS, Request, Sort
from search.settings import Settings
from search.understanding import Understander, Understanding
from search.wordlists import Wordlists


class CompiledSearcher:
    """An open generation. Safe to share between threads: nothing in it changes but what it
    remembers."""

    def __init__(
        self,
        compiled: Compiled,
        status: IndexStatus,
        settings: Settings,
        lists: Wordlists,
        seal: Seal | None = None,
    ) -> None:
        self._compiled = compiled
        self._status = status
        self._weights = weights = settings.weights
        self._seal = seal
        postings = Postings(compiled)
        lexicon = CompiledLexicon(compiled, postings)
        self._understander = Understander(lexicon, lists)
        self._shape = _shape(compiled)
        self._matching = Matching(
            compiled,
            postings,
            self._shape,
            focus(compiled, postings, lists.subjects, weights.listed),
            weights,
        )
        self._filtering = Filtering(compiled, lists)
        self._naming = Naming(compiled)
        self._suggesting = Suggesting(compiled, self._filtering, lexicon, self._naming)
        self._shown = Shown(compiled, settings.site)
        self._warming = Warming(
            compiled, lists, self._filtering, self._suggesting, self._shown, self._shape.moment
        )

    @property
    def status(self) -> IndexStatus:
        return self._status

    def sound(self) -> bool:
        return self._seal is None or self._seal.holds()

    def degraded(self, reason: str) -> "CompiledSearcher":
        other = copy.copy(self)
        other._status = structs.replace(self._status, degraded=reason)
        return other

    def suggest(self, text: str, limit: int = 8) -> tuple[Suggestion, ...]:
        return self._suggesting.suggest(text, limit)

    def tags(self) -> tuple[FacetValue, ...]:
        return self._filtering.every("tag")

    def asked(self) -> tuple[Request, ...]:
        return self._warming.asked()

    def warm(self, asked: Iterable[Request] = ()) -> Iterator[None]:
        return self._warming.steps(asked, self._meet)

    def search(self, request: Request) -> Answer:
        started = time.perf_counter()
        self._warming.note(request)
        understood, words, row, named = self._meet(request)
        query = understood.query
        ranking = self._rank(request, understood, words, row, named)
        # The query's own filters are part of the query; those of the request can be changed by a
        # click, and the facets say what a click would find.
        matched = self._within(query, ranking.matched)
        found = matched
        if request.filters != NO_FILTERS:
            found = matched & self._filtering.mask(request.filters)
        if found is not ranking.matched:
            ranking = ranking.within(found)
        episodes, scores = _in_order(ranking, request.sort)
        unknown = self._unknown(query)
        complete = 0 if unknown else int(np.count_nonzero(ranking.complete))
        first = (request.page - 1) * request.per_page
        page = slice(first, first + request.per_page)
        explaining = None
        if request.explain:
            explaining = Explaining(
                understood.wanted, words, ranking, named, row, self._shape, self._weights
            )
        answering = Answering(
            self._compiled, self._shown, request, understood, words, ranking, explaining
        )
        return Answer(
            query=query.text,
            interpreted=understood.interpreted,
            corrections=tuple(Correction(*each) for each in understood.corrections),
            complete_episodes=complete,
            partial=len(episodes) > 0 and not complete,
            # What some episode lacks nothing of is not missing in the show.
            missing=() if complete else (*understood.missing, *unknown),
            related=understood.related(),
            found_episodes=len(episodes),
            found_moments=len(ranking.moments),
            page=request.page,
            per_page=request.per_page,
            index=self._status,
            facets=self._filtering.facets(matched, found, request.filters),
            results=answering.episodes(episodes[page], scores[page]),
            took_ms=round((time.perf_counter() - started) * 1000, 3),
        )

    def _meet(self, request: Request) -> tuple[Understanding, list[WordHits], Row, Named]:
        """What a request's words mean, where they are met, where in a row, and what they name."""
        query = parse(request.text, request.typing)
        understood = self._understander.understand(query, request.exact)
        words = self._matching.meet(understood.wanted)
        row = self._matching.in_a_row(understood.wanted)
        named = self._naming.named(query, understood.corrections) if words else NOT_NAMED
        return understood, words, row, named

    def _rank(
        self,
        request: Request,
        understood: Understanding,
        words: Sequence[WordHits],
        row: Row,
        named: Named,
    ) -> Ranking:
        required = self._required(understood, words)
        if not words:
            return self._listed(required, understood, request.typing)
        whole = self._matching.whole(understood.wanted) if request.typing else None
        return rank(words, required, named, row, self._shape, self._weights, whole)

    def _within(self, query: Query, matched: Array) -> Array:
        """Those of the matched episodes (E,) that are within the query's own filters."""
        if query.filters != NO_FILTERS:
            matched = matched & self._filtering.mask(query.filters, query.unfinished)
        if query.excluded_filters != NO_FILTERS:
            matched = matched & self._filtering.outside(query.excluded_filters)
        return matched

    def _unknown(self, query: Query) -> tuple[str, ...]:
        """The query's filters of which no episode has a value."""
        if query.filters == NO_FILTERS:
            return ()
        return self._filtering.unknown(query.filters, query.unfinished)

    def _required(self, understood: Understanding, words: Sequence[WordHits]) -> Array | None:
        """The episodes that hold every phrase, have the title's words, and nothing excluded."""
        holders = self._matching.holders
        masks = [
            word.held for each, word in zip(understood.wanted, words, strict=True) if each.phrase
        ]
        titles = [holders(each, ("title",)) for each in understood.title]
        if understood.query.unfinished == "title" and titles and not titles[-1].any():
            # What begins no word of a title is as not yet typed.
            del titles[-1]
        masks += titles
        for each in understood.excluded:
            left = ~holders(each)
            # Who has typed `-in` or `-s` so far hardly means what all say.
            if understood.query.unfinished != "-" or (left.any() and not each.common):
                masks.append(left)
        masks += [~holders(each, ("title",)) for each in understood.excluded_title]
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
            shares=none,
            order=np.zeros(self._compiled.episodes, np.int8),
            complete=mask,
        )


def _in_order(ranking: Ranking, sort: Sort) -> tuple[Array, Array]:
    """The episodes and their scores in the wanted order; a higher number is a newer episode."""
    episodes, scores = ranking.episodes, ranking.scores
    if sort is Sort.RELEVANCE:
        return episodes, scores
    by_age = np.argsort(episodes)
    by_age = by_age if sort is Sort.OLDEST else by_age[::-1]
    return episodes[by_age], scores[by_age]


def _shape(compiled: Compiled) -> Shape:
    kind = np.asarray(compiled.passage_kind)
    moment = kind == Kind.MOMENT
    has_moments = np.zeros(compiled.episodes, bool)
    has_moments[compiled.passage_episode[moment]] = True
    alone = (kind == Kind.PARAGRAPH) & ~has_moments[compiled.passage_episode]
    return Shape(
        episode=compiled.passage_episode,
        unit=moment | alone,
        moment=moment,
        links=kind == Kind.LINKS,
        episodes=compiled.episodes,
        moments_only=not alone.any(),
    )
