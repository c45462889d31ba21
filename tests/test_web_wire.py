"""Bytes on the wire that are no request, or hardly one: answered, or refused in one shape."""

import json
import logging

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from waitress.adjustments import Adjustments

from tests.conftest import LiveServer
from tests.test_web_inputs import ENDPOINT, PAGE, exchange
from web.incoming import Parser

HOST = b"Host: localhost\r\n"
LAST = HOST + b"Connection: close\r\n\r\n"
ASK = b"GET /api/v1/search?q=tide HTTP/1.1\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"

NO_REQUEST = {
    "noise": (b"\x16\x03\x01\x02\x00\x01\r\n\r\n", 400, "bad_request"),
    "lower case": (b"get /search HTTP/1.1\r\n" + LAST, 400, "bad_request"),
    "a space in the address": (b"GET /search?q=a b HTTP/1.1\r\n" + LAST, 400, "bad_request"),
    "an address that is none": (b"GET http://[::1/ HTTP/1.1\r\n" + LAST, 400, "bad_request"),
    "a header without a colon": (ASK + b"Nonsense\r\n" + LAST, 400, "bad_request"),
    "a space before the colon": (ASK + b"Content-Length : 0\r\n" + LAST, 400, "bad_request"),
    "a return in a header": (ASK + b"X: a\rb\r\n" + LAST, 400, "bad_request"),
    "two hosts": (ASK + b"Host: evil.example\r\n" + LAST, 400, "bad_request"),
    "no host": (b"GET /search HTTP/1.1\r\n\r\n", 400, "bad_request"),
    "two lengths": (ASK + b"Content-Length: 1\r\nContent-Length: 2\r\n" + LAST, 400, "bad_request"),
    "a length of -1": (ASK + b"Content-Length: -1\r\n" + LAST, 400, "bad_request"),
    "a length beside chunks": (ASK + CHUNKED + b"Content-Length: 3\r\n" + LAST, 400, "bad_request"),
    "chunks of HTTP/1.0": (ASK.replace(b"1.1", b"1.0") + CHUNKED + LAST, 400, "bad_request"),
    "chunks that are none": (ASK + CHUNKED + LAST + b"zz\r\n\r\n", 400, "bad_request"),
    "an encoded body": (ASK + b"Transfer-Encoding: gzip\r\n" + LAST, 501, "not_implemented"),
    "a body of 64 KiB": (ASK + b"Content-Length: 65536\r\n" + LAST, 413, "body_too_large"),
    "headers of 128 KiB": (ASK + b"X: " + b"x" * 2**17 + b"\r\n" + LAST, 431, "headers_too_large"),
}

REQUESTS = {
    "letters as they are": (f"GET {ENDPOINT}?q=naïve HTTP/1.1\r\n".encode() + LAST, 200),
    "a waiting client without a body": (ASK + b"Expect: 100-continue\r\n" + LAST, 200),
    "a whole address": (f"GET http://localhost{PAGE}?q=a HTTP/1.1\r\n".encode() + LAST, 200),
    "a whole address without a path": (b"GET http://localhost HTTP/1.1\r\n" + LAST, 302),
    "another host's whole address": (b"GET http://evil.example/search HTTP/1.1\r\n" + LAST, 400),
    "a client of old that names no host": (b"GET /search HTTP/1.0\r\n\r\n", 200),
    "two slashes": (b"GET /api//v1/search?q=a HTTP/1.1\r\n" + LAST, 404),
    "chunks": (ASK + CHUNKED + LAST + b"5\r\nhello\r\n0\r\n\r\n", 200),
    "a method of its own": (b"BREW /search HTTP/1.1\r\n" + LAST, 405),
}


_ADDRESSES = (b"/search?q=a", b"//x", b"*", b"http://[::1/", b"http://[x]/", b"http://a:b@c:99999/")
_STARTS = st.builds(
    b"%s %s HTTP/%s\r\n".__mod__,
    st.tuples(
        st.sampled_from([b"GET", b"POST"]),
        st.sampled_from(_ADDRESSES) | st.binary(max_size=9),
        st.sampled_from([b"1.1", b"1.0", b"2.0"]),
    ),
)
_PIECES = (
    *(b"Host: a\r\n", CHUNKED, b"Expect: 100-continue\r\n", b"Content-Length: 5\r\n"),
    *(
        b"Content-Length: \xb2\r\n",
        b" folded\r\n",
        b"\r\n",
        b"\r",
        b"\n",
        b"-5\r\n",
        b"5\r\nhello\r\n0\r\n",
    ),
)


@examples(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(_STARTS, st.lists(st.sampled_from(_PIECES) | st.binary(max_size=9), max_size=9))
def test_any_bytes_are_read_or_refused(start: bytes, pieces: list[bytes]) -> None:
    """What the parser raised would end the connection without a word."""
    parser = Parser(Adjustments())
    for piece in (start, *pieces, b"\r\n\r\n"):
        while piece and not parser.completed:
            piece = piece[parser.received(piece) :]
    assert parser.headers_finished


@pytest.mark.parametrize(("sent", "status", "code"), NO_REQUEST.values(), ids=NO_REQUEST)
def test_what_is_no_request_is_refused_counted_and_logged_like_any_other(
    live_server: LiveServer,
    caplog: pytest.LogCaptureFixture,
    sent: bytes,
    status: int,
    code: str,
) -> None:
    with caplog.at_level(logging.INFO):
        head, _, body = exchange(live_server, sent).partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    assert int(first.split()[1]) == status
    assert {
        "Content-Type: application/problem+json",
        "Cache-Control: no-store",
        "X-Content-Type-Options: nosniff",
        "Connection: close",
    } <= set(lines)
    problem = json.loads(body)
    assert (problem["status"], problem["code"]) == (status, code)
    # A busy machine makes the server's own queue speak, too.
    ours = (record for record in caplog.records if record.name == "seekcast.access")
    (line,) = (record.getMessage() for record in ours)
    assert json.loads(line)["status"] == status
    figures = live_server.app.test_client().get("/metrics").get_data(as_text=True)
    assert f'seekcast_requests_total{{face="other",status="{status}"}}' in figures


@pytest.mark.parametrize(("sent", "status"), REQUESTS.values(), ids=REQUESTS)
def test_an_unusual_request_is_answered(live_server: LiveServer, sent: bytes, status: int) -> None:
    answer = exchange(live_server, sent)
    assert int(answer.split()[1]) == status


def test_a_pipelined_request_that_is_none_does_not_spoil_the_one_before(
    live_server: LiveServer,
) -> None:
    answer = exchange(live_server, ASK + HOST + b"\r\nNONSENSE\r\n\r\n" + ASK + LAST)
    assert [part.split()[1] for part in answer.split(b"HTTP/")[1:]] == [b"200", b"400"]
