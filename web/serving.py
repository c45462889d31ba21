"""The WSGI server: waitress, with limits that suit a search. Known here and in web/incoming.py."""

import resource
import socket
import time
from collections.abc import Sequence
from typing import Any, Protocol

from flask import Flask
from waitress import buffers
from waitress.channel import HTTPChannel
from waitress.server import MultiSocketServer, TcpWSGIServer, create_server
from waitress.task import ThreadedTaskDispatcher, WSGITask
from waitress.wasyncore import close_all

from search.errors import BadSetting
from search.settings import ServerSettings
from web.app import shared_of
from web.guards import SearchGate
from web.incoming import Parser, Refused

_MAX_HEADERS = 128 * 1024
_MAX_BODY = 64 * 1024
_IDLE_SECONDS = 60
"""A connection that does nothing for so long is closed."""
_LAST_SECONDS = 2
"""For requests that were let in to be answered after the server was told to stop."""
_CONNECTIONS = 900
"""Beyond, the one that has done nothing for longest makes room for a new one."""
_OTHER_FILES = 32
"""Files that a process has open beside its connections, with some to spare."""
_MOST_CONNECTIONS = 1000
"""Beyond, the library lets nobody in: what is above lets it hardly ever come to that."""
_BACKLOG = 1024
"""Connections that the system keeps waiting until they are taken."""
_SENT_AT_ONCE = 64 * 1024
"""Bytes that are handed to the system at a time: more than most answers have."""
_NOT_TAKEN = 4 * 1024 * 1024
"""A client that leaves more bytes than this unread is let go."""


class Server(Protocol):
    """What we use of waitress's servers."""

    def run(self) -> None: ...

    def close(self) -> None: ...


class _Task(WSGITask):  # type: ignore[misc]
    """Sends head and body in one go, and before the application does anything further; the
    library's own sends each when its loop comes to it."""

    def write(self, data: bytes) -> None:
        super().write(data)
        with self.channel.outbuf_lock:
            self.channel._flush_exception(self.channel._flush_some, do_close=False)


class _Channel(HTTPChannel):  # type: ignore[misc]
    parser_class = Parser
    task_class = _Task
    error_task_class = Refused

    def __init__(self, server: Any, *given: Any, **more: Any) -> None:
        """Where there are many already, the one that has done nothing for longest makes room: the
        library would let nobody in any more until some of those who only wait have waited a
        minute."""
        super().__init__(server, *given, **more)
        channels = server._map.values()
        if len(channels) > _room():
            others = [one for one in channels if isinstance(one, _Channel) and one is not self]
            waiting = [one for one in others if one.waits()]
            if waiting:
                min(waiting, key=lambda one: float(one.last_activity)).will_close = True

    def waits(self) -> bool:
        """Nothing is asked, or it is not asked to the end."""
        return not self.requests and not self.will_close

    def _flush_outbufs_below_high_watermark(self) -> None:
        """Lets go of a client that asks for much and takes nothing. The library's own makes the
        thread wait until it does, and a thread is all that there is for the others."""
        if self.total_outbufs_len > self.adj.outbuf_high_watermark:
            self.connected, self.will_close = False, True
            self.server.pull_trigger()


