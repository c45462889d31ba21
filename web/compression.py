"""Compressed responses. The library (Flask-Compress) is known in this module only."""

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
_MOST_PACKED = 3


def add_compression(app: flask.Flask) -> None:
    """Compresses what is worth it, for clients that want it."""
    app.config.update(
        COMPRESS_ALGORITHM=list(_ENCODINGS),
        COMPRESS_ALGORITHM_STREAMING=list(_ENCODINGS),
        COMPRESS_MIMETYPES=list(_TYPES),
        # Validators are compared before an answer is made, not after.
        COMPRESS_EVALUATE_CONDITIONAL_REQUEST=False,
        COMPRESS_REGISTER=False,
    )
    compress = Compress(app)

    @app.after_request
    def compressed(response: flask.Response) -> flask.Response:
        if "Vary" in response.headers:
            response.vary.add("Accept-Encoding")
        else:
            response.headers["Vary"] = "Accept-Encoding"
        wish = flask.request.headers.get("Accept-Encoding", "")
        if not wish:
            return response
        kept = flask.g.get("kept")
        if kept is None or response.status_code != 200:
            return _compressed(compress, response)
        if wish in kept.packed:
            response.content_encoding, body = kept.packed[wish]
            response.set_data(body)
            return response
        response = _compressed(compress, response)
        if response.content_encoding and len(kept.packed) < _MOST_PACKED:
            kept.packed[wish] = (response.content_encoding, response.get_data())
        return response


def _compressed(compress: Compress, response: flask.Response) -> flask.Response:
    # The library takes `gzip;q=0`, "anything but gzip", for a wish.
    wanted = flask.request.accept_encodings
    if any(wanted.quality(encoding) > 0 for encoding in _ENCODINGS):
        return compress.after_request(response)
    return response
