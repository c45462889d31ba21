"""Answers of the JSON endpoints, made before the framework is asked for anything.

Its request, hooks and headers take as long as a quarter of a search. What is plain needs none of
them; whatever is not (another method, a condition, an error, a refusal) is left to the framework,
which meets it again and tells it.
"""

from dataclasses import dataclass
from functools import lru_cache
from weakref import ref

import flask

from search.current import CurrentSearcher
from search.errors import SeekcastError
from web.answer_cache import AnswerCache
from web.api import ENDPOINTS, Endpoint
from web.compression import Compressing
from web.doors import Doors, Environ
from web.guards import SearchGate
from web.headers import CACHE, add_headers
from web.problems import Refusal
from web.query_strings import typed_query
from web.replays import Headers, Replay
from web.request_log import Answered

_OK = "200 OK"


@dataclass(frozen=True, slots=True)
class Direct:
    """Answers plain requests to the endpoints of an application."""

    app: flask.Flask
    current: CurrentSearcher
    answers: AnswerCache
    doors: Doors
    gate: SearchGate
    compress: Compressing
    origins: tuple[str, ...]

    def __call__(self, environ: Environ) -> Replay | None:
        """The response to a GET without conditions; None where the framework has to make it."""
        endpoint = ENDPOINTS.get(environ["PATH_INFO"])
        if endpoint is None or self.gate.refuses_here():
            return None
        try:
            return self._answer(environ, endpoint)
        except (SeekcastError, Refusal):
            return None

    def _answer(self, environ: Environ, endpoint: Endpoint) -> Replay:
        path, query = environ["PATH_INFO"], environ["QUERY_STRING"].encode("latin-1")
        asked = endpoint.read(query, self.current, self.gate)
        self.doors.check(environ, endpoint.name)
        kept = self.answers.get(asked.etag, asked.make)
        headers: Headers = (
            ("Content-Type", asked.content_type),
            ("Content-Length", str(len(kept.body))),
            ("ETag", f'W/"{asked.etag}"'),
            *_always(path, environ.get("HTTP_ORIGIN", ""), self.origins),
        )
        body = kept.body
        if environ.get("HTTP_ACCEPT_ENCODING"):
            headers, body = self._compressed(environ, headers, body)
        answered = Answered(
            endpoint.name, "GET", path, 200, len(body), typed_query(query), kept.found
        )
        return Replay(_OK, headers, body, ref(asked.searcher), answered)

    def _compressed(self, environ: Environ, headers: Headers, body: bytes) -> tuple[Headers, bytes]:
        """In an encoding that the client takes: its library knows only the framework's requests."""
        with self.app.request_context(environ):
            response = self.compress(flask.Response(body, headers=list(headers)))
            return tuple(response.headers), response.get_data()


@lru_cache(maxsize=64)
def _always(path: str, origin: str, origins: tuple[str, ...]) -> Headers:
    """The headers that do not depend on the answer."""
    response = flask.Response()
    response.headers.clear()
    response.headers["Cache-Control"] = CACHE
    add_headers(response, path, "GET", origin, origins).vary.add("Accept-Encoding")
    return tuple(response.headers)
