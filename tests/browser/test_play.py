"""▶ on the search page: a moment is heard in place, from its second to its end."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage, Show, wait_until

# The page's player is not part of its document; a subclass of Audio keeps it in sight, and where it
# begins to play: to look later would be too late where a test's machine is slow. (The recording's
# own first minute is none: no moment here begins there.)
SPY = """
window.Audio = class extends window.Audio {
    constructor(...given) {
        super(...given);
        (window.players ??= []).push(this);
        this.began = [];
        this.addEventListener("playing", () => {
            if (this.currentTime > 60) this.began.push(this.currentTime);
        });
    }
};
"""

# Before the page's scripts run. A show tells no end of an episode's last moment, unless it knows
# how long the episode is.
WITHOUT_ENDS = """
document.addEventListener("readystatechange", () => {
    for (const moment of document.querySelectorAll("li.moment")) moment.dataset.end = "";
}, { once: true });
"""


@pytest.fixture
def page(show: Show, open_page: OpenPage) -> Page:
    opened = open_page(f"{show.search}/search")
    opened.context.add_init_script(SPY)
    opened.goto(show.page("python"))
    return opened


def player(page: Page, what: str) -> float:
    value: float = page.evaluate(f"players[0].{what}")
    return value


def button(moment: Locator) -> Locator:
    return moment.get_by_role("button")


def test_every_moment_with_a_recording_has_a_button_named_by_it(page: Page) -> None:
    moments = page.locator("li.moment[data-audio]")
    assert moments.count() > 0
    for moment in moments.all():
        time, text = moment.locator(".time").inner_text(), moment.locator(".text").text_content()
        expect(button(moment)).to_have_accessible_name(f"Play {time} {text}")


def test_nothing_is_fetched_before_something_is_played(page: Page, show: Show) -> None:
    page.wait_for_load_state("networkidle")
    assert page.evaluate("players.length") == 1
    assert page.evaluate("players[0].preload") == "none"
    assert not [path for path in show.site.requests if path.startswith("/audio/")]


def test_a_moment_plays_from_its_second(page: Page) -> None:
    moment = page.locator("li.moment").first
    start = int(moment.get_attribute("data-start") or 0)
    button(moment).click()
    wait_until(page, "players[0].began.length > 0")
    assert player(page, "began[0]") == pytest.approx(start, abs=1)
    expect(button(moment)).to_have_accessible_name(
        f"Pause {moment.locator('.time').inner_text()} {moment.locator('.text').text_content()}"
    )


def test_a_recording_plays_unheard_before_it_is_told_where(page: Page) -> None:
    """WebKit forgets, or stays at, a place that it is told sooner."""
    page.evaluate(
        """() => {
            const time = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, "currentTime");
            const set = function (place) {
                (window.told ??= []).push([time.get.call(this), this.muted]);
                time.set.call(this, place);
            };
            Object.defineProperty(HTMLMediaElement.prototype, "currentTime", { ...time, set });
        }"""
    )
    button(page.locator("li.moment").first).click()
    wait_until(page, "players[0].began.length > 0")
    [[place, muted]] = page.evaluate("told")
    assert 0 < place < 60
    assert muted
    assert not player(page, "muted")


def test_the_timeline_shows_where_it_plays(page: Page, show: Show) -> None:
    moment = page.locator("li.moment").first
    start = int(moment.get_attribute("data-start") or 0)
    length = show.json("python")["results"][0]["duration"]
    assert page.locator(".playing").count() == 0
    button(moment).click()
    wait_until(page, "players[0].currentTime > 60 && !players[0].paused")
    playing = page.get_by_role("article").first.locator(".timeline .playing")
    place = float(str(playing.get_attribute("x1")).removesuffix("%"))
    assert place == pytest.approx(100 * start / length, abs=0.5)


def test_a_phones_lock_screen_names_what_plays(page: Page) -> None:
    moment = page.locator("li.moment").first
    button(moment).click()
    wait_until(page, "!players[0].paused")
    shown = page.evaluate(
        "(({ title, album, artist }) => [title, album, artist])(navigator.mediaSession.metadata)"
    )
    episode = page.get_by_role("article").first.get_by_role("heading").inner_text()
    assert shown == [moment.locator(".text").inner_text(), episode, "The Lamp Room"]


def test_it_stops_at_the_moments_end(page: Page) -> None:
    moment = page.locator("li.moment").first
    end = int(moment.get_attribute("data-end") or 0)
    button(moment).click()
    wait_until(page, "players[0].currentTime > 60 && !players[0].seeking")
    page.evaluate(f"players[0].currentTime = {end} - 0.4")
    wait_until(page, "players[0].paused")
    assert -0.5 < player(page, "currentTime") - end < 5
    expect(button(moment)).to_have_text("▶")


def test_after_its_end_it_plays_from_its_start_again(page: Page) -> None:
    moment = page.locator("li.moment").first
    start, end = (int(moment.get_attribute(f"data-{name}") or 0) for name in ("start", "end"))
    button(moment).click()
    wait_until(page, "players[0].currentTime > 60 && !players[0].seeking")
    page.evaluate(f"players[0].currentTime = {end} - 0.2")
    wait_until(page, "players[0].paused")
    button(moment).click()
    wait_until(page, "!players[0].paused && !players[0].seeking")
    assert start <= player(page, "currentTime") < end - 0.2


def test_a_second_press_pauses_and_a_third_goes_on(page: Page) -> None:
    moment = page.locator("li.moment").first
    start = int(moment.get_attribute("data-start") or 0)
    button(moment).click()
    wait_until(page, f"players[0].currentTime > {start} + 0.3")
    button(moment).click()
    wait_until(page, "players[0].paused")
    paused_at = player(page, "currentTime")
    page.evaluate("players[0].began.length = 0")
    button(moment).click()
    wait_until(page, "players[0].began.length > 0")
    assert player(page, "began[0]") == pytest.approx(paused_at, abs=0.5)


def test_another_moment_takes_over_the_one_player(page: Page) -> None:
    first, second = page.locator("li.moment").nth(0), page.locator("li.moment").nth(1)
    start = int(second.get_attribute("data-start") or 0)
    button(first).click()
    wait_until(page, "players[0].currentTime > 60 && !players[0].paused")
    button(second).click()
    wait_until(page, f"Math.abs(players[0].began.at(-1) - {start}) < 1")
    expect(button(first)).to_have_text("▶")
    expect(button(second)).to_have_text("❚❚")
    assert page.evaluate("players.length") == 1


def test_a_recording_that_cannot_be_had_is_said(page: Page) -> None:
    page.route("**/audio/**", lambda route: route.abort())
    moment = page.locator("li.moment").first
    button(moment).click()
    expect(button(moment)).to_have_text("✕")
    assert "Cannot play" in str(button(moment).get_attribute("aria-label"))
    expect(page.get_by_role("alert")).to_have_text("The recording cannot be played here.")
    expect(page.locator(".playing")).to_have_count(0)
    # It is forgotten as soon as it can be.
    page.unroute("**/audio/**")
    button(moment).click()
    wait_until(page, "!players[0].paused && players[0].currentTime > 60")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_recording_that_breaks_off_while_it_plays_is_said(page: Page) -> None:
    moment = page.locator("li.moment").first
    button(moment).click()
    wait_until(page, "players[0].currentTime > 60 && !players[0].paused")
    page.route("**/audio/**", lambda route: route.abort())
    page.evaluate("players[0].load(); players[0].play().catch(() => {})")
    expect(page.get_by_role("alert")).to_have_text("The recording cannot be played here.")
    expect(button(moment)).to_have_text("✕")


def test_the_button_says_what_the_lock_screen_or_a_key_of_the_keyboard_did(page: Page) -> None:
    moment = page.locator("li.moment").first
    button(moment).click()
    wait_until(page, "players[0].currentTime > 60 && !players[0].paused")
    page.evaluate("players[0].pause()")
    expect(button(moment)).to_have_text("▶")
    page.evaluate("players[0].play()")
    expect(button(moment)).to_have_text("❚❚")


def test_a_moment_heard_to_the_end_of_the_recording_plays_from_its_start_again(page: Page) -> None:
    page.add_init_script(WITHOUT_ENDS)
    page.reload()
    moment = page.locator("li.moment").first
    start = int(moment.get_attribute("data-start") or 0)
    button(moment).click()
    wait_until(page, "players[0].currentTime > 60 && !players[0].seeking")
    page.evaluate("players[0].currentTime = players[0].duration - 0.2")
    wait_until(page, "players[0].ended")
    button(moment).click()
    wait_until(page, "!players[0].paused && !players[0].seeking")
    assert player(page, "currentTime") >= start


def test_it_plays_where_no_lock_screen_can_be_told(show: Show, open_page: OpenPage) -> None:
    """As in the web views of apps."""
    page = open_page(f"{show.search}/search")
    page.context.add_init_script(SPY)
    page.context.add_init_script("delete Navigator.prototype.mediaSession")
    page.goto(show.page("python"))
    button(page.locator("li.moment").first).click()
    wait_until(page, "players[0].currentTime > 60 && !players[0].paused")


def test_the_needle_leaves_the_timeline_of_what_plays_no_more(page: Page) -> None:
    """Also for an episode without a timeline, as nobody tells how long it is."""
    first, other = (page.get_by_role("article").nth(number) for number in (0, 1))
    button(first.locator("li.moment").first).click()
    expect(first.locator(".playing")).to_have_count(1)
    other.locator(".timeline").evaluate("(timeline) => timeline.remove()")
    button(other.locator("li.moment").first).click()
    wait_until(page, "!players[0].paused")
    expect(page.locator(".playing")).to_have_count(0)


def test_j_and_k_go_from_moment_to_moment(page: Page) -> None:
    links = page.locator("li.moment a.jump")
    page.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(links.nth(0)).to_be_focused()


def test_j_and_k_pass_over_moments_folded_away(show: Show, open_page: OpenPage) -> None:
    page = open_page(show.page("the", "&moments=1"))
    shown = page.locator("li.moment a.jump:not(details a)")
    for number in range(2):
        page.keyboard.press("j")
        expect(shown.nth(number)).to_be_focused()


def test_j_in_the_search_box_is_a_letter(page: Page) -> None:
    box = page.get_by_role("combobox")
    box.fill("")
    box.press_sequentially("jk")
    assert box.input_value() == "jk"
    expect(box).to_be_focused()
