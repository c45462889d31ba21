"""The box as a file: one, small, without anything that a strict site would forbid."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from tests.browser.conftest import OpenPage, Show

STATIC = Path(__file__).parents[2] / "web" / "static"
MOST_BYTES = 6_500  # gzipped, of the 10 kB that a site is promised at most


def test_the_box_is_small(show: Show) -> None:
    asked = Request(f"{show.search}/search-box.js", headers={"Accept-Encoding": "gzip"})
    with urlopen(asked) as response:
        sent = response.read()
        assert response.headers["Content-Encoding"] == "gzip"
    assert b"customElements.define" in gzip.decompress(sent)
    assert len(sent) <= MOST_BYTES


def test_it_is_sent_without_comment_lines_and_otherwise_whole(show: Show) -> None:
    with urlopen(f"{show.search}/search-box.js") as response:
        sent = response.read().decode().splitlines()
    assert sent == list(code_lines((STATIC / "search-box.js").read_text().splitlines()))


def code_lines(lines: list[str]) -> Iterator[str]:
    """The lines that are not only comment, found by walking down the file."""
    within = False
    for line in lines:
        within = within or line.lstrip().startswith("/*")
        if not within and not line.lstrip().startswith("//"):
            yield line
        within = within and not line.endswith("*/")


@pytest.mark.parametrize("name", ["search-box.js", "page.js"])
def test_content_becomes_text_and_never_markup_or_code(name: str) -> None:
    source = (STATIC / name).read_text()
    makes_markup = r"\b(inner|outer)HTML|insertAdjacentHTML|document\.write|DOMParser|\beval\b"
    assert re.findall(makes_markup + r"|new Function|createContextualFragment", source) == []


def test_the_form_alone_searches_where_scripts_are_off(show: Show, open_page: OpenPage) -> None:
    page = open_page(f"{show.site.url}/about", java_script_enabled=False)
    page.get_by_role("searchbox").fill("python")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url(f"{show.search}/search?q=python")
    assert page.get_by_role("article").count() > 0


def test_the_form_alone_searches_where_styles_do_not_nest(show: Show, open_page: OpenPage) -> None:
    """As in Firefox 115, where the popup would have no look."""
    page = open_page(f"{show.site.url}/about")
    page.context.add_init_script("""
        const { supports } = CSS;
        CSS.supports = (...asked) => asked[0] !== "selector(&)" && supports(...asked);
    """)
    page.reload()
    page.get_by_role("searchbox").fill("python")
    assert page.locator("podcast-search:defined").count() == 0
    page.keyboard.press("Enter")
    page.wait_for_url(f"{show.search}/search?q=python")


def test_the_popups_rules_name_nothing_that_the_oldest_browsers_do_not_know(
    show: Show, open_page: OpenPage
) -> None:
    """Chrome before 120 passes over the rules behind a nested one that it cannot read."""
    page = open_page(f"{show.site.url}/about")
    nested = page.evaluate(
        """() => {
            const within = ({ cssRules = [] }) =>
                [...cssRules].flatMap((rule) => [rule.selectorText ?? "", ...within(rule)]);
            return [...document.adoptedStyleSheets[0].cssRules].flatMap(within).join();
        }"""
    )
    assert ".ps-panel" in nested
    assert set(re.findall("::?[a-z-]+", nested)) == {":hover", ":empty", "::first-letter"}


@pytest.mark.parametrize("loading", ["", "async", "defer", 'type="module"'])
def test_the_script_may_be_loaded_in_any_way(show: Show, open_page: OpenPage, loading: str) -> None:
    show.site.loading = loading
    page = open_page(f"{show.site.url}/about")
    page.get_by_role("combobox").press_sequentially("python")
    page.get_by_role("option").first.wait_for()


def test_the_document_names_every_property_and_every_text_with_its_default() -> None:
    source = (STATIC / "search-box.js").read_text()
    document = (STATIC.parents[1] / "docs" / "search-box.md").read_text()
    assert set(re.findall(r"--podcast-search-\w+", source)) == set(
        re.findall(r"--podcast-search-\w+", document)
    )
    table = source[source.index("const TEXTS = {") : source.index("const STYLE")]
    texts = re.findall(r'(\w+): "(.*)",', table)
    assert len(texts) == table.count('": "') + table.count(': "')
    for name, text in texts:
        assert f"| `text-{name}` | {text.replace('|', chr(92) + '|')} |" in document
    for attribute in re.findall(r'this\.getAttribute\("(\w+)"\)', source):
        assert f"`{attribute}" in document
