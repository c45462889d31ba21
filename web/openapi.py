"""The OpenAPI 3.1 document, made from the code's own types and tables.

Bodies come from `search.wire` (msgspec derives their JSON Schema), parameters from the tables that
also read them. What is written out here is only what no type can say.
"""

from collections.abc import Iterable, Mapping
from importlib.metadata import version
from typing import Any

import flask
import msgspec

from search.addresses import MANUAL, OPENAPI, SEARCH_API, SEARCH_PAGE, SUGGEST_API
from search.wire import HealthBody, ProblemBody, ReadyBody, SearchBody
from web.headers import cacheable, etag_of, not_modified
from web.openapi_example import EXAMPLE
from web.parameters import SEARCH, SUGGEST, Parameter
from web.problems import CODES

_TEXT: Mapping[str, Any] = {"type": "string"}
_TEXTS: Mapping[str, Any] = {"type": "array", "items": _TEXT}
_PROBLEMS = {
    "BadParameter": "A parameter cannot be used: `parameter` names it, `detail` says why.",
    "NotFound": "There is nothing at this address, or not for whoever asks.",
    "TooLong": "The address is too long.",
    "TooMany": "Too many requests from one address; `Retry-After` says when to come back.",
    "Unavailable": "No index yet, or too busy; `detail` says what to do, `Retry-After` when.",
}
_SEARCH_PROBLEMS = {
    "400": "BadParameter",
    "414": "TooLong",
    "429": "TooMany",
    "503": "Unavailable",
}


def openapi_document() -> dict[str, Any]:
    """The whole document, as JSON values."""
    _, schemas = msgspec.json.schema_components(
        (SearchBody, ProblemBody, HealthBody, ReadyBody),
        ref_template="#/components/schemas/{name}",
    )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Seekcast",
            "version": version("seekcast"),
            "summary": "Search of a podcast's own site, to the second.",
            "description": "Ranked episodes with their best moments and links that jump to them.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "paths": _paths(),
        "components": {"schemas": schemas, "responses": _problem_responses()},
    }


def openapi_routes() -> flask.Blueprint:
    """GET /api/v1/openapi.json and the page for people at /api/v1/."""
    routes = flask.Blueprint("openapi", __name__)
    document = openapi_document()
    body = msgspec.json.encode(document)
    etag = etag_of("openapi", body.decode())

    @routes.get(OPENAPI)
    def openapi() -> flask.Response:
        return not_modified(etag) or cacheable(
            flask.Response(body, content_type="application/json; charset=utf-8"), etag
        )

    @routes.get(MANUAL)
    def manual() -> flask.Response:
        page = flask.render_template("manual.html", document=document, codes=CODES)
        return cacheable(flask.Response(page, mimetype="text/html"), etag_of("manual", page))

    return routes


def _paths() -> dict[str, Any]:
    search_json = {
        "application/json": {
            "schema": {"$ref": "#/components/schemas/SearchBody"},
            "examples": {"corrected": {"summary": "A misspelt word", "value": EXAMPLE}},
        }
    }
    suggest_json = {
        "application/x-suggestions+json": {
            "schema": {
                "type": "array",
                "items": {"anyOf": [_TEXT, _TEXTS]},
                "minItems": 4,
                "maxItems": 4,
            },
            "examples": {
                "typing": {
                    "summary": "While someone types",
                    "value": [
                        "kub",
                        ["Kubernetes"],
                        ["tag, 2 episodes"],
                        ["/search?q=Kubernetes"],
                    ],
                }
            },
        }
    }
    return {
        SEARCH_API: _get(
            "search",
            "Ranked episodes with their best moments",
            "Give `q`, or at least one filter: filters alone list those episodes.",
            _described(SEARCH),
            _answer("The answer, also when nothing is found.", search_json, linked=True),
            _SEARCH_PROBLEMS,
        ),
        SUGGEST_API: _get(
            "suggest",
            "Completions while someone types",
            "The OpenSearch suggestions array: `[q, [texts], [descriptions], [addresses]]`.",
            _described(SUGGEST, required=True),
            _answer("Completions, perhaps none.", suggest_json),
            _SEARCH_PROBLEMS,
        ),
        SEARCH_PAGE: _get(
            "page",
            "The same answer as a page",
            "Made on the server; without `q` and filters it is the front page. "
            "Parameters it does not know count for nothing.",
            _described(SEARCH),
            _answer("A page.", {"text/html": {"schema": _TEXT}}),
            {},
            pages=("400", "414", "429", "503"),
        ),
        "/healthz": _get(
            "healthz",
            "The process is alive",
            "",
            [],
            _json_answer("Alive.", "HealthBody"),
            {},
        ),
        "/readyz": _get(
            "readyz",
            "The index is open",
            "",
            [],
            _json_answer("Ready, or degraded: an older generation answers.", "ReadyBody"),
            {"503": "Unavailable"},
        ),
        "/metrics": _get(
            "metrics",
            "Figures for Prometheus",
            "For this machine only, unless the setting `server.public_metrics` says otherwise.",
            [],
            _answer("Figures in Prometheus' text format.", {"text/plain": {"schema": _TEXT}}),
            {"404": "NotFound"},
        ),
        "/search-box.js": _get(
            "searchBox",
            "The search box of a site's own pages",
            "One script without dependencies.",
            [],
            _answer("The script.", {"text/javascript": {"schema": _TEXT}}),
            {},
        ),
        "/opensearch.xml": _get(
            "opensearch",
            "How a browser adds the search",
            "",
            [],
            _answer(
                "An OpenSearch description.",
                {"application/opensearchdescription+xml": {"schema": _TEXT}},
            ),
            {},
            pages=("503",),
        ),
    }


def _get(
    operation: str,
    summary: str,
    description: str,
    parameters: list[dict[str, Any]],
    answer: dict[str, Any],
    problems: Mapping[str, str],
    pages: Iterable[str] = (),
) -> dict[str, Any]:
    responses: dict[str, Any] = {"200": answer}
    if parameters:
        responses["304"] = {"description": "Unchanged since the ETag in `If-None-Match`."}
    for status, name in problems.items():
        responses[status] = {"$ref": f"#/components/responses/{name}"}
    for status in pages:
        responses[status] = _answer("A page that says why.", {"text/html": {"schema": _TEXT}})
    entry = {
        "operationId": operation,
        "summary": summary,
        "description": description,
        "parameters": parameters,
        "responses": responses,
    }
    return {"get": {name: value for name, value in entry.items() if value != ""}}


def _described(table: Mapping[str, Parameter], *, required: bool = False) -> list[dict[str, Any]]:
    return [_parameter(parameter, required=required) for parameter in table.values()]


def _parameter(parameter: Parameter, *, required: bool) -> dict[str, Any]:
    schema = dict(parameter.schema)
    example: object = parameter.example
    if parameter.repeatable:
        schema = {"type": "array", "items": schema, "maxItems": 20}
        example = [parameter.example]
    return {
        "name": parameter.name,
        "in": "query",
        "required": required,
        "description": parameter.description,
        "schema": schema,
        "example": example,
    }


def _answer(description: str, content: dict[str, Any], *, linked: bool = False) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": description, "content": content}
    if linked:
        answer["headers"] = {
            "ETag": {"description": "Of the generation and the query.", "schema": _TEXT},
            "Link": {"description": "`next` and `prev`, where there are any.", "schema": _TEXT},
        }
    return answer


def _json_answer(description: str, name: str) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{name}"}
    return _answer(description, {"application/json": {"schema": schema}})


def _problem_responses() -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemBody"}}}
    return {name: _answer(text, content) for name, text in _PROBLEMS.items()}
