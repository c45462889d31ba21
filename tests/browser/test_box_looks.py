"""How the box looks and is read aloud: contrast, names, widths, directions, themes."""

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.box import Box
from tests.browser.conftest import OpenPage, Show, wait_until
from tests.conftest import serving, settings_for

CALM = {"reduced_motion": "reduce"}

WIDTHS = [320, 480, 768, 1024, 1440, 1920]


def violations(page: Page, part: str = "html") -> list[str]:
    """What axe-core finds in a part of the page, one line each."""
    found = Axe().run(page, context=part).response["violations"]
    return [f"{one['id']}: {node['html']}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_page_without_an_index(
    tmp_path: Path, open_page: OpenPage, scheme: str
) -> None:
    from web.app import create_app

    with serving(create_app(settings_for(tmp_path / "none"))) as empty:
        page = open_page(f"{empty.url}/search?q=python", color_scheme=scheme, **CALM)
        expect(page.get_by_role("main")).to_contain_text("make reindex")
        assert violations(page) == []
        page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("where", ["the site", "the search page"])
def test_axe_finds_nothing_on_any_state_of_the_box(
    show: Show, open_page: OpenPage, scheme: str, where: str
) -> None:
    address = f"{show.site.url}/about" if where == "the site" else f"{show.search}/search"
    page = open_page(address, color_scheme=scheme, **CALM)
    box = Box(page)
    states: dict[str, Callable[[], None]] = {
        "closed": lambda: None,
        "open": lambda: box.ask("python"),
        "chosen episode": lambda: box.press("ArrowDown"),
        "chosen moment": lambda: box.press("ArrowDown"),
        "chosen last": lambda: box.press("ArrowUp", "ArrowUp", "ArrowUp"),
        "corrected": lambda: _ask_anew(box, "kuberntes "),
        "nothing": lambda: _fill(box, "qqqqxxxxzzzz"),
        "refused": lambda: _fill(box, "a" * 201),
    }
    for state, reach in states.items():
        reach()
        assert violations(page, "podcast-search") == [], state


def _ask_anew(box: Box, text: str) -> None:
    box.input.fill("")
    box.ask(text)


def _fill(box: Box, text: str) -> None:
    box.input.evaluate("(input) => input.removeAttribute('maxlength')")
    box.input.fill(text)
    expect(box.list).to_have_count(0)
    expect(box.popup.locator(".ps-note")).not_to_be_empty()


def sideways(page: Page) -> int:
    """How many pixels of the page lie beyond its sides."""
    beyond: int = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return beyond


def in_a_browser_that_ties_nothing(page: Page) -> None:
    """From here on the page is as in a browser that cannot tie an element to another by style."""
    page.evaluate("CSS.supports = () => false")


@pytest.mark.parametrize(("direction", "newest"), [("ltr", True), ("rtl", True), ("rtl", False)])
def test_the_popup_lies_inside_the_window_at_any_width(
    show: Show, open_page: OpenPage, direction: str, newest: bool
) -> None:
    show.site.direction = direction
    page = open_page(f"{show.site.url}/about")
    if not newest:
        in_a_browser_that_ties_nothing(page)
    box = Box(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 700})
        box.input.fill("")
        box.ask("python")
        place = box.popup.bounding_box()
        assert place is not None
        assert place["x"] >= 0
        assert place["x"] + place["width"] <= width
        assert place["y"] + place["height"] <= 700
        assert sideways(page) == 0


def test_no_scroll_bar_of_the_window_covers_the_popup(show: Show, open_page: OpenPage) -> None:
    page = open_page(f"{show.site.url}/about", viewport={"width": 400, "height": 700})
    page.evaluate(
        "Object.defineProperty(document.documentElement, 'clientWidth', { value: 400 - 15 })"
    )
    box = Box(page)
    box.ask("python")
    place = box.popup.bounding_box()
    assert place is not None
    assert place["x"] >= 8
    assert place["x"] + place["width"] <= 400 - 15 - 8


