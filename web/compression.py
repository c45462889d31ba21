"""Compressed responses. The library (Flask-Compress) is known in this module only."""

from collections.abc import Callable

import flask
from flask_compress import Compress

_ENCODINGS = ("zstd", "br", "gzip")
_TYPES = (
    "text/html",
    "text/css",
    "text/javascript",
    "application/json",
    "application/x-suggestions+json",
    "application/opensearchdescription+xml",
    "image/svg+xml",
)

Compressing = Callable[[flask.Response], flask.Response]


def compression(app: flask.Flask) -> Compressing:
    """Compresses the response to the request at hand, where it is worth it and the client wants
    it."""
    app.config.update(
        COMPRESS_ALGORITHM=list(_ENCODINGS),
        COMPRESS_ALGORITHM_STREAMING=list(_ENCODINGS),
        COMPRESS_MIMETYPES=list(_TYPES),
        # Validators are compared before an answer is made, not after.
        COMPRESS_EVALUATE_CONDITIONAL_REQUEST=False,
        COMPRESS_REGISTER=False,
    )
    compress = Compress(app)

    def compressed(response: flask.Response) -> flask.Response:
        response.vary.add("Accept-Encoding")
        wanted = flask.request.accept_encodings
        qualities = [wanted.quality(encoding) for encoding in _ENCODINGS]
        # The library takes `gzip;q=0`, "anything but gzip", for a wish, and `*` for one, too, that
        # stands beside it.
        refused = "*" in wanted.values() and 0 in qualities
        if any(qualities) and not refused:
            return compress.after_request(response)
        return response

    return compressed
