"""The web application: every part put together, nothing decided here."""

import flask
from flask_compress import Compress

from search.current import CurrentSearcher
from search.engines import open_engine
from search.settings import Settings
from web.api import api_routes
from web.front import FrontKeeper
from web.headers import add_headers, is_api
from web.health import health_routes
from web.page import STATIC_PATH, add_helpers, page_routes
from web.problems import Problem, Refusal, problem_of, respond

MAX_URL = 8192
_STATIC_SECONDS = 7 * 24 * 3600


def create_app(settings: Settings) -> flask.Flask:
    """The application on the index directory of `settings`; it need not hold an index yet."""
    app = flask.Flask("web", static_url_path=STATIC_PATH)
    app.config.update(
        SEND_FILE_MAX_AGE_DEFAULT=_STATIC_SECONDS,
        COMPRESS_ALGORITHM=["zstd", "br", "gzip"],
        COMPRESS_EVALUATE_CONDITIONAL_REQUEST=False,
        COMPRESS_MIMETYPES=[
            "text/html",
            "text/css",
            "text/javascript",
            "application/json",
            "application/x-suggestions+json",
            "application/opensearchdescription+xml",
        ],
    )
    current = CurrentSearcher(open_engine(settings))
    fronts = FrontKeeper(settings.site)
    add_helpers(app)

    # Hooks run in the reverse order of registration: compression comes last.
    Compress(app)

    @app.after_request
    def headers(response: flask.Response) -> flask.Response:
        return add_headers(response, settings.server.cors_origins)

    @app.before_request
    def short_enough() -> None:
        if len(flask.request.query_string) + len(flask.request.path) > MAX_URL:
            detail = f"The address is longer than {MAX_URL} bytes; a query has 200 characters."
            raise Refusal(Problem(414, "uri_too_long", detail))

    @app.errorhandler(Exception)
    def problem(error: Exception) -> flask.Response:
        return respond(problem_of(error), as_page=not is_api(flask.request.path))

    app.register_blueprint(page_routes(current, fronts))
    app.register_blueprint(api_routes(current))
    app.register_blueprint(health_routes(current))
    return app
