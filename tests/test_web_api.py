"""The JSON endpoint: its shape, its document, and that the two agree."""

import html
import json
import re
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from schemathesis import GenerationMode
from werkzeug.exceptions import HTTPException, default_exceptions

from search.request import clean_text
from search.settings import load_settings
from search.wire import ProblemBody, SearchBody
from tests.conftest import settings_for
from web.app import create_app
from web.openapi import openapi_document
from web.openapi_example import EXAMPLE
from web.parameters import SEARCH
from web.problems import CODES, problem_of

ANSWER = "/api/v1/search?q=kubernetes"


# The shape


def test_an_answer_has_everything_the_contract_names(client: FlaskClient) -> None:
    body = client.get(ANSWER).get_json()
    assert set(body) >= {
        *("query", "interpreted", "corrections", "exact_url", "found_episodes", "found_moments"),
        *("page", "per_page", "prev", "next", "took_ms", "index", "facets", "results"),
    }
    assert set(body["index"]) == {"generation", "built_at", "episodes", "moments"}
    assert set(body["facets"]) == {"tag", "guest", "category", "year"}
    assert set(body["results"][0]) >= {
        *("id", "number", "category", "title", "title_html", "description_html", "url"),
        *("audio_url", "date", "duration", "guests", "tags", "score", "found_moments"),
        *("timeline", "moments"),
    }
    assert set(body["results"][0]["moments"][0]) == {
        *("start", "end", "time", "text", "html", "url", "audio_url", "score"),
    }


def test_every_moment_has_links_that_land_at_its_second(client: FlaskClient) -> None:
    body = client.get("/api/v1/search?q=docker&moments=20").get_json()
    moments = [(e, m) for e in body["results"] for m in e["moments"]]
    assert moments
    for episode, moment in moments:
        assert moment["url"] == f"{episode['url']}#{moment['time']}"
        assert moment["audio_url"] == f"{episode['audio_url']}#t={moment['start']}"
        assert moment["start"] in episode["timeline"]
        assert "<mark>" in moment["html"]


def test_a_correction_is_told_and_can_be_undone(client: FlaskClient) -> None:
    body = client.get("/api/v1/search?q=kuberntes").get_json()
    assert body["corrections"] == [{"from": "kuberntes", "to": "kubernetes"}]
    assert body["interpreted"] == "kubernetes"
    assert body["exact_url"] == "/api/v1/search?q=kuberntes&exact=1"
    exact = client.get(body["exact_url"]).get_json()
    assert (exact["corrections"], exact["found_episodes"]) == ([], 0)


def test_nothing_is_counted_for_whoever_narrows_by_nothing(client: FlaskClient) -> None:
    counted = client.get("/api/v1/search?q=python").get_json()
    asked_for_none = client.get("/api/v1/search?q=python&facets=0").get_json()
    assert counted["facets"]["tag"]
    assert asked_for_none["facets"] == {"tag": [], "guest": [], "category": [], "year": []}
    assert asked_for_none["results"] == counted["results"]
    assert asked_for_none["exact_url"] == "/api/v1/search?q=python&exact=1&facets=0"


def test_pages_join_up_to_the_whole(client: FlaskClient) -> None:
    whole = client.get("/api/v1/search?q=the&per_page=50").get_json()
    ids: list[str] = []
    address: str | None = "/api/v1/search?q=the&per_page=3"
    while address:
        body = client.get(address).get_json()
        ids += [episode["id"] for episode in body["results"]]
        address = body["next"]
    assert ids == [episode["id"] for episode in whole["results"]]
    assert len(ids) == whole["found_episodes"]
    back = client.get(body["prev"]).get_json()
    assert back["page"] == body["page"] - 1


def test_a_page_past_the_end_is_empty_and_leads_back(client: FlaskClient) -> None:
    body = client.get("/api/v1/search?q=kubernetes&page=90").get_json()
    assert body["results"] == []
    assert body["found_episodes"] > 0
    assert client.get(body["prev"]).get_json()["results"]


def test_filters_alone_list_their_episodes(client: FlaskClient) -> None:
    body = client.get("/api/v1/search?category=interviews").get_json()
    assert body["found_episodes"] == 2
    assert {episode["category"] for episode in body["results"]} == {"interviews"}
    assert {episode["audio_url"] for episode in body["results"]} == {None}


def test_reasons_are_given_only_when_asked_for(client: FlaskClient) -> None:
    assert "reason" not in client.get(ANSWER).get_json()["results"][0]
    reason = client.get(f"{ANSWER}&explain=1").get_json()["results"][0]["reason"]
    assert reason["sentence"]
    assert all(isinstance(number, int | float) for number in reason["numbers"].values())


