"""Addresses of answers: the paths of the search and the one canonical query string of a request."""

from functools import lru_cache
from urllib.parse import quote_plus

from msgspec.structs import replace

from search.answer import Answer
from search.request import KINDS, MAX_WINDOW, Request

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


def address(path: str, request: Request) -> str:
    """`path` with the request's canonical query string."""
    query = query_string(request)
    return f"{path}?{query}" if query else path


def query_string(request: Request) -> str:
    """The one canonical query string of a request: defaults left out, values sorted."""
    filters = request.filters
    pairs = [_pair("q", request.text)] if request.text else []
    for kind, field in KINDS.items():
        if values := getattr(filters, field):
            pairs += [_pair(kind, value) for value in sorted({str(value) for value in values})]
    if filters.from_date:
        pairs.append(_pair("from", filters.from_date.isoformat()))
    if filters.to_date:
        pairs.append(_pair("to", filters.to_date.isoformat()))
    for name in ("sort", "page", "per_page", "moments", "exact", "explain", "typing", "facets"):
        value = getattr(request, name)
        if value != getattr(_DEFAULT, name):
            pairs.append(_pair(name, int(value) if isinstance(value, bool) else value))
    return "&".join(pairs)


# A page of results links to many other requests, made of the same few pairs.
@lru_cache(maxsize=256)
def _pair(name: str, value: str | int) -> str:
    return f"{name}={quote_plus(str(value))}"
