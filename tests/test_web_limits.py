"""How often one may ask, and how many at a time."""

import contextlib
import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.conftest import settings_for
from web.app import create_app, shared_of
from web.guards import SearchGate
from web.problems import Refusal
from web.rates import RateGuard
from web.serving import RequestQueue
from web.shared import Worker

ANSWER = "/api/v1/search?q=kubernetes"
PAGE = "/search?q=kubernetes"
STRANGER = {"REMOTE_ADDR": "203.0.113.7"}


def test_a_stranger_has_a_budget_and_is_told_when_to_return(sample_index: Path) -> None:
    client = create_app(settings_for(sample_index, search_rate=2, suggest_rate=1)).test_client()
    statuses = [client.get(ANSWER, environ_overrides=STRANGER).status_code for _ in range(50)]
    assert statuses[:8] == [200] * 8
    assert statuses[-1] == 429
    refused = client.get(PAGE, environ_overrides=STRANGER)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
    suggest = "/api/v1/suggest?q=a"
    assert client.get(suggest, environ_overrides=STRANGER).status_code == 200
    other = {"REMOTE_ADDR": "203.0.113.8"}
    assert client.get(ANSWER, environ_overrides=other).status_code == 200


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("::ffff:203.0.113.7", "::ffff:203.0.113.8", False),
        ("unknown", "203.0.113.7", False),
    ],
)
def test_a_budget_is_an_addresss_and_in_ipv6_a_networks(one: str, other: str, shared: bool) -> None:
    guard = RateGuard(1)
    for _ in range(4):
        guard.check(one)
    with pytest.raises(Refusal) if shared else contextlib.nullcontext():
        guard.check(other)


def test_a_neighbour_on_this_machine_has_no_budget(sample_index: Path) -> None:
    client = create_app(settings_for(sample_index, search_rate=1)).test_client()
    for address in ("127.0.0.1", "::1"):
        own = {"REMOTE_ADDR": address}
        assert {client.get(ANSWER, environ_overrides=own).status_code for _ in range(9)} == {200}


def test_a_rate_of_zero_is_no_limit(sample_index: Path) -> None:
    client = create_app(settings_for(sample_index, search_rate=0)).test_client()
    statuses = {client.get(ANSWER, environ_overrides=STRANGER).status_code for _ in range(60)}
    assert statuses == {200}


def test_behind_a_proxy_the_budget_is_the_clients(sample_index: Path) -> None:
    client = create_app(settings_for(sample_index, proxies=1, search_rate=1)).test_client()
    told = {"X-Forwarded-For": "6.6.6.6, 203.0.113.7"}
    statuses = [client.get(ANSWER, headers=told).status_code for _ in range(50)]
    assert statuses[:4] == [200] * 4
    assert statuses[-1] == 429
    other = {"X-Forwarded-For": "203.0.113.7, 203.0.113.9"}
    assert client.get(ANSWER, headers=other).status_code == 200


@pytest.mark.parametrize("told", ["https", "http", "javascript"])
def test_behind_a_proxy_addresses_are_of_the_web(sample_index: Path, told: str) -> None:
    client = create_app(settings_for(sample_index, proxies=1)).test_client()
    given = client.get("/opensearch.xml", headers={"X-Forwarded-Proto": told}).text
    scheme = "https" if told == "https" else "http"
    assert re.findall(r"template=\"(.*?)://", given) == [scheme] * given.count("template=")
    assert "template=" in given


def test_without_a_proxy_nobody_can_choose_their_address(sample_index: Path) -> None:
    client = create_app(settings_for(sample_index, search_rate=1)).test_client()
    statuses = [
        client.get(
            ANSWER, headers={"X-Forwarded-For": f"10.0.0.{n}"}, environ_overrides=STRANGER
        ).status_code
        for n in range(50)
    ]
    assert statuses[-1] == 429


def test_a_budget_is_four_seconds_worth_at_once_and_comes_back_evenly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 1000.0
    monkeypatch.setattr("throttled.utils.now_mono_f", lambda: now)
    guard = RateGuard(8)

    def is_let_in() -> bool:
        try:
            guard.check("203.0.113.7")
        except Refusal as refusal:
            said.append(refusal.problem.retry_after)
            return False
        return True

    def let_in() -> int:
        return next(count for count in range(1_000) if not is_let_in())

    said: list[int | None] = []
    assert let_in() == 32
    now += 0.5
    assert let_in() == 4
    now += 3600
    assert let_in() == 32
    assert said == [1, 1, 1]


def test_a_thread_that_does_not_search_refuses_at_once_what_is_not_kept(sample_index: Path) -> None:
    app = create_app(settings_for(sample_index))
    client, gate = app.test_client(), shared_of(app).gate
    kept = client.get(ANSWER).data
    gate.refuse_here()
    busy, page = client.get("/api/v1/search?q=docker"), client.get(PAGE)
    assert (busy.status_code, busy.get_json()["code"]) == (503, "busy")
    assert busy.headers["Retry-After"] == page.headers["Retry-After"] == "1"
    assert "One moment, please" in page.get_data(as_text=True)
    assert client.get(ANSWER).data == kept
    with ThreadPoolExecutor(1) as another:
        assert another.submit(app.test_client().get, PAGE).result().status_code == 200


def test_the_gate_counts_what_is_in_all_processes() -> None:
    worker = Worker(count=2)
    gate = SearchGate(3, worker)
    for number in (0, 1, 1):
        assert not gate.is_full()
        worker.number = number
        gate.enter()
    assert gate.is_full()
    gate.begin()  # a process that was killed, with two inside, is replaced
    assert not gate.is_full()


class Waiting:
    """A request that takes a while, in the place of a connection's."""

    def __init__(self, answered: list[bool]) -> None:
        self._answered = answered

    def service(self) -> None:
        time.sleep(0.01)
        self._answered.append(True)

    def cancel(self) -> None:
        self._answered.append(False)


def test_who_was_let_in_is_answered_before_a_server_ends() -> None:
    answered: list[bool] = []
    line = RequestQueue(SearchGate(64, Worker()))
    line.set_thread_count(1)
    for _ in range(10):
        line.add_task(Waiting(answered))
    line.shutdown()
    assert answered == [True] * 10
