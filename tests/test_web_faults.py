"""A server that stays up: clients that do nothing, clients that want too much, and time."""

import contextlib
import json
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from search.engines import open_engine
from tests.conftest import ROOT, build_index, settings_for

QUESTIONS = (
    "/api/v1/search?q=docker",
    "/api/v1/search?q=kuberntes&moments=5",
    "/api/v1/search?q=postgres&typing=1&per_page=5",
    "/search?q=redis+python",
    "/search?q=the&page=2",
    "/api/v1/suggest?q=dja",
    "/search",
)


class WebProcess:
    """`python -m web` as people run it, on a free port."""

    def __init__(
        self, index: Path, port: str = "0", log: str = os.devnull, **settings: str
    ) -> None:
        environ = {f"SEEKCAST_SERVER_{name.upper()}": value for name, value in settings.items()}
        with open(log, "w") as stderr:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "web", "--index", str(index), "--port", port],
                cwd=ROOT,
                env=os.environ | environ,
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
            )
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().split()[3].removesuffix("/search")

    def get(self, path: str, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
        request = urllib.request.Request(self.url + path, headers=headers or {})
        try:
            with urllib.request.urlopen(request, timeout=30) as reply:
                return reply.status, reply.read()
        except urllib.error.HTTPError as reply:
            with reply:
                return reply.code, reply.read()

    def figure(self, name: str) -> float:
        """One of the figures of /metrics."""
        found = re.search(
            rf"^{re.escape(name)} (\S+)$", self.get("/metrics")[1].decode(), re.MULTILINE
        )
        assert found is not None
        return float(found[1])

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)
        if self.process.stdout is not None:
            self.process.stdout.close()


@contextlib.contextmanager
def web_process(
    index: Path, port: str = "0", log: str = os.devnull, **settings: str
) -> Iterator[WebProcess]:
    server = WebProcess(index, port, log, **settings)
    try:
        yield server
    finally:
        server.stop()


@pytest.mark.parametrize("files", [1024, 64])
def test_two_hundred_idle_connections_hold_up_nobody(sample_index: Path, files: int) -> None:
    """Nor where the server may have fewer files open than that."""
    with web_process(sample_index) as server, contextlib.ExitStack() as idle:
        resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (files, files))
        parts = urlsplit(server.url)
        for _ in range(200):
            idle.enter_context(
                socket.create_connection((str(parts.hostname), int(parts.port or 0)))
            )
        assert {server.get(path)[0] for path in QUESTIONS} == {200}


def test_a_client_that_asks_for_much_and_takes_nothing_holds_up_nobody(sample_index: Path) -> None:
    """All that it asks for does not fit into what the server keeps ready for a client."""
    with web_process(sample_index) as server, socket.socket() as greedy:
        page = "/search?q=the&per_page=50"
        request = f"GET {page} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
        times = 8192 // len(request)
        assert len(server.get(page)[1]) * times > 2 * 4 * 2**20
        greedy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        greedy.connect(("127.0.0.1", int(server.url.rsplit(":", 1)[1])))
        greedy.sendall(request * times)
        # By turns one of its requests and one of these.
        assert [server.get("/search?q=docker")[0] for _ in range(times)] == [200] * times


@pytest.mark.parametrize("processes", ["1", "2"])
def test_too_many_at_a_time_are_refused_and_the_rest_answered(
    sample_index: Path, processes: str
) -> None:
    """Of 64 clients that ask at once, those beyond the limit are told to come back."""
    with web_process(sample_index, max_searches="4", threads="8", processes=processes) as server:
        statuses: Counter[int] = Counter()

        def ask(number: int) -> None:
            # All different, so that no kept answer helps.
            for page in range(1, 4):
                statuses[server.get(f"/search?q=the+{number}&page={page}")[0]] += 1

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(64)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert set(statuses) == {200, 503}
        assert server.get("/search?q=afterwards")[0] == 200


