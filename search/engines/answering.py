"""A ranking becomes an answer's results: heads and moments read, marked and linked."""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from search.answer import EpisodeAnswer, Marked, MomentAnswer
from search.clock import format_clock
from search.engines.arrays import Array, integers
from search.engines.compiled import NO_TIME, Compiled
from search.explaining import Explaining
from search.highlight import excerpt, marker_for
from search.hits import WordHits, span
from search.links import audio_link, jump_link
from search.passage import Kind
from search.ranking import Ranking
from search.remembering import remembered
from search.request import Request
from search.settings import SiteSettings
from search.understanding import Understanding

_KEPT = 8192


class Moment(Struct, frozen=True):
    """What is shown of a moment whatever was asked. See search.answer.MomentAnswer."""

    start: int
    end: int | None
    time: str
    text: str
    url: str
    audio_url: str | None


class Moments:
    """The moments of one generation, by passage number; those shown are kept (bounded)."""

    def __init__(self, compiled: Compiled, site: SiteSettings) -> None:
        self._compiled = compiled
        self._site = site
        self._starts = integers(compiled.passage_start)
        self._ends = integers(compiled.passage_end)
        self._episodes = integers(compiled.passage_episode)
        self.moment = remembered(self._moment, _KEPT)

    def _moment(self, passage: int) -> Moment:
        head = self._compiled.head(self._episodes[passage])
        start, end = self._starts[passage], self._ends[passage]
        return Moment(
            start=start,
            end=None if end == NO_TIME else end,
            time=format_clock(start),
            text=self._compiled.text(passage),
            url=jump_link(self._site.jump_link, head.url, start),
            audio_url=audio_link(self._site.audio_link, head.audio_url, start),
        )


class Answering:
    """Builds the results of one search."""

    def __init__(
        self,
        compiled: Compiled,
        moments: Moments,
        request: Request,
        understood: Understanding,
        words: Sequence[WordHits],
        ranking: Ranking,
        explaining: Explaining | None,
    ) -> None:
        """`explaining` where reasons are asked for."""
        self._compiled = compiled
        self._moments = moments
        self._request = request
        self._ranking = ranking
        self._explaining = explaining
        shares = ranking.shares.tolist()
        self._wanted = list(zip(understood.wanted, words, shares, strict=False))
        self._marker = marker_for((*understood.wanted, *understood.title))

    def episodes(self, numbers: Array, scores: Array) -> tuple[EpisodeAnswer, ...]:
        """The found episodes of a page with their best moments."""
        of_moments = self._ranking.episode_of_moments
        firsts = np.searchsorted(of_moments, numbers).tolist()
        ends = np.searchsorted(of_moments, numbers, side="right").tolist()
        rows = zip(numbers.tolist(), scores.tolist(), firsts, ends, strict=True)
        return tuple([self._episode(*row) for row in rows])

    def _episode(self, number: int, score: float, first: int, end: int) -> EpisodeAnswer:
        head = self._compiled.head(number)
        ranking, request = self._ranking, self._request
        found = ranking.moments[first:end]
        passages = found.tolist()
        scores = ranking.moment_scores[first:end].tolist()
        # Among equals the earlier one, as sorting keeps their order.
        best = sorted(range(len(scores)), key=scores.__getitem__, reverse=True)[: request.moments]
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
            tags=tuple([slug for slug, _ in head.tags]),
            score=round(score, 4),
            found_moments=len(passages),
            timeline=tuple(self._compiled.passage_start[found].tolist()),
            moments=tuple([self._moment(passages[n], scores[n]) for n in best]),
            ticks=tuple(map(self._moment, passages, scores)) if request.ticks else (),
            excerpt=None if passages else self._excerpt(number),
            missing=tuple(
                [
                    each.typed
                    for each, word, share in self._wanted
                    if share > 0 and word.needed and not word.held[number]
                ]
            ),
            reason=self._explaining.episode(number, score) if self._explaining else None,
        )

    def _excerpt(self, number: int) -> Marked | None:
        """Of the paragraph that says most of the query; None if none says anything."""
        here = span(self._compiled.passage_episode, number, number + 1)
        kinds = self._compiled.passage_kind[here]
        said = np.zeros(len(kinds))
        for _, word, share in self._wanted:
            inside = span(word.own.passages, here.start, here.stop)
            said[word.own.passages[inside] - here.start] += share * word.own.strengths[inside]
        said[kinds != Kind.PARAGRAPH] = 0.0
        if not said.any():
            return None
        return excerpt(self._marker.mark(self._compiled.text(here.start + int(said.argmax()))))

    def _moment(self, passage: int, score: float) -> MomentAnswer:
        moment = self._moments.moment(passage)
        return MomentAnswer(
            start=moment.start,
            end=moment.end,
            time=moment.time,
            text=self._marker.mark(moment.text),
            url=moment.url,
            audio_url=moment.audio_url,
            score=round(score, 4),
            reason=self._explaining.moment(passage, moment.text, score)
            if self._explaining
            else None,
        )
