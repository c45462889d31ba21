"""What there is to know about the endpoints: the document for programs, a page for people."""

import flask
import msgspec

from search.addresses import MANUAL, OPENAPI
from web.headers import cacheable, etag_of, not_modified
from web.openapi import openapi_document
from web.problems import CODES


def manual_routes() -> flask.Blueprint:
    """GET /api/v1/openapi.json and /api/v1/."""
    routes = flask.Blueprint("manual", __name__)
    document = openapi_document()
    body = msgspec.json.encode(document)
    body_etag = etag_of("openapi", body.decode())

    @routes.get(OPENAPI)
    def openapi() -> flask.Response:
        return not_modified(body_etag) or cacheable(
            flask.Response(body, content_type="application/json; charset=utf-8"), body_etag
        )

    @routes.get(MANUAL)
    def manual() -> flask.Response:
        page = flask.render_template("manual.html", document=document, codes=CODES)
        etag = etag_of("manual", page)
        return not_modified(etag) or cacheable(flask.Response(page, mimetype="text/html"), etag)

    return routes
