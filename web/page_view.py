"""An answer as the page shows it: every choice already made, every link already an address.

Templates only lay out what is here.
"""

from collections.abc import Callable, Collection, Iterable
from collections.abc import Set as AbstractSet
from difflib import get_close_matches
from functools import lru_cache, partial
from urllib.parse import parse_qsl, quote_plus

from msgspec import Struct
from msgspec.structs import replace

from search.addresses import SEARCH_PAGE, address, last_page, neighbours, query_string
from search.answer import Answer, EpisodeAnswer, FacetValue, MomentAnswer
from search.request import KINDS, NO_FILTERS, Filters, Request, Sort, beginning
from web.front import Front
from web.timeline import Tick, ticks_of

_SHOWN_VALUES = 8
_MOST_FILTERS = 50
_NEAREST_TAGS = 12
# In this order: the short lists before that of guests, most of whom came once.
_HEADINGS = {"tag": "Tags", "category": "Kinds", "year": "Years", "guest": "Guests"}
_SORTS = {Sort.RELEVANCE: "Best first", Sort.NEWEST: "Newest", Sort.OLDEST: "Oldest"}


class Choice(Struct, frozen=True):
    """Something to click: where it leads, how many episodes it has, whether it is in force, whether
    the query names it."""

    label: str
    href: str
    count: int | None = None
    active: bool = False
    named: bool = False


class FacetView(Struct, frozen=True):
    """The values of one kind: the first few, and the rest behind a fold."""

    heading: str
    shown: tuple[Choice, ...]
    more: tuple[Choice, ...]


class EpisodeView(Struct, frozen=True):
    """A found episode with its best moments, its other matching moments, and its timeline.

    `missing` are the words it lacks and other episodes have.
    """

    episode: EpisodeAnswer
    missing: tuple[str, ...]
    more: tuple[MomentAnswer, ...]
    ticks: tuple[Tick, ...]
    guests: tuple[Choice, ...]
    tags: tuple[Choice, ...]


class ResultView(Struct, frozen=True):
    """The whole result page."""

    request: Request
    canonical: str
    fields: tuple[tuple[str, str], ...]
    removable: tuple[Choice, ...]
    everything: str
    sorts: tuple[Choice, ...]
    facets: tuple[FacetView, ...]
    episodes: tuple[EpisodeView, ...]
    exact: str
    inexact: str
    prev: str | None
    next: str | None
    last_page: int
    nearest: tuple[Choice, ...]
    as_words: tuple[Choice, ...]


def result_view(answer: Answer, request: Request, front: Front) -> ResultView:
    """Everything the result page shows. The answer must have been asked with `ticks`."""
    first = replace(request, page=1)
    before, after = neighbours(answer, request, SEARCH_PAGE)
    named = front.named_in(answer.interpreted)
    return ResultView(
        request=request,
        canonical=address(SEARCH_PAGE, request),
        fields=_hidden_fields(request),
        removable=tuple(_removable(answer, first, front)),
        everything=address(SEARCH_PAGE, replace(first, filters=NO_FILTERS)),
        sorts=tuple(_sorts(first)),
        facets=tuple(_facets(answer, first)),
        episodes=tuple(
            _episode(episode, named, answer.missing, front) for episode in answer.results
        ),
        exact=address(SEARCH_PAGE, replace(first, exact=True)),
        inexact=address(SEARCH_PAGE, replace(first, exact=False)),
        prev=before,
        next=after,
        last_page=last_page(answer),
        nearest=() if answer.results else nearest_tags(answer, front),
        as_words=() if answer.results else tuple(_as_words(answer)),
    )


def tag_choices(values: Iterable[FacetValue]) -> tuple[Choice, ...]:
    """Tags as links to their episodes."""
    return tuple(Choice(v.label, _only("tag", v.value), v.count) for v in values)


def nearest_tags(answer: Answer, front: Front) -> tuple[Choice, ...]:
    """Tags of which a word begins so, or that are spelt like what was asked for; where none is, the
    ones most talked about."""
    by_spelling = {text.casefold(): tag for tag in front.tags for text in (tag.value, tag.label)}
    near: dict[str, FacetValue] = {}
    for typed in " ".join((answer.query, *answer.missing)).casefold().split():
        word = typed.removeprefix("tag:").strip('"')
        if not word:
            # Every name begins with nothing (`tag: flaks`).
            continue
        begun = [spelling for spelling in by_spelling if f" {word}" in f" {spelling}"]
        for spelling in begun + get_close_matches(word, by_spelling, n=4, cutoff=0.6):
            tag = by_spelling[spelling]
            near.setdefault(tag.value, tag)
    return tag_choices(list(near.values())[:_NEAREST_TAGS] or front.tags[:_NEAREST_TAGS])


