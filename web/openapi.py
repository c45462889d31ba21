"""The OpenAPI 3.1 document, made from the code's own types and tables.

Bodies come from `search.wire` (msgspec derives their JSON Schema), parameters from the tables that
also read them. What is written out here is only what no type can say.
"""

from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from typing import Any

import msgspec

from search.addresses import MANUAL, OPENAPI, SEARCH_API, SEARCH_PAGE, SUGGEST_API
from search.wire import HealthBody, ProblemBody, ReadyBody, SearchBody
from web.openapi_example import EXAMPLE, PROBLEMS
from web.parameters import MAX_VALUES, SEARCH, SUGGEST, Parameter
from web.problems import Problem, problem_json

_TEXT: Mapping[str, Any] = {"type": "string"}
_TEXTS: Mapping[str, Any] = {"type": "array", "items": _TEXT}
_SEARCH_PROBLEMS = {"400": "BadParameter", "414": "TooLong", "429": "TooMany", "503": "Unavailable"}


def openapi_document() -> dict[str, Any]:
    """The whole document, as JSON values."""
    _, schemas = msgspec.json.schema_components(
        (SearchBody, ProblemBody, HealthBody, ReadyBody), ref_template="#/components/schemas/{name}"
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
        "components": {
            "schemas": schemas,
            "responses": {name: _problem(*said) for name, said in PROBLEMS.items()},
        },
    }


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
                    "value": ["kub", ["Kubernetes"], ["tag, 2 episodes"], ["/search?q=Kubernetes"]],
                }
            },
        }
    }
    page = _answer("A page.", {"text/html": {"schema": _TEXT}})
    ready = _json_answer("Ready, or degraded: an older generation answers.", "ReadyBody")
    figures = _answer("The figures.", {"text/plain": {"schema": _TEXT}})
    return {
        SEARCH_API: _get(
            "search",
            "Ranked episodes with their best moments",
            _answer(
                "The answer, also when nothing is found.",
                search_json,
                {"ETag": "Of the generation and the query."},
            ),
            "Give `q`, or at least one filter: filters alone list those episodes.",
            parameters=_described(SEARCH),
            problems=_SEARCH_PROBLEMS,
        ),
        SUGGEST_API: _get(
            "suggest",
            "Completions while someone types",
            _answer("Completions, perhaps none.", suggest_json),
            "The OpenSearch suggestions array: `[q, [texts], [descriptions], [addresses]]`.",
            parameters=_described(SUGGEST, required=True),
            problems=_SEARCH_PROBLEMS,
        ),
        SEARCH_PAGE: _get(
            "page",
            "The same answer as a page",
            page,
            "Made on the server; without `q` and filters it is the front page. "
            "Parameters it does not know count for nothing.",
            parameters=_described(SEARCH),
            pages=("400", "414", "429", "503"),
        ),
        "/search-box.js": _get(
            "box",
            "The search box for a site's own pages",
            _file("text/javascript"),
            "One script without dependencies.",
        ),
        "/opensearch.xml": _get(
            "opensearch",
            "What a browser needs to add the search",
            _file("application/opensearchdescription+xml"),
            pages=("400", "503"),
        ),
        OPENAPI: _get(
            "openapi",
            "This document",
            _file("application/json", {"type": "object"}),
            f"To be read at {MANUAL}.",
        ),
        "/healthz": _get("healthz", "The process is alive", _json_answer("Alive.", "HealthBody")),
        "/readyz": _get("readyz", "The index is open", ready, problems={"503": "Unavailable"}),
        "/metrics": _get(
            "metrics",
            "Figures for Prometheus",
            figures,
            "For this machine only, unless the setting `server.public_metrics` says otherwise.",
            problems={"404": "NotFound"},
        ),
    }


def _get(
    operation: str,
    summary: str,
    answer: dict[str, Any],
    description: str = "",
    *,
    parameters: Sequence[dict[str, Any]] = (),
    problems: Mapping[str, str] | None = None,
    pages: Iterable[str] = (),
) -> dict[str, Any]:
    responses: dict[str, Any] = {"200": answer}
    if parameters or "headers" in answer:
        responses["304"] = {"description": "Unchanged since the ETag in `If-None-Match`."}
    for status, name in (problems or {}).items():
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
        schema = {"type": "array", "items": schema, "maxItems": MAX_VALUES}
        example = [parameter.example]
    return {
        "name": parameter.name,
        "in": "query",
        "required": required,
        "description": parameter.description,
        "schema": schema,
        "example": example,
    }


def _answer(
    description: str, content: dict[str, Any], headers: Mapping[str, str] | None = None
) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": description, "content": content}
    if headers:
        answer["headers"] = {
            name: {"description": text, "schema": _TEXT} for name, text in headers.items()
        }
    return answer


def _file(mimetype: str, schema: Mapping[str, Any] = _TEXT) -> dict[str, Any]:
    return _answer("It.", {mimetype: {"schema": schema}}, {"ETag": "Of its content."})


def _json_answer(description: str, name: str) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{name}"}
    return _answer(description, {"application/json": {"schema": schema}})


def _problem(text: str, problem: Problem) -> dict[str, Any]:
    body = {
        "schema": {"$ref": "#/components/schemas/ProblemBody"},
        "example": msgspec.json.decode(problem_json(problem)),
    }
    headers = {"Retry-After": "Seconds."} if problem.retry_after else None
    return _answer(text, {"application/problem+json": body}, headers)
