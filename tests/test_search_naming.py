"""An episode named by its number, as listeners know it: it stands first, and nothing else changes.

The tests try it on the sample show and on a little show of their own.
"""

import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from search.engine import Searcher
from search.engines import open_engine
from search.episode import Episode, Moment, Show
from search.json_answer import answer_json
from search.order import STEP, Order
from search.request import Filters, Request, Sort
from search.settings import Settings
from tests.conftest import published
from tests.shows import BAKERY, NAMES, SITE

SAYINGS = (
    "episode {}",
    "episod {}",
    "ep {}",
    "ep{}",
    "Ep{}",
    "episode{}",
    "ep. {}",
    "no. {}",
    "number {}",
    "Folge {}",
    "episodio {}",
    "Ep.{}",
    "episode #{}",
    "show {}",
    "podcast {}",
    "SHOW #{}",
    "#{}",
    "{}",
)


def episode(number: int | None, title: str, *texts: str, name: str = "podcast") -> Episode:
    path = f"{name}/{title.lower().replace(' ', '-')}"
    moments = tuple(Moment(60 * n, 60 * n + 60, text) for n, text in enumerate(texts))
    plain = replace(BAKERY, guests=(), tags=(), links=(), paragraphs=(), description="")
    return replace(
        plain, id=path, path=path, number=number, title=title, url=SITE + path, moments=moments
    )


LOOM = replace(episode(63, "A Loom Online", "Warp and weft"), tags=BAKERY.tags)
SHOW = (
    episode(62, "Snakes", "Python 3 at last", "From Python 2 to Python 3"),
    LOOM,
    episode(3, "Coins", "What it costs: 3 dollars"),
    episode(64, "Sixty", "They had 63 looms", "An episode of its own"),
    episode(7, "Seven Bridges", "Walking", name="interviews"),
    episode(7, "Seventh Hill", "Climbing"),
    episode(None, "Without", "No number at all"),
)


@pytest.fixture(scope="module")
def show(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    return published(tmp_path_factory.mktemp("numbers"), Show("Looms", SITE, SHOW, NAMES)).open()


@pytest.fixture(scope="module")
def unnumbered(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    """The same show, whose episodes have no numbers: what the words alone find."""
    episodes = [replace(each, number=None) for each in SHOW]
    directory = tmp_path_factory.mktemp("unnumbered")
    return published(directory, Show("Looms", SITE, episodes, NAMES)).open()


def titles(searcher: Searcher, text: str, **more: object) -> list[str]:
    return [r.title.text for r in searcher.search(Request(text, **more)).results]  # type: ignore[arg-type]


def test_a_word_before_a_number_needs_no_correction(tmp_path: Path) -> None:
    titles_ = ("Die Folgen", "Der Rest")
    shown = [episode(number, title) for number, title in enumerate(titles_, start=4)]
    searcher = published(tmp_path, Show("Looms", SITE, shown, {})).open()
    assert titles(searcher, "Folge 5")[0] == "Der Rest"


@pytest.mark.parametrize("typing", [False, True])
@pytest.mark.parametrize("saying", SAYINGS)
def test_an_episode_named_by_its_number_stands_first_and_what_the_words_find_follows(
    show: Searcher, unnumbered: Searcher, saying: str, typing: bool
) -> None:
    text = saying.format(63)
    first, *others = titles(show, text, typing=typing)
    assert first == "A Loom Online"
    assert others == titles(unnumbered, text, typing=typing)


@pytest.mark.parametrize("saying", SAYINGS)
def test_the_sample_show_is_asked_by_number(settings: Settings, saying: str) -> None:
    searcher = open_engine(settings).open()
    found = searcher.search(Request(saying.format(9))).results[0]
    assert (found.number, found.title.text[:24]) == (9, "A Bird Song Archive Leav")
    # Two series of a show count from one.
    both = searcher.search(Request(saying.format(2))).results[:2]
    assert {(each.number, each.category) for each in both} == {(2, "podcast"), (2, "interviews")}


@pytest.mark.parametrize(
    "text",
    ["python 3", "3 dollars", "python 63 episode", "63 looms", "episode 63 looms", "episode",
     "65", "#65", "episode 65", "$63", "63k", "6 3", "6.3", "title:63", "-63", "ep 63 63",
     "interviews 63", '"63 looms"', "9" * 200, "episode ⁶⁵", "³dollars"],
)  # fmt: skip
def test_a_number_among_other_words_or_of_no_episode_is_a_word(
    show: Searcher, unnumbered: Searcher, text: str
) -> None:
    def told(searcher: Searcher, request: Request) -> object:
        answer = json.loads(answer_json(searcher.search(request), request))
        for result in answer["results"]:
            result.pop("number")
        return answer | {"took_ms": 0, "index": None}

    for request in (Request(text), Request(text, typing=True), Request(text, explain=True)):
        assert told(show, request) == told(unnumbered, request)


def test_what_a_number_names_lacks_nothing(show: Searcher) -> None:
    answer = show.search(Request("show 63", explain=True))
    found = answer.results[0]
    assert (answer.missing, answer.partial, found.missing) == ((), False, ())
    assert answer.complete_episodes >= 1
    assert found.reason
    assert found.reason.sentence.startswith("its number is what is asked for; ")
    numbers = dict(found.reason.numbers)
    assert numbers.pop("score") == pytest.approx(sum(numbers.values())) == found.score
    assert numbers["the title, a guest or the number itself"] == STEP * Order.IN_FULL
    # What no episode has is missing, as ever.
    assert show.search(Request("show 65")).missing == ("65",)


def test_a_number_goes_with_filters_exclusions_pages_and_any_order(show: Searcher) -> None:
    assert titles(show, "episode 63 tag:flask") == ["A Loom Online"]
    assert titles(show, "63 tag:docker") == []
    assert titles(show, "63", filters=Filters(tags=("flask",))) == ["A Loom Online"]
    assert titles(show, "#63 -sixty") == ["A Loom Online"]
    assert titles(show, "#63 -weft") == ["Sixty"]
    assert titles(show, "63 title:sixty") == ["Sixty"]
    assert titles(show, "63", exact=True) == ["A Loom Online", "Sixty"]
    assert {*titles(show, "63", sort=Sort.OLDEST)} == {"A Loom Online", "Sixty"}
    assert [titles(show, "63", page=n, per_page=1) for n in (1, 2, 3)] == [
        ["A Loom Online"],
        ["Sixty"],
        [],
    ]
    answer = show.search(Request("63"))
    assert answer.found_episodes == 2
    assert {each.value: each.count for each in answer.facets["tag"]} == {
        tag.slug: 1 for tag in LOOM.tags
    }


def test_an_episode_is_offered_by_its_number_while_it_is_typed(show: Searcher) -> None:
    first = show.suggest("ep. #63")[0]
    assert (first.text, first.description, first.url) == ("A Loom Online", "episode 63", LOOM.url)
    # The newest first, then titles that say it.
    assert [each.text for each in show.suggest("7")] == ["Seventh Hill", "Seven Bridges"]
    assert show.suggest("python 63") == ()


def test_a_show_without_numbers_is_searched_by_words(unnumbered: Searcher) -> None:
    assert titles(unnumbered, "63") == ["Sixty"]
    assert unnumbered.suggest("63") == ()
