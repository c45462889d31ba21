"""What is answered without the framework is what the framework would have answered."""

from itertools import product
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import settings_for
from web.app import create_app

ADDRESSES = (
    "/api/v1/search?q=docker",
    "/api/v1/search?q=docker&page=2&per_page=1&tag=python",
    "/api/v1/search?q=kuberntes&exact=1&explain=1",
    "/api/v1/search?q=%C3%A9%22%00%ff&typing=1",
    "/api/v1/search?q=nothing+like+it",
    "/api/v1/search?year=2024&sort=oldest",
    "/api/v1/suggest?q=do",
    "/api/v1/suggest?q=",
)
ENCODINGS = (None, "gzip, deflate, br, zstd", "gzip", "br;q=0.5, gzip;q=0", "identity", "*", "x")
ORIGINS = (None, "https://show.example", "https://evil.example")
# Never true, so that the framework is asked.
CONDITION = {"If-None-Match": '"another"'}


@pytest.fixture(params=["*", "https://show.example"])
def origins(request: pytest.FixtureRequest, sample_index: Path) -> Flask:
    """Applications that any site's pages may ask, and one site's."""
    return create_app(settings_for(sample_index, cors_origins=request.param))


def test_a_direct_answer_has_the_frameworks_headers_and_bytes(origins: Flask) -> None:
    client = origins.test_client()
    for address, encoding, origin in product(ADDRESSES, ENCODINGS, ORIGINS):
        given = {"Accept-Encoding": encoding, "Origin": origin}
        headers = {name: value for name, value in given.items() if value is not None}
        direct = client.get(address, headers=headers)
        framed = client.get(address, headers={**headers, **CONDITION})
        assert direct.status == framed.status == "200 OK", address
        assert list(direct.headers) == list(framed.headers), (address, headers)
        assert direct.data == framed.data, (address, headers)


def _asked_of_the_framework(app: Flask) -> list[str]:
    """The addresses it is asked for from now on."""
    asked: list[str] = []

    @app.before_request
    def note() -> None:
        from flask import request

        asked.append(request.full_path)

    return asked


def test_only_what_is_out_of_the_ordinary_reaches_the_framework(sample_index: Path) -> None:
    app = create_app(settings_for(sample_index))
    asked = _asked_of_the_framework(app)
    client = app.test_client()
    for address in ADDRESSES:
        assert client.get(address).status_code == 200
    assert asked == []
    assert client.get("/api/v1/search?q=a&page=0").get_json()["parameter"] == "page"
    assert client.head("/api/v1/search?q=docker").data == b""
    assert client.get("/api/v1/search?q=docker", headers=CONDITION).status_code == 200
    assert client.post("/api/v1/search?q=docker").status_code == 405
    assert client.get("/search?q=docker").status_code == 200
    assert len(asked) == 5


def test_a_direct_answer_is_counted_against_the_clients_budget(sample_index: Path) -> None:
    client = create_app(settings_for(sample_index, search_rate=1)).test_client()
    stranger = {"REMOTE_ADDR": "203.0.113.9"}
    statuses = [
        client.get(f"/api/v1/search?q=docker+{n}", environ_overrides=stranger).status_code
        for n in range(6)
    ]
    assert statuses == [200, 200, 200, 200, 429, 429]
