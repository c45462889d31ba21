"""HTTP done right: what may be kept, who may read, how often, and what is said about it."""

import json
import logging
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import ROOT, LiveServer, build_index, settings_for
from web.__main__ import main
from web.answer_cache import AnswerCache, Kept
from web.app import create_app, shared_of
from web.guards import SearchGate
from web.problems import Refusal
from web.rates import RateGuard
from web.shared import Worker

ANSWER = "/api/v1/search?q=kubernetes"
PAGE = "/search?q=kubernetes"
STRANGER = {"REMOTE_ADDR": "203.0.113.7"}


# What may be kept


@pytest.mark.parametrize(
    "address",
    [
        *(ANSWER, PAGE, "/api/v1/suggest?q=kub", "/search", "/search-box.js", "/opensearch.xml"),
        *("/api/v1/openapi.json", "/api/v1/"),
    ],
)
def test_an_answer_may_be_kept_and_asked_after(client: FlaskClient, address: str) -> None:
    first = client.get(address)
    assert first.headers["Cache-Control"] == "public, max-age=60, stale-while-revalidate=600"
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Cache-Control"] == first.headers["Cache-Control"]


def test_the_same_search_has_one_validator_however_it_is_written(client: FlaskClient) -> None:
    one = client.get("/api/v1/search?q=docker+redis&tag=python&tag=django&page=1")
    same = client.get("/api/v1/search?tag=django&tag=python&q=++docker%20%20redis")
    assert one.headers["ETag"] == same.headers["ETag"]


@pytest.mark.parametrize(
    "more", ["&page=2", "&per_page=5", "&moments=1", "&sort=newest", "&exact=1", "&explain=1"]
)
def test_what_changes_the_answer_changes_the_validator(client: FlaskClient, more: str) -> None:
    assert client.get(ANSWER).headers["ETag"] != client.get(ANSWER + more).headers["ETag"]


def test_page_and_endpoint_have_validators_of_their_own(client: FlaskClient) -> None:
    assert client.get(ANSWER).headers["ETag"] != client.get(PAGE).headers["ETag"]


