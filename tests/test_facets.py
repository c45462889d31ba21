"""Facets of a show with more guests than an answer lists: the most frequent and what was chosen."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from search.engine import Searcher
from search.engines.facets import MOST_VALUES
from search.episode import Episode, Show, Tag
from search.request import KINDS, Filters, Request
from search.settings import load_settings
from tests.conftest import published
from tests.shows import BAKERY
from web.front import FrontKeeper
from web.page_view import result_view

EPISODES = 260
REGULAR = "Zoë Brønsted"


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    """A guest of its own in each episode, and one who is in every third."""
    episodes = tuple(map(_episode, range(EPISODES)))
    names: dict[str, tuple[str, ...]] = {
        f"tag-{number:03}": (f"Tag {number}",) for number in range(EPISODES)
    }
    show = Show("Crowd", "https://crowd.example", episodes, names)
    return published(tmp_path_factory.mktemp("crowd"), show).open()


def _episode(number: int) -> Episode:
    guests = (_guest(number), REGULAR) if number % 3 == 0 else (_guest(number),)
    return replace(
        BAKERY,
        id=f"podcast/{number}",
        path=f"_posts/podcast/{number}.md",
        title=f"Loaf {number}",
        date=date(2020, 1, 1) + timedelta(days=7 * number),
        guests=guests,
        tags=(Tag(f"tag-{number:03}", f"Tag {number}"),),
        moments=(),
    )


def _guest(number: int) -> str:
    return f"Guest{number:03} Baker"


def test_the_most_frequent_values_are_listed_and_the_rest_by_name(crowd: Searcher) -> None:
    guests = crowd.search(Request("loaf")).facets["guest"]

    assert [(v.value, v.count) for v in guests[:2]] == [(REGULAR, 87), (_guest(0), 1)]
    assert [v.value for v in guests[1:]] == [_guest(n) for n in range(MOST_VALUES - 1)]


def test_a_chosen_value_is_listed_however_rare(crowd: Searcher) -> None:
    chosen = _guest(250)
    guests = crowd.search(Request("loaf", Filters(guests=(chosen,)))).facets["guest"]

    assert [(v.value, v.count) for v in guests[MOST_VALUES:]] == [(chosen, 1)]
    assert guests[0].value == REGULAR, "a chosen value takes nothing from the others"


def test_a_value_that_is_chosen_in_two_spellings_is_listed_once(crowd: Searcher) -> None:
    rare, values = _guest(EPISODES - 1), Filters(guests=(_guest(EPISODES - 1), "guest259 baker"))
    guests = crowd.search(Request("loaf", values)).facets["guest"]

    assert [v.value for v in guests].count(rare) == 1


def test_the_page_shows_a_chosen_value_first(crowd: Searcher) -> None:
    request = Request("loaf", Filters(guests=(_guest(250),)), ticks=True)
    front = FrontKeeper(load_settings().site).get(crowd)
    view = result_view(crowd.search(request), request, front)

    (guests,) = [facet for facet in view.facets if facet.heading == "Guests"]
    assert [(c.label, c.active) for c in guests.shown[:2]] == [
        (_guest(250), True),
        (REGULAR, False),
    ]


def test_every_tag_has_its_name_on_the_page_beyond_what_an_answer_lists(crowd: Searcher) -> None:
    front = FrontKeeper(load_settings().site).get(crowd)

    assert len(front.tags) == len(crowd.tags()) == EPISODES
    assert front.labels["tag-259"] == "Tag 259"


def test_all_years_are_listed_the_newest_first(crowd: Searcher) -> None:
    years = crowd.search(Request("loaf")).facets["year"]

    assert [v.value for v in years] == ["2024", "2023", "2022", "2021", "2020"]
    assert sum(v.count for v in years) == EPISODES


def test_a_guest_is_found_by_a_part_of_the_name_only_where_no_other_is_called_so(
    crowd: Searcher,
) -> None:
    assert crowd.search(Request("", Filters(guests=("guest007",)))).found_episodes == 1
    assert crowd.search(Request("", Filters(guests=("baker",)))).found_episodes == EPISODES
    assert crowd.search(Request("", Filters(guests=("zoe bronsted",)))).found_episodes == 87


def test_one_guest_in_several_spellings_is_one_to_narrow_by_and_a_click_finds_what_is_counted(
    tmp_path: Path,
) -> None:
    spelled = ["Al O'Neil", REGULAR, "zoe bronsted", "Al O’Neil", REGULAR, "&", "Zoë  Brønsted"]
    kinds = ["podcast", "podcast", "Podcast", "podcast", "talk", "talk", "talk"]
    slugs = ["ünï", "unï", "C", "c", "c", "ünï", "x"]
    episodes = [
        replace(
            _episode(number),
            guests=(guest, spelled[number - 1]),
            category=kinds[number],
            tags=(Tag(slugs[number], slugs[number]), Tag(slugs[number - 1], slugs[number - 1])),
        )
        for number, guest in enumerate(spelled)
    ]
    searcher = published(tmp_path, Show("Crowd", "https://crowd.example", episodes, {})).open()
    facets = searcher.search(Request("loaf")).facets

    assert [(v.value, v.count) for v in facets["guest"]] == [
        (REGULAR, 7),
        ("Al O'Neil", 4),
        ("&", 2),
    ]
    assert [(v.value, v.count) for v in facets["category"]] == [("podcast", 4), ("talk", 3)]
    assert [(v.value, v.count) for v in facets["tag"]] == [("ünï", 5), ("c", 4), ("x", 2)]
    for kind, values in facets.items():
        for value in values:
            chosen: Any = int(value.value) if kind == "year" else value.value
            filters = replace(Filters(), **{KINDS[kind]: (chosen,)})
            clicked = searcher.search(Request("loaf", filters))
            assert clicked.found_episodes == value.count, value
