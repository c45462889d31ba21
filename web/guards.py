"""The server's doors: who is let in, how often, and how many at a time.

Every refusal is told at once and says what to do; nothing waits in line for it.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from urllib.parse import urlsplit

from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from werkzeug.sansio.utils import host_is_trusted

from web.problems import Problem, Refusal

_BURST_SECONDS = 4


def is_loopback(address: str | None) -> bool:
    """Whether an address (or host name) is this machine's own."""
    try:
        return address == "localhost" or ip_address(address or "").is_loopback
    except ValueError:
        return False


class HostGuard:
    """Refuses requests for hosts this server does not answer for.

    What is built from the Host header (the addresses in /opensearch.xml) may be kept by caches,
    so nobody may put another host there.
    """

    def __init__(self, trusted: tuple[str, ...], own_host: Callable[[], str | None]) -> None:
        self._trusted = trusted
        self._own_host = own_host

    def check(self, host: str) -> None:
        """Raises Refusal (400). Loopback names and the show's own domain are always trusted."""
        if is_loopback(_name_of(host)) or (self._trusted and host_is_trusted(host, self._trusted)):
            return
        own = self._own_host()
        if own and host_is_trusted(host, [f".{own.removeprefix('www.')}"]):
            return
        detail = (
            f"This server does not answer for the host {host[:100]!r}. "
            "If it should, its owner adds it to the setting server.trusted_hosts."
        )
        raise Refusal(Problem(400, "untrusted_host", detail))


def _name_of(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


class RateGuard:
    """A budget of requests per client address; loopback clients have none.

    The budget is per process: with several processes each counts for itself.
    """

    def __init__(self, per_second: int) -> None:
        self._limit = RateLimitItemPerSecond(per_second * _BURST_SECONDS, _BURST_SECONDS)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._unlimited = per_second == 0

    def check(self, address: str | None) -> None:
        """Counts one request. Raises Refusal (429) beyond the budget."""
        if self._unlimited or is_loopback(address):
            return
        if not self._limiter.hit(self._limit, address or ""):
            detail = "Too many searches from your address; wait a moment and try again."
            raise Refusal(Problem(429, "too_many_requests", detail, retry_after=1))


class SearchGate:
    """At most `most` searches run or wait at a time; beyond that the answer is 503 at once.

    `waiting` tells how many requests the server has accepted but not yet begun.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._running = 0
        self._lock = threading.Lock()
        self.waiting: Callable[[], int] = int

    @contextmanager
    def enter(self) -> Iterator[None]:
        """Holds a place while the block runs. Raises Refusal (503) when there is none."""
        with self._lock:
            if self._running + self.waiting() >= self._most:
                detail = "The search is very busy; try again in a moment."
                raise Refusal(Problem(503, "busy", detail, retry_after=1))
            self._running += 1
        try:
            yield
        finally:
            with self._lock:
                self._running -= 1
