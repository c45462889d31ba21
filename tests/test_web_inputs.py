"""Hostile and odd inputs over both faces: whatever is typed, the answer is calm.

A query text is never an error, a bad parameter is named, nothing is echoed as markup, and no
traceback leaves the server. The numbers are those of the list of inputs the product is held to.
"""

import contextlib
import json
import re
import socket
from html.parser import HTMLParser
from urllib.parse import quote, quote_plus, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import LiveServer

QUERY_TEXTS: dict[int, tuple[str, ...]] = {
    2: (" ",),
    3: ("*",),
    4: ("*:*",),
    5: ("?",),
    6: ('"',),
    7: ('""',),
    8: ('"a',),
    9: ("'",),
    10: ("(",),
    11: (")",),
    12: ("()",),
    13: ("((((a",),
    14: ("a))))",),
    15: ("[",),
    16: ("]",),
    17: ("[TO]",),
    18: ("[a TO",),
    19: ("{a TO b}",),
    20: ("date:[[TO]",),
    21: ("date:[ [2020 TO]",),
    22: ("date:2024-02-30", "before:2024-02-30", "after:0000-00-00"),
    23: ("date:yesterday", "before:yesterday"),
    24: ("date:", "before:", "year:"),
    25: ("n:abc", "year:abc"),
    26: ("n:99999999999999999999", "year:99999999999999999999"),
    27: ("n:1e999",),
    28: ("nosuch:x",),
    29: (":",),
    30: ("a:", "tag:"),
    31: (":a",),
    32: ("url: something",),
    33: ("http:",),
    34: ("NOT",),
    35: ("NOT OR foobar",),
    36: ("(NOT a)",),
    37: ("( NOT NOT { ~2",),
    38: ("AND AND",),
    39: ("a AND",),
    40: ("OR b",),
    41: ("a^",),
    42: ("a^-1",),
    43: ("a^1e9",),
    44: ("a~",),
    45: ("a~99",),
    46: ('"a b"~999999',),
    47: ("\\",),
    48: ("a\\",),
    49: ("+",),
    50: ("-",),
    51: ("--a",),
    52: ("-a",),
    53: ("+-a",),
    54: ("the and of",),
    55: ("C++", ".NET", "don't", "AT&T"),
    56: ("%", "%25"),
    57: ("a\0b", "\0"),
    58: ("\u202e", "\u200b", "\ufeff"),
    59: ("😀", "👩\u200d👩\u200d👧", "e" + "\u0301" * 20),
    60: ("数据库", "قاعدة بيانات", "ฐานข้อมูล"),
    72: ("*a*",),
    73: ("a*",),
    74: ("????????",),
    75: ("*a*b*c*d*",),
    76: ("[a TO z]",),
    77: ("comon~9",),
    78: ('r"(a+)+$"', "/(a+)+$/"),
    79: ("ø" * 150, "数" * 200),
    127: ("<script>alert(1)</script>",),
    128: ("<img src=x onerror=alert(1)>",),
    129: ('"><svg/onload=alert(1)>',),
    130: ("' onmouseover='alert(1)",),
    131: ("</title><script>1</script>",),
    132: ("</script><script>1</script>",),
    133: ("</textarea>",),
    134: ("<!--",),
    135: ("]]>",),
    136: ("&lt;script&gt;",),
    137: ("&#x3C;script&#x3E;",),
    138: ("<mark>fake</mark>",),
    139: ('<b class="match term0">',),
    140: ("<iframe srcdoc=<script>1</script>>",),
    141: (
        '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 '
        'onerror=1&gt;">',
    ),
    142: ("<a href=javascript:1>x</a>",),
    143: ("[x](javascript:alert(1))",),
    144: ("[x](JaVaScRiPt:1)",),
    145: ("[x](java&#10;script:1)",),
    146: ('![x](x "onerror=1")',),
    147: ("<style>*{display:none}</style>",),
    148: ("<base href=//evil>",),
    149: ("<meta http-equiv=refresh content=0>",),
    150: ("<form action=//evil>",),
    151: ("{{7*7}}", "{{config}}", "{% raw %}", "${7*7}", "#{7*7}"),
    152: ('{% include "/etc/passwd" %}',),
    153: ("%s%s%n", "{0.__class__}"),
    154: ("\u202egnp.exe",),
    155: ("a" * 200,),
    156: ("&am", "p;"),
    157: ("javascript:alert(1)",),
    158: ("data:text/html,<script>1</script>",),
    161: ("//evil.example/a.mp3",),
    163: ("https://user:pw@evil/",),
    169: ('https://a/#"><script>',),
    243: ("a\nINFO forged",),
    244: ("\x1b[2J",),
    245: ("a\u2028b",),
}

