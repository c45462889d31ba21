"""Requests per second over HTTP: real servers, real sockets, keep-alive, 1 to 16 clients.

The clients share one process and one selector, so that they take little of a small machine; each
sends its next request when its answer has come, and connects anew after some. Every query is new
to the server (there are more of them than its processes keep answers), unless it is the repeated
one.
"""

import contextlib
import os
import selectors
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from search.engines import open_engine
from search.settings import load_settings
from tests.bench.archives import ROOT
from tests.bench.queries import Asked
from tests.bench.timing import percentile

CLIENTS = (1, 8, 16)
SECONDS = 4.0
SWITCHING_SECONDS = 10.0
VISIT = 20
"""Requests of one connection; then another listener comes."""


@dataclass(frozen=True, slots=True)
class Load:
    """What clients saw; milliseconds."""

    processes: int
    clients: int
    what: str
    per_second: float
    p50: float
    p99: float
    memory: int
    """Bytes of all server processes together, shared pages counted once."""


@dataclass(frozen=True, slots=True)
class Switch:
    """p99 in milliseconds with 8 clients: idle, and with another generation every second."""

    idle: float
    switching: float


def loads(directory: Path, asked: Sequence[Asked]) -> list[Load]:
    """Our server on the generation in `directory`, with 1 and 2 processes."""
    targets = [path_of(query) for query in asked]
    measured = []
    for processes in (1, 2):
        with server(directory, processes) as (port, pids):
            for what, paths in (
                ("empty route", ["/healthz"]),
                ("every query new", targets),
                ("one query again", targets[:1]),
            ):
                for clients in CLIENTS:
                    _drive(port, paths, clients, SECONDS / 4)
                    taken, passed = _drive(port, paths, clients, SECONDS)
                    measured.append(_load(processes, clients, what, taken, passed, _shared(pids)))
    return measured


def switching(directory: Path, asked: Sequence[Asked]) -> Switch:
    """`directory` is an index with two generations, as there are after two publications."""
    targets = [path_of(query) for query in asked]
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "index"
        shutil.copytree(directory, copy)
        engine = open_engine(load_settings(flags={"index.directory": str(copy)}))
        with server(copy, 1) as (port, _):
            _drive(port, targets, 8, 1.0)
            idle, _ = _drive(port, targets, 8, SWITCHING_SECONDS)
            switched, _ = _drive(port, targets, 8, SWITCHING_SECONDS, engine.rollback)
    return Switch(*(percentile(sorted(each), 0.99) * 1000 for each in (idle, switched)))


def path_of(asked: Asked) -> str:
    """The endpoint's address for a query."""
    return "/api/v1/search?" + urlencode([("q", asked.text), *asked.filters])


@contextlib.contextmanager
def server(directory: Path, processes: int) -> Iterator[tuple[int, list[int]]]:
    """The port and the process ids of our server while the block lasts."""
    command = [sys.executable, "-m", "web", "--index", str(directory), "--port", "0"]
    running = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "SEEKCAST_SERVER_PROCESSES": str(processes)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert running.stdout
        line = running.stdout.readline()
        port = int(line.split("/search")[0].rsplit(":", 1)[1])
        time.sleep(1.0)
        children = Path(f"/proc/{running.pid}/task/{running.pid}/children").read_text().split()
        yield port, [running.pid, *map(int, children)]
    finally:
        running.terminate()
        running.wait()


def _drive(
    port: int,
    paths: Sequence[str],
    clients: int,
    seconds: float,
    every_second: Callable[[], object] | None = None,
) -> tuple[list[float], float]:
    """Latencies in seconds, and the seconds that passed."""
    requests = [
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n\r\n".encode() for path in paths
    ]
    taken: list[float] = []
    sent = 0
    with selectors.DefaultSelector() as ready, contextlib.ExitStack() as stack:

        def send(client: _Client) -> None:
            nonlocal sent
            client.started = time.perf_counter()
            client.asked += 1
            client.socket.sendall(requests[sent % len(requests)])
            sent += 1

        def connect() -> None:
            client = _Client(port)
            stack.callback(client.socket.close)
            ready.register(client.socket, selectors.EVENT_READ, client)
            send(client)

        for _ in range(clients):
            connect()
        begun = time.perf_counter()
        tick = begun + 1.0
        while (now := time.perf_counter()) < begun + seconds:
            if every_second is not None and now > tick:
                every_second()
                tick += 1.0
            for key, _ in ready.select(1.0):
                client = key.data
                if not client.receive():
                    continue
                taken.append(time.perf_counter() - client.started)
                if client.asked < VISIT:
                    send(client)
                else:
                    ready.unregister(client.socket)
                    client.socket.close()
                    connect()
        return taken, time.perf_counter() - begun


class _Client:
    """One connection; knows when an answer is whole."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.started = 0.0
        self.asked = 0
        self._got = b""

    def receive(self) -> bool:
        chunk = self.socket.recv(262144)
        if not chunk:
            raise RuntimeError("the server closed a connection")
        self._got += chunk
        head, found, body = self._got.partition(b"\r\n\r\n")
        if not found:
            return False
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode())
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        if len(body) < length:
            return False
        self._got = b""
        return True


def _load(
    processes: int, clients: int, what: str, taken: list[float], passed: float, memory: int
) -> Load:
    rising = sorted(taken)
    return Load(
        processes,
        clients,
        what,
        len(taken) / passed,
        percentile(rising, 0.5) * 1000,
        percentile(rising, 0.99) * 1000,
        memory,
    )


def _shared(pids: Sequence[int]) -> int:
    total = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1]) * 1024
    return total
