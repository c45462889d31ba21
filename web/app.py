"""The web application: every part put together, nothing decided here."""

import time
from dataclasses import dataclass
from typing import Any

import flask
from werkzeug.middleware.proxy_fix import ProxyFix

from search.current import CurrentSearcher
from search.engines import open_engine
from search.errors import IndexUnusable
from search.settings import ServerSettings, Settings
from web.answer_cache import AnswerCache
from web.api import api_routes
from web.compression import add_compression
from web.front import FrontKeeper
from web.guards import HostGuard, RateGuard, SearchGate, is_loopback
from web.headers import add_headers, is_api
from web.health import health_routes
from web.metrics import Metrics, metrics_routes
from web.openapi import openapi_routes
from web.page import STATIC_PATH, add_helpers, page_routes
from web.problems import Problem, Refusal, problem_of, respond
from web.request_log import log_request

MAX_URL = 8192
GATE = "seekcast.gate"
_STATIC_SECONDS = 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class _Doors:
    hosts: HostGuard | None
    rates: dict[str, RateGuard]

    def check(self) -> None:
        """Raises Refusal for a request that is too long, for another host, or too many."""
        request = flask.request
        if len(request.query_string) + len(request.path) > MAX_URL:
            detail = f"The address is longer than {MAX_URL} bytes; a query has 200 characters."
            raise Refusal(Problem(414, "uri_too_long", detail))
        if self.hosts is not None and request.path not in ("/healthz", "/readyz"):
            self.hosts.check(request.host)
        rate = self.rates.get(request.endpoint or "")
        if rate is not None:
            rate.check(request.remote_addr)


def create_app(settings: Settings, current: CurrentSearcher | None = None) -> flask.Flask:
    """The application on the index directory of `settings`; it need not hold an index yet.

    `current` is what answers, if there is one already.
    """
    app = flask.Flask("web", static_url_path=STATIC_PATH)
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = _STATIC_SECONDS
    server = settings.server
    if server.proxies:
        fixed: Any = ProxyFix(app.wsgi_app, x_for=server.proxies, x_proto=server.proxies)
        app.wsgi_app = fixed  # type: ignore[method-assign]

    current = current or CurrentSearcher(open_engine(settings))
    fronts = FrontKeeper(settings.site)
    answers, gate, metrics = AnswerCache(), SearchGate(server.max_searches), Metrics(current)
    app.extensions[GATE] = gate

    add_helpers(app)
    _add_hooks(app, server, _doors(server, current, fronts), metrics)
    app.register_blueprint(page_routes(current, fronts, answers, gate))
    app.register_blueprint(api_routes(current, answers, gate))
    app.register_blueprint(openapi_routes())
    app.register_blueprint(health_routes(current))
    app.register_blueprint(metrics_routes(metrics, public=server.public_metrics))
    return app


def _doors(server: ServerSettings, current: CurrentSearcher, fronts: FrontKeeper) -> _Doors:
    def own_host() -> str | None:
        try:
            return fronts.get(current.get()).host
        except IndexUnusable:
            return None

    search = RateGuard(server.search_rate)
    guarded = bool(server.trusted_hosts) or is_loopback(server.host)
    return _Doors(
        hosts=HostGuard(server.trusted_hosts, own_host) if guarded else None,
        rates={
            "api.search": search,
            "page.search": search,
            "api.suggest": RateGuard(server.suggest_rate),
        },
    )


def _add_hooks(app: flask.Flask, server: ServerSettings, doors: _Doors, metrics: Metrics) -> None:
    @app.before_request
    def begin() -> None:
        flask.g.started = time.perf_counter()
        doors.check()

    # Hooks after a request run in the reverse order of registration.
    @app.after_request
    def end(response: flask.Response) -> flask.Response:
        seconds = time.perf_counter() - flask.g.started
        metrics.observe(response, seconds)
        log_request(response, seconds, with_query=server.log_queries)
        return response

    add_compression(app)

    @app.after_request
    def headers(response: flask.Response) -> flask.Response:
        return add_headers(response, server.cors_origins)

    @app.errorhandler(Exception)
    def problem(error: Exception) -> flask.Response:
        return respond(problem_of(error), as_page=not is_api(flask.request.path))
