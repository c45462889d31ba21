"""The JSON endpoint's shapes, as types: what is sent and what the OpenAPI document promises.

msgspec encodes them and derives their JSON Schema, so the two cannot drift apart.
"""

from datetime import date, datetime
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from search.answer import Correction, FacetValue, Reason

Seconds = Annotated[int, Meta(ge=0, description="Whole seconds from the start of the recording.")]
Count = Annotated[int, Meta(ge=0)]
Html = Annotated[str, Meta(description="Escaped text plus <mark>, nothing else.")]


class RelatedBody(Struct, frozen=True):
    """A word of the query, and another word the answer also looked for."""

    word: str
    also: str


class IndexBody(Struct, frozen=True):
    """The generation that gave the answer."""

    generation: str
    built_at: datetime
    episodes: Count
    moments: Count


class FacetsBody(Struct, frozen=True):
    """Counted over every match, not only the page: of each kind the 100 values that most matches
    have, and those filtered by. Empty with `facets=0`."""

    tag: tuple[FacetValue, ...]
    guest: tuple[FacetValue, ...]
    category: tuple[FacetValue, ...]
    year: tuple[FacetValue, ...]


class MomentBody(Struct, frozen=True, omit_defaults=True):
    """A moment with its jump links. `time` is a clock, `end` the next moment's start."""

    start: Seconds
    end: Seconds | None
    time: Annotated[str, Meta(pattern=r"^([0-9]+:[0-5][0-9]|[0-9]+:[0-5][0-9]:[0-5][0-9])$")]
    text: str
    html: Html
    url: str
    audio_url: str | None
    score: float
    reason: Reason | UnsetType = UNSET


class EpisodeBody(Struct, frozen=True, omit_defaults=True):
    """A found episode. `moments` best first; `timeline` all matching ones in order of time;
    `reason` (of moments, too) only with explain=1.

    `missing`: words of the query that it does not hold in any form. `excerpt_html`: what its text
    says, where none of its moments says anything.
    """

    id: str
    number: int | None
    category: str | None
    title: str
    title_html: Html
    description_html: Html
    url: str
    audio_url: str | None
    date: date | None
    duration: Seconds | None
    guests: tuple[str, ...]
    tags: tuple[str, ...]
    score: float
    found_moments: Count
    timeline: tuple[Seconds, ...]
    moments: tuple[MomentBody, ...]
    missing: tuple[str, ...]
    excerpt_html: Html | UnsetType = UNSET
    reason: Reason | UnsetType = UNSET


class SearchBody(Struct, frozen=True):
    """A page of results and the truth about all of them.

    `complete_episodes` of the found ones hold all words, the others most of them; `partial`: none
    holds them all. `missing`: words that occur nowhere, and filters that no episode has.
    `exact_url`: the same search without correction and related words.
    """

    query: str
    interpreted: str
    corrections: tuple[Correction, ...]
    complete_episodes: Count
    partial: bool
    missing: tuple[str, ...]
    related: tuple[RelatedBody, ...]
    exact_url: str
    found_episodes: Count
    found_moments: Count
    page: Annotated[int, Meta(ge=1)]
    per_page: Annotated[int, Meta(ge=1)]
    prev: str | None
    next: str | None
    took_ms: float
    index: IndexBody
    facets: FacetsBody
    results: tuple[EpisodeBody, ...]


class ProblemBody(Struct, frozen=True, omit_defaults=True):
    """What went wrong (RFC 9457). `code` is for machines, `parameter` names the culprit."""

    type: str
    title: str
    status: Annotated[int, Meta(ge=400, le=599)]
    detail: str
    code: str
    parameter: str | UnsetType = UNSET


class HealthBody(Struct, frozen=True):
    """The process is alive."""

    status: str


class ReadyBody(Struct, frozen=True):
    """The index is open. `degraded` says it where its generation is not the current one."""

    status: str
    generation: str
    built_at: datetime
    age_seconds: Count
    episodes: Count
    moments: Count
    degraded: str | None
