"""The order of the doors: what is asked of every request before anything is made for it."""

from msgspec import Struct

from search.current import CurrentSearcher
from search.errors import IndexUnusable
from search.settings import ServerSettings
from web.front import FrontKeeper
from web.guards import HostGuard, is_loopback
from web.problems import Problem, Refusal
from web.rates import RateGuard

_MAX_URL = 8192
_OPEN_TO_ANY_HOST = ("/healthz", "/readyz")


class Arrival(Struct, frozen=True):
    """What the doors look at: path, length of the whole address, Host, endpoint, client."""

    path: str
    length: int
    host: str
    endpoint: str
    address: str | None


class Doors:
    """Length, host and rate, in this order."""

    def __init__(
        self, server: ServerSettings, current: CurrentSearcher, fronts: FrontKeeper
    ) -> None:
        def own_host() -> str | None:
            try:
                return fronts.get(current.get()).host
            except IndexUnusable:
                return None

        guarded = bool(server.trusted_hosts) or is_loopback(server.host)
        self._hosts = HostGuard(server.trusted_hosts, own_host) if guarded else None
        search = RateGuard(server.search_rate)
        self._rates = {
            "api.search": search,
            "page.search": search,
            "api.suggest": RateGuard(server.suggest_rate),
        }

    def check(self, arrival: Arrival) -> None:
        """Raises Refusal for a request that is too long, for another host, or too many."""
        if arrival.length > _MAX_URL:
            detail = f"The address is longer than {_MAX_URL} bytes; a query has 200 characters."
            raise Refusal(Problem(414, "uri_too_long", detail))
        if self._hosts is not None and arrival.path not in _OPEN_TO_ANY_HOST:
            self._hosts.check(arrival.host)
        rate = self._rates.get(arrival.endpoint)
        if rate is not None:
            rate.check(arrival.address)
