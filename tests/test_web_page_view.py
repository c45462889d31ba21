"""What the page makes of an answer, before any template."""

from pathlib import Path

from search.request import Request
from search.settings import load_settings
from tests.conftest import published
from tests.shows import KETTLE_HOUR, OVENS
from web.front import FrontKeeper
from web.page_view import nearest_tags, result_view


def test_of_two_moments_at_the_same_second_none_is_missing_from_the_page(tmp_path: Path) -> None:
    searcher = published(tmp_path, KETTLE_HOUR).open()
    request = Request("oven", moments=1, ticks=True)
    front = FrontKeeper(load_settings().site).get(searcher)
    view = result_view(searcher.search(request), request, front)
    (ovens,) = [each for each in view.episodes if each.episode.id == OVENS.id]
    shown = [*ovens.episode.moments, *ovens.more]
    assert [moment.start for moment in shown].count(180) == 2
    assert len(shown) == ovens.episode.found_moments


def test_the_nearest_tags_are_the_same_however_the_tag_is_typed(tmp_path: Path) -> None:
    searcher = published(tmp_path, KETTLE_HOUR).open()
    front = FrontKeeper(load_settings().site).get(searcher)
    for text in ("tag:flaks", "tag: flaks", 'tag:"flaks"', 'tag: "flaks"'):
        nearest = nearest_tags(searcher.search(Request(text)), front)
        assert [tag.href for tag in nearest] == ["/search?tag=flask"], text
