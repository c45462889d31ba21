"""Dates that a query is narrowed by, `before:2020-06` and `after:2020`: read, and spelled again."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

from msgspec.structs import replace

from search.request import Filters

# Of years that anything was published in: no day before or after one is beyond what dates can say.
_DATE = re.compile(r"([12][0-9]{3})(?:[-/]([0-9]{1,2})(?:[-/]([0-9]{1,2}))?)?\Z")
_DAY = timedelta(days=1)


def date_span(text: str) -> tuple[date, date] | None:
    """First and last day of `2020`, `2020-06` or `2020-06-15`; None if it is no such date."""
    match = _DATE.match(text)
    if match is None:
        return None
    year, month, day = match.groups()
    try:
        first = date(int(year), int(month or 1), int(day or 1))
        last_month = int(month or 12)
        last_day = int(day or monthrange(first.year, last_month)[1])
        return first, date(first.year, last_month, last_day)
    except ValueError:
        return None


def within_dates(filters: Filters, field: str, span: tuple[date, date], excluded: bool) -> Filters:
    """The filters narrowed by what lies before or after (`field`) the days of a span; `excluded`:
    by what is not wanted."""
    first, last = filters.from_date, filters.to_date
    # Of several, what is wanted lies within each, and what is not within any.
    earlier, later = (max, min) if excluded else (min, max)
    if field == "before":
        before = span[0] - _DAY
        return replace(filters, to_date=earlier(last or before, before))
    after = span[1] + _DAY
    return replace(filters, from_date=later(first or after, after))


def spelled_dates(filters: Filters) -> Iterator[str]:
    """The dates of filters as one types them, in their shortest form: `after:2020`; but for the
    first and the last that dates can say, which nobody means."""
    if filters.to_date and date.min < filters.to_date < date.max:
        yield f"before:{_shortest(filters.to_date + _DAY, 0)}"
    if filters.from_date and date.min < filters.from_date < date.max:
        yield f"after:{_shortest(filters.from_date, 1)}"


def _shortest(first: date, back: int) -> str:
    """The longest of a day, month or year that begins with a day, or ends `back` days before."""
    last = (first - back * _DAY).isoformat()
    return last[: 4 if (first.month, first.day) == (1, 1) else 7 if first.day == 1 else 10]
