"""An answer as the JSON endpoint gives it, and suggestions as browsers want them."""

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from search.addresses import SEARCH_API, SEARCH_PAGE, address, neighbours
from search.answer import Answer, EpisodeAnswer, MomentAnswer, Suggestion
from search.marks import marked_html
from search.request import Request
from search.wire import (
    EpisodeBody,
    FacetsBody,
    IndexBody,
    MomentBody,
    RelatedBody,
    SearchBody,
)

_encode_into = msgspec.json.Encoder().encode_into
_ROOM = 32 * 1024
"""Bytes that hold most bodies: else memory grows many times while they are written."""


def encoded(body: object) -> bytes:
    """A body as it is sent."""
    buffer = bytearray(_ROOM)
    _encode_into(body, buffer)
    # Bodies are kept, and so without the room around them.
    return bytes(buffer)


def answer_json(answer: Answer, request: Request) -> bytes:
    """The body of GET /api/v1/search."""
    return encoded(answer_body(answer, request))


def suggestions_json(text: str, suggestions: Sequence[Suggestion]) -> bytes:
    """OpenSearch suggestions 1.1: `[text, [completions], [descriptions], [urls]]`."""
    columns = (
        [each.text for each in suggestions],
        [each.description for each in suggestions],
        [each.url or address(SEARCH_PAGE, Request(text=each.text)) for each in suggestions],
    )
    return encoded([text, *columns])


def answer_body(answer: Answer, request: Request) -> SearchBody:
    """The answer in the endpoint's shape."""
    before, after = neighbours(answer, request, SEARCH_API)
    status = answer.index
    return SearchBody(
        query=answer.query,
        interpreted=answer.interpreted,
        corrections=answer.corrections,
        complete_episodes=answer.complete_episodes,
        partial=answer.partial,
        missing=answer.missing,
        related=tuple([RelatedBody(*each) for each in answer.related]),
        exact_url=address(SEARCH_API, replace(request, exact=True, page=1)),
        found_episodes=answer.found_episodes,
        found_moments=answer.found_moments,
        page=answer.page,
        per_page=answer.per_page,
        prev=before,
        next=after,
        took_ms=answer.took_ms,
        index=IndexBody(
            generation=status.generation,
            built_at=status.built_at,
            episodes=status.episodes,
            moments=status.moments,
        ),
        facets=FacetsBody(**answer.facets),
        results=tuple([_episode(episode) for episode in answer.results]),
    )


def _episode(episode: EpisodeAnswer) -> EpisodeBody:
    return EpisodeBody(
        id=episode.id,
        number=episode.number,
        category=episode.category,
        title=episode.title.text,
        title_html=marked_html(episode.title),
        description_html=marked_html(episode.description),
        url=episode.url,
        audio_url=episode.audio_url,
        date=episode.date,
        duration=episode.duration,
        guests=episode.guests,
        tags=episode.tags,
        score=episode.score,
        found_moments=episode.found_moments,
        timeline=episode.timeline,
        moments=tuple([_moment(moment) for moment in episode.moments]),
        missing=episode.missing,
        excerpt_html=marked_html(episode.excerpt) if episode.excerpt else msgspec.UNSET,
        reason=episode.reason or msgspec.UNSET,
    )


def _moment(moment: MomentAnswer) -> MomentBody:
    return MomentBody(
        start=moment.start,
        end=moment.end,
        time=moment.time,
        text=moment.text.text,
        html=marked_html(moment.text),
        url=moment.url,
        audio_url=moment.audio_url,
        score=moment.score,
        reason=moment.reason or msgspec.UNSET,
    )
