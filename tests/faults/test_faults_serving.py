"""A server for long, and a server that is asked for more than it can do."""

import contextlib
import os
import resource
import selectors
import signal
import socket
import statistics
import struct
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path

import pytest

from tests.conftest import ROOT, build_index
from tests.test_web_faults import QUESTIONS, wait_for_children, web_process

Figures = Callable[[str], None]
SOAK_MINUTES = float(os.environ.get("SOAK_MINUTES", "10"))
SOAK_PAUSE = float(os.environ.get("SOAK_PAUSE", "0"))
"""Seconds that a client waits before it asks again."""


@pytest.mark.faults
def test_a_server_stays_as_it_is_for_long(
    sample_site: Path, tmp_path: Path, figures: Figures
) -> None:
    """16 clients, a new index every 20 seconds: no error, no growth."""
    index = build_index(sample_site, tmp_path / "index")
    statuses: Counter[int | str] = Counter()
    begun = time.monotonic()
    end = begun + 60 * SOAK_MINUTES
    minutes, memory, files, generations = [], [], [], []
    with web_process(index) as server:

        def ask(number: int) -> None:
            while time.monotonic() < end:
                number += 1
                try:
                    statuses[server.get(QUESTIONS[number % len(QUESTIONS)])[0]] += 1
                except OSError as error:
                    statuses[repr(error)] += 1
                time.sleep(SOAK_PAUSE)

        clients = [threading.Thread(target=ask, args=(number,)) for number in range(16)]
        for client in clients:
            client.start()
        while time.monotonic() < end:
            command = [sys.executable, "-m", "index", "reindex", str(sample_site)]
            command += ["--index", str(index), "--force"]
            subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
            time.sleep(min(20, max(0.0, end - time.monotonic())))
            minutes.append((time.monotonic() - begun) / 60)
            memory.append(server.figure("process_resident_memory_bytes") / 2**20)
            files.append(int(server.figure("process_open_fds")))
            generations.append(len(list(index.glob("gen-*"))))
        for client in clients:
            client.join()
    settled = len(memory) // 3
    slope = 60 * statistics.linear_regression(minutes[settled:], memory[settled:]).slope
    figures(
        f"served for {SOAK_MINUTES:.0f} minutes by 16 clients that pause {SOAK_PAUSE:g} s, "
        f"{len(memory)} reindexes: {statuses.total():,} requests {dict(statuses)}; "
        f"{min(memory):.1f} to {max(memory):.1f} MB, {slope:+.2f} MB an hour after a third; "
        f"{min(files)} to {max(files)} open files, at most {max(generations)} generations on disk"
    )
    assert set(statuses) == {200}
    assert max(memory[settled:]) - memory[settled] < 0.1 * memory[settled] + 5
    assert max(files[settled:]) - min(files[settled:]) <= 32
    assert max(generations) <= 3


@pytest.mark.faults
def test_fifty_killed_workers_are_replaced(sample_index: Path, figures: Figures) -> None:
    """16 clients without a pause, two workers, one of them killed again and again."""
    statuses: Counter[int] = Counter()
    taken: list[float] = []
    stop = threading.Event()
    with web_process(sample_index, processes="2") as server:

        def ask(number: int) -> None:
            while not stop.is_set():
                number += 1
                try:
                    statuses[server.get(QUESTIONS[number % len(QUESTIONS)])[0]] += 1
                except (OSError, HTTPException):
                    statuses[0] += 1

        clients = [threading.Thread(target=ask, args=(number,)) for number in range(16)]
        for client in clients:
            client.start()
        for turn in range(50):
            worker = wait_for_children(server.process.pid, 2)[turn % 2]
            os.kill(worker, signal.SIGKILL)
            began = time.monotonic()
            wait_for_children(server.process.pid, 2, without=worker, look_every=0.005)
            taken.append(time.monotonic() - began)
            time.sleep(0.5)
        stop.set()
        for client in clients:
            client.join()
        assert server.get("/search?q=afterwards")[0] == 200
    figures(
        f"50 workers of two killed under 16 clients: another one after {min(taken):.2f} s, at most "
        f"{max(taken):.2f} s; of {statuses.total():,} requests {statuses[0]} broke off"
    )
    assert set(statuses) <= {0, 200}
    assert statuses[0] <= 50 * len(clients)


