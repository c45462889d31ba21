"""One line of JSON per request. No client address, and no query where the setting says so."""

import json
import logging
from datetime import UTC, datetime

import flask

log = logging.getLogger("seekcast.access")

_LONGEST = 200


def log_request(response: flask.Response, seconds: float, *, with_query: bool) -> None:
    """Logs the request just answered. Non-ASCII and control characters are escaped, so that
    nobody can forge a line or talk to the terminal it is shown on."""
    if not log.isEnabledFor(logging.INFO):
        return
    request = flask.request
    entry: dict[str, object] = {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "method": request.method,
        "path": request.path[:_LONGEST],
        "status": response.status_code,
        "ms": round(seconds * 1000, 2),
        "bytes": response.content_length,
    }
    if with_query:
        query = request.args.get("q")
        if query is not None:
            entry["q"] = query[:_LONGEST]
        kept = flask.g.get("kept")
        if kept is not None and kept.found is not None:
            entry["found"] = kept.found
    log.info("%s", json.dumps(entry))
