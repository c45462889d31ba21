"""The search box as a test sees it."""

from contextlib import suppress
from urllib.parse import quote_plus

from playwright.sync_api import Error, Locator, Page, Route, expect

API = "**/api/v1/search?*"
KINDS = {"div", "a", "span", "bdi", "mark"}
"""What the popup is made of, whatever it shows."""


class Box:
    """The box on a page, with the words of the ARIA combobox pattern for its parts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.input = page.get_by_role("combobox")
        self.popup = page.locator("podcast-search .ps-panel")
        self.list = page.get_by_role("listbox")
        self.groups = self.list.get_by_role("group")
        self.options = self.list.get_by_role("option")
        self.chosen = self.list.locator('[aria-selected="true"]')
        self.status = page.locator("podcast-search").get_by_role("status")

    def type(self, text: str) -> None:
        """Types as a person does, key by key."""
        self.input.press_sequentially(text)

    def ask(self, text: str) -> None:
        """Types and waits for the options, and not those for what is typed so far."""
        self.type(text)
        expect(self.options.first).to_be_visible()
        expect(self.popup.locator("[aria-busy]")).to_have_count(0)

    def hold_clock(self) -> None:
        """From here on the page's clock runs as far as `settle` says: no pause is waited for."""
        self.page.clock.install(time=0)
        self.page.clock.pause_at(1)

    def settle(self, text: str) -> None:
        """Puts a text in and lets it be answered; one without anything asks nothing."""
        self.input.fill("")
        self.input.fill(text)
        asks = self.input.evaluate("(input) => input.value.trim() !== ''")
        self.page.clock.run_for(150)
        if asks:
            expect(self.popup).not_to_be_empty()
            expect(self.popup.locator("[aria-busy]")).to_have_count(0)
            assert self.kinds <= KINDS, text
        else:
            expect(self.popup).to_have_count(0)

    @property
    def kinds(self) -> set[str]:
        """The kinds of elements in the popup."""
        script = "(popup) => [...popup.querySelectorAll('*')].map((element) => element.localName)"
        return set(self.popup.evaluate(script))

    def press(self, *keys: str) -> None:
        """Presses keys wherever the focus is."""
        for key in keys:
            self.page.keyboard.press(key)

    @property
    def value(self) -> str:
        return self.input.input_value()

    @property
    def caret(self) -> int:
        caret: int = self.input.evaluate("(input) => input.selectionStart")
        return caret

    @property
    def is_focused(self) -> bool:
        return bool(self.input.evaluate("(input) => document.activeElement === input"))

    def moment(self, number: int = 0) -> Locator:
        """An option that is a moment: it has a time."""
        return self.options.filter(has=self.page.locator(".ps-time")).nth(number)


class LateAnswers:
    """Holds the requests for one text back until `release`; then the real server answers them."""

    def __init__(self, page: Page, text: str) -> None:
        self._start = f"?q={quote_plus(text)}&"
        self._held: list[Route] = []
        self._released = False
        page.route(API, self._hold)

    def _hold(self, route: Route) -> None:
        # On a slow machine a request may be told of only after it was to be let go.
        if self._start in route.request.url and not self._released:
            self._held.append(route)
        else:
            self._let_go(route)

    def release(self) -> None:
        self._released = True
        for route in self._held:
            self._let_go(route)

    def _let_go(self, route: Route) -> None:
        with suppress(Error):  # the page no longer wants this one
            route.continue_()