def test_what_the_text_of_an_episode_says_is_shown_where_no_moment_does(
    client: FlaskClient,
) -> None:
    episode = client.get("/api/v1/search?q=category:interviews+the").get_json()["results"][0]
    page = client.get("/search?q=category:interviews+the").get_data(as_text=True)

    assert "<mark>" in episode["excerpt_html"]
    assert episode["excerpt_html"] in page


def test_page_and_endpoint_give_the_same_answer(client: FlaskClient) -> None:
    body = client.get("/api/v1/search?q=docker").get_json()
    page = client.get("/search?q=docker").get_data(as_text=True)
    places = [page.index(episode["title_html"]) for episode in body["results"]]
    assert places == sorted(places)
    for episode in body["results"]:
        for moment in episode["moments"]:
            assert moment["html"] in page


@pytest.mark.parametrize("query", ["docker", "full text search postgres", "k8s cluster", "outage"])
def test_the_page_names_each_other_word_once_and_none_that_was_typed(
    client: FlaskClient, query: str
) -> None:
    page = client.get("/search", query_string={"q": query}).get_data(as_text=True)
    related = client.get("/api/v1/search", query_string={"q": query}).get_json()["related"]
    named = re.findall(r'<span class="also"><bdi>(.*?)</bdi>', page)
    assert len(set(named)) == len(named)
    assert set(named) <= {html.escape(each["also"]) for each in related}
    assert not [word for word in named if f" {word} " in f" {query} "]


def test_suggestions_are_what_browsers_expect(client: FlaskClient) -> None:
    response = client.get("/api/v1/suggest?q=kub")
    assert response.mimetype == "application/x-suggestions+json"
    text, completions, descriptions, addresses = response.get_json()
    assert text == "kub"
    assert completions
    assert len(completions) == len(descriptions) == len(addresses)
    assert all(addresses)


# The document


def test_the_document_is_openapi_3_1_and_served_as_it_is_made(client: FlaskClient) -> None:
    served = client.get("/api/v1/openapi.json").get_json()
    assert served["openapi"] == "3.1.0"
    assert served == json.loads(json.dumps(openapi_document()))


def test_the_document_knows_every_address(client: FlaskClient) -> None:
    rules = {rule.rule for rule in client.application.url_map.iter_rules()}
    # Led on, for people, the page's.
    unnamed = {"/", "/api/v1", "/api/v1/", "/search/static/<name>"}
    assert set(openapi_document()["paths"]) == rules - unnamed


def test_the_document_knows_every_parameter() -> None:
    operation = openapi_document()["paths"]["/api/v1/search"]["get"]
    assert [parameter["name"] for parameter in operation["parameters"]] == list(SEARCH)


def test_the_example_of_completions_is_what_is_answered(client: FlaskClient) -> None:
    content = openapi_document()["paths"]["/api/v1/suggest"]["get"]["responses"]["200"]["content"]
    example = content["application/x-suggestions+json"]["examples"]["typing"]["value"]
    answered = client.get(f"/api/v1/suggest?q={example[0]}").get_json()
    assert [part[:1] for part in answered[1:]] == example[1:]


def test_the_documents_example_has_the_shape_it_promises() -> None:
    import msgspec

    body = msgspec.convert(EXAMPLE, SearchBody)
    assert json.loads(msgspec.json.encode(body)) == dict(EXAMPLE)
    for described in openapi_document()["components"]["responses"].values():
        problem = described["content"]["application/problem+json"]["example"]
        assert msgspec.convert(problem, ProblemBody).code in CODES


def test_every_code_of_a_problem_is_explained(client: FlaskClient) -> None:
    manual = client.get("/api/v1/").get_data(as_text=True)
    for code in CODES:
        assert f'id="{code}"' in manual


def test_people_are_shown_an_answer_of_each_endpoint(client: FlaskClient) -> None:
    manual = client.get("/api/v1/").get_data(as_text=True)
    shown = [
        json.loads(html.unescape(text)) for text in re.findall(r"<pre><code>([^<]*)</code>", manual)
    ]
    assert shown == [
        EXAMPLE,
        ["kub", ["Kubernetes"], ["tag, 2 episodes"], ["/search?q=Kubernetes"]],
    ]


