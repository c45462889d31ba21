"""The web application: every part put together, nothing decided here."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import flask
from werkzeug.middleware.proxy_fix import ProxyFix

from search.current import CurrentSearcher
from search.engine import Searcher
from search.engines import open_engine
from search.settings import ServerSettings, Settings
from web.answer_cache import AnswerCache
from web.api import api_routes
from web.compression import Compressing, compression
from web.direct import Direct
from web.doors import Doors
from web.front import FrontKeeper
from web.guards import SearchGate
from web.headers import add_headers, is_api
from web.health import health_routes
from web.manual import manual_routes
from web.metrics import Metrics, metrics_routes
from web.page import add_helpers, page_routes
from web.problems import problem_of, respond
from web.query_strings import typed_query
from web.replays import Replays
from web.request_log import Answered, log_request
from web.shared import Worker


@dataclass(frozen=True, slots=True)
class Shared:
    """What a server needs of its application, and what its processes have in common."""

    worker: Worker
    gate: SearchGate
    metrics: Metrics
    current: CurrentSearcher
    prepare: Callable[[Searcher], None]
    note: Callable[[Answered, float], None]

    def begin(self, number: int) -> None:
        """In a process that begins to serve: it is the one of this number, and watches the index
        from now on."""
        self.worker.number = number
        self.gate.begin()
        self.metrics.begin()
        self.current.watch(self.prepare)


def shared_of(app: flask.Flask) -> Shared:
    """The shared parts of an application that `create_app` made."""
    shared: Shared = app.extensions["seekcast"]
    return shared


def create_app(settings: Settings, current: CurrentSearcher | None = None) -> flask.Flask:
    """The application on the index directory of `settings`; it need not hold an index yet.

    `current` is what answers, if there is one already. Processes that are to share the limits and
    figures of `settings.server` are forked after this.
    """
    app = flask.Flask("web", static_folder=None)
    # No address is led to another one that it names itself.
    app.url_map.merge_slashes = False
    server = settings.server
    current = current or CurrentSearcher(open_engine(settings))
    worker = Worker(server.processes)
    gate, metrics = SearchGate(server.max_searches, worker), Metrics(current, worker)
    fronts, answers = FrontKeeper(settings.site), AnswerCache()
    doors = Doors(server, current, fronts)

    def note(answered: Answered, seconds: float) -> None:
        metrics.observe(answered, seconds)
        log_request(answered, seconds, with_query=server.log_queries)

    def prepare(opened: Searcher) -> None:
        fronts.get(opened)
        answers.clear()
        replays.clear()

    compress = compression(app)
    direct = Direct(app, current, answers, doors, gate, compress, server.cors_origins)
    replays = Replays(app.wsgi_app, current, doors, gate, note, direct)
    app.extensions["seekcast"] = Shared(worker, gate, metrics, current, prepare, note)
    wrapped: Any = replays
    if server.proxies:
        wrapped = ProxyFix(replays, x_for=server.proxies, x_proto=server.proxies)
    app.wsgi_app = wrapped  # type: ignore[method-assign]

    add_helpers(app)
    _add_hooks(app, server, doors, replays, note, compress)
    app.register_blueprint(page_routes(current, fronts, answers, gate))
    app.register_blueprint(api_routes(current, answers, gate))
    app.register_blueprint(manual_routes())
    app.register_blueprint(health_routes(current))
    app.register_blueprint(metrics_routes(metrics, public=server.public_metrics))
    return app


def _add_hooks(
    app: flask.Flask,
    server: ServerSettings,
    doors: Doors,
    replays: Replays,
    note: Callable[[Answered, float], None],
    compress: Compressing,
) -> None:
    @app.before_request
    def begin() -> None:
        flask.g.started = time.perf_counter()
        doors.check(flask.request.environ, flask.request.endpoint or "")

    # Hooks after a request run in the reverse order of registration.
    @app.after_request
    def end(response: flask.Response) -> flask.Response:
        answered = _answered(response)
        if response.status_code == 200 and "kept" in flask.g:
            replays.keep(response, flask.g.searcher, answered)
        elif "busy" in flask.g:
            replays.keep(response, None, answered)
        note(answered, time.perf_counter() - flask.g.started)
        return response

    app.after_request(compress)

    @app.after_request
    def headers(response: flask.Response) -> flask.Response:
        request = flask.request
        origin = request.headers.get("Origin", "")
        return add_headers(response, request.path, request.method, origin, server.cors_origins)

    @app.errorhandler(Exception)
    def problem(error: Exception) -> flask.Response:
        found = problem_of(error)
        if found.code == "busy":
            flask.g.busy = True
        flask.g.cause = found.cause
        return respond(found, as_page=not is_api(flask.request.path))


def _answered(response: flask.Response) -> Answered:
    request = flask.request
    kept = flask.g.get("kept")
    return Answered(
        endpoint=request.endpoint or "",
        method=request.method,
        path=request.path,
        status=response.status_code,
        size=response.content_length,
        query=typed_query(request.query_string) if request.query_string else None,
        found=None if kept is None else kept.found,
        cause=flask.g.get("cause"),
    )
