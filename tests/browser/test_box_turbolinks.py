"""The box on a site with the real Turbolinks 5.2.0, and the moments of the page one is on."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.box import Box
from tests.browser.conftest import OpenPage, Show, pass_frames, wait_until

SEEK = "document.querySelector('audio')?.currentTime ?? -1"
KEPT = "window.kept = document.querySelector('audio')"
IS_KEPT = "window.kept === document.querySelector('audio')"


@pytest.fixture(params=["with Turbolinks", "without Turbolinks"])
def site_url(request: pytest.FixtureRequest, show: Show) -> str:
    """The site's address, once as a Turbolinks site and once as a plain one."""
    if request.param == "with Turbolinks":
        show.site.turbolinks = request.getfixturevalue("turbolinks")
    return show.site.url


@pytest.fixture
def turbolinks_url(show: Show, turbolinks: str) -> str:
    show.site.turbolinks = turbolinks
    return show.site.url


# Until a visit is done, Turbolinks may still put the fetched page in the place of its preview.
SETTLED = """!window.Turbolinks
    || ["completed", undefined].includes(Turbolinks.controller.currentVisit?.state)"""


def ask(page: Page, text: str) -> Box:
    wait_until(page, SETTLED)
    box = Box(page)
    box.ask(text)
    return box


def first_link(show: Show) -> tuple[str, str, int]:
    """The best moment for `python`: its episode's page, its clock, its second."""
    moment = show.box_json("python")["results"][0]["moments"][0]
    url, _, clock = moment["url"].partition("#")
    return url, clock, moment["start"]


def player_at(page: Page, seconds: int) -> None:
    """Waits for the page's player to be there, give or take half a second."""
    wait_until(page, f"Math.abs(({SEEK}) - {seconds}) < 0.5")


def test_a_moment_of_another_episode_opens_its_page_at_the_second(
    show: Show, open_page: OpenPage, site_url: str
) -> None:
    page = open_page(f"{site_url}/about")
    url, clock, seconds = first_link(show)
    ask(page, "python").moment().click()
    page.wait_for_url(f"{url}#{clock}")
    player_at(page, seconds)
    expect(Box(page).popup).to_have_count(0)


def test_turbolinks_makes_that_visit_without_loading_the_page_anew(
    show: Show, open_page: OpenPage, turbolinks_url: str
) -> None:
    page = open_page(f"{turbolinks_url}/about")
    page.evaluate("window.sameDocument = true")
    url, clock, _ = first_link(show)
    box = ask(page, "python")
    box.press("ArrowDown", "ArrowDown", "Enter")
    page.wait_for_url(f"{url}#{clock}")
    assert page.evaluate("window.sameDocument")


def test_a_moment_of_this_page_moves_the_player_and_asks_the_site_for_nothing(
    show: Show, open_page: OpenPage, site_url: str
) -> None:
    url, clock, seconds = first_link(show)
    page = open_page(url)
    player_at(page, 0)
    page.evaluate(KEPT)
    box = ask(page, "python")
    page.evaluate("scrollTo(0, 600)")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.resource_type))
    box.press("ArrowDown", "ArrowDown", "Enter")
    player_at(page, seconds)
    pass_frames(page, 10)
    assert page.url == f"{url}#{clock}"
    assert page.evaluate(IS_KEPT)
    # The player itself fetches the sound at its new place; nothing else is asked for.
    assert set(asked) <= {"media"}
    expect(page.locator(".js-audio-player")).to_be_in_viewport()
    expect(box.popup).to_have_count(0)
    expect(box.status).to_have_text(f"The player is at {clock}")


def test_the_same_moment_again_moves_the_player_back_to_it(
    show: Show, open_page: OpenPage, site_url: str
) -> None:
    url, clock, seconds = first_link(show)
    page = open_page(f"{url}#{clock}")
    player_at(page, seconds)
    page.evaluate("document.querySelector('audio').currentTime = 5")
    player_at(page, 5)
    ask(page, "python").moment().click()
    player_at(page, seconds)


def test_the_pages_own_query_does_not_make_it_another_page(show: Show, open_page: OpenPage) -> None:
    url, clock, seconds = first_link(show)
    page = open_page(f"{url}/?utm_source=letter")
    player_at(page, 0)
    page.evaluate(KEPT)
    ask(page, "python").moment().click()
    player_at(page, seconds)
    assert page.url == f"{url}/?utm_source=letter#{clock}"
    assert page.evaluate(IS_KEPT)


def test_a_moment_of_this_page_in_a_new_tab_is_a_plain_link(
    show: Show, open_page: OpenPage, site_url: str
) -> None:
    url, clock, seconds = first_link(show)
    page = open_page(url)
    box = ask(page, "python")
    with page.context.expect_page() as opened:
        box.moment().click(modifiers=["Control"])
    player_at(opened.value, seconds)
    assert page.url == url