@pytest.mark.faults
def test_what_is_too_much_is_refused_at_once_and_the_rest_answered(
    sample_index: Path, figures: Figures
) -> None:
    """32 clients without a pause where 8 requests may be inside, 200 idle connections beside."""
    taken: dict[int, list[float]] = defaultdict(list)
    late: list[float] = []
    with web_process(sample_index, max_searches="8") as server, contextlib.ExitStack() as open_now:
        # What a process does once, when it begins to serve, is not what is looked at here.
        assert server.get("/search?q=before")[0] == 200
        address = ("127.0.0.1", int(server.url.rsplit(":", 1)[1]))
        for _ in range(200):
            open_now.enter_context(socket.create_connection(address))
        with selectors.DefaultSelector() as ready:
            for number in range(32):
                client = open_now.enter_context(_Client(address, number))
                ready.register(client.socket, selectors.EVENT_READ, client)
                client.send()
            end = time.monotonic() + 6
            while time.monotonic() < end:
                for key, _ in ready.select(1):
                    if answered := key.data.receive():
                        status, seconds, noticed = answered
                        taken[status].append(1000 * seconds)
                        late.append(1000 * noticed)
                        key.data.send()
        stopped = time.monotonic()
        while server.get("/search?q=afterwards")[0] != 200:
            assert time.monotonic() < stopped + 5
        answered_again = time.monotonic() - stopped
    refused = sorted(taken[503])
    figures(
        f"32 clients where 8 may be inside, 200 idle: {len(taken[200]):,} answered, "
        f"{len(refused):,} refused: median {refused[len(refused) // 2]:.0f} ms, 99 % within "
        f"{refused[len(refused) * 99 // 100]:.0f} ms, slowest {refused[-1]:.0f} ms; "
        f"until the client noticed, up to {max(late):.0f} ms more; afterwards answered again "
        f"after {1000 * answered_again:.0f} ms"
    )
    assert set(taken) == {200, 503}


@pytest.mark.faults
def test_more_connections_than_there_may_be_hold_up_nobody(
    sample_index: Path, figures: Figures
) -> None:
    """Those that have waited for longest make room, also for the files of another index."""
    few, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(few, 4_000), most), most))
    taken: list[float] = []
    with web_process(sample_index) as server, contextlib.ExitStack() as open_now:
        address = ("127.0.0.1", int(server.url.rsplit(":", 1)[1]))
        for _ in range(30):
            for _ in range(100):
                open_now.enter_context(socket.create_connection(address))
            began = time.monotonic()
            assert server.get("/search?q=tide")[0] == 200
            taken.append(time.monotonic() - began)
        files = int(server.figure("process_open_fds"))
    figures(
        f"3,000 idle connections: answered within {1000 * max(taken):.0f} ms, {files} open files"
    )
    assert files < 950


class _Client:
    """A connection that knows when the kernel had an answer for it: what comes after that is the
    client's own delay, which on a small machine is not little."""

    def __init__(self, address: tuple[str, int], number: int) -> None:
        self.socket = socket.create_connection(address)
        self.socket.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        self._number, self._count = number, 0
        self._sent = 0
        self._got = b""

    def __enter__(self) -> "_Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self) -> None:
        self._count += 1
        self._got = b""
        # All different, so that no kept answer helps.
        path = f"/search?q=the+light+{self._number}x{self._count}"
        self._sent = time.time_ns()
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())

    def receive(self) -> tuple[int, float, float] | None:
        """Status, seconds until the answer was there, seconds until it was read."""
        chunk, told, *_ = self.socket.recvmsg(2**18, 256)
        now = time.time_ns()
        assert chunk, "the server closed a connection"
        self._got += chunk
        head, _, body = self._got.partition(b"\r\n\r\n")
        if len(body) < int(head.partition(b"Content-Length: ")[2].split(b"\r\n")[0] or 2**30):
            return None
        seconds, nanoseconds = struct.unpack("@ll", told[0][2])
        there = seconds * 10**9 + nanoseconds
        return int(head.split()[1]), (there - self._sent) / 1e9, (now - there) / 1e9


_SO_TIMESTAMPNS = 35
"""As Linux has it; Python does not name it. The time is that of the last byte."""
