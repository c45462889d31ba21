"""HTTP done right: what may be kept, who may read, and what is said about it."""

import gzip
import json
import logging
import re
from pathlib import Path

import brotli
import pytest
from flask.testing import FlaskClient

from search.editions import program
from search.settings import load_settings
from tests.conftest import settings_for
from web.answer_cache import AnswerCache, Kept
from web.app import create_app
from web.guards import HostGuard
from web.problems import Refusal

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


FILE = "/search/static/page.css"


@pytest.mark.parametrize("asked", ["bytes=0-10", "bytes=99999999-", "items=1", "bytes=0-1,3-4"])
@pytest.mark.parametrize("packed", ["identity", "gzip"])
@pytest.mark.parametrize("address", [FILE, "/search-box.js", ANSWER, PAGE])
def test_what_is_asked_for_in_part_is_given_whole(
    client: FlaskClient, address: str, packed: str, asked: str
) -> None:
    """A part of what is compressed afterwards would be the wrong one."""
    whole = client.get(address, headers={"Accept-Encoding": packed})
    part = client.get(address, headers={"Accept-Encoding": packed, "Range": asked})
    assert (part.status_code, part.data) == (200, whole.data)
    assert not {"Content-Range", "Accept-Ranges"} & set(part.headers.keys())


@pytest.mark.parametrize("packed", ["identity", "gzip"])
def test_one_of_the_pages_own_files_may_be_asked_after_compressed_or_not(
    client: FlaskClient, packed: str
) -> None:
    first = client.get(FILE, headers={"Accept-Encoding": packed})
    etag = first.headers["ETag"]
    again = client.get(FILE, headers={"Accept-Encoding": packed, "If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cache-Control"] == first.headers["Cache-Control"]


@pytest.mark.parametrize("address", [FILE, "/search-box.js", ANSWER, PAGE])
def test_what_is_compressed_does_not_say_when(client: FlaskClient, address: str) -> None:
    """Otherwise the same answer would be other bytes a second later."""
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.data[4:8] == bytes(4)
    assert gzip.decompress(packed.data) == client.get(address).data


@pytest.mark.parametrize("address", [FILE, "/search-box.js"])
def test_a_file_that_never_changes_is_packed_as_tightly_as_may_be(
    client: FlaskClient, address: str
) -> None:
    """What a browser of today accepts, and what one of ten years ago did."""
    packed = client.get(address, headers={"Accept-Encoding": "gzip, deflate, br, zstd"})
    older = client.get(address, headers={"Accept-Encoding": "gzip, deflate"})
    assert (packed.headers["Content-Encoding"], older.headers["Content-Encoding"]) == ("br", "gzip")
    assert brotli.decompress(packed.data) == client.get(address).data
    assert len(packed.data) < 0.9 * len(older.data)
    assert packed.headers["ETag"] == older.headers["ETag"]


@pytest.mark.parametrize(
    "wanted", ["gzip;q=0, *", "zstd;q=0, br;q=0, gzip;q=0, *;q=1", "br;q=0, gzip", "*;q=0"]
)
@pytest.mark.parametrize("address", [ANSWER, PAGE, FILE])
def test_an_encoding_that_is_refused_is_not_used_whatever_else_is_welcome(
    client: FlaskClient, address: str, wanted: str
) -> None:
    response = client.get(address, headers={"Accept-Encoding": wanted})
    refused = [name.split(";")[0].strip() for name in wanted.split(",") if "q=0" in name]
    assert response.headers.get("Content-Encoding", "none") not in refused


@pytest.mark.parametrize(
    "asked", ["", "?q=docker", "?q=a%20b&tag=x&page=2", "?q=%0d%0aX:y", "?q=na%C3%AFve"]
)
def test_the_root_leads_to_the_search_with_what_is_asked(client: FlaskClient, asked: str) -> None:
    assert client.get(f"/{asked}").headers["Location"] == f"/search{asked}"


def test_the_manual_without_its_slash_is_found_at_no_other_host(client: FlaskClient) -> None:
    response = client.get("/api/v1", headers={"Host": "localhost:81"})
    assert (response.status_code, response.headers["Location"]) == (302, "/api/v1/")


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
        cache.keep(text, Kept(text.encode()))
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
    settings = settings_for(sample_index, cors_origins="https://A.example,https://b.example/")
    client = create_app(settings).test_client()
    for origin in ("https://a.example", "https://b.example"):
        headers = client.get(ANSWER, headers={"Origin": origin}).headers
        assert headers["Access-Control-Allow-Origin"] == origin
        assert "Origin" in headers["Vary"]
    headers = client.get(ANSWER, headers={"Origin": "https://evil.example"}).headers
    assert "Access-Control-Allow-Origin" not in headers
    assert "Origin" in headers["Vary"]


def test_more_hosts_are_trusted_where_the_settings_say_so(sample_index: Path) -> None:
    settings = settings_for(sample_index, trusted_hosts="Find.example,.many.example")
    client = create_app(settings).test_client()
    for host in ("find.example", "FIND.example:80", "A.many.example", "localhost"):
        assert client.get(PAGE, headers={"Host": host}).status_code == 200, host
    assert client.get(PAGE, headers={"Host": "a.find.example"}).status_code == 400


@pytest.mark.parametrize("address", [ANSWER, PAGE, "/search", "/api/v1/suggest?q=kub"])
def test_an_answer_is_not_unchanged_where_settings_or_aliases_are_others(
    sample_index: Path, tmp_path: Path, address: str
) -> None:
    aliases = tmp_path / "aliases.toml"
    aliases.write_text('alias = [{ names = ["kubernetes", "lighthouse"] }]', encoding="utf-8")
    same = {"index.directory": str(sample_index)}
    others: list[dict[str, object]] = [
        {"weights.title": 0},
        {"site.jump_link": "{url}?t={sec}"},
        {"aliases": str(aliases)},
    ]

    def asked(more: dict[str, object], etag: str) -> int:
        client = create_app(load_settings(flags={**same, **more})).test_client()
        return client.get(address, headers={"If-None-Match": etag}).status_code

    etag = create_app(load_settings(flags=same)).test_client().get(address).headers["ETag"]
    assert asked({}, etag) == 304
    assert [asked(more, etag) for more in others] == [200, 200, 200]


def test_what_python_compiles_makes_no_other_program(tmp_path: Path) -> None:
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "ropes.py").write_text("ROPES = 1\n")
    before = program.__wrapped__(tmp_path)
    (tmp_path / "__pycache__" / "ropes.cpython-311.pyc.140").write_bytes(b"half of it")
    assert program.__wrapped__(tmp_path) == before
    (tmp_path / "ropes.py").write_text("ROPES = 2\n")
    assert program.__wrapped__(tmp_path) != before


