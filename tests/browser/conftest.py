"""What the browser tests share: a show whose site embeds the box, and pages that must not complain.

The sample show is indexed with the address of a small site of our own, so that its jump links lead
to pages with a player, on another origin than the search, as they do in life.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.podcast_site import PodcastSite
from tests.browser.turbolinks import turbolinks_source
from tests.conftest import build_index, serving, settings_for

# As long as Playwright waits for all else: a bound for what fails, for slow machines, too.
_LONGEST = 30_000
expect.set_options(timeout=_LONGEST)


@dataclass(frozen=True)
class Show:
    """A site with episodes and the search it embeds, both running."""

    site: PodcastSite
    search: str

    def json(self, query: str, more: str = "") -> Any:
        """What the JSON endpoint answers."""
        with urlopen(f"{self.search}/api/v1/search?q={quote(query)}{more}") as response:
            return json.load(response)

    def box_json(self, query: str) -> Any:
        """What the box gets to show."""
        return self.json(query, "&per_page=5&moments=3&facets=0&typing=1")

    def page(self, query: str, more: str = "") -> str:
        """The address of the search page."""
        return f"{self.search}/search?q={quote(query)}{more}"


@dataclass
class Watch:
    """What went wrong on the pages of a test, as the browser tells it."""

    violations: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        context.expose_function("tellViolation", lambda told: self.violations.append(told))
        context.add_init_script(
            "document.addEventListener('securitypolicyviolation', (event) => "
            "tellViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));"
        )
        context.on("weberror", lambda error: self.errors.append(str(error.error)))
        context.on("dialog", self._dismiss)
        context.on("console", self._read)

    def _dismiss(self, dialog: Any) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def _read(self, message: Any) -> None:
        if "Content Security Policy" in message.text:
            self.violations.append(message.text)


@pytest.fixture(scope="session")
def show(sample_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Show]:
    """The sample show on a site of its own, and its search on another port."""
    with PodcastSite() as site, serving_show(sample_site, site, tmp_path_factory) as search:
        site.search = search
        yield Show(site, search)


@pytest.fixture(autouse=True)
def _fresh_site(request: pytest.FixtureRequest) -> None:
    if "show" in request.fixturenames:
        request.getfixturevalue("show").site.reset()


@pytest.fixture(scope="session")
def turbolinks() -> str:
    """The source of the real Turbolinks 5.2.0."""
    return turbolinks_source()


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Opens addresses, each in a context of its own (keywords as `Browser.new_context`).

    In the end nothing may have complained: no policy violated, no dialog, no uncaught error.
    """
    watch, contexts = Watch(), []

    def opened(url: str, **options: Any) -> Page:
        context = browser.new_context(**options)
        watch.over(context)
        contexts.append(context)
        page = context.new_page()
        page.goto(url)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert watch == Watch()


@contextmanager
def serving_show(
    folder: Path, site: PodcastSite, directories: pytest.TempPathFactory, *flags: str
) -> Iterator[str]:
    """Indexes the episodes of `folder` as those of `site` and serves their search."""
    from web.app import create_app

    directory = directories.mktemp("show")
    config = directory / "settings.toml"
    config.write_text(f'[site]\nurl = "{site.url}"\naudio_prefix = "{site.url}/audio/show-"\n')
    index = build_index(folder, directory / "index", "--config", str(config), *flags)
    with serving(create_app(settings_for(index))) as server:
        yield server.url


def pass_frames(page: Page, count: int) -> None:
    """Lets the page draw itself so many times: on a slow machine that takes longer."""
    page.evaluate(
        """(left) => new Promise((done) => {
            const next = () => (left-- > 0 ? requestAnimationFrame(next) : done());
            next();
        })""",
        count,
    )


def wait_until(page: Page, condition: str) -> None:
    """Waits until an expression is true; Playwright's own way needs eval, which policies forbid."""
    for _ in range(_LONGEST // 30):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(30)
    pytest.fail(f"never true: {condition}")