RAW_QUERIES = {
    56: "q=%00",
    61: "q=%ff%fe",
    62: "q=%ed%a0%80",
}

TOO_MUCH = {
    63: ("q=" + "a" * 201, 400, "query_too_long"),
    64: ("q=" + "a" * 100_000, 414, "uri_too_long"),
    65: ("q=" + "[" * 20_000, 414, "uri_too_long"),
    66: ("q=" + "(" * 20_000, 414, "uri_too_long"),
    67: ("q=" + "%22" * 5_001, 414, "uri_too_long"),
    68: ("q=" + "(" * 2_000 + ")" * 2_000, 400, "query_too_long"),
    69: ("q=" + "NOT+" * 3_000, 414, "uri_too_long"),
    70: ("q=" + "+".join(["a"] * 17), 400, "too_many_terms"),
    71: ("q=" + "+OR+".join(["a"] * 1_000), 400, "query_too_long"),
    80: ("q=" + "%20" * 20_000, 414, "uri_too_long"),
    95: ("&".join(["tag=a"] * 1_000), 400, "repeated_parameter"),
}

BAD_PARAMETERS = {
    81: ("q=a&page=0", "page"),
    82: ("q=a&page=-1", "page"),
    83: ("q=a&page=1e9", "page"),
    84: ("q=a&page=abc", "page"),
    85: ("q=a&page=%D9%A3", "page"),
    86: ("q=a&page=1.5", "page"),
    87: ("q=a&page=", "page"),
    88: ("q=a&page=1&page=2", "page"),
    89: ("q=a&per_page=0", "per_page"),
    90: ("q=a&per_page=1000000", "per_page"),
    91: ("q=a&page=" + "1" * 4_301, "page"),
    92: ("q=a&sort=__class__", "sort"),
    93: ("q=a&sort=date;drop", "sort"),
    96: ("q=a&from=2024-13-01", "from"),
    97: ("q=a&from=2024-02-01&to=2024-01-01", "from"),
    99: ("q=a&q=b", "q"),
    103: ("q=a&page=21&per_page=50", "page"),
}

UNKNOWN_PARAMETERS = {
    94: ("q=a&facet=../../etc", "facet"),
    98: ("q[]=a", "q[]"),
    100: ("q=a&callback=alert(1)", "callback"),
    101: ("q=a&format=xml", "format"),
    102: ("q=a&nosuch=1", "nosuch"),
    170: ("q=a&t=1;alert(1)", "t"),
    171: ("q=a&t=99:99:99", "t"),
    172: ("q=a&next=//evil", "next"),
    173: ("q=a&next=https:evil", "next"),
}


def cases(table: dict[int, tuple[str, ...]]) -> list[object]:
    return [
        pytest.param(text, id=f"{number}-{place}" if place else str(number))
        for number, texts in table.items()
        for place, text in enumerate(texts)
    ]


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
    assert not {"iframe", "img", "style", "base", "math", "textarea", "b"} & set(page.names) - {"b"}
    assert page.names.count("form") == 1
    for name, value in page.attributes:
        assert not name.startswith("on"), name
        assert name not in ("style", "srcdoc"), name
        if name in ("href", "src", "action"):
            assert urlsplit(value or "").scheme in ("", "http", "https"), value
            assert not (value or "").startswith(("//", "\\")), value


@pytest.mark.parametrize("text", cases(QUERY_TEXTS))
def test_any_text_is_searched_by_the_endpoint(client: FlaskClient, text: str) -> None:
    response = client.get("/api/v1/search", query_string={"q": text})
    assert_calm(response)
    assert response.status_code == 200
    body = json.loads(response.data)
    assert body["found_episodes"] >= len(body["results"])
    for episode in body["results"]:
        for html in (episode["title_html"], *(moment["html"] for moment in episode["moments"])):
            assert not re.sub(r"</?mark>", "", html).count("<")


@pytest.mark.parametrize("text", cases(QUERY_TEXTS))
def test_any_text_is_searched_by_the_page(client: FlaskClient, text: str) -> None:
    response = client.get("/search", query_string={"q": text})
    assert response.status_code == 200
    assert_page_is_clean(response)
    assert "49" not in Tags(response.get_data(as_text=True)).fields.get("q", "")


@pytest.mark.parametrize("text", cases(QUERY_TEXTS))
def test_any_text_is_completed(client: FlaskClient, text: str) -> None:
    response = client.get("/api/v1/suggest", query_string={"q": text})
    assert_calm(response)
    assert response.status_code == 200
    shown, *columns = json.loads(response.data)
    assert isinstance(shown, str)
    assert len({len(column) for column in columns}) == 1


