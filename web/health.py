"""Is the process alive, is the index open: for supervisors and for people who look after it."""

from datetime import UTC, datetime

import flask
import msgspec

from search.current import CurrentSearcher
from search.wire import HealthBody, ReadyBody

_DEGRADED = "The current index cannot be used; an older one is served. The server's log says why."
"""The reason itself names directories of this server."""


def health_routes(current: CurrentSearcher) -> flask.Blueprint:
    """GET /healthz and /readyz."""
    routes = flask.Blueprint("health", __name__)

    @routes.get("/healthz")
    def healthz() -> flask.Response:
        return _json(HealthBody(status="ok"))

    @routes.get("/readyz")
    def readyz() -> flask.Response:
        status = current.get().status
        # A clock that was set back must not make an index younger than nothing.
        age = max(0, int((datetime.now(UTC) - status.built_at).total_seconds()))
        body = ReadyBody(
            status="ready" if status.degraded is None else "degraded",
            generation=status.generation,
            built_at=status.built_at,
            age_seconds=age,
            episodes=status.episodes,
            moments=status.moments,
            degraded=None if status.degraded is None else _DEGRADED,
        )
        return _json(body)

    return routes


def _json(body: HealthBody | ReadyBody) -> flask.Response:
    return flask.Response(msgspec.json.encode(body), mimetype="application/json")
