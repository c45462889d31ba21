"""Addresses of answers: the same search on another page or with something changed."""

from dataclasses import replace
from functools import lru_cache

from search.answer import Answer
from search.request import MAX_WINDOW, Request
from web.query_strings import query_string

SEARCH_API = "/api/v1/search"
SUGGEST_API = "/api/v1/suggest"
OPENAPI = "/api/v1/openapi.json"
MANUAL = "/api/v1/"
SEARCH_PAGE = "/search"


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
