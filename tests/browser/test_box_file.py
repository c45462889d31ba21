"""The box as a file: one, small, without anything that a strict site would forbid."""

import gzip
import re
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from browser.conftest import OpenPage, Show

STATIC = Path(__file__).parents[2] / "web" / "static"
MOST_BYTES = 8_000  # gzipped; the promise is 10 kB


def test_the_box_is_small(show: Show) -> None:
    asked = Request(f"{show.search}/search-box.js", headers={"Accept-Encoding": "gzip"})
    with urlopen(asked) as response:
        sent = response.read()
        assert response.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(sent) == (STATIC / "search-box.js").read_bytes()
    assert len(sent) <= MOST_BYTES


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


@pytest.mark.parametrize("loading", ["", "async", "defer", 'type="module"'])
def test_the_script_may_be_loaded_in_any_way(show: Show, open_page: OpenPage, loading: str) -> None:
    show.site.loading = loading
    page = open_page(f"{show.site.url}/about")
    page.get_by_role("combobox").press_sequentially("python")
    page.get_by_role("option").first.wait_for()
