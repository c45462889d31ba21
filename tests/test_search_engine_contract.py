"""What every engine behind `search.engine` promises, asked of each of them.

A second engine joins by a line in ENGINES; nothing here knows what is behind the seam.
"""

import dataclasses
import threading
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from msgspec import structs
from msgspec.structs import replace

from search.answer import Answer, EpisodeAnswer, MomentAnswer
from search.engine import Engine, Searcher
from search.engines import open_engine
from search.episode import Episode, Moment, Show, Tag
from search.errors import NoIndex
from search.request import KINDS, Filters, Request, Sort
from tests.conftest import settings_for
from tests.shows import BAKERY, BOAT, KETTLE_HOUR, NAMES, OVENS, SAUNA, SITE, TRAILER, without

Make = Callable[[Path], Engine]

ENGINES: dict[str, Make] = {
    "whoosh": lambda directory: open_engine(settings_for(directory)),
}


@pytest.fixture(scope="module", params=ENGINES, ids=str)
def make(request: pytest.FixtureRequest) -> Make:
    return ENGINES[request.param]


@pytest.fixture(scope="module")
def kettle(make: Make, tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    """The Kettle Hour, published and opened."""
    engine = make(tmp_path_factory.mktemp("kettle"))
    engine.publish(KETTLE_HOUR)
    return engine.open()


def found(answer: Answer) -> list[str]:
    return [result.id for result in answer.results]


def ids(*episodes: Episode) -> list[str]:
    return [episode.id for episode in episodes]


def only(answer: Answer) -> EpisodeAnswer:
    (result,) = answer.results
    return result


def every(searcher: Searcher, text: str, **more: object) -> list[EpisodeAnswer]:
    """All results of a search, page by page."""
    results: list[EpisodeAnswer] = []
    page = 1
    while True:
        request = replace(Request(text), page=page, **more)
        answer = searcher.search(request)
        results += answer.results
        page += 1
        if not answer.results:
            assert len(results) == answer.found_episodes
            return results


# --- generations


def test_before_the_first_publish_there_is_no_index_and_it_says_what_to_run(
    make: Make, tmp_path: Path
) -> None:
    engine = make(tmp_path)

    assert engine.current() is None
    with pytest.raises(NoIndex, match="make reindex"):
        engine.open()


def test_publishing_says_what_it_did_and_opening_says_what_is_there(
    make: Make, tmp_path: Path
) -> None:
    engine = make(tmp_path)
    steps: list[tuple[int, int]] = []

    published = engine.publish(KETTLE_HOUR, lambda step, done, total: steps.append((done, total)))
    status = engine.open().status

    assert (published.episodes, published.moments) == (5, 14)
    assert (status.generation, status.episodes, status.moments) == (published.generation, 5, 14)
    assert (status.show_name, status.show_url) == ("The Kettle Hour", f"{SITE}/")
    assert status.degraded is None
    assert engine.current() is not None
    assert steps
    assert all(0 <= done <= total for done, total in steps)


@pytest.mark.parametrize("apostrophe", "'’ʼ")
def test_an_apostrophe_is_found_however_it_is_typed(
    make: Make, tmp_path: Path, apostrophe: str
) -> None:
    spoken = replace(BAKERY, moments=(Moment(5, None, "Про пʼять хвилин і Hawaiʼi"),))
    engine = make(tmp_path)
    engine.publish(Show("Loaves", SITE, (spoken,), {}))

    for text in (f"п{apostrophe}ять", f'"hawai{apostrophe}i"'):
        assert found(engine.open().search(Request(text, exact=True))) == ids(BAKERY), text


ADDRESS = "https://www.example.com/2021/12/" + "-".join(["bread", "stories"] * 20)


@pytest.mark.parametrize(
    "text",
    [
        f"We talk about {ADDRESS} today",
        f"{ADDRESS} again and again",
        "It stands at www.example.com/2021/12/bread and more",
        "It stands at https://www.example.com/a/b/10k and more",
        "It stands at web-2.0.Web2.0 again and more",
    ],
)
def test_a_moment_with_an_address_however_long_is_published(
    make: Make, tmp_path: Path, text: str
) -> None:
    long = replace(BAKERY, moments=(Moment(5, None, text),))

    assert make(tmp_path).publish(Show("Loaves", SITE, (long,), {})).moments == 1


def test_an_open_searcher_keeps_its_generation_and_the_next_one_has_the_new(
    make: Make, tmp_path: Path
) -> None:
    engine = make(tmp_path)
    engine.publish(without(BOAT))
    before = engine.open()
    pointer = engine.current()

    engine.publish(KETTLE_HOUR)
    after = engine.open()

    assert engine.current() != pointer
    assert before.search(Request("boat")).found_episodes == 0
    assert found(after.search(Request("boat"))) == ids(BOAT)
    assert before.status.generation != after.status.generation


def test_what_was_withdrawn_is_never_found_again(make: Make, tmp_path: Path) -> None:
    engine = make(tmp_path)
    engine.publish(KETTLE_HOUR)
    engine.publish(without(OVENS))
    searcher = engine.open()

    for text in ("", "hetzner", "ovens", "zoë", "tag:kubernetes", "kubernetes", "-nothing"):
        assert OVENS.id not in found(searcher.search(Request(text)))
    assert all("Ovens" not in s.text for s in searcher.suggest("ov"))
    facet = {v.value for v in searcher.search(Request()).facets["tag"]}
    assert "kubernetes" not in facet


def test_an_answer_is_the_same_whatever_was_asked_before(make: Make, tmp_path: Path) -> None:
    engine = make(tmp_path)
    engine.publish(KETTLE_HOUR)
    asked_before = engine.open()
    asked = Request("kubernetes bo")

    for request in (
        asked,
        replace(asked, typing=True),
        replace(asked, exact=True),
        replace(asked, filters=Filters(tags=("kubernetes",))),
        replace(asked, sort=Sort.OLDEST),
        replace(asked, per_page=1, page=2),
        replace(asked, moments=1, explain=True),
        replace(asked, ticks=True),
        replace(asked, facets=False),
    ):
        answer, anew = asked_before.search(request), engine.open().search(request)
        assert replace(answer, took_ms=0) == replace(anew, took_ms=0), request


def test_a_show_without_episodes_answers_with_nothing(make: Make, tmp_path: Path) -> None:
    engine = make(tmp_path)
    engine.publish(Show("Nothing Yet", SITE, (), {}))
    searcher = engine.open()

    for text in ("", "anything", '"a phrase"', "tag:x", "-x", "year:2020"):
        assert searcher.search(Request(text)).found_episodes == 0
    assert searcher.suggest("any") == ()


def test_an_episode_of_which_nothing_is_known_but_its_title_is_found(
    make: Make, tmp_path: Path
) -> None:
    bare = Episode("bare", None, None, "Bare", "", f"{SITE}/bare", None, None, None, path="bare.md")
    engine = make(tmp_path)
    engine.publish(Show("", "", (bare,), {}))

    result = only(engine.open().search(Request("bare")))

    assert (result.id, result.date, result.duration, result.moments) == ("bare", None, None, ())


# --- finding


def test_a_moment_is_found_with_its_times_and_links(kettle: Searcher) -> None:
    result = kettle.search(Request("full text search postgres")).results[0]
    moment = result.moments[0]

    assert result.id == BAKERY.id
    assert (moment.start, moment.end, moment.time) == (310, 750, "5:10")
    assert moment.url == f"{BAKERY.url}#5:10"
    assert moment.audio_url == f"{BAKERY.audio_url}#t=310"
    marked = [moment.text.text[start:end] for start, end in moment.text.marks]
    assert {"Full", "text", "search", "PostgreSQL"} <= set(marked)


def test_an_episode_answers_with_all_that_is_known_of_it(kettle: Searcher) -> None:
    result = only(kettle.search(Request("sunrise")))

    assert (result.number, result.category, result.title.text) == (1, "podcast", BAKERY.title)
    assert (result.url, result.audio_url) == (BAKERY.url, BAKERY.audio_url)
    assert (result.date, result.duration) == (BAKERY.date, BAKERY.duration)
    assert (result.guests, result.tags) == (("Zoë Brønsted",), ("flask", "postgres", "redis"))


def test_an_address_that_leads_to_no_page_and_no_file_is_no_link(
    make: Make, tmp_path: Path
) -> None:
    bakery = replace(BAKERY, url="javascript:alert(1)", audio_url="//evil.example/a.mp3")
    engine = make(tmp_path)
    engine.publish(Show("Kettle", SITE, (bakery,), NAMES))
    result = only(engine.open().search(Request("sunrise")))

    assert (result.url, result.audio_url) == ("", None)
    assert [(moment.url, moment.audio_url) for moment in result.moments] == [("", None)]


def test_times_go_over_an_hour_past_the_end_and_may_have_no_end(kettle: Searcher) -> None:
    dough = only(kettle.search(Request("dough"))).moments[0]
    past = only(kettle.search(Request('"past the end"'))).moments[0]
    endless = only(kettle.search(Request("microphone"))).moments[0]

    assert (dough.time, dough.end) == ("1:02:05", 4000)
    assert (past.start, past.end) == (3100, 3100)
    assert (endless.start, endless.end) == (5, None)


def test_an_interview_is_found_by_its_text_and_has_no_audio(kettle: Searcher) -> None:
    result = only(kettle.search(Request("steam museum")))

    assert result.id == SAUNA.id
    assert (result.audio_url, result.moments, result.timeline) == (None, (), ())


@pytest.mark.parametrize(
    ("text", "episode"),
    [
        ("brønsted flask", BAKERY),
        ("bronsted flask", BAKERY),
        ("Ødegård", SAUNA),
        ("odegard", SAUNA),
        ("sqlalchemy", BAKERY),
        ("horn", BOAT),
        ("psql", BAKERY),
        ("k8s ovens", OVENS),
        ("c#", OVENS),
        ("f#", SAUNA),
        (".net", SAUNA),
        ("dotnet", SAUNA),
        ("vue.js", OVENS),
        ("1000", OVENS),
        ("$3", OVENS),
        ("40,000 readers", BOAT),
        ("optimizing the color printer", BOAT),
        ("email newsletter", BOAT),
    ],
)
def test_every_way_to_say_it_leads_to_the_episode(
    kettle: Searcher, text: str, episode: Episode
) -> None:
    assert found(kettle.search(Request(text)))[0] == episode.id


def test_spellings_of_a_compound_find_the_same_episodes(kettle: Searcher) -> None:
    answers = [found(kettle.search(Request(t))) for t in ("frontend", "front-end", "front end")]

    assert set(answers[0]) == set(answers[1]) == set(answers[2]) == {OVENS.id, SAUNA.id}


def test_a_word_of_symbols_is_not_its_letter(kettle: Searcher) -> None:
    assert found(kettle.search(Request("c#"))) == ids(OVENS)
    assert kettle.search(Request("c++")).found_episodes == 0
    assert kettle.search(Request("c++")).missing == ("c++",)


def test_a_whole_title_and_a_whole_name_come_first(kettle: Searcher) -> None:
    for episode in KETTLE_HOUR.episodes:
        assert found(kettle.search(Request(episode.title)))[0] == episode.id
    assert found(kettle.search(Request("Ørjan Ødegård")))[0] == SAUNA.id


# --- phrases, exclusion, fields


def test_a_phrase_is_found_only_side_by_side(kettle: Searcher) -> None:
    assert found(kettle.search(Request('"text search"'))) == ids(BAKERY)
    assert only(kettle.search(Request('"text search"'))).timeline == (310, 750)
    assert kettle.search(Request('"search text"')).found_episodes == 0
    assert only(kettle.search(Request('"full text search"'))).timeline == (310,)


@pytest.mark.parametrize(
    ("text", "episode"),
    [
        ('"the front end is vue"', OVENS),
        ('"the front-end is vue"', OVENS),
        ('"the frontend is vue"', OVENS),
        ('"frontend is plain"', SAUNA),
        ('"front-end is plain"', SAUNA),
        ('"front end is plain"', SAUNA),
        ('"email newsletter"', BOAT),
        ('"e-mail newsletter"', BOAT),
    ],
)
def test_a_phrase_may_hold_compounds_in_any_spelling(
    kettle: Searcher, text: str, episode: Episode
) -> None:
    assert found(kettle.search(Request(text))) == ids(episode)


def test_no_phrase_reaches_from_one_name_to_the_next(kettle: Searcher) -> None:
    assert kettle.search(Request('"Brønsted Piet"')).found_episodes == 0
    assert found(kettle.search(Request('"piet de vries"')))


def test_no_phrase_reaches_from_one_moment_or_field_to_the_next(kettle: Searcher) -> None:
    heads_and_moments = 0
    for episode in KETTLE_HOUR.episodes:
        texts = [episode.title, *episode.guests, *(tag.name for tag in episode.tags)]
        texts += [episode.description, *(moment.text for moment in episode.moments)]
        for before, after in pairwise(filter(None, texts)):
            across = f'"{before.split()[-1]} {after.split()[0]}"'
            assert kettle.search(Request(across)).found_episodes == 0, across
            heads_and_moments += 1
    assert heads_and_moments > 20


def test_what_is_excluded_is_in_no_answer(kettle: Searcher) -> None:
    assert set(found(kettle.search(Request("docker")))) == {OVENS.id, BOAT.id}
    assert found(kettle.search(Request("docker -hetzner"))) == ids(BOAT)
    assert kettle.search(Request("docker -kubernetes")).found_episodes == 0
    assert kettle.search(Request("docker -k8s")).found_episodes == 0
    assert found(kettle.search(Request('docker -"never kubernetes"'))) == ids(OVENS)
    assert found(kettle.search(Request("docker -tag:docker"))) == ids(OVENS)
    assert found(kettle.search(Request('docker -guest:"Zoë Brønsted"'))) == ids(BOAT)
    assert found(kettle.search(Request("docker -year:2021"))) == []


def test_exclusion_alone_lists_the_rest(kettle: Searcher) -> None:
    assert found(kettle.search(Request("-docker -tag:dotnet"))) == ids(BAKERY, TRAILER)
    every = set(found(kettle.search(Request(""))))
    assert set(found(kettle.search(Request("-docker -hetzner")))) == every - {OVENS.id, BOAT.id}


def test_a_word_may_be_wanted_or_unwanted_in_titles_alone(kettle: Searcher) -> None:
    assert found(kettle.search(Request("title:boat"))) == ids(BOAT)
    assert found(kettle.search(Request("title:ovens"))) == ids(OVENS)
    assert BOAT.id not in found(kettle.search(Request("docker -title:boat")))
    assert BOAT.id in found(kettle.search(Request("docker -title:newsletter")))
    assert found(kettle.search(Request('title:"on a boat" docker'))) == ids(BOAT)


@pytest.mark.parametrize(
    ("text", "episodes"),
    [
        ("tag:redis", [OVENS, BAKERY]),
        ("tag:psql", [BAKERY]),
        ('tag:"ruby on rails"', [BOAT, OVENS]),
        ("tag:ruby-on-rails", [BOAT, OVENS]),
        ("tag:rails tag:flask", [BOAT, OVENS, BAKERY]),
        ("tag:rails year:2021 docker -tag:docker", [OVENS]),
        ("tag:nosuch", []),
        ('guest:"zoe bronsted"', [OVENS, BAKERY]),
        ("guest:vries", [BOAT, OVENS]),
        ("guest:odegard", [SAUNA]),
        ("guest:nobody", []),
        ("category:interviews", [SAUNA]),
        ("category:interview", [SAUNA]),
        ("tag:dockers", [BOAT]),
        ("tag:docker, tag: flask", [BOAT, BAKERY]),
        ("year:2020", [BAKERY]),
        ("year:1999", []),
        ("before:2021", [BAKERY]),
        ("after:2021-02", [BOAT, SAUNA]),
        ("after:2020 before:2021-03", [OVENS]),
        ("-tag:redis", [BOAT, SAUNA, TRAILER]),
    ],
)
def test_fields_narrow_to_exactly_the_episodes_that_have_the_value(
    kettle: Searcher, text: str, episodes: list[Episode]
) -> None:
    assert found(kettle.search(Request(text))) == ids(*episodes)


def test_a_guests_name_that_begins_with_a_compound_is_known_before_it_is_whole(
    make: Make, tmp_path: Path
) -> None:
    engine = make(tmp_path)
    renamed = structs.replace(SAUNA, guests=("Jean-Luc Ødegård",))
    engine.publish(dataclasses.replace(KETTLE_HOUR, episodes=(OVENS, renamed)))
    show = engine.open()

    for begun in ("jean-l", "Jean-Luc Ø", "jean luc ode", "jeanluc o", "luc ode"):
        answer = show.search(Request(f'guest:"{begun}', typing=True))
        assert (found(answer), answer.missing) == (ids(SAUNA), ()), begun


@pytest.mark.parametrize(
    "text",
    [
        "pat oneil",
        "oneil",
        "Pat O’Neil",
        "pat oneil smith",
        "smith pat",
        "jean luc",
        "jeanluc picard",
    ],
)
def test_a_guest_is_called_by_a_name_joined_or_apart(make: Make, tmp_path: Path, text: str) -> None:
    guests = (("Pat O'Neil-Smith", "Jean-Luc Picard"), ("Jean Luc Picard", "Neil Smith"))
    episodes = [structs.replace(e, guests=g) for e, g in zip((BOAT, SAUNA), guests, strict=True)]
    engine = make(tmp_path)
    engine.publish(dataclasses.replace(KETTLE_HOUR, episodes=episodes))
    show = engine.open()
    picard = [f for f in show.search(Request()).facets["guest"] if "Picard" in f.value]

    assert [each.count for each in picard] == [2], "one guest, with a hyphen or without"
    episodes_found = found(show.search(Request(f'guest:"{text}"')))
    assert episodes_found == (ids(BOAT, SAUNA) if "jean" in text else ids(BOAT))


@pytest.mark.parametrize(
    ("filters", "episodes"),
    [
        (Filters(), [BOAT, SAUNA, OVENS, BAKERY, TRAILER]),
        (Filters(tags=("redis",)), [OVENS, BAKERY]),
        (Filters(tags=("redis", "docker")), [BOAT, OVENS, BAKERY]),
        (Filters(tags=("redis",), years=(2020, 2021)), [OVENS, BAKERY]),
        (Filters(tags=("redis",), years=(2021,)), [OVENS]),
        (Filters(guests=("Piet de Vries",)), [BOAT, OVENS]),
        (Filters(guests=("???",)), []),
        (Filters(categories=("interviews",)), [SAUNA]),
        (Filters(from_date=date(2021, 2, 1), to_date=date(2021, 2, 1)), [OVENS]),
        (Filters(to_date=date(2020, 12, 31)), [BAKERY]),
    ],
)
def test_values_of_one_kind_are_alternatives_and_kinds_narrow(
    kettle: Searcher, filters: Filters, episodes: list[Episode]
) -> None:
    assert found(kettle.search(Request(filters=filters))) == ids(*episodes)


# --- understanding, shown


def test_a_misspelt_word_is_corrected_and_it_says_so(kettle: Searcher) -> None:
    answer = kettle.search(Request("kuberntes on hetzner"))

    assert [(c.typed, c.used) for c in answer.corrections] == [("kuberntes", "kubernetes")]
    assert answer.interpreted == "kubernetes on hetzner"
    assert answer.query == "kuberntes on hetzner"
    assert found(answer)[0] == OVENS.id


def test_exact_takes_every_word_as_it_is_typed(kettle: Searcher) -> None:
    assert kettle.search(Request("kuberntes", exact=True)).found_episodes == 0
    assert kettle.search(Request("k8s", exact=True)).found_episodes == 0
    assert kettle.search(Request("optimize", exact=True)).found_episodes == 0
    assert found(kettle.search(Request("optimising", exact=True))) == ids(BOAT)
    assert found(kettle.search(Request("bronsted", exact=True)))


def test_when_no_episode_has_all_words_the_nearest_are_shown_and_it_says_so(
    kettle: Searcher,
) -> None:
    answer = kettle.search(Request("hetzner newsletter"))

    assert answer.partial
    assert set(found(answer)) == {OVENS.id, BOAT.id}
    assert not kettle.search(Request("docker newsletter")).partial


def test_of_the_other_words_for_one_that_occurs_nowhere_the_rarer_tells_more(
    make: Make, tmp_path: Path
) -> None:
    texts = ["Another crash of the baker"] * 5 + ["A traffic spike in the bakery"]
    episodes = [
        Episode(
            str(number),
            number,
            None,
            f"Evening {number}",
            "",
            f"{SITE}/{number}",
            None,
            date(2020, 1, 31 - number),
            900,
            path=f"{number}.md",
            moments=(Moment(60, 900, text),),
        )
        for number, text in enumerate(texts, 1)
    ]
    engine = make(tmp_path)
    engine.publish(Show("Bakers", SITE, episodes, {}))

    assert found(engine.open().search(Request("melt")))[0] == "6"


def test_words_that_occur_nowhere_are_named(kettle: Searcher) -> None:
    answer = kettle.search(Request('docker qwxyzzy "boat library"'))

    assert answer.missing == ("qwxyzzy", '"boat library"')
    assert answer.found_episodes == 0


def test_words_that_are_excluded_one_by_one_are_so_though_they_make_a_compound(
    make: Make, tmp_path: Path
) -> None:
    """`-front -end` is not `-front-end`."""
    says_one = replace(BAKERY, id="a", path="a.md", moments=(Moment(5, None, "The far end"),))
    engine = make(tmp_path)
    engine.publish(Show("Kettle", SITE, (says_one, OVENS, TRAILER), NAMES))
    searcher = engine.open()
    assert found(searcher.search(Request("-front-end"))) == ["a", TRAILER.id]
    for text in ("-front -end", "-end -front"):
        assert found(searcher.search(Request(text))) == ids(TRAILER)


def test_a_name_is_marked_alike_while_it_is_typed_and_once_it_is(
    make: Make, tmp_path: Path
) -> None:
    said = "Everything is inside of Docker, running in a Swarm cluster"
    episode = replace(OVENS, moments=(Moment(0, 60, said),), title=said)
    engine = make(tmp_path)
    engine.publish(Show("Hosts", SITE, [episode], NAMES))
    for typing in (True, False):
        answer = engine.open().search(Request("docker swarm", typing=typing))
        for text in (only(answer).title, only(answer).moments[0].text):
            marked = [text.text[start:end] for start, end in text.marks]
            assert [each for each in marked if each != "cluster"] == ["Docker", "Swarm"]


def test_the_last_word_may_be_unfinished_while_someone_is_typing(kettle: Searcher) -> None:
    assert found(kettle.search(Request("newsle", typing=True))) == ids(BOAT)
    finished = kettle.search(Request("newsle"))
    assert [(each.typed, each.used) for each in finished.corrections] == [("newsle", "newsletter")]


def test_a_corrected_word_is_explained_as_what_it_was_meant_to_be(kettle: Searcher) -> None:
    answer = kettle.search(Request("dockre", explain=True))
    assert [(each.typed, each.used) for each in answer.corrections] == [("dockre", "docker")]
    for reason in (answer.results[0].reason, answer.results[0].moments[0].reason):
        assert reason is not None
        assert "docker" in reason.sentence
        assert "dockre" not in str(reason)


def test_what_is_found_is_explained_when_asked(kettle: Searcher) -> None:
    plain = kettle.search(Request("docker boat")).results[0]
    explained = kettle.search(Request("docker boat", explain=True)).results[0]

    assert (plain.reason, plain.moments[0].reason) == (None, None)
    assert explained.reason is not None
    assert "docker" in explained.reason.sentence
    assert explained.reason.numbers["score"] == pytest.approx(explained.score, abs=0.01)
    assert explained.moments[0].reason is not None


@pytest.mark.parametrize(
    "text",
    ["docker", "docker boat", "docker docker", "search a library", "newsletter boat", "tag:rails",
     '"text search" loaf', "how do people search", "a month", "caching redis deploys", ""],
)  # fmt: skip
def test_the_numbers_of_a_reason_add_up_to_the_score(kettle: Searcher, text: str) -> None:
    results = kettle.search(Request(text, explain=True, per_page=50, moments=20)).results
    assert results
    for result in results:
        shown: list[EpisodeAnswer | MomentAnswer] = [result, *result.moments]
        for told in shown:
            assert told.reason is not None
            assert told.reason.sentence
            numbers = dict(told.reason.numbers)
            assert numbers.pop("score") == pytest.approx(told.score, abs=1e-4)
            assert sum(numbers.values()) == pytest.approx(told.score, abs=1e-3)


def test_a_reason_says_how_a_moment_says_each_word(kettle: Searcher) -> None:
    moment = kettle.search(Request("docker boat", explain=True)).results[0].moments[0]

    assert moment.reason is not None
    assert "says docker" in moment.reason.sentence or "says boat" in moment.reason.sentence
    assert moment.reason.sum.startswith(f"{moment.score:.3g} = ")


def test_an_episode_that_no_moment_matches_shows_what_its_text_says(kettle: Searcher) -> None:
    sauna = kettle.search(Request("frontend plain")).results[0]
    by_text = kettle.search(Request("horn")).results[0]
    by_moment = kettle.search(Request("galley")).results[0]

    assert sauna.excerpt is not None
    assert sauna.excerpt.text == "The frontend is plain HTML."
    marked = [sauna.excerpt.text[start:end] for start, end in sauna.excerpt.marks]
    assert marked[:2] == ["frontend", "plain"]
    assert (by_text.id, by_text.excerpt and by_text.excerpt.text) == (
        BOAT.id, "A horn sounds twice.",
    )  # fmt: skip
    assert by_moment.excerpt is None


@pytest.mark.parametrize(
    ("text", "queries"),
    [
        ("Die Straßenbahn am Grünen Weg", ("strassenbahn", "STRASSENBAHN", "grunen", "grünen weg")),
        ("Los niños cantan en la canción", ("niños", "ninos", '"ninos cantan"', "cancion")),
        ("今日は寿司屋で魚を選ぶ", ("寿司", "寿司屋", "魚を選ぶ", '"寿司屋で"')),
        ("История русского чая", ("чая", "ИСТОРИЯ", "русского чая")),
    ],
)
def test_words_of_other_languages_are_found_as_typed(
    text: str, queries: tuple[str, ...], make: Make, tmp_path: Path
) -> None:
    engine = make(tmp_path)
    engine.publish(Show("World", SITE, (replace(TRAILER, moments=(Moment(5, None, text),)),), {}))
    for query in queries:
        answer = engine.open().search(Request(query))
        assert ([m.start for m in only(answer).moments], answer.corrections) == ([5], ()), query


def test_a_moment_that_says_only_a_word_that_asks_for_nothing_is_not_shown(
    make: Make, tmp_path: Path
) -> None:
    moments = (Moment(5, None, "The heir and the crown"), Moment(9, None, "Henry at sea"))
    show = (replace(TRAILER, title="Henry VIII", moments=moments),)
    engine = make(tmp_path)
    engine.publish(Show("Kings", SITE, show, {}))
    assert only(engine.open().search(Request("viii the king"))).moments == ()
    assert [m.start for m in only(engine.open().search(Request("the henry"))).moments] == [9]


def test_a_correction_is_told_as_the_show_writes_it(kettle: Searcher) -> None:
    answer = kettle.search(Request("odegrd steam"))
    assert [(each.typed, each.used) for each in answer.corrections] == [("odegrd", "ødegård")]
    assert (answer.interpreted, found(answer)[0]) == ("ødegård steam", SAUNA.id)


def test_of_a_long_moment_the_part_is_shown_that_says_it(make: Make, tmp_path: Path) -> None:
    speech = Moment(0, None, f"{'Hello. ' * 200}The otter sleeps. {'Goodbye. ' * 200}")
    engine = make(tmp_path)
    engine.publish(Show("Otters", SITE, (replace(TRAILER, moments=(speech,)),), {}))
    (moment,) = only(engine.open().search(Request("otter"))).moments

    assert len(moment.text.text) < 500
    assert "The otter sleeps." in moment.text.text
    assert [moment.text.text[start:end] for start, end in moment.text.marks] == ["otter"]


# --- totals, moments, order, pages


@pytest.mark.parametrize("text", ["", "the", "docker", "search", "a month", "tag:rails", "-docker"])
def test_totals_count_all_matches_and_not_a_page(kettle: Searcher, text: str) -> None:
    answer = kettle.search(Request(text, per_page=1, moments=0))
    results = every(kettle, text, per_page=2)

    assert answer.found_episodes == len(results)
    assert answer.found_moments == sum(result.found_moments for result in results)


def test_the_timeline_holds_all_matching_moments_in_the_order_of_time(kettle: Searcher) -> None:
    (result,) = every(kettle, "search", moments=1)

    assert result.timeline == (310, 750, 1500)
    assert result.found_moments == 3
    assert len(result.moments) == 1
    assert result.moments[0].start in result.timeline


def test_two_moments_of_one_time_are_both_there(kettle: Searcher) -> None:
    oven = next(r for r in every(kettle, "docker kubernetes oven") if r.id == OVENS.id)

    assert oven.timeline.count(180) == 2


def test_moments_are_shown_best_first_and_as_many_as_asked_for(kettle: Searcher) -> None:
    for count in (0, 1, 2, 20):
        (result,) = every(kettle, "search", moments=count)
        scores = [moment.score for moment in result.moments]

        assert len(result.moments) == min(count, 3)
        assert scores == sorted(scores, reverse=True)


def test_all_ticks_of_a_timeline_come_only_when_asked_for(kettle: Searcher) -> None:
    plain = kettle.search(Request("search", moments=1)).results[0]
    ticked = kettle.search(Request("search", moments=1, ticks=True)).results[0]

    assert plain.ticks == ()
    assert tuple(tick.start for tick in ticked.ticks) == ticked.timeline
    assert all(tick.url.endswith(f"#{tick.time}") for tick in ticked.ticks)


def test_an_episode_without_a_date_is_older_than_one_of_the_first_day_there_is(
    make: Make, tmp_path: Path
) -> None:
    first = replace(BAKERY, id="a", path="a.md", date=date.min)
    undated = replace(BAKERY, id="b", path="b.md", date=None)
    engine = make(tmp_path)
    engine.publish(Show("Kettle", SITE, (first, undated), NAMES))
    assert found(engine.open().search(Request(sort=Sort.OLDEST))) == ["b", "a"]


def test_newest_and_oldest_go_by_date_whatever_the_relevance(kettle: Searcher) -> None:
    newest = [BOAT, SAUNA, OVENS, BAKERY, TRAILER]

    assert found(kettle.search(Request(sort=Sort.NEWEST))) == ids(*newest)
    assert found(kettle.search(Request(sort=Sort.OLDEST))) == ids(*newest[::-1])
    assert found(kettle.search(Request("zoë", sort=Sort.OLDEST))) == ids(BAKERY, OVENS)


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("text", ["", "the", "docker"])
def test_pages_part_the_whole_without_gap_or_overlap(
    kettle: Searcher, text: str, sort: Sort
) -> None:
    whole = found(kettle.search(Request(text, sort=sort, per_page=50)))

    for per_page in (1, 2, 3):
        assert [r.id for r in every(kettle, text, sort=sort, per_page=per_page)] == whole
    assert kettle.search(Request(text, sort=sort, page=99)).results == ()


# --- facets, suggestions


def test_facets_count_the_whole_show_by_number_then_name(kettle: Searcher) -> None:
    facets = kettle.search(Request()).facets

    tags = [(value.value, value.label, value.count) for value in facets["tag"]]
    assert tags[:2] == [("rails", "Ruby on Rails", 2), ("redis", "Redis", 2)]
    assert [value for value, _, _ in tags[2:]] == [
        "docker",
        "dotnet",
        "flask",
        "kubernetes",
        "postgres",
    ]
    assert [(v.value, v.count) for v in facets["year"]] == [("2021", 3), ("2020", 1)]
    assert [(v.value, v.count) for v in facets["category"]] == [("podcast", 4), ("interviews", 1)]
    assert {v.value for v in facets["guest"]} == {"Zoë Brønsted", "Piet de Vries", "Ørjan Ødegård"}


def test_facets_are_left_out_for_whoever_wants_none(kettle: Searcher) -> None:
    asked = Request("kubernetes", Filters(tags=("kubernetes",)))
    without, counted = kettle.search(replace(asked, facets=False)), kettle.search(asked)

    assert counted.facets["tag"]
    assert without.facets == dict.fromkeys(counted.facets, ())
    assert replace(without, facets=counted.facets, took_ms=counted.took_ms) == counted


@pytest.mark.parametrize("text", ["", "docker", "tag:rails", "-hetzner", "year:2021", "search"])
@pytest.mark.parametrize("chosen", [Filters(), Filters(tags=("rails",)), Filters(years=(2021,))])
def test_each_facet_counts_what_a_click_on_it_finds(
    kettle: Searcher, text: str, chosen: Filters
) -> None:
    facets = kettle.search(Request(text, chosen)).facets

    for kind, values in facets.items():
        for value in values:
            clicked = kettle.search(Request(text, click(chosen, kind, value.value)))
            assert clicked.found_episodes == value.count, (kind, value)


def click(filters: Filters, kind: str, value: str) -> Filters:
    """The filters after a click on a facet's value: it replaces another of its kind."""
    return replace(filters, **{KINDS[kind]: (int(value) if kind == "year" else value,)})


def test_suggestions_offer_tags_then_guests_then_titles_then_words(kettle: Searcher) -> None:
    assert [s.text for s in kettle.suggest("re")][:1] == ["Redis"]
    assert [s.text for s in kettle.suggest("zo")] == ["Zoë Brønsted"]
    boat = kettle.suggest("a libr")[0]
    assert (boat.text, boat.url) == (BOAT.title, BOAT.url)
    assert "newsletter" in [s.text for s in kettle.suggest("newsl")]
    # With the accents that the show writes, however it is typed.
    assert "brønsted" in [s.text for s in kettle.suggest("brønst")]
    assert "ødegård" in [s.text for s in kettle.suggest("odeg")]
    assert "docker newsletter" in [s.text for s in kettle.suggest("docker newsl")]


def test_a_slip_in_the_last_word_is_put_right_where_nothing_else_can_be_suggested(
    kettle: Searcher,
) -> None:
    assert [s.text for s in kettle.suggest("kuebrn")] == ["Kubernetes"]
    assert [s.text for s in kettle.suggest("bronstde")][0] == "Zoë Brønsted"
    assert [s.text for s in kettle.suggest("docker newslettre")] == ["docker newsletter"]


def test_no_word_is_suggested_that_cannot_follow_an_open_quote(kettle: Searcher) -> None:
    assert "docker newsletter" in [s.text for s in kettle.suggest("docker newsl")]
    assert kettle.suggest('"docker newsl') == ()
    assert '"docker" newsletter' in [s.text for s in kettle.suggest('"docker" newsl')]


@pytest.mark.parametrize("typed", ["🚀", "-an", "lee", "year: 2"])
def test_what_is_suggested_is_found_also_where_a_name_reads_as_no_words(
    make: Make, tmp_path: Path, typed: str
) -> None:
    engine = make(tmp_path)
    odd = replace(BOAT, tags=(Tag("🚀", "🚀"), Tag("y", "Year: 2099")), guests=('-Ann "Bo" Lee',))
    engine.publish(Show("Odd", SITE, (odd, OVENS), {"y": ("Year: 2099",)}))
    searcher = engine.open()

    (suggestion,) = [each for each in searcher.suggest(typed) if each.description]
    assert found(searcher.search(Request(suggestion.text))) == ids(odd), suggestion


def test_suggestions_keep_to_their_limit_and_name_nothing_twice(kettle: Searcher) -> None:
    for text in ("a", "b", "r", "the", "o"):
        texts = [s.text.lower() for s in kettle.suggest(text, 3)]

        assert len(texts) == len(set(texts)) <= 3
    assert [s.text.lower() for s in kettle.suggest("docker")].count("docker") == 1
    assert kettle.suggest("newsletter") == ()
    assert kettle.suggest("") == ()
    assert kettle.suggest("  ") == ()
    assert kettle.suggest("qwxyzzy") == ()


def test_no_words_list_the_newest_episodes(kettle: Searcher) -> None:
    answer = kettle.search(Request(per_page=2))

    assert found(answer) == ids(BOAT, SAUNA)
    assert answer.found_episodes == 5


# --- any text, any thread

PIECES = [
    *["docker", "kuberntes", "zoë", "c#", ".net", "the", "full", "text", "$3", "40k", "front-end"],
    *['"', "-", "tag:", "guest:", "title:", "year:", "before:", "2021", "redis", " ", " ", "ﾞ", "é"],
    *["\x00", "\ud800", "\u202e", "*", "(", ")", ":", "~", "^", "\\", "NOT", "数据库", "👩‍👩‍👧"],
]


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    text=st.one_of(
        st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=24).map("".join)
    ),
    exact=st.booleans(),
    typing=st.booleans(),
    explain=st.booleans(),
    sort=st.sampled_from(Sort),
    filters=st.sampled_from(
        [Filters(), Filters(tags=("redis",)), Filters(tags=("\ud800",)), Filters(guests=("ﾞ",))]
    ),
)
def test_any_text_has_an_answer(
    kettle: Searcher,
    text: str,
    exact: bool,
    typing: bool,
    explain: bool,
    sort: Sort,
    filters: Filters,
) -> None:
    request = Request(text, filters, sort, exact=exact, typing=typing, explain=explain, ticks=True)
    answer = kettle.search(request)

    assert answer.found_episodes == len(answer.results) <= 5
    assert answer.found_moments == sum(result.found_moments for result in answer.results)
    for result in answer.results:
        assert list(result.timeline) == sorted(result.timeline)
        assert len(result.timeline) == result.found_moments == len(result.ticks)
        for marked in (result.title, result.description, *(m.text for m in result.moments)):
            edges = [edge for mark in marked.marks for edge in mark]
            assert edges == sorted(edges)
            assert all(0 <= edge <= len(marked.text) for edge in edges)
    kettle.suggest(text)


