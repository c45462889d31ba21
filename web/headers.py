"""HTTP headers: what may be done with a response, how long it keeps, whether it changed.

The policies are per face: the page (HTML), the API (JSON) and the files other sites embed.
"""

import hashlib
from functools import cache

import flask

from search.addresses import MANUAL

CACHE = "public, max-age=60, stale-while-revalidate=600"

# Audio is the one thing the page may fetch from elsewhere: a show's files lie on any host.
_PAGE_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "media-src 'self' https: http:",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
    )
)
_API_POLICY = "default-src 'none'; frame-ancestors 'none'"

_COMMON = {"X-Content-Type-Options": "nosniff"}
_PAGE = _COMMON | {
    "Content-Security-Policy": _PAGE_POLICY,
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
API_HEADERS = _COMMON | {
    "Content-Security-Policy": _API_POLICY,
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
_SHARED_FILES = ("/search-box.js", "/opensearch.xml")
_FIGURES = "/metrics"
_CORS_METHODS = "GET, HEAD, OPTIONS"
_CORS_EXPOSED = "ETag, Retry-After"


def is_api(path: str) -> bool:
    """Whether a path is spoken to by programs: its errors are JSON."""
    return path.startswith("/api/") or path in ("/healthz", "/readyz", _FIGURES)


def etag_of(*parts: str) -> str:
    """A validator for what is made of these parts (face, generation, edition, canonical query)."""
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=12).hexdigest()


def not_modified(etag: str) -> flask.Response | None:
    """The 304 for a request that already has this version; None if it must be answered."""
    if flask.request.if_none_match.contains_weak(etag):
        return cacheable(flask.Response(status=304), etag)
    return None


def cacheable(response: flask.Response, etag: str) -> flask.Response:
    """Lets a response be kept. The validator is weak: bodies differ in `took_ms`."""
    response.set_etag(etag, weak=True)
    response.headers["Cache-Control"] = CACHE
    return response


def file_of(name: str, body: str | bytes, mimetype: str, policy: str = CACHE) -> flask.Response:
    """The response for a file that may be kept: its validator is of its content."""
    content = body if isinstance(body, str) else body.decode()
    etag = etag_of(name, content)
    response = not_modified(etag) or cacheable(flask.Response(body, mimetype=mimetype), etag)
    response.headers["Cache-Control"] = policy
    return response


def add_headers(
    response: flask.Response, path: str, method: str, origin: str, origins: tuple[str, ...]
) -> flask.Response:
    """What every response carries, by face. `origin`: of the page that asks, else empty."""
    shared = path in _SHARED_FILES
    api = is_api(path) and path != MANUAL
    response.headers.extend(API_HEADERS if api or shared else _PAGE)
    if path == _FIGURES:
        # They are this machine's own: no page of others that is open on it may read them.
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    elif api or shared:
        _allow_origin(response, method, origin, origins)
    if "Allow" in response.headers:
        response.headers["Allow"] = ", ".join(sorted(response.allow))
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response


def _allow_origin(
    response: flask.Response, method: str, origin: str, origins: tuple[str, ...]
) -> None:
    allowed = _origins(origins)
    if "*" in allowed:
        response.headers["Access-Control-Allow-Origin"] = "*"
    else:
        # The answer depends on who asks, so a cache must keep them apart.
        response.vary.add("Origin")
        if origin not in allowed:
            return
        response.headers["Access-Control-Allow-Origin"] = origin
    if method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = _CORS_METHODS
        response.headers["Access-Control-Max-Age"] = "86400"
    else:
        response.headers["Access-Control-Expose-Headers"] = _CORS_EXPOSED


@cache
def _origins(origins: tuple[str, ...]) -> frozenset[str]:
    return frozenset(origin.rstrip("/").lower() for origin in origins)
