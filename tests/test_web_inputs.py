"""Hostile and odd inputs over both faces: whatever is typed, the answer is calm.

A query text is never an error, a bad parameter is named, nothing is echoed as markup, and no
traceback leaves the server. The tables, and what comes of them in the box, are in tests/inputs.py.
"""

import contextlib
import json
import re
import socket
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, quote_plus, urlencode, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.browser.hostile_show import PAYLOADS, write_hostile_show, write_odd_lines
from tests.conftest import LiveServer, build_index, settings_for
from tests.inputs import (
    BAD_PARAMETERS,
    BYTES,
    CONTENT,
    MISSING,
    NOT_FOR,
    NUMBERS,
    RAW,
    REQUESTS,
    TEXTS,
    TOO_MUCH,
    TOPIC_LINES,
    TRIED,
    UNKNOWN_PARAMETERS,
    Sent,
    as_query,
)
from web.app import create_app

ENDPOINT, PAGE, SUGGEST = "/api/v1/search", "/search", "/api/v1/suggest"


def rows(table: Mapping[int, tuple[object, ...]]) -> list[object]:
    """Each row of a table as a test of its own, named by its number."""
    return [
        pytest.param(each, id=f"{number}-{place}" if place else str(number))
        for number, several in table.items()
        for place, each in enumerate(several)
    ]


def queries() -> list[object]:
    """All texts that may be typed; content and topic lines as far as a query goes."""
    long = (CONTENT | TOPIC_LINES).items()
    return rows(TEXTS | {number: tuple(map(as_query, texts)) for number, texts in long})


def test_every_input_of_the_list_is_tried_on_every_face_or_it_is_said_why_not() -> None:
    for face, tried in TRIED.items():
        excused = [number for numbers in NOT_FOR[face].values() for number in numbers]
        assert sorted([*tried, *excused]) == sorted(NUMBERS), face