def test_from_right_to_left_the_times_come_first_on_the_right(
    show: Show, open_page: OpenPage
) -> None:
    show.site.direction = "rtl"
    box = Box(open_page(f"{show.site.url}/about"))
    box.ask("python")
    moment = box.moment()
    time = moment.locator(".ps-time").bounding_box()
    text = moment.locator("bdi").last.bounding_box()
    assert time is not None
    assert text is not None
    assert time["x"] > text["x"]
    # A text of the other direction, too long for a line, stays beside its time.
    align = "(text) => getComputedStyle(text).textAlign"
    assert moment.locator("bdi").last.evaluate(align) in ("right", "-webkit-right")


def test_the_sites_own_rules_do_not_reach_the_popup(show: Show, open_page: OpenPage) -> None:
    box = Box(open_page(f"{show.site.url}/about"))
    box.ask("python")
    style = box.moment().evaluate(
        """(option) => {
            const style = getComputedStyle(option);
            const own = [style.letterSpacing, style.textTransform, style.textDecorationLine];
            const inherited = [style.textAlign, style.fontStyle, style.wordSpacing];
            return [...own, ...inherited];
        }"""
    )
    assert style == ["normal", "none", "none", "start", "normal", "0px"]


@pytest.mark.parametrize("newest", [True, False])
def test_at_the_foot_of_the_window_the_popup_opens_upwards(
    show: Show, open_page: OpenPage, newest: bool
) -> None:
    page = open_page(f"{show.site.url}/about", viewport={"width": 1000, "height": 700})
    if not newest:
        in_a_browser_that_ties_nothing(page)
    page.evaluate(
        "() => { const { style } = document.querySelector('header');"
        "style.position = 'fixed'; style.bottom = 0; }"
    )
    box = Box(page)
    box.ask("python")
    place, bar = box.popup.bounding_box(), page.locator("podcast-search").bounding_box()
    assert place is not None
    assert bar is not None
    assert 0 <= place["y"] < place["y"] + place["height"] <= bar["y"]


@pytest.mark.parametrize("around", ["a header that cuts off what overflows", "a dialog"])
def test_nothing_around_the_box_cuts_the_popup_off_or_covers_it(
    show: Show, open_page: OpenPage, around: str
) -> None:
    page = open_page(f"{show.site.url}/about")
    page.evaluate(
        """(dialog) => {
            const box = document.querySelector("podcast-search");
            const around = document.createElement(dialog ? "dialog" : "div");
            around.append(box);
            document.body.prepend(around);
            document.querySelector("main").style = "position: relative; z-index: 2000";
            if (dialog) around.showModal();
            else around.style = "overflow: hidden; transform: translateX(0)";
        }""",
        around == "a dialog",
    )
    box = Box(page)
    box.ask("python")
    # What is seen at the middle of the first moment is that moment.
    seen = box.moment().evaluate(
        """(option) => {
            const { x, y, width, height } = option.getBoundingClientRect();
            return option.contains(document.elementFromPoint(x + width / 2, y + height / 2));
        }"""
    )
    assert seen


def test_each_of_two_open_popups_lies_at_its_own_box(show: Show, open_page: OpenPage) -> None:
    page = open_page(f"{show.site.url}/about")
    page.evaluate(
        """() => {
            const box = document.querySelector("podcast-search");
            document.querySelector("main").append(box.cloneNode(true));
            for (const input of document.querySelectorAll("podcast-search input")) {
                input.value = "python";
                input.dispatchEvent(new Event("input", { bubbles: true }));
            }
        }"""
    )
    expect(page.get_by_role("listbox")).to_have_count(2)
    for number in (0, 1):
        box = page.locator("podcast-search").nth(number).bounding_box()
        popup = page.locator(".ps-panel").nth(number).bounding_box()
        assert box is not None
        assert popup is not None
        assert 0 < popup["y"] - (box["y"] + box["height"]) < 10