def test_back_and_forward_find_the_pages_without_a_ghost_of_the_popup(
    show: Show, open_page: OpenPage, site_url: str
) -> None:
    page = open_page(f"{site_url}/about")
    url, clock, seconds = first_link(show)
    ask(page, "python").moment().click()
    page.wait_for_url(f"{url}#{clock}")
    page.go_back()
    page.wait_for_url(f"{site_url}/about")
    expect(page.get_by_role("combobox")).to_have_count(1)
    expect(Box(page).popup).to_have_count(0)
    page.go_forward()
    page.wait_for_url(f"{url}#{clock}")
    player_at(page, seconds)
    expect(Box(page).popup).to_have_count(0)
    ask(page, "rust")


def test_back_after_a_moment_of_this_page_leaves_a_box_that_works(
    show: Show, open_page: OpenPage, site_url: str
) -> None:
    url, clock, _ = first_link(show)
    page = open_page(url)
    ask(page, "python").moment().click()
    assert page.url == f"{url}#{clock}"
    page.go_back()
    page.wait_for_url(url)
    expect(Box(page).popup).to_have_count(0)
    Box(page).input.fill("")
    ask(page, "rust")


def test_no_preview_of_turbolinks_ever_shows_the_popup(
    show: Show, open_page: OpenPage, turbolinks_url: str
) -> None:
    page = open_page(f"{turbolinks_url}/about")
    page.evaluate(
        """() => {
            window.ghosts = 0;
            window.previews = 0;
            const count = () => {
                const root = document.documentElement;
                if (root.hasAttribute("data-turbolinks-preview")) window.previews += 1;
                const left = ".ps-panel, [aria-expanded=true], [aria-activedescendant]";
                window.ghosts += document.querySelectorAll(left).length;
            };
            // On the window, so after those who listen on the document as they are told to.
            window.addEventListener("turbolinks:before-cache", count);
            window.addEventListener("turbolinks:render", count);
            window.loads = 0;
            window.addEventListener("turbolinks:load", () => { window.loads += 1; });
        }"""
    )
    ask(page, "python").press("ArrowDown")
    # As by a key of the site's own: the popup is open when the page is left.
    page.evaluate("Turbolinks.visit('/')")
    page.wait_for_url(f"{turbolinks_url}/")
    page.locator("#about").click()
    page.wait_for_url(f"{turbolinks_url}/about")
    wait_until(page, "window.loads === 2")
    assert page.evaluate("window.previews") >= 1
    assert page.evaluate("window.ghosts") == 0
    expect(page.locator(".ps-live")).to_have_count(1)
    ask(page, "rust")


def test_ten_visits_leave_no_listener_behind(
    show: Show, open_page: OpenPage, turbolinks_url: str
) -> None:
    page = open_page(f"{turbolinks_url}/about")

    def box_listeners() -> int:
        session = page.context.new_cdp_session(page)
        scripts: dict[str, str] = {}
        session.on("Debugger.scriptParsed", lambda s: scripts.update({s["scriptId"]: s["url"]}))
        session.send("Debugger.enable")
        count = 0
        for target in ("window", "document"):
            found = session.send("Runtime.evaluate", {"expression": target})
            listeners = session.send(
                "DOMDebugger.getEventListeners", {"objectId": found["result"]["objectId"]}
            )["listeners"]
            count += sum("search-box.js" in scripts.get(one["scriptId"], "") for one in listeners)
        session.detach()
        return count

    ask(page, "python").press("Escape")
    before = box_listeners()
    assert before >= 3  # the shortcut, the page's cache, the page's end
    page.evaluate(
        "window.loads = 0; document.addEventListener('turbolinks:load', () => { loads += 1; })"
    )
    for number, link in enumerate(["#home", "#about"] * 5, 1):
        page.locator(link).click()
        wait_until(page, f"loads === {number}")
    ask(page, "rust")
    assert box_listeners() == before


def test_a_box_taken_from_the_page_and_put_back_works_once(show: Show, open_page: OpenPage) -> None:
    page = open_page(f"{show.site.url}/about")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate(
        """() => {
            const box = document.querySelector("podcast-search");
            const parent = box.parentNode;
            box.remove();
            parent.append(box);
        }"""
    )
    box = Box(page)
    box.input.fill("python")
    expect(box.options.first).to_be_visible()
    assert len(asked) == 1
    expect(page.locator(".ps-live")).to_have_count(1)


def test_the_script_may_be_loaded_twice(show: Show, open_page: OpenPage) -> None:
    page = open_page(f"{show.site.url}/about", bypass_csp=True)
    page.add_script_tag(url=f"{show.search}/search-box.js")
    box = ask(page, "python")
    assert re.fullmatch(r"podcast-search-\d+-list", str(box.list.get_attribute("id")))
