"""The keys of the box: the ARIA Authoring Practices' editable combobox with list autocomplete.

https://www.w3.org/WAI/ARIA/apg/patterns/combobox/#keyboardinteraction
"""

import pytest
from playwright.sync_api import expect

from tests.browser.box import API, Box
from tests.browser.conftest import OpenPage, Show

COMPOSING = {"text": "pyth", "selectionStart": 4, "selectionEnd": 4}


@pytest.fixture
def box(show: Show, open_page: OpenPage) -> Box:
    return Box(open_page(f"{show.site.url}/about"))


def test_typing_opens_the_list_and_the_focus_stays_in_the_input(box: Box) -> None:
    expect(box.input).to_have_attribute("aria-expanded", "false")
    box.ask("python")
    expect(box.input).to_have_attribute("aria-expanded", "true")
    assert box.is_focused
    assert box.value == "python"
    expect(box.chosen).to_have_count(0)


def test_the_input_points_at_its_list_and_at_the_chosen_option(box: Box) -> None:
    box.ask("python")
    assert box.input.get_attribute("aria-controls") == box.list.get_attribute("id")
    box.press("ArrowDown")
    expect(box.chosen).to_have_count(1)
    assert box.input.get_attribute("aria-activedescendant") == box.chosen.get_attribute("id")
    assert box.is_focused


def test_down_goes_through_every_option_and_round(box: Box) -> None:
    box.ask("python")
    count = box.options.count()
    for number in [*range(count), 0]:
        box.press("ArrowDown")
        expect(box.options.nth(number)).to_have_attribute("aria-selected", "true")
        expect(box.options.nth(number)).to_be_in_viewport()


def test_up_goes_to_the_last_option_and_backwards(box: Box) -> None:
    box.ask("python")
    count = box.options.count()
    box.press("ArrowUp")
    expect(box.options.nth(count - 1)).to_have_attribute("aria-selected", "true")
    box.press("ArrowUp")
    expect(box.options.nth(count - 2)).to_have_attribute("aria-selected", "true")


def test_alt_up_closes_and_alt_down_opens_without_choosing(box: Box) -> None:
    box.ask("python")
    box.press("Alt+ArrowUp")
    expect(box.popup).to_have_count(0)
    box.press("Alt+ArrowDown")
    expect(box.options.first).to_be_visible()
    expect(box.chosen).to_have_count(0)


def test_down_opens_a_closed_list_at_its_first_option(box: Box) -> None:
    box.ask("python")
    box.press("Escape", "ArrowDown")
    expect(box.options.first).to_have_attribute("aria-selected", "true")


def test_enter_opens_the_chosen_option_at_its_second(box: Box) -> None:
    box.ask("python")
    box.press("ArrowDown", "ArrowDown")
    link = box.chosen.get_attribute("href")
    assert link is not None
    assert "#" in link
    box.press("Enter")
    box.page.wait_for_url(link)
    seconds = box.page.evaluate("document.querySelector('audio').currentTime")
    minutes, rest = link.partition("#")[2].rsplit(":", 1)
    assert seconds % 60 == int(rest)
    assert minutes


def test_enter_with_nothing_chosen_submits_the_form(box: Box, show: Show) -> None:
    box.ask("python")
    box.press("Enter")
    box.page.wait_for_url(f"{show.search}/search?q=python")


def test_enter_submits_before_any_answer_too(box: Box, show: Show) -> None:
    box.type("python")
    box.press("Enter")
    box.page.wait_for_url(f"{show.search}/search?q=python")


def test_escape_closes_and_then_clears(box: Box) -> None:
    box.ask("python")
    box.press("Escape")
    expect(box.popup).to_have_count(0)
    assert box.value == "python"
    box.press("Escape")
    assert box.value == ""
    assert box.is_focused


@pytest.mark.parametrize("key", ["Control+Enter", "Shift+Enter"])
def test_enter_with_control_or_shift_opens_elsewhere_and_stays_here(box: Box, key: str) -> None:
    box.ask("python")
    box.press("ArrowDown", "ArrowDown")
    link, here = box.chosen.get_attribute("href"), box.page.url
    with box.page.context.expect_page() as opened:
        box.press(key)
    opened.value.wait_for_url(str(link))
    assert box.page.url == here
    expect(box.options.first).to_be_visible()


def test_the_link_itself_says_that_it_opens_elsewhere(box: Box) -> None:
    """For Safari, where the keys of a script's click say nothing."""
    box.page.evaluate(
        """() => addEventListener("click", (event) => {
            (window.targets ??= []).push(event.target.closest("a").target);
            event.preventDefault();
        })"""
    )
    box.ask("python")
    box.press("ArrowDown", "ArrowDown", "Meta+Enter", "Control+Enter", "Shift+Enter", "Enter")
    assert box.page.evaluate("targets") == ["_blank", "_blank", "_blank", ""]


