"""The server: before there is an index, when it changes, and how it starts."""

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from flask import Flask

from index.reindex import reindex
from search.current import CurrentSearcher
from search.engines import open_engine
from search.settings import ServerSettings
from tests.conftest import ROOT, LiveServer, build_index, settings_for
from web.__main__ import main
from web.app import create_app, shared_of
from web.serving import bind, server_on, stop, url_of

ANSWER = "/api/v1/search?q=kubernetes"
PAGE = "/search?q=kubernetes"


# Before there is an index, and when it changes


@pytest.fixture
def without_index(tmp_path: Path) -> Flask:
    return create_app(settings_for(tmp_path / "index"))


@pytest.mark.parametrize("address", [ANSWER, "/api/v1/suggest?q=a", "/readyz"])
def test_without_an_index_programs_are_told_what_to_run(without_index: Flask, address: str) -> None:
    response = without_index.test_client().get(address)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert response.content_type == "application/problem+json"
    problem = response.get_json()
    assert problem["code"] == "no_index"
    assert "make reindex EPISODES=" in problem["detail"]


@pytest.mark.parametrize("address", ["/search", PAGE, "/opensearch.xml"])
def test_without_an_index_people_are_told_what_to_run(without_index: Flask, address: str) -> None:
    response = without_index.test_client().get(address)
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    assert "make reindex EPISODES=" in response.get_data(as_text=True)
    assert "/tmp" not in response.get_data(as_text=True)


def test_without_an_index_the_process_is_alive_and_says_so(without_index: Flask) -> None:
    client = without_index.test_client()
    assert client.get("/healthz").status_code == 200
    assert "seekcast_index_ready 0.0" in client.get("/metrics").get_data(as_text=True)


def test_the_first_index_is_noticed(tmp_path: Path, sample_index: Path) -> None:
    directory = tmp_path / "index"
    client = create_app(settings_for(directory)).test_client()
    assert client.get(ANSWER).status_code == 503
    shutil.copytree(sample_index, directory)
    assert client.get(ANSWER).status_code == 200


def test_that_an_older_index_answers_is_said_without_naming_directories(
    tmp_path: Path, sample_site: Path, caplog: pytest.LogCaptureFixture
) -> None:
    site, directory = tmp_path / "site", tmp_path / "index"
    shutil.copytree(sample_site, site)
    build_index(site, directory)
    (boat,) = (site / "_posts" / "podcast").glob("*library-boat*.md")
    boat.unlink()
    build_index(site, directory)
    newest = max(directory.glob("gen-*"))
    max(newest.iterdir(), key=lambda file: file.stat().st_size).unlink()
    client = create_app(settings_for(directory)).test_client()
    ready = client.get("/readyz").get_json()
    assert ready["status"] == "degraded"
    assert ready["degraded"] == (
        "The current index cannot be used; an older one is served. The server's log says why."
    )
    assert ready["generation"] != newest.name
    assert f"an older index is served: {newest.name} is damaged" in caplog.text
    assert str(directory) in caplog.text


def test_a_running_server_answers_from_a_new_generation_and_lets_go_of_the_old(
    tmp_path: Path, sample_site: Path
) -> None:
    site, directory = tmp_path / "site", tmp_path / "index"
    shutil.copytree(sample_site, site)
    app = create_app(settings_for(build_index(site, directory)))
    client, shared = app.test_client(), shared_of(app)
    shared.begin(0)
    old = client.get("/api/v1/search?q=galley")
    client.get("/api/v1/search?q=boat")  # and never again
    before = old.get_json()["index"]["generation"]
    assert before in Path("/proc/self/maps").read_text()
    (boat,) = (site / "_posts" / "podcast").glob("*library-boat*.md")
    boat.write_text(boat.read_text(encoding="utf-8").replace("galley", "wheelhouse"))
    build_index(site, directory)
    for _ in range(300):
        new = client.get("/api/v1/search?q=wheelhouse")
        if new.get_json()["found_episodes"]:
            break
        time.sleep(0.1)
    shared.current.close()
    assert new.get_json()["index"]["generation"] != before
    assert client.get("/api/v1/search?q=galley").headers["ETag"] != old.headers["ETag"]
    # Answers that were kept do not keep it open.
    assert before not in Path("/proc/self/maps").read_text()


def test_a_response_that_is_kept_does_not_keep_its_generation(
    tmp_path: Path, sample_index: Path, sample_site: Path
) -> None:
    """It may be kept only after another generation took its place, by a thread that was slow."""
    shutil.copytree(sample_index, tmp_path / "index")
    settings = settings_for(tmp_path / "index")
    now = 0.0
    current = CurrentSearcher(open_engine(settings), clock=lambda: now)
    client = create_app(settings, current).test_client()
    before = client.get("/api/v1/search?q=docker").get_json()["index"]["generation"]
    mapped = str(tmp_path / "index" / before)
    assert mapped in Path("/proc/self/maps").read_text()
    reindex(sample_site, settings, force=True)
    now = 1.0
    assert client.get("/api/v1/search?q=python").get_json()["index"]["generation"] != before
    assert mapped not in Path("/proc/self/maps").read_text()


