"""Compressed responses. The libraries (Flask-Compress, Brotli) are known in this module only."""

from collections.abc import Callable
from functools import lru_cache

import brotli
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
            return _timeless(compress.after_request(response))
        return response

    return compressed


def _timeless(response: flask.Response) -> flask.Response:
    """Without the second of its compression, which gzip writes into bytes 4 to 7 (RFC 1952, section
    2.3): the same answer is the same bytes whenever it is given."""
    if response.content_encoding == "gzip" and not response.is_streamed:
        packed = response.get_data()
        response.set_data(packed[:4] + bytes(4) + packed[8:])
    return response


def compressed_once(response: flask.Response) -> flask.Response:
    """A file that never changes, as small as Brotli makes it, for clients that take that."""
    wanted = flask.request.accept_encodings
    if response.status_code == 200 and "br" in wanted.values() and wanted.quality("br"):
        response.set_data(_smallest(response.get_data()))
        response.content_encoding = "br"
    return response


# Some 60 ms for the largest file, so it is done once.
@lru_cache(maxsize=8)
def _smallest(body: bytes) -> bytes:
    packed: bytes = brotli.compress(body, quality=11)
    return packed
