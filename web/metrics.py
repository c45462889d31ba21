"""Figures for Prometheus. The client library is known in this module only.

Each process counts in its own row; a page of figures adds up the rows of all, also of those that
have died, so that no counter ever falls.
"""

import os
import threading
from bisect import bisect_left
from collections.abc import Iterator
from functools import partial
from itertools import accumulate

import flask
from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector
from werkzeug.exceptions import NotFound

from search.current import CurrentSearcher
from search.errors import IndexUnusable
from web.guards import is_loopback
from web.request_log import Answered
from web.shared import SharedRows, Worker

_BUCKETS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5)
_BOUNDS = (*map(str, _BUCKETS), "+Inf")
_FACES = {"api.search": "search", "api.suggest": "suggest", "page.search": "page"}
_NAMES = (*_FACES.values(), "other")
_STATUSES = range(100, 600)
_NOT_SUMMED = {"process_start_time_seconds": min, "process_max_fds": min}
"""Figures of processes of which the least is told; of all others the sum over the processes."""


class Metrics(Collector):
    """Requests by face and status, their seconds, the processes, and the index answered from."""

    def __init__(self, current: CurrentSearcher, worker: Worker) -> None:
        self._current = current
        self._lock = threading.Lock()
        self._pids = SharedRows(worker, 1)
        self._requests = {face: SharedRows(worker, len(_STATUSES)) for face in _NAMES}
        # How many requests fell into each bucket, and behind the last one the seconds of all.
        self._seconds = {face: SharedRows(worker, len(_BOUNDS) + 1) for face in _NAMES}
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(self)
        self.begin()

    def begin(self) -> None:
        """Says that this process is the one whose row it is."""
        self._pids.own()[0] = os.getpid()

    def observe(self, answered: Answered, seconds: float) -> None:
        """Counts the request just answered."""
        face = _FACES.get(answered.endpoint, "other")
        requests, taken = self._requests[face].own(), self._seconds[face].own()
        with self._lock:
            requests[answered.status - _STATUSES.start] += 1
            taken[bisect_left(_BUCKETS, seconds)] += 1
            taken[len(_BOUNDS)] += seconds

    def text(self) -> bytes:
        """All figures in Prometheus' text format."""
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """The figures of this moment, for the library to write."""
        yield from self._of_requests()
        yield from self._of_processes()
        yield from self._of_index()

    def _of_requests(self) -> Iterator[Metric]:
        answered = CounterMetricFamily(
            "seekcast_requests", "Requests answered.", labels=["face", "status"]
        )
        lasted = HistogramMetricFamily(
            "seekcast_request_seconds",
            "Seconds from the first line to the answer.",
            labels=["face"],
        )
        for face in _NAMES:
            for place, status in enumerate(_STATUSES):
                if count := self._requests[face].total(place):
                    answered.add_metric([face, str(status)], count)
            row = [self._seconds[face].total(place) for place in range(len(_BOUNDS) + 1)]
            if any(row):
                lasted.add_metric(
                    [face], list(zip(_BOUNDS, accumulate(row[:-1]), strict=True)), row[-1]
                )
        yield answered
        yield lasted

    def _of_processes(self) -> Iterator[Metric]:
        together: dict[str, Metric] = {}
        for pid in map(int, self._pids.column(0)):
            for metric in ProcessCollector(pid=partial(int, pid), registry=None).collect():
                sample = metric.samples[0]
                known = together.setdefault(metric.name, metric)
                if known is not metric:
                    both = (known.samples[0].value, sample.value)
                    value = _NOT_SUMMED.get(metric.name, sum)(both)
                    known.samples = [sample._replace(value=value)]
        yield from together.values()

    def _of_index(self) -> Iterator[Metric]:
        try:
            status = self._current.get().status
        except IndexUnusable:
            yield GaugeMetricFamily("seekcast_index_ready", _HELP["ready"], 0)
            return
        figures = {
            "ready": 1,
            "degraded": status.degraded is not None,
            "built_seconds": status.built_at.timestamp(),
            "episodes": status.episodes,
            "moments": status.moments,
        }
        for name, value in figures.items():
            yield GaugeMetricFamily(f"seekcast_index_{name}", _HELP[name], float(value))


_HELP = {
    "ready": "1: an index answers.",
    "degraded": "1: not the current generation.",
    "built_seconds": "When the index was built.",
    "episodes": "Episodes in the index.",
    "moments": "Moments in the index.",
}


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