def test_a_fault_of_ours_is_logged_and_never_shown(
    sample_index: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A template is broken on purpose: the one part of us that can be broken from outside."""
    app = create_app(settings_for(sample_index))
    app.jinja_env.globals["plural"] = None
    response = app.test_client().get(PAGE)
    text = response.get_data(as_text=True)
    assert response.status_code == 500
    assert "Traceback" not in text
    assert "NoneType" not in text
    number = re.search(r"under ([0-9a-f]{8})", text)
    assert number is not None
    assert number[1] in caplog.text


# The server itself


def test_the_debugger_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    assert main([]) == 64
    assert "FLASK_DEBUG is set" in capsys.readouterr().err


def test_a_port_that_is_taken_is_named_with_a_way_out(
    live_server: LiveServer, sample_index: Path
) -> None:
    port = live_server.url.rsplit(":", 1)[1]
    command = [sys.executable, "-m", "web", "--index", str(sample_index), "--port", port]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 64
    assert f"cannot listen on 127.0.0.1:{port}" in done.stderr
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr


def test_it_answers_at_every_address_that_its_name_stands_for(sample_index: Path) -> None:
    """Such as `localhost`, which on most machines is 127.0.0.1 and ::1."""
    app = create_app(settings_for(sample_index))
    bound = [bind(ServerSettings(port=0))[0] for _ in range(2)]
    server = server_on(bound, app, threads=1)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    for address in bound:
        with urllib.request.urlopen(f"{url_of([address], '127.0.0.1')}{ANSWER}") as response:
            assert response.status == 200
    stop(server)
    thread.join(timeout=30)
    assert not thread.is_alive()


def test_a_server_without_an_index_starts_and_says_what_to_run(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "web", "--index", str(tmp_path / "none"), "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            said = [server.stdout.readline() for _ in range(2)]
            address = said[0].split()[3]
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(address)
        finally:
            server.terminate()
    assert "nothing to search yet" in said[1]
    assert "make reindex EPISODES=" in said[1]
    assert refused.value.code == 503
    refused.value.close()


def test_a_server_serves_though_its_greeting_cannot_be_written(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    command = [sys.executable, "-m", "web", "--index", str(tmp_path), "--port", str(port)]
    status = 0
    with (
        open("/dev/full", "w") as full,
        subprocess.Popen(
            command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True
        ) as server,
    ):
        try:
            while server.poll() is None:
                try:
                    status = urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz").status
                    break
                except urllib.error.URLError:
                    time.sleep(0.02)
        finally:
            server.terminate()
        assert server.stderr is not None
        told = server.stderr.read()
    assert (server.returncode, "Traceback" in told, status) == (0, False, 200)


def test_it_indexes_and_answers_where_there_is_no_network(
    sample_site: Path, tmp_path: Path
) -> None:
    """In a network namespace without any interface, an outgoing request could only fail."""
    index = str(tmp_path / "index")
    script = (
        "from tests.conftest import settings_for; from pathlib import Path;"
        "from index.__main__ import main; from web.app import create_app;"
        f"assert main(['reindex', {str(sample_site)!r}, '--index', {index!r}]) == 0;"
        f"client = create_app(settings_for(Path({index!r}))).test_client();"
        "print(*(client.get(a).status_code for a in"
        " ('/search', '/search?q=kuberntes', '/api/v1/search?q=docker', '/opensearch.xml')))"
    )
    alone = ["unshare", "--map-root-user", "--net", sys.executable]
    if shutil.which("unshare") is None or subprocess.run([*alone, "-c", ""]).returncode != 0:
        pytest.skip("no network namespace can be made here")
    done = subprocess.run(
        [*alone, "-c", script],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.stdout.split()[-4:] == ["200"] * 4, done.stderr


def test_a_wrong_setting_is_refused_with_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--port", "eight"]) == 64
    assert "server.port = 'eight' is not a whole number" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("SEEKCAST_ALIASES", "nowhere.toml: no such aliases file; name an existing TOML file"),
        ("SEEKCAST_INDEX_KEY_FILE", "nowhere.toml': No such file or directory; make one with:"),
    ],
)
def test_a_server_does_not_start_without_a_file_that_its_settings_name(
    setting: str, told: str, tmp_path: Path, sample_index: Path
) -> None:
    command = [sys.executable, "-m", "web", "--index", str(sample_index), "--port", "0"]
    named = os.environ | {setting: str(tmp_path / "nowhere.toml")}
    done = subprocess.run(command, cwd=ROOT, env=named, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (64, "")
    assert done.stderr.startswith("python -m web: ")
    assert told in done.stderr
    assert "Traceback" not in done.stderr
