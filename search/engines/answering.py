"""A ranking becomes an answer's results: heads and moments read, marked and linked."""

from collections.abc import Sequence

import numpy as np

from search.answer import EpisodeAnswer, MomentAnswer
from search.clock import format_clock
from search.engines.arrays import Array
from search.engines.compiled import NO_TIME, Compiled, Head
from search.explaining import explain_episode, explain_moment
from search.highlight import marker_for
from search.hits import Shape, WordHits
from search.links import audio_link, jump_link
from search.ranking import Ranking
from search.request import Request
from search.settings import SiteSettings
from search.understanding import Understanding


class Answering:
    """Builds the results of one search."""

    def __init__(
        self,
        compiled: Compiled,
        shape: Shape,
        site: SiteSettings,
        request: Request,
        understood: Understanding,
        words: Sequence[WordHits],
        ranking: Ranking,
    ) -> None:
        self._compiled = compiled
        self._shape = shape
        self._site = site
        self._request = request
        self._understood = understood
        self._words = words
        self._ranking = ranking
        self._wanted = list(zip(understood.wanted, words, ranking.shares, strict=False))
        self._marker = marker_for((*understood.wanted, *understood.title))

    def episode(self, number: int, score: float) -> EpisodeAnswer:
        """One found episode with its best moments."""
        head = self._compiled.head(number)
        ranking, request = self._ranking, self._request
        span = slice(*np.searchsorted(ranking.episode_of_moments, [number, number + 1]).tolist())
        passages, scores = ranking.moments[span], ranking.moment_scores[span]
        best = np.argsort(-scores, kind="stable")[: request.moments]
        return EpisodeAnswer(
            id=head.id,
            number=head.number,
            category=head.category,
            title=self._marker.mark(head.title),
            description=self._marker.mark(head.description),
            url=head.url,
            audio_url=head.audio_url,
            date=head.date,
            duration=head.duration,
            guests=head.guests,
            tags=head.slugs,
            score=round(score, 4),
            found_moments=len(passages),
            timeline=tuple(self._compiled.passage_start[passages].tolist()),
            moments=self._moments(head, passages[best], scores[best]),
            ticks=self._moments(head, passages, scores) if request.ticks else (),
            missing=tuple(
                each.typed
                for each, word, share in self._wanted
                if share > 0 and not word.held[number]
            ),
            reason=explain_episode(
                number, score, self._shape, self._words, self._understood, ranking
            )
            if request.explain
            else None,
        )

    def _moments(self, head: Head, passages: Array, scores: Array) -> tuple[MomentAnswer, ...]:
        compiled = self._compiled
        starts, ends = compiled.passage_start[passages], compiled.passage_end[passages]
        rows = zip(passages.tolist(), starts.tolist(), ends.tolist(), scores.tolist(), strict=True)
        return tuple(
            MomentAnswer(
                start=start,
                end=None if end == NO_TIME else end,
                time=format_clock(start),
                text=self._marker.mark(compiled.text(passage)),
                url=jump_link(self._site.jump_link, head.url, start),
                audio_url=audio_link(self._site.audio_link, head.audio_url, start),
                score=round(score, 4),
                reason=explain_moment(
                    passage, self._words, self._understood.wanted, self._ranking.shares
                )
                if self._request.explain
                else None,
            )
            for passage, start, end, score in rows
        )
