"""A ranking becomes an answer's results: heads and moments read, marked and linked."""

from collections.abc import Iterator, Sequence
from functools import cached_property, reduce
from itertools import starmap
from operator import itemgetter, or_

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from search.answer import EpisodeAnswer, Marked, MomentAnswer
from search.clock import format_clock
from search.engines.arrays import integers
from search.engines.compiled import NO_TIME, Compiled
from search.explaining import Explaining, told
from search.highlight import excerpt, mark
from search.hits import Array, span
from search.links import link_at
from search.passage import PassageKind
from search.query_hits import QueryHits
from search.ranking import Ranking
from search.remembering import remembered
from search.request import Request
from search.safe_links import safe_link
from search.settings import SiteSettings

_KEPT_EPISODES = 1024
_KEPT_MOMENTS = 8192
_LONGEST_MOMENT = 400
"""Characters of a moment that are shown: topic lines are shorter, transcripts longer."""
_MARKED = ("title", "description")
"""What of a head is shown with marks."""
_PARAGRAPH = int(PassageKind.PARAGRAPH)
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
            url=safe_link(head.url) or "",
            audio_url=safe_link(head.audio_url),
            date=head.date,
            duration=head.duration,
            guests=head.guests,
            tags=tuple([tag.slug for tag in head.tags]),
            score=0.0,
            found_moments=0,
            timeline=(),
            moments=(),
        )

    def _moment(self, passage: int) -> MomentAnswer:
        episode, site = self.episode(self._episodes[passage]), self._site
        audio = episode.audio_url
        start, end = self.starts[passage], self._ends[passage]
        return MomentAnswer(
            start=start,
            end=None if end == NO_TIME else end,
            time=format_clock(start),
            text=Marked(self._compiled.text(passage)),
            url=safe_link(link_at(start, site.jump_link, episode.url)) or "",
            audio_url=safe_link(link_at(start, site.audio_link, audio)) if audio else None,
            score=0.0,
        )


class _Found(Struct):
    """What is shown of an episode: its moments in the order of time, and the best of them, best
    first, each with its score; where it has none, the paragraph that says most of the query."""

    number: int
    score: float
    moments: list[tuple[int, float]]
    best: list[tuple[int, float]]
    paragraph: str | None


class Answering:
    """Builds the results of one search."""

    def __init__(
        self,
        compiled: Compiled,
        shown: Shown,
        request: Request,
        hits: QueryHits,
        ranking: Ranking,
        explaining: Explaining | None,
    ) -> None:
        """`explaining` where reasons are asked for."""
        self._compiled = compiled
        self._shown = shown
        self._request = request
        self._ranking = ranking
        self._explaining = explaining
        self._wanted = list(zip(hits.understood.wanted, hits.words, ranking.shares, strict=False))
        self._titles = hits.understood.title
        self._costless = hits.understood.costless
        self._marked: dict[str, Marked] = {}

    def episodes(self, numbers: Array, scores: Array) -> tuple[EpisodeAnswer, ...]:
        """The found episodes of a page with their best moments."""
        of_moments = self._ranking.episode_of_moments
        firsts = of_moments.searchsorted(numbers).tolist()
        ends = of_moments.searchsorted(numbers, side="right").tolist()
        found = list(map(self._found, numbers.tolist(), scores.tolist(), firsts, ends))
        # All that is shown is marked in one go.
        texts = [*self._texts(found), *self._heads(numbers)]
        words = [*[each for each, *_ in self._wanted], *self._titles]
        self._marked = dict(zip(texts, mark(texts, words), strict=True))
        return tuple(map(self._episode, found))

    def _found(self, number: int, score: float, first: int, end: int) -> _Found:
        """An episode whose moments are those from `first` to below `end`."""
        passages = self._ranking.moments[first:end].tolist()
        moments = list(zip(passages, self._ranking.moment_scores[first:end].tolist(), strict=True))
        best = moments
        if len(moments) > 1:
            # Among equals the earlier one, as sorting keeps their order.
            best = sorted(moments, key=itemgetter(1), reverse=True)
        best = best[: self._request.moments]
        return _Found(number, score, moments, best, None if moments else self._paragraph(number))

    def _texts(self, found: Sequence[_Found]) -> Iterator[str]:
        """The texts that are shown of moments and paragraphs."""
        for each in found:
            for passage, _ in each.moments if self._request.ticks else each.best:
                yield self._shown.moment(passage).text.text
            if each.paragraph:
                yield each.paragraph

    def _heads(self, numbers: Array) -> Iterator[str]:
        """The titles and descriptions that say a word. To look through all of them would take
        longer than all else, and few do."""
        # Names of several words are marked where these stand apart, too.
        everywhere = bool(self._titles) or any(each.words for each, *_ in self._wanted)
        heads = [word.heads for each, word, _ in self._wanted if not each.common]
        for field in _MARKED:
            holding = [each[field] for each in heads if field in each]
            for number in numbers.tolist() if everywhere else _among(numbers, holding):
                yield getattr(self._shown.episode(number), field).text

    def _episode(self, found: _Found) -> EpisodeAnswer:
        number, marked = found.number, self._marked
        shown = self._shown.episode(number)
        starts = self._shown.starts
        return replace(
            shown,
            title=marked.get(shown.title.text, shown.title),
            description=marked.get(shown.description.text, shown.description),
            score=told(found.score),
            found_moments=len(found.moments),
            timeline=tuple([starts[passage] for passage, _ in found.moments]),
            moments=tuple([self._moment(*each) for each in found.best]),
            ticks=tuple(starmap(self._moment, found.moments)) if self._request.ticks else (),
            excerpt=excerpt(marked[found.paragraph]) if found.paragraph else None,
            missing=() if self._ranking.complete[number] else self._missing(number),
            reason=self._explaining.episode(number, found.score) if self._explaining else None,
        )

    @cached_property
    def _needed(self) -> list[tuple[str, Array]]:
        """What each episode is to hold, as typed, and a mask (E,) of those that do."""
        needed = [(e.typed, w.held) for e, w, share in self._wanted if share and w.needed]
        return [(typed, held) for typed, held in needed if typed not in self._costless]

    def _missing(self, number: int) -> tuple[str, ...]:
        return tuple([typed for typed, held in self._needed if not held[number]])

    def _paragraph(self, number: int) -> str | None:
        """The paragraph that says most of the query; None if none says anything."""
        here = span(self._compiled.passage_episode, number, number + 1)
        others = self._compiled.passage_kind[here] != _PARAGRAPH
        if np.count_nonzero(others) == len(others):
            return None
        said = np.zeros(len(others))
        for _, word, share in self._wanted:
            for hits in word.texts:
                inside = span(hits.passages, here.start, here.stop)
                said[hits.passages[inside] - here.start] += share * hits.strengths[inside]
        said[others] = 0.0
        if not said.any():
            return None
        return self._compiled.text(here.start + int(said.argmax()))

    def _moment(self, passage: int, score: float) -> MomentAnswer:
        shown, explaining = self._shown.moment(passage), self._explaining
        return replace(
            shown,
            text=excerpt(self._marked[shown.text.text], _LONGEST_MOMENT),
            score=told(score),
            reason=explaining.moment(passage, shown.text.text, score) if explaining else None,
        )


def _among(numbers: Array, many: Sequence[Array]) -> list[int]:
    """Those of the numbers that are in any of many rising arrays, none of which is empty."""
    masks = [each.take(each.searchsorted(numbers), mode="clip") == numbers for each in many]
    among: list[int] = numbers[reduce(or_, masks)].tolist() if masks else []
    return among