@pytest.mark.parametrize(
    ("key", "caret"), [("Home", 0), ("End", 6), ("ArrowLeft", 5), ("ArrowRight", 6)]
)
def test_sideways_keys_move_in_the_text_and_leave_the_options(
    box: Box, key: str, caret: int
) -> None:
    box.ask("python")
    box.press("ArrowDown", key)
    assert box.caret == caret
    expect(box.chosen).to_have_count(0)
    assert box.input.get_attribute("aria-activedescendant") is None
    expect(box.options.first).to_be_visible()


def test_shift_down_selects_text_as_everywhere(box: Box) -> None:
    box.ask("python")
    box.press("Home", "Shift+ArrowDown")
    assert box.input.evaluate("(input) => input.selectionEnd - input.selectionStart") == 6
    expect(box.chosen).to_have_count(0)


def test_typing_on_after_choosing_goes_on_in_the_text(box: Box) -> None:
    box.ask("pytho")
    box.press("ArrowDown", "n")
    assert box.value == "python"
    expect(box.options.first).to_be_visible()
    expect(box.chosen).to_have_count(0)


def test_tab_leaves_and_closes(box: Box) -> None:
    box.ask("python")
    box.press("ArrowDown", "Tab")
    expect(box.popup).to_have_count(0)
    assert not box.is_focused
    assert box.value == "python"


def test_a_click_elsewhere_closes(box: Box) -> None:
    box.ask("python")
    box.page.mouse.click(5, 500)
    expect(box.popup).to_have_count(0)


def test_a_click_into_the_popup_does_not_take_the_focus(box: Box) -> None:
    box.ask("python")
    box.popup.click(position={"x": 200, "y": 2})
    assert box.is_focused
    expect(box.options.first).to_be_visible()


def test_keys_mean_nothing_while_a_character_is_composed(box: Box) -> None:
    box.ask("python")
    for key in ("ArrowDown", "Enter", "Escape"):
        untouched = box.input.evaluate(
            "(input, key) => input.dispatchEvent(new KeyboardEvent('keydown', "
            "{ key, isComposing: true, bubbles: true, cancelable: true }))",
            key,
        )
        assert untouched
    expect(box.options.first).to_be_visible()
    expect(box.chosen).to_have_count(0)


def test_nothing_is_asked_while_a_character_is_composed(box: Box) -> None:
    asked: list[str] = []
    box.page.on("request", lambda request: asked.append(request.url))
    box.hold_clock()
    box.input.focus()
    session = box.page.context.new_cdp_session(box.page)
    session.send("Input.imeSetComposition", COMPOSING)
    box.page.clock.run_for(700)
    assert asked == []
    expect(box.popup).to_have_count(0)
    with box.page.expect_request(API) as request:
        session.send("Input.insertText", {"text": "python"})
        box.page.clock.run_for(700)
    assert "q=python&" in request.value.url
    expect(box.options.first).to_be_visible()


def test_android_composes_every_word_and_is_answered_all_the_same(
    show: Show, open_page: OpenPage
) -> None:
    page = open_page(
        f"{show.site.url}/about",
        user_agent="Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/140.0 Mobile Safari/537.36",
    )
    box = Box(page)
    box.input.focus()
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", COMPOSING)
    expect(box.options.first).to_be_visible()


@pytest.mark.parametrize("key", ["Control+k", "Meta+k", "/"])
def test_a_shortcut_goes_to_the_box_from_anywhere(box: Box, key: str) -> None:
    box.ask("python")
    box.press("Tab")
    box.page.locator("h1").click()
    box.press(key)
    assert box.is_focused
    assert box.input.evaluate("(input) => getSelection().toString()") == "python"


@pytest.mark.parametrize("key", ["Control+k", "/"])
def test_a_shortcut_does_nothing_while_one_types_elsewhere(box: Box, key: str) -> None:
    letter = box.page.locator("#letter")
    letter.focus()
    box.press(key)
    assert not box.is_focused
    assert letter.input_value() == ("/" if key == "/" else "")


def test_a_slash_in_the_box_is_a_slash(box: Box) -> None:
    box.type("ci/cd")
    assert box.value == "ci/cd"


@pytest.mark.parametrize("key", ["Control+k", "/"])
def test_shortcuts_can_be_switched_off(show: Show, open_page: OpenPage, key: str) -> None:
    show.site.attributes = 'hotkeys="off"'
    box = Box(open_page(f"{show.site.url}/about"))
    box.press(key)
    assert not box.is_focused
    assert box.input.get_attribute("aria-keyshortcuts") is None
