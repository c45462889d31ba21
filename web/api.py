"""The JSON endpoints: search and suggest."""

import flask

from search.addresses import SEARCH_API, SUGGEST_API, neighbours, query_string
from search.current import CurrentSearcher
from search.engine import Searcher
from search.errors import BadParameter
from search.json_answer import answer_json, suggestions_json
from search.request import Filters, Request
from web.answer_cache import AnswerCache, Kept
from web.guards import SearchGate
from web.headers import cacheable, etag_of, not_modified
from web.query_strings import read_search, read_suggest

_JSON = "application/json; charset=utf-8"
_SUGGESTIONS = "application/x-suggestions+json; charset=utf-8"


def api_routes(current: CurrentSearcher, cache: AnswerCache, gate: SearchGate) -> flask.Blueprint:
    """GET /api/v1/search and /api/v1/suggest."""
    routes = flask.Blueprint("api", __name__)

    @routes.get(SEARCH_API)
    def search() -> flask.Response:
        asked = read_search(flask.request.query_string, strict=True)
        if not asked.text and asked.filters == Filters() and not flask.request.args.get("q"):
            raise BadParameter(
                "q", "q is missing: say what to look for, or give a filter", "q_required"
            )
        searcher = flask.g.searcher = current.get()
        etag = etag_of("json", searcher.status.generation, query_string(asked))
        unchanged = not_modified(etag)
        if unchanged is not None:
            return unchanged
        flask.g.kept = kept = cache.get(etag, lambda: _search(searcher, asked, gate))
        response = flask.Response(kept.body, content_type=_JSON)
        for relation, url in kept.links:
            response.headers.add("Link", f'<{url}>; rel="{relation}"')
        return cacheable(response, etag)

    @routes.get(SUGGEST_API)
    def suggest() -> flask.Response:
        text = read_suggest(flask.request.query_string)
        searcher = flask.g.searcher = current.get()
        etag = etag_of("suggest", searcher.status.generation, text)
        unchanged = not_modified(etag)
        if unchanged is not None:
            return unchanged
        flask.g.kept = kept = cache.get(etag, lambda: _suggest(searcher, text, gate))
        return cacheable(flask.Response(kept.body, content_type=_SUGGESTIONS), etag)

    return routes


def _search(searcher: Searcher, asked: Request, gate: SearchGate) -> Kept:
    gate.check()
    answer = searcher.search(asked)
    before, after = neighbours(answer, asked, SEARCH_API)
    links = tuple((relation, url) for relation, url in (("prev", before), ("next", after)) if url)
    return Kept(answer_json(answer, asked), links, answer.found_episodes)


def _suggest(searcher: Searcher, text: str, gate: SearchGate) -> Kept:
    gate.check()
    return Kept(suggestions_json(text, searcher.suggest(text)))