def test_an_empty_query_asks_for_one(client: FlaskClient) -> None:
    for address in ("/api/v1/search", "/api/v1/search?q="):
        response = client.get(address)
        assert (response.status_code, response.get_json()["code"]) == (400, "q_required")
    assert client.get("/search?q=").status_code == 200


@pytest.mark.parametrize("query", RAW_QUERIES.values(), ids=map(str, RAW_QUERIES))
def test_bytes_that_are_no_text_are_searched_as_something(client: FlaskClient, query: str) -> None:
    for path in ("/api/v1/search", "/search", "/api/v1/suggest"):
        response = client.get(f"{path}?{query}")
        assert_calm(response)
        assert response.status_code == 200


@pytest.mark.parametrize(("query", "status", "code"), TOO_MUCH.values(), ids=map(str, TOO_MUCH))
def test_too_much_is_refused_before_it_is_read(
    client: FlaskClient, query: str, status: int, code: str
) -> None:
    response = client.get(f"/api/v1/search?{query}")
    assert_calm(response)
    assert (response.status_code, response.get_json()["code"]) == (status, code)
    page = client.get(f"/search?{query}")
    assert_page_is_clean(page)
    assert page.status_code == status


@pytest.mark.parametrize(("query", "name"), BAD_PARAMETERS.values(), ids=map(str, BAD_PARAMETERS))
def test_a_bad_parameter_is_named_on_both_faces(client: FlaskClient, query: str, name: str) -> None:
    response = client.get(f"/api/v1/search?{query}")
    assert_calm(response)
    assert response.status_code == 400
    assert response.content_type == "application/problem+json"
    assert response.get_json()["parameter"] == name
    page = client.get(f"/search?{query}")
    assert page.status_code == 400
    assert page.mimetype == "text/html"
    assert f"parameter <code>{name}</code>" in page.get_data(as_text=True)


@pytest.mark.parametrize(
    ("query", "name"), UNKNOWN_PARAMETERS.values(), ids=map(str, UNKNOWN_PARAMETERS)
)
def test_an_unknown_parameter_is_refused_by_the_endpoint_and_nothing_to_the_page(
    client: FlaskClient, query: str, name: str
) -> None:
    response = client.get(f"/api/v1/search?{query}")
    assert_calm(response)
    assert (response.status_code, response.get_json()["parameter"]) == (400, name)
    page = client.get(f"/search?{query}")
    assert_page_is_clean(page)
    assert page.status_code == 200
    assert "Location" not in page.headers


def test_a_body_on_a_get_changes_nothing(client: FlaskClient) -> None:
    plain = client.get("/api/v1/search?q=django").get_json()
    with_body = client.get("/api/v1/search?q=django", json={"q": "other"}).get_json()
    assert with_body["query"] == plain["query"] == "django"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE"])
@pytest.mark.parametrize("path", ["/search", "/api/v1/search", "/api/v1/suggest", "/readyz"])
def test_other_methods_are_told_which_are_allowed(
    client: FlaskClient, method: str, path: str
) -> None:
    response = client.open(f"{path}?q=a", method=method)
    assert_calm(response)
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("path", ["/search?q=django", "/api/v1/search?q=django", "/search-box.js"])
def test_head_is_get_without_a_body(client: FlaskClient, path: str) -> None:
    got, head = client.get(path), client.head(path)
    assert head.data == b""
    changing = ("Date", "Content-Length")
    for name in set(got.headers.keys()) - set(changing):
        assert head.headers.get(name) == got.headers[name]
    head.close()
    got.close()


def test_options_needs_no_origin(client: FlaskClient) -> None:
    response = client.options("/api/v1/search")
    assert response.status_code == 200
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_a_foreign_host_is_refused_by_name(client: FlaskClient) -> None:
    response = client.get("/api/v1/search?q=a", headers={"Host": "evil.example"})
    assert (response.status_code, response.get_json()["code"]) == (400, "untrusted_host")
    assert client.get("/search?q=a", headers={"Host": "evil.example"}).status_code == 400
    assert client.get("/healthz", headers={"Host": "10.0.0.7"}).status_code == 200


def test_the_shows_own_domain_is_trusted(client: FlaskClient) -> None:
    for host in ("lamproom.example", "search.lamproom.example", "localhost:8000", "[::1]:8000"):
        assert client.get("/search?q=a", headers={"Host": host}).status_code == 200, host
    assert client.get("/search", headers={"Host": "evil-lamproom.example"}).status_code == 400


def test_forwarded_headers_of_strangers_change_nothing(client: FlaskClient) -> None:
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher"}
    plain, told = client.get("/opensearch.xml"), client.get("/opensearch.xml", headers=forged)
    assert plain.data == told.data
    assert b"evil" not in told.data


def test_a_method_cannot_be_overridden(client: FlaskClient) -> None:
    response = client.get("/api/v1/search?q=a", headers={"X-HTTP-Method-Override": "DELETE"})
    assert response.status_code == 200


