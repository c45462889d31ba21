"""Addresses of answers: the paths of the search and the one canonical query string of a request."""

from dataclasses import replace
from functools import lru_cache
from urllib.parse import urlencode

from search.answer import Answer
from search.request import MAX_WINDOW, Request

SEARCH_API = "/api/v1/search"
SUGGEST_API = "/api/v1/suggest"
OPENAPI = "/api/v1/openapi.json"
MANUAL = "/api/v1/"
SEARCH_PAGE = "/search"

_DEFAULT = Request()


def neighbours(answer: Answer, request: Request, path: str) -> tuple[str | None, str | None]:
    """The addresses of the page before and the page after; None where there is none."""
    last = last_page(answer)
    before, after = answer.page - 1, answer.page + 1
    return (
        address(path, replace(request, page=min(before, last))) if before >= 1 and last else None,
        address(path, replace(request, page=after)) if after <= last else None,
    )


def last_page(answer: Answer) -> int:
    """The number of pages one can turn to, 0 without results; the window ends it."""
    reachable = min(answer.found_episodes, MAX_WINDOW // answer.per_page * answer.per_page)
    return -(-reachable // answer.per_page)


@lru_cache(maxsize=1024)
def address(path: str, request: Request) -> str:
    """`path` with the request's canonical query string."""
    query = query_string(request)
    return f"{path}?{query}" if query else path


def query_string(request: Request) -> str:
    """The one canonical query string of a request: defaults left out, values sorted."""
    filters = request.filters
    pairs: list[tuple[str, object]] = []
    if request.text:
        pairs.append(("q", request.text))
    pairs += [("tag", value) for value in sorted(set(filters.tags))]
    pairs += [("guest", value) for value in sorted(set(filters.guests))]
    pairs += [("category", value) for value in sorted(set(filters.categories))]
    pairs += [("year", value) for value in sorted(set(filters.years))]
    if filters.from_date:
        pairs.append(("from", filters.from_date.isoformat()))
    if filters.to_date:
        pairs.append(("to", filters.to_date.isoformat()))
    for name in ("sort", "page", "per_page", "moments"):
        if getattr(request, name) != getattr(_DEFAULT, name):
            pairs.append((name, getattr(request, name)))
    pairs += [(name, 1) for name in ("exact", "explain", "typing") if getattr(request, name)]
    return urlencode(pairs)
