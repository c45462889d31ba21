"""The server's doors: who is let in, and how many at a time.

Every refusal is told at once and says what to do; nothing waits in line for it.
"""

import threading
from collections.abc import Callable
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from werkzeug.sansio.utils import host_is_trusted

from web.problems import Problem, Refusal
from web.shared import SharedRows, Worker


@lru_cache(maxsize=256)
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
        self._trusted = tuple(name.lower() for name in trusted)
        self._own_host = own_host

    def check(self, host: str) -> None:
        """Raises Refusal (400). Loopback names and the show's own domain are always trusted."""
        host = host.lower()  # names are the same in any case (RFC 9110, 4.2.3)
        if _is_own(host) or _is_among(host, self._trusted):
            return
        own = self._own_host()
        if own and _is_among(host, (f".{own.removeprefix('www.')}",)):
            return
        detail = (
            f"This server does not answer for the host {host[:100]!r}. "
            "If it should, its owner adds it to the setting server.trusted_hosts."
        )
        raise Refusal(Problem(400, "untrusted_host", detail))


@lru_cache(maxsize=256)
def _is_own(host: str) -> bool:
    """Whether a Host header names this machine."""
    try:
        return is_loopback(urlsplit(f"//{host}").hostname)
    except ValueError:
        return False


def _is_among(host: str, names: tuple[str, ...]) -> bool:
    try:
        return bool(names) and host_is_trusted(host, names)
    except UnicodeError:
        # A site's address may hold what no host can be called (`https://my..example`).
        return False


class SearchGate:
    """At most `most` requests are worked on or wait at a time, in all processes together.

    It is decided when a request arrives, so that what has waited is also answered; searches that
    come beyond are refused by the thread that is there for them (`refuse_here`).
    """

    def __init__(self, most: int, worker: Worker) -> None:
        self._most = most
        self._inside = SharedRows(worker, 1)
        self._lock = threading.Lock()
        self._here = threading.local()

    def begin(self) -> None:
        """Nobody is inside this process yet; who took its place before may have been killed."""
        self._inside.own()[0] = 0

    def is_full(self) -> bool:
        return self._inside.total(0) >= self._most

    def enter(self) -> None:
        self._add(1)

    def leave(self) -> None:
        self._add(-1)

    def _add(self, count: int) -> None:
        with self._lock:
            self._inside.own()[0] += count

    def refuse_here(self) -> None:
        """From now on this thread answers without searching."""
        self._here.refuses = True

    def refuses_here(self) -> bool:
        return getattr(self._here, "refuses", False)

    def check(self) -> None:
        """Before a search: raises Refusal (503) in a thread that does not search."""
        if self.refuses_here():
            detail = "The search is very busy; try again in a moment."
            raise Refusal(Problem(503, "busy", detail, retry_after=1))
