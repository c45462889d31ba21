"""What holds of every answer, whatever is asked: made-up queries of a show made to be awkward."""

import random
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from msgspec.structs import replace

from search.episode import Episode, Moment, Show, Tag
from tests.conftest import published, settings_for
from tests.shows import BAKERY, SITE
from tests.test_web_fuzz import FLAG, TEXT
from web.app import create_app

_SAID = (
    "docker kubernetes postgres redis celery c# .net node.js front-end naïve 数据 testing the of"
)
_NAMES = ("Ann Lee", "ann lee", "Al O'Neil", "Al O’Neil", "&", "Zoë Ø")
_TAGS = ("c", "C", "docker", "ünï", "unï", "a b", "&")

Asked = dict[str, str]
_ASKED = st.fixed_dictionaries(
    {"q": TEXT | st.lists(st.sampled_from(_SAID.split()), min_size=1, max_size=3).map(" ".join)},
    optional={
        "sort": st.sampled_from(["relevance", "newest", "oldest"]),
        "moments": st.sampled_from(["0", "1", "20"]),
        "tag": st.sampled_from(_TAGS),
        "exact": FLAG,
        "typing": FLAG,
    },
)


@pytest.fixture(scope="module")
def awkward(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """One of a show of many spellings, equal titles, equal times, no dates."""
    directory = tmp_path_factory.mktemp("awkward")
    chance = random.Random(1)
    published(directory, Show("Awkward", SITE, [_episode(n, chance) for n in range(24)], {}))
    return create_app(settings_for(directory, search_rate=0))


def _episode(number: int, chance: random.Random) -> Episode:
    starts = sorted(chance.choices(range(0, 4000, 500), k=chance.randrange(6)))
    return replace(
        BAKERY,
        id=f"a/{number}",
        path=f"a/{number}.md",
        title=chance.choice(["Docker at Home", "docker at home", f"Episode {number}"]),
        description=" ".join(chance.choices(_SAID.split(), k=5)),
        category=chance.choice(["podcast", "Podcast", "A & B", None]),
        date=chance.choice([None, date.min, date(2020, 2, 29), date(2021, 1, number % 28 + 1)]),
        guests=tuple(chance.sample(_NAMES, chance.randrange(3))),
        tags=tuple(Tag(tag, tag) for tag in chance.sample(_TAGS, chance.randrange(4))),
        moments=tuple(
            Moment(start, None, " ".join(chance.choices(_SAID.split(), k=chance.randint(1, 6))))
            for start in starts
        ),
        paragraphs=(" ".join(chance.choices(_SAID.split(), k=20)),),
    )


def _check_pages(ask: Callable[[Asked], Any], asked: Asked, answer: Any) -> None:
    """All pages together hold each found episode once, in order, and all found moments."""
    every: list[Any] = []
    for page in range(1, answer["found_episodes"] // 7 + 2):
        every += ask({**asked, "page": str(page), "per_page": "7"})["results"]
    assert len({each["id"] for each in every}) == len(every) == answer["found_episodes"]
    assert sum(each["found_moments"] for each in every) == answer["found_moments"]
    order = asked.get("sort", "relevance")
    place = "score" if order == "relevance" else "date"
    places = [each[place] or "" for each in every]
    assert places == sorted(places, reverse=order != "oldest")


def _check_clicks(ask: Callable[[Asked], Any], asked: Asked, answer: Any) -> None:
    """A click on a value finds as many episodes as stand beside it."""
    first = {name: value for name, value in asked.items() if name != "page"}
    for kind, values in answer["facets"].items():
        for value in values[:2]:
            clicked = ask({**first, kind: value["value"]})
            assert clicked["found_episodes"] == value["count"], (kind, value)


def _check_numbers(answer: Any) -> None:
    """What is told of a score adds up to it, but for what rounding leaves."""
    shown = [each for found in answer["results"] for each in (found, *found["moments"])]
    for each in shown:
        numbers = dict(each["reason"]["numbers"])
        assert numbers.pop("score") == each["score"]
        assert not numbers or sum(numbers.values()) == pytest.approx(each["score"], abs=1e-3)


def _check_page(page: str, answer: Any) -> None:
    """The page holds the same episodes and, of each, every moment that was found."""
    articles = page.split("<article ")[1:]
    named = [re.findall(r'aria-labelledby="e-([^"]*)"', each)[0] for each in articles]
    assert named == [each["id"] for each in answer["results"]]
    for article, found in zip(articles, answer["results"], strict=True):
        starts = sorted(
            map(int, re.findall(r'<li class="moment"[^>]* data-start="(\d+)"', article))
        )
        assert starts == found["timeline"]


def _hold(app: Flask, count: int) -> int:
    """Checks so many made-up queries; how many of them found something."""
    client = app.test_client()
    found = 0

    def ask(asked: Asked) -> Any:
        response = client.get("/api/v1/search", query_string=asked)
        assert response.status_code == 200, response.data
        return response.get_json()

    @examples(max_examples=count, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(asked=_ASKED)
    def holds(asked: Asked) -> None:
        nonlocal found
        asked = {**asked, "explain": "1"}
        if client.get("/api/v1/search", query_string=asked).status_code == 400:
            return
        answer = ask(asked)
        found += answer["found_episodes"] > 0
        _check_pages(ask, asked, answer)
        _check_clicks(ask, asked, answer)
        _check_numbers(answer)
        if answer["query"] or "tag" in asked:  # else it is the front page
            page = client.get("/search", query_string=asked).get_data(as_text=True)
            _check_page(page, answer)

    holds()
    return found


def test_pages_counts_numbers_and_the_page_agree_whatever_is_asked(awkward: Flask) -> None:
    assert _hold(awkward, 20) > 10


@pytest.mark.faults
def test_they_agree_in_two_thousand_answers(awkward: Flask) -> None:
    assert _hold(awkward, 2_000) > 1_000