def assert_threads_agree(searcher: Searcher, times: int) -> None:
    """Sixteen threads on one searcher get what one thread got, each beginning elsewhere."""
    texts = ["docker", "search text", "kuberntes", '"text search"', "tag:redis", "-docker", "zoë b"]
    asked = [
        Request(text, page=page, per_page=2, typing=typing, ticks=typing)
        for text in texts
        for page, typing in ((1, False), (2, False), (1, True))
    ] * times
    alone = [structs.replace(searcher.search(request), took_ms=0.0) for request in asked]
    wrong: list[Request] = []

    def ask(shift: int) -> None:
        for request, answer in zip(
            asked[shift:] + asked[:shift], alone[shift:] + alone[:shift], strict=True
        ):
            if structs.replace(searcher.search(request), took_ms=0.0) != answer:
                wrong.append(request)

    threads = [threading.Thread(target=ask, args=(7 * number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_sixteen_threads_answer_as_one(kettle: Searcher) -> None:
    assert_threads_agree(kettle, 6)


@pytest.mark.faults
def test_sixteen_threads_answer_as_one_for_long(kettle: Searcher) -> None:
    assert_threads_agree(kettle, 100)


def test_every_name_of_a_tag_leads_to_it(kettle: Searcher) -> None:
    for slug, names in NAMES.items():
        tagged = set(found(kettle.search(Request(filters=Filters(tags=(slug,))))))
        for name in names:
            assert set(found(kettle.search(Request(filters=Filters(tags=(name,)))))) == tagged, name


@pytest.mark.parametrize(("guested", "moments"), [(3, [5]), (250, [])])
def test_a_guest_is_looked_for_by_the_first_name_but_no_voice_of_the_whole_show(
    make: Make, tmp_path: Path, guested: int, moments: list[int]
) -> None:
    plain = replace(
        TRAILER, guests=("Wanda Quimbleton",), moments=(Moment(5, None, "Wanda tells of kilns"),)
    )
    episodes = tuple(replace(plain, id=f"a/{n:03}", path=f"{n}.md") for n in range(guested))
    engine = make(tmp_path)
    engine.publish(Show("Kettle", SITE, episodes, NAMES))
    answer = engine.open().search(Request("quimbleton", per_page=1))
    assert answer.found_episodes == guested
    assert [moment.start for moment in only(answer).moments] == moments