def test_a_site_whose_address_is_no_host_refuses_strangers_as_others_do() -> None:
    guard = HostGuard((), lambda: "my..example")
    guard.check("localhost:8000")
    with pytest.raises(Refusal, match="does not answer for the host 'evil.example'"):
        guard.check("evil.example")


def test_listening_for_everyone_trusts_any_host(sample_index: Path) -> None:
    client = create_app(settings_for(sample_index, host="0.0.0.0")).test_client()
    assert client.get(PAGE, headers={"Host": "anything.example"}).status_code == 200


# What is said about it


def test_every_request_is_one_line_of_json(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "seekcast.access"):
        client.get("/search?q=docker%0aINFO+forged%1b[2J%E2%80%A8" + "x" * 100)
        client.get("/api/nope")
        client.open("/search", method="BREW" * 1000)
    found, missed, odd = (record.getMessage() for record in caplog.records)
    assert len(odd) < 400
    assert found.isascii()
    assert found.isprintable()
    entry = json.loads(found)
    assert (entry["method"], entry["path"], entry["status"]) == ("GET", "/search", 200)
    assert entry["q"].startswith("docker\nINFO forged\x1b[2J\u2028")
    assert isinstance(entry["found"], int)
    assert json.loads(missed)["status"] == 404


@pytest.mark.parametrize("address", [ANSWER, PAGE, "/readyz", "/opensearch.xml"])
def test_a_request_without_an_index_is_one_line_too_with_the_cause(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, address: str
) -> None:
    client = create_app(settings_for(tmp_path / "none")).test_client()
    with caplog.at_level(logging.INFO):
        response = client.get(address)
    (line,) = (record.getMessage() for record in caplog.records)
    entry = json.loads(line)
    assert (response.status_code, entry["status"]) == (503, 503)
    assert str(tmp_path) in entry["cause"]
    assert "make reindex" in entry["cause"]
    assert str(tmp_path) not in response.get_data(as_text=True)


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


def test_figures_are_not_given_to_pages_of_others_that_are_open_on_this_machine(
    client: FlaskClient,
) -> None:
    response = client.get("/metrics", headers={"Origin": "https://evil.example"})
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in response.headers


def test_a_server_says_what_it_answers_from(client: FlaskClient) -> None:
    assert client.get("/healthz").get_json() == {"status": "ok"}
    ready = client.get("/readyz").get_json()
    assert (ready["status"], ready["degraded"]) == ("ready", None)
    assert (ready["episodes"], ready["moments"]) == (12, 154)
    assert ready["age_seconds"] >= 0
    assert ready["generation"] == client.get(ANSWER).get_json()["index"]["generation"]
