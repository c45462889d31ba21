"""The page in a real browser: with and without scripts, light and dark, narrow and wide."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.conftest import LiveServer

STATES = {
    "front": "/search",
    "results": "/search?q=docker+postgres&per_page=3",
    "corrected": "/search?q=kuberntes",
    "partial": "/search?q=docker+xyzzy&per_page=2",
    "filtered": "/search?q=docker&tag=python&sort=newest&per_page=2",
    "listed": "/search?category=interviews",
    "explained": "/search?q=docker&explain=1&per_page=2",
    "exact": "/search?q=kuberntes&exact=1",
    "nothing": "/search?q=qqzzy",
    "past the end": "/search?q=docker&page=50",
    "refused": "/search?q=docker&page=0",
    "missing": "/nowhere",
    "manual": "/api/v1/",
}


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A page with scripts. Nothing may be fetched from anywhere but the server itself."""
    context = browser.new_context(base_url=live_server.url)
    opened = context.new_page()
    yield opened
    context.close()


@pytest.fixture(scope="module")
def standing(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A page that goes from state to state: a browser takes as long to open one as for six."""
    context = browser.new_context(base_url=live_server.url)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def plain(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A page in a browser whose scripts are off. Nothing lasts but where it is."""
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    yield context.new_page()
    context.close()


# Everything by links, without a script


def test_one_asks_with_the_form(plain: Page) -> None:
    plain.goto("/search")
    plain.get_by_role("searchbox").fill("docker")
    plain.get_by_role("button", name="Search").click()
    assert urlsplit(plain.url).query == "q=docker"
    assert plain.get_by_role("searchbox").input_value() == "docker"
    expect(plain.get_by_role("heading", level=1)).to_have_text(re.compile(r"for\sdocker\s*$"))


def test_a_correction_can_be_undone(plain: Page) -> None:
    plain.goto("/search?q=kuberntes")
    assert plain.get_by_role("article").count() > 0
    assert plain.get_by_role("link", name="as typed").count() == 1
    plain.get_by_role("link", name="kuberntes").click()
    assert parse_qs(urlsplit(plain.url).query) == {"q": ["kuberntes"], "exact": ["1"]}
    expect(plain.get_by_role("heading", level=1)).to_have_text("Nothing found for kuberntes")


def test_filters_are_links_with_counts_and_can_be_removed(plain: Page) -> None:
    plain.goto("/search?q=docker")
    filters = plain.get_by_role("navigation", name="Filters")
    link = filters.get_by_role("link").nth(1)
    name, count = link.inner_text().rsplit(maxsplit=1)
    link.click()
    assert plain.get_by_role("article").count() == int(count)
    assert "tag=" in plain.url
    chips = plain.get_by_role("list", name="Filters in force")
    chips.get_by_role("link", name=f"Remove filter {name}").click()
    assert urlsplit(plain.url).query == "q=docker"


def test_several_filters_can_be_removed_at_once(plain: Page) -> None:
    plain.goto("/search?q=docker&tag=docker&sort=newest")
    assert plain.get_by_role("link", name="Remove all filters").count() == 0
    plain.goto("/search?q=docker&tag=docker&tag=python&from=2022-01-01&sort=newest")
    plain.get_by_role("link", name="Remove all filters").click()
    assert urlsplit(plain.url).query == "q=docker&sort=newest"


def test_without_facets_there_is_no_list_of_filters_but_those_in_force_can_be_removed(
    plain: Page,
) -> None:
    plain.goto("/search?q=docker&tag=docker&facets=0")
    assert plain.get_by_role("article").count() > 1
    assert plain.get_by_role("navigation", name="Filters").count() == 0
    assert plain.get_by_role("link", name="Filters").count() == 0
    plain.get_by_role("link", name="Remove filter").click()
    assert urlsplit(plain.url).query == "q=docker&facets=0"


def test_a_single_episode_is_offered_neither_filters_nor_an_order(plain: Page) -> None:
    plain.goto("/search?q=observatory")
    assert plain.get_by_role("article").count() == 1
    assert plain.get_by_role("navigation").count() == 0


def test_what_the_show_never_says_is_said_once_and_not_of_each_episode(plain: Page) -> None:
    plain.goto("/search?q=docker+xyzzy")
    assert plain.get_by_text("Not in this show: xyzzy").is_visible()
    assert plain.get_by_role("article").count() > 1
    assert plain.get_by_role("article").filter(has_text="xyzzy").count() == 0


def test_a_tag_that_no_episode_has_is_named_and_the_nearest_are_offered(plain: Page) -> None:
    for asked in ("q=docker+tag:flaks", "tag=flaks"):
        plain.goto(f"/search?{asked}")
        assert plain.get_by_text("Not in this show: tag:flaks").is_visible()
        assert plain.get_by_role("link", name="Flask").is_visible()
    plain.goto("/search?q=docker+tag:flaks,flask")
    assert plain.get_by_text("Not in this show: tag:flaks").is_visible()
    assert plain.get_by_role("article").count()


def test_a_name_that_no_episode_has_can_be_searched_for_as_words(plain: Page) -> None:
    for asked in ("q=guest%3A%22dajngo+web%22", "guest=dajngo+web"):
        plain.goto(f"/search?{asked}")
        plain.get_by_role("link", name="“dajngo web”", exact=True).click()
        assert plain.get_by_text("instead of dajngo").is_visible()


def test_tags_that_begin_as_it_was_typed_are_offered_where_nothing_is_found(plain: Page) -> None:
    plain.goto("/search?q=dja")
    nearest = plain.get_by_role("region", name="Perhaps one of these")
    assert nearest.get_by_role("link").first.inner_text().startswith("Django")


def test_tags_that_the_query_names_are_marked_and_come_first(plain: Page) -> None:
    plain.goto("/search?q=k8s+postgres+github+actions")
    tags = plain.get_by_role("list", name="Tags").filter(has_text="PostgreSQL")
    assert tags.count() > 1
    for each in tags.all():
        marked = each.locator("mark").all_inner_texts()
        assert marked == each.get_by_role("link").all_inner_texts()[: len(marked)]
        assert "PostgreSQL" in marked
        assert set(marked) <= {"PostgreSQL", "GitHub Actions"}


def test_a_new_question_keeps_the_filters(plain: Page) -> None:
    plain.goto("/search?q=docker&category=podcast&sort=oldest")
    plain.get_by_role("searchbox").fill("redis")
    plain.get_by_role("button", name="Search").click()
    asked = parse_qs(urlsplit(plain.url).query)
    assert asked == {"q": ["redis"], "category": ["podcast"], "sort": ["oldest"]}


def test_the_order_is_a_choice_of_links(plain: Page) -> None:
    plain.goto("/search?q=docker")
    order = plain.get_by_role("navigation", name="Order")
    assert order.locator("[aria-current]").inner_text() == "Best first"
    order.get_by_role("link", name="Newest").click()
    days = [day.get_attribute("datetime") or "" for day in plain.locator("article time").all()]
    assert days == sorted(days, reverse=True)


def test_pages_turn_by_links(plain: Page) -> None:
    plain.goto("/search?q=the&per_page=3")
    first = plain.get_by_role("article").first.inner_text()
    plain.get_by_role("link", name="Next").click()
    assert plain.get_by_text("Page 2 of").is_visible()
    assert plain.get_by_role("article").first.inner_text() != first
    plain.get_by_role("link", name="Previous").click()
    assert plain.get_by_role("article").first.inner_text() == first


def test_more_moments_open_in_place(plain: Page) -> None:
    plain.goto("/search?q=the&moments=1")
    more = plain.locator("details.more").first
    hidden = more.get_by_role("listitem").first
    assert not hidden.is_visible()
    more.locator("summary").click()
    assert hidden.is_visible()
    assert urlsplit(plain.url).query == "q=the&moments=1"


def test_a_moment_is_a_link_to_its_second(plain: Page) -> None:
    plain.goto("/search?q=docker")
    moments = plain.locator("li.moment").all()
    assert moments
    for moment in moments:
        link = moment.get_by_role("link")
        time = moment.locator(".time").inner_text()
        address = link.get_attribute("href") or ""
        assert re.fullmatch(rf"https://lamproom\.example/podcast/[\w-]+#{time}", address)
        audio = moment.get_attribute("data-audio") or ""
        assert re.fullmatch(r"https://lamproom\.example/assets/podcast/lamp-room-\d+\.mp3", audio)
        start, end = moment.get_attribute("data-start"), moment.get_attribute("data-end")
        assert int(start or -1) < int(end or 0)


def test_when_nothing_is_found_the_page_helps_on(plain: Page) -> None:
    plain.goto("/search?q=djangoo+qqzzy&exact=1&tag=nosuch")
    assert plain.get_by_text("Looked in titles, descriptions, guests, tags").is_visible()
    assert plain.get_by_role("link", name="Search without the filters").is_visible()
    assert plain.get_by_role("link", name="Search with corrections").is_visible()
    nearest = plain.get_by_role("region", name="Perhaps one of these")
    assert nearest.get_by_role("link", name="Django").is_visible()
    newest = plain.get_by_role("region", name="Newest episodes")
    assert newest.get_by_role("link").count() > 3


def test_the_front_page_invites_with_questions_that_find_something(plain: Page) -> None:
    plain.goto("/search")
    examples = plain.locator(".try a")
    assert examples.count() == 3
    for number in range(3):
        plain.goto("/search")
        plain.locator(".try a").nth(number).click()
        assert plain.get_by_role("article").count() > 0
        assert plain.get_by_text("No episode has all").count() == 0


def test_the_front_page_shows_the_newest_and_the_most_talked_about(plain: Page) -> None:
    plain.goto("/search")
    newest = plain.get_by_role("region", name="Newest episodes")
    assert "A Library Boat" in newest.get_by_role("heading", level=3).first.inner_text()
    counts = [int(c.inner_text()) for c in plain.locator(".cloud .count").all()]
    assert counts == sorted(counts, reverse=True)
    assert len(counts) > 10


def test_how_to_ask_is_shown_with_words_of_this_very_show(plain: Page) -> None:
    plain.goto("/search")
    shown = plain.locator(".how code").all_inner_texts()
    assert shown[:3] == ["library boat", '"library boat"', "library -boat"]


def test_filters_are_explained_with_what_finds_something_here(plain: Page) -> None:
    plain.goto("/search")
    example = plain.locator(".how code", has_text="tag:").inner_text()
    plain.get_by_role("searchbox").fill(example)
    plain.get_by_role("button", name="Search").click()
    assert plain.get_by_role("article").count() > 0


def test_a_question_that_is_refused_stays_to_be_mended(plain: Page) -> None:
    words = " ".join(f"word{number}" for number in range(17))
    plain.goto(f"/search?q={words}")
    assert plain.get_by_text("the query has 17 words; at most 16 are searched").count() == 1
    assert plain.get_by_role("searchbox").input_value() == words


@pytest.mark.parametrize(
    ("words", "taken"),
    [
        ("docker " * 17, "docker " * 16),
        ("docker " * 15 + "x" * 96, "docker " * 15),
        ("d" * 201, "d" * 200),
    ],
)
def test_of_a_question_that_is_too_long_the_beginning_can_be_searched(
    plain: Page, words: str, taken: str
) -> None:
    plain.goto(f"/search?q={words}&tag=docker&year=2022&year=2023")
    plain.get_by_role("link", name="Search for its beginning").click()
    assert plain.get_by_role("searchbox").input_value() == taken.strip()
    assert (
        plain.get_by_role("list", name="Filters in force")
        .get_by_role("link", name="Remove filter")
        .count()
        == 3
    )


# The timeline


@pytest.mark.parametrize("width", [320, 800, 1920])
def test_every_tick_lies_where_its_moment_lies(
    page: Page, live_server: LiveServer, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    asked = "q=docker&moments=1"
    body = live_server.app.test_client().get(f"/api/v1/search?{asked}").get_json()
    page.goto(f"/search?{asked}")
    ticked = 0
    for episode in body["results"]:
        article = page.get_by_role("article").filter(has_text=episode["title"])
        ticks = article.locator(".timeline .tick")
        assert ticks.count() == len(episode["timeline"])
        if not episode["timeline"]:
            continue
        bar = article.locator(".timeline .track").bounding_box()
        assert bar is not None
        for tick, start in zip(ticks.all(), episode["timeline"], strict=True):
            mark = tick.locator(".mark").evaluate(
                "line => { const box = line.getBoundingClientRect();"
                " return box.x + box.width / 2; }"
            )
            there = (mark - bar["x"]) / bar["width"]
            assert there == pytest.approx(start / episode["duration"], abs=0.005)
            ticked += 1
    assert ticked > 2


def test_every_tick_is_a_link_that_says_time_and_text_to_whoever_points_at_it(page: Page) -> None:
    page.goto("/search?q=docker&moments=20")
    assert page.locator(".tick").count()
    for article in page.get_by_role("article").all():
        named = {
            tick.locator("title").text_content(): tick.get_attribute("href")
            for tick in article.locator(".tick").all()
        }
        listed = {
            re.sub(r"\s+", " ", moment.inner_text()).strip(): moment.get_attribute("href")
            for moment in article.locator("li.moment a.jump").all()
        }
        assert named == listed


def test_a_tick_is_what_a_click_on_it_reaches(page: Page) -> None:
    page.goto("/search?q=docker")
    page.route("https://lamproom.example/**", lambda route: route.fulfill(body="there"))
    tick = page.locator(".tick").first
    address = tick.get_attribute("href")
    tick.click()
    page.wait_for_url(str(address))


def test_each_moment_is_read_aloud_once(standing: Page) -> None:
    """The timeline shows to the eye what the list below it says."""
    page = standing
    page.goto("/search?q=docker")
    article = page.get_by_role("article").first
    address = article.locator(".tick").first.get_attribute("href")
    read = [link.get_attribute("href") for link in article.get_by_role("link").all()]
    assert read.count(address) == 1


def test_keys_pass_over_ticks_to_the_moments_they_stand_for(standing: Page) -> None:
    page = standing
    page.goto("/search?q=docker")
    article = page.get_by_role("article").first
    article.locator(".facts a").last.focus()
    page.keyboard.press("Tab")
    expect(article.locator("li.moment a.jump").first).to_be_focused()


def test_a_question_from_right_to_left_stands_so_in_the_box(standing: Page) -> None:
    box = standing.get_by_role("combobox")
    for words, direction in (("שלום", "rtl"), ("docker", "ltr")):
        standing.goto(f"/search?q={words}&per_page=1")
        assert box.evaluate("box => getComputedStyle(box).direction") == direction


# For everybody


@pytest.mark.parametrize("state", STATES)
def test_no_state_of_the_page_has_a_barrier(standing: Page, state: str) -> None:
    page = standing
    page.emulate_media(color_scheme="light")
    page.goto(STATES[state])
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    # In the dark nothing but colours is different.
    page.emulate_media(color_scheme="dark")
    found = Axe().run(page, options={"runOnly": ["color-contrast"]})
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("state", STATES)
def test_nothing_sticks_out_sideways(standing: Page, state: str) -> None:
    page = standing
    page.goto(STATES[state])
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    for width in (320, 375, 768, 1024, 1920):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("state", STATES)
def test_the_policy_has_nothing_to_complain_of(
    standing: Page, live_server: LiveServer, state: str
) -> None:
    page = standing
    said: list[str] = []
    fetched: list[str] = []
    noting: dict[Any, Any] = {
        "console": lambda message: said.append(message.text),
        "pageerror": lambda error: said.append(str(error)),
        "request": lambda request: fetched.append(request.url),
    }
    for event, note in noting.items():
        page.on(event, note)
    page.goto(STATES[state])
    page.wait_for_load_state("networkidle")
    for event, note in noting.items():
        page.remove_listener(event, note)
    assert fetched
    refused = "Failed to load resource: the server responded with a status of 40"
    assert [text for text in said if not text.startswith(refused)] == []
    assert all(url.startswith(live_server.url) for url in fetched)


def test_the_keyboard_reaches_the_results_first(page: Page) -> None:
    page.goto("/search?q=docker")
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    assert focused.inner_text() == "Skip to the content"
    page.keyboard.press("Enter")
    page.wait_for_url("**#main")


def test_to_mark_a_word_takes_no_room(page: Page) -> None:
    """Firefox broke a tag in two: its padding and negative margin did not add up to nothing."""
    page.goto("/search?q=docker")
    room = page.locator("mark").first.evaluate(
        "(mark) => (({ padding, margin }) => [padding, margin])(getComputedStyle(mark))"
    )
    assert room == ["0px", "0px"]


def test_a_page_that_the_browser_keeps_has_its_own_question_in_the_box(page: Page) -> None:
    """As one comes back to it, it holds what led away from it no more."""
    page.goto("/search?q=docker")
    page.evaluate("addEventListener('submit', (event) => event.preventDefault())")
    box = page.locator("#q")
    box.fill("python")
    leave = "dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))"
    page.evaluate(leave)
    assert box.input_value() == "python"  # a link led away: what was typed is still wanted
    box.press("Enter")
    page.evaluate(leave)
    assert box.input_value() == "docker"


def test_on_paper_everything_is_open_and_addresses_are_written_out(page: Page) -> None:
    page.goto("/search?q=the&moments=1")
    page.emulate_media(media="print")
    assert page.locator("details.more li.moment").first.is_visible()
    assert not page.get_by_role("button", name="Search").is_visible()
    # Firefox breaks no row of a grid over pages.
    results = page.locator("main.results")
    assert results.evaluate("(results) => getComputedStyle(results).display") == "block"
    content = page.evaluate(
        "getComputedStyle(document.querySelector('.episode h2 a'), '::after').content"
    )
    assert "https://lamproom.example/" in content


def test_in_colours_of_the_readers_own_one_sees_what_is_chosen_and_what_can_be_pressed(
    page: Page,
) -> None:
    """Where all backgrounds are one, what is clear otherwise has a colour."""
    page.emulate_media(forced_colors="active")
    page.goto("/search?q=docker")
    style = "e => getComputedStyle(e).{}"
    chosen, other = (
        page.locator(link).first.evaluate(style.format("borderBottomColor"))
        for link in (".sorts a[aria-current]", ".sorts a:not([aria-current])")
    )
    assert chosen != other
    button = page.get_by_role("button", name="Search")
    assert button.evaluate(style.format("borderTopStyle")) == "solid"
    # Behind a text the browser paints the page's colour: on another one it would be a patch.
    assert button.evaluate(style.format("backgroundColor")) == page.locator("body").evaluate(
        style.format("backgroundColor")
    )
    # What is drawn is not recoloured by the browser: the best moments have the links' colour, too.
    best = page.locator(".best .mark").first.evaluate(style.format("stroke"))
    assert best == page.locator(".jump .time").first.evaluate(style.format("color"))


def test_on_a_phone_order_and_filters_stand_on_one_line(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/search?q=docker")
    middles = []
    for link in (".sorts a", ".to-filters"):
        text = page.locator(link).first.evaluate(
            "(e) => { const range = document.createRange(); range.selectNodeContents(e);"
            "const { top, bottom } = range.getBoundingClientRect(); return (top + bottom) / 2; }"
        )
        middles.append(text)
    assert middles[0] == pytest.approx(middles[1], abs=1)


def test_on_a_phone_no_word_is_broken_where_letters_stand_wide(page: Page) -> None:
    """As wide as WCAG 2.2, 1.4.12 Text Spacing wants it borne."""
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/search?q=docker")
    height = "(link) => link.getBoundingClientRect().height"
    before = page.locator(".to-filters").evaluate(height)
    page.evaluate(
        "() => Object.assign(document.body.style, { letterSpacing: '.12em', wordSpacing: '.16em' })"
    )
    assert page.locator(".to-filters").evaluate(height) == before


def test_on_a_phone_every_tag_is_large_enough_for_a_finger(page: Page) -> None:
    """24 pixels: WCAG 2.2, 2.5.8 Target Size (Minimum)."""
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/search?q=docker")
    heights = page.locator(".tags a").evaluate_all(
        "(links) => links.map((link) => link.getBoundingClientRect().height)"
    )
    assert min(heights) >= 24


def test_who_wants_more_contrast_sees_no_soft_colours(standing: Page) -> None:
    page = standing
    page.emulate_media(contrast="more")
    page.goto("/search?q=docker")
    colour, line = ("e => getComputedStyle(e).color", "e => getComputedStyle(e).borderTopColor")
    seen = {page.locator(text).first.evaluate(colour) for text in ("body", ".facts", ".tags a")}
    seen.add(page.locator(".episodes > li").first.evaluate(line))
    page.emulate_media(contrast="no-preference")
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("asked", "topic"),
    [
        ("q=docker&tag=python", "docker"),
        ("q=the&per_page=5&page=2", "the, page 2"),
        ("tag=docker&year=2022", "Docker, 2022"),
    ],
)
def test_tabs_and_bookmarks_say_what_is_on_the_page(plain: Page, asked: str, topic: str) -> None:
    plain.goto(f"/search?{asked}")
    found = plain.get_by_role("heading", level=1).inner_text().partition(",")[0]
    assert plain.title() == f"{topic} – {found} – The Lamp Room"


# For machines that read it


def test_result_pages_are_not_for_search_engines_and_the_front_page_is(plain: Page) -> None:
    plain.goto("/search?q=docker&utm_source=letter&page=1")
    assert plain.locator("meta[name=robots]").get_attribute("content") == "noindex"
    canonical = plain.locator("link[rel=canonical]")
    assert canonical.get_attribute("href") == "/search?q=docker"
    plain.goto("/search")
    assert plain.locator("meta[name=robots]").count() == 0
    assert canonical.get_attribute("href") == "/search"


def test_a_browser_can_add_the_search(plain: Page, live_server: LiveServer) -> None:
    plain.goto("/search")
    link = plain.locator("link[rel=search]")
    assert link.get_attribute("title") == "The Lamp Room"
    described = live_server.app.test_client().get(
        str(link.get_attribute("href")), base_url="https://find.lamproom.example"
    )
    text = described.get_data(as_text=True)
    assert described.mimetype == "application/opensearchdescription+xml"
    assert "<ShortName>The Lamp Room</ShortName>" in text
    assert 'template="https://find.lamproom.example/search?q={searchTerms}"' in text
    assert 'template="https://find.lamproom.example/api/v1/suggest?q={searchTerms}"' in text
