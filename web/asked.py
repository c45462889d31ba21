"""What is asked for, understood, and the response to it: none where the client has it already, what
is kept, or what is made now."""

from collections.abc import Callable

import flask
from msgspec import Struct

from search.engine import Searcher
from web.answer_cache import AnswerCache, Kept
from web.headers import cacheable, not_modified


class Asked(Struct, frozen=True):
    """Who answers, the answer's validator, and how it is made; that may raise Refusal."""

    searcher: Searcher
    etag: str
    content_type: str
    make: Callable[[], Kept]


def response_to(asked: Asked, answers: AnswerCache) -> flask.Response:
    """The response to the request at hand; `flask.g` is told who answered, and what."""
    flask.g.searcher = asked.searcher
    unchanged = not_modified(asked.etag)
    if unchanged is not None:
        return unchanged
    flask.g.kept = kept = answers.get(asked.etag, asked.make)
    response = flask.Response(kept.body, content_type=asked.content_type)
    return cacheable(response, asked.etag)
