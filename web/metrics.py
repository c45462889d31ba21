"""Figures for Prometheus. The client library is known in this module only."""

import flask
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from werkzeug.exceptions import NotFound

from search.current import CurrentSearcher
from search.errors import IndexUnusable
from web.guards import is_loopback

_BUCKETS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5)
_FACES = {"api.search": "search", "api.suggest": "suggest", "page.search": "page"}


class Metrics:
    """Requests by face and status, their seconds, and the index they were answered from."""

    def __init__(self, current: CurrentSearcher) -> None:
        self._current = current
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._requests = Counter(
            "seekcast_requests", "Requests answered.", ["face", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "seekcast_request_seconds",
            "Seconds from the first line to the answer.",
            ["face"],
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._ready = self._gauge("seekcast_index_ready", "1: an index answers.")
        self._degraded = self._gauge("seekcast_index_degraded", "1: not the current generation.")
        self._built = self._gauge("seekcast_index_built_seconds", "When the index was built.")
        self._episodes = self._gauge("seekcast_index_episodes", "Episodes in the index.")
        self._moments = self._gauge("seekcast_index_moments", "Moments in the index.")

    def observe(self, response: flask.Response, seconds: float) -> None:
        """Counts the request just answered."""
        face = _FACES.get(flask.request.endpoint or "", "other")
        self._requests.labels(face, response.status_code).inc()
        self._seconds.labels(face).observe(seconds)

    def text(self) -> bytes:
        """All figures in Prometheus' text format."""
        try:
            status = self._current.get().status
        except IndexUnusable:
            self._ready.set(0)
        else:
            self._ready.set(1)
            self._degraded.set(status.degraded is not None)
            self._built.set(status.built_at.timestamp())
            self._episodes.set(status.episodes)
            self._moments.set(status.moments)
        return generate_latest(self._registry)

    def _gauge(self, name: str, help_text: str) -> Gauge:
        return Gauge(name, help_text, registry=self._registry)


def metrics_routes(metrics: Metrics, *, public: bool) -> flask.Blueprint:
    """GET /metrics: there for this machine only, unless the settings open it to all."""
    routes = flask.Blueprint("metrics", __name__)

    @routes.get("/metrics")
    def show() -> flask.Response:
        # A forwarded request comes from a loopback proxy but not from this machine.
        forwarded = "X-Forwarded-For" in flask.request.headers
        if not public and (forwarded or not is_loopback(flask.request.remote_addr)):
            raise NotFound
        return flask.Response(metrics.text(), content_type=CONTENT_TYPE_LATEST)

    return routes