@pytest.mark.parametrize("processes", ["1", "2"])
def test_a_killed_server_comes_back_on_its_port(sample_index: Path, processes: str) -> None:
    """Its workers end with it: nobody watches over them any more, and they hold the port."""
    server = WebProcess(sample_index, processes=processes)
    port = server.url.rsplit(":", 1)[1]
    if processes == "2":
        wait_for_children(server.process.pid, 2)
    with socket.create_connection(("127.0.0.1", int(port))):
        server.process.kill()
        server.stop()
        wait_until_nobody_listens(int(port))
        with web_process(sample_index, port) as again:
            assert again.url == server.url
            assert again.get("/search?q=docker")[0] == 200


def test_a_killed_worker_is_replaced_while_the_others_answer_though_no_log_can_be_written(
    sample_index: Path,
) -> None:
    with web_process(sample_index, log="/dev/full", processes="3") as server:
        before = wait_for_children(server.process.pid, 3)
        os.kill(before[0], signal.SIGKILL)
        assert [server.get("/search?q=docker")[0] for _ in range(20)] == [200] * 20
        after = wait_for_children(server.process.pid, 3, without=before[0])
        assert set(before[1:]) < set(after)
    assert all(not Path(f"/proc/{worker}").exists() for worker in after)


def test_who_takes_a_dead_workers_place_answers_from_the_newest_index(
    sample_site: Path, tmp_path: Path
) -> None:
    """It comes from a process that has the index open that was current when the server started."""
    site = shutil.copytree(sample_site, tmp_path / "site")
    index = build_index(site, tmp_path / "index")
    with web_process(index, processes="2") as server:
        workers = wait_for_children(server.process.pid, 2)
        min((site / "_posts").rglob("*.md")).unlink()
        build_index(site, index)
        newest = open_engine(settings_for(index)).open().status
        for worker in workers:
            os.kill(worker, signal.SIGKILL)
        assert json.loads(server.get("/readyz")[1])["generation"] == newest.generation


def test_budgets_and_figures_are_those_of_all_workers_together(sample_index: Path) -> None:
    """One worker is held while the other is asked, so that each is known to have been."""
    client = {"X-Forwarded-For": "203.0.113.7"}
    counted = 'seekcast_requests_total{face="search",status="%d"}'
    with web_process(sample_index, processes="2", proxies="1", search_rate="1") as server:
        workers = wait_for_children(server.process.pid, 2)
        statuses: Counter[int] = Counter()
        began = time.monotonic()
        for other in reversed(workers):
            with held(other):
                for _ in range(20):
                    statuses[server.get("/api/v1/search?q=docker", client)[0]] += 1
        # Four at once and one a second, whoever is asked; each for itself would give twice four.
        assert 4 <= statuses[200] <= 4 + 1 + (time.monotonic() - began)
        assert set(statuses) == {200, 429}
        for other in workers:
            with held(other):
                for status, count in statuses.items():
                    assert server.figure(counted % status) == count
                assert server.figure("process_resident_memory_bytes") > 2 * 20_000_000
        os.kill(workers[0], signal.SIGKILL)
        wait_for_children(server.process.pid, 2, without=workers[0])
        assert server.figure(counted % 200) == statuses[200]


@contextlib.contextmanager
def held(process: int) -> Iterator[None]:
    """A process does nothing while the block lasts."""
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


def wait_until_nobody_listens(port: int) -> None:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionError:
            return
        time.sleep(0.05)
    pytest.fail(f"somebody still listens on port {port}")


def children_of(parent: int) -> list[int]:
    text = Path(f"/proc/{parent}/task/{parent}/children").read_text()
    return [int(child) for child in text.split()]


def wait_for_children(
    parent: int, count: int, without: int | None = None, look_every: float = 0.05
) -> list[int]:
    for _ in range(round(30 / look_every)):
        children = children_of(parent)
        if len(children) == count and without not in children:
            return children
        time.sleep(look_every)
    pytest.fail(f"{children_of(parent)} are not {count} workers")
