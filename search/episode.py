"""Episodes and their moments: what a site's folder becomes, before any index.

Plain values, free of files, Markdown and engines. Texts are what a reader of the page would see:
in characters that can be written down, so without halves of surrogate pairs.
An episode and its parts are structs, of which thousands are read back in a moment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import msgspec


class Tag(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A tag as the site knows it: `slug` in front matter and links, `name` for people."""

    slug: str
    name: str


class Moment(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What is talked about from `start` (seconds) on; `end` is the next start or the duration.

    `end` is None where neither is known. `start` may lie past the episode's duration (reported
    by the checks, never dropped); then `end` equals `start`.
    """

    start: int
    end: int | None
    text: str


class EpisodeHead(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What is known of an episode but for its texts. `id` is the page's path without the leading
    slash, `duration` in seconds."""

    id: str
    number: int | None
    category: str | None
    title: str
    description: str
    url: str
    audio_url: str | None
    date: date | None
    duration: int | None
    guests: tuple[str, ...] = ()
    tags: tuple[Tag, ...] = ()


class Episode(EpisodeHead, frozen=True, array_like=True, gc=False, kw_only=True):
    """One published episode or interview.

    `path` is the source file relative to the site's root (the identity across publishes). Moments
    are in the order of time. `paragraphs` is the body without topic lines, `links` the texts of the
    references and libraries lists.
    """

    path: str
    moments: tuple[Moment, ...] = ()
    paragraphs: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Show:
    """A site's set of episodes. `tag_names` also holds the other names of a tag (`psql` for
    `postgres` …): slug → (display name, further names found on its tag page)."""

    name: str
    url: str
    episodes: Sequence[Episode]
    tag_names: dict[str, tuple[str, ...]]
