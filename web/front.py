"""What a visitor sees before they have asked: the show at a glance, and something to try."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from urllib.parse import urlsplit

from search.analysis import terms
from search.answer import EpisodeAnswer, FacetValue, IndexStatus
from search.engine import Searcher
from search.request import Request
from search.safe_links import safe_link
from search.settings import SiteSettings

_NEWEST = 6
_TAGS = 24
_EXAMPLES = 3
_TELLING = 4
"""So many letters has a word that may tell something."""


@dataclass(frozen=True, slots=True)
class Front:
    """A generation's show: names, newest episodes, all tags (most talked about first).

    `labels` are the tags' names for people, by slug; `names` the words of each of a tag's names and
    its slug, by one of those words.
    """

    name: str
    home: str
    host: str | None
    status: IndexStatus
    newest: tuple[EpisodeAnswer, ...]
    tags: tuple[FacetValue, ...]
    labels: Mapping[str, str]
    names: Mapping[str, Sequence[tuple[frozenset[str], str]]]
    examples: tuple[str, ...]

    @property
    def top_tags(self) -> tuple[FacetValue, ...]:
        return self.tags[:_TAGS]

    def named_in(self, query: str) -> frozenset[str]:
        """The slugs of the tags that a query names: all words of a name are among its own."""
        asked = frozenset(terms(query))
        names = (each for word in asked for each in self.names.get(word, ()))
        return frozenset(slug for name, slug in names if name <= asked)

    @property
    def words(self) -> tuple[str, str]:
        """Two words in a row that this very show says, if any does, to show how one asks."""
        for episode in self.newest:
            for pair in pairwise(episode.title.text.casefold().split()):
                if all(word.isalpha() and len(word) >= _TELLING for word in pair):
                    return pair
        return ("first", "light")

    @property
    def narrowing(self) -> str:
        """How filters are typed, with a tag and a year that find something in this very show, if
        any do."""
        for episode in self.newest:
            for tag in episode.tags:
                if episode.date and " " not in tag:
                    return f"tag:{tag} year:{episode.date.year}"
        return "tag:music year:2022"


class FrontKeeper:
    """Makes the front of a generation once, and again when another one answers."""

    def __init__(self, site: SiteSettings) -> None:
        self._site = site
        self._front: Front | None = None

    def get(self, searcher: Searcher) -> Front:
        """The front of what `searcher` serves. Two threads may both make it; that is harmless."""
        front = self._front
        if front is None or front.status != searcher.status:
            front = self._front = _make(searcher, self._site)
        return front


def _make(searcher: Searcher, site: SiteSettings) -> Front:
    overview = searcher.search(Request(per_page=_NEWEST))
    status = searcher.status
    home = safe_link(site.url or status.show_url) or ""
    tags = searcher.tags()
    return Front(
        name=site.name or status.show_name or urlsplit(home).netloc or "the show",
        home=home,
        host=urlsplit(home).hostname,
        status=status,
        newest=overview.results,
        tags=tags,
        labels={tag.value: tag.label for tag in tags},
        names=_names(tags),
        examples=tuple(islice(_examples(searcher, tags, overview.results), _EXAMPLES)),
    )


def _names(tags: Iterable[FacetValue]) -> dict[str, list[tuple[frozenset[str], str]]]:
    names: dict[str, list[tuple[frozenset[str], str]]] = {}
    for tag in tags:
        for name in filter(None, {frozenset(terms(tag.value)), frozenset(terms(tag.label))}):
            names.setdefault(min(name), []).append((name, tag.value))
    return names


def _examples(
    searcher: Searcher, tags: tuple[FacetValue, ...], newest: tuple[EpisodeAnswer, ...]
) -> Iterator[str]:
    """Queries that find something in this very show: two tools, a person, something rarer."""
    guests = [guest for episode in newest for guest in episode.guests]
    candidates: list[str] = []
    if len(tags) > 1:
        candidates.append(f"{tags[0].label} {tags[1].label}")
    candidates += guests[:1]
    if tags:
        candidates.append(tags[len(tags) // 2].label)
    candidates += [tag.label for tag in tags[:_EXAMPLES]]
    return (text for text in dict.fromkeys(candidates) if _finds(searcher, text))


def _finds(searcher: Searcher, text: str) -> bool:
    answer = searcher.search(Request(text=text, per_page=1))
    return answer.found_episodes > 0 and not answer.partial
