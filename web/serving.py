"""The WSGI server: waitress, with limits that suit a search. Known in this module only."""

from dataclasses import dataclass
from typing import Protocol

from flask import Flask
from waitress.server import create_server

from search.errors import BadSetting
from search.settings import ServerSettings
from web.app import GATE

_MAX_HEADERS = 128 * 1024
_MAX_BODY = 64 * 1024
_IDLE_SECONDS = 60
_CONNECTIONS = 1000


class Server(Protocol):
    """What we use of waitress's servers."""

    def run(self) -> None: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Listening:
    """A server that has its port and is ready to `run()`; `url` is where it answers."""

    server: Server
    url: str


def listen(app: Flask, server: ServerSettings) -> Listening:
    """Takes the address and port of the settings. Raises BadSetting if they cannot be had."""
    try:
        created = create_server(
            app,
            host=server.host,
            port=server.port,
            threads=server.threads,
            ident=None,
            connection_limit=_CONNECTIONS,
            channel_timeout=_IDLE_SECONDS,
            max_request_header_size=_MAX_HEADERS,
            max_request_body_size=_MAX_BODY,
            # The application itself decides whether a proxy is to be believed.
            clear_untrusted_proxy_headers=False,
        )
    except (OSError, ValueError, OverflowError) as error:
        raise BadSetting(
            f"cannot listen on {server.host}:{server.port} (server.host, server.port): {error}; "
            "choose another with --host and --port"
        ) from error
    # Requests that waitress has read but that no thread has begun yet.
    queue = created.task_dispatcher.queue
    app.extensions[GATE].waiting = queue.__len__
    port = getattr(created, "effective_port", None) or created.effective_listen[0][1]
    host = f"[{server.host}]" if ":" in server.host else server.host
    return Listening(created, f"http://{host}:{port}")