def _room() -> int:
    """How many connections this process may have open; each is a file to the system."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return _CONNECTIONS if files < 0 else max(1, min(_CONNECTIONS, files - _OTHER_FILES))


class RequestQueue(ThreadedTaskDispatcher):  # type: ignore[misc]
    """Requests wait their turn, as far as the gate lets them in; `_Refusing` answers the others."""

    def __init__(self, gate: SearchGate) -> None:
        super().__init__()
        self._gate = gate
        self._refusing = _Refusing(gate)

    def set_thread_count(self, count: int) -> None:
        super().set_thread_count(count)
        self._refusing.set_thread_count(min(count, 1))

    def add_task(self, task: HTTPChannel) -> None:
        if self._gate.is_full():
            self._refusing.add_task(task)
        else:
            self._gate.enter()
            super().add_task(_Admitted(task, self._gate))

    def shutdown(self, cancel_pending: bool = True, timeout: float = 5) -> bool:
        """Answers those who were let in, if that does not take long, before the threads end."""
        end = time.monotonic() + _LAST_SECONDS
        while self.queue and time.monotonic() < end:
            time.sleep(0.01)
        return bool(super().shutdown(cancel_pending, timeout))


class _Refusing(ThreadedTaskDispatcher):  # type: ignore[misc]
    """One thread that waits for no search: it answers with what is kept, or refuses at once."""

    def __init__(self, gate: SearchGate) -> None:
        super().__init__()
        self._gate = gate

    def handler_thread(self, thread_no: int) -> None:
        self._gate.refuse_here()
        super().handler_thread(thread_no)


class _Admitted:
    """A request that was let in, and leaves when it is answered or given up."""

    def __init__(self, task: HTTPChannel, gate: SearchGate) -> None:
        self._task, self._gate = task, gate

    def service(self) -> None:
        try:
            self._task.service()
        finally:
            self._gate.leave()

    def cancel(self) -> None:
        self._gate.leave()
        self._task.cancel()


def bind(server: ServerSettings) -> list[socket.socket]:
    """The sockets of the settings' address, listening. Raises BadSetting if they cannot be had.

    A name may stand for several addresses (`localhost`); all get the same port.
    """
    bound: list[socket.socket] = []
    try:
        found = socket.getaddrinfo(
            server.host, server.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        for family, kind, protocol, _, address in found:
            opened = socket.socket(family, kind, protocol)
            bound.append(opened)
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            opened.bind((address[0], server.port or _port_of(bound[0]), *address[2:]))
            # From here on whoever calls is put on hold, not turned away.
            opened.listen(_BACKLOG)
    except (OSError, ValueError, OverflowError) as error:
        for opened in bound:
            opened.close()
        raise BadSetting(
            f"cannot listen on {server.host}:{server.port} (server.host, server.port): "
            f"{getattr(error, 'strerror', None) or error}; "
            "choose another with --host and --port (make: HOST= and PORT=)"
        ) from error
    return bound


def url_of(sockets: Sequence[socket.socket], host: str) -> str:
    """Where such sockets answer."""
    return f"http://{f'[{host}]' if ':' in host else host}:{_port_of(sockets[0])}"


def server_on(sockets: Sequence[socket.socket], app: Flask, threads: int) -> Server:
    """A server that is ready to `run()` on such sockets; they may be shared by processes."""
    queue = RequestQueue(shared_of(app).gate)
    queue.set_thread_count(threads)
    # With several sockets there is no one server that would hold them all.
    channels: dict[int, Any] = {}
    created = create_server(
        app,
        channels,
        _dispatcher=queue,
        sockets=list(sockets),
        threads=threads,
        ident=None,
        # What a client of HTTP/1.0 asks that names no host.
        server_name="localhost",
        # select() cannot see descriptors above 1,023, and each connection holds one.
        asyncore_use_poll=True,
        connection_limit=_MOST_CONNECTIONS,
        channel_timeout=_IDLE_SECONDS,
        max_request_header_size=_MAX_HEADERS,
        max_request_body_size=_MAX_BODY,
        outbuf_high_watermark=_NOT_TAKEN,
        # The application itself decides whether a proxy is to be believed.
        clear_untrusted_proxy_headers=False,
    )
    # Not an argument, because the library wants to do without it one day.
    created.adj.send_bytes = _SENT_AT_ONCE
    # So much is sent as it is: the library would first copy what is more than eight kilobytes.
    buffers.STRBUF_LIMIT = _SENT_AT_ONCE
    for listening in _listening(channels):
        listening.channel_class = _Channel
    serving: Server = created
    return serving


def stop(server: Any) -> None:
    """Ends the `run()` of another thread. Its sockets are closed in the loop that waits for them,
    because closing them under it makes it fail."""
    channels = server.map if isinstance(server, MultiSocketServer) else server._map
    _listening(channels)[0].trigger.pull_trigger(lambda: close_all(channels))


def _listening(channels: dict[int, Any]) -> list[Any]:
    return [each for each in channels.values() if isinstance(each, TcpWSGIServer)]


def _port_of(bound: socket.socket) -> int:
    return int(bound.getsockname()[1])
