"""What there is to know about the endpoints: the document for programs, a page for people."""

from collections.abc import Mapping
from typing import Any

import flask
import msgspec

from search.addresses import MANUAL, OPENAPI
from web.headers import file_of
from web.openapi import openapi_document
from web.problems import CODES


def manual_routes() -> flask.Blueprint:
    """GET /api/v1/openapi.json and /api/v1/."""
    routes = flask.Blueprint("manual", __name__)
    document = openapi_document()
    body = msgspec.json.encode(document)
    examples = _examples(document)

    @routes.get(OPENAPI)
    def openapi() -> flask.Response:
        return file_of("openapi", body, "application/json; charset=utf-8")

    @routes.get(MANUAL.rstrip("/"))
    def without_slash() -> flask.Response:
        # The library's own would name this server, by the name that the client gave it.
        return flask.make_response(flask.redirect(MANUAL))

    @routes.get(MANUAL)
    def manual() -> flask.Response:
        page = flask.render_template(
            "manual.html", document=document, examples=examples, codes=CODES
        )
        return file_of("manual", page, "text/html")

    return routes


def _examples(document: Mapping[str, Any]) -> dict[str, str]:
    """For each path one of its answers, as far as the document gives one."""
    shown = {}
    for path, operations in document["paths"].items():
        for content in operations["get"]["responses"]["200"]["content"].values():
            for example in content.get("examples", {}).values():
                encoded = msgspec.json.encode(example["value"])
                shown[path] = msgspec.json.format(encoded, indent=2).decode()
    return shown
