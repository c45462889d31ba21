"""What one asks of a search, besides the words: filters, order, page; and how much one may ask."""

from datetime import date
from enum import StrEnum

from msgspec import Struct

from search.analysis import clean
from search.errors import BadParameter

MAX_CHARACTERS = 200
MAX_TERMS = 16
MAX_WINDOW = 1000
MAX_PER_PAGE = 50
MAX_MOMENTS = 20


class Sort(StrEnum):
    """The order of the episodes in an answer."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


class Filters(Struct, frozen=True):
    """Values of one kind are alternatives, different kinds narrow. Dates are inclusive."""

    tags: tuple[str, ...] = ()
    guests: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    from_date: date | None = None
    to_date: date | None = None


NO_FILTERS = Filters()

KINDS = {"tag": "tags", "guest": "guests", "category": "categories", "year": "years"}
"""What episodes are narrowed by, as queries, addresses and facets call it, and its field of
Filters."""


DATES = {"before": "to_date", "after": "from_date"}
"""What queries call the dates that episodes are narrowed by, and its field of Filters."""


class Request(Struct, frozen=True):
    """One search. `text` is the query as typed; whoever makes one has checked the parameters.

    `typing` is True while someone is still typing: the last word also matches as a prefix,
    and what says nothing yet is as not yet typed.
    `ticks` asks for every matching moment in full, for a timeline; without `facets`, nothing is
    counted to narrow by.
    """

    text: str = ""
    filters: Filters = NO_FILTERS
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    per_page: int = 10
    moments: int = 3
    exact: bool = False
    explain: bool = False
    typing: bool = False
    ticks: bool = False
    facets: bool = True


def asked_text(typed: str) -> str:
    """A query as it was typed, cleaned. Raises BadParameter where it is too long."""
    if len(typed) > MAX_CHARACTERS:
        message = f"the query has {len(typed)} characters; at most {MAX_CHARACTERS} are searched"
        raise BadParameter("q", message, "query_too_long")
    text = clean_text(typed)
    terms = len(text.split())
    if terms > MAX_TERMS:
        message = f"the query has {terms} words; at most {MAX_TERMS} are searched"
        raise BadParameter("q", message, "too_many_terms")
    return text


def beginning(typed: str) -> str:
    """As much of a query that is too long as is searched, in whole words."""
    within = typed[: MAX_CHARACTERS + 1]
    words = within.split()
    if len(within) > MAX_CHARACTERS and len(words) > 1:
        words = within.rsplit(maxsplit=1)[0].split()
    return " ".join(words[:MAX_TERMS])[:MAX_CHARACTERS]


def check_window(request: Request) -> None:
    """Raises BadParameter for a page that lies too far behind the best."""
    if request.page * request.per_page > MAX_WINDOW:
        message = f"page × per_page may be at most {MAX_WINDOW}; narrow the search instead"
        raise BadParameter("page", message, "window")


def clean_text(text: str) -> str:
    """Typed text as it is searched and shown: clean, with single blanks between words."""
    return " ".join(clean(text).split())
