"""`python -m web`: serves the search with a production WSGI server (waitress)."""

import argparse
import contextlib
import gc
import logging
import os
import sys

from search.command_line import Parser, discard_output, prepare_output, refused, settings_of
from search.current import CurrentSearcher
from search.engines import open_engine
from search.errors import BadSetting, SeekcastError
from search.settings import Settings
from web.app import create_app, shared_of
from web.page import compile_templates
from web.serving import bind, server_on, url_of
from web.workers import run_workers, stop_on_terminate

_TURN_SECONDS = 0.0003
COLLECT_EVERY = 10_000
"""Objects more than before, at which the collector looks for garbage."""


def main(arguments: list[str] | None = None) -> int:
    """Runs until it is told to stop. Returns the exit code."""
    prepare_output()
    try:
        settings = _settings(_parser().parse_args(arguments))
        engine = open_engine(settings)
        sockets = bind(settings.server)
    except SeekcastError as error:
        return refused("python -m web", error)
    # Threads take turns in computing: who only wants to take in, refuse or send does not wait long.
    sys.setswitchinterval(_TURN_SECONDS)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    # It would write a line for each request that has to wait, which then waits for that, too, and
    # one with the bare path for each client that hangs up.
    logging.getLogger("waitress").setLevel(logging.WARNING)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    current = CurrentSearcher(engine)
    greeting = _greeting(url_of(sockets, settings.server.host), current)
    app = create_app(settings, current)
    compile_templates(app)
    current.warm()
    try:
        print(greeting, flush=True)
    except OSError:
        # Nobody can read it; that is no reason not to serve.
        discard_output()
    # Processes are forked from here: they share what is open already, as long as nobody writes
    # to it, and the collector writes to all that it may have to collect.
    gc.collect()
    gc.freeze()
    # What is remembered while serving is no garbage; Python's own 700 have the collector look
    # through it so often that who asks waits twice as long for it at worst.
    gc.set_threshold(COLLECT_EVERY)

    def serve(number: int = 0) -> None:
        shared_of(app).begin(number)
        server = server_on(sockets, app, settings.server.threads)
        try:
            server.run()
        finally:
            server.close()

    stop_on_terminate()
    with contextlib.suppress(KeyboardInterrupt, SystemExit):
        if settings.server.processes == 1:
            serve()
        else:
            run_workers(settings.server.processes, serve)
    return 0


def _parser() -> Parser:
    parser = Parser(
        prog="python -m web",
        description="Serves the search: the page, the JSON endpoint, the search box.",
        epilog="A running server answers from a new index within a second of its publication.",
    )
    parser.add_argument("--host", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", help="port to listen on (default 8000; 0 for a free one)")
    parser.add_settings()
    return parser


def _settings(given: argparse.Namespace) -> Settings:
    if os.environ.get("FLASK_DEBUG", "0") not in ("", "0"):
        raise BadSetting("FLASK_DEBUG is set: the debugger runs code sent to it; unset it to serve")
    return settings_of(given, host=given.host, port=given.port)


def _greeting(url: str, current: CurrentSearcher) -> str:
    lines = [f"Search is at {url}/search (stop with Ctrl+C)"]
    try:
        current.get()
    except SeekcastError as error:
        lines.append(f"There is nothing to search yet: {error}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
