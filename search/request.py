"""What one asks of a search, besides the words: filters, order, page."""

from datetime import date
from enum import StrEnum

from msgspec import Struct

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


class Request(Struct, frozen=True):
    """One search. `text` is the query as typed; parameters are valid (the doors check them).

    `typing` is True while someone is still typing: the last word also matches as a prefix.
    `ticks` asks for every matching moment in full, for a timeline.
    """

    text: str = ""
    filters: Filters = Filters()
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    per_page: int = 10
    moments: int = 3
    exact: bool = False
    explain: bool = False
    typing: bool = False
    ticks: bool = False
