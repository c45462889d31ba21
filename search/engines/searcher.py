"""Answers from one open generation: query → hits → ranking → answer."""

import copy
import time
from collections.abc import Iterable, Iterator

import numpy as np
from msgspec import structs

from search.answer import Answer, Correction, FacetValue, IndexStatus, Suggestion
from search.engines.answering import Answering, Shown
from search.engines.compiled import Compiled
from search.engines.filtering import Filtering
from search.engines.finding import Finding
from search.engines.lexicon import CompiledLexicon
from search.engines.naming import Naming
from search.engines.postings import Postings
from search.engines.soundness import Seal
from search.engines.suggesting import Suggesting
from search.engines.warming import Warming
from search.explaining import Explaining
from search.hits import Array, Shape
from search.passage import PassageKind
from search.ranking import Ranking
from search.request import Request, Sort
from search.settings import Settings
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
        self._shape = _shape(compiled)
        self._filtering = Filtering(compiled, lists)
        naming = Naming(compiled)
        self._finding = Finding(
            compiled, lexicon, postings, naming, self._filtering, self._shape, weights, lists
        )
        self._suggesting = Suggesting(compiled, self._filtering, lexicon, naming)
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
        return self._warming.steps(asked, self._finding.meet)

    def search(self, request: Request) -> Answer:
        started = time.perf_counter()
        self._warming.note(request)
        found = self._finding.find(
            request.text, request.typing, request.exact, request.filters, request.facets
        )
        hits, ranking = found.hits, found.ranking
        understood = hits.understood
        episodes, scores = _in_order(ranking, request.sort)
        complete = int(np.count_nonzero(ranking.complete))
        first = (request.page - 1) * request.per_page
        page = slice(first, first + request.per_page)
        explaining = None
        if request.explain:
            explaining = Explaining(hits, ranking, self._shape, self._weights)
        answering = Answering(self._compiled, self._shown, request, hits, ranking, explaining)
        return Answer(
            query=understood.query.text,
            interpreted=understood.interpreted,
            corrections=tuple(Correction(*each) for each in understood.corrections),
            complete_episodes=complete,
            partial=len(episodes) > 0 and not complete,
            # A word that some episode has in other words is not missing in the show.
            missing=(*(() if complete else understood.missing), *found.unknown),
            related=found.related,
            found_episodes=len(episodes),
            found_moments=len(ranking.moments),
            page=request.page,
            per_page=request.per_page,
            index=self._status,
            facets=found.facets,
            results=answering.episodes(episodes[page], scores[page]),
            took_ms=round((time.perf_counter() - started) * 1000, 3),
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
    moment = kind == PassageKind.MOMENT
    has_moments = np.zeros(compiled.episodes, bool)
    has_moments[compiled.passage_episode[moment]] = True
    alone = (kind == PassageKind.PARAGRAPH) & ~has_moments[compiled.passage_episode]
    return Shape(
        episode=compiled.passage_episode,
        unit=moment | alone,
        moment=moment,
        episodes=compiled.episodes,
        moments_only=not alone.any(),
    )
