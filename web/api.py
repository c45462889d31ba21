"""The JSON endpoints: search and suggest."""

from collections.abc import Callable, Mapping

import flask
from msgspec import Struct
from msgspec.structs import replace

from search.addresses import SEARCH_API, SUGGEST_API, query_string
from search.current import CurrentSearcher
from search.engine import Searcher
from search.errors import BadParameter
from search.json_answer import answer_body, encoded, suggestions_json
from search.request import NO_FILTERS, Request
from web.answer_cache import AnswerCache, Kept
from web.asked import Asked, response_to
from web.guards import SearchGate
from web.headers import etag_of
from web.query_strings import read_search, read_suggest, typed_query

_JSON = "application/json; charset=utf-8"
_SUGGESTIONS = "application/x-suggestions+json; charset=utf-8"


class Endpoint(Struct, frozen=True):
    """An endpoint by the framework's name, and what reads its query strings, which raises
    BadParameter and IndexUnusable."""

    name: str
    read: Callable[[bytes, CurrentSearcher, SearchGate], Asked]


def _read_search(query: bytes, current: CurrentSearcher, gate: SearchGate) -> Asked:
    asked = read_search(query, strict=True)
    if not asked.text and asked.filters == NO_FILTERS:
        if not typed_query(query):
            raise BadParameter(
                "q", "q is missing: say what to look for, or give a filter", "q_required"
            )
        # Blanks are a text, and no text is refused: all episodes have what it asks for. One blank
        # stays, so that the addresses in the answer do not ask for nothing.
        asked = replace(asked, text=" ")
    searcher = current.get()
    etag = etag_of("json", *_edition(searcher), query_string(asked))
    return Asked(searcher, etag, _JSON, lambda: _search(searcher, asked, gate))


def _read_suggest(query: bytes, current: CurrentSearcher, gate: SearchGate) -> Asked:
    text = read_suggest(query)
    searcher = current.get()
    etag = etag_of("suggest", *_edition(searcher), text)
    return Asked(searcher, etag, _SUGGESTIONS, lambda: _suggest(searcher, text, gate))


ENDPOINTS: Mapping[str, Endpoint] = {
    SEARCH_API: Endpoint("api.search", _read_search),
    SUGGEST_API: Endpoint("api.suggest", _read_suggest),
}
"""By their paths."""


def api_routes(current: CurrentSearcher, answers: AnswerCache, gate: SearchGate) -> flask.Blueprint:
    """GET /api/v1/search and /api/v1/suggest."""
    routes = flask.Blueprint("api", __name__)

    def respond() -> flask.Response:
        request = flask.request
        asked = ENDPOINTS[request.path].read(request.query_string, current, gate)
        return response_to(asked, answers)

    for path, endpoint in ENDPOINTS.items():
        name = endpoint.name.removeprefix("api.")
        routes.add_url_rule(path, name, respond, methods=["GET"])
    return routes


def _edition(searcher: Searcher) -> tuple[str, str]:
    return searcher.status.generation, searcher.status.edition


def _search(searcher: Searcher, asked: Request, gate: SearchGate) -> Kept:
    gate.check()
    body = answer_body(searcher.search(asked), asked)
    return Kept(encoded(body), body.found_episodes)


def _suggest(searcher: Searcher, text: str, gate: SearchGate) -> Kept:
    gate.check()
    return Kept(suggestions_json(text, searcher.suggest(text)))
