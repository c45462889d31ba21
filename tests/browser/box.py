"""The search box as a test sees it."""

from contextlib import suppress
from urllib.parse import quote_plus

from playwright.sync_api import Error, Locator, Page, Route, expect

API = "**/api/v1/search?*"


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
        """Types and waits for the options."""
        self.type(text)
        expect(self.options.first).to_be_visible()

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
        page.route(API, self._hold)

    def _hold(self, route: Route) -> None:
        if self._start in route.request.url:
            self._held.append(route)
        else:
            route.continue_()

    def release(self) -> None:
        for route in self._held:
            with suppress(Error):  # the page no longer wants this one
                route.continue_()