def test_how_many_are_found_is_in_sight_however_long_the_list(
    show: Show, open_page: OpenPage
) -> None:
    page = open_page(f"{show.site.url}/about", viewport={"width": 1000, "height": 420})
    box = Box(page)
    box.ask("python")
    assert box.list.evaluate("(list) => list.scrollHeight > list.clientHeight + 50")
    every, list_ = box.options.last, box.list.bounding_box()
    assert list_ is not None
    for _ in range(5):
        box.press("ArrowDown")
        foot, chosen = every.bounding_box(), box.chosen.bounding_box()
        assert foot is not None
        assert chosen is not None
        assert foot["y"] + foot["height"] == pytest.approx(list_["y"] + list_["height"], abs=1)
        assert chosen["y"] + chosen["height"] <= foot["y"]


def test_the_popup_goes_along_when_the_page_is_moved(show: Show, open_page: OpenPage) -> None:
    page = open_page(f"{show.site.url}/about")
    page.evaluate("document.body.style.height = '300vh'")
    box = Box(page)
    box.ask("python")
    page.evaluate("scrollTo(0, 150)")
    # The browser puts what is anchored in its place with one of the next frames.
    wait_until(
        page,
        """(() => {
            const edges = (selector) => document.querySelector(selector).getBoundingClientRect();
            const gap = edges(".ps-panel").top - edges("podcast-search").bottom;
            return scrollY === 150 && 0 < gap && gap < 10;
        })()""",
    )


def test_custom_properties_give_the_popup_the_sites_colours(
    show: Show, open_page: OpenPage
) -> None:
    box = Box(open_page(f"{show.site.url}/about"))
    box.page.evaluate(
        """() => {
            const style = document.documentElement.style;
            style.setProperty("--podcast-search-paper", "rgb(1, 2, 3)");
            style.setProperty("--podcast-search-accent", "rgb(250, 200, 4)");
        }"""
    )
    box.ask("python")
    background = box.popup.evaluate("(popup) => getComputedStyle(popup).backgroundColor")
    time = box.list.locator(".ps-time").first.evaluate("(time) => getComputedStyle(time).color")
    assert (background, time) == ("rgb(1, 2, 3)", "rgb(250, 200, 4)")


@pytest.mark.parametrize(("scheme", "dark"), [("light", False), ("dark", True)])
def test_the_popup_is_dark_where_the_page_is(
    show: Show, open_page: OpenPage, scheme: str, dark: bool
) -> None:
    box = Box(open_page(f"{show.site.url}/about", color_scheme=scheme))
    box.ask("python")
    background = box.popup.evaluate("(popup) => getComputedStyle(popup).backgroundColor")
    assert (background != "rgb(255, 255, 255)") is dark


def test_the_popup_is_light_where_style_cannot_follow_the_page(
    show: Show, open_page: OpenPage
) -> None:
    """As in Safari 17.4: never a colour that is none, through which the page would be seen."""
    page = open_page(f"{show.site.url}/about", color_scheme="dark")
    page.context.add_init_script("""
        const { supports } = CSS;
        CSS.supports = (asked) => !asked.includes("light-dark") && supports(asked);
    """)
    page.reload()
    box = Box(page)
    box.ask("python")
    colours = box.popup.evaluate(
        "(popup) => (({ color, backgroundColor }) => [color, backgroundColor])"
        "(getComputedStyle(popup))"
    )
    assert colours == ["rgb(29, 35, 39)", "rgb(255, 255, 255)"]


@pytest.mark.parametrize(("wish", "animation"), [("reduce", "none"), ("no-preference", "ps-open")])
def test_nothing_moves_for_those_who_want_no_motion(
    show: Show, open_page: OpenPage, wish: str, animation: str
) -> None:
    box = Box(open_page(f"{show.site.url}/about", reduced_motion=wish))
    box.ask("python")
    assert box.popup.evaluate("(popup) => getComputedStyle(popup).animationName") == animation
