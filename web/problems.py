"""What went wrong, told well: from error to HTTP status, one shape (RFC 9457).

Programs get `application/problem+json`, people a plain page; nobody ever gets a traceback.
"""

import logging
import secrets
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode

import flask
import msgspec
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from search.errors import BadParameter, DamagedIndex, IndexUnusable, NoIndex, StaleIndex
from search.request import beginning
from search.wire import ProblemBody

log = logging.getLogger("seekcast.web")

CODES: dict[str, str] = {
    "bad_parameter": "A parameter has an impossible value; `parameter` names it.",
    "unknown_parameter": "There is no parameter of this name.",
    "repeated_parameter": "A parameter was given more often than it may be.",
    "q_required": "There is nothing to look for: no `q` and no filter.",
    "query_too_long": "`q` has more than 200 characters.",
    "too_many_terms": "`q` has more than 16 words.",
    "window": "The page lies past the first 1,000 episodes.",
    "untrusted_host": "The server does not answer for this host.",
    "uri_too_long": "The address is longer than 8,192 bytes.",
    "too_many_requests": "Too many requests from one address; `Retry-After` says when to return.",
    "busy": "Too many searches at a time; try again in a moment.",
    "no_index": "Nothing has been indexed yet; `detail` says what to run.",
    "damaged_index": "The index on disk is damaged; `detail` says what to run.",
    "stale_index": "The index was built by another version; `detail` says what to run.",
    "index_unusable": "The index cannot be used; `detail` says what to run.",
    "not_found": "There is nothing at this address.",
    "method_not_allowed": "This address only answers GET and HEAD.",
    "bad_request": "This is no HTTP request, or one that could be read in two ways.",
    "body_too_large": "The request has a body of more than 64 KiB; a search needs none.",
    "headers_too_large": "The request's headers have more than 128 KiB.",
    "not_implemented": "The body is encoded in a way that is not understood; a search needs none.",
    "internal_error": "Our fault; the server's log has it under the number in `detail`.",
}
"""Every `code` of a problem, and what it means."""

_CODE_OF = {
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    414: "uri_too_long",
    431: "headers_too_large",
    501: "not_implemented",
}

_REINDEX = "make reindex EPISODES=path/to/your/site"
_WAY_OUT: dict[type[IndexUnusable], tuple[str, str]] = {
    NoIndex: ("no_index", "There is no index yet"),
    DamagedIndex: ("damaged_index", "The index on disk is damaged"),
    StaleIndex: ("stale_index", "The index was built by another version"),
    IndexUnusable: ("index_unusable", "The index cannot be used"),
}
_INDEX_RETRY_SECONDS = 5

_DETAILS = {
    404: "There is nothing at this address. Search is at /search, the JSON endpoint at "
    "/api/v1/search.",
    405: CODES["method_not_allowed"],
    413: "The request's body is too large; a search needs none.",
    414: "The address is too long; a query has at most 200 characters.",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One refusal or failure, ready to be shown. `retry_after` is in seconds; `cause` is for the
    log alone: it names directories of this server."""

    status: int
    code: str
    detail: str
    parameter: str | None = None
    retry_after: int | None = None
    allow: str | None = None
    cause: str | None = None

    @property
    def title(self) -> str:
        return HTTPStatus(self.status).phrase


class Refusal(Exception):
    """Raised by the doors of the server itself (limits, hosts) to answer with a problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.problem = problem


def problem_of(error: Exception) -> Problem:
    """The problem to show for any exception. What is our own fault is logged with a number."""
    if isinstance(error, Refusal):
        return error.problem
    if isinstance(error, IndexUnusable):
        return _index_problem(error)
    if isinstance(error, BadParameter):
        return Problem(400, error.code, str(error), parameter=error.name)
    if isinstance(error, HTTPException) and error.code is not None and error.code != 500:
        return _http_problem(error, error.code)
    number = secrets.token_hex(4)
    log.error("unexpected error %s", number, exc_info=error)
    detail = f"Something went wrong on our side. The server's log has it under {number}."
    return Problem(500, "internal_error", detail)


def respond(problem: Problem, *, as_page: bool) -> flask.Response:
    """The response for a problem: never stored by a cache."""
    if as_page:
        # Only what was wrongly asked is asked again; a busy server's page is the same for all.
        asked = flask.request.args.to_dict(flat=False) if problem.parameter else {}
        typed = asked.get("q", [""])[0]
        shorter = None
        if problem.code in ("query_too_long", "too_many_terms"):
            shorter = f"{flask.request.path}?{urlencode(asked | {'q': [beginning(typed)]}, True)}"
        body = flask.render_template("problem.html", problem=problem, query=typed, shorter=shorter)
        response = flask.Response(body, problem.status, mimetype="text/html")
    else:
        response = flask.Response(
            problem_json(problem), problem.status, mimetype="application/problem+json"
        )
    response.headers["Cache-Control"] = "no-store"
    if problem.retry_after is not None:
        response.headers["Retry-After"] = str(problem.retry_after)
    if problem.allow is not None:
        response.headers["Allow"] = problem.allow
    return response


def code_of(status: int) -> str:
    """The code of a refusal by a library, which says no more than a status."""
    return _CODE_OF.get(status, "bad_request" if status < 500 else "internal_error")


def problem_json(problem: Problem) -> bytes:
    """The body of the response to a program."""
    body = ProblemBody(
        type=f"/api/v1/#{problem.code}",
        title=problem.title,
        status=problem.status,
        detail=problem.detail,
        code=problem.code,
        parameter=msgspec.UNSET if problem.parameter is None else problem.parameter,
    )
    return msgspec.json.encode(body)


def _index_problem(error: IndexUnusable) -> Problem:
    code, what = next(_WAY_OUT[cls] for cls in type(error).__mro__ if cls in _WAY_OUT)
    detail = f"{what}. On the server, run: {_REINDEX}. Answers come within a second after it."
    return Problem(503, code, detail, retry_after=_INDEX_RETRY_SECONDS, cause=str(error))


def _http_problem(error: HTTPException, status: int) -> Problem:
    phrase = HTTPStatus(status).phrase
    allow = None
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        allow = ", ".join(sorted(error.valid_methods))
    detail = _DETAILS.get(status, f"The request could not be answered: {phrase.lower()}.")
    return Problem(status, code_of(status), detail, allow=allow)
