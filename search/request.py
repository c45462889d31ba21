"""What one asks of a search, besides the words: filters, order, page."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

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


@dataclass(frozen=True, slots=True)
class Filters:
    """Values of one kind are alternatives, different kinds narrow. Dates are inclusive."""

    tags: tuple[str, ...] = ()
    guests: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    from_date: date | None = None
    to_date: date | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One search. `text` is the query as typed; parameters are valid (the doors check them).

    `typing` is True while someone is still typing: the last word also matches as a prefix.
    `ticks` asks for every matching moment in full, for a timeline.
    """

    text: str = ""
    filters: Filters = field(default_factory=Filters)
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    per_page: int = 10
    moments: int = 3
    exact: bool = False
    explain: bool = False
    typing: bool = False
    ticks: bool = False
