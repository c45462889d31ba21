"""The order of the doors: what is asked of every request before anything is made for it."""

from typing import Any

from werkzeug.wsgi import get_host

from search.current import CurrentSearcher
from search.errors import IndexUnusable
from search.settings import ServerSettings
from web.front import FrontKeeper
from web.guards import HostGuard, is_loopback
from web.problems import Problem, Refusal
from web.rates import RateGuard

Environ = dict[str, Any]
"""A request as WSGI hands it over (PEP 3333)."""

_MAX_URL = 8192
_OPEN_TO_ANY_HOST = ("/healthz", "/readyz")


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

    def check(self, environ: Environ, endpoint: str) -> None:
        """Raises Refusal for a request that is too long, for another host, or one too many;
        `endpoint` is the framework's name for what it asks."""
        path = environ["PATH_INFO"]
        if len(path) + len(environ["QUERY_STRING"]) > _MAX_URL:
            detail = f"The address is longer than {_MAX_URL} bytes; a query has 200 characters."
            raise Refusal(Problem(414, "uri_too_long", detail))
        if self._hosts is not None and path not in _OPEN_TO_ANY_HOST:
            self._hosts.check(get_host(environ))
        rate = self._rates.get(endpoint)
        if rate is not None:
            rate.check(environ.get("REMOTE_ADDR"))
