"""The odd and hostile inputs of the whole list, typed into the box, or said in what it shows.

The payloads that try to become markup have their own tests (test_hostile.py), which compare with
a harmless show.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.box import Box
from tests.browser.conftest import OpenPage, Show, serving_show
from tests.browser.hostile_show import write_odd_lines
from tests.browser.podcast_site import PodcastSite
from tests.inputs import TEXTS, TOO_MUCH, TOPIC_LINES, as_query


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Show]:
    """A show with every odd body."""
    with PodcastSite() as site:
        folder = write_odd_lines(tmp_path_factory.mktemp("odd") / "site", site.url)
        with serving_show(folder, site, tmp_path_factory, "--force") as search:
            site.search = search
            yield Show(site, search)


@pytest.fixture
def box(show: Show, open_page: OpenPage) -> Box:
    """A box whose clock runs as far as a test says: no pause is waited for."""
    box = Box(open_page(f"{show.site.url}/about"))
    box.hold_clock()
    return box


def test_any_text_is_answered(box: Box) -> None:
    lines = {number: tuple(map(as_query, bodies)) for number, bodies in TOPIC_LINES.items()}
    for texts in (TEXTS | lines).values():
        for text in texts:
            box.settle(text)
            expect(box.popup.locator(".ps-error")).to_have_count(0)


def test_nothing_at_all_asks_nothing(box: Box) -> None:
    box.settle("")


def test_too_much_is_told_in_the_servers_words(box: Box) -> None:
    for text, status, _ in TOO_MUCH.values():
        box.settle(text)
        if text.strip():
            said = "address is longer" if status == 414 else "at most"
            expect(box.popup.locator(".ps-error")).to_contain_text(said)
            assert box.options.count() == 0


def test_odd_topic_lines_are_shown_as_text(odd: Show, open_page: OpenPage) -> None:
    box = Box(open_page(f"{odd.site.url}/about"))
    box.hold_clock()
    for number in TOPIC_LINES:
        query = f'"odd line {number}"'
        box.settle(query)
        shown = odd.box_json(query)["results"]
        titles = [group.locator(".ps-title").inner_text() for group in box.groups.all()]
        assert titles == [episode["title"] for episode in shown] != []


def test_an_episode_without_a_category_goes_by_its_number(odd: Show, open_page: OpenPage) -> None:
    box = Box(open_page(odd.page("lantern")))
    facts = re.compile(r"^\s*#\d+\s+\d+ January 2024\s+1 h\s+with Ada Moor\s*$")
    expect(box.page.locator(".facts").first).to_have_text(facts)
    box.hold_clock()
    box.settle("lantern odd")
    facts = re.compile(r"^#\d+ · 2024 · Ada Moor$")
    expect(box.groups.first.locator(".ps-facts")).to_have_text(facts)