def _as_words(answer: Answer) -> Iterable[Choice]:
    """The names that no episode has, as words to search for: a guest may be called otherwise."""
    for missing in answer.missing:
        kind, _, value = missing.partition(":")
        words = beginning(value.strip('"'))
        if words and kind in ("tag", "guest", "category"):
            yield Choice(words, address(SEARCH_PAGE, Request(words)))


def _hidden_fields(request: Request) -> tuple[tuple[str, str], ...]:
    """What a new query from the form keeps: the filters and the order."""
    kept = Request(filters=request.filters, sort=request.sort)
    return tuple(parse_qsl(query_string(kept)))


def _sorts(request: Request) -> Iterable[Choice]:
    # Without words there is nothing to be best at: the newest come first.
    current = request.sort if request.text or request.sort is Sort.OLDEST else Sort.NEWEST
    for sort, label in _SORTS.items():
        if request.text or sort is not Sort.RELEVANCE:
            href = address(SEARCH_PAGE, replace(request, sort=sort))
            yield Choice(label, href, active=sort is current)


def _removable(answer: Answer, request: Request, front: Front) -> Iterable[Choice]:
    filters = request.filters
    for kind, field in KINDS.items():
        known = {facet.value: facet.label for facet in answer.facets.get(kind, ())}
        labels = {**front.labels, **known} if kind == "tag" else known
        for value in map(str, getattr(filters, field)):
            yield Choice(labels.get(value, value), _toggled(request, kind, value))
    for field, word in (("from_date", "from"), ("to_date", "up to")):
        if day := getattr(filters, field):
            without = replace(request, filters=replace(filters, **{field: None}))
            yield Choice(f"{word} {day}", address(SEARCH_PAGE, without))


def _facets(answer: Answer, request: Request) -> Iterable[FacetView]:
    for kind, heading in _HEADINGS.items():
        active = {str(value) for value in getattr(request.filters, KINDS[kind])}
        href = partial(_toggled, request, kind) if active else _adding(request, kind)
        values = answer.facets.get(kind, ())
        # Values that all results have are no choice.
        choosing = active or any(value.count != answer.found_episodes for value in values)
        if not values or not choosing:
            continue
        if active:
            values = tuple(sorted(values, key=lambda value: value.value not in active))
        choices = [
            Choice(_label(v, kind), href(v.value), v.count, v.value in active)
            for v in values[:_MOST_FILTERS]
        ]
        cut = max(_SHOWN_VALUES, len(active))
        yield FacetView(heading, tuple(choices[:cut]), tuple(choices[cut:]))


def _label(value: FacetValue, kind: str) -> str:
    return value.label.capitalize() if kind == "category" else value.label


def _adding(request: Request, kind: str) -> Callable[[str], str]:
    """As `_toggled` where the request has no value of this kind yet: the addresses differ in one
    place then, and a page has hundreds of them."""
    before, _, after = _toggled(request, kind, "0").partition(f"{kind}=0")
    return lambda value: f"{before}{kind}={quote_plus(value)}{after}"


def _toggled(request: Request, kind: str, value: str) -> str:
    field = KINDS[kind]
    now = [str(v) for v in getattr(request.filters, field)]
    changed = [v for v in now if v != value] if value in now else [*now, value]
    values = tuple(int(v) for v in changed) if kind == "year" else tuple(changed)
    filters: Filters = replace(request.filters, **{field: values})
    return address(SEARCH_PAGE, replace(request, filters=filters))


@lru_cache(maxsize=4096)
def _only(kind: str, value: str) -> str:
    return _toggled(Request(), kind, value)


def _episode(
    episode: EpisodeAnswer, named: AbstractSet[str], lacking: Collection[str], front: Front
) -> EpisodeView:
    return EpisodeView(
        episode=episode,
        missing=tuple(word for word in episode.missing if word not in lacking),
        # Two may begin at the same second.
        more=tuple(moment for moment in episode.ticks if moment not in episode.moments),
        ticks=ticks_of(episode),
        guests=tuple(Choice(guest, _only("guest", guest)) for guest in episode.guests),
        tags=tuple(_tags(episode.tags, named, front)),
    )


def _tags(tags: Collection[str], named: AbstractSet[str], front: Front) -> Iterable[Choice]:
    """An episode's tags, those first that the query names: they may be all that it was found by."""
    if not named.isdisjoint(tags):
        tags = sorted(tags, key=lambda tag: tag not in named)
    for tag in tags:
        yield Choice(front.labels.get(tag, tag), _only("tag", tag), named=tag in named)
