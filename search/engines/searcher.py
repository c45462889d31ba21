"""Answers from one open generation: query → hits → ranking → answer."""

import copy
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from search.answer import (
    Answer,
    Correction,
    EpisodeAnswer,
    IndexStatus,
    MomentAnswer,
    Suggestion,
)
from search.clock import format_clock
from search.engines.arrays import Array
from search.engines.compiled import NO_TIME, Compiled
from search.engines.filtering import Filtering
from search.engines.lexicon import CompiledLexicon
from search.engines.manifest import Seal
from search.engines.matching import holders, meet_all
from search.engines.naming import Naming
from search.engines.suggesting import Suggesting
from search.explaining import explain_episode, explain_moment
from search.highlight import Marker, marker_for
from search.hits import Shape, WordHits
from search.links import audio_link, jump_link
from search.parser import parse
from search.passage import Kind as PassageKind
from search.ranking import Ranking, rank
from search.request import Filters, Request, Sort
from search.settings import Settings
from search.understanding import Kind, Understander, Understanding, Wanted
from search.wordlists import Wordlists

_CACHED_WORDS = 2048


class CompiledSearcher:
    """An open generation. Safe to share between threads: nothing in it changes but caches."""

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
        self._settings = settings
        self._seal = seal
        self._understander = Understander(CompiledLexicon(compiled), lists)
        self._filtering = Filtering(compiled, lists)
        self._suggesting = Suggesting(compiled, self._filtering)
        self._naming = Naming(compiled)
        self._shape = _shape(compiled)
        self._meet_all = lru_cache(maxsize=_CACHED_WORDS)(self._meet)

    @property
    def status(self) -> IndexStatus:
        return self._status

    def sound(self) -> bool:
        return self._seal is None or self._seal.holds()

    def degraded(self, reason: str) -> "CompiledSearcher":
        other = copy.copy(self)
        other._status = replace(self._status, degraded=reason)
        return other

    def close(self) -> None:
        """Nothing to do: the mapped files are let go with the last reference."""

    def suggest(self, text: str, limit: int = 8) -> tuple[Suggestion, ...]:
        return self._suggesting.suggest(text, limit)

    def newest(self, limit: int = 5) -> Answer:
        return self.search(Request(per_page=limit, sort=Sort.NEWEST))

    def search(self, request: Request) -> Answer:
        started = time.perf_counter()
        query = parse(request.text, request.typing)
        understood = self._understander.understand(query, request.exact)
        words = self._meet_all(understood.wanted)
        required = self._required(understood)
        if words:
            named = self._naming.named(query)
            ranking = rank(words, required, named, self._shape, self._settings.weights)
        else:
            ranking = self._everything(required, understood)
        matched = np.zeros(self._compiled.episodes, bool)
        matched[ranking.episodes] = True
        matched &= self._filtering.mask(query.filters)
        matched &= self._filtering.outside(query.excluded_filters)
        found = matched & self._filtering.mask(request.filters)
        return self._answer(request, understood, words, ranking, matched, found, started)

    def _meet(self, wanted: tuple[Wanted, ...]) -> list[WordHits]:
        return meet_all(self._compiled, wanted, self._worth)

    def _worth(self, kind: Kind) -> float:
        weights = self._settings.weights
        return {
            Kind.EXACT: 1.0,
            Kind.PREFIX: weights.prefix,
            Kind.INFLECTED: weights.inflected,
            Kind.DERIVED: weights.derived,
            Kind.ALIAS: weights.alias,
            Kind.NEAR: weights.near,
            Kind.RELATED: weights.related,
        }[kind]

    def _required(self, understood: Understanding) -> Array | None:
        """The episodes that hold every phrase, have the title's words, and nothing excluded."""
        phrases = [w for w in understood.wanted if w.bound and w.typed.startswith('"')]
        masks = [holders(self._compiled, each) for each in phrases]
        masks += [holders(self._compiled, each, ("title",)) for each in understood.title]
        masks += [~holders(self._compiled, each) for each in understood.excluded]
        masks += [~holders(self._compiled, each, ("title",)) for each in understood.excluded_title]
        return np.logical_and.reduce(masks) if masks else None

    def _everything(self, required: Array | None, understood: Understanding) -> Ranking:
        """Filters, titles or exclusions alone list what they leave, newest first."""
        query = understood.query
        asked = query.title or query.excluded or query.excluded_title or query.filters != Filters()
        # A text without any word, such as "???", finds nothing; no text at all lists everything.
        asks = asked or query.excluded_filters != Filters() or not query.text
        mask = np.ones(self._compiled.episodes, bool) if required is None else required
        numbers = np.flatnonzero(mask)[::-1] if asks else np.zeros(0, np.int64)
        none = np.zeros(0)
        return Ranking(
            numbers, np.zeros(len(numbers)), none.astype(np.int32), none, len(numbers), none
        )

    def _answer(
        self,
        request: Request,
        understood: Understanding,
        words: Sequence[WordHits],
        ranking: Ranking,
        matched: Array,
        found: Array,
        started: float,
    ) -> Answer:
        order = found[ranking.episodes]
        episodes, scores = ranking.episodes[order], ranking.scores[order]
        if request.sort is not Sort.RELEVANCE:
            by_age = np.argsort(episodes, kind="stable")
            by_age = by_age if request.sort is Sort.OLDEST else by_age[::-1]
            episodes, scores = episodes[by_age], scores[by_age]
        first = (request.page - 1) * request.per_page
        page = slice(first, first + request.per_page)
        marker = marker_for((*understood.wanted, *understood.title))
        results = tuple(
            self._episode(int(number), float(score), ranking, words, understood, request, marker)
            for number, score in zip(episodes[page], scores[page], strict=True)
        )
        moments = found[self._compiled.passage_episode[ranking.moments]]
        return Answer(
            query=understood.query.text,
            interpreted=understood.interpreted,
            corrections=tuple(Correction(*each) for each in understood.corrections),
            partial=bool(len(ranking.episodes)) and not ranking.complete,
            missing=understood.missing,
            related=(),
            found_episodes=len(episodes),
            found_moments=int(np.count_nonzero(moments)),
            page=request.page,
            per_page=request.per_page,
            took_ms=round((time.perf_counter() - started) * 1000, 3),
            index=self._status,
            facets=self._filtering.facets(matched, request.filters),
            results=results,
        )

    def _episode(
        self,
        number: int,
        score: float,
        ranking: Ranking,
        words: Sequence[WordHits],
        understood: Understanding,
        request: Request,
        marker: Marker,
    ) -> EpisodeAnswer:
        compiled = self._compiled
        head = compiled.head(number)
        begin, end = np.searchsorted(
            compiled.passage_episode[ranking.moments], [number, number + 1]
        )
        passages, scores = ranking.moments[begin:end], ranking.moment_scores[begin:end]
        best = np.lexsort((passages, -scores))[: request.moments]

        def moment(place: Any) -> MomentAnswer:
            passage = int(passages[place])
            start, stop = int(compiled.passage_start[passage]), int(compiled.passage_end[passage])
            return MomentAnswer(
                start=start,
                end=None if stop == NO_TIME else stop,
                time=format_clock(start),
                text=marker.mark(compiled.text(passage)),
                url=jump_link(self._settings.site.jump_link, head.url, start),
                audio_url=audio_link(self._settings.site.audio_link, head.audio_url, start),
                score=round(float(scores[place]), 4),
                reason=explain_moment(passage, words, understood.wanted, ranking.shares)
                if request.explain
                else None,
            )

        return EpisodeAnswer(
            id=head.id,
            number=head.number,
            category=head.category,
            title=marker.mark(head.title),
            description=marker.mark(head.description),
            url=head.url,
            audio_url=head.audio_url,
            date=head.date,
            duration=head.duration,
            guests=head.guests,
            tags=tuple(tag.slug for tag in head.tags),
            score=round(score, 4),
            found_moments=len(passages),
            timeline=tuple(compiled.passage_start[passages].tolist()),
            moments=tuple(moment(place) for place in best),
            ticks=tuple(moment(place) for place in range(len(passages))) if request.ticks else (),
            reason=explain_episode(number, score, self._shape, words, understood, ranking)
            if request.explain
            else None,
        )


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
        links=kind == PassageKind.LINKS,
        episodes=compiled.episodes,
    )