def test_the_endpoint_speaks_json_whatever_is_accepted(client: FlaskClient) -> None:
    response = client.get("/api/v1/search?q=a", headers={"Accept": "text/html"})
    assert response.content_type == "application/json; charset=utf-8"


@pytest.mark.parametrize("value", ["gzip;q=0", "nonsense", "", ",,,;q=x", "identity"])
def test_an_encoding_that_is_not_wanted_is_not_used(client: FlaskClient, value: str) -> None:
    response = client.get("/search", headers={"Accept-Encoding": value})
    assert "Content-Encoding" not in response.headers


def test_a_range_is_answered_whole(client: FlaskClient) -> None:
    response = client.get("/api/v1/search?q=a", headers={"Range": "bytes=0-"})
    assert response.status_code == 200


def test_a_junk_validator_is_no_match_and_a_star_is(client: FlaskClient) -> None:
    address = "/api/v1/search?q=a"
    for junk in ('"', "junk", 'W/"x"', "*x", "'"):
        assert client.get(address, headers={"If-None-Match": junk}).status_code == 200
    assert client.get(address, headers={"If-None-Match": "*"}).status_code == 304


def test_cookies_are_neither_read_nor_set(client: FlaskClient) -> None:
    response = client.get("/search?q=a", headers={"Cookie": "a=" + "x" * 8_000})
    assert response.status_code == 200
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("origin", ["null", "https://evil.example"])
def test_any_origin_may_read_public_answers_without_credentials(
    client: FlaskClient, origin: str
) -> None:
    response = client.get("/api/v1/search?q=a", headers={"Origin": origin})
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response.headers
    assert "Access-Control-Allow-Origin" not in client.get("/search?q=a").headers


def test_a_preflight_with_odd_headers_is_answered(client: FlaskClient) -> None:
    asking = {
        "Origin": "https://site.example",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "X-Odd, \t, authorization",
    }
    response = client.options("/api/v1/search", headers=asking)
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "Access-Control-Allow-Headers" not in response.headers


@pytest.mark.parametrize(
    "path",
    [
        "/%2f%2fevil.example",
        "/search/",
        "/reindex",
        "/admin",
        "/debug",
        "/console",
        "/search/static/..%2f..%2f..%2fetc/passwd",
        "/search/static/../app.py",
        "/search/static/%2e%2e/app.py",
        "/static/..%2f..%2fetc/passwd",
    ],
)
def test_what_is_not_there_is_not_there(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert_calm(response)
    assert response.status_code == 404
    assert "Location" not in response.headers


def test_reindexing_is_a_command_and_never_an_address(client: FlaskClient) -> None:
    assert client.post("/reindex").status_code == 404
    assert client.post("/api/v1/reindex").status_code == 404


def test_a_line_break_in_an_address_never_reaches_a_header(client: FlaskClient) -> None:
    for path in ("/search", "/api/v1/search"):
        response = client.get(f"{path}?q=a%0d%0aSet-Cookie:x&tag=b%0d%0aX-Evil:1")
        assert response.status_code == 200
        assert "Set-Cookie" not in response.headers
        assert "X-Evil" not in response.headers


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /search?q=" + b"a" * 65_536 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 414),
        (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 100_000 + b"\r\n\r\n", 200),
        (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 300_000 + b"\r\n\r\n", 431),
        (
            b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 52428800\r\n\r\n",
            413,
        ),
        (
            b"POST /search HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n"
            b"Content-Length: 4\r\n\r\n0\r\n\r\n",
            None,
        ),
        (b"GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", None),
        (b"\x00\x01\x02\r\n\r\n", 400),
        (b"GET //evil.example/%2f.. HTTP/1.1\r\nHost: localhost\r\n\r\n", 404),
    ],
    ids=["116", "115", "115-more", "120", "119", "two-hosts", "no-http", "126"],
)
def test_raw_requests_are_answered_or_refused(
    live_server: LiveServer, sent: bytes, status: int | None
) -> None:
    answer = exchange(live_server, sent)
    line = answer.split(b"\r\n", 1)[0]
    assert line.startswith(b"HTTP/1.")
    code = int(line.split()[1])
    assert code < 500
    assert status is None or code == status
    assert b"Traceback" not in answer


def test_two_requests_in_a_row_get_two_answers(live_server: LiveServer) -> None:
    one = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    last = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    assert exchange(live_server, one + last).count(b'{"status":"ok"}') == 2


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
    page = client.get("/search", query_string={"q": text, "exact": "1"}).get_data(as_text=True)
    assert Tags(page).fields["q"] == text
    assert f"q={quote_plus(text)}" in page or f"q={quote(text)}" in page
