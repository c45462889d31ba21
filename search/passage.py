"""Episodes to passages: the pieces of text that are found one by one.

An episode gives one passage for its head (title, guests, tags, description), one for each moment,
one for each paragraph of its body (whole bodies as one passage would drown their own words) and
one for its references and libraries.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum

from search.analysis import clean
from search.episode import Episode, Tag


class PassageKind(IntEnum):
    """What a passage is, in the order in which an episode's passages are indexed."""

    HEAD = 0
    MOMENT = 1
    PARAGRAPH = 2
    LINKS = 3


FIELDS = ("text", "title", "guests", "tags", "description")
"""The fields of the index: the text of moments, paragraphs and links, first, and four of an
episode's head."""
HEADS = FIELDS[1:]


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of an episode: `fields` maps names of FIELDS to text. Times are of moments only."""

    episode: str
    kind: PassageKind
    fields: Mapping[str, str]
    start: int | None = None
    end: int | None = None


def passages(episode: Episode) -> Iterator[Passage]:
    """All passages of one episode: its head first, then moments in the order of time."""
    yield Passage(episode.id, PassageKind.HEAD, _head(episode))
    for moment in episode.moments:
        fields = {"text": clean(moment.text)}
        yield Passage(episode.id, PassageKind.MOMENT, fields, moment.start, moment.end)
    for paragraph in episode.paragraphs:
        yield Passage(episode.id, PassageKind.PARAGRAPH, {"text": clean(paragraph)})
    if episode.links:
        yield Passage(episode.id, PassageKind.LINKS, {"text": clean("\n".join(episode.links))})


def _head(episode: Episode) -> dict[str, str]:
    # One name a line: the analyzer lets no phrase reach across lines.
    return {
        "title": clean(episode.title),
        "guests": clean("\n".join(episode.guests)),
        "tags": clean("\n".join(_tag_words(tag) for tag in episode.tags)),
        "description": clean(episode.description),
    }


def _tag_words(tag: Tag) -> str:
    # A slug that says the same as the name would count its words twice.
    same = tag.slug.replace("-", " ").casefold() == tag.name.replace("-", " ").casefold()
    return tag.name if same else f"{tag.name}\n{tag.slug}"
