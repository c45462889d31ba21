"""Responses given again as they were, before the framework is asked for anything.

Listeners ask the same things. Two requests that are alike in all that a response depends on get
the same bytes as long as the same searcher answers, so the second one needs no parsing, no routing
and no making of headers; only the doors, the figures and the log are as always. The same goes for
what can be answered directly.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from weakref import ref

import flask
from msgspec import Struct

from search.current import CurrentSearcher
from search.engine import Searcher
from search.errors import IndexUnusable
from web.answer_cache import LruCache
from web.doors import Doors, Environ
from web.guards import SearchGate
from web.problems import Refusal
from web.request_log import Answered

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication

Headers = tuple[tuple[str, str], ...]
Key = tuple[str, ...]

_LONGEST_KEY = 1_000


class Replay(Struct, frozen=True):
    """A response, the searcher that it is of, and what is noted of it. It does not keep that
    searcher alive: a thread may have made it while another generation took its place."""

    status: str
    headers: Headers
    body: bytes
    searcher: ref[Searcher] | None
    answered: Answered


@dataclass(frozen=True, slots=True)
class Replays:
    """Stands before an application; `note` is told of each response it gives. `direct` may answer
    a GET without conditions."""

    app: "WSGIApplication"
    current: CurrentSearcher
    doors: Doors
    gate: SearchGate
    note: Callable[[Answered, float], None]
    direct: Callable[[Environ], Replay | None]
    recent: LruCache[Replay] = field(default_factory=LruCache)

    def __call__(self, environ: Environ, start: "StartResponse") -> Iterable[bytes]:
        began = time.perf_counter()
        key = _key(environ, busy=False)
        replay = None if key is None else self._find(environ, key) or self._new(environ, key)
        if replay is None:
            return self.app(environ, start)
        start(replay.status, list(replay.headers))
        return self._given(replay, time.perf_counter() - began)

    def keep(self, response: flask.Response, searcher: Searcher | None, answered: Answered) -> None:
        """Remembers the response to the request at hand. Without a searcher it is the refusal
        that a busy server gives."""
        environ = flask.request.environ
        key = _key(environ, busy=searcher is None)
        if key is not None:
            self.recent.keep(
                key,
                Replay(
                    response.status,
                    tuple(response.get_wsgi_headers(environ)),
                    response.get_data(),
                    ref(searcher) if searcher is not None else None,
                    answered,
                ),
            )

    def clear(self) -> None:
        """Forgets all responses."""
        self.recent.clear()

    def _given(self, replay: Replay, seconds: float) -> Iterator[bytes]:
        """The body; whoever waits for it does not wait for what is noted, too."""
        try:
            yield replay.body
        finally:
            self.note(replay.answered, seconds)

    def _new(self, environ: Environ, key: Key) -> Replay | None:
        replay = self.direct(environ)
        if replay is not None:
            self.recent.keep(key, replay)
        return replay

    def _find(self, environ: Environ, key: Key) -> Replay | None:
        replay = self.recent.find(key)
        if replay is None or not self._is_current(replay):
            return self._busy(environ) if self.gate.refuses_here() else None
        try:
            self.doors.check(environ, replay.answered.endpoint)
        except Refusal:
            # Told by the application, which asks at the same doors.
            return None
        return replay

    def _busy(self, environ: Environ) -> Replay | None:
        key = _key(environ, busy=True)
        return None if key is None else self.recent.find(key)

    def _is_current(self, replay: Replay) -> bool:
        try:
            return replay.searcher is not None and replay.searcher() is self.current.get()
        except IndexUnusable:
            return False


def _key(environ: Environ, *, busy: bool) -> Key | None:
    """All of a request that its response depends on; None where it depends on more, or where it
    is too long to be kept by."""
    if environ["REQUEST_METHOD"] != "GET" or "HTTP_IF_NONE_MATCH" in environ:
        return None
    key = (
        environ["PATH_INFO"],
        "busy" if busy else f"?{environ['QUERY_STRING']}",
        environ.get("HTTP_ACCEPT_ENCODING", ""),
        environ.get("HTTP_ORIGIN", ""),
    )
    return key if sum(map(len, key)) < _LONGEST_KEY else None
