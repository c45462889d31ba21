"""The JSON endpoints: search and suggest."""

import flask

from search.current import CurrentSearcher
from search.errors import BadParameter
from search.request import Filters
from web.headers import cacheable, etag_of, not_modified
from web.json_answer import answer_json, suggestions_json
from web.paging import SEARCH_API, neighbours
from web.parameters import query_string, read_search, read_suggest

SUGGEST_API = "/api/v1/suggest"
JSON = "application/json; charset=utf-8"


def api_routes(current: CurrentSearcher) -> flask.Blueprint:
    """GET /api/v1/search and /api/v1/suggest."""
    routes = flask.Blueprint("api", __name__)

    @routes.get(SEARCH_API)
    def search() -> flask.Response:
        asked = read_search(flask.request.query_string, strict=True)
        if not flask.request.args.get("q") and asked.filters == Filters():
            raise BadParameter(
                "q", "q is missing: say what to look for, or give a filter", "q_required"
            )
        searcher = current.get()
        etag = etag_of("json", searcher.status.generation, query_string(asked))
        kept = not_modified(etag)
        if kept is not None:
            return kept
        answer = searcher.search(asked)
        response = flask.Response(answer_json(answer, asked), content_type=JSON)
        for relation, url in zip(
            ("prev", "next"), neighbours(answer, asked, SEARCH_API), strict=True
        ):
            if url is not None:
                response.headers.add("Link", f'<{url}>; rel="{relation}"')
        return cacheable(response, etag)

    @routes.get(SUGGEST_API)
    def suggest() -> flask.Response:
        text = read_suggest(flask.request.query_string)
        searcher = current.get()
        etag = etag_of("suggest", searcher.status.generation, text)
        kept = not_modified(etag)
        if kept is not None:
            return kept
        body = suggestions_json(text, searcher.suggest(text))
        return cacheable(flask.Response(body, mimetype="application/x-suggestions+json"), etag)

    return routes