def test_a_validator_for_the_compressed_answer_is_the_same(client: FlaskClient) -> None:
    plain = client.get(PAGE)
    packed = client.get(PAGE, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["ETag"] == plain.headers["ETag"]
    assert "Accept-Encoding" in plain.headers["Vary"]


@pytest.mark.parametrize("address", ["/api/v1/search?q=a&page=0", "/nope", "/api/nope"])
def test_a_refusal_is_never_kept(client: FlaskClient, address: str) -> None:
    response = client.get(address)
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers


@pytest.mark.parametrize("address", ["/healthz", "/readyz", "/metrics"])
def test_what_is_true_only_now_is_never_kept(client: FlaskClient, address: str) -> None:
    assert client.get(address).headers["Cache-Control"] == "no-store"


def test_the_pages_own_files_are_kept_by_their_content(client: FlaskClient) -> None:
    page = client.get("/search").get_data(as_text=True)
    for address in re.findall(r'(?:href|src)="(/search/static/[^"]+)"', page):
        with client.get(address) as response:
            assert response.status_code == 200
            assert re.search(r"\?v=[0-9a-f]{12}$", address)
            assert response.headers["Cache-Control"] == "public, max-age=604800"


def test_a_repeated_answer_is_the_kept_one_and_an_old_one_leaves() -> None:
    cache = AnswerCache(most=2)
    made: list[str] = []

    def answer(text: str) -> Kept:
        def make() -> Kept:
            made.append(text)
            return Kept(text.encode())

        return cache.get(text, make)

    for text in ("a", "b", "a", "c", "a", "b"):
        assert answer(text).body == text.encode()
    assert made == ["a", "b", "c", "b"]


def test_kept_answers_are_bounded_in_bytes() -> None:
    cache = AnswerCache(most=100, most_bytes=10)
    for text in ("a" * 6, "b" * 6):
        cache.get(text, lambda text=text: Kept(text.encode()))
    assert cache.find("a" * 6) is None
    assert cache.find("b" * 6) == Kept(b"b" * 6)


def test_what_was_answered_is_given_again_whole_counted_and_logged(
    sample_index: Path, caplog: pytest.LogCaptureFixture
) -> None:
    client = create_app(settings_for(sample_index)).test_client()
    packed = {"Accept-Encoding": "gzip"}
    with caplog.at_level(logging.INFO, "seekcast.access"):
        for headers in ({}, packed):
            first, again = (client.get(ANSWER, headers=headers) for _ in range(2))
            assert again.data == first.data
            assert again.headers == first.headers
    entries = [json.loads(record.getMessage()) for record in caplog.records]
    assert [entry["q"] for entry in entries] == ["kubernetes"] * 4
    assert len({entry["found"] for entry in entries}) == 1
    text = client.get("/metrics").get_data(as_text=True)
    assert 'seekcast_requests_total{face="search",status="200"} 4.0' in text


def test_what_was_answered_is_not_given_again_to_a_foreign_host(client: FlaskClient) -> None:
    assert client.get(PAGE).status_code == 200
    assert client.get(PAGE, headers={"Host": "evil.example"}).status_code == 400
    assert client.get(PAGE).status_code == 200


# Who may read


def test_the_page_has_a_policy_without_anything_inline(client: FlaskClient) -> None:
    headers = client.get(PAGE).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["base-uri"] == "'none'"
    assert policy["frame-ancestors"] == policy["form-action"] == "'self'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize("address", [ANSWER, "/api/v1/suggest?q=a", "/api/v1/search?page=0"])
def test_the_endpoint_may_be_read_from_everywhere_and_framed_nowhere(
    client: FlaskClient, address: str
) -> None:
    headers = client.get(address).headers
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_the_box_may_be_loaded_by_other_sites(client: FlaskClient) -> None:
    with client.get("/search-box.js") as response:
        assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert response.mimetype == "text/javascript"


def test_only_configured_origins_may_read(sample_index: Path) -> None:
    settings = settings_for(sample_index, cors_origins="https://a.example,https://b.example/")
    client = create_app(settings).test_client()
    for origin in ("https://a.example", "https://b.example"):
        headers = client.get(ANSWER, headers={"Origin": origin}).headers
        assert headers["Access-Control-Allow-Origin"] == origin
        assert "Origin" in headers["Vary"]
    headers = client.get(ANSWER, headers={"Origin": "https://evil.example"}).headers
    assert "Access-Control-Allow-Origin" not in headers
    assert "Origin" in headers["Vary"]


def test_more_hosts_are_trusted_where_the_settings_say_so(sample_index: Path) -> None:
    settings = settings_for(sample_index, trusted_hosts="find.example,.many.example")
    client = create_app(settings).test_client()
    for host in ("find.example", "a.many.example", "localhost"):
        assert client.get(PAGE, headers={"Host": host}).status_code == 200, host
    assert client.get(PAGE, headers={"Host": "a.find.example"}).status_code == 400


def test_listening_for_everyone_trusts_any_host(sample_index: Path) -> None:
    client = create_app(settings_for(sample_index, host="0.0.0.0")).test_client()
    assert client.get(PAGE, headers={"Host": "anything.example"}).status_code == 200


# How often, and how many at a time


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
    assert client.get(ANSWER).data == kept
    gate.refuse_here(False)
    assert client.get(PAGE).status_code == 200


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


# What is said about it


def test_an_answer_says_which_pages_are_beside_it(client: FlaskClient) -> None:
    response = client.get("/api/v1/search?q=the&per_page=2&page=2")
    body = response.get_json()
    assert response.headers.getlist("Link") == [
        f'<{body["prev"]}>; rel="prev"',
        f'<{body["next"]}>; rel="next"',
    ]


def test_every_request_is_one_line_of_json(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "seekcast.access"):
        client.get("/search?q=docker%0aINFO+forged%1b[2J%E2%80%A8" + "x" * 100)
        client.get("/api/nope")
    found, missed = (record.getMessage() for record in caplog.records)
    assert found.isascii()
    assert found.isprintable()
    entry = json.loads(found)
    assert (entry["method"], entry["path"], entry["status"]) == ("GET", "/search", 200)
    assert entry["q"].startswith("docker\nINFO forged\x1b[2J\u2028")
    assert isinstance(entry["found"], int)
    assert json.loads(missed)["status"] == 404


def test_a_setting_keeps_queries_out_of_the_log(
    sample_index: Path, caplog: pytest.LogCaptureFixture
) -> None:
    client = create_app(settings_for(sample_index, log_queries="false")).test_client()
    with caplog.at_level(logging.INFO):
        client.get("/search?q=secret&tag=hidden")
    (line,) = (r.getMessage() for r in caplog.records if r.name == "seekcast.access")
    assert "secret" not in line
    assert "hidden" not in line


def test_addresses_of_clients_are_not_logged(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        client.get(PAGE, environ_overrides=STRANGER)
    assert "203.0.113.7" not in caplog.text


def test_metrics_count_requests_and_describe_the_index(sample_index: Path) -> None:
    client = create_app(settings_for(sample_index)).test_client()
    for address in (ANSWER, ANSWER, PAGE, "/api/v1/search?page=0"):
        client.get(address)
    text = client.get("/metrics").get_data(as_text=True)
    assert 'seekcast_requests_total{face="search",status="200"} 2.0' in text
    assert 'seekcast_requests_total{face="search",status="400"} 1.0' in text
    assert 'seekcast_request_seconds_count{face="page"} 1.0' in text
    assert "seekcast_index_ready 1.0" in text
    assert "seekcast_index_episodes 12.0" in text


def test_metrics_are_for_this_machine_only(sample_index: Path) -> None:
    client = create_app(settings_for(sample_index)).test_client()
    assert client.get("/metrics", environ_overrides=STRANGER).status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404
    opened = create_app(settings_for(sample_index, public_metrics="true")).test_client()
    assert opened.get("/metrics", environ_overrides=STRANGER).status_code == 200


def test_a_server_says_what_it_answers_from(client: FlaskClient) -> None:
    assert client.get("/healthz").get_json() == {"status": "ok"}
    ready = client.get("/readyz").get_json()
    assert (ready["status"], ready["degraded"]) == ("ready", None)
    assert (ready["episodes"], ready["moments"]) == (12, 154)
    assert ready["age_seconds"] >= 0
    assert ready["generation"] == client.get(ANSWER).get_json()["index"]["generation"]


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
    for _ in range(100):
        new = client.get("/api/v1/search?q=wheelhouse")
        if new.get_json()["found_episodes"]:
            break
        time.sleep(0.1)
    shared.current.close()
    assert new.get_json()["index"]["generation"] != before
    assert client.get("/api/v1/search?q=galley").headers["ETag"] != old.headers["ETag"]
    # Answers that were kept do not keep it open.
    assert before not in Path("/proc/self/maps").read_text()


def test_a_fault_of_ours_is_logged_and_never_shown(
    sample_index: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
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


def test_the_debugger_is_refused(monkeypatch: pytest.MonkeyPatch, capsys: object) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    assert main([]) == 64


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
