"""Anything anybody types: made-up queries, half of them sense and half noise, by the thousand."""

import gc
import time
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from search.request import clean_text
from tests.conftest import REAL_SITE, settings_for
from web.app import create_app
from web.parameters import SEARCH

MOST_MS = 200

_SAID = """
a the how to of in docker kubernetes k8s postgres postgresql redis celery django flask python rails
vue elasticsearch nginx linux aws s3 terraform testing tests deploy deploying logging error errors
scaling cache caching queue payments stripe search full text monolith microservices boat lamp book
open source history interview mistake lesson best tips advice c c++ c# f# .net node.js ci/cd tcp/ip
front-end e-mail 2020 24/7 naïve ø 数据 e\u0301 NOT OR AND * ? ~2 ^ ... -- '
"""
_WORDS = st.sampled_from(_SAID.split())
_NOISE = st.text(max_size=12)
_FIELDS = st.sampled_from(["tag:", "guest:", "title:", "category:", "year:", "before:", "after:"])


def _misspelt(word: str, place: int, letter: str) -> str:
    """One letter left out, put in, or doubled: whatever comes of it."""
    place %= len(word)
    return word[:place] + letter + word[place + len(letter) % 2 :]


_MISSPELT = st.builds(
    _misspelt, _WORDS, st.integers(0, 20), st.sampled_from(["", "a", "e", "x", "rr"])
)
_PHRASE = st.lists(_WORDS | _MISSPELT, min_size=1, max_size=4).map(" ".join)
_TERM = st.one_of(
    _WORDS,
    _WORDS,
    _MISSPELT,
    _NOISE,
    st.builds('"{}"'.format, _PHRASE | _NOISE),
    st.builds("-{}".format, _WORDS),
    st.builds('-"{}"'.format, _PHRASE),
    st.builds("{}{}".format, _FIELDS, _WORDS | _NOISE),
    st.builds("-{}{}".format, _FIELDS, _WORDS),
    st.builds('{}"{}'.format, _FIELDS, _PHRASE),
    st.builds("{}{}".format, _WORDS, _NOISE),
    st.dates().map("before:{}".format),
    st.integers(1990, 2030).map("year:{}".format),
)
TEXT = st.lists(_TERM, min_size=1, max_size=9).map(lambda terms: " ".join(terms)[:200])
FLAG = st.sampled_from(["0", "1"])
_SENSIBLE = {
    "tag": _WORDS,
    "year": st.integers(2015, 2027).map(str),
    "sort": st.sampled_from(["relevance", "newest", "oldest"]),
    "page": st.integers(1, 20).map(str),
    "per_page": st.integers(1, 50).map(str),
    "moments": st.integers(0, 20).map(str),
    "exact": FLAG,
    "explain": FLAG,
    "typing": FLAG,
    "facets": FLAG,
}
_ASKED = st.fixed_dictionaries({"q": TEXT}, optional=_SENSIBLE)
_VALUE = st.one_of(_NOISE, st.integers(-10, 10_000).map(str), st.dates().map(str))
_ANYTHING = st.fixed_dictionaries(
    {"q": TEXT}, optional={name: _VALUE for name in SEARCH if name != "q"}
)


def ask(app: Flask, count: int) -> tuple[Counter[int], float]:
    """Asks so many made-up queries; how many had which status, and the most milliseconds of
    processor that one took. Any text that is not too long must be answered.

    The processor's time and not the clock's, without the collector, which has the garbage of
    making queries up to collect: what others do on this machine must not make a test fail.
    """
    client = app.test_client()
    # A server opens its index before it is asked; here the first request would.
    assert client.get("/api/v1/search?q=first").status_code == 200
    statuses: Counter[int] = Counter()
    slowest = 0.0

    @examples(
        max_examples=count, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    @given(asked=_ASKED)
    def answered(asked: dict[str, str]) -> None:
        nonlocal slowest
        gc.disable()
        began = time.thread_time()
        response = client.get("/api/v1/search", query_string=asked)
        took = (time.thread_time() - began) * 1000
        gc.enable()
        statuses[response.status_code] += 1
        slowest = max(slowest, took)
        assert took < MOST_MS, asked
        if response.status_code == 400:
            words = clean_text(asked["q"]).split()
            expected = "too_many_terms" if len(words) > 16 else "q_required" if not words else ""
            assert response.get_json()["code"] == expected
        else:
            assert response.status_code == 200, response.data[:300]

    answered()
    return statuses, slowest


def test_any_text_is_answered(app: Flask) -> None:
    statuses, _ = ask(app, 600)
    assert statuses[200] > 0.9 * sum(statuses.values())


@pytest.mark.faults
def test_a_hundred_thousand_texts_are_answered(
    sample_index: Path, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of the real show where it is there, else of the sample show."""
    there = REAL_SITE.is_dir()
    index = request.getfixturevalue("real_index") if there else sample_index
    statuses, slowest = ask(create_app(settings_for(index)), 100_000)
    with capsys.disabled():
        print(f"\n{dict(statuses)}, slowest {slowest:.0f} ms of processor")
    assert statuses[200] > 0.9 * sum(statuses.values())


@examples(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(query=_ANYTHING)
def test_any_query_string_is_answered_or_refused_by_name(app: Flask, query: dict[str, str]) -> None:
    response = app.test_client().get("/api/v1/search", query_string=query)
    assert response.status_code in (200, 400, 414), response.data[:300]
    if response.status_code == 400:
        assert response.get_json()["parameter"] in query


@examples(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(query=_ASKED | _ANYTHING)
def test_any_query_string_gives_a_page(app: Flask, query: dict[str, str]) -> None:
    response = app.test_client().get("/search", query_string=query)
    assert response.status_code in (200, 400, 414), response.data[:300]


@examples(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=TEXT)
def test_any_text_is_completed(app: Flask, text: str) -> None:
    response = app.test_client().get("/api/v1/suggest", query_string={"q": text})
    assert response.status_code in (200, 400), response.data[:300]


@examples(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(raw=st.binary(max_size=200))
def test_any_bytes_after_the_question_mark_are_survived(app: Flask, raw: bytes) -> None:
    environ = {"QUERY_STRING": raw.decode("latin-1")}
    for path in ("/search", "/api/v1/search", "/api/v1/suggest"):
        response = app.test_client().get(path, environ_overrides=environ)
        assert response.status_code in (200, 400), response.data[:300]