@pytest.mark.parametrize(
    "address",
    ["/api/v1/search?page=0", "/api/v1/search", "/api/nope", "/api/v1/search?q=" + "a+" * 20],
)
def test_a_problem_points_to_its_explanation(client: FlaskClient, address: str) -> None:
    problem = client.get(address).get_json()
    page, _, anchor = problem["type"].partition("#")
    assert f'id="{anchor}"' in client.get(page).get_data(as_text=True)
    assert problem["code"] in CODES


@pytest.mark.parametrize("status", [status for status in HTTPStatus if 400 <= status < 600])
def test_no_problem_has_a_code_that_is_not_explained(status: HTTPStatus) -> None:
    error = default_exceptions.get(status, HTTPException)()
    error.code = status
    problem = problem_of(error)
    assert (problem.status, problem.code in CODES) == (status, True)


def test_a_setting_that_fails_while_serving_is_our_fault_and_names_no_place(
    sample_index: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    aliases = tmp_path / "nowhere.toml"
    aliases.touch()
    names = {"index.directory": str(sample_index), "aliases": str(aliases)}
    client = create_app(load_settings(flags=names)).test_client()
    aliases.unlink()
    problem = client.get("/api/v1/search?q=docker").get_json()
    assert (problem["status"], problem["code"]) == (500, "internal_error")
    assert "nowhere" not in problem["detail"]
    assert f"{aliases}: no such aliases file" in caplog.text


@pytest.mark.parametrize("text", ["%20", "%00", "+++", "%0a", "the", "*"])
def test_every_address_in_an_answer_can_be_asked(client: FlaskClient, text: str) -> None:
    body = client.get(f"/api/v1/search?q={text}&per_page=2").get_json()
    for name in ("next", "exact_url"):
        if body[name]:
            asked = client.get(body[name])
            assert (asked.status_code, asked.get_json()["query"]) == (200, body["query"])


@pytest.fixture(scope="session")
def described(sample_index: Path) -> Any:
    """The operations of the document, as schemathesis sees them. It does not know by itself
    that an address can be too long (414)."""
    refusals = {"expected-statuses": ["400", "404", "405", "414"]}
    config = schemathesis.Config.from_dict({"checks": {"negative_data_rejection": refusals}})
    app = create_app(settings_for(sample_index, search_rate=0, suggest_rate=0))
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, config=config)


@schemathesis.hook
def filter_query(context: Any, query: dict[str, Any] | None) -> bool:
    """The rules that a list of parameters cannot express: something visible must be asked for,
    in at most sixteen words, within the first thousand episodes, from a day not after the last."""
    if context.operation.path not in ("/api/v1/search", "/search"):
        return True
    query = {name: value for name, value in (query or {}).items() if value is not None}
    text, first, last = query.get("q"), query.get("from"), query.get("to")
    asked = any(query.get(name) for name in ("q", "tag", "guest", "category", "year", "from", "to"))
    short = not isinstance(text, str) or len(text.split()) <= 16
    in_order = not (isinstance(first, str) and isinstance(last, str)) or first <= last
    names = [value for kind in ("tag", "guest", "category") for value in _listed(query.get(kind))]
    visible = all(clean_text(str(name)) for name in names)
    return asked and short and in_order and visible and _in_window(query)


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _in_window(query: dict[str, Any]) -> bool:
    page, per_page = query.get("page", 1), query.get("per_page", 10)
    numbers = isinstance(page, int) and isinstance(per_page, int)
    return not numbers or page * per_page <= 1_000


def assert_as_described(described: Any, path: str, mode: GenerationMode, count: int) -> None:
    """Real requests, made from the document, with all of schemathesis' checks on the answers."""

    @examples(max_examples=count, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=described[path]["GET"].as_strategy(generation_mode=mode))
    def check(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(headers={"Accept-Encoding": "identity"})

    check()


PATHS = list(openapi_document()["paths"])
PATHS_ASKED = ["/api/v1/search", "/api/v1/suggest"]


@pytest.mark.parametrize("path", PATHS)
def test_every_operation_answers_as_the_document_says(described: Any, path: str) -> None:
    assert_as_described(described, path, GenerationMode.POSITIVE, 100)


@pytest.mark.parametrize("path", PATHS_ASKED)
def test_every_operation_refuses_what_the_document_excludes(described: Any, path: str) -> None:
    assert_as_described(described, path, GenerationMode.NEGATIVE, 100)


@pytest.mark.faults
@pytest.mark.parametrize("path", PATHS)
def test_a_thousand_requests_go_as_the_document_says(described: Any, path: str) -> None:
    assert_as_described(described, path, GenerationMode.POSITIVE, 1_000)
    if path in PATHS_ASKED:
        assert_as_described(described, path, GenerationMode.NEGATIVE, 1_000)
