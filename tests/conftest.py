"""What all tests share: two sites, their indexes, a client, a live server and a browser.

Everything is the real thing: indexes are built by the reindex command, pages come from waitress,
the browser is Chromium. Session fixtures are built once, on first use.

The sample show is ours and always there. The real site lies beside the checkout (`../shared`);
tests that use it are skipped where it is missing.
"""

import contextlib
import gc
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings as hypothesis_settings

from search.settings import ServerSettings, Settings, load_settings

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from playwright.sync_api import Browser

    from search.engine import Engine
    from search.episode import Show

ROOT = Path(__file__).resolve().parent.parent
REAL_SITE = ROOT.parent / "shared" / "corpus" / "runninginproduction"
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# `make test ARGS="-k word"` hands ARGS down, but not for the make that tests call.
for given in ("ARGS", "MAKEFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "MFLAGS"):
    os.environ.pop(given, None)

# A busy machine is no fault of what is tested.
hypothesis_settings.register_profile("patient", deadline=None)
hypothesis_settings.load_profile("patient")


@dataclass(frozen=True)
class LiveServer:
    """A running server: `url` is its root without a trailing slash."""

    url: str
    app: "Flask"


@pytest.fixture(scope="module", autouse=True)
def _unmapped() -> Iterator[None]:
    """Lets go of the indexes a module's tests have opened: a mapped file is a descriptor."""
    yield
    gc.collect()


@pytest.fixture(scope="session")
def sample_site() -> Path:
    """The Lamp Room, the show that comes with Seekcast."""
    return ROOT / "sample"


@pytest.fixture(scope="session")
def real_site() -> Path:
    """The site of a real show, where it lies beside the checkout."""
    if not REAL_SITE.is_dir():
        pytest.skip("the real site (../shared) is not beside this checkout")
    return REAL_SITE


@pytest.fixture(scope="session")
def sample_index(sample_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample show's index directory. Shared: never publish into it."""
    return build_index(sample_site, tmp_path_factory.mktemp("sample") / "index")


@pytest.fixture(scope="session")
def real_index(real_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real site's index directory. Shared: never publish into it."""
    return build_index(real_site, tmp_path_factory.mktemp("real") / "index")


@pytest.fixture(scope="session")
def settings(sample_index: Path) -> Settings:
    """Default settings on the sample show's index."""
    return settings_for(sample_index)


@pytest.fixture(scope="session")
def app(settings: Settings) -> "Flask":
    """The web application on the sample show."""
    from web.app import create_app

    return create_app(settings)


@pytest.fixture
def client(app: "Flask") -> "FlaskClient":
    """A client of the web application on the sample show, without a network between."""
    return app.test_client()


@pytest.fixture(scope="session")
def live_server(app: "Flask") -> Iterator[LiveServer]:
    """The sample show behind a real waitress on a free port of the loopback address."""
    with serving(app) as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """Chromium, driven by Playwright. Missing: skipped, but an error where CI=true."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        _without_browser("Playwright is not installed: make .venv/dev")
    with sync_playwright() as playwright:
        found = os.environ.get("CHROMIUM") or which("chromium") or which("chromium-browser")
        try:
            chromium = playwright.chromium.launch(executable_path=found, args=CHROMIUM_ARGUMENTS)
        except Error as error:
            _without_browser(f"no Chromium could be started: {error}")
        yield chromium
        chromium.close()


def build_index(site: Path, directory: Path, *flags: str) -> Path:
    """Publishes `site` into `directory` with the reindex command; fails with what it said."""
    command = [sys.executable, "-m", "index", "reindex", str(site), "--index", str(directory)]
    command += flags
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        pytest.fail(f"{' '.join(command)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return directory


def settings_for(directory: Path, **server: object) -> Settings:
    """Default settings on an index directory; keywords change the [server] section."""
    flags = {f"server.{name}": value for name, value in server.items()}
    return load_settings(flags={"index.directory": str(directory), **flags})


def published(directory: Path, *shows: "Show") -> "Engine":
    """The engine of an index directory, with these shows published one after the other."""
    from search.engines import open_engine

    engine = open_engine(settings_for(directory))
    for show in shows:
        engine.publish(show)
    return engine


@contextlib.contextmanager
def serving(app: "Flask") -> Iterator[LiveServer]:
    """Runs an application behind waitress on a free loopback port while the block lasts."""
    from web.serving import bind, server_on, stop, url_of

    settings = ServerSettings(port=0, threads=8)
    sockets = bind(settings)
    server = server_on(sockets, app, settings.threads)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield LiveServer(url_of(sockets, settings.host), app)
    finally:
        stop(server)
        thread.join(timeout=30)
        assert not thread.is_alive()


def _without_browser(reason: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tells what the long runs measured. (Here, as parallel runs read only this file up front.)"""
    reports = [each for each in terminalreporter.getreports("passed") if each.when == "call"]
    lines = [text for each in reports for name, text in each.user_properties if name == "figure"]
    if lines:
        terminalreporter.section("faults: figures")
        for line in sorted(lines):
            terminalreporter.line(line)
