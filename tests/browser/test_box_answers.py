"""What the box shows: the answer to the text that is in it, and failures as failures."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.box import API, Box, LateAnswers
from tests.browser.conftest import OpenPage, Show, pass_frames
from tests.conftest import serving, settings_for


@pytest.fixture
def box(show: Show, open_page: OpenPage) -> Box:
    return Box(open_page(f"{show.site.url}/about"))


def test_episodes_are_groups_and_their_moments_options_with_a_time(box: Box, show: Show) -> None:
    box.ask("python")
    answer = show.box_json("python")
    expect(box.groups).to_have_count(len(answer["results"]))
    for number, episode in enumerate(answer["results"]):
        group = box.groups.nth(number)
        assert group.get_attribute("aria-labelledby")
        expect(group).to_have_accessible_name(episode["title"])
        links = [option.get_attribute("href") for option in group.get_by_role("option").all()]
        assert links == [episode["url"], *(moment["url"] for moment in episode["moments"])]
        for place, moment in enumerate(episode["moments"]):
            name = f"{moment['time']} {moment['text']}"
            expect(group.get_by_role("option").nth(place + 1)).to_have_accessible_name(name)


def test_the_words_found_are_marked(box: Box) -> None:
    box.ask("python")
    marked = box.list.locator("mark").all_inner_texts()
    assert marked
    assert all("python" in text.lower() for text in marked)


def test_the_counts_are_announced_politely(box: Box, show: Show) -> None:
    box.ask("python")
    answer = show.box_json("python")
    episodes, moments = answer["found_episodes"], answer["found_moments"]
    expect(box.status).to_contain_text(f"{episodes} episodes, {moments} moments")
    expect(box.options.last).to_have_text(f"See all: {episodes} episodes, {moments} moments")


def test_where_only_episodes_are_found_no_moments_are_counted(box: Box, show: Show) -> None:
    box.ask("tag:rust")
    found = show.box_json("tag:rust")["found_episodes"]
    expect(box.options.last).to_have_text(f"See all: {found} episode{'s' * (found > 1)}")


def test_the_last_word_may_be_unfinished(box: Box) -> None:
    box.ask("pytho")
    assert "Python" in box.list.inner_text()


def test_the_page_shows_what_the_box_found_of_an_unfinished_word(box: Box) -> None:
    box.ask("kubernt")
    found = box.options.last.inner_text().removeprefix("See all: ")
    box.options.last.click()
    expect(box.page.get_by_role("heading", level=1)).to_have_text(f"{found} for kubernetes")


def test_a_misspelt_word_is_corrected_and_the_box_says_so(box: Box) -> None:
    box.ask("kuberntes ")
    expect(box.popup).to_contain_text("Showing results for “kubernetes”")
    expect(box.status).to_contain_text("kubernetes")


def test_nothing_found_is_said(box: Box) -> None:
    box.type("qqqqxxxxzzzz")
    expect(box.popup).to_have_text("Nothing found for “qqqqxxxxzzzz”")
    expect(box.status).to_have_text("Nothing found for “qqqqxxxxzzzz”")
    expect(box.input).to_have_attribute("aria-expanded", "false")
    expect(box.list).to_have_count(0)


def test_fast_typing_asks_once(box: Box) -> None:
    asked: list[str] = []
    box.page.on("request", lambda request: asked.append(request.url))
    # The page's own clock is held, so that however slow this machine is, a key follows in 0.1 s.
    box.page.clock.install(time=0)
    box.page.clock.pause_at(1)
    for key in "python":
        box.type(key)
        box.page.clock.run_for(100)
    box.page.clock.resume()
    expect(box.options.first).to_be_visible()
    assert len(asked) == 1
    assert "q=python&" in asked[0]


def test_an_older_request_is_aborted_and_its_answer_never_shown(box: Box) -> None:
    failed: list[str] = []
    box.page.on("requestfailed", lambda request: failed.append(request.url))
    late = LateAnswers(box.page, "postgres")
    with box.page.expect_request("**q=postgres&**"):
        box.input.fill("postgres")
    box.input.fill("")
    box.ask("rust")
    shown = box.list.inner_html()
    late.release()
    pass_frames(box.page, 10)
    assert box.list.inner_html() == shown
    assert "q=postgres&" in failed[0]


def test_an_answer_is_not_shown_when_a_script_has_changed_the_text(box: Box) -> None:
    late = LateAnswers(box.page, "python")
    with box.page.expect_request(API):
        box.input.fill("python")
    box.input.evaluate("(input) => { input.value = 'rust'; }")
    with box.page.expect_response(API) as response:
        late.release()
    response.value.finished()
    pass_frames(box.page, 10)
    expect(box.options).to_have_count(0)


def test_options_to_another_text_stay_in_sight_until_the_next_but_cannot_be_chosen(
    box: Box,
) -> None:
    late = LateAnswers(box.page, "python i")
    box.ask("python")
    shown = box.list.inner_text()
    box.hold_clock()
    box.type(" i")
    box.page.clock.run_for(300)
    assert box.list.inner_text() == shown
    expect(box.list).to_have_attribute("aria-busy", "true")
    box.press("ArrowDown")
    assert box.input.get_attribute("aria-activedescendant") is None
    expect(box.chosen).to_have_count(0)
    box.page.clock.run_for(500)
    expect(box.popup).to_have_text("Searching…")
    late.release()
    expect(box.options.first).to_have_attribute("aria-selected", "true")


def test_a_blank_does_not_make_it_another_text(box: Box) -> None:
    box.ask("python")
    box.type(" ")
    box.press("ArrowDown")
    expect(box.options.first).to_have_attribute("aria-selected", "true")


def test_clearing_the_text_closes_the_box_and_drops_the_question(box: Box) -> None:
    late = LateAnswers(box.page, "python")
    with box.page.expect_request(API):
        box.input.fill("python")
    box.input.fill("")
    late.release()
    pass_frames(box.page, 10)
    expect(box.popup).to_have_count(0)


def test_a_server_out_of_reach_is_an_error_not_nothing_found(box: Box) -> None:
    box.page.route(API, lambda route: route.abort())
    box.type("python")
    expect(box.popup).to_contain_text("is not answering")
    expect(box.status).to_contain_text("is not answering")
    expect(box.input).to_have_attribute("aria-expanded", "false")


def test_an_error_is_forgotten_with_the_next_answer(box: Box) -> None:
    box.page.route(API, lambda route: route.abort())
    box.type("pytho")
    expect(box.popup).to_contain_text("is not answering")
    box.page.unroute(API)
    late = LateAnswers(box.page, "python")
    box.type("n")
    expect(box.popup).to_have_text("Searching…")
    expect(box.popup.locator(".ps-error")).to_have_count(0)
    late.release()
    expect(box.options.first).to_be_visible()
    expect(box.popup).not_to_contain_text("is not answering")


def test_what_the_server_refuses_is_said_in_its_words(box: Box) -> None:
    box.input.fill("a" * 201)
    expect(box.popup).to_contain_text("at most 200")


def test_a_search_without_an_index_is_an_error(
    tmp_path: Path, show: Show, open_page: OpenPage
) -> None:
    from web.app import create_app

    with serving(create_app(settings_for(tmp_path / "none"))) as empty:
        show.site.attributes = f'endpoint="{empty.url}/api/v1/search"'
        page = open_page(f"{show.site.url}/about", bypass_csp=True)
        Box(page).type("python")
        expect(Box(page).popup).to_contain_text("is not answering")
        page.context.close()  # an open connection would keep the server waiting


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:application/json,{}", "ftp://x/"])
def test_only_an_endpoint_on_the_web_is_asked(
    show: Show, open_page: OpenPage, address: str
) -> None:
    show.site.attributes = f'endpoint="{address}"'
    page = open_page(f"{show.site.url}/about")
    assert page.locator("#q").get_attribute("role") is None
    page.locator("#q").press_sequentially("python")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{show.search}/search?q=python")


def test_it_asks_for_no_facets_as_it_shows_none(box: Box) -> None:
    with box.page.expect_response(API) as response:
        box.input.fill("python")
    answer = response.value.json()
    assert answer["results"]
    assert not any(answer["facets"].values())


def test_the_filters_of_the_form_narrow_the_answer(show: Show, open_page: OpenPage) -> None:
    page = open_page(show.page("", "&tag=rust"))
    with page.expect_request(API) as request:
        Box(page).input.fill("roof")
    assert "tag=rust" in request.value.url
    found = show.json("roof", "&tag=rust&per_page=5&typing=1")["found_episodes"]
    expect(Box(page).groups).to_have_count(found)


def test_texts_can_be_in_the_sites_own_language(show: Show, open_page: OpenPage) -> None:
    show.site.attributes = (
        'text-episodes="1 Folge|{n} Folgen" text-moments="1 Stelle|{n} Stellen" '
        'text-all="Alles: {found}"'
    )
    box = Box(open_page(f"{show.site.url}/about"))
    box.ask("python")
    answer = show.box_json("python")
    expected = f"Alles: {answer['found_episodes']} Folgen, {answer['found_moments']} Stellen"
    expect(box.options.last).to_have_text(expected)


def watch_shifts(page: Page) -> None:
    """From here on, adds up how much moves without being asked to; typing is no excuse.

    Begins when all has come and nothing has moved for 20 frames: the browser's own audio controls
    settle a little later than the page.
    """
    page.wait_for_load_state("networkidle")
    page.evaluate(
        """() => {
            window.shift = 0;
            window.still = 0;
            new PerformanceObserver((list) => {
                for (const entry of list.getEntries()) window.shift += entry.value;
                window.still = 0;
            }).observe({ type: "layout-shift" });
            return new Promise((done) => {
                const next = () => (window.still++ < 20 ? requestAnimationFrame(next) : done());
                next();
            });
        }"""
    )
    page.evaluate("window.shift = 0")


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("where", ["an episode's page", "the search page"])
def test_nothing_on_the_page_moves_while_answers_come_in(
    show: Show, open_page: OpenPage, width: int, where: str
) -> None:
    address = f"{show.site.url}/podcast/7" if where == "an episode's page" else show.page("fox")
    page = open_page(address, viewport={"width": width, "height": 800})
    watch_shifts(page)
    box = Box(page)
    box.input.fill("")
    box.ask("python")
    box.ask(" rust")
    box.ask(" qqxx")
    box.input.fill("qqqqxxxxzzzz")
    expect(box.popup).to_contain_text("Nothing found")
    box.press("Escape")
    pass_frames(page, 2)  # what moved is told of a frame later
    assert page.evaluate("window.shift") == 0
