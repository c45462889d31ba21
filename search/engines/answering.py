"""A ranking becomes an answer's results: heads and moments read, marked and linked."""

from collections.abc import Sequence

import numpy as np
from msgspec.structs import replace

from search.answer import EpisodeAnswer, Marked, MomentAnswer
from search.clock import format_clock
from search.engines.arrays import Array, integers
from search.engines.compiled import NO_TIME, Compiled
from search.explaining import Explaining, told
from search.highlight import excerpt, marker_for
from search.hits import WordHits, span
from search.links import audio_link, jump_link
from search.meanings import Wanted
from search.passage import Kind
from search.ranking import Ranking
from search.remembering import remembered
from search.request import Request
from search.settings import SiteSettings
from search.understanding import Understanding

_KEPT_EPISODES = 1024
_KEPT_MOMENTS = 8192
_LONGEST_MOMENT = 400
"""Characters of a moment that are shown: topic lines are shorter, transcripts longer."""
_MARKED = ("title", "description")
"""What of a head is shown with marks."""
_PARAGRAPH = int(Kind.PARAGRAPH)
"""As a plain number: numpy takes several times as long to compare with one of an enum."""


class Shown:
    """The episodes and moments of one generation as they are shown whatever was asked, without
    marks and scores. Those that were shown are kept (bounded)."""

    def __init__(self, compiled: Compiled, site: SiteSettings) -> None:
        self._compiled = compiled
        self._site = site
        self.starts = integers(compiled.passage_start)
        self._ends = integers(compiled.passage_end)
        self._episodes = integers(compiled.passage_episode)
        self.episode = remembered(self._episode, _KEPT_EPISODES)
        self.moment = remembered(self._moment, _KEPT_MOMENTS)

    def _episode(self, number: int) -> EpisodeAnswer:
        head = self._compiled.head(number)
        return EpisodeAnswer(
            id=head.id,
            number=head.number,
            category=head.category,
            title=Marked(head.title),
            description=Marked(head.description),
            url=head.url,
            audio_url=head.audio_url,
            date=head.date,
            duration=head.duration,
            guests=head.guests,
            tags=tuple([slug for slug, _ in head.tags]),
            score=0.0,
            found_moments=0,
            timeline=(),
            moments=(),
        )

    def _moment(self, passage: int) -> MomentAnswer:
        episode = self.episode(self._episodes[passage])
        start, end = self.starts[passage], self._ends[passage]
        return MomentAnswer(
            start=start,
            end=None if end == NO_TIME else end,
            time=format_clock(start),
            text=Marked(self._compiled.text(passage)),
            url=jump_link(self._site.jump_link, episode.url, start),
            audio_url=audio_link(self._site.audio_link, episode.audio_url, start),
            score=0.0,
        )


class Answering:
    """Builds the results of one search."""

    def __init__(
        self,
        compiled: Compiled,
        shown: Shown,
        request: Request,
        understood: Understanding,
        words: Sequence[WordHits],
        ranking: Ranking,
        explaining: Explaining | None,
    ) -> None:
        """`explaining` where reasons are asked for."""
        self._compiled = compiled
        self._shown = shown
        self._request = request
        self._ranking = ranking
        self._explaining = explaining
        shares = ranking.shares.tolist()
        self._wanted = list(zip(understood.wanted, words, shares, strict=False))
        self._needed = [(e.typed, w.held) for e, w, share in self._wanted if share and w.needed]
        self._of_titles = understood.title
        self._mark = marker_for((*understood.wanted, *understood.title)).mark

    def episodes(self, numbers: Array, scores: Array) -> tuple[EpisodeAnswer, ...]:
        """The found episodes of a page with their best moments."""
        of_moments = self._ranking.episode_of_moments
        firsts = of_moments.searchsorted(numbers).tolist()
        ends = of_moments.searchsorted(numbers, side="right").tolist()
        # The head of an episode is the first of its passages.
        passage_episode = self._compiled.passage_episode
        heads = passage_episode.searchsorted(numbers.astype(passage_episode.dtype))
        said = [self._said(field, heads.astype(np.int32)) for field in _MARKED]
        shown = map(self._head, numbers.tolist(), *said)
        rows = zip(shown, numbers.tolist(), scores.tolist(), firsts, ends, strict=True)
        return tuple([self._episode(*row) for row in rows])

    def _said(self, field: str, heads: Array) -> list[list[Wanted]]:
        """The words to be marked in a field of some heads: those that were met there, and names
        of several words, which are marked where these stand apart, too. To look for all the others
        would take longer than all else, and few heads say any."""
        said: list[list[Wanted]] = [[] for _ in heads]
        for each, word, _ in self._wanted:
            if each.words and not each.common:
                for words in said:
                    words.append(each)
            elif field in word.heads and not each.common:
                passages = word.heads[field].passages
                here = passages.take(passages.searchsorted(heads), mode="clip") == heads
                for place in here.nonzero()[0].tolist():
                    said[place].append(each)
        return [[*words, *self._of_titles] for words in said] if self._of_titles else said

    def _head(self, number: int, *said: list[Wanted]) -> EpisodeAnswer:
        """An episode as it is shown, with marks."""
        shown = self._shown.episode(number)
        marked = {
            field: marker_for(words).mark(getattr(shown, field).text)
            for field, words in zip(_MARKED, said, strict=True)
            if words
        }
        return replace(shown, **marked) if marked else shown

    def _episode(
        self, shown: EpisodeAnswer, number: int, score: float, first: int, end: int
    ) -> EpisodeAnswer:
        request = self._request
        passages = self._ranking.moments[first:end].tolist()
        scores = self._ranking.moment_scores[first:end].tolist()
        # Among equals the earlier one, as sorting keeps their order.
        best = sorted(range(len(scores)), key=scores.__getitem__, reverse=True)[: request.moments]
        starts = self._shown.starts
        return replace(
            shown,
            score=told(score),
            found_moments=len(passages),
            timeline=tuple([starts[passage] for passage in passages]),
            moments=tuple([self._moment(passages[n], scores[n]) for n in best]),
            ticks=tuple(map(self._moment, passages, scores)) if request.ticks else (),
            excerpt=None if passages else self._excerpt(number),
            missing=() if self._ranking.complete[number] else self._missing(number),
            reason=self._explaining.episode(number, score) if self._explaining else None,
        )

    def _missing(self, number: int) -> tuple[str, ...]:
        return tuple([typed for typed, held in self._needed if not held[number]])

    def _excerpt(self, number: int) -> Marked | None:
        """Of the paragraph that says most of the query; None if none says anything."""
        here = span(self._compiled.passage_episode, number, number + 1)
        others = self._compiled.passage_kind[here] != _PARAGRAPH
        if np.count_nonzero(others) == len(others):
            return None
        said = np.zeros(len(others))
        for _, word, share in self._wanted:
            inside = span(word.own.passages, here.start, here.stop)
            said[word.own.passages[inside] - here.start] += share * word.own.strengths[inside]
        said[others] = 0.0
        if not said.any():
            return None
        return excerpt(self._mark(self._compiled.text(here.start + int(said.argmax()))))

    def _moment(self, passage: int, score: float) -> MomentAnswer:
        shown, explaining = self._shown.moment(passage), self._explaining
        return replace(
            shown,
            text=excerpt(self._mark(shown.text.text), _LONGEST_MOMENT),
            score=told(score),
            reason=explaining.moment(passage, shown.text.text, score) if explaining else None,
        )