class Tags(HTMLParser):
    """The elements of a page, their attributes, and the values of its input fields."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.fields: dict[str, str | None] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes += attrs
        if tag == "input":
            given = dict(attrs)
            self.fields[given.get("name") or ""] = given.get("value")


def assert_calm(response: TestResponse) -> None:
    text = response.get_data(as_text=True)
    assert response.status_code < 500, text[:300]
    assert "Traceback" not in text
    assert "Set-Cookie" not in response.headers
    if response.status_code >= 400:
        assert response.headers["Cache-Control"] == "no-store"


def assert_page_is_clean(response: TestResponse) -> None:
    """No element, attribute or link that our templates do not write."""
    assert_calm(response)
    page = Tags(response.get_data(as_text=True))
    assert not {"iframe", "img", "style", "base", "math", "textarea"} & set(page.names)
    assert page.names.count("form") == 1
    for name, value in page.attributes:
        assert not name.startswith("on"), name
        assert name not in ("style", "srcdoc"), name
        if name in ("href", "src", "action"):
            assert urlsplit(value or "").scheme in ("", "http", "https"), value
            assert not (value or "").startswith(("//", "\\")), value


def assert_answer_is_clean(body: dict[str, object]) -> None:
    """Escaped text and `<mark>`, and links that lead to the web or nowhere."""
    results = body["results"]
    assert isinstance(results, list)
    for episode in results:
        parts = [episode, *episode["moments"]]
        for part in parts:
            for name, value in part.items():
                if name.endswith("html"):
                    assert "<" not in re.sub(r"</?mark>", "", value)
                if name in ("url", "audio_url") and value:
                    assert urlsplit(value).scheme in ("http", "https")
    assert str(83 * 97) not in json.dumps(body)  # nothing is calculated


# Queries


@pytest.mark.parametrize("text", queries())
def test_any_text_is_searched_by_the_endpoint(client: FlaskClient, text: str) -> None:
    response = client.get(ENDPOINT, query_string={"q": text})
    assert_calm(response)
    assert response.status_code == 200
    body = json.loads(response.data)
    assert body["found_episodes"] >= len(body["results"])
    assert_answer_is_clean(body)


@pytest.mark.parametrize("text", queries())
def test_any_text_is_searched_by_the_page(client: FlaskClient, text: str) -> None:
    response = client.get(PAGE, query_string={"q": text})
    assert response.status_code == 200
    assert_page_is_clean(response)
    assert str(83 * 97) not in response.get_data(as_text=True)


@pytest.mark.parametrize("text", queries())
def test_any_text_is_completed(client: FlaskClient, text: str) -> None:
    response = client.get(SUGGEST, query_string={"q": text})
    assert_calm(response)
    assert response.status_code == 200
    shown, *columns = json.loads(response.data)
    assert isinstance(shown, str)
    assert len({len(column) for column in columns}) == 1


def test_an_empty_query_asks_for_one(client: FlaskClient) -> None:
    for address in (ENDPOINT, f"{ENDPOINT}?q="):
        response = client.get(address)
        assert (response.status_code, response.get_json()["code"]) == (400, "q_required")
    assert client.get(f"{PAGE}?q=").status_code == 200


@pytest.mark.parametrize("query", BYTES.values(), ids=map(str, BYTES))
def test_bytes_that_are_no_text_are_searched_as_something(client: FlaskClient, query: str) -> None:
    for path in (ENDPOINT, PAGE, SUGGEST):
        response = client.get(f"{path}?{query}")
        assert_calm(response)
        assert response.status_code == 200


@pytest.mark.parametrize(("text", "status", "code"), TOO_MUCH.values(), ids=map(str, TOO_MUCH))
def test_too_much_is_refused_before_it_is_read(
    client: FlaskClient, text: str, status: int, code: str
) -> None:
    query = urlencode({"q": text})
    response = client.get(f"{ENDPOINT}?{query}")
    assert_calm(response)
    assert (response.status_code, response.get_json()["code"]) == (status, code)
    page = client.get(f"{PAGE}?{query}")
    assert_page_is_clean(page)
    assert page.status_code == status


# Parameters


@pytest.mark.parametrize(
    ("query", "name", "code"), BAD_PARAMETERS.values(), ids=map(str, BAD_PARAMETERS)
)
def test_a_bad_parameter_is_named_on_both_faces(
    client: FlaskClient, query: str, name: str, code: str
) -> None:
    response = client.get(f"{ENDPOINT}?{query}")
    assert_calm(response)
    assert response.status_code == 400
    assert response.content_type == "application/problem+json"
    problem = response.get_json()
    assert (problem["parameter"], problem["code"]) == (name, code)
    page = client.get(f"{PAGE}?{query}")
    assert page.status_code == 400
    assert page.mimetype == "text/html"
    assert f"parameter <code>{name}</code>" in page.get_data(as_text=True)


@pytest.mark.parametrize(
    ("query", "name"), UNKNOWN_PARAMETERS.values(), ids=map(str, UNKNOWN_PARAMETERS)
)
def test_an_unknown_parameter_is_refused_by_the_endpoint_and_nothing_to_the_page(
    client: FlaskClient, query: str, name: str
) -> None:
    response = client.get(f"{ENDPOINT}?{query}")
    assert_calm(response)
    problem = response.get_json()
    assert (response.status_code, problem["parameter"]) == (400, name)
    assert problem["code"] == "unknown_parameter"
    page = client.get(f"{PAGE}?{query}")
    assert_page_is_clean(page)
    assert page.status_code == 200
    assert "Location" not in page.headers


# Requests


@pytest.mark.parametrize("path", [ENDPOINT, PAGE])
@pytest.mark.parametrize("sent", rows(REQUESTS))
def test_an_odd_request_is_answered_or_refused_as_it_should_be(
    client: FlaskClient, path: str, sent: Sent
) -> None:
    plain = client.get(path + sent.query)
    response = client.open(
        path + sent.query, method=sent.method, headers=dict(sent.headers), data=sent.body
    )
    assert_calm(response)
    assert response.status_code == sent.status
    for name, value in sent.has.items():
        assert response.headers.get(name) == value, name
    if sent.method == "GET" and sent.status == 200:
        # Nothing that was sent beside the question changes the answer.
        assert response.content_type == plain.content_type
        assert response.data == plain.data


@pytest.mark.parametrize("path", [SUGGEST, "/readyz", "/"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE"])
def test_other_methods_are_told_which_are_allowed(
    client: FlaskClient, method: str, path: str
) -> None:
    response = client.open(f"{path}?q=a", method=method)
    assert_calm(response)
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("path", [f"{PAGE}?q=django", f"{ENDPOINT}?q=django", "/search-box.js"])
def test_head_is_get_without_a_body(client: FlaskClient, path: str) -> None:
    got, head = client.get(path), client.head(path)
    assert head.data == b""
    changing = ("Date", "Content-Length")
    for name in set(got.headers.keys()) - set(changing):
        assert head.headers.get(name) == got.headers[name]
    head.close()
    got.close()


def test_a_foreign_host_is_refused_by_name(client: FlaskClient) -> None:
    response = client.get(f"{ENDPOINT}?q=a", headers={"Host": "evil.example"})
    assert (response.status_code, response.get_json()["code"]) == (400, "untrusted_host")
    assert client.get("/healthz", headers={"Host": "10.0.0.7"}).status_code == 200


def test_the_shows_own_domain_is_trusted(client: FlaskClient) -> None:
    for host in ("lamproom.example", "search.lamproom.example", "localhost:8000", "[::1]:8000"):
        assert client.get(f"{PAGE}?q=a", headers={"Host": host}).status_code == 200, host
    assert client.get(PAGE, headers={"Host": "evil-lamproom.example"}).status_code == 400


def test_forwarded_headers_of_strangers_are_in_no_address(client: FlaskClient) -> None:
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher"}
    plain, told = client.get("/opensearch.xml"), client.get("/opensearch.xml", headers=forged)
    assert plain.data == told.data
    assert b"evil" not in told.data


@pytest.mark.parametrize("origin", ["null", "https://evil.example"])
def test_any_origin_may_read_public_answers_but_no_page(client: FlaskClient, origin: str) -> None:
    response = client.get(f"{ENDPOINT}?q=a", headers={"Origin": origin})
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    page = client.get(f"{PAGE}?q=a", headers={"Origin": origin})
    assert "Access-Control-Allow-Origin" not in page.headers


def test_a_preflight_is_told_what_it_may(client: FlaskClient) -> None:
    asking = {"Origin": "https://site.example", "Access-Control-Request-Method": "GET"}
    response = client.options(ENDPOINT, headers=asking)
    assert response.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("path", rows(MISSING))
def test_what_is_not_there_is_not_there(client: FlaskClient, path: str) -> None:
    for response in (client.get(path), client.post(path)):
        assert_calm(response)
        # Where the page's own files are, there is no posting either.
        assert response.status_code in (404, 405)
        assert response.status_code == 404 or response.request.method == "POST"
        assert "Location" not in response.headers


@pytest.mark.parametrize("path", [ENDPOINT, PAGE])
@pytest.mark.parametrize("case", rows(RAW))
def test_raw_requests_are_answered_or_refused(
    live_server: LiveServer, path: str, case: tuple[bytes, tuple[int, ...]]
) -> None:
    sent, statuses = case
    answer = exchange(live_server, sent.replace(b"%s", path.encode()).replace(b"%%", b"%"))
    found = re.findall(rb"HTTP/1\.[01] (\d{3}) ", answer)
    assert tuple(map(int, found)) == statuses
    assert b"Traceback" not in answer


@pytest.mark.parametrize("path", [ENDPOINT, PAGE])
@pytest.mark.parametrize(
    "sent",
    [b"\x00\x01\x02\r\n\r\n", b"GET %s?q=a HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"],
    ids=["no-http", "two-hosts"],
)
def test_what_is_hardly_a_request_is_refused(
    live_server: LiveServer, path: str, sent: bytes
) -> None:
    answer = exchange(live_server, sent.replace(b"%s", path.encode()))
    assert answer.startswith(b"HTTP/1.")
    assert 400 <= int(answer.split()[1]) < 500


def test_a_client_that_never_finishes_holds_up_nobody(live_server: LiveServer) -> None:
    with socket.create_connection(address_of(live_server)) as slow:
        slow.sendall(b"GET /healthz HTTP/1.1\r\nHost: loc")
        answer = exchange(
            live_server, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        )
    assert b"200 OK" in answer


def address_of(server: LiveServer) -> tuple[str, int]:
    parts = urlsplit(server.url)
    return str(parts.hostname), int(parts.port or 80)


def exchange(server: LiveServer, sent: bytes) -> bytes:
    """What the server sends back until it closes or falls silent."""
    with socket.create_connection(address_of(server), timeout=5) as connection:
        # The server may hang up on a request it has already refused.
        with contextlib.suppress(ConnectionError):
            connection.sendall(sent)
        connection.settimeout(2)
        received = b""
        with contextlib.suppress(TimeoutError, ConnectionError):
            while chunk := connection.recv(65_536):
                received += chunk
    return received


def test_text_that_is_quoted_in_a_link_comes_back_as_it_was(client: FlaskClient) -> None:
    text = '"><script>&tag=x#%'
    page = client.get(PAGE, query_string={"q": text, "exact": "1"}).get_data(as_text=True)
    assert Tags(page).fields["q"] == text
    assert f"q={quote_plus(text)}" in page or f"q={quote(text)}" in page


# Content


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A show with every payload in every text."""
    folder = tmp_path_factory.mktemp("hostile")
    return searching(write_hostile_show(folder / "site", "https://lantern.example"))


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A show with every odd body."""
    folder = tmp_path_factory.mktemp("odd")
    return searching(write_odd_lines(folder / "site", "https://lantern.example"))


def searching(site: Path) -> FlaskClient:
    index = build_index(site, site.parent / "index", "--force")
    return create_app(settings_for(index)).test_client()


def test_hostile_content_is_text_on_both_faces(hostile: FlaskClient) -> None:
    asked = "q=lantern&per_page=50&moments=20&explain=1"
    body = hostile.get(f"{ENDPOINT}?{asked}").get_json()
    assert body["found_episodes"] == len(PAYLOADS)
    assert_answer_is_clean(body)
    page = hostile.get(f"{PAGE}?{asked}")
    assert_page_is_clean(page)
    assert str(83 * 97) not in page.get_data(as_text=True)
    for address in (PAGE, "/opensearch.xml", f"{SUGGEST}?q=lant"):
        assert_calm(hostile.get(address))
    assert_page_is_clean(hostile.get(PAGE))
    assert "<script>alert" not in hostile.get("/opensearch.xml").get_data(as_text=True)


@pytest.mark.parametrize("number", TOPIC_LINES)
def test_odd_topic_lines_are_found_on_both_faces(odd: FlaskClient, number: int) -> None:
    asked = f"q=%22odd+line+{number}%22&moments=20"
    body = odd.get(f"{ENDPOINT}?{asked}").get_json()
    assert body["found_episodes"] == len(TOPIC_LINES[number])
    assert_answer_is_clean(body)
    page = odd.get(f"{PAGE}?{asked}")
    assert page.status_code == 200
    assert_page_is_clean(page)
