"""How often each client may ask. The library for it (throttled-py) is known in this module only."""

from ipaddress import IPv6Address, IPv6Network
from math import ceil
from typing import Any

from throttled import MemoryStore, RateLimiterType, Throttled, per_sec
from throttled.store.memory import MemoryStoreBackend

from web.guards import is_loopback
from web.problems import Problem, Refusal
from web.shared import shared_numbers

_BURST_SECONDS = 4
_NUMBERS = 1 << 16


class _SharedBackend(MemoryStoreBackend):
    """Keeps one number for each client in memory that all processes of a server share.

    Clients fall into so many numbers that two hardly ever share one, and by a hash that is another
    one each time a server starts, so that nobody can choose to. Two processes that count the same
    client in the same microsecond may count one request too few.
    """

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._numbers = shared_numbers(_NUMBERS)

    def get(self, key: str) -> float:
        return self._numbers[hash(key) % _NUMBERS]

    def set(self, key: str, value: float, timeout: int) -> None:
        """What lies in the past counts as nothing, so no number has to be forgotten in time."""
        self._numbers[hash(key) % _NUMBERS] = value


class _SharedStore(MemoryStore):
    _BACKEND_CLASS = _SharedBackend


class RateGuard:
    """A budget of requests for each client address (in IPv6, network), which all processes draw
    from; it comes back evenly, and four seconds' worth may be drawn at once. Loopback clients have
    no budget."""

    def __init__(self, per_second: int) -> None:
        self._budget = (
            Throttled(
                using=RateLimiterType.GCRA.value,
                quota=per_sec(per_second, burst=per_second * _BURST_SECONDS),
                store=_SharedStore(),
            )
            if per_second
            else None
        )

    def check(self, address: str | None) -> None:
        """Counts one request. Raises Refusal (429) beyond the budget."""
        if self._budget is None or is_loopback(address):
            return
        drawn = self._budget.limit(_client(str(address)))
        if drawn.limited:
            detail = "Too many searches from your address; wait a moment and try again."
            after = ceil(drawn.state.retry_after)
            raise Refusal(Problem(429, "too_many_requests", detail, retry_after=after))


def _client(address: str) -> str:
    """Whose budget it is. An IPv6 client may choose any address of its network, of 64 bits."""
    try:
        parsed = IPv6Address(address)
    except ValueError:
        return address
    return str(parsed.ipv4_mapped or IPv6Network((parsed, 64), strict=False))
